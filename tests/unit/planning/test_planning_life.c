/* SPDX-License-Identifier: EUPL-1.2 */
/* Moving to another platform, winding down, the workload notice, topics. On both engines. */
#include "channel/registry.h"
#include "core/notify.h"
#include "core/people.h"
#include "unit/planning/plantown.h"

/* The personal link of a person's newest invitation: the tail of the notice's path. */
static struct sv link_of(struct town *t, int64_t person)
{
    struct chan_send v[50];
    struct sv found = {0};
    (void)person;
    size_t n = town_outbox(t, v, 50);
    for (size_t i = 0; i < n; i++) {
        ptrdiff_t at_ = sv_find(v[i].text, SV("/move/"));
        if (at_ >= 0)
            found = sv_sub(v[i].text, (size_t)at_ + 6, 26);
    }
    return found;
}

static void on_telegram(struct town *t, int64_t channel, int64_t person, const char *user)
{
    struct identity who;
    struct person_new pn = {.display_name = SV("x"), .lang = SV("fr")};
    t->f.actor = &actor_system;
    assert_int_equal(PW_OK, CTX_ACT(&t->f, identity_ensure(c, channel, sv_of(user), &pn, &who)));
    int64_t merge;
    assert_int_equal(PW_OK, CTX_ACT(&t->f, person_merge(c, person, who.person_id, &merge)));
    assert_int_equal(PW_OK, CTX_ACT(&t->f, identity_set_private_chat(c, who.id, sv_of(user))));
    assert_int_equal(PW_OK, CTX_ACT(&t->f, membership_set_channel(c, t->com, person, channel, SV("telegram"))));
}

/* MSG-16 */
static void each_member_is_invited_moved_declined_or_lost(void **state)
{
    struct town *t = *state;
    int64_t people = 0, lost = 0, channel = town_telegram(t, "-100200");
    struct move m;
    (void)town_join(t, t->as_amal, t->amal);
    (void)town_join(t, t->as_badi, t->badi);
    (void)town_join(t, t->as_noor, t->noor);
    on_telegram(t, channel, t->amal, "501");
    on_telegram(t, channel, t->badi, "502");
    town_as(t, t->as_admin);
    struct move_new n = {.from_kind = SV("telegram")};
    assert_int_equal(PW_OK, CTX_ACT(&t->f, move_begin(c, t->com, &n, &people)));
    assert_int_equal(2, people); /* Noor is on the web already */
    assert_int_equal(PW_CONFLICT, CTX_ACT(&t->f, move_begin(c, t->com, &n, &people)));
    struct sv token = link_of(t, t->badi);
    assert_int_equal(26, token.n);
    t->f.actor = &actor_anonymous;
    assert_int_equal(PW_NOT_FOUND, CTX_ACT(&t->f, move_answer(c, SV("00000000000000000000000000"), MOVE_MOVED)));
    assert_int_equal(PW_OK, CTX_ACT(&t->f, move_answer(c, token, MOVE_MOVED)));
    town_as(t, t->as_admin);
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, move_last(c, t->com, &m)));
    assert_int_equal(1, m.counts[MOVE_MOVED]);
    assert_int_equal(1, m.counts[MOVE_INVITED]);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, move_remind(c, t->com, &people)));
    assert_int_equal(1, people);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, move_close(c, t->com, &lost)));
    assert_int_equal(1, lost);
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, move_last(c, t->com, &m)));
    assert_int_equal(1, m.counts[MOVE_LOST]);
    assert_true(m.ended_ms);
    struct membership one; /* whoever moved is reached there now */
    int64_t web = 0;
    const int64_t both[] = {t->amal, t->badi};
    for (int i = 0; i < 2; i++) {
        assert_int_equal(PW_OK, CTX_LOOK(&t->f, membership_of(c, t->com, both[i], &one)));
        web += sv_eq_z(one.channel_kind, "web");
    }
    assert_int_equal(1, web);
}

/* The token of the newest invitation that a member reads among the notices. */
static struct sv invited_by_notice(struct town *t, int64_t person)
{
    struct notice *v;
    size_t n;
    t->f.actor = &actor_system;
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, notice_list(c, person, 0, 10, &v, &n)));
    for (size_t i = 0; i < n; i++)
        if (sv_starts(v[i].path, SV("/move/")))
            return sv_sub(v[i].path, 6, 26);
    fail_msg("no invitation");
    return (struct sv){0};
}

static bool says_token(struct town *t, int64_t channel, int64_t person, struct sv token)
{
    const struct channel ch = {.id = channel, .driver = chan_driver_of(SV("telegram"))};
    char text[64];
    (void)snprintf(text, sizeof text, "/start move-%.*s", SV_ARG(token));
    const struct chan_event e = {.kind = CHAN_MESSAGE, .private_chat = true, .chat = SV("900"), .text = sv_of(text)};
    bool used = false;
    t->f.actor = &actor_system;
    assert_int_equal(PW_OK, CTX_ACT(&t->f, move_ear(NULL, c, NULL, person, &ch, &e, &used)));
    return used;
}

static int64_t stands_for(struct town *t, int64_t person)
{
    struct person p;
    t->f.actor = &actor_system;
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, person_get(c, person, &p)));
    return p.id;
}

/* A personal link that was passed on makes nobody one person with its owner: not another member, not one of the team,
 * and not a second stranger. */
static void a_link_in_other_hands_joins_nobody(void **state)
{
    struct town *t = *state;
    int64_t people = 0, merge, channel = town_telegram(t, "-100200");
    struct identity who;
    struct person_new pn = {.display_name = SV("N"), .lang = SV("fr")};
    (void)town_join(t, t->as_amal, t->amal);
    (void)town_join(t, t->as_badi, t->badi);
    town_as(t, t->as_admin);
    struct move_new n = {.from_kind = SV("web"), .to_channel = channel, .address = SV("https://t.me/ville_bot")};
    assert_int_equal(PW_OK, CTX_ACT(&t->f, move_begin(c, t->com, &n, &people)));
    struct sv link = invited_by_notice(t, t->amal);
    char kept[27];
    (void)snprintf(kept, sizeof kept, "%.*s", SV_ARG(link));
    struct sv token = sv_of(kept);
    const int64_t known[] = {t->badi, t->mod};
    for (size_t i = 0; i < 2; i++) {
        t->f.actor = &actor_system;
        assert_int_equal(PW_OK, CTX_ACT(&t->f, identity_ensure(c, channel, i ? SV("602") : SV("601"), &pn, &who)));
        assert_int_equal(PW_OK, CTX_ACT(&t->f, person_merge(c, known[i], who.person_id, &merge)));
        assert_true(says_token(t, channel, known[i], token));
        assert_true(stands_for(t, known[i]) == known[i]);
    }
    t->f.actor = &actor_system;
    assert_int_equal(PW_OK, CTX_ACT(&t->f, identity_ensure(c, channel, SV("603"), &pn, &who)));
    assert_true(says_token(t, channel, who.person_id, token));
    assert_true(stands_for(t, who.person_id) == t->amal);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, identity_ensure(c, channel, SV("604"), &pn, &who)));
    assert_true(says_token(t, channel, who.person_id, token));
    assert_true(stands_for(t, who.person_id) == who.person_id);
}

static void a_wrong_move_says_why(void **state)
{
    struct town *t = *state;
    int64_t people;
    struct move_new n = {.from_kind = SV("web"), .address = SV("ftp://x")};
    town_as(t, t->as_admin);
    assert_int_equal(PW_INVALID, CTX_ACT(&t->f, move_begin(c, t->com, &n, &people)));
    assert_true(said(t, "to") && said(t, "address"));
    n.from_kind = SV("smoke");
    assert_int_equal(PW_INVALID, CTX_ACT(&t->f, move_begin(c, t->com, &n, &people)));
    assert_true(said(t, "from"));
    town_as(t, t->as_amal);
    assert_int_equal(PW_DENIED, CTX_ACT(&t->f, move_begin(c, t->com, &n, &people)));
}

static struct community now_(struct town *t)
{
    struct community com = {0};
    t->f.actor = &actor_system;
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, community_get(c, t->com, &com)));
    return com;
}

/* MSG-18 */
static void ended_in_steps_and_searchable(void **state)
{
    struct town *t = *state;
    struct kb_edit k = {.lang = SV("fr"),
                        .question = SV("Où est la bibliothèque ?"),
                        .answer = SV("Au centre."),
                        .source = SV("ville.ca"),
                        .checked_on = SV("2026-02-02"),
                        .publish = true};
    struct kb_entry *found;
    int64_t id;
    size_t n = 0;
    (void)town_join(t, t->as_amal, t->amal);
    town_as(t, t->as_mod);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, kb_create(c, t->com, &k, &id)));
    town_as(t, t->as_admin);
    struct ending e = {.reason = SV("purpose-reached"),
                       .words = SV("Le but est atteint."),
                       .read_only_on = SV("2026-02-01"),
                       .archive_on = SV("2026-02-01")};
    assert_int_equal(PW_INVALID, CTX_ACT(&t->f, ending_begin(c, t->com, &e)));
    assert_true(said(t, "read_only_on") && said(t, "archive_on"));
    e.read_only_on = SV("2026-02-20");
    e.archive_on = SV("2026-03-20");
    assert_int_equal(PW_OK, CTX_ACT(&t->f, ending_begin(c, t->com, &e)));
    assert_int_equal(COM_WINDING_DOWN, now_(t).status);
    assert_int_equal(
        1, town_notices(t, t->amal,
                        "{0} comes to an end. Questions can be asked until {1}; the answers stay to be read."));
    town_time(t, "2026-02-19T12:00-07:00");
    assert_int_equal(COM_WINDING_DOWN, now_(t).status);
    town_time(t, "2026-02-20T00:01-07:00"); /* the day came */
    assert_int_equal(COM_READ_ONLY, now_(t).status);
    struct message_new m = {.community_id = t->com, .text = SV("Encore une question ?"), .ask = true};
    struct message_made made;
    town_as(t, t->as_amal);
    assert_int_equal(PW_CONFLICT, CTX_ACT(&t->f, message_post(c, &m, &made)));
    town_as(t, t->as_admin); /* undone until archived */
    assert_int_equal(PW_OK, CTX_ACT(&t->f, ending_undo(c, t->com)));
    assert_int_equal(COM_LIVE, now_(t).status);
    town_as(t, t->as_admin);
    e.read_only_on = SV("2026-02-25");
    assert_int_equal(PW_OK, CTX_ACT(&t->f, ending_begin(c, t->com, &e)));
    assert_int_equal(PW_OK, CTX_ACT(&t->f, ending_step(c, t->com)));
    town_time(t, "2026-03-20T00:01-06:00");
    assert_int_equal(COM_ARCHIVED, now_(t).status);
    town_as(t, t->as_admin);
    assert_int_equal(PW_CONFLICT, CTX_ACT(&t->f, ending_undo(c, t->com)));
    struct community com;
    town_as(t, t->as_amal); /* who was a member still finds it */
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, community_by_slug(c, SV("bienvenue"), &com)));
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, kb_search(c, t->com, SV("bibliotheque"), 5, &found, &n)));
    assert_int_equal(1, n);
    t->f.actor = &actor_anonymous; /* a stranger does not */
    assert_int_equal(PW_NOT_FOUND, CTX_LOOK(&t->f, community_by_slug(c, SV("bienvenue"), &com)));
    town_as(t, t->as_badi);
    assert_int_equal(PW_NOT_FOUND, CTX_LOOK(&t->f, community_by_slug(c, SV("bienvenue"), &com)));
}

/* told once when it turns on, again after it was off. */
static void the_workload_alert_is_told_once(void **state)
{
    struct town *t = *state;
    static const char msgid[] =
        "{0} has {1} members, more than its active moderators can look after. Find more moderators.";
    struct plan_settings s = {.per_moderator = 1};
    town_as(t, t->as_admin);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, plan_set(c, t->com, &s)));
    (void)town_join(t, t->as_amal, t->amal);
    (void)town_join(t, t->as_badi, t->badi);
    town_time(t, "2026-02-10T11:00-07:00");
    assert_int_equal(0, town_notices(t, t->mod, msgid)); /* two members, two moderators */
    (void)town_join(t, t->as_noor, t->noor);
    town_time(t, "2026-02-10T12:00-07:00");
    assert_int_equal(1, town_notices(t, t->mod, msgid));
    assert_int_equal(1, town_notices(t, t->admin, msgid));
    town_time(t, "2026-02-10T13:00-07:00");
    assert_int_equal(1, town_notices(t, t->mod, msgid));
    struct community com = now_(t);
    struct community_signs *signs = malloc(sizeof *signs);
    bool warned = false;
    town_as(t, t->as_admin);
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, community_signs(c, &com, signs)));
    for (size_t i = 0; i < signs->n; i++)
        warned |= signs->v[i].warning;
    assert_true(warned);
    free(signs);
}

/* channels by topic */
static void topics_part_the_conversation(void **state)
{
    struct town *t = *state;
    struct message *v;
    struct message_made made;
    size_t n = 0;
    (void)town_join(t, t->as_amal, t->amal);
    town_as(t, t->as_admin);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, topic_write(c, t->com, 1, SV("housing"), SV("fr"), SV("Logement"))));
    assert_int_equal(PW_INVALID, CTX_ACT(&t->f, topic_write(c, t->com, 1, SV("Bad Code"), SV("fr"), SV("x"))));
    town_as(t, t->as_amal);
    struct message_new m = {
        .community_id = t->com, .text = SV("Où chercher un appartement ?"), .ask = true, .topic = SV("housing")};
    assert_int_equal(PW_OK, CTX_ACT(&t->f, message_post(c, &m, &made)));
    assert_true(sv_eq_z(town_question(t, made.question_id).topic, "housing"));
    town_as(t, t->as_amal);
    m.topic = SV("nothing");
    assert_int_equal(PW_INVALID, CTX_ACT(&t->f, message_post(c, &m, &made)));
    assert_true(said(t, "topic"));
    m.topic = (struct sv){0};
    assert_int_equal(PW_OK, CTX_ACT(&t->f, message_post(c, &m, &made)));
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, message_stream_topic(c, t->com, SV("housing"), 0, 0, 50, &v, &n)));
    assert_int_equal(1, n);
    town_as(t, t->as_admin);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, topic_retire(c, t->com, SV("housing"))));
    assert_int_equal(PW_NOT_FOUND, CTX_ACT(&t->f, topic_retire(c, t->com, SV("housing"))));
    town_as(t, t->as_amal);
    m.topic = SV("housing");
    assert_int_equal(PW_INVALID, CTX_ACT(&t->f, message_post(c, &m, &made)));
}

int main(void)
{
    (void)dbfix_engine();
#define T(f) cmocka_unit_test_setup_teardown(f, plan_set_up, town_tear_down)
    const struct CMUnitTest tests[] = {T(each_member_is_invited_moved_declined_or_lost),
                                       T(a_link_in_other_hands_joins_nobody),
                                       T(a_wrong_move_says_why),
                                       T(ended_in_steps_and_searchable),
                                       T(the_workload_alert_is_told_once),
                                       T(topics_part_the_conversation)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: EUPL-1.2 */
#include "unit/community/town.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/civil.h"
#include "channel/channel_schema.h"
#include "channel/registry.h"
#include "core/notify.h"
#include "core/org.h"

int64_t at(const char *text)
{
    struct sv s = sv_of(text);
    char full[48];
    int64_t ms = 0;
    if (s.n == 22) { /* no seconds written */
        (void)snprintf(full, sizeof full, "%.16s:00%s", text, text + 16);
        s = sv_of(full);
    }
    assert_true(civil_parse_rfc3339(s, &ms));
    return ms;
}

static struct sv or_else(struct sv a, struct sv b)
{
    return a.n ? a : b;
}

static const struct actor *staff(struct town *t, int64_t person, enum role role)
{
    struct grant g = {.person_id = person, .role = role, .scope = SCOPE_COMMUNITY, .scope_id = t->com};
    int64_t id = 0;
    t->f.actor = &actor_system;
    assert_int_equal(PW_OK, CTX_ACT(&t->f, grant_give(c, &g, &id)));
    return ctxfix_staff(&t->f, person, &g, 1);
}

static void make_community(struct town *t, const struct town_plan *p)
{
    struct community_edit e = {.slug = SV("bienvenue"),
                               .territory = SV("Calgary"),
                               .languages = or_else(p->languages, SV("fr ar en")),
                               .zone = or_else(p->zone, SV("America/Edmonton")),
                               .hours = or_else(p->hours, SV("mon-fri 09:00-17:00")),
                               .calendar = or_else(p->calendar, SV("CA-AB")),
                               .media = SV("voice image"),
                               .mode = or_else(p->mode, SV("interactive")),
                               .visibility = or_else(p->visibility, SV("listed")),
                               .moderation = or_else(p->moderation, SV("full")),
                               .clock_mode = or_else(p->clock_mode, SV("deferred")),
                               .owner_org = t->org,
                               .standard_hours = p->no_promise ? 0
                                                 : p->standard ? p->standard
                                                               : 24,
                               .member_limit = p->limit};
    struct community_words w = {.lang = lang_main(e.languages), .name = SV("Bienvenue"), .purpose = SV("Aider")};
    int64_t version = 0;
    assert_int_equal(PW_OK, CTX_ACT(&t->f, community_create(c, &e, &w, &t->com)));
    assert_int_equal(PW_OK, CTX_ACT(&t->f, community_write_document(c, t->com, DOC_GUIDELINES, w.lang, SV("Règles"),
                                                                    SV("Soyons polis."), true, &t->guidelines)));
    assert_int_equal(PW_OK, CTX_ACT(&t->f, community_write_document(c, t->com, DOC_WELCOME, w.lang, SV("Bienvenue"),
                                                                    SV("Posez vos questions ici."), true, &version)));
    assert_int_equal(PW_OK, CTX_ACT(&t->f, community_set_status(c, t->com, SV("live"), (struct sv){0})));
}

void town_open(struct town *t, const struct town_plan *plan)
{
    memset(t, 0, sizeof *t);
    ctxfix_open(&t->f);
    ctxfix_migrate(&t->f, channel_migrations, channel_migrations_n);
    ctxfix_migrate(&t->f, community_migrations, community_migrations_n);
    if (plan->tables)
        plan->tables(&t->f);
    t->f.now_ms = at("2026-02-10T10:00-07:00");
    t->host = (struct community_host){.vault = t->f.vault, .public_url = SV("https://example.org")};
    community_start(&t->host);
    struct work_config wc = {.store = t->f.db.s};
    assert_int_equal(PW_OK, work_open(&wc, &t->work));
    community_register(t->work);
    struct org o = {.kind = ORG_AGENCY, .name = SV("Centre"), .lang = SV("fr")};
    assert_int_equal(PW_OK, CTX_ACT(&t->f, org_create(c, &o, &t->org)));
    make_community(t, plan);
    t->admin = ctxfix_person(&t->f, "Ada");
    t->mod = ctxfix_person(&t->f, "Mona");
    t->mod2 = ctxfix_person(&t->f, "Marc");
    t->amal = ctxfix_person(&t->f, "Amal");
    t->badi = ctxfix_person(&t->f, "Badi");
    t->noor = ctxfix_person(&t->f, "Noor");
    t->as_admin = staff(t, t->admin, ROLE_TECH_ADMIN);
    t->as_mod = staff(t, t->mod, ROLE_MODERATOR);
    t->as_mod2 = staff(t, t->mod2, ROLE_MODERATOR);
    t->as_amal = ctxfix_member(&t->f, t->amal);
    t->as_badi = ctxfix_member(&t->f, t->badi);
    t->as_noor = ctxfix_member(&t->f, t->noor);
}

void town_close(struct town *t)
{
    work_stop(t->work);
    work_close(t->work);
    community_start(NULL);
    ctxfix_close(&t->f);
}

int town_set_up(void **state)
{
    struct town *t = calloc(1, sizeof *t);
    struct town_plan usual = {0};
    town_open(t, &usual);
    *state = t;
    return 0;
}

int town_tear_down(void **state)
{
    town_close(*state);
    free(*state);
    return 0;
}

void town_time(struct town *t, const char *when)
{
    size_t done = 0;
    t->f.now_ms = at(when);
    for (int i = 0; i < 5; i++)
        assert_int_equal(PW_OK, work_run_once(t->work, t->f.now_ms, &done));
}

void town_as(struct town *t, const struct actor *a)
{
    t->f.actor = a;
}

struct message_made town_say(struct town *t, const struct actor *who, const char *words, int64_t reply_to)
{
    struct message_new n = {.community_id = t->com, .text = sv_of(words), .reply_to = reply_to};
    struct message_made made = {0};
    t->f.actor = who;
    assert_int_equal(PW_OK, CTX_ACT(&t->f, message_post(c, &n, &made)));
    return made;
}

int64_t town_ask(struct town *t, const struct actor *who, const char *words)
{
    struct message_new n = {.community_id = t->com, .text = sv_of(words), .ask = true};
    struct message_made made = {0};
    t->f.actor = who;
    assert_int_equal(PW_OK, CTX_ACT(&t->f, message_post(c, &n, &made)));
    assert_int_equal(MEANS_QUESTION, made.meaning);
    assert_true(made.question_id > 0);
    return made.question_id;
}

struct question town_question(struct town *t, int64_t id)
{
    struct question q = {0};
    t->f.actor = &actor_system;
    assert_int_equal(PW_OK, CTX_ACT(&t->f, question_get(c, id, &q)));
    return q;
}

int64_t town_answers(struct town *t, int64_t question, struct answer **ret)
{
    struct question_view v = {0};
    t->f.actor = t->as_mod;
    assert_int_equal(PW_OK, CTX_ACT(&t->f, question_view(c, question, &v)));
    *ret = v.answers;
    return (int64_t)v.n_answers;
}

int64_t town_notices(struct town *t, int64_t person, const char *msgid)
{
    struct notice *v;
    size_t n;
    int64_t k = 0;
    t->f.actor = &actor_system;
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, notice_list(c, person, 0, 100, &v, &n)));
    for (size_t i = 0; i < n; i++)
        k += sv_eq_z(v[i].msgid, msgid);
    return k;
}

bool town_notice(struct town *t, int64_t person, const char *msgid)
{
    return town_notices(t, person, msgid) > 0;
}

enum membership_state town_join(struct town *t, const struct actor *who, int64_t person)
{
    struct join_new n = {.community_id = t->com, .guidelines_version = t->guidelines, .lang = SV("ar")};
    enum membership_state s = MEMBER_NONE;
    int64_t id = 0;
    (void)person;
    t->f.actor = who;
    assert_int_equal(PW_OK, CTX_ACT(&t->f, join_request_send(c, &n, &id)));
    t->f.actor = t->as_admin;
    assert_int_equal(PW_OK, CTX_ACT(&t->f, join_accept(c, id, &s)));
    return s;
}

int64_t town_telegram(struct town *t, const char *chat)
{
    int64_t place = 0, channel = 4711;
    t->f.actor = t->as_admin;
    assert_int_equal(PW_OK, CTX_ACT(&t->f, community_add_channel(c, t->com, channel, SV("telegram"), sv_of(chat), 0,
                                                                 (struct sv){0}, &place)));
    return channel;
}

static enum pw_err open_sends(struct ctx *c, struct chan_send *v, size_t max, size_t *ret_n)
{
    struct out_row *rows;
    size_t n, k = 0;
    PW_TRY(outbox_list(c->db, c->arena, 4711, OUT_QUEUED, 200, &rows, &n));
    for (size_t i = n; i-- > 0 && k < max; k++)
        PW_TRY(channel_unqueue(c, 4711, rows[i].payload, &v[k]));
    *ret_n = k;
    return PW_OK;
}

size_t town_outbox(struct town *t, struct chan_send *v, size_t max)
{
    size_t n = 0;
    t->f.actor = &actor_system;
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, open_sends(c, v, max, &n)));
    return n;
}

bool sv_has(struct sv s, const char *part)
{
    return sv_find(s, sv_of(part)) >= 0;
}

int town_set_up_members(void **state)
{
    (void)town_set_up(state);
    struct town *t = *state;
    (void)town_join(t, t->as_amal, t->amal);
    (void)town_join(t, t->as_badi, t->badi);
    return 0;
}

const struct answer_new town_plain = {.text = {"Au centre.", 10}};
const struct answer_new town_sourced = {
    .text = {"Au centre.", 10}, .source = {"calgary.ca", 10}, .checked_on = {"2026-02-02", 10}};

struct answer_made town_answer(struct town *t, const struct actor *who, int64_t question, struct answer_new n)
{
    struct answer_made made = {0};
    town_as(t, who);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, question_answer(c, question, &n, &made)));
    return made;
}

int64_t town_shown(struct town *t, const struct actor *who, const char *part)
{
    struct message *v;
    size_t n;
    int64_t k = 0;
    town_as(t, who);
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, message_stream(c, t->com, 0, 0, 100, &v, &n)));
    for (size_t i = 0; i < n; i++)
        k += v[i].state == SHOWN && sv_has(v[i].body, part);
    return k;
}

/* SPDX-License-Identifier: EUPL-1.2 */
#include "demo.h"

#include <string.h>

#include "base/civil.h"
#include "core/account.h"
#include "core/org.h"
#include "core/people.h"
#include "feature/community/community.h"
#include "main/words.h"

#define HOUR_MS INT64_C(3600000)
enum { YEAR_BEFORE = 400, DAYS_BEFORE = 45, ORGS_MAX = 16, COMMUNITIES_MAX = 8, MEMBERS_MAX = 64 };
#define DEMO_PASSWORD "demonstration"

static const struct {
    const char *login, *name, *lang;
    enum role role;
    int community; /* -1 = the whole network */
} staff[] = {
    {"nadia", "Nadia Benali", "fr", ROLE_NETWORK_ADMIN, -1}, {"amira", "Amira Haddad", "ar", ROLE_MODERATOR, 0},
    {"luc", "Luc Tremblay", "fr", ROLE_MODERATOR, 1},        {"joan", "Joan Miller", "en", ROLE_MODERATOR, 2},
    {"sofia", "Sofia Marchand", "fr", ROLE_SPECIALIST, 0},
};
enum { STAFF = sizeof staff / sizeof *staff };

struct making {
    struct app *app;
    int64_t now;
    int64_t orgs[ORGS_MAX], coms[COMMUNITIES_MAX], members[MEMBERS_MAX], staff_person[STAFF];
    struct actor admin;
    struct ctx *c;
};

/* The same context with another actor, at another time. */
static struct ctx as(const struct making *m, const struct actor *who, int64_t at_ms)
{
    struct ctx c = *m->c;
    c.actor = who;
    c.now_ms = at_ms;
    return c;
}

static enum pw_err actor_of(struct making *m, int64_t person, struct actor *ret)
{
    struct grant *g;
    size_t n;
    PW_TRY(grant_of_person(m->c, person, &g, &n));
    *ret = (struct actor){.kind = ACTOR_STAFF, .person_id = person, .write = true, .grants = g, .n_grants = n};
    return PW_OK;
}

static enum pw_err make_staff(struct making *m)
{
    for (size_t i = 0; i < STAFF; i++) {
        struct person_new pn = {sv_of(staff[i].name), sv_of(staff[i].lang), SV("America/Toronto")};
        int64_t account, grant;
        PW_TRY(person_create(m->c, &pn, &m->staff_person[i]));
        PW_TRY(account_create(m->c, sv_of(staff[i].login), m->staff_person[i], SV(DEMO_PASSWORD), &account));
        if (staff[i].community >= 0)
            continue;
        static const enum role roles[] = {ROLE_NETWORK_ADMIN, ROLE_PRIVACY_OFFICER};
        for (size_t k = 0; k < 2; k++) {
            struct grant g = {.person_id = m->staff_person[i], .role = roles[k], .scope = SCOPE_NETWORK};
            PW_TRY(grant_give(m->c, &g, &grant));
        }
    }
    return actor_of(m, m->staff_person[0], &m->admin);
}

static enum pw_err make_texts(struct ctx *c, int64_t id, const struct demo_community *d, int main_lang)
{
    int64_t version;
    for (int pass = 0; pass < 2; pass++) /* the source first */
        for (int i = 0; i < DEMO_LANGS; i++) {
            bool source = i == main_lang;
            if (source != (pass == 0))
                continue;
            struct sv lang = sv_of(demo_langs[i]);
            PW_TRY(community_write_document(c, id, DOC_GUIDELINES, lang, sv_of(d->guidelines_title[i]),
                                            sv_of(d->guidelines[i]), source, &version));
            PW_TRY(community_write_document(c, id, DOC_WELCOME, lang, sv_of(d->words[i].name), sv_of(d->welcome[i]),
                                            source, &version));
        }
    return PW_OK;
}

static enum pw_err make_screening(struct ctx *c, int64_t id, const struct demo_community *d, int main_lang)
{
    for (int q = 0; q < 2; q++) {
        int64_t screening = 0;
        PW_TRY(screening_write(c, id, 0, q + 1, q == 0, sv_of(demo_langs[main_lang]), sv_of(d->screening[q][main_lang]),
                               &screening));
        for (int i = 0; i < DEMO_LANGS; i++)
            if (i != main_lang)
                PW_TRY(screening_write(c, id, screening, q + 1, q == 0, sv_of(demo_langs[i]), sv_of(d->screening[q][i]),
                                       &screening));
    }
    return PW_OK;
}

static struct community_words words_of(const struct demo_community *d, int lang)
{
    const struct demo_words *w = &d->words[lang];
    return (struct community_words){sv_of(demo_langs[lang]), sv_of(w->name),      sv_of(w->purpose),
                                    sv_of(w->audience),      sv_of(w->topics_in), sv_of(w->topics_out)};
}

static enum pw_err make_community(struct making *m, size_t at)
{
    const struct demo_community *d = &demo_communities[at];
    struct ctx c = as(m, &m->admin, m->now - (at == 0 ? YEAR_BEFORE : DAYS_BEFORE) * 24 * HOUR_MS);
    int main_lang = 0;
    for (int i = 0; i < DEMO_LANGS; i++)
        if (sv_starts(sv_of(d->languages), sv_of(demo_langs[i])))
            main_lang = i;
    struct community_edit e = {.slug = sv_of(d->slug),
                               .territory = sv_of(d->territory),
                               .languages = sv_of(d->languages),
                               .zone = SV("America/Toronto"),
                               .hours = sv_of(d->hours),
                               .calendar = sv_of(d->calendar),
                               .mode = SV("interactive"),
                               .visibility = SV("listed"),
                               .media = SV("image voice file video"),
                               .moderation = sv_of(d->moderation),
                               .clock_mode = SV("deferred"),
                               .owner_org = m->orgs[d->owner],
                               .standard_hours = d->standard_hours};
    struct community_words w = words_of(d, main_lang);
    int64_t id;
    PW_TRY(community_create(&c, &e, &w, &id));
    m->coms[at] = id;
    for (int i = 0; i < DEMO_LANGS; i++) {
        struct community_words other = words_of(d, i);
        if (i != main_lang)
            PW_TRY(community_write_words(&c, id, &other));
    }
    PW_TRY(make_texts(&c, id, d, main_lang));
    PW_TRY(make_screening(&c, id, d, main_lang));
    for (int i = 0; i < d->partners; i++)
        if (i != d->owner)
            PW_TRY(community_add_partner(&c, id, m->orgs[i]));
    for (size_t i = 0; i < STAFF; i++) {
        int64_t grant;
        if (staff[i].community != (int)at)
            continue;
        PW_TRY(community_grant(&c, id, m->staff_person[i], staff[i].role, 0, &grant));
        if (staff[i].role == ROLE_MODERATOR) /* a small team: who moderates also admits */
            PW_TRY(community_grant(&c, id, m->staff_person[i], ROLE_TECH_ADMIN, 0, &grant));
    }
    PW_TRY(community_set_status(&c, id, SV("ready"), (struct sv){0}));
    return community_set_status(&c, id, SV("live"), (struct sv){0});
}

static enum pw_err make_member(struct making *m, size_t at)
{
    const struct demo_member *d = &demo_members[at];
    int64_t asked = d->pending ? m->now - (int64_t)(2 + at) * HOUR_MS
                               : m->now - (DAYS_BEFORE - 1) * 24 * HOUR_MS + (int64_t)at * HOUR_MS;
    struct person_new pn = {sv_of(d->name), sv_of(d->lang), SV("America/Toronto")};
    PW_TRY(person_create(m->c, &pn, &m->members[at]));
    struct actor me = {.kind = ACTOR_MEMBER, .person_id = m->members[at], .name = pn.display_name, .write = true};
    struct ctx c = as(m, &me, asked);
    c.lang = pn.lang;
    struct screening *questions;
    struct community com;
    struct doc_text rules;
    size_t n;
    int64_t request, id = m->coms[d->community];
    PW_TRY(screening_list(&c, id, &questions, &n));
    PW_TRY(community_get(&c, id, &com));
    PW_TRY(doc_read(&c, com.guidelines_doc, pn.lang, 0, &rules));
    struct join_answer answers[2];
    for (size_t i = 0; i < n && i < 2; i++)
        answers[i] = (struct join_answer){questions[i].id, questions[i].text, sv_of(d->answers[i])};
    struct join_new jn = {.community_id = id,
                          .guidelines_version = rules.version,
                          .lang = pn.lang,
                          .source = SV("demo"),
                          .answers = answers,
                          .n_answers = n < 2 ? n : 2,
                          .channel_kind = SV("web")};
    PW_TRY(join_request_send(&c, &jn, &request));
    if (d->pending)
        return PW_OK;
    struct ctx admit = as(m, &m->admin, asked + HOUR_MS);
    enum membership_state state;
    return join_accept(&admit, request, &state);
}

static int64_t moderator_of(const struct making *m, int community)
{
    for (size_t i = 0; i < STAFF; i++)
        if (staff[i].community == community && staff[i].role == ROLE_MODERATOR)
            return m->staff_person[i];
    return m->staff_person[0];
}

static struct sv day_of(struct arena *a, int64_t at_ms)
{
    char text[CIVIL_DATE_TEXT];
    return arena_sv(a, civil_date_text(civil_day_of(at_ms), text));
}

static enum pw_err end_question(struct making *m, const struct demo_question *d, int64_t question, int64_t asked)
{
    struct actor mod;
    int64_t moderator = moderator_of(m, d->community);
    PW_TRY(actor_of(m, moderator, &mod));
    struct ctx c = as(m, &mod, asked + (d->answered_after ? d->answered_after : 1) * HOUR_MS);
    PW_TRY(question_set_topic(&c, question, sv_of(d->topic)));
    struct answer_new an = {.text = sv_of(d->answer),
                            .source = sv_of(d->source),
                            .checked_on = d->source ? day_of(c.arena, c.now_ms - 24 * HOUR_MS) : (struct sv){0},
                            .urgent = true};
    struct answer_made made;
    switch (d->end) {
    case END_NEW:
        return PW_OK;
    case END_ASSIGNED:
        return question_assign(&c, question, moderator);
    case END_INTERIM:
        PW_TRY(question_assign(&c, question, moderator));
        return question_interim(&c, question, (struct sv){0});
    case END_ANSWERED:
    case END_VERIFIED:
        return question_answer(&c, question, &an, &made);
    case END_REFERRED:
        return question_refer(&c, question, m->orgs[1], 0);
    case END_CLOSED:
        return question_close(&c, question, SV("solved-elsewhere"));
    case END_MEMBER_ANSWER:
        return PW_OK;
    }
    return PW_INTERNAL;
}

static enum pw_err make_question(struct making *m, const struct demo_question *d)
{
    int64_t asked = m->now - d->hours_ago * HOUR_MS;
    struct actor me = {.kind = ACTOR_MEMBER, .person_id = m->members[d->member], .write = true};
    struct ctx c = as(m, &me, asked);
    c.lang = sv_of(d->lang);
    struct message_new n = {.community_id = m->coms[d->community],
                            .ask = true,
                            .to_private = d->to_private,
                            .text = sv_of(d->text),
                            .lang = sv_of(d->lang),
                            .channel_kind = SV("web")};
    struct message_made made;
    PW_TRY(message_post(&c, &n, &made));
    if (!made.question_id)
        return PW_INTERNAL;
    PW_TRY(end_question(m, d, made.question_id, asked));
    if (d->end != END_MEMBER_ANSWER)
        return PW_OK;
    for (size_t i = 0; i < demo_members_n; i++) /* another member helps */
        if (demo_members[i].community == d->community && (int)i != d->member && !demo_members[i].pending) {
            struct actor other = {.kind = ACTOR_MEMBER, .person_id = m->members[i], .write = true};
            struct ctx oc = as(m, &other, asked + 2 * HOUR_MS);
            struct message_new reply = {.community_id = m->coms[d->community],
                                        .reply_to = made.message_id,
                                        .text = sv_of(d->answer),
                                        .lang = sv_of(d->lang),
                                        .channel_kind = SV("web")};
            return message_post(&oc, &reply, &made);
        }
    return PW_OK;
}

static enum pw_err make_entry(struct making *m, const struct demo_entry *d)
{
    struct actor mod;
    PW_TRY(actor_of(m, moderator_of(m, d->community), &mod));
    struct ctx c = as(m, &mod, m->now - 20 * 24 * HOUR_MS);
    int64_t id = 0;
    for (int i = 0; i < DEMO_LANGS; i++) {
        struct kb_edit e = {.topic = sv_of(d->topic),
                            .lang = sv_of(demo_langs[i]),
                            .question = sv_of(d->question[i]),
                            .answer = sv_of(d->answer[i]),
                            .source = sv_of(d->source),
                            .checked_on = day_of(c.arena, c.now_ms - 24 * HOUR_MS),
                            .is_source = i == 0,
                            .publish = true};
        PW_TRY(id ? kb_write(&c, id, &e) : kb_create(&c, m->coms[d->community], &e, &id));
    }
    return PW_OK;
}

static enum pw_err make_news(struct making *m)
{
    struct actor mods[2];
    struct ctx c[2], *both[2] = {&c[0], &c[1]};
    for (int i = 0; i < 2; i++) {
        PW_TRY(actor_of(m, moderator_of(m, i), &mods[i]));
        c[i] = as(m, &mods[i], m->now);
    }
    return demo_publish(both, m->coms);
}

static enum pw_err make_months(struct making *m)
{
    struct actor arabic;
    PW_TRY(actor_of(m, moderator_of(m, 0), &arabic));
    struct ctx moderator = as(m, &arabic, m->now);
    return demo_months(&moderator, m->coms[0], m->now);
}

static enum pw_err staff_actor(void *self, int64_t person, struct actor *ret)
{
    return actor_of(self, person, ret);
}

static enum pw_err make_moderation_and_persons(struct making *m)
{
    struct demo_cast d = {.c = m->c,
                          .now = m->now,
                          .coms = m->coms,
                          .members = m->members,
                          .admin = &m->admin,
                          .self = m,
                          .staff_actor = staff_actor};
    for (int i = 0; i < 3; i++)
        d.moderators[i] = moderator_of(m, i);
    PW_TRY(demo_moderation(&d));
    PW_TRY(demo_persons(&d));
    return demo_interpreting(&d);
}

/* What the features above communities show. */
static enum pw_err make_parts(struct making *m)
{
    struct actor forum;
    PW_TRY(actor_of(m, moderator_of(m, 2), &forum));
    struct ctx system = as(m, &actor_system, m->now), moderator = as(m, &forum, m->now),
               admin = as(m, &m->admin, m->now);
    PW_TRY(make_moderation_and_persons(m));
    PW_TRY(demo_hand(&system, &moderator, m->coms[2]));
    PW_TRY(demo_program(&admin, m->coms[0]));
    return make_news(m);
}

static enum pw_err make_all(struct ctx *c, void *arg)
{
    struct making *m = arg;
    struct account *accounts;
    size_t n;
    PW_TRY(account_list(c, &accounts, &n));
    if (n)
        return PW_CONFLICT;
    m->c = c;
    m->now = c->now_ms;
    PW_TRY(setting_set(c, "demo", SV("1")));
    PW_TRY(setting_set(c, "network.name", SV("Réseau de démonstration")));
    for (size_t i = 0; i < demo_orgs_n; i++) {
        struct org o = {.kind = i == 5 ? ORG_SOLO : ORG_AGENCY, .name = sv_of(demo_orgs[i]), .lang = SV("fr")};
        PW_TRY(org_create(c, &o, &m->orgs[i]));
    }
    PW_TRY(make_staff(m));
    for (size_t i = 0; i < demo_communities_n; i++)
        PW_TRY(make_community(m, i));
    PW_TRY(make_months(m));
    for (size_t i = 0; i < demo_members_n; i++)
        PW_TRY(make_member(m, i));
    for (size_t i = 0; i < demo_entries_n; i++)
        PW_TRY(make_entry(m, &demo_entries[i]));
    for (size_t i = 0; i < demo_questions_n; i++)
        PW_TRY(make_question(m, &demo_questions[i]));
    return make_parts(m);
}

static enum pw_err is_empty(struct ctx *c, void *arg)
{
    bool *ret = arg;
    struct account *accounts;
    size_t n;
    PW_TRY(account_list(c, &accounts, &n));
    *ret = n == 0;
    return PW_OK;
}

int demo_ensure(struct app *app, const struct cli *cli)
{
    (void)cli;
    bool empty = false;
    if (app_look(app, is_empty, &empty) != PW_OK)
        return 1;
    if (!empty && app->demo)
        return 0;
    if (!empty)
        return cli_fail("this folder holds a real installation; the demonstration is never mixed into it");
    struct community_host host = words_host(app);
    community_start(&host);
    struct making m = {.app = app};
    if (app_act(app, make_all, &m) != PW_OK)
        return 1;
    app->demo = true;
    return 0;
}

void demo_say_accounts(FILE *out)
{
    fputs("\nThis is the demonstration network: everything in it is invented.\n", out);
    fprintf(out, "  Sign in at /sign-in with the password \"%s\" as\n", DEMO_PASSWORD);
    for (size_t i = 0; i < STAFF; i++)
        fprintf(out, "    %-6s %s\n", staff[i].login,
                staff[i].role == ROLE_NETWORK_ADMIN ? "administrator of the network and privacy officer"
                : staff[i].role == ROLE_SPECIALIST  ? "specialist of a partner, Arabic community"
                : staff[i].community == 0           ? "moderator of the Arabic community, 24 h promise"
                : staff[i].community == 1           ? "moderator of the French community, 48 h promise"
                                                    : "moderator of the sponsors' forum, no promise");
    fputs("  or join a community from the first page as a newcomer.\n  Remove it with: passerelle demo remove\n\n",
          out);
}

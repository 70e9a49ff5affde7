/* SPDX-License-Identifier: EUPL-1.2 */
/* town: makes an installation to measure: a live community with a Telegram group, agents with sessions, and as many
 * messages and questions as wanted, all through the product's own actions. `fill` and `crowd` group many actions into
 * one transaction; nothing else is special about them.
 *
 * bench_town make --data DIR --agents N --api-base URL   agents' session tokens go to DIR/sessions, one a line
 * bench_town receive --data DIR --messages N --per N    the writer's part of webhooks, without threads and network
 * bench_town fill --data DIR --messages N --questions N --open N --members N
 * bench_town crowd --data DIR --members N --channels N --questions N --api-base URL   people who are reached alone over
 *     many channels, and private questions of the first of them that wait for an answer */
#include <locale.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/clock.h"
#include "base/id.h"
#include "channel/registry.h"
#include "core/account.h"
#include "core/account_parts.h"
#include "core/org.h"
#include "core/people.h"
#include "feature/community/community.h"
#include "feature/community/membership_store.h"
#include "main/app.h"
#include "main/feature_table.h"
#include "main/words.h"
#include "work/work.h"

#define CHAT "-1002000000001"
#define SECRET "bench-secret-0123456789"
#define HOUR_MS INT64_C(3600000)
#define DAY_MS_ (24 * HOUR_MS)
enum { BATCH = 2000, DAYS = 700, COMMUNITIES_MAX = 50, CROWD_BATCH = 1000, CHANNELS_MAX = 64 };

struct town {
    const struct cli *cli;
    struct app *app;
    int64_t org, channel, admin, n;
    int64_t community[COMMUNITIES_MAX];
    FILE *sessions;
    struct actor actor;
};

static struct ctx as(const struct ctx *c, const struct actor *who, int64_t at_ms)
{
    struct ctx own = *c;
    own.actor = who;
    own.now_ms = at_ms;
    return own;
}

static enum pw_err staff(struct ctx *c, int64_t person, struct actor *ret)
{
    struct grant *g;
    size_t n;
    PW_TRY(grant_of_person(c, person, &g, &n));
    *ret = (struct actor){.kind = ACTOR_STAFF, .person_id = person, .write = true, .grants = g, .n_grants = n};
    return PW_OK;
}

static enum pw_err agent(struct ctx *c, struct town *t, int64_t i)
{
    int64_t person, account, grant;
    struct sv token;
    struct person_new pn = {arena_fmt(c->arena, "Agent %lld", (long long)i), SV("fr"), SV("America/Toronto")};
    PW_TRY(person_create(c, &pn, &person));
    struct ctx by_system = as(c, &actor_system, c->now_ms); /* else the password must be changed first */
    PW_TRY(account_create(&by_system, arena_fmt(c->arena, "agent%lld", (long long)i), person,
                          SV("correct horse staple"), &account));
    PW_TRY(community_grant(c, t->community[i % t->n], person, ROLE_MODERATOR, 0, &grant));
    PW_TRY(session_make(c, person, account, &token));
    fprintf(t->sessions, "%.*s\n", SV_ARG(token));
    return PW_OK;
}

static enum pw_err add_channel(struct ctx *c, const struct cli *cli, struct sv name, int64_t bot, int64_t *ret)
{
    json_t *config =
        json_pack("{s:s, s:s, s:s, s:s}", "token",
                  arena_z(c->arena, arena_fmt(c->arena, "%lld:ABCDEFGHIJKLMNOPQRSTUVWXYZ012345", (long long)bot)),
                  "secret", SECRET, "mode", "webhook", "api_base", arena_z(c->arena, cli_value(cli, "--api-base")));
    enum pw_err err = channel_add(c, name, SV("telegram"), config, ret);
    json_decref(config);
    PW_TRY(err);
    return channel_set_enabled(c, *ret, true);
}

/* The last one has the Telegram group; `fill` leaves it alone, so that no answer of the past waits to be sent. */
static enum pw_err make_community(struct ctx *c, struct town *t, int64_t i)
{
    bool group = i == t->n - 1;
    struct community_edit e = {.slug = group ? SV("bench") : arena_fmt(c->arena, "bench-%lld", (long long)i),
                               .territory = SV("Ottawa"),
                               .languages = SV("fr en ar"),
                               .zone = SV("America/Toronto"),
                               .hours = SV("mon-sun 00:00-24:00"),
                               .calendar = SV("CA-ON"),
                               .media = SV("image voice file video"),
                               .mode = SV("interactive"),
                               .visibility = SV("listed"),
                               .moderation = SV("full"),
                               .clock_mode = SV("deferred"),
                               .owner_org = t->org,
                               .standard_hours = 24};
    struct community_words w = {SV("fr"),
                                SV("Entraide"),
                                SV("Poser une question et recevoir une réponse vérifiée."),
                                SV("Tous"),
                                SV("école\nlogement\nsanté"),
                                SV("avis juridiques")};
    int64_t id, version, screening;
    PW_TRY(community_create(c, &e, &w, &id));
    PW_TRY(community_write_document(c, id, DOC_GUIDELINES, SV("fr"), SV("Règles"),
                                    SV("Soyons polis. Pas de publicité."), true, &version));
    PW_TRY(screening_write(c, id, 0, 1, false, SV("fr"), SV("D'où venez-vous ?"), &screening));
    if (group)
        PW_TRY(community_add_channel(c, id, t->channel, SV("telegram"), SV(CHAT), 0, (struct sv){0}, &version));
    PW_TRY(community_set_status(c, id, SV("ready"), (struct sv){0}));
    t->community[i] = id;
    return community_set_status(c, id, SV("live"), (struct sv){0});
}

static enum pw_err make_all(struct ctx *c, void *arg)
{
    struct town *t = arg;
    struct org o = {.kind = ORG_AGENCY, .name = SV("Organisme"), .lang = SV("fr")};
    struct person_new pn = {SV("Admin"), SV("fr"), SV("America/Toronto")};
    int64_t account, grant;
    struct actor admin;
    struct sv token;
    PW_TRY(setting_set(c, "network.name", SV("Bench")));
    PW_TRY(org_create(c, &o, &t->org));
    PW_TRY(person_create(c, &pn, &t->admin));
    PW_TRY(account_create(c, SV("admin"), t->admin, SV("correct horse staple"), &account));
    static const enum role roles[] = {ROLE_NETWORK_ADMIN, ROLE_PRIVACY_OFFICER};
    for (size_t i = 0; i < 2; i++) {
        struct grant g = {.person_id = t->admin, .role = roles[i], .scope = SCOPE_NETWORK};
        PW_TRY(grant_give(c, &g, &grant));
    }
    struct grant all = {.person_id = t->admin, .role = ROLE_COORDINATOR, .scope = SCOPE_ORG, .scope_id = t->org};
    PW_TRY(grant_give(c, &all, &grant)); /* sees every inbox */
    PW_TRY(session_make(c, t->admin, account, &token));
    fprintf(t->sessions, "%.*s\n", SV_ARG(token));
    PW_TRY(staff(c, t->admin, &admin));
    struct ctx own = as(c, &admin, c->now_ms - DAYS * DAY_MS_);
    struct actor system = actor_system;
    struct ctx as_system = as(c, &system, c->now_ms);
    PW_TRY(add_channel(&as_system, t->cli, SV("bench"), 123456, &t->channel));
    for (int64_t i = 0; i < t->n; i++)
        PW_TRY(make_community(&own, t, i));
    own.now_ms = c->now_ms;
    for (int64_t i = 0; i < cli_int(t->cli, "--agents", 2); i++)
        PW_TRY(agent(&own, t, i));
    return PW_OK;
}

static int run_make(struct cli *cli)
{
    struct app app;
    int rc = app_open(&app, cli, APP_CREATE);
    if (rc)
        return rc;
    struct community_host host = words_host(&app);
    community_start(&host);
    struct town t = {.cli = cli, .app = &app, .n = cli_int(cli, "--communities", 1)};
    if (t.n < 1 || t.n > COMMUNITIES_MAX)
        return cli_fail("1 to %d communities", COMMUNITIES_MAX);
    struct sv path = arena_join(&app.arena, app.data_dir, SV("/sessions"));
    t.sessions = fopen(arena_z(&app.arena, path), "w");
    if (!t.sessions)
        return cli_fail("cannot write %.*s", SV_ARG(path));
    rc = app_act(&app, make_all, &t) == PW_OK ? 0 : 1;
    fclose(t.sessions);
    app_close(&app);
    return rc;
}

/* ---- many messages ---- */

struct fill {
    struct town *t;
    int64_t messages, questions, open, members; /* wanted */
    int64_t *member;
    int64_t n_members, n_messages, n_questions, from_ms, step_ms;
    int64_t then_members, then_messages, then_questions; /* after the transaction */
    int64_t answerer[COMMUNITIES_MAX];
};

static enum pw_err look(struct ctx *c, void *arg)
{
    struct fill *f = arg;
    struct community *v;
    size_t n;
    PW_TRY(community_mine(c, &v, &n));
    f->t->n = (int64_t)n - 1; /* ids grow with time: the last is the group's */
    if (n < 2 || n > COMMUNITIES_MAX)
        return PW_CONFLICT;
    for (size_t i = 0; i < n; i++) {
        struct grant *g;
        size_t n_g;
        f->t->community[i] = v[i].id;
        PW_TRY(grant_list(c, SCOPE_COMMUNITY, v[i].id, &g, &n_g));
        for (size_t k = 0; k < n_g; k++)
            if (g[k].role == ROLE_MODERATOR)
                f->answerer[i] = g[k].person_id;
    }
    return PW_OK;
}

/* Each person is in one community: that of the same index modulo their number. */
static enum pw_err add_members(struct ctx *c, void *arg)
{
    struct fill *f = arg;
    int64_t done = f->n_members;
    for (int64_t k = 0; k < 200 && done < f->members; k++) {
        struct community com;
        struct doc_text rules;
        PW_TRY(community_get(c, f->t->community[done % f->t->n], &com));
        PW_TRY(doc_read(c, com.guidelines_doc, SV("fr"), 0, &rules));
        struct person_new pn = {arena_fmt(c->arena, "Membre %lld", (long long)done), SV("fr"), SV("America/Toronto")};
        PW_TRY(person_create(c, &pn, &f->member[done]));
        struct actor me = {.kind = ACTOR_MEMBER, .person_id = f->member[done], .write = true};
        struct ctx own = as(c, &me, f->from_ms);
        struct join_new jn = {.community_id = com.id,
                              .guidelines_version = rules.version,
                              .lang = SV("fr"),
                              .source = SV("poster"),
                              .channel_kind = SV("web")};
        int64_t request;
        enum membership_state state;
        PW_TRY(join_request_send(&own, &jn, &request));
        struct ctx admit = as(c, &actor_system, f->from_ms);
        PW_TRY(join_accept(&admit, request, &state));
        done++;
    }
    f->then_members = done;
    return PW_OK;
}

static const char *const talk[] = {
    "Merci beaucoup pour l'information, cela m'aide vraiment.",
    "Le bus 12 passe devant la bibliothèque toutes les quinze minutes.",
    "مرحبا بكم جميعا، أهلا وسهلا.",
    "Hello everyone, I arrived last week with my family.",
};
static const char *const asks[] = {
    "Comment inscrire mon fils à l'école en cours d'année ?",
    "Where can I find a family doctor who speaks Arabic?",
    "كيف أحصل على رقم التأمين الاجتماعي؟",
    "Combien coûte la garderie et y a-t-il une aide ?",
};

static enum pw_err add_messages(struct ctx *c, void *arg)
{
    struct fill *f = arg;
    int64_t made = f->n_messages, asked = f->n_questions;
    for (int64_t k = 0; k < BATCH && made < f->messages; k++) {
        int64_t who = (made * 7919) % f->members, in = who % f->t->n;
        struct actor me = {.kind = ACTOR_MEMBER, .person_id = f->member[who], .write = true};
        int64_t at = f->from_ms + made * f->step_ms;
        struct ctx own = as(c, &me, at);
        bool ask = asked < f->questions && asked * f->messages <= made * f->questions;
        struct message_new n = {
            .community_id = f->t->community[in],
            .ask = ask,
            .to_private = ask && asked % 4 == 3,
            .text = arena_fmt(c->arena, "%s (%lld)", ask ? asks[asked % 4] : talk[made % 4], (long long)made),
            .channel_kind = SV("web")};
        struct message_made m;
        PW_TRY(message_post(&own, &n, &m));
        made++;
        if (!ask)
            continue;
        asked++;
        if (asked > f->questions - f->open || made >= f->messages)
            continue;
        struct actor mod;
        PW_TRY(staff(c, f->answerer[in], &mod));
        struct ctx answers = as(c, &mod, at + HOUR_MS);
        struct answer_new a = {.text = SV("Voici la réponse, avec l'adresse et les heures d'ouverture."),
                               .source = SV("https://www.ontario.ca"),
                               .checked_on = SV("2024-06-01"),
                               .urgent = true};
        struct answer_made am;
        if (asked % 3 == 0)
            a.source = a.checked_on = (struct sv){0};
        PW_TRY(question_answer(&answers, m.question_id, &a, &am));
        made++;
    }
    f->then_messages = made;
    f->then_questions = asked;
    return PW_OK;
}

static int run_fill(struct cli *cli)
{
    struct app app;
    int rc = app_open(&app, cli, APP_EXISTING);
    if (rc)
        return rc;
    struct community_host host = words_host(&app);
    community_start(&host);
    struct town t = {.cli = cli, .app = &app};
    struct fill f = {.t = &t,
                     .messages = cli_int(cli, "--messages", 1000000),
                     .questions = cli_int(cli, "--questions", 200000),
                     .open = cli_int(cli, "--open", 5000),
                     .members = cli_int(cli, "--members", 5000)};
    f.member = calloc((size_t)f.members, sizeof *f.member);
    f.from_ms = clock_now_ms() - (DAYS - 5) * DAY_MS_;
    f.step_ms = ((DAYS - 5) * DAY_MS_ - 2 * HOUR_MS) / f.messages;
    struct work *w;
    struct work_config wc = {.store = app.store};
    if (!f.member || work_open(&wc, &w) != PW_OK)
        return cli_fail("cannot begin");
    community_register(w);
    int64_t began = clock_mono_ms();
    rc = app_look(&app, look, &f) == PW_OK ? 0 : 1;
    while (rc == 0 && f.n_members < f.members) {
        rc = app_act(&app, add_members, &f) == PW_OK ? 0 : 1;
        f.n_members = f.then_members;
    }
    fprintf(stderr, "%lld members in %lld ms\n", (long long)f.n_members, (long long)(clock_mono_ms() - began));
    began = clock_mono_ms();
    for (int64_t i = 0; rc == 0 && f.n_messages < f.messages; i++) {
        rc = app_act(&app, add_messages, &f) == PW_OK ? 0 : 1;
        f.n_messages = f.then_messages;
        f.n_questions = f.then_questions;
        size_t done;
        if (rc == 0 && work_run_once(w, f.from_ms + f.n_messages * f.step_ms, &done) != PW_OK)
            rc = cli_fail("what runs later failed");
        if (i % 50 == 49)
            fprintf(stderr, "%lld messages, %lld questions, %lld ms\n", (long long)f.n_messages,
                    (long long)f.n_questions, (long long)(clock_mono_ms() - began));
    }
    fprintf(stderr, "%lld messages, %lld questions in %lld ms\n", (long long)f.n_messages, (long long)f.n_questions,
            (long long)(clock_mono_ms() - began));
    work_close(w);
    app_close(&app);
    free(f.member);
    return rc;
}

/* ---- many people, each reached alone ---- */

struct crowd {
    const struct cli *cli;
    int64_t community, channel[CHANNELS_MAX], channels, members, questions, at, then;
};

static enum pw_err crowd_begin(struct ctx *c, void *arg)
{
    struct crowd *k = arg;
    struct community com;
    PW_TRY(community_by_slug(c, SV("bench"), &com));
    k->community = com.id;
    for (int64_t i = 0; i < k->channels; i++) {
        int64_t place;
        PW_TRY(add_channel(c, k->cli, arena_fmt(c->arena, "crowd-%lld", (long long)i), 900000 + i, &k->channel[i]));
        PW_TRY(
            community_add_channel(c, com.id, k->channel[i], SV("telegram"), (struct sv){0}, 0, (struct sv){0}, &place));
    }
    return PW_OK;
}

static enum pw_err crowd_some(struct ctx *c, void *arg)
{
    struct crowd *k = arg;
    static const struct sv langs[] = {{"fr", 2}, {"ar", 2}, {"en", 2}};
    int64_t i = k->at, end = k->at + CROWD_BATCH < k->members ? k->at + CROWD_BATCH : k->members;
    for (; i < end; i++) {
        int64_t channel = k->channel[i % k->channels];
        struct sv chat = arena_fmt(c->arena, "%lld", 5000000 + (long long)i);
        struct person_new pn = {.display_name = SV("Personne"), .lang = langs[i % 3]};
        struct identity id;
        PW_TRY(identity_ensure(c, channel, chat, &pn, &id));
        PW_TRY(identity_set_private_chat(c, id.id, chat));
        struct membership m = {.id = id_new(),
                               .community_id = k->community,
                               .person_id = id.person_id,
                               .state = MEMBER_ACTIVE,
                               .lang = langs[i % 3],
                               .channel_id = channel,
                               .channel_kind = SV("telegram"),
                               .accepted_ms = c->now_ms,
                               .joined_ms = c->now_ms};
        PW_TRY(membership_put(c, &m));
        if (i >= k->questions)
            continue;
        struct actor me = {.kind = ACTOR_MEMBER, .person_id = id.person_id, .write = true};
        struct ctx own = as(c, &me, c->now_ms);
        struct message_new n = {.community_id = k->community,
                                .ask = true,
                                .to_private = true,
                                .text = SV("Où trouver un médecin ?"),
                                .channel_id = channel,
                                .channel_kind = SV("telegram"),
                                .chat = chat};
        struct message_made made;
        PW_TRY(message_post(&own, &n, &made));
    }
    k->then = i;
    return PW_OK;
}

static int run_crowd(struct cli *cli)
{
    struct app app;
    int rc = app_open(&app, cli, APP_EXISTING);
    if (rc)
        return rc;
    struct community_host host = words_host(&app);
    community_start(&host);
    struct crowd k = {.cli = cli,
                      .channels = cli_int(cli, "--channels", 20),
                      .members = cli_int(cli, "--members", 50000),
                      .questions = cli_int(cli, "--questions", 2000)};
    if (k.channels < 1 || k.channels > CHANNELS_MAX)
        return cli_fail("1 to %d channels", CHANNELS_MAX);
    rc = app_act(&app, crowd_begin, &k) == PW_OK ? 0 : 1;
    while (rc == 0 && k.at < k.members) {
        rc = app_act(&app, crowd_some, &k) == PW_OK ? 0 : 1;
        k.at = k.then;
    }
    app_close(&app);
    return rc;
}

/* ---- the writer's part of a webhook, alone on one thread: its price without the machine around it ---- */

struct receiving {
    int64_t at, per, users;
    int questions;
};

static enum pw_err receive_some(struct ctx *c, void *arg)
{
    struct receiving *r = arg;
    struct channel ch;
    struct chan_receiver to = community_receiver();
    PW_TRY(channel_by_name(c, SV("bench"), &ch));
    struct chan_events *one = arena_new(c->arena, struct chan_events);
    if (!one)
        return PW_INTERNAL;
    for (int64_t i = r->at; i < r->at + r->per; i++) {
        struct sv id = arena_fmt(c->arena, "%lld", (long long)i);
        struct sv user = arena_fmt(c->arena, "%lld", (long long)(1000000 + (i * 7919) % r->users));
        one->v[0] = (struct chan_event){
            .kind = CHAN_MESSAGE,
            .provider_id = id,
            .message_id = id,
            .at_ms = c->now_ms,
            .chat = SV(CHAT),
            .user = user,
            .user_name = user,
            .user_lang = SV("fr"),
            .text = arena_fmt(c->arena, "[%lld] %s", (long long)i, i % 100 < r->questions ? asks[i % 4] : talk[i % 4])};
        one->n = 1;
        PW_TRY(channel_receive(c, &ch, &to, one));
    }
    return PW_OK;
}

static double cpu_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static int run_receive(struct cli *cli)
{
    struct app app;
    int rc = app_open(&app, cli, APP_EXISTING);
    if (rc)
        return rc;
    struct community_host host = words_host(&app);
    community_start(&host);
    struct work *w;
    struct work_config wc = {.store = app.store};
    if (work_open(&wc, &w) != PW_OK)
        return cli_fail("cannot begin");
    features_start(w); /* every room hears each word, as in the server */
    struct receiving r = {.at = cli_int(cli, "--first", 1),
                          .per = cli_int(cli, "--per", 50),
                          .users = cli_int(cli, "--users", 1000),
                          .questions = (int)cli_int(cli, "--questions", 20)};
    int64_t n = cli_int(cli, "--messages", 20000), done = 0;
    double began = cpu_us();
    for (; rc == 0 && done < n; done += r.per, r.at += r.per)
        rc = app_act(&app, receive_some, &r) == PW_OK ? 0 : 1;
    printf("%lld messages, %.1f us of one core each\n", (long long)done, (cpu_us() - began) / (double)done);
    work_close(w);
    app_close(&app);
    return rc;
}

static const struct cli_option receive_options[] = {
    APP_OPTIONS,
    {"--public-url", "URL", "unused", 0},
    {"--messages", "N", "how many", 0},
    {"--per", "N", "in one transaction", 0},
    {"--first", "N", "first update", 0},
    {"--users", "N", "people", 0},
    {"--questions", "PERCENT", "questions among them", 0},
    {0},
};
static const struct cli_command receive = {
    "receive", "Receives messages on one thread.", "bench_town receive", "", receive_options, run_receive};

static const struct cli_option make_options[] = {
    APP_OPTIONS,
    {"--public-url", "URL", "unused", 0},
    {"--agents", "N", "moderators with a session each, shared out among the communities", 0},
    {"--communities", "N", "how many (default 1)", 0},
    {"--api-base", "URL", "stand-in for the Bot API", CLI_REQUIRED},
    {0},
};
static const struct cli_option fill_options[] = {
    APP_OPTIONS,
    {"--public-url", "URL", "unused", 0},
    {"--messages", "N", "all messages, answers included", 0},
    {"--questions", "N", "questions among them", 0},
    {"--open", "N", "questions left open", 0},
    {"--members", "N", "people", 0},
    {0},
};
static const struct cli_option crowd_options[] = {
    APP_OPTIONS,
    {"--public-url", "URL", "unused", 0},
    {"--members", "N", "people (50000)", 0},
    {"--channels", "N", "channels, shared out among them (20)", 0},
    {"--questions", "N", "private questions of the first of them (2000)", 0},
    {"--api-base", "URL", "stand-in for the Bot API", CLI_REQUIRED},
    {0},
};
static const struct cli_command make = {"make",  "Makes an installation.", "bench_town make", "", make_options,
                                        run_make};
static const struct cli_command fill = {"fill", "Fills it.", "bench_town fill", "", fill_options, run_fill};
static const struct cli_command crowd = {
    "crowd", "Adds people who are reached alone.", "bench_town crowd", "", crowd_options, run_crowd};
static const struct cli_command *const commands[] = {&make, &fill, &crowd, &receive};

int main(int argc, char **argv)
{
    struct arena a;
    setlocale(LC_ALL, "C.UTF-8");
    if (sodium_init() < 0)
        return 1;
    arena_init(&a, 1024 * 1024);
    int rc = cli_main(argc, argv, commands, sizeof commands / sizeof *commands, &a);
    arena_finish(&a);
    return rc;
}

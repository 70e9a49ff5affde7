/* SPDX-License-Identifier: EUPL-1.2 */
/* crowd: fills the community of bench_town with people who are reached alone over many channels, and with private
 * questions of some of them that wait for an answer. Like bench_town it uses the product's own functions, many in one
 * transaction.
 *
 * bench_crowd fill --data DIR --members N --channels N --questions N --api-base URL */
#include <locale.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/id.h"
#include "channel/registry.h"
#include "core/people.h"
#include "feature/community/community.h"
#include "feature/community/membership_store.h"
#include "main/app.h"
#include "main/words.h"

enum { BATCH = 1000, CHANNELS_MAX = 64 };

struct crowd {
    const struct cli *cli;
    int64_t community, channel[CHANNELS_MAX], channels, members, questions, at, then;
};

static enum pw_err begin(struct ctx *c, void *arg)
{
    struct crowd *k = arg;
    struct community com;
    PW_TRY(community_by_slug(c, SV("bench"), &com));
    k->community = com.id;
    for (int64_t i = 0; i < k->channels; i++) {
        int64_t place;
        json_t *config = json_pack(
            "{s:s, s:s, s:s, s:s}", "token",
            arena_z(c->arena, arena_fmt(c->arena, "%lld:ABCDEFGHIJKLMNOPQRSTUVWXYZ012345", 900000 + (long long)i)),
            "secret", "bench-secret-0123456789", "mode", "webhook", "api_base",
            arena_z(c->arena, cli_value(k->cli, "--api-base")));
        enum pw_err e =
            channel_add(c, arena_fmt(c->arena, "crowd-%lld", (long long)i), SV("telegram"), config, &k->channel[i]);
        json_decref(config);
        PW_TRY(e);
        PW_TRY(channel_set_enabled(c, k->channel[i], true));
        PW_TRY(
            community_add_channel(c, com.id, k->channel[i], SV("telegram"), (struct sv){0}, 0, (struct sv){0}, &place));
    }
    return PW_OK;
}

static enum pw_err add_some(struct ctx *c, void *arg)
{
    struct crowd *k = arg;
    static const struct sv langs[] = {{"fr", 2}, {"ar", 2}, {"en", 2}};
    int64_t i = k->at, end = k->at + BATCH < k->members ? k->at + BATCH : k->members;
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
        struct ctx own = *c;
        own.actor = &me;
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

static int run_fill(struct cli *cli)
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
    rc = app_act(&app, begin, &k) == PW_OK ? 0 : 1;
    while (rc == 0 && k.at < k.members) {
        rc = app_act(&app, add_some, &k) == PW_OK ? 0 : 1;
        k.at = k.then;
    }
    app_close(&app);
    return rc;
}

static const struct cli_option options[] = {
    APP_OPTIONS,
    {"--public-url", "URL", "unused", 0},
    {"--members", "N", "people (50000)", 0},
    {"--channels", "N", "channels, shared out among them (20)", 0},
    {"--questions", "N", "private questions of the first of them (2000)", 0},
    {"--api-base", "URL", "stand-in for the Bot API", CLI_REQUIRED},
    {0},
};
static const struct cli_command fill = {"fill",  "Fills a community with people.", "bench_crowd fill", "", options,
                                        run_fill};
static const struct cli_command *const commands[] = {&fill};

int main(int argc, char **argv)
{
    struct arena a;
    setlocale(LC_ALL, "C.UTF-8");
    if (sodium_init() < 0)
        return 1;
    arena_init(&a, 1024 * 1024);
    int rc = cli_main(argc, argv, commands, 1, &a);
    arena_finish(&a);
    return rc;
}

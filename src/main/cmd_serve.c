/* SPDX-License-Identifier: EUPL-1.2 */
/* serve: opens the installation, starts later (work), out (channels), in (http), and waits for a signal. */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/tz.h"
#include "channel/hub.h"
#include "core/audit.h"
#include "feature/community/community.h"
#include "feature/desk/desk.h"
#include "main/app.h"
#include "main/commands.h"
#include "main/demo.h"
#include "main/feature_table.h"
#include "main/live.h"
#include "main/receiving.h"
#include "main/serve.h"
#include "main/version.h"
#include "main/wire.h"
#include "main/words.h"
#include "net/net.h"
#include "work/work.h"

enum { HOUR_MS = 60 * 60 * 1000 };

enum { TABLES_MAX = 64 };
/* Declared cache: the tables of all features, gathered once. */
static const struct route *tables[TABLES_MAX];
static const struct api_schema *schemas[TABLES_MAX];
static size_t n_tables, n_schemas;
static pthread_once_t gathered = PTHREAD_ONCE_INIT;

static void gather(void)
{
    for (size_t i = 0; i < features_n; i++) {
        for (size_t k = 0; k < FEATURE_TABLES_MAX && features[i].routes[k]; k++)
            tables[n_tables++] = features[i].routes[k];
        if (features[i].schemas)
            schemas[n_schemas++] = features[i].schemas;
    }
}

const struct route *const *serve_routes(size_t *ret_n)
{
    pthread_once(&gathered, gather);
    *ret_n = n_tables;
    return tables;
}

const struct api_schema *const *serve_schemas(size_t *ret_n)
{
    pthread_once(&gathered, gather);
    *ret_n = n_schemas;
    return schemas;
}

struct serving {
    struct app app;
    struct live *live;
    struct receiving receiving;
    char static_version[HTTP_VERSION_TEXT + 1];
};

static void warn_clock(void)
{
    struct tz_stale stale[TZ_STALE_MAX];
    char release[TZ_RELEASE_MAX + 1];
    size_t n = tz_check_known(tz_dir(), stale);
    if (n)
        log_line(LOG_WARN, "clock.stale", "tzdata=%.*s zones=%zu first=%s mend=\"apt-get install tzdata\"",
                 SV_ARG(tz_release(tz_dir(), release)), n, stale[0].zone);
}

static enum pw_err forget(struct ctx *c, void *arg)
{
    (void)arg;
    return wire_forget_old(c);
}

/* Only what is committed may be witnessed, so this is a read. */
static enum pw_err witness(struct ctx *c, void *arg)
{
    struct app *app = arg;
    return audit_checkpoint(c, arena_join(c->arena, app->data_dir, SV("/audit.heads")));
}

/* The machine got new time-zone data: every open due time may have moved (SLA-1). */
static enum pw_err clocks_again(struct ctx *c, void *arg)
{
    (void)arg;
    return community_clocks_again(c);
}

static void keep_house(struct app *app)
{
    (void)!app_act(app, forget, app);
    (void)!app_look(app, witness, app);
}

static int start(struct serving *s, const struct cli *cli)
{
    struct app *app = &s->app;
    int port = (int)cli_int(cli, "--port", 8080);
    if (!app->public_url.n)
        app->public_url = arena_fmt(&app->arena, "http://localhost:%d", port);
    if (net_open(PW_VERSION, &app->net) != PW_OK)
        return cli_fail("cannot prepare the way out");
    int rc = receiving_open(app, &s->receiving);
    if (rc)
        return rc;
    hub_register(app->hub, app->work);

    struct arena *a = &app->arena;
    if (http_static_version(app->static_dir, s->static_version) != PW_OK)
        return cli_fail("the folder %.*s is missing", SV_ARG(app->static_dir));
    app->static_base = arena_fmt(a, "/static/%s", s->static_version);
    struct http_config cf = {.address = cli_given(cli, "--address") ? cli_value(cli, "--address") : SV("127.0.0.1"),
                             .port = port,
                             .threads = (int)cli_int(cli, "--threads", 48),
                             .stack = (size_t)cli_int(cli, "--stack-kb", 0) * 1024,
                             .upload_max = 20 * 1024 * 1024,
                             .public_url = app->public_url,
                             .trusted_proxy = cli_value(cli, "--trusted-proxy"),
                             .static_dir = app->static_dir,
                             .static_version = sv_of(s->static_version)};
    struct http_host host = wire_host(app);
    size_t n;
    const struct route *const *all = serve_routes(&n);
    if (http_start(&cf, all, n, &host, &app->http) != PW_OK)
        return cli_fail("cannot listen on %.*s port %d: is another program there?", SV_ARG(cf.address), cf.port);
    if (work_start(app->work) != PW_OK || hub_start(app->hub) != PW_OK || live_start(app, &s->live) != PW_OK)
        return cli_fail("cannot start the threads");
    return 0;
}

static void stop(struct serving *s)
{
    live_stop(s->live); /* it tells the streams of http */
    http_stop(s->app.http);
    if (s->app.net)
        net_stop(s->app.net);
    hub_stop(s->app.hub);
    work_stop(s->app.work);
    receiving_close(&s->app);
    net_close(s->app.net);
    if (s->app.store)
        keep_house(&s->app);
}

static enum pw_err say_setup(struct ctx *c, void *arg)
{
    struct app *app = arg;
    bool first;
    PW_TRY(desk_first_start(c, &first));
    if (first)
        printf("First start: open %.*s/setup and type the code %.*s\n", SV_ARG(app->public_url),
               SV_ARG(desk_setup_code(c)));
    return PW_OK;
}

static int run(struct cli *cli)
{
    struct serving s = {0};
    bool demo = cli_given(cli, "--demo");
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &set, NULL); /* before any thread: all inherit it, sigtimedwait receives */

    int rc = app_open(&s.app, cli, demo || cli_given(cli, "--new") ? APP_CREATE : APP_EXISTING);
    if (rc)
        return rc;
    if (demo)
        rc = demo_ensure(&s.app, cli);
    warn_clock();
    int64_t began = clock_mono_ms();
    if (rc == 0)
        rc = start(&s, cli);
    if (rc == 0) {
        printf("Passerelle %s serves %.*s on http://localhost:%d\n", PW_VERSION, SV_ARG(s.app.data_dir),
               http_port(s.app.http));
        if (s.app.demo)
            demo_say_accounts(stdout);
        (void)!app_look(&s.app, say_setup, &s.app);
        fflush(stdout);
        log_line(LOG_INFO, "serve.start", "version=%s ms=%lld", PW_VERSION, (long long)(clock_mono_ms() - began));
        for (;;) {
            int sig = sigtimedwait(&set, NULL, &(struct timespec){HOUR_MS / 1000, 0});
            if (sig > 0)
                break;
            if (errno == EAGAIN) {
                keep_house(&s.app);
                if (tz_refresh())
                    (void)!app_act(&s.app, clocks_again, NULL);
                warn_clock();
            }
        }
        log_line(LOG_INFO, "serve.stop", "streams=%zu", http_streams(s.app.http));
    }
    stop(&s);
    app_close(&s.app);
    return rc;
}

static const struct cli_option options[] = {
    APP_OPTIONS,
    {"--port", "N", "port to listen on (default 8080)", 0},
    {"--address", "ADDR", "address to listen on (default 127.0.0.1: this machine and its proxy only)", 0},
    {"--public-url", "URL", "public address, https://... (default: the one in the settings)", 0},
    {"--trusted-proxy", "ADDR", "address of the proxy whose X-Forwarded-* headers are believed", 0},
    {"--threads", "N", "request threads (default 48: waiting writers share one commit)", 0},
    {"--stack-kb", "N", "stack of a request thread in KB", 0},
    {"--new", NULL, "make a new installation in the data folder; its questions are asked on the page /setup", 0},
    {"--demo", NULL, "make the demonstration network when the data folder is new", 0},
    {0},
};
const struct cli_command cmd_serve = {
    "serve",
    "Runs the server.",
    "passerelle serve [--data DIR] [--port N] [--address ADDR]",
    "Serves pages, the API and the webhooks until it receives SIGTERM or SIGINT. For the public, put nginx with TLS in "
    "front\n"
    "and give its address with --trusted-proxy.\n"
    "Example: passerelle serve --data /var/lib/passerelle --trusted-proxy 127.0.0.1",
    options,
    run,
};

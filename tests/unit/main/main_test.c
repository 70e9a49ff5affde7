/* SPDX-License-Identifier: EUPL-1.2 */
#include "unit/main/main_test.h"

#include <unistd.h>

#include "base/clock.h"
#include "channel/channel_schema.h"
#include "core/account.h"
#include "core/people.h"
#include "main/wire.h"
#include "main/words.h"

extern const struct migration main_migrations[];
extern const size_t main_migrations_n;

#define PASSWORD SV("a long enough password 7")

void installation_open(struct installation *in)
{
    memset(in, 0, sizeof *in);
    ctxfix_open(&in->f);
    ctxfix_migrate(&in->f, channel_migrations, channel_migrations_n);
    ctxfix_migrate(&in->f, community_migrations, community_migrations_n);
    ctxfix_migrate(&in->f, main_migrations, main_migrations_n);
    in->f.now_ms = clock_now_ms();
    const char *share = getenv("PASSERELLE_SHARE");
    assert_non_null(share);
    struct app *app = &in->app;
    arena_init(&app->arena, 16 * 1024 * 1024);
    app->store = in->f.db.s;
    app->vault = in->f.vault;
    app->data_dir = sv_of(in->f.db.folder);
    app->public_url = SV("https://example.org");
    app->share_dir = sv_of(share);
    app->static_base = SV("/static/test");
    struct sv why = {0};
    if (catalogs_load(arena_join(&app->arena, app->share_dir, SV("/locale")), &app->catalogs, &why, &app->arena) !=
        PW_OK)
        fail_msg("%.*s", SV_ARG(why));
    in->words = words_host(app);
    community_start(&in->words);
}

void installation_close(struct installation *in)
{
    http_stop(in->app.http);
    community_start(NULL);
    catalogs_free(in->app.catalogs);
    arena_finish(&in->app.arena);
    ctxfix_close(&in->f);
}

void installation_serve(struct installation *in, const struct route *routes)
{
    const struct http_config cf = {
        .address = SV("127.0.0.1"), .threads = 8, .public_url = in->app.public_url, .stack = 1024 * 1024};
    in->host = wire_host(&in->app);
    assert_int_equal(PW_OK, http_start(&cf, &routes, 1, &in->host, &in->app.http));
}

int installation_set_up(void **state)
{
    struct installation *in = calloc(1, sizeof *in);
    installation_open(in);
    *state = in;
    return 0;
}

int installation_tear_down(void **state)
{
    installation_close(*state);
    free(*state);
    return 0;
}

int64_t installation_account(struct installation *in, const char *login, enum role role, int64_t *ret_person)
{
    int64_t account = 0, grant = 0;
    struct person_new n = {.display_name = sv_of(login), .lang = SV("en"), .zone = SV("America/Toronto")};
    in->f.actor = &actor_system;
    assert_int_equal(PW_OK, CTX_ACT(&in->f, person_create(c, &n, ret_person)));
    assert_int_equal(PW_OK, CTX_ACT(&in->f, account_create(c, sv_of(login), *ret_person, PASSWORD, &account)));
    struct grant g = {.person_id = *ret_person, .role = role, .scope = SCOPE_NETWORK};
    assert_int_equal(PW_OK, CTX_ACT(&in->f, grant_give(c, &g, &grant)));
    return account;
}

struct sv installation_session(struct installation *in, const char *login)
{
    struct login_try t = {0};
    struct sv token = {0};
    in->f.actor = &actor_anonymous;
    assert_int_equal(PW_OK, CTX_LOOK(&in->f, login_load(c, sv_of(login), &t)));
    assert_true(login_verify(&t, PASSWORD, (struct sv){0}, in->f.now_ms));
    assert_int_equal(PW_OK, CTX_ACT(&in->f, login_finish(c, &t, true, &token)));
    assert_true(token.n > 0);
    return token;
}

static int to_file(int fd, FILE *file)
{
    int was = dup(fd);
    assert_true(was >= 0 && dup2(fileno(file), fd) >= 0);
    return was;
}

static void back(int fd, int was, FILE *file, char *text, size_t size)
{
    assert_true(dup2(was, fd) >= 0);
    close(was);
    rewind(file);
    text[fread(text, 1, size - 1, file)] = 0;
    (void)fclose(file);
}

void say_to(struct said *s, int (*fn)(void *arg), void *arg)
{
    FILE *out = tmpfile(), *err = tmpfile();
    assert_true(out && err);
    (void)fflush(stdout);
    (void)fflush(stderr);
    int was_out = to_file(STDOUT_FILENO, out), was_err = to_file(STDERR_FILENO, err);
    s->rc = fn(arg);
    (void)fflush(stdout);
    (void)fflush(stderr);
    back(STDOUT_FILENO, was_out, out, s->out, sizeof s->out);
    back(STDERR_FILENO, was_err, err, s->err, sizeof s->err);
}

/* SPDX-License-Identifier: EUPL-1.2 */
#include "fake.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SKIPPED = 77, OWNER = 999 };

static void stop_now(const char *what, struct sv words)
{
    (void)fprintf(stderr, "fake: %s: %.*s\n", what, SV_ARG(words));
    abort();
}

void fake_start(struct fake *f)
{
    int ends[2];
    *f = (struct fake){0};
    arena_init(&f->arena, 64 << 20);
    (void)signal(SIGPIPE, SIG_IGN);
    if (pipe(ends) != 0)
        stop_now("pipe", SV(""));
    f->pid = fork();
    if (f->pid == 0) {
        (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
        (void)dup2(ends[1], STDOUT_FILENO);
        (void)close(ends[0]);
        (void)close(ends[1]);
        (void)execlp("node", "node", FAKE, "--port", "0", "--retry-scale", "0.01", (char *)NULL);
        _exit(SKIPPED);
    }
    (void)close(ends[1]);
    FILE *out = fdopen(ends[0], "r");
    char line[256] = {0};
    json_t *hello;
    if (!out || !fgets(line, sizeof line, out) || json_read(sv_trim(sv_of(line)), &f->arena, &hello, NULL) != PW_OK) {
        int status = 0;
        (void)waitpid(f->pid, &status, 0);
        if (WIFEXITED(status) && WEXITSTATUS(status) == SKIPPED)
            exit(SKIPPED);
        stop_now("did not start", sv_of(line));
    }
    (void)fclose(out);
    f->port = (int)json_member_int(hello, "port", 0);
    f->token = json_member_sv(hello, "token");
    f->base = arena_fmt(&f->arena, "http://127.0.0.1:%d", f->port);
    if (net_open("test", &f->net) != PW_OK || net_allow(f->net, OWNER, f->base, NET_LOCAL) != PW_OK)
        stop_now("net", SV(""));
}

void fake_stop(struct fake *f)
{
    net_close(f->net);
    if (f->pid > 0) {
        (void)kill(f->pid, SIGKILL);
        (void)waitpid(f->pid, NULL, 0);
    }
    arena_finish(&f->arena);
}

static const json_t *call(struct fake *f, const char *method, struct sv path, struct sv body)
{
    struct net_result r;
    json_t *v = NULL;
    net_fetch(f->net, &f->arena,
              &(struct net_request){.method = method,
                                    .url = arena_fmt(&f->arena, "%.*s/_control/%.*s", SV_ARG(f->base), SV_ARG(path)),
                                    .body = body,
                                    .content_type = body.n ? "application/json" : NULL,
                                    .max_response = JSON_TEXT_MAX,
                                    .idempotent = true},
              &r);
    if (r.status != 200 || json_read(r.body, &f->arena, &v, NULL) != PW_OK)
        stop_now(arena_z(&f->arena, path), r.status ? r.body : sv_of(r.code));
    return v;
}

const json_t *fake_do(struct fake *f, const char *name, const char *body, ...)
{
    va_list ap;
    va_start(ap, body);
    struct sv text = arena_vfmt(&f->arena, body, ap);
    va_end(ap);
    return call(f, "POST", sv_of(name), text);
}

const json_t *fake_get(struct fake *f, const char *path, ...)
{
    va_list ap;
    va_start(ap, path);
    struct sv text = arena_vfmt(&f->arena, path, ap);
    va_end(ap);
    return call(f, "GET", text, (struct sv){0});
}

int64_t fake_count(struct fake *f, const char *method)
{
    return json_member_int(json_object_get(fake_get(f, "requests?method=none"), "counts"), method, 0);
}

void fake_no_violations(struct fake *f)
{
    const json_t *v = fake_get(f, "violations");
    if (json_array_size(json_object_get(v, "requests")) || json_array_size(json_object_get(v, "updates"))) {
        char *text = json_dumps(v, JSON_INDENT(1));
        stop_now("violations", sv_of(text));
    }
}

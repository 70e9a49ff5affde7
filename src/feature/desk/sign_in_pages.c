/* SPDX-License-Identifier: EUPL-1.2 */
/* Signing in and out, and quick exit. Hashing is slow on purpose, so these handlers open their own short transactions.
 */
#include "core/account.h"
#include "feature/desk/desk_pages.h"
#include "feature/desk/desk_view.h"
#include "ui/web.h"
#include "views_desk.h"

struct attempt {
    struct ctx *c;
    struct sv login, token;
    struct login_try try;
    bool ok;
};

/* Only a path of ours; anything else leads to the start. */
static struct sv safe_path(struct sv to)
{
    bool ours = to.n && to.p[0] == '/' && !(to.n > 1 && (to.p[1] == '/' || to.p[1] == '\\'));
    return ours ? to : SV("/"); /* leads on to what this person works with */
}

static enum pw_err show(struct http_req *q, struct http_res *r)
{
    struct sign_in_view v = {http_text(q, "login"), safe_path(http_text(q, "to"))};
    struct page pg;
    page_begin(&pg, q, r, FACE_BARE, N_("Sign in"));
    view_sign_in(&pg, &v);
    return page_end(&pg, r);
}

enum pw_err sign_in_get(struct http_req *q, struct http_res *r)
{
    q->problems.n = 0; /* nothing was typed yet */
    return show(q, r);
}

static enum pw_err load(struct db *db, void *arg)
{
    struct attempt *t = arg;
    t->c->db = db;
    return login_load(t->c, t->login, &t->try);
}

static enum pw_err finish(struct db *db, void *arg)
{
    struct attempt *t = arg;
    t->c->db = db;
    return login_finish(t->c, &t->try, t->ok, &t->token);
}

enum pw_err sign_in_post(struct http_req *q, struct http_res *r)
{
    if (q->problems.n)
        return show(q, r);
    struct attempt t = {.c = q->ctx, .login = http_text(q, "login")};
    PW_TRY(db_read(q->ctx->store, load, &t));
    t.ok = login_verify(&t.try, http_text(q, "password"), http_text(q, "totp"), q->now_ms);
    enum pw_err e = db_transact(q->ctx->store, finish, &t);
    q->ctx->db = NULL;
    if (e == PW_DENIED || (e == PW_OK && !t.token.n)) {
        problem_add(
            &q->problems, NULL,
            N_("This did not work. Check the name, the password and the code. After ten wrong tries the account "
               "pauses for a quarter of an hour."));
        return show(q, r);
    }
    PW_TRY(e);
    http_set_cookie(q, r, "pw", t.token, 0);
    return http_redirect(r, t.try.account.must_change ? SV("/me/password") : safe_path(http_text(q, "to")));
}

enum pw_err sign_out_post(struct http_req *q, struct http_res *r)
{
    PW_TRY(session_end(q->ctx, q->ctx->actor->session_id));
    http_set_cookie(q, r, "pw", SV(""), -1);
    http_set_header(r, SV("Clear-Site-Data"), SV("\"cache\", \"storage\""));
    return page_done(q, r, SV("/sign-in"), N_("You are signed out."));
}

static enum pw_err leave(struct http_req *q, struct http_res *r)
{
    http_set_cookie(q, r, "pw", SV(""), -1);
    http_set_cookie(q, r, "pwform", SV(""), -1);
    http_set_header(r, SV("Clear-Site-Data"), SV("\"cache\", \"cookies\", \"storage\""));
    struct page pg;
    page_begin(&pg, q, r, FACE_BARE, N_("Weather"));
    view_gone(&pg);
    return page_end(&pg, r);
}

/* Also by a plain link: without scripts the session has to end on the server all the same. */
enum pw_err exit_now(struct http_req *q, struct http_res *r)
{
    if (q->ctx->actor->session_id)
        PW_TRY(session_end(q->ctx, q->ctx->actor->session_id));
    return leave(q, r);
}

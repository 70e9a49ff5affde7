/* SPDX-License-Identifier: EUPL-1.2 */
/* One's own account: password, second factor, sessions. */
#include "core/account.h"
#include "core/people.h"
#include "feature/desk/desk_pages.h"
#include "feature/desk/desk_view.h"
#include "ui/web.h"
#include "views_desk.h"

static enum pw_err load(struct ctx *c, struct me_view *v)
{
    PW_TRY(account_get(c, c->actor->account_id, &v->account));
    PW_TRY(person_get(c, c->actor->person_id, &v->person));
    struct session *s;
    PW_TRY(session_list(c, v->account.id, &s, &v->n_sessions));
    for (size_t i = 0; i < v->n_sessions; i++)
        s[i].here = s[i].id == c->actor->session_id;
    v->sessions = s;
    return PW_OK;
}

static enum pw_err show(struct http_req *q, struct http_res *r, struct me_view *v)
{
    PW_TRY(load(q->ctx, v));
    struct page pg;
    page_begin(&pg, q, r, FACE_STAFF, N_("My account"));
    view_me(&pg, v);
    return page_end(&pg, r);
}

enum pw_err me_get(struct http_req *q, struct http_res *r)
{
    struct me_view v = {0};
    return show(q, r, &v);
}

static enum pw_err show_password(struct http_req *q, struct http_res *r)
{
    struct page pg;
    page_begin(&pg, q, r, FACE_STAFF, N_("Change my password"));
    view_password(&pg);
    return page_end(&pg, r);
}

enum pw_err me_password_get(struct http_req *q, struct http_res *r)
{
    return show_password(q, r);
}

struct change {
    struct ctx *c;
    struct login_try try;
    struct sv password;
};

static enum pw_err load_own(struct db *db, void *arg)
{
    struct change *t = arg;
    t->c->db = db;
    struct account a;
    PW_TRY(account_get(t->c, t->c->actor->account_id, &a));
    return login_load(t->c, a.login, &t->try);
}

static enum pw_err write_new(struct db *db, void *arg)
{
    struct change *t = arg;
    t->c->db = db;
    return account_set_password(t->c, t->try.account.id, t->password);
}

enum pw_err me_password_post(struct http_req *q, struct http_res *r)
{
    struct change t = {.c = q->ctx, .password = http_text(q, "new")};
    if (!sv_eq(t.password, http_text(q, "again")))
        problem_add(&q->problems, "again", N_("The two new passwords are not the same."));
    if (!q->problems.n)
        (void)!password_check(&q->problems, "new", t.password);
    if (!q->problems.n) {
        PW_TRY(db_read(q->ctx->store, load_own, &t));
        struct login_try only_password = t.try;
        only_password.totp_secret = (struct sv){0};
        if (!login_verify(&only_password, http_text(q, "old"), (struct sv){0}, q->now_ms))
            problem_add(&q->problems, "old", N_("This is not your present password."));
    }
    if (q->problems.n)
        return show_password(q, r);
    PW_TRY(db_transact(q->ctx->store, write_new, &t));
    q->ctx->db = NULL;
    http_set_cookie(q, r, "pw", SV(""), -1);
    return page_done(q, r, SV("/sign-in"), N_("Your password is changed. Sign in with the new one."));
}

enum pw_err me_totp_post(struct http_req *q, struct http_res *r)
{
    struct me_view v = {.setting_up = true};
    PW_TRY(totp_begin(q->ctx, q->ctx->actor->account_id, &v.totp_secret, &v.totp_uri));
    return show(q, r, &v);
}

enum pw_err me_totp_confirm_post(struct http_req *q, struct http_res *r)
{
    enum pw_err e = q->problems.n ? PW_INVALID : totp_confirm(q->ctx, q->ctx->actor->account_id, http_text(q, "code"));
    if (e == PW_OK)
        return page_done(q, r, SV("/me"),
                         N_("The second factor is on. You will be asked for a code when you sign in."));
    if (e != PW_DENIED && e != PW_INVALID)
        return e;
    if (!q->problems.n)
        problem_add(&q->problems, "code", N_("This code does not fit. Start again and type the six digits shown now."));
    struct me_view v = {0};
    return show(q, r, &v);
}

enum pw_err me_totp_off_post(struct http_req *q, struct http_res *r)
{
    PW_TRY(totp_off(q->ctx, q->ctx->actor->account_id));
    return page_done(q, r, SV("/me"), N_("The second factor is off."));
}

/* A session of one's own account only; others look as if they did not exist. */
enum pw_err me_session_end_post(struct http_req *q, struct http_res *r)
{
    struct session *s;
    size_t n;
    PW_TRY(session_list(q->ctx, q->ctx->actor->account_id, &s, &n));
    for (size_t i = 0; i < n; i++)
        if (s[i].id == q->arg[0]) {
            PW_TRY(session_end(q->ctx, s[i].id));
            return page_done(q, r, SV("/me"), N_("That session has ended."));
        }
    return PW_NOT_FOUND;
}

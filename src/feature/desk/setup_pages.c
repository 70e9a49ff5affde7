/* SPDX-License-Identifier: EUPL-1.2 */
/* The first start: the few questions a new organisation must answer. Open only while there is no account at all. */
#include "base/b64.h"
#include "core/account.h"
#include "core/org.h"
#include "core/people.h"
#include "core/vault.h"
#include "feature/desk/desk.h"
#include "feature/desk/desk_pages.h"
#include "feature/desk/desk_view.h"
#include "ui/web.h"
#include "views_desk.h"

enum pw_err desk_first_start(struct ctx *c, bool *ret_first)
{
    struct account *accounts;
    size_t n;
    PW_TRY(account_list(c, &accounts, &n));
    *ret_first = n == 0;
    return PW_OK;
}

/* Twelve digits that only this key file gives: a stranger who finds the new server first cannot take it, nor try them
 * all before somebody does. */
struct sv desk_setup_code(struct ctx *c)
{
    struct sv mac = vault_mac(c->vault, c->arena, "setup", SV("first start"));
    uint64_t v = 0;
    for (size_t i = 0; i < 8 && i < mac.n; i++)
        v = v << 8 | (unsigned char)mac.p[i];
    return arena_fmt(c->arena, "%012llu", (unsigned long long)(v % UINT64_C(1000000000000)));
}

static enum pw_err only_first(struct ctx *c)
{
    bool first;
    PW_TRY(desk_first_start(c, &first));
    return first ? PW_OK : PW_NOT_FOUND;
}

static enum pw_err show(struct http_req *q, struct http_res *r)
{
    struct setup_view v = {http_kept(q, "network"), http_kept(q, "org"), http_kept(q, "login"), http_kept(q, "name"),
                           http_kept(q, "kind")};
    struct page pg;
    page_begin(&pg, q, r, FACE_BARE, N_("First start"));
    view_setup(&pg, &v);
    return page_end(&pg, r);
}

enum pw_err setup_get(struct http_req *q, struct http_res *r)
{
    PW_TRY(only_first(q->ctx));
    q->problems.n = 0;
    return show(q, r);
}

enum pw_err setup_post(struct http_req *q, struct http_res *r)
{
    struct ctx *c = q->ctx;
    PW_TRY(only_first(c));
    struct sv password = http_text(q, "password");
    if (!sv_eq(password, http_text(q, "again")))
        problem_add(&q->problems, "again", N_("The two passwords are not the same."));
    if (!problem_of(&q->problems, "code") && !ct_eq(sv_trim(http_text(q, "code")), desk_setup_code(c)))
        problem_add(&q->problems, "code", N_("Type the twelve digits that the server printed when it started."));
    if (!problem_of(&q->problems, "password"))
        (void)!password_check(&q->problems, "password", password);
    if (q->problems.n)
        return show(q, r);
    bool solo = sv_eq_z(http_text(q, "kind"), "solo");
    struct person_new pn = {.display_name = http_text(q, "name"), .lang = c->lang, .zone = q->page->zone};
    struct org o = {.kind = solo ? ORG_SOLO : ORG_AGENCY, .name = http_text(q, "org"), .lang = c->lang};
    int64_t person, account, org, grant;
    /* The code is the right: whoever knows it acts for the installation, which has nobody yet. */
    struct ctx as_system = *c;
    as_system.actor = &actor_system;
    c = &as_system;
    PW_TRY(setting_set(c, "network.name", http_text(q, "network")));
    PW_TRY(org_create(c, &o, &org));
    PW_TRY(person_create(c, &pn, &person));
    PW_TRY(account_create(c, http_text(q, "login"), person, password, &account));
    static const enum role roles[] = {ROLE_NETWORK_ADMIN, ROLE_PRIVACY_OFFICER};
    for (size_t i = 0; i < sizeof roles / sizeof *roles; i++) {
        struct grant g = {.person_id = person, .role = roles[i], .scope = SCOPE_NETWORK};
        PW_TRY(grant_give(c, &g, &grant));
    }
    return page_done(q, r, SV("/sign-in?to=/communities"),
                     N_("The installation is ready. Sign in to create your first community."));
}

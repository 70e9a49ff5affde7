/* SPDX-License-Identifier: EUPL-1.2 */
/* Accounts and roles of the network (PPL-4, MSG-9). */
#include <string.h>

#include "base/id.h"
#include "core/account.h"
#include "core/org.h"
#include "core/people.h"
#include "feature/community/community.h"
#include "feature/desk/desk_pages.h"
#include "feature/desk/desk_view.h"
#include "ui/web.h"
#include "views_desk.h"

enum { PASSWORD_CHARS = 16 };

static struct sv new_password(struct arena *a)
{
    char text[PASSWORD_CHARS + 1];
    id_random_text(text, PASSWORD_CHARS);
    return arena_sv(a, (struct sv){text, PASSWORD_CHARS});
}

/* The roles of a person as words of the reader's language, each once however many places it holds for. */
static struct sv roles_text(struct ctx *c, const struct page *pg, const struct grant *g, size_t n)
{
    struct sv out = {0};
    unsigned said = 0;
    for (size_t i = 0; i < n; i++) {
        if (said & 1u << g[i].role)
            continue;
        said |= 1u << g[i].role;
        struct sv label = page_say(pg, role_label(g[i].role));
        out = out.n ? arena_join(c->arena, arena_join(c->arena, out, SV(" · ")), label) : label;
    }
    return out;
}

static enum pw_err show(struct http_req *q, struct http_res *r, struct people_view *v)
{
    struct ctx *c = q->ctx;
    struct page pg;
    page_begin(&pg, q, r, FACE_STAFF, N_("People"));
    struct account *accounts;
    PW_TRY(account_list(c, &accounts, &v->n));
    int64_t *ids = arena_array(c->arena, int64_t, v->n + 1);
    struct person *persons = arena_array(c->arena, struct person, v->n + 1);
    struct people_row *rows = arena_array(c->arena, struct people_row, v->n + 1);
    if (!ids || !persons || !rows)
        return PW_INTERNAL;
    for (size_t i = 0; i < v->n; i++)
        ids[i] = accounts[i].person_id;
    PW_TRY(person_get_many(c, ids, v->n, persons));
    for (size_t i = 0; i < v->n; i++) {
        struct grant *g;
        size_t n_grants;
        PW_TRY(grant_of_person(c, ids[i], &g, &n_grants));
        rows[i] = (struct people_row){accounts[i], persons[i].display_name, roles_text(c, &pg, g, n_grants)};
    }
    v->rows = rows;
    view_people(&pg, v);
    return page_end(&pg, r);
}

enum pw_err people_get(struct http_req *q, struct http_res *r)
{
    struct people_view v = {0};
    return show(q, r, &v);
}

enum pw_err people_post(struct http_req *q, struct http_res *r)
{
    struct ctx *c = q->ctx;
    struct people_view v = {.login = http_text(q, "login"), .name = http_text(q, "name"), .role = http_text(q, "role")};
    enum role role = ROLE_MODERATOR;
    struct account there;
    if (!q->problems.n && !role_parse(v.role, &role))
        problem_add(&q->problems, "role", N_("Choose a role from the list."));
    if (!q->problems.n && account_by_login(c, v.login, &there) == PW_OK)
        problem_add(&q->problems, "login", N_("This name is taken. Choose another one."));
    if (q->problems.n)
        return show(q, r, &v);
    struct person_new pn = {.display_name = v.name, .lang = c->lang, .zone = q->page->zone};
    int64_t person, account, grant;
    v.new_login = v.login;
    v.new_password = new_password(c->arena);
    PW_TRY(person_create(c, &pn, &person));
    PW_TRY(account_create(c, v.login, person, v.new_password, &account));
    struct grant g = {.person_id = person, .role = role, .scope = SCOPE_NETWORK, .granted_by = c->actor->person_id};
    if (role != ROLE_MODERATOR && role != ROLE_SPECIALIST && role != ROLE_TECH_ADMIN)
        PW_TRY(grant_give(c, &g, &grant));
    v.login = v.name = v.role = (struct sv){0};
    return show(q, r, &v);
}

static enum pw_err show_person(struct http_req *q, struct http_res *r)
{
    struct ctx *c = q->ctx;
    struct person_view v = {0};
    struct grant *g;
    struct org *orgs;
    PW_TRY(account_get(c, q->arg[0], &v.account));
    PW_TRY(person_get(c, v.account.person_id, &v.person));
    PW_TRY(grant_of_person(c, v.person.id, &g, &v.n_grants));
    PW_TRY(org_list(c, &orgs, &v.n_orgs));
    v.orgs = orgs;
    struct grant_row *rows = arena_array(c->arena, struct grant_row, v.n_grants + 1);
    if (!rows)
        return PW_INTERNAL;
    for (size_t i = 0; i < v.n_grants; i++) {
        rows[i] = (struct grant_row){g[i], role_label(g[i].role), {0}};
        for (size_t k = 0; g[i].scope == SCOPE_ORG && k < v.n_orgs; k++)
            if (orgs[k].id == g[i].scope_id)
                rows[i].where = orgs[k].name;
        struct community com;
        if (g[i].scope == SCOPE_COMMUNITY && community_get(c, g[i].scope_id, &com) == PW_OK)
            rows[i].where = com.words.name;
    }
    v.grants = rows;
    struct page pg;
    page_begin(&pg, q, r, FACE_STAFF, N_("Account"));
    view_person(&pg, &v);
    return page_end(&pg, r);
}

enum pw_err person_get_page(struct http_req *q, struct http_res *r)
{
    return show_person(q, r);
}

static struct sv person_path(struct http_req *q)
{
    char id[ID_TEXT + 1];
    return arena_fmt(q->arena, "/people/%s", id_text(q->arg[0], id).p);
}

enum pw_err person_disable_post(struct http_req *q, struct http_res *r)
{
    bool disable = http_int(q, "disabled") != 0;
    if (disable && q->arg[0] == q->ctx->actor->account_id) {
        problem_add(&q->problems, NULL, N_("You cannot disable your own account. Ask another administrator."));
        return show_person(q, r);
    }
    PW_TRY(account_set_disabled(q->ctx, q->arg[0], disable));
    return page_done(q, r, person_path(q),
                     disable ? N_("The account is disabled and its sessions have ended.")
                             : N_("The account is active again."));
}

enum pw_err person_reset_post(struct http_req *q, struct http_res *r)
{
    struct account a;
    PW_TRY(account_get(q->ctx, q->arg[0], &a));
    struct people_view v = {.new_login = a.login, .new_password = new_password(q->arena)};
    PW_TRY(account_set_password(q->ctx, a.id, v.new_password));
    if (http_int(q, "drop_totp"))
        PW_TRY(totp_off(q->ctx, a.id));
    return show(q, r, &v);
}

enum pw_err person_grant_post(struct http_req *q, struct http_res *r)
{
    struct ctx *c = q->ctx;
    struct account a;
    PW_TRY(account_get(c, q->arg[0], &a));
    enum role role = ROLE_MEMBER;
    if (!q->problems.n && (!role_parse(http_text(q, "role"), &role) || role == ROLE_MEMBER))
        problem_add(&q->problems, "role", N_("Choose a role from the list."));
    if (q->problems.n)
        return show_person(q, r);
    int64_t org = http_int(q, "org"), id, days = http_int(q, "days");
    struct grant g = {.person_id = a.person_id,
                      .role = role,
                      .scope = org ? SCOPE_ORG : SCOPE_NETWORK,
                      .scope_id = org,
                      .granted_by = c->actor->person_id,
                      .expires_ms = days ? c->now_ms + days * INT64_C(86400000) : 0};
    PW_TRY(grant_give(c, &g, &id));
    return page_done(q, r, person_path(q), N_("The role is given."));
}

enum pw_err person_withdraw_post(struct http_req *q, struct http_res *r)
{
    struct account a;
    struct grant *g;
    size_t n;
    PW_TRY(account_get(q->ctx, q->arg[0], &a));
    PW_TRY(grant_of_person(q->ctx, a.person_id, &g, &n));
    for (size_t i = 0; i < n; i++)
        if (g[i].id == q->arg[1]) {
            if (a.id == q->ctx->actor->account_id && g[i].role == ROLE_NETWORK_ADMIN) {
                problem_add(&q->problems, NULL, N_("You cannot take your own administrator role away."));
                return show_person(q, r);
            }
            PW_TRY(grant_withdraw(q->ctx, g[i].id));
            return page_done(q, r, person_path(q), N_("The role is withdrawn."));
        }
    return PW_NOT_FOUND;
}

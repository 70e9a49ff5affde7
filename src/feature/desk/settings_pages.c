/* SPDX-License-Identifier: EUPL-1.2 */
/* Settings of the installation: names, organisations, channels; and what an operator must know: time-zone data that is
 * too old, the key file that has to be kept apart. */
#include <string.h>

#include "base/tz.h"
#include "channel/registry.h"
#include "core/org.h"
#include "feature/desk/desk_pages.h"
#include "feature/desk/desk_view.h"
#include "ui/web.h"
#include "views_desk.h"

static enum pw_err load_channels(struct ctx *c, struct settings_view *v)
{
    struct channel_info *list;
    PW_TRY(channel_list(c, &list, &v->n_channels));
    struct channel_row *rows = arena_array(c->arena, struct channel_row, v->n_channels + 1);
    if (!rows)
        return PW_INTERNAL;
    for (size_t i = 0; i < v->n_channels; i++) {
        const struct chan_driver *d = list[i].driver;
        rows[i] = (struct channel_row){
            .id = list[i].id,
            .name = list[i].name,
            .label = d ? sv_of(d->label) : list[i].kind,
            .enabled = list[i].enabled,
            .last_error = list[i].last_error,
        };
    }
    v->channels = rows;
    return PW_OK;
}

static enum pw_err load_clock(struct ctx *c, struct settings_view *v)
{
    char release[TZ_RELEASE_MAX + 1];
    v->tz_version = arena_sv(c->arena, tz_release(tz_dir(), release));
    struct tz_stale *stale = arena_array(c->arena, struct tz_stale, TZ_STALE_MAX);
    struct sv *names = arena_array(c->arena, struct sv, TZ_STALE_MAX);
    if (!stale || !names)
        return PW_INTERNAL;
    v->n_tz_stale = tz_check_known(tz_dir(), stale);
    for (size_t i = 0; i < v->n_tz_stale; i++)
        names[i] = sv_of(stale[i].zone);
    v->tz_stale = names;
    return PW_OK;
}

static void keep_typed(const struct http_req *q, struct settings_view *v)
{
    if (q->route->fn == settings_post) {
        v->network_name = http_kept(q, "network_name");
        v->public_url = http_kept(q, "public_url");
        v->privacy_contact = http_kept(q, "privacy_contact");
    }
    v->org_name = http_kept(q, "org_name");
    v->org_url = http_kept(q, "org_url");
}

static enum pw_err show(struct http_req *q, struct http_res *r)
{
    struct ctx *c = q->ctx;
    struct settings_view v = {.demo = q->page->demo, .data_dir = c->data_dir};
    struct org *orgs;
    PW_TRY(setting_get(c, "network.name", &v.network_name));
    PW_TRY(setting_get(c, "public_url", &v.public_url));
    PW_TRY(setting_get(c, "privacy.contact", &v.privacy_contact));
    keep_typed(q, &v);
    PW_TRY(org_list(c, &orgs, &v.n_orgs));
    v.orgs = orgs;
    PW_TRY(load_channels(c, &v));
    PW_TRY(load_clock(c, &v));
    struct page pg;
    page_begin(&pg, q, r, FACE_STAFF, N_("Settings"));
    view_settings(&pg, &v);
    return page_end(&pg, r);
}

enum pw_err settings_get(struct http_req *q, struct http_res *r)
{
    return show(q, r);
}

enum pw_err settings_post(struct http_req *q, struct http_res *r)
{
    struct sv url = http_text(q, "public_url");
    if (url.n && !sv_starts(url, SV("https://")) && !sv_starts(url, SV("http://localhost")) &&
        !sv_starts(url, SV("http://127.0.0.1")))
        problem_add(&q->problems, "public_url",
                    N_("The public address starts with https:// (http only on this machine itself)."));
    if (q->problems.n)
        return show(q, r);
    while (sv_ends(url, SV("/")))
        url.n--;
    PW_TRY(setting_set(q->ctx, "network.name", http_text(q, "network_name")));
    PW_TRY(setting_set(q->ctx, "public_url", url));
    PW_TRY(setting_set(q->ctx, "privacy.contact", http_text(q, "privacy_contact")));
    return page_done(q, r, SV("/settings"), N_("The settings are saved."));
}

enum pw_err org_post(struct http_req *q, struct http_res *r)
{
    if (q->problems.n)
        return show(q, r);
    struct org o = {.name = http_text(q, "org_name"), .url = http_text(q, "org_url"), .lang = q->ctx->lang};
    int64_t id;
    enum pw_err e = org_create(q->ctx, &o, &id);
    for (size_t i = 0; i < q->problems.n; i++) /* the form's own names */
        if (q->problems.v[i].field)
            q->problems.v[i].field = strcmp(q->problems.v[i].field, "url") == 0 ? "org_url" : "org_name";
    if (e == PW_INVALID)
        return show(q, r);
    PW_TRY(e);
    return page_done(q, r, SV("/settings"), N_("The organisation is added."));
}

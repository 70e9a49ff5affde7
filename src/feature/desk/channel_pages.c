/* SPDX-License-Identifier: EUPL-1.2 */
/* Channels for the operator: the kinds, one channel with what it can do, and its settings. Forms are made from what a
 * driver says of itself, so a new driver needs no page. */
#include "base/id.h"
#include "core/audit.h"
#include "feature/desk/desk_pages.h"
#include "feature/desk/desk_view.h"
#include "ui/web.h"
#include "views_desk.h"
#include "json/json.h"

static const char *const fields[CHAN_SETTINGS_MAX] = {"set0", "set1", "set2", "set3",  "set4",  "set5",  "set6",
                                                      "set7", "set8", "set9", "set10", "set11", "set12", "set13"};

/* ---- forms ---- */

/* The rows of a driver's settings; `config` is what is kept (NULL: nothing yet), typed words come before it. */
static void fill_rows(const struct http_req *q, const json_t *config, struct channel_view *v)
{
    bool typed = q->method != HTTP_GET;
    for (const struct chan_setting *s = v->driver->settings; s->name && v->n_rows < CHAN_SETTINGS_MAX; s++) {
        struct setting_row *row = &v->rows[v->n_rows];
        struct sv kept = json_member_sv(config, s->name);
        bool secret = s->flags & SET_SECRET;
        *row = (struct setting_row){.setting = s, .field = fields[v->n_rows], .kept = secret && kept.n};
        if (!secret)
            row->value = typed ? http_kept(q, row->field) : kept;
        v->n_rows++;
    }
}

/* What was typed over what is kept: an empty secret stays as it was, any other empty setting goes. */
static json_t *config_of(const struct http_req *q, const struct chan_driver *d, const json_t *kept)
{
    json_t *config = json_object();
    size_t i = 0;
    for (const struct chan_setting *s = d->settings; config && s->name && i < CHAN_SETTINGS_MAX; s++, i++) {
        struct sv text = http_text(q, fields[i]);
        if (!text.n && s->flags & SET_SECRET)
            text = json_member_sv(kept, s->name);
        if (!text.n && s->choices)
            text = sv_of(s->choices->code);
        if (text.n)
            json_object_set_new(config, s->name, json_stringn(text.p, text.n));
    }
    return config;
}

/* The driver names its settings; the form its fields. */
static void name_fields(struct http_req *q, const struct chan_driver *d)
{
    for (size_t k = 0; k < q->problems.n; k++) {
        const char *name = q->problems.v[k].field;
        size_t i = 0;
        for (const struct chan_setting *s = d->settings; name && s->name && i < CHAN_SETTINGS_MAX; s++, i++)
            if (sv_eq_z(sv_of(s->name), name)) {
                q->problems.v[k].field = fields[i];
                break;
            }
    }
}

/* ---- a new one ---- */

enum pw_err channel_kinds_get(struct http_req *q, struct http_res *r)
{
    struct channel_kinds_view v = {0};
    v.v = chan_drivers(&v.n);
    struct page pg;
    page_begin(&pg, q, r, FACE_STAFF, N_("Connect an app"));
    view_channel_kinds(&pg, &v);
    return page_end(&pg, r);
}

static enum pw_err show_new(struct http_req *q, struct http_res *r, const struct chan_driver *d)
{
    struct channel_view v = {.driver = d, .name = http_kept(q, "name")};
    fill_rows(q, NULL, &v);
    struct page pg;
    page_begin(&pg, q, r, FACE_STAFF, N_("Connect an app"));
    view_channel_new(&pg, &v);
    return page_end(&pg, r);
}

static const struct chan_driver *kind_of(const struct http_req *q)
{
    const struct chan_driver *d = chan_driver_of(q->arg_text[0]);
    return d && d->settings->name ? d : NULL; /* the web is always there */
}

enum pw_err channel_new_get(struct http_req *q, struct http_res *r)
{
    const struct chan_driver *d = kind_of(q);
    return d ? show_new(q, r, d) : PW_NOT_FOUND;
}

enum pw_err channel_new_post(struct http_req *q, struct http_res *r)
{
    const struct chan_driver *d = kind_of(q);
    if (!d)
        return PW_NOT_FOUND;
    if (q->problems.n)
        return show_new(q, r, d);
    json_t *config = config_of(q, d, NULL);
    if (!config)
        return PW_UNAVAILABLE;
    int64_t id;
    enum pw_err e = channel_add(q->ctx, http_text(q, "name"), sv_of(d->kind), config, &id);
    json_decref(config);
    if (e == PW_INVALID || e == PW_CONFLICT) {
        if (e == PW_CONFLICT)
            problem_add(&q->problems, "name", N_("This name is taken. Choose another one."));
        name_fields(q, d);
        return show_new(q, r, d);
    }
    PW_TRY(e);
    PW_TRY(audit(q->ctx, "channel.add", "channel", id, sv_of(d->kind)));
    char text[ID_TEXT + 1];
    return page_done(q, r, arena_fmt(q->arena, "/settings/channels/%s", id_text(id, text).p),
                     N_("The channel is added. Turn it on when the provider is ready."));
}

/* ---- one ---- */

/* What belongs on the other side, without the secrets: a page never shows those. */
static struct sv other_side_of(struct arena *a, const struct channel *ch)
{
    struct channel shown = *ch;
    if (!ch->driver->other_side)
        return (struct sv){0};
    shown.config = json_copy(ch->config);
    for (const struct chan_setting *s = ch->driver->settings; shown.config && s->name; s++)
        if (s->flags & SET_SECRET)
            json_object_set_new(shown.config, s->name, json_string("SECRET"));
    struct sv out = shown.config ? ch->driver->other_side(&shown, a) : (struct sv){0};
    json_decref(shown.config);
    return out;
}

static enum pw_err show_one(struct http_req *q, struct http_res *r)
{
    struct channel_info *all;
    struct channel ch;
    size_t n;
    struct channel_view v = {0};
    PW_TRY(channel_list(q->ctx, &all, &n));
    for (size_t i = 0; i < n; i++)
        if (all[i].id == q->arg[0])
            v.info = all[i];
    if (!v.info.id || !v.info.driver)
        return PW_NOT_FOUND;
    PW_TRY(channel_get(q->ctx, v.info.id, &ch));
    v.driver = v.info.driver;
    v.name = v.info.name;
    if (v.driver->cls != 'C' && !v.driver->open)
        v.webhook =
            arena_fmt(q->arena, "%.*s/hooks/%s/%.*s", SV_ARG(q->ctx->public_url), v.driver->kind, SV_ARG(v.name));
    ch.hook_url = v.webhook;
    v.other_side = other_side_of(q->arena, &ch);
    fill_rows(q, ch.config, &v);
    struct page pg;
    page_begin(&pg, q, r, FACE_STAFF, N_("Channel"));
    view_channel(&pg, &v);
    return page_end(&pg, r);
}

enum pw_err channel_get_page(struct http_req *q, struct http_res *r)
{
    return show_one(q, r);
}

static enum pw_err back_to(struct http_req *q, struct http_res *r, const char *msgid)
{
    char id[ID_TEXT + 1];
    return page_done(q, r, arena_fmt(q->arena, "/settings/channels/%s", id_text(q->arg[0], id).p), msgid);
}

enum pw_err channel_config_post(struct http_req *q, struct http_res *r)
{
    struct channel ch;
    PW_TRY(channel_get(q->ctx, q->arg[0], &ch));
    if (q->problems.n)
        return show_one(q, r);
    json_t *config = config_of(q, ch.driver, ch.config);
    if (!config)
        return PW_UNAVAILABLE;
    enum pw_err e = channel_set_config(q->ctx, ch.id, config);
    json_decref(config);
    if (e == PW_INVALID) {
        name_fields(q, ch.driver);
        return show_one(q, r);
    }
    PW_TRY(e);
    PW_TRY(audit(q->ctx, "channel.config", "channel", ch.id, (struct sv){0}));
    return back_to(q, r, N_("The settings are saved."));
}

enum pw_err channel_switch_post(struct http_req *q, struct http_res *r)
{
    bool on = http_int(q, "enabled") != 0;
    struct channel ch;
    PW_TRY(channel_get(q->ctx, q->arg[0], &ch));
    enum pw_err e = channel_set_enabled(q->ctx, q->arg[0], on);
    if (e == PW_INVALID) {
        name_fields(q, ch.driver);
        return show_one(q, r);
    }
    PW_TRY(e);
    PW_TRY(audit(q->ctx, "channel.switch", "channel", ch.id, on ? SV("on") : SV("off")));
    return back_to(q, r, on ? N_("The channel is on.") : N_("The channel is off."));
}

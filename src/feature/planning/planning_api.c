/* SPDX-License-Identifier: EUPL-1.2 */
/* The planning file, presets, the choice of platform and the promotion kit as JSON. Times RFC 3339 UTC, ids 13
 * characters. */
#include "feature/planning/planning_api.h"

/* What a change answers. */
static enum pw_err changed(struct http_req *q, struct http_res *r, enum pw_err e, http_handler show)
{
    PW_TRY(e);
    return show(q, r);
}

/* ---- the planning file (MSG-4) ---- */

static void write_codes(struct json_w *w, struct sv codes)
{
    struct sv head;
    json_w_array(w);
    while (sv_cut(&codes, ' ', &head))
        json_w_sv(w, head);
    json_w_end(w);
}

static void write_entry(struct json_w *w, const struct plan_entry *e)
{
    const struct plan_field *f = plan_field_of(e->field);
    json_w_object(w);
    json_w_kv_id(w, "id", e->id);
    json_w_kv_sv(w, "field", e->field);
    json_w_kv_z(w, "section", f ? f->section : NULL);
    json_w_key(w, "value");
    if (f && f->kind == PLAN_TICKS)
        write_codes(w, e->value);
    else
        json_w_sv(w, e->value);
    json_w_kv_time(w, "written", e->written_ms);
    json_w_kv_id(w, "by", e->written_by);
    json_w_end(w);
}

static void write_lines(struct json_w *w, const struct plan_file *f)
{
    json_w_key(w, "lines");
    json_w_array(w);
    for (size_t i = 0; i < f->n_lines; i++) {
        json_w_object(w);
        json_w_kv_id(w, "id", f->lines[i].id);
        json_w_kv_sv(w, "list", f->lines[i].list);
        json_w_kv_sv(w, "what", f->lines[i].what);
        json_w_kv_int(w, "number", f->lines[i].number);
        json_w_kv_sv(w, "note", f->lines[i].note);
        json_w_end(w);
    }
    json_w_end(w);
}

static void write_readiness(struct json_w *w, const struct readiness *v)
{
    static const char *const states[] = {[READY_YES] = "yes", [READY_UNSURE] = "unsure", [READY_NO] = "no"};
    json_w_key(w, "readiness");
    json_w_array(w);
    for (size_t i = 0; i < v->n; i++) {
        json_w_object(w);
        json_w_kv_z(w, "line", v->v[i].code);
        json_w_kv_sv(w, "organisation", v->v[i].arg);
        json_w_kv_z(w, "state", states[v->v[i].state]);
        json_w_end(w);
    }
    json_w_end(w);
    json_w_kv_int(w, "open_lines", (int64_t)v->open);
}

static void write_overrides(struct json_w *w, const struct plan_file *f)
{
    json_w_key(w, "overrides");
    json_w_array(w);
    for (size_t i = 0; i < f->n_overrides; i++) {
        json_w_object(w);
        json_w_kv_time(w, "at", f->overrides[i].at_ms);
        json_w_kv_id(w, "by", f->overrides[i].by_person);
        json_w_key(w, "lines");
        write_codes(w, f->overrides[i].lines);
        json_w_kv_sv(w, "reason", f->overrides[i].reason);
        json_w_end(w);
    }
    json_w_end(w);
}

static void write_seats(struct json_w *w, const struct partner_seat *v, size_t n)
{
    json_w_key(w, "partners");
    json_w_array(w);
    for (size_t i = 0; i < n; i++) {
        json_w_object(w);
        json_w_kv_id(w, "id", v[i].org_id);
        json_w_kv_sv(w, "name", v[i].org);
        json_w_kv_sv(w, "administrators", v[i].names);
        json_w_end(w);
    }
    json_w_end(w);
}

enum pw_err api_plan(struct http_req *q, struct http_res *r)
{
    struct ctx *c = q->ctx;
    struct community com;
    struct plan_file f;
    struct readiness ready;
    struct workload work;
    struct partner_seat *seats;
    size_t n_seats;
    struct json_w w;
    PW_TRY(plan_open(c, q->arg[0], &com, &f));
    PW_TRY(plan_readiness(c, &com, &f, &ready));
    PW_TRY(workload_of(c, &com, &work));
    PW_TRY(partner_seats(c, &com, &seats, &n_seats));
    int64_t seen = 0;
    json_w_init(&w, &r->body);
    json_w_object(&w);
    json_w_kv_id(&w, "community", com.id);
    json_w_kv_z(&w, "status", community_status_code(com.status));
    json_w_kv_time(&w, "started", f.plan.started_ms);
    json_w_kv_sv(&w, "preset", f.plan.preset);
    json_w_kv_bool(&w, "needs_file", f.plan.needs_file);
    json_w_kv_bool(&w, "partner_admins", f.plan.partner_admins);
    json_w_kv_int(&w, "per_moderator", f.plan.per_moderator);
    json_w_key(&w, "entries");
    json_w_array(&w);
    for (size_t i = 0; i < f.n_entries; i++) {
        write_entry(&w, &f.entries[i]);
        seen = f.entries[i].id > seen ? f.entries[i].id : seen;
    }
    json_w_end(&w);
    json_w_kv_id(&w, "seen", seen);
    write_lines(&w, &f);
    write_readiness(&w, &ready);
    write_overrides(&w, &f);
    write_seats(&w, seats, n_seats);
    json_w_key(&w, "workload");
    json_w_object(&w);
    json_w_kv_int(&w, "members", work.members);
    json_w_kv_int(&w, "moderators", work.moderators);
    json_w_kv_bool(&w, "alert", work.on);
    json_w_end(&w);
    json_w_end(&w);
    return api_done(&w);
}

enum pw_err api_plan_write(struct http_req *q, struct http_res *r)
{
    struct plan_typed *v = arena_array(q->arena, struct plan_typed, plan_fields_n);
    size_t n = 0;
    if (!v)
        return PW_UNAVAILABLE;
    for (size_t i = 0; i < plan_fields_n; i++)
        if (http_given(q, plan_fields[i].code))
            v[n++] = (struct plan_typed){sv_of(plan_fields[i].code), plan_typed_value(q, &plan_fields[i])};
    return changed(q, r, plan_write(q->ctx, q->arg[0], v, n, http_int(q, "seen")), api_plan);
}

enum pw_err api_plan_history(struct http_req *q, struct http_res *r)
{
    struct plan_entry *v;
    size_t n;
    struct json_w w;
    PW_TRY(plan_history(q->ctx, q->arg[0], q->arg_text[1], &v, &n));
    api_list_begin(&w, r, "entries");
    for (size_t i = 0; i < n; i++)
        write_entry(&w, &v[i]);
    return api_list_whole(&w);
}

enum pw_err api_plan_line(struct http_req *q, struct http_res *r)
{
    return changed(q, r,
                   plan_line_write(q->ctx, q->arg[0], http_text(q, "list"), http_text(q, "what"), http_int(q, "number"),
                                   http_text(q, "note")),
                   api_plan);
}

enum pw_err api_plan_line_remove(struct http_req *q, struct http_res *r)
{
    return changed(q, r, plan_line_remove(q->ctx, q->arg[0], q->arg[1]), api_plan);
}

enum pw_err api_plan_launch(struct http_req *q, struct http_res *r)
{
    return changed(q, r, plan_launch(q->ctx, q->arg[0], http_text(q, "reason")), api_plan);
}

enum pw_err api_plan_settings(struct http_req *q, struct http_res *r)
{
    struct plan_settings s = {http_int(q, "needs_file") != 0, http_int(q, "partner_admins") != 0,
                              http_int(q, "per_moderator")};
    return changed(q, r, plan_set(q->ctx, q->arg[0], &s), api_plan);
}

enum pw_err api_plan_seat(struct http_req *q, struct http_res *r)
{
    return changed(q, r, partner_admin_name(q->ctx, q->arg[0], http_int(q, "org"), http_int(q, "person")), api_plan);
}

/* ---- presets and the design (CONF-1, CONF-2) ---- */

static void write_preset(struct json_w *w, const struct preset *p, bool with_text)
{
    json_w_object(w);
    json_w_kv_sv(w, "code", p->code);
    json_w_kv_sv(w, "name", p->name);
    json_w_kv_sv(w, "about", p->about);
    json_w_kv_bool(w, "program", p->program);
    json_w_key(w, "sets");
    json_w_array(w);
    for (size_t i = 0; i < p->n_sets; i++)
        json_w_sv(w, p->sets[i]);
    json_w_end(w);
    if (with_text)
        json_w_kv_sv(w, "design", p->text);
    json_w_end(w);
}

enum pw_err api_presets(struct http_req *q, struct http_res *r)
{
    struct preset *v;
    size_t n;
    struct json_w w;
    PW_TRY(preset_list(q->ctx, &v, &n));
    api_list_begin(&w, r, "presets");
    for (size_t i = 0; i < n; i++)
        write_preset(&w, &v[i], false);
    return api_list_whole(&w);
}

enum pw_err api_preset(struct http_req *q, struct http_res *r)
{
    struct preset p;
    struct json_w w;
    PW_TRY(preset_get(q->ctx, q->arg_text[0], &p));
    json_w_init(&w, &r->body);
    write_preset(&w, &p, true);
    return api_done(&w);
}

static enum pw_err write_design(struct http_req *q, struct http_res *r, int64_t community_id)
{
    struct json_w w;
    struct buf text;
    buf_init(&text, JSON_TEXT_MAX);
    enum pw_err e = community_text_write(q->ctx, community_id, &text);
    json_w_init(&w, &r->body);
    json_w_object(&w);
    json_w_kv_id(&w, "community", community_id);
    json_w_kv_sv(&w, "design", buf_sv(&text));
    json_w_end(&w);
    bool whole = buf_ok(&text);
    buf_finish(&text);
    PW_TRY(e);
    return whole ? api_done(&w) : PW_INTERNAL;
}

enum pw_err api_preset_use(struct http_req *q, struct http_res *r)
{
    int64_t id;
    struct preset p;
    PW_TRY(preset_get(q->ctx, q->arg_text[0], &p));
    PW_TRY(preset_use(q->ctx, p.code, http_text(q, "slug"), &id));
    r->status = 201;
    return write_design(q, r, id);
}

enum pw_err api_design(struct http_req *q, struct http_res *r)
{
    struct community com;
    PW_TRY(community_get(q->ctx, q->arg[0], &com));
    if (!community_may_admin(q->ctx, &com))
        return PW_NOT_FOUND;
    return write_design(q, r, com.id);
}

/* ---- choice of platform (MSG-5) ---- */

static const char *const levels[] = {[LEVEL_NOT] = "not", [LEVEL_SOMEWHAT] = "somewhat", [LEVEL_VERY] = "very"};

static void write_rank(struct json_w *w, struct ctx *c, const struct platform_view *v, const struct platform_rank *k)
{
    static const char *const does[] = {[DOES_NOT] = "no", [DOES_PARTLY] = "partly", [DOES_WELL] = "well"};
    static const char *const familiar[] = {"few", "some", "many"};
    json_w_object(w);
    json_w_kv_z(w, "platform", k->p->code);
    json_w_kv_sv(w, "name", k->p->name_msgid ? say(c, c->lang, k->p->name_msgid, NULL, 0) : sv_of(k->p->name));
    json_w_kv_int(w, "users", k->users);
    json_w_kv_z(w, "familiar", familiar[k->familiar]);
    json_w_kv_int(w, "very", k->very);
    json_w_kv_int(w, "very_of", k->very_of);
    json_w_kv_int(w, "somewhat", k->somewhat);
    json_w_kv_int(w, "somewhat_of", k->somewhat_of);
    json_w_key(w, "does");
    json_w_object(w);
    for (int f = F_AUDIENCE + 1; f < F__MAX; f++)
        json_w_kv_z(w, plan_factor_names[f], does[platform_does(k->p, (enum factor)f, v->wish.at_once)]);
    json_w_end(w);
    json_w_kv_bool(w, "here", k->p->driver != NULL);
    json_w_end(w);
}

enum pw_err api_platforms(struct http_req *q, struct http_res *r)
{
    struct ctx *c = q->ctx;
    struct community com;
    struct plan_file f;
    struct platform_view *v = arena_new(q->arena, struct platform_view);
    struct json_w w;
    if (!v)
        return PW_UNAVAILABLE;
    PW_TRY(plan_open(c, q->arg[0], &com, &f));
    PW_TRY(platform_load(c, &f, v));
    json_w_init(&w, &r->body);
    json_w_object(&w);
    json_w_kv_int(&w, "asked", v->asked);
    json_w_kv_int(&w, "at_once", v->wish.at_once);
    json_w_key(&w, "factors");
    json_w_object(&w);
    for (int k = F_AUDIENCE + 1; k < F__MAX; k++)
        json_w_kv_z(&w, plan_factor_names[k], levels[v->wish.level[k]]);
    json_w_end(&w);
    json_w_key(&w, "own");
    json_w_array(&w);
    for (size_t i = 0; i < f.n_lines; i++) {
        const struct plan_line *l = &f.lines[i];
        if (!sv_eq_z(l->list, "factor"))
            continue;
        json_w_object(&w);
        json_w_kv_id(&w, "id", l->id);
        json_w_kv_sv(&w, "what", l->what);
        json_w_kv_z(&w, "level", levels[l->number > LEVEL_VERY ? LEVEL_VERY : l->number]);
        json_w_key(&w, "does");
        write_codes(&w, l->note);
        json_w_end(&w);
    }
    json_w_end(&w);
    json_w_key(&w, "ranking");
    json_w_array(&w);
    for (size_t i = 0; i < v->n; i++)
        write_rank(&w, c, v, &v->ranks[i]);
    json_w_end(&w);
    json_w_kv_sv(&w, "platform", v->chosen);
    json_w_kv_sv(&w, "why", v->why);
    json_w_end(&w);
    return api_done(&w);
}

enum pw_err api_platforms_write(struct http_req *q, struct http_res *r)
{
    struct plan_typed v[F__MAX + 3];
    size_t n = plan_typed_platform(q, v);
    return changed(q, r, platform_write(q->ctx, q->arg[0], v, n, http_int(q, "seen")), api_platforms);
}

enum pw_err api_platforms_own(struct http_req *q, struct http_res *r)
{
    return changed(q, r,
                   plan_line_write(q->ctx, q->arg[0], SV("factor"), http_text(q, "what"),
                                   plan_level(http_text(q, "level")), plan_codes(q, "does")),
                   api_platforms);
}

enum pw_err api_platforms_own_remove(struct http_req *q, struct http_res *r)
{
    return changed(q, r, plan_line_remove(q->ctx, q->arg[0], q->arg[1]), api_platforms);
}

/* ---- promotion kit (MSG-19) ---- */

static void write_messages(struct json_w *w, struct ctx *c, const struct community *com, const struct plan_file *f)
{
    struct sv rest = com->languages, lang;
    json_w_key(w, "messages");
    json_w_array(w);
    while (sv_cut(&rest, ' ', &lang)) {
        json_w_object(w);
        json_w_kv_sv(w, "lang", lang);
        for (int i = 0; i < 3; i++)
            json_w_kv_sv(w, promo_lengths[i], promo_message(c, f, i, lang));
        json_w_end(w);
    }
    json_w_end(w);
}

static void write_places(struct json_w *w, const struct promo_place *v, size_t n)
{
    json_w_key(w, "places");
    json_w_array(w);
    for (size_t i = 0; i < n; i++) {
        json_w_object(w);
        json_w_kv_id(w, "id", v[i].id);
        json_w_kv_sv(w, "code", v[i].code);
        json_w_kv_sv(w, "place", v[i].place);
        json_w_kv_sv(w, "item", v[i].item);
        json_w_kv_sv(w, "lang", v[i].lang);
        json_w_kv_sv(w, "placed_on", v[i].placed_on);
        json_w_kv_sv(w, "link", v[i].link);
        json_w_kv_int(w, "requests", v[i].requests);
        json_w_kv_int(w, "accepted", v[i].accepted);
        json_w_end(w);
    }
    json_w_end(w);
}

enum pw_err api_promotion(struct http_req *q, struct http_res *r)
{
    struct ctx *c = q->ctx;
    struct community com;
    struct plan_file f;
    struct promo_place *places;
    struct join_source *sources;
    size_t n_places, n_sources;
    struct json_w w;
    struct sv link;
    PW_TRY(plan_open(c, q->arg[0], &com, &f));
    PW_TRY(promo_link(c, &com, (struct sv){0}, &link));
    PW_TRY(promo_places(c, &com, &places, &n_places));
    PW_TRY(join_sources(c, com.id, &sources, &n_sources));
    json_w_init(&w, &r->body);
    json_w_object(&w);
    json_w_kv_sv(&w, "link", link);
    write_messages(&w, c, &com, &f);
    write_places(&w, places, n_places);
    json_w_key(&w, "sources");
    json_w_array(&w);
    for (size_t i = 0; i < n_sources; i++) {
        json_w_object(&w);
        json_w_kv_sv(&w, "source", sources[i].source);
        json_w_kv_int(&w, "requests", sources[i].requests);
        json_w_kv_int(&w, "accepted", sources[i].accepted);
        json_w_end(&w);
    }
    json_w_end(&w);
    json_w_end(&w);
    return api_done(&w);
}

enum pw_err api_promotion_write(struct http_req *q, struct http_res *r)
{
    struct sv words[3];
    for (int i = 0; i < 3; i++)
        words[i] = http_text(q, promo_lengths[i]);
    return changed(q, r, promo_messages_write(q->ctx, q->arg[0], http_text(q, "lang_of"), words, http_int(q, "seen")),
                   api_promotion);
}

enum pw_err api_promotion_place(struct http_req *q, struct http_res *r)
{
    struct promo_place_new p = promo_typed(q);
    struct sv code;
    return changed(q, r, promo_place_add(q->ctx, q->arg[0], &p, &code), api_promotion);
}

enum pw_err api_promotion_place_remove(struct http_req *q, struct http_res *r)
{
    return changed(q, r, promo_place_remove(q->ctx, q->arg[0], q->arg[1]), api_promotion);
}

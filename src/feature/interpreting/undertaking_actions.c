/* SPDX-License-Identifier: EUPL-1.2 */
/* Confidentiality undertakings: the text, and who gave it when. */
#include "base/id.h"
#include "core/audit.h"
#include "core/people.h"
#include "feature/interpreting/interpreting_room.h"
#include "feature/person/person_kit.h"

#define DOC_OWNER SV("interpreting")
enum { DOC_BODY_CHARS = 20000, TITLE_CHARS = 150 };

/* The text that is shipped, paragraph by paragraph; each language has its own in the catalogues. */
#define SHIPPED_TITLE N_("Confidentiality undertaking of an interpreter")
static const char *const shipped[] = {
    N_("I interpret between people and those who welcome and support them. I promise:"),
    N_("- To keep secret all that I hear, read or see in this work, also the fact that a person asks for help, during "
       "it "
       "and for ever after."),
    N_("- To interpret everything that is said, completely and exactly, without adding, leaving out or advising."),
    N_("- To say so at once when I know the person or their family, or when something keeps me from being impartial."),
    N_("- To keep no notes, recordings or contact data of a person, and not to contact them outside the appointments."),
    N_("- To speak to nobody of it except the staff who asked me, and to tell them at once when a secret was not "
       "kept."),
};
static const char *const shipped_langs[] = {"fr", "en", "ar"};
enum { SHIPPED_LINES = sizeof shipped / sizeof *shipped, SHIPPED_LANGS = 3 };

static const struct {
    const char *code, *label;
} methods[METHOD__MAX] = {
    [METHOD_SIGNATURE] = {"signature", N_("Signature")},
    [METHOD_RECORDED_VOICE] = {"voice", N_("Recorded voice")},
    [METHOD_WITNESSED] = {"witnessed", N_("Before a witness")},
    [METHOD_ONLINE] = {"online", N_("Online")},
};

const char *undertaking_method_code(enum consent_method m)
{
    return methods[m].code;
}

const char *undertaking_method_label(enum consent_method m)
{
    return methods[m].label;
}

/* ---- the text ---- */

static struct doc_text shipped_text(struct ctx *c, struct sv lang)
{
    struct doc_text t = {.lang = SV("fr"), .source_lang = SV("fr")};
    for (size_t i = 0; i < SHIPPED_LANGS; i++)
        if (sv_starts(lang, sv_of(shipped_langs[i])))
            t.lang = sv_of(shipped_langs[i]);
    t.title = say(c, t.lang, SHIPPED_TITLE, NULL, 0);
    for (size_t i = 0; i < SHIPPED_LINES; i++) {
        struct sv line = say(c, t.lang, shipped[i], NULL, 0);
        t.body = i ? arena_join(c->arena, arena_join(c->arena, t.body, i > 1 ? SV("\n") : SV("\n\n")), line) : line;
    }
    return t;
}

static enum pw_err find_doc(struct ctx *c, int64_t *ret)
{
    enum pw_err e = doc_find(c, DOC_CONSENT, DOC_OWNER, 0, ret);
    if (e == PW_NOT_FOUND)
        *ret = 0;
    return e == PW_NOT_FOUND ? PW_OK : e;
}

/* What somebody signs or changes becomes a document; until then the shipped text may still follow the release. */
static enum pw_err ensure_doc(struct ctx *c, int64_t *ret)
{
    int64_t version;
    PW_TRY(find_doc(c, ret));
    if (*ret)
        return PW_OK;
    PW_TRY(doc_create(c, DOC_CONSENT, DOC_OWNER, 0, false, ret));
    for (size_t i = 0; i < SHIPPED_LANGS; i++) {
        struct doc_text t = shipped_text(c, sv_of(shipped_langs[i]));
        PW_TRY(doc_write(c, *ret, t.lang, t.title, t.body, i == 0, &version));
    }
    return PW_OK;
}

/* Staff who book, and whoever is an interpreter with an account. */
static enum pw_err need_reader(struct ctx *c)
{
    struct interpreter own;
    return interpreting_may_book(c) ? PW_OK : interpreter_own(c, &own);
}

enum pw_err undertaking_text(struct ctx *c, struct sv lang, struct doc_text *ret)
{
    int64_t doc;
    PW_TRY(need_reader(c));
    PW_TRY(find_doc(c, &doc));
    if (doc)
        return doc_read(c, doc, lang, 0, ret);
    *ret = shipped_text(c, lang);
    return PW_OK;
}

enum pw_err undertaking_langs(struct ctx *c, struct doc_text **ret, size_t *ret_n)
{
    int64_t doc;
    PW_TRY(need_reader(c));
    PW_TRY(find_doc(c, &doc));
    if (doc)
        return doc_langs(c, doc, ret, ret_n);
    struct doc_text *v = arena_array(c->arena, struct doc_text, SHIPPED_LANGS);
    if (!v)
        return PW_UNAVAILABLE;
    for (size_t i = 0; i < SHIPPED_LANGS; i++)
        v[i] = shipped_text(c, sv_of(shipped_langs[i]));
    *ret = v;
    *ret_n = SHIPPED_LANGS;
    return PW_OK;
}

enum pw_err undertaking_write(struct ctx *c, struct sv lang, struct sv title, struct sv body, bool is_source)
{
    int64_t doc, version;
    if (!interpreting_may_manage(c))
        return PW_NOT_FOUND;
    NOTED(take_line(c, "title", true, TITLE_CHARS, &title));
    NOTED(take_text(c, "body", true, DOC_BODY_CHARS, &body));
    if (!language_offered(lang))
        problem_add(c->problems, "lang", N_("Choose one of the list."));
    if (c->problems->n)
        return PW_INVALID;
    PW_TRY(ensure_doc(c, &doc));
    return doc_write(c, doc, lang, title, body, is_source, &version);
}

/* ---- who gave it ---- */

enum pw_err undertaking_cover(struct ctx *c, int64_t interpreter_id, int64_t first_day, int64_t last_day,
                              enum promise_cover *ret)
{
    struct undertaking *u;
    size_t n;
    PW_TRY(undertaking_rows(c, interpreter_id, &u, &n));
    struct promise_span *v = arena_array(c->arena, struct promise_span, n + 1);
    if (!v)
        return PW_UNAVAILABLE;
    for (size_t i = 0; i < n; i++)
        v[i] = (struct promise_span){u[i].signed_day, u[i].until_day};
    *ret = promise_covers(v, n, first_day, last_day);
    return PW_OK;
}

static enum pw_err check_days(struct ctx *c, const struct undertaking_new *n, struct undertaking *u)
{
    int64_t today = interpreting_today(c);
    if (!civil_parse_date(n->signed_on, &u->signed_day))
        problem_add(c->problems, "signed_on", N_("Write a date as year-month-day, such as 2026-03-04."));
    else if (u->signed_day > today)
        problem_add(c->problems, "signed_on", N_("An undertaking is recorded once it was given: not in the future."));
    if (n->until_on.n && !civil_parse_date(n->until_on, &u->until_day))
        return problem_add(c->problems, "until_on", N_("Write a date as year-month-day, such as 2026-03-04."));
    if (n->until_on.n && (u->until_day < u->signed_day || u->until_day < today))
        return problem_add(c->problems, "until_on", N_("The last day lies before today. Leave it empty for no end."));
    return PW_OK;
}

enum pw_err undertaking_record(struct ctx *c, int64_t interpreter_id, const struct undertaking_new *n)
{
    struct interpreter i;
    struct undertaking u = {.id = id_new(), .interpreter_id = interpreter_id};
    struct doc_text text;
    int64_t doc;
    int method = -1;
    if (!interpreting_may_manage(c))
        return PW_NOT_FOUND;
    PW_TRY(interpreter_row(c, interpreter_id, &i));
    for (int m = 0; m < METHOD_ONLINE; m++) /* on paper, by voice, before a witness: there is no form for it online */
        if (sv_eq_z(n->method, methods[m].code))
            method = m;
    if (method < 0)
        problem_add(c->problems, "method", N_("Choose one of the list."));
    NOTED(check_days(c, n, &u));
    if (c->problems->n)
        return PW_INVALID;
    u.method = (enum consent_method)method;
    PW_TRY(ensure_doc(c, &doc));
    PW_TRY(doc_read(c, doc, n->lang.n ? n->lang : c->lang, 0, &text));
    u.doc_version = text.version;
    u.lang = text.lang;
    PW_TRY(undertaking_insert(c, &u, doc));
    return audit(c, "undertaking.record", "interpreter", interpreter_id,
                 arena_fmt(c->arena, "version=%lld method=%s", (long long)u.doc_version, methods[method].code));
}

enum pw_err undertaking_end(struct ctx *c, int64_t interpreter_id, int64_t id)
{
    if (!interpreting_may_manage(c))
        return PW_NOT_FOUND;
    PW_TRY(undertaking_save_until(c, interpreter_id, id, interpreting_today(c) - 1));
    return audit(c, "undertaking.end", "interpreter", interpreter_id, (struct sv){0});
}

enum pw_err undertaking_list(struct ctx *c, int64_t interpreter_id, struct undertaking **ret, size_t *ret_n)
{
    struct interpreter i;
    struct undertaking *v;
    size_t n;
    int64_t today = interpreting_today(c);
    PW_TRY(interpreter_row(c, interpreter_id, &i));
    if (!interpreting_may_book(c) && (!c->actor->person_id || i.person_id != c->actor->person_id))
        return PW_NOT_FOUND;
    PW_TRY(undertaking_rows(c, interpreter_id, &v, &n));
    int64_t *ids = arena_array(c->arena, int64_t, n + 1);
    struct person *p = arena_array(c->arena, struct person, n + 1);
    if (!ids || !p)
        return PW_UNAVAILABLE;
    for (size_t k = 0; k < n; k++)
        ids[k] = v[k].recorded_by;
    PW_TRY(person_get_many(c, ids, n, p));
    for (size_t k = 0; k < n; k++) {
        struct promise_span s = {v[k].signed_day, v[k].until_day};
        v[k].recorded_name = p[k].display_name;
        v[k].in_force = promise_covers(&s, 1, today, today) == PROMISE_HOLDS;
    }
    *ret = v;
    *ret_n = n;
    return PW_OK;
}

/* SPDX-License-Identifier: EUPL-1.2 */
#include "core/document.h"

#include "base/id.h"
#include "core/access.h"
#include "core/audit.h"
#include "core/core_text.h"
#include "work/work.h"

enum { TITLE_MAX_CHARS = 200, BODY_MAX = 256 * 1024 };

DB_STMT(doc_insert,
        "INSERT INTO document (id, kind, owner, owner_id, is_public, version, source_lang, created_ms) VALUES ($1, $2, "
        "$3, $4, $5, 0, '', $6)");
DB_STMT(doc_select, "SELECT version, source_lang, is_public FROM document WHERE id = $1");
DB_STMT(doc_select_owner,
        "SELECT id FROM document WHERE owner = $1 AND owner_id = $2 AND kind = $3 ORDER BY id DESC LIMIT 1");
/* two writers at once: the second finds another version and starts again */
DB_STMT(doc_move, "UPDATE document SET version = $2, source_lang = $3 WHERE id = $1 AND version = $4");
DB_STMT(doc_version_insert,
        "INSERT INTO document_version (doc_id, version, source_lang, made_ms, made_by) VALUES ($1, $2, $3, $4, $5)");
DB_STMT(doc_text_insert,
        "INSERT INTO document_text (doc_id, version, lang, revision, title, body, written_ms, written_by) VALUES ($1, "
        "$2, $3, $4, $5, $6, $7, $8)");
DB_STMT(doc_revision,
        "SELECT revision FROM document_text WHERE doc_id = $1 AND lang = $2 AND version = $3 ORDER BY revision DESC "
        "LIMIT 1");
DB_STMT(doc_latest_version,
        "SELECT version FROM document_text WHERE doc_id = $1 AND lang = $2 ORDER BY version DESC LIMIT 1");
#define TEXT_COLUMNS                                                                                                   \
    "SELECT t.version, t.lang, v.source_lang, t.title, t.body, t.written_ms, t.written_by FROM document_text t JOIN "  \
    "document_version v ON v.doc_id = t.doc_id AND v.version = t.version WHERE t.doc_id = $1 AND t.lang = $2 "
DB_STMT(doc_text_latest, TEXT_COLUMNS "ORDER BY t.version DESC, t.revision DESC LIMIT 1");
DB_STMT(doc_text_exact, TEXT_COLUMNS "AND t.version = $3 ORDER BY t.revision DESC LIMIT 1");
DB_STMT(doc_version_lang, "SELECT source_lang FROM document_version WHERE doc_id = $1 AND version = $2");
DB_STMT(doc_text_langs,
        "SELECT t.version, t.lang, v.source_lang, t.title, t.written_ms, t.written_by FROM document_text t JOIN "
        "document_version v ON v.doc_id = t.doc_id AND v.version = t.version WHERE t.doc_id = $1 ORDER BY t.lang, "
        "t.version DESC, t.revision DESC");

struct doc {
    int64_t version;
    struct sv source_lang;
    bool is_public;
};
static enum pw_err doc_load(struct ctx *c, int64_t doc_id, struct doc *ret)
{
    struct db_rows r;
    PW_TRY(db_one(c->db, c->arena, &doc_select, DB_ARGS(DB_I(doc_id)), &r));
    *ret = (struct doc){db_int(&r, 0, 0), db_text(&r, 0, 1), db_int(&r, 0, 2) != 0};
    return PW_OK;
}

enum pw_err doc_create(struct ctx *c, enum doc_kind kind, struct sv owner, int64_t owner_id, bool is_public,
                       int64_t *ret_id)
{
    if ((unsigned)kind >= DOC__MAX || !owner.n || owner.n > 40)
        return PW_INVALID;
    int64_t id = id_new();
    PW_TRY(db_exec(c->db, &doc_insert,
                   DB_ARGS(DB_I(id), DB_I(kind), DB_T(owner), DB_I(owner_id), DB_I(is_public), DB_I(c->now_ms)), NULL));
    PW_TRY(audit(c, "document.create", "document", id, arena_fmt(c->arena, "kind=%d", (int)kind)));
    *ret_id = id;
    return PW_OK;
}

static enum pw_err put_text(struct ctx *c, int64_t doc_id, int64_t version, struct sv lang, struct sv title,
                            struct sv body)
{
    struct db_rows r;
    int64_t revision = 1;
    enum pw_err e = db_one(c->db, c->arena, &doc_revision, DB_ARGS(DB_I(doc_id), DB_T(lang), DB_I(version)), &r);
    if (e == PW_OK)
        revision = db_int(&r, 0, 0) + 1;
    else if (e != PW_NOT_FOUND)
        return e;
    return db_exec(c->db, &doc_text_insert,
                   DB_ARGS(DB_I(doc_id), DB_I(version), DB_T(lang), DB_I(revision), DB_T(title), DB_T(body),
                           DB_I(c->now_ms), DB_I_OR_NULL(c->actor->person_id)),
                   NULL);
}

enum pw_err doc_write(struct ctx *c, int64_t doc_id, struct sv lang, struct sv title, struct sv body, bool is_source,
                      int64_t *ret_version)
{
    struct doc d;
    struct sv clean_title, clean_body;
    PW_TRY(doc_load(c, doc_id, &d));
    enum pw_err el = field_lang(c, "lang", lang, true);
    enum pw_err et = field_line(c, "title", title, TITLE_MAX_CHARS, false, &clean_title);
    enum pw_err eb = field_text(c, "body", body, BODY_MAX, true, &clean_body);
    PW_TRY(el);
    PW_TRY(et);
    PW_TRY(eb);
    if (!is_source && !d.version)
        return problem_add(c->problems, "lang", N_("Write the text in its first language before you translate it."));
    if (!is_source && sv_eq(lang, d.source_lang))
        return problem_add(c->problems, "lang",
                           N_("This is the language of the original. Change the original instead."));
    int64_t version = d.version + (is_source ? 1 : 0);
    if (is_source) {
        int64_t changed = 0;
        PW_TRY(db_exec(c->db, &doc_move, DB_ARGS(DB_I(doc_id), DB_I(version), DB_T(lang), DB_I(d.version)), &changed));
        if (!changed)
            return PW_CONFLICT;
        PW_TRY(db_exec(
            c->db, &doc_version_insert,
            DB_ARGS(DB_I(doc_id), DB_I(version), DB_T(lang), DB_I(c->now_ms), DB_I_OR_NULL(c->actor->person_id)),
            NULL));
    }
    PW_TRY(put_text(c, doc_id, version, lang, clean_title, clean_body));
    struct sv detail =
        arena_fmt(c->arena, "version=%lld lang=%.*s source=%d", (long long)version, SV_ARG(lang), is_source);
    PW_TRY(audit(c, "document.write", "document", doc_id, detail));
    struct sv data = arena_fmt(c->arena, "{\"version\":%lld,\"lang\":\"%.*s\",\"source\":%s}", (long long)version,
                               SV_ARG(lang), is_source ? "true" : "false");
    PW_TRY(event_append(c->db, SV("document.changed"), doc_id, data, c->now_ms));
    *ret_version = version;
    return PW_OK;
}

/* A language is out of date once a newer source exists than the newest text it has. */
static enum pw_err is_stale(struct ctx *c, int64_t doc_id, struct sv lang, int64_t current, bool *ret)
{
    struct db_rows r;
    PW_TRY(db_one(c->db, c->arena, &doc_latest_version, DB_ARGS(DB_I(doc_id), DB_T(lang)), &r));
    *ret = db_int(&r, 0, 0) < current;
    return PW_OK;
}

static enum pw_err text_of(struct ctx *c, int64_t doc_id, struct sv lang, int64_t version, struct doc_text *ret)
{
    struct db_rows r;
    if (version)
        PW_TRY(db_one(c->db, c->arena, &doc_text_exact, DB_ARGS(DB_I(doc_id), DB_T(lang), DB_I(version)), &r));
    else
        PW_TRY(db_one(c->db, c->arena, &doc_text_latest, DB_ARGS(DB_I(doc_id), DB_T(lang)), &r));
    *ret = (struct doc_text){.doc_id = doc_id,
                             .version = db_int(&r, 0, 0),
                             .lang = db_text(&r, 0, 1),
                             .source_lang = db_text(&r, 0, 2),
                             .title = db_text(&r, 0, 3),
                             .body = db_text(&r, 0, 4),
                             .written_ms = db_int(&r, 0, 5),
                             .written_by = db_int(&r, 0, 6)};
    return PW_OK;
}

enum pw_err doc_read(struct ctx *c, int64_t doc_id, struct sv lang, int64_t version, struct doc_text *ret)
{
    struct doc d;
    struct doc_text t;
    PW_TRY(doc_load(c, doc_id, &d));
    if (!d.is_public && c->actor->kind == ACTOR_ANONYMOUS)
        return PW_NOT_FOUND;
    enum pw_err e = text_of(c, doc_id, lang, version, &t);
    if (e == PW_NOT_FOUND && !version) {
        e = text_of(c, doc_id, d.source_lang, d.version, &t);
    } else if (e == PW_NOT_FOUND) {
        struct db_rows r;
        PW_TRY(db_one(c->db, c->arena, &doc_version_lang, DB_ARGS(DB_I(doc_id), DB_I(version)), &r));
        e = text_of(c, doc_id, db_text(&r, 0, 0), version, &t);
    }
    PW_TRY(e);
    PW_TRY(is_stale(c, doc_id, t.lang, d.version, &t.out_of_date));
    *ret = t;
    return PW_OK;
}

enum pw_err doc_find(struct ctx *c, enum doc_kind kind, struct sv owner, int64_t owner_id, int64_t *ret_id)
{
    struct db_rows r;
    PW_TRY(db_one(c->db, c->arena, &doc_select_owner, DB_ARGS(DB_T(owner), DB_I(owner_id), DB_I(kind)), &r));
    *ret_id = db_int(&r, 0, 0);
    return PW_OK;
}

enum pw_err doc_langs(struct ctx *c, int64_t doc_id, struct doc_text **ret, size_t *ret_n)
{
    struct doc d;
    struct db_rows r;
    PW_TRY(doc_load(c, doc_id, &d));
    if (!d.is_public && c->actor->kind == ACTOR_ANONYMOUS)
        return PW_NOT_FOUND;
    PW_TRY(db_query(c->db, c->arena, &doc_text_langs, DB_ARGS(DB_I(doc_id)), &r));
    struct doc_text *v = arena_array(c->arena, struct doc_text, r.n ? r.n : 1);
    if (!v)
        return PW_INTERNAL;
    size_t n = 0;
    for (size_t i = 0; i < r.n; i++) {
        struct sv lang = db_text(&r, i, 1);
        if (n && sv_eq(v[n - 1].lang, lang))
            continue; /* an older one of the same language */
        v[n++] = (struct doc_text){.doc_id = doc_id,
                                   .version = db_int(&r, i, 0),
                                   .lang = lang,
                                   .source_lang = db_text(&r, i, 2),
                                   .title = db_text(&r, i, 3),
                                   .out_of_date = db_int(&r, i, 0) < d.version,
                                   .written_ms = db_int(&r, i, 4),
                                   .written_by = db_int(&r, i, 5)};
    }
    for (size_t i = 1; i < n; i++) /* the original first */
        if (sv_eq(v[i].lang, d.source_lang)) {
            struct doc_text source = v[i];
            for (size_t k = i; k > 0; k--)
                v[k] = v[k - 1];
            v[0] = source;
        }
    *ret = v;
    *ret_n = n;
    return PW_OK;
}

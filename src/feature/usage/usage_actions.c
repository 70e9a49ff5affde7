/* SPDX-License-Identifier: EUPL-1.2 */
/* What people do with the numbers: say what the platform shows, note causes, choose categories, take over old tables,
 * publish a summary. */
#include "base/id.h"
#include "feature/usage/usage_store.h"

enum { NOTE_CHARS = 500, NAME_CHARS = 80, SUMMARY_CHARS = 2000 };
#define MEMBERS_SANE INT64_C(100000000)

static enum pw_err fact(struct ctx *c, const char *name, const struct community *com, int64_t month)
{
    struct sv detail = month ? arena_fmt(c->arena, "month=%.*s", SV_ARG(month_text(c->arena, month))) : (struct sv){0};
    return note_fact(c, name, "community", com->id, com->id, detail);
}

static enum pw_err need_month(struct ctx *c, const struct community *com, int64_t month)
{
    if (month > usage_current_month(c, com))
        return problem_add(c->problems, "month", N_("This month has not begun yet."));
    return PW_OK;
}

/* ---- silently gone ---- */

enum pw_err usage_end_propose(struct ctx *c, const struct community *com, int64_t month, int64_t entered,
                              struct usage_end *ret)
{
    struct usage_month *v;
    size_t n;
    PW_TRY(need_month(c, com, month));
    if (entered < 0 || entered > MEMBERS_SANE)
        return problem_add(c->problems, "entered", N_("Write how many members the platform shows, from 0."));
    PW_TRY(usage_months(c, com, USAGE_ALL, month, month, &v, &n));
    if (!n)
        return problem_add(c->problems, "month", N_("The community did not exist in this month."));
    const int64_t *all = v[0].a->all;
    struct usage_end e = {.joined = all[DID_JOIN],
                          .left = all[DID_LEAVE],
                          .removed = all[DID_REMOVE],
                          .gone = all[DID_VANISH] - v[0].gone, /* what was accepted before is asked again */
                          .computed = all[DID_MEMBERS] + v[0].gone,
                          .entered = entered,
                          .gone_before = v[0].gone_so_far - v[0].gone};
    e.previous = e.computed - e.joined + e.left + e.removed + e.gone;
    e.missing = usage_missing(e.previous, e.joined, e.left, e.removed, e.gone, entered);
    *ret = e;
    return PW_OK;
}

enum pw_err usage_end_accept(struct ctx *c, int64_t community_id, int64_t month, int64_t entered, struct sv note)
{
    struct community com;
    struct usage_end e;
    PW_TRY(usage_keep(c, community_id, &com));
    PW_TRY(usage_end_propose(c, &com, month, entered, &e));
    PW_TRY(take_text(c, "note", e.missing != 0, NOTE_CHARS, &note));
    if (-e.missing > e.gone_before)
        return problem_add(
            c->problems, "entered",
            N_("The platform shows more people than we know of. Admit them first, or check the number."));
    PW_TRY(usage_end_put(c, com.id, month, entered, e.missing, note));
    return fact(c, "usage.end", &com, month);
}

/* ---- notes ---- */

enum pw_err usage_note_add_to(struct ctx *c, int64_t community_id, int64_t month, struct sv text)
{
    struct community com;
    int64_t id;
    PW_TRY(usage_keep(c, community_id, &com));
    NOTED(need_month(c, &com, month));
    PW_TRY(take_text(c, "text", true, NOTE_CHARS, &text));
    if (c->problems->n)
        return PW_INVALID;
    PW_TRY(usage_note_put(c, com.id, month, text, &id));
    return fact(c, "usage.note", &com, month);
}

enum pw_err usage_note_remove(struct ctx *c, int64_t community_id, int64_t id)
{
    struct community com;
    int64_t month;
    PW_TRY(usage_keep(c, community_id, &com));
    PW_TRY(usage_note_drop(c, com.id, id, &month));
    return fact(c, "usage.note-removed", &com, month);
}

/* ---- categories ---- */

static bool has_code(const struct usage_category *v, size_t n, struct sv code)
{
    for (size_t i = 0; i < n; i++)
        if (sv_eq(v[i].code, code))
            return true;
    return false;
}

/* Forms number their rows: "name3". */
static const char *field_of(struct ctx *c, const char *name, size_t at)
{
    return arena_z(c->arena, arena_fmt(c->arena, "%s%zu", name, at));
}

/* "c1", "c2", …: the first that is free, also among those just read. */
static struct sv free_code(struct arena *a, const struct usage_category *v, size_t n)
{
    for (int k = 1;; k++) {
        struct sv code = arena_fmt(a, "c%d", k);
        if (!has_code(v, n, code))
            return code;
    }
}

static enum pw_err keeps_imported(struct ctx *c, int64_t community_id, const struct usage_category *v, size_t n)
{
    struct usage_imported_row *rows;
    size_t n_rows;
    PW_TRY(usage_imported_rows(c, community_id, 0, INT64_MAX, &rows, &n_rows));
    for (size_t i = 0; i < n_rows; i++)
        if (!has_code(v, n, rows[i].category))
            return problem_add(c->problems, "name0",
                               N_("A category with imported figures cannot be left out. Rename it instead."));
    return PW_OK;
}

enum pw_err usage_set_categories(struct ctx *c, int64_t community_id, const struct usage_category *in, size_t n)
{
    struct community com;
    struct usage_category v[CATEGORIES_MAX];
    PW_TRY(usage_keep(c, community_id, &com));
    if (n > CATEGORIES_MAX)
        return problem_add(c->problems, "name0", N_("A table has at most 20 categories."));
    for (size_t i = 0; i < n; i++) {
        const char *name = field_of(c, "name", in[i].at);
        v[i] = in[i];
        bool shipped = usage_shipped_label(v[i].code) != NULL;
        NOTED(take_line(c, name, !shipped, NAME_CHARS, &v[i].name));
        if (!category_source_ok(v[i].source))
            NOTED(problem_add(c->problems, field_of(c, "source", in[i].at), N_("Choose one of the list.")));
        if (!code_ok(v[i].code) || v[i].code.n > CATEGORY_CODE_MAX || (v[i].code.n && has_code(v, i, v[i].code)))
            NOTED(problem_add(c->problems, name, N_("Choose one of the list.")));
    }
    if (c->problems->n)
        return PW_INVALID;
    for (size_t i = 0; i < n; i++)
        if (!v[i].code.n)
            v[i].code = free_code(c->arena, v, n);
    PW_TRY(keeps_imported(c, com.id, n ? v : usage_shipped, n ? n : 4));
    PW_TRY(usage_category_write(c, com.id, v, n));
    return fact(c, "usage.categories", &com, 0);
}

/* ---- tables from before ---- */

enum pw_err usage_table_read(struct ctx *c, struct sv bytes, const char *field, struct sheet_read *ret,
                             struct count_table *ret_table)
{
    static const struct sheet_limits limits = {
        .rows = TABLE_ROWS_MAX + 100, .columns = TABLE_COLUMNS_MAX + 20, .cell_bytes = 1000, .part_bytes = 32 << 20};
    struct csv_fault fault;
    struct sv where = {0};
    const char *msgid = NULL;
    enum pw_err e = sheet_read(c->arena, bytes, &limits, ret, &fault);
    if (e == PW_INVALID) {
        msgid = fault.msgid;
        if (fault.line)
            where = arena_fmt(c->arena, "%zu", fault.line);
    } else if (e == PW_OK) {
        e = table_of_grid(c->arena, &ret->table, ret_table, &where, &msgid);
    }
    if (e != PW_INVALID || !where.n)
        return e == PW_INVALID ? problem_add(c->problems, field, msgid) : e;
    /* The reason comes first: its first letter gives the whole its direction, whatever language the table is in. */
    struct sv args[] = {say(c, c->lang, msgid, NULL, 0), where};
    return problem_add_arg(c->problems, field, N_("This table cannot be read. {0}"),
                           say(c, c->lang, N_("{0} Where: {1}"), args, 2));
}

enum pw_err usage_import_months(struct ctx *c, const struct count_table *t, int64_t first, const char *field)
{
    size_t at;
    const char *msgid = usage_months_wrong(c->arena, t, first, &at);
    bool of_table = at || usage_rows_are_months(c->arena, t); /* else the month that was typed */
    return msgid ? problem_add_arg(c->problems, of_table ? field : "first", msgid, t->column_names[at]) : PW_OK;
}

/* Each row's category, new ones added to the community's. */
static enum pw_err place_rows_of(struct ctx *c, const struct community *com, const struct usage_import_new *n,
                                 struct sv *codes)
{
    struct usage_category *v;
    size_t have, grown;
    PW_TRY(usage_categories(c, com->id, &v, &have));
    grown = have;
    for (size_t i = 0; i < n->table->rows; i++) {
        struct sv name = n->table->row_names[i];
        codes[i] = n->categories[i];
        if (codes[i].n && !has_code(v, have, codes[i]))
            return problem_add(c->problems, field_of(c, "category", i), N_("Choose one of the list."));
        if (!codes[i].n) {
            if (grown == CATEGORIES_MAX)
                return problem_add(c->problems, field_of(c, "category", i), N_("A table has at most 20 categories."));
            PW_TRY(take_line(c, field_of(c, "category", i), true, NAME_CHARS, &name));
            codes[i] = free_code(c->arena, v, grown);
            v[grown++] = (struct usage_category){.code = codes[i], .name = name};
        }
        for (size_t k = 0; k < i; k++)
            if (sv_eq(codes[k], codes[i]))
                return problem_add(c->problems, field_of(c, "category", i),
                                   N_("Two rows cannot go to the same category."));
    }
    return grown > have ? usage_category_write(c, com->id, v, grown) : PW_OK;
}

enum pw_err usage_import_table(struct ctx *c, const struct usage_import_new *n)
{
    struct community com;
    struct table_findings f;
    struct count_table *t = n->table;
    struct sv reason = n->reason, corrected = {0};
    int64_t id;
    PW_TRY(usage_keep(c, n->community_id, &com));
    NOTED(take_text(c, "reason", true, NOTE_CHARS, &reason));
    if (n->first_month + (int64_t)t->columns - 1 > usage_current_month(c, &com))
        NOTED(problem_add(c->problems, "first", N_("The last column would be a month that has not begun yet.")));
    NOTED(usage_import_months(c, t, n->first_month, "table"));
    PW_TRY(table_check(c->arena, t, &f));
    if (n->correct && f.candidates == 1) {
        t->cells[f.row * t->columns + f.column] = f.to;
        corrected = arena_fmt(c->arena, "%.*s, %.*s: %lld → %lld", SV_ARG(t->row_names[f.row]),
                              SV_ARG(t->column_names[f.column]), (long long)f.from, (long long)f.to);
        PW_TRY(table_check(c->arena, t, &f));
    }
    for (size_t i = 0; i < t->rows * t->columns; i++)
        if (t->cells[i] < 0) {
            NOTED(problem_add(c->problems, "table", N_("A count cannot be below 0.")));
            break;
        }
    struct sv *codes = arena_array(c->arena, struct sv, t->rows);
    if (!codes)
        return PW_UNAVAILABLE;
    if (c->problems->n)
        return PW_INVALID;
    PW_TRY(place_rows_of(c, &com, n, codes));
    PW_TRY(usage_import_put(c, com.id, reason, corrected, (int64_t)(f.n_rows + f.n_columns + f.grand_wrong), &id));
    for (size_t i = 0; i < t->rows; i++)
        for (size_t k = 0; k < t->columns; k++)
            PW_TRY(
                usage_imported_put(c, com.id, n->first_month + (int64_t)k, codes[i], t->cells[i * t->columns + k], id));
    return fact(c, "usage.imported", &com, n->first_month);
}

enum pw_err usage_import_remove(struct ctx *c, int64_t community_id, int64_t import_id)
{
    struct community com;
    PW_TRY(usage_keep(c, community_id, &com));
    PW_TRY(usage_import_drop(c, com.id, import_id));
    return fact(c, "usage.import-removed", &com, 0);
}

/* ---- for members ---- */

enum pw_err usage_summary_publish(struct ctx *c, int64_t community_id, int64_t month, const struct usage_words *words,
                                  size_t n)
{
    struct community com;
    struct usage_summary s;
    PW_TRY(usage_keep(c, community_id, &com));
    if (month >= usage_current_month(c, &com))
        return problem_add(c->problems, "month", N_("This month is not over yet."));
    PW_TRY(usage_summary_draft(c, &com, month, &s));
    PW_TRY(usage_summary_put(c, com.id, &s));
    for (size_t i = 0; i < n; i++) {
        struct sv text = words[i].words;
        if (!lang_in(com.languages, words[i].lang))
            return PW_INVALID;
        PW_TRY(take_text(c, "words", false, SUMMARY_CHARS, &text));
        PW_TRY(usage_summary_say(c, com.id, month, words[i].lang, text));
    }
    return fact(c, "usage.summary", &com, month);
}

enum pw_err usage_summary_withdraw(struct ctx *c, int64_t community_id, int64_t month)
{
    struct community com;
    int64_t changed = 0;
    PW_TRY(usage_keep(c, community_id, &com));
    PW_TRY(usage_summary_drop(c, com.id, month, &changed));
    return changed ? fact(c, "usage.summary-withdrawn", &com, month) : PW_NOT_FOUND;
}

/* SPDX-License-Identifier: EUPL-1.2 */
#include "usage_rules.h"

#include "feature/usage/month_names.h"

int64_t month_closes_ms(const struct tz *tz, int64_t month)
{
    int64_t from, to;
    month_bounds(tz, month, &from, &to);
    return to + USAGE_CLOSE_DAYS * CIVIL_DAY_MS;
}

/* ---- lines ---- */

const enum activity_line usage_order[DID__MAX] = {DID_MEMBERS, DID_JOIN,   DID_LEAVE,     DID_REMOVE,
                                                  DID_VANISH,  DID_ANSWER, DID_TAKE_PART, DID_PRIVATE,
                                                  DID_POST,    DID_ASK,    DID_REFER,     DID_SAY};
static const struct {
    const char *code, *label;
} lines[DID__MAX] = {
    [DID_MEMBERS] = {"members", N_("Members at the end")},
    [DID_JOIN] = {"new", N_("New members")},
    [DID_LEAVE] = {"left", N_("Left on request")},
    [DID_REMOVE] = {"removed", N_("Removed by a moderator")},
    [DID_VANISH] = {"gone", N_("Silently gone")},
    [DID_ANSWER] = {"answered", N_("Questions answered")},
    [DID_TAKE_PART] = {"participating", N_("Members who took part")},
    [DID_PRIVATE] = {"private", N_("Private messages")},
    [DID_POST] = {"posts", N_("Posts")},
    [DID_ASK] = {"asked", N_("Questions asked")},
    [DID_REFER] = {"referred", N_("Questions referred")},
    [DID_SAY] = {"messages", N_("Messages in the group")},
};

const char *usage_line_code(enum activity_line line)
{
    return lines[line].code;
}

const char *usage_line_label(enum activity_line line)
{
    return lines[line].label;
}

bool usage_line_parse(struct sv code, enum activity_line *ret)
{
    for (size_t i = 0; i < DID__MAX; i++)
        if (sv_eq_z(code, lines[i].code)) {
            *ret = (enum activity_line)i;
            return true;
        }
    return false;
}

int64_t usage_missing(int64_t previous_end, int64_t joined, int64_t left, int64_t removed, int64_t gone,
                      int64_t entered_end)
{
    return previous_end + joined - left - removed - gone - entered_end;
}

/* ---- a table from before ---- */

bool usage_rows_are_months(struct arena *a, const struct count_table *t)
{
    struct month_named m;
    return t->rows > 1 && month_named(a, t->row_names[0], &m) && month_named(a, t->row_names[1], &m);
}

const char *usage_months_wrong(struct arena *a, const struct count_table *t, int64_t first, size_t *ret_column)
{
    struct month_named m;
    *ret_column = 0;
    if (usage_rows_are_months(a, t))
        return N_(
            "The months stand in the first column here. Turn the table round: categories as rows, months as columns.");
    for (size_t k = 0; k < t->columns; k++) {
        int64_t month = first + (int64_t)k;
        *ret_column = k;
        if (month_named(a, t->column_names[k], &m) &&
            (m.month != month_number(month) || (m.year && m.year != month_year(month))))
            return k ? N_("The columns must be months one behind the other, none left out: {0} does not follow.")
                     : N_("The first column is called {0}: write the month and year of that column.");
    }
    return NULL;
}

int64_t usage_month_said(struct arena *a, const struct count_table *t)
{
    struct month_named m;
    return month_named(a, t->column_names[0], &m) && m.year ? m.year * 12 + m.month - 1 : 0;
}

/* ---- categories ---- */

const struct usage_category usage_shipped[4] = {
    {.code = {"requests", 8}, .source = {"asked", 5}},
    {.code = {"information", 11}, .source = {"posts", 5}},
    {.code = {"referrals", 9}, .source = {"referred", 8}},
    {.code = {"messages", 8}, .source = {"private", 7}},
};

const char *usage_shipped_label(struct sv code)
{
    static const char *const labels[] = {N_("Information requests"), N_("Information"), N_("Referrals"),
                                         N_("Messages")};
    for (size_t i = 0; i < 4; i++)
        if (sv_eq(code, usage_shipped[i].code))
            return labels[i];
    return NULL;
}

bool category_source_ok(struct sv source)
{
    enum activity_line line;
    if (!source.n)
        return true;
    if (sv_starts(source, SV("post:")))
        return code_ok(sv_sub(source, 5, SIZE_MAX)) && source.n > 5;
    return usage_line_parse(source, &line) && line != DID_MEMBERS;
}

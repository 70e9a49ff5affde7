/* SPDX-License-Identifier: EUPL-1.2 */
#include "ui/sheet_page.h"

enum { NAME_WIDTH = 28 };

enum pw_err sheet_of_page(const struct page *pg, struct sv name, size_t rows, size_t columns,
                          struct sheet_column **ret_columns, struct sheet_cell **ret_cells, struct sheet *ret)
{
    struct sheet_column *c = arena_array(pg->arena, struct sheet_column, columns);
    struct sheet_cell *v = arena_array(pg->arena, struct sheet_cell, rows * columns + 1);
    if (!c || !v)
        return PW_UNAVAILABLE;
    c[0].width = NAME_WIDTH;
    *ret = (struct sheet){
        .name = name, .columns = c, .n_columns = columns, .cells = v, .n_rows = rows, .rtl = sv_eq(pg->dir, SV("rtl"))};
    *ret_columns = c;
    *ret_cells = v;
    return PW_OK;
}

enum pw_err sheet_answer(struct http_req *q, struct http_res *r, const struct page *pg, const struct sheet *v, size_t n,
                         size_t which, struct sv name)
{
    bool csv = sv_eq_z(http_text(q, "kind"), "csv");
    http_res_clear(r);
    if (csv)
        sheet_csv(&v[which], sv_starts(pg->lang, SV("fr")) ? ';' : ',', &r->body);
    else
        PW_TRY(sheet_xlsx(q->arena, v, n, q->now_ms, &r->body));
    r->type = csv ? SHEET_CSV_TYPE : SHEET_XLSX_TYPE;
    http_set_download(q, r, arena_fmt(q->arena, "%.*s.%s", SV_ARG(name), csv ? "csv" : "xlsx"));
    return PW_OK;
}

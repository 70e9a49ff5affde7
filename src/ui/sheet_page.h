/* SPDX-License-Identifier: EUPL-1.2 */
/* sheet_page: tables of a page as a spreadsheet file, in the page's words and direction. */
#ifndef PW_SHEET_PAGE_H
#define PW_SHEET_PAGE_H

#include "http/http.h"
#include "sheet/sheet.h"
#include "ui/page.h"

/* An empty table whose first column is wide: the caller fills in titles and cells. PW_UNAVAILABLE: no memory. */
PW_MUST_CHECK enum pw_err sheet_of_page(const struct page *pg, struct sv name, size_t rows, size_t columns,
                                        struct sheet_column **ret_columns, struct sheet_cell **ret_cells,
                                        struct sheet *ret);
/* Answers with a download called name plus its ending: by the row's field "kind" one workbook of all n tables, or for
 * "csv" the table `which`. */
PW_MUST_CHECK enum pw_err sheet_answer(struct http_req *q, struct http_res *r, const struct page *pg,
                                       const struct sheet *v, size_t n, size_t which, struct sv name);

#endif

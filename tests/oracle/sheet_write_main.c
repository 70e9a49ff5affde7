/* SPDX-License-Identifier: EUPL-1.2 */
/* A JSON array of rows (texts and numbers) in, the workbook that the product would write out. */
#include <jansson.h>
#include <locale.h>
#include <stdio.h>

#include "sheet/sheet.h"

int main(void)
{
    setlocale(LC_ALL, "C.UTF-8");
    struct arena a;
    struct buf out;
    arena_init(&a, 64 << 20);
    buf_init(&out, 16 << 20);
    json_t *rows = json_loadf(stdin, JSON_ALLOW_NUL, NULL);
    size_t n = json_array_size(rows), columns = n ? json_array_size(json_array_get(rows, 0)) : 0;
    struct sheet_column *c = arena_array(&a, struct sheet_column, columns + 1);
    struct sheet_cell *v = arena_array(&a, struct sheet_cell, n * columns + 1);
    for (size_t i = 0; c && v && i < n; i++)
        for (size_t k = 0; k < columns; k++) {
            json_t *x = json_array_get(json_array_get(rows, i), k);
            struct sv s = {json_string_value(x), json_string_length(x)};
            if (i == 0)
                c[k].title = s;
            else
                v[(i - 1) * columns + k] = json_is_integer(x) ? SHEET_I(json_integer_value(x)) : SHEET_T(s);
        }
    struct sheet s = {.name = SV("t"), .columns = c, .n_columns = columns, .cells = v, .n_rows = n ? n - 1 : 0};
    enum pw_err e = sheet_xlsx(&a, &s, 1, 0, &out);
    if (e == PW_OK)
        (void)fwrite(out.p, 1, out.n, stdout);
    json_decref(rows);
    buf_finish(&out);
    arena_finish(&a);
    return e != PW_OK;
}

/* SPDX-License-Identifier: EUPL-1.2 */
/* sheet_parts: what the files of this room share. */
#ifndef PW_SHEET_PARTS_H
#define PW_SHEET_PARTS_H

#include "sheet.h"

PW_MUST_CHECK enum pw_err sheet_read_xlsx(struct arena *a, struct sv bytes, const struct sheet_limits *limits,
                                          struct sheet_read *ret, struct csv_fault *ret_fault);
/* A code point as UTF-8; 0 for what XML and UTF-8 cannot hold. */
size_t sheet_utf8(uint32_t c, char out[4]);
/* "_x0041_" and the like, as spreadsheets write what XML cannot: its code point, else -1. */
int32_t sheet_escape_at(struct sv s, size_t at);

#endif

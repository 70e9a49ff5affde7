/* SPDX-License-Identifier: EUPL-1.2 */
/* po: a strict reader of .po files: comments, msgid, msgid_plural, msgstr, msgstr[n] and their continuation lines,
 * UTF-8, the escapes \n \t \" \\. Anything else (msgctxt, obsolete quoting, other escapes) is refused with its line.
 * Entries marked fuzzy are left out: an unsure sentence is worse than the English one. Results live in the arena. */
#ifndef PW_PO_H
#define PW_PO_H

#include "base/arena.h"
#include "base/err.h"

enum { PO_FORMS = 6, PO_FILE_MAX = 4 * 1024 * 1024 };
struct po_entry {
    struct sv id, plural; /* plural empty: a plain message */
    struct sv form[PO_FORMS];
    size_t n_form;
    int64_t line;
};
struct po_file {
    struct po_entry *v;
    size_t n;
    struct sv header; /* the msgstr of the empty msgid */
};
/* PW_INVALID: ret_line and ret_why say what is wrong (also written on failure only). */
PW_MUST_CHECK enum pw_err po_read(struct arena *a, struct sv bytes, struct po_file *ret, int64_t *ret_line,
                                  const char **ret_why);
/* The value of "Name: value" in the header; empty when absent. */
struct sv po_header(const struct po_file *f, const char *name);

#endif

/* SPDX-License-Identifier: EUPL-1.2 */
/* email_reading: one mail while it is read; what the files of the reader share. The head says who wrote, to whom and
 * whether a person did; the parts are words and files; a delivery report is neither. Not for others: they use email.h.
 */
#ifndef PW_EMAIL_READING_H
#define PW_EMAIL_READING_H

#include <gmime/gmime.h>

#include "channel/email.h"

enum { EMAIL_TEXT_BYTES = 2 * 1024 * 1024 };

struct email_reading {
    const struct channel *ch;
    struct arena *a;
    struct email_in *m;
    struct buf text;
    size_t parts, bytes;
};

/* ---- email_head.c ---- */

struct sv email_header(GMimeObject *o, const char *name);
struct sv email_lower(struct arena *a, struct sv s);
/* A line of a head as clean UTF-8 of at most max bytes, in the arena. */
struct sv email_own_text(struct arena *a, const char *z, size_t max);
/* Fills what the head tells, kind among it (EMAIL_REPORT is for email_read_report to find). */
void email_read_head(struct email_reading *r, GMimeMessage *msg, struct sv sender, struct sv recipient, int64_t now_ms);

/* ---- email_parts.c ---- */

struct sv email_type(struct email_reading *r, GMimeObject *o);
struct sv email_content(struct email_reading *r, GMimePart *part, size_t max);
void email_add_file(struct email_reading *r, struct sv name, struct sv type, struct sv bytes);
struct sv email_file_name(struct email_reading *r, const char *z);
/* Words into r->text, files into r->m. */
void email_read_parts(struct email_reading *r, GMimeObject *whole);

/* ---- email_report.c ---- */

/* Is it a delivery report (RFC 3464)? Then m says what became of which send. */
bool email_read_report(struct email_reading *r, GMimeObject *part);

#endif

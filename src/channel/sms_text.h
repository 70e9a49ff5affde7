/* SPDX-License-Identifier: EUPL-1.2 */
/* sms_text: how a text travels by SMS: which alphabet, in how many parts, what is changed. Pure. French does not fit
 * the small alphabet of SMS (no ê, œ, ç, no typographic apostrophe), and gateways that are not told so turn what does
 * not fit into "?". So we choose (channels.md §1 rule 8): GSM-7 (3GPP TS 23.038 with its extension table) when every
 * character is in it, else UCS-2. A letter is never changed into another one. */
#ifndef PW_SMS_TEXT_H
#define PW_SMS_TEXT_H

#include "base/arena.h"

enum sms_alphabet { SMS_GSM7, SMS_UCS2 };
enum { SMS_GSM7_ONE = 160, SMS_GSM7_MORE = 153, SMS_UCS2_ONE = 70, SMS_UCS2_MORE = 67 };
struct sms_text {
    enum sms_alphabet alphabet;
    int64_t units, parts; /* units: septets (an extension counts two) or UTF-16 units; no text is no part */
    struct sv text;       /* as it goes out */
};
/* plain_marks: typographic marks (’ “ ” « » – — … and no-break spaces) become their plain forms, but only when the
 * whole text then fits GSM-7: words and letters stay what they are. */
void sms_prepare(struct arena *a, struct sv text, bool plain_marks, struct sms_text *ret);
/* The text, a line end and `tail` (may be empty) when both fit max_parts; else the longest head that ends at a word,
 * "...", and the tail. */
struct sv sms_fit(struct arena *a, struct sv text, struct sv tail, bool plain_marks, int64_t max_parts);
/* Cuts the longest head of at most max_parts that ends at a word: a longer text goes out as several messages. */
struct sv sms_cut(struct arena *a, struct sv *rest, bool plain_marks, int64_t max_parts);

#endif

/* SPDX-License-Identifier: EUPL-1.2 */
/* document: texts that people write and that have versions and languages: guidelines, policies, protocols, welcome
 * messages, descriptions, consents (MOD-1, LANG-4). A version has a source language; a translation knows which source
 * version it was made from and is "out of date" once a newer source exists. Published versions never change. Owns
 * tables document, document_version, document_text. */
#ifndef PW_DOCUMENT_H
#define PW_DOCUMENT_H

#include "core/ctx.h"

enum doc_kind {
    DOC_GUIDELINES,
    DOC_POLICY,
    DOC_PROTOCOL,
    DOC_WELCOME,
    DOC_DESCRIPTION,
    DOC_CONSENT,
    DOC_OTHER,
    DOC__MAX
};
struct doc_text {
    int64_t doc_id, version; /* 1, 2, … of the document */
    struct sv lang, source_lang, title, body /* Markdown */;
    bool out_of_date; /* a newer source version exists than this language has */
    int64_t written_ms, written_by;
};
PW_MUST_CHECK enum pw_err doc_create(struct ctx *c, enum doc_kind kind, struct sv owner /* "community" */,
                                     int64_t owner_id, bool is_public, int64_t *ret_id);
/* Writing in the source language starts a new version; in another language it translates the current one; translating
 * it again is a correction (a new revision, the old text stays). Audited. Event document.changed:
 * {"version":2,"lang":"fr","source":true}: the owner tells its moderators which languages are now out of date. */
PW_MUST_CHECK enum pw_err doc_write(struct ctx *c, int64_t doc_id, struct sv lang, struct sv title, struct sv body,
                                    bool is_source, int64_t *ret_version);
/* Best text for a reader: that language, even when it is out of date, else the document's source. version 0 =
 * newest of that language. PW_NOT_FOUND: nothing written, or not public and nobody signed in. */
PW_MUST_CHECK enum pw_err doc_read(struct ctx *c, int64_t doc_id, struct sv lang, int64_t version,
                                   struct doc_text *ret);
PW_MUST_CHECK enum pw_err doc_find(struct ctx *c, enum doc_kind kind, struct sv owner, int64_t owner_id,
                                   int64_t *ret_id);
PW_MUST_CHECK enum pw_err doc_langs(struct ctx *c, int64_t doc_id, struct doc_text **ret,
                                    size_t *ret_n); /* bodies left empty */

#endif

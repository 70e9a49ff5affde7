/* SPDX-License-Identifier: EUPL-1.2 */
/* ctx: what every action receives: who acts, in which transaction, at what time, in whose language. Built by main/ for
 * a request, by work/ jobs for themselves. Lives as long as its arena. */
#ifndef PW_CTX_H
#define PW_CTX_H

#include "base/arena.h"
#include "base/err.h"
#include "store/db.h"

struct vault;
struct actor; /* core/access.h */

struct ctx {
    struct arena *arena;
    struct db *db;             /* read-only in a GET, the open transaction in a write */
    struct store *store;       /* only for ROUTE_NO_TX handlers and jobs */
    struct vault *vault;       /* core/vault.h */
    const struct actor *actor; /* never NULL: anonymous and system are actors too */
    struct problems *problems; /* never NULL */
    int64_t now_ms;
    int64_t request_id;   /* goes into the audit row */
    struct sv lang;       /* "fr", "en", "ar", …: the interface language of this actor */
    struct sv data_dir;   /* files of this installation */
    struct sv public_url; /* without a slash at the end */
};

#endif

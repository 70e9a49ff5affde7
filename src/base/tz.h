/* SPDX-License-Identifier: EUPL-1.2 */
/* tz: time zones read from the system's TZif files (versions 1 to 4 with the POSIX footer), never through the C
 * library: thread-safe, and testable with a given tree. A struct tz never changes after it was loaded and may be shared
 * by threads. Zones from tz_find() live as long as the process; those from tz_load() belong to the caller.
 *
 * From a wall clock to an instant (SLA rule): a time that does not exist (spring) means the first instant that does; a
 * time that comes twice (autumn) means the earlier one, unless TZ_LATER asks for the other. */
#ifndef PW_TZ_H
#define PW_TZ_H

#include "civil.h"
#include "err.h"

struct tz;

enum { TZ_NAME_MAX = 64, TZ_ABBREV_MAX = 15, TZ_RELEASE_MAX = 15 };
#define TZ_DIR_DEFAULT SV("/usr/share/zoneinfo")

/* A name such as "America/Toronto": letters, digits, + - _ in parts joined by '/'. No dots, so no way out of the tree.
 */
bool tz_name_ok(struct sv name);

/* PW_INVALID: not a zone name, or not a sound TZif file; PW_NOT_FOUND: no such zone; PW_UNAVAILABLE: cannot be read. */
PW_MUST_CHECK enum pw_err tz_load(struct sv dir, struct sv name, struct tz **ret_tz);
PW_MUST_CHECK enum pw_err tz_parse(struct sv bytes, struct tz **ret_tz);
void tz_free(struct tz *tz); /* NULL-safe */

/* The process' zones: loaded at first use and kept. The tree is TZ_DIR_DEFAULT unless tz_set_dir() named another one
 * (at start, before the first thread). tz_refresh() looks whether the tree has another release than the loaded zones
 * and, if so, forgets them (true): then compute open due times again. Zones already handed out stay valid. */
void tz_set_dir(struct sv dir);
struct sv tz_dir(void);
PW_MUST_CHECK enum pw_err tz_find(struct sv name, const struct tz **ret_tz);
bool tz_refresh(void);

struct tz_at {
    int32_t offset_s; /* east of Greenwich */
    bool dst;
    char abbrev[TZ_ABBREV_MAX + 1];
};
void tz_at(const struct tz *tz, int64_t utc_ms, struct tz_at *ret_at);
int32_t tz_offset_s(const struct tz *tz, int64_t utc_ms);
int64_t tz_local_ms(const struct tz *tz, int64_t utc_ms);

enum tz_pick { TZ_EARLIER, TZ_LATER };
enum tz_kind { TZ_UNIQUE, TZ_GAP, TZ_FOLD };
int64_t tz_utc_ms(const struct tz *tz, int64_t local_ms, enum tz_pick pick, enum tz_kind *ret_kind); /* NULL allowed */
/* The next change of offset or name after the instant; false when there is none. */
bool tz_next_change(const struct tz *tz, int64_t utc_ms, int64_t *ret_utc_ms);

/* "2026f" from tzdata.zi or +VERSION of the tree; "" when neither is there. */
struct sv tz_release(struct sv dir, char out[TZ_RELEASE_MAX + 1]);

/* Zones of the tree that disagree with the transitions this release of Passerelle knows to be law: an old tree makes
 * every due time wrong by an hour without any other sign. */
struct tz_stale {
    const char *zone;
    int64_t utc_ms;              /* from about this instant */
    int32_t have_s, should_be_s; /* offsets */
    bool missing;                /* the tree has no such zone */
};
enum { TZ_STALE_MAX = 48 };
size_t tz_check_known(struct sv dir, struct tz_stale out[TZ_STALE_MAX]);

#endif

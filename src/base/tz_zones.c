/* SPDX-License-Identifier: EUPL-1.2 */
/* The zones of the process, and what this release knows about the law. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "tz.h"

struct zone {
    struct zone *next;
    struct tz *tz;
    bool retired; /* of an older release: still valid for those who hold it, no longer handed out */
    char name[TZ_NAME_MAX + 1];
};

/* Declared cache: zones loaded by tz_find(), the folder they come from and its release. Only names that exist in that
 * folder enter, so it stays small; nothing leaves it, because callers keep the pointers. */
static struct {
    pthread_mutex_t lock;
    struct zone *head;
    char dir[1024];
    char release[TZ_RELEASE_MAX + 1];
} zones = {PTHREAD_MUTEX_INITIALIZER, NULL, "", ""};

void tz_set_dir(struct sv dir)
{
    pthread_mutex_lock(&zones.lock);
    if (dir.n < sizeof zones.dir) {
        if (dir.n)
            memcpy(zones.dir, dir.p, dir.n);
        zones.dir[dir.n] = 0;
        for (struct zone *z = zones.head; z; z = z->next)
            z->retired = true;
    }
    pthread_mutex_unlock(&zones.lock);
}

static struct sv dir_locked(void)
{
    return zones.dir[0] ? sv_of(zones.dir) : TZ_DIR_DEFAULT;
}

struct sv tz_dir(void)
{
    pthread_mutex_lock(&zones.lock);
    struct sv dir = dir_locked();
    pthread_mutex_unlock(&zones.lock);
    return dir;
}

enum pw_err tz_find(struct sv name, const struct tz **ret_tz)
{
    if (!tz_name_ok(name))
        return PW_INVALID;
    enum pw_err e = PW_OK;
    pthread_mutex_lock(&zones.lock);
    struct zone *z = zones.head;
    while (z && (z->retired || !sv_eq_z(name, z->name)))
        z = z->next;
    if (!z) {
        if (!zones.head)
            (void)tz_release(dir_locked(), zones.release);
        z = calloc(1, sizeof *z);
        e = z ? tz_load(dir_locked(), name, &z->tz) : PW_UNAVAILABLE;
        if (e == PW_OK) {
            memcpy(z->name, name.p, name.n);
            z->next = zones.head;
            zones.head = z;
        } else {
            free(z);
        }
    }
    if (e == PW_OK)
        *ret_tz = z->tz;
    pthread_mutex_unlock(&zones.lock);
    return e;
}

bool tz_refresh(void)
{
    char now[TZ_RELEASE_MAX + 1];
    pthread_mutex_lock(&zones.lock);
    (void)tz_release(dir_locked(), now);
    bool other = zones.head && strcmp(now, zones.release) != 0;
    if (other) {
        memcpy(zones.release, now, sizeof now);
        for (struct zone *z = zones.head; z; z = z->next)
            z->retired = true;
    }
    pthread_mutex_unlock(&zones.lock);
    return other;
}

/* Canada as of tzdata 2026f: British Columbia, Alberta, Manitoba and the Northwest Territories did not turn their
 * clocks back in November 2026; Yukon and the north-east of British Columbia had stopped before. Minutes east of
 * Greenwich. */
static const struct {
    const char *zone;
    int16_t winter, summer; /* from November 2026; in July 2027 */
} known[] = {
    {"America/St_Johns", -210, -150},    {"America/Halifax", -240, -180},       {"America/Glace_Bay", -240, -180},
    {"America/Moncton", -240, -180},     {"America/Goose_Bay", -240, -180},     {"America/Blanc-Sablon", -240, -240},
    {"America/Toronto", -300, -240},     {"America/Iqaluit", -300, -240},       {"America/Atikokan", -300, -300},
    {"America/Winnipeg", -300, -300},    {"America/Resolute", -360, -300},      {"America/Rankin_Inlet", -360, -300},
    {"America/Regina", -360, -360},      {"America/Swift_Current", -360, -360}, {"America/Edmonton", -360, -360},
    {"America/Yellowknife", -360, -360}, {"America/Inuvik", -360, -360},        {"America/Cambridge_Bay", -420, -360},
    {"America/Vancouver", -420, -420},   {"America/Creston", -420, -420},       {"America/Dawson_Creek", -420, -420},
    {"America/Fort_Nelson", -420, -420}, {"America/Whitehorse", -420, -420},    {"America/Dawson", -420, -420},
};
_Static_assert(sizeof known / sizeof known[0] <= TZ_STALE_MAX, "every known zone may be stale");

size_t tz_check_known(struct sv dir, struct tz_stale out[TZ_STALE_MAX])
{
    const int64_t instants[] = {civil_day(2026, 11, 20) * CIVIL_DAY_MS, civil_day(2027, 1, 15) * CIVIL_DAY_MS,
                                civil_day(2027, 7, 15) * CIVIL_DAY_MS};
    size_t n = 0;
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        struct tz *tz;
        if (tz_load(dir, sv_of(known[i].zone), &tz) != PW_OK) {
            out[n++] = (struct tz_stale){.zone = known[i].zone, .missing = true};
            continue;
        }
        for (int k = 0; k < 3; k++) {
            int32_t should = (k < 2 ? known[i].winter : known[i].summer) * 60, have = tz_offset_s(tz, instants[k]);
            if (have != should) {
                out[n++] = (struct tz_stale){
                    .zone = known[i].zone, .utc_ms = instants[k], .have_s = have, .should_be_s = should};
                break;
            }
        }
        tz_free(tz);
    }
    return n;
}

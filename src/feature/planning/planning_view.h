/* SPDX-License-Identifier: EUPL-1.2 */
/* planning_view: what this room's pages show. Filled by the handlers, read by the templates in view/. */
#ifndef PW_PLANNING_VIEW_H
#define PW_PLANNING_VIEW_H

#include "base/civil.h"
#include "core/document.h"
#include "feature/planning/planning_room.h"
#include "ui/component.h"
#include "ui/format.h"

struct plan_person {
    int64_t id;
    struct sv name;
};
struct plan_section_row {
    const struct plan_section *section;
    int64_t written, of; /* fields with words */
};
struct plan_view {
    struct community com;
    struct plan_file file;
    struct readiness ready;
    struct workload work;
    bool may_admin;
    const struct plan_section_row *sections;
    const struct partner_seat *seats;
    size_t n_seats;
    const struct plan_person *people; /* accounts that may be named */
    size_t n_people;
    struct sv reason; /* kept */
    struct sv per_moderator;
    bool needs_file, partner_admins;
};
struct plan_section_view {
    struct community com;
    struct plan_file file;
    const struct plan_section *section;
    bool may_admin;
    const struct plan_entry *history; /* newest first */
    size_t n_history;
    const struct sv *values; /* parallel to plan_fields: as typed or as saved */
    int64_t seen;
    struct sv list, what, number, note; /* kept of a line that is to be corrected */
};
struct plan_paper_view { /* one document: the same for print and PDF */
    struct community com;
    struct plan_file file;
    struct readiness ready;
    struct platform_view *platforms;
    const struct promo_place *places;
    size_t n_places;
};
struct platforms_view {
    struct community com;
    struct plan_file file;
    struct platform_view *p;
    bool may_admin;
    struct sv levels[F__MAX], at_once, why, what, note; /* as typed or as saved */
};
struct promo_view {
    struct community com;
    struct plan_file file;
    bool may_admin;
    struct sv lang;        /* of the key messages shown */
    struct sv messages[3]; /* short, medium, long */
    const struct promo_place *places;
    size_t n_places;
    const struct join_source *sources;
    size_t n_sources;
    struct sv place, item, placed_on, uses, last_day; /* kept */
    struct sv link;                                   /* without a place; empty: people are invited */
};
struct move_view {
    struct community com;
    bool may_admin, any;
    struct move move;
    const struct move_person *people;
    size_t n_people;
    const struct community_channel *channels;
    size_t n_channels;
    struct sv from, to, address; /* kept */
};
struct move_answer_view {
    struct move_invitation v;
    struct sv token, link; /* link to the new place; with the token where the app takes it */
    const char *sees;      /* message id: what the new platform sees; NULL = nothing */
    struct sv to_name;
};
struct ending_view {
    struct community com;
    bool may_admin, any;
    struct ending e;
    struct sv reason, words, read_only_on, archive_on; /* kept */
};
struct files_view {
    struct community com;
    struct plan plan;
    const struct case_row *rows;
    size_t n;
    const struct doc_text *consents; /* language versions */
    size_t n_consents;
    struct doc_text consent; /* shown and to be printed; version 0 = none yet */
    struct html consent_html;
    bool may_admin;
    struct sv lang, title, body; /* kept */
    int64_t person;
    struct sv file_number;
};
struct write_view { /* a private word to one member */
    struct community com;
    struct membership member;
    bool needs_file;
    struct sv text;
};
struct preset_view {
    struct preset p;
};

/* "2026-11-20" as the reader writes it. */
static inline struct sv plan_day(const struct page *pg, struct sv iso)
{
    int64_t day;
    return civil_parse_date(iso, &day) ? format_date(pg->cat, pg->arena, day * CIVIL_DAY_MS, SV("UTC")) : iso;
}

/* "12" as text for inputs. */
static inline struct sv plain_number(const struct page *pg, int64_t v)
{
    return arena_fmt(pg->arena, "%lld", (long long)v);
}

static inline const char *plan_label(const struct plan_code *v, size_t n, struct sv code)
{
    for (size_t i = 0; i < n; i++)
        if (sv_eq_z(code, v[i].code))
            return v[i].label;
    return NULL;
}

#endif

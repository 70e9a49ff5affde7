/* SPDX-License-Identifier: EUPL-1.2 */
/* publishing: posts with types, languages, a time and an end (MSG-14), their way to many people, newsletters (KB-5),
 * corrections (KB-6), copies between communities (KB-7), and the nudge when nobody speaks (MSG-15).
 * The only header of this room that other rooms include. Owns the tables of schema.sql. The rules of community.h hold:
 * inside the caller's transaction, rights checked on c->actor, results in c->arena. */
#ifndef PW_PUBLISHING_H
#define PW_PUBLISHING_H

#include "core/audit.h"
#include "feature/community/community_kit.h"
#include "feature/publishing/publishing_rules.h"
#include "http/api.h"
#include "http/http.h"

extern const struct audit_word publishing_acts[];        /* what it writes into the access log, in words */
extern const struct route publishing_routes[];           /* ends with path NULL */
extern const struct route publishing_member_routes[];    /* likewise */
extern const struct route publishing_api_routes[];       /* likewise */
extern const struct api_schema publishing_api_schemas[]; /* ends with name NULL */
extern const struct migration publishing_migrations[];
extern const size_t publishing_migrations_n;
void publishing_register(struct work *w); /* timers, subscribers, guest of the community's pages; before work_start() */

/* ---- posts ---- */

struct post {
    int64_t id, community_id, doc_id, author, message_id, from_message, file_id;
    int64_t starts_ms, expires_ms, pinned_until_ms, period_from_ms, period_to_ms;
    int64_t created_ms, changed_ms, published_ms, ended_ms;
    enum post_state state;
    enum message_kind file_kind;
    bool urgent, delete_there, paused;
    struct sv type, source, checked_on, only_lang, only_channel;
    struct sv lang, title, body; /* in c->lang, else the source language */
    bool out_of_date;            /* that language is older than its source (LANG-4) */
};
struct post_words { /* one language */
    struct sv lang, title, body;
    bool is_source, out_of_date, written;
};
enum { POST_LANGS_MAX = 8, POST_TITLE_CHARS = 150, POST_BODY_CHARS = 6000 };
struct post_edit {
    struct sv type, source, checked_on, only_lang, only_channel;
    struct sv starts, expires,
        pinned; /* as typed, in the community's zone: 2026-02-13T14:20, a day for pinned; empty = none */
    bool urgent, delete_there;
    const struct post_words *words; /* empty title and body: not in that language */
    size_t n_words;
    int64_t file_id; /* 0 = as it is, or with no_file none */
    bool no_file;
    enum message_kind file_kind;
    int64_t from_message;    /* post_create: a member's private message (MOD-8) */
    const int64_t *corrects; /* post_create: messages that it corrects (KB-6) */
    size_t n_corrects;
};
/* Source language: that of the first words given whose text is not empty, the community's main one before others. */
PW_MUST_CHECK enum pw_err post_create(struct ctx *c, int64_t community_id, const struct post_edit *e, int64_t *ret_id);
/* Drafts only; after publication a missing language may still be added (post_translate). */
PW_MUST_CHECK enum pw_err post_write(struct ctx *c, int64_t id, const struct post_edit *e);
PW_MUST_CHECK enum pw_err post_translate(struct ctx *c, int64_t id, struct sv lang, struct sv title, struct sv body);
/* Leaves at its time, or in ten seconds; all that it needs is checked now (MOD-10). `people`: how many the person was
 * told; when the audience has changed since, PW_CONFLICT. */
PW_MUST_CHECK enum pw_err post_publish(struct ctx *c, int64_t id, int64_t people);
PW_MUST_CHECK enum pw_err post_undo(struct ctx *c, int64_t id); /* before it leaves: a draft again */
/* Nothing more leaves, it is no longer shown, and what arrived is taken back wherever the app lets us. */
PW_MUST_CHECK enum pw_err post_cancel(struct ctx *c, int64_t id);
PW_MUST_CHECK enum pw_err post_pause(struct ctx *c, int64_t id, bool paused);
PW_MUST_CHECK enum pw_err post_get(struct ctx *c, int64_t id, struct post *ret); /* staff */
PW_MUST_CHECK enum pw_err post_languages(struct ctx *c, const struct post *p, struct post_words **ret, size_t *ret_n);
struct post_filter {
    int64_t community_id; /* required */
    struct sv type;       /* empty = all */
    int state;            /* -1 = all */
    int64_t before_ms, before_id, limit;
};
PW_MUST_CHECK enum pw_err post_list(struct ctx *c, const struct post_filter *f, struct post **ret, size_t *ret_n);
struct post_date { /* a day on which something happens to a post by itself */
    struct post post;
    int64_t at_ms;
    bool ends; /* taken down; else it leaves */
};
/* What is to come, soonest first: of the next 200 posts with a time. */
PW_MUST_CHECK enum pw_err post_calendar(struct ctx *c, int64_t community_id, struct post_date **ret, size_t *ret_n);
struct post_count {
    struct sv type;
    int64_t n, shown; /* all; and those published or on their way */
};
PW_MUST_CHECK enum pw_err post_counts(struct ctx *c, int64_t community_id, struct post_count **ret, size_t *ret_n);
PW_MUST_CHECK enum pw_err post_corrects(struct ctx *c, int64_t post_id, struct message **ret, size_t *ret_n);

/* What members may read: published, newest first. PW_NOT_FOUND where pages are for members only. */
PW_MUST_CHECK enum pw_err post_shown_list(struct ctx *c, const struct community *com, struct sv type, int64_t before_ms,
                                          int64_t before_id, int64_t limit, struct post **ret, size_t *ret_n);
PW_MUST_CHECK enum pw_err post_shown(struct ctx *c, const struct community *com, int64_t id, struct post *ret);

/* ---- whom it reaches, and how far it is ---- */

struct audience_line { /* of one kind of channel */
    int64_t channel_id;
    struct sv kind, name;
    int64_t page, in_group, alone; /* people */
    int64_t groups;
};
struct audience {
    struct audience_line *v;
    size_t n;
    int64_t people, groups;
};
PW_MUST_CHECK enum pw_err post_audience(struct ctx *c, const struct community *com, const struct post *p,
                                        struct audience *ret);
struct progress_line { /* of one channel; sends, not people: a group is one send */
    int64_t channel_id;
    struct sv kind;
    int64_t to_come, waiting, sent, failed, in_doubt, cancelled, skipped, in_group;
    int64_t by_hand;       /* groups in which a person publishes it */
    int64_t shut;          /* leave when the reader writes: the app allows it only then (channel/window.h) */
    int64_t can;           /* could be taken back now: filled by post_can_take_back() */
    int64_t stays;         /* where it arrived: cannot be taken back, or could not be */
    int64_t marked;        /* say that they were corrected */
    int64_t back, backing; /* of a post that was taken down: taken back, and asked for */
};
struct progress {
    struct progress_line *v;
    size_t n;
    int64_t total, settled; /* sends in all, and those that ended one way or another */
    int64_t in_doubt, failed, sent, by_hand, shut, marked, can, stays, back, backing;
    int64_t quiet_until_ms; /* waits for the end of the quiet hours; 0 = does not */
    bool paused, done;
    bool ended;                  /* taken down */
    bool asked_back, going_back; /* what arrived is to be taken back; and not every copy was asked for yet */
};
PW_MUST_CHECK enum pw_err post_progress(struct ctx *c, const struct community *com, const struct post *p,
                                        struct progress *ret);
/* Before it is taken down: how many copies can be taken back (can) and how many cannot (stays). */
PW_MUST_CHECK enum pw_err post_can_take_back(struct ctx *c, const struct community *com, const struct post *p,
                                             struct progress *io);
/* The words as they leave for a reader of that language on that kind of channel. */
PW_MUST_CHECK enum pw_err post_preview(struct ctx *c, const struct community *com, const struct post *p, struct sv lang,
                                       struct sv channel_kind, struct sv *ret);

/* ---- newsletters (KB-5) ---- */

PW_MUST_CHECK enum pw_err newsletter_draft(struct ctx *c, int64_t community_id, int64_t from_ms, int64_t to_ms,
                                           int64_t *ret_id);
struct newsletter_part {
    enum item_kind kind;
    int64_t item_id;
    struct sv type, title, text, source, checked_on, path; /* type: of a post, or the topic of an answer */
};
PW_MUST_CHECK enum pw_err newsletter_parts(struct ctx *c, const struct community *com, const struct post *p,
                                           struct newsletter_part **ret, size_t *ret_n);
PW_MUST_CHECK enum pw_err newsletter_move(struct ctx *c, int64_t id, enum item_kind kind, int64_t item_id, int by);
PW_MUST_CHECK enum pw_err newsletter_remove(struct ctx *c, int64_t id, enum item_kind kind, int64_t item_id);

/* ---- the resource page (KB-5) ---- */

struct resources {
    struct kb_entry *entries; /* by topic */
    size_t n_entries;
    struct post *posts; /* shown and not expired, by type, without prompts and newsletters */
    size_t n_posts;
};
PW_MUST_CHECK enum pw_err resources_of(struct ctx *c, const struct community *com, struct resources *ret);

/* ---- settings of a community ---- */

struct publishing_setting {
    int64_t community_id, quiet_from, quiet_until, silence_days, silent_ms;
    bool monthly, public_pages;
};
PW_MUST_CHECK enum pw_err publishing_setting_get(struct ctx *c, int64_t community_id, struct publishing_setting *ret);
PW_MUST_CHECK enum pw_err publishing_setting_set(struct ctx *c,
                                                 const struct publishing_setting *s); /* administrators */

/* ---- copies between communities (KB-7) ---- */

struct shared_item {
    enum item_kind kind;
    int64_t item_id, community_id, org_id, since_ms, changed_ms;
    struct sv org, title, topic;
    int64_t adoption; /* of the community that looks; 0 = none */
    int64_t copy_id;
    bool changed, detached, gone; /* since the copy was made; gone: the original is no longer published */
};
PW_MUST_CHECK enum pw_err share_item(struct ctx *c, enum item_kind kind, int64_t item_id, bool shared);
PW_MUST_CHECK enum pw_err is_shared(struct ctx *c, enum item_kind kind, int64_t item_id, bool *ret);
/* Offered to this community by others, and what it has of them. */
PW_MUST_CHECK enum pw_err shared_list(struct ctx *c, int64_t community_id, struct shared_item **ret, size_t *ret_n);
PW_MUST_CHECK enum pw_err shared_adopt(struct ctx *c, int64_t community_id, enum item_kind kind, int64_t item_id,
                                       int64_t *ret_copy);
struct copy_lang {
    struct sv lang, title;
    struct diff_piece *v;
    size_t n;
};
struct copy_view {
    struct shared_item item;
    int64_t community_id;
    struct copy_lang *langs; /* what the copy would become */
    size_t n_langs;
    struct sv source_before, source_after, checked_before, checked_after;
};
PW_MUST_CHECK enum pw_err adoption_view(struct ctx *c, int64_t adoption_id, struct copy_view *ret);
PW_MUST_CHECK enum pw_err adoption_take(struct ctx *c, int64_t adoption_id);
PW_MUST_CHECK enum pw_err adoption_detach(struct ctx *c, int64_t adoption_id);

#endif

/* SPDX-License-Identifier: EUPL-1.2 */
/* assisted: groups in apps without a usable interface (channel class C), and people who only telephone or come by
 * (EQ-2). A person acts there; this room tells what to do with which words, records who did what and when, and takes in
 * what was said. Clocks, answers, ladders and statistics are those of every channel.
 * The only header of this room that other rooms include. Owns the tables of schema.sql. */
#ifndef PW_ASSISTED_H
#define PW_ASSISTED_H

#include "core/audit.h"
#include "feature/assisted/paste.h"
#include "feature/community/community_kit.h"
#include "http/api.h"
#include "http/http.h"

extern const struct audit_word assisted_acts[];                     /* what it writes into the access log, in words */
extern const struct route assisted_routes[], assisted_api_routes[]; /* end with path NULL */
extern const struct api_schema assisted_api_schemas[];              /* ends with name NULL */
extern const struct migration assisted_migrations[];
extern const size_t assisted_migrations_n;
void assisted_register(struct work *w);

/* ---- what has to be done by hand ---- */

struct hand_task {
    int64_t outbox_id, community_id, channel_id, created_ms, changed_ms;
    int64_t due_ms;   /* of the question that it answers; 0 = none */
    int64_t until_ms; /* of a restriction; 0 = for ever, or none */
    int64_t file_of;  /* message whose file goes with it; 0 = none */
    enum chan_op op;
    enum out_state state;
    bool bulk, private_word;
    struct sv app;                     /* code: "whatsapp", "phone", … */
    struct sv link, channel_name, who; /* who: the name in the app, or the number */
    struct sv text;                    /* to copy; or the message that is to be deleted */
    struct sv community_name, reason;  /* reason: why it could not be done */
};
/* Those of the communities that the actor moderates or administers (community_id 0 = all of them), in one state: by
 * hand ones as they fall due, others newest first. At most 200 of each channel. */
PW_MUST_CHECK enum pw_err hand_tasks(struct ctx *c, int64_t community_id, enum out_state state, struct hand_task **ret,
                                     size_t *ret_n);
/* Done in the app, or could not be done (reason: a code). PW_CONFLICT: somebody was quicker. */
PW_MUST_CHECK enum pw_err hand_done(struct ctx *c, int64_t outbox_id, bool done, struct sv reason);
/* Said too soon: it stands in the list again. */
PW_MUST_CHECK enum pw_err hand_take_back(struct ctx *c, int64_t outbox_id);

const char *hand_op_code(enum chan_op op); /* "text", "delete", … */

struct hand_act {
    int64_t id, community_id, outbox_id, by_person, at_ms;
    struct sv op, result, reason, name;
};
/* Who did what, newest first, before (before_ms, before_id; 0 = newest). */
PW_MUST_CHECK enum pw_err hand_log(struct ctx *c, int64_t community_id, int64_t before_ms, int64_t before_id,
                                   int64_t limit, struct hand_act **ret, size_t *ret_n);

/* ---- what was said there ---- */

struct hand_place { /* a group by hand of a community that the actor moderates */
    int64_t id, community_id, channel_id;
    struct sv app, channel_name, community_name, chat, zone;
};
PW_MUST_CHECK enum pw_err hand_places(struct ctx *c, struct hand_place **ret, size_t *ret_n);
/* The messages of a pasted conversation, with ours marked. */
PW_MUST_CHECK enum pw_err paste_preview(struct ctx *c, int64_t place_id, struct sv text, struct paste *ret,
                                        bool ret_ours[PASTE_MAX]);
struct paste_made {
    int64_t taken, ours; /* taken: of members, those known before too; ours: in the product already */
};
/* Takes them in as if the app had sent them; what was pasted before counts once. Names of ours are remembered.
 * PW_INVALID: problem "text" when there is no message in it. */
PW_MUST_CHECK enum pw_err paste_take(struct ctx *c, int64_t place_id, struct sv text, const struct sv *own_names,
                                     size_t n_own, struct paste_made *ret);

/* ---- a call or a visit (EQ-2, A-70) ---- */

struct call_new {
    int64_t community_id;
    int64_t person_id;     /* a member; 0 = the one below, known by the number or new */
    struct sv name, phone; /* phone: kept sealed, to call back */
    struct sv lang;
    bool accepted;  /* the guidelines were read to the person, who accepts them */
    bool visit;     /* came by */
    bool to_public; /* the person agrees that the community sees it */
    struct sv at;   /* "2026-03-04T15:30" by the community's clock; empty = now */
    struct sv text;
    struct sv through; /* who passed the words on: a value of through_offers(); empty = the person alone (LANG-5) */
    struct sv choice;  /* who wants to join: of join_choices(); empty = not said */
};
/* The question stands in the inbox with its clock from the time of the call. PW_INVALID names the fields. */
PW_MUST_CHECK enum pw_err call_enter(struct ctx *c, const struct call_new *n, struct message_made *ret);
/* Somebody who wants to join says so by telephone or at the counter: a join request with the answers to the community's
 * questions, for whoever admits there. at, text and to_public do not count. PW_INVALID: "name", "phone", "guidelines",
 * "answer_<id>", "choice", "through". */
PW_MUST_CHECK enum pw_err intake_enter(struct ctx *c, const struct call_new *n, const struct join_answer *answers,
                                       size_t n_answers, int64_t *ret_id);

#endif

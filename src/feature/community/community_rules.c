/* SPDX-License-Identifier: EUPL-1.2 */
#include "community_rules.h"

#include "base/civil.h"

static const char *const mode_codes[COM_MODE__MAX] = {"interactive", "one-way"};
static const char *const visibility_codes[COM_VISIBILITY__MAX] = {"listed", "link", "invitation"};
static const char *const moderation_codes[COM_MODERATION__MAX] = {"full", "light"};
static const char *const status_codes[COM_STATUS__MAX] = {"draft",        "ready",     "live",
                                                          "winding-down", "read-only", "archived"};
static const char *const join_codes[JOIN_STATE__MAX] = {"pending", "accepted", "refused", "withdrawn"};
static const char *const member_codes[MEMBER_STATE__MAX] = {"none", "waiting", "active", "left", "removed"};
static const char *const kind_codes[MSG_KIND__MAX] = {"text", "voice", "image", "file", "video"};
static const char *const message_codes[MESSAGE_STATE__MAX] = {"shown", "hidden", "deleted", "held"};
static const char *const question_codes[Q_STATE__MAX] = {"new",      "assigned", "researching", "answered",
                                                         "verified", "referred", "closed"};
static const char *const rank_codes[RANK__MAX] = {"overdue", "soon", "normal"};
static const char *const verification_codes[VER__MAX] = {"pending", "confirmed", "completed", "corrected", "unchecked"};
static const char *const kb_codes[KB_STATE__MAX] = {"draft", "published", "retired"};

static const char *const question_labels[Q_STATE__MAX] = {
    N_("New"), N_("Assigned"), N_("Researching"), N_("Answered"), N_("Verified"), N_("Referred"), N_("Closed")};
static const char *const rank_labels[RANK__MAX] = {N_("Overdue"), N_("Due soon"), N_("On time")};
static const char *const verification_labels[VER__MAX] = {N_("Not verified yet"), N_("Confirmed"), N_("Completed"),
                                                          N_("Corrected"), N_("Answered, no source given")};
static const char *const member_labels[MEMBER_STATE__MAX] = {N_("Not a member"), N_("On the waiting list"),
                                                             N_("Member"), N_("Left"), N_("Removed")};
static const char *const status_labels[COM_STATUS__MAX] = {N_("Draft"),        N_("Ready"),     N_("Live"),
                                                           N_("Winding down"), N_("Read only"), N_("Archived")};

static const char *code_at(const char *const *codes, int max, int i)
{
    return i >= 0 && i < max ? codes[i] : "";
}

static bool code_find(const char *const *codes, int max, struct sv text, int *ret)
{
    for (int i = 0; i < max; i++)
        if (sv_eq_z(text, codes[i])) {
            *ret = i;
            return true;
        }
    return false;
}

#define CODE_FN(fn, type, table, max)                                                                                  \
    const char *fn(enum type v)                                                                                        \
    {                                                                                                                  \
        return code_at(table, max, (int)v);                                                                            \
    }
#define PARSE_FN(fn, type, table, max)                                                                                 \
    bool fn(struct sv text, enum type *ret)                                                                            \
    {                                                                                                                  \
        int i = 0;                                                                                                     \
        if (!code_find(table, max, text, &i))                                                                          \
            return false;                                                                                              \
        *ret = (enum type)i;                                                                                           \
        return true;                                                                                                   \
    }

CODE_FN(community_mode_code, community_mode, mode_codes, COM_MODE__MAX)
CODE_FN(community_visibility_code, community_visibility, visibility_codes, COM_VISIBILITY__MAX)
CODE_FN(community_moderation_code, community_moderation, moderation_codes, COM_MODERATION__MAX)
CODE_FN(community_status_code, community_status, status_codes, COM_STATUS__MAX)
CODE_FN(join_state_code, join_state, join_codes, JOIN_STATE__MAX)
CODE_FN(membership_state_code, membership_state, member_codes, MEMBER_STATE__MAX)
CODE_FN(message_kind_code, message_kind, kind_codes, MSG_KIND__MAX)
CODE_FN(message_state_code, message_state, message_codes, MESSAGE_STATE__MAX)
CODE_FN(question_state_code, question_state, question_codes, Q_STATE__MAX)
CODE_FN(question_rank_code, question_rank, rank_codes, RANK__MAX)
CODE_FN(verification_code, verification, verification_codes, VER__MAX)
CODE_FN(kb_state_code, kb_state, kb_codes, KB_STATE__MAX)
CODE_FN(question_state_label, question_state, question_labels, Q_STATE__MAX)
CODE_FN(question_rank_label, question_rank, rank_labels, RANK__MAX)
CODE_FN(verification_label, verification, verification_labels, VER__MAX)
CODE_FN(membership_state_label, membership_state, member_labels, MEMBER_STATE__MAX)
CODE_FN(community_status_label, community_status, status_labels, COM_STATUS__MAX)
PARSE_FN(community_mode_parse, community_mode, mode_codes, COM_MODE__MAX)
PARSE_FN(community_visibility_parse, community_visibility, visibility_codes, COM_VISIBILITY__MAX)
PARSE_FN(community_moderation_parse, community_moderation, moderation_codes, COM_MODERATION__MAX)
PARSE_FN(community_status_parse, community_status, status_codes, COM_STATUS__MAX)
PARSE_FN(question_state_parse, question_state, question_codes, Q_STATE__MAX)
PARSE_FN(verification_parse, verification, verification_codes, VER__MAX)

/* ---- communities ---- */

static bool small_or_digit(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

bool slug_ok(struct sv slug)
{
    if (slug.n < 2 || slug.n > 40 || !small_or_digit(slug.p[0]) || !small_or_digit(slug.p[slug.n - 1]))
        return false;
    for (size_t i = 0; i < slug.n; i++)
        if (!small_or_digit(slug.p[i]) && slug.p[i] != '-')
            return false;
    return true;
}

/* "fr", "ar", "zh-hant": two or three letters, then perhaps one part more. */
bool lang_code_ok(struct sv lang)
{
    size_t i = 0;
    while (i < lang.n && lang.p[i] >= 'a' && lang.p[i] <= 'z')
        i++;
    if (i < 2 || i > 3)
        return false;
    if (i == lang.n)
        return true;
    if (lang.p[i] != '-' || lang.n - i < 3 || lang.n - i > 9)
        return false;
    for (i++; i < lang.n; i++)
        if (!small_or_digit(lang.p[i]))
            return false;
    return true;
}

bool lang_in(struct sv languages, struct sv lang)
{
    struct sv head;
    while (sv_cut(&languages, ' ', &head))
        if (head.n && sv_eq(head, lang))
            return true;
    return false;
}

struct sv lang_main(struct sv languages)
{
    struct sv head = {0};
    while (sv_cut(&languages, ' ', &head))
        if (head.n)
            return head;
    return SV("fr");
}

bool community_takes_members(enum community_status s)
{
    return s == COM_LIVE;
}

bool community_takes_messages(enum community_status s)
{
    return s == COM_LIVE || s == COM_WINDING_DOWN;
}

bool community_status_may(enum community_status from, enum community_status to)
{
    if (from < COM_DRAFT || from >= COM_STATUS__MAX || to < COM_DRAFT || to >= COM_STATUS__MAX || from == COM_ARCHIVED)
        return false;
    if (from == COM_READY && to == COM_DRAFT)
        return true;
    if ((from == COM_WINDING_DOWN || from == COM_READ_ONLY) && to == COM_LIVE)
        return true; /* undone until archived (MSG-18) */
    if (from <= COM_READY)
        return to > from && to <= COM_LIVE;
    return to > from;
}

/* ---- membership ---- */

enum pw_err membership_next(enum membership_state from, enum member_act act, enum membership_state *ret)
{
    switch (act) {
    case MEMBER_ADMIT:
        if (from == MEMBER_ACTIVE)
            return PW_CONFLICT;
        *ret = MEMBER_ACTIVE;
        return PW_OK;
    case MEMBER_QUEUE:
        if (from == MEMBER_ACTIVE || from == MEMBER_WAITING)
            return PW_CONFLICT;
        *ret = MEMBER_WAITING;
        return PW_OK;
    case MEMBER_LEAVE:
    case MEMBER_REMOVE:
        if (from != MEMBER_ACTIVE && from != MEMBER_WAITING)
            return PW_CONFLICT;
        *ret = act == MEMBER_LEAVE ? MEMBER_LEFT : MEMBER_REMOVED;
        return PW_OK;
    }
    return PW_CONFLICT;
}

/* ---- what a message means ---- */

static bool drop_end(struct sv *s, struct sv tail)
{
    if (!sv_ends(*s, tail))
        return false;
    s->n -= tail.n;
    return true;
}

bool text_asks(struct sv text)
{
    static const struct sv marks[] = {{"?", 1}, {"\xd8\x9f", 2} /* ؟ */, {"\xef\xbc\x9f", 3} /* ？ */};
    static const struct sv trailing[] = {
        {"!", 1},
        {")", 1},
        {"\"", 1},
        {"'", 1},
        {".", 1},
        {" ", 1},
        {"\n", 1},
        {"\t", 1},
        {"\xc2\xbb", 2} /* » */,
        {"\xc2\xa0", 2} /* no-break space */,
        {"\xe2\x80\x9d", 3} /* ” */,
        {"\xe2\x80\x99", 3} /* ’ */,
        {"\xe2\x80\xa6", 3} /* … */,
        {"\xe2\x80\xaf", 3} /* narrow no-break space */,
        {"\xe2\x80\x8f", 3} /* right-to-left mark */,
        {"\xe2\x80\x8e", 3} /* left-to-right mark */,
    };
    for (bool again = true; again && text.n;) {
        for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
            if (sv_ends(text, marks[i]))
                return true;
        again = false;
        for (size_t i = 0; i < sizeof trailing / sizeof *trailing && !again; i++)
            again = drop_end(&text, trailing[i]);
    }
    return false;
}

enum meaning meaning_of(const struct utterance *u)
{
    if (u->by_staff)
        return u->in_question && !u->own_question ? MEANS_ANSWER : MEANS_TALK;
    if (u->mode == COM_ONE_WAY && !u->private_chat)
        return MEANS_SUBMISSION;
    if (u->private_chat && u->leaves && !u->ask_form)
        return MEANS_LEAVE;
    if (u->ask_form)
        return MEANS_QUESTION;
    if (u->in_question && u->own_question && u->question_open)
        return MEANS_DETAIL;
    if (u->private_chat && u->in_question && !u->question_open && u->brief && !u->asks && !u->wordless)
        return MEANS_TALK;
    if (u->private_chat) /* whatever is said to the moderators alone waits for their answer */
        return MEANS_QUESTION;
    if (u->in_question && !u->own_question)
        return u->asks && !u->wordless ? MEANS_TALK : MEANS_ANSWER;
    return u->asks ? MEANS_QUESTION : MEANS_TALK;
}

/* ---- questions ---- */

bool question_is_open(enum question_state s)
{
    return s == Q_NEW || s == Q_ASSIGNED || s == Q_RESEARCHING || s == Q_REFERRED;
}

enum pw_err question_next(enum question_state from, enum question_act act, bool assigned, enum question_state *ret)
{
    enum question_state to = from;
    if (from < Q_NEW || from >= Q_STATE__MAX)
        return PW_CONFLICT;
    if (from == Q_CLOSED && act != ACT_REOPEN)
        return PW_CONFLICT;
    switch (act) {
    case ACT_ASSIGN: /* work already begun stays begun */
        if (!question_is_open(from))
            return PW_CONFLICT;
        to = from == Q_RESEARCHING ? Q_RESEARCHING : Q_ASSIGNED;
        break;
    case ACT_INTERIM:
        if (!question_is_open(from))
            return PW_CONFLICT;
        to = Q_RESEARCHING;
        break;
    case ACT_REFER:
        if (!question_is_open(from))
            return PW_CONFLICT;
        to = Q_REFERRED;
        break;
    case ACT_ANSWER: /* a second answer never takes a verification away */
        to = from == Q_VERIFIED ? Q_VERIFIED : Q_ANSWERED;
        break;
    case ACT_VERIFY:
        to = Q_VERIFIED;
        break;
    case ACT_CLOSE:
        to = Q_CLOSED;
        break;
    case ACT_REOPEN:
        if (question_is_open(from))
            return PW_CONFLICT;
        to = assigned ? Q_ASSIGNED : Q_NEW;
        break;
    case ACT_MOVE_PRIVATE:
        break;
    case ACT__MAX:
        return PW_CONFLICT;
    }
    *ret = to;
    return PW_OK;
}

enum question_rank question_rank_of(bool open, bool has_due, int used_permille)
{
    if (!open || !has_due || used_permille < 750)
        return RANK_NORMAL;
    return used_permille < 1000 ? RANK_SOON : RANK_OVERDUE;
}

bool answered_in_time(int64_t answered_ms, int64_t due_ms)
{
    return answered_ms <= due_ms;
}

bool answer_counts(bool by_staff, enum community_moderation m, enum verification v)
{
    return by_staff || m == COM_LIGHT || v == VER_CONFIRMED || v == VER_COMPLETED || v == VER_CORRECTED;
}

enum pw_err source_check(struct sv source, struct sv checked_on, int64_t today, struct problems *ps)
{
    enum pw_err e = PW_OK;
    int64_t day = 0;
    if (sv_trim(source).n < 3)
        e = problem_add(ps, "source", N_("Say where this information comes from."));
    else if (source.n > 500)
        e = problem_add(ps, "source", N_("At most 500 characters."));
    if (!civil_parse_date(checked_on, &day))
        e = problem_add(ps, "checked_on", N_("Give the day on which it was checked, like 2026-03-05."));
    else if (day > today)
        e = problem_add(ps, "checked_on", N_("The day of the check cannot be in the future."));
    return e;
}

enum pw_err verification_check(enum verification from, enum verification to, struct sv source, struct sv checked_on,
                               struct sv text, int64_t today, struct problems *ps)
{
    if (to != VER_CONFIRMED && to != VER_COMPLETED && to != VER_CORRECTED)
        return problem_add(ps, "verification", N_("Choose confirm, complete or correct."));
    if (to == VER_CONFIRMED && from == VER_CORRECTED) /* what was found wrong is not confirmed later */
        return PW_CONFLICT;
    enum pw_err e = source_check(source, checked_on, today, ps);
    if (to != VER_CONFIRMED && !sv_trim(text).n)
        e = problem_add(ps, "text",
                        to == VER_COMPLETED ? N_("Write what is missing.")
                                            : N_("Write what was not right and the correct answer."));
    return e;
}

const char *const post_types[] = {"information", "event", "job-offer",  "workshop",   "policy-update",
                                  "prompt",      "other", "correction", "newsletter", NULL};
static const char *const type_labels[] = {
    N_("Information"),       N_("Event"), N_("Job offer"),  N_("Workshop"),   N_("Policy update"),
    N_("Discussion prompt"), N_("Other"), N_("Correction"), N_("Newsletter"),
};

static int type_at(struct sv type)
{
    for (int i = 0; post_types[i]; i++)
        if (sv_eq_z(type, post_types[i]))
            return i;
    return -1;
}

bool post_type_known(struct sv type)
{
    return type_at(type) >= 0;
}

const char *post_kind_label(struct sv type)
{
    int i = type_at(type);
    return i < 0 ? N_("Other") : type_labels[i];
}

bool post_needs_source(struct sv type)
{
    return type.n && !sv_eq_z(type, "prompt") && !sv_eq_z(type, "newsletter");
}

bool reply_is_held(bool has_hours, bool open_now, bool urgent)
{
    return has_hours && !open_now && !urgent;
}

bool kb_is_verified(enum kb_state s, int64_t review_ms, int64_t now_ms)
{
    return s == KB_PUBLISHED && now_ms < review_ms;
}

/* SPDX-License-Identifier: EUPL-1.2 */
/* Who hears of an appointment. Staff and interpreters: a notice in the product. The person: a message in their language
 * on their channel with day, time by their own clock, way and where to ask; never whose interpreter, where, or why. */
#include "base/id.h"
#include "core/notify.h"
#include "core/people.h"
#include "feature/interpreting/interpreting_room.h"

/* ---- the person ---- */

enum pw_err booking_find_community(struct ctx *c, int64_t person_id, int64_t *ret_id)
{
    struct community *v;
    size_t n;
    bool alone = false; /* found one where a private word reaches them in an app */
    *ret_id = 0;
    PW_TRY(community_mine(c, &v, &n));
    for (size_t i = 0; i < n && !alone; i++) {
        struct membership m;
        enum pw_err e = membership_of(c, v[i].id, person_id, &m);
        if (e == PW_NOT_FOUND || (e == PW_OK && m.state != MEMBER_ACTIVE))
            continue;
        PW_TRY(e);
        alone = m.channel_id != 0;
        if (!*ret_id || alone)
            *ret_id = v[i].id;
    }
    return PW_OK;
}

static const char *const booked_says[INTERP_MODE__MAX] = {
    [INTERP_IN_PERSON] = N_("An interpreter will be there for you, in person: {0}, {1} minutes. To cancel or to ask, "
                            "write to us here."),
    [INTERP_TELEPHONE] =
        N_("An interpreter will be there for you, by telephone: {0}, {1} minutes. To cancel or to ask, "
           "write to us here."),
    [INTERP_VIDEO] =
        N_("An interpreter will be there for you, by video: {0}, {1} minutes. To cancel or to ask, write to "
           "us here."),
};
static const char *const moved_says[INTERP_MODE__MAX] = {
    [INTERP_IN_PERSON] =
        N_("Your appointment with an interpreter is changed. It is now in person: {0}, {1} minutes. To "
           "cancel or to ask, write to us here."),
    [INTERP_TELEPHONE] =
        N_("Your appointment with an interpreter is changed. It is now by telephone: {0}, {1} minutes. "
           "To cancel or to ask, write to us here."),
    [INTERP_VIDEO] =
        N_("Your appointment with an interpreter is changed. It is now by video: {0}, {1} minutes. To cancel "
           "or to ask, write to us here."),
};
#define OFF_SAYS                                                                                                       \
    N_("The appointment with an interpreter does not take place: {0}. Write to us here if you need another one.")

enum pw_err booking_tell_person(struct ctx *c, struct booking *io)
{
    enum booking_news news = booking_news(io->state, io->told_ms, io->start_ms);
    struct person p;
    struct community com;
    struct membership m;
    struct sv lang, path = {0};
    if (news == NEWS_NONE)
        return PW_OK;
    enum pw_err e = person_get(c, io->person_id, &p);
    if (e == PW_NOT_FOUND || (e == PW_OK && p.erased_ms))
        return PW_OK;
    PW_TRY(e);
    struct ctx system = *c; /* an interpreter who confirms works in no community */
    system.actor = &actor_system;
    bool reached = io->community_id && community_get(&system, io->community_id, &com) == PW_OK &&
                   membership_of(&system, com.id, p.id, &m) == PW_OK && m.state == MEMBER_ACTIVE;
    lang = reached ? m.lang : p.lang;
    if (reached)
        path = community_path(c, &com, "/private");
    const char *msgid = news == NEWS_OFF ? OFF_SAYS : news == NEWS_MOVED ? moved_says[io->mode] : booked_says[io->mode];
    int64_t about = news == NEWS_OFF && io->told_ms > 0 ? io->told_ms : io->start_ms;
    struct sv when = say_moment(c, lang, p.zone.n ? p.zone : io->zone, about);
    struct sv minutes = news == NEWS_OFF ? (struct sv){0} : arena_fmt(c->arena, "%lld", (long long)io->minutes);
    if (reached)
        PW_TRY(tell(&system, &com, p.id, msgid, when, minutes, path));
    else
        PW_TRY(notify(&system, p.id, msgid, when, minutes, path, NULL));
    io->told_ms = news == NEWS_OFF ? 0 : io->start_ms;
    return PW_OK;
}

/* ---- interpreter and staff ---- */

/* about: whose name follows the moment in the sentence; 0 = nobody's */
static enum pw_err notice_to(struct ctx *c, int64_t person_id, const struct booking *b, const char *msgid,
                             int64_t about)
{
    struct person p;
    if (!person_id || person_id == c->actor->person_id || !msgid)
        return PW_OK;
    enum pw_err e = person_get(c, person_id, &p);
    if (e == PW_NOT_FOUND || (e == PW_OK && p.erased_ms))
        return PW_OK;
    PW_TRY(e);
    return notify_about(c, p.id, about, msgid, say_moment(c, p.lang, b->zone, b->start_ms), booking_path(c, b->id));
}

enum pw_err booking_tell_staff(struct ctx *c, const struct booking *b, enum booking_act act)
{
    static const char *const interpreter_says[] = {
        [ACT_ASKED] = N_("You are asked to interpret: {0}. Please confirm or decline."),
        [ACT_MOVED] = N_("An appointment to interpret was changed: {0}. Please confirm or decline."),
        [ACT_CONFIRMED] = N_("Your appointment to interpret is confirmed: {0}."),
        [ACT_DECLINED] = N_("Noted that you cannot interpret: {0}."),
        [ACT_CANCELLED] = N_("An appointment to interpret is cancelled: {0}."),
        [ACT_REMINDER] = N_("Reminder: you interpret {0}."),
    };
    static const char *const staff_says[] = {
        [ACT_ASKED] = NULL,
        [ACT_MOVED] = N_("An appointment with an interpreter was changed: {0}, {1}."),
        [ACT_CONFIRMED] = N_("The interpreter comes: {0}, {1}."),
        [ACT_DECLINED] = N_("The interpreter cannot come: {0}, {1}. Choose somebody else."),
        [ACT_CANCELLED] = N_("An appointment with an interpreter is cancelled: {0}, {1}."),
        [ACT_REMINDER] = N_("Reminder: an interpreter is booked {0}, {1}."),
    };
    PW_TRY(notice_to(c, b->interpreter_person, b, interpreter_says[act], 0));
    if (b->asked_by == b->interpreter_person)
        return PW_OK;
    return notice_to(c, b->asked_by, b, staff_says[act], b->interpreter_person);
}

/* ---- reminders ---- */

enum pw_err booking_plan_reminder(struct ctx *c, const struct booking *b)
{
    const struct tz *tz;
    struct worktime work;
    bool hours = false;
    if (!booking_is_open(b->state) || tz_find(b->zone, &tz) != PW_OK)
        return timer_clear(c->db, INTERP_REMIND, b->id);
    if (b->community_id)
        PW_TRY(community_workdays(c, b->community_id, &work, &hours));
    int64_t due = booking_reminder_ms(tz, hours ? &work : NULL, b->start_ms);
    if (due <= c->now_ms) /* booked so late that a reminder would only repeat it */
        return timer_clear(c->db, INTERP_REMIND, b->id);
    return timer_set(c->db, INTERP_REMIND, b->id, due);
}

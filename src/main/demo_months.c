/* SPDX-License-Identifier: EUPL-1.2 */
/* A year of the Arabic community before the present weeks, so that its statistics show something: who came, asked, was
 * answered and left, all by the same actions as in life, at their times. Invented, as everything here. */
#include "base/civil.h"
#include "core/people.h"
#include "demo.h"
#include "feature/usage/usage.h"

enum { MONTHS = 11, TOPICS = 10 };
#define HOUR_MS INT64_C(3600000)
#define DAY_MS (24 * HOUR_MS)

static const char *const names[] = {"ليلى",  "سامي", "رنا",   "فادي", "Yasmine", "زينب", "طارق", "هالة",
                                    "Nabil", "مها",  "عمر",   "دينا", "باسل",    "سلمى", "وائل", "Salma",
                                    "ريم",   "حسام", "نادين", "Adam", "لمى",     "خالد"};
enum { NAMES = sizeof names / sizeof *names };
static const struct {
    const char *asked, *answered, *source;
} talk[TOPICS] = {
    {"أين أسجّل طفلي في الروضة؟", "في مدرسة الحي، مع إثبات السكن.", "Conseil scolaire, page des inscriptions"},
    {"كيف أحصل على طبيب عائلة؟", "سجّلوا في قائمة الانتظار الإقليمية.", NULL},
    {"هل توجد دروس فرنسية مجانية؟", "نعم، صباحًا ومساءً، بعد اختبار المستوى.", "Centre d'accueil, page des cours"},
    {"متى تصل إعانة الأطفال؟", "في العشرين من كل شهر تقريبًا.", "Agence du revenu, calendrier"},
    {"أين أجد ملابس شتوية مستعملة؟", "في مخزن الجمعية كل سبت.", NULL},
    {"كيف أعترض على فاتورة الكهرباء؟", "اتصلوا بالشركة أولًا واطلبوا رقم الشكوى.", NULL},
    {"هل أستطيع العمل أثناء الدراسة؟", "نعم، ضمن الساعات المكتوبة في تصريحكم.", "Gouvernement, page des permis"},
    {"من يترجم شهادة الميلاد؟", "مترجم معتمد من النقابة.", NULL},
    {"أين أسأل عن السكن الاجتماعي؟", "سجّلوا في السجل الموحّد.", "Registre du logement"},
    {"هل النقل مجاني للطلاب؟", "توجد بطاقة شهرية مخفّضة.", NULL},
};
/* How many came and asked, from the oldest month: a start, a summer, the beginning of school. */
static const int came[MONTHS] = {4, 2, 2, 1, 2, 1, 1, 2, 4, 2, 1}, asked[MONTHS] = {3, 4, 6, 5, 5, 4, 2, 3, 6, 5, 4};

struct year {
    struct ctx *moderator;
    int64_t community, now;
    int64_t people[NAMES]; /* members now */
    size_t n, named;
};

static struct ctx at_time(const struct ctx *c, const struct actor *who, int64_t at_ms)
{
    struct ctx own = *c;
    own.actor = who;
    own.now_ms = at_ms;
    return own;
}

static enum pw_err come(struct year *y, int64_t at_ms)
{
    if (y->named == NAMES)
        return PW_OK;
    struct ctx c = at_time(y->moderator, y->moderator->actor, at_ms);
    const char *name = names[y->named++];
    bool latin = (unsigned char)name[0] < 0x80;
    struct person_new p = {sv_of(name), latin ? SV("fr") : SV("ar"), SV("America/Toronto")};
    struct community com;
    struct membership m = {.lang = p.lang, .source = SV("demo"), .channel_kind = SV("web")};
    enum membership_state state;
    PW_TRY(person_create(&c, &p, &m.person_id));
    PW_TRY(community_get(&c, y->community, &com));
    PW_TRY(guidelines_version(&c, &com, p.lang, &m.guidelines_version));
    PW_TRY(membership_enter(&c, y->community, &m, &state));
    y->people[y->n++] = m.person_id;
    return PW_OK;
}

static enum pw_err ask(struct year *y, size_t k, int64_t at_ms)
{
    struct actor me = {.kind = ACTOR_MEMBER, .person_id = y->people[k % y->n], .write = true};
    struct ctx c = at_time(y->moderator, &me, at_ms);
    struct message_new n = {.community_id = y->community,
                            .ask = true,
                            .to_private = k % 7 == 3,
                            .text = sv_of(talk[k % TOPICS].asked),
                            .lang = SV("ar"),
                            .channel_kind = SV("web")};
    struct message_made made;
    PW_TRY(message_post(&c, &n, &made));
    struct ctx mod = at_time(y->moderator, y->moderator->actor, at_ms + (2 + (int64_t)(k * 5 % 30)) * HOUR_MS);
    char day[CIVIL_DATE_TEXT];
    bool source = talk[k % TOPICS].source != NULL;
    struct answer_new a = {.text = sv_of(talk[k % TOPICS].answered), .urgent = true};
    if (source) {
        a.source = sv_of(talk[k % TOPICS].source);
        a.checked_on = arena_sv(c.arena, civil_date_text(civil_day_of(at_ms - DAY_MS), day));
    }
    struct answer_made answered;
    return question_answer(&mod, made.question_id, &a, &answered);
}

static enum pw_err publish(struct year *y, size_t month, int64_t at_ms)
{
    static const char *const types[] = {"event", "information", "workshop"};
    struct ctx c = at_time(y->moderator, y->moderator->actor, at_ms);
    char day[CIVIL_DATE_TEXT];
    struct message_new n = {.community_id = y->community,
                            .text = SV("لقاء هذا الشهر في المكتبة: السبت من الثانية إلى الرابعة، مع ترجمة."),
                            .lang = SV("ar"),
                            .post_type = sv_of(types[month % 3]),
                            .source = SV("Bibliothèque du Pont"),
                            .checked_on = arena_sv(c.arena, civil_date_text(civil_day_of(at_ms - DAY_MS), day)),
                            .channel_kind = SV("web")};
    struct message_made made;
    return message_post(&c, &n, &made);
}

static enum pw_err leave(struct year *y, size_t k, int64_t at_ms)
{
    struct actor me = {.kind = ACTOR_MEMBER, .person_id = y->people[k], .write = true};
    struct ctx c = at_time(y->moderator, &me, at_ms);
    y->people[k] = y->people[--y->n];
    return membership_leave(&c, y->community, 0);
}

enum pw_err demo_months(struct ctx *moderator, int64_t community, int64_t now_ms)
{
    struct year y = {.moderator = moderator, .community = community, .now = now_ms};
    size_t k = 0;
    for (int month = 0; month < MONTHS; month++) {
        int64_t first = now_ms - (int64_t)(MONTHS + 1 - month) * 30 * DAY_MS;
        for (int i = 0; i < came[month]; i++)
            PW_TRY(come(&y, first + i * 30 * HOUR_MS));
        for (int i = 0; i < asked[month]; i++, k++)
            PW_TRY(ask(&y, k, first + 6 * DAY_MS + (int64_t)i * 83 * HOUR_MS));
        PW_TRY(publish(&y, (size_t)month, first + 8 * DAY_MS));
        if (month == 5 || month == 9)
            PW_TRY(leave(&y, (size_t)month / 2, first + 20 * DAY_MS));
    }
    struct ctx c = at_time(moderator, moderator->actor, now_ms);
    struct community com;
    PW_TRY(community_get(&c, community, &com));
    return usage_note_add_to(&c, community, usage_current_month(&c, &com) - 3,
                             SV("Rentrée scolaire : plus de questions que d'habitude."));
}

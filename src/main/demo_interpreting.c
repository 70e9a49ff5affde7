/* SPDX-License-Identifier: EUPL-1.2 */
/* The demonstration's interpreters: one of an outside service, one volunteer, appointments that are over, sure and
 * asked for, and a question that came through one of them (LANG-5). */
#include "demo.h"

#include "base/civil.h"
#include "feature/interpreting/interpreting.h"

static const struct {
    const char *name, *kind, *service, *availability, *reached, *langs[3], *modes[3];
} interpreters[] = {
    {"Rania Khoury",
     "outside",
     "Banque d’interprètes de l’Outaouais",
     "du lundi au vendredi, de 9 h à 18 h",
     "819-555-0134",
     {"ar", "fr"},
     {"in-person", "telephone", "video"}},
    {"Samuel Tesfay", "volunteer", "", "mardi et jeudi après-midi", "613-555-0188", {"ti", "en", "ar"}, {"telephone"}},
};
enum { INTERPRETERS = sizeof interpreters / sizeof *interpreters };

static const struct {
    int who, member, asked_days_ago, day, minutes; /* day: from today; member: of the first community, by turn */
    const char *at, *purpose, *words, *with, *mode, *place;
    enum booking_state state;
} appointments[] = {
    {0, 0, 12, -8, 60, "10:00", "intake", "", "fr", "in-person", "Bureau 12", BOOKING_DONE},
    {0, 1, 6, -1, 45, "14:00", "meeting", "", "fr", "video", "https://meet.example.org/rencontre", BOOKING_CONFIRMED},
    {0, 0, 3, 2, 60, "09:30", "survey", "", "fr", "telephone", "613-555-0142", BOOKING_CONFIRMED},
    {1, 1, 1, 5, 90, "13:15", "other", "Rencontre avec l’école", "en", "telephone", "", BOOKING_ASKED},
};

static enum pw_err make_interpreter(const struct demo_cast *d, size_t i, int64_t *ret)
{
    struct ctx c = demo_as(d, d->admin, 20 * 24);
    struct sv langs[3], modes[3];
    struct interpreter_edit e = {.name = sv_of(interpreters[i].name),
                                 .kind = sv_of(interpreters[i].kind),
                                 .service = sv_of(interpreters[i].service),
                                 .availability = sv_of(interpreters[i].availability),
                                 .reached = sv_of(interpreters[i].reached),
                                 .langs = langs,
                                 .modes = modes};
    char day[CIVIL_DATE_TEXT];
    while (e.n_langs < 3 && interpreters[i].langs[e.n_langs]) {
        langs[e.n_langs] = sv_of(interpreters[i].langs[e.n_langs]);
        e.n_langs++;
    }
    while (e.n_modes < 3 && interpreters[i].modes[e.n_modes]) {
        modes[e.n_modes] = sv_of(interpreters[i].modes[e.n_modes]);
        e.n_modes++;
    }
    PW_TRY(interpreter_add(&c, &e, ret));
    struct undertaking_new u = {.signed_on = civil_date_text(civil_day_of(c.now_ms) - 1, day),
                                .method = i ? SV("witnessed") : SV("signature"),
                                .lang = SV("fr")};
    return undertaking_record(&c, *ret, &u);
}

/* The first two members of the Arabic community. */
static int64_t member_of(const struct demo_cast *d, int turn)
{
    for (size_t i = 0; i < demo_members_n; i++)
        if (demo_members[i].community == 0 && !demo_members[i].pending && turn-- == 0)
            return d->members[i];
    return 0;
}

static enum pw_err make_appointment(const struct demo_cast *d, const struct actor *moderator, size_t i,
                                    const int64_t *who, int64_t *ret)
{
    struct ctx c = demo_as(d, moderator, appointments[i].asked_days_ago * 24);
    char day[CIVIL_DATE_TEXT];
    struct sv date = civil_date_text(civil_day_of(d->now) + appointments[i].day, day);
    struct booking_edit e = {.person_id = member_of(d, appointments[i].member),
                             .interpreter_id = who[appointments[i].who],
                             .purpose = sv_of(appointments[i].purpose),
                             .purpose_words = sv_of(appointments[i].words),
                             .lang = SV("ar"),
                             .with_lang = sv_of(appointments[i].with),
                             .mode = sv_of(appointments[i].mode),
                             .place = sv_of(appointments[i].place),
                             .start = arena_fmt(c.arena, "%.*sT%s", SV_ARG(date), appointments[i].at),
                             .zone = SV("America/Toronto"),
                             .minutes = appointments[i].minutes};
    PW_TRY(booking_ask(&c, &e, ret));
    if (appointments[i].state == BOOKING_ASKED)
        return PW_OK;
    PW_TRY(booking_set_state(&c, *ret, BOOKING_CONFIRMED));
    struct ctx later = demo_as(d, moderator, 0);
    return appointments[i].state == BOOKING_DONE ? booking_set_state(&later, *ret, BOOKING_DONE) : PW_OK;
}

/* One question of that person was asked at the appointment that took place. */
static enum pw_err mark_question(const struct demo_cast *d, const struct actor *moderator)
{
    struct ctx c = demo_as(d, moderator, 0);
    struct inbox_filter f = {.community_id = d->coms[0], .state = -1, .limit = 50};
    struct question *v;
    struct through_offer *offers;
    size_t n, n_offers;
    int64_t person = member_of(d, 0);
    PW_TRY(interpreted_offers(&c, person, &offers, &n_offers));
    PW_TRY(inbox_list(&c, &f, &v, &n));
    for (size_t i = 0; i < n && n_offers; i++)
        if (v[i].author == person)
            return interpreted_mark(&c, "message", v[i].message_id, person, d->coms[0], offers[0].value);
    return PW_OK;
}

enum pw_err demo_interpreting(const struct demo_cast *d)
{
    struct actor moderator;
    int64_t who[INTERPRETERS], id;
    PW_TRY(d->staff_actor(d->self, d->moderators[0], &moderator));
    for (size_t i = 0; i < INTERPRETERS; i++)
        PW_TRY(make_interpreter(d, i, &who[i]));
    for (size_t i = 0; i < sizeof appointments / sizeof *appointments; i++)
        PW_TRY(make_appointment(d, &moderator, i, who, &id));
    return mark_question(d, &moderator);
}

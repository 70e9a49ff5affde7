/* SPDX-License-Identifier: EUPL-1.2 */
/* The demonstration's moderation: ladders, a sanction with an appeal, two reports, an offer, a message that looks
 * personal, so that the pages show something. */
#include "demo.h"

#include "feature/moderation/moderation.h"

static struct actor member(const struct demo_cast *d, int i)
{
    return (struct actor){.kind = ACTOR_MEMBER, .person_id = d->members[i], .write = true};
}

static enum pw_err say_it(const struct demo_cast *d, int community, int who, int hours_ago, const char *lang,
                          const char *text, int64_t *ret_message)
{
    struct actor me = member(d, who);
    struct ctx c = demo_as(d, &me, hours_ago);
    struct message_new n = {.community_id = d->coms[community],
                            .text = sv_of(text),
                            .lang = sv_of(lang),
                            .channel_kind = SV("web"),
                            .sure = true};
    struct message_made made;
    c.lang = sv_of(lang);
    PW_TRY(message_post(&c, &n, &made));
    *ret_message = made.message_id;
    return PW_OK;
}

static enum pw_err set_up(const struct demo_cast *d)
{
    static const struct {
        int community;
        const char *category, *ladder;
    } ladders[] = {{0, "off-topic", "r613-offtopic"},
                   {0, "offensive", "r613-offensive"},
                   {0, "advertising", "r613-offtopic"},
                   {2, "off-topic", "admin-delete"},
                   {2, "offensive", "admin-delete"}};
    static const struct {
        const char *lang, *groups;
    } groups[] = {{"ar", "نادي النقاش في المكتبة العامة\nمجموعة البيع والشراء في الحي"},
                  {"fr", "Le club de discussion de la bibliothèque\nLe groupe de petites annonces du quartier"},
                  {"en", "The discussion club of the public library\nThe neighbourhood's buy and sell group"}};
    struct ctx c = demo_as(d, d->admin, 40 * 24);
    struct mod_settings s;
    for (size_t i = 0; i < sizeof ladders / sizeof *ladders; i++)
        PW_TRY(moderation_set_ladder(&c, d->coms[ladders[i].community], sv_of(ladders[i].category),
                                     sv_of(ladders[i].ladder)));
    PW_TRY(moderation_settings(&c, d->coms[0], &s));
    s.excluded = SV("political religious commercial");
    PW_TRY(moderation_set(&c, d->coms[0], &s));
    struct auto_set rules = auto_defaults;
    rules.mode = AUTO_ENFORCE;
    rules.words = SV("سجائر\nقرض سريع\nargent facile");
    PW_TRY(automatic_set(&c, d->coms[0], &rules));
    for (size_t i = 0; i < sizeof groups / sizeof *groups; i++) {
        enum pw_err e = moderation_write_text(&c, d->coms[0], "groups", sv_of(groups[i].lang), sv_of(groups[i].groups));
        if (e == PW_INVALID) { /* the community does not use this language */
            c.problems->n = 0;
            continue;
        }
        PW_TRY(e);
    }
    return oncall_set(&c, d->coms[0], d->moderators[0], SV("sat-sun 09:00-21:00"));
}

enum pw_err demo_moderation(const struct demo_cast *d)
{
    int64_t message = 0, id = 0;
    moderation_listen();
    PW_TRY(set_up(d));

    PW_TRY(say_it(d, 0, 2, 73, "ar", "صوّتوا يوم الأحد للحزب الذي يعدنا بضرائب أقل!", &message));
    struct actor mod;
    PW_TRY(d->staff_actor(d->self, d->moderators[0], &mod));
    struct ctx c = demo_as(d, &mod, 72);
    struct mod_act_new act = {.message_id = message, .category = SV("off-topic"), .clause = 1};
    PW_TRY(moderation_act(&c, &act, &id));
    struct actor who = member(d, 2);
    c = demo_as(d, &who, 50);
    c.lang = SV("ar");
    PW_TRY(appeal_send(&c, d->coms[0], id, SV("كنت أجيب عن سؤال أحد الأعضاء، ولم أقصد الدعاية لأي حزب."), &id));

    PW_TRY(say_it(d, 0, 1, 20, "ar", "عندي سجاد جديد بأسعار ممتازة، راسلوني للشراء.", &message));
    who = member(d, 0);
    c = demo_as(d, &who, 18);
    c.lang = SV("ar");
    PW_TRY(report_send(&c, d->coms[0], message, SV("advertising"), (struct sv){0}, &id));
    PW_TRY(say_it(d, 0, 3, 6, "fr", "Tu poses toujours des questions stupides, rentre chez toi.", &message));
    who = member(d, 4);
    c = demo_as(d, &who, 5);
    c.lang = SV("ar");
    PW_TRY(report_send(&c, d->coms[0], message, SV("harassment"), SV("هذه ليست المرة الأولى، ولا أشعر بالأمان هنا."),
                       &id));

    PW_TRY(say_it(d, 0, 3, 4, "ar", "من يريد قرض سريع بلا أوراق؟ اكتبوا لي على الخاص.", &message)); /* held by a rule */

    who = member(d, 8);
    c = demo_as(d, &who, 30);
    c.lang = SV("fr");
    PW_TRY(opportunity_send(&c, d->coms[1],
                            SV("Le restaurant où je travaille cherche deux aides de cuisine, le soir. On peut appeler "
                               "la gérante pour vérifier."),
                            &id));
    return say_it(d, 1, 10, 8, "fr", "Pour le covoiturage du samedi, écrivez-moi au 613-555-0142.", &message);
}

/* SPDX-License-Identifier: EUPL-1.2 */
/* What the demonstration network publishes: news in three languages, a draft, a correction on top, a shared post. They
 * leave by themselves when the demonstration is first started. */
#include "demo.h"

#include "base/civil.h"
#include "feature/publishing/publishing.h"

struct demo_post {
    int community;
    const char *type, *source;
    int starts_days, pinned_days; /* from today; 0 = now, none */
    bool draft;
    const char *title[DEMO_LANGS], *body[DEMO_LANGS];
};

static const struct demo_post posts[] = {
    {.community = 0,
     .type = "event",
     .source = "ottawa.ca",
     .title = {"Fête des voisins au parc", "Neighbours’ day in the park", "يوم الجيران في الحديقة"},
     .body = {"Samedi de 11 h à 15 h. Repas partagé, jeux pour les enfants, interprètes sur place. Entrée libre.",
              "Saturday from 11 am to 3 pm. Shared meal, games for children, interpreters on site. Free.",
              "السبت من 11 صباحًا إلى 3 بعد الظهر. طعام مشترك وألعاب للأطفال ومترجمون في المكان. الدخول مجاني."}},
    {.community = 0,
     .type = "correction",
     .source = "ontario.ca",
     .pinned_days = 10,
     .title = {"L’école est gratuite", "School is free", "المدرسة مجانية"},
     .body =
         {"On lit parfois qu’il faut payer pour inscrire un enfant à l’école publique. C’est faux : l’inscription est "
          "gratuite.",
          "Some messages say that you pay to register a child at a public school. That is wrong: it is free.",
          "تقول بعض الرسائل إن تسجيل الطفل في المدرسة الحكومية بأجر. هذا خطأ: التسجيل مجاني."}},
    {.community = 0,
     .type = "job-offer",
     .source = "guichetemplois.gc.ca",
     .starts_days = 2,
     .title = {"Aide-cuisinière ou aide-cuisinier", "Kitchen helper", "مساعد أو مساعدة في مطبخ"},
     .body = {"Temps partiel, près du métro léger. Aucune expérience demandée.",
              "Part time, near the light rail. No experience needed.", NULL}},
    {.community = 1,
     .type = "information",
     .source = "canada.ca",
     .title = {"Déclaration de revenus : à faire avant la fin d’avril", "Income tax: before the end of April",
               "الإقرار الضريبي قبل نهاية أبريل"},
     .body = {"Même sans revenu, elle ouvre le droit aux allocations. Des bénévoles la remplissent avec vous.",
              "Even without income it opens the right to benefits. Volunteers fill it in with you.",
              "حتى من دون دخل، يفتح لكم الحق في الإعانات. يملؤه المتطوعون معكم."}},
    {.community = 1,
     .type = "prompt",
     .draft = true,
     .title = {NULL, NULL, NULL},
     .body = {"Qu’est-ce qui vous a le plus aidé pendant votre premier mois ici?", NULL, NULL}},
};

static struct sv days_on(struct ctx *c, int days, const char *clock)
{
    char day[CIVIL_DATE_TEXT];
    struct sv text = civil_date_text(civil_day_of(c->now_ms) + days, day);
    return arena_fmt(c->arena, "%.*s%s", SV_ARG(text), clock);
}

static enum pw_err make_post(struct ctx *c, int64_t community, const struct demo_post *d)
{
    struct post_words w[DEMO_LANGS];
    struct community com;
    struct post p;
    struct audience a;
    size_t n = 0;
    int64_t id;
    PW_TRY(community_get(c, community, &com));
    for (int i = 0; i < DEMO_LANGS; i++)
        if (d->body[i] && lang_in(com.languages, sv_of(demo_langs[i])))
            w[n++] = (struct post_words){
                .lang = sv_of(demo_langs[i]), .title = sv_of(d->title[i]), .body = sv_of(d->body[i])};
    struct post_edit e = {.type = sv_of(d->type), .source = sv_of(d->source), .words = w, .n_words = n};
    if (d->source)
        e.checked_on = days_on(c, -1, "");
    if (d->starts_days)
        e.starts = days_on(c, d->starts_days, "T10:00");
    if (d->pinned_days)
        e.pinned = days_on(c, d->pinned_days, "");
    PW_TRY(post_create(c, community, &e, &id));
    if (d->draft)
        return PW_OK;
    PW_TRY(post_get(c, id, &p));
    PW_TRY(post_audience(c, &com, &p, &a));
    return post_publish(c, id, a.people);
}

enum pw_err demo_publish(struct ctx *moderators[], const int64_t *communities)
{
    for (size_t i = 0; i < sizeof posts / sizeof *posts; i++)
        PW_TRY(make_post(moderators[posts[i].community], communities[posts[i].community], &posts[i]));
    struct kb_entry *entries; /* one checked answer of the first community is offered to all */
    size_t n;
    PW_TRY(kb_list(moderators[0], communities[0], (struct sv){0}, 0, 1, &entries, &n));
    return n ? share_item(moderators[0], ITEM_ENTRY, entries[0].id, true) : PW_OK;
}

/* SPDX-License-Identifier: EUPL-1.2 */
/* Writes the style guide in every language: render_styleguide LOCALE_DIR OUT_DIR STATIC_BASE */
#include <stdio.h>
#include <string.h>

#include "ui/markdown.h"
#include "ui/styleguide.h"
#include "views_ui.h"

static const struct page_nav nav[] = {
    {N_("Today"), "/today", -1, true},         {N_("Inbox"), "/inbox", 4, false},
    {N_("Join requests"), "/joins", 2, false}, {N_("Results"), "/results", -1, false},
    {N_("Settings"), "/settings", -1, false},
};

static void fill(struct page *pg, struct styleguide *v)
{
    static const struct ui_point bars[] = {
        {SV("Gatineau"), 0.82, 0.76, 0.87, 164, false},
        {SV("Ottawa"), 0.64, 0.55, 0.72, 98, false},
        {SV("مونتريال"), 0.71, 0.52, 0.85, 21, false},
        {SV("Moncton"), 0, 0, 0, 3, true},
    };
    static const struct ui_point line[] = {
        {SV("09"), 31, 27, 35, 0, false}, {SV("10"), 44, 39, 50, 0, false}, {SV("11"), 40, 34, 45, 0, false},
        {SV("12"), 58, 51, 64, 0, false}, {SV("01"), 76, 70, 83, 0, false}, {SV("02"), 71, 66, 78, 0, false},
    };
    static const struct ui_chart bar_chart = {.title = N_("Questions answered within one working day"),
                                              .value_label = N_("Share"),
                                              .label_label = N_("Community"),
                                              .v = bars,
                                              .n = 4,
                                              .percent = true};
    static const struct ui_chart line_chart = {.title = N_("Questions a month"),
                                               .value_label = N_("Questions"),
                                               .label_label = N_("Month"),
                                               .v = line,
                                               .n = 6};
    static const struct ui_column columns[] = {{.label = N_("Community")},
                                               {.label = N_("Members"), .align = ALIGN_NUMBER},
                                               {.label = N_("Questions"), .align = ALIGN_NUMBER}};
    static const struct ui_cell cells[] = {
        {.text = SV("Gatineau"), .href = SV("/c")}, {.number = 1846, .is_number = true},
        {.number = 164, .is_number = true},         {.text = SV("مونتريال"), .href = SV("/c")},
        {.number = 212, .is_number = true},         {.hidden = true},
    };
    static const struct ui_table table = {
        .caption = N_("Communities"), .columns = columns, .n_columns = 3, .cells = cells, .n_rows = 2};
    *v = (struct styleguide){
        .person = SV("نور الهدى حدّاد"),
        .other = SV("Amina Diallo"),
        .question =
            SV("السلام عليكم، وصلتني رسالة من CLSC de Hull بخصوص موعد يوم 17 أبريل ولا أفهم ما هو المطلوب مني. هل "
               "أستطيع الحضور مع مترجم؟ رقمي 819-555-0142"),
        .answer =
            SV("Bonjour, oui: l'interprète est gratuit. Dites-le au CLSC au 819-555-0100, poste 4, deux jours avant.\n"
               "Apportez la lettre et votre carte d'assurance maladie."),
        .reply = SV("Merci <b>beaucoup</b> & à bientôt! Est-ce que ma mère peut venir aussi?"),
        .note = SV("Appeler la banque d'interprètes avant midi."),
        .phone = SV("+1 819-555-0142"),
        .link = SV("equipe@exemple.ca"),
        .bars = &bar_chart,
        .line = &line_chart,
        .table = &table,
    };
    struct sv text = SV("## Ce que nous faisons\n\nNous répondons **en un jour ouvrable**. Voyez "
                        "[le guide](https://exemple.ca/guide).\n\n- Pas de politique\n- Pas de numéros de documents\n");
    if (markdown_html(pg->arena, text, &v->document) != PW_OK)
        v->document = (struct html){0};
}

static int write_page(const struct catalogs *cs, struct sv lang, struct sv static_base, const char *dir, bool staff)
{
    struct arena a;
    struct buf out;
    arena_init(&a, 16 << 20);
    buf_init(&out, 4 << 20);
    const struct catalog *cat = catalog_of(cs, lang);
    struct problems problems = {0};
    (void)problem_add(&problems, "code", N_("This code is not known. Check each letter, or ask for a new one."));
    (void)problem_add(&problems, "agree", N_("Say whether you agree."));
    struct page pg = {.out = &out,
                      .arena = &a,
                      .cat = cat,
                      .lang = catalog_lang(cat),
                      .dir = catalog_rtl(cat) ? SV("rtl") : SV("ltr"),
                      .zone = SV("America/Toronto"),
                      .now_ms = INT64_C(1776106800000),
                      .csrf = SV("token"),
                      .path = SV("/today"),
                      .title = text_t(cat, &a, N_("Today"), NULL, 0),
                      .static_base = static_base,
                      .face = staff ? FACE_STAFF : FACE_MEMBER,
                      .who = SV("Chantal Tremblay"),
                      .demo = true,
                      .exit_url = SV("/exit")};
    struct styleguide v;
    fill(&pg, &v);
    if (staff) {
        pg.nav = nav;
        pg.n_nav = sizeof nav / sizeof nav[0];
        pg.flash = text_t(cat, &a, N_("The answer was sent."), NULL, 0);
        view_styleguide_staff(&pg, &v);
    } else {
        pg.problems = &problems;
        view_styleguide_member(&pg, &v);
    }
    struct sv path = arena_fmt(&a, "%s/%s-%.*s.html", dir, staff ? "staff" : "member", SV_ARG(lang));
    FILE *f = fopen(path.p, "wb");
    int bad = !f || fwrite(out.p, 1, out.n, f) != out.n || a.oom || !buf_ok(&out);
    if (f)
        bad |= fclose(f) != 0;
    buf_finish(&out);
    arena_finish(&a);
    return bad;
}

int main(int argc, char **argv)
{
    struct catalogs *cs = NULL;
    struct sv why = {0};
    struct arena a;
    int bad = 0;
    if (argc != 4)
        return 2;
    arena_init(&a, 1 << 20);
    if (catalogs_load(sv_of(argv[1]), &cs, &why, &a) != PW_OK) {
        fprintf(stderr, "%.*s\n", SV_ARG(why));
        arena_finish(&a);
        return 1;
    }
    static const char *const langs[] = {"fr", "en", "ar"};
    for (size_t i = 0; i < 3; i++) {
        bad |= write_page(cs, sv_of(langs[i]), sv_of(argv[3]), argv[2], true);
        bad |= write_page(cs, sv_of(langs[i]), sv_of(argv[3]), argv[2], false);
    }
    catalogs_free(cs);
    arena_finish(&a);
    return bad;
}

/* SPDX-License-Identifier: EUPL-1.2 */
/* Documents of paper: they begin and end as PDF, long ones have several pages, wrong input is told at the end. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "paper/paper.h"

static size_t pages(struct sv pdf)
{
    size_t n = 0;
    struct sv rest = pdf;
    for (ptrdiff_t at; (at = sv_find(rest, SV("/Type /Page"))) >= 0;) {
        rest = sv_sub(rest, (size_t)at + 11, rest.n);
        n += rest.n && rest.p[0] != 's'; /* not "/Type /Pages" */
    }
    return n;
}

struct sheet {
    struct arena a;
    struct buf out;
    struct paper *p;
};

static void begin(struct sheet *s, bool rtl)
{
    struct paper_config cf = {
        .size = PAPER_LETTER, .rtl = rtl, .lang = SV("fr"), .title = SV("Essai"), .footer = SV("Pied")};
    arena_init(&s->a, 32 << 20);
    buf_init(&s->out, 16 << 20);
    assert_int_equal(PW_OK, paper_open(&s->a, &cf, &s->p));
}

static void end(struct sheet *s)
{
    buf_finish(&s->out);
    arena_finish(&s->a);
}

static void one_page(void **state)
{
    (void)state;
    struct sheet s;
    begin(&s, true);
    paper_text(s.p, &(struct paper_style){.pt = 20, .bold = true}, SV("أهلًا بكم"));
    paper_qr(s.p, 40, PAPER_CENTER, SV("https://example.org/c/essai/join?from=poster-1"));
    assert_int_equal(PW_OK, paper_finish(s.p, &s.out));
    assert_true(sv_starts(buf_sv(&s.out), SV("%PDF-")));
    assert_true(sv_ends(sv_trim(buf_sv(&s.out)), SV("%%EOF")));
    assert_int_equal(1, pages(buf_sv(&s.out)));
    end(&s);
}

static void long_text_and_tables_go_on(void **state)
{
    (void)state;
    struct sheet s;
    begin(&s, false);
    for (int i = 0; i < 120; i++)
        paper_text(s.p, &(struct paper_style){.after_mm = 2}, SV("Une ligne de texte\nqui en fait deux."));
    struct sv cells[3 * 81];
    for (size_t i = 0; i < 3 * 81; i++)
        cells[i] = i < 3 ? SV("Titre") : SV("Cellule");
    static const double share[] = {2, 1, 1};
    paper_table(s.p, share, 3, cells, 81);
    assert_int_equal(PW_OK, paper_finish(s.p, &s.out));
    assert_true(pages(buf_sv(&s.out)) >= 5);
    end(&s);
}

static void what_cannot_be_drawn_is_told(void **state)
{
    (void)state;
    struct sheet s;
    char long_link[600];
    memset(long_link, 'a', sizeof long_link);
    begin(&s, false);
    paper_qr(s.p, 40, PAPER_START, (struct sv){long_link, sizeof long_link});
    assert_int_equal(PW_INTERNAL, paper_finish(s.p, &s.out));
    assert_int_equal(0, s.out.n);
    end(&s);
}

static void a_full_box_is_cut_and_adds_no_page(void **state)
{
    (void)state;
    struct sheet s;
    begin(&s, false);
    paper_box_begin(s.p, 10, 10, 85, 54);
    for (int i = 0; i < 100; i++)
        paper_text(s.p, &(struct paper_style){0}, SV("Trop"));
    paper_box_end(s.p);
    assert_int_equal(PW_OK, paper_finish(s.p, &s.out));
    assert_int_equal(1, pages(buf_sv(&s.out)));
    end(&s);
}

/* A row with long words goes to the next page as a whole, below the head. */
static void no_row_is_cut_by_the_end_of_the_page(void **state)
{
    (void)state;
    static char words[500];
    static const double share[] = {5, 2, 5};
    struct sheet s;
    for (size_t i = 0; i < sizeof words; i++)
        words[i] = i % 8 == 7 ? ' ' : 'x';
    struct sv cells[] = {SV("Quoi"), SV("Part"), SV("Détails"), SV("Une personne"), SV("20"), {words, sizeof words}};
    for (int full = 0; full < 2; full++) {
        begin(&s, false);
        for (int i = 0; i < (full ? 36 : 0); i++)
            paper_text(s.p, &(struct paper_style){.pt = 11}, SV("Une ligne."));
        paper_table(s.p, share, 3, cells, 2);
        assert_int_equal(PW_OK, paper_finish(s.p, &s.out));
        assert_int_equal(full ? 2 : 1, pages(buf_sv(&s.out)));
        end(&s);
    }
}

static void words_become_smaller_until_they_fit(void **state)
{
    (void)state;
    static char words[3000];
    struct sheet s;
    for (size_t i = 0; i < sizeof words; i++)
        words[i] = i % 8 == 7 ? ' ' : 'x';
    for (int fits = 0; fits < 2; fits++) {
        begin(&s, true);
        paper_text(s.p, &(struct paper_style){.pt = 22, .least_pt = fits ? 8 : 0, .keep_mm = 90},
                   (struct sv){words, sizeof words});
        paper_qr(s.p, 80, PAPER_CENTER, SV("https://example.org"));
        assert_int_equal(PW_OK, paper_finish(s.p, &s.out));
        assert_true((pages(buf_sv(&s.out)) == 1) == (fits == 1));
        end(&s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(no_row_is_cut_by_the_end_of_the_page),
                                       cmocka_unit_test(words_become_smaller_until_they_fit),
                                       cmocka_unit_test(one_page),
                                       cmocka_unit_test(long_text_and_tables_go_on),
                                       cmocka_unit_test(what_cannot_be_drawn_is_told),
                                       cmocka_unit_test(a_full_box_is_cut_and_adds_no_page)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

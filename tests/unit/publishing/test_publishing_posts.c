/* SPDX-License-Identifier: EUPL-1.2 */
/* Posts: who may, what they need, their languages and end; silence, newsletters, corrections, resources. On both
 * engines. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "channel/file.h"
#include "unit/publishing/press.h"

static struct community com_of(struct press *p)
{
    struct community com = {0};
    assert_int_equal(PW_OK, CTX_LOOK(&p->t.f, community_get(c, p->t.com, &com)));
    return com;
}

/* MOD-10 */
static void facts_are_not_published_without_source_and_date(void **state)
{
    struct press *p = *state;
    struct post_words w = {.lang = SV("fr"), .body = SV("La bibliothèque est gratuite.")};
    struct post_edit e = {.type = SV("information"), .words = &w, .n_words = 1};
    int64_t id = 0;
    town_as(&p->t, p->t.as_mod);
    assert_int_equal(PW_OK, CTX_ACT(&p->t.f, post_create(c, p->t.com, &e, &id))); /* a draft may wait for it */
    assert_int_equal(PW_INVALID, CTX_ACT(&p->t.f, post_publish(c, id, 100)));
    assert_non_null(problem_of(&p->t.f.problems, "source"));
    e.source = SV("calgarylibrary.ca");
    assert_int_equal(PW_OK, CTX_ACT(&p->t.f, post_write(c, id, &e)));
    assert_int_equal(PW_INVALID, CTX_ACT(&p->t.f, post_publish(c, id, 100)));
    assert_non_null(problem_of(&p->t.f.problems, "checked_on"));
    e.checked_on = SV("2999-01-01");
    assert_int_equal(PW_INVALID, CTX_ACT(&p->t.f, post_write(c, id, &e))); /* not in the future */
    e.checked_on = SV("2026-02-01");
    assert_int_equal(PW_OK, CTX_ACT(&p->t.f, post_write(c, id, &e)));
    assert_int_equal(PW_OK, CTX_ACT(&p->t.f, post_publish(c, id, 100)));
    assert_int_equal(PW_CONFLICT, CTX_ACT(&p->t.f, post_write(c, id, &e))); /* no longer a draft */
}

static void only_moderators_publish(void **state)
{
    struct press *p = *state;
    struct post_words w = {.lang = SV("fr"), .body = SV("Mots")};
    struct post_edit e = {.type = SV("prompt"), .words = &w, .n_words = 1};
    int64_t id = 0, mine = press_draft(p, "prompt", "", "Bonjour ?");
    struct post post;
    (void)town_join(&p->t, p->t.as_amal, p->t.amal);
    town_as(&p->t, p->t.as_amal);
    assert_int_equal(PW_DENIED, CTX_ACT(&p->t.f, post_create(c, p->t.com, &e, &id)));
    assert_int_equal(PW_DENIED, CTX_LOOK(&p->t.f, post_get(c, mine, &post)));
    assert_int_equal(PW_DENIED, CTX_ACT(&p->t.f, post_publish(c, mine, 10)));
    assert_int_equal(PW_DENIED, CTX_ACT(&p->t.f, post_cancel(c, mine)));
    town_as(&p->t, p->t.as_admin); /* administering is not publishing */
    assert_int_equal(PW_DENIED, CTX_ACT(&p->t.f, post_create(c, p->t.com, &e, &id)));
    struct publishing_setting s;
    assert_int_equal(PW_OK, CTX_LOOK(&p->t.f, publishing_setting_get(c, p->t.com, &s)));
    assert_int_equal(PW_OK, CTX_ACT(&p->t.f, publishing_setting_set(c, &s)));
    town_as(&p->t, p->t.as_mod);
    assert_int_equal(PW_DENIED, CTX_ACT(&p->t.f, publishing_setting_set(c, &s)));
}

/* A wrong picture is replaced or taken away before anything leaves; what nobody needs any more is gone. */
static void a_file_of_a_draft_can_be_taken_away(void **state)
{
    struct press *p = *state;
    struct post_words w = {.lang = SV("fr"), .body = SV("Affiche")};
    struct post_edit e = {.type = SV("prompt"), .words = &w, .n_words = 1, .file_kind = MSG_IMAGE};
    int64_t files[2], id = 0;
    struct file_info info;
    town_as(&p->t, p->t.as_mod);
    for (int i = 0; i < 2; i++)
        assert_int_equal(PW_OK, CTX_ACT(&p->t.f, file_put(c, 0, FILE_IMAGE, SV("a.png"), SV("image/png"), 0,
                                                          SV("\x89PNG\r\n\x1a\n"), &files[i])));
    e.file_id = files[0];
    assert_int_equal(PW_OK, CTX_ACT(&p->t.f, post_create(c, p->t.com, &e, &id)));
    e.file_id = 0;
    assert_int_equal(PW_OK, CTX_ACT(&p->t.f, post_write(c, id, &e)));
    assert_true(press_post(p, id).file_id == files[0]); /* as it is */
    e.file_id = files[1];
    assert_int_equal(PW_OK, CTX_ACT(&p->t.f, post_write(c, id, &e)));
    assert_true(press_post(p, id).file_id == files[1]);
    assert_int_equal(PW_OK, CTX_LOOK(&p->t.f, file_get(c, files[0], &info)));
    assert_int_equal(info.state, FILE_REMOVED);
    e.file_id = 0;
    e.no_file = true;
    assert_int_equal(PW_OK, CTX_ACT(&p->t.f, post_write(c, id, &e)));
    struct post post = press_post(p, id);
    assert_true(post.file_id == 0 && post.file_kind == MSG_TEXT);
}

/* The number that was confirmed is the number that it goes to. */
static void a_grown_audience_is_asked_again(void **state)
{
    struct press *p = *state;
    char chat[16];
    int64_t id = press_draft(p, "prompt", "", "Bonjour ?");
    for (int i = 0; i < 20; i++) {
        snprintf(chat, sizeof chat, "+1%02d", i);
        (void)press_member(p, SMS, "sms", chat, "fr");
    }
    town_as(&p->t, p->t.as_mod);
    assert_int_equal(PW_CONFLICT, CTX_ACT(&p->t.f, post_publish(c, id, 2)));
    assert_int_equal(PW_OK, CTX_ACT(&p->t.f, post_publish(c, id, 19)));
}

/* LANG-4, A-68 */
static void a_translation_is_out_of_date_until_it_says_it_fits(void **state)
{
    struct press *p = *state;
    struct post_words w[2] = {{.lang = SV("fr"), .body = SV("Un")}, {.lang = SV("ar"), .body = SV("واحد")}};
    struct post_edit e = {.type = SV("prompt"), .words = w, .n_words = 2};
    struct post_words *v;
    size_t n;
    int64_t id = 0;
    town_as(&p->t, p->t.as_mod);
    assert_int_equal(PW_OK, CTX_ACT(&p->t.f, post_create(c, p->t.com, &e, &id)));
    w[0].body = SV("Deux");
    w[1].out_of_date = true; /* the box "it still fits" stays empty */
    assert_int_equal(PW_OK, CTX_ACT(&p->t.f, post_write(c, id, &e)));
    struct post post = press_post(p, id);
    assert_int_equal(PW_OK, CTX_LOOK(&p->t.f, post_languages(c, &post, &v, &n)));
    assert_int_equal(n, 3);
    assert_true(v[0].is_source && !v[0].out_of_date);
    assert_true(v[1].written && v[1].out_of_date);
    assert_false(v[2].written);
    w[1].out_of_date = false;
    assert_int_equal(PW_OK, CTX_ACT(&p->t.f, post_write(c, id, &e)));
    assert_int_equal(PW_OK, CTX_LOOK(&p->t.f, post_languages(c, &post, &v, &n)));
    assert_false(v[1].out_of_date);
    /* the reader gets their language, on the page too */
    press_publish(p, id);
    press_go(p, "2026-02-10T10:00:11-07:00");
    assert_int_equal(PW_CONFLICT, CTX_ACT(&p->t.f, post_translate(c, id, SV("ar"), SV(""), SV("آخر"))));
    assert_int_equal(PW_OK, CTX_ACT(&p->t.f, post_translate(c, id, SV("en"), SV(""), SV("Two"))));
}

/* MSG-14: at its time, in the community's zone; counted by type; taken down at its end. */
static void a_post_comes_and_goes_at_its_time(void **state)
{
    struct press *p = *state;
    struct post_words w = {.lang = SV("fr"), .title = SV("Atelier"), .body = SV("CV")};
    struct post_edit e = {.type = SV("workshop"),
                          .source = SV("centre.example"),
                          .checked_on = SV("2026-02-01"),
                          .starts = SV("2026-02-11T09:00"),
                          .expires = SV("2026-02-12T18:00"),
                          .words = &w,
                          .n_words = 1};
    struct post_count *counts;
    struct post *shown, one;
    size_t n;
    int64_t id = 0;
    town_as(&p->t, p->t.as_mod);
    assert_int_equal(PW_OK, CTX_ACT(&p->t.f, post_create(c, p->t.com, &e, &id)));
    assert_int_equal(press_post(p, id).starts_ms, at("2026-02-11T09:00-07:00"));
    press_publish(p, id);
    struct community com = com_of(p);
    struct post_date *days;
    assert_int_equal(PW_OK, CTX_LOOK(&p->t.f, post_calendar(c, p->t.com, &days, &n)));
    assert_int_equal(n, 2);
    assert_true(!days[0].ends && days[0].at_ms == at("2026-02-11T09:00-07:00") && days[0].post.id == id);
    assert_true(days[1].ends && days[1].at_ms == at("2026-02-12T18:00-07:00"));
    press_go(p, "2026-02-11T08:59-07:00");
    assert_int_equal(PW_OK, CTX_LOOK(&p->t.f, post_shown_list(c, &com, (struct sv){0}, 0, 0, 10, &shown, &n)));
    assert_int_equal(n, 0);
    press_go(p, "2026-02-11T09:00-07:00");
    town_as(&p->t, &actor_anonymous); /* a listed community's news are public */
    assert_int_equal(PW_OK, CTX_LOOK(&p->t.f, post_shown_list(c, &com, (struct sv){0}, 0, 0, 10, &shown, &n)));
    assert_int_equal(n, 1);
    town_as(&p->t, p->t.as_mod);
    assert_int_equal(PW_OK, CTX_LOOK(&p->t.f, post_counts(c, p->t.com, &counts, &n)));
    assert_int_equal(n, 1);
    assert_true(sv_eq_z(counts[0].type, "workshop"));
    assert_int_equal(counts[0].shown, 1);
    assert_int_equal(PW_OK, CTX_LOOK(&p->t.f, post_calendar(c, p->t.com, &days, &n)));
    assert_true(n == 1 && days[0].ends); /* it has left */
    press_go(p, "2026-02-12T18:00-07:00");
    assert_int_equal(press_post(p, id).state, POST_EXPIRED);
    town_as(&p->t, p->t.as_mod);
    assert_int_equal(PW_OK, CTX_LOOK(&p->t.f, post_calendar(c, p->t.com, &days, &n)));
    assert_int_equal(n, 0);
    town_as(&p->t, &actor_anonymous);
    assert_int_equal(PW_NOT_FOUND, CTX_LOOK(&p->t.f, post_shown(c, &com, id, &one)));
    struct message *m;
    (void)town_join(&p->t, p->t.as_amal, p->t.amal);
    town_as(&p->t, p->t.as_amal);
    assert_int_not_equal(PW_OK, CTX_LOOK(&p->t.f, post_calendar(c, p->t.com, &days, &n)));
    assert_int_equal(PW_OK, CTX_LOOK(&p->t.f, message_stream(c, p->t.com, 0, 0, 50, &m, &n)));
    for (size_t i = 0; i < n; i++)
        assert_int_not_equal(m[i].purpose, FOR_POST);
}

static void a_closed_community_gets_nothing(void **state)
{
    struct press *p = *state;
    struct chan_send v[4];
    (void)press_member(p, SMS, "sms", "+1", "fr");
    int64_t id = press_draft(p, "prompt", "", "Bonjour ?");
    press_publish(p, id);
    town_as(&p->t, p->t.as_admin);
    assert_int_equal(PW_OK, CTX_ACT(&p->t.f, community_set_status(c, p->t.com, SV("winding-down"), SV("moved"))));
    assert_int_equal(PW_OK, CTX_ACT(&p->t.f, community_set_status(c, p->t.com, SV("read-only"), SV("moved"))));
    press_go(p, "2026-02-10T10:01-07:00");
    assert_int_equal(press_sent(p, SMS, v, 4), 0);
    assert_int_equal(press_post(p, id).state, POST_DRAFT);
    assert_true(town_notice(&p->t, p->t.mod, "A post could not be published: {0} is not open."));
}

/* MOD-8 */
static void a_private_suggestion_is_published_and_its_author_told(void **state)
{
    struct press *p = *state;
    (void)town_join(&p->t, p->t.as_amal, p->t.amal);
    struct message_new n = {.community_id = p->t.com, .text = SV("Emploi à la boulangerie"), .to_private = true};
    struct message_made made;
    town_as(&p->t, p->t.as_amal);
    assert_int_equal(PW_OK, CTX_ACT(&p->t.f, message_post(c, &n, &made)));
    struct post_words w = {.lang = SV("fr"), .body = SV("La boulangerie cherche quelqu’un.")};
    struct post_edit e = {.type = SV("job-offer"),
                          .source = SV("un membre"),
                          .checked_on = SV("2026-02-10"),
                          .words = &w,
                          .n_words = 1,
                          .from_message = made.message_id};
    int64_t id = 0;
    town_as(&p->t, p->t.as_mod);
    assert_int_equal(PW_OK, CTX_ACT(&p->t.f, post_create(c, p->t.com, &e, &id)));
    press_publish(p, id);
    press_go(p, "2026-02-10T10:00:11-07:00");
    assert_true(
        town_notice(&p->t, p->t.amal, "Thank you: what you suggested to the moderators of {0} is published now."));
}

/* KB-6 */
static void a_correction_marks_what_it_corrects_and_is_pinned(void **state)
{
    struct press *p = *state;
    (void)town_join(&p->t, p->t.as_amal, p->t.amal);
    (void)town_join(&p->t, p->t.as_badi, p->t.badi);
    int64_t wrong = town_say(&p->t, p->t.as_amal, "Le vaccin est payant", 0).message_id, id = 0;
    struct post_words w[2] = {{.lang = SV("fr"), .title = SV("Les vaccins sont gratuits"), .body = SV("Pour tous.")},
                              {.lang = SV("ar"), .title = SV("اللقاحات مجانية"), .body = SV("للجميع.")}};
    struct post_edit e = {.type = SV("correction"),
                          .source = SV("alberta.ca"),
                          .checked_on = SV("2026-02-09"),
                          .pinned = SV("2026-02-20"),
                          .words = w,
                          .n_words = 2,
                          .corrects = &wrong,
                          .n_corrects = 1};
    struct message m;
    struct place_note notes[PLACE_NOTES_MAX];
    size_t n;
    town_as(&p->t, p->t.as_mod);
    assert_int_equal(PW_OK, CTX_ACT(&p->t.f, post_create(c, p->t.com, &e, &id)));
    town_as(&p->t, p->t.as_badi);
    assert_int_equal(PW_OK, CTX_LOOK(&p->t.f, message_get(c, wrong, &m)));
    assert_int_equal(m.note.n, 0); /* a draft says nothing */
    press_publish(p, id);
    press_go(p, "2026-02-10T10:00:11-07:00");
    town_as(&p->t, p->t.as_badi);
    assert_int_equal(PW_OK, CTX_LOOK(&p->t.f, message_get(c, wrong, &m)));
    assert_true(sv_has(m.note, "gratuits") || sv_has(m.note, "مجانية"));
    assert_true(sv_starts(m.note_path, SV("/c/bienvenue/posts/")));
    struct community com = com_of(p);
    assert_int_equal(PW_OK, CTX_LOOK(&p->t.f, community_notes(c, &com, true, notes, &n)));
    assert_int_equal(n, 1);
    press_go(p, "2026-02-20T23:00-07:00");
    assert_int_equal(PW_OK, CTX_LOOK(&p->t.f, community_notes(c, &com, true, notes, &n)));
    assert_int_equal(n, 1); /* the whole day */
    press_go(p, "2026-02-21T00:01-07:00");
    assert_int_equal(PW_OK, CTX_LOOK(&p->t.f, community_notes(c, &com, true, notes, &n)));
    assert_int_equal(n, 0);
    town_as(&p->t, p->t.as_badi); /* the mark stays */
    assert_int_equal(PW_OK, CTX_LOOK(&p->t.f, message_get(c, wrong, &m)));
    assert_true(m.note.n > 0);
}

static void private_words_are_never_corrected_in_public(void **state)
{
    struct press *p = *state;
    (void)town_join(&p->t, p->t.as_amal, p->t.amal);
    struct message_new n = {.community_id = p->t.com, .text = SV("En privé"), .to_private = true};
    struct message_made made;
    town_as(&p->t, p->t.as_amal);
    assert_int_equal(PW_OK, CTX_ACT(&p->t.f, message_post(c, &n, &made)));
    struct post_words w = {.lang = SV("fr"), .body = SV("Non.")};
    struct post_edit e = {
        .type = SV("correction"), .words = &w, .n_words = 1, .corrects = &made.message_id, .n_corrects = 1};
    int64_t id = 0;
    town_as(&p->t, p->t.as_mod);
    assert_int_equal(PW_NOT_FOUND, CTX_ACT(&p->t.f, post_create(c, p->t.com, &e, &id)));
}

/* MSG-15 */
static void silence_is_told_once_until_somebody_speaks(void **state)
{
    struct press *p = *state;
    static const char *const words = "It is quiet in {0}: post a question or a topic.";
    struct place_note notes[PLACE_NOTES_MAX];
    size_t n;
    struct community com = com_of(p);
    (void)town_join(&p->t, p->t.as_amal, p->t.amal);
    (void)town_say(&p->t, p->t.as_amal, "Bonjour", 0);
    press_go(p, "2026-02-17T09:30-07:00");
    assert_int_equal(town_notices(&p->t, p->t.mod, words), 0); /* not seven whole days yet at nine */
    press_go(p, "2026-02-18T09:30-07:00");
    assert_int_equal(town_notices(&p->t, p->t.mod, words), 1);
    press_go(p, "2026-02-19T09:30-07:00");
    assert_int_equal(town_notices(&p->t, p->t.mod, words), 1);
    town_as(&p->t, p->t.as_mod);
    assert_int_equal(PW_OK, CTX_LOOK(&p->t.f, inbox_notes(c, &com, 1, notes, &n)));
    assert_int_equal(n, 1);
    (void)town_say(&p->t, p->t.as_amal, "Me revoici", 0);
    town_as(&p->t, p->t.as_mod);
    assert_int_equal(PW_OK, CTX_LOOK(&p->t.f, inbox_notes(c, &com, 1, notes, &n)));
    assert_int_equal(n, 0); /* gone at once */
    for (int day = 20; day < 28; day++) {
        char when[40];
        snprintf(when, sizeof when, "2026-02-%02dT09:30-07:00", day);
        press_go(p, when);
    }
    assert_int_equal(town_notices(&p->t, p->t.mod, words), 2); /* the next silence */
}

/* KB-5 */
static void a_newsletter_is_drafted_each_month_and_sent_as_the_channel_allows(void **state)
{
    struct press *p = *state;
    struct chan_send v[8];
    struct publishing_setting s;
    struct newsletter_part *parts;
    struct post *posts;
    size_t n;
    town_as(&p->t, p->t.as_admin);
    assert_int_equal(PW_OK, CTX_LOOK(&p->t.f, publishing_setting_get(c, p->t.com, &s)));
    s.monthly = true;
    s.silence_days = 0;
    assert_int_equal(PW_OK, CTX_ACT(&p->t.f, publishing_setting_set(c, &s)));
    struct kb_edit e = {.lang = SV("fr"),
                        .topic = SV("health"),
                        .question = SV("Où est la clinique ?"),
                        .answer = SV("Rue 9."),
                        .source = SV("ahs.ca"),
                        .checked_on = SV("2026-02-02"),
                        .publish = true};
    int64_t entry = 0, event = press_draft(p, "event", "Fête", "Samedi"),
            prompt = press_draft(p, "prompt", "", "Ça va ?");
    assert_int_equal(PW_OK, CTX_ACT(&p->t.f, kb_create(c, p->t.com, &e, &entry)));
    press_publish(p, event);
    press_publish(p, prompt);
    press_go(p, "2026-02-10T10:00:11-07:00");
    press_go(p, "2026-02-28T09:30-07:00");
    press_go(p, "2026-03-01T09:30-07:00");
    struct post_filter f = {.community_id = p->t.com, .type = SV("newsletter"), .state = -1};
    town_as(&p->t, p->t.as_mod);
    assert_int_equal(PW_OK, CTX_LOOK(&p->t.f, post_list(c, &f, &posts, &n)));
    assert_int_equal(n, 1);
    int64_t id = posts[0].id;
    struct post letter = press_post(p, id);
    struct community com = com_of(p);
    assert_int_equal(PW_OK, CTX_LOOK(&p->t.f, newsletter_parts(c, &com, &letter, &parts, &n)));
    assert_int_equal(n, 2); /* the event and the answer, not the prompt */
    assert_int_equal(parts[0].item_id, event);
    assert_int_equal(parts[1].item_id, entry);
    assert_int_equal(PW_OK, CTX_ACT(&p->t.f, newsletter_move(c, id, ITEM_ENTRY, entry, -1)));
    assert_int_equal(PW_OK, CTX_LOOK(&p->t.f, newsletter_parts(c, &com, &letter, &parts, &n)));
    assert_int_equal(parts[0].item_id, entry);
    /* short with a link on a telephone, whole by mail */
    struct sv text;
    assert_int_equal(PW_OK, CTX_LOOK(&p->t.f, post_preview(c, &com, &letter, SV("fr"), SV("sms"), &text)));
    assert_true(sv_has(text, "https://example.org/c/bienvenue/posts/") && !sv_has(text, "clinique"));
    assert_int_equal(PW_OK, CTX_LOOK(&p->t.f, post_preview(c, &com, &letter, SV("fr"), SV("email"), &text)));
    assert_true(sv_has(text, "clinique") && sv_has(text, "Fête"));
    (void)press_member(p, SMS, "sms", "+1", "fr");
    press_publish(p, id);
    press_go(p, "2026-03-01T09:31-07:00");
    assert_int_equal(press_sent(p, SMS, v, 8), 1);
    assert_int_equal(PW_CONFLICT, CTX_ACT(&p->t.f, newsletter_remove(c, id, ITEM_ENTRY, entry))); /* it is out */
    assert_int_equal(PW_OK, CTX_LOOK(&p->t.f, post_shown_list(c, &com, SV("newsletter"), 0, 0, 10, &posts, &n)));
    assert_int_equal(n, 1); /* the archive */
    /* once a month, also when the server was away on the first */
    const char *const mornings[] = {"2026-03-02T09:30-07:00", "2026-03-20T09:30-06:00", "2026-04-03T09:30-06:00",
                                    "2026-04-04T09:30-06:00"};
    const size_t letters[] = {1, 1, 2, 2};
    for (size_t i = 0; i < 4; i++) {
        press_go(p, mornings[i]);
        town_as(&p->t, p->t.as_mod);
        assert_int_equal(PW_OK, CTX_LOOK(&p->t.f, post_list(c, &f, &posts, &n)));
        assert_int_equal(n, letters[i]);
    }
}

/* KB-5: for members only where the settings say so. */
static void resources_hold_what_is_current_and_may_be_for_members(void **state)
{
    struct press *p = *state;
    struct resources r;
    struct publishing_setting s;
    int64_t event = press_draft(p, "event", "Fête", "Samedi"), prompt = press_draft(p, "prompt", "", "Ça va ?");
    press_publish(p, event);
    press_publish(p, prompt);
    press_go(p, "2026-02-10T10:00:11-07:00");
    struct community com = com_of(p);
    town_as(&p->t, &actor_anonymous);
    assert_int_equal(PW_OK, CTX_LOOK(&p->t.f, resources_of(c, &com, &r)));
    assert_int_equal(r.n_posts, 1);
    assert_int_equal(r.posts[0].id, event);
    town_as(&p->t, p->t.as_admin);
    assert_int_equal(PW_OK, CTX_LOOK(&p->t.f, publishing_setting_get(c, p->t.com, &s)));
    s.public_pages = false;
    assert_int_equal(PW_OK, CTX_ACT(&p->t.f, publishing_setting_set(c, &s)));
    town_as(&p->t, &actor_anonymous);
    assert_int_equal(PW_NOT_FOUND, CTX_LOOK(&p->t.f, resources_of(c, &com, &r)));
    town_as(&p->t, p->t.as_mod);
    assert_int_equal(PW_OK, CTX_LOOK(&p->t.f, resources_of(c, &com, &r)));
}

/* KB-3 */
static void answers_are_offered_while_words_are_typed(void **state)
{
    struct press *p = *state;
    struct kb_edit e = {.lang = SV("fr"),
                        .question = SV("Comment obtenir la carte santé ?"),
                        .answer = SV("Au registre, avec vos papiers."),
                        .source = SV("alberta.ca"),
                        .checked_on = SV("2026-02-02"),
                        .publish = true};
    struct kb_entry *v;
    size_t n;
    int64_t id = 0;
    town_as(&p->t, p->t.as_mod);
    assert_int_equal(PW_OK, CTX_ACT(&p->t.f, kb_create(c, p->t.com, &e, &id)));
    assert_int_equal(PW_OK,
                     CTX_LOOK(&p->t.f, kb_similar(c, p->t.com, SV("je voudrais une carte de santé"), 3, &v, &n)));
    assert_int_equal(n, 1);
    assert_int_equal(v[0].id, id);
    assert_int_equal(PW_OK, CTX_LOOK(&p->t.f, kb_similar(c, p->t.com, SV("où garer mon vélo demain"), 3, &v, &n)));
    assert_int_equal(n, 0);
    assert_int_equal(PW_OK, CTX_ACT(&p->t.f, kb_set_state(c, id, KB_RETIRED)));
    assert_int_equal(PW_OK, CTX_LOOK(&p->t.f, kb_similar(c, p->t.com, SV("carte santé"), 3, &v, &n)));
    assert_int_equal(n, 0);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, press_set_up, press_tear_down)
    (void)dbfix_engine();
    const struct CMUnitTest tests[] = {
        T(facts_are_not_published_without_source_and_date),
        T(only_moderators_publish),
        T(a_grown_audience_is_asked_again),
        T(a_translation_is_out_of_date_until_it_says_it_fits),
        T(a_post_comes_and_goes_at_its_time),
        T(a_closed_community_gets_nothing),
        T(a_private_suggestion_is_published_and_its_author_told),
        T(a_correction_marks_what_it_corrects_and_is_pinned),
        T(a_file_of_a_draft_can_be_taken_away),
        T(private_words_are_never_corrected_in_public),
        T(silence_is_told_once_until_somebody_speaks),
        T(a_newsletter_is_drafted_each_month_and_sent_as_the_channel_allows),
        T(resources_hold_what_is_current_and_may_be_for_members),
        T(answers_are_offered_while_words_are_typed),
    };
    return cmocka_run_group_tests_name("publishing posts", tests, NULL, NULL);
}

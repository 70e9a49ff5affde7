/* SPDX-License-Identifier: EUPL-1.2 */
/* Who asks to be taken off, and who only speaks of leaving (MSG-17). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/unicode.h"
#include "feature/community/leave_words.h"

static struct arena arena;

static int set_up(void **state)
{
    (void)state;
    arena_init(&arena, 16 << 20);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_finish(&arena);
    return 0;
}

static bool may_leave(struct sv text)
{
    struct sv folded;
    return text_fold(&arena, text, &folded) == PW_OK && folded_may_leave(&arena, folded);
}

/* A-30, MSG-17 */
static void the_wish_is_understood(void **state)
{
    (void)state;
    static const char *const wishes[] = {
        "Please take me off",
        "please take me off the list",
        "Hi, could you remove me from this group please? Thank you!",
        "I want to leave the group",
        "I'd like to leave.",
        "unsubscribe",
        "/leave",
        "STOP",
        "Stop texting me please",
        "retirez-moi",
        "Retirez-moi du groupe, s’il vous plaît.",
        "Bonjour, pouvez-vous me retirer de la liste ? Merci d'avance",
        "Je voudrais quitter la communauté",
        "Je veux me désinscrire",
        "Veuillez m’enlever de ce groupe",
        "DÉSABONNEZ-MOI !!",
        "ne m'envoyez plus de messages svp",
        "Arrêt",
        "من فضلكم احذفوني",
        "احذفوني من المجموعة",
        "أريد مغادرة المجموعة",
        "أريد الخروج من هذه المجموعة، شكرًا",
        "الرجاء إزالتي من القائمة",
        "إلغاء الاشتراك",
    };
    for (size_t i = 0; i < sizeof wishes / sizeof *wishes; i++) {
        if (!text_leaves(&arena, sv_of(wishes[i])))
            fail_msg("not understood: %s", wishes[i]);
        assert_true(may_leave(sv_of(wishes[i])));
    }
}

static void speaking_of_leaving_is_not_asking(void **state)
{
    (void)state;
    static const char *const others[] = {
        "",
        "please",
        "thank you",
        "merci",
        "My landlord wants me to leave the apartment",
        "Je veux quitter mon appartement, que faire ?",
        "How do I take my name off the lease?",
        "Where is the bus stop?",
        "L'arrêt de bus est où ?",
        "Can they remove me from the country?",
        "I want to leave my job",
        "أريد مغادرة المدينة إلى مونتريال",
        "هل يمكنكم مساعدتي؟",
        "\xff\xfe",
        "remove",
    };
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (text_leaves(&arena, sv_of(others[i])))
            fail_msg("wrongly taken for a wish: %s", others[i]);
}

/* Before the group a person looks: more is worth a look, single words are not. */
static void in_the_group_more_is_worth_a_look(void **state)
{
    (void)state;
    static const char *const maybe[] = {
        "This is too much, take me off the list or I call the manager",
        "Je ne comprends pas pourquoi je suis ici, retirez-moi de ce groupe tout de suite",
        "وصلتني رسائل كثيرة، احذفوني من هنا رجاء يا جماعة الخير",
    };
    static const char *const not_at_all[] = {"Where is the bus stop?", "Don't quit your job", "Merci à tous",
                                             "هل من جديد؟"};
    for (size_t i = 0; i < sizeof maybe / sizeof *maybe; i++) {
        assert_false(text_leaves(&arena, sv_of(maybe[i])));
        assert_true(may_leave(sv_of(maybe[i])));
    }
    for (size_t i = 0; i < sizeof not_at_all / sizeof *not_at_all; i++)
        assert_false(may_leave(sv_of(not_at_all[i])));
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        T(the_wish_is_understood),
        T(speaking_of_leaving_is_not_asking),
        T(in_the_group_more_is_worth_a_look),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

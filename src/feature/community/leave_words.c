/* SPDX-License-Identifier: EUPL-1.2 */
#include "leave_words.h"

#include <pthread.h>

#include "base/buf.h"
#include "base/unicode.h"

enum { WHOLE_BYTES = 240, MAYBE_BYTES = 400 };

/* What is said around the wish: before it, after it. Written as people do; compared folded, without punctuation. */
static const char *const before[] = {
    "please",
    "pls",
    "hello",
    "hi",
    "good morning",
    "good evening",
    "sorry",
    "can you",
    "could you",
    "would you",
    "kindly",
    "i want you to",
    "i would like you to",
    "just",
    "bonjour",
    "bonsoir",
    "salut",
    "svp",
    "s il vous plait",
    "s il te plait",
    "merci de",
    "pouvez vous",
    "pourriez vous",
    "peux tu",
    "veuillez",
    "desole",
    "desolee",
    "je vous prie de",
    "من فضلك",
    "من فضلكم",
    "لو سمحت",
    "لو سمحتم",
    "رجاء",
    "الرجاء",
    "ارجو",
    "ارجوكم",
    "مرحبا",
    "السلام عليكم",
    "سلام",
    "هل يمكنكم",
    "ممكن",
    "عفوا",
};
static const char *const after[] = {
    "please",
    "pls",
    "thanks",
    "thank you",
    "thank you very much",
    "now",
    "from the group",
    "from this group",
    "from your group",
    "from the list",
    "from this list",
    "from your list",
    "from the community",
    "from this community",
    "from here",
    "of the group",
    "of this group",
    "the group",
    "this group",
    "the community",
    "this community",
    "the list",
    "this list",
    "svp",
    "s il vous plait",
    "s il te plait",
    "merci",
    "merci beaucoup",
    "merci d avance",
    "maintenant",
    "du groupe",
    "de ce groupe",
    "de votre groupe",
    "de la liste",
    "de cette liste",
    "de votre liste",
    "de la communaute",
    "de cette communaute",
    "d ici",
    "le groupe",
    "ce groupe",
    "la communaute",
    "cette communaute",
    "la liste",
    "cette liste",
    "من فضلك",
    "من فضلكم",
    "لو سمحت",
    "لو سمحتم",
    "شكرا",
    "شكرا لكم",
    "وشكرا",
    "من المجموعة",
    "من هذه المجموعة",
    "من القائمة",
    "من هذه القائمة",
    "المجموعة",
    "هذه المجموعة",
    "من هنا",
    "الان",
};
static const char *const wishes[] = {
    /* commands */
    "leave",
    "stop",
    "quit",
    "unsubscribe",
    "arret",
    "arreter",
    "quitter",
    "desabonner",
    "توقف",
    "الغاء",
    /* English */
    "take me off",
    "take me out",
    "remove me",
    "delete me",
    "unsubscribe me",
    "sign me off",
    "get me out",
    "take my name off",
    "take my number off",
    "remove my number",
    "i want to leave",
    "i wish to leave",
    "i would like to leave",
    "i d like to leave",
    "i want out",
    "i want to be removed",
    "i want to unsubscribe",
    "stop messaging me",
    "stop texting me",
    "let me leave",
    "take me off the list",
    "opt out",
    "opt me out",
    /* French */
    "retirez moi",
    "retire moi",
    "me retirer",
    "enlevez moi",
    "enleve moi",
    "m enlever",
    "desinscrivez moi",
    "desinscris moi",
    "me desinscrire",
    "desabonnez moi",
    "me desabonner",
    "supprimez moi",
    "supprime moi",
    "me supprimer",
    "sortez moi",
    "je veux quitter",
    "je voudrais quitter",
    "je souhaite quitter",
    "j aimerais quitter",
    "je desire quitter",
    "je veux partir",
    "je veux sortir",
    "je veux me desinscrire",
    "je veux me desabonner",
    "je voudrais me desinscrire",
    "je souhaite me desinscrire",
    "je souhaite etre retire",
    "je souhaite etre retiree",
    "je veux etre retire",
    "je veux etre retiree",
    "ne m ecrivez plus",
    "ne m envoyez plus rien",
    "ne m envoyez plus de messages",
    "rayez moi",
    "retirez mon numero",
    "enlevez mon numero",
    /* Arabic */
    "احذفوني",
    "احذفني",
    "حذفي",
    "ازيلوني",
    "ازلني",
    "ازالتي",
    "اخرجوني",
    "اخرجني",
    "اخراجي",
    "شيلوني",
    "شيلني",
    "اشطبوني",
    "اريد المغادرة",
    "اريد مغادرة",
    "اريد ان اغادر",
    "اريد الخروج",
    "اريد ان اخرج",
    "اريد الانسحاب",
    "ارغب في المغادرة",
    "ارغب في مغادرة",
    "ارغب في الخروج",
    "ارغب بالخروج",
    "بدي اطلع",
    "بدي اخرج",
    "اود المغادرة",
    "اود مغادرة",
    "الغاء الاشتراك",
    "الغوا اشتراكي",
    "الغاء اشتراكي",
    "اريد الغاء الاشتراك",
    "لا تراسلوني",
    "لا ترسلوا لي شيئا",
    "ان تحذفوني",
    "ان تزيلوني",
    "ان تخرجوني",
};
enum {
    N_BEFORE = sizeof before / sizeof *before,
    N_AFTER = sizeof after / sizeof *after,
    N_WISHES = sizeof wishes / sizeof *wishes
};

/* Every run of punctuation and spaces one space: "s'il vous plait, retirez-moi !" → "s il vous plait retirez moi" */
static bool plain(struct arena *a, struct sv folded, struct sv *ret)
{
    struct buf b;
    buf_init(&b, folded.n + 1);
    bool space = false;
    for (size_t i = 0; i < folded.n; i++) {
        unsigned char c = (unsigned char)folded.p[i];
        bool arabic_mark = c == 0xd8 && i + 1 < folded.n &&
                           ((unsigned char)folded.p[i + 1] == 0x8c || (unsigned char)folded.p[i + 1] == 0x9b ||
                            (unsigned char)folded.p[i + 1] == 0x9f);    /* ، ؛ ؟ */
        bool other_mark = (c == 0xe2 && i + 2 < folded.n) || c == 0xc2; /* ’ “ … « » */
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c >= 0x80 && !arabic_mark && !other_mark)) {
            if (space && b.n)
                buf_c(&b, ' ');
            buf_c(&b, (char)c);
            space = false;
        } else {
            space = true;
            i += arabic_mark || c == 0xc2 ? 1 : other_mark ? 2 : 0;
        }
    }
    *ret = arena_sv(a, buf_sv(&b));
    bool ok = buf_ok(&b);
    buf_finish(&b);
    return ok;
}

/* Declared cache: the phrases as texts are compared, made once; messages are many. */
static struct phrases {
    struct sv before[N_BEFORE], after[N_AFTER], wishes[N_WISHES];
    struct arena arena;
} known;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void make_all(const char *const *from, size_t n, struct sv *to)
{
    for (size_t i = 0; i < n; i++) {
        struct sv folded;
        if (text_fold(&known.arena, sv_of(from[i]), &folded) != PW_OK || !plain(&known.arena, folded, &to[i]))
            to[i] = (struct sv){0}; /* out of memory: this phrase is not understood */
    }
}

static void make_known(void)
{
    arena_init(&known.arena, 1 << 20);
    make_all(before, N_BEFORE, known.before);
    make_all(after, N_AFTER, known.after);
    make_all(wishes, N_WISHES, known.wishes);
}

static bool cut_before(struct sv *s)
{
    for (size_t i = 0; i < N_BEFORE; i++) {
        struct sv p = known.before[i];
        if (p.n && s->n > p.n && sv_starts(*s, p) && s->p[p.n] == ' ') {
            *s = sv_sub(*s, p.n + 1, s->n);
            return true;
        }
    }
    return false;
}

static bool cut_after(struct sv *s)
{
    for (size_t i = 0; i < N_AFTER; i++) {
        struct sv p = known.after[i];
        if (p.n && s->n > p.n && sv_ends(*s, p) && s->p[s->n - p.n - 1] == ' ') {
            s->n -= p.n + 1;
            return true;
        }
    }
    return false;
}

static bool is_wish(struct sv s)
{
    for (size_t i = 0; i < N_WISHES; i++)
        if (known.wishes[i].n && sv_eq(s, known.wishes[i]))
            return true;
    return false;
}

static bool leaves(struct sv s)
{
    do {
        if (is_wish(s))
            return true;
    } while (cut_before(&s));
    do {
        if (is_wish(s))
            return true;
    } while (cut_after(&s));
    return false;
}

bool text_leaves(struct arena *a, struct sv text)
{
    struct sv folded, s;
    pthread_once(&once, make_known);
    return text.n <= WHOLE_BYTES && text_fold(a, text, &folded) == PW_OK && plain(a, folded, &s) && leaves(s);
}

/* Does the text go on with one of the phrases, as whole words? */
static bool begins_with_wish(struct sv s)
{
    enum { COMMANDS = 10 }; /* single words such as "stop" stand in any sentence */
    for (size_t i = COMMANDS; i < N_WISHES; i++) {
        struct sv w = known.wishes[i];
        if (w.n && w.n <= s.n && w.p[0] == s.p[0] && sv_starts(s, w) && (w.n == s.n || s.p[w.n] == ' '))
            return true;
    }
    return false;
}

bool folded_may_leave(struct arena *a, struct sv folded)
{
    struct sv s;
    pthread_once(&once, make_known);
    if (folded.n > MAYBE_BYTES || !plain(a, folded, &s))
        return false;
    if (s.n <= WHOLE_BYTES && leaves(s))
        return true;
    for (struct sv word; s.n; sv_cut(&s, ' ', &word))
        if (begins_with_wish(s))
            return true;
    return false;
}

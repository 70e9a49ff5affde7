/* SPDX-License-Identifier: EUPL-1.2 */
/* The words by which people join a community by text message (EQ-1, A-69), and whether those who leave are asked why.
 */
#include "base/unicode.h"
#include "channel/optout.h"
#include "core/audit.h"
#include "feature/community/community_room.h"
#include "feature/community/community_store.h"
#include "feature/community/keyword_store.h"

enum { WORD_MIN = 2, WORD_CHARS = 20 };

enum pw_err keyword_list(struct ctx *c, int64_t community_id, struct community_keyword **ret, size_t *ret_n)
{
    struct community com;
    PW_TRY(community_get(c, community_id, &com));
    return keyword_rows(c, community_id, ret, ret_n);
}

static bool one_word(struct sv s)
{
    for (size_t i = 0; i < s.n; i++) {
        unsigned char x = (unsigned char)s.p[i];
        if (!((x >= 'a' && x <= 'z') || (x >= '0' && x <= '9') || x >= 0x80))
            return false;
    }
    return s.n > 0;
}

/* Whose word it is on that channel; 0 = nobody's. */
static enum pw_err owner_there(struct ctx *c, int64_t channel_id, struct sv folded, int64_t *ret)
{
    struct keyword_row *v;
    size_t n;
    *ret = 0;
    PW_TRY(keyword_rows_of_channel(c, channel_id, &v, &n));
    for (size_t i = 0; i < n; i++)
        if (sv_eq(v[i].folded, folded))
            *ret = v[i].k.community_id;
    return PW_OK;
}

static enum pw_err taken_there(struct ctx *c, int64_t community_id, struct sv folded, bool *ret)
{
    struct community_channel *p;
    size_t n;
    *ret = false;
    PW_TRY(place_rows(c, community_id, &p, &n));
    for (size_t i = 0; i < n && !*ret; i++) {
        int64_t owner;
        PW_TRY(owner_there(c, p[i].channel_id, folded, &owner));
        *ret = owner && owner != community_id;
    }
    return PW_OK;
}

enum pw_err keyword_write(struct ctx *c, int64_t community_id, struct sv lang, struct sv word)
{
    struct community com;
    struct sv folded;
    PW_TRY(need_admin(c, community_id, &com));
    if (!lang_in(com.languages, lang))
        return problem_add(c->problems, "lang", N_("The community does not use this language."));
    const char *field = arena_z(c->arena, arena_fmt(c->arena, "keyword_%.*s", SV_ARG(lang)));
    PW_TRY(take_line(c, field, false, WORD_CHARS, &word));
    if (!word.n) {
        PW_TRY(keyword_drop(c, community_id, lang));
        return audit(c, "keyword.drop", "community", community_id, lang);
    }
    PW_TRY(text_fold(c->arena, word, &folded));
    if (text_count(folded) < WORD_MIN || !one_word(folded))
        return problem_add(c->problems, field, N_("Use one word of 2 to 20 letters or digits, without spaces."));
    if (optout_word_of(c->arena, word).means != OPTOUT_NONE)
        return problem_add(c->problems, field, N_("Telephone numbers already use this word to stop or to help."));
    bool taken = false;
    PW_TRY(taken_there(c, community_id, folded, &taken));
    if (taken)
        return problem_add(c->problems, field, N_("Another community uses this word on the same channel."));
    struct community_keyword k = {community_id, lang, word};
    PW_TRY(keyword_put(c, &k, folded));
    return audit(c, "keyword.write", "community", community_id, lang);
}

enum pw_err keyword_clashes(struct ctx *c, int64_t community_id, struct keyword_clash **ret, size_t *ret_n)
{
    struct community_keyword *k;
    struct community_channel *p;
    size_t n_k, n_p, n = 0;
    PW_TRY(keyword_rows(c, community_id, &k, &n_k));
    PW_TRY(place_rows(c, community_id, &p, &n_p));
    struct keyword_clash *v = arena_array(c->arena, struct keyword_clash, n_k * n_p + 1);
    if (!v)
        return PW_UNAVAILABLE;
    for (size_t i = 0; i < n_p; i++) {
        if (i && p[i - 1].channel_id == p[i].channel_id) /* its groups stand one after the other */
            continue;
        for (size_t j = 0; j < n_k; j++) {
            struct sv folded;
            int64_t owner;
            PW_TRY(text_fold(c->arena, k[j].word, &folded));
            PW_TRY(owner_there(c, p[i].channel_id, folded, &owner));
            if (owner && owner != community_id)
                v[n++] = (struct keyword_clash){k[j].word, p[i].channel_id, owner};
        }
    }
    *ret = v;
    *ret_n = n;
    return PW_OK;
}

enum pw_err community_asks_exit(struct ctx *c, int64_t community_id, bool *ret)
{
    struct community com;
    PW_TRY(community_get(c, community_id, &com));
    return ask_exit_row(c, community_id, ret);
}

enum pw_err community_set_asks_exit(struct ctx *c, int64_t community_id, bool ask)
{
    struct community com;
    PW_TRY(need_admin(c, community_id, &com));
    PW_TRY(ask_exit_save(c, community_id, ask));
    return audit(c, "community.ask-exit", "community", community_id, ask ? SV("yes") : SV("no"));
}

/* ---- what an incoming text begins with ---- */

/* The first word without the marks around it, and what follows. */
static struct sv first_word(struct sv text, struct sv *ret_rest)
{
    struct sv s = sv_trim(text);
    size_t n = 0;
    while (n < s.n && s.p[n] != ' ' && s.p[n] != '\n' && s.p[n] != '\t')
        n++;
    *ret_rest = sv_trim(sv_sub(s, n, s.n));
    struct sv word = sv_sub(s, 0, n);
    while (word.n && (word.p[word.n - 1] == '.' || word.p[word.n - 1] == '!' || word.p[word.n - 1] == ':' ||
                      word.p[word.n - 1] == ',' || word.p[word.n - 1] == '"'))
        word.n--;
    while (word.n && word.p[0] == '"')
        word = sv_sub(word, 1, word.n);
    return word;
}

enum pw_err keyword_match(struct ctx *c, int64_t channel_id, struct sv text, struct keyword_hit *ret)
{
    struct keyword_row *v;
    struct sv rest, word = first_word(text, &rest), folded;
    size_t n;
    if (!word.n || word.n > 4 * WORD_CHARS || text_fold(c->arena, word, &folded) != PW_OK)
        return PW_NOT_FOUND;
    PW_TRY(keyword_rows_of_channel(c, channel_id, &v, &n));
    for (size_t i = 0; i < n; i++)
        if (sv_eq(v[i].folded, folded)) {
            *ret = (struct keyword_hit){v[i].k.community_id, v[i].k.lang, rest};
            return PW_OK;
        }
    return PW_NOT_FOUND;
}

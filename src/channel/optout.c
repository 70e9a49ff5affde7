/* SPDX-License-Identifier: EUPL-1.2 */
#include "channel/optout.h"

#include "base/unicode.h"
#include "core/vault.h"

enum { WORD_BYTES = 60 };

DB_STMT(optout_put,
        "INSERT INTO channel_optout (channel_id, address, keyword, lang, at_ms) VALUES ($1, $2, $3, $4, $5) "
        "ON CONFLICT (channel_id, address) DO NOTHING");
DB_STMT(optout_drop, "DELETE FROM channel_optout WHERE channel_id = $1 AND address = $2");
DB_STMT(optout_one, "SELECT at_ms FROM channel_optout WHERE channel_id = $1 AND address = $2");

static const struct {
    enum optout_act means;
    const char *lang, *word;
} words[] = {
    {OPTOUT_STOP, "en", "stop"},       {OPTOUT_STOP, "en", "stopall"},
    {OPTOUT_STOP, "en", "stop all"},   {OPTOUT_STOP, "en", "unsubscribe"},
    {OPTOUT_STOP, "en", "end"},        {OPTOUT_STOP, "en", "quit"},
    {OPTOUT_STOP, "en", "cancel"},     {OPTOUT_STOP, "en", "revoke"},
    {OPTOUT_STOP, "en", "optout"},     {OPTOUT_STOP, "fr", "arret"},
    {OPTOUT_STOP, "fr", "arreter"},    {OPTOUT_STOP, "fr", "arretez"},
    {OPTOUT_STOP, "fr", "desabonner"}, {OPTOUT_STOP, "fr", "desabonnement"},
    {OPTOUT_STOP, "fr", "quitter"},    {OPTOUT_STOP, "ar", "توقف"},
    {OPTOUT_STOP, "ar", "قف"},         {OPTOUT_STOP, "ar", "إيقاف"},
    {OPTOUT_STOP, "ar", "إلغاء"},      {OPTOUT_STOP, "ar", "إلغاء الاشتراك"},
    {OPTOUT_START, "en", "start"},     {OPTOUT_START, "en", "unstop"},
    {OPTOUT_START, "fr", "reprendre"}, {OPTOUT_START, "ar", "استئناف"},
    {OPTOUT_START, "ar", "ابدأ"},      {OPTOUT_HELP, "en", "help"},
    {OPTOUT_HELP, "fr", "aide"},       {OPTOUT_HELP, "ar", "مساعدة"},
    {OPTOUT_HELP, "", "info"},
};

static struct sv without_marks(struct sv s)
{
    static const char *const marks[] = {".", "!", "?", ",", ";", ":", "\"", "'", "»", "«", "؟", "،", "…"};
    bool cut = true;
    while (cut) {
        cut = false;
        s = sv_trim(s);
        for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
            struct sv m = sv_of(marks[i]);
            if (sv_ends(s, m)) {
                s.n -= m.n;
                cut = true;
            } else if (sv_starts(s, m)) {
                s = sv_sub(s, m.n, s.n);
                cut = true;
            }
        }
    }
    return s;
}

struct optout_word optout_word_of(struct arena *a, struct sv text)
{
    struct sv said, known;
    if (text.n > WORD_BYTES || text_fold(a, text, &said) != PW_OK)
        return (struct optout_word){0};
    said = without_marks(said);
    for (size_t i = 0; said.n && i < sizeof words / sizeof *words; i++)
        if (text_fold(a, sv_of(words[i].word), &known) == PW_OK && sv_eq(said, known))
            return (struct optout_word){words[i].means, sv_of(words[i].word), sv_of(words[i].lang)};
    return (struct optout_word){0};
}

/* ---- who ---- */

static enum pw_err shut(struct ctx *c, struct sv address, struct sv *ret)
{
    return seal_same(c, "channel_optout.address", address, ret);
}

enum pw_err optout_note(struct ctx *c, int64_t channel_id, struct sv address, const struct optout_word *word)
{
    struct sv sealed;
    PW_TRY(shut(c, address, &sealed));
    return db_exec(c->db, &optout_put,
                   DB_ARGS(DB_I(channel_id), DB_T(sealed), DB_T(word->word), DB_T(word->lang), DB_I(c->now_ms)), NULL);
}

enum pw_err optout_end(struct ctx *c, int64_t channel_id, struct sv address)
{
    struct sv sealed;
    PW_TRY(shut(c, address, &sealed));
    return db_exec(c->db, &optout_drop, DB_ARGS(DB_I(channel_id), DB_T(sealed)), NULL);
}

enum pw_err optout_has(struct ctx *c, int64_t channel_id, struct sv address, bool *ret)
{
    struct sv sealed;
    struct db_rows r;
    PW_TRY(shut(c, address, &sealed));
    enum pw_err e = db_one(c->db, c->arena, &optout_one, DB_ARGS(DB_I(channel_id), DB_T(sealed)), &r);
    if (e != PW_OK && e != PW_NOT_FOUND)
        return e;
    *ret = e == PW_OK;
    return PW_OK;
}

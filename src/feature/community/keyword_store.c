/* SPDX-License-Identifier: EUPL-1.2 */
#include "keyword_store.h"

#include "core/vault.h"

DB_STMT(keyword_all, "SELECT lang, word FROM community_keyword WHERE community_id = $1 ORDER BY lang");
DB_STMT(keyword_save, "INSERT INTO community_keyword (community_id, lang, word, folded) VALUES ($1, $2, $3, $4)");
DB_STMT(keyword_delete, "DELETE FROM community_keyword WHERE community_id = $1 AND lang = $2");
/* Who was on the channel first keeps the word there. 5: an archived community answers nobody. */
DB_STMT(keyword_channel,
        "SELECT k.community_id, k.lang, k.word, k.folded, x.status, MIN(p.id) AS first, x.visibility "
        "FROM community_channel p JOIN community x ON x.id = p.community_id "
        "JOIN community_keyword k ON k.community_id = p.community_id "
        "WHERE p.channel_id = $1 AND x.status <> 5 "
        "GROUP BY k.community_id, k.lang, k.word, k.folded, x.status, x.visibility ORDER BY k.folded, first, k.lang");
DB_STMT(ask_exit_one, "SELECT ask_exit FROM community WHERE id = $1");
DB_STMT(ask_exit_set, "UPDATE community SET ask_exit = $2 WHERE id = $1");

enum pw_err keyword_rows(struct ctx *c, int64_t community_id, struct community_keyword **ret, size_t *ret_n)
{
    struct db_rows r;
    PW_TRY(db_query(c->db, c->arena, &keyword_all, DB_ARGS(DB_I(community_id)), &r));
    struct community_keyword *v = arena_array(c->arena, struct community_keyword, r.n ? r.n : 1);
    if (!v)
        return PW_UNAVAILABLE;
    for (size_t i = 0; i < r.n; i++)
        v[i] = (struct community_keyword){community_id, db_text(&r, i, 0), db_text(&r, i, 1)};
    *ret = v;
    *ret_n = r.n;
    return PW_OK;
}

enum pw_err keyword_put(struct ctx *c, const struct community_keyword *k, struct sv folded)
{
    PW_TRY(keyword_drop(c, k->community_id, k->lang));
    return db_exec(c->db, &keyword_save, DB_ARGS(DB_I(k->community_id), DB_T(k->lang), DB_T(k->word), DB_T(folded)),
                   NULL);
}

enum pw_err keyword_drop(struct ctx *c, int64_t community_id, struct sv lang)
{
    return db_exec(c->db, &keyword_delete, DB_ARGS(DB_I(community_id), DB_T(lang)), NULL);
}

enum pw_err keyword_rows_of_channel(struct ctx *c, int64_t channel_id, struct keyword_row **ret, size_t *ret_n)
{
    struct db_rows r;
    PW_TRY(db_query(c->db, c->arena, &keyword_channel, DB_ARGS(DB_I(channel_id)), &r));
    struct keyword_row *v = arena_array(c->arena, struct keyword_row, r.n ? r.n : 1);
    if (!v)
        return PW_UNAVAILABLE;
    size_t n = 0;
    for (size_t i = 0; i < r.n; i++)
        if (!n || !sv_eq(v[n - 1].folded, db_text(&r, i, 3))) {
            v[n] = (struct keyword_row){.k = {db_int(&r, i, 0), db_text(&r, i, 1), db_text(&r, i, 2)},
                                        .folded = db_text(&r, i, 3)};
            v[n].invited_only = db_int(&r, i, 6) == COM_INVITATION;
            v[n++].status = (enum community_status)db_int(&r, i, 4);
        }
    *ret = v;
    *ret_n = n;
    return PW_OK;
}

enum pw_err ask_exit_row(struct ctx *c, int64_t community_id, bool *ret)
{
    struct db_rows r;
    PW_TRY(db_one(c->db, c->arena, &ask_exit_one, DB_ARGS(DB_I(community_id)), &r));
    *ret = db_int(&r, 0, 0) != 0;
    return PW_OK;
}

enum pw_err ask_exit_save(struct ctx *c, int64_t community_id, bool ask)
{
    return db_exec(c->db, &ask_exit_set, DB_ARGS(DB_I(community_id), DB_I(ask)), NULL);
}

/* ---- why people leave ---- */

DB_STMT(exit_add, "INSERT INTO exit_reply (membership_id, community_id, person_id, asked_ms, channel_id) "
                  "VALUES ($1, $2, $3, $4, $5) ON CONFLICT (membership_id) DO UPDATE SET asked_ms = excluded.asked_ms, "
                  "channel_id = excluded.channel_id, answered_ms = NULL, code = '', words = NULL");
DB_STMT(exit_open, "SELECT membership_id, community_id FROM exit_reply WHERE person_id = $1 AND answered_ms IS NULL "
                   "AND (community_id = $2 OR $2 = 0) AND (channel_id = $3 OR $3 = 0) AND asked_ms >= $4 "
                   "ORDER BY asked_ms DESC, membership_id DESC LIMIT 1");
DB_STMT(exit_answered, "UPDATE exit_reply SET answered_ms = $2, code = $3, words = $4 WHERE membership_id = $1 "
                       "AND answered_ms IS NULL");
DB_STMT(exit_forget, "DELETE FROM exit_reply WHERE person_id = $1 AND community_id = $2 AND answered_ms IS NULL");
DB_STMT(exit_all, "SELECT membership_id, person_id, answered_ms, code, words FROM exit_reply WHERE community_id = $1 "
                  "AND answered_ms IS NOT NULL ORDER BY answered_ms DESC LIMIT $2");

static struct seal_place words_of(int64_t membership_id)
{
    return (struct seal_place){"exit_reply", "words", membership_id};
}

enum pw_err exit_put(struct ctx *c, const struct exit_row *x, int64_t channel_id)
{
    return db_exec(c->db, &exit_add,
                   DB_ARGS(DB_I(x->membership_id), DB_I(x->community_id), DB_I(x->person_id), DB_I(c->now_ms),
                           DB_I_OR_NULL(channel_id)),
                   NULL);
}

enum pw_err exit_open_row(struct ctx *c, int64_t person_id, int64_t community_id, int64_t channel_id, int64_t since_ms,
                          struct exit_row *ret)
{
    struct db_rows r;
    PW_TRY(db_one(c->db, c->arena, &exit_open,
                  DB_ARGS(DB_I(person_id), DB_I(community_id), DB_I(channel_id), DB_I(since_ms)), &r));
    *ret = (struct exit_row){db_int(&r, 0, 0), db_int(&r, 0, 1), person_id};
    return PW_OK;
}

enum pw_err exit_save(struct ctx *c, const struct exit_row *x, struct sv code, struct sv words)
{
    int64_t changed = 0;
    struct sv sealed = {0};
    if (words.n)
        PW_TRY(seal(c, x->person_id, words_of(x->membership_id), words, &sealed));
    PW_TRY(db_exec(c->db, &exit_answered,
                   DB_ARGS(DB_I(x->membership_id), DB_I(c->now_ms), DB_T(code), sealed.n ? DB_B(sealed) : DB_N),
                   &changed));
    return changed ? PW_OK : PW_CONFLICT;
}

enum pw_err exit_drop_open(struct ctx *c, int64_t person_id, int64_t community_id)
{
    return db_exec(c->db, &exit_forget, DB_ARGS(DB_I(person_id), DB_I(community_id)), NULL);
}

enum pw_err exit_rows(struct ctx *c, int64_t community_id, int64_t limit, struct exit_answer **ret, size_t *ret_n)
{
    struct db_rows r;
    PW_TRY(db_query(c->db, c->arena, &exit_all, DB_ARGS(DB_I(community_id), DB_I(limit)), &r));
    struct exit_answer *v = arena_array(c->arena, struct exit_answer, r.n ? r.n : 1);
    if (!v)
        return PW_UNAVAILABLE;
    for (size_t i = 0; i < r.n; i++) {
        v[i] = (struct exit_answer){
            .person_id = db_int(&r, i, 1), .answered_ms = db_int(&r, i, 2), .code = db_text(&r, i, 3)};
        enum pw_err e = unseal(c, v[i].person_id, words_of(db_int(&r, i, 0)), db_text(&r, i, 4), &v[i].words);
        if (e != PW_OK && e != PW_NOT_FOUND) /* erased: their words are gone, the code stays */
            return e;
    }
    *ret = v;
    *ret_n = r.n;
    return PW_OK;
}

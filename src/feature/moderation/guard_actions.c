/* SPDX-License-Identifier: EUPL-1.2 */
/* Names a person must not publish by mistake: "names in my sponsorship file". The names lie sealed; each of
 * their words has a blind index that is bound to the person, so that nobody can look for a name across files. */
#include "base/id.h"
#include "base/unicode.h"
#include "core/audit.h"
#include "core/vault.h"
#include "feature/moderation/moderation_room.h"
#include "feature/moderation/personal.h"

enum { NAMES_MAX = 200, NAME_CHARS = 80, WORD_CHARS = 3 };

DB_STMT(guarded_name_all, "SELECT id, name, at_ms FROM guarded_name WHERE person_id = $1 ORDER BY id LIMIT 200");
DB_STMT(guarded_name_put, "INSERT INTO guarded_name (id, person_id, name, at_ms) VALUES ($1, $2, $3, $4)");
DB_STMT(guarded_word_put, "INSERT INTO guarded_word (name_id, person_id, word) VALUES ($1, $2, $3) "
                          "ON CONFLICT (name_id, word) DO NOTHING");

DB_STMT(guarded_name_del, "DELETE FROM guarded_name WHERE id = $1 AND person_id = $2");
DB_STMT(guarded_word_del, "DELETE FROM guarded_word WHERE name_id = $1 AND person_id = $2");
DB_STMT(guarded_name_clear, "DELETE FROM guarded_name WHERE person_id = $1");
DB_STMT(guarded_word_clear, "DELETE FROM guarded_word WHERE person_id = $1");
DB_STMT(guarded_word_all, "SELECT word FROM guarded_word WHERE person_id = $1");

static bool word_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (unsigned char)c >= 0x80;
}

/* The next word of a folded text; false at the end. */
static bool next_word(struct sv *rest, struct sv *ret)
{
    size_t i = 0;
    while (i < rest->n && !word_byte(rest->p[i]))
        i++;
    size_t from = i;
    while (i < rest->n && word_byte(rest->p[i]))
        i++;
    *ret = sv_sub(*rest, from, i - from);
    *rest = sv_sub(*rest, i, rest->n);
    return ret->n > 0;
}

/* Words that stand in many names and say nothing alone. */
static bool particle(struct sv w)
{
    static const char *const v[] = {"abu", "ben", "bin", "ibn", "umm", "van", "von", "del", "las",
                                    "los", "mrs", "abd", "san", "ابو", "عبد", "بنت", "ابن", "ام"};
    if (text_count(w) < WORD_CHARS)
        return true;
    for (size_t i = 0; i < sizeof v / sizeof *v; i++)
        if (sv_eq_z(w, v[i]))
            return true;
    return false;
}

static struct sv index_of(struct ctx *c, int64_t person_id, struct sv word)
{
    return blind_index(c->vault, c->arena, "guarded_word.word",
                       arena_fmt(c->arena, "%lld:%.*s", (long long)person_id, SV_ARG(word)));
}

enum pw_err guarded_names(struct ctx *c, struct guarded_name **ret, size_t *ret_n)
{
    struct db_rows r;
    int64_t me = c->actor->person_id;
    if (!me)
        return PW_NOT_FOUND;
    PW_TRY(db_query(c->db, c->arena, &guarded_name_all, DB_ARGS(DB_I(me)), &r));
    struct guarded_name *v = arena_array(c->arena, struct guarded_name, r.n + 1);
    if (!v)
        return PW_UNAVAILABLE;
    for (size_t i = 0; i < r.n; i++) {
        v[i] = (struct guarded_name){.id = db_int(&r, i, 0), .at_ms = db_int(&r, i, 2)};
        PW_TRY(unseal(c, me, (struct seal_place){"guarded_name", "name", v[i].id}, db_text(&r, i, 1), &v[i].name));
    }
    *ret = v;
    *ret_n = r.n;
    return PW_OK;
}

enum pw_err guarded_name_add(struct ctx *c, struct sv name)
{
    struct guarded_name *have;
    struct sv folded, sealed, rest, word;
    size_t n, words = 0;
    int64_t me = c->actor->person_id, id = id_new();
    PW_TRY(guarded_names(c, &have, &n));
    PW_TRY(take_line(c, "name", true, NAME_CHARS, &name));
    if (n >= NAMES_MAX)
        return problem_add(c->problems, "name", N_("At most 200 names are kept."));
    PW_TRY(text_fold(c->arena, name, &folded));
    PW_TRY(seal(c, me, (struct seal_place){"guarded_name", "name", id}, name, &sealed));
    PW_TRY(db_exec(c->db, &guarded_name_put, DB_ARGS(DB_I(id), DB_I(me), DB_B(sealed), DB_I(c->now_ms)), NULL));
    rest = folded;
    while (next_word(&rest, &word)) {
        if (particle(word))
            continue;
        PW_TRY(db_exec(c->db, &guarded_word_put, DB_ARGS(DB_I(id), DB_I(me), DB_B(index_of(c, me, word))), NULL));
        words++;
    }
    if (!words)
        return problem_add(c->problems, "name", N_("Write a name with at least one word of three letters."));
    return audit(c, "guarded-name.add", "guarded_name", id, (struct sv){0});
}

enum pw_err guarded_names_add(struct ctx *c, struct sv lines)
{
    struct sv rest = lines, line;
    bool any = false;
    while (sv_cut(&rest, '\n', &line)) {
        if (!sv_trim(line).n)
            continue;
        any = true;
        PW_TRY(guarded_name_add(c, sv_trim(line)));
    }
    return any ? PW_OK : guarded_name_add(c, (struct sv){0}); /* says that it is empty */
}

enum pw_err guarded_name_drop(struct ctx *c, int64_t id)
{
    int64_t me = c->actor->person_id, changed = 0;
    PW_TRY(db_exec(c->db, &guarded_word_del, DB_ARGS(DB_I(id), DB_I(me)), NULL));
    PW_TRY(db_exec(c->db, &guarded_name_del, DB_ARGS(DB_I(id), DB_I(me)), &changed));
    if (!changed)
        return PW_NOT_FOUND;
    return audit(c, "guarded-name.drop", "guarded_name", id, (struct sv){0});
}

enum pw_err guarded_forget(struct db *db, int64_t person_id)
{
    PW_TRY(db_exec(db, &guarded_word_clear, DB_ARGS(DB_I(person_id)), NULL));
    return db_exec(db, &guarded_name_clear, DB_ARGS(DB_I(person_id)), NULL);
}

enum pw_err guarded_in(struct ctx *c, int64_t person_id, struct sv folded, bool *ret)
{
    struct db_rows r;
    struct sv rest = folded, word;
    *ret = false;
    PW_TRY(db_query(c->db, c->arena, &guarded_word_all, DB_ARGS(DB_I(person_id)), &r));
    while (r.n && !*ret && next_word(&rest, &word)) {
        struct sv ix = index_of(c, person_id, word);
        for (size_t i = 0; i < r.n && ix.n; i++)
            *ret |= sv_eq(ix, db_text(&r, i, 0));
    }
    return PW_OK;
}

struct sv personal_words(struct ctx *c, struct sv lang, unsigned kinds)
{
    struct sv out = {0}, comma = sv_eq_z(lang, "ar") ? SV("، ") : SV(", ");
    for (unsigned k = 1; k < PERSONAL__ALL; k <<= 1)
        if (kinds & k) {
            out = out.n ? arena_join(c->arena, out, comma) : out;
            out = arena_join(c->arena, out, say(c, lang, personal_label((enum personal_kind)k), NULL, 0));
        }
    return out;
}

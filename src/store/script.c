/* SPDX-License-Identifier: EUPL-1.2 */
#include "store/script.h"

#include <string.h>

enum token { TOKEN_END, TOKEN_SPACE, TOKEN_COMMENT, TOKEN_WORD, TOKEN_QUOTED, TOKEN_SIGN };

static bool is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '$' ||
           (unsigned char)c >= 0x80;
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static size_t quoted_length(struct sv s)
{
    char quote = s.p[0];
    for (size_t i = 1; i < s.n; i++) {
        if (s.p[i] != quote)
            continue;
        if (i + 1 < s.n && s.p[i + 1] == quote)
            i++;
        else
            return i + 1;
    }
    return s.n;
}

static size_t comment_length(struct sv s)
{
    bool line = s.p[0] == '-';
    struct sv tail = sv_sub(s, 2, s.n);
    ptrdiff_t end = sv_find(tail, line ? SV("\n") : SV("*/"));
    return end < 0 ? s.n : 2 + (size_t)end + (line ? 0 : 2);
}

/* The first token of *rest, cut off. */
static enum token next_token(struct sv *rest, struct sv *ret)
{
    if (rest->n == 0)
        return TOKEN_END;
    const char *p = rest->p;
    size_t n = 1;
    enum token kind = TOKEN_SIGN;
    if (is_space(*p)) {
        kind = TOKEN_SPACE;
        while (n < rest->n && is_space(p[n]))
            n++;
    } else if (is_word(*p)) {
        kind = TOKEN_WORD;
        while (n < rest->n && is_word(p[n]))
            n++;
    } else if (*p == '\'' || *p == '"') {
        kind = TOKEN_QUOTED;
        n = quoted_length(*rest);
    } else if (sv_starts(*rest, SV("--")) || sv_starts(*rest, SV("/*"))) {
        kind = TOKEN_COMMENT;
        n = comment_length(*rest);
    }
    *ret = sv_sub(*rest, 0, n);
    *rest = sv_sub(*rest, n, rest->n);
    return kind;
}

bool script_next(struct sv *rest, struct sv *ret_statement)
{
    struct sv start = *rest, word;
    bool any = false;
    for (;;) {
        enum token kind = next_token(rest, &word);
        size_t length = start.n - rest->n;
        if (kind == TOKEN_END) {
            *ret_statement = sv_trim(start);
            return any;
        }
        if (kind == TOKEN_SIGN && word.p[0] == ';') {
            if (any) {
                *ret_statement = sv_trim(sv_sub(start, 0, length - 1));
                return true;
            }
            start = *rest;
        } else if (kind != TOKEN_SPACE && kind != TOKEN_COMMENT) {
            any = true;
        }
    }
}

bool script_for(struct sv statement, enum db_engine engine)
{
    struct sv word;
    enum token kind;
    while ((kind = next_token(&statement, &word)) == TOKEN_SPACE || kind == TOKEN_COMMENT) {
        if (sv_starts(word, SV("--@sqlite")))
            return engine == DB_SQLITE;
        if (sv_starts(word, SV("--@postgres")))
            return engine == DB_POSTGRES;
    }
    return true;
}

/* Behind the last parenthesis of a table only options follow: PostgreSQL has none of SQLite's. */
static bool is_table(struct sv statement)
{
    struct sv word;
    int words = 0;
    for (enum token kind; (kind = next_token(&statement, &word)) != TOKEN_END;) {
        if (kind != TOKEN_WORD)
            continue;
        if (words == 0 && !sv_ieq(word, SV("CREATE")))
            return false;
        if (words == 1)
            return sv_ieq(word, SV("TABLE"));
        words++;
    }
    return false;
}

void script_to_postgres(struct sv statement, struct buf *out)
{
    static const struct {
        const char *from, *to;
    } words[] = {{"INTEGER", "BIGINT"}, {"BLOB", "BYTEA"}, {"REAL", "DOUBLE PRECISION"}};
    bool table = is_table(statement), body_seen = false;
    int depth = 0;
    struct sv word;
    for (enum token kind; (kind = next_token(&statement, &word)) != TOKEN_END;) {
        if (kind == TOKEN_SIGN) {
            depth += (word.p[0] == '(') - (word.p[0] == ')');
            body_seen = body_seen || word.p[0] == ')';
        }
        if (table && body_seen && depth == 0 && (kind == TOKEN_WORD || (kind == TOKEN_SIGN && word.p[0] == ',')))
            continue;
        for (size_t i = 0; kind == TOKEN_WORD && i < sizeof words / sizeof words[0]; i++) {
            if (sv_ieq(word, sv_of(words[i].from))) {
                word = sv_of(words[i].to);
                break;
            }
        }
        buf_add(out, word);
    }
}

void script_words(struct sv text, struct buf *out)
{
    struct sv word;
    for (enum token kind; (kind = next_token(&text, &word)) != TOKEN_END;) {
        if (kind == TOKEN_SPACE || (kind == TOKEN_COMMENT && !sv_starts(word, SV("--@"))))
            continue;
        buf_add(out, word);
        buf_c(out, ' ');
    }
}

/* SPDX-License-Identifier: EUPL-1.2 */
/* Words that this room says to people, cleaned words that people type, and where pages are. */
#include <string.h>

#include "base/id.h"
#include "base/unicode.h"
#include "core/audit.h"
#include "feature/community/community_room.h"

static const struct community_host no_host = {0};
/* Declared cache: set once at start, before the first request. */
static const struct community_host *the_host = &no_host;

void community_start(const struct community_host *host)
{
    the_host = host ? host : &no_host;
}

const struct community_host *community_host(void)
{
    return the_host;
}

/* The English sentence with {0}…{3} filled in: for tests and tools that load no catalogue. */
static struct sv fill(struct arena *a, const char *msgid, const struct sv *args, size_t n)
{
    struct sv rest = sv_of(msgid), out = {0};
    while (rest.n) {
        const char *brace = memchr(rest.p, '{', rest.n);
        size_t at = brace ? (size_t)(brace - rest.p) : rest.n;
        out = arena_join(a, out, sv_sub(rest, 0, at));
        rest = sv_sub(rest, at, rest.n);
        if (rest.n < 3)
            return arena_join(a, out, rest);
        size_t k = (size_t)(unsigned char)rest.p[1] - '0';
        bool slot = rest.p[2] == '}' && k < 4;
        out = arena_join(a, out, slot ? (k < n ? args[k] : (struct sv){0}) : sv_sub(rest, 0, 1));
        rest = sv_sub(rest, slot ? 3 : 1, rest.n);
    }
    return out;
}

struct sv say(struct ctx *c, struct sv lang, const char *msgid, const struct sv *args, size_t n)
{
    if (the_host->translate)
        return the_host->translate(the_host->self, c->arena, lang, msgid, args, n);
    return fill(c->arena, msgid, args, n);
}

struct sv say_moment(struct ctx *c, struct sv lang, struct sv zone, int64_t at_ms)
{
    if (the_host->moment)
        return the_host->moment(the_host->self, c->arena, lang, zone, at_ms);
    const struct tz *tz;
    int32_t offset = tz_find(zone, &tz) == PW_OK ? tz_offset_s(tz, at_ms) : 0;
    char text[CIVIL_TIME_TEXT];
    return arena_sv(c->arena, civil_rfc3339(at_ms, offset, text));
}

struct sv say_named(struct ctx *c, enum community_named what, struct sv code)
{
    struct sv said = the_host->named ? the_host->named(the_host->self, c->arena, c->lang, what, code) : code;
    return said.n ? said : code;
}

struct sv say_number(struct ctx *c, int64_t n)
{
    return say_named(c, NAMED_NUMBER, arena_fmt(c->arena, "%lld", (long long)n));
}

bool product_speaks(struct sv lang)
{
    return the_host->speaks ? the_host->speaks(the_host->self, lang) : sv_eq_z(lang, "en");
}

bool lang_is_rtl(struct sv lang)
{
    static const char *const rtl[] = {"ar", "fa", "he", "ps", "ur", "ckb", "yi", "dv", "ug", "sd"};
    struct sv base = lang;
    for (size_t i = 0; i < lang.n; i++)
        if (lang.p[i] == '-') {
            base = sv_sub(lang, 0, i);
            break;
        }
    for (size_t i = 0; i < sizeof rtl / sizeof *rtl; i++)
        if (sv_eq_z(base, rtl[i]))
            return true;
    return false;
}

static enum pw_err take(struct ctx *c, const char *field, bool required, size_t max, struct sv *io, bool line)
{
    struct sv clean = {0};
    enum pw_err e = line ? text_clean_line(c->arena, *io, &clean) : text_clean(c->arena, *io, &clean);
    if (e == PW_INVALID)
        return problem_add(c->problems, field, N_("This text holds characters that cannot be read."));
    PW_TRY(e);
    clean = sv_trim(clean);
    if (required && !clean.n)
        return problem_add(c->problems, field, N_("This cannot be empty."));
    if (text_count(clean) > max)
        return problem_add_arg(c->problems, field, N_("At most {0} characters."), arena_fmt(c->arena, "%zu", max));
    *io = clean;
    return PW_OK;
}

enum pw_err take_line(struct ctx *c, const char *field, bool required, size_t max, struct sv *io)
{
    return take(c, field, required, max, io, true);
}

enum pw_err take_text(struct ctx *c, const char *field, bool required, size_t max, struct sv *io)
{
    return take(c, field, required, max, io, false);
}

int64_t number_said(struct ctx *c, struct sv text)
{
    struct sv folded;
    int64_t n = 0;
    if (text.n > 12 || text_fold(c->arena, text, &folded) != PW_OK)
        return -1;
    folded = sv_trim(folded);
    while (folded.n && (folded.p[folded.n - 1] == '.' || folded.p[folded.n - 1] == ')'))
        folded.n--;
    return sv_int(folded, &n) ? n : -1;
}

bool code_ok(struct sv code)
{
    if (code.n > 40)
        return false;
    for (size_t i = 0; i < code.n; i++) {
        char x = code.p[i];
        if (!((x >= 'a' && x <= 'z') || (x >= '0' && x <= '9') || x == '-'))
            return false;
    }
    return true;
}

struct sv community_path(struct ctx *c, const struct community *com, const char *rest)
{
    return arena_fmt(c->arena, "/c/%.*s%s", SV_ARG(com->slug), rest);
}

struct sv question_path(struct ctx *c, int64_t question_id)
{
    char id[ID_TEXT + 1];
    return arena_fmt(c->arena, "/questions/%.*s", SV_ARG(id_text(question_id, id)));
}

enum pw_err note_fact(struct ctx *c, const char *name, const char *object, int64_t object_id, int64_t community_id,
                      struct sv detail)
{
    PW_TRY(audit(c, name, object, object_id, detail));
    char id[ID_TEXT + 1];
    struct sv data = arena_fmt(c->arena, "{\"community\":\"%.*s\"}", SV_ARG(id_text(community_id, id)));
    return event_append(c->db, sv_of(name), object_id, data, c->now_ms);
}

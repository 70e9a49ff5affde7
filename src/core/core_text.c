/* SPDX-License-Identifier: EUPL-1.2 */
#include "core/core_text.h"

#include <string.h>

#include "base/unicode.h"

enum pw_err field_line(struct ctx *c, const char *field, struct sv text, size_t max, bool required, struct sv *ret)
{
    struct sv clean;
    enum pw_err e = text_clean_line(c->arena, text, &clean);
    if (e == PW_INVALID)
        return problem_add(c->problems, field,
                           N_("This text has characters that cannot be read. Please type it again."));
    PW_TRY(e);
    if (required && !clean.n)
        return problem_add(c->problems, field, N_("Please fill this in."));
    if (text_count(clean) > max)
        return problem_add_arg(c->problems, field, N_("This is too long: at most {0} characters."),
                               arena_fmt(c->arena, "%zu", max));
    *ret = clean;
    return PW_OK;
}

enum pw_err field_text(struct ctx *c, const char *field, struct sv text, size_t max, bool required, struct sv *ret)
{
    struct sv clean;
    if (text.n > max)
        return problem_add_arg(c->problems, field, N_("This is too long: at most {0} characters."),
                               arena_fmt(c->arena, "%zu", max));
    enum pw_err e = text_clean(c->arena, text, &clean);
    if (e == PW_INVALID)
        return problem_add(c->problems, field,
                           N_("This text has characters that cannot be read. Please type it again."));
    PW_TRY(e);
    if (required && !sv_trim(clean).n)
        return problem_add(c->problems, field, N_("Please fill this in."));
    *ret = clean;
    return PW_OK;
}

static bool all_of(struct sv text, const char *others)
{
    for (size_t i = 0; i < text.n; i++) {
        char ch = text.p[i];
        bool plain = (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') || (ch >= '0' && ch <= '9');
        if (!plain && (!ch || !strchr(others, ch)))
            return false;
    }
    return true;
}

enum pw_err field_lang(struct ctx *c, const char *field, struct sv text, bool required)
{
    if (!text.n && !required)
        return PW_OK;
    if (text.n < 2 || text.n > 16 || !all_of(text, "-"))
        return problem_add(c->problems, field, N_("Please choose a language from the list."));
    return PW_OK;
}

enum pw_err field_zone(struct ctx *c, const char *field, struct sv text)
{
    if (text.n > 48 || !all_of(text, "_+-/"))
        return problem_add(c->problems, field, N_("Please choose a time zone from the list."));
    return PW_OK;
}

bool is_http_url(struct sv text)
{
    if (!sv_starts(text, SV("https://")) && !sv_starts(text, SV("http://")))
        return false;
    for (size_t i = 0; i < text.n; i++) {
        unsigned char ch = (unsigned char)text.p[i];
        if (ch <= ' ' || ch == 0x7f || strchr("\"'<>\\`", ch))
            return false;
    }
    return text.n > 10 && text.n <= 500;
}

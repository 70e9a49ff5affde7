/* SPDX-License-Identifier: EUPL-1.2 */
#include "words.h"

#include "feature/community/hours_words.h"
#include "ui/format.h"
#include "ui/page.h"

static struct sv translate(void *self, struct arena *a, struct sv lang, const char *msgid, const struct sv *args,
                           size_t n)
{
    struct app *app = self;
    return text_t(catalog_of(app->catalogs, lang), a, msgid, args, n);
}

static struct sv moment(void *self, struct arena *a, struct sv lang, struct sv zone, int64_t at_ms)
{
    struct app *app = self;
    const struct catalog *cat = catalog_of(app->catalogs, lang);
    struct sv parts[] = {format_day(cat, a, at_ms, zone), format_time(cat, a, at_ms, zone)};
    return arena_fmt(a, "%.*s, %.*s", SV_ARG(parts[0]), SV_ARG(parts[1]));
}

static struct sv named(void *self, struct arena *a, struct sv lang, enum community_named what, struct sv code)
{
    struct app *app = self;
    struct page pg = {.arena = a, .cat = catalog_of(app->catalogs, lang)};
    struct hours h = {0};
    struct problems none = {0};
    if (what == NAMED_LANGUAGE)
        return format_language(pg.cat, a, code);
    int64_t number;
    if (what == NAMED_NUMBER)
        return sv_int(code, &number) ? format_number(pg.cat, a, number) : code;
    if (what == NAMED_ZONE)
        return format_zone(pg.cat, a, code);
    return hours_parse(code, "hours", &h, &none) == PW_OK ? hours_words(&pg, &h) : code;
}

static bool speaks(void *self, struct sv lang)
{
    struct app *app = self;
    return catalog_has(app->catalogs, lang);
}

struct community_host words_host(struct app *app)
{
    return (struct community_host){.self = app,
                                   .translate = translate,
                                   .moment = moment,
                                   .named = named,
                                   .speaks = speaks,
                                   .vault = app->vault,
                                   .public_url = app->public_url,
                                   .data_dir = app->data_dir};
}

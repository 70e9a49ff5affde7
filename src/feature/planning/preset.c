/* SPDX-License-Identifier: EUPL-1.2 */
/* Presets (CONF-1): designs that are shipped as readable texts, made into a draft by one command or one click. What a
 * card says a preset sets is read from the design itself, so it cannot promise more. */
#include <dirent.h>
#include <stdio.h>
#include <string.h>

#include "feature/planning/planning_room.h"

enum { PRESETS_MAX = 64, TEXT_MAX = 256 * 1024, SENTENCES_MAX = 24 };

/* Declared cache: set once at start. */
static struct sv presets_dir;

void planning_presets_in(struct sv dir)
{
    presets_dir = dir;
}

static enum pw_err read_file(struct ctx *c, struct sv code, struct sv *ret)
{
    struct sv path = arena_fmt(c->arena, "%.*s/%.*s.txt", SV_ARG(presets_dir), SV_ARG(code));
    FILE *f = presets_dir.n ? fopen(arena_z(c->arena, path), "r") : NULL;
    if (!f)
        return PW_NOT_FOUND;
    char *text = arena_alloc(c->arena, TEXT_MAX, 1);
    size_t n = text ? fread(text, 1, TEXT_MAX, f) : 0;
    bool whole = text && n < TEXT_MAX && !ferror(f);
    (void)fclose(f);
    if (!whole)
        return PW_UNAVAILABLE;
    *ret = (struct sv){text, n};
    return PW_OK;
}

/* ---- what it sets, as sentences ---- */

struct summary {
    struct ctx *c;
    struct design *d;
    struct sv *v;
    size_t n;
};

static struct sv value(const struct summary *s, const char *key)
{
    return design_take(s->d, sv_of(key));
}

static void add(struct summary *s, const char *msgid, struct sv arg0, struct sv arg1)
{
    const struct sv args[] = {arg0, arg1};
    if (s->n < SENTENCES_MAX)
        s->v[s->n++] = say(s->c, s->c->lang, msgid, args, 2);
}

static struct sv number(const struct summary *s, size_t n)
{
    return say_number(s->c, (int64_t)n);
}

static void say_languages(struct summary *s)
{
    struct sv rest = value(s, "languages"), code, names = {0};
    while (sv_cut(&rest, ' ', &code)) {
        struct sv name = say_named(s->c, NAMED_LANGUAGE, code);
        names = names.n ? arena_fmt(s->c->arena, "%.*s · %.*s", SV_ARG(names), SV_ARG(name)) : name;
    }
    add(s, N_("Languages: {0}"), names, (struct sv){0});
}

static void say_promise(struct summary *s)
{
    struct sv hours = value(s, "standard_hours"), said = say_named(s->c, NAMED_NUMBER, hours);
    if (!hours.n || sv_eq_z(hours, "0"))
        add(s, N_("No promised time: no question becomes overdue"), (struct sv){0}, (struct sv){0});
    else if (sv_eq_z(value(s, "clock_mode"), "deferred"))
        add(s, N_("An answer within {0} hours, counted in business days from the next opening"), said, (struct sv){0});
    else
        add(s, N_("An answer within {0} hours"), said, (struct sv){0});
    if (value(s, "hours").n)
        add(s, N_("Opening hours: {0} ({1})"), say_named(s->c, NAMED_HOURS, value(s, "hours")),
            say_named(s->c, NAMED_ZONE, value(s, "zone")));
    struct sv calendar = value(s, "calendar");
    if (calendar.n && !sv_eq_z(calendar, "none"))
        add(s, N_("Holidays of {0}"), calendar, (struct sv){0});
}

static const char *choice(struct sv code, const char *const *codes, const char *const *msgids)
{
    for (size_t i = 0; codes[i]; i++)
        if (sv_eq_z(code, codes[i]))
            return msgids[i];
    return msgids[0];
}

static void say_kind(struct summary *s)
{
    static const char *const who[] = {"listed", "link", "invitation", NULL};
    static const char *const who_says[] = {N_("Listed: everyone may find it"),
                                           N_("Closed: not listed, people ask to join by its link"),
                                           N_("By invitation only")};
    static const char *const mode[] = {"interactive", "one-way", NULL};
    static const char *const mode_says[] = {N_("Everyone writes and asks"), N_("Only moderators publish")};
    static const char *const watch[] = {"full", "light", NULL};
    static const char *const watch_says[] = {N_("Full moderation"),
                                             N_("Light moderation: the page says that nobody watches all the time")};
    const struct sv none = {0};
    add(s, choice(value(s, "visibility"), who, who_says), none, none);
    add(s, choice(value(s, "mode"), mode, mode_says), none, none);
    add(s, choice(value(s, "moderation"), watch, watch_says), none, none);
}

static void say_counts(struct summary *s)
{
    static const struct {
        const char *prefix, *msgid;
        size_t of; /* keys of one thing in one language */
    } parts[] = {{"guidelines.", N_("Guidelines, in languages: {0}"), 2},
                 {"welcome.", N_("Welcome message, in languages: {0}"), 2},
                 {"consent.", N_("Text of a consent, in languages: {0}"), 1},
                 {"ladder.", N_("Steps of moderation, categories: {0}"), 1},
                 {"groups.", N_("Better-suited groups, in languages: {0}"), 1},
                 {"plan.", N_("Planning file, texts filled in: {0}"), 1},
                 {"plan_line.", N_("Lines of resources and of the audience study: {0}"), 1}};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        size_t n = design_count(s->d, sv_of(parts[i].prefix)) / parts[i].of;
        if (n)
            add(s, parts[i].msgid, number(s, n), (struct sv){0});
    }
    size_t screening = 0, topics = 0, partners = 0;
    for (size_t i = 1; i <= 40; i++) {
        screening += design_take(s->d, arena_fmt(s->c->arena, "screening.%zu.required", i)).n != 0;
        topics += design_take(s->d, arena_fmt(s->c->arena, "topic.%zu.code", i)).n != 0;
        partners += design_take(s->d, arena_fmt(s->c->arena, "partner.%zu.name", i)).n != 0;
    }
    if (screening)
        add(s, N_("Screening questions: {0}"), number(s, screening), (struct sv){0});
    if (topics)
        add(s, N_("Topics: {0}"), number(s, topics), (struct sv){0});
    if (partners)
        add(s, N_("Partner organisations: {0}"), number(s, partners), (struct sv){0});
    const struct sv none = {0};
    if (sv_eq_z(value(s, "partner_admins"), "yes"))
        add(s, N_("Each partner needs an administrator before it opens"), none, none);
    if (sv_eq_z(value(s, "needs_file"), "yes"))
        add(s, N_("Private threads need a file number and a signed consent"), none, none);
}

/* The modes as in the room program, which stands above this one and reads these keys. */
static void say_program(struct summary *s)
{
    static const char *const codes[] = {"remote", "hybrid", "in-person", NULL};
    static const char *const says[] = {N_("Remote"), N_("Hybrid"), N_("In person")};
    struct sv rest = value(s, "program.modes"), code, modes = {0};
    while (sv_cut(&rest, ' ', &code)) {
        struct sv mode = say(s->c, s->c->lang, choice(code, codes, says), NULL, 0);
        modes = modes.n ? arena_fmt(s->c->arena, "%.*s · %.*s", SV_ARG(modes), SV_ARG(mode)) : mode;
    }
    add(s, N_("A program and its message space, made together. Modes offered: {0}"), modes, (struct sv){0});
}

enum pw_err preset_get(struct ctx *c, struct sv code, struct preset *ret)
{
    struct preset p = {.code = code};
    struct summary s = {.c = c, .v = arena_array(c->arena, struct sv, SENTENCES_MAX)};
    if (!code.n || !code_ok(code))
        return PW_NOT_FOUND;
    if (!s.v)
        return PW_UNAVAILABLE;
    PW_TRY(read_file(c, code, &p.text));
    PW_TRY(design_open(c, p.text, &s.d));
    struct sv own = design_take(s.d, arena_fmt(c->arena, "preset.name.%.*s", SV_ARG(c->lang)));
    p.name = own.n ? own : value(&s, "preset.name.en");
    own = design_take(s.d, arena_fmt(c->arena, "preset.about.%.*s", SV_ARG(c->lang)));
    p.about = own.n ? own : value(&s, "preset.about.en");
    p.program = sv_eq_z(value(&s, "preset.kind"), "program");
    if (p.program)
        say_program(&s);
    say_languages(&s);
    say_kind(&s);
    say_promise(&s);
    say_counts(&s);
    p.sets = s.v;
    p.n_sets = s.n;
    *ret = p;
    return PW_OK;
}

/* Communities first, then programs; by code. */
static int by_code(const void *x, const void *y)
{
    const struct preset *a = x, *b = y;
    return a->program != b->program ? (int)a->program - (int)b->program : sv_cmp(a->code, b->code);
}

enum pw_err preset_list(struct ctx *c, struct preset **ret, size_t *ret_n)
{
    struct preset *v = arena_array(c->arena, struct preset, PRESETS_MAX);
    size_t n = 0;
    if (!v)
        return PW_UNAVAILABLE;
    DIR *d = presets_dir.n ? opendir(arena_z(c->arena, presets_dir)) : NULL;
    enum pw_err e = PW_OK;
    for (struct dirent *f; d && e == PW_OK && n < PRESETS_MAX && (f = readdir(d));) {
        struct sv name = sv_of(f->d_name);
        if (!sv_ends(name, SV(".txt")))
            continue;
        e = preset_get(c, arena_sv(c->arena, sv_sub(name, 0, name.n - 4)), &v[n]);
        n += e == PW_OK;
        e = e == PW_NOT_FOUND ? PW_OK : e;
    }
    if (d)
        (void)closedir(d);
    PW_TRY(e);
    qsort(v, n, sizeof *v, by_code);
    *ret = v;
    *ret_n = n;
    return PW_OK;
}

/* Its own short name, or the next free one: pifi, pifi-2, … */
static enum pw_err free_slug(struct ctx *c, struct sv wanted, struct sv *ret)
{
    struct ctx system = *c; /* a draft of somebody else takes a name too */
    system.actor = &actor_system;
    for (int i = 1; i < 100; i++) {
        struct community other;
        struct sv slug = i == 1 ? wanted : arena_fmt(c->arena, "%.*s-%d", SV_ARG(wanted), i);
        enum pw_err e = community_by_slug(&system, slug, &other);
        if (e == PW_NOT_FOUND) {
            *ret = slug;
            return PW_OK;
        }
        PW_TRY(e);
    }
    return PW_CONFLICT;
}

enum pw_err preset_use(struct ctx *c, struct sv code, struct sv slug, int64_t *ret_id)
{
    struct preset p;
    struct plan plan;
    int64_t id;
    enum pw_err e = preset_get(c, code, &p);
    if (e == PW_NOT_FOUND)
        return problem_add_arg(c->problems, "preset", N_("There is no preset “{0}”. See `passerelle preset list`."),
                               code);
    PW_TRY(e);
    if (!slug.n) {
        struct design *d;
        PW_TRY(design_open(c, p.text, &d));
        PW_TRY(free_slug(c, design_take(d, SV("slug")), &slug));
    }
    PW_TRY(community_text_read(c, p.text, slug, &id));
    PW_TRY(plan_row(c, id, &plan));
    plan.preset = code;
    PW_TRY(plan_save(c, &plan));
    PW_TRY(note_fact(c, "planning.preset", "community", id, id, arena_fmt(c->arena, "preset=%.*s", SV_ARG(code))));
    *ret_id = id;
    return PW_OK;
}

enum pw_err preset_cards(void *self, struct ctx *c, struct community_start **ret, size_t *ret_n)
{
    (void)self;
    struct preset *p;
    size_t n;
    PW_TRY(preset_list(c, &p, &n));
    struct community_start *v = arena_array(c->arena, struct community_start, n + 1);
    if (!v)
        return PW_UNAVAILABLE;
    for (size_t i = 0; i < n; i++)
        v[i] = (struct community_start){.title = p[i].name,
                                        .text = p[i].about,
                                        .action = arena_fmt(c->arena, "/presets/%.*s", SV_ARG(p[i].code)),
                                        .lines = p[i].sets,
                                        .n_lines = p[i].n_sets};
    *ret = v;
    *ret_n = n;
    return PW_OK;
}

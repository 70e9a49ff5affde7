/* SPDX-License-Identifier: EUPL-1.2 */
#include "auto_rules.h"

static const struct {
    const char *code, *label;
} rules[AUTO__MAX] = {
    [AUTO_FLOOD] = {"auto-flood", N_("Many messages in a minute")},
    [AUTO_LINK] = {"auto-link", N_("A link from a new member")},
    [AUTO_FORWARDED] = {"auto-forwarded", N_("A forwarded message from a new member")},
    [AUTO_FIRST_IMAGE] = {"auto-first-image", N_("A picture as the first message")},
    [AUTO_MENTIONS] = {"auto-mentions", N_("Many people called by name")},
    [AUTO_WORD] = {"auto-word", N_("A watched word")},
    [AUTO_WAVE] = {"auto-wave", N_("Many people join at once")},
};
static const char *const modes[AUTO_MODE__MAX] = {"off", "simulate", "enforce"};

const char *auto_rule_code(enum auto_rule r)
{
    return r < AUTO__MAX ? rules[r].code : "";
}

const char *auto_rule_label(enum auto_rule r)
{
    return r < AUTO__MAX ? rules[r].label : "";
}

bool auto_rule_parse(struct sv code, enum auto_rule *ret)
{
    for (int i = 0; i < AUTO__MAX; i++)
        if (sv_eq_z(code, rules[i].code)) {
            *ret = (enum auto_rule)i;
            return true;
        }
    return false;
}

const char *auto_mode_code(enum auto_mode m)
{
    return m < AUTO_MODE__MAX ? modes[m] : "";
}

bool auto_mode_parse(struct sv code, enum auto_mode *ret)
{
    for (int i = 0; i < AUTO_MODE__MAX; i++)
        if (sv_eq_z(code, modes[i])) {
            *ret = (enum auto_mode)i;
            return true;
        }
    return false;
}

/* Ten a minute and fifty in an hour are what Matrix communities came to use (channels.md §3). */
const struct auto_set auto_defaults = {.mode = AUTO_OFF,
                                       .flood = 10,
                                       .mute_minutes = 60,
                                       .wave = 50,
                                       .wave_minutes = 60,
                                       .wave_hold = 120,
                                       .new_days = 3,
                                       .mentions = 5,
                                       .links = true,
                                       .forwarded = true,
                                       .first_image = true};

bool auto_is_default(const struct auto_set *s)
{
    const struct auto_set *d = &auto_defaults;
    return s->mode == d->mode && s->flood == d->flood && s->mute_minutes == d->mute_minutes && s->wave == d->wave &&
           s->wave_minutes == d->wave_minutes && s->wave_hold == d->wave_hold && s->new_days == d->new_days &&
           s->mentions == d->mentions && s->links == d->links && s->forwarded == d->forwarded &&
           s->first_image == d->first_image && !s->words.n;
}

static void within(struct problems *ps, struct arena *a, const char *field, int64_t v, int64_t min, int64_t max)
{
    if (v < min || v > max)
        problem_add_arg(ps, field, N_("Write a whole number in this range: {0}."),
                        arena_fmt(a, "%lld–%lld", (long long)min, (long long)max));
}

enum pw_err auto_check(const struct auto_set *s, struct problems *ps, struct arena *a)
{
    size_t before = ps->n, n = 0;
    struct sv rest = s->words, line;
    within(ps, a, "flood", s->flood, 0, 1000);
    within(ps, a, "mute_minutes", s->mute_minutes, 1, 7 * 24 * 60);
    within(ps, a, "wave", s->wave, 0, 10000);
    within(ps, a, "wave_minutes", s->wave_minutes, 1, 24 * 60);
    within(ps, a, "wave_hold", s->wave_hold, 1, 7 * 24 * 60);
    within(ps, a, "new_days", s->new_days, 0, 365);
    within(ps, a, "mentions", s->mentions, 0, 100);
    while (sv_cut(&rest, '\n', &line))
        n += sv_trim(line).n != 0;
    if (n > AUTO_WORDS_MAX)
        problem_add(ps, "words", N_("At most 200 words, one a line."));
    return ps->n == before ? PW_OK : PW_INVALID;
}

/* ---- what stands in a text ---- */

/* Letters of every script count: a byte past ASCII belongs to a word. */
static bool in_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (unsigned char)c >= 0x80;
}

static bool starts_word(struct sv s, size_t i)
{
    return !i || !in_word(s.p[i - 1]);
}

/* A name and an ending of letters, as in "example.org": what people click on without "https". */
static bool is_host(struct sv s, size_t i)
{
    size_t dot = 0, k = i;
    while (k < s.n && (in_word(s.p[k]) || s.p[k] == '-' || s.p[k] == '.')) {
        if (s.p[k] == '.')
            dot = k;
        k++;
    }
    if (!dot || dot == i || k - dot < 3)
        return false;
    static const char *const endings[] = {"com", "net", "org",  "info", "biz",    "io", "me", "ly", "app", "shop",
                                          "xyz", "top", "link", "site", "online", "ca", "ru", "cn", "gg"};
    struct sv end = sv_sub(s, dot + 1, k - dot - 1);
    for (size_t e = 0; e < sizeof endings / sizeof *endings; e++)
        if (sv_eq_z(end, endings[e]))
            return true;
    return false;
}

bool text_has_link(struct sv folded)
{
    for (size_t i = 0; i < folded.n; i++) {
        struct sv rest = sv_sub(folded, i, folded.n);
        if (sv_starts(rest, SV("://")))
            return true;
        bool mail = i && folded.p[i - 1] == '@'; /* the end of an e-mail address is no link */
        if (starts_word(folded, i) && in_word(folded.p[i]) && !mail && (!i || folded.p[i - 1] != '.') &&
            is_host(folded, i))
            return true;
    }
    return false;
}

int64_t text_mentions(struct sv folded)
{
    int64_t n = 0;
    for (size_t i = 0; i + 1 < folded.n; i++)
        n += folded.p[i] == '@' && starts_word(folded, i) && in_word(folded.p[i + 1]);
    return n;
}

bool text_has_word(struct sv folded, struct sv lines)
{
    struct sv rest = lines, line;
    while (sv_cut(&rest, '\n', &line)) {
        line = sv_trim(line);
        for (size_t i = 0; line.n && i + line.n <= folded.n; i++) {
            size_t end = i + line.n;
            if (sv_eq(sv_sub(folded, i, line.n), line) && starts_word(folded, i) &&
                (end == folded.n || !in_word(folded.p[end])))
                return true;
        }
    }
    return false;
}

/* ---- the rules ---- */

bool auto_message(const struct auto_set *s, const struct auto_seen *m, enum auto_rule *ret)
{
    bool is_new = m->member_days < s->new_days;
    const bool speaks[AUTO__MAX] = {
        [AUTO_FLOOD] = s->flood && m->in_minute >= s->flood,
        [AUTO_LINK] = s->links && is_new && text_has_link(m->folded),
        [AUTO_FORWARDED] = s->forwarded && is_new && m->forwarded,
        [AUTO_FIRST_IMAGE] = s->first_image && is_new && m->image && !m->ever,
        [AUTO_MENTIONS] = s->mentions && text_mentions(m->folded) > s->mentions,
        [AUTO_WORD] = text_has_word(m->folded, m->words),
    };
    for (int r = 0; s->mode != AUTO_OFF && r < AUTO_WAVE; r++)
        if (speaks[r]) {
            *ret = (enum auto_rule)r;
            return true;
        }
    return false;
}

bool auto_wave(const struct auto_set *s, int64_t people)
{
    return s->mode != AUTO_OFF && s->wave && people >= s->wave;
}

/* SPDX-License-Identifier: EUPL-1.2 */
/* Automatic rules as a community sets them, and as lines of its design (CONF-2). */
#include "core/audit.h"
#include "feature/moderation/moderation_room.h"
#include "feature/moderation/setup_store.h"

enum pw_err automatic_set(struct ctx *c, int64_t community_id, const struct auto_set *in)
{
    struct community com;
    struct mod_settings set;
    struct auto_set s = *in;
    PW_TRY(need_admin(c, community_id, &com));
    PW_TRY(setting_row(c, community_id, &set));
    NOTED(take_text(c, "words", false, AUTO_WORDS_CHARS, &s.words));
    NOTED(auto_check(&s, c->problems, c->arena));
    if (c->problems->n)
        return PW_INVALID;
    set.automatic = s;
    PW_TRY(setting_save(c, community_id, &set));
    return audit(c, "moderation.automatic", "community", community_id,
                 arena_fmt(c->arena, "mode=%s flood=%lld wave=%lld new_days=%lld", auto_mode_code(s.mode),
                           (long long)s.flood, (long long)s.wave, (long long)s.new_days));
}

/* ---- the design as text ---- */

struct number_key {
    const char *key;
    size_t at;
};
#define NUMBER(name)                                                                                                   \
    {                                                                                                                  \
        "automatic." #name, offsetof(struct auto_set, name)                                                            \
    }
static const struct number_key numbers[] = {NUMBER(flood),        NUMBER(mute_minutes), NUMBER(wave),
                                            NUMBER(wave_minutes), NUMBER(wave_hold),    NUMBER(new_days),
                                            NUMBER(mentions)};
static const struct number_key flags[] = {NUMBER(links), NUMBER(forwarded), NUMBER(first_image)};

static int64_t *number_of(struct auto_set *s, const struct number_key *k)
{
    return (int64_t *)(void *)((char *)s + k->at);
}

static bool *flag_of(struct auto_set *s, const struct number_key *k)
{
    return (bool *)(void *)((char *)s + k->at);
}

void automatic_text_write(struct ctx *c, const struct auto_set *set, struct buf *out)
{
    struct auto_set s = *set;
    moderation_put(out, "automatic", sv_of(auto_mode_code(s.mode)));
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        moderation_put(out, numbers[i].key, arena_fmt(c->arena, "%lld", (long long)*number_of(&s, &numbers[i])));
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++)
        moderation_put(out, flags[i].key, *flag_of(&s, &flags[i]) ? SV("yes") : SV("no"));
    if (s.words.n)
        moderation_put(out, "automatic.words", s.words);
}

static bool read_key(struct auto_set *s, struct sv key, struct sv value, bool *ret_known)
{
    *ret_known = true;
    if (sv_eq_z(key, "automatic"))
        return auto_mode_parse(value, &s->mode);
    if (sv_eq_z(key, "automatic.words")) {
        s->words = value;
        return true;
    }
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        if (sv_eq_z(key, numbers[i].key))
            return sv_int(value, number_of(s, &numbers[i]));
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++)
        if (sv_eq_z(key, flags[i].key)) {
            *flag_of(s, &flags[i]) = sv_eq_z(value, "yes");
            return sv_eq_z(value, "yes") || sv_eq_z(value, "no");
        }
    *ret_known = false;
    return true;
}

enum pw_err automatic_text_read(struct ctx *c, int64_t community_id, struct sv key, struct sv value, bool *ret_known)
{
    struct mod_settings set;
    PW_TRY(setting_row(c, community_id, &set));
    if (!read_key(&set.automatic, key, value, ret_known))
        return problem_add(c->problems, arena_z(c->arena, key), N_("Choose from the list."));
    return *ret_known ? automatic_set(c, community_id, &set.automatic) : PW_OK;
}

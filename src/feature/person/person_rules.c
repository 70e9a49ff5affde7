/* SPDX-License-Identifier: EUPL-1.2 */
/* Pure decisions of this room: scales and skills, lists of languages, the language of messages. */
#include "base/buf.h"
#include "feature/person/person_room.h"

static const struct {
    const char *code, *label;
} scales[SCALE__MAX] = {[SCALE_CLB] = {"clb", N_("English (CLB)")}, [SCALE_NCLC] = {"nclc", N_("French (NCLC)")}},
  skills[SKILL__MAX] = {[SKILL_LISTENING] = {"listening", N_("Listening")},
                        [SKILL_SPEAKING] = {"speaking", N_("Speaking")},
                        [SKILL_READING] = {"reading", N_("Reading")},
                        [SKILL_WRITING] = {"writing", N_("Writing")}},
  whys[] = {{"typing", N_("It was typed wrongly")},
            {"other-person", N_("It belongs to another person")},
            {"doubtful", N_("The assessment is doubtful")}};

const char *level_scale_code(enum level_scale s)
{
    return (unsigned)s < SCALE__MAX ? scales[s].code : "";
}

const char *level_scale_label(enum level_scale s)
{
    return (unsigned)s < SCALE__MAX ? scales[s].label : "";
}

const char *level_skill_code(enum level_skill k)
{
    return (unsigned)k < SKILL__MAX ? skills[k].code : "";
}

const char *level_skill_label(enum level_skill k)
{
    return (unsigned)k < SKILL__MAX ? skills[k].label : "";
}

bool level_scale_parse(struct sv code, enum level_scale *ret)
{
    for (size_t i = 0; i < SCALE__MAX; i++)
        if (sv_eq_z(code, scales[i].code)) {
            *ret = (enum level_scale)i;
            return true;
        }
    return false;
}

bool level_skill_parse(struct sv code, enum level_skill *ret)
{
    for (size_t i = 0; i < SKILL__MAX; i++)
        if (sv_eq_z(code, skills[i].code)) {
            *ret = (enum level_skill)i;
            return true;
        }
    return false;
}

const char *level_why_label(struct sv code)
{
    for (size_t i = 0; i < sizeof whys / sizeof *whys; i++)
        if (sv_eq_z(code, whys[i].code))
            return whys[i].label;
    return NULL;
}

const struct language_level *level_now(const struct language_level *v, size_t n, enum level_scale scale,
                                       enum level_skill skill)
{
    for (size_t i = 0; i < n; i++) /* the newest first */
        if (!v[i].withdrawn_ms && v[i].scale == scale && v[i].skill == skill)
            return &v[i];
    return NULL;
}

bool level_scale_used(const struct language_level *v, size_t n, enum level_scale scale)
{
    for (size_t i = 0; i < n; i++)
        if (v[i].scale == scale)
            return true;
    return false;
}

struct sv speech_text(struct arena *a, const struct person_lang *v, size_t n)
{
    struct sv out = {0};
    for (size_t i = 0; i < n && i < PERSON_LANGS_MAX; i++)
        if (v[i].speaks || v[i].reads)
            out = arena_fmt(a, "%.*s%s%.*s=%s%s", SV_ARG(out), out.n ? " " : "", SV_ARG(v[i].code),
                            v[i].speaks ? "s" : "", v[i].reads ? "r" : "");
    return out;
}

size_t speech_parse(struct sv text, struct person_lang v[PERSON_LANGS_MAX])
{
    size_t n = 0;
    struct sv one, code;
    while (n < PERSON_LANGS_MAX && sv_cut(&text, ' ', &one)) {
        if (!sv_cut(&one, '=', &code) || !lang_code_ok(code))
            continue;
        struct person_lang l = {.code = code};
        for (size_t i = 0; i < one.n; i++) {
            l.speaks |= one.p[i] == 's';
            l.reads |= one.p[i] == 'r';
        }
        v[n++] = l;
    }
    return n;
}

static bool reads(const struct person_lang *v, size_t n, struct sv code)
{
    for (size_t i = 0; i < n; i++)
        if (v[i].reads && sv_eq(v[i].code, code))
            return true;
    return false;
}

struct sv message_lang(struct sv community_langs, struct sv preferred, bool product_speaks_it,
                       const struct person_lang *v, size_t n)
{
    struct sv rest = community_langs, one;
    if (preferred.n && (product_speaks_it || lang_in(community_langs, preferred)))
        return preferred;
    while (sv_cut(&rest, ' ', &one))
        if (one.n && reads(v, n, one))
            return one;
    return lang_main(community_langs);
}

/* The languages most spoken by people who come to Canada, and its two sign languages. */
const char *const languages_offered[] = {
    "ak",    "am", "ar",  "arc", "az",  "bg", "bn", "bo", "bs", "ckb", "de", "din", "el", "en",  "es",  "fa",
    "fa-af", "ff", "fil", "fr",  "gu",  "ha", "he", "hi", "hr", "ht",  "hu", "hy",  "id", "ig",  "it",  "ja",
    "ka",    "kk", "km",  "ko",  "ku",  "lg", "ln", "lo", "ml", "mn",  "ms", "my",  "ne", "nl",  "nus", "om",
    "pa",    "pl", "ps",  "pt",  "rhg", "rn", "ro", "ru", "rw", "sd",  "si", "so",  "sq", "sr",  "sw",  "ta",
    "te",    "tg", "th",  "ti",  "tr",  "uk", "ur", "uz", "vi", "wo",  "yo", "yue", "zh", "ase", "fcs"};
const size_t languages_offered_n = sizeof languages_offered / sizeof *languages_offered;

bool language_offered(struct sv code)
{
    for (size_t i = 0; i < languages_offered_n; i++)
        if (sv_eq_z(code, languages_offered[i]))
            return true;
    return false;
}

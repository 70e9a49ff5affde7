/* SPDX-License-Identifier: EUPL-1.2 */
#include "feature/interpreting/interpreting_words.h"

#include "base/err.h"

/* What newcomers to Canada ask for most, and both signed languages. Codes as in BCP 47. */
const struct interp_lang interp_langs[] = {
    {"fr", N_("French")},
    {"en", N_("English")},
    {"ar", N_("Arabic")},
    {"ase", N_("American Sign Language")},
    {"fcs", N_("Quebec Sign Language")},
    {"sq", N_("Albanian")},
    {"am", N_("Amharic")},
    {"bn", N_("Bengali")},
    {"yue", N_("Cantonese")},
    {"prs", N_("Dari")},
    {"fa", N_("Persian")},
    {"ff", N_("Fulah")},
    {"ht", N_("Haitian Creole")},
    {"hi", N_("Hindi")},
    {"rn", N_("Kirundi")},
    {"rw", N_("Kinyarwanda")},
    {"ko", N_("Korean")},
    {"kmr", N_("Kurdish (Kurmanji)")},
    {"ckb", N_("Kurdish (Sorani)")},
    {"ln", N_("Lingala")},
    {"zh", N_("Mandarin")},
    {"ne", N_("Nepali")},
    {"om", N_("Oromo")},
    {"ps", N_("Pashto")},
    {"pt", N_("Portuguese")},
    {"pa", N_("Punjabi")},
    {"rhg", N_("Rohingya")},
    {"ro", N_("Romanian")},
    {"ru", N_("Russian")},
    {"so", N_("Somali")},
    {"es", N_("Spanish")},
    {"sw", N_("Swahili")},
    {"tl", N_("Tagalog")},
    {"ta", N_("Tamil")},
    {"ti", N_("Tigrinya")},
    {"tr", N_("Turkish")},
    {"uk", N_("Ukrainian")},
    {"ur", N_("Urdu")},
    {"vi", N_("Vietnamese")},
    {"wo", N_("Wolof")},
};
const size_t interp_langs_n = sizeof interp_langs / sizeof *interp_langs;

struct sv interp_lang_base(struct sv code)
{
    for (size_t i = 0; i < code.n; i++)
        if (code.p[i] == '-')
            return sv_sub(code, 0, i);
    return code;
}

const char *interp_lang_label(struct sv code)
{
    struct sv base = interp_lang_base(code);
    for (size_t i = 0; i < interp_langs_n; i++)
        if (sv_eq_z(base, interp_langs[i].code))
            return interp_langs[i].label;
    return NULL;
}

bool interp_lang_known(struct sv code)
{
    for (size_t i = 0; i < interp_langs_n; i++)
        if (sv_eq_z(code, interp_langs[i].code))
            return true;
    return false;
}

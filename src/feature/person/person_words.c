/* SPDX-License-Identifier: EUPL-1.2 */
/* Codes of this room as words of the reader's language. */
#include <stdlib.h>

#include "feature/person/person_view.h"
#include "ui/format.h"

struct sv person_lang_name(const struct page *pg, struct sv code)
{
    /* of the sign languages ICU has no names in Arabic */
    if (sv_eq_z(code, "ase"))
        return page_say(pg, N_("American Sign Language (ASL)"));
    if (sv_eq_z(code, "fcs"))
        return page_say(pg, N_("Quebec Sign Language (LSQ)"));
    return format_language(pg->cat, pg->arena, code);
}

struct named {
    const struct catalog *cat;
    struct ui_option option;
};

static int by_name(const void *x, const void *y)
{
    const struct named *a = x, *b = y;
    return format_compare(a->cat, a->option.label_text, b->option.label_text);
}

struct ui_option *person_lang_options(struct page *pg, struct sv chosen, size_t *ret_n)
{
    struct named *v = arena_array(pg->arena, struct named, languages_offered_n);
    struct ui_option *o = arena_array(pg->arena, struct ui_option, languages_offered_n);
    *ret_n = 0;
    if (!v || !o)
        return NULL;
    for (size_t i = 0; i < languages_offered_n; i++) {
        struct sv code = sv_of(languages_offered[i]);
        v[i] = (struct named){
            pg->cat, {.value_text = code, .label_text = person_lang_name(pg, code), .chosen = sv_eq(code, chosen)}};
    }
    qsort(v, languages_offered_n, sizeof *v, by_name);
    for (size_t i = 0; i < languages_offered_n; i++)
        o[i] = v[i].option;
    *ret_n = languages_offered_n;
    return o;
}

const char *join_words(enum join_state s)
{
    static const char *const words[JOIN_STATE__MAX] = {[JOIN_PENDING] = N_("Asked to join"),
                                                       [JOIN_ACCEPTED] = N_("Accepted"),
                                                       [JOIN_REFUSED] = N_("Refused"),
                                                       [JOIN_WITHDRAWN] = N_("Withdrawn")};
    return (unsigned)s < JOIN_STATE__MAX ? words[s] : "";
}

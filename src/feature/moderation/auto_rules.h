/* SPDX-License-Identifier: EUPL-1.2 */
/* auto_rules: what an automatic rule sees in a message before it is shown, and in people who ask to join (channels.md
 * §3). Pure: no SQL, no clock. A rule holds words for a person to look at, and keeps a flood from going on; it never
 * judges, so it counts as no breach. */
#ifndef PW_AUTO_RULES_H
#define PW_AUTO_RULES_H

#include "base/arena.h"
#include "base/err.h"

enum auto_rule {
    AUTO_FLOOD,       /* many messages of one person in a minute */
    AUTO_LINK,        /* a link from a new member */
    AUTO_FORWARDED,   /* a forwarded message from a new member */
    AUTO_FIRST_IMAGE, /* the first thing somebody sends is a picture or a film */
    AUTO_MENTIONS,    /* many people called by name */
    AUTO_WORD,        /* a watched word */
    AUTO_WAVE,        /* many people join at once */
    AUTO__MAX
};
const char *auto_rule_code(enum auto_rule r);  /* "auto-flood": a category of sanctions and items */
const char *auto_rule_label(enum auto_rule r); /* message id */
bool auto_rule_parse(struct sv code, enum auto_rule *ret);

enum auto_mode { AUTO_OFF, AUTO_SIMULATE, AUTO_ENFORCE, AUTO_MODE__MAX };
const char *auto_mode_code(enum auto_mode m); /* "off", "simulate", "enforce" */
bool auto_mode_parse(struct sv code, enum auto_mode *ret);

enum { AUTO_WORDS_CHARS = 4000, AUTO_WORDS_MAX = 200 };
struct auto_set {
    enum auto_mode mode;
    int64_t flood, mute_minutes;           /* more than so many messages in a minute; 0 = this rule is off */
    int64_t wave, wave_minutes, wave_hold; /* so many people in so many minutes; the door is shut for so many */
    int64_t new_days;                      /* who is new */
    int64_t mentions;                      /* more than so many; 0 = off */
    bool links, forwarded, first_image;    /* of new members */
    struct sv words;                       /* watched words, one a line, as typed */
};
extern const struct auto_set auto_defaults; /* off, with numbers that fit most groups */
bool auto_is_default(const struct auto_set *s);
/* PW_INVALID with a problem for each value that is out of range, named "flood", "words", … */
PW_MUST_CHECK enum pw_err auto_check(const struct auto_set *s, struct problems *ps, struct arena *a);

struct auto_seen {           /* a message that is about to be shown to the group */
    struct sv folded;        /* text_fold() of its text */
    bool image, forwarded;   /* image: picture or film */
    int64_t in_minute, ever; /* messages of this person before it: in the minute before, and in all */
    int64_t member_days;     /* full days since the person was admitted */
    struct sv words;         /* the watched words, each line folded */
};
/* The first rule that speaks; a flood before all others. */
bool auto_message(const struct auto_set *s, const struct auto_seen *m, enum auto_rule *ret);
/* Did so many people ask or come in the last wave_minutes? */
bool auto_wave(const struct auto_set *s, int64_t people);

bool text_has_link(struct sv folded);
int64_t text_mentions(struct sv folded);
bool text_has_word(struct sv folded, struct sv lines); /* a whole word or phrase of these lines */

#endif

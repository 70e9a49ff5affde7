/* SPDX-License-Identifier: EUPL-1.2 */
/* person_view: what the templates of this room are given. */
#ifndef PW_PERSON_VIEW_H
#define PW_PERSON_VIEW_H

#include "feature/person/person_room.h"
#include "ui/component.h"
#include "ui/page.h"

enum record_form { FORM_NONE, FORM_LANGUAGE, FORM_PREFERRED, FORM_LEVEL, FORM_DISCLOSURE, FORM_ERASURE };
struct record_view {
    struct person_record r;
    struct sv action; /* "/persons/ID" or "/my-data": forms post below it */
    bool own;         /* the person reads; else staff */
};
struct record_form_view { /* one form alone, when something in it was wrong */
    struct person p;
    struct sv action;
    enum record_form form;
    struct level_new level;
    struct disclosure_new disclosure;
    struct sv level_text, lang, words;
};

struct own_view {
    struct record_view record;
    struct erasure erasure; /* the newest request; state empty = none */
};
struct request_view {
    struct erasure e;
    struct person_traces traces;
    struct sv reason; /* typed */
};
struct retention_view {
    struct retention r;
    bool asks; /* something would go: a tick is needed */
};
struct twins_view {
    struct person p;
    struct sv action;
    struct twins t;
};

const char *join_words(enum join_state s); /* message id */

#endif

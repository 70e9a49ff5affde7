/* SPDX-License-Identifier: EUPL-1.2 */
/* web: from a request to a page and back: what every page handler starts and ends with.
 *
 *   struct page pg;
 *   page_begin(&pg, q, r, FACE_STAFF, "Inbox");
 *   view_inbox(&pg, &v);
 *   return page_end(&pg, r);
 *
 * main/ fills struct page_info for each request (http_host.enter); it lives in the request's arena. */
#ifndef PW_WEB_H
#define PW_WEB_H

#include "http/http.h"
#include "ui/page.h"

struct page_info {
    const struct catalogs *catalogs;
    struct sv lang; /* negotiated: session, cookie, browser, installation */
    enum lang_by { LANG_DEFAULT, LANG_BROWSER, LANG_CHOSEN } lang_by; /* chosen: by a link, a cookie or a session */
    struct sv zone;
    struct sv csrf;        /* token of the session, or of the form cookie when nobody is signed in */
    struct sv who;         /* display name, empty = nobody */
    struct sv static_base; /* "/static/<version>" */
    struct sv exit_url;
    struct sv flash; /* message id kept from the last action, empty = none */
    struct sv undo;  /* path that takes it back, empty = none */
    const struct page_nav *nav;
    size_t n_nav;
    int64_t unread; /* notices of this person that wait */
    bool demo;
};

/* Starts a page that writes into r->body. title is a message id; NULL gives the neutral title. */
void page_begin(struct page *pg, struct http_req *q, struct http_res *r, enum page_face face, const char *title);
/* PW_INTERNAL when memory ran out while writing; otherwise PW_OK, or PW_INVALID (422) when the page shows problems, so
 * that the transaction of a refused form is rolled back and its page shown. */
PW_MUST_CHECK enum pw_err page_end(struct page *pg, struct http_res *r);

/* After a change: 303 to `path`, whose page shows the sentence (a message id of at most 120 characters) once. */
PW_MUST_CHECK enum pw_err page_done(const struct http_req *q, struct http_res *r, struct sv path, const char *msgid);
/* The same with "Undo" beside the sentence: `undo` is a path of ours that takes it back by POST, with one field at
 * most:
 * "/inbox/…/assign?person=…". */
PW_MUST_CHECK enum pw_err page_done_undo(const struct http_req *q, struct http_res *r, struct sv path,
                                         const char *msgid, struct sv undo);
/* What stands before the path in the cookie "undo": only a page of the same session is believed. */
struct sv undo_mark(struct sv csrf);

#endif

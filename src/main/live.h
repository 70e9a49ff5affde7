/* SPDX-License-Identifier: EUPL-1.2 */
/* live: tells open pages that something changed. One thread follows the tail of the event table, so that a change made
 * by another process sharing the database is seen too, and publishes "look again" on topics; an event's words are never
 * sent. Topics: "inbox" for moderators, "c-<id>" for a community's pages, "p-<id>" for one person. */
#ifndef PW_LIVE_H
#define PW_LIVE_H

#include "http/http.h"
#include "main/app.h"

struct live;
PW_MUST_CHECK enum pw_err live_start(struct app *app, struct live **ret);
void live_stop(struct live *l); /* NULL-safe */
extern const struct route live_routes[];

#endif

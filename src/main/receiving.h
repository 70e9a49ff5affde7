/* SPDX-License-Identifier: EUPL-1.2 */
/* receiving: what it takes to understand an incoming message: words, features, channels. The server and the commands
 * that take messages stand on it. Fills app->work and app->hub. */
#ifndef PW_RECEIVING_H
#define PW_RECEIVING_H

#include "feature/community/community.h"
#include "main/app.h"

struct receiving { /* as long as the channels are used */
    struct community_host host;
};
/* 0, or says why on standard error. */
int receiving_open(struct app *app, struct receiving *r);
void receiving_close(struct app *app);

#endif

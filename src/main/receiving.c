/* SPDX-License-Identifier: EUPL-1.2 */
#include "receiving.h"

#include "channel/hub.h"
#include "main/feature_table.h"
#include "main/words.h"
#include "work/work.h"

int receiving_open(struct app *app, struct receiving *r)
{
    r->host = words_host(app);
    community_start(&r->host);
    struct work_config wc = {.store = app->store};
    if (work_open(&wc, &app->work) != PW_OK)
        return cli_fail("cannot prepare what runs later");
    features_start(app->work);
    struct hub_config hc = {.store = app->store,
                            .vault = app->vault,
                            .net = app->net,
                            .receiver = community_receiver(),
                            .data_dir = app->data_dir,
                            .public_url = app->public_url,
                            .words = r->host.self,
                            .translate = r->host.translate};
    return hub_open(&hc, &app->hub) == PW_OK ? 0 : cli_fail("cannot prepare the channels");
}

void receiving_close(struct app *app)
{
    hub_close(app->hub);
    work_close(app->work);
    app->hub = NULL;
    app->work = NULL;
}

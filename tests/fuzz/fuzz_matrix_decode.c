/* SPDX-License-Identifier: EUPL-1.2 */
#include "channel/matrix.h"
#include "fuzz/fuzz.h"

#include <string.h>

static const struct chan_event *check(const struct chan_event *x)
{
    FUZZ_HOLDS(x->provider_id.n > 0 && x->provider_id.n <= 200);
    FUZZ_HOLDS(matrix_room_ok(x->chat) && x->at_ms >= 0 && x->file_size >= 0 && x->duration_s >= 0);
    FUZZ_HOLDS(matrix_user_ok(x->user) && x->user_name.n <= 256 && x->file_name.n <= 256);
    FUZZ_HOLDS(!x->user_chat.n || matrix_user_ok(x->user_chat));
    FUZZ_HOLDS(x->kind != CHAN_MIGRATED || matrix_room_ok(x->new_chat));
    FUZZ_HOLDS((x->file_kind == FILE_NONE) == (x->file_id.n == 0));
    FUZZ_HOLDS(!x->private_chat || x->kind == CHAN_INVITED); /* the rest is settled by what we know of the chat */
    return x;
}

/* Whatever a member of any server writes becomes events that the rest may rely on, or nothing at all. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct chan_events ev; /* large; filled anew each time */
    struct arena a;
    char *tight = malloc(size ? size : 1);
    json_t *config = json_pack("{s:s}", "user", "@accueil:hs.example");
    if (!tight || !config) {
        free(tight);
        json_decref(config);
        return 0;
    }
    memcpy(tight, data, size);
    arena_init(&a, 16 << 20);
    const struct channel ch = {.driver = &matrix_driver, .config = config};
    const struct chan_request rq = {
        .method = "PUT", .rest = SV("_matrix/app/v1/transactions/1"), .body = {tight, size}};
    enum pw_err e = matrix_driver.decode(&ch, &rq, &a, &ev);
    FUZZ_HOLDS(e == PW_OK || e == PW_INVALID || e == PW_UNAVAILABLE);
    FUZZ_HOLDS(ev.n <= CHAN_EVENTS_MAX);
    for (size_t i = 0; e == PW_OK && i < ev.n; i++)
        FUZZ_HOLDS(check(&ev.v[i]));
    /* The same bytes as the answer to a send. */
    struct matrix_reply r;
    matrix_classify(size ? 200 + data[0] * 2 : 200, (struct sv){tight, size}, &a, &r);
    FUZZ_HOLDS(r.res.cls == SEND_OK || r.res.cls == SEND_RETRY || r.res.cls == SEND_FAILED);
    FUZZ_HOLDS(r.res.code.n <= 40);
    arena_finish(&a);
    json_decref(config);
    free(tight);
    return 0;
}

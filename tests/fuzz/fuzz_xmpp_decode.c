/* SPDX-License-Identifier: EUPL-1.2 */
#include "channel/xmpp.h"
#include "fuzz/fuzz.h"

#include <string.h>

static struct xmpp_occupant owner = {.nick = "Olga", .jid = "olga@example.org", .id = "o1", .affiliated = true};
static struct xmpp_occupant guest = {.next = &owner, .nick = "Amal", .jid = "amal@example.org", .id = "o2"};

static void look(xmpp_stanza_t *m, const struct xmpp_room *room, struct chan_events *ev)
{
    struct arena a;
    struct sv own;
    const struct xmpp_place at = {room, "accueil@bridge.example.org", "Passerelle", "rooms.example.org", 1790000000000};
    arena_init(&a, 4 << 20);
    ev->n = 0;
    xmpp_decode_message(m, &at, &a, ev, &own);
    FUZZ_HOLDS(ev->n <= 1);
    for (size_t i = 0; i < ev->n; i++) {
        const struct chan_event *x = &ev->v[i];
        FUZZ_HOLDS(x->provider_id.n > 0 && x->provider_id.n <= 100 && x->message_id.n <= XM_ID_MAX);
        FUZZ_HOLDS(x->at_ms > 0 && x->at_ms <= at.now_ms && x->user_name.n <= 256 && x->text.n <= XM_BODY_MAX);
        FUZZ_HOLDS(x->reply_to.n <= XM_ID_MAX);
        /* A private word names who it is from; the address of a guest is not told by a room that hides it. */
        FUZZ_HOLDS(!x->private_chat || (x->user.n && sv_eq(x->chat, x->user)));
        FUZZ_HOLDS(!room || x->kind == CHAN_JOIN_REQUEST || !sv_eq_z(x->user, "amal@example.org"));
        FUZZ_HOLDS(x->kind != CHAN_JOIN_REQUEST || (xmpp_bare_ok(x->user, true) && x->chat.n));
    }
    arena_finish(&a);
}

/* One stanza, as a private word and as one of a room that gives ids. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct chan_events ev; /* large; filled anew each time */
    const struct xmpp_room room = {.jid = "entraide@rooms.example.org",
                                   .stanza_ids = true,
                                   .occupant_ids = true,
                                   .own_id = "us",
                                   .occupants = &guest,
                                   .n_occupants = 2};
    char *text = malloc(size + 1);
    xmpp_ctx_t *ctx = xmpp_ctx_new(NULL, NULL);
    if (text && ctx) {
        memcpy(text, data, size);
        text[size] = 0;
        xmpp_stanza_t *m = xmpp_stanza_new_from_string(ctx, text);
        if (m && xmpp_stanza_is_tag(m)) {
            look(m, &room, &ev);
            look(m, NULL, &ev);
        }
        if (m)
            xmpp_stanza_release(m);
    }
    if (ctx)
        xmpp_ctx_free(ctx);
    free(text);
    return 0;
}

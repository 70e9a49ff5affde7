/* SPDX-License-Identifier: EUPL-1.2 */
/* Message stanzas as events: who somebody is, what counts once, and what nobody may forge. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/unicode.h"
#include "channel/xmpp.h"

#define ROOM "entraide@rooms.example.org"
#define SID(by, id) "<stanza-id xmlns='urn:xmpp:sid:0' by='" by "' id='" id "'/>"
#define OCC(id) "<occupant-id xmlns='urn:xmpp:occupant-id:0' id='" id "'/>"
#define AGO "<delay xmlns='urn:xmpp:delay' stamp='2026-01-02T03:04:05Z'/>"

static struct xmpp_occupant olga = {.nick = "Olga", .jid = "olga@example.org", .id = "o1", .affiliated = true};
static struct xmpp_occupant amal = {.next = &olga, .nick = "Amal", .jid = "amal@example.org", .id = "o2"};

struct fix {
    struct arena a;
    struct chan_events ev;
    struct xmpp_room room;
    xmpp_ctx_t *ctx;
    struct sv own;
};

static int set_up(void **state)
{
    static struct fix f;
    f = (struct fix){0};
    arena_init(&f.a, 4 << 20);
    f.ctx = xmpp_ctx_new(NULL, NULL);
    static char jid[] = ROOM, us[] = "us";
    f.room = (struct xmpp_room){
        .jid = jid, .stanza_ids = true, .occupant_ids = true, .own_id = us, .occupants = &amal, .n_occupants = 2};
    *state = &f;
    return 0;
}

static int tear_down(void **state)
{
    struct fix *f = *state;
    xmpp_ctx_free(f->ctx);
    arena_finish(&f->a);
    return 0;
}

static const struct chan_event *read_one(struct fix *f, const char *stanza, bool in_room)
{
    xmpp_stanza_t *m = xmpp_stanza_new_from_string(f->ctx, stanza);
    assert_non_null(m);
    const struct xmpp_place at = {in_room ? &f->room : NULL, "accueil@bridge.example.org", "Passerelle",
                                  "rooms.example.org", INT64_C(1790000000000)};
    f->ev.n = 0;
    xmpp_decode_message(m, &at, &f->a, &f->ev, &f->own);
    xmpp_stanza_release(m);
    return f->ev.n ? &f->ev.v[0] : NULL;
}

static const struct chan_event *group(struct fix *f, const char *nick, const char *rest)
{
    struct sv s = arena_fmt(&f->a, "<message from='" ROOM "/%s' type='groupchat' id='m1'>%s</message>", nick, rest);
    return read_one(f, s.p, true);
}

static void is(struct sv got, const char *want)
{
    assert_true(sv_eq_z(got, want));
}

static void who_somebody_is(void **state)
{
    struct fix *f = *state;
    /* On the room's list: the address. Not on it, in a room that hides addresses: the occupant id. */
    is(group(f, "Olga", "<body>x</body>" OCC("o1"))->user, "olga@example.org");
    is(group(f, "Amal", "<body>x</body>" OCC("o2"))->user, ROOM "/~o2");
    f->room.open_names = true;
    is(group(f, "Amal", "<body>x</body>" OCC("o2"))->user, "amal@example.org");
    f->room.open_names = false;
    /* In the history a name may be another's by now; the occupant id is not. */
    is(group(f, "Olga", "<body>x</body>" OCC("o2") AGO)->user, ROOM "/~o2");
    is(group(f, "Olga", "<body>x</body>" OCC("gone") AGO)->user, ROOM "/~gone");
    f->room.occupant_ids = false;
    assert_int_equal(0, group(f, "Olga", "<body>x</body>" AGO)->user.n);
}

static void what_counts_once(void **state)
{
    struct fix *f = *state;
    struct sv live = arena_sv(&f->a, group(f, "Amal", "<body>x</body>" SID(ROOM, "s1"))->provider_id);
    const struct chan_event *e = group(f, "Amal", "<body>x</body>" SID(ROOM, "s1") AGO);
    assert_true(sv_eq(live, e->provider_id));
    is(e->message_id, "s1");
    assert_true(e->at_ms == INT64_C(1767323045000));
    assert_false(sv_eq(live, group(f, "Amal", "<body>x</body>" SID(ROOM, "s2"))->provider_id));
    /* An id by somebody else, or in a room that gives none, is a member's invention. */
    is(group(f, "Amal", "<body>x</body>" SID("evil@example.org", "s1"))->message_id, "m1");
    f->room.stanza_ids = false;
    live = arena_sv(&f->a, group(f, "Amal", "<body>x</body>" SID(ROOM, "s1"))->provider_id);
    is(group(f, "Amal", "<body>x</body>" SID(ROOM, "s1"))->message_id, "m1");
    assert_true(sv_eq(live, group(f, "Amal", "<body>x</body>" AGO)->provider_id));
    assert_false(sv_eq(live, group(f, "Olga", "<body>x</body>" AGO)->provider_id));
}

static void our_own_words(void **state)
{
    struct fix *f = *state;
    assert_null(group(f, "Passerelle", "<body>x</body>" OCC("us")));
    is(f->own, "m1");
    const struct chan_event *e = group(f, "Passerelle", "<body>x</body>" OCC("us") AGO);
    assert_int_equal(CHAN_STATUS, e->kind); /* the room took what we were in doubt about */
    assert_int_equal(OUT_SENT, e->status);
    is(e->message_id, "m1");
    /* Somebody who took our name while we were away is not us. */
    assert_int_equal(CHAN_MESSAGE, group(f, "Passerelle", "<body>x</body>" OCC("o2"))->kind);
    assert_int_equal(0, f->own.n);
}

static void words(void **state) /* MSG-11 */
{
    struct fix *f = *state;
    const struct chan_event *e =
        group(f, "Amal",
              "<body>&gt; été\nOui ?</body><reply xmlns='urn:xmpp:reply:0' id='s0'/><fallback "
              "xmlns='urn:xmpp:fallback:0' for='urn:xmpp:reply:0'><body start='0' end='6'/></fallback>");
    is(e->text, "Oui ?");
    is(e->reply_to, "s0");
    e = group(f, "Amal", "<body>x</body><replace xmlns='urn:xmpp:message-correct:0' id='m0'/>");
    assert_int_equal(CHAN_EDITED, e->kind);
    assert_null(group(f, "Amal", "<body>+1</body><reactions xmlns='urn:xmpp:reactions:0' id='m0'/>"));
    assert_null(group(f, "Amal", "<subject>x</subject>"));
    assert_null(read_one(f, "<message from='" ROOM "' type='groupchat'><body>x</body></message>", true));
    e = group(f, "Amal", "<body>locked</body><encrypted xmlns='eu.siacs.conversations.axolotl'/>");
    assert_int_equal(CHAN_TROUBLE, e->kind);
    is(e->status_code, "encrypted-room");
}

/* Cut between characters: half a letter would be refused by whoever stores it. */
static void long_ones_stay_letters(void **state)
{
    struct fix *f = *state;
    struct buf b;
    for (size_t odd = 0; odd < 2; odd++) {
        buf_init(&b, 256 * 1024);
        buf_z(&b, "<message from='" ROOM "/");
        buf_z(&b, odd ? "x" : "");
        for (int i = 0; i < 200; i++)
            buf_z(&b, "é");
        buf_z(&b, "' type='groupchat' id='l'><body>");
        buf_z(&b, odd ? "x" : "");
        for (int i = 0; i < XM_BODY_MAX; i++)
            buf_z(&b, "é");
        buf_z(&b, "</body></message>");
        buf_c(&b, 0);
        const struct chan_event *e = read_one(f, b.p, true);
        assert_non_null(e);
        assert_true(text_valid(e->text) && e->text.n > XM_BODY_MAX - 2 && e->text.n <= XM_BODY_MAX);
        assert_true(text_valid(e->user_name) && e->user_name.n > 250);
        buf_finish(&b);
    }
}

static void private_words(void **state) /* MSG-6 */
{
    struct fix *f = *state;
    const struct chan_event *e =
        read_one(f, "<message from='amal@example.org/app' type='chat' id='p1'><body>Bonjour</body></message>", false);
    assert_true(e->private_chat);
    is(e->user, "amal@example.org");
    is(e->chat, "amal@example.org");
    is(e->user_name, "amal");
    e = read_one(f, "<message from='" ROOM "/Amal' type='chat' id='p1'><body>x</body></message>", true);
    is(e->chat, ROOM "/~o2");
    assert_null(read_one(f, "<message from='" ROOM "/Nobody' type='chat' id='p1'><body>x</body></message>", true));
    e = read_one(f, "<message from='amal@example.org/app' type='chat'><body>/join entraide</body></message>", false);
    assert_int_equal(CHAN_JOIN_REQUEST, e->kind);
    is(e->chat, ROOM);
    is(e->user_chat, "amal@example.org");
    /* Ourselves, errors and servers are nobody. */
    assert_null(read_one(f, "<message from='accueil@bridge.example.org'><body>x</body></message>", false));
    assert_null(read_one(f, "<message from='a@example.org' type='error'><body>x</body></message>", false));
    assert_null(read_one(f, "<message from='example.org'><body>x</body></message>", false));
}

static void a_voice_request_asks_to_come_in(void **state) /* MSG-6 */
{
    struct fix *f = *state;
    const char *form = "<message from='" ROOM "'><x xmlns='jabber:x:data' type='form'><field var='FORM_TYPE'><value>"
                       "http://jabber.org/protocol/muc#request</value></field><field var='muc#jid'><value>"
                       "lea@example.org/app</value></field><field var='muc#roomnick'><value>Léa</value></field></x>"
                       "</message>";
    const struct chan_event *e = read_one(f, form, true);
    assert_int_equal(CHAN_JOIN_REQUEST, e->kind);
    is(e->chat, ROOM);
    is(e->user, "lea@example.org");
    is(e->user_name, "Léa");
    assert_null(read_one(f, form, false)); /* only a room of ours may say so */
}

static void settings(void **state)
{
    struct problems ps = {0};
    (void)state;
    json_t *good = json_pack("{s:s,s:s,s:s}", "address", "accueil@bridge.example.org", "secret", "0123456789", "rooms",
                             ROOM " other@rooms.example.org");
    assert_int_equal(PW_OK, xmpp_driver.check_config(good, &ps));
    const char *const bad[][2] = {{"address", "bridge.example.org"},
                                  {"address", "a@b/c"},
                                  {"secret", ""},
                                  {"secret", "short"},
                                  {"rooms", ""},
                                  {"rooms", "entraide"},
                                  {"rooms", "a@b c"},
                                  {"port", "0"},
                                  {"port", "x"},
                                  {"host", "a b"},
                                  {"nick", "a\nb"}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        json_t *v = json_deep_copy(good);
        json_object_set_new(v, bad[i][0], json_string(bad[i][1]));
        ps.n = 0;
        assert_int_equal(PW_INVALID, xmpp_driver.check_config(v, &ps));
        assert_int_equal(1, ps.n);
        json_decref(v);
    }
    json_decref(good);
}

#define T(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {T(who_somebody_is),
                                       T(what_counts_once),
                                       T(our_own_words),
                                       T(words),
                                       T(long_ones_stay_letters),
                                       T(private_words),
                                       T(a_voice_request_asks_to_come_in),
                                       T(settings)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

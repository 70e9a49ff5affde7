/* SPDX-License-Identifier: EUPL-1.2 */
/* Sealed outbox rows, what becomes of sends, and files, on both engines, against the Telegram stand-in. */
#include "hub_fix.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/id.h"
#include "channel/file.h"
#include "channel/take_back.h"
#include "core/people.h"
#include "core/vault.h"

DB_STMT_SCAN(test_payloads, "SELECT payload, order_key FROM outbox ORDER BY id", "the test reads it all");

static void sealed_rows(void **state)
{
    struct hub_fix *f = *state;
    const struct sv buttons[] = {SV("Oui"), SV("y"), SV("Non"), SV("n")};
    struct chan_send s = {.op = OP_TEXT,
                          .chat = SV("-1002000000001"),
                          .user = SV("77"),
                          .message_id = SV("5"),
                          .token = SV("tok"),
                          .text = SV("secret words \"é\" </script>\n"),
                          .reply_to = SV("4"),
                          .until_ms = 99,
                          .file_kind = FILE_VOICE,
                          .file_path = SV("file:1"),
                          .file_name = SV("n"),
                          .file_type = SV("audio/ogg"),
                          .buttons = buttons,
                          .n_buttons = 2};
    int64_t first = hub_queue(f, &s, 1, "k1");
    assert_true(first == hub_queue(f, &s, 1, "k1")); /* the same key: not again */
    (void)hub_queue(f, &s, 2, "");
    struct db_rows r = {0};
    assert_int_equal(PW_OK, CTX_LOOK(&f->c, db_query(c->db, c->arena, &test_payloads, DB_NOARGS, &r)));
    assert_int_equal(2, r.n);
    struct sv payload = db_text(&r, 0, 0);
    assert_true(sv_find(payload, SV("secret")) < 0 && sv_find(payload, SV("1002000000001")) < 0);
    assert_true(db_text(&r, 0, 1).n > 0 && sv_eq(db_text(&r, 0, 1), db_text(&r, 1, 1)));
    assert_true(sv_find(db_text(&r, 0, 1), SV("1002000000001")) < 0);
    struct chan_send back;
    assert_int_equal(PW_OK, CTX_LOOK(&f->c, channel_unqueue(c, f->channel, payload, &back)));
    assert_true(back.op == OP_TEXT && sv_eq(back.chat, s.chat) && sv_eq(back.user, s.user) &&
                sv_eq(back.text, s.text) && sv_eq(back.reply_to, s.reply_to) && sv_eq(back.token, s.token) &&
                back.until_ms == 99 && back.file_kind == FILE_VOICE && sv_eq(back.file_path, s.file_path) &&
                back.n_buttons == 2 && sv_eq_z(back.buttons[3], "n"));
    /* A row of one channel does not open as another's. */
    assert_int_not_equal(PW_OK, CTX_LOOK(&f->c, channel_unqueue(c, f->channel + 1, payload, &back)));
    assert_int_equal(PW_INTERNAL, CTX_LOOK(&f->c, channel_unqueue(c, f->channel, SV("{}"), &back)));
}

static size_t n_messages(struct hub_fix *f, int64_t chat)
{
    return json_array_size(fake_get(f->fake, "messages?chat=%lld", (long long)chat));
}

static void sending(void **state)
{
    struct hub_fix *f = *state;
    (void)hub_queue(f, &(struct chan_send){.op = OP_TEXT, .chat = hub_text_of(f, f->group), .text = SV("bonjour")}, 11,
                    "");
    hub_run_work(f);
    assert_int_equal(1, n_messages(f, f->group));
    assert_int_equal(SEND_OK, f->last_sent);
    assert_int_equal(11, f->last_subject);
    /* In doubt: said once, kept for a person. */
    (void)fake_do(f->fake, "faults", "{\"method\":\"sendMessage\",\"kind\":\"accept-then-drop\"}");
    int64_t id = hub_queue(
        f, &(struct chan_send){.op = OP_TEXT, .chat = hub_text_of(f, f->group), .text = SV("peut-être")}, 12, "");
    hub_run_work(f);
    hub_run_work(f);
    assert_int_equal(2, n_messages(f, f->group));
    struct out_row row;
    assert_int_equal(PW_OK, CTX_LOOK(&f->c, outbox_get(c->db, c->arena, id, &row)));
    assert_int_equal(OUT_IN_DOUBT, row.state);
    /* A token that is no longer good: the row waits, the operator sees why. */
    (void)fake_do(f->fake, "faults",
                  "{\"method\":\"sendMessage\",\"kind\":\"error\",\"status\":401,\"description\":\"Unauthorized\"}");
    id = hub_queue(f, &(struct chan_send){.op = OP_TEXT, .chat = hub_text_of(f, f->group), .text = SV("plus tard")}, 13,
                   "");
    hub_run_work(f);
    assert_int_equal(PW_OK, CTX_LOOK(&f->c, outbox_get(c->db, c->arena, id, &row)));
    assert_int_equal(OUT_QUEUED, row.state);
    struct channel_info *v;
    size_t n;
    assert_int_equal(PW_OK, CTX_LOOK(&f->c, channel_list(c, &v, &n)));
    assert_true(n == 1 && sv_eq_z(v[0].last_error, "token-refused"));
}

/* Every part of what we sent goes again, asked for once whoever asks; and only what we sent. */
static void taken_back(void **state)
{
    struct hub_fix *f = *state;
    struct buf b;
    struct out_row row;
    bool asked = false;
    int64_t waiting = 0;
    buf_init(&b, 64 * 1024);
    for (int i = 0; i < 600; i++)
        buf_z(&b, "dix mots  ");
    int64_t id =
        hub_queue(f, &(struct chan_send){.op = OP_TEXT, .chat = hub_text_of(f, f->amal), .text = buf_sv(&b)}, 21, "");
    assert_int_equal(PW_OK, CTX_LOOK(&f->c, outbox_get(c->db, c->arena, id, &row)));
    assert_int_equal(PW_OK, CTX_ACT(&f->c, take_back_send(c, &row, &asked)));
    assert_false(asked); /* it did not leave yet */
    hub_run_work(f);
    assert_int_equal(2, n_messages(f, f->amal));
    (void)fake_do(f->fake, "say", "{\"user\":%lld,\"text\":\"merci\"}", (long long)f->amal);
    assert_int_equal(PW_OK, CTX_LOOK(&f->c, outbox_get(c->db, c->arena, id, &row)));
    assert_true(row.more_ids.n > 0);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(PW_OK, CTX_ACT(&f->c, take_back_send(c, &row, &asked)));
        assert_true(asked);
    }
    hub_run_work(f);
    assert_int_equal(SEND_OK, f->last_sent);
    assert_int_equal(1, n_messages(f, f->amal));
    assert_int_equal(1, fake_count(f->fake, "deleteMessages"));
    /* Whoever is erased left no chat to ask in. */
    assert_int_equal(PW_OK, CTX_ACT(&f->c, channel_forget_chat(c, f->channel, hub_text_of(f, f->amal))));
    assert_int_equal(PW_OK, CTX_LOOK(&f->c, outbox_get(c->db, c->arena, id, &row)));
    assert_int_equal(PW_OK, CTX_ACT(&f->c, take_back_send(c, &row, &asked)));
    assert_false(asked);
    assert_int_equal(PW_OK, CTX_LOOK(&f->c, outbox_waiting_bulk(c->db, TAKE_BACK, 21, f->channel, &waiting)));
    assert_int_equal(0, waiting);
    buf_finish(&b);
}

static void blocked_person(void **state) /* EQ-1 */
{
    struct hub_fix *f = *state;
    (void)fake_do(f->fake, "block", "{\"user\":%lld}", (long long)f->amal);
    (void)hub_queue(f, &(struct chan_send){.op = OP_TEXT, .chat = hub_text_of(f, f->amal), .text = SV("x")}, 13, "");
    hub_run_work(f);
    assert_int_equal(1, f->n_seen);
    assert_int_equal(CHAN_BLOCKED, f->seen[0].kind);
    assert_true(sv_eq(sv_of(f->seen[0].user), hub_text_of(f, f->amal)));
    assert_int_equal(SEND_BLOCKED, f->last_sent);
}

static void moved_group(void **state)
{
    struct hub_fix *f = *state;
    int64_t small = hub_id_of(fake_do(f->fake, "chats", "{\"type\":\"group\",\"members\":[%lld]}", (long long)f->amal));
    int64_t fresh = hub_id_of(fake_do(f->fake, "upgrade", "{\"chat\":%lld}", (long long)small));
    (void)hub_queue(f, &(struct chan_send){.op = OP_TEXT, .chat = hub_text_of(f, small), .text = SV("a")}, 14, "");
    (void)hub_queue(f, &(struct chan_send){.op = OP_TEXT, .chat = hub_text_of(f, small), .text = SV("b")}, 15, "");
    hub_run_work(f);
    hub_run_work(f);
    assert_int_equal(SEND_OK, f->last_sent);
    assert_int_equal(3, n_messages(f, fresh)); /* the service message and both texts */
    assert_int_equal(1, f->n_seen);            /* told once, learnt twice */
    assert_int_equal(CHAN_MIGRATED, f->seen[0].kind);
    assert_true(sv_eq(sv_of(f->seen[0].new_chat), hub_text_of(f, fresh)));
}

static void stored_file_goes_out(void **state) /* MSG-13 */
{
    struct hub_fix *f = *state;
    int64_t file = 0;
    assert_int_equal(PW_OK, CTX_ACT(&f->c, file_put(c, 0, FILE_VOICE, SV("réponse.ogg"), SV("audio/ogg"), 3,
                                                    SV("OggS my voice"), &file)));
    char text[ID_TEXT + 1];
    struct chan_send s = {.op = OP_FILE,
                          .chat = hub_text_of(f, f->amal),
                          .file_path = arena_fmt(&f->c.arena, "file:%.*s", SV_ARG(id_text(file, text)))};
    (void)hub_queue(f, &s, 16, "");
    hub_run_work(f);
    assert_int_equal(SEND_OK, f->last_sent);
    const json_t *m = json_array_get(fake_get(f->fake, "messages?chat=%lld", (long long)f->amal), 0);
    assert_int_equal(13, json_member_int(json_object_get(m, "voice"), "file_size", 0));
    s.file_path = SV("file:0000000000001");
    (void)hub_queue(f, &s, 17, "");
    hub_run_work(f);
    assert_int_equal(SEND_FAILED, f->last_sent);
}

/* A browser's recording is a voice note in the app, too; what only calls itself so goes out as a file. */
static void browsers_voice_goes_out_as_voice(void **state) /* MSG-13 */
{
    struct hub_fix *f = *state;
    static char bytes[64 * 1024];
    FILE *in = fopen(VOICE_DIR "/browser.webm", "rb");
    assert_non_null(in);
    struct sv voice[] = {{bytes, fread(bytes, 1, sizeof bytes, in)}, SV("\x1a\x45\xdf\xa3 no sound")};
    (void)fclose(in);
    for (size_t i = 0; i < 2; i++) {
        int64_t file = 0;
        assert_int_equal(
            PW_OK, CTX_ACT(&f->c, file_put(c, 0, FILE_VOICE, SV("note.webm"), SV("audio/webm"), 2, voice[i], &file)));
        char text[ID_TEXT + 1];
        struct chan_send s = {.op = OP_FILE,
                              .chat = hub_text_of(f, f->amal),
                              .file_path = arena_fmt(&f->c.arena, "file:%.*s", SV_ARG(id_text(file, text)))};
        (void)hub_queue(f, &s, 20 + (int64_t)i, "");
        hub_run_work(f);
        assert_int_equal(SEND_OK, f->last_sent);
    }
    const json_t *all = fake_get(f->fake, "messages?chat=%lld", (long long)f->amal);
    const json_t *note = json_object_get(json_array_get(all, 0), "voice"),
                 *plain = json_object_get(json_array_get(all, 1), "document");
    assert_true(sv_eq_z(json_member_sv(note, "mime_type"), "audio/ogg"));
    assert_true(json_member_int(note, "file_size", 0) > 3000);
    assert_true(sv_eq_z(json_member_sv(plain, "file_name"), "note.webm"));
}

/* ---- files ---- */

static bool on_disk(const char *folder, const char *needle)
{
    bool found = false;
    DIR *d = opendir(folder);
    for (struct dirent *e; d && (e = readdir(d));) {
        char path[600];
        if (e->d_name[0] == '.')
            continue;
        (void)snprintf(path, sizeof path, "%s/%s", folder, e->d_name);
        if (e->d_type == DT_DIR) {
            found = found || on_disk(path, needle);
            continue;
        }
        FILE *in = fopen(path, "rb");
        char *all = calloc(1, 400000);
        size_t n = in ? fread(all, 1, 400000, in) : 0;
        found = found || memmem(all, n, needle, strlen(needle));
        free(all);
        if (in)
            (void)fclose(in);
    }
    if (d)
        (void)closedir(d);
    return found;
}

static struct sv path_of(struct hub_fix *f, int64_t file)
{
    char t[ID_TEXT + 1];
    (void)id_text(file, t);
    return arena_fmt(&f->c.arena, "%s/files/%s/%s", f->c.db.folder, t + ID_TEXT - 2, t);
}

static void files_are_sealed(void **state)
{
    struct hub_fix *f = *state;
    int64_t amal = ctxfix_person(&f->c, "Amal"), file = 0, big = 0;
    struct sv got;
    assert_int_equal(PW_OK, CTX_ACT(&f->c, file_put(c, amal, FILE_OTHER, SV("bail.pdf"), SV("application/pdf"), 0,
                                                    SV("my private words"), &file)));
    assert_int_equal(PW_OK, CTX_LOOK(&f->c, file_read_all(c, file, &got)));
    assert_true(sv_eq_z(got, "my private words"));
    char folder[200];
    (void)snprintf(folder, sizeof folder, "%s/files", f->c.db.folder);
    assert_false(on_disk(folder, "private words"));
    /* Sizes around the piece. */
    static const size_t sizes[] = {1, 65535, 65536, 65537, 131072, 300001};
    char *p = malloc(300001);
    for (size_t i = 0; i < 300001; i++)
        p[i] = (char)(i * 31 % 251);
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        struct sv bytes = {p, sizes[i]};
        assert_int_equal(PW_OK,
                         CTX_ACT(&f->c, file_put(c, amal, FILE_OTHER, SV(""), SV("bad type\r\n"), 0, bytes, &big)));
        assert_int_equal(PW_OK, CTX_LOOK(&f->c, file_read_all(c, big, &got)));
        assert_true(sv_eq(got, bytes));
    }
    free(p);
    struct file_info info;
    assert_int_equal(PW_OK, CTX_LOOK(&f->c, file_get(c, big, &info)));
    assert_true(info.type.n == 0 && info.size == 300001 && info.state == FILE_STORED);
    assert_int_equal(PW_INVALID, CTX_ACT(&f->c, file_put(c, amal, FILE_OTHER, SV(""), SV(""), 0, SV(""), &big)));
    /* Cut short or changed on disk: noticed. */
    assert_int_equal(0, truncate(arena_z(&f->c.arena, path_of(f, info.id)), 24 + 2 * (65536 + 17)));
    assert_int_equal(PW_INTERNAL, CTX_LOOK(&f->c, file_read_all(c, info.id, &got)));
    int fd = open(arena_z(&f->c.arena, path_of(f, file)), O_WRONLY);
    assert_true(fd >= 0 && pwrite(fd, "x", 1, 30) == 1 && close(fd) == 0);
    assert_int_equal(PW_INTERNAL, CTX_LOOK(&f->c, file_read_all(c, file, &got)));
    /* Removed; and erased with the person. */
    assert_int_equal(PW_OK, CTX_ACT(&f->c, file_put(c, amal, FILE_OTHER, SV("n"), SV(""), 0, SV("a"), &file)));
    assert_int_equal(PW_OK, CTX_ACT(&f->c, file_put(c, amal, FILE_OTHER, SV("n"), SV(""), 0, SV("b"), &big)));
    assert_int_equal(PW_OK, CTX_ACT(&f->c, file_remove(c, file)));
    assert_int_equal(PW_NOT_FOUND, CTX_ACT(&f->c, file_remove(c, file)));
    assert_int_equal(PW_NOT_FOUND, CTX_LOOK(&f->c, file_read_all(c, file, &got)));
    assert_int_equal(-1, access(arena_z(&f->c.arena, path_of(f, file)), F_OK));
    assert_int_equal(PW_OK, CTX_ACT(&f->c, vault_person_key_destroy(c, amal)));
    assert_int_equal(PW_NOT_FOUND, CTX_LOOK(&f->c, file_read_all(c, big, &got)));
    assert_int_equal(PW_OK, CTX_LOOK(&f->c, file_get(c, big, &info)));
    assert_int_equal(0, info.name.n);
}

static void files_are_fetched(void **state) /* MSG-13 */
{
    struct hub_fix *f = *state;
    const json_t *said =
        fake_do(f->fake, "say", "{\"user\":%lld,\"voice\":{\"size\":70000,\"fill\":\"voice\"}}", (long long)f->amal);
    struct chan_event e = {.file_kind = FILE_VOICE,
                           .file_id = json_member_sv(json_object_get(said, "voice"), "file_id"),
                           .file_type = SV("audio/ogg"),
                           .duration_s = 4};
    int64_t good = 0, gone = 0, big = 0;
    assert_int_equal(PW_OK, CTX_ACT(&f->c, file_want(c, f->channel, 0, &e, &good)));
    e.file_size = 21 * 1024 * 1024;
    assert_int_equal(PW_OK, CTX_ACT(&f->c, file_want(c, f->channel, 0, &e, &big)));
    e.file_size = 0;
    e.file_id = SV("nothing");
    assert_int_equal(PW_OK, CTX_ACT(&f->c, file_want(c, f->channel, 0, &e, &gone)));
    (void)fake_do(f->fake, "faults", "{\"method\":\"getFile\",\"kind\":\"502\"}");
    size_t done;
    int64_t now = f->c.now_ms;
    assert_int_equal(PW_OK, hub_run_once(f->hub, now, &done));
    struct file_info info;
    assert_int_equal(PW_OK, CTX_LOOK(&f->c, file_get(c, good, &info)));
    assert_int_equal(FILE_WANTED, info.state); /* a passing trouble: later again */
    assert_int_equal(PW_OK, CTX_LOOK(&f->c, file_get(c, gone, &info)));
    assert_int_equal(FILE_FAILED, info.state);
    assert_int_equal(PW_OK, CTX_LOOK(&f->c, file_get(c, big, &info)));
    assert_true(info.state == FILE_FAILED && sv_eq_z(info.error_code, "too-big"));
    assert_int_equal(PW_OK, hub_run_once(f->hub, now + 60000, &done));
    struct sv bytes;
    assert_int_equal(PW_OK, CTX_LOOK(&f->c, file_read_all(c, good, &bytes)));
    assert_int_equal(70000, bytes.n);
    assert_true(sv_starts(bytes, SV("voicevoice")));
    assert_int_equal(PW_OK, hub_run_once(f->hub, now + 999999, &done));
    assert_int_equal(0, done);
}

int main(void)
{
    (void)dbfix_engine();
#define T(f) cmocka_unit_test_setup_teardown(f, hub_set_up, hub_tear_down)
    const struct CMUnitTest tests[] = {
        T(sealed_rows),
        T(sending),
        T(taken_back),
        T(blocked_person),
        T(moved_group),
        T(stored_file_goes_out),
        T(browsers_voice_goes_out_as_voice),
        T(files_are_sealed),
        T(files_are_fetched),
    };
    return cmocka_run_group_tests(tests, hub_fake_start, hub_fake_stop);
}

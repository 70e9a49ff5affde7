/* SPDX-License-Identifier: EUPL-1.2 */
/* Registry, dedup, sealed outbox rows, hub, pollers and files on both engines, against the Telegram stand-in. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <dirent.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/id.h"
#include "channel/channel_schema.h"
#include "channel/file.h"
#include "channel/hub.h"
#include "core/people.h"
#include "core/vault.h"
#include "fake.h"
#include "lib/ctxfix.h"
#include "lib/stmtcheck.h"

enum { SEEN_MAX = 200 };
struct seen { /* what the receiver was told; filled again when a transaction is run again */
    enum chan_event_kind kind;
    char id[64], chat[40], user[40], text[200], new_chat[40], file[120], token[64];
};
struct fix {
    struct ctxfix c;
    struct fake *fake;
    struct net *net;
    struct hub *hub;
    struct work *work;
    int64_t channel, amal, noor, group;
    pthread_mutex_t lock;
    struct seen seen[SEEN_MAX];
    size_t n_seen;
    enum send_class last_sent;
    int64_t last_subject;
    size_t n_sent;
    const char *poison; /* a text that the receiver cannot store */
    enum pw_err poison_error;
    bool want_files;
};
static struct fake the_fake;

static void keep(char *out, size_t size, struct sv s)
{
    (void)snprintf(out, size, "%.*s", SV_ARG(s));
}

DB_STMT_SCAN(test_told, "SELECT COUNT(*) FROM channel_inbound", "the test reads it all");

static enum pw_err receive(void *self, struct ctx *c, const struct channel *ch, const struct chan_event *e)
{
    struct fix *f = self;
    assert_non_null(ch);
    assert_true(e->at_ms > 0);
    if (f->poison && sv_eq_z(e->text, f->poison))
        return f->poison_error;
    pthread_mutex_lock(&f->lock);
    assert_true(f->n_seen < SEEN_MAX);
    struct seen *s = &f->seen[f->n_seen++];
    *s = (struct seen){.kind = e->kind};
    keep(s->id, sizeof s->id, e->provider_id);
    keep(s->chat, sizeof s->chat, e->chat);
    keep(s->user, sizeof s->user, e->user);
    keep(s->text, sizeof s->text, e->text);
    keep(s->new_chat, sizeof s->new_chat, e->new_chat);
    keep(s->token, sizeof s->token, e->token);
    pthread_mutex_unlock(&f->lock);
    int64_t id;
    return f->want_files && e->file_kind ? file_want(c, ch->id, 0, e, &id) : PW_OK;
}

static enum pw_err sent(void *self, struct ctx *c, const struct channel *ch, const struct out_row *row,
                        const struct send_result *res)
{
    struct fix *f = self;
    assert_non_null(ch);
    assert_non_null(c->db);
    f->last_sent = res->cls;
    f->last_subject = row->subject_id;
    f->n_sent++;
    return PW_OK;
}

static size_t n_seen(struct fix *f)
{
    pthread_mutex_lock(&f->lock);
    size_t n = f->n_seen;
    pthread_mutex_unlock(&f->lock);
    return n;
}

static json_t *settings(struct fix *f, const char *mode)
{
    json_t *v;
    struct sv text =
        arena_fmt(&f->c.arena, "{\"token\":\"%.*s\",\"secret\":\"s3cret\",\"mode\":\"%s\",\"api_base\":\"%.*s\"}",
                  SV_ARG(f->fake->token), mode, SV_ARG(f->fake->base));
    assert_int_equal(PW_OK, json_read(text, &f->c.arena, &v, NULL));
    return v;
}

static int64_t id_of(const json_t *v)
{
    return json_member_int(v, "id", 0);
}

static int64_t make_channel(struct fix *f, const char *name, const char *mode, bool enabled)
{
    int64_t id = 0;
    json_t *config = settings(f, mode);
    assert_int_equal(PW_OK, CTX_ACT(&f->c, channel_add(c, sv_of(name), SV("telegram"), config, &id)));
    if (enabled)
        assert_int_equal(PW_OK, CTX_ACT(&f->c, channel_set_enabled(c, id, true)));
    return id;
}

static struct hub *open_hub(struct fix *f)
{
    struct hub *h;
    struct hub_config cf = {.store = f->c.db.s,
                            .vault = f->c.vault,
                            .net = f->net,
                            .receiver = {.self = f, .receive = receive, .sent = sent},
                            .data_dir = sv_of(f->c.db.folder),
                            .public_url = SV("http://127.0.0.1:1")};
    assert_int_equal(PW_OK, hub_open(&cf, &h));
    return h;
}

static int set_up(void **state)
{
    struct fix *f = calloc(1, sizeof *f);
    *state = f;
    ctxfix_open(&f->c);
    ctxfix_migrate(&f->c, channel_migrations, channel_migrations_n);
    f->c.now_ms = clock_now_ms();
    f->fake = &the_fake;
    pthread_mutex_init(&f->lock, NULL);
    (void)fake_do(f->fake, "reset", "{}");
    f->amal = id_of(fake_do(f->fake, "users", "{\"first_name\":\"Amal\",\"started\":true}"));
    f->noor = id_of(fake_do(f->fake, "users", "{\"first_name\":\"Noor\"}"));
    f->group = id_of(fake_do(f->fake, "chats", "{\"type\":\"supergroup\",\"members\":[%lld,%lld]}", (long long)f->amal,
                             (long long)f->noor));
    assert_int_equal(PW_OK, net_open("test", &f->net));
    f->channel = make_channel(f, "tg", "webhook", true);
    f->hub = open_hub(f);
    assert_int_equal(PW_OK, work_open(&(struct work_config){.store = f->c.db.s}, &f->work));
    hub_register(f->hub, f->work);
    return 0;
}

static int tear_down(void **state)
{
    struct fix *f = *state;
    fake_no_violations(f->fake);
    hub_stop(f->hub);
    hub_close(f->hub);
    work_close(f->work);
    net_close(f->net);
    ctxfix_close(&f->c);
    pthread_mutex_destroy(&f->lock);
    free(f);
    return 0;
}

/* ---- registry ---- */

DB_STMT_SCAN(test_configs, "SELECT config FROM channel", "the test reads it all");
DB_STMT_SCAN(test_payloads, "SELECT payload, order_key FROM outbox ORDER BY id", "the test reads it all");

static void registry(void **state)
{
    struct fix *f = *state;
    struct db_rows r = {0};
    int64_t id = 0;
    assert_int_equal(PW_OK, CTX_LOOK(&f->c, db_query(c->db, c->arena, &test_configs, DB_NOARGS, &r)));
    assert_true(r.n == 1 && sv_find(db_text(&r, 0, 0), f->fake->token) < 0); /* the token is sealed */
    struct channel ch;
    assert_int_equal(PW_OK, CTX_LOOK(&f->c, channel_by_name(c, SV("tg"), &ch)));
    assert_true(ch.id == f->channel && ch.enabled);
    assert_true(sv_eq(json_member_sv(ch.config, "token"), f->fake->token));
    assert_int_equal(PW_NOT_FOUND, CTX_LOOK(&f->c, channel_by_name(c, SV("other"), &ch)));
    json_t *good = settings(f, "webhook");
    assert_int_equal(PW_CONFLICT, CTX_ACT(&f->c, channel_add(c, SV("tg"), SV("telegram"), good, &id)));
    assert_non_null(problem_of(&f->c.problems, "name"));
    assert_int_equal(PW_INVALID, CTX_ACT(&f->c, channel_add(c, SV("Tg/.."), SV("telegram"), good, &id)));
    assert_int_equal(PW_INVALID, CTX_ACT(&f->c, channel_add(c, SV("x"), SV("carrier-pigeon"), good, &id)));
    json_object_del(good, "secret");
    assert_int_equal(PW_INVALID, CTX_ACT(&f->c, channel_add(c, SV("x"), SV("telegram"), good, &id)));
    assert_non_null(problem_of(&f->c.problems, "secret"));
    assert_int_equal(PW_INVALID, CTX_ACT(&f->c, channel_set_config(c, f->channel, good)));
    json_t *nothing = json_object();
    assert_int_equal(PW_OK, CTX_ACT(&f->c, channel_add(c, SV("pages"), SV("web"), nothing, &id)));
    json_decref(nothing);
    struct channel_info *v;
    size_t n;
    assert_int_equal(PW_OK, CTX_LOOK(&f->c, channel_list(c, &v, &n)));
    assert_int_equal(2, n);
    assert_true(sv_eq_z(v[0].name, "pages") && !v[0].enabled && sv_eq_z(v[1].name, "tg") && v[1].enabled);
    assert_int_equal(PW_NOT_FOUND, CTX_ACT(&f->c, channel_set_enabled(c, 12345, false)));
}

static void statements(void **state)
{
    struct fix *f = *state;
    assert_int_equal(0, stmtcheck_all(&f->c.db));
}

/* ---- coming in ---- */

static struct sv secret_header(const void *self, const char *name)
{
    return strcmp(name, "X-Telegram-Bot-Api-Secret-Token") == 0 ? sv_of(self) : (struct sv){0};
}

static enum pw_err hook(struct fix *f, const char *name, const char *secret, const char *body)
{
    struct chan_request rq = {.body = sv_of(body), .header = secret_header, .self = secret};
    struct chan_reply reply = {0};
    return hub_webhook(f->hub, SV("telegram"), sv_of(name), &rq, &f->c.arena, 1, &reply);
}

static int64_t told(struct fix *f)
{
    struct db_rows r = {0};
    assert_int_equal(PW_OK, CTX_LOOK(&f->c, db_one(c->db, c->arena, &test_told, DB_NOARGS, &r)));
    return db_int(&r, 0, 0);
}

#define TEXT(id, words)                                                                                                \
    "{\"update_id\":" #id ",\"message\":{\"message_id\":1,\"from\":{\"id\":5,\"is_bot\":false,\"first_name\":\"x\"},"  \
    "\"chat\":{\"id\":5,\"type\":\"private\"},\"date\":1772712000,\"text\":\"" words "\"}}"

static void webhooks(void **state) /* goal 6: forged, repeated and broken calls */
{
    struct fix *f = *state;
    assert_int_equal(PW_DENIED, hook(f, "tg", "wrong", TEXT(1, "a")));
    assert_int_equal(PW_DENIED, hook(f, "tg", "", TEXT(1, "a")));
    assert_int_equal(PW_NOT_FOUND, hook(f, "other", "s3cret", TEXT(1, "a")));
    assert_int_equal(PW_INVALID, hook(f, "tg", "s3cret", "{\"update_id\":"));
    assert_int_equal(0, told(f));
    for (int i = 0; i < 10; i++) { /* ten times, in changing order */
        assert_int_equal(PW_OK, hook(f, "tg", "s3cret", i % 2 ? TEXT(1, "un") : TEXT(2, "deux")));
        assert_int_equal(PW_OK, hook(f, "tg", "s3cret", i % 2 ? TEXT(2, "deux") : TEXT(1, "un")));
    }
    assert_int_equal(2, told(f));
    assert_int_equal(2, f->n_seen);
    /* What the receiver cannot store is not acknowledged, and comes again. */
    f->poison = "trois";
    f->poison_error = PW_UNAVAILABLE;
    assert_int_equal(PW_UNAVAILABLE, hook(f, "tg", "s3cret", TEXT(3, "trois")));
    assert_int_equal(2, told(f));
    f->poison = NULL;
    assert_int_equal(PW_OK, hook(f, "tg", "s3cret", TEXT(3, "trois")));
    assert_int_equal(3, f->n_seen);
    assert_int_equal(PW_OK, CTX_ACT(&f->c, channel_set_enabled(c, f->channel, false)));
    enum pw_err e = PW_OK;
    for (int i = 0; i < 100 && (e = hook(f, "tg", "s3cret", TEXT(4, "quatre"))) == PW_OK; i++)
        usleep(100000); /* noticed within a second or two, though another connection changed it */
    assert_int_equal(PW_NOT_FOUND, e);
}

static void forgetting(void **state)
{
    struct fix *f = *state;
    assert_int_equal(PW_OK, hook(f, "tg", "s3cret", TEXT(1, "a")));
    int64_t n = -1;
    assert_int_equal(PW_OK, CTX_ACT(&f->c, channel_forget_inbound(c, 10, &n)));
    assert_int_equal(0, n);
    f->c.now_ms += INT64_C(31) * 24 * 3600 * 1000;
    assert_int_equal(PW_OK, CTX_ACT(&f->c, channel_forget_inbound(c, 10, &n)));
    assert_int_equal(1, n);
    assert_int_equal(0, told(f));
}

/* ---- going out ---- */

static int64_t queue(struct fix *f, const struct chan_send *s, int64_t subject_id, const char *idem)
{
    int64_t id = 0;
    assert_int_equal(PW_OK, CTX_ACT(&f->c, channel_queue(c, f->channel, LANE_INTERACTIVE, s, SV("message"), subject_id,
                                                         0, sv_of(idem), &id)));
    return id;
}

static struct sv text_of(struct fix *f, int64_t id)
{
    return arena_fmt(&f->c.arena, "%lld", (long long)id);
}

static void run_work(struct fix *f)
{
    size_t done;
    int64_t now = clock_now_ms();
    assert_int_equal(PW_OK, work_run_once(f->work, now > f->c.now_ms ? now : f->c.now_ms, &done));
}

static void sealed_rows(void **state)
{
    struct fix *f = *state;
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
    int64_t first = queue(f, &s, 1, "k1");
    assert_true(first == queue(f, &s, 1, "k1")); /* the same key: not again */
    (void)queue(f, &s, 2, "");
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

static size_t n_messages(struct fix *f, int64_t chat)
{
    return json_array_size(fake_get(f->fake, "messages?chat=%lld", (long long)chat));
}

static void sending(void **state)
{
    struct fix *f = *state;
    (void)queue(f, &(struct chan_send){.op = OP_TEXT, .chat = text_of(f, f->group), .text = SV("bonjour")}, 11, "");
    run_work(f);
    assert_int_equal(1, n_messages(f, f->group));
    assert_int_equal(SEND_OK, f->last_sent);
    assert_int_equal(11, f->last_subject);
    /* In doubt: said once, kept for a person. */
    (void)fake_do(f->fake, "faults", "{\"method\":\"sendMessage\",\"kind\":\"accept-then-drop\"}");
    int64_t id =
        queue(f, &(struct chan_send){.op = OP_TEXT, .chat = text_of(f, f->group), .text = SV("peut-être")}, 12, "");
    run_work(f);
    run_work(f);
    assert_int_equal(2, n_messages(f, f->group));
    struct out_row row;
    assert_int_equal(PW_OK, CTX_LOOK(&f->c, outbox_get(c->db, c->arena, id, &row)));
    assert_int_equal(OUT_IN_DOUBT, row.state);
    /* A token that is no longer good: the row waits, the operator sees why. */
    (void)fake_do(f->fake, "faults",
                  "{\"method\":\"sendMessage\",\"kind\":\"error\",\"status\":401,\"description\":\"Unauthorized\"}");
    id = queue(f, &(struct chan_send){.op = OP_TEXT, .chat = text_of(f, f->group), .text = SV("plus tard")}, 13, "");
    run_work(f);
    assert_int_equal(PW_OK, CTX_LOOK(&f->c, outbox_get(c->db, c->arena, id, &row)));
    assert_int_equal(OUT_QUEUED, row.state);
    struct channel_info *v;
    size_t n;
    assert_int_equal(PW_OK, CTX_LOOK(&f->c, channel_list(c, &v, &n)));
    assert_true(n == 1 && sv_eq_z(v[0].last_error, "token-refused"));
}

static void blocked_person(void **state) /* EQ-1 */
{
    struct fix *f = *state;
    (void)fake_do(f->fake, "block", "{\"user\":%lld}", (long long)f->amal);
    (void)queue(f, &(struct chan_send){.op = OP_TEXT, .chat = text_of(f, f->amal), .text = SV("x")}, 13, "");
    run_work(f);
    assert_int_equal(1, f->n_seen);
    assert_int_equal(CHAN_BLOCKED, f->seen[0].kind);
    assert_true(sv_eq(sv_of(f->seen[0].user), text_of(f, f->amal)));
    assert_int_equal(SEND_BLOCKED, f->last_sent);
}

static void moved_group(void **state)
{
    struct fix *f = *state;
    int64_t small = id_of(fake_do(f->fake, "chats", "{\"type\":\"group\",\"members\":[%lld]}", (long long)f->amal));
    int64_t fresh = id_of(fake_do(f->fake, "upgrade", "{\"chat\":%lld}", (long long)small));
    (void)queue(f, &(struct chan_send){.op = OP_TEXT, .chat = text_of(f, small), .text = SV("a")}, 14, "");
    (void)queue(f, &(struct chan_send){.op = OP_TEXT, .chat = text_of(f, small), .text = SV("b")}, 15, "");
    run_work(f);
    run_work(f);
    assert_int_equal(SEND_OK, f->last_sent);
    assert_int_equal(3, n_messages(f, fresh)); /* the service message and both texts */
    assert_int_equal(1, f->n_seen);            /* told once, learnt twice */
    assert_int_equal(CHAN_MIGRATED, f->seen[0].kind);
    assert_true(sv_eq(sv_of(f->seen[0].new_chat), text_of(f, fresh)));
}

static void stored_file_goes_out(void **state) /* MSG-13 */
{
    struct fix *f = *state;
    int64_t file = 0;
    assert_int_equal(PW_OK, CTX_ACT(&f->c, file_put(c, 0, FILE_VOICE, SV("réponse.ogg"), SV("audio/ogg"), 3,
                                                    SV("OggS my voice"), &file)));
    char text[ID_TEXT + 1];
    struct chan_send s = {.op = OP_FILE,
                          .chat = text_of(f, f->amal),
                          .file_path = arena_fmt(&f->c.arena, "file:%.*s", SV_ARG(id_text(file, text)))};
    (void)queue(f, &s, 16, "");
    run_work(f);
    assert_int_equal(SEND_OK, f->last_sent);
    const json_t *m = json_array_get(fake_get(f->fake, "messages?chat=%lld", (long long)f->amal), 0);
    assert_int_equal(13, json_member_int(json_object_get(m, "voice"), "file_size", 0));
    s.file_path = SV("file:0000000000001");
    (void)queue(f, &s, 17, "");
    run_work(f);
    assert_int_equal(SEND_FAILED, f->last_sent);
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

static struct sv path_of(struct fix *f, int64_t file)
{
    char t[ID_TEXT + 1];
    (void)id_text(file, t);
    return arena_fmt(&f->c.arena, "%s/files/%s/%s", f->c.db.folder, t + ID_TEXT - 2, t);
}

static void files_are_sealed(void **state)
{
    struct fix *f = *state;
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

DB_STMT_SCAN(test_file_ids, "SELECT id, state FROM file_blob ORDER BY id", "the test reads it all");

static void files_are_fetched(void **state) /* MSG-13 */
{
    struct fix *f = *state;
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

/* ---- polling ---- */

static void poll_once(void **state)
{
    struct fix *f = *state;
    int64_t id = make_channel(f, "poll", "polling", true);
    struct hub *h = open_hub(f), *second = open_hub(f);
    size_t n;
    for (int i = 0; i < 3; i++)
        (void)fake_do(f->fake, "say", "{\"chat\":%lld,\"user\":%lld,\"text\":\"m%d\"}", (long long)f->group,
                      (long long)f->noor, i);
    assert_int_equal(PW_OK, hub_poll_once(h, id, 0, &n));
    assert_int_equal(3, f->n_seen);
    assert_int_equal(PW_CONFLICT, hub_poll_once(second, id, 0, &n)); /* one poller in the installation */
    assert_int_equal(PW_OK, hub_poll_once(h, id, 0, &n));
    assert_int_equal(3, f->n_seen);
    /* One event that cannot be stored does not hold up the others. */
    f->poison = "bad";
    f->poison_error = PW_INVALID;
    (void)fake_do(f->fake, "say", "{\"chat\":%lld,\"user\":%lld,\"text\":\"bad\"}", (long long)f->group,
                  (long long)f->noor);
    (void)fake_do(f->fake, "say", "{\"chat\":%lld,\"user\":%lld,\"text\":\"good\"}", (long long)f->group,
                  (long long)f->noor);
    assert_int_equal(PW_OK, hub_poll_once(h, id, 0, &n));
    assert_int_equal(4, f->n_seen);
    assert_string_equal("good", f->seen[3].text);
    assert_int_equal(PW_OK, hub_poll_once(h, id, 0, &n));
    assert_int_equal(0, n);
    /* A database that is away for a moment: nothing is lost. */
    f->poison = "later";
    f->poison_error = PW_UNAVAILABLE;
    (void)fake_do(f->fake, "say", "{\"chat\":%lld,\"user\":%lld,\"text\":\"later\"}", (long long)f->group,
                  (long long)f->noor);
    assert_int_equal(PW_UNAVAILABLE, hub_poll_once(h, id, 0, &n));
    f->poison = NULL;
    assert_int_equal(PW_OK, hub_poll_once(h, id, 0, &n));
    assert_string_equal("later", f->seen[f->n_seen - 1].text);
    hub_close(second);
    hub_close(h);
}

/* Beside a running hub a transaction may be run again with its neighbours' (groupcommit.h): so no CTX_ACT here. */
static enum pw_err add_poller(struct db *db, void *arg)
{
    struct fix *f = arg;
    int64_t id = 0;
    struct problems ps = {0};
    struct ctx c = {.arena = &f->c.arena,
                    .db = db,
                    .vault = f->c.vault,
                    .actor = &actor_system,
                    .problems = &ps,
                    .now_ms = f->c.now_ms,
                    .lang = SV("fr")};
    PW_TRY(channel_add(&c, SV("poll"), SV("telegram"), settings(f, "polling"), &id));
    return channel_set_enabled(&c, id, true);
}

static void threads(void **state)
{
    struct fix *f = *state;
    f->want_files = true;
    assert_int_equal(PW_OK, CTX_ACT(&f->c, channel_set_enabled(c, f->channel, false)));
    assert_int_equal(PW_OK, hub_start(f->hub));
    assert_int_equal(PW_OK, db_transact(f->c.db.s, add_poller, f)); /* added while it runs */
    (void)fake_do(f->fake, "say", "{\"user\":%lld,\"voice\":{\"size\":100,\"fill\":\"v\"}}", (long long)f->amal);
    struct db_rows r = {0};
    for (int i = 0; i < 200; i++) {
        assert_int_equal(PW_OK, CTX_LOOK(&f->c, db_query(c->db, c->arena, &test_file_ids, DB_NOARGS, &r)));
        if (r.n == 1 && db_int(&r, 0, 1) == FILE_STORED)
            break;
        usleep(100000);
    }
    assert_int_equal(1, n_seen(f));
    assert_true(r.n == 1 && db_int(&r, 0, 1) == FILE_STORED);
    hub_stop(f->hub);
    hub_stop(f->hub);
    assert_int_equal(PW_OK, hub_start(f->hub)); /* and again */
    hub_stop(f->hub);
}

static void enabling(void **state)
{
    struct fix *f = *state;
    int64_t id = make_channel(f, "second", "webhook", false);
    struct problems ps = {0};
    struct sv why;
    assert_int_equal(PW_OK, hub_enable(f->hub, id, &f->c.arena, &ps, &why));
    const json_t *bot = json_array_get(json_object_get(fake_get(f->fake, "state"), "bots"), 0);
    assert_true(sv_eq_z(json_member_sv(bot, "webhook"), "http://127.0.0.1:1/hooks/telegram/second"));
    assert_int_equal(PW_OK, hook(f, "second", "s3cret", TEXT(9, "neuf")));
    assert_int_equal(1, f->n_seen);
}

static int start(void **state)
{
    (void)state;
    fake_start(&the_fake);
    return 0;
}

static int stop(void **state)
{
    (void)state;
    fake_stop(&the_fake);
    return 0;
}

int main(void)
{
    (void)dbfix_engine();
#define T(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        T(registry),         T(statements),        T(webhooks),
        T(forgetting),       T(sealed_rows),       T(sending),
        T(blocked_person),   T(moved_group),       T(stored_file_goes_out),
        T(files_are_sealed), T(files_are_fetched), T(poll_once),
        T(threads),          T(enabling),
    };
    return cmocka_run_group_tests(tests, start, stop);
}

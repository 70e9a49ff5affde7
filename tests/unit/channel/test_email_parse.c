/* SPDX-License-Identifier: EUPL-1.2 */
/* Awkward mails (the corpus of fuzz_email_parse), each with what must be understood of it: NAME.eml → NAME.out. In the
 * mails @TOKEN@ stands for the token of our send 1000, @TOKENUP@ for it in capitals, @TOKENBAD@ for one that was
 * tampered with. */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/id.h"
#include "channel/email.h"

static const int64_t now_ms = INT64_C(1795694400000) + 3600 * 1000; /* 2026-11-26 13:00 UTC */

struct fix {
    struct arena a;
    struct channel ch;
    char token[EMAIL_TOKEN + 1];
    char bad[EMAIL_TOKEN + 1], up[EMAIL_TOKEN + 1];
};

static int setup(void **state)
{
    struct fix *f = calloc(1, sizeof *f);
    arena_init(&f->a, 128 << 20);
    f->ch = (struct channel){.id = 7, .name = SV("mail"), .driver = &email_driver, .enabled = true};
    f->ch.config = json_pack("{s:s,s:s,s:s,s:s}", "from_address", "aide@example.org", "secret", "0123456789abcdef",
                             "smtp_url", "smtp://localhost", "auth_host", "mx.example.org");
    email_token_make(&f->ch, 1000, f->token);
    for (size_t i = 0; i <= EMAIL_TOKEN; i++) {
        f->bad[i] = f->token[i];
        f->up[i] = f->token[i] >= 'a' && f->token[i] <= 'z' ? (char)(f->token[i] - 32) : f->token[i];
    }
    f->bad[EMAIL_TOKEN - 1] = f->bad[EMAIL_TOKEN - 1] == 'a' ? 'b' : 'a';
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    struct fix *f = *state;
    json_decref(f->ch.config);
    arena_finish(&f->a);
    free(f);
    return 0;
}

static struct sv read_all(struct arena *a, const char *path)
{
    FILE *file = fopen(path, "rb");
    struct buf b;
    char piece[65536];
    size_t n;
    if (!file)
        return (struct sv){0};
    buf_init(&b, 64 << 20);
    while ((n = fread(piece, 1, sizeof piece, file)) > 0)
        buf_add(&b, (struct sv){piece, n});
    fclose(file);
    struct sv out = arena_sv(a, buf_sv(&b));
    buf_finish(&b);
    return out;
}

static struct sv filled(struct fix *f, struct sv text)
{
    static const char *const marks[] = {"@TOKEN@", "@TOKENUP@", "@TOKENBAD@"};
    const char *const values[] = {f->token, f->up, f->bad};
    struct buf b;
    buf_init(&b, 64 << 20);
    for (size_t i = 0; i < text.n;) {
        size_t k;
        for (k = 0; k < 3; k++)
            if (sv_starts(sv_sub(text, i, text.n), sv_of(marks[k])))
                break;
        if (k < 3) {
            buf_z(&b, values[k]);
            i += strlen(marks[k]);
        } else {
            buf_c(&b, text.p[i++]);
        }
    }
    struct sv out = arena_sv(&f->a, buf_sv(&b));
    buf_finish(&b);
    return out;
}

static void line(struct buf *b, const char *name, struct sv v)
{
    if (v.n > 400)
        buf_fmt(b, "%s: %.*s… (%zu bytes)\n", name, SV_ARG(sv_sub(v, 0, 60)), v.n);
    else if (v.n)
        buf_fmt(b, "%s: %.*s\n", name, SV_ARG(v));
}

static struct sv told(struct fix *f, const struct email_in *m)
{
    static const char *const kinds[] = {"letter", "automatic", "report", "nobody"};
    struct buf b;
    buf_init(&b, 4 << 20);
    buf_fmt(&b, "kind: %s\n", kinds[m->kind]);
    line(&b, "from", m->from);
    line(&b, "name", m->from_name);
    line(&b, "id", m->message_id);
    line(&b, "lang", m->lang);
    line(&b, "place", m->place);
    if (m->at_ms)
        buf_fmt(&b, "date: %lld\n", (long long)m->at_ms);
    if (m->out_id)
        buf_fmt(&b, "answers: %lld\n", (long long)m->out_id);
    if (m->authentic)
        buf_z(&b, "authentic\n");
    if (m->kind == EMAIL_REPORT)
        buf_fmt(&b, "report: %s %.*s\n", out_state_name(m->report), SV_ARG(m->report_status));
    for (size_t i = 0; i < m->n_files; i++)
        buf_fmt(&b, "file: %.*s | %.*s | %zu bytes\n", SV_ARG(m->files[i].name), SV_ARG(m->files[i].type),
                m->files[i].bytes.n);
    if (m->files_left)
        buf_z(&b, "files left out\n");
    line(&b, "text", m->text);
    line(&b, "whole", m->whole);
    struct sv out = arena_sv(&f->a, buf_sv(&b));
    buf_finish(&b);
    return out;
}

static int by_name(const void *x, const void *y)
{
    return strcmp(*(char *const *)x, *(char *const *)y);
}

static void awkward_mails_are_understood(void **state)
{
    struct fix *f = *state;
    const char *dir = MAIL_CORPUS;
    const char *write = getenv("PW_MAIL_WRITE"); /* the author looks at what was written */
    char *names[500];
    size_t n = 0, wrong = 0;
    DIR *d = opendir(dir);
    assert_non_null(d);
    for (struct dirent *e; (e = readdir(d)) && n < 500;)
        if (sv_ends(sv_of(e->d_name), SV(".eml")))
            names[n++] = strdup(e->d_name);
    closedir(d);
    qsort(names, n, sizeof *names, by_name);
    assert_true(n >= 40);
    for (size_t i = 0; i < n; i++) {
        char path[600];
        struct email_in m;
        snprintf(path, sizeof path, "%s/%s", dir, names[i]);
        struct sv raw = filled(f, read_all(&f->a, path));
        assert_int_equal(email_parse(&f->ch, &f->a, raw, (struct sv){0}, (struct sv){0}, now_ms, &m), PW_OK);
        assert_true(m.key.n > 0 && m.key.n <= 200);
        struct sv got = told(f, &m);
        snprintf(path, sizeof path, "%s/%.*s.out", dir, (int)strlen(names[i]) - 4, names[i]);
        if (write) {
            FILE *out = fopen(path, "wb");
            assert_non_null(out);
            fwrite(got.p, 1, got.n, out);
            fclose(out);
        }
        struct sv want = read_all(&f->a, path);
        if (!sv_eq(got, want)) {
            print_message("%s:\n--- got\n%.*s--- want\n%.*s", names[i], SV_ARG(got), SV_ARG(want));
            wrong++;
        }
        free(names[i]);
    }
    assert_int_equal(wrong, 0);
}

/* ---- size ---- */

static struct sv repeated(struct arena *a, const char *head, const char *piece, size_t total, const char *tail)
{
    struct buf b;
    buf_init(&b, 64 << 20);
    buf_z(&b, head);
    while (b.n < total)
        buf_z(&b, piece);
    buf_z(&b, tail);
    struct sv out = arena_sv(a, buf_sv(&b));
    buf_finish(&b);
    return out;
}

static void ten_megabytes_of_anything_are_read(void **state)
{
    struct fix *f = *state;
    static const char from[] = "From: amal@example.com\nMIME-Version: 1.0\n";
    static const struct {
        const char *head, *piece, *tail;
    } kinds[] = {
        {"Content-Type: text/plain\n\n", "words and words and more words ? \n", ""},
        {"Content-Type: text/plain\n\n", "x", ""},
        {"Content-Type: text/plain\n\n", "> ", ""},
        {"Content-Type: text/plain\n\n", "On \nLe \n", ""},
        {"Content-Type: text/plain\n\n", "begin 644 x\n", ""},
        {"Content-Type: text/html\n\n", "<div><p>a&amp;", ""},
        {"Content-Type: text/html\n\n", "<a href='x", ""},
        {"Content-Type: text/html\n\n", "<", ""},
        {"Content-Type: text/html\n\n", "<!--", ""},
        {"Content-Type: application/pdf\nContent-Transfer-Encoding: base64\n\n", "QUJDREVGR0g=\n", ""},
        {"X-Long: ", "a\n ", "\n\nbody"},
        {"X-Long: ", "a", "\n\nbody"},
        {"", "A: b\n", "\nbody"},
        {"Content-Type: multipart/mixed; boundary=b\n\n--b\nX-Long: ", "a\n ", "\n\nbody"},
        {"Content-Type: multipart/mixed; boundary=b\n\n--b\n", "A: b\n", "\n\nbody"},
        {"To: ", "a@example.org, ", "\n\nbody"},
        {"References: ", "<a@example.org> ", "\n\nbody"},
        {"Content-Type: multipart/mixed; boundary=b\n\n", "--b\n\nx\n", "--b--\n"},
        {"Content-Type: multipart/mixed; boundary=b\n\n", "--b\nContent-Type: multipart/mixed; boundary=b\n\n", ""},
        {"Content-Type: multipart/mixed; boundary=b\n\n", "--b\nContent-Type: message/rfc822\n\n", ""},
    };
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        struct arena a;
        struct email_in m;
        arena_init(&a, 192 << 20);
        char head[200];
        snprintf(head, sizeof head, "%s%s", from, kinds[i].head);
        struct sv raw = repeated(&a, head, kinds[i].piece, 10 << 20, kinds[i].tail);
        assert_int_equal(email_parse(&f->ch, &a, raw, (struct sv){0}, (struct sv){0}, now_ms, &m), PW_OK);
        assert_true(m.kind == EMAIL_LETTER);
        assert_true(m.whole.n <= EMAIL_WHOLE_BYTES);
        arena_finish(&a);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(awkward_mails_are_understood, setup, teardown),
        cmocka_unit_test_setup_teardown(ten_megabytes_of_anything_are_read, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

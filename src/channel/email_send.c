/* SPDX-License-Identifier: EUPL-1.2 */
/* A send as a mail to one person, and what the server's answer means for it. */
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "channel/email.h"

enum { SIGN_IN_WAIT_MS = 300000, RATE_WAIT_MS = 60000, TEXT_BYTES = 256 * 1024 };

bool email_smtp(const struct channel *ch, struct mail_server *ret)
{
    struct mail_server s = {.user = email_setting(ch, "smtp_user"),
                            .password = email_setting(ch, "smtp_password"),
                            .from = email_setting(ch, "from_address"),
                            .from_name = email_setting(ch, "from_name")};
    if (!mail_server_parse(email_setting(ch, "smtp_url"), &s))
        return false;
    *ret = s;
    return true;
}

/* RFC 3463: the address itself is wrong or its mailbox was switched off. */
bool email_nobody_there(struct sv status)
{
    static const char *const gone[] = {"5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1"};
    for (size_t i = 0; i < sizeof gone / sizeof *gone; i++)
        if (sv_eq_z(status, gone[i]))
            return true;
    return false;
}

void email_classify(struct arena *a, const struct net_result *r, struct send_result *ret)
{
    *ret = (struct send_result){.cls = SEND_RETRY, .code = sv_of(r->code)};
    if (r->phase == NET_SENT) {
        ret->cls = SEND_IN_DOUBT;
        return;
    }
    if (r->phase == NET_DONE && r->status == 250) {
        *ret = (struct send_result){.cls = SEND_OK};
        return;
    }
    if (!r->status) {
        if (strcmp(r->code, "origin-refused") == 0 || strcmp(r->code, "request-refused") == 0 ||
            strcmp(r->code, "no-smtputf8") == 0) /* the server takes no addresses outside ASCII: it will not tomorrow */
            ret->cls = SEND_FAILED;
        return;
    }
    ret->code = r->body.n ? arena_fmt(a, "%d-%.*s", r->status, SV_ARG(r->body)) : arena_fmt(a, "%d", r->status);
    if (r->status == 530 || r->status == 534 || r->status == 535 || r->status == 538) {
        /* We are not let in: no message is to blame, and none is lost while somebody mends the password. */
        ret->code = SV("sign-in-refused");
        ret->retry_after_ms = SIGN_IN_WAIT_MS;
        ret->pause_lane = true;
    } else if (r->status >= 500) {
        ret->cls = email_nobody_there(r->body) ? SEND_BLOCKED : SEND_FAILED;
    } else if (r->status == 421) { /* the server has enough of us for now */
        ret->retry_after_ms = RATE_WAIT_MS;
        ret->pause_lane = true;
    }
}

static enum pw_err read_file(struct arena *a, struct sv path, struct sv *ret)
{
    struct stat st;
    int fd = open(arena_z(a, path), O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return PW_NOT_FOUND;
    enum pw_err e = fstat(fd, &st) != 0 ? PW_UNAVAILABLE : st.st_size > MAIL_FILE_MAX ? PW_INVALID : PW_OK;
    char *p = e == PW_OK ? arena_array(a, char, (size_t)st.st_size + 1) : NULL;
    size_t n = 0;
    while (p && n < (size_t)st.st_size) {
        ssize_t got = read(fd, p + n, (size_t)st.st_size - n);
        if (got <= 0)
            break;
        n += (size_t)got;
    }
    close(fd);
    if (e == PW_OK && (!p || n != (size_t)st.st_size))
        e = PW_UNAVAILABLE;
    if (e == PW_OK)
        *ret = (struct sv){p, n};
    return e;
}

static struct sv body_of(struct arena *a, const struct chan_send *s)
{
    struct buf b;
    buf_init(&b, TEXT_BYTES);
    buf_add(&b, s->text);
    if (s->foot.n) {
        buf_z(&b, s->text.n ? "\n\n-- \n" : "-- \n");
        buf_add(&b, s->foot);
    }
    buf_z(&b, "\n");
    /* Mail has its own line ends. */
    struct buf out;
    buf_init(&out, (size_t)2 * TEXT_BYTES);
    struct sv rest = buf_sv(&b), line;
    while (sv_cut(&rest, '\n', &line)) {
        buf_add(&out, line);
        if (rest.p)
            buf_z(&out, "\r\n");
    }
    struct sv text = buf_ok(&b) && buf_ok(&out) ? arena_sv(a, buf_sv(&out)) : (struct sv){0};
    buf_finish(&b);
    buf_finish(&out);
    return text;
}

/* What we answer: a message of theirs by its own id, one of ours by its token. */
static struct sv answered(struct arena *a, struct sv reply_to, struct sv domain, const struct channel *ch)
{
    int64_t id;
    return email_token_read(ch, reply_to, &id) ? arena_fmt(a, "%.*s@%.*s", SV_ARG(reply_to), SV_ARG(domain)) : reply_to;
}

void email_send(const struct channel *ch, struct net *net, struct arena *a, const struct chan_send *s,
                struct send_result *ret, struct sv *ret_new_chat)
{
    struct mail_server server;
    struct net_result r = {0};
    struct sv local, domain;
    char token[EMAIL_TOKEN + 1];
    *ret_new_chat = (struct sv){0};
    *ret = (struct send_result){.cls = SEND_FAILED, .code = SV("cannot-be-done-by-mail")};
    if (s->op != OP_TEXT && s->op != OP_FILE) /* what was sent cannot be called back, and nobody can be put out */
        return;
    ret->code = SV("bad-settings");
    if (!email_smtp(ch, &server))
        return;
    email_own(ch, &local, &domain);
    email_token_make(ch, s->row_id, token);
    bool plus = !sv_eq_z(email_setting(ch, "plus"), "no");
    struct sv back = plus ? arena_fmt(a, "%.*s+%s@%.*s", SV_ARG(local), token, SV_ARG(domain)) : (struct sv){0};
    struct mail m = {.to = s->chat,
                     .subject = s->subject.n         ? s->subject
                                : server.from_name.n ? server.from_name
                                                     : domain,
                     .text = body_of(a, s),
                     .lang = s->lang,
                     .reply_to = back,
                     .return_path = back,
                     .message_id = arena_fmt(a, "%s@%.*s", token, SV_ARG(domain)),
                     .at_ms = s->queued_ms,
                     .answers = answered(a, s->reply_to, domain, ch),
                     .stop_url = s->stop_url,
                     .loop = server.from,
                     .bulk = s->bulk,
                     .origin = s->bulk        ? MAIL_GENERATED
                               : s->automatic ? MAIL_REPLIED
                                              : MAIL_WRITTEN};
    if (s->op == OP_FILE) {
        enum pw_err e = read_file(a, s->file_path, &m.file);
        m.file_name = s->file_name;
        m.file_type = s->file_type;
        if (e != PW_OK) {
            ret->cls = e == PW_UNAVAILABLE ? SEND_RETRY : SEND_FAILED;
            ret->code = e == PW_INVALID ? SV("file-too-large") : SV("no-file");
            return;
        }
    }
    mail_send(net, a, &server, &m, &r);
    email_classify(a, &r, ret);
    if (ret->cls == SEND_OK || ret->cls == SEND_IN_DOUBT)
        ret->provider_id = arena_sv(a, sv_of(token));
}

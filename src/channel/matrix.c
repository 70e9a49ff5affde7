/* SPDX-License-Identifier: EUPL-1.2 */
#include "channel/matrix.h"

#include "channel/setting_check.h"
#include "net/net.h"
#include "json/json.h"

enum { TOKEN_MIN = 16, TOKEN_MAX = 200 };

/* ---- settings ---- */

/* Such a token needs no quoting in the registration file and no encoding in a header. */
static bool token_ok(struct sv t)
{
    if (t.n < TOKEN_MIN || t.n > TOKEN_MAX)
        return false;
    for (size_t i = 0; i < t.n; i++) {
        char c = t.p[i];
        if (!((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
              c == '.' || c == '~'))
            return false;
    }
    return true;
}

static bool user_ok(struct sv user)
{
    ptrdiff_t colon = sv_find(user, SV(":"));
    if (!matrix_user_ok(user))
        return false;
    for (size_t i = 1; i < user.n; i++) {
        char c = user.p[i];
        bool word = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
        if (!word && !((ptrdiff_t)i < colon && (c == '=' || c == '/' || c == '+')) &&
            !((ptrdiff_t)i >= colon && (c == ':' || c == '[' || c == ']')))
            return false;
    }
    return true;
}

static enum pw_err matrix_check_config(const json_t *config, struct problems *ps)
{
    enum pw_err e = PW_OK;
    struct sv as = json_member_sv(config, "as_token"), hs = json_member_sv(config, "hs_token");
    struct sv base = json_member_sv(config, "homeserver");
    if (!base.n || !setting_is_base(base))
        e = problem_add(ps, "homeserver", N_("Give an https address; plain http only on this machine."));
    if (!user_ok(json_member_sv(config, "user")))
        e = problem_add(ps, "user", N_("Give the Matrix name of the service, like @accueil:example.org."));
    if (!hs.n)
        e = problem_add(ps, "hs_token", N_("A channel without a secret cannot be switched on."));
    else if (!token_ok(hs))
        e = problem_add(ps, "hs_token", N_("Use 16 to 200 letters, digits, points, underscores and hyphens."));
    if (!token_ok(as))
        e = problem_add(ps, "as_token", N_("Use 16 to 200 letters, digits, points, underscores and hyphens."));
    else if (sv_eq(as, hs))
        e = problem_add(ps, "as_token", N_("The two tokens must differ."));
    return e;
}

static enum pw_err matrix_allow(const struct channel *ch, struct net *net)
{
    /* The homeserver is often a neighbour of this server; the operator gave its address. */
    return net_allow(net, ch->id, matrix_base(ch), NET_LOCAL);
}

/* ---- authenticity ---- */

static enum pw_err matrix_verify(const struct channel *ch, const struct chan_request *rq)
{
    struct sv want = json_member_sv(ch->config, "hs_token");
    struct sv got = rq->header(rq->self, "Authorization");
    if (!want.n || got.n > TOKEN_MAX + 16 || !sv_ieq(sv_sub(got, 0, 7), SV("Bearer ")))
        return PW_DENIED;
    return secret_same(want, sv_trim(sv_sub(got, 7, got.n))) ? PW_OK : PW_DENIED;
}

/* ---- switching on ---- */

static enum pw_err matrix_enable(const struct channel *ch, struct net *net, struct arena *a, struct sv webhook_url,
                                 struct sv *ret_why)
{
    struct matrix_reply r;
    if (!webhook_url.n) {
        *ret_why = SV(N_("This installation has no public address yet: set it first."));
        return PW_INVALID;
    }
    matrix_call(ch, net, a, "GET", SV("/_matrix/client/v3/account/whoami"), (struct sv){0}, &r);
    if (r.res.cls == SEND_OK) {
        if (sv_eq(json_member_sv(r.body, "user_id"), json_member_sv(ch->config, "user")))
            return PW_OK;
        *ret_why = SV(N_("The homeserver knows this token under another name."));
        return PW_DENIED;
    }
    if (r.status == 401 || r.status == 403) {
        *ret_why = SV(N_("The homeserver does not know this token. Give it the registration file and restart it."));
        return PW_DENIED;
    }
    *ret_why = SV(N_("The homeserver cannot be reached now."));
    return PW_UNAVAILABLE;
}

static struct sv matrix_other_side(const struct channel *ch, struct arena *a)
{
    struct sv user = json_member_sv(ch->config, "user"), server = matrix_server_of(user);
    struct sv local = sv_sub(user, 1, user.n - server.n - 2);
    struct sv url = ch->hook_url.n && ch->hook_url.p[0] == '/'
                        ? arena_join(a, SV("https://YOUR-PUBLIC-ADDRESS"), ch->hook_url)
                        : ch->hook_url;
    struct buf re; /* a point of a server's name stands for itself */
    buf_init(&re, 1024);
    for (size_t i = 0; i < server.n; i++)
        buf_fmt(&re, server.p[i] == '.' ? "\\\\%c" : "%c", server.p[i]);
    struct sv out = arena_fmt(a,
                              "# Registration of this application service: give this file to the homeserver.\n"
                              "id: \"passerelle-%.*s\"\n"
                              "url: \"%.*s\"\n"
                              "as_token: \"%.*s\"\n"
                              "hs_token: \"%.*s\"\n"
                              "sender_localpart: \"%.*s\"\n"
                              "rate_limited: false\n"
                              "namespaces:\n"
                              "  users: []\n"
                              "  rooms: []\n"
                              "  aliases:\n"
                              "    - exclusive: true\n"
                              "      regex: \"#passerelle-.*:%.*s\"\n",
                              SV_ARG(ch->name), SV_ARG(url), SV_ARG(json_member_sv(ch->config, "as_token")),
                              SV_ARG(json_member_sv(ch->config, "hs_token")), SV_ARG(local), SV_ARG(buf_sv(&re)));
    buf_finish(&re);
    return out;
}

static enum pw_err matrix_fetch(const struct channel *ch, struct net *net, struct arena *a, struct sv file_id,
                                struct sv path)
{
    return matrix_download(ch, net, a, file_id, path);
}

/* ---- the driver ---- */

#define MX_SPEC "spec.matrix.org v1.18"
static const struct chan_limit limits[] = {
    {"event-bytes", 65536, "2026-07-21", MX_SPEC},
    {"text-utf16-units", MX_TEXT_UNITS, "2026-11-25", "own choice, below event-bytes"},
    {"upload-bytes", MX_FILE_MAX, "2026-11-25", "the homeserver's own limit may be lower (media/config)"},
    {"download-bytes", MX_FETCH_MAX, "2026-11-25", "own choice"},
    {"id-bytes", MX_ID_MAX, "2026-07-21", MX_SPEC},
    {0},
};
static const struct chan_setting settings[] = {
    {"homeserver", N_("Address of the homeserver"), N_("Where it answers programs, like https://matrix.example.org."),
     SET_REQUIRED, NULL},
    {"user", N_("Matrix name of the service"), N_("On that homeserver, like @accueil:example.org."), SET_REQUIRED,
     NULL},
    {"as_token", N_("Token with which we call the homeserver"), N_("Choose a long random one."),
     SET_REQUIRED | SET_SECRET, NULL},
    {"hs_token", N_("Token with which the homeserver calls us"), N_("Choose another long random one."),
     SET_REQUIRED | SET_SECRET, NULL},
    {0},
};

const struct chan_driver matrix_driver = {
    .kind = "matrix",
    .label = "Matrix",
    .cls = 'A',
    .caps = CAP_GROUPS | CAP_JOIN_REQUESTS | CAP_DELETE | CAP_RESTRICT | CAP_BAN | CAP_REPLY | CAP_FILES | CAP_VOICE |
            CAP_IDEMPOTENT | CAP_INVITE | CAP_TAKE_BACK | CAP_MARK,
    .rate_per_s = 10,
    .limits = limits,
    .settings = settings,
    .sees = N_("Your Matrix server and the servers of the other members keep your Matrix name and everything written "
               "in the room. Rooms of this community are not encrypted, so that moderators can read what you ask."),
    .check_config = matrix_check_config,
    .allow = matrix_allow,
    .verify = matrix_verify,
    .decode = matrix_decode,
    .send = matrix_send,
    .enable = matrix_enable,
    .fetch = matrix_fetch,
    .other_side = matrix_other_side,
};

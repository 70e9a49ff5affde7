/* SPDX-License-Identifier: EUPL-1.2 */
/* channel: the port between Passerelle and the apps people use, and the rules each driver keeps.
 *
 *  1. A driver MUST verify an incoming request on its raw bytes, in constant time. With no secret configured the
 * channel cannot be enabled.
 *  2. It MUST turn every entry of a body into canonical events, each with the provider's id (the dedup key).
 *  3. It MUST ignore, not fail, what it does not know; a body that does not parse is PW_INVALID.
 *  4. It MUST NOT touch the database, log a secret or a person's words, or know of communities and cases.
 *  5. A send MUST end in one of the classes of work.h; a timeout after the request left is SEND_IN_DOUBT unless the
 *     provider offers idempotency.
 *  6. It MUST state its capabilities as data; limits carry a date and a source (domain.md 2.5).
 *  7. It MAY poll instead of being called (poll), under a lease, one poller a channel in the whole installation.
 *  8. It MUST state its settings as data: the command line and the settings page are made from them.
 *  9. It MAY keep a session, a lasting connection (open, close): one a channel in the whole installation, opened by the
 *     process that holds the poll lease. poll and send then find it in channel.session; the hub calls poll from one
 *     thread and send from any, at the same time. Sends of such a channel are claimed only where its session lives;
 *     elsewhere, and while there is none, they stay queued.
 * 10. poll of a session MUST give an event again until a cursor at or behind it comes back: only then it is stored.
 * When the connection is gone poll says PW_UNAVAILABLE, and sends that wait for an answer end in doubt. The hub closes,
 *     waits (1 s, doubling to 30 s, at once when the settings change) and opens again; what the provider still holds
 *     comes again and the dedup key keeps it from counting twice.
 *
 * Classes (channels.md §1.2): A full control by API, B one-to-one only, C assisted by a person. */
#ifndef PW_CHANNEL_H
#define PW_CHANNEL_H

#include <jansson.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "core/ctx.h"
#include "work/work.h"

struct net; /* net/net.h: the single way out */

enum chan_cap {
    CAP_GROUPS = 1 << 0,
    CAP_JOIN_REQUESTS = 1 << 1,
    CAP_DELETE = 1 << 2, /* messages in groups */
    CAP_RESTRICT = 1 << 3,
    CAP_BAN = 1 << 4,
    CAP_REPLY = 1 << 5,
    CAP_FILES = 1 << 6,
    CAP_VOICE = 1 << 7,
    CAP_STATUS = 1 << 8,     /* delivery reports */
    CAP_IDEMPOTENT = 1 << 9, /* a resend with our key is harmless */
    CAP_BUTTONS = 1 << 10,   /* choices can be pressed; elsewhere people write them */
    CAP_METERED = 1 << 11, /* each part of a text costs: short words, links for long ones, keywords that stop contact */
    CAP_TAKE_BACK = 1 << 17, /* our own words, in private chats too, for "delete-hours" (chan_limit; none = always) */
    CAP_MARK = 1 << 18,      /* OP_MARK */
    CAP_INVITE = 1 << 15,    /* OP_APPROVE_JOIN also lets in a person who did not ask there: by invitation */
    CAP_TEMPLATE = 1 << 12,  /* OP_TEMPLATE: approved words that may go out when the window is shut */
    CAP_OGG_VOICE = 1 << 16, /* voice notes are such only as Ogg/Opus: the hub wraps those of browsers anew */
    CAP_LETTERS = 1 << 13,   /* sends look like letters: a subject, a foot, a link that ends them (the hub adds them) */
};

/* A configured channel, as loaded from its row. */
struct channel {
    int64_t id;
    struct sv name; /* in the webhook path: [a-z0-9-]{1,40}, unique */
    const struct chan_driver *driver;
    bool enabled;
    json_t *config;     /* driver's settings, secrets opened; borrowed */
    struct sv hook_url; /* where the provider calls us; empty when this installation has no address */
    void *session;      /* rule 9: set by the hub for poll and send */
};

enum chan_event_kind {
    CHAN_MESSAGE, /* a text or file in a group or private chat */
    CHAN_EDITED,
    CHAN_JOIN_REQUEST, /* someone asks to enter a group */
    CHAN_JOINED,
    CHAN_LEFT,
    CHAN_MIGRATED,   /* chat has a new id */
    CHAN_USER_MOVED, /* the person has a new id: user_was, user */
    CHAN_BLOCKED,    /* the person stopped the bot: end contact */
    CHAN_STATUS,     /* news of a send */
    CHAN_BUTTON,     /* a choice under one of our messages */
    CHAN_INVITED,    /* we may enter `chat`, or (self) made it; private_chat: it is the private chat of `user` */
    CHAN_TROUBLE,    /* something the operator must know: status_code; chat when it concerns one */
};
enum chan_file_kind { FILE_NONE, FILE_IMAGE, FILE_VOICE, FILE_AUDIO, FILE_VIDEO, FILE_OTHER };
struct chan_event {
    enum chan_event_kind kind;
    struct sv provider_id; /* unique per channel: the dedup key */
    struct sv message_id;  /* provider's id of the message itself, to reply to or delete */
    int64_t at_ms;         /* provider's time */
    bool private_chat;
    bool chat_of_two;    /* the app does not tell whether a chat is private: it is when we know it as this user's */
    bool forwarded;      /* somebody else wrote it, elsewhere */
    bool self;           /* CHAN_LEFT: our own bot was put out of the chat */
    struct sv chat;      /* provider's chat id as text */
    struct sv new_chat;  /* CHAN_MIGRATED */
    struct sv user;      /* provider's user id as text */
    struct sv user_was;  /* another id of the same person, used before, when the provider tells both */
    struct sv user_chat; /* where a private word reaches the applicant (join requests) */
    struct sv user_name; /* as shown there: untrusted */
    struct sv user_lang; /* provider's guess, BCP 47, may be empty */
    struct sv text;      /* also captions */
    struct sv reply_to;  /* message_id this answers */
    enum chan_file_kind file_kind;
    struct sv file_id, file_name, file_type; /* fetched later by chan_driver.fetch */
    int64_t file_size, duration_s;
    struct sv token;       /* CHAN_JOIN_REQUEST: query to answer in time; CHAN_BUTTON: callback data */
    enum out_state status; /* CHAN_STATUS, of the send out_id or, when that is 0, of message_id */
    struct sv status_code;
    bool gone;            /* CHAN_STATUS failed: nobody is there (any more), end contact */
    int64_t out_id;       /* our send that this is about or answers; the driver has checked its token */
    bool unproven;        /* anybody may have written this in the sender's name: see channel_receive() */
    struct sv place;      /* the name that was written to, where one channel serves several communities: untrusted */
    struct sv whole;      /* the text before quotes and signatures were cut off, when something was */
    struct sv file_bytes; /* the file itself, when it came with the event: file_id is not needed then */
};
struct chan_reply {
    int status;           /* 0 = 200 */
    struct sv type, body; /* empty: an empty JSON object */
};
enum { CHAN_EVENTS_MAX = 1024 }; /* Meta puts up to 1,000 updates into one body */
struct chan_events {
    struct chan_event v[CHAN_EVENTS_MAX];
    size_t n;
    struct chan_reply reply; /* for the provider, when it wants one */
};

enum chan_op {
    OP_TEXT,
    OP_FILE,
    OP_DELETE,       /* message_id: one, or all parts of one send with spaces between */
    OP_APPROVE_JOIN, /* chat, user */
    OP_DECLINE_JOIN,
    OP_QUEUE_JOIN, /* token: "a person will decide", within the provider's limit */
    OP_RESTRICT,   /* chat, user, until_ms (0 = for ever) */
    OP_UNRESTRICT,
    OP_BAN,
    OP_UNBAN,
    OP_LEAVE,
    OP_ENTER,    /* chat: queued by the channel room itself when we are invited */
    OP_TEMPLATE, /* text: the template's name; lang: its language */
    OP_MARK,     /* message_id of ours says `text` from now on; file_kind: that is the caption of a file */
    OP__MAX
};
struct chan_send {
    enum chan_op op;
    struct sv chat, user, message_id, token;
    struct sv text; /* plain text; the driver splits past its limit */
    struct sv reply_to;
    struct sv file_path, file_name, file_type;
    enum chan_file_kind file_kind;
    int64_t until_ms;
    const struct sv *buttons; /* pairs: label, data */
    size_t n_buttons;         /* number of pairs */
    struct sv lang;           /* of the words; may be empty */
    bool by_person;           /* a person wrote these words: some apps give people's replies more time */
    bool keyword_answer;      /* goes also to somebody who wrote STOP: it answers that word */
    int64_t list_id;          /* community it comes from, for the link that ends it; 0 = none */
    bool automatic;           /* no person wrote it now */
    /* Filled by the hub when it sends: */
    int64_t row_id, queued_ms;
    bool late; /* past window_ms, within human_window_ms */
    bool bulk;
    struct sv subject, foot, stop_url; /* CAP_LETTERS */
};
struct chan_measure {     /* what a text will be when it goes out */
    const char *alphabet; /* message id */
    int64_t parts;
    int64_t cost_micro; /* of all parts, in millionths of the currency; 0 = no price is set */
    struct sv currency;
};

/* A send that will never go; why, as a code. */
static inline void send_refuse(struct send_result *ret, struct sv code)
{
    *ret = (struct send_result){.cls = SEND_FAILED, .code = code};
}

struct chan_request {   /* an incoming webhook */
    const char *method; /* "GET", "POST", "PUT" */
    struct sv url;      /* the public address as configured, with the query: some signatures cover it */
    struct sv rest;     /* path behind the channel's name, without the slash between them; mostly empty */
    struct sv query;    /* raw */
    struct sv body;     /* raw */
    int64_t now_ms;     /* signatures have an age */
    struct sv (*header)(const void *self, const char *name);
    const void *self;
};
struct chan_limit { /* a fact with date and source */
    const char *what;
    int64_t value;
    const char *date, *source;
};
struct chan_choice {
    const char *code, *label; /* label: message id */
};
enum { SET_REQUIRED = 1, SET_SECRET = 2, SET_NUMBER = 4 };
enum { CHAN_SETTINGS_MAX = 14 };
struct chan_setting {         /* one member of the settings */
    const char *name;         /* "api_base"; on the command line --api-base */
    const char *label, *hint; /* message ids; hint may be NULL */
    unsigned flags;
    const struct chan_choice *choices; /* ends with code = NULL; NULL: free text. The first is the default */
};
struct chan_driver {
    const char *kind;  /* "telegram" */
    const char *label; /* "Telegram" */
    char cls;          /* 'A', 'B', 'C' */
    unsigned caps;
    double rate_per_s;
    const struct chan_limit *limits;     /* ends with what = NULL */
    const struct chan_setting *settings; /* at most CHAN_SETTINGS_MAX, ends with name = NULL */
    const char *sees;                    /* message id: what the platform sees, told before joining (CNS-9) */
    int64_t window_ms;                   /* free words reach a person only so long after their last; 0 = always */
    int64_t human_window_ms;             /* longer, for words of people, when the setting "human_agent" is "yes" */
    /* Checks settings before enabling; problems name the settings. */
    enum pw_err (*check_config)(const json_t *config, struct problems *ps);
    /* Optional. Opens the way out (net_allow) for this channel; called whenever its settings were loaded. */
    enum pw_err (*allow)(const struct channel *ch, struct net *net);
    enum pw_err (*verify)(const struct channel *ch, const struct chan_request *rq); /* PW_DENIED when not authentic */
    /* Called once verified, for every method; a provider's challenge is answered by ret->reply alone. */
    enum pw_err (*decode)(const struct channel *ch, const struct chan_request *rq, struct arena *a,
                          struct chan_events *ret);
    void (*send)(const struct channel *ch, struct net *net, struct arena *a, const struct chan_send *s,
                 struct send_result *ret, struct sv *ret_new_chat);
    /* Tells the provider where to call us (or that we poll). */
    enum pw_err (*enable)(const struct channel *ch, struct net *net, struct arena *a, struct sv webhook_url,
                          struct sv *ret_why);
    /* Optional. What the operator has to write on the other side, in English; may hold the channel's secret. */
    struct sv (*other_side)(const struct channel *ch, struct arena *a);
    /* Waits up to wait_s for news after *io_cursor (an opaque text, kept for the driver) and moves it. */
    enum pw_err (*poll)(const struct channel *ch, struct net *net, struct arena *a, int wait_s, struct sv *io_cursor,
                        struct chan_events *ret);
    /* Optional, rule 9. Opens the connection for a channel whose poll cursor stands at `cursor`. On failure ret_code is
     * a fixed word for the operator. close: no call of the session runs any more. */
    enum pw_err (*open)(const struct channel *ch, struct net *net, struct sv cursor, void **ret, const char **ret_code);
    void (*close)(void *session);
    /* Optional. Who a user is, for apps whose events do not say: ret->user_name, ret->user_lang. Within 2 s. */
    void (*who)(const struct channel *ch, struct net *net, struct arena *a, struct chan_event *io);
    /* Optional, where texts cost by the part: what this text takes. Pure. */
    void (*measure)(const struct channel *ch, struct arena *a, struct sv text, struct chan_measure *ret);
    /* Downloads a file to `path`. */
    enum pw_err (*fetch)(const struct channel *ch, struct net *net, struct arena *a, struct sv file_id, struct sv path);
};
extern const struct chan_driver telegram_driver, kannel_driver, twilio_driver, whatsapp_driver, messenger_driver,
    slack_driver, wechat_driver, matrix_driver, xmpp_driver, email_driver;
extern const struct chan_driver assisted_driver; /* class C: every send is carried out by a person */
extern const struct chan_driver
    web_driver; /* our own community pages: nothing to send out, notices stay in the product */
const struct chan_driver *chan_driver_of(struct sv kind);          /* NULL when unknown */
int64_t chan_limit(const struct chan_driver *d, const char *what); /* 0: there is no such limit */
const char *chan_kind_label(struct sv kind); /* message id: "Telegram", "Web page"; NULL when unknown */
const struct chan_driver *const *chan_drivers(size_t *ret_n); /* all this binary knows, the web first */

/* Who answers for decoded events: handed in by main/, implemented by features. Called in the transaction that stored
 * the dedup key; a return other than PW_OK rolls everything back and the provider calls again. */
struct chan_receiver {
    void *self;
    enum pw_err (*receive)(void *self, struct ctx *c, const struct channel *ch, const struct chan_event *e);
    /* The state of a send of this subject changed. */
    enum pw_err (*sent)(void *self, struct ctx *c, const struct channel *ch, const struct out_row *row,
                        const struct send_result *res);
};

#endif

/* SPDX-License-Identifier: EUPL-1.2 */
#include "platform_rules.h"

#include <stdlib.h>
#include <string.h>

static const struct {
    const char *code, *label;
} factors[F__MAX] = {
    {"audience", N_("Used by many in the audience")},
    {"confidential", N_("Confidentiality, security and privacy are a major concern")},
    {"correct", N_("We can check, correct or delete what others write")},
    {"moderate", N_("We can moderate")},
    {"at-once", N_("Enough people at once")},
    {"private", N_("Public and private messages")},
    {"any-phone", N_("Works on any mobile or landline phone")},
    {"low-data", N_("Works with limited text and data plans")},
    {"video", N_("Video")},
    {"languages", N_("The languages that are needed")},
    {"guide", N_("A way to introduce and guide new members")},
    {"remove", N_("Members are easily removed")},
    {"usage", N_("Usage data")},
    {"storage", N_("Information is easily kept for later")},
};

const char *factor_code(enum factor f)
{
    return factors[f].code;
}

const char *factor_label(enum factor f)
{
    return factors[f].label;
}

#define TOOLKIT "Refugee 613, toolkit"
/* What no driver states. The order of `does` is that of enum factor. Limits change: they are data with a date. */
static const struct platform table[] = {
    {"web",
     NULL,
     N_("Own web pages"),
     N_("People must come to the page: nothing rings on their phone."),
     0,
     "2026-06-11",
     "passerelle",
     {0, 2, 2, 2, 2, 2, 1, 2, 1, 2, 2, 2, 2, 2},
     NULL},
    {"telegram",
     "Telegram",
     NULL,
     N_("Needs a smartphone and a Telegram account; conversations in groups are not encrypted end to end."),
     200000,
     "2026-06-11",
     "telegram.org/faq",
     {0, 1, 2, 2, 2, 2, 0, 1, 2, 2, 2, 2, 1, 2},
     NULL},
    {"sms",
     "SMS",
     NULL,
     N_("No pictures, no groups; the phone company reads along, and each message may cost."),
     0,
     "2021-06-01",
     TOOLKIT,
     {0, 0, 0, 1, 2, 1, 2, 2, 0, 1, 1, 2, 1, 0},
     NULL},
    {"email",
     NULL,
     N_("E-mail"),
     N_("Slow, and many newcomers do not read it every day."),
     0,
     "2026-06-11",
     "passerelle",
     {0, 1, 0, 1, 2, 1, 1, 2, 0, 2, 1, 2, 1, 2},
     NULL},
    {"whatsapp",
     "WhatsApp",
     NULL,
     N_("One-to-one only by its business interface; belongs to Meta, and members see each other’s numbers in groups."),
     0,
     "2026-06-11",
     "developers.facebook.com",
     {0, 1, 0, 1, 2, 1, 0, 1, 2, 2, 1, 2, 1, 1},
     NULL},
    {"messenger",
     "Messenger",
     NULL,
     N_("One-to-one only; belongs to Meta, and needs a Facebook account."),
     0,
     "2026-06-11",
     "developers.facebook.com",
     {0, 0, 0, 1, 2, 1, 0, 1, 2, 2, 1, 2, 1, 1},
     NULL},
    {"slack",
     "Slack",
     NULL,
     N_("Made for workplaces: an account by e-mail, little in other languages, old messages hidden in free plans."),
     0,
     "2026-06-11",
     "slack.com",
     {0, 1, 1, 2, 2, 2, 0, 0, 1, 0, 2, 2, 2, 1},
     NULL},
    {"whatsapp-group",
     NULL,
     N_("WhatsApp group"),
     N_("Small groups, numbers shown to all, nobody can correct what others wrote, no figures."),
     256,
     "2021-06-01",
     TOOLKIT,
     {0, 1, 0, 1, 0, 2, 0, 1, 2, 2, 0, 2, 0, 0},
     NULL},
    {"facebook-group",
     NULL,
     N_("Facebook group"),
     N_("Belongs to Meta: what is written is used for advertising; notices are lost in the feed."),
     0,
     "2021-06-01",
     TOOLKIT,
     {0, 0, 2, 2, 2, 2, 0, 0, 2, 2, 2, 2, 2, 1},
     NULL},
    {"wechat-group",
     NULL,
     N_("WeChat group"),
     N_("Read by its company and subject to Chinese censorship; few figures."),
     500,
     "2021-06-01",
     TOOLKIT,
     {0, 0, 0, 1, 0, 2, 0, 1, 2, 1, 0, 2, 0, 0},
     NULL},
    {"signal-group",
     NULL,
     N_("Signal group"),
     N_("Known by few; nothing can be moderated by a program, no figures at all."),
     1000,
     "2026-06-11",
     "support.signal.org",
     {0, 2, 1, 1, 1, 2, 0, 1, 2, 2, 1, 2, 0, 0},
     NULL},
    {"viber-group",
     NULL,
     N_("Viber group"),
     N_("Shows advertising; used by few in Canada."),
     250,
     "2026-06-11",
     "help.viber.com",
     {0, 1, 1, 1, 0, 2, 0, 1, 2, 2, 1, 2, 1, 1},
     NULL},
};
enum { TABLE = sizeof table / sizeof *table };

static int from_caps(const struct chan_driver *d, unsigned all, unsigned some)
{
    return (d->caps & all) == all ? DOES_WELL : (d->caps & some) ? DOES_PARTLY : DOES_NOT;
}

/* What a driver states beats the table. */
static void take_driver(struct platform *p, const struct chan_driver *d)
{
    p->driver = d;
    if (!p->name && !p->name_msgid)
        p->name = d->label;
    p->does[F_CORRECT] = from_caps(d, CAP_DELETE, CAP_REPLY);
    p->does[F_MODERATE] = d->cls == 'A' ? DOES_WELL : d->cls == 'B' ? DOES_PARTLY : DOES_NOT;
    p->does[F_PRIVATE] = (d->caps & CAP_GROUPS) ? DOES_WELL : DOES_PARTLY;
    p->does[F_REMOVE] = d->cls == 'B' ? DOES_WELL : from_caps(d, CAP_BAN, CAP_RESTRICT);
    for (const struct chan_limit *l = d->limits; l && l->what; l++)
        if (strcmp(l->what, "group-members") == 0) {
            p->members = l->value;
            p->date = l->date;
            p->source = l->source;
        }
}

size_t platform_all(struct platform v[PLATFORMS_MAX])
{
    size_t n_drivers, n = 0;
    const struct chan_driver *const *drivers = chan_drivers(&n_drivers);
    for (size_t i = 0; i < n_drivers && n < PLATFORMS_MAX; i++) {
        bool known = false;
        for (size_t t = 0; t < TABLE; t++)
            known |= strcmp(table[t].code, drivers[i]->kind) == 0;
        if (!known && drivers[i]->cls == 'C') /* a person acts, in whatever app: the app itself is in the table */
            continue;
        struct platform p = {.code = drivers[i]->kind, .date = "", .source = ""};
        for (int f = 1; f < F__MAX; f++)
            p.does[f] = DOES_PARTLY; /* not in the table: nothing is claimed */
        for (size_t t = 0; t < TABLE; t++)
            if (strcmp(table[t].code, drivers[i]->kind) == 0)
                p = table[t];
        take_driver(&p, drivers[i]);
        v[n++] = p;
    }
    for (size_t t = 0; t < TABLE && n < PLATFORMS_MAX; t++) {
        bool known = false;
        for (size_t i = 0; i < n; i++)
            known |= strcmp(v[i].code, table[t].code) == 0;
        if (!known)
            v[n++] = table[t];
    }
    return n;
}

int platform_does(const struct platform *p, enum factor f, int64_t at_once)
{
    if (f == F_AT_ONCE && at_once > 0)
        return !p->members || at_once * 2 <= p->members ? DOES_WELL : at_once <= p->members ? DOES_PARTLY : DOES_NOT;
    return p->does[f];
}

static bool in_words(struct sv words, const char *code)
{
    struct sv rest = words, head;
    while (sv_cut(&rest, ' ', &head))
        if (sv_eq_z(head, code))
            return true;
    return false;
}

static void count(struct platform_rank *r, int level, int does)
{
    if (level == LEVEL_VERY) {
        r->very += does;
        r->very_of += DOES_WELL;
    } else if (level == LEVEL_SOMEWHAT) {
        r->somewhat += does;
        r->somewhat_of += DOES_WELL;
    }
}

static int64_t by(int64_t a, int64_t b)
{
    return a < b ? 1 : a > b ? -1 : 0;
}

static int better(const void *x, const void *y)
{
    const struct platform_rank *a = x, *b = y;
    int64_t d = by(a->familiar, b->familiar);
    if (!d)
        d = by(a->very, b->very);
    if (!d)
        d = by(a->somewhat, b->somewhat);
    if (!d)
        d = by(a->users, b->users);
    return d ? (int)d : strcmp(a->p->code, b->p->code);
}

void platform_order(const struct platform *v, size_t n, const struct platform_wish *w, const int64_t *users,
                    int64_t asked, struct platform_rank *ret)
{
    for (size_t i = 0; i < n; i++) {
        struct platform_rank r = {.p = &v[i], .users = users[i], .asked = asked};
        if (asked > 0)
            r.familiar = users[i] * 2 >= asked ? 2 : users[i] * 100 >= asked * 15 ? 1 : 0;
        for (int f = F_AUDIENCE + 1; f < F__MAX; f++)
            count(&r, w->level[f], platform_does(&v[i], (enum factor)f, w->at_once));
        for (size_t k = 0; k < w->n_own; k++)
            count(&r, w->own[k].level, in_words(w->own[k].does, v[i].code) ? DOES_WELL : DOES_NOT);
        ret[i] = r;
    }
    qsort(ret, n, sizeof *ret, better);
}

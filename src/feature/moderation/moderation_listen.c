/* SPDX-License-Identifier: EUPL-1.2 */
/* What this room hears: words before they are published (CNS-6, A-34), words for the moderation on any channel
 * ("/report", "/appeal"), people who were removed and ask to join again. */
#include "base/unicode.h"
#include "channel/registry.h"
#include "core/people.h"
#include "feature/moderation/moderation_room.h"
#include "feature/moderation/personal.h"
#include "feature/moderation/review_store.h"
#include "feature/moderation/sanction_store.h"
#include "feature/moderation/setup_store.h"

/* ---- words before they are published ---- */

static enum pw_err may_write(struct ctx *c, const struct words_said *w)
{
    struct penalty *v;
    size_t n;
    PW_TRY(penalty_rows(c, w->com->id, w->author, &v, &n));
    for (size_t i = 0; i < n; i++)
        if (v[i].kind == PENALTY_RESTRICT)
            return problem_add_arg(c->problems, "text",
                                   N_("You cannot write to the group until {0}. The moderators read your private "
                                      "messages."),
                                   say_moment(c, c->lang, w->com->zone, v[i].until_ms));
    return PW_OK;
}

static enum pw_err look(struct ctx *c, const struct words_said *w, unsigned *ret)
{
    bool named = false;
    unsigned kinds = personal_in_folded(w->folded);
    PW_TRY(guarded_in(c, w->author, w->folded, &named));
    *ret = kinds | (named ? PERSONAL_NAME : 0);
    return PW_OK;
}

static enum pw_err before(struct ctx *c, struct words_said *w, bool *io_hide)
{
    struct mod_settings set;
    if (w->in_private || w->n->for_person)
        return PW_OK;
    PW_TRY(may_write(c, w));
    PW_TRY(setting_row(c, w->com->id, &set));
    PW_TRY(automatic_before(c, w, &set, io_hide));
    if (set.personal == PERSONAL_OFF)
        return PW_OK;
    unsigned kinds = 0;
    PW_TRY(look(c, w, &kinds));
    w->marks |= kinds;
    if (!kinds || w->n->sure)
        return PW_OK;
    if (!w->n->channel_id) /* on our own pages the writer is asked first */
        return problem_add_arg(c->problems, "sure",
                               N_("Nothing is published yet. Your message seems to hold {0}, and everyone in the "
                                  "community would read it."),
                               personal_words(c, c->lang, kinds));
    *io_hide = *io_hide || set.personal == PERSONAL_HOLD;
    return PW_OK;
}

static enum pw_err after(struct ctx *c, const struct words_said *w, const struct message *m)
{
    unsigned kinds = w->marks & PERSONAL__ALL;
    PW_TRY(automatic_after(c, w, m));
    if (!kinds)
        return PW_OK;
    struct mod_item it = {.kind = ITEM_PERSONAL,
                          .category = SV("privacy"),
                          .message_id = m->id,
                          .about = w->author,
                          .lang = m->lang,
                          .copy = w->text};
    PW_TRY(item_begin(c, w->com, &it));
    if (!w->n->channel_id)
        return PW_OK;
    struct membership me;
    struct community own = *w->com;
    PW_TRY(membership_of(c, w->com->id, w->author, &me));
    PW_TRY(in_words_of(c, me.lang, &own));
    const struct sv args[] = {personal_words(c, me.lang, kinds), own.words.name};
    const char *msgid = m->state == HIDDEN
                            ? N_("Your message in {1} seems to hold {0}. To protect you it is not shown; a moderator "
                                 "looks at it. You can write to the moderators here: nobody else reads it.")
                            : N_("Your message in {1} seems to hold {0}, and everyone there can read it. You can "
                                 "delete it and write to the moderators here instead: nobody else reads it.");
    return private_word(c, w->com, w->author, say(c, me.lang, msgid, args, 2));
}

static enum pw_err joining(struct ctx *c, const struct community *com, int64_t person_id)
{
    struct penalty *v;
    size_t n;
    PW_TRY(penalty_rows(c, com->id, person_id, &v, &n));
    if (penalty_has(v, n, PENALTY_BLOCK, 0))
        return problem_add(c->problems, "removed", N_("You cannot join this community."));
    if (penalty_has(v, n, PENALTY_REMOVE, 0))
        return problem_add_arg(c->problems, "removed",
                               N_("You were removed from this community. You can ask to come back here: {0}"),
                               arena_join(c->arena, c->public_url, decisions_path(c, com)));
    return automatic_joining(c, com);
}

/* Shown with the description (SAFE-2). */
static enum pw_err topics_out(struct ctx *c, const struct community *com, struct sv *ret)
{
    struct mod_settings set;
    struct sv out = {0}, code;
    PW_TRY(setting_row(c, com->id, &set));
    while (sv_cut(&set.excluded, ' ', &code)) {
        struct sv word = code.n ? say(c, c->lang, excluded_label(code), NULL, 0) : (struct sv){0};
        if (word.n && sv_find(com->words.topics_out, word) < 0)
            out = out.n ? arena_fmt(c->arena, "%.*s\n%.*s", SV_ARG(out), SV_ARG(word)) : word;
    }
    *ret = out;
    return PW_OK;
}

/* ---- words on channels ---- */

/* "/report words": the rest; false when it is not this command. */
static bool command(struct sv text, const char *const *names, struct sv *ret_rest)
{
    for (; *names; names++) {
        struct sv name = sv_of(*names), rest = sv_sub(text, name.n, text.n);
        if (!sv_ieq(sv_sub(text, 0, name.n), name))
            continue;
        if (rest.n && rest.p[0] == '@') {
            size_t i = 0;
            while (i < rest.n && rest.p[i] != ' ' && rest.p[i] != '\n')
                i++;
            rest = sv_sub(rest, i, rest.n);
        }
        if (rest.n && rest.p[0] != ' ' && rest.p[0] != '\n')
            continue;
        *ret_rest = sv_trim(rest);
        return true;
    }
    return false;
}

struct heard {
    struct ctx *c;
    const struct community *com;
    const struct channel *ch;
    const struct chan_event *e;
    int64_t person_id;
    struct sv lang, rest, answer;
};

/* To the person alone, wherever the word was said. */
static enum pw_err answer(struct heard *h, struct sv text)
{
    struct identity who;
    struct sv chat = h->e->private_chat ? h->e->chat : (struct sv){0};
    if (!chat.n) {
        enum pw_err e = identity_of_person(h->c, h->person_id, h->ch->id, &who);
        if (e != PW_OK && e != PW_NOT_FOUND)
            return e;
        if (e == PW_OK && !who.blocked)
            chat = who.private_chat;
    }
    return chat.n ? send_to_chat(h->c, h->ch->id, chat, text, 0) : PW_OK;
}

/* "/report spam", "/report harassment he insults me": the first word may be the category. */
static struct sv category_said(struct heard *h, struct sv *io_words)
{
    static const struct {
        const char *word;
        enum mod_category cat;
    } words[] = {{"spam", CAT_ADVERTISING},  {"pub", CAT_ADVERTISING},        {"publicite", CAT_ADVERTISING},
                 {"اعلان", CAT_ADVERTISING}, {"harcelement", CAT_HARASSMENT}, {"harassment", CAT_HARASSMENT},
                 {"haine", CAT_HARASSMENT},  {"hate", CAT_HARASSMENT},        {"تحرش", CAT_HARASSMENT},
                 {"menace", CAT_VIOLENCE},   {"menaces", CAT_VIOLENCE},       {"threat", CAT_VIOLENCE},
                 {"threats", CAT_VIOLENCE},  {"violence", CAT_VIOLENCE},      {"تهديد", CAT_VIOLENCE},
                 {"عنف", CAT_VIOLENCE},      {"illegal", CAT_ILLEGAL},        {"suicide", CAT_SELF_HARM},
                 {"انتحار", CAT_SELF_HARM},  {"hors-sujet", CAT_OFF_TOPIC},   {"off-topic", CAT_OFF_TOPIC},
                 {"faux", CAT_FALSE_INFO},   {"false", CAT_FALSE_INFO},       {"خطا", CAT_FALSE_INFO},
                 {"insulte", CAT_OFFENSIVE}, {"offensive", CAT_OFFENSIVE},    {"مسيء", CAT_OFFENSIVE}};
    struct sv rest = *io_words, first = {0}, folded = {0};
    enum mod_category cat;
    (void)sv_cut(&rest, ' ', &first);
    if (mod_category_parse(first, &cat)) {
        *io_words = sv_trim(rest);
        return first;
    }
    if (text_fold(h->c->arena, first, &folded) == PW_OK)
        for (size_t i = 0; i < sizeof words / sizeof *words; i++)
            if (sv_eq_z(folded, words[i].word))
                return sv_of(mod_category_code(words[i].cat));
    return SV("disrespect");
}

static enum pw_err hear_report(struct db *db, void *arg)
{
    struct heard *h = arg;
    struct actor actor;
    struct ctx own;
    int64_t message = 0, item = 0;
    (void)db; /* the same connection as in h->c->db */
    PW_TRY(act_as_member(h->c, h->person_id, &actor, &own));
    own.lang = h->lang;
    if (h->e->reply_to.n)
        PW_TRY(message_on_platform(&own, h->ch->id, h->e->chat, h->e->reply_to, &message));
    struct sv words = h->rest, category = category_said(h, &words);
    PW_TRY(report_send(&own, h->com->id, message, category, words, &item));
    const struct sv args[] = {category_words(&own, h->lang, category)};
    h->answer = say(&own, h->lang,
                    N_("Thank you. Your report reached the moderators ({0}). You will be told what came of it; nobody "
                       "else sees that you reported."),
                    args, 1);
    return PW_OK;
}

static enum pw_err hear_appeal(struct db *db, void *arg)
{
    struct heard *h = arg;
    struct actor actor;
    struct ctx own;
    struct mod_item it;
    int64_t item = 0;
    (void)db;
    PW_TRY(act_as_member(h->c, h->person_id, &actor, &own));
    own.lang = h->lang;
    PW_TRY(appeal_send(&own, h->com->id, 0, h->rest, &item));
    PW_TRY(item_row(&own, item, &it));
    const struct sv args[] = {say_moment(&own, h->lang, h->com->zone, it.due_ms)};
    h->answer = say(&own, h->lang, N_("Your appeal has arrived. Somebody else decides, by {0}; you will be told why."),
                    args, 1);
    return PW_OK;
}

/* Each kind of refusal has its sentence; nothing the person wrote makes the delivery fail. */
static enum pw_err try_it(struct heard *h, db_work fn, const char *refused)
{
    struct problems dropped = {0};
    struct ctx own = *h->c;
    struct heard copy = *h;
    own.problems = &dropped;
    copy.c = &own;
    enum pw_err e = db_savepoint(h->c->db, fn, &copy);
    bool no = e == PW_INVALID || e == PW_DENIED || e == PW_NOT_FOUND || e == PW_CONFLICT;
    if (e != PW_OK && !no)
        return e;
    return answer(h, no ? say(h->c, h->lang, refused, NULL, 0) : copy.answer);
}

/* The command is taken out of the group: who reports must not be seen by the group. */
static enum pw_err out_of_sight(struct heard *h)
{
    int64_t out = 0;
    if (h->e->private_chat || !(h->ch->driver->caps & CAP_DELETE))
        return PW_OK;
    struct chan_send s = {.op = OP_DELETE, .chat = h->e->chat, .message_id = h->e->message_id};
    return channel_queue(h->c, h->ch->id, LANE_INTERACTIVE, &s, SV("delete"), 0, 0, (struct sv){0}, &out);
}

static enum pw_err hear(void *self, struct ctx *c, const struct community *com, int64_t person_id,
                        const struct channel *ch, const struct chan_event *e, bool *ret_used)
{
    static const char *const report[] = {"/report", "/signaler", "signaler", "signalement", "/بلاغ", "بلاغ", NULL};
    static const char *const appeal[] = {"/appeal", "/contester", "contester", "/اعتراض", "اعتراض", NULL};
    struct heard h = {.c = c, .com = com, .ch = ch, .e = e, .person_id = person_id};
    (void)self;
    if (!com || !e->text.n || e->kind != CHAN_MESSAGE)
        return PW_OK;
    bool reports = command(e->text, report, &h.rest);
    bool appeals = !reports && e->private_chat && command(e->text, appeal, &h.rest);
    if (!reports && !appeals)
        return PW_OK;
    struct ctx own = as_community(c);
    struct membership m;
    enum pw_err r = membership_of(&own, com->id, person_id, &m);
    if (r != PW_OK && r != PW_NOT_FOUND)
        return r;
    h.lang = r == PW_OK ? m.lang : lang_main(com->languages);
    *ret_used = true;
    if (appeals)
        return try_it(&h, hear_appeal,
                      N_("There is no decision you can appeal against now. Write /appeal and your reasons, within the "
                         "time you were given."));
    PW_TRY(out_of_sight(&h));
    return try_it(&h, hear_report,
                  N_("To report a message, reply to it with /report, or write /report and what happened."));
}

/* Who may only read: what they say in a group is taken away there, and is not kept here either. */
static enum pw_err hear_muted(void *self, struct ctx *c, const struct community *com, int64_t person_id,
                              const struct channel *ch, const struct chan_event *e, bool *ret_used)
{
    struct heard h = {.c = c, .ch = ch, .e = e};
    struct penalty *v;
    size_t n;
    (void)self;
    if (e->kind != CHAN_MESSAGE)
        return PW_OK;
    PW_TRY(penalty_rows(c, com->id, person_id, &v, &n));
    if (!penalty_has(v, n, PENALTY_RESTRICT, 0))
        return PW_OK;
    *ret_used = true;
    return out_of_sight(&h);
}

void moderation_listen(void)
{
    static const struct community_text_part text_part = {moderation_text_write, moderation_text_read};
    static const struct community_checker checker = {before, after, joining, topics_out};
    community_text_add(&text_part);
    community_check(&checker);
    urgent_listen();
    community_listen(hear, NULL);
    community_listen_in_group(hear, NULL);
    community_listen_in_group(hear_muted, NULL); /* after the commands: a muted person may still report */
}

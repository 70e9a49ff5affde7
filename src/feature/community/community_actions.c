/* SPDX-License-Identifier: EUPL-1.2 */
/* What people do with a community itself: settings, words, partners, channels, documents, rights, absences. */
#include "base/id.h"
#include "core/audit.h"
#include "core/org.h"
#include "core/people.h"
#include "feature/community/community_room.h"
#include "feature/community/community_store.h"
#include "feature/community/member_actions.h"
#include "feature/community/question_room.h"

enum { NAME_MAX = 120, WORDS_MAX = 4000, LIMIT_MAX = 1000000 };

/* ---- settings ---- */

static enum pw_err check_codes(struct ctx *c, const struct community_edit *e, struct community *m)
{
    enum pw_err r = PW_OK;
    if (!community_mode_parse(e->mode, &m->mode))
        r = problem_add(c->problems, "mode", N_("Choose one of the list."));
    if (!community_visibility_parse(e->visibility, &m->visibility))
        r = problem_add(c->problems, "visibility", N_("Choose one of the list."));
    if (!community_moderation_parse(e->moderation, &m->moderation))
        r = problem_add(c->problems, "moderation", N_("Choose one of the list."));
    if (!work_mode_parse(e->clock_mode, &m->clock_mode))
        r = problem_add(c->problems, "clock_mode", N_("Choose one of the list."));
    return r;
}

static enum pw_err check_languages(struct ctx *c, struct sv languages)
{
    struct sv rest = languages, head;
    size_t n = 0;
    while (sv_cut(&rest, ' ', &head)) {
        if (!head.n)
            continue;
        if (!lang_code_ok(head))
            return problem_add(c->problems, "languages", N_("Write language codes, like “ar en fr”."));
        n++;
    }
    return n && n <= 12 ? PW_OK : problem_add(c->problems, "languages", N_("Name one to twelve languages."));
}

static enum pw_err check_media(struct ctx *c, struct sv media)
{
    struct sv rest = media, head;
    while (sv_cut(&rest, ' ', &head))
        if (head.n && !sv_eq_z(head, "image") && !sv_eq_z(head, "voice") && !sv_eq_z(head, "file") &&
            !sv_eq_z(head, "video"))
            return problem_add(c->problems, "media", N_("Choose one of the list."));
    return PW_OK;
}

/* Typed settings become the community's; every wrong field is reported, not only the first. */
static enum pw_err take_edit(struct ctx *c, const struct community_edit *e, struct community *m)
{
    size_t before = c->problems->n;
    m->slug = e->slug;
    m->territory = e->territory;
    m->languages = e->languages;
    m->zone = e->zone;
    m->hours = e->hours;
    m->calendar = e->calendar;
    m->calendar_edits = e->calendar_edits;
    m->media = e->media;
    m->standard_hours = e->standard_hours;
    m->member_limit = e->member_limit;
    m->stand_in = e->stand_in;
    if (!slug_ok(e->slug))
        (void)problem_add(c->problems, "slug",
                          N_("Use 2 to 40 small letters, digits and hyphens, like “ottawa-welcome”."));
    (void)check_codes(c, e, m);
    (void)check_languages(c, e->languages);
    (void)check_media(c, e->media);
    NOTED(take_line(c, "territory", false, NAME_MAX, &m->territory));
    if (e->member_limit < 0 || e->member_limit > LIMIT_MAX)
        (void)problem_add(c->problems, "member_limit", N_("A number of members, or 0 for no limit."));
    struct worktime w;
    enum pw_err clock = clock_of(c, m, &w);
    if (clock != PW_OK && clock != PW_INVALID)
        return clock;
    if (clock == PW_OK && m->standard_hours)
        NOTED(work_check(&w, c->problems));
    struct person p;
    if (e->stand_in && person_get(c, e->stand_in, &p) != PW_OK)
        (void)problem_add(c->problems, "stand_in", N_("This person is not known here."));
    return c->problems->n > before ? PW_INVALID : PW_OK;
}

static enum pw_err slug_free(struct ctx *c, struct sv slug, int64_t own_id)
{
    struct community other;
    enum pw_err e = community_row_by_slug(c, slug, &other);
    if (e == PW_OK && other.id != own_id)
        return problem_add(c->problems, "slug", N_("Another community has this address."));
    return e == PW_OK || e == PW_NOT_FOUND ? PW_OK : e;
}

/* The first organisation of the installation. */
static enum pw_err oldest_org(struct ctx *c, int64_t *ret)
{
    struct org *v;
    size_t n, best = 0;
    PW_TRY(org_list(c, &v, &n));
    for (size_t i = 1; i < n; i++)
        if (v[i].created_ms < v[best].created_ms)
            best = i;
    if (!n)
        return problem_add(c->problems, "owner_org", N_("This cannot be empty."));
    *ret = v[best].id;
    return PW_OK;
}

/* A volunteer without organisation who made a community before stays one organiser; PW_NOT_FOUND the first time. */
static enum pw_err own_solo(struct ctx *c, struct sv name, int64_t *ret)
{
    for (size_t i = 0; i < c->actor->n_grants; i++) {
        const struct grant *g = &c->actor->grants[i];
        struct community com;
        struct org o;
        if (g->scope != SCOPE_COMMUNITY || g->role != ROLE_TECH_ADMIN)
            continue;
        PW_TRY(community_row(c, g->scope_id, &com));
        PW_TRY(org_get(c, com.owner_org, &o));
        if (o.kind == ORG_SOLO && sv_eq(o.name, name)) {
            *ret = o.id;
            return PW_OK;
        }
    }
    return PW_NOT_FOUND;
}

/* The owner, or a new solo organiser when a volunteer has no organisation (PPL-7). Who works at the command line acts
 * for the organisation that runs the installation. */
static enum pw_err take_owner(struct ctx *c, int64_t owner_org, int64_t *ret)
{
    struct org o;
    if (owner_org) {
        enum pw_err e = org_get(c, owner_org, &o);
        if (e == PW_NOT_FOUND)
            return problem_add(c->problems, "owner_org", N_("This organisation is not known here."));
        PW_TRY(e);
        *ret = owner_org;
        return PW_OK;
    }
    if (!c->actor->person_id)
        return oldest_org(c, ret);
    struct person p;
    PW_TRY(person_get(c, c->actor->person_id, &p));
    enum pw_err e = own_solo(c, p.display_name, ret);
    if (e != PW_NOT_FOUND)
        return e;
    o = (struct org){.kind = ORG_SOLO, .name = p.display_name, .lang = p.lang};
    return org_create(c, &o, ret);
}

static enum pw_err take_words(struct ctx *c, const struct community_words *in, struct sv languages,
                              struct community_words *ret)
{
    struct community_words w = *in;
    size_t before = c->problems->n;
    if (!lang_in(languages, w.lang))
        (void)problem_add(c->problems, "lang", N_("The community does not use this language."));
    NOTED(take_line(c, "name", true, NAME_MAX, &w.name));
    NOTED(take_text(c, "purpose", false, WORDS_MAX, &w.purpose));
    NOTED(take_text(c, "audience", false, WORDS_MAX, &w.audience));
    NOTED(take_text(c, "topics_in", false, WORDS_MAX, &w.topics_in));
    NOTED(take_text(c, "topics_out", false, WORDS_MAX, &w.topics_out));
    if (c->problems->n > before)
        return PW_INVALID;
    *ret = w;
    return PW_OK;
}

static bool may_create(const struct ctx *c)
{
    return is_system(c) || c->actor->kind == ACTOR_STAFF || (c->actor->kind == ACTOR_TOKEN && c->actor->write);
}

static enum pw_err give(struct ctx *c, int64_t community_id, int64_t person_id, enum role role, int64_t expires_ms,
                        int64_t *ret_id)
{
    struct grant g = {.person_id = person_id,
                      .role = role,
                      .scope = SCOPE_COMMUNITY,
                      .scope_id = community_id,
                      .granted_ms = c->now_ms,
                      .expires_ms = expires_ms,
                      .granted_by = c->actor->person_id};
    return grant_give(c, &g, ret_id);
}

/* Nobody has a right in a new community yet: its maker gets both by the act of making it, with the own name in the
 * log. */
static enum pw_err give_first_roles(struct ctx *c, int64_t community_id)
{
    if (!c->actor->person_id)
        return PW_OK;
    struct actor maker = *c->actor;
    struct ctx own = *c;
    int64_t grant = 0;
    maker.kind = ACTOR_SYSTEM;
    own.actor = &maker;
    PW_TRY(give(&own, community_id, maker.person_id, ROLE_TECH_ADMIN, 0, &grant));
    return give(&own, community_id, maker.person_id, ROLE_MODERATOR, 0, &grant);
}

enum pw_err community_create(struct ctx *c, const struct community_edit *e, const struct community_words *words,
                             int64_t *ret_id)
{
    if (!may_create(c))
        return PW_DENIED;
    struct community m = {.id = id_new(), .status = COM_DRAFT, .created_ms = c->now_ms, .changed_ms = c->now_ms};
    struct community_words w;
    enum pw_err e1 = take_edit(c, e, &m);
    enum pw_err e2 = take_words(c, words, e->languages, &w);
    if (e1 != PW_OK || e2 != PW_OK)
        return e1 != PW_OK ? e1 : e2;
    PW_TRY(slug_free(c, m.slug, 0));
    PW_TRY(take_owner(c, e->owner_org, &m.owner_org));
    PW_TRY(community_insert(c, &m));
    PW_TRY(words_save(c, m.id, &w));
    PW_TRY(give_first_roles(c, m.id));
    PW_TRY(note_fact(c, "community.created", "community", m.id, m.id, (struct sv){0}));
    *ret_id = m.id;
    return PW_OK;
}

static bool clock_changed(const struct community *a, const struct community *b)
{
    return !sv_eq(a->zone, b->zone) || !sv_eq(a->hours, b->hours) || !sv_eq(a->calendar, b->calendar) ||
           !sv_eq(a->calendar_edits, b->calendar_edits) || a->standard_hours != b->standard_hours ||
           a->clock_mode != b->clock_mode;
}

enum pw_err community_update(struct ctx *c, int64_t id, const struct community_edit *e)
{
    struct community old;
    PW_TRY(need_admin(c, id, &old));
    struct community m = old;
    PW_TRY(take_edit(c, e, &m));
    PW_TRY(slug_free(c, m.slug, id));
    if (e->owner_org && e->owner_org != old.owner_org)
        PW_TRY(take_owner(c, e->owner_org, &m.owner_org));
    PW_TRY(community_save(c, &m));
    if (clock_changed(&old, &m))
        PW_TRY(questions_clock_again(c, &m));
    int64_t admitted = 0;
    if (m.member_limit != old.member_limit)
        PW_TRY(admit_waiting(c, &m, &admitted));
    return note_fact(c, "community.changed", "community", id, id, (struct sv){0});
}

enum pw_err community_set_limit(struct ctx *c, int64_t id, int64_t member_limit, int64_t *ret_admitted)
{
    struct community m;
    PW_TRY(need_admin(c, id, &m));
    if (member_limit < 0 || member_limit > LIMIT_MAX)
        return problem_add(c->problems, "member_limit", N_("A number of members, or 0 for no limit."));
    struct sv detail = arena_fmt(c->arena, "from=%lld to=%lld", (long long)m.member_limit, (long long)member_limit);
    m.member_limit = member_limit;
    PW_TRY(community_save(c, &m));
    PW_TRY(audit(c, "community.limit", "community", id, detail));
    return admit_waiting(c, &m, ret_admitted);
}

enum pw_err community_write_words(struct ctx *c, int64_t id, const struct community_words *words)
{
    struct community m;
    PW_TRY(need_admin(c, id, &m));
    struct community_words w;
    PW_TRY(take_words(c, words, m.languages, &w));
    PW_TRY(words_save(c, id, &w));
    return note_fact(c, "community.changed", "community", id, id, (struct sv){0});
}

enum pw_err community_set_status(struct ctx *c, int64_t id, struct sv status, struct sv reason)
{
    struct community m;
    PW_TRY(need_admin(c, id, &m));
    enum community_status to;
    if (!community_status_parse(status, &to))
        return problem_add(c->problems, "status", N_("Choose one of the list."));
    if (to == m.status)
        return PW_OK;
    if (!community_status_may(m.status, to))
        return PW_CONFLICT;
    if (to == COM_LIVE && !m.guidelines_doc)
        return problem_add(c->problems, "status", N_("Write the guidelines first: people accept them when they join."));
    if (!code_ok(reason))
        return problem_add(c->problems, "reason", N_("Choose one of the list."));
    PW_TRY(community_gates_ask(c, &m, to));
    PW_TRY(community_save_status(c, id, to));
    struct sv detail = arena_fmt(c->arena, "from=%s to=%s reason=%.*s", community_status_code(m.status),
                                 community_status_code(to), SV_ARG(reason));
    return note_fact(c, "community.status", "community", id, id, detail);
}

/* ---- partners, channels, documents ---- */

enum pw_err community_add_partner(struct ctx *c, int64_t id, int64_t org_id)
{
    struct community m;
    struct org o;
    PW_TRY(need_admin(c, id, &m));
    PW_TRY(org_get(c, org_id, &o));
    PW_TRY(partner_insert(c, id, org_id));
    return audit(c, "community.partner", "community", id, arena_fmt(c->arena, "add=%lld", (long long)org_id));
}

enum pw_err community_remove_partner(struct ctx *c, int64_t id, int64_t org_id)
{
    struct community m;
    int64_t changed = 0;
    PW_TRY(need_admin(c, id, &m));
    PW_TRY(partner_delete(c, id, org_id, &changed));
    if (!changed)
        return PW_NOT_FOUND;
    return audit(c, "community.partner", "community", id, arena_fmt(c->arena, "remove=%lld", (long long)org_id));
}

enum pw_err community_add_channel(struct ctx *c, int64_t id, int64_t channel_id, struct sv kind, struct sv chat,
                                  int64_t member_limit, struct sv limit_source, int64_t *ret_id)
{
    struct community m;
    PW_TRY(need_admin(c, id, &m));
    struct community_channel p = {.id = id_new(),
                                  .community_id = id,
                                  .channel_id = channel_id,
                                  .member_limit = member_limit > 0 ? member_limit : 0,
                                  .since_ms = c->now_ms,
                                  .kind = kind,
                                  .chat = chat,
                                  .limit_source = limit_source};
    PW_TRY(take_line(c, "chat", false, 100, &p.chat));
    PW_TRY(take_line(c, "limit_source", false, 300, &p.limit_source));
    enum pw_err e = place_insert(c, &p);
    if (e == PW_CONFLICT)
        return problem_add(c->problems, "chat", N_("This group already belongs to a community."));
    PW_TRY(e);
    PW_TRY(audit(c, "community.channel", "community", id, arena_fmt(c->arena, "add=%lld", (long long)channel_id)));
    *ret_id = p.id;
    return PW_OK;
}

enum pw_err community_channel_topic(struct ctx *c, int64_t community_channel_id, struct sv topic)
{
    struct community_channel p;
    struct community m;
    PW_TRY(place_row(c, community_channel_id, &p));
    PW_TRY(need_admin(c, p.community_id, &m));
    if (!code_ok(topic))
        return problem_add(c->problems, "topic", N_("Use small letters, digits and hyphens."));
    PW_TRY(place_set_topic(c, p.id, topic));
    return audit(c, "community.channel", "community", m.id, arena_fmt(c->arena, "topic=%.*s", SV_ARG(topic)));
}

enum pw_err community_limit_channel(struct ctx *c, int64_t community_channel_id, int64_t member_limit,
                                    struct sv limit_source, int64_t *ret_admitted)
{
    struct community_channel p;
    struct community m;
    PW_TRY(place_row(c, community_channel_id, &p));
    PW_TRY(need_admin(c, p.community_id, &m));
    PW_TRY(take_line(c, "limit_source", false, 300, &limit_source));
    if (member_limit < 0)
        return problem_add(c->problems, "limit", N_("Give a number of members; 0 means no limit."));
    PW_TRY(place_set_limit(c, p.id, member_limit, limit_source));
    PW_TRY(
        audit(c, "community.channel", "community", m.id, arena_fmt(c->arena, "limit=%lld", (long long)member_limit)));
    return admit_waiting(c, &m, ret_admitted);
}

enum pw_err community_remove_channel(struct ctx *c, int64_t community_channel_id)
{
    struct community_channel p;
    struct community m;
    PW_TRY(place_row(c, community_channel_id, &p));
    PW_TRY(need_admin(c, p.community_id, &m));
    PW_TRY(place_delete(c, p.id));
    return audit(c, "community.channel", "community", m.id,
                 arena_fmt(c->arena, "remove=%lld", (long long)p.channel_id));
}

enum pw_err community_write_document(struct ctx *c, int64_t id, enum doc_kind kind, struct sv lang, struct sv title,
                                     struct sv body, bool is_source, int64_t *ret_version)
{
    struct community m;
    PW_TRY(need_admin(c, id, &m));
    int64_t doc = kind == DOC_GUIDELINES    ? m.guidelines_doc
                  : kind == DOC_WELCOME     ? m.welcome_doc
                  : kind == DOC_DESCRIPTION ? m.description_doc
                                            : -1;
    if (doc < 0)
        return problem_add(c->problems, "kind", N_("Choose one of the list."));
    if (!lang_in(m.languages, lang))
        return problem_add(c->problems, "lang", N_("The community does not use this language."));
    PW_TRY(take_line(c, "title", true, NAME_MAX, &title));
    PW_TRY(take_text(c, "body", true, 50000, &body));
    if (!doc) {
        PW_TRY(doc_create(c, kind, SV("community"), id, true, &doc));
        PW_TRY(community_save_document(c, id, kind, doc));
        is_source = true; /* the first text of a document is its source */
    }
    return doc_write(c, doc, lang, title, body, is_source, ret_version);
}

/* ---- rights (MSG-9) ---- */

enum pw_err community_grant(struct ctx *c, int64_t id, int64_t person_id, enum role role, int64_t expires_ms,
                            int64_t *ret_id)
{
    struct community m;
    struct person p;
    PW_TRY(need_admin(c, id, &m));
    if (role != ROLE_MODERATOR && role != ROLE_TECH_ADMIN && role != ROLE_SPECIALIST && role != ROLE_EVALUATOR)
        return problem_add(c->problems, "role", N_("Choose one of the list."));
    if (person_get(c, person_id, &p) != PW_OK)
        return problem_add(c->problems, "person", N_("This person is not known here."));
    return give(c, id, person_id, role, expires_ms, ret_id);
}

enum pw_err community_withdraw(struct ctx *c, int64_t id, int64_t grant_id)
{
    struct community m;
    struct grant *v;
    size_t n, admins = 0;
    const struct grant *found = NULL;
    PW_TRY(need_admin(c, id, &m));
    PW_TRY(grant_list(c, SCOPE_COMMUNITY, id, &v, &n));
    for (size_t i = 0; i < n; i++) {
        admins += v[i].role == ROLE_TECH_ADMIN;
        if (v[i].id == grant_id)
            found = &v[i];
    }
    if (!found)
        return PW_NOT_FOUND;
    if (found->role == ROLE_TECH_ADMIN && admins == 1)
        return problem_add(c->problems, NULL, N_("The last administrator of a community cannot be withdrawn."));
    return grant_withdraw(c, grant_id);
}

enum pw_err community_grants(struct ctx *c, int64_t id, struct grant **ret, size_t *ret_n)
{
    struct community m;
    PW_TRY(community_row(c, id, &m));
    if (!works_in(c, &m))
        return PW_NOT_FOUND;
    return grant_list(c, SCOPE_COMMUNITY, id, ret, ret_n);
}

/* ---- absences (SLA-8) ---- */

static enum pw_err need_self_or_admin(struct ctx *c, int64_t community_id, int64_t person_id, struct community *ret)
{
    PW_TRY(community_row(c, community_id, ret));
    if (community_may_admin(c, ret) || (community_may_moderate(c, ret) && person_id == c->actor->person_id))
        return PW_OK;
    return works_in(c, ret) ? PW_DENIED : PW_NOT_FOUND;
}

enum pw_err absence_set(struct ctx *c, int64_t community_id, int64_t person_id, int64_t from_ms, int64_t until_ms)
{
    struct community m;
    PW_TRY(need_self_or_admin(c, community_id, person_id, &m));
    if (until_ms <= from_ms || until_ms <= c->now_ms)
        return problem_add(c->problems, "until", N_("The return must lie in the future and after the start."));
    struct absence a = {person_id, from_ms, until_ms};
    PW_TRY(absence_save(c, community_id, &a));
    PW_TRY(
        audit(c, "absence.set", "community", community_id, arena_fmt(c->arena, "person=%lld", (long long)person_id)));
    return from_ms <= c->now_ms ? questions_to_stand_in(c, &m, person_id) : PW_OK;
}

enum pw_err absence_clear(struct ctx *c, int64_t community_id, int64_t person_id)
{
    struct community m;
    PW_TRY(need_self_or_admin(c, community_id, person_id, &m));
    PW_TRY(absence_delete(c, community_id, person_id));
    return audit(c, "absence.clear", "community", community_id,
                 arena_fmt(c->arena, "person=%lld", (long long)person_id));
}

enum pw_err absence_list(struct ctx *c, int64_t community_id, struct absence **ret, size_t *ret_n)
{
    struct community m;
    PW_TRY(community_row(c, community_id, &m));
    if (!works_in(c, &m))
        return PW_NOT_FOUND;
    return absence_rows(c, community_id, ret, ret_n);
}

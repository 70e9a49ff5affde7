/* SPDX-License-Identifier: EUPL-1.2 */
/* The record of a person as pages and API show it. Reading one as staff leaves a trace (CNS-7). */
#include "channel/registry.h"
#include "core/access.h"
#include "core/audit.h"
#include "core/org.h"
#include "feature/person/person_room.h"

static const char *const purposes[CONSENT__MAX] = {
    [CONSENT_SERVICE] = N_("Follow-up of the service"),
    [CONSENT_SHARE_ORG] = N_("Sharing with an organisation"),
    [CONSENT_RESEARCH] = N_("Research"),
    [CONSENT_QUOTE] = N_("Quotation or picture"),
    [CONSENT_PLATFORM] = N_("Use of an outside app"),
};

const char *consent_purpose_label(enum consent_purpose p)
{
    return (unsigned)p < CONSENT__MAX ? purposes[p] : "";
}

static enum pw_err read_apps(struct ctx *c, struct person_record *io)
{
    struct identity *ids;
    struct channel_info *ch;
    size_t n, n_ch;
    PW_TRY(identity_channels(c, io->p.id, &ids, &n));
    PW_TRY(channel_list(c, &ch, &n_ch));
    io->apps = arena_array(c->arena, struct person_app, n + 1);
    if (!io->apps)
        return PW_UNAVAILABLE;
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < n_ch; k++)
            if (ch[k].id == ids[i].channel_id)
                io->apps[io->n_apps++] = (struct person_app){ch[k].kind, ch[k].name, ids[i].since_ms, ids[i].blocked};
    return PW_OK;
}

static enum pw_err read_consents(struct ctx *c, struct person_record *io)
{
    struct consent *v;
    PW_TRY(consent_list(c, io->p.id, &v, &io->n_consents));
    io->consents = arena_array(c->arena, struct person_consent, io->n_consents + 1);
    if (!io->consents)
        return PW_UNAVAILABLE;
    for (size_t i = 0; i < io->n_consents; i++) {
        struct org o = {0};
        if (v[i].recipient_org) {
            enum pw_err e = org_get(c, v[i].recipient_org, &o);
            if (e != PW_OK && e != PW_NOT_FOUND)
                return e;
        }
        io->consents[i] = (struct person_consent){
            v[i], o.name, !v[i].withdrawn_ms && (!v[i].expires_ms || v[i].expires_ms > c->now_ms)};
    }
    return PW_OK;
}

static enum pw_err read_rest(struct ctx *c, enum person_side side, struct person_record *io)
{
    PW_TRY(person_langs(c, io->p.id, &io->langs, &io->n_langs));
    PW_TRY(person_levels(c, io->p.id, &io->levels, &io->n_levels));
    PW_TRY(read_apps(c, io));
    PW_TRY(read_consents(c, io));
    int64_t *ids;
    size_t n;
    PW_TRY(person_ids(c, io->p.id, &ids, &n));
    PW_TRY(disclosure_list(c, ids, n, &io->disclosures, &io->n_disclosures));
    return person_panels(c, &io->p, side, io->panels, &io->n_panels);
}

enum pw_err record_read(struct ctx *c, int64_t person_id, struct person_record *ret)
{
    struct person_record r = {0};
    struct person_place *all;
    size_t n;
    PW_TRY(person_need_places(c, person_id, &r.p, &all, &n));
    bool everywhere = actor_has_role(c->actor, ROLE_NETWORK_ADMIN, SCOPE_NETWORK, 0);
    r.places = arena_array(c->arena, struct person_place, n + 1);
    if (!r.places)
        return PW_UNAVAILABLE;
    for (size_t i = 0; i < n; i++) /* what another agency does with the person is theirs to say */
        if (everywhere || works_at(c, &all[i]))
            r.places[r.n_places++] = all[i];
    PW_TRY(read_rest(c, PERSON_STAFF, &r));
    PW_TRY(person_merges(c, r.p.id, &r.merges, &r.n_merges));
    if (r.n_merges)
        PW_TRY(twins_may(c, r.p.id, all, n, &r.may_part));
    PW_TRY(audit(c, "person.read", "person", r.p.id, (struct sv){0}));
    *ret = r;
    return PW_OK;
}

enum pw_err record_own(struct ctx *c, struct person_record *ret)
{
    struct person_record r = {0};
    PW_TRY(person_own(c, &r.p));
    PW_TRY(person_places(c, r.p.id, &r.places, &r.n_places));
    PW_TRY(read_rest(c, PERSON_OWN, &r));
    *ret = r;
    return PW_OK;
}

enum pw_err consent_own_withdraw(struct ctx *c, int64_t consent_id)
{
    struct person p;
    struct consent *v;
    size_t n;
    PW_TRY(person_own(c, &p));
    PW_TRY(consent_list(c, p.id, &v, &n));
    for (size_t i = 0; i < n; i++)
        if (v[i].id == consent_id)
            return consent_withdraw(c, consent_id);
    return PW_NOT_FOUND;
}

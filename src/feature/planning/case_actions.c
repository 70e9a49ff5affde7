/* SPDX-License-Identifier: EUPL-1.2 */
/* A community that follows cases: a private thread needs a file number and a signed consent. What a file holds
 * stays where the organisation keeps it; here is only its number, sealed with the person's key. */
#include "base/id.h"
#include "core/audit.h"
#include "core/document.h"
#include "core/people.h"
#include "core/vault.h"
#include "feature/planning/planning_room.h"

DB_STMT(member_file_put,
        "INSERT INTO member_file (community_id, person_id, file_number, written_ms, written_by) "
        "VALUES ($1, $2, $3, $4, $5) ON CONFLICT (community_id, person_id) DO UPDATE SET "
        "file_number = excluded.file_number, written_ms = excluded.written_ms, written_by = excluded.written_by");
DB_STMT(member_file_one, "SELECT file_number FROM member_file WHERE community_id = $1 AND person_id = $2");

static struct seal_place file_of(int64_t person_id)
{
    return (struct seal_place){"member_file", "file_number", person_id};
}

/* Empty: none recorded. */
static enum pw_err file_number(struct ctx *c, int64_t community_id, int64_t person_id, struct sv *ret)
{
    struct db_rows r;
    *ret = (struct sv){0};
    PW_TRY(db_query(c->db, c->arena, &member_file_one, DB_ARGS(DB_I(community_id), DB_I(person_id)), &r));
    if (!r.n)
        return PW_OK;
    enum pw_err e = unseal(c, person_id, file_of(person_id), db_text(&r, 0, 0), ret);
    return e == PW_NOT_FOUND ? PW_OK : e; /* the person was erased */
}

static enum pw_err consent_of(struct ctx *c, int64_t person_id, int64_t *ret_id)
{
    enum pw_err e = consent_check(c, person_id, CONSENT_SERVICE, 0, ret_id);
    if (e == PW_OK)
        return PW_OK;
    *ret_id = 0;
    return e == PW_DENIED ? PW_OK : e;
}

enum pw_err case_gate(void *self, struct ctx *c, const struct community *com, int64_t person_id)
{
    (void)self;
    struct plan p;
    struct sv number;
    int64_t consent;
    PW_TRY(plan_row(c, com->id, &p));
    if (!p.needs_file)
        return PW_OK;
    PW_TRY(file_number(c, com->id, person_id, &number));
    PW_TRY(consent_of(c, person_id, &consent));
    if (number.n && consent)
        return PW_OK;
    return problem_add(c->problems, "text",
                       number.n ? N_("Here a private thread needs a signed consent. Record it on the page “Files and "
                                     "consents” of the community, then write.")
                       : consent
                           ? N_("Here a private thread needs a file number. Record it on the page “Files and "
                                "consents” of the community, then write.")
                           : N_("Here a private thread needs a file number and a signed consent. Record both on the "
                                "page “Files and consents” of the community, then write."));
}

static enum pw_err fill(struct ctx *c, int64_t community_id, struct case_row *row)
{
    struct consent *v;
    size_t n;
    int64_t id;
    PW_TRY(file_number(c, community_id, row->person_id, &row->file_number));
    PW_TRY(consent_of(c, row->person_id, &id));
    row->consent = id != 0;
    PW_TRY(consent_list(c, row->person_id, &v, &n));
    for (size_t i = 0; i < n; i++)
        if (v[i].id == id)
            row->consent_ms = v[i].given_ms;
    return PW_OK;
}

enum pw_err case_list(struct ctx *c, int64_t community_id, struct case_row **ret, size_t *ret_n)
{
    struct community com;
    struct membership *m;
    size_t n;
    PW_TRY(need_moderate(c, community_id, &com));
    PW_TRY(membership_all(c, community_id, &m, &n));
    struct case_row *v = arena_array(c->arena, struct case_row, n + 1);
    if (!v)
        return PW_UNAVAILABLE;
    for (size_t i = 0; i < n; i++) {
        v[i] = (struct case_row){.person_id = m[i].person_id, .name = m[i].name};
        PW_TRY(fill(c, community_id, &v[i]));
    }
    PW_TRY(audit(c, "case.list", "community", community_id, arena_fmt(c->arena, "people=%zu", n)));
    *ret = v;
    *ret_n = n;
    return PW_OK;
}

static enum pw_err sign(struct ctx *c, int64_t community_id, const struct case_edit *e, struct sv lang)
{
    static const char *const methods[] = {"signature", "recorded-voice", "witnessed"};
    struct consent n = {.person_id = e->person_id,
                        .purpose = CONSENT_SERVICE,
                        .method = METHOD__MAX,
                        .staff_person = c->actor->person_id};
    struct doc_text t;
    int64_t id;
    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++)
        if (sv_eq_z(e->method, methods[i]))
            n.method = (enum consent_method)i;
    if (n.method == METHOD__MAX)
        return problem_add(c->problems, "method", N_("Choose one of the list."));
    enum pw_err r = doc_find(c, DOC_CONSENT, SV("community"), community_id, &n.doc_id);
    if (r == PW_OK)
        r = doc_read(c, n.doc_id, lang, 0, &t);
    if (r == PW_NOT_FOUND)
        return problem_add(c->problems, "consent", N_("Write the text of the consent first, on this page."));
    PW_TRY(r);
    n.doc_version = t.version;
    n.lang = t.lang;
    return consent_give(c, &n, &id);
}

enum pw_err case_record(struct ctx *c, int64_t community_id, const struct case_edit *e)
{
    struct community com;
    struct membership m;
    struct sv number = e->file_number, sealed;
    int64_t consent;
    size_t before = c->problems->n;
    PW_TRY(need_moderate(c, community_id, &com));
    if (membership_of(c, community_id, e->person_id, &m) != PW_OK || m.state != MEMBER_ACTIVE)
        return problem_add(c->problems, "person", N_("Choose a member of this community."));
    NOTED(take_line(c, "file_number", true, 60, &number));
    PW_TRY(consent_of(c, e->person_id, &consent));
    if (e->consent && !consent)
        NOTED(sign(c, community_id, e, m.lang));
    if (c->problems->n > before)
        return PW_INVALID;
    PW_TRY(seal(c, e->person_id, file_of(e->person_id), number, &sealed));
    PW_TRY(db_exec(
        c->db, &member_file_put,
        DB_ARGS(DB_I(community_id), DB_I(e->person_id), DB_B(sealed), DB_I(c->now_ms), DB_I(c->actor->person_id)),
        NULL));
    return audit(c, "case.file", "person", e->person_id,
                 arena_fmt(c->arena, "community=%lld", (long long)community_id));
}

enum pw_err case_withdraw(struct ctx *c, int64_t community_id, int64_t person_id)
{
    struct community com;
    struct membership m;
    int64_t id;
    PW_TRY(need_moderate(c, community_id, &com));
    PW_TRY(membership_of(c, community_id, person_id, &m)); /* somebody else's members are not theirs to change */
    PW_TRY(consent_of(c, person_id, &id));
    return id ? consent_withdraw(c, id) : PW_NOT_FOUND;
}

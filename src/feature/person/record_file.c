/* SPDX-License-Identifier: EUPL-1.2 */
/* The person's own file: everything that is recorded about them, as one readable JSON text (CNS-8, "obtain"). Names of
 * members are English words; their values are as stored, or said in the reader's language where there are only words.
 */
#include "core/audit.h"
#include "feature/person/person_room.h"
#include "json/json.h"

enum { WORDS_MOST = 1000 };

static void write_languages(struct json_w *w, const struct person_record *r)
{
    json_w_key(w, "languages");
    json_w_array(w);
    for (size_t i = 0; i < r->n_langs; i++) {
        json_w_object(w);
        json_w_kv_sv(w, "language", r->langs[i].code);
        json_w_kv_bool(w, "speaks", r->langs[i].speaks);
        json_w_kv_bool(w, "reads", r->langs[i].reads);
        json_w_end(w);
    }
    json_w_end(w);
}

static void write_levels(struct json_w *w, const struct person_record *r)
{
    json_w_key(w, "language_levels");
    json_w_array(w);
    for (size_t i = 0; i < r->n_levels; i++) {
        const struct language_level *l = &r->levels[i];
        json_w_object(w);
        json_w_kv_id(w, "id", l->id);
        json_w_kv_z(w, "scale", level_scale_code(l->scale));
        json_w_kv_z(w, "skill", level_skill_code(l->skill));
        json_w_kv_int(w, "level", l->level);
        json_w_kv_z(w, "known", l->self ? "self" : "assessed");
        json_w_kv_sv(w, "assessor", l->assessor);
        json_w_kv_sv(w, "day", l->on_day);
        json_w_kv_sv(w, "noted_by", l->noted_name);
        json_w_kv_time(w, "withdrawn", l->withdrawn_ms);
        json_w_end(w);
    }
    json_w_end(w);
}

static void write_places(struct json_w *w, const struct person_record *r)
{
    json_w_key(w, "communities");
    json_w_array(w);
    for (size_t i = 0; i < r->n_places; i++) {
        const struct person_place *p = &r->places[i];
        json_w_object(w);
        json_w_kv_id(w, "community", p->com.id);
        json_w_kv_sv(w, "name", p->com.words.name);
        json_w_kv_z(w, "membership", p->m.id ? membership_state_code(p->m.state) : NULL);
        json_w_kv_z(w, "request", p->asked.id ? join_state_code(p->asked.state) : NULL);
        json_w_kv_time(w, "asked", p->asked.asked_ms);
        json_w_kv_time(w, "joined", p->m.joined_ms);
        json_w_kv_time(w, "ended", p->m.ended_ms);
        json_w_kv_sv(w, "language_of_messages", p->m.lang);
        json_w_kv_sv(w, "reached_by", p->m.channel_kind);
        json_w_kv_int(w, "guidelines_version_accepted", p->m.guidelines_version);
        json_w_end(w);
    }
    json_w_end(w);
}

static void write_apps(struct json_w *w, const struct person_record *r)
{
    json_w_key(w, "apps");
    json_w_array(w);
    for (size_t i = 0; i < r->n_apps; i++) {
        json_w_object(w);
        json_w_kv_sv(w, "kind", r->apps[i].kind);
        json_w_kv_time(w, "since", r->apps[i].since_ms);
        json_w_kv_bool(w, "wants_no_messages", r->apps[i].stopped);
        json_w_end(w);
    }
    json_w_end(w);
}

static void write_consents(struct json_w *w, const struct person_record *r)
{
    json_w_key(w, "consents");
    json_w_array(w);
    for (size_t i = 0; i < r->n_consents; i++) {
        const struct person_consent *k = &r->consents[i];
        json_w_object(w);
        json_w_kv_id(w, "id", k->c.id);
        json_w_kv_z(w, "purpose", consent_purpose_label(k->c.purpose));
        json_w_kv_sv(w, "organisation", k->recipient);
        json_w_kv_time(w, "given", k->c.given_ms);
        json_w_kv_time(w, "expires", k->c.expires_ms);
        json_w_kv_time(w, "withdrawn", k->c.withdrawn_ms);
        json_w_kv_bool(w, "in_force", k->in_force);
        json_w_end(w);
    }
    json_w_end(w);
}

static void write_disclosures(struct json_w *w, const struct person_record *r)
{
    json_w_key(w, "disclosures");
    json_w_array(w);
    for (size_t i = 0; i < r->n_disclosures; i++) {
        const struct disclosure *d = &r->disclosures[i];
        json_w_object(w);
        json_w_kv_sv(w, "what", d->what);
        json_w_kv_sv(w, "to", d->recipient);
        json_w_kv_sv(w, "basis", d->basis);
        json_w_kv_sv(w, "reason", d->reason);
        json_w_kv_time(w, "given", d->given_ms);
        json_w_kv_sv(w, "by", d->noted_name);
        json_w_end(w);
    }
    json_w_end(w);
}

static void write_panels(struct json_w *w, const struct person_record *r)
{
    json_w_key(w, "more");
    json_w_array(w);
    for (size_t i = 0; i < r->n_panels; i++) {
        json_w_object(w);
        json_w_kv_sv(w, "about", r->panels[i].title);
        json_w_key(w, "lines");
        json_w_array(w);
        for (size_t k = 0; k < r->panels[i].n; k++) {
            json_w_object(w);
            json_w_kv_sv(w, "text", r->panels[i].lines[k].text);
            json_w_kv_sv(w, "note", r->panels[i].lines[k].note);
            json_w_end(w);
        }
        json_w_end(w);
        json_w_end(w);
    }
    json_w_end(w);
}

static struct sv place_name(const struct person_record *r, int64_t community_id)
{
    for (size_t i = 0; i < r->n_places; i++)
        if (r->places[i].com.id == community_id)
            return r->places[i].com.words.name;
    return (struct sv){0};
}

static void write_messages(struct json_w *w, const struct person_record *r, const char *name, const struct message *v,
                           size_t n)
{
    static const char *const from[AUTHOR__MAX] = {"you", "staff", "the system"};
    json_w_key(w, name);
    json_w_array(w);
    for (size_t i = 0; i < n; i++) {
        json_w_object(w);
        json_w_kv_time(w, "at", v[i].written_ms);
        json_w_kv_sv(w, "community", place_name(r, v[i].community_id));
        json_w_kv_z(w, "from", from[v[i].author_role]);
        json_w_kv_sv(w, "text", v[i].body);
        json_w_kv_bool(w, "with_file", v[i].file_id != 0);
        json_w_end(w);
    }
    json_w_end(w);
}

void record_write(struct json_w *w, const struct person_record *r)
{
    json_w_kv_sv(w, "name", r->p.display_name);
    json_w_kv_sv(w, "preferred_language", r->p.lang);
    json_w_kv_bool(w, "text_only", r->p.limited_data);
    json_w_kv_time(w, "known_since", r->p.created_ms);
    write_languages(w, r);
    write_levels(w, r);
    write_apps(w, r);
    write_places(w, r);
    write_consents(w, r);
    write_disclosures(w, r);
    write_panels(w, r);
}

enum pw_err record_file(struct ctx *c, struct buf *out)
{
    struct person_record r;
    struct person_words words;
    struct json_w w;
    PW_TRY(record_own(c, &r));
    PW_TRY(person_words(c, r.p.id, WORDS_MOST, &words));
    json_w_init(&w, out);
    json_w_object(&w);
    json_w_kv_time(&w, "written", c->now_ms);
    record_write(&w, &r);
    write_messages(&w, &r, "said_in_communities", words.said, words.n_said);
    write_messages(&w, &r, "private_messages", words.in_private, words.n_private);
    json_w_kv_bool(&w, "older_messages_left_out", words.more);
    json_w_end(&w);
    if (!json_w_ok(&w))
        return PW_INTERNAL;
    return audit(c, "person.file", "person", r.p.id, (struct sv){0});
}

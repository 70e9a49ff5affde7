// SPDX-License-Identifier: EUPL-1.2
// The JSON API: its description is true (every recorded answer is checked against it), tokens do what they say, what is
// wrong is named, lists are complete page by page, a repeated write happens once.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import Ajv from 'ajv/dist/2020.js';
import { ask, giveRole, idOf, importDesign, member, openIt } from '../support/community.mjs';
import { automatic, byHand, caseAndMove, planning } from '../support/api_rooms.mjs';
import { ENGINES, Place, ROOT, without } from '../support/server.mjs';

const REPEATABLE = 23;
const date = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

// ROUTE_API rows of the source, as the description should show them.
function declared() {
  const rows = [];
  const read = (folder) => {
    for (const f of fs.readdirSync(folder, { withFileTypes: true })) {
      const at = path.join(folder, f.name);
      if (f.isDirectory()) read(at);
      else if (f.name.endsWith('.c'))
        for (const m of fs.readFileSync(at, 'utf8').matchAll(/\{HTTP_(GET|POST|PUT|DELETE),\s*"([^"]+)",([\s\S]*?)\},?\n/g))
          if (m[3].includes('ROUTE_API')) {
            let n = 0;
            rows.push(`${m[1].toLowerCase()} ${m[2].replace(/\{([is])\}/g, (_, k) => `{${k === 'i' ? 'id' : 'name'}${++n}}`)}`);
          }
    }
  };
  read(path.join(ROOT, 'src'));
  return rows.sort();
}

for (const engine of ENGINES)
  describe(`api, ${engine}`, { skip: without(engine) }, () => {
    let place, server, admin, com, members, description, ajv, writer, reader, plain;
    const recorded = new Set();

    const validator = (ref) => ajv.getSchema(`description.json${ref}`) ?? assert.fail(`no schema ${ref}`);
    function conforms(method, url, answer) {
      const p = url.split('?')[0];
      const template = Object.keys(description.paths).find((t) => new RegExp(`^${t.replace(/\{[^}]*\}/g, '[^/]+')}$`).test(p));
      if (answer.status >= 400 || !template) {
        assert.equal(answer.headers['content-type'], 'application/problem+json', `${method} ${p}: ${answer.status}`);
        const ok = validator('#/components/schemas/Problem');
        assert.ok(ok(answer.json), `${p}: ${JSON.stringify(ok.errors)} ${answer.text}`);
        assert.equal(answer.json.status, answer.status);
        return;
      }
      const op = description.paths[template][method.toLowerCase()];
      const reply = op.responses[answer.status] ?? op.responses['2XX'];
      assert.ok(reply, `${method} ${template}: ${answer.status} is not described`);
      const ref = reply.content['application/json'].schema.$ref;
      const ok = validator(ref);
      assert.ok(ok(answer.json), `${method} ${p} is not a ${ref}: ${JSON.stringify(ok.errors)}\n${answer.text}`);
      recorded.add(`${method.toLowerCase()} ${template}`);
    }
    const record = (token) => {
      const api = server.api(token);
      const call = async (method, url, body, headers) => {
        const answer = method === 'GET' ? await api.get(url, headers) : await api.call(method, url, body, headers);
        conforms(method, url, answer);
        return answer;
      };
      return { get: (u, h) => call('GET', u, undefined, h), post: (u, b = {}, h) => call('POST', u, b, h), call };
    };
    // Persons, one's own data, requests to delete. Members and officers come with a session.
    async function persons() {
      const bySession = (browser, csrf) => {
        const api = record(null), headers = () => ({ ...browser.headers(), 'x-csrf-token': csrf });
        return { get: (u) => api.get(u, headers()), post: (u, b) => api.post(u, b, headers()) };
      };
      const asAdmin = record(await place.token('admin', 'write'));
      const [one, two] = (await reader.get(`/api/v1/communities/${com}/memberships`)).json.memberships.map((m) => m.person);
      const at = `/api/v1/persons/${one}`;
      assert.equal((await reader.get(at)).json.communities[0].membership, 'active');
      assert.deepEqual((await writer.post(`${at}/languages`, { lang: 'ti', speaks: true })).json.languages, [{ language: 'ti', speaks: true, reads: false }]);
      assert.equal((await writer.post(`${at}/preferred`, { preferred: 'en' })).json.preferred_language, 'en');
      assert.equal((await writer.post(`${at}/limited-data`, { limited: true })).json.text_only, true);
      const noted = await writer.post(`${at}/levels`, { scale: 'clb', skill: 'reading', level: 6, known: 'self' });
      assert.equal(noted.status, 201);
      problem(await writer.post(`${at}/levels`, { scale: 'clb', skill: 'reading', level: 13, known: 'self' }), 422, 'level');
      problem(await writer.post(`${at}/levels`, { scale: 'clb', skill: 'reading', level: 6, known: 'assessed' }), 422, 'assessor');
      const gone = await writer.post(`${at}/levels/${noted.json.language_levels[0].id}/withdraw`, { why: 'typing' });
      assert.ok(gone.json.language_levels[0].withdrawn);
      assert.equal((await writer.post(`${at}/disclosures`, { what: 'Nom', recipient: 'École', basis: 'asked' })).status, 201);
      problem(await writer.post(`${at}/disclosures`, { what: 'Nom', recipient: 'École', basis: 'law' }), 422, 'reason');
      assert.equal((await writer.post(`${at}/erasure`, { words: 'Au téléphone' })).status, 201);
      problem(await writer.post(`${at}/erasure`, { words: 'Encore' }), 409);
      assert.deepEqual((await reader.get(`${at}/twins`)).json, { twins: [], more: false });
      problem(await writer.post(`${at}/twins/${two}/merge`), 404); // moderators do not administer
      assert.equal((await asAdmin.post(`${at}/twins/${two}/merge`)).json.id, one);
      assert.equal((await reader.get(`/api/v1/persons/${two}`)).json.id, one);
      await asAdmin.post(`${at}/part`);
      assert.equal((await reader.get(`/api/v1/persons/${two}`)).json.id, two);
      problem(await asAdmin.post(`${at}/part`), 409);

      const browser = members[REPEATABLE - 1], own = bySession(browser, (await browser.get('/my-data')).csrf);
      assert.equal((await own.post('/api/v1/my-data/languages', { lang: 'ar', speaks: true, reads: true })).json.languages[0].language, 'ar');
      assert.equal((await own.post('/api/v1/my-data/preferred', { preferred: 'fr' })).json.preferred_language, 'fr');
      await own.post('/api/v1/my-data/limited-data', { limited: false });
      const { json: mine } = await own.get('/api/v1/my-data');
      assert.ok(mine.said_in_communities.length + mine.private_messages.length > 0);
      problem(await own.post(`/api/v1/my-data/consents/${one}/withdraw`), 404);
      recorded.add('post /api/v1/my-data/consents/{id1}/withdraw'); // consents are given in the planning room
      problem(await own.get('/api/v1/my-data/erasure'), 404);
      const first = await own.post('/api/v1/my-data/erasure', { words: 'Tout' });
      assert.equal(first.status, 201);
      problem(await own.post('/api/v1/my-data/erasure', {}), 409);
      assert.equal((await own.get('/api/v1/my-data/erasure')).json.state, 'open');
      assert.equal((await own.post('/api/v1/my-data/erasure/take-back')).json.state, 'withdrawn');
      const second = (await own.post('/api/v1/my-data/erasure')).json.id;
      const officer = bySession(admin, (await admin.get('/me')).csrf);
      assert.ok((await officer.get('/api/v1/privacy-requests')).json.requests.some((r) => r.id === second));
      problem(await officer.post(`/api/v1/privacy-requests/${second}/decline`, {}), 422, 'reason');
      assert.equal((await officer.post(`/api/v1/privacy-requests/${second}/decline`, { reason: 'Pas encore' })).json.state, 'declined');
      const third = (await own.post('/api/v1/my-data/erasure')).json.id;
      problem(await officer.post(`/api/v1/privacy-requests/${third}/erase`, {}), 422, 'sure');
      const erased = (await officer.post(`/api/v1/privacy-requests/${third}/erase`, { sure: true })).json;
      assert.equal(erased.state, 'done');
      assert.equal(erased.name, '');
      problem(await reader.get(`/api/v1/persons/${erased.person}`), 404);
      assert.equal((await officer.get('/api/v1/retention')).json.rules.length, 4);
      problem(await officer.post('/api/v1/retention', { joins: 5 }), 422, 'joins');
      assert.equal((await officer.post('/api/v1/retention', { joins: 365 })).json.rules[0].days, 365);
      assert.deepEqual((await officer.post('/api/v1/retention', { exits: 400 })).json.rules.map((r) => r.days), [365, 400, 0, 0]); // what is not named stays
      problem(await reader.get('/api/v1/privacy-requests'), 404); // a token is no officer
    }
    // Interpreters, their undertakings, appointments and numbers (LANG-5).
    async function interpreting() {
      const asAdmin = record(await place.token('admin', 'write')), at = '/api/v1/interpreting';
      const person = (await reader.get(`/api/v1/communities/${com}/memberships`)).json.memberships[0].person;
      const year = new Date().getUTCFullYear() + 1, wish = { lang: 'ar', with_lang: 'fr', mode: 'video', start: `${year}-03-03T10:00`, zone: 'America/Toronto', minutes: 45 };
      const who = (await asAdmin.post(`${at}/interpreters`, { name: 'Rania', kind: 'volunteer', langs: ['ar', 'fr'], modes: ['video'] })).json.id;
      problem(await asAdmin.post(`${at}/interpreters`, { name: 'Rania', kind: 'outside', langs: ['ar', 'fr'], modes: ['video'] }), 422, 'service');
      problem(await writer.post(`${at}/interpreters`, { name: 'Rania', kind: 'volunteer', langs: ['ar', 'fr'], modes: ['video'] }), 404); // moderators keep no list
      assert.equal((await asAdmin.post(`${at}/interpreters/${who}`, { kind: 'volunteer', langs: ['ar', 'fr', 'en'], modes: ['video'] })).json.langs.length, 3);
      await asAdmin.post(`${at}/interpreters/${who}/active`, { active: true });
      assert.equal((await reader.get(`${at}/interpreters?lang=ar`)).json.interpreters.length, 1);
      problem(await writer.post(`${at}/bookings`, { ...wish, person, interpreter: who, purpose: 'meeting' }), 422, 'interpreter'); // no undertaking
      const [given] = (await asAdmin.post(`${at}/interpreters/${who}/undertakings`, { signed_on: '2026-01-05', method: 'signature' })).json.undertakings;
      assert.ok(given.in_force);
      assert.equal((await reader.get(`${at}/interpreters/${who}`)).json.undertaking, true);
      assert.equal((await reader.get(`${at}/undertaking?lang=ar`)).json.lang, 'ar');
      const made = await writer.post(`${at}/bookings`, { ...wish, person, interpreter: who, purpose: 'meeting' });
      assert.equal(made.status, 201, made.text);
      problem(await writer.post(`${at}/bookings`, { ...wish, person, interpreter: who, purpose: 'other' }), 422, 'purpose_words');
      const query = new URLSearchParams({ person, ...wish });
      assert.equal((await reader.get(`${at}/candidates?${query}`)).json.candidates[0].free, false);
      assert.equal((await writer.post(`${at}/bookings/${made.json.id}/move`, { ...wish, interpreter: who, start: `${year}-03-03T11:00` })).json.state, 'asked');
      assert.equal((await writer.post(`${at}/bookings/${made.json.id}/state`, { to: 'confirmed' })).json.state, 'confirmed');
      assert.equal((await reader.get(`${at}/bookings/${made.json.id}`)).json.interpreter, who);
      assert.deepEqual((await reader.get(`${at}/bookings?person=${person}`)).json.bookings.map((b) => b.id), [made.json.id]);
      problem(await writer.post(`${at}/bookings/${made.json.id}/state`, { to: 'done' }), 409);
      assert.equal((await asAdmin.get(`${at}/months?from=${year}-02&to=${year}-03`)).json.months[1].open, 1);
      problem(await reader.get(`${at}/months?from=${year}-02&to=${year}-03`), 404);
      await asAdmin.post(`${at}/undertaking`, { lang: 'fr', title: 'Engagement', body: 'Je garde le secret.' });
      assert.equal((await reader.get(`${at}/interpreters/${who}/undertakings`)).json.undertakings[0].version, 1);
      assert.equal((await asAdmin.post(`${at}/interpreters/${who}/undertakings/${given.id}/end`)).json.undertakings[0].in_force, false);
    }
    const problem = (answer, status, ...fields) => {
      assert.equal(answer.status, status, answer.text);
      const named = (answer.json.errors ?? []).map((e) => e.field).filter(Boolean);
      for (const f of fields) assert.ok(named.includes(f), `${f} is not named: ${answer.text}`);
      for (const e of answer.json.errors ?? []) assert.ok(e.message.length > 5);
    };
    const everything = async (api, url, list, size) => {
      const all = [];
      let pages = 0;
      for (let cursor = ''; ; pages++) {
        const sep = url.includes('?') ? '&' : '?';
        const { json } = await api.get(`${url}${sep}limit=${size}${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`);
        assert.ok(json[list].length <= size);
        all.push(...json[list].map((x) => x.id));
        if (!json.next) return { all, pages: pages + 1 };
        assert.ok(pages < 200, 'the list does not end');
        cursor = json.next;
      }
    };

    before(async () => {
      place = await Place.make(engine);
      await importDesign(place, 'essai', { screening: false });
      server = await place.serve();
      admin = await server.signedIn(place.admin.login, place.admin.password);
      com = await idOf(admin, 'essai');
      await openIt(admin, com);
      const out = await place.user('amira', 'Amira H.', '--role', 'moderator');
      await (await server.browser().signIn('amira', out.password)).submit('/me/password', { old: out.password, new: 'amira choisit', again: 'amira choisit' });
      members = [];
      for (let i = 0; i < REPEATABLE; i++) members.push((await member(server, admin, 'essai', { name: `Membre ${i}`, lang: 'fr' })).browser);
      for (let i = 0; i < REPEATABLE; i++) await ask(server, 'essai', { name: `Attend ${i}`, lang: 'fr' });
      for (let i = 0; i < REPEATABLE; i++) await (await members[i].get('/c/essai/ask')).submit('/ask', { text: `Question ${i} ?`, private: i % 5 === 0 ? '1' : '0' });
      plain = server.api(null);
      description = (await plain.get('/api/v1/openapi.json')).json;
      ajv = new Ajv({ strict: true, allowUnionTypes: true, allErrors: true, formats: { 'date-time': date, date: /^\d{4}-\d\d-\d\d$/ } });
      ajv.addKeyword('components');
      ajv.addSchema({ $id: 'description.json', components: description.components }, undefined, undefined, false);
      writer = record(await place.token('amira', 'write'));
      reader = record(await place.token('amira', 'read'));
    });
    after(() => place?.close());

    // The API as a signed-in page uses it.
    async function bySession(url, body) {
      const headers = { 'content-type': 'application/json', 'x-csrf-token': (await admin.get('/me')).csrf };
      const a = await admin.raw('POST', url, { headers, body: JSON.stringify(body) });
      const answer = { status: a.status, headers: a.headers, text: String(a.body), json: JSON.parse(String(a.body)) };
      conforms('POST', url, answer);
      return answer;
    }
    // A group in an app without an interface, in the community.
    async function group() {
      await place.ok('channel', 'add', 'assisted', '--name', 'wa', '--app', 'whatsapp');
      const page = await admin.get(`/communities/${com}`);
      const channel = page.form('/channels').fields.find((f) => f.name === 'channel').options.find((o) => o.label === 'wa').value;
      assert.deepEqual((await page.submit('/channels', { channel, chat: 'Bienvenue' })).summary, []);
      return { channel };
    }
    // Another community of the administrator, who moderates it too, with members.
    async function secondCommunity(channel) {
      await importDesign(place, 'autre', { screening: false });
      const id = await idOf(admin, 'autre');
      await openIt(admin, id);
      await giveRole(admin, id, 'Nadia Essai', 'moderator');
      assert.deepEqual((await (await admin.get(`/communities/${id}`)).submit('/channels', { channel, chat: 'Autre groupe' })).summary, []);
      let one;
      for (let i = 0; i < 11; i++) one = (await member(server, admin, 'autre', { name: `Autre ${i}`, lang: 'fr' })).browser;
      const list = (await record(await place.token('admin', 'read')).get(`/api/v1/communities/${id}/memberships`)).json.memberships;
      return { com: id, person: list[0].person, member: one };
    }

    test('the description is OpenAPI 3.1 and lists every API route, no more', () => {
      assert.match(description.openapi, /^3\.1\.\d+$/);
      assert.ok(description.info.title && description.info.version);
      assert.equal(description.components.securitySchemes.token.scheme, 'bearer');
      const listed = [];
      for (const [p, item] of Object.entries(description.paths)) {
        assert.match(p, /^\/api\/v1\//);
        for (const [method, op] of Object.entries(item)) {
          listed.push(`${method} ${p}`);
          assert.ok(op.summary.length > 3, `${p} has no summary`);
          const inPath = op.parameters.filter((x) => x.in === 'path').map((x) => x.name).sort();
          assert.deepEqual(inPath, [...p.matchAll(/\{([^}]+)\}/g)].map((m) => m[1]).sort(), `${p}: path parameters`);
          for (const x of op.parameters) {
            assert.ok(['path', 'query', 'header'].includes(x.in));
            assert.ok(x.in !== 'path' || x.required);
            new Ajv({ strict: true, formats: { date: true } }).compile(x.schema);
          }
          if (method === 'get') assert.equal(op.requestBody, undefined);
          const body = op.requestBody?.content['application/json'].schema;
          if (body) {
            assert.equal(body.additionalProperties, false);
            for (const r of body.required) assert.ok(body.properties[r], `${p}: required ${r} is not a property`);
            new Ajv({ strict: true, formats: { date: true } }).compile(body);
          }
          assert.equal(op.responses.default.content['application/problem+json'].schema.$ref, '#/components/schemas/Problem');
          assert.ok(Object.keys(op.responses).some((s) => /^2/.test(s)));
        }
      }
      assert.deepEqual(listed.sort(), declared());
      const refs = [...JSON.stringify(description).matchAll(/"\$ref":"([^"]+)"/g)].map((m) => m[1]);
      for (const ref of new Set(refs)) assert.ok(description.components.schemas[ref.split('/').pop()], `${ref} leads nowhere`);
      for (const name of Object.keys(description.components.schemas)) validator(`#/components/schemas/${name}`);
    });

    test('every operation answers as described', async () => {
      const { json: coms } = await reader.get('/api/v1/communities');
      assert.deepEqual(coms.communities.map((c) => c.id), [com]);
      await reader.get(`/api/v1/communities/${com}`);
      await reader.get(`/api/v1/communities/${com}/memberships`);
      const asAdmin = record(await place.token('admin', 'write'));
      const { json: joins } = await asAdmin.get(`/api/v1/communities/${com}/join-requests`);
      const yes = await asAdmin.post(`/api/v1/join-requests/${joins.join_requests[0].id}/decision`, { decision: 'accept' });
      assert.equal(yes.json.state, 'accepted');
      const no = await asAdmin.post(`/api/v1/join-requests/${joins.join_requests[1].id}/decision`, { decision: 'refuse', reason: 'other' });
      assert.equal(no.json.state, 'refused');
      assert.equal((await asAdmin.post(`/api/v1/join-requests/${joins.join_requests[1].id}/decision`, { decision: 'accept' })).status, 409);
      await reader.get(`/api/v1/communities/${com}/memberships?older=true`);
      assert.equal((await asAdmin.post(`/api/v1/communities/${com}/memberships/ask-again`)).status, 409); // nobody accepted older guidelines
      const boss = await server.signedIn(place.admin.login, place.admin.password);
      await (await boss.get(`/communities/${com}/texts/guidelines?lang_of=fr`)).submit('/texts/guidelines', { title: 'Règles', body: 'Le respect, encore', is_source: '1' });
      assert.ok((await asAdmin.post(`/api/v1/communities/${com}/memberships/ask-again`)).json.people > 0);
      const invited = await asAdmin.post(`/api/v1/communities/${com}/invitations`, { label: 'Groupe du Port', uses: 4 });
      assert.equal(invited.status, 201, invited.text);
      assert.equal((await asAdmin.get(`/api/v1/communities/${com}/invitations`)).json.invitations.length, 1);
      assert.equal((await asAdmin.post(`/api/v1/communities/${com}/invitations/${invited.json.id}/withdraw`)).json.works, false);
      const { json: list } = await reader.get(`/api/v1/questions?community=${com}`);
      const secret = list.questions.find((q) => q.private).id;
      const open = list.questions.find((q) => !q.private).id;
      assert.equal((await reader.get(`/api/v1/questions/${secret}`)).json.private, true);
      for (const [api, at] of [[writer, `/api/v1/messages/${list.questions.find((q) => q.id === secret).message}/through`], [asAdmin, `/api/v1/join-requests/${joins.join_requests[1].id}/through`]]) {
        assert.equal((await api.get(at)).json.through, 'self');
        problem(await api.post(at, { through: 'nobody' }), 422, 'through');
        assert.equal((await api.post(at, { through: 'family' })).json.through, 'family');
      }
      assert.equal((await writer.post(`/api/v1/questions/${open}/interim`, {})).json.state, 'researching');
      const who = list.questions[0].assigned_to;
      assert.equal(who, null);
      const me = (await asAdmin.get(`/api/v1/questions?community=${com}`)).status;
      assert.ok([200, 404].includes(me), 'an administrator may, or may not, see the queue');
      const answered = await writer.post(`/api/v1/questions/${open}/answers`, { text: 'Voici la réponse', source: 'ircc.canada.ca', checked_on: '2026-01-05' });
      assert.equal(answered.status, 201);
      assert.equal(answered.json.state, 'verified');
      assert.equal(answered.json.open, false);
      assert.ok(answered.json.answered);
      assert.equal((await writer.post(`/api/v1/questions/${secret}/assignment`, {})).json.assigned_to, null);
      await reader.get(`/api/v1/questions?state=verified&community=${com}`);
      const post = await writer.post(`/api/v1/communities/${com}/messages`, { text: 'Atelier samedi', type: 'prompt' });
      assert.equal(post.status, 201);
      const { json: talk } = await reader.get(`/api/v1/communities/${com}/messages`);
      assert.ok(talk.messages.some((m) => m.id === post.json.id && m.text === 'Atelier samedi'));
      assert.ok(!talk.messages.some((m) => m.text.includes('Question 0 ')), 'a private question is in the conversation');
      const other = talk.messages.find((m) => m.author && m.author !== post.json.author);
      const report = await writer.post(`/api/v1/messages/${other.id}/reports`, { category: 'off-topic' });
      assert.equal(report.status, 201, report.text);
      problem(await writer.post(`/api/v1/messages/${other.id}/reports`, { category: 'boring' }), 422, 'category');
      assert.ok((await reader.get('/api/v1/review?kind=report')).json.items.some((i) => i.id === report.json.id));
      assert.deepEqual((await reader.get(`/api/v1/communities/${com}/sanctions`)).json, { sanctions: [], next: null });
      const { json: use } = await reader.get(`/api/v1/communities/${com}/statistics?by=language`);
      const now = use.months.at(-1);
      assert.equal(now.state, 'running');
      assert.equal(now.members, REPEATABLE + 1);
      assert.equal(now.asked, REPEATABLE - Math.ceil(REPEATABLE / 5));
      assert.equal(now.parts.find((p) => p.code === 'fr').new, REPEATABLE + 1);
      await reader.get(`/api/v1/communities/${com}/statistics?by=channel&from=2026-01&to=2026-02`);
      problem(await reader.get(`/api/v1/communities/${com}/statistics?from=2026`), 422, 'from');
      const today = new Intl.DateTimeFormat('sv-SE', { timeZone: 'America/Toronto' }).format(new Date());
      const { json: days } = await reader.get(`/api/v1/communities/${com}/statistics/period?from=${today}`);
      assert.deepEqual([days.from, days.to, days.members_before], [today, today, 0]);
      assert.equal(days.members, days.new);
      problem(await reader.get(`/api/v1/communities/${com}/statistics/period?from=2026-02-30`), 422, 'from');
      const table = fs.readFileSync(path.join(ROOT, 'tests/data/sheets/t5.csv'), 'utf8');
      const { json: checked } = await writer.post('/api/v1/table-check', { table });
      assert.deepEqual(checked.suggestion, { row: 'Referrals', column: 'Sep', from: 199, to: 19 });
      problem(await writer.post('/api/v1/table-check', { table: 'nothing' }), 422, 'table');
      const drafted = await writer.post(`/api/v1/communities/${com}/posts`, { type: 'prompt', lang: 'fr', body: 'Question du jour ?' });
      assert.equal(drafted.status, 201);
      const one = `/api/v1/posts/${drafted.json.id}`;
      await writer.post(`${one}/languages`, { lang: 'en', body: 'Question of the day?' });
      await reader.get(one);
      const { json: far } = await reader.get(`${one}/progress`);
      assert.equal((await writer.post(`${one}/publish`, { people: far.people })).json.state, 'scheduled');
      assert.equal((await writer.post(`${one}/pause`, { paused: true })).status, 409); // before it leaves
      assert.equal((await writer.post(`${one}/undo`)).json.state, 'draft');
      const rewritten = await writer.post(one, { type: 'prompt', lang: 'fr', body: 'Question de demain ?' });
      assert.deepEqual([rewritten.status, rewritten.json.state], [200, 'draft'], rewritten.text);
      assert.equal((await writer.post(`${one}/publish`, { people: (await reader.get(`${one}/progress`)).json.people })).json.state, 'scheduled');
      await writer.post(`${one}/cancel`);
      assert.ok((await reader.get(`/api/v1/communities/${com}/posts`)).json.counts.some((c) => c.type === 'prompt'));
      assert.ok((await reader.get(`/api/v1/communities/${com}/posts/calendar`)).json.dates.every((d) => d.post !== drafted.json.id)); // called off
      await reader.get(`/api/v1/communities/essai/similar?text=papiers`);
      const keeper = record(await place.token(place.admin.login, 'write'));
      const program = await keeper.post('/api/v1/programs', { community: com, modes: ['remote'], languages: 'fr', name: 'Premiers pas', purpose: 'Aider' });
      assert.equal(program.status, 201, program.text);
      const at = `/api/v1/programs/${program.json.id}`;
      problem(await keeper.post('/api/v1/programs', { community: com, modes: ['by-post'], languages: 'fr', name: 'x', purpose: 'x' }), 422, 'modes');
      await keeper.post(at, { modes: ['remote', 'in-person'] });
      await keeper.post(`${at}/words`, { lang_of: 'fr', name: 'Premiers pas', purpose: 'Accompagner' });
      await keeper.post(`${at}/state`, { state: 'open' });
      await keeper.get('/api/v1/programs');
      await keeper.get(at);
      const somebody = (await reader.get(`/api/v1/communities/${com}/memberships`)).json.memberships[0].person;
      assert.equal((await keeper.post(`${at}/enrolments`, { persons: [somebody], prefers: 'hybrid', uses: 'remote' })).status, 201);
      const enrolment = `/api/v1/enrolments/${(await keeper.get(`${at}/enrolments`)).json.enrolments[0].id}`;
      await keeper.get(enrolment);
      await keeper.post(enrolment, { prefers: 'remote' });
      await keeper.post(`${enrolment}/end`, { reason: 'completed' });
      await keeper.post(`${enrolment}/take-back`);
      await keeper.get(`${at}/report`);
      const { channel } = await group();
      const second = await secondCommunity(channel);
      await byHand({ api: writer, problem, com, stranger: second.person, answer: (question, text) => writer.post(`/api/v1/questions/${question}/answers`, { text, urgent: true }) });
      await planning({ api: asAdmin, problem, session: bySession });
      await automatic({ api: asAdmin, problem, com: second.com, post: async (text) => (await second.member.get('/c/autre/talk')).submit('/talk', { text }) });
      await caseAndMove({ api: asAdmin, problem, session: bySession, com: second.com, person: second.person, channel });
      recorded.add('post /api/v1/posts/{id1}/pause'); // answers while a post is on its way: tests/journey/publishing.test.mjs
      await interpreting();
      await persons();
      const missing = declared().filter((r) => !recorded.has(r) && !r.endsWith('/openapi.json'));
      assert.deepEqual(missing, [], 'no answer was recorded for these');
    });

    test('tokens: none, wrong and disabled are 401; a reading one writes nothing', async () => {
      for (const [token, why] of [[null, 'none'], ['pwt_nonsense', 'wrong'], ['', 'empty'], ['x'.repeat(5000), 'long']]) {
        const a = await server.api(token).get('/api/v1/communities');
        assert.equal(a.status, 401, why);
        assert.match(a.headers['www-authenticate'] ?? '', /Bearer/);
        conforms('GET', '/api/v1/communities', a);
      }
      const q = (await reader.get(`/api/v1/questions?community=${com}`)).json.questions[0].id;
      assert.equal((await reader.post(`/api/v1/questions/${q}/interim`)).status, 404);
      const session = await server.signedIn('amira', 'amira choisit');
      assert.equal((await session.raw('GET', '/api/v1/communities')).status, 200);
      const body = JSON.stringify({ text: 'Par la session' });
      const headers = { 'content-type': 'application/json' };
      assert.equal((await session.raw('POST', `/api/v1/communities/${com}/messages`, { headers, body })).status, 403, 'a session writes without a token of its form');
      const csrf = (await session.get('/me')).csrf;
      assert.equal((await session.raw('POST', `/api/v1/communities/${com}/messages`, { headers: { ...headers, 'x-csrf-token': csrf }, body })).status, 201);
      await place.ok('user', 'add', 'passager', '--name', 'Pas Sager');
      const gone = server.api(await place.token('passager', 'read'));
      assert.equal((await gone.get('/api/v1/communities')).status, 200);
      await place.ok('user', 'disable', 'passager');
      assert.equal((await gone.get('/api/v1/communities')).status, 401);
    });

    test('what is wrong is a problem with the names of the fields', async () => {
      const none = '0'.repeat(13);
      for (const p of [`/api/v1/questions/${none}`, '/api/v1/questions/short', `/api/v1/communities/${none}`, '/api/v1/nothing', `/api/v1/communities/${com}/nothing`]) problem(await reader.get(p), 404);
      const q = (await reader.get(`/api/v1/questions?community=${com}`)).json.questions[0].id;
      const wrong = await reader.call('DELETE', `/api/v1/questions/${q}`);
      problem(wrong, 405);
      assert.match(wrong.headers.allow, /GET/);
      problem(await writer.post(`/api/v1/questions/${q}/answers`, {}), 422, 'text');
      problem(await writer.post(`/api/v1/questions/${q}/answers`, { text: 5 }), 422, 'text');
      problem(await writer.post(`/api/v1/questions/${q}/answers`, { text: 'a', colour: 'red' }), 422, 'colour');
      problem(await writer.post(`/api/v1/questions/${q}/answers`, { text: 'a'.repeat(8001) }), 422, 'text');
      problem(await writer.post(`/api/v1/questions/${q}/answers`, { text: 'abc', source: 'une source', checked_on: '2026-02-30' }), 422, 'checked_on');
      problem(await writer.post(`/api/v1/questions/${q}/answers`, { text: 'abc', source: 'une source', checked_on: '2999-01-01' }), 422, 'checked_on');
      problem(await writer.post(`/api/v1/questions/${q}/answers`, { text: 'abc', entry: 'not an id' }), 422, 'entry');
      problem(await writer.post(`/api/v1/questions/${q}/answers`, { text: 'abc', urgent: 'perhaps' }), 422, 'urgent');
      problem(await writer.post(`/api/v1/questions/${q}/assignment`, { person: none }), 422, 'person');
      problem(await writer.post(`/api/v1/communities/${com}/messages`, {}), 422, 'text');
      problem(await writer.post(`/api/v1/communities/${com}/messages`, { text: 'abc', type: 'sermon' }), 422, 'type');
      problem(await writer.post(`/api/v1/communities/${com}/messages`, { text: 'abc', type: 'information' }), 422, 'source', 'checked_on');
      for (const body of ['{', '[1]', '"x"', '{"text":"a","text":"b"}', '{"text":"\\ud800"}', '\u0000']) {
        const a = await writer.post(`/api/v1/communities/${com}/messages`, body);
        assert.ok([400, 422].includes(a.status), `${body}: ${a.status}`);
      }
      const form = await writer.post(`/api/v1/communities/${com}/messages`, 'text=a', { 'content-type': 'application/x-www-form-urlencoded' });
      assert.equal(form.status, 415);
      for (const bad of ['x', '1.x.2', '9'.repeat(40), '1.2.3.4.5', '-1.-1.-1x']) {
        const a = await reader.get(`/api/v1/questions?community=${com}&cursor=${bad}`);
        problem(a, 422, 'cursor');
      }
      problem(await reader.get('/api/v1/questions?limit=1000'), 422, 'limit');
      problem(await reader.get('/api/v1/questions?state=asleep'), 422, 'state');
      problem(await reader.get('/api/v1/questions?community=x'), 422, 'community');
    });

    test('lists are complete and without doubles page by page, while others write', async () => {
      const whole = async (url, list) => (await reader.get(`${url}${url.includes('?') ? '&' : '?'}limit=200`)).json[list].map((x) => x.id);
      for (const [url, list] of [[`/api/v1/questions?community=${com}`, 'questions'], [`/api/v1/communities/${com}/memberships`, 'memberships'], [`/api/v1/communities/${com}/messages`, 'messages']]) {
        const want = await whole(url, list);
        assert.ok(want.length >= 15, `${url}: ${want.length}`);
        for (const size of [1, 4, 7, want.length]) {
          const { all } = await everything(reader, url, list, size);
          assert.deepEqual(all, want, `${url} in pages of ${size}`);
        }
      }
      const url = `/api/v1/questions?community=${com}`;
      const want = await whole(url, 'questions');
      const got = [];
      let cursor = '';
      for (let page = 0; page < 60; page++) {
        const { json } = await reader.get(`${url}&limit=3${cursor ? `&cursor=${cursor}` : ''}`);
        got.push(...json.questions.map((q) => q.id));
        if (!json.next) break;
        cursor = json.next;
        if (page < 3) await (await members[page].get('/c/essai/ask')).submit('/ask', { text: `Entre deux pages ${page} ?` });
      }
      assert.equal(new Set(got).size, got.length, 'a question twice');
      for (const id of want) assert.ok(got.includes(id), 'a question is missing');
    });

    test('lists of one state are complete too, open ones and those that are over', async () => {
      const url = `/api/v1/questions?community=${com}`;
      const open = (await reader.get(`${url}&limit=200`)).json.questions;
      const news = open.filter((q) => q.state === 'new');
      for (const q of news.slice(0, 5)) await writer.post(`/api/v1/questions/${q.id}/answers`, { text: 'Une réponse' });
      for (const q of news.slice(5, 12)) await writer.post(`/api/v1/questions/${q.id}/interim`, {});
      for (const state of ['new', 'researching', 'answered']) {
        const want = (await reader.get(`${url}&state=${state}&limit=200`)).json.questions;
        assert.ok(want.length >= 5, `${state}: ${want.length}`);
        for (const q of want) assert.equal(q.state, state);
        for (const size of [1, 2, 3]) assert.deepEqual((await everything(reader, `${url}&state=${state}`, 'questions', size)).all, want.map((q) => q.id), `${state} in pages of ${size}`);
      }
    });

    test('pending join requests can all be read', async () => {
      const asAdmin = record(await place.token('admin', 'read'));
      const want = (await asAdmin.get(`/api/v1/communities/${com}/join-requests?limit=200`)).json.join_requests.map((x) => x.id);
      assert.ok(want.length >= REPEATABLE - 2);
      const { all } = await everything(asAdmin, `/api/v1/communities/${com}/join-requests`, 'join_requests', 5);
      assert.deepEqual(all, want);
    });

    test('Idempotency-Key: the same request once, another request refused, also when sent at the same time', async () => {
      const url = `/api/v1/communities/${com}/messages`;
      const count = async (text) => (await everything(reader, url, 'messages', 100)).all.length && (await reader.get(`${url}?limit=200`)).json.messages.filter((m) => m.text === text).length;
      const key = { 'idempotency-key': 'clé-1 / a' };
      const first = await writer.post(url, { text: 'Une seule fois' }, { 'idempotency-key': 'key-1' });
      const second = await writer.post(url, { text: 'Une seule fois' }, { 'idempotency-key': 'key-1' });
      assert.equal(first.status, 201);
      assert.equal(second.status, 201);
      assert.deepEqual(second.json, first.json);
      assert.equal(second.headers['idempotent-replay'], 'true');
      assert.equal(await count('Une seule fois'), 1);
      problem(await writer.post(url, { text: 'Autre chose' }, { 'idempotency-key': 'key-1' }), 422, 'Idempotency-Key');
      problem(await writer.post(url, { text: 'Autre chose' }, { 'idempotency-key': 'k'.repeat(201) }), 422, 'Idempotency-Key');
      assert.equal(await count('Autre chose'), 0);
      const many = await Promise.all(Array.from({ length: 8 }, () => writer.post(url, { text: 'Huit à la fois' }, { 'idempotency-key': 'key-8' })));
      for (const a of many) assert.ok([201, 503].includes(a.status), a.text);
      assert.equal(new Set(many.filter((a) => a.status === 201).map((a) => a.json.id)).size, 1);
      assert.equal(await count('Huit à la fois'), 1);
      const other = record(await place.token('admin', 'write'));
      const q = (await reader.get(`/api/v1/questions?community=${com}`)).json.questions[0].id;
      const bad = await writer.post(`/api/v1/questions/${q}/answers`, {}, { 'idempotency-key': 'key-2' });
      assert.equal(bad.status, 422);
      assert.equal((await writer.post(`/api/v1/questions/${q}/answers`, { text: 'Après l’erreur' }, { 'idempotency-key': 'key-2' })).status, 201, 'a refused request used its key up');
      assert.ok(other && key);
    });

    test('every answer of the API is the caller’s own: no cache, no frame, no sniffing', async () => {
      const a = await reader.get('/api/v1/communities');
      assert.equal(a.headers['cache-control'], 'no-store');
      assert.equal(a.headers['x-content-type-options'], 'nosniff');
      assert.match(a.headers['content-security-policy'], /default-src 'none'/);
      assert.ok(!/status=500/.test(server.log), server.log.split('\n').filter((l) => /500|failed/.test(l)).join('\n'));
    });
  });

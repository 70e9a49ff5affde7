// SPDX-License-Identifier: EUPL-1.2
// Everything that has an id in its address, tried by people of another community, by staff without a role, by members
// and by strangers: all of it looks as if it did not exist, and nothing changes. The routes come from the source, so a
// new one is tried too.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { account, ask, giveRole, idOf, importDesign, member, openIt } from '../support/community.mjs';
import { ENGINES, Place, ROOT, without } from '../support/server.mjs';

// A row may begin with a name for the common part of its path: COM "/planning".
function expanded(source) {
  const names = new Map([...source.matchAll(/#define (\w+) "(\/[^"]*)"/g)].map((m) => [m[1], m[2]]));
  return source.replace(/(\{HTTP_\w+,\s*)(\w+)(?:\s+"([^"]*)")?/g, (all, head, name, rest = '') => (names.has(name) ? `${head}"${names.get(name)}${rest}"` : all));
}

function routes() {
  const found = [];
  const read = (folder) => {
    for (const f of fs.readdirSync(folder, { withFileTypes: true })) {
      const at = path.join(folder, f.name);
      if (f.isDirectory()) read(at);
      else if (f.name.endsWith('.c'))
        for (const m of expanded(fs.readFileSync(at, 'utf8')).matchAll(/\{HTTP_(GET|POST|PUT|DELETE),\s*"([^"]+)",\s*(\w+)/g)) found.push({ method: m[1], path: m[2], right: m[3] });
    }
  };
  read(path.join(ROOT, 'src'));
  return found;
}

// Values that every form would take, so that nothing is refused for its words before the right is asked.
const typed = {
  text: 'Un texte', source: 'ircc.canada.ca', checked_on: '2026-01-05', interim: 'On cherche', reason: 'other', note: 'Une note', me: '1', urgent: '1',
  topic: 'logement', title: 'Titre', body: 'Corps', lang_of: 'fr', name: 'Nom', question: 'Question ?', answer: 'Réponse', status: 'archived', days: '3',
  role: 'moderator', login: 'x', decision: 'accept', slug: 'volee', languages: 'fr', zone: 'America/Toronto', hours: 'mon-sun 00:00-24:00', calendar: 'none',
  mode: 'interactive', visibility: 'listed', moderation: 'full', clock_mode: 'deferred', standard_hours: '24', limit: '0', enabled: '1', disabled: '1', to: 'confirmed',
  lang: 'fr', how: 'reads', preferred: 'fr', limited: '1', scale: 'clb', skill: 'reading', level: '5', known: 'self', why: 'typing', what: 'Nom', recipient: 'Personne', basis: 'asked', words: 'Au téléphone',
};
const special = [
  [/\/erase$/, { sure: '1' }],
  [/\/through$/, { through: 'self' }],
  [/\/communities\/\{i\}\/automatic$/, { mode: 'enforce', flood: '1', mute_minutes: '1', wave: '1', wave_minutes: '1', wave_hold: '1', new_days: '1', mentions: '1' }],
  [/\/review\/\{i\}\/automatic$/, { right: 'no' }],
  [/\/lines$/, { list: 'app', what: 'Viber', number: '3' }],
  [/\/planning\/settings$/, { per_moderator: '7' }],
  [/\/platforms\/own$/, { what: 'Volé', level: 'very' }],
  [/\/promotion\/places$/, { place: 'Ailleurs', item: 'poster', placed_on: '2026-01-05' }],
  [/\/move$/, { from: 'web', to: 'web' }],
  [/\/move\/people\/\{i\}$/, { state: 'moved' }],
  [/\/ending$/, { reason: 'other', words: 'Fin', read_only_on: '2030-01-05', archive_on: '2030-02-05' }],
  [/\/files$/, { file_number: 'D-7' }],
  [/\/planning\/\{s\}$/, { methods: 'Volé' }],
  [/\/answers\/\{i\}\/state$/, { to: 'retired' }],
  [/\/joins\/\{i\}\/refuse$/, { reason: 'other' }],
  [/\/close$/, { reason: 'duplicate' }],
  [/\/communities\/\{i\}\/post$/, { type: 'information' }],
];
const apiBodies = (other) => [
  [/bookings\/\{i\}\/move$/, { interpreter: '0000000000001', lang: 'ar', with_lang: 'fr', mode: 'video', start: '2030-03-04T10:00', zone: 'America/Toronto', minutes: 30 }],
  [/bookings\/\{i\}\/state$/, { to: 'confirmed' }],
  [/\/persons\/\{i\}\/languages$/, { lang: 'fr', reads: true }],
  [/preferred$/, { preferred: 'fr' }],
  [/levels$/, { scale: 'clb', skill: 'reading', level: 5, known: 'self' }],
  [/levels\/\{i\}\/withdraw$/, { why: 'typing' }],
  [/disclosures$/, { what: 'Nom', recipient: 'Personne', basis: 'asked' }],
  [/decline$/, { reason: 'Une raison' }],
  [/erase$/, { sure: true }],
  [/through$/, { through: 'self' }],
  [/persons\/\{i\}\/erasure$/, { words: 'Au téléphone' }],
  [/\/planning$/, { whom: 'Volé' }],
  [/planning\/lines$/, { list: 'app', what: 'Viber', number: 3 }],
  [/planning\/settings$/, { per_moderator: 7 }],
  [/planning\/partners$/, { org: other.org, person: other.person }],
  [/platforms\/own$/, { what: 'Volé', level: 'very' }],
  [/platforms$/, { at_once: '7' }],
  [/\/promotion$/, { lang_of: 'fr', short: 'Volé' }],
  [/promotion\/places$/, { place: 'Ailleurs', item: 'poster', lang_of: 'fr', placed_on: '2026-01-05' }],
  [/\/move$/, { from: 'web', to: 'web' }],
  [/move\/people\/\{i\}$/, { state: 'moved' }],
  [/\/ending$/, { reason: 'other', words: 'Fin', read_only_on: '2030-01-05', archive_on: '2030-02-05' }],
  [/\/files$/, { person: other.who, file_number: 'D-7' }],
  [/\/consent$/, { lang_of: 'fr', title: 'Volé', body: 'Volé' }],
  [/members\/\{i\}\/messages$/, { text: 'Volé' }],
  [/could-not$/, { reason: 'other' }],
  [/automatic-rules$/, { mode: 'enforce', flood: 1, mute_minutes: 1, wave: 1, wave_minutes: 1, wave_hold: 1, new_days: 1, mentions: 1 }],
  [/review\/\{i\}\/automatic$/, { right: 'no' }],
  [/groups\/\{i\}\/(read|messages)$/, { text: 'Amal: une question' }],
  [/\/calls$/, { kind: 'phone', name: 'Zahra', accepted: true, text: 'Volé' }],
  [/decision$/, { decision: 'accept' }],
  [/answers$/, { text: 'Réponse volée' }],
  [/assignment$/, {}],
  [/interim$/, { text: 'On cherche' }],
  [/messages$/, { text: 'Annonce volée' }],
  [/invitations$/, { label: 'Un groupe' }],
  [/\/communities\/\{i\}\/posts$/, { type: 'prompt', lang: 'fr', body: 'Annonce volée' }],
  [/\/api\/v1\/posts\/\{i\}$/, { type: 'prompt', lang: 'fr', body: 'Annonce volée' }],
  [/languages$/, { lang: 'fr', body: 'Traduction volée' }],
  [/publish$/, { people: 100 }],
  [/pause$/, { paused: true }],
  [/reports$/, { category: 'advertising' }],
  [/words$/, { lang_of: 'fr', name: 'Volé', purpose: 'Volé' }],
  [/state$/, { state: 'closed' }],
  [/enrolments$/, { persons: ['0akj6qe0cr3ze'] }],
  [/enrolments\/\{i\}\/end$/, { reason: 'completed' }],
];
// Of the row itself: there is nothing in it that belongs to somebody; hooks ask for their own secret. News, resources and saved answers of a listed
// community are public by its settings.
const OPEN = new Set(['/back/{s}', '/u/{s}', '/c/{s}/posts', '/c/{s}/posts/{i}', '/c/{s}/resources', '/api/v1/communities/{s}/similar',
  // The list of interpreters belongs to the network: every moderator reads it. Who may change it: interpreting.test.mjs.
  '/api/v1/interpreting/interpreters/{i}', '/api/v1/interpreting/interpreters/{i}/active', '/api/v1/interpreting/interpreters/{i}/undertakings', '/api/v1/interpreting/interpreters/{i}/undertakings/{i}/end']);
// Who has the address of a community may read what it is for and ask to join; its other pages lead there.
const DOOR = new Set(['/c/{s}', '/c/{s}/guidelines', '/c/{s}/join', '/c/{s}/urgent', '/c/{s}/months']);
// Results of every community are what an evaluator of the network is for.
const RESULTS = /^\/(api\/v1\/)?(communities\/\{i\}\/(report|statistics(\/trend|\/export|\/period)?)|programs\/\{i\}(\/report(\/export)?)?)$/;
const toDoor = (where) => /^\/c\/[a-z-]+\/join$/.test(where);

for (const engine of ENGINES)
  describe(`rights, ${engine}`, { skip: without(engine) }, () => {
    let place, server, admin, alpha, beta, mine, theirs;

    before(async () => {
      place = await Place.make(engine);
      await importDesign(place, 'alpha');
      await importDesign(place, 'beta');
      await place.ok('channel', 'add', 'telegram', '--name', 'app', '--token', '110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw', '--secret', 'a-secret', '--api-base', 'http://127.0.0.1:9');
      await place.ok('channel', 'add', 'assisted', '--name', 'wa', '--app', 'whatsapp');
      server = await place.serve();
      admin = await server.signedIn(place.admin.login, place.admin.password);
      alpha = await idOf(admin, 'alpha');
      beta = await idOf(admin, 'beta');
      await openIt(admin, alpha);
      await openIt(admin, beta);
      await (await admin.get('/settings')).submit('/organisations', { org_name: 'Association Bêta' });
      theirs = await furnish('alpha', alpha, 'amira', 'Amira A.');
      mine = await furnish('beta', beta, 'bob', 'Bob B.');
      const page = await (await admin.get(`/communities/${alpha}`)).submit(`/communities/${alpha}`, { visibility: 'invitation' });
      assert.deepEqual(page.summary, []);
    });
    after(() => place?.close());

    let theInterpreter;
    async function interpreter(api) {
      if (!theInterpreter) {
        theInterpreter = (await api.post('/api/v1/interpreting/interpreters', { name: 'Rania', kind: 'volunteer', langs: ['ar', 'fr'], modes: ['video'] })).json.id;
        await api.post(`/api/v1/interpreting/interpreters/${theInterpreter}/undertakings`, { signed_on: '2026-01-05', method: 'voice' });
      }
      return theInterpreter;
    }
    // One of everything in a community.
    async function furnish(slug, id, login, name) {
      const made = { slug, id };
      const who = await account(admin, login, name);
      made.person = await giveRole(admin, id, name, 'moderator');
      await giveRole(admin, id, name, 'tech-admin');
      const fresh = `${login} chose this`;
      const b = server.browser();
      await (await b.signIn(who.login, who.password)).submit('/me/password', { old: who.password, new: fresh, again: fresh });
      made.staff = await server.signedIn(login, fresh);
      const other = await server.signedIn(login, fresh);
      made.session = (await other.get('/me')).form(/\/me\/sessions\/.*\/end/).action.split('/')[3];
      made.token = await place.token(login, 'write');
      made.member = (await member(server, admin, slug, { name: `Samar ${slug}`, lang: 'fr', answers: { a1: 'x' } })).browser;
      const second = (await member(server, admin, slug, { name: `Omar ${slug}`, lang: 'fr', answers: { a1: 'x' } })).browser;
      made.second = second;
      await ask(server, slug, { name: `Attend ${slug}`, lang: 'fr', answers: { a1: 'x' } });
      const q = await (await made.member.get(`/c/${slug}/ask`)).submit('/ask', { text: `Publique ${slug} ?` });
      made.question = q.path.split('/').pop();
      const p = await (await made.member.get(`/c/${slug}/ask`)).submit('/ask', { text: `Privée ${slug} ?`, private: '1' });
      made.hidden = p.path.split('/').pop();
      await (await second.get(q.path)).submit(q.path, { text: `Aide ${slug}` });
      const seen = await made.staff.get(`/inbox/${made.question}`);
      made.answer = seen.form(/verify$/).action.split('/')[4];
      made.message = seen.form(/messages\/.*\/hide$/).action.split('/')[4];
      await (await second.get(`/messages/${made.message}/report`)).submit('/report', { category: 'advertising' });
      made.item = (await made.staff.get('/review?kind=report')).link(/^\/review\/[0-9a-z]{13}/).split('/').pop().slice(0, 13);
      await (await second.get(`/c/${slug}/talk`)).submit('/talk', { text: `Mots durs ${slug}` });
      const stream = await made.staff.get(`/c/${slug}/talk`);
      const act = /href="(\/messages\/[0-9a-z]{13}\/act)/.exec(stream.html.slice(stream.html.indexOf(`>Mots durs ${slug}<`)))[1];
      made.sanction = (await (await made.staff.get(`${act}?category=disrespect`)).submit('/act', {})).path.split('/').pop();
      const names = await (await second.get(`/c/${slug}/names`)).submit('/names', { name: 'Youssef' });
      made.guarded = names.form(/\/drop$/).action.split('/')[4];
      const hidden = await made.staff.get(`/inbox/${made.hidden}`);
      made.secretMessage = /id="m-([0-9a-z]{13})"/.exec(hidden.html)[1];
      made.thread = (await made.staff.get(`/communities/${id}/threads`)).link(/^\/threads\/[0-9a-z]{13}$/).split('/').pop();
      const invited = await (await made.staff.get(`/communities/${id}/invitations`)).submit('/invitations', { label: 'Un groupe' });
      made.invitation = invited.form(/\/withdraw$/).action.split('/')[4];
      made.join = (await made.staff.get('/joins')).link(/^\/joins\/[0-9a-z]{13}$/).split('/').pop();
      const entry = await (await made.staff.get(`/answers/new?community=${id}`)).submit('/answers/new', { lang_of: 'fr', question: `Fiche ${slug}`, answer: 'Réponse', source: 'source', checked_on: '2026-01-05' });
      made.entry = entry.path.split('/').pop();
      const post = await (await made.staff.get(`/posts/new?community=${id}`)).submit('/posts/new', { type: 'prompt', body0: `Publication ${slug}` });
      made.post = post.path.split('/').pop();
      let page = await admin.get(`/communities/${id}`);
      const channel = page.form('/channels').fields.find((f) => f.name === 'channel').options[0].value;
      page = await page.submit('/channels', { channel, chat: slug === 'alpha' ? '-1001' : '-1002' });
      const orgs = page.form('/partners').fields.find((f) => f.name === 'org').options;
      page = await page.submit('/partners', { org: orgs.find((o) => o.label.includes('Bêta') === (slug === 'beta')).value });
      const cut = (rx) => page.form(rx).action.split('/');
      made.channel = cut(/channels\/.*\/remove$/)[4];
      const wa = page.form('/channels').fields.find((f) => f.name === 'channel').options.find((o) => o.label === 'wa').value;
      assert.deepEqual((await page.submit('/channels', { channel: wa, chat: `Groupe ${slug}` })).summary, []);
      const api = server.api(made.token);
      made.group = (await api.get('/api/v1/by-hand/groups')).json.groups[0].id;
      const at = (rest) => `/api/v1/communities/${id}${rest}`;
      made.line = (await api.post(at('/planning/lines'), { list: 'app', what: 'Telegram', number: 12 })).json.lines[0].id;
      made.factor = (await api.post(at('/platforms/own'), { what: 'Sans compte', level: 'very' })).json.own[0].id;
      made.placed = (await api.post(at('/promotion/places'), { place: 'Bibliothèque', item: 'poster', lang_of: 'fr', placed_on: '2026-01-05' })).json.places[0].id;
      made.org = cut(/partners\/.*\/remove$/)[4];
      made.screening = cut(/screening\/.*\/retire$/)[4];
      made.grant = cut(/roles\/.*\/withdraw$/)[4];
      made.installed = channel;
      const program = await (await (await made.staff.get(`/programs/new?community=${id}`)).submit('/programs/new', { name: `Programme ${slug}`, purpose: 'Aider', modes: ['remote'] })).submit('/state');
      made.program = program.path.split('/').pop();
      const enrol = await made.staff.get(`/programs/${made.program}/enrol`);
      const enrolled = await enrol.submit('/enrol', { persons: [/name="persons" value="([0-9a-z]{13})"/.exec(enrol.html)[1]] });
      made.enrolment = enrolled.link(/^\/enrolments\/[0-9a-z]{13}$/).split('/').pop();
      made.who = (await made.staff.get(`/communities/${id}/members`)).form(/members\/.*\/remove$/).action.split('/')[4];
      const asAdmin = server.api(await place.token('admin', 'write'));
      const wish = { person: made.who, interpreter: await interpreter(asAdmin), purpose: 'meeting', lang: 'ar', with_lang: 'fr', mode: 'video', start: `${new Date().getUTCFullYear() + 1}-03-0${slug === 'alpha' ? 4 : 5}T10:00`, zone: 'America/Toronto', minutes: 30 };
      made.booking = (await asAdmin.post('/api/v1/interpreting/bookings', wish)).json.id;
      assert.ok(made.booking);
      const table = await (await made.staff.get(`/communities/${id}/statistics/import`)).submit('/import/check', { first: '2019-01', pasted: '\tJan\tFeb\tTotal\nMessages\t1\t2\t3\nTotal\t1\t2\t3' });
      assert.deepEqual((await table.submit('/statistics/import', { act: 'accept', reason: `Avant ${slug}` })).summary, []);
      made.table = (await made.staff.get(`/communities/${id}/statistics/import`)).form(/\/imports\/.*\/remove$/).action.split('/')[5];
      const noted = await (await made.staff.get(`/persons/${made.who}`)).submit('/levels', { scale: 'clb', skill: 'reading', level: '6', known: 'self' });
      made.level = noted.form(/levels\/.*\/withdraw$/).action.split('/')[4];
      await (await second.get('/my-data/erasure')).submit('/my-data/erasure', {});
      made.request = new RegExp(`href="/privacy-requests/([0-9a-z]{13})"><bdi>Omar ${slug}<`).exec((await admin.get('/privacy-requests')).html)[1];
      made.account = [...(await admin.get('/people')).html.matchAll(/href="\/people\/([0-9a-z]{13})"><bdi>([^<]*)/g)].find((m) => m[2] === name)[1];
      return made;
    }

    // The id that stands at this place of the pattern, from the things of a community.
    function idAt(pattern, at, set) {
      const before_ = pattern.slice(0, at);
      if (/\/inbox\/\{i\}\/answers\/$/.test(before_)) return [set.answer];
      if (/\/inbox\/\{i\}\/messages\/$/.test(before_)) return [set.message, set.secretMessage];
      for (const [rx, ids] of [
        [/\/screening\/$/, [set.screening]], [/\/partners\/$/, [set.org]], [/\/people\/\{i\}\/roles\/$/, [set.grant]], [/\/roles\/$/, [set.grant]],
        [/\/settings\/channels\/$/, [set.installed]], [/\/channels\/$/, [set.channel]], [/\/members\/$/, [set.who]], [/\/communities\/$/, [set.id]],
        [/\/join-requests\/$|\/joins\/$/, [set.join]], [/\/threads\/$/, [set.thread]], [/^\/answers\/$/, [set.entry]], [/\/people\/$/, [set.account]],
        [/\/messages\/$/, [set.message, set.secretMessage]], [/\/sessions\/$/, [set.session]], [/\/sends\/$/, [set.message]],
        [/\/inbox\/$|questions\/$/, [set.question, set.hidden]],
        [/\/interpreting\/bookings\/$/, [set.booking]],
        [/\/lines\/$/, [set.line]], [/\/own\/$/, [set.factor]], [/\/places\/$/, [set.placed]], [/\/groups\/$/, [set.group]], [/\/files\/$|\/move\/people\/$/, [set.who]],
        [/\/by-hand\/$/, [set.message]], [/\/statistics\/(notes|imports)\/$/, [set.message]], [/\/posts\/$|\/copies\/$/, [set.post]], [/\/absences\/$/, [set.who]],
        [/\/persons\/$|\/twins\/$/, [set.who]], [/\/levels\/$/, [set.level]], [/\/privacy-requests\/$/, [set.request]], [/\/consents\/$/, [set.message]],
        [/\/review\/$/, [set.item]], [/\/sanctions\/$|\/decisions\/$/, [set.sanction]], [/\/names\/$/, [set.guarded]], [/\/oncall\/$/, [set.person]], [/\/invitations\/$/, [set.invitation]],
        [/\/statistics\/imports\/$/, [set.table]], [/\/programs\/$/, [set.program]], [/\/enrolments\/$/, [set.enrolment]],
      ])
        if (rx.test(before_)) return ids;
      return assert.fail(`say which id stands at ${pattern}`);
    }
    function addresses(pattern, first, then) {
      let list = [''];
      let at = 0;
      let n = 0;
      for (const m of pattern.matchAll(/\{[is]\}/g)) {
        const set = n++ === 0 ? first : then;
        const values = m[0] === '{s}' ? [/\/planning\//.test(pattern) ? 'audience' : pattern.startsWith('/communities') ? 'guidelines' : set.slug] : idAt(pattern, m.index, set);
        const text = pattern.slice(at, m.index);
        list = list.flatMap((p) => values.map((v) => p + text + v));
        at = m.index + m[0].length;
      }
      return list.map((p) => p + pattern.slice(at));
    }
    const withId = () => routes().filter((r) => /\{[is]\}/.test(r.path) && !r.path.startsWith('/hooks/') && !OPEN.has(r.path) && !DOOR.has(r.path));
    const twoIds = (r) => (r.path.match(/\{[is]\}/g) ?? []).length > 1 && !r.path.endsWith('/texts/{s}') && !/\/planning\/(history\/)?\{s\}(\/lines)?$/.test(r.path);

    async function attempt(who, r, address) {
      if (r.path.startsWith('/api/')) {
        const api = server.api(who.token);
        const body = apiBodies(theirs).find(([rx]) => rx.test(r.path))?.[1] ?? {};
        return r.method === 'GET' ? api.get(address) : api.post(address, body);
      }
      if (r.method === 'GET') return who.browser.raw('GET', address);
      const fields = { ...typed, ...(special.find(([rx]) => rx.test(r.path))?.[1] ?? {}), org: theirs.org, person: theirs.person, channel: theirs.installed };
      const csrf = who.csrf ?? (who.csrf = (await who.browser.get('/back')).csrf);
      return who.browser.send(address, [['_csrf', csrf], ...Object.entries(fields)], { follow: false });
    }
    const state = async () => {
      const api = server.api(theirs.token);
      const parts = [];
      for (const id of [theirs.question, theirs.hidden]) parts.push((await api.get(`/api/v1/questions/${id}`)).text);
      parts.push((await api.get(`/api/v1/communities/${theirs.id}/memberships`)).text, (await api.get(`/api/v1/communities/${theirs.id}/join-requests`)).text, (await api.get(`/api/v1/communities/${theirs.id}/messages`)).text);
      for (const p of ['/planning', '/platforms', '/promotion', '/ending', '/files', '/consent', '/design', '/automatic-rules']) parts.push((await api.get(`/api/v1/communities/${theirs.id}${p}`)).text);
      for (const p of [`/communities/${theirs.id}`, `/answers/${theirs.entry}`, `/communities/${theirs.id}/threads`, `/communities/${theirs.id}/statistics/import`, `/c/${theirs.slug}/private`])
        parts.push((await theirs.staff.get(p)).words.replace(/\d+ (s|sec|second|min|minute|h|hour)s?\b( left| ago)?/g, '#').replace(/now|just now/g, '#'));
      return parts;
    };
    async function sweep(who, allowedAnswers, list) {
      const wrong = [];
      let tried = 0;
      for (const [r, address] of list) {
        const a = await attempt(who, r, address);
        tried++;
        const where = a.headers.location ?? '';
        if (!allowedAnswers(a.status, where, r) && !(a.status === 303 && r.method === 'GET' && toDoor(where))) wrong.push(`${r.method} ${address} (${r.path}): ${a.status} ${where}`);
      }
      assert.deepEqual(wrong, []);
      return tried;
    }
    const all = (first, then) => withId().flatMap((r) => addresses(r.path, first, then).map((a) => [r, a]));

    test('MSG-9, CNS-7: a moderator and administrator of another community gets not-found everywhere, and changes nothing', async () => {
      const was = await state();
      const tried = await sweep({ browser: mine.staff, token: mine.token }, (s) => s === 404, all(theirs, theirs));
      assert.ok(tried > 70, `only ${tried} addresses were tried`);
      assert.deepEqual(await state(), was);
    });

    test('an own address with the other community’s things in it is not found either', async () => {
      const was = await state();
      const list = withId().filter(twoIds).flatMap((r) => addresses(r.path, mine, theirs).map((a) => [r, a]));
      assert.ok(list.length > 10);
      await sweep({ browser: mine.staff, token: mine.token }, (s) => s === 404, list.filter(([r]) => !/members|people/.test(r.path)));
      const members = await sweep({ browser: mine.staff, token: mine.token }, (s) => s === 404, list.filter(([r]) => /members|people/.test(r.path)));
      assert.ok(members >= 1);
      assert.deepEqual(await state(), was);
    });

    test('staff without any role finds nothing', async () => {
      await place.ok('user', 'add', 'nobody', '--name', 'No Body', '--role', 'evaluator');
      const reset = await place.ok('user', 'reset', 'nobody');
      const password = /New password of \S+: (\S+)/.exec(reset)[1];
      const b = server.browser();
      await (await b.signIn('nobody', password)).submit('/me/password', { old: password, new: 'nobody at all', again: 'nobody at all' });
      const who = await server.signedIn('nobody', 'nobody at all');
      await sweep({ browser: who, token: await place.token('nobody', 'write') }, (s) => s === 404, all(theirs, theirs).filter(([r]) => r.method !== 'GET' || !RESULTS.test(r.path)));
    });

    test('a member of another community and a stranger find nothing; staff pages send them to the door', async () => {
      const was = await state();
      const door = (s, where) => s === 404 || (s === 303 && /^\/(sign-in|back)/.test(where)) || s === 401;
      await sweep({ browser: mine.member, token: null }, (s, w) => door(s, w), all(theirs, theirs));
      await sweep({ browser: server.browser(), token: null }, (s, w) => door(s, w), all(theirs, theirs));
      assert.deepEqual(await state(), was);
    });

    test('MSG-12: a member does not reach another member’s private question, nor any staff page', async () => {
      const gone = (s, w) => s === 404 || s === 401 || (s === 303 && /^\/(sign-in|back)/.test(w));
      const was = await state();
      const staffs = all(theirs, theirs).filter(([r]) => !/^\/(c|messages|questions)\//.test(r.path));
      const secrets = all(theirs, theirs).filter(([, a]) => a.includes(theirs.hidden) || a.includes(theirs.secretMessage));
      assert.ok(secrets.length > 10);
      await sweep({ browser: theirs.second, token: null }, gone, [...staffs, ...secrets]);
      await sweep({ browser: theirs.member, token: null }, gone, staffs);
      assert.deepEqual(await state(), was);
    });

    test('a reading token writes nothing', async () => {
      const api = server.api(await place.token('amira', 'read'));
      for (const [p, body] of [
        [`/api/v1/questions/${theirs.question}/answers`, { text: 'x y z' }], [`/api/v1/questions/${theirs.question}/interim`, {}], [`/api/v1/questions/${theirs.question}/assignment`, {}],
        [`/api/v1/join-requests/${theirs.join}/decision`, { decision: 'accept' }], [`/api/v1/communities/${theirs.id}/messages`, { text: 'x' }],
      ])
        assert.equal((await api.post(p, body)).status, 404, p);
    });
  });

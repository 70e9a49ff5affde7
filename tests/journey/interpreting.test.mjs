// SPDX-License-Identifier: EUPL-1.2
// LANG-5 through the product on both engines: interpreters with a confidentiality undertaking, appointments that do not
// collide, who is told what, and words that are marked "through interpreter". Nobody without a reason sees any of it.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { account, decide, giveRole, idOf, importDesign, member, openIt } from '../support/community.mjs';
import { say } from '../support/po.mjs';
import { ENGINES, Place, run, without } from '../support/server.mjs';

const en = (msgid, ...args) => say('en', msgid, ...args), ar = (msgid, ...args) => say('ar', msgid, ...args);
// Words that must not be found in the log or, unsealed, in the database.
const CANARY = { place: 'Bureau 12 canarilieu', notes: 'canarinote sur la famille', purpose: 'canaributscolaire', reached: '613 555-0177 canaritel', name: 'Noor Canarinom' };
const ITEM = /^\/interpreting\/bookings\/[0-9a-z]{13}$/, LISTED = /^\/interpreting\/people\/[0-9a-z]{13}$/;

for (const engine of ENGINES)
  describe(`interpreting, ${engine}`, { skip: without(engine) }, () => {
    let place, server, admin, nord, mod, other, samira, noor, person, samiraPath, faridPath, booking, joined, accounts;
    const id = (p) => p.split('/').pop();
    // A new account signs in for the first time and chooses its password.
    const enter = async (who) => {
      const b = server.browser();
      const first = await b.signIn(who.login, who.password);
      await first.submit('/me/password', { old: who.password, new: 'une phrase facile', again: 'une phrase facile' });
      await b.signIn(who.login, 'une phrase facile');
      return b;
    };
    const again = async () => {
      admin = await server.signedIn(place.admin.login, place.admin.password);
      [mod, other, samira] = await Promise.all(accounts.map((a) => server.signedIn(a.login, 'une phrase facile')));
    };
    const noticesOf = async (b) => (await b.get('/notices')).words;
    const form = async (b = mod) => b.get(`/interpreting/new?person=${person}`);
    const wish = (start, more = {}) => ({ purpose: 'intake', lang: 'ar', with_lang: 'fr', mode: 'in-person', start, zone: 'America/Toronto', minutes: '60', ...more });

    before(async () => {
      place = await Place.make(engine, { at: '2026-03-03T15:00:00Z' });
      server = await place.serve();
      admin = await server.signedIn(place.admin.login, place.admin.password);
      for (const slug of ['nord', 'sud']) {
        await importDesign(place, slug);
        await openIt(admin, await idOf(admin, slug));
      }
      nord = await idOf(admin, 'nord');
      accounts = [await account(admin, 'amira', 'Amira'), await account(admin, 'boris', 'Boris'), await account(admin, 'samira', 'Samira Interprète')];
      await giveRole(admin, nord, 'Amira', 'moderator');
      await giveRole(admin, await idOf(admin, 'sud'), 'Boris', 'moderator');
      [mod, other, samira] = [await enter(accounts[0]), await enter(accounts[1]), await enter(accounts[2])];
      noor = await member(server, admin, 'nord', { name: CANARY.name, lang: 'ar', answers: { a1: 'أسبوع' } });
      const members = await mod.get(`/communities/${nord}/members`);
      person = /members\/([0-9a-z]{13})\//.exec(members.html)[1];
    });
    after(() => place?.close());

    test('an interpreter is put on the list; what is wrong is said beside its field and nothing typed is lost', async () => {
      assert.match((await mod.get('/interpreting')).words, new RegExp(en('No appointment to come')));
      let page = await (await admin.get('/interpreting/people/new')).submit('/people/new', { kind: 'outside', reached: CANARY.reached, langs: ['fr', '', '', '', ''] });
      assert.equal(page.status, 422);
      for (const field of ['name', 'service', 'langs', 'modes']) assert.ok(page.problems[field], `${field}: ${page.words}`);
      assert.equal(page.value('/people/new', 'reached'), CANARY.reached);
      page = await page.submit('/people/new', { name: 'Farid', service: 'Banque d’interprètes', langs: ['fr', 'ar', '', '', ''], modes: ['in-person', 'video'] });
      assert.match(page.path, LISTED, page.words);
      faridPath = page.path;
      assert.ok(page.words.includes(en('None is recorded yet. Without one nobody can be booked.')));
      const fresh = await admin.get('/interpreting/people/new');
      const own = fresh.form('/people/new').fields.find((f) => f.name === 'person').options.find((o) => o.label === 'Samira Interprète');
      page = await fresh.submit('/people/new', { person: own.value, kind: 'volunteer', langs: ['ar', 'fr', 'en', '', ''], modes: ['in-person', 'telephone'] });
      samiraPath = page.path;
      assert.match(samiraPath, LISTED);
      const list = await mod.get('/interpreting/people?lang_of=en');
      assert.ok(list.words.includes('Samira') && !list.words.includes('Farid'), list.words);
      assert.equal((await mod.get('/interpreting/people/new')).status, 404, 'a moderator keeps no list');
    });

    test('nobody is booked without an undertaking; the reason and the way to record it are said', async () => {
      let page = await (await form()).submit('/interpreting/new', { ...wish('2026-03-05T10:00'), look: '1' });
      assert.equal(page.status, 200);
      assert.ok(page.words.includes(en('has given no confidentiality undertaking for that day')), page.words);
      assert.equal(page.value('/interpreting/new', 'start'), '2026-03-05T10:00');
      assert.ok(page.links.includes(samiraPath));
      const forced = await mod.push('/interpreting/new', { ...wish('2026-03-05T10:00'), person, interpreter: id(samiraPath) });
      assert.equal(forced.status, 422);
      assert.match(forced.problems.interpreter, /Samira.*has given no confidentiality undertaking/);

      const sheet = await admin.get(`${samiraPath}/undertaking/print?lang_of=ar`);
      assert.ok(sheet.words.includes(ar('Confidentiality undertaking of an interpreter')), sheet.words);
      page = await (await admin.get(samiraPath)).submit('/undertakings', { signed_on: '2026-03-09', method: 'signature' });
      assert.ok(page.problems.signed_on, 'an undertaking of next week was recorded');
      page = await page.submit('/undertakings', { signed_on: '2026-03-02', until_on: '2026-03-31', method: 'witnessed', lang_of: 'ar' });
      assert.equal(page.flash, en('The undertaking is recorded: this interpreter can be booked.'));
      const late = await mod.push('/interpreting/new', { ...wish('2026-04-01T10:00'), person, interpreter: id(samiraPath) });
      assert.match(late.problems.interpreter, /has ended by that day/);
    });

    test('an appointment: booked from the person’s page, confirmed by the interpreter, told to the person in Arabic', async () => {
      const record = await mod.get(`/persons/${person}`);
      assert.ok(record.links.includes(`/interpreting/new?person=${person}`), record.words);
      let page = await (await form()).submit('/interpreting/new', { ...wish('2026-03-05T10:00'), look: '1' });
      const field = page.form('/interpreting/new').fields.find((f) => f.name === 'interpreter');
      assert.ok(field, page.words);
      page = await page.submit('/interpreting/new', { purpose: 'other', interpreter: id(samiraPath), place: CANARY.place, notes: CANARY.notes });
      assert.ok(page.problems.purpose_words, 'something else without words');
      assert.equal(page.value('/interpreting/new', 'notes'), CANARY.notes);
      page = await page.submit('/interpreting/new', { purpose_words: CANARY.purpose });
      assert.match(page.path, ITEM, page.words);
      booking = page.path;
      for (const part of [CANARY.place, CANARY.notes, CANARY.purpose, 'Eastern Time', en('Asked, not yet confirmed')]) assert.ok(page.words.includes(part), part);
      assert.ok(!(await noticesOf(noor.browser)).includes('مترجم'), 'the person was told of what is not sure');

      assert.ok((await noticesOf(samira)).includes('You are asked to interpret'));
      assert.ok((await samira.get('/interpreting')).links.includes(booking));
      const own = await samira.get(booking);
      assert.ok(own.words.includes(CANARY.place) && own.words.includes(CANARY.name));
      assert.ok(!own.words.includes(CANARY.notes), 'the interpreter reads the notes for staff');
      assert.ok(!own.links.some((l) => l.startsWith('/persons/')));
      page = await own.submit('/state', { to: 'confirmed' });
      assert.equal(page.flash, en('Confirmed. The person is told in their language.'));
      const told = await noticesOf(noor.browser);
      assert.ok(told.includes('سيكون معكم مترجم، حضوريًا'), told);
      for (const secret of [CANARY.place, CANARY.notes, CANARY.purpose, 'Samira']) assert.ok(!told.includes(secret), secret);
      assert.ok((await noticesOf(mod)).includes('The interpreter comes'));
    });

    test('a taken interpreter is refused with the next free moment; a time that does not exist, with the next that does', async () => {
      let page = await mod.push('/interpreting/new', { ...wish('2026-03-05T10:30'), person, interpreter: id(samiraPath) });
      assert.match(page.problems.interpreter, /taken at that time.*11:00/);
      page = await mod.push('/interpreting/new', { ...wish('2026-03-08T02:30'), person, interpreter: id(samiraPath) });
      assert.match(page.problems.start, /does not exist that day.*03:00/);
      page = await mod.push('/interpreting/new', { ...wish('2026-03-08T03:00', { mode: 'telephone' }), person, interpreter: id(samiraPath) });
      assert.match(page.path, ITEM);
      const file = await mod.raw('GET', `${page.path}/calendar.ics`);
      assert.match(file.text, /DTSTART:20260308T070000Z\r\n/);
      assert.match(file.text, /STATUS:TENTATIVE\r\n/);
      // moved: the first one stands in nobody's way any more, and is confirmed again
      const moved = await (await mod.get(`${page.path}/move`)).submit('/move', { start: '2026-03-09T14:00' });
      assert.deepEqual(moved.problems, {}, moved.words);
      assert.ok((await noticesOf(samira)).includes('was changed'));
      const ask = await mod.get(`${page.path}/end?to=cancelled`);
      assert.ok(ask.words.includes('the person was told of nothing yet'), ask.words);
      const off = await ask.submit('/state');
      assert.equal(off.flash, en('Cancelled. Who is concerned is told.'));
      const twice = await mod.push(`${page.path}/state`, { to: 'cancelled' });
      assert.equal(twice.flash, en('This does not fit its state any more.'));
    });

    test('calendar files name nobody', async () => {
      const one = await samira.raw('GET', `${samiraPath}/bookings.ics`);
      assert.match(one.headers['content-type'], /text\/calendar/);
      assert.match(one.text, /^BEGIN:VCALENDAR\r\n[\s\S]*DTSTART:20260305T150000Z\r\nDTEND:20260305T160000Z\r\n[\s\S]*STATUS:CONFIRMED/);
      for (const secret of [...Object.values(CANARY), 'Noor', 'Amira', 'Samira']) assert.ok(!one.text.includes(secret), secret);
      for (const line of one.text.split('\r\n')) assert.ok(Buffer.byteLength(line) <= 75, line);
    });

    test('strangers find nothing, the interpreter nothing but the own appointments', async () => {
      const noApi = server.api(await place.token('boris', 'write'));
      for (const rest of ['', '/print', '/calendar.ics', '/move', '/end?to=cancelled']) assert.equal((await other.raw('GET', booking + rest)).status, 404, rest);
      for (const [to, b] of [['cancelled', other], ['confirmed', other], ['cancelled', samira], ['done', samira]])
        assert.equal((await b.push(`${booking}/state`, { to }, { follow: false })).status, 404, to);
      assert.equal((await other.get(`/interpreting/new?person=${person}`)).status, 404);
      assert.equal((await other.push('/interpreting/new', { ...wish('2026-03-06T10:00'), person, interpreter: id(samiraPath) }, { follow: false })).status, 404);
      assert.equal((await noApi.get(`/api/v1/interpreting/bookings/${id(booking)}`)).status, 404);
      assert.deepEqual((await noApi.get('/api/v1/interpreting/bookings')).json.bookings, []);
      assert.ok(!(await other.get('/interpreting')).words.includes('Noor'));
      for (const at of ['/interpreting/people', faridPath, `${faridPath}/bookings.ics`, `${booking}/move`, '/interpreting/report', '/interpreting/new', `/persons/${person}`]) assert.equal((await samira.raw('GET', at)).status, 404, at);
      assert.equal((await samira.raw('GET', samiraPath)).status, 200);
      for (const b of [noor.browser, server.browser()]) for (const at of [booking, '/interpreting', '/interpreting/people']) assert.match((await b.get(at)).path, /^\/sign-in/, at);
    });

    test('the business day before both are reminded, once', async () => {
      server = await place.moveClock(server, '2026-03-04T14:05:00Z');
      await again();
      const until = async (b, part) => {
        for (let i = 0; i < 100; i++) {
          const words = await noticesOf(b);
          if (words.includes(part)) return words;
          await new Promise((r) => setTimeout(r, 100));
        }
        assert.fail(`no notice ${part}`);
      };
      assert.equal((await until(samira, 'Reminder: you interpret')).split('Reminder: you interpret').length, 2);
      await until(mod, 'Reminder: an interpreter is booked');
    });

    test('afterwards: what came of it, and a question that was asked through the interpreter', async () => {
      server = await place.moveClock(server, '2026-03-05T16:30:00Z');
      await again();
      const list = await mod.get('/interpreting');
      assert.ok(list.words.includes('One appointment is over'), list.words);
      let page = await (await mod.get(booking)).submit('/state', { to: 'done' });
      assert.equal(page.flash, en('Noted: it took place.'));
      const record = await mod.get(`/persons/${person}`);
      assert.ok(record.links.includes(booking) && record.words.includes('Samira'), record.words);
      assert.ok((await noor.browser.get('/my-data')).words.includes(ar('Appointments with an interpreter')));
      const enterIt = page.links.find((l) => l.startsWith('/calls/new?'));
      assert.ok(enterIt, page.links.join('\n'));
      let call = await mod.get(enterIt.replaceAll('&amp;', '&'));
      const offers = call.form('/calls/new').fields.find((f) => f.name === 'through').options;
      const booked = offers.find((o) => o.value === `booking:${id(booking)}`);
      assert.ok(booked && offers.some((o) => o.value === 'family'), JSON.stringify(offers));
      page = await call.submit('/calls/new', { kind: 'visit', text: 'Comment inscrire ma fille à l’école?', through: 'booking:0000000000000' });
      assert.ok(page.problems.through, page.words);
      assert.equal(page.value('/calls/new', 'text'), 'Comment inscrire ma fille à l’école?');
      page = await page.submit('/calls/new', { through: booked.value });
      assert.match(page.path, /^\/inbox\/[0-9a-z]{13}$/, page.words);
      const says = en('Through interpreter: {0}', 'Samira Interprète').replace(/[\u2068\u2069]/g, '');
      const plain = (p) => p.words.replace(/[\u2068\u2069]/g, '');
      assert.equal(plain(page).split(says).length - 1, 2, 'in the list and beside the words');
      const threads = await mod.get(`/communities/${nord}/threads`);
      const thread = threads.links.find((l) => /^\/threads\/[0-9a-z]{13}$/.test(l));
      assert.ok(plain(await mod.get(thread)).includes(says));
      assert.ok(!(await noor.browser.get('/c/nord/private')).words.includes('Samira'));
    });

    test('somebody who only comes by asks to join: the answers are marked, too', async () => {
      let page = await (await mod.get('/joins/new')).submit('/joins/new', { name: 'Fatima', kind: 'visit', lang: 'ar', through: 'family' });
      for (const field of ['a1', 'accepted']) assert.ok(page.problems[field], page.words);
      assert.equal(page.value('/joins/new', 'through'), 'family');
      page = await page.submit('/joins/new', { a1: 'Depuis un mois', accepted: '1' });
      assert.equal(page.flash, en('The request is entered. Whoever admits members there decides.'), page.words);
      const joins = await admin.get('/joins');
      joined = /<a href="(\/joins\/[0-9a-z]{13})"><bdi>Fatima<\/bdi>/.exec(joins.html)[1];
      const request = await admin.get(joined);
      assert.ok(request.words.includes(en('Through family or a friend')) && request.words.includes('Depuis un mois'), request.words);
      const done = await decide(admin, 'Fatima', 'accept');
      assert.equal(done.status, 200);
    });

    test('a wrong mark is corrected where it stands, taken away, and taken back; the numbers follow', async () => {
      const plain = (p) => p.words.replace(/[\u2068\u2069]/g, '');
      const api = server.api(await place.token('admin', 'read'));
      const marks = async () => (await api.get('/api/v1/interpreting/months?from=2026-03&to=2026-03')).json.months[0].marks;
      const asked = (await server.api(await place.token('amira', 'read')).get(`/api/v1/questions?community=${nord}`)).json.questions.find((x) => x.text.startsWith('Comment inscrire'));
      let page = await mod.get(`/inbox/${asked.id}`);
      const way = page.links.find((l) => /^\/messages\/[0-9a-z]{13}\/through$/.test(l));
      assert.equal(way, `/messages/${asked.message}/through`, page.words);
      page = await mod.get(way);
      assert.ok(page.words.includes('Comment inscrire ma fille') && plain(page).includes('Samira') && page.words.includes('Amira'), page.words);
      assert.match(page.value(way, 'through'), /^booking:/);
      const was = await marks();
      let done = await page.submit(way, { through: 'family' });
      assert.equal(done.path, `/inbox/${asked.id}`);
      assert.ok(done.words.includes(en('Corrected. Whoever reads the words sees it, and the numbers follow.')) && done.words.includes(en('Through family or a friend')), done.words);
      assert.equal(await marks(), was);
      done = await done.undo();
      assert.ok(plain(done).includes(en('Through interpreter: {0}', 'Samira Interprète').replace(/[\u2068\u2069]/g, '')), done.words);
      done = await (await mod.get(way)).submit(way, { through: 'self' });
      assert.ok(!plain(done).includes('Through interpreter') && done.words.includes(en('Passed on by somebody else?')), done.words);
      assert.equal(await marks(), was - 1);
      done = await (await mod.get(way)).submit(way, { through: 'self' });
      assert.equal(done.flash, en('It stays as it was.'));
      page = await (await mod.get(way)).submit(way, { through: 'interpreter:0000000000000' });
      assert.ok(page.problems.through, page.words);
      await page.submit(way, { through: `booking:${id(booking)}` });
      assert.equal(await marks(), was);

      const join = joined.replace('/joins/', '');
      assert.ok((await admin.get(joined)).links.includes(`/joins/${join}/through`));
      const form = await admin.get(`/joins/${join}/through`);
      assert.equal(form.value('/through', 'through'), 'family');
      assert.equal((await form.submit('/through', { through: 'self' })).path, joined);
      assert.equal((await (await admin.get(`/joins/${join}/through`)).submit('/through', { through: 'family' })).path, joined);

      for (const at of [way, `/joins/${join}/through`]) {
        assert.equal((await other.raw('GET', at)).status, 404, at);
        assert.equal((await other.push(at, { through: 'self' }, { follow: false })).status, 404, at);
        assert.equal((await samira.raw('GET', at)).status, 404, at);
      }
      assert.equal((await mod.raw('GET', `/joins/${join}/through`)).status, 404, 'a moderator does not admit');
      assert.equal(await marks(), was);
    });

    test('numbers: held hours by language, purpose and way, as page, files and JSON', async () => {
      const report = await admin.get('/interpreting/report?month=2026-03');
      assert.ok(report.words.includes(en('Something else')), report.words);
      const csv = (await admin.raw('GET', '/interpreting/report/export?kind=csv&what=parts&month=2026-03')).text;
      assert.match(csv, /Arabic,1,1\r?\n/);
      const xlsx = await admin.raw('GET', '/interpreting/report/export?month=2026-03');
      assert.match(xlsx.headers['content-disposition'], /interpreting-2026-03\.xlsx/);
      const api = server.api(await place.token('admin', 'read'));
      const months = (await api.get('/api/v1/interpreting/months?from=2026-02&to=2026-03')).json;
      assert.deepEqual(months.months.map((m) => [m.month, m.held, m.minutes, m.cancelled, m.marks]), [['2026-02', 0, 0, 0, 0], ['2026-03', 1, 60, 1, 2]]);
      assert.deepEqual(months.months[1].by_purpose, [{ code: 'other', n: 1, minutes: 60, hidden: '' }]);
      assert.equal((await mod.get('/interpreting/report')).status, 404, 'a moderator sees the numbers of the network');
    });

    test('the same by the JSON API', async () => {
      const admins = server.api(await place.token('admin', 'write')), mods = server.api(await place.token('amira', 'write'));
      const bad = await admins.post('/api/v1/interpreting/interpreters', { name: 'Yusuf', kind: 'volunteer', langs: ['ar'], modes: ['video'] });
      assert.equal(bad.status, 422);
      assert.equal(bad.json.errors[0].field, 'langs');
      const made = await admins.post('/api/v1/interpreting/interpreters', { name: 'Yusuf', kind: 'volunteer', langs: ['ar', 'en'], modes: ['video'] });
      assert.equal(made.status, 201);
      const who = made.json.id;
      const ask = { person, interpreter: who, purpose: 'survey', lang: 'ar', with_lang: 'en', mode: 'video', start: '2026-03-10T09:00', zone: 'America/Toronto', minutes: 30 };
      assert.equal((await mods.post('/api/v1/interpreting/bookings', ask)).json.errors[0].field, 'interpreter');
      assert.equal((await mods.post(`/api/v1/interpreting/interpreters/${who}/undertakings`, { signed_on: '2026-03-05', method: 'voice' })).status, 404);
      assert.equal((await admins.post(`/api/v1/interpreting/interpreters/${who}/undertakings`, { signed_on: '2026-03-05', method: 'voice' })).status, 201);
      // two at one moment for the same interpreter: one of them is made
      await member(server, admin, 'nord', { name: 'Leila', lang: 'ar', answers: { a1: 'شهر' } });
      const leila = (await mods.get(`/api/v1/communities/${nord}/memberships`)).json.memberships.find((m) => m.name === 'Leila').person;
      const both = await Promise.all([person, leila].map((p) => mods.post('/api/v1/interpreting/bookings', { ...ask, person: p, start: '2026-03-12T09:00' })));
      assert.deepEqual(both.map((b) => b.status).sort(), [201, 422], both.map((b) => b.text).join('\n'));
      const won = both.find((b) => b.status === 201).json.id;
      assert.equal((await mods.post(`/api/v1/interpreting/bookings/${won}/state`, { to: 'cancelled' })).json.state, 'cancelled');
      const marked = (await mods.get(`/api/v1/questions?community=${nord}`, { 'accept-language': 'en' })).json.questions.find((x) => x.text.startsWith('Comment inscrire'));
      assert.match(marked.through, /Through interpreter/);
      const mark = `/api/v1/messages/${marked.message}/through`;
      const now = (await mods.get(mark, { 'accept-language': 'en' })).json;
      assert.match(now.words, /Through interpreter/);
      assert.ok(now.offers.some((o) => o.through === now.through) && now.booking === id(booking) && now.marked_by, JSON.stringify(now));
      assert.equal((await mods.post(mark, {})).json.errors[0].field, 'through');
      assert.deepEqual([(await mods.post(mark, { through: 'self' })).json].map((x) => [x.through, x.words, x.booking, x.marked]), [['self', '', null, null]]);
      assert.equal((await mods.post(mark, { through: now.through })).json.through, now.through);
      assert.equal((await server.api(await place.token('boris', 'write')).post(mark, { through: 'self' })).status, 404);
      const joinMark = `/api/v1/join-requests/${joined.split('/').pop()}/through`;
      assert.equal((await admins.get(joinMark)).json.through, 'family');
      assert.equal((await admins.post(joinMark, { through: 'self' })).json.through, 'self');
      assert.equal((await mods.get(joinMark)).status, 404);
      const booked = await mods.post('/api/v1/interpreting/bookings', ask);
      assert.equal(booked.status, 201, JSON.stringify(booked.json));
      assert.equal(booked.json.start, '2026-03-10T13:00:00.000Z'); // summer time by then
      const fits = (await mods.get(`/api/v1/interpreting/candidates?person=${person}&lang=ar&with_lang=en&mode=video&start=2026-03-10T09:00&zone=America/Toronto&minutes=30`)).json.candidates;
      const him = fits.find((x) => x.interpreter === who);
      assert.deepEqual([him.can, him.free, him.next_free], [false, false, '2026-03-10T13:30:00.000Z']);
      const at = `/api/v1/interpreting/bookings/${booked.json.id}`;
      assert.equal((await mods.post(`${at}/move`, { ...ask, person: undefined, purpose: undefined, start: '2026-03-10T10:00' })).json.start, '2026-03-10T14:00:00.000Z');
      assert.equal((await mods.post(`${at}/state`, { to: 'confirmed' })).json.state, 'confirmed');
      assert.equal((await mods.post(`${at}/state`, { to: 'done' })).status, 409);
      assert.equal((await mods.get('/api/v1/interpreting/bookings')).json.bookings.filter((b) => b.state === 'confirmed').length, 1);
      assert.equal((await mods.get(`/api/v1/interpreting/interpreters/${who}/undertakings`)).json.undertakings[0].method, 'voice');
      assert.equal((await mods.get('/api/v1/interpreting/undertaking?lang=fr')).json.version, 1);
      assert.equal((await mods.get(`${at}`)).json.state, 'confirmed');
      assert.equal((await mods.get('/api/v1/interpreting/interpreters?lang=en')).json.interpreters.length, 2);
      assert.equal((await mods.get(`/api/v1/interpreting/interpreters/${who}`)).json.undertaking, true);
      assert.equal((await admins.post(`/api/v1/interpreting/interpreters/${who}`, { kind: 'volunteer', langs: ['ar', 'en', 'so'], modes: ['video'] })).json.langs.length, 3);
      assert.equal((await admins.post(`/api/v1/interpreting/interpreters/${who}/active`, { active: false })).json.active, false);
      const list = (await admins.get(`/api/v1/interpreting/interpreters/${who}/undertakings`)).json.undertakings;
      assert.equal((await admins.post(`/api/v1/interpreting/interpreters/${who}/undertakings/${list[0].id}/end`)).json.undertakings[0].in_force, false);
      assert.equal((await admins.post('/api/v1/interpreting/undertaking', { lang: 'fr', title: 'Engagement', body: 'Je me tais.' })).json.version, 2);
      assert.equal((await mods.get('/api/v1/interpreting/undertaking?lang=ar')).json.out_of_date, true);
    });

    test('every act and every look is on record; no secret word is in a log or lies open in the database', async () => {
      await server.stop();
      const tables = ['audit', 'interpreter', 'undertaking', 'booking', 'interpreted', 'notice'];
      const dump = {};
      for (const t of tables)
        dump[t] = engine === 'postgres'
          ? (await run('psql', [place.database, '-AtXc', `SELECT * FROM ${t}`])).out
          : (await run('python3', ['-c', 'import sqlite3, sys\nfor r in sqlite3.connect(sys.argv[1]).execute("SELECT * FROM " + sys.argv[2]): print(*[v.hex() if isinstance(v, bytes) else v for v in r], sep="|")', path.join(place.data, 'passerelle.db'), t])).out;
      for (const what of ['interpreter.add', 'interpreter.read', 'undertaking.record', 'booking.asked', 'booking.moved', 'booking.state', 'booking.read', 'booking.list', 'interpreted.mark', 'intake.enter']) assert.ok(dump.audit.includes(what), what);
      for (const t of ['interpreter', 'booking', 'undertaking', 'interpreted']) assert.ok(dump[t].split('\n').length > 1, `nothing in ${t}`);
      assert.match(await place.ok('audit', 'verify'), /is whole/);
      const logs = place.servers.map((s) => s.log + s.out).join('');
      for (const word of Object.values(CANARY)) {
        assert.ok(!logs.includes(word), `in a log: ${word}`);
        for (const t of tables) assert.ok(!dump[t].includes(word) && !dump[t].includes(Buffer.from(word).toString('hex')), `${word} lies open in ${t}`);
      }
      if (engine === 'sqlite')
        for (const f of fs.readdirSync(place.data).filter((x) => x.startsWith('passerelle.db'))) {
          const bytes = fs.readFileSync(path.join(place.data, f));
          for (const word of Object.values(CANARY)) assert.ok(!bytes.includes(word), `${word} in ${f}`);
        }
    });
  });

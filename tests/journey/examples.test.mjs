// SPDX-License-Identifier: EUPL-1.2
// The acceptance examples of the clock, of answers and of languages, through the product on both engines, at the very
// dates of the examples: the server is started at each of them.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { account, ask, decide, giveRole, idOf, importDesign, member, openIt, publish } from '../support/community.mjs';
import { words } from '../support/html.mjs';
import { say } from '../support/po.mjs';
import { ENGINES, Place, until, without } from '../support/server.mjs';

const en = (msgid, ...args) => say('en', msgid, ...args);
const OFFICE = 'mon-fri 09:00-17:00';

for (const engine of ENGINES)
  describe(`examples, ${engine}`, { skip: without(engine) }, () => {
    let place, server, token, admin, mod, samar, nadia, api, moderator;
    const coms = {};
    const at = async (time) => {
      server = await place.moveClock(server, time);
      api = server.api(token);
    };
    const ms = (time) => Date.parse(time);
    const staff = async () => (mod = await server.signedIn(moderator.login, moderator.password));
    const put = async (browser, slug, text, more = {}) => {
      const page = await publish(await (await browser.get(`/c/${slug}/ask`)).submit('/ask', { text, ...more }), '/ask');
      assert.match(page.path, /questions\/[0-9a-z]{13}$/, page.words);
      return page.path.split('/').pop();
    };
    const question = async (id) => {
      const r = await api.get(`/api/v1/questions/${id}`);
      assert.equal(r.status, 200, r.text);
      return r.json;
    };
    // Asked at `when` in that community: the clock starts at `start` and the answer is due at `due`.
    const clock = async (when, browser, slug, start, due) => {
      await at(when);
      const q = await question(await put(browser, slug, `Question de ${when} ?`));
      assert.equal(Math.abs(Date.parse(q.received) - ms(when)) < 60000, true, `${q.received} is not ${when}`);
      const near = (got, want, what) => assert.ok(Math.abs(Date.parse(got) - ms(want)) < 60000, `${when}: ${what} ${got}, not ${want}`);
      near(q.start, start, 'start');
      near(q.due, due, 'due');
      return q;
    };

    before(async () => {
      place = await Place.make(engine, { at: '2026-02-05T10:00:00-07:00' });
      server = await place.serve();
      admin = await server.signedIn(place.admin.login, place.admin.password);
      const designs = { calgary: { hours: OFFICE }, ottawa: { hours: OFFICE, promise: 48 }, r613: { hours: OFFICE, languages: 'ar en fr' }, jour: {} };
      for (const [slug, options] of Object.entries(designs)) {
        await importDesign(place, slug, { screening: false, ...options });
        coms[slug] = await idOf(admin, slug);
      }
      // The calendars of the examples: Alberta for Calgary, Ontario for Ottawa.
      const set = async (slug, typed) => {
        const page = await (await admin.get(`/communities/${coms[slug]}`)).submit(`/communities/${coms[slug]}`, typed);
        assert.deepEqual(page.summary, [], page.words);
      };
      await set('calgary', { zone: 'America/Edmonton', calendar: 'CA-AB' });
      await set('ottawa', { calendar: 'CA-ON' });
      await set('r613', { calendar: 'CA-ON' });
      for (const id of Object.values(coms)) await openIt(admin, id);
      moderator = await account(admin, 'amira', 'Amira');
      for (const id of Object.values(coms)) await giveRole(admin, id, 'Amira', 'moderator');
      const first = await server.browser().signIn(moderator.login, moderator.password);
      await first.submit('/me/password', { old: moderator.password, new: 'une phrase facile', again: 'une phrase facile' });
      moderator.password = 'une phrase facile';
      await staff();
      token = await place.token('amira', 'write');
      api = server.api(token);
      nadia = (await member(server, admin, 'calgary', { name: 'Nadia' })).browser;
      samar = (await member(server, admin, 'ottawa', { name: 'Samar' })).browser;
      coms.arabic = (await member(server, admin, 'r613', { name: 'سمر', lang: 'ar' })).browser;
      coms.badi = (await member(server, admin, 'jour', { name: 'Badi' })).browser;
      coms.amal = (await member(server, admin, 'jour', { name: 'Amal' })).browser;
    });
    after(() => place?.close());

    test('A-22: 24 hours deferred in Calgary, with evenings, a Sunday, an early morning and a holiday', async () => {
      await clock('2026-02-06T17:30:00-07:00', nadia, 'calgary', '2026-02-09T09:00:00-07:00', '2026-02-10T09:00:00-07:00');
      await clock('2026-02-08T11:00:00-07:00', nadia, 'calgary', '2026-02-09T09:00:00-07:00', '2026-02-10T09:00:00-07:00');
      await clock('2026-02-10T08:10:00-07:00', nadia, 'calgary', '2026-02-10T09:00:00-07:00', '2026-02-11T09:00:00-07:00');
      await clock('2026-02-12T14:20:00-07:00', nadia, 'calgary', '2026-02-12T14:20:00-07:00', '2026-02-13T14:20:00-07:00');
      await clock('2026-02-13T16:58:30-07:00', nadia, 'calgary', '2026-02-13T16:58:30-07:00', '2026-02-17T16:58:30-07:00');
      await clock('2026-02-13T17:00:00-07:00', nadia, 'calgary', '2026-02-17T09:00:00-07:00', '2026-02-18T09:00:00-07:00');
    });

    test('A-32: the Arabic community, 24 hours: a question late on Wednesday', async () => {
      await clock('2026-03-04T22:15:00-05:00', coms.arabic, 'r613', '2026-03-05T09:00:00-05:00', '2026-03-06T09:00:00-05:00');
      const page = await coms.arabic.get('/c/r613');
      assert.match(page.html, /<html[^>]* lang="ar"[^>]* dir="rtl"/);
    });

    test('A-23: 48 hours in Ottawa, over the change of clocks and a holiday', async () => {
      await clock('2026-03-05T10:00:00-05:00', samar, 'ottawa', '2026-03-05T10:00:00-05:00', '2026-03-09T10:00:00-04:00');
      await clock('2026-03-06T18:00:00-05:00', samar, 'ottawa', '2026-03-09T09:00:00-04:00', '2026-03-11T09:00:00-04:00');
    });

    test('A-24: an interim word at hour 20, the answer at hour 30: acknowledged in time, answered late', async () => {
      await at('2026-03-16T10:00:00-04:00');
      const id = await put(coms.badi, 'jour', 'Où faire évaluer mon diplôme ?');
      await at('2026-03-17T06:00:00-04:00');
      await staff();
      let page = await (await mod.get(`/inbox/${id}`)).submit('/interim', {});
      assert.deepEqual(page.summary, [], page.words);
      assert.equal((await question(id)).state, 'researching');
      const told = await coms.badi.get(`/questions/${id}`);
      assert.ok(told.words.length > 0 && (await coms.badi.get('/notices')).status === 200);
      await at('2026-03-17T16:00:00-04:00');
      await staff();
      page = await (await mod.get(`/inbox/${id}`)).submit('/answer', { text: 'À l’organisme provincial, en ligne.', source: 'ontario.ca', checked_on: '2026-03-16' });
      assert.deepEqual(page.summary, [], page.words);
      const report = await mod.get(`/communities/${coms.jour}/statistics?month=2026-03`);
      assert.equal(report.status, 200, report.words);
      const table = /<table(?:(?!<table)[\s\S])*?Acknowledged in time[\s\S]*?<\/table>/.exec(report.html)?.[0];
      assert.ok(table, report.words);
      const heads = [...table.matchAll(/<th[^>]*scope="col"[^>]*>([\s\S]*?)<\/th>/g)].map((m) => words(m[1]).trim());
      const cells = [.../<tbody>[\s\S]*?<\/tr>/.exec(table)[0].matchAll(/<t[dh][^>]*>([\s\S]*?)<\/t[dh]>/g)].map((m) => words(m[1]).trim());
      assert.equal(cells[heads.indexOf('Answered late')], '1', table);
      assert.equal(cells[heads.indexOf('Acknowledged in time')], '1', table);
      const q = await question(id);
      assert.ok(Date.parse(q.interim) <= Date.parse(q.due) && Date.parse(q.answered) > Date.parse(q.due), JSON.stringify(q));
    });

    test('A-27: a member answers wrongly; the group sees thanks, what is right, the source and its date; one question answered', async () => {
      await at('2026-03-18T10:00:00-04:00');
      await staff();
      const id = await put(coms.badi, 'jour', 'La bibliothèque est-elle payante ?');
      const page = await coms.amal.get(`/c/jour/questions/${id}`);
      await page.submit(`/questions/${id}`, { text: 'Oui, dix dollars.' });
      let open = await mod.get(`/inbox/${id}`);
      const form = open.forms.find((f) => /\/verify$/.test(f.action));
      assert.ok(form, open.words);
      open = await open.submit(/\/verify$/, { to: 'corrected', note: 'Elle est gratuite pour les résidents.', source: 'biblioottawalibrary.ca', checked_on: '2026-03-17' });
      assert.deepEqual(open.summary, [], open.words);
      const seen = await coms.amal.get(`/questions/${id}`);
      for (const part of ['Oui, dix dollars.', 'Elle est gratuite pour les résidents.', 'biblioottawalibrary.ca']) assert.ok(seen.words.includes(part), seen.words);
      const q = await question(id);
      assert.equal(q.state, 'verified');
      assert.equal(q.answer_count, 1);
    });

    test('A-28: a public message with a phone and a file number goes on in private; the group sees only that it was answered', async () => {
      await at('2026-03-18T11:00:00-04:00');
      await staff();
      const id = await put(coms.badi, 'jour', 'Mon numéro est le 613 555 0142, dossier 8812 : où en est ma demande ?');
      const page = await (await mod.get(`/inbox/${id}`)).submit('/private');
      assert.equal(page.status, 200, page.words);
      const talk = await coms.amal.get('/c/jour/talk');
      assert.ok(!talk.html.includes('555 0142') && !talk.html.includes('8812'), talk.words);
      assert.ok(talk.words.includes(say('fr', 'Answered privately.')), talk.words);
      assert.ok((await coms.badi.get('/c/jour/private')).html.includes('8812'));
    });

    test('A-26: a full community keeps a waiting list, and admits in order when the limit is raised', async () => {
      const limit = async (n) => {
        const page = await (await admin.get(`/communities/${coms.jour}`)).submit(`/communities/${coms.jour}`, { member_limit: String(n) });
        assert.deepEqual(page.summary, [], page.words);
      };
      admin = await server.signedIn(place.admin.login, place.admin.password);
      await limit(2);
      const late = [];
      for (const name of ['Première', 'Deuxième']) {
        late.push((await ask(server, 'jour', { name })).browser);
        await decide(admin, name, 'accept');
      }
      const waiting = async () => words(/<ul class="rows[\s\S]*?<\/ul>/.exec((await admin.get(`/communities/${coms.jour}/members?state=waiting`)).html)?.[0] ?? '');
      assert.match(await waiting(), /Première[\s\S]*Deuxième/);
      assert.ok((await late[0].get('/notices')).words.length > 0);
      await limit(3);
      assert.match(await waiting(), /^(?!.*Première).*Deuxième/s);
      assert.equal((await late[0].get('/c/jour/ask')).status, 200);
    });

    test('A-66: an Arabic sentence with a telephone number shows the number left to right', async () => {
      await at('2026-03-19T10:00:00-04:00');
      await staff();
      const id = await put(coms.arabic, 'r613', 'اتصلوا بي على +1 613 555 0100 من فضلكم؟');
      const page = await coms.arabic.get(`/questions/${id}`);
      const around = /<[a-z]+[^>]*>\+1 613 555 0100<\/[a-z]+>/.exec(page.html.replace(/ | /g, ' '));
      assert.ok(around, page.html.slice(page.html.indexOf('613') - 200, page.html.indexOf('613') + 100));
      assert.match(around[0], /dir="ltr"|class="[^"]*\b(ltr|phone)\b/);
    });

    test('A-67: without accents and hamza what was saved is found', async () => {
      const save = async (question_, answer, lang) => {
        const page = await (await mod.get(`/answers/new?community=${coms.jour}`)).submit('/answers/new', { topic: 'ecole', lang_of: lang, question: question_, answer, source: 'ville', checked_on: '2026-03-01', is_source: '1', publish: '1' });
        assert.deepEqual(page.summary, [], page.words);
      };
      await save('Comment inscrire un enfant à l’école ?', 'Au bureau du conseil.', 'fr');
      await save('كيف يتصل أحمد بالمدرسة؟', 'عبر الهاتف.', 'ar');
      for (const [typed, found] of [['ecole', 'école'], ['احمد', 'أحمد']]) {
        const page = await coms.badi.get(`/c/jour/answers?q=${encodeURIComponent(typed)}`);
        assert.ok(page.words.includes(found), `${typed}: ${page.words}`);
      }
    });

    test('A-68: guidelines edited in French: the Arabic copy is out of date, moderators are told, members see the older Arabic with a note', async () => {
      admin = await server.signedIn(place.admin.login, place.admin.password);
      const noticesBefore = (await mod.get('/notices')).words;
      const page = await admin.get(`/communities/${coms.jour}/texts/guidelines?lang_of=fr`);
      await page.submit('/texts/guidelines', { title: 'Règles', body: '- Le respect avant tout\n- Rien de personnel en public\n- Pas de publicité', is_source: '1' });
      const manage = await admin.get(`/communities/${coms.jour}`);
      assert.ok(manage.words.includes(en('Out of date')), manage.words);
      await until('the notice', async () => (await mod.get('/notices')).words !== noticesBefore);
      const reader = server.browser({ lang: 'ar' });
      const seen = await reader.get('/c/jour/guidelines');
      assert.ok(seen.words.includes('الاحترام أولًا'), seen.words);
      assert.ok(!seen.words.includes('publicité'));
      assert.match(seen.html, /class="[^"]*\b(notice|soft|wait)\b/);
    });
  });

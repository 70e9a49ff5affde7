// SPDX-License-Identifier: EUPL-1.2
// The acceptance examples of the clock, of answers and of languages, through the product on both engines, at the very
// dates of the examples: the server is started at each of them.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { account, giveRole, idOf, importDesign, member, openIt, publish } from '../support/community.mjs';
import { tablesOf, words } from '../support/html.mjs';
import { plain } from '../support/kannel.mjs';
import { like, say } from '../support/po.mjs';
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
      await place.ok('community', 'add', '--preset', 'orsg');
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
      const asked = await clock('2026-03-04T22:15:00-05:00', coms.arabic, 'r613', '2026-03-05T09:00:00-05:00', '2026-03-06T09:00:00-05:00');
      const page = await coms.arabic.get('/c/r613');
      assert.match(page.html, /<html[^>]* lang="ar"[^>]* dir="rtl"/);
      // The same question by the wall clock: due a day later to the minute; then back.
      const mode = async (clock_mode) => {
        admin = await server.signedIn(place.admin.login, place.admin.password);
        const saved = await (await admin.get(`/communities/${coms.r613}`)).submit(`/communities/${coms.r613}`, { clock_mode });
        assert.deepEqual(saved.summary, [], saved.words);
        return question(asked.id);
      };
      assert.ok(Math.abs(Date.parse((await mode('wall')).due) - ms('2026-03-05T22:15:00-05:00')) < 60000);
      assert.ok(Math.abs(Date.parse((await mode('deferred')).due) - ms('2026-03-06T09:00:00-05:00')) < 60000);
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
      const informed = say('fr', 'We are looking for the answer to your question. You will hear from us.');
      assert.ok((await coms.badi.get(`/questions/${id}`)).words.includes(informed), 'the person was not informed');
      assert.match((await coms.badi.get('/notices')).words, like('fr', 'Your question in {0} is being looked into.'));
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
      const counted = async () => {
        const report = await mod.get(`/communities/${coms.jour}/statistics?month=2026-03`);
        const rows = tablesOf(report.html).flat();
        return Number(rows.find((r) => r[0] === en('Questions answered'))[1]);
      };
      const before = await counted();
      const id = await put(coms.badi, 'jour', 'La bibliothèque est-elle payante ?');
      const page = await coms.amal.get(`/c/jour/questions/${id}`);
      await page.submit(`/questions/${id}`, { text: 'Oui, dix dollars.' });
      let open = await mod.get(`/inbox/${id}`);
      const form = open.forms.find((f) => /\/verify$/.test(f.action));
      assert.ok(form, open.words);
      open = await open.submit(/\/verify$/, { to: 'corrected', note: 'Elle est gratuite pour les résidents.', source: 'biblioottawalibrary.ca', checked_on: '2026-03-17' });
      assert.deepEqual(open.summary, [], open.words);
      const seen = await coms.amal.get(`/questions/${id}`);
      for (const part of ['Oui, dix dollars.', say('fr', 'Thank you, {0}. Part of this answer was not right: {1}', 'Amal', 'Elle est gratuite pour les résidents.')])
        assert.ok(plain(seen.words).includes(plain(part)), `${part} is not in: ${seen.words}`);
      assert.match(seen.words, /biblioottawalibrary\.ca · vérifié le 17 mars 2026/);
      assert.ok(plain((await coms.badi.get('/c/jour/talk')).words).includes(plain('Elle est gratuite pour les résidents.')), 'the group does not see the correction');
      const q = await question(id);
      assert.equal(q.state, 'verified');
      assert.equal(q.answer_count, 1);
      assert.equal(await counted(), before + 1);
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
      const answered = await (await mod.get(`/inbox/${id}`)).submit('/answer', { text: 'Votre demande est rendue au troisième bureau.' });
      assert.deepEqual(answered.summary, [], answered.words);
      assert.ok((await coms.badi.get('/c/jour/private')).words.includes('troisième bureau'), 'it does not go on in private');
      for (const path of ['/c/jour/talk', '/c/jour', '/c/jour/answers', `/c/jour/questions/${id}`]) assert.ok(!/troisième bureau|8812|555 0142/.test((await coms.amal.get(path)).words), path);
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
      const page = await admin.get(`/communities/${coms.jour}/texts/guidelines?lang_of=fr`);
      await page.submit('/texts/guidelines', { title: 'Règles', body: '- Le respect avant tout\n- Rien de personnel en public\n- Pas de publicité', is_source: '1' });
      const manage = await admin.get(`/communities/${coms.jour}`);
      assert.ok(manage.words.includes(en('Out of date')), manage.words);
      await until('the notice', async () => like('en', 'A text of {0} was changed: its translations are out of date.').test((await mod.get('/notices')).words));
      const reader = server.browser({ lang: 'ar' });
      const seen = await reader.get('/c/jour/guidelines');
      assert.ok(seen.words.includes('الاحترام أولًا'), seen.words);
      assert.ok(!seen.words.includes('publicité'));
      assert.ok(seen.words.includes(say('ar', 'This translation is older than the original text.')), seen.words);
    });

    /* MOD-1 */
    test('MOD-1: who accepted older guidelines is listed, asked again, and accepts with one press', async () => {
      let page = await admin.get(`/communities/${coms.jour}`);
      page = await admin.get(page.link(/members\?older=1$/));
      for (const part of ['Badi', 'Amal', say('en', 'guidelines: version {0}', '1')]) assert.ok(page.words.includes(part), page.words);
      page = await page.submit('/members/ask-again');
      assert.match(page.flash, like('en', 'They are being told, on their pages and in their apps; each accepts with one press.'));
      await until('the notice to the member', async () => like('fr', 'The guidelines of {0} have changed. Please read and accept them.').test((await coms.badi.get('/notices')).words));
      assert.ok((await coms.badi.get('/c/jour')).links.includes('/c/jour/guidelines'));
      const done = await (await coms.badi.get('/c/jour/guidelines')).submit('/guidelines');
      assert.match(done.flash, like('fr', 'Thank you: you accepted the guidelines.'));
      assert.ok(!(await coms.badi.get('/c/jour/guidelines')).has('/guidelines'));
      page = await admin.get(`/communities/${coms.jour}/members?older=1`);
      assert.ok(!page.words.includes('Badi') && page.words.includes('Amal'), page.words);
    });

    test('A-23: 24 hours over Good Friday', async () => {
      await at('2026-04-02T15:00:00-04:00');
      await clock('2026-04-02T15:00:00-04:00', coms.arabic, 'r613', '2026-04-02T15:00:00-04:00', '2026-04-06T15:00:00-04:00');
    });

    /* A-36, MOD-12 */
    test('A-36: in the light community of the preset a question of sixty days is not overdue, and no clock is shown', async () => {
      await at('2026-04-07T10:00:00-04:00');
      admin = await server.signedIn(place.admin.login, place.admin.password);
      const id = await idOf(admin, 'orsg');
      const launched = await (await admin.get(`/communities/${id}/planning`)).submit('/planning/launch', { reason: 'Entre bénévoles.' });
      assert.deepEqual(launched.summary, [], launched.words);
      await giveRole(admin, id, 'Amira', 'moderator');
      await staff();
      const { browser } = await member(server, admin, 'orsg', { name: 'Sam', lang: 'en', answers: { a1: 'Glebe group' } });
      assert.ok((await browser.get('/c/orsg')).words.includes(en('Volunteers look in from time to time. Nobody watches this community constantly.')));
      const asked = await put(browser, 'orsg', 'Who has a crib?');
      assert.equal((await question(asked)).due, null);
      await at('2026-06-06T10:00:00-04:00');
      await staff();
      const q = await question(asked);
      assert.deepEqual([q.state, q.rank, q.overdue, q.due], ['new', 'normal', false, null]);
      assert.ok(!(await mod.get(`/inbox?overdue=1&community=${id}`)).words.includes('Who has a crib?'));
      assert.ok((await mod.get(`/inbox?community=${id}`)).words.includes('Who has a crib?'));
    });

    /* A-72, SAFE-1, SLA-2 */
    test('A-72: on a Sunday harassment alerts the person on call at once; advertising is queued at once and its clock starts Monday 9:00', async () => {
      await at('2026-06-14T11:00:00-06:00'); // a Sunday
      admin = await server.signedIn(place.admin.login, place.admin.password);
      const luc = await account(admin, 'luc', 'Luc T.');
      await giveRole(admin, coms.calgary, 'Luc T.', 'moderator');
      await (await server.browser().signIn('luc', luc.password)).submit('/me/password', { old: luc.password, new: 'luc a sa phrase', again: 'luc a sa phrase' });
      const guard = await server.signedIn('luc', 'luc a sa phrase');
      const ladders = await admin.get(`/communities/${coms.calgary}/ladders`);
      const oncall = ladders.form('/oncall').fields.find((f) => f.name === 'person').options.find((o) => o.label === 'Luc T.');
      assert.deepEqual((await ladders.submit('/oncall', { person: oncall.value })).summary, []);
      const omar = (await member(server, admin, 'calgary', { name: 'Omar' })).browser;
      const salma = (await member(server, admin, 'calgary', { name: 'Salma' })).browser;
      for (const text of ['Achetez mes tapis', 'Je sais où tu habites']) await (await omar.get('/c/calgary/talk')).submit('/talk', { text });
      const urgent = like('en', 'Urgent report in {0}: {1}.');
      const report = async (text, category) => {
        await staff();
        const said = (await api.get(`/api/v1/communities/${coms.calgary}/messages?limit=20`)).json.messages.find((m) => m.text === text);
        const path = (await salma.get('/c/calgary/talk')).links.find((l) => l.startsWith(`/messages/${said.id}/report`));
        const done = await (await salma.get(path)).submit(path, { category });
        assert.match(done.words, like('fr', 'Thank you. Your report reached the moderators; you will be told what came of it.'));
        return (await api.get('/api/v1/review?kind=report')).json.items.find((i) => i.message === said.id);
      };
      const mere = await report('Achetez mes tapis', 'advertising');
      assert.ok(mere, 'it is not queued at once');
      assert.ok(Math.abs(Date.parse(mere.start) - ms('2026-06-15T09:00:00-06:00')) < 1000, mere.start);
      assert.equal(mere.urgent, false);
      assert.ok(!urgent.test((await guard.get('/notices')).words));
      const grave = await report('Je sais où tu habites', 'harassment');
      assert.equal(grave.urgent, true);
      assert.match((await guard.get('/notices')).words, urgent);
      assert.ok(!urgent.test((await mod.get('/notices')).words), 'somebody who is not on call was alerted');
    });
  });

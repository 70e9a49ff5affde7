// SPDX-License-Identifier: EUPL-1.2
// What is recorded once about a person (LANG-3, LANG-7, EQ-3, PPL-2, CNS-3, CNS-7, CNS-8), through the product on both
// engines: by staff, by the person without scripts, and for nobody else.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { account, ask, decide, giveRole, idOf, importDesign, member, openIt } from '../support/community.mjs';
import { say } from '../support/po.mjs';
import { ENGINES, Place, without } from '../support/server.mjs';

const en = (msgid, ...args) => say('en', msgid, ...args);
const ASSESSOR = 'Zqassessor centre', NAME = 'Zqsalma', WORDS = 'Zqplease delete', PASSED = 'Zqaddress and number';

for (const engine of ENGINES)
  describe(`person, ${engine}`, { skip: without(engine) }, () => {
    let place, server, admin, mod, stranger, officer, north, salma, record;
    const staffMember = async (login, name, role, password) => {
      const made = await account(admin, login, name, role);
      const browser = server.browser();
      await (await browser.signIn(made.login, made.password)).submit('/me/password', { old: made.password, new: password, again: password });
      await browser.signIn(made.login, password);
      return browser;
    };
    const personOf = async (name) => {
      const page = await admin.get(`/communities/${north}/members`);
      const row = new RegExp(`<a href="(/persons/[0-9a-z]{13})"><bdi>${name}</bdi>`).exec(page.html);
      assert.ok(row, `${name} is not in the list:\n${page.words}`);
      return row[1];
    };

    before(async () => {
      place = await Place.make(engine);
      server = await place.serve();
      admin = await server.signedIn(place.admin.login, place.admin.password);
      for (const slug of ['nord', 'sud']) await importDesign(place, slug, { screening: false });
      north = await idOf(admin, 'nord');
      const south = await idOf(admin, 'sud');
      await openIt(admin, north);
      await openIt(admin, south);
      mod = await staffMember('amira', 'Amira', 'evaluator', 'une phrase facile');
      stranger = await staffMember('joan', 'Joan', 'evaluator', 'une autre phrase');
      officer = await staffMember('paule', 'Paule', 'privacy-officer', 'la troisieme phrase');
      await giveRole(admin, north, 'Amira', 'moderator');
      await giveRole(admin, south, 'Joan', 'moderator');
      salma = (await member(server, admin, 'nord', { name: NAME, lang: 'en' })).browser;
      record = await personOf(NAME);
    });
    after(() => place?.close());

    test('the record: for who works with the person; everybody else finds nothing, wherever they try', async () => {
      const page = await mod.get(record);
      assert.equal(page.status, 200, page.words);
      assert.ok(page.words.includes(NAME) && page.words.includes('Trial community'));
      const none = '0'.repeat(13);
      const tries = [
        ['GET', record], ['GET', `${record}/twins`], ['GET', `${record}/twins/${none}`],
        ['POST', `${record}/languages`, { lang: 'ar', how: 'reads' }], ['POST', `${record}/preferred`, { preferred: 'ar' }], ['POST', `${record}/limited-data`, { limited: '1' }],
        ['POST', `${record}/levels`, { scale: 'clb', skill: 'reading', level: '5', known: 'self' }], ['POST', `${record}/levels/${none}/withdraw`, { why: 'typing' }],
        ['POST', `${record}/disclosures`, { what: 'x', recipient: 'y', basis: 'asked' }], ['POST', `${record}/twins/${none}`], ['POST', `${record}/part`],
        ['POST', `${record}/erasure`, { words: 'x' }], ['GET', '/privacy-requests'], ['GET', `/privacy-requests/${none}`], ['POST', `/privacy-requests/${none}/erase`, { sure: '1' }], ['POST', `/privacy-requests/${none}/decline`, { reason: 'x' }],
      ];
      for (const browser of [stranger, salma]) {
        const csrf = (await browser.get('/my-data')).csrf;
        for (const [method, path, fields] of tries) {
          const answer = method === 'GET' ? await browser.get(path, { follow: false }) : await browser.push(path, fields ?? {}, { csrf, follow: false });
          assert.ok(answer.status === 404 || (browser === salma && answer.status === 303), `${method} ${path}: ${answer.status}`); // members are sent to sign in
          if (browser === stranger) assert.ok(!answer.html.includes(NAME));
        }
      }
      const api = server.api(await place.token('joan', 'write'));
      assert.equal((await api.get(`/api/v1${record}`)).status, 404);
      assert.equal((await api.post(`/api/v1${record}/levels`, { scale: 'clb', skill: 'reading', level: 5, known: 'self' })).status, 404);
      assert.ok((await officer.get('/audit')).words.includes(en('Record of a person opened'))); // CNS-7
    });

    test('levels: noted with how they are known, checked, kept as history, withdrawn with a trace (LANG-7)', async () => {
      let page = await mod.get(record);
      let bad = await page.submit(`${record}/levels`, { scale: 'clb', skill: 'reading', level: '13', known: 'assessed', assessor: '' });
      assert.equal(bad.status, 422);
      assert.equal(bad.problems.level, en('A level is a whole number from 1 to 12.'));
      assert.ok(bad.problems.assessor);
      assert.equal(bad.value(`${record}/levels`, 'level'), '13'); // nothing typed is lost
      page = await bad.submit(`${record}/levels`, { level: '11', assessor: ASSESSOR, on_day: '2026-01-20' });
      assert.equal(page.flash, en('The level is noted.'), page.words);
      page = await page.submit(`${record}/levels`, { scale: 'nclc', skill: 'reading', level: '4', known: 'self' });
      assert.ok(page.words.includes(`assessed by ${ASSESSOR}`) && page.words.includes('the person says so'));
      page = await page.submit(/\/levels\/[0-9a-z]{13}\/withdraw$/, { why: 'typing' }); // the newest, of NCLC
      assert.equal(page.flash, en('It counts no more, and stays visible as withdrawn.'), page.words);
      assert.ok(page.words.includes('It was typed wrongly') && page.words.includes('by Amira on'));
      const own = await salma.get('/my-data');
      assert.ok(own.words.includes(ASSESSOR), own.words);
      assert.ok(!own.html.includes('/withdraw"')); // the person reads, staff correct
    });

    test('languages: the person and staff say which; messages use the preferred one or the fallback (LANG-3)', async () => {
      let page = await (await mod.get(record)).submit(`${record}/languages`, { lang: 'ar', how: ['speaks', 'reads'] });
      assert.ok(page.words.includes('speaks and reads it'), page.words);
      page = await salma.push('/my-data/languages', { lang: 'ti', how: 'speaks' }, { csrf: (await salma.get('/my-data')).csrf });
      assert.ok(page.words.includes('Tigrinya'), page.words);
      // who has applied in French and then prefers English is welcomed in English
      for (const [name, preferred, reads, welcome] of [['Zqenglish', 'en', null, 'Welcome among us, first steps here'], ['Zqsomali', 'so', 'ar', 'أهلًا بكم بيننا، الخطوات الأولى هنا'], ['Zqswahili', 'sw', null, 'Bienvenue parmi nous, premiers pas ici']]) {
        const asked = await ask(server, 'nord', { name, lang: 'fr' });
        if (reads) await (await asked.browser.get('/my-data')).submit('/my-data/languages', { lang: reads, how: 'reads' });
        const saved = await (await asked.browser.get('/my-data')).submit('/my-data/preferred', { preferred });
        assert.equal(saved.status, 200, saved.words);
        assert.equal((await decide(admin, name, 'accept')).status, 200);
        const thread = await asked.browser.get('/c/nord/private');
        assert.ok(thread.words.includes(welcome), `${name}: ${thread.words}`);
      }
    });

    test('little data: one switch for staff and the person (EQ-3)', async () => {
      let page = await (await salma.get('/my-data')).submit('/my-data/limited-data');
      page = await mod.get(record);
      assert.ok(page.words.includes(en('Text only; pictures and videos are sent as links.')), page.words);
      assert.ok((await mod.get(`/communities/${north}/members`)).words.includes(en('Text only')));
      await page.submit(`${record}/limited-data`);
      assert.ok(!(await salma.get('/my-data')).words.includes(en('Text only; pictures and videos are sent as links.')));
    });

    test('what is passed on is noted with its ground and shown to the person (CNS-3, CNS-4, CNS-5)', async () => {
      const page = await mod.get(record);
      const bad = await page.submit(`${record}/disclosures`, { what: PASSED, recipient: '911', basis: 'emergency' });
      assert.equal(bad.status, 422);
      assert.ok(bad.problems.reason);
      const done = await bad.submit(`${record}/disclosures`, { reason: 'Danger' });
      assert.equal(done.flash, en('It is noted, and the person can see it.'), done.words);
      assert.ok((await salma.get('/my-data')).words.includes(PASSED));
    });

    test('the person takes everything along in one file (CNS-8)', async () => {
      await (await salma.get('/c/nord/ask')).submit('/ask', { text: 'Où est la bibliothèque ?', private: '0' });
      const page = await salma.get('/my-data');
      assert.ok(Buffer.byteLength(page.html) < 100 * 1024);
      const answer = await salma.raw('POST', '/my-data/file', { headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: `_csrf=${encodeURIComponent(page.csrf)}` });
      assert.equal(answer.status, 200);
      assert.match(answer.headers['content-disposition'], /attachment.*my-data\.json/);
      const file = JSON.parse(answer.text);
      assert.equal(file.name, NAME);
      assert.ok(file.language_levels.some((l) => l.scale === 'clb' && l.level === 11 && l.assessor === ASSESSOR));
      assert.ok(file.language_levels.some((l) => l.scale === 'nclc' && l.withdrawn));
      assert.ok(file.disclosures.some((d) => d.what === PASSED && d.by === 'Amira'));
      assert.ok(file.said_in_communities.some((m) => m.text.includes('bibliothèque')));
      assert.ok(file.private_messages.length > 0);
    });

    test('two records of one person are found, put together, and parted again (PPL-2)', async () => {
      await member(server, admin, 'nord', { name: 'ZQSÁLMA', lang: 'fr' });
      const twin = (await personOf('ZQSÁLMA')).split('/').pop();
      let page = await mod.get(`${record}/twins`);
      assert.ok(page.words.includes('ZQSÁLMA') && page.words.includes(en('the same name')), page.words);
      assert.ok(!page.links.includes(`${record}/twins/${twin}`)); // a moderator does not administer
      assert.equal((await mod.get(`${record}/twins/${twin}`)).status, 404);
      page = await admin.get(`${record}/twins`);
      assert.ok(page.links.includes(`${record}/twins/${twin}`));
      page = await admin.get(`${record}/twins/${twin}`);
      page = await page.submit(`${record}/twins/${twin}`);
      assert.equal(page.flash, en('The two records are one. You can take this back below.'), page.words);
      assert.ok((await admin.get(`/persons/${twin}`)).words.includes(NAME));
      assert.ok(!(await admin.get(`/communities/${north}/members`)).words.includes('ZQSÁLMA'));
      page = await (await admin.get(record)).submit(`${record}/part`);
      assert.equal(page.flash, en('They are two records again.'), page.words);
      assert.ok((await admin.get(`/communities/${north}/members`)).words.includes('ZQSÁLMA'));
    });

    test('a request to delete: taken back, declined with a reason, carried out after a confirmation (CNS-8)', async () => {
      const send = async () => (await salma.get('/my-data/erasure')).submit('/my-data/erasure', { words: WORDS });
      let page = await send();
      assert.equal(page.flash, en('Your request was sent to the privacy officer.'), page.words);
      page = await page.submit('/my-data/erasure/take-back');
      assert.equal(page.flash, en('Your request is taken back. Everything stays as it was.'));
      await send();
      assert.ok((await officer.get('/notices')).words.includes(NAME));
      const open = async () => {
        const list = await officer.get('/privacy-requests');
        const link = new RegExp(`<a href="(/privacy-requests/[0-9a-z]{13})"><bdi>${NAME}</bdi>`).exec(list.html);
        return officer.get(link[1]);
      };
      page = await open();
      assert.ok(page.words.includes(WORDS) && page.words.includes('one membership'), page.words);
      page = await page.submit(/\/decline$/, { reason: '' });
      assert.equal(page.status, 422);
      page = await page.submit(/\/decline$/, { reason: 'Zqa law demands it' });
      assert.ok(page.words.includes(en('Declined')), page.words);
      assert.ok((await salma.get('/my-data')).words.includes('Zqa law demands it'));
      await send();
      page = await open();
      const half = await page.submit(/\/erase$/);
      assert.equal(half.status, 422);
      assert.ok(half.problems.sure, half.words);
      page = await half.submit(/\/erase$/, { sure: '1' });
      assert.equal(page.flash, en('The person is erased.'), page.words);
      assert.equal((await mod.get(record)).status, 404);
      assert.equal((await salma.get('/my-data', { follow: false })).status, 303); // the session has ended
      const told = await officer.get('/notices'); // what they were told stays, about an erased person
      assert.ok(told.words.includes(en('An erased person')) && !told.words.includes(NAME), told.words);
      const left = await mod.get(`/communities/${north}/members?state=left`);
      assert.ok(left.words.includes(en('An erased person')) && !left.words.includes(NAME));
      for (const path of ['/inbox', '/inbox?state=closed', `/communities/${north}`]) assert.ok(!(await mod.get(path)).html.includes('bibliothèque'), path);
    });

    test('staff write down that somebody asked at the counter (CNS-8, EQ-2)', async () => {
      const path = await personOf('Zqenglish');
      const bad = await (await mod.get(path)).submit(`${path}/erasure`, { words: '' });
      assert.equal(bad.status, 422);
      assert.ok(bad.problems.words);
      const done = await bad.submit(`${path}/erasure`, { words: 'Zqcounter' });
      assert.equal(done.flash, en('The request was sent to the privacy officer.'), done.words);
      assert.equal((await done.submit(`${path}/erasure`, { words: 'again' })).flash, en('A request of this person waits already.'));
      const link = /<a href="(\/privacy-requests\/[0-9a-z]{13})"><bdi>Zqenglish</.exec((await officer.get('/privacy-requests')).html)[1];
      assert.ok((await officer.get(link)).words.includes('Zqcounter'));
    });

    test('how long things are kept: the administrator decides, the privacy officer reads (CNS-8)', async () => {
      assert.equal((await mod.get('/retention')).status, 404);
      const read = await officer.get('/retention');
      assert.ok(read.words.includes(en('Nothing was emptied so far.')) && !read.html.includes('name="joins"'));
      const bad = await (await admin.get('/retention')).submit('/retention', { joins: '5' });
      assert.equal(bad.status, 422);
      assert.ok(bad.problems.joins);
      const done = await bad.submit('/retention', { joins: '365', threads: '730' });
      assert.equal(done.flash, en('The rules are saved. They are applied every night.'), done.words);
      assert.ok((await officer.get('/retention')).words.includes('365 days'));
    });

    test('nothing about a person is in the log', async () => {
      for (const canary of [NAME, ASSESSOR, WORDS, PASSED, 'Zqa law', 'Zqsomali', 'Zqcounter', 'level=', 'my-data.json'])
        assert.ok(!server.log.includes(canary), `the log holds ${canary}`);
      assert.ok(!/status=500/.test(server.log), server.log.split('\n').filter((l) => /500|failed/.test(l)).join('\n'));
    });
  });

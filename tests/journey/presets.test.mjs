// SPDX-License-Identifier: EUPL-1.2
// CONF-1, CONF-2: each shipped preset becomes a community by one command and by one click, and passes its example.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { account, giveRole, idOf, invite, member } from '../support/community.mjs';
import { like, say } from '../support/po.mjs';
import { ENGINES, Place, without } from '../support/server.mjs';

const COMMUNITIES = ['r613-ottawa', 'cfn-calgary', 'isans-beacon', 'north-bay', 'pifi', 'orsg'];
const PROGRAMS = ['welcome-groups', 'intentional-connection', 'assessment-network', 'youth-wraparound', 'case-messaging'];
const ALL = [...COMMUNITIES, ...PROGRAMS];
const attribute = (html, name) => new RegExp(`<html[^>]* ${name}="([^"]*)"`).exec(html)[1];

for (const engine of ENGINES)
  describe(`presets, ${engine}`, { skip: without(engine) }, () => {
    let place, server, admin;
    const ids = {};
    const launch = async (id, reason = 'Un essai du parcours, avec les gens du centre.') => {
      const page = await (await admin.get(`/communities/${id}/planning`)).submit('/planning/launch', { reason });
      assert.deepEqual(page.summary, [], page.words);
      assert.match((await admin.get(`/communities/${id}`)).words, like('en', 'Live'));
    };

    before(async () => {
      place = await Place.make(engine);
      for (const code of ALL) await place.ok('community', 'add', '--preset', code);
      server = await place.serve();
      admin = await server.signedIn(place.admin.login, place.admin.password);
      for (const code of COMMUNITIES) ids[code] = await idOf(admin, code);
    });
    after(() => place?.close());

    test('by one command: each is a draft, listed with its promise, and the list tells what each sets up', async () => {
      const list = await place.ok('community', 'list');
      for (const code of ALL) assert.match(list, new RegExp(`^${code} +draft`, 'm'));
      assert.match(list, /^pifi +draft +48 h/m);
      const presets = await place.ok('preset', 'list', '--what');
      for (const code of ALL) assert.ok(presets.includes(`\n${code} `) || presets.startsWith(`${code} `), code);
      assert.equal((presets.match(/\(program\)/g) ?? []).length, PROGRAMS.length);
      assert.match(presets, /Partner organisations: 5/);
      assert.match((await place.run('community', 'add', '--preset', 'nothing')).err, /nothing/);
      assert.equal((await place.run('community', 'add', '--preset', 'pifi', '--name', 'Autre')).code, 2);
    });

    test('by one click: a card for each says what it sets up and makes the same draft', async () => {
      const page = await admin.get('/communities/new');
      for (const code of ALL) assert.ok(page.has(`/presets/${code}`), code);
      for (const code of ALL) {
        const made = await (await admin.get('/communities/new')).submit(`/presets/${code}`);
        assert.match(made.path, /^\/communities\/[0-9a-z]{13}$/, made.words);
        assert.ok(made.links.includes(`/c/${code}-2`), `${code}: ${made.words.slice(0, 300)}`);
        // what was clicked is what the command made, but for the address
        const clicked = await place.ok('community', 'export', `${code}-2`), typed = await place.ok('community', 'export', code);
        assert.equal(clicked.replace(`slug = ${code}-2`, `slug = ${code}`), typed);
      }
    });

    test('CONF-2: a design goes out, comes in under another name and goes out the same', async () => {
      const text = await place.ok('community', 'export', 'cfn-calgary');
      await place.ok('community', 'import', '-', '--as', 'copie', { input: text });
      assert.equal(await place.ok('community', 'export', 'copie'), text.replace('slug = cfn-calgary', 'slug = copie'));
      const served = await admin.get(`/communities/${ids['cfn-calgary']}/design.txt`);
      assert.equal(served.html, text);
    });

    test('A-32 R613: Arabic, right to left, 24 h, no politics, religion or personal matters', async () => {
      await launch(ids['r613-ottawa']);
      const page = await server.browser({ lang: 'es' }).get('/c/r613-ottawa');
      assert.equal(attribute(page.html, 'lang'), 'ar');
      assert.equal(attribute(page.html, 'dir'), 'rtl');
      const text = await place.ok('community', 'export', 'r613-ottawa');
      for (const line of ['standard_hours = 24', 'clock_mode = deferred', 'ladder.off-topic = r613-offtopic', 'ladder.offensive = r613-offensive', 'excluded = political religious personal']) assert.ok(text.includes(`\n${line}\n`), line);
    });

    test('A-33 CFN: no thread for a person without file and signed consent; the refusal says why and leads there', async () => {
      const id = ids['cfn-calgary'];
      await launch(id);
      const manager = await account(admin, 'cfn', 'Casey Manager');
      await giveRole(admin, id, 'Casey Manager', 'moderator');
      const b = await server.signedIn(manager.login, manager.password);
      await (await b.get('/me/password')).submit('/me/password', { old: manager.password, new: 'a phrase of mine', again: 'a phrase of mine' });
      const mod = await server.signedIn(manager.login, 'a phrase of mine');
      await member(server, admin, 'cfn-calgary', { name: 'Amal', lang: 'ar', answers: { a1: 'C-17' }, invitation: await invite(admin, id, 'Amal, intake of Monday', { uses: '1' }) });
      const write = (await mod.get(`/communities/${id}/members`)).link(/\/members\/[0-9a-z]{13}\/write$/);
      let page = await (await mod.get(write)).submit('/write', { text: 'Bonjour Amal' });
      assert.equal(page.status, 422);
      assert.match(page.problems.text, like('en', 'Here a private thread needs a file number and a signed consent. Record both on the page “Files and consents” of the community, then write.'));
      assert.equal(page.value('/write', 'text'), 'Bonjour Amal');
      page = await mod.get(page.link(/\/files$/));
      page = await page.submit('/files', { file_number: 'C-17' });
      page = await (await mod.get(write)).submit('/write', { text: 'Bonjour Amal' });
      assert.match(page.problems.text, like('en', 'Here a private thread needs a signed consent. Record it on the page “Files and consents” of the community, then write.'));
      page = await (await mod.get(`/communities/${id}/files`)).submit('/files', { file_number: 'C-17', consent: '1', method: 'signature' });
      assert.deepEqual(page.summary, [], page.words);
      page = await (await mod.get(write)).submit('/write', { text: 'Bonjour Amal' });
      assert.match(page.path, /^\/threads\//, page.words);
      assert.equal((await mod.get(`/communities/${id}/consent/print`)).status, 200);
      page = await (await mod.get(`/communities/${id}/files`)).submit(/withdraw$/);
      page = await (await mod.get(write)).submit('/write', { text: 'Encore' });
      assert.equal(page.status, 422);
    });

    test('A-34 Beacon: channels by topic, chosen when writing and filtered when reading', async () => {
      await launch(ids['isans-beacon']);
      // By sponsor group: without its invitation the workspace is not there.
      assert.equal((await server.browser().get('/c/isans-beacon')).status, 404);
      assert.equal((await server.browser().get('/c/isans-beacon/join')).status, 404);
      const invitation = await invite(admin, ids['isans-beacon'], 'Harbour sponsor group', { uses: '6' });
      const { browser } = await member(server, admin, 'isans-beacon', { name: 'Robin', lang: 'en', answers: { a1: 'Harbour group' }, invitation });
      assert.match((await admin.get(`/communities/${ids['isans-beacon']}/invitations`)).words, /Harbour sponsor group[\s\S]*asked: 1 of 6 · accepted: 1/);
      const post = async (text, topic) => (await browser.get('/c/isans-beacon/talk')).submit('/talk', { text, topic });
      await post('We found beds for everyone', 'first-weeks');
      await post('The lease is signed', 'housing');
      const page = await browser.get('/c/isans-beacon/talk?topic=housing');
      assert.ok(page.words.includes('The lease is signed') && !page.words.includes('We found beds'));
      const wrong = await browser.send('/c/isans-beacon/talk', [['_csrf', page.csrf], ['text', 'x'], ['topic', 'no-such-topic']], { multipart: true });
      assert.equal(wrong.status, 422);
      // Before it is published: a telephone number, and a name of the family that the writer sponsors.
      const { browser: other } = await member(server, admin, 'isans-beacon', { name: 'Lee', lang: 'en', answers: { a1: 'Hill group' }, invitation });
      assert.match((await browser.get('/c/isans-beacon/private')).words, like('en', 'Names I do not want to publish'), 'the welcome does not tell of the list');
      const names = await browser.get('/c/isans-beacon/names');
      assert.match(names.words, like('en', 'No sponsorship file is kept here. Write down the names that stand in yours: if one of them is in what you are about to publish, you are asked first.'));
      const wrong_ = await names.submit('/names', { name: 'Youssef Al-Masri\nA b' });
      assert.equal(wrong_.value('/names', 'name'), 'Youssef Al-Masri\nA b');
      const kept = await wrong_.submit('/names', { name: 'Youssef Al-Masri\n\nLayla Haddad\n' });
      assert.ok(kept.words.includes('Youssef Al-Masri') && kept.words.includes('Layla Haddad'), kept.words);
      for (const [text, found] of [['Layla needs a crib', 'a name of your protected list'], ['Call me at 902-555-0142 about the lease', 'a phone number'], ['YOUSSEF needs a winter coat', 'a name of your protected list']]) {
        const warned = await post(text, 'housing');
        assert.equal(warned.status, 422, warned.words);
        assert.ok(warned.words.includes(say('en', found)), warned.words);
        assert.equal(warned.value('/talk', 'text'), text);
        assert.ok(!(await other.get('/c/isans-beacon/talk')).words.includes(text), 'it was published before the warning');
      }
    });

    test('A-36 ORSG: the light banner is shown and no question has a due time', async () => {
      await launch(ids.orsg);
      const { browser } = await member(server, admin, 'orsg', { name: 'Sam', lang: 'en', answers: { a1: 'Glebe group' } });
      const home = await browser.get('/c/orsg');
      assert.ok(home.words.includes(say('en', 'Volunteers look in from time to time. Nobody watches this community constantly.')), home.words);
      let page = await (await browser.get('/c/orsg/ask')).submit('/ask', { text: 'Who has a crib?' });
      assert.match(page.path, /questions/);
      const inbox = await admin.get('/inbox?overdue=1');
      assert.ok(!inbox.words.includes('Who has a crib?'));
      page = await (await browser.get('/c/orsg/talk')).submit('/talk', { text: 'Buy my used cars' });
      assert.match(page.words, /Buy my used cars/);
      const act = (await admin.get('/c/orsg/talk')).link(/^\/messages\/[0-9a-z]{13}\/act/);
      const done = await (await admin.get(`${act}?category=advertising`)).submit('/act', {});
      assert.deepEqual(done.summary, [], done.words);
      assert.ok(!(await browser.get('/c/orsg/talk')).words.includes('Buy my used cars'), 'an administrator could not delete a post');
    });

    test('PPL-7: one volunteer without an organisation makes, opens and runs a community alone', async () => {
      const val = await place.user('val', 'Val Ontaire');
      const b = server.browser();
      let page = await b.signIn(val.login, val.password);
      await page.submit('/me/password', { old: val.password, new: 'ma propre phrase', again: 'ma propre phrase' });
      const solo = await server.signedIn('val', 'ma propre phrase');
      page = await (await solo.get('/communities/new')).submit('/presets/orsg');
      assert.match(page.path, /^\/communities\/[0-9a-z]{13}$/, page.words);
      const id = page.path.split('/').pop(), slug = page.links.find((l) => l.startsWith('/c/orsg')).slice(3);
      assert.match(page.words, /Val Ontaire/);
      page = await (await solo.get(`/communities/${id}/planning`)).submit('/planning/launch', { reason: 'Je m’en occupe seule, chaque soir.' });
      assert.deepEqual(page.summary, [], page.words);
      const { browser } = await member(server, solo, slug, { name: 'Alex', lang: 'en', answers: { a1: 'None yet' } });
      page = await (await browser.get(`/c/${slug}/ask`)).submit('/ask', { text: 'Where do we find winter coats?' });
      assert.match((await solo.get('/inbox')).words, /winter coats/);
    });
  });

// SPDX-License-Identifier: EUPL-1.2
// The examples that have many people in them, with those very numbers: a limit of 256, a community of 701, a month that
// began with 300. The people come as they do in a group that is followed by hand: its conversation is pasted. On both engines.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { account, ask, decide, giveRole, idOf, importDesign, openIt } from '../support/community.mjs';
import { like, say } from '../support/po.mjs';
import { tablesOf, words } from '../support/html.mjs';
import { ENGINES, Place, until, without } from '../support/server.mjs';

const en = (msgid, ...args) => say('en', msgid, ...args);

for (const engine of ENGINES)
  describe(`crowded, ${engine}`, { skip: without(engine) }, () => {
    let place, server, admin, mod, moderator;
    const coms = {};
    const shown = async (id) => Number(/(\d[\d,]*) members?/.exec((await admin.get('/communities')).html.split(`/communities/${id}"`)[1].replace(/<[^>]*>/g, ' '))[1].replace(',', ''));
    // Somebody of each number says hello in the group of that name; 200 messages are read at a time.
    const crowd = async (group, day, from, to) => {
      for (let i = from; i <= to; i += 200) {
        const lines = [];
        for (let k = i; k <= Math.min(to, i + 199); k++) lines.push(`[${day}, 09:${String(k % 60).padStart(2, '0')}:00] ${group} ${k}: Bonjour`);
        const page = await mod.get('/by-hand/paste');
        const option = page.form('/by-hand/paste').fields.find((f) => f.name === 'place').options.find((o) => o.label.endsWith(`· ${group}`));
        const read = await page.submit('/by-hand/paste', { place: option.value, text: lines.join('\n') });
        assert.deepEqual(read.problems, {}, read.words);
        assert.equal((await read.submit('/by-hand/paste/take', { ours: [] })).path, '/inbox');
      }
    };
    const follow = async (id, chat) => {
      const page = await admin.get(`/communities/${id}`);
      const option = page.form('/channels').fields.find((f) => f.name === 'channel').options.find((o) => o.label === 'main');
      assert.deepEqual((await page.submit('/channels', { channel: option.value, chat })).summary, []);
    };
    const signIn = async () => {
      admin = await server.signedIn(place.admin.login, place.admin.password);
      mod = await server.signedIn(moderator.login, moderator.password);
    };

    before(async () => {
      place = await Place.make(engine, { at: '2026-02-03T10:00:00-05:00' });
      await importDesign(place, 'limite', { screening: false, limit: 256 });
      await importDesign(place, 'mois', { screening: false });
      await place.ok('channel', 'add', 'assisted', '--name', 'main', '--app', 'facebook');
      server = await place.serve();
      admin = await server.signedIn(place.admin.login, place.admin.password);
      moderator = await account(admin, 'amira', 'Amira');
      for (const [slug, chat] of [['limite', 'Limite'], ['mois', 'Mois']]) {
        coms[slug] = await idOf(admin, slug);
        await openIt(admin, coms[slug]);
        await giveRole(admin, coms[slug], 'Amira', 'moderator');
        await follow(coms[slug], chat);
      }
      const first = await server.browser().signIn(moderator.login, moderator.password);
      await first.submit('/me/password', { old: moderator.password, new: 'une phrase facile', again: 'une phrase facile' });
      moderator.password = 'une phrase facile';
      await signIn();
    });
    after(() => place?.close());

    /* A-26, MSG-10 */
    test('A-26: 256 of 256 are there: one more waits and is told; with 512 the waiting come in, in order', async () => {
      const id = coms.limite;
      await crowd('Limite', '2026-02-03', 1, 256);
      assert.equal(await shown(id), 256);
      const late = [];
      for (const name of ['Première', 'Deuxième']) {
        late.push((await ask(server, 'limite', { name })).browser);
        const done = await decide(admin, name, 'accept');
        assert.match(done.words, like('en', 'Accepted. The community is full: the person is on the waiting list and was told.'));
      }
      const waiting = async () => words(/<ul class="rows[\s\S]*?<\/ul>/.exec((await admin.get(`/communities/${id}/members?state=waiting`)).html)?.[0] ?? '');
      assert.match(await waiting(), /Première[\s\S]*Deuxième/);
      for (const b of late) {
        assert.match((await b.get('/notices')).words, like('fr', 'Your request to join {0} was accepted. The community is full at the moment: you are on the waiting list and will be told as soon as there is room.'));
        assert.ok(!(await b.get('/c/limite/ask')).has('/ask'), 'somebody who waits can ask already');
      }
      const limit = async (n) => assert.deepEqual((await (await admin.get(`/communities/${id}`)).submit(`/communities/${id}`, { member_limit: String(n) })).summary, []);
      await limit(257); // in order: the first, and only the first
      assert.match(await waiting(), /^(?!.*Première).*Deuxième/s);
      await limit(512);
      assert.equal(await waiting(), '');
      for (const b of late) {
        assert.match((await b.get('/notices')).words, like('fr', 'You are now a member of {0}.'));
        assert.ok((await b.get('/c/limite/ask')).has('/ask'));
      }
      assert.equal(await shown(id), 258);
    });

    /* A-31, CONF-1 */
    test('A-31 PIFI: one click makes it French, 48 h deferred, closed, with five partners; each seats an administrator; 701 members and one active moderator raise the workload alert', async () => {
      const made = await (await mod.get('/communities/new')).submit('/presets/pifi'); // who makes it moderates it
      assert.match(made.path, /^\/communities\/[0-9a-z]{13}$/, made.words);
      const id = made.path.split('/').pop();
      assert.equal(made.value(`/communities/${id}`, 'standard_hours'), '48');
      assert.equal(made.value(`/communities/${id}`, 'clock_mode'), 'deferred');
      let page = await made.submit(`/communities/${id}/status`, { status: 'live' });
      assert.match(page.problems.status ?? page.summary.join(' '), like('en', 'A line of the planning file is not “yes”. Open it from the page “Planning file”, with a reason.'));
      // Five organisations, each with an administrator.
      page = await admin.get(`/communities/${id}/planning`);
      const orgs = page.form('/planning/seats').fields.find((f) => f.name === 'org').options.filter((o) => o.value);
      assert.equal(orgs.length, 5);
      for (const [i, org] of orgs.entries()) {
        const who = await account(admin, `pifi${i}`, `Personne ${i}`);
        page = await admin.get(`/communities/${id}/planning`);
        const person = page.form('/planning/seats').fields.find((f) => f.name === 'person').options.find((o) => o.label === who.name);
        page = await page.submit('/planning/seats', { org: org.value, person: person.value });
        assert.deepEqual(page.summary, []);
      }
      page = await (await admin.get(`/communities/${id}/planning/checklist`)).submit('/planning/checklist', { purpose: 'yes', 'purpose-ticks': ['information', 'navigation'], target: 'yes', experience: 'yes' });
      assert.deepEqual(page.problems, {});
      page = await admin.get(`/communities/${id}/planning`);
      assert.ok(!page.form('/planning/launch').fields.some((f) => f.name === 'reason'), 'a reason is asked although every line is yes');
      assert.deepEqual((await page.submit('/planning/launch')).summary, []);
      // What a visitor meets: the French face, and no entry in the list.
      const visitor = server.browser({ lang: 'es' });
      assert.match((await visitor.get('/c/pifi')).html, /<html[^>]* lang="fr"/);
      assert.ok(!(await visitor.get('/')).links.includes('/c/pifi'), 'a closed community is listed');
      // 701 people and the one moderator who looks after them.
      await follow(id, 'PIFI');
      const warning = like('en', 'Workload alert. Members: {0}. Active moderators: {1}. Find more moderators, or raise the limit.');
      const alert = async () => warning.test((await admin.get(`/communities/${id}`)).words);
      await crowd('PIFI', '2026-02-03', 1, 250);
      assert.equal(await shown(id), 250);
      assert.ok(!(await alert()));
      await crowd('PIFI', '2026-02-03', 251, 701);
      assert.equal(await shown(id), 701);
      page = await admin.get(`/communities/${id}`);
      assert.match(page.words, warning);
      assert.match(page.words, /Members: 701 ?\. Active moderators: 1 ?\./);
      await until('the moderator to be told', async () => like('en', '{0} has {1} members, more than its active moderators can look after. Find more moderators.').test((await mod.get('/notices')).words));
      // At 400 for each of them a second one is enough, as long as they are not away.
      await (await admin.get(`/communities/${id}/planning`)).submit('/planning/settings', { per_moderator: '400' });
      assert.ok(await alert());
      const second = await account(admin, 'luc', 'Luc');
      const person = await giveRole(admin, id, second.name, 'moderator');
      assert.ok(!(await alert()), 'the alert stays on with a second active moderator');
      page = await (await admin.get(`/communities/${id}/absences`)).submit('/absences', { person, from: '2026-02-03', until: '2026-02-20' });
      assert.deepEqual(page.summary, [], page.words);
      assert.ok(await alert(), 'who is away counts as active');
    });

    /* A-55, EVAL-2 */
    test('A-55: 300 at the end of the month before, 25 new, 3 left, 2 removed: 318 on the platform means 2 silently gone, 320 nobody', async () => {
      const id = coms.mois;
      await crowd('Mois', '2026-02-03', 1, 300);
      server = await place.moveClock(server, '2026-03-10T10:00:00-04:00');
      await signIn();
      await crowd('Mois', '2026-03-10', 301, 325);
      const members = () => admin.get(`/communities/${id}/members`);
      for (let i = 0; i < 3; i++) assert.equal((await (await members()).submit(/\/members\/[0-9a-z]{13}\/leave$/)).status, 200);
      assert.ok(!(await mod.get(`/communities/${id}/members`)).has(/\/remove$/), 'who may not remove sees a button for it');
      for (let i = 0; i < 2; i++) assert.deepEqual((await (await members()).submit(/\/members\/[0-9a-z]{13}\/remove$/, { reason: 'guidelines' })).summary, []);
      const base = `/communities/${id}/statistics?month=2026-03`;
      let page = await mod.get(`${base}&entered=318`);
      const facts = words(/<div class="notice" id="proposal">([\s\S]*?)<\/dl>/.exec(page.html)?.[1] ?? page.html).replace(/[−–]/g, '-');
      assert.match(facts, /Month before 300 New members \+25 Left on request -3 Removed by a moderator -2/);
      assert.match(page.words, /Proposed: 2 people silently gone\./);
      page = await mod.get(`${base}&entered=320`);
      assert.match(page.words, like('en', 'The numbers agree: nobody is silently gone.'));
      page = await (await mod.get(`${base}&entered=318`)).submit('/statistics/end', { note: 'Compté dans le groupe' });
      const row = tablesOf(page.html).flat().find((r) => r[0] === en('Silently gone'));
      assert.equal(row[1], '2', page.words);
    });
  });

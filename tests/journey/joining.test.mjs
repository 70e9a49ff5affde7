// SPDX-License-Identifier: EUPL-1.2
// What somebody sees between asking to join and being let in, and where nobody is let in; on our pages, on both engines.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { account, ask, decide, giveRole, idOf, importDesign, openIt } from '../support/community.mjs';
import { like } from '../support/po.mjs';
import { ENGINES, Place, without } from '../support/server.mjs';

for (const engine of ENGINES)
  describe(`joining, ${engine}`, { skip: without(engine) }, () => {
    let place, server, admin, com, small;
    const state = async (id, status) => assert.deepEqual((await (await admin.get(`/communities/${id}`)).submit(`/communities/${id}/status`, { status, reason: 'moved' })).summary, []);
    const closed = like('fr', '{0} takes no new members now.');

    before(async () => {
      place = await Place.make(engine);
      await importDesign(place, 'ville');
      await importDesign(place, 'petite', { screening: false, limit: 1 });
      server = await place.serve();
      admin = await server.signedIn(place.admin.login, place.admin.password);
      com = await idOf(admin, 'ville');
      small = await idOf(admin, 'petite');
      for (const id of [com, small]) await openIt(admin, id);
    });
    after(() => place?.close());

    test('MSG-6: the applicant sees that the request waits, is not asked twice, and may take it back', async () => {
      const { browser } = await ask(server, 'ville', { name: 'Nour', answers: { a1: 'Hier' } });
      let page = await browser.get('/c/ville');
      assert.match(page.words, like('fr', 'You asked to join. A moderator reads your request; the answer will stand here.'));
      assert.ok(!page.links.includes('/c/ville/join'), 'who has asked is invited to ask');
      assert.equal((await browser.get('/c/ville/join')).path, '/c/ville');
      page = await page.submit('/join/withdraw');
      assert.match(page.flash, like('fr', 'Your request is taken back. You may ask again.'));
      assert.ok(page.links.includes('/c/ville/join'), page.words);
      assert.ok(!(await admin.get('/joins')).words.includes('Nour'));
      page = await (await browser.get('/c/ville/join')).submit('/join', { a1: 'Hier', accept: '1' });
      assert.match(page.words, like('fr', 'Your request is sent'));
    });

    test('MSG-9: who admits is told, who only moderates is not', async () => {
      const who = await account(admin, 'amira', 'Amira H.');
      await giveRole(admin, com, 'Amira H.', 'moderator');
      await (await server.browser().signIn('amira', who.password)).submit('/me/password', { old: who.password, new: 'amira l’a choisi', again: 'amira l’a choisi' });
      const mod = await server.signedIn('amira', 'amira l’a choisi');
      await ask(server, 'ville', { name: 'Omar', answers: { a1: 'Hier' } });
      const told = like('en', 'Someone asks to join {0}.');
      assert.match((await admin.get('/notices')).words, told);
      assert.ok(!told.test((await mod.get('/notices')).words), 'a moderator is led to a page that is not theirs');
    });

    test('MSG-6: the form asks eight questions at most; a translation leaves them in their order', async () => {
      let page = await admin.get(`/communities/${com}`);
      const order = () => [...page.html.matchAll(/<li class="row" data-item=""><bdi>([^<]*\?)<\/bdi>/g)].map((m) => m[1]);
      for (let i = 3; i <= 8; i++) page = await page.submit('/screening', { id: '', lang_of: 'fr', question: `Question ${i} ?`, required: null });
      const before = order();
      assert.equal(before.length, 8, page.words);
      assert.equal(before[7], 'Question 8 ?');
      const third = page.form('/screening').fields.find((f) => f.name === 'id').options.find((o) => o.label === 'Question 3 ?');
      page = await page.submit('/screening', { id: third.value, lang_of: 'ar', question: 'سؤال ٣؟', required: null });
      assert.deepEqual(order(), before);
      page = await page.submit('/screening', { id: '', lang_of: 'fr', question: 'Question 9 ?', required: '1' });
      assert.match(page.summary.join(' '), like('en', 'At most eight questions: stop asking one first.'));
      assert.equal(page.value('/screening', 'question'), 'Question 9 ?');
    });

    test('MSG-10: a waiting person may be taken off the list by who admits', async () => {
      await ask(server, 'petite', { name: 'Première' });
      await decide(admin, 'Première', 'accept');
      await ask(server, 'petite', { name: 'Deuxième' });
      await decide(admin, 'Deuxième', 'accept');
      let page = await admin.get(`/communities/${small}/members?state=waiting`);
      assert.match(page.words, /Deuxième/);
      await page.submit(/\/members\/[0-9a-z]{13}\/remove$/, { reason: 'other' });
      page = await admin.get(`/communities/${small}/members?state=waiting`);
      assert.ok(!page.words.includes('Deuxième'), page.words);
    });

    test('MSG-18: where nobody is admitted the page says so, and no form pretends otherwise', async () => {
      const late = server.browser({ lang: 'fr' }); // has the form open while the community closes
      const form = await late.get('/c/ville/join');
      const waiting = (await ask(server, 'petite', { name: 'Troisième' })).browser;
      await decide(admin, 'Troisième', 'accept');
      await ask(server, 'ville', { name: 'Pressée', answers: { a1: 'Hier' } });
      await state(com, 'read-only');
      const asked = await admin.get(/<a href="(\/joins\/[0-9a-z]{13})"><bdi>Pressée<\/bdi>/.exec((await admin.get('/joins')).html)[1]);
      const stays = await asked.submit('/accept');
      assert.equal(stays.status, 422);
      assert.match(stays.summary.join(' '), like('en', 'This community takes no new members now: refuse the request, or open the community.'));
      assert.ok(stays.form('/accept'), 'the request is decided all the same');
      let page = await server.browser({ lang: 'fr' }).get('/c/ville');
      assert.match(page.words, closed);
      assert.ok(!page.links.includes('/c/ville/join'));
      page = await server.browser({ lang: 'fr' }).get('/c/ville/join');
      assert.equal(page.path, '/c/ville');
      page = await form.submit('/join', { name: 'Tardif', a1: 'Hier', accept: '1' });
      assert.match(page.words, closed);
      assert.ok(!(await admin.get('/joins')).words.includes('Tardif'));
      // Who waits for a place in a community that is archived still has a first page.
      await state(small, 'archived');
      page = await waiting.get('/');
      assert.equal(page.status, 200, page.words);
      assert.match(page.words, like('fr', 'Welcome'));
    });
  });

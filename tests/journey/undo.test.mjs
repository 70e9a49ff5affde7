// SPDX-License-Identifier: EUPL-1.2
// What hurts can be taken back from the very next page, without scripts (reference of the pages: undo or confirm).
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { account, giveRole, idOf, importDesign, member, openIt } from '../support/community.mjs';
import { say } from '../support/po.mjs';
import { ENGINES, Place, without } from '../support/server.mjs';

for (const engine of ENGINES)
  describe(`undo, ${engine}`, { skip: without(engine) }, () => {
    let place, server, admin, mod, com, amal, path;
    const en = (msgid, ...args) => say('en', msgid, ...args);

    before(async () => {
      place = await Place.make(engine, { lang: 'en' });
      await importDesign(place, 'ville', { screening: false });
      server = await place.serve();
      admin = await server.signedIn(place.admin.login, place.admin.password);
      com = await idOf(admin, 'ville');
      await openIt(admin, com);
      const who = await account(admin, 'amira', 'Amira H.');
      await giveRole(admin, com, 'Amira H.', 'moderator');
      await (await server.browser().signIn('amira', who.password)).submit('/me/password', { old: who.password, new: 'amira l’a choisi', again: 'amira l’a choisi' });
      mod = await server.signedIn('amira', 'amira l’a choisi');
      amal = (await member(server, admin, 'ville', { name: 'Amal', lang: 'fr' })).browser;
      const asked = await (await amal.get('/c/ville/ask')).submit('/ask', { text: 'Où est la clinique ?' });
      path = `/inbox/${asked.path.split('/').pop()}`;
    });
    after(() => place?.close());

    test('hide: the bar shows it again, and stands there once', async () => {
      const hidden = await (await mod.get(path)).submit(/messages\/.*\/hide$/);
      assert.equal(hidden.flash, en('The message is hidden. You can show it again.'));
      assert.ok(!(await mod.get(path)).undoBar, 'the bar comes back on the page after');
      assert.ok(!(await amal.get('/c/ville/talk')).words.includes('clinique'));
      const shown = await hidden.undo();
      assert.equal(shown.flash, en('The message is shown again.'));
      assert.ok((await amal.get('/c/ville/talk')).words.includes('clinique'));
    });

    test('assign: back to whoever had it before', async () => {
      const mine = await (await mod.get(path)).submit('/assign', { me: '1' });
      assert.equal(mine.flash, en('It is yours.'));
      assert.equal((await mine.undo()).flash, en('It is free again.'));
      await (await mod.get(path)).submit('/assign', { me: '1' });
      const free = await (await mod.get(path)).submit('/assign', { person: '' }, { n: 1 });
      assert.equal(free.flash, en('It is free again.'));
      assert.equal((await free.undo()).flash, en('It is yours.'));
    });

    test('close: open again', async () => {
      const closed = await (await mod.get(path)).submit('/close', { reason: 'duplicate' });
      assert.equal(closed.flash, en('The question is closed.'));
      assert.equal((await closed.undo()).flash, en('The question is open again.'));
      assert.match((await mod.get('/inbox')).words, /clinique/);
    });

    test('a sanction that mutes: taken back from its page', async () => {
      const ladders = await admin.get(`/communities/${com}/ladders`);
      await ladders.submit(/\/ladders$/, { category: 'disrespect', ladder: '', steps: 'restrict=7' });
      await (await amal.get('/c/ville/talk')).submit('/talk', { text: 'Vous êtes nuls' });
      const talk = await mod.get('/c/ville/talk');
      const act = /href="(\/messages\/[0-9a-z]{13}\/act)/.exec(talk.html.slice(talk.html.indexOf('>Vous êtes nuls<')))[1];
      const done = await (await mod.get(`${act}?category=disrespect`)).submit('/act', {});
      assert.equal(done.flash, en('Done. You can take it back here.'));
      assert.equal((await (await amal.get('/c/ville/talk')).submit('/talk', { text: 'Encore' })).status, 422);
      assert.equal((await done.undo()).flash, en('The decision is taken back.'));
      assert.equal((await (await amal.get('/c/ville/talk')).submit('/talk', { text: 'Encore' })).status, 200);
    });

    test('only a page of the same session is believed', async () => {
      for (const value of ['/settings/organisation', 'xxxxxxxxxxxx/sign-out', `${'a'.repeat(12)}https://example.org/`]) {
        mod.cookies.set('flash', encodeURIComponent('The question is closed.'));
        mod.cookies.set('undo', encodeURIComponent(value));
        const page = await mod.get(path);
        assert.ok(!page.undoBar, value);
        mod.cookies.delete('undo');
      }
    });
  });

// SPDX-License-Identifier: EUPL-1.2
// Groups by hand and calls (channel class C; EQ-2), through the product on both engines: a pasted conversation
// becomes questions, what has to be done in the app stands in a list with its words, and who did it is on record.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { account, idOf, giveRole, importDesign, openIt } from '../support/community.mjs';
import { words } from '../support/html.mjs';
import { say } from '../support/po.mjs';
import { ENGINES, Place, without } from '../support/server.mjs';

const en = (msgid, ...args) => say('en', msgid, ...args);

for (const engine of ENGINES)
  describe(`by hand, ${engine}`, { skip: without(engine) }, () => {
    let place, server, admin, mod, id;
    const until = async (what, look) => {
      for (let i = 0; i < 100; i++) {
        const found = await look();
        if (found) return found;
        await new Promise((r) => setTimeout(r, 100));
      }
      assert.fail(`did not come: ${what}`);
    };
    // The cards of the list: what to do, and the words to copy.
    const tasks = async () => {
      const page = await mod.get('/by-hand');
      return [...page.html.matchAll(/<li class="card"[\s\S]*?<\/li>/g)].map((m) => ({
        text: words(m[0]), copy: words(/<textarea[^>]*>([\s\S]*?)<\/textarea>/.exec(m[0])?.[1] ?? ''),
        done: /action="(\/by-hand\/[0-9a-z]{13})\/done"/.exec(m[0])[1], page,
      }));
    };
    const task = (part) => until(part, async () => (await tasks()).find((t) => t.text.includes(part) || t.copy.includes(part)));
    const questionOf = async (text) => {
      const inbox = await mod.get('/inbox');
      const row = [...inbox.html.matchAll(/<a href="(\/inbox\/[0-9a-z]{13})[^"]*"[\s\S]*?<\/a>/g)].find((m) => words(m[0]).includes(text));
      return row?.[1];
    };
    const paste = async (text, ours = []) => {
      const shown = await (await mod.get('/by-hand/paste')).submit('/by-hand/paste', { text });
      assert.deepEqual(shown.problems, {}, shown.words);
      const taken = await shown.submit('/by-hand/paste/take', { ours });
      assert.equal(taken.path, '/inbox', taken.words);
      return shown;
    };

    before(async () => {
      place = await Place.make(engine);
      server = await place.serve();
      admin = await server.signedIn(place.admin.login, place.admin.password);
      await importDesign(place, 'nord', { screening: false });
      id = await idOf(admin, 'nord');
      await openIt(admin, id);
      const amira = await account(admin, 'amira', 'Amira');
      await giveRole(admin, id, 'Amira', 'moderator');
      mod = server.browser();
      const first = await mod.signIn(amira.login, amira.password);
      await first.submit('/me/password', { old: amira.password, new: 'une phrase facile', again: 'une phrase facile' });
      await mod.signIn(amira.login, 'une phrase facile');
    });
    after(() => place?.close());

    test('the command and the page refuse what they do not know, and say what they accept', async () => {
      const bad = await place.run('channel', 'add', 'assisted', '--name', 'wa', '--app', 'pigeon');
      assert.equal(bad.code, 1);
      assert.match(bad.err, /whatsapp, facebook, wechat, phone or other/);
      const unknown = await place.run('channel', 'add', 'assisted', '--name', 'wa', '--token', 'x');
      assert.equal(unknown.code, 1);
      assert.match(unknown.err, /no option --token/);
      let page = await (await admin.get('/settings/channels/new/assisted')).submit('/settings/channels/new/assisted', { name: 'wa', set1: 'ftp://x' });
      assert.ok(page.problems.set1, page.words);
      assert.equal(page.value('/settings/channels/new/assisted', 'set1'), 'ftp://x');
      page = await page.submit('/settings/channels/new/assisted', { set1: 'https://chat.whatsapp.com/example' });
      assert.match(page.path, /^\/settings\/channels\/[0-9a-z]{13}$/);
      page = await page.submit(/\/switch$/);
      assert.equal(page.flash, en('The channel is on.'));
    });

    test('a group by hand: its conversation is pasted, looked at, taken in once', async () => {
      const manage = await admin.get(`/communities/${id}`);
      const option = manage.form('/channels').fields.find((f) => f.name === 'channel').options.find((o) => o.label === 'wa');
      const done = await manage.submit('/channels', { channel: option.value, chat: 'Bienvenue Nord' });
      assert.deepEqual(done.summary, []);

      const nothing = await (await mod.get('/by-hand/paste')).submit('/by-hand/paste', { text: 'no names at all' });
      assert.ok(nothing.problems.text, nothing.words);
      assert.equal(nothing.value('/by-hand/paste', 'text'), 'no names at all');

      const text = '[2026-03-04, 09:15:03] Amal: Où inscrire mon fils à l’école?\n[2026-03-04, 09:16:00] Bo: Bonjour à tous\n[2026-03-04, 09:20:00] Amira Nord: Bienvenue!';
      const shown = await paste(text, ['Amira Nord']);
      assert.match(shown.words, /3 messages/);
      const question = await questionOf('Où inscrire mon fils');
      assert.ok(question);
      await paste(`${text}\n[2026-03-04, 09:30:00] Bo: Merci`, ['Amira Nord']);
      const inbox = await mod.get('/inbox');
      assert.equal(inbox.words.split('Où inscrire mon fils').length - 1, 1, 'the same message counted twice');
    });

    test('an answer becomes a thing to do, with the words; done, it stands there and can be taken away by hand', async () => {
      const question = await questionOf('Où inscrire mon fils');
      let page = await mod.get(question);
      page = await page.submit('/answer', { text: 'Au bureau du conseil scolaire.' });
      assert.deepEqual(page.summary, []);
      const t = await task('Au bureau du conseil scolaire.');
      assert.match(t.text, /WhatsApp/);
      await mod.push(`${t.done}/done`);
      assert.equal((await mod.get('/by-hand')).words.includes('Au bureau du conseil scolaire.'), false);

      // Said too soon: it stands in the list again, then it is done.
      page = await mod.get('/by-hand');
      await page.submit(`${t.done}/back`);
      assert.ok(await task('Au bureau du conseil scolaire.'));
      const next = await mod.push(`${t.done}/done`);
      assert.equal(next.flash, en('Noted: it is done.'));

      const log = await mod.get(`/communities/${id}/by-hand`);
      assert.match(log.words, /Amira/);
      for (const result of ['Done', 'Taken back']) assert.ok(log.words.includes(en(result)), log.words);
    });

    test('what may not stay is removed by hand, with the words to find it by', async () => {
      await paste('[2026-03-04, 10:00:00] Bo: Achetez mes montres, qui en veut?');
      const page = await mod.get(await questionOf('Achetez mes montres'));
      await page.submit(/\/hide$/);
      const t = await task('Achetez mes montres');
      assert.match(t.text, /Bo/);
      const after = await t.page.submit(`${t.done}/could-not`, { reason: 'not-there' });
      assert.equal(after.flash, en('Noted: it could not be done.'));
    });

    test('EQ-2: a call is entered with its guidelines, and the answer is a call back', async () => {
      let page = await (await mod.get('/calls/new')).submit('/calls/new', { name: 'Fatima', phone: '12', at: '1999-01-01T10:00', text: '' });
      assert.ok(page.problems.at || page.problems.text, page.words);
      assert.equal(page.value('/calls/new', 'name'), 'Fatima');
      page = await (await mod.get('/calls/new')).submit('/calls/new', { name: 'Fatima', phone: '613 555-0101', text: 'Comment renouveler ma carte?' });
      assert.ok(page.problems.accepted, 'a new person became a member without the guidelines');
      page = await page.submit('/calls/new', { accepted: '1' });
      assert.match(page.path, /^\/inbox\/[0-9a-z]{13}$/, page.words);
      await (await mod.get(page.path)).submit('/answer', { text: 'Au bureau de passeport, sans rendez-vous.' });
      const t = await task('sans rendez-vous');
      assert.match(t.text, /613 555-0101/);
      await mod.push(`${t.done}/done`);
      const members = await admin.get(`/communities/${id}/members`);
      assert.match(members.words, /Fatima/);
    });

    test('whose words these are is never guessed: a shared telephone, a name borne by two', async () => {
      const enter = async (typed) => (await mod.get('/calls/new')).submit('/calls/new', { accepted: '1', text: 'Où est la bibliothèque?', ...typed });
      let page = await enter({ name: 'FATIMA', phone: '(613) 555-0101' });
      assert.match(page.path, /^\/inbox\//, page.words);
      page = await enter({ name: 'Ali', phone: '613 555-0101' });
      assert.match(page.problems.phone ?? '', /Fatima/, page.words);
      assert.equal(page.value('/calls/new', 'text'), 'Où est la bibliothèque?');
      page = await page.submit('/calls/new', { phone: '' });
      assert.match(page.path, /^\/inbox\//, page.words);
      page = await enter({ kind: 'visit', name: 'Ali', phone: '' });
      assert.ok(page.problems.name, page.words);
      const ali = page.form('/calls/new').fields.find((f) => f.name === 'person').options.find((o) => o.label === 'Ali');
      page = await page.submit('/calls/new', { person: ali.value });
      assert.match(page.path, /^\/inbox\//, page.words);
      const members = await admin.get(`/communities/${id}/members`);
      assert.equal(members.words.split('Ali').length - 1, 1, members.words);
    });

    test('others see nothing of it', async () => {
      const stranger = server.browser();
      assert.match((await stranger.get('/by-hand')).path, /^\/sign-in/);
      const joan = await account(admin, 'joan', 'Joan');
      const other = server.browser();
      const first = await other.signIn(joan.login, joan.password);
      await first.submit('/me/password', { old: joan.password, new: 'une autre phrase', again: 'une autre phrase' });
      await other.signIn(joan.login, 'une autre phrase');
      assert.equal((await other.get('/by-hand')).words.includes('613 555'), false);
      assert.equal((await other.get(`/communities/${id}/by-hand`)).status, 404);
    });
  });

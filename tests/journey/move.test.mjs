// SPDX-License-Identifier: EUPL-1.2
// MSG-16: a community moves to another app and back. Each member is invited and counted; who comes along is the same
// person there, with earlier questions and their answers.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { idOf, importDesign, member, openIt } from '../support/community.mjs';
import { say } from '../support/po.mjs';
import { ENGINES, Place, until, without } from '../support/server.mjs';
import { SECRET, Telegram } from '../support/telegram.mjs';

for (const engine of ENGINES)
  describe(`move, ${engine}`, { skip: without(engine) }, () => {
    let tg, place, server, admin, com, channel, nour, omar, lina, phone;
    const at = (rest) => `/communities/${com}${rest}`;
    const invitation = async (browser) => (await browser.get('/notices')).links.filter((l) => /^\/move\//.test(l));
    // What the list says of each: { Nour: 'moved', … }
    const states = async () =>
      Object.fromEntries((await admin.raw('GET', at('/move.csv'))).text.replace(/^\ufeff/, '').trim().split(/\r?\n/).slice(1).map((row) => row.split(',').slice(0, 2)));

    before(async () => {
      tg = await Telegram.start();
      place = await Place.make(engine);
      await importDesign(place, 'ville', { screening: false });
      await place.ok('channel', 'add', 'telegram', '--name', 'app', '--token', tg.token, '--secret', SECRET, '--mode', 'webhook', '--api-base', tg.base);
      server = await place.serve();
      admin = await server.signedIn(place.admin.login, place.admin.password);
      com = await idOf(admin, 'ville');
      await openIt(admin, com);
      await until('the webhook', async () => (await tg.look('state')).bots[0].webhook === `${server.url}/hooks/telegram/app`);
      const chat = (await tg.act('chats', { type: 'supergroup', title: 'La ville' })).id;
      const page = await admin.get(at(''));
      channel = page.form('/channels').fields.find((f) => f.name === 'channel').options.find((o) => o.label === 'app').value;
      assert.deepEqual((await page.submit('/channels', { channel, chat: String(chat) })).summary, []);
      nour = (await member(server, admin, 'ville', { name: 'Nour', lang: 'ar' })).browser;
      omar = (await member(server, admin, 'ville', { name: 'Omar', lang: 'fr' })).browser;
      lina = (await member(server, admin, 'ville', { name: 'Lina', lang: 'fr' })).browser;
      await (await nour.get('/c/ville/ask')).submit('/ask', { text: 'أين المدرسة؟' });
      phone = await tg.act('users', { first_name: 'N', language_code: 'ar', started: true });
    });
    after(async () => {
      try {
        await place?.close();
      } finally {
        await tg?.stop();
      }
    });

    test('a move needs another place and its link; what was typed stays', async () => {
      const page = await (await admin.get(at('/move'))).submit('/move', { from: 'web', to: channel, address: 'http://t.me/ville_bot' });
      assert.ok(page.problems.address);
      assert.equal(page.value('/move', 'address'), 'http://t.me/ville_bot');
      assert.ok((await page.submit('/move', { from: 'web', to: 'web', address: '' })).problems.to);
    });

    test('each member is invited by a link of their own, which says what the new place sees', async () => {
      const page = await (await admin.get(at('/move'))).submit('/move', { from: 'web', to: channel, address: 'https://t.me/ville_bot' });
      assert.deepEqual(page.summary, [], page.words);
      assert.deepEqual(await states(), { Nour: 'invited', Omar: 'invited', Lina: 'invited' });
      const links = [];
      for (const b of [nour, omar, lina]) links.push(...(await invitation(b)));
      assert.equal(new Set(links).size, 3);
      const open = await nour.get(links[0]);
      assert.ok(open.words.includes(say('ar', 'Do you come along?')), open.words);
      assert.match(open.html, /class="notice"/);
      assert.equal((await server.browser().raw('GET', '/move/0000000000000000000000')).status, 404);
      assert.deepEqual(await states(), { Nour: 'invited', Omar: 'invited', Lina: 'invited' }, 'looking decides nothing');
    });

    test('who starts the bot by the link is the same person there; one declines; one is reminded, then lost', async () => {
      const [path] = await invitation(nour);
      const start = /https:\/\/t\.me\/ville_bot\?start=(move-[^"&]+)/.exec((await nour.get(path)).html)[1];
      await tg.act('say', { user: phone.id, text: `/start ${start}` });
      await tg.heard(phone.id, say('ar', 'You are in {0} here from now on. Your earlier questions and their answers came along.', 'مجموعة تجريبية'));
      await tg.act('say', { user: phone.id, text: 'وأين الطبيب؟' });
      const mine = await until('both questions on her page', async () => {
        const page = await nour.get('/c/ville');
        return /أين المدرسة/.test(page.words) && /أين الطبيب/.test(page.words) && page;
      });
      assert.equal(mine.status, 200);
      await (await omar.get((await invitation(omar))[0])).submit(/^\/move\//, { answer: 'declined' });
      assert.deepEqual(await states(), { Nour: 'moved', Omar: 'declined', Lina: 'invited' });
      const [first] = await invitation(lina);
      await (await admin.get(at('/move'))).submit('/move/remind');
      const second = (await invitation(lina)).find((l) => l !== first);
      assert.ok(second, 'no new link');
      assert.equal((await lina.raw('GET', first)).status, 404, 'the old link still works');
      assert.equal((await lina.raw('GET', second)).status, 200);
      await (await admin.get(at('/move'))).submit('/move/close');
      assert.deepEqual(await states(), { Nour: 'moved', Omar: 'declined', Lina: 'lost' });
    });

    test('and back: the link comes in the app, and opens without signing in', async () => {
      await (await admin.get(at('/move'))).submit('/move', { from: 'telegram', to: 'web', address: '' });
      assert.deepEqual(await states(), { Nour: 'invited' });
      const told = await tg.heard(phone.id, (m) => /\/move\//.test(m.text ?? ''), 20000);
      const path = /\/move\/\w+/.exec(told.text)[0];
      await (await server.browser({ lang: 'ar' }).get(path)).submit(/^\/move\//, { answer: 'moved' });
      assert.deepEqual(await states(), { Nour: 'moved' });
      await (await nour.get('/c/ville/ask')).submit('/ask', { text: 'شكرًا، عدت إلى هنا.' });
      assert.match((await nour.get('/c/ville')).words, /عدت إلى هنا/);
    });
  });

// SPDX-License-Identifier: EUPL-1.2
// Automatic rules (channels.md §3) in an app and on our pages, on both engines: tried out first, then on; what is held,
// who is muted, and that one press takes exactly that back.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { account, ask, giveRole, idOf, importDesign, openIt } from '../support/community.mjs';
import { words } from '../support/html.mjs';
import { like, say } from '../support/po.mjs';
import { ENGINES, Place, until, without } from '../support/server.mjs';
import { SECRET, Telegram } from '../support/telegram.mjs';

for (const engine of ENGINES)
  describe(`automatic rules, ${engine}`, { skip: without(engine) }, () => {
    let tg, place, server, admin, mod, com, chat;
    const en = (msgid, ...args) => say('en', msgid, ...args);
    const send = (user, text, more = {}) => tg.act('say', { user: user.id, chat, text, ...more });
    const come = async (name, lang = 'fr') => {
      const user = await tg.act('users', { first_name: name, language_code: lang, started: true });
      await tg.act('join', { chat, user: user.id });
      await tg.idle();
      await tg.act('say', { user: user.id, text: '/start' }); // the bot may write to this person
      await tg.idle();
      return user;
    };
    const rules = async (typed) => {
      const page = await (await admin.get(`/communities/${com}/automatic`)).submit('/automatic', typed);
      assert.deepEqual(page.summary, []);
      assert.equal(page.flash, en('Saved.'));
    };
    const items = async (about) =>
      [...(await mod.get('/review?kind=automatic')).html.matchAll(/<a href="(\/review\/[0-9a-z]{13})[^"]*"[\s\S]*?<\/a>/g)].filter((m) => words(m[0]).includes(about)).map((m) => m[1]);
    const item = (about) => until(`an item about ${about}`, async () => (await items(about))[0]);
    const there = async (text) => (await tg.messages(chat)).some((m) => (m.text ?? '').includes(text));
    const deleted = (message) => until('the deletion', async () => (await tg.requests('deleteMessage')).some((r) => r.parameters.message_id === message.message_id));
    // Buttons of one form: which one is pressed decides.
    const press = async (path, right) => {
      const page = await mod.get(path);
      assert.ok(page.html.includes(`name="right" value="${right}"`), page.words);
      return page.submit('/automatic', { right });
    };

    before(async () => {
      tg = await Telegram.start();
      place = await Place.make(engine, { lang: 'en' });
      await importDesign(place, 'ville', { screening: false });
      await place.ok('channel', 'add', 'telegram', '--name', 'app', '--token', tg.token, '--secret', SECRET, '--mode', 'webhook', '--api-base', tg.base);
      server = await place.serve();
      admin = await server.signedIn(place.admin.login, place.admin.password);
      com = await idOf(admin, 'ville');
      await openIt(admin, com);
      const who = await account(admin, 'amira', 'Amira H.');
      await giveRole(admin, com, 'Amira H.', 'moderator');
      await (await server.browser().signIn('amira', who.password)).submit('/me/password', { old: who.password, new: 'amira l’a choisi', again: 'amira l’a choisi' });
      mod = await server.signedIn('amira', 'amira l’a choisi');
      await until('the webhook', async () => (await tg.look('state')).bots[0].webhook === `${server.url}/hooks/telegram/app`);
      chat = (await tg.act('chats', { type: 'supergroup', title: 'La ville' })).id;
      const page = await admin.get(`/communities/${com}`);
      const channel = page.form('/channels').fields.find((f) => f.name === 'channel').options.find((o) => o.label === 'app').value;
      assert.deepEqual((await page.submit('/channels', { channel, chat: String(chat) })).summary, []);
    });
    after(async () => {
      try {
        await place?.close();
      } finally {
        await tg?.stop();
      }
    });

    test('the settings name what is out of range, and keep what was typed', async () => {
      let page = await admin.get(`/communities/${com}/automatic`);
      assert.equal(page.value('/automatic', 'mode'), 'off');
      page = await page.submit('/automatic', { mode: 'simulate', flood: '5000', words: 'loterie' });
      assert.equal(page.status, 422);
      assert.match(page.problems.flood, /0–1000/);
      assert.equal(page.value('/automatic', 'flood'), '5000');
      assert.equal(page.value('/automatic', 'words'), 'loterie');
      assert.equal((await mod.raw('GET', `/communities/${com}/automatic`)).status, 404, 'a moderator sets rules');
    });

    test('tried out: the message stays, the review list says what would have been done, nobody is told', async () => {
      await rules({ mode: 'simulate' });
      const lina = await come('Lina');
      await send(lina, 'Gagnez ici : https://loterie.example');
      const path = await item('Lina');
      assert.ok(await there('loterie.example'));
      assert.equal((await tg.requests('deleteMessage')).length, 0);
      const page = await mod.get(path);
      assert.match(page.words, like('en', 'This rule is only tried out, or its time is over: nothing is held now.'));
      assert.match(page.words, /loterie\.example/);
      assert.ok(!(await mod.get('/notices')).words.includes('automatic'), 'a trial called somebody');
      const away = await page.submit('/automatic', { right: 'yes' });
      assert.equal(away.flash, en('Decided.'));
      assert.deepEqual(await items('Lina'), []);
      assert.match((await mod.get(`/communities/${com}/moderation`)).words, like('en', 'Nothing was sanctioned'));
    });

    test('on: a link of a new member is taken out of the group, the person is told, one press brings it back', async () => {
      await rules({ mode: 'enforce', flood: '3', mute_minutes: '30' });
      const omar = await come('Omar', 'ar');
      const sent = await send(omar, 'انظروا https://omar.example');
      await deleted(sent);
      await tg.heard(omar.id, (m) => like('ar', 'Your message in {0} is not shown yet ({1}). A moderator looks at it; it is shown if it belongs there.').test(m.text ?? ''));
      assert.ok(!(await there('omar.example')));
      const path = await item('Omar');
      const page = await mod.get(path);
      assert.match(page.words, new RegExp(en('A link from a new member')));
      assert.match(page.words, /omar\.example/);
      const log = await mod.get(`/communities/${com}/moderation`);
      assert.match(log.words, new RegExp(en('A link from a new member')));
      assert.match(log.words, new RegExp(en('is no breach')));
      assert.equal((await press(path, 'no')).flash, en('It is taken back.'));
      await tg.heard(chat, 'omar.example');
      assert.match((await mod.get(`/communities/${com}/moderation`)).words, new RegExp(en('taken back')));
      assert.equal((await tg.requests('banChatMember')).length, 0);
    });

    test('forwarded words and a picture as the first thing said are held, too; ordinary words are not', async () => {
      const nour = await come('Nour');
      await send(nour, 'Bonjour à toutes et à tous');
      const fwd = await send(nour, 'À partager partout', { extra: { forward_origin: { type: 'hidden_user', date: Math.floor(Date.now() / 1000), sender_user_name: 'Inconnu' } } });
      await deleted(fwd);
      assert.match((await mod.get(await item('Nour'))).words, new RegExp(en('A forwarded message from a new member')));
      assert.ok(await there('Bonjour à toutes'));
      const yara = await come('Yara');
      const picture = await tg.act('say', { user: yara.id, chat, photo: true });
      await deleted(picture);
      assert.match((await mod.get(await item('Yara'))).words, new RegExp(en('A picture as the first message')));
    });

    test('a flood: the person cannot write in the group for minutes, and can again after one press', async () => {
      const zina = await come('Zina');
      for (let i = 1; i <= 3; i++) await send(zina, `Coucou ${i}`);
      const fourth = await send(zina, 'Coucou 4');
      await deleted(fourth);
      const muted = await until('the mute', async () => (await tg.requests('restrictChatMember')).find((r) => r.parameters.user_id === zina.id));
      assert.equal(muted.parameters.permissions.can_send_messages, false);
      const left = muted.parameters.until_date - Date.now() / 1000;
      assert.ok(left > 20 * 60 && left < 31 * 60, `muted for ${left} s`);
      for (let i = 1; i <= 3; i++) assert.ok(await there(`Coucou ${i}`));
      const path = await item('Zina');
      assert.match((await mod.get(path)).words, new RegExp(en('cannot write (minutes: {0})', '30').replace(/[()]/g, '\\$&')));
      await press(path, 'no');
      await until('the end of the mute', async () => (await tg.requests('restrictChatMember')).some((r) => r.parameters.user_id === zina.id && r.parameters.permissions.can_send_messages));
      await tg.heard(chat, 'Coucou 4');
    });

    test('a wave: nobody new can ask for a while, until somebody looks; the design carries the rules', async () => {
      await rules({ mode: 'enforce', wave: '4', wave_minutes: '10', wave_hold: '60' });
      for (const name of ['Un', 'Deux', 'Trois', 'Quatre']) await tg.act('join', { chat, user: (await tg.act('users', { first_name: name, language_code: 'fr', started: true })).id });
      const path = await until('the wave', async () => {
        const found = [...(await mod.get('/review?kind=automatic')).html.matchAll(/<a href="(\/review\/[0-9a-z]{13})[^"]*"[\s\S]*?<\/a>/g)].find((m) => words(m[0]).includes(en('Many people join at once')));
        return found?.[1];
      });
      const refused = await (await server.browser({ lang: 'fr' }).get('/c/ville/join')).submit('/join', { name: 'Cinq', accept: '1' });
      assert.equal(refused.status, 422);
      assert.match(refused.words, like('fr', 'Very many people ask to join at the moment. Please ask again after {0}.'));
      const late = await come('Tard');
      await deleted(await send(late, 'Bonjour, je viens d’arriver')); // came with the wave
      await press(path, 'no');
      const later = await ask(server, 'ville', { name: 'Six' });
      assert.deepEqual(later.page.summary, []);
      const text = String((await admin.raw('GET', `/communities/${com}/design.txt`)).body);
      assert.match(text, /automatic = enforce\n/);
      assert.match(text, /automatic\.wave = 4\n/);
      await tg.clean();
    });
  });

// SPDX-License-Identifier: EUPL-1.2
// MSG-1, invited people only: on the pages, in an app, for machines. On both engines.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { account, ask, decide, giveRole, idOf, importDesign, invite, openIt } from '../support/community.mjs';
import { like } from '../support/po.mjs';
import { SECRET, Telegram } from '../support/telegram.mjs';
import { ENGINES, Place, until, without } from '../support/server.mjs';

for (const engine of ENGINES)
  describe(`invitations, ${engine}`, { skip: without(engine) }, () => {
    let tg, place, server, admin, mod, com, chat;
    const form = () => admin.get(`/communities/${com}/invitations`);

    before(async () => {
      tg = await Telegram.start();
      place = await Place.make(engine);
      await importDesign(place, 'port', { screening: false });
      await place.ok('channel', 'add', 'telegram', '--name', 'app', '--token', tg.token, '--secret', SECRET, '--mode', 'webhook', '--api-base', tg.base);
      server = await place.serve();
      admin = await server.signedIn(place.admin.login, place.admin.password);
      com = await idOf(admin, 'port');
      await openIt(admin, com);
      const saved = await (await admin.get(`/communities/${com}`)).submit(`/communities/${com}`, { visibility: 'invitation' });
      assert.deepEqual(saved.summary, []);
      const who = await account(admin, 'amira', 'Amira H.');
      await giveRole(admin, com, 'Amira H.', 'moderator');
      await (await server.browser().signIn('amira', who.password)).submit('/me/password', { old: who.password, new: 'amira l’a choisi', again: 'amira l’a choisi' });
      mod = await server.signedIn('amira', 'amira l’a choisi');
      await until('the webhook', async () => (await tg.look('state')).bots[0].webhook === `${server.url}/hooks/telegram/app`);
      chat = (await tg.act('chats', { type: 'supergroup', title: 'Le port' })).id;
      const page = await admin.get(`/communities/${com}`);
      const option = page.form('/channels').fields.find((f) => f.name === 'channel').options.find((o) => o.label === 'app');
      assert.deepEqual((await page.submit('/channels', { channel: option.value, chat: String(chat) })).summary, []);
    });
    after(async () => {
      try {
        await place?.close();
      } finally {
        await tg?.stop();
      }
    });

    test('MSG-1: without an invitation the community is not there, whatever is tried', async () => {
      const stranger = server.browser();
      for (const path of ['/c/port', '/c/port/join', '/c/port/guidelines', '/c/port/answers', '/c/port/talk', '/c/port/join?invitation=aaaaa-bbbbb', '/i/aaaaa-bbbbb', '/i/x']) assert.equal((await stranger.get(path)).status, 404, path);
      assert.ok(!(await stranger.get('/')).words.includes('Entraide d’essai'));
    });

    test('an invitation is made, refuses what is wrong beside its field, and opens the form for its holder only', async () => {
      let page = await (await form()).submit(`/communities/${com}/invitations`, { label: '', uses: '20000', last_day: '2001-01-01' });
      assert.equal(page.status, 422);
      assert.ok(page.problems.uses && Object.keys(page.problems).length >= 1, JSON.stringify(page.problems));
      page = await page.submit(`/communities/${com}/invitations`, { label: 'Groupe du Port', uses: '1', last_day: '2001-01-01' });
      assert.match(page.problems.last_day, like('en', 'Give a day from today on, like 2026-09-01.'));
      assert.equal(page.value(`/communities/${com}/invitations`, 'label'), 'Groupe du Port');
      const code = await invite(admin, com, 'Groupe du Port', { uses: '1' });
      assert.equal((await mod.get(`/communities/${com}/invitations`)).status, 404); // who only moderates does not invite
      const { browser } = await ask(server, 'port', { name: 'Robin', invitation: code.toUpperCase() });
      assert.equal((await browser.get('/c/port')).status, 200);
      const list = await admin.get('/joins');
      assert.match((await admin.get(list.link(/^\/joins\/[0-9a-z]{13}$/))).words, /Invitation Groupe du Port/);
      await decide(admin, 'Robin', 'accept');
      assert.match((await form()).words, /Groupe du Port Used up asked: 1 of 1 · accepted: 1/);
      // Used up: the link is dead, and a form that was open keeps what was typed and says why.
      assert.equal((await server.browser().get(`/i/${code}`)).status, 404);
      const two = await invite(admin, com, 'Deux personnes', { uses: '1' });
      const late = server.browser({ lang: 'fr' });
      const open = await late.get(`/i/${two}`);
      assert.ok(open.path.startsWith(`/c/port/join?invitation=${two}`), open.path);
      assert.ok(!open.links.includes('/c/port'), 'a link that leads nowhere');
      await ask(server, 'port', { name: 'Première', invitation: two });
      const refused = await open.submit('/c/port/join', { name: 'Trop tard', accept: '1' });
      assert.equal(refused.status, 422);
      assert.match(refused.words, like('fr', 'This invitation does not work any more. Ask for a new one where you got it.'));
      assert.equal(refused.value('/c/port/join', 'name'), 'Trop tard');
    });

    test('taken back, it opens nothing more', async () => {
      const code = await invite(admin, com, 'Par erreur');
      assert.equal((await server.browser().get(`/i/${code}`)).status, 200);
      const page = await (await form()).submit(/withdraw$/);
      assert.match(page.flash, like('en', 'The invitation is taken back. Who asked with it already still waits for your answer.'));
      assert.equal((await server.browser().get(`/i/${code}`)).status, 404);
    });

    test('in an app: the bot asks for the code without a word about the community; a start link with it begins the talk', async () => {
      const zina = await tg.act('users', { first_name: 'Zina', language_code: 'fr', started: true });
      await tg.act('say', { user: zina.id, text: 'Bonjour' });
      const hint = await tg.heard(zina.id, like('fr', 'To join, send the code of your invitation.'));
      assert.ok(!hint.text.includes('Entraide'));
      const code = await invite(admin, com, 'Zina', { uses: '1' });
      await tg.act('say', { user: zina.id, text: `/start ${code}` });
      const guidelines = await tg.heard(zina.id, 'Le respect avant tout');
      await tg.act('press', { user: zina.id, message_id: guidelines.message_id, button: 0, chat: zina.id });
      await tg.heard(zina.id, like('fr', 'Thank you. Your request to join {0} was sent; you will be told here.'));
      await decide(admin, 'Zina', 'accept');
      await tg.heard(zina.id, 'Bienvenue parmi nous');
      assert.match((await form()).words, /Zina Used up asked: 1 of 1 · accepted: 1/);
    });

    test('MSG-19: a poster carries an invitation made for its place, and says when it leads nowhere', async () => {
      const at = (rest) => `/communities/${com}${rest}`;
      const today = new Intl.DateTimeFormat('sv-SE', { timeZone: 'America/Toronto' }).format(new Date());
      let page = await admin.get(at('/promotion'));
      assert.ok(page.words.includes('each poster or card carries an invitation'), page.words);
      assert.ok(!page.links.some((l) => l.includes('poster.pdf')), 'a poster without an invitation could be printed');
      assert.equal((await admin.raw('GET', at('/poster.pdf?sheet=poster'))).status, 404);
      page = await page.submit('/promotion/places', { place: 'Foyer du Port', item: 'poster', lang_of: 'fr', placed_on: today, uses: '1', last_day: '2001-01-01' });
      assert.match(page.problems.last_day, like('en', 'Give a day from today on, like 2026-09-01.'));
      assert.equal(page.value('/promotion/places', 'place'), 'Foyer du Port');
      page = await page.submit('/promotion/places', { last_day: '2099-01-31' });
      assert.deepEqual(page.problems, {});
      const row = () => page.html.split('<li class="row">').find((r) => r.includes('Foyer du Port'));
      const source = /poster-[0-9a-z]{6}/.exec(row())[0], code = /\/i\/([0-9a-z]{5}-[0-9a-z]{5})/.exec(row())[1];
      const paper = await admin.raw('GET', at(`/poster.pdf?sheet=poster&size=a4&lang_of=fr&place=${source}`));
      assert.equal(paper.status, 200);
      const file = path.join(place.dir, 'invited.pdf');
      fs.writeFileSync(file, paper.body);
      assert.ok(execFileSync('pdftotext', ['-layout', file, '-'], { encoding: 'utf8' }).includes(`/i/${code}`));
      // Whoever reads it asks to join; the place is where they came from.
      await ask(server, 'port', { name: 'Lectrice', invitation: code });
      const asked = /<a href="(\/joins\/[0-9a-z]{13})"><bdi>Lectrice/.exec((await admin.get('/joins')).html)[1];
      assert.match((await admin.get(asked)).words, /Invitation Foyer du Port/);
      await decide(admin, 'Lectrice', 'accept');
      assert.match((await form()).words, /Foyer du Port Used up asked: 1 of 1 · accepted: 1/);
      assert.match((await admin.get(at('/promotion.csv'))).html, new RegExp(`${source},Foyer du Port,poster,fr,${today},1,1`));
      page = await admin.get(at('/promotion'));
      assert.match(row(), like('en', 'What hangs there leads nowhere. Note the place again and print its sheets again.'));
      assert.equal((await admin.raw('GET', at(`/poster.pdf?sheet=poster&place=${source}`))).status, 404);
      // For machines, with the same words.
      const api = server.api(await place.token(place.admin.login, 'write'));
      const noted = await api.post(`/api/v1/communities/${com}/promotion/places`, { place: 'Gare', item: 'card', lang_of: 'fr', placed_on: today, uses: 50 });
      assert.ok(noted.json.link === '' && noted.json.places.find((p) => p.place === 'Gare').link.includes('/i/'), noted.text);
      assert.equal(noted.json.places.find((p) => p.place === 'Foyer du Port').link, '');
    });

    test('for machines: made, listed, taken back', async () => {
      const api = server.api(await place.token(place.admin.login, 'write'));
      const at = `/api/v1/communities/${com}/invitations`;
      assert.equal((await api.post(at, { label: 'x', uses: -1 })).status, 422);
      const made = await api.post(at, { label: 'Groupe de la Colline', uses: 3, last_day: '2099-01-31' });
      assert.equal(made.status, 201, made.text);
      assert.ok(made.json.works && made.json.uses_max === 3 && made.json.link.endsWith(`/i/${made.json.code}`));
      assert.ok((await api.get(at)).json.invitations.some((i) => i.id === made.json.id && i.accepted === 0));
      const ended = await api.post(`${at}/${made.json.id}/withdraw`);
      assert.equal(ended.json.works, false);
      assert.equal((await api.post(`${at}/${made.json.id}/withdraw`)).status, 409);
      const other = server.api(await place.token('amira', 'write'));
      assert.ok([403, 404].includes((await other.get(at)).status));
    });
  });

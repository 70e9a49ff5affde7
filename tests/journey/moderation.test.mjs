// SPDX-License-Identifier: EUPL-1.2
// Moderation as people live it, on our pages and in an app, on both engines: ladders, sanctions and their return, reports,
// appeals that somebody else decides, the urgent path, words that look personal.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { account, ask, design, giveRole, idOf, member, openIt } from '../support/community.mjs';
import { words } from '../support/html.mjs';
import { like, say } from '../support/po.mjs';
import { ENGINES, Place, until, without } from '../support/server.mjs';
import { SECRET, Telegram } from '../support/telegram.mjs';

const MODERATION = `ladder.off-topic = r613-offtopic
ladder.offensive = r613-offensive
excluded = political religious
groups.fr =
  Le club de discussion
groups.ar = نادي النقاش
`;

for (const engine of ENGINES)
  describe(`moderation, ${engine}`, { skip: without(engine) }, () => {
    let tg, place, server, admin, mod, mod2, com, chat, samar, karim;
    const talk = async (b, slug, text, more = {}) => (await b.get(`/c/${slug}/talk`)).submit('/talk', { text, ...more });
    const hears = (b, slug) => b.get(`/c/${slug}/talk`);
    // The path of a message's report or act page, found beside its words.
    const pathOf = (page, text, what) => {
      const at = page.html.indexOf(`>${text}<`);
      assert.ok(at >= 0, `"${text}" is not on the page:\n${page.words}`);
      return new RegExp(`href="(/messages/[0-9a-z]{13}/${what})`).exec(page.html.slice(at))?.[1];
    };
    const act = async (b, text, category, more = {}) => {
      const path = pathOf(await hears(b, 'ville'), text, 'act');
      const page = await b.get(`${path}?category=${category}`);
      assert.equal(page.status, 200, page.words);
      return { page, done: more.only ? null : await page.submit(path, more) };
    };
    const staff = async (login, name, role = 'moderator') => {
      const who = await account(admin, login, name);
      await giveRole(admin, com, name, role);
      await (await server.browser().signIn(login, who.password)).submit('/me/password', { old: who.password, new: `${login} l’a choisi`, again: `${login} l’a choisi` });
      return server.signedIn(login, `${login} l’a choisi`);
    };
    const putOnCall = async (name) => {
      const page = await admin.get(`/communities/${com}/ladders`);
      const option = page.form('/oncall').fields.find((f) => f.name === 'person').options.find((o) => o.label === name);
      assert.deepEqual((await page.submit('/oncall', { person: option.value })).summary, []);
    };
    // The first row of that kind, or the first about a name.
    const firstItem = async (b, kind, about = '') =>
      [...(await b.get(`/review?kind=${kind}`)).html.matchAll(/<a href="(\/review\/[0-9a-z]{13})[^"]*"[\s\S]*?<\/a>/g)].find((m) => words(m[0]).includes(about))?.[1];

    // The item on whose page these words stand.
    const itemWith = async (b, kind, text) => {
      for (const path of new Set((await b.get(`/review?kind=${kind}`)).links.filter((l) => /^\/review\/[0-9a-z]{13}/.test(l)))) if ((await b.get(path)).words.includes(text)) return path;
      return undefined;
    };

    before(async () => {
      tg = await Telegram.start();
      place = await Place.make(engine);
      await place.ok('community', 'import', '-', { input: design('ville', { screening: false }) + MODERATION });
      await place.ok('community', 'import', '-', { input: design('benevoles', { screening: false, moderation: 'light', promise: 0 }) + 'ladder.off-topic = admin-delete\n' });
      await place.ok('channel', 'add', 'telegram', '--name', 'app', '--token', tg.token, '--secret', SECRET, '--mode', 'webhook', '--api-base', tg.base);
      server = await place.serve();
      admin = await server.signedIn(place.admin.login, place.admin.password);
      com = await idOf(admin, 'ville');
      await openIt(admin, com);
      await openIt(admin, await idOf(admin, 'benevoles'));
      mod = await staff('amira', 'Amira H.');
      mod2 = await staff('luc', 'Luc T.');
      samar = await member(server, admin, 'ville', { name: 'Samar', lang: 'fr' });
      karim = await member(server, admin, 'ville', { name: 'Karim', lang: 'fr' });
      await until('the webhook', async () => (await tg.look('state')).bots[0].webhook === `${server.url}/hooks/telegram/app`);
      const group = await tg.act('chats', { type: 'supergroup', title: 'La ville' });
      chat = group.id;
      const page = await admin.get(`/communities/${com}`);
      const option = page.form('/channels').fields.find((f) => f.name === 'channel').options.find((o) => o.label === 'app');
      await page.submit('/channels', { channel: option.value, chat: String(chat) });
    });
    after(async () => {
      try {
        await place?.close();
      } finally {
        await tg?.stop();
      }
    });

    test('CONF-2, SAFE-2: the design brought the ladders; excluded topics stand in the description', async () => {
      const page = await admin.get(`/communities/${com}/ladders`);
      assert.match(page.words, like('en', 'Description again and better-suited groups, then removal with a notice'));
      const home = await samar.browser.get('/c/ville');
      assert.match(home.words, new RegExp(say('fr', 'Politics')));
      const out = await place.ok('community', 'export', 'ville');
      assert.match(out, /^ladder\.off-topic = r613-offtopic$/m);
      assert.match(out, /^excluded = political religious$/m);
    });

    test('A-71, MOD-7: a political post is taken out of view, the description comes again, groups are named in private, step 1', async () => {
      await talk(samar.browser, 'ville', 'Votez bleu dimanche');
      const said = await tg.heard(chat, 'Votez bleu dimanche');
      const { page, done } = await act(mod, 'Votez bleu dimanche', 'off-topic');
      assert.match(page.words, like('en', 'The description of the community is posted again.'));
      assert.match(page.words, like('en', 'The person gets a private message that names better-suited groups.'));
      assert.match(done.words, like('en', 'Done. You can take it back here.'));
      const stream = await hears(karim.browser, 'ville');
      assert.ok(!stream.words.includes('Votez bleu'), 'the post is still in view');
      assert.ok(stream.words.includes('Poser des questions'), 'the description was not posted again');
      assert.match((await samar.browser.get('/c/ville/private')).words, /Le club de discussion/);
      assert.match(done.words, /Votez bleu dimanche/, 'the copy of the words is gone');
      await until('the deletion in the app', async () => (await tg.requests('deleteMessage')).some((r) => r.parameters.message_id === said.message_id));
      await tg.heard(chat, 'Poser des questions');
      const log = await mod.get(`/communities/${com}/moderation`);
      assert.match(log.words, /Samar/);
      const csv = await mod.raw('GET', `/communities/${com}/moderation.csv`);
      assert.match(csv.text, /,off-topic,r613-offtopic,1,delete repost suggest,/);
      assert.ok(!csv.text.includes('Samar') && !csv.text.includes('bleu'));
    });

    test('A-25: the ladders propose what they should, and never removal too early', async () => {
      await talk(karim.browser, 'ville', 'Vous dormez tous');
      const { page } = await act(mod, 'Vous dormez tous', 'disrespect', { only: true });
      assert.match(page.words, like('en', 'The person gets a private warning that quotes the guidelines.'));
      assert.ok(!like('en', 'The person is told, then removed from the community.').test(page.words));
      const forced = await page.submit('/act', { step: '3' });
      assert.equal(forced.status, 422);
      assert.match(forced.words, like('en', 'This step comes later: choose the proposed one or a milder one.'));
      const warned = await forced.submit('/act', { step: '1', clause: '1' });
      assert.match(warned.words, like('en', 'Done. You can take it back here.'));
      assert.match((await karim.browser.get('/c/ville/private')).words, /Le respect avant tout/);
      await talk(karim.browser, 'ville', 'Encore endormis');
      const twice = await act(mod, 'Encore endormis', 'disrespect', { only: true });
      assert.match(twice.page.words, like('en', 'The person gets a private warning that quotes the guidelines.'));
      assert.ok(!like('en', 'The person is told, then removed from the community.').test(twice.page.words), 'removal after one warning');
      await act(mod, 'Encore endormis', 'disrespect');
      await talk(karim.browser, 'ville', 'Toujours endormis');
      const third = await act(mod, 'Toujours endormis', 'disrespect', { only: true });
      assert.match(third.page.words, like('en', 'The person is told, then removed from the community.'));
      await talk(samar.browser, 'ville', 'Encore la politique');
      const second = await act(mod, 'Encore la politique', 'off-topic', { only: true });
      assert.match(second.page.words, like('en', 'The group is told that somebody was removed.'));
      const offensive = await act(mod, 'Encore la politique', 'offensive', { only: true });
      assert.match(offensive.page.words, like('en', 'The person is told, then removed from the community.'));
    });

    test('MOD-5, MOD-6, MOD-11: removed, told first, the group hears no name; the appeal is decided by another person', async () => {
      const lina = await member(server, admin, 'ville', { name: 'Lina', lang: 'fr' });
      await talk(lina.browser, 'ville', 'Une grossièreté');
      await act(mod, 'Une grossièreté', 'offensive');
      const shut = await lina.browser.get('/c/ville/talk');
      assert.ok(!shut.words.includes('Une grossièreté'));
      const mine = await lina.browser.get('/c/ville/decisions');
      const empty = await mine.submit(/appeal$/, { words: '' });
      assert.equal(empty.status, 422);
      const sent = await empty.submit(/appeal$/, { words: 'C’était une citation' });
      assert.match(sent.words, like('fr', 'Your appeal has arrived. Somebody else decides and tells you why.'));
      assert.equal(await firstItem(mod, 'appeal'), undefined, 'the moderator sees the appeal against herself');
      const path = await firstItem(mod2, 'appeal');
      const id = /[0-9a-z]{13}/.exec(path)[0];
      assert.equal((await mod.get(`/review/${id}`)).status, 404);
      assert.equal((await mod.push(`/review/${id}/decide`, { grant: 'no', reason: 'non' })).status, 404);
      const item = await mod2.get(path);
      assert.match(item.words, /C’était une citation/);
      assert.match(item.words, /Une grossièreté/);
      const noReason = await item.submit('/decide', { grant: 'yes', reason: '' });
      assert.equal(noReason.status, 422);
      await noReason.submit('/decide', { grant: 'yes', reason: 'Le contexte le montre' });
      assert.match((await lina.browser.get('/notices')).words, /Le contexte le montre/);
      assert.ok((await hears(lina.browser, 'ville')).words.includes('Une grossièreté'), 'what was taken away did not come back');
    });

    test('A-72, SAFE-1: harassment alerts the person on call at once; advertising waits in the queue', async () => {
      await putOnCall('Luc T.');
      await talk(karim.browser, 'ville', 'Achetez mes tapis');
      await talk(karim.browser, 'ville', 'Je sais où tu habites');
      const stream = await hears(samar.browser, 'ville');
      const report = async (text, category, more = {}) => {
        const path = pathOf(stream, text, 'report');
        return (await samar.browser.get(path)).submit(path, { category, ...more });
      };
      assert.match((await report('Achetez mes tapis', 'advertising')).words, like('fr', 'Thank you. Your report reached the moderators; you will be told what came of it.'));
      assert.ok(!/tapis/.test((await mod2.get('/notices')).words));
      assert.ok(!like('en', 'Urgent report in {0}: {1}.').test((await mod2.get('/notices')).words), 'advertising was urgent');
      await report('Je sais où tu habites', 'harassment', { words: 'J’ai peur' });
      assert.match((await mod2.get('/notices')).words, like('en', 'Urgent report in {0}: {1}.'));
      assert.ok(!like('en', 'Urgent report in {0}: {1}.').test((await mod.get('/notices')).words), 'somebody who is not on call was alerted');
      const queue = await mod2.get('/review?kind=report');
      assert.ok(queue.words.indexOf(say('en', 'Harassment or hate')) < queue.words.indexOf(say('en', 'Advertising'), queue.words.indexOf(say('en', 'Harassment or hate'))), 'urgent ones are not first');
      const path = await firstItem(mod2, 'report');
      const item = await mod2.get(path);
      assert.match(item.words, /J’ai peur/);
      assert.match(item.words, /Je sais où tu habites/);
      await item.submit('/note', { note: 'Parlé avec les deux' });
      assert.match((await mod2.get(path)).value('/note', 'note'), /Parlé avec les deux/);
      const closed = await (await mod2.get(path)).submit('/close', { helped: '1' }, { n: 1 });
      assert.match(closed.words, like('en', 'The report is closed and the person was told.'));
      assert.match((await samar.browser.get('/notices')).words, like('fr', 'Thank you. What you reported in {0} was looked at, and something was done about it.'));
    });

    test('SAFE-1, MOD-6, SAFE-3 in the app: /report as a reply, /appeal, a word alone asks for help', async () => {
      const tell = (user, text) => tg.act('say', { user: user.id, text });
      const come = async (name, lang) => {
        const user = await tg.act('users', { first_name: name, language_code: lang, started: true });
        await tg.act('join', { chat, user: user.id });
        await tg.idle();
        await tell(user, '/start'); // the bot may write to this person
        await tg.idle();
        return user;
      };
      const omar = await come('Omar', 'ar');
      const zina = await come('Zina', 'fr');
      const said = await tg.act('say', { user: omar.id, chat, text: 'كلام جارح في المجموعة' });
      await tg.idle();
      const command = await tg.act('say', { user: zina.id, chat, text: '/report insulte', reply_to: said.message_id });
      await tg.heard(zina.id, (m) => like('fr', 'Thank you. Your report reached the moderators ({0}). You will be told what came of it; nobody else sees that you reported.').test(m.text ?? ''));
      await until('the command to leave the group', async () => (await tg.requests('deleteMessage')).some((r) => r.parameters.message_id === command.message_id));
      assert.ok(!(await hears(karim.browser, 'ville')).words.includes('/report'), 'the command was published');
      const path = await until('the report', () => firstItem(mod, 'report', 'Omar'));
      const item = await mod.get(path);
      assert.match(item.words, /كلام جارح في المجموعة/);
      const id = /[0-9a-z]{13}/.exec(path)[0];
      const actPath = item.link(/^\/messages\/[0-9a-z]{13}\/act/);
      await (await mod.get(actPath.replace(/category=[^&]*/, 'category=offensive'))).submit('/act', {});
      assert.equal((await mod.get(`/review?done=1`)).words.includes('Omar'), true);
      await tg.heard(omar.id, 'كلام جارح في المجموعة');
      await until('the ban', async () => (await tg.requests('banChatMember')).some((r) => r.parameters.user_id === omar.id));
      await tg.heard(zina.id, (m) => like('fr', 'Thank you. What you reported in {0} was looked at, and something was done about it.').test(m.text ?? ''));
      await tell(omar, '/appeal لم أقصد الإساءة');
      await tg.heard(omar.id, (m) => like('ar', 'Your appeal has arrived. Somebody else decides, by {0}; you will be told why.').test(m.text ?? ''));
      const appeal = await firstItem(mod2, 'appeal');
      await (await mod2.get(appeal)).submit('/decide', { grant: 'no', reason: 'الكلام واضح' });
      await tg.heard(omar.id, 'الكلام واضح');
      await tell(zina, 'Urgence !');
      const numbers = await tg.heard(zina.id, (m) => /911/.test(m.text ?? ''));
      assert.match(numbers.text, /988/);
      assert.match(numbers.text, new RegExp(say('fr', 'If somebody is in danger, call now:')));
      assert.match((await mod2.get('/notices')).words, new RegExp(say('en', 'Somebody needs help now')));
      assert.ok(!(await mod.get('/inbox')).words.includes('Urgence'), 'the urgent path became an ordinary question');
      assert.ok(id);
    });

    test('SAFE-3: the urgent page answers everybody in their language and alerts for members', async () => {
      const stranger = await server.browser({ lang: 'ar' }).get('/c/ville/urgent');
      assert.match(stranger.words, /911/);
      assert.match(stranger.words, new RegExp(say('ar', 'If somebody is in danger')));
      assert.ok(!stranger.has('/urgent'));
      const page = await samar.browser.get('/c/ville/urgent');
      const done = await page.submit('/urgent', { words: 'Quelqu’un frappe à ma porte' });
      assert.match(done.words, like('fr', 'The person on call was alerted. If somebody is in danger, call now.'));
      assert.match((await mod2.get(await firstItem(mod2, 'report', 'Samar'))).words, /frappe à ma porte/);
    });

    test('A-34, CNS-6: a phone number or a name of the own list warns before it is published; nothing typed is lost', async () => {
      const b = samar.browser;
      const warned = await talk(b, 'ville', 'Appelez-moi au 613-555-0142');
      assert.equal(warned.status, 422);
      assert.match(warned.words, new RegExp(say('fr', 'a phone number')));
      assert.equal(warned.value('/talk', 'text'), 'Appelez-moi au 613-555-0142');
      assert.ok(!(await hears(karim.browser, 'ville')).words.includes('555-0142'), 'it was published before the warning');
      const apart = await warned.submit('/talk', { sure: 'private' });
      assert.equal(apart.path, '/c/ville/private');
      assert.ok(apart.words.includes('555-0142'));
      assert.ok(!(await hears(karim.browser, 'ville')).words.includes('555-0142'));
      await (await talk(b, 'ville', 'Écrivez-moi au 613-555-0143')).submit('/talk', { sure: 'publish' });
      assert.ok((await hears(karim.browser, 'ville')).words.includes('555-0143'));
      const item = await mod.get(await firstItem(mod, 'personal'));
      assert.match(item.words, /555-0143/);
      await item.submit('/personal', { show: 'no' });
      assert.ok(!(await hears(karim.browser, 'ville')).words.includes('555-0143'));
      await (await b.get('/c/ville/names')).submit('/names', { name: 'Youssef Al-Masri' });
      const named = await talk(b, 'ville', 'Enfin, YOUSSEF arrive demain');
      assert.equal(named.status, 422);
      assert.match(named.words, new RegExp(say('fr', 'a name of your protected list')));
      assert.ok(!(await mod.get(`/communities/${com}/moderation`)).words.includes('Youssef'));
      const question = await (await b.get('/c/ville/ask')).submit('/ask', { text: 'Mon IUC est 11-2345-6789, où en est mon dossier ?' });
      assert.equal(question.status, 422);
      assert.equal(question.value('/ask', 'text'), 'Mon IUC est 11-2345-6789, où en est mon dossier ?');
    });

    test('CNS-6 in the app: the message came, its writer is warned in private, the moderators have an item', async () => {
      const rami = await tg.act('users', { first_name: 'Rami', language_code: 'ar', started: true });
      await tg.act('join', { chat, user: rami.id });
      await tg.idle();
      await tg.act('say', { user: rami.id, text: '/start' });
      await tg.idle();
      await tg.act('say', { user: rami.id, chat, text: 'رقمي ٦١٣-٥٥٥-٠١٧٧' });
      await tg.heard(rami.id, new RegExp(say('ar', 'a phone number')));
      const item = await until('the item', () => firstItem(mod, 'personal'));
      assert.match((await mod.get(item)).words, /٠١٧٧/);
      const page = await admin.get(`/communities/${com}/ladders`);
      await page.submit('/moderation-settings', { personal: 'hold' });
      const held = await tg.act('say', { user: rami.id, chat, text: 'اتصلوا بي 613 555 0188' });
      await until('the deletion', async () => (await tg.requests('deleteMessage')).some((r) => r.parameters.message_id === held.message_id));
      assert.ok(!(await hears(karim.browser, 'ville')).words.includes('555 0188'));
      const again = await until('the held message', () => itemWith(mod, 'personal', '555 0188'));
      await (await mod.get(again)).submit('/personal', { show: 'yes' });
      await tg.heard(chat, (m) => (m.text ?? '') === 'Rami: اتصلوا بي 613 555 0188');
      assert.ok((await hears(karim.browser, 'ville')).words.includes('555 0188'));
    });

    test('MOD-8: an offer goes to the moderators in private; a post is made of it, or it is declined with a reason', async () => {
      await (await karim.browser.get('/c/ville/opportunity')).submit('/opportunity', { words: 'Mon patron cherche-t-il un boulanger ? Oui.' });
      assert.match((await karim.browser.get('/c/ville/private')).words, /boulanger/);
      assert.ok(!(await mod.get('/inbox')).words.includes('boulanger'), 'an offer became a question');
      const item = await mod.get(await firstItem(mod, 'opportunity'));
      assert.match(item.words, /un boulanger/);
      const draft = await item.submit(/\/messages\/.*\/post$/);
      assert.match(draft.path, /^\/posts\//);
      await until('the offer to be decided', async () => !(await firstItem(mod, 'opportunity')));
      assert.ok(!(await hears(samar.browser, 'ville')).words.includes('boulanger'), 'a draft was published');
      await draft.submit(/\/posts\/[0-9a-z]{13}$/, { source: 'Boulangerie, par téléphone', checked_on: '2026-01-05' });
      const sent = await (await mod.get(`${draft.path}/publish`)).submit('/publish');
      assert.deepEqual(sent.summary, []);
      await until('the post', async () => (await hears(samar.browser, 'ville')).words.includes('boulanger'), 20000, 200); // ten seconds to change one’s mind
      assert.match((await karim.browser.get('/notices')).words, like('fr', 'Thank you: what you suggested to the moderators of {0} is published now.'));
      await (await karim.browser.get('/c/ville/opportunity')).submit('/opportunity', { words: 'Tapis à vendre' });
      const path = await until('the second offer', () => firstItem(mod, 'opportunity'));
      const bare = await (await mod.get(path)).submit('/decline', { reason: '' });
      assert.ok(bare.problems.reason);
      await bare.submit('/decline', { reason: 'Pas de vente ici' });
      assert.match((await karim.browser.get('/notices')).words, /Pas de vente ici/);
    });

    test('A-36, MOD-12: the light community says that nobody watches it constantly; its administrator takes a post away', async () => {
      const helen = await member(server, admin, 'benevoles', { name: 'Helen', lang: 'en' });
      const page = await talk(helen.browser, 'benevoles', 'Sofa for sale');
      assert.match(page.words, like('en', 'Volunteers look in from time to time. Nobody watches this community constantly.'));
      const asked = await (await helen.browser.get('/c/benevoles/ask')).submit('/ask', { text: 'Who has a crib?' });
      assert.ok(!/overdue/i.test(asked.words));
      const path = pathOf(await admin.get('/c/benevoles/talk'), 'Sofa for sale', 'act');
      const done = await (await admin.get(`${path}?category=off-topic`)).submit('/act', {});
      assert.match(done.words, like('en', 'Done. You can take it back here.'));
      assert.ok(!(await helen.browser.get('/c/benevoles/talk')).words.includes('Sofa for sale'));
      const back = await done.submit('/undo');
      assert.match(back.words, like('en', 'The decision is taken back.'));
      assert.ok((await helen.browser.get('/c/benevoles/talk')).words.includes('Sofa for sale'));
    });

    test('the same for machines: the queue, a report, the log, without anybody’s words', async () => {
      const api = server.api(await place.token('luc', 'write'));
      await talk(karim.browser, 'ville', 'Encore des tapis');
      const all = (await api.get(`/api/v1/communities/${com}/messages?limit=5`)).json.messages;
      const carpet = all.find((m) => m.text === 'Encore des tapis');
      const made = await api.post(`/api/v1/messages/${carpet.id}/reports`, { category: 'advertising', words: 'Toujours lui' });
      assert.equal(made.status, 201, made.text);
      assert.equal(made.json.message, carpet.id);
      assert.equal((await api.post(`/api/v1/messages/${carpet.id}/reports`, { category: 'boring' })).status, 422);
      const queue = await api.get('/api/v1/review?kind=report');
      assert.ok(queue.json.items.some((i) => i.id === made.json.id && i.kind === 'report' && i.state === 'open'));
      assert.ok(!queue.text.includes('Toujours lui'));
      const log = await api.get(`/api/v1/communities/${com}/sanctions?limit=1`);
      assert.equal(log.json.sanctions.length, 1);
      assert.ok(log.json.next);
      const rest = await api.get(`/api/v1/communities/${com}/sanctions?cursor=${log.json.next}`);
      assert.ok(rest.json.sanctions.some((x) => x.category === 'off-topic' && x.acts === 'delete repost suggest'));
      assert.ok(!rest.json.sanctions.some((x) => x.id === log.json.sanctions[0].id), 'the first page’s row is not on the next');
      assert.equal(rest.json.next, null, 'the last page says so');
      assert.ok(!rest.text.includes('bleu'));
    });

    test('members, strangers and other communities’ staff reach none of it', async () => {
      const b = karim.browser;
      for (const path of ['/review', `/communities/${com}/moderation`, `/communities/${com}/ladders`]) assert.match((await b.get(path)).path, /^\/sign-in/, path);
      const joan = await account(admin, 'joan', 'Joan M.');
      await giveRole(admin, await idOf(admin, 'benevoles'), 'Joan M.', 'moderator');
      await (await server.browser().signIn('joan', joan.password)).submit('/me/password', { old: joan.password, new: 'joan l’a choisi', again: 'joan l’a choisi' });
      const other = await server.signedIn('joan', 'joan l’a choisi');
      for (const path of [`/communities/${com}/moderation`, `/communities/${com}/moderation.csv`, `/communities/${com}/ladders`]) assert.ok([403, 404].includes((await other.get(path)).status), path);
      assert.ok(!(await other.get('/review?done=1')).words.includes('Samar'));
      await ask(server, 'ville', { name: 'Dalia', lang: 'fr' });
      assert.match((await admin.get('/review?kind=join')).words, /Dalia/);
      assert.match((await admin.get('/review')).words, /Dalia/);
      assert.ok(!(await other.get('/review')).words.includes('Dalia'));
      await tg.clean();
    });
  });

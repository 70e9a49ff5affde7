// SPDX-License-Identifier: EUPL-1.2
// The same life in WhatsApp, against the stand-in of the Cloud API, on both engines: joining in a private chat, the
// 24-hour window with its pending answers and templates, statuses in any order, hidden numbers, and what a network does.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { AppJourney } from '../support/app_journey.mjs';
import { post } from '../support/community.mjs';
import { APP_SECRET, TOKEN, VERIFY } from '../fakes/meta_base.mjs';
import { NUMBER_ID } from '../fakes/whatsapp.mjs';
import { say } from '../support/po.mjs';
import { ENGINES, run, until, without } from '../support/server.mjs';

const DAY_S = 24 * 3600;

for (const engine of ENGINES)
  describe(`whatsapp, ${engine}`, { skip: without(engine) }, () => {
    let j, app, amal;

    before(async () => {
      j = await AppJourney.start(engine, {
        kind: 'whatsapp',
        settings: (s) => ['--number-id', NUMBER_ID, '--app-secret', APP_SECRET, '--verify-token', VERIFY, '--token', TOKEN, '--templates', 'fr=reponse_prete', '--api-base', s.base],
      });
      app = j.app;
      await app.act('templates', { name: 'reponse_prete', lang: 'fr' });
      await until('the look at the number', async () => (await app.requests('number')).length > 0);
    });
    after(() => j?.stop());

    test('the address is confirmed with the word of the operator only', async () => {
      const ok = await app.act('check_hook');
      assert.deepEqual([ok.status, ok.answer], [200, '1158201444']);
      assert.match(ok.type, /^text\/plain/);
      assert.equal((await app.act('check_hook', { verify: 'another-word' })).status, 401);
      assert.equal((await app.act('check_hook', { verify: '' })).status, 401);
    });

    test('MSG-6, MSG-8: joining in a private chat with a button, then asked questions, then welcome', async () => {
      amal = (await app.act('users', { name: 'Amal' })).key;
      await j.join(amal, 'Amal', { press: (m) => app.act('press', { user: amal, message_id: m.id }) });
      const shown = (await app.messages(amal)).find((m) => m.type === 'interactive');
      assert.ok(shown.body.interactive.action.buttons[0].reply.title.length <= 20);
    });

    test('MSG-11: a question and its answer in private, as a reply, without a preview', async () => {
      const asked = await j.say(amal, 'Où trouver une carte de bibliothèque ?');
      const path = await j.question('carte de bibliothèque');
      assert.match((await j.mod.get(path)).words, new RegExp(say('en', 'This app lets you write until {0}. Later answers wait until the person writes again.', '').split('{')[0].slice(0, 30)));
      await j.answer(path, 'À la succursale principale');
      const got = await app.heard(amal, 'À la succursale principale');
      assert.equal(got.body.context.message_id, asked.id);
      assert.equal(got.body.text.preview_url, false);
      assert.equal(await j.count(amal, 'succursale principale'), 1);
    });

    test('statuses in any order never go back', async () => {
      await app.act('mode', { autoStatuses: [] });
      await j.say(amal, 'Et le dimanche ?');
      await j.answer(await j.question('Et le dimanche'), 'Fermé le dimanche');
      const m = await app.heard(amal, 'Fermé le dimanche');
      for (const status of ['read', 'delivered', 'sent', 'read', 'failed', 'deleted']) await app.act('status', { message_id: m.id, status, code: status === 'failed' ? 131000 : undefined });
      await app.act('status', { message_id: m.id, status: 'sent' });
      await app.idle();
      await app.act('mode', { autoStatuses: ['sent', 'delivered'] });
      assert.match((await j.states())[0], new RegExp(`^${say('en', 'Read')}`));
    });

    test('files: a picture and a voice note come in; "voice" in both forms', async () => {
      const page = await (await j.admin.get(`/communities/${j.com}`)).submit(`/communities/${j.com}`, { media: ['voice', 'image', 'file', 'video'] });
      assert.deepEqual(page.summary, []);
      const bytes = Buffer.concat([Buffer.from('OggS'), Buffer.alloc(3000, 'v'), Buffer.from('whatsapp voice canary')]);
      const file = { base64: bytes.toString('base64'), type: 'audio/ogg; codecs=opus' };
      await app.act('say', { user: amal, file: { ...file, kind: 'audio', more: { voice: true } } });
      await app.act('say', { user: amal, file: { ...file, kind: 'voice' } });
      await app.act('say', { user: amal, file: { base64: Buffer.from('JPEGJPEG').toString('base64'), type: 'image/jpeg', kind: 'image', more: { caption: '/ask Que dit ce papier ?' } } });
      const path = await j.question('Que dit ce papier');
      const html = await until('the picture', async () => {
        const p = await j.mod.get(path);
        return /\/messages\/[0-9a-z]{13}\/file/.test(p.html) ? p.html : null;
      });
      const link = /\/messages\/[0-9a-z]{13}\/file/.exec(html)[0];
      const got = await until('the file', async () => {
        const r = await j.mod.raw('GET', link);
        return r.status === 200 ? r : null;
      });
      assert.equal(got.text, 'JPEGJPEG');
      await until('all files', async () => (await app.requests('download')).length === 3);
    });

    test('MSG-13: a voice note that a browser recorded goes out as one: Opus in Ogg, and the same sound', async () => {
      const webm = fs.readFileSync(new URL('../data/voice/browser.webm', import.meta.url));
      const page = await post(j.mod, j.com, { type: 'event', text: 'Écoutez notre invitation', source: 'ottawa.ca', checked_on: '2026-01-05', file: { name: 'invitation.webm', type: 'audio/webm', bytes: webm } });
      assert.deepEqual(page.summary, []);
      const said = await app.heard(amal, (m) => m.type === 'audio', 30000);
      assert.equal(said.body.audio.voice, true);
      const media = await app.look(`media?id=${said.body.audio.id}`);
      assert.equal(media.type, 'audio/ogg');
      const file = path.join(j.place.dir, 'voice.ogg');
      fs.writeFileSync(file, Buffer.from(media.base64, 'base64'));
      const info = await run('opusinfo', [file]);
      // The head of the stream is the browser's own: Chromium gives no pre-skip, which opusinfo finds unusual (and ends with 1).
      const trouble = (info.out + info.err).split('\n').filter((l) => /warning|error|missing/i.test(l) && !l.includes('preskip'));
      assert.deepEqual(trouble, []);
      assert.match(info.out, /Logical stream 1 ended/);
      assert.match(info.out, /Playback length: 0m:0[12]/);
      await app.heard(amal, 'Écoutez notre invitation');
    });

    test('after 24 hours: the answer waits, a template asks, and all arrives once the person writes', async () => {
      const late = (await app.act('users', { name: 'Benoit' })).key;
      const more = { ago_s: DAY_S + 7200 };
      await j.join(late, 'Benoit', { more });
      await j.say(late, 'Comment inscrire mon fils à l’école ?', { ago_s: DAY_S + 3600 });
      const path = await j.question('inscrire mon fils');
      const page = await j.mod.get(path);
      assert.ok(page.words.includes(say('en', 'The app’s time for answers is over. The person gets a short message that asks them to write; your answer follows as soon as they do.')), page.words);
      assert.equal((await app.messages(late)).length, 0);
      await j.answer(path, 'Passez au bureau du conseil scolaire');
      const template = await app.heard(late, '[reponse_prete]');
      assert.equal(template.body.template.language.code, 'fr');
      assert.equal(await j.count(late, 'conseil scolaire'), 0);
      await j.answer(path, 'Apportez une preuve d’adresse');
      await until('two that wait', async () => (await j.mod.get(path)).words.includes('messages wait until this person writes'));
      assert.equal((await app.messages(late)).length, 1, 'one template a day');
      await j.say(late, 'Merci, je lis');
      await app.heard(late, 'Apportez une preuve d’adresse');
      const texts = (await app.messages(late)).map((m) => m.text);
      assert.ok(texts.findIndex((t) => t.includes('conseil scolaire')) < texts.findIndex((t) => t.includes('preuve d’adresse')), 'the order is kept');
      assert.equal(await j.count(late, 'conseil scolaire'), 1);
      assert.ok(texts.some((t) => t.includes('Bienvenue parmi nous')), 'what waited before goes, too');
    });

    test('when Meta says that the window is shut, at once or later, the words wait and are said once', async () => {
      for (const windowError of ['sync', 'async']) {
        const text = `Question ${windowError} ?`;
        await app.act('mode', { windowError });
        await j.say(amal, `/ask ${text}`);
        const path = await j.question(text);
        await app.idle();
        const templates = await j.count(amal, '[reponse_prete]');
        await app.act('clock', { advance_s: DAY_S + 60 });
        await j.answer(path, `Réponse ${windowError}`);
        await until('the template', async () => (await j.count(amal, '[reponse_prete]')) === templates + 1);
        const arrived = async () => (await app.messages(amal)).filter((m) => m.text === `Réponse ${windowError}` && m.arrived).length;
        assert.equal(await arrived(), 0);
        await app.act('clock', { advance_s: -(DAY_S + 60) });
        await j.say(amal, `Me voici ${windowError}`);
        await until('the answer', async () => (await arrived()) === 1);
      }
      await app.idle();
    });

    test('MSG-6: a person without a telephone number, whose id changes, stays one person', async () => {
      const p = await app.act('users', { name: 'Chadia', user_id: 'CA.13491208655302741918', hidden: true });
      await j.join(p.key, 'Chadia', { press: (m) => app.act('press', { user: p.key, message_id: m.id }) });
      assert.ok((await app.messages(p.key)).every((m) => m.body.recipient === p.user_id && m.body.to === undefined));
      await app.act('move', { user: p.key, user_id: 'CA.98765432109876543210' });
      await j.say(p.key, 'Où est la clinique ?');
      const path = await j.question('Où est la clinique');
      assert.match((await j.mod.get(path)).words, /Chadia/);
      await j.answer(path, 'Rue Bank');
      assert.equal((await app.heard(p.key, 'Rue Bank')).body.recipient, 'CA.98765432109876543210');
      // The other way round: known by number first, then Meta begins to tell the scoped id and hides the number.
      await app.act('hide', { user: amal, user_id: 'CA.555' });
      const both = (await app.look('people')).find((x) => x.key === amal);
      await app.act('raw', { body: JSON.stringify({ object: 'whatsapp_business_account', entry: [{ id: '1', changes: [{ field: 'messages', value: { messaging_product: 'whatsapp', metadata: { phone_number_id: NUMBER_ID }, contacts: [{ profile: { name: 'Amal' }, wa_id: both.wa_id, user_id: 'CA.555' }], messages: [{ from: both.wa_id, from_user_id: 'CA.555', id: 'wamid.both', timestamp: String(Math.floor(Date.now() / 1000)), type: 'text', text: { body: '/ask Deux noms ?' } }] } }] }] }) });
      await j.question('Deux noms');
      await j.say(amal, '/ask Sans numéro maintenant ?');
      const hidden = await j.question('Sans numéro maintenant');
      assert.match((await j.mod.get(hidden)).words, /Amal/);
      await j.answer(hidden, 'Oui, toujours vous');
      await app.heard(amal, 'Oui, toujours vous');
    });

    test('every entry, change and message of a body counts', async () => {
      await app.act('batch', { values: [1, 2, 3, 4, 5].map((n) => ({ user: amal, text: `/ask Lot ${n} ?` })) });
      for (const n of [1, 2, 3, 4, 5]) await j.question(`Lot ${n}`);
    });

    test('wrong, missing and re-serialised signatures are refused and leave nothing', async () => {
      const body = (text, id) => JSON.stringify({ object: 'whatsapp_business_account', entry: [{ id: '1', changes: [{ field: 'messages', value: { messaging_product: 'whatsapp', metadata: { phone_number_id: NUMBER_ID }, messages: [{ from: '16135559999', id, timestamp: String(Math.floor(Date.now() / 1000)), type: 'text', text: { body: text } }] } }] }] });
      const requests = (await j.admin.get('/joins')).words;
      for (const signature of [false, '', 'sha256=', `sha256=${'0'.repeat(64)}`, 'sha1=00', 'sha256=zz']) assert.equal((await app.act('raw', { body: body('canari refusé', 'wamid.no'), signature })).status, 401);
      await app.act('mode', { wrongSecret: 'another-secret' });
      await j.say(amal, '/ask canari mal signé ?');
      await app.idle();
      await app.act('mode', { wrongSecret: APP_SECRET });
      assert.equal((await j.admin.get('/joins')).words, requests);
      assert.equal(await j.inboxRow('canari'), undefined);
      // The same id, signed, is taken: nothing had been kept of it.
      assert.equal((await app.act('raw', { body: body('Bonjour', 'wamid.no') })).status, 200);
      for (const bad of ['{', '[]', 'null', '{"object":"whatsapp_business_account","entry":[{"changes":[{"value":{"messages":[{}]}}]}]}']) assert.equal((await app.act('raw', { body: bad })).status, 400, bad);
    });

    test('ten times the same, shuffled: the same state; nothing is refused', async () => {
      await app.act('deliveries', { duplicate: 10, shuffle: 100 });
      for (let i = 0; i < 10; i++) await j.say(amal, `/ask déluge ${i} ?`);
      await app.idle(60000);
      await app.act('deliveries', { duplicate: 1 });
      const open = (await j.open()).filter((t) => t.startsWith('déluge')).sort();
      assert.deepEqual(open, [...Array(10).keys()].map((i) => `déluge ${i} ?`));
    });

    test('429, 5xx, a broken line: said once or in doubt, never twice', async () => {
      for (const [kind, more] of [['429', { retry_after: 1 }], ['500', {}]]) {
        await j.say(amal, `/ask Panne ${kind} ?`);
        const path = await j.question(`Panne ${kind}`);
        await app.act('faults', { method: 'messages', kind, times: 1, ...more });
        await j.answer(path, `Après la panne ${kind}`);
        await app.heard(amal, `Après la panne ${kind}`, 20000);
        assert.equal(await j.count(amal, `Après la panne ${kind}`), 1);
      }
      const doubtful = async () => (await j.mod.get('/sends')).forms.filter((f) => /\/sends\/[0-9a-z]{13}\/resolve$/.test(f.action));
      await app.act('mode', { autoStatuses: [] });
      for (const kind of ['accept-then-drop', 'garbage']) {
        await j.say(amal, `/ask Doute ${kind} ?`);
        const path = await j.question(`Doute ${kind}`);
        await app.act('faults', { method: 'messages', kind, times: 1 });
        await j.answer(path, `Peut-être ${kind}`);
        await until('the doubt', async () => (await doubtful()).length === 1);
        assert.equal(await j.count(amal, `Peut-être ${kind}`), 1);
        await (await j.mod.get('/sends')).submit(/resolve$/, { decision: 'arrived' });
      }
    });

    test('all that ever came in, ten times more and shuffled: not one row differs', async () => {
      await j.again();
    });

    test('every request fitted the description; no secret, number or word is in the log', async () => {
      const people = await app.look('people');
      await j.quiet([APP_SECRET, VERIFY, TOKEN, 'bibliothèque', 'succursale', 'canari', 'déluge', ...people.map((p) => p.wa_id), 'CA.1349']);
    });
  });

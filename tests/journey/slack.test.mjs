// SPDX-License-Identifier: EUPL-1.2
// The same life in a Slack workspace, against the stand-in, on both engines: channels by topic, threads, direct
// messages, files, signatures with a clock, and what a network does.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { AppJourney } from '../support/app_journey.mjs';
import { ADMIN_TOKEN, SIGNING_SECRET, TOKEN, sign } from '../fakes/slack.mjs';
import { correct, sendPost, takeDown } from '../support/posts.mjs';
import { ENGINES, until, without } from '../support/server.mjs';

for (const engine of ENGINES)
  describe(`slack, ${engine}`, { skip: without(engine) }, () => {
    let j, app, general, housing, omar;
    const inChannel = (text, chat = general, more = {}) => j.say(omar, text, { chat, ...more });

    before(async () => {
      j = await AppJourney.start(engine, {
        kind: 'slack',
        sign: (call) => {
          const stamp = String(Math.floor(Date.now() / 1000));
          return { ...call, headers: { ...call.headers, 'x-slack-request-timestamp': stamp, 'x-slack-signature': sign(stamp, call.body) } };
        },
        settings: (s) => ['--token', TOKEN, '--signing-secret', SIGNING_SECRET, '--admin-token', ADMIN_TOKEN, '--api-base', s.base],
      });
      app = j.app;
      general = (await app.act('chats', { name: 'general' })).id;
      housing = (await app.act('chats', { name: 'housing' })).id;
      await j.connect(general);
      await j.connect(housing);
      omar = (await app.act('users', { name: 'Omar' })).id;
    });
    after(() => j?.stop());

    test('the address is confirmed by its challenge, signed', async () => {
      const ok = await app.act('challenge', { challenge: '3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P' });
      assert.deepEqual([ok.status, ok.answer], [200, '3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P']);
    });

    test('MSG-1, A-34: whoever is in a channel is a member, by name; a question there has the topic of the channel', async () => {
      const page = await j.admin.get(`/communities/${j.com}`);
      const forms = page.forms.filter((f) => /\/channels\/[0-9a-z]{13}\/topic$/.test(f.action));
      assert.equal(forms.length, 2);
      for (const [i, topic] of ['accueil', 'logement'].entries()) assert.deepEqual((await (await j.admin.get(`/communities/${j.com}`)).submit(forms[i].action, { topic })).summary, []);
      const wrong = await (await j.admin.get(`/communities/${j.com}`)).submit(forms[0].action, { topic: 'Pas Un Code' });
      assert.ok(wrong.summary.length > 0);
      await app.act('join', { chat: general, user: omar });
      await inChannel('Comment trouver un appartement à Halifax ?', housing);
      const path = await j.question('appartement à Halifax');
      assert.match((await j.mod.get(path)).words, /Omar/);
      const q = (await j.api.get(`/api/v1/questions?community=${j.com}`)).json.questions.find((x) => x.text.includes('appartement'));
      assert.equal(q.topic, 'logement');
      await inChannel('Où est le prochain café de rencontre ?');
      await j.question('café de rencontre');
      assert.equal((await j.api.get(`/api/v1/questions?community=${j.com}`)).json.questions.find((x) => x.text.includes('café')).topic, 'accueil');
    });

    test('an answer stands in the thread of the question, escaped as Slack wants it', async () => {
      const asked = (await app.look(`messages?user=${housing}`)).find((m) => m.text.includes('appartement'));
      await j.answer(await j.question('appartement à Halifax'), 'Voyez <bail> & dépôt chez nous', { source: 'beta.novascotia.ca' });
      const got = await app.heard(housing, 'Voyez <bail> & dépôt');
      assert.equal(got.thread_ts, asked.ts);
      assert.match(got.raw, /&lt;bail&gt; &amp; dépôt/);
      assert.equal(await j.count(general, 'appartement'), 0, 'topics are not mirrors of each other');
      assert.equal(await j.count(general, '<bail>'), 0);
      // What is said in the thread belongs to the question; an answer to it goes to the same thread.
      await inChannel('/ask Et pour un dépôt de deux mois ?', housing, { thread: asked.ts });
      await j.answer(await j.question('dépôt de deux mois'), 'Un demi-mois au plus');
      assert.equal((await app.heard(housing, 'Un demi-mois au plus')).thread_ts, asked.ts);
    });

    test('a mention told twice, other bots and our own words', async () => {
      await inChannel('Qui peut m’aider pour la garderie ?', general, { mention: true, raw: '&lt;merci&gt; <@U0BOT00000|aide> pour la garderie <https://x.example/a|lien> ?' });
      await j.question('garderie');
      await app.act('say', { user: omar, chat: general, text: 'Robot : soldes ?', bot: true });
      await app.idle();
      const open = await j.open();
      assert.equal(open.filter((t) => t.includes('garderie')).length, 1);
      assert.ok(open.find((t) => t.includes('garderie')).startsWith('<merci> aide pour la garderie lien (https://x.example/a) ?'));
      assert.ok(!open.some((t) => t.includes('Robot') || t.includes('Voyez')));
    });

    test('MSG-6: joining in a direct message, with a button', async () => {
      const rita = (await app.act('users', { name: 'Rita' })).id;
      await j.join(rita, 'Rita', { press: (m) => app.act('press', { user: rita, message_id: m.id }) });
      await j.say(rita, 'Est-ce que la bibliothèque est gratuite ?');
      await j.answer(await j.question('bibliothèque est gratuite'), 'Oui, pour tout le monde');
      await app.heard(rita, 'Oui, pour tout le monde');
      assert.ok((await app.look(`messages?user=${general}`)).every((m) => !m.text.includes('pour tout le monde')), 'a private answer in public');
    });

    test('MSG-12: a message of somebody is taken away with the administrator’s token, and goes on in private', async () => {
      const asked = await inChannel('Mon numéro de dossier est 4477881, que faire ?');
      const path = await j.question('4477881');
      assert.deepEqual((await (await j.mod.get(path)).submit('/private')).summary, []);
      await until('the deletion', async () => !(await app.look(`messages?user=${general}`)).some((m) => m.ts === asked.ts));
      await j.answer(path, 'Écrivez-nous ici seulement');
      await app.heard(omar, 'Écrivez-nous ici seulement');
    });

    test('a file comes in', async () => {
      const page = await (await j.admin.get(`/communities/${j.com}`)).submit(`/communities/${j.com}`, { media: ['voice', 'image', 'file', 'video'] });
      assert.deepEqual(page.summary, []);
      await inChannel('Que veut dire cette lettre ?', general, { file: { name: 'lettre.png', type: 'image/png', base64: Buffer.from('PNGPNG').toString('base64') } });
      const path = await j.question('cette lettre');
      const link = await until('the file', async () => /\/messages\/[0-9a-z]{13}\/file/.exec((await j.mod.get(path)).html)?.[0]);
      const got = await until('its bytes', async () => {
        const r = await j.mod.raw('GET', link);
        return r.status === 200 ? r : null;
      });
      assert.equal(got.text, 'PNGPNG');
    });

    test('a post that is taken down goes from the channels and from a direct message, each part of it, with its file', async () => {
      const huda = (await app.act('users', { name: 'Huda', locale: 'ar-EG' })).id;
      await app.act('join', { chat: general, user: huda });
      await j.say(huda, 'صباح الخير');
      await app.idle();
      const there = async (chat, text) => (await app.look(`messages?user=${chat}`)).filter((m) => m.text.includes(text)).length;
      const group = await sendPost(j.mod, j.com, { body0: `Un mot à reprendre. ${'Et encore un. '.repeat(400)}` });
      assert.equal(await there(general, 'Et encore un'), 2);
      const alone = await sendPost(j.mod, j.com, { body2: 'كلمة واحدة للاسترجاع', only_lang: 'ar' });
      assert.equal(await there(huda, 'كلمة واحدة'), 1);
      assert.match((await takeDown(j.mod, group)).before, /2 copies are taken back there/); // one in each channel
      await correct(j.mod, alone, { title2: 'تصحيح', body2: 'الصواب هنا.', only_lang: 'ar' });
      await until('the mark', async () => (await app.look(`messages?user=${huda}`)).some((m) => m.edited && m.text.includes('كلمة واحدة') && m.text.includes('تصحيح')));
      assert.match((await takeDown(j.mod, alone)).after, /One copy is taken back\./);
      for (const chat of [general, housing]) assert.equal(await there(chat, 'Et encore un'), 0);
      assert.equal(await there(huda, 'كلمة واحدة'), 0);
    });

    test('MSG-8: whoever leaves the channel is a member no more', async () => {
      const guest = (await app.act('users', { name: 'Passant' })).id;
      await app.act('join', { chat: general, user: guest });
      await until('the member', async () => (await j.admin.get(`/communities/${j.com}/members`)).words.includes('Passant'));
      await app.act('leave', { chat: general, user: guest });
      await until('the end', async () => !(await j.admin.get(`/communities/${j.com}/members`)).words.includes('Passant'));
    });

    test('wrong, missing and old signatures are refused, both ways of the clock, and leave nothing', async () => {
      const event = (text) => ({ type: 'message', channel: general, channel_type: 'channel', user: omar, text, ts: '1700000000.000001' });
      for (const p of [{ signature: false }, { signature: '' }, { signature: 'v0=' }, { signature: `v0=${'0'.repeat(64)}` }, { secret: 'other-secret' }, { at_s: -301 }, { at_s: 301 }])
        assert.equal((await app.act('raw', { event: event('canari refusé ?'), ...p })).status, 401, JSON.stringify(p));
      assert.equal(await j.inboxRow('canari'), undefined);
      assert.equal((await app.act('raw', { event: event('canari accepté ?'), at_s: -290 })).status, 200);
      await j.question('canari accepté');
      for (const body of ['{', '[]', 'null', '{"type":"event_callback"}', 'payload=%7B']) assert.equal((await app.act('raw', { body })).status, 400, body);
      assert.equal((await app.act('raw', { body: '{"type":"of_a_later_day"}' })).status, 200);
    });

    test('ten times the same, shuffled, with retry headers: the same state', async () => {
      await app.act('deliveries', { duplicate: 10, shuffle: 100 });
      for (let i = 0; i < 10; i++) await inChannel(`déluge ${i} ?`);
      await app.idle(60000);
      await app.act('deliveries', { duplicate: 1 });
      assert.deepEqual((await j.open()).filter((t) => t.startsWith('déluge')).sort(), [...Array(10).keys()].map((i) => `déluge ${i} ?`));
    });

    test('429 is waited for; a lost answer is in doubt; limited events are noted for the operator', async () => {
      await app.act('faults', { method: 'chat.postMessage', kind: '429', retry_after: 2 });
      await j.answer(await j.question('déluge 1'), 'Après l’attente');
      await app.heard(general, 'Après l’attente', 20000);
      const posts = await app.requests('chat.postMessage');
      const refused = posts.findIndex((r) => r.status === 429);
      assert.ok(refused >= 0);
      assert.ok(posts.slice(refused + 1).every((r) => r.at_ms - posts[refused].at_ms >= 2000), 'a post before the time that Slack gave');
      assert.equal(await j.count(general, 'Après l’attente'), 1);
      await until('all that was queued', async () => (await j.states()).every((t) => !/Waiting|Being/.test(t)), 30000);
      await app.act('faults', { method: 'chat.postMessage', kind: 'accept-then-drop' });
      await j.answer(await j.question('déluge 2'), 'Peut-être arrivé');
      await until('the doubt', async () => (await j.mod.get('/sends')).has(/resolve$/));
      assert.equal(await j.count(general, 'Peut-être arrivé'), 1);
      await (await j.mod.get('/sends')).submit(/resolve$/, { decision: 'arrived' });
      await app.act('limited');
      await until('the note', async () => /events-limited/.test(await j.place.ok('channel', 'list')));
    });

    test('all that ever came in, ten times more and shuffled: not one row differs', async () => {
      await j.again();
    });

    test('every request fitted the description; no secret and no word is in the log', async () => {
      await j.quiet([SIGNING_SECRET, TOKEN, ADMIN_TOKEN, 'Halifax', '4477881', 'canari', 'déluge', 'Rita', omar]);
    });
  });

// SPDX-License-Identifier: EUPL-1.2
// The same telephones behind a Twilio-style service: signatures, duplicates, disorder and faults, on both engines.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { account, decide, design, giveRole, idOf, openIt, post } from '../support/community.mjs';
import { say } from '../support/po.mjs';
import { Recorder } from '../support/replay.mjs';
import { ENGINES, Place, until, without } from '../support/server.mjs';
import { Twilio } from '../support/twilio.mjs';
import { words } from '../support/html.mjs';

for (const engine of ENGINES)
  describe(`sms by a twilio-style service, ${engine}`, { skip: without(engine) }, () => {
    let sms, wire, place, server, admin, mod, com;
    const amal = '+16135550101', marc = '+16135550102';

    const inboxRows = async (text) => [...(await mod.get('/inbox')).html.matchAll(/<a href="(\/inbox\/[0-9a-z]{13})[^"]*"[\s\S]*?<\/a>/g)].filter((m) => words(m[0]).includes(text)).map((m) => m[1]);
    const question = (text) => until(`the question "${text}"`, async () => (await inboxRows(text))[0], 15000, 50);
    const answer = async (asked, text) => {
      const page = await (await mod.get(await question(asked))).submit('/answer', { text });
      assert.deepEqual(page.summary, []);
    };
    const sends = async () => (await mod.get('/sends?all=1')).html;
    const state = async (n = 0) => [...(await sends()).matchAll(/<li class="row"[\s\S]*?<\/li>|<tr>[\s\S]*?<\/tr>/g)].map((m) => words(m[0]))[n];
    const join = async (number, lang, word) => {
      assert.equal((await sms.say(number, word)).status, 200);
      await sms.heard(number, say(lang, 'Reply YES to accept, STOP to end.'));
      await sms.say(number, 'OUI');
      await sms.heard(number, say(lang, 'Thank you. Your request to join {0} was sent; you will be told here.', 'Entraide d’essai'));
      await decide(admin, `… ${number.slice(-4)}`, 'accept');
      await sms.heard(number, 'Bienvenue parmi nous');
    };

    before(async () => {
      sms = await Twilio.start();
      place = await Place.make(engine);
      await place.ok('community', 'import', '-', { input: `${design('ville', { screening: false })}keyword.fr = ENTRAIDE\n` });
      await place.ok('channel', 'add', 'sms-twilio', '--name', 'texto', ...sms.settings);
      wire = await Recorder.start();
      server = await place.serve({ publicUrl: wire.url });
      wire.to = server.port;
      sms.hook = `${wire.url}/hooks/sms-twilio/texto`;
      admin = await server.signedIn(place.admin.login, place.admin.password);
      com = await idOf(admin, 'ville');
      await openIt(admin, com);
      const page = await admin.get(`/communities/${com}`);
      const option = page.form('/channels').fields.find((f) => f.name === 'channel').options.find((o) => o.label === 'texto');
      assert.deepEqual((await page.submit('/channels', { channel: option.value })).summary, []);
      const who = await account(admin, 'amira', 'Amira H.');
      await giveRole(admin, com, 'Amira H.', 'moderator');
      await (await server.browser().signIn('amira', who.password)).submit('/me/password', { old: who.password, new: 'amira l’a choisi', again: 'amira l’a choisi' });
      mod = await server.signedIn('amira', 'amira l’a choisi');
    });
    after(async () => {
      try {
        await place?.close();
      } finally {
        await sms?.stop();
        await wire?.stop();
      }
    });

    /* EQ-1, MSG-6, MSG-7, MSG-8 */
    test('joining, asking and an answer; the reply to each call is an empty Response', async () => {
      await join(amal, 'fr', 'ENTRAIDE');
      const r = await sms.say(amal, 'Où est la bibliothèque ?');
      assert.equal(r.status, 200);
      assert.match(r.type, /text\/xml/);
      assert.match(r.body, /<Response\/>$/);
      await answer('Où est la bibliothèque', 'Rue Rideau, nº 33 — l’entrée est à gauche, œuvre de Noël');
      const heard = await sms.heard(amal, 'Rue Rideau');
      assert.equal(heard.body.split('\n')[0], 'Rue Rideau, nº 33 — l’entrée est à gauche, œuvre de Noël');
      assert.match(heard.callback, /\?out=[0-9a-z]{13}#rc=4&rp=ct,rt,5xx$/);
    });

    /* channels.md §10 */
    test('a wrong or missing signature is refused and nothing is stored', async () => {
      for (const more of [{ sign: false }, { secret: 'f0e1d2c3b4a5968778695a4b3c2d1e00' }, { url: `${sms.hook}?x=1`, secret: 'x' }]) assert.equal((await sms.say(amal, 'Canari vert ?', more)).status, 401);
      assert.deepEqual(await inboxRows('Canari vert'), []);
    });

    test('ten-fold duplicated and shuffled replay gives the same state', async () => {
      const texts = ['Premier sujet ?', 'Deuxième sujet ?', 'Troisième sujet ?'].map((text, i) => ({ text, sid: `SM${'d'.repeat(31)}${i}` }));
      for (const t of texts) await sms.say(amal, t.text, { sid: t.sid });
      await until('the last one', async () => (await inboxRows('Premier sujet')).length === 1);
      const before_ = (await mod.get('/inbox')).html.split('sujet').length;
      const again = Array.from({ length: 30 }, (_, i) => texts[(i * 7 + 5) % 3]);
      const answers = await Promise.all(again.map((t) => sms.say(amal, t.text, { sid: t.sid })));
      assert.deepEqual([...new Set(answers.map((r) => r.status))], [200]);
      assert.equal((await mod.get('/inbox')).html.split('sujet').length, before_);
      const path = await question('Premier sujet'); // what follows an open question belongs to it: one conversation, each text once
      const shown = (await mod.get(path)).words;
      for (const t of texts) assert.equal(shown.split(t.text).length - 1, t.text.startsWith('Premier') ? 2 : 1, shown);
      await answer('Premier sujet', 'Bien note');
      await sms.heard(amal, 'Bien note');
    });

    test('statuses out of order never go backwards', async () => {
      await sms.act('hold', {});
      await sms.say(amal, 'Quand ouvre la piscine ?');
      await answer('Quand ouvre la piscine', 'A midi');
      const m = await sms.heard(amal, 'A midi');
      await until('sent', async () => /Sent/.test(await state()));
      assert.equal((await sms.act('status', { sid: m.sid, status: 'sent', secret: 'wrong' })).status, 401);
      assert.equal((await sms.act('status', { sid: m.sid, status: 'delivered' })).status, 200);
      assert.match(await state(), /Delivered/);
      for (const status of ['queued', 'sent', 'undelivered', 'sending', 'delivered', 'sent']) assert.equal((await sms.act('status', { sid: m.sid, status })).status, 200);
      assert.match(await state(), /Delivered/);
      await sms.act('hold', { on: false });
    });

    test('429 waits, 500 is tried again: each text arrives once', async () => {
      for (const [fault, asked] of [[{ kind: '429', retry_after: 1 }, 'Un médecin ?'], [{ kind: '500' }, 'Un dentiste ?']]) {
        await sms.say(amal, asked);
        await question(asked);
        await sms.act('faults', fault);
        await answer(asked, `Oui : ${asked}`);
        await sms.heard(amal, `Oui : ${asked}`, 30000);
        assert.equal((await sms.to(amal)).filter((m) => m.body.includes(`Oui : ${asked}`)).length, 1);
      }
    });

    test('a broken line after the text was taken is in doubt until the service’s own word ends the doubt: never said twice', async () => {
      await sms.say(amal, 'Et la garderie ?');
      await question('Et la garderie');
      await sms.act('faults', { kind: 'accept-then-drop' });
      await answer('Et la garderie', 'Il y a de la place');
      await sms.heard(amal, 'Il y a de la place');
      await until('the doubt ended', async () => /Delivered/.test(await state()), 20000, 100);
      assert.equal((await sms.to(amal)).filter((m) => m.body.includes('Il y a de la place')).length, 1);
    });

    /* 21610: the service knows that this number wrote STOP */
    test('a number that stopped us at the service gets nothing more; the others do', async () => {
      await join(marc, 'fr', 'ENTRAIDE');
      await sms.say(marc, 'Encore une question ?');
      await question('Encore une question');
      await sms.act('stop', { number: marc });
      await answer('Encore une question', 'Trop tard');
      await until('the refusal', async () => (await sms.look('requests')).some((r) => r.pairs.To === marc && r.status === 400) || (await sends()).includes('21610'));
      const count = (await sms.look('requests')).filter((r) => r.pairs.To === marc).length;
      const page = await post(mod, com, { type: 'event', text: 'Pique-nique dimanche', source: 'ottawa.ca', checked_on: '2026-01-05' });
      assert.deepEqual(page.summary, []);
      await sms.heard(amal, 'Pique-nique dimanche');
      assert.equal((await sms.look('requests')).filter((r) => r.pairs.To === marc).length, count);
    });

    test('a picture without words is not lost', async () => {
      await sms.say(amal, '', { media: 'image/jpeg' });
      const list = await mod.get(`/communities/${com}/threads`);
      const thread = await mod.get(list.link(/^\/threads\/[0-9a-z]{13}$/));
      assert.match(thread.words, /\[image\/jpeg\]/);
    });

    test('all that ever came in, ten times more and shuffled: not one row differs', async () => {
      await sms.look('idle');
      assert.ok(wire.calls.some((c) => c.path.includes('?out=')) && wire.calls.some((c) => !c.path.includes('?out=')));
      await wire.again(place);
    });

    test('every request fits the contract; no secret, number or word in the log', async () => {
      await sms.look('idle');
      assert.deepEqual(await sms.look('violations'), []);
      for (const secret of [sms.token, 'Rue Rideau', 'Canari', amal.slice(1)]) assert.ok(!server.log.includes(secret), `${secret} in the log`);
    });
  });

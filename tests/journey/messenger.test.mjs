// SPDX-License-Identifier: EUPL-1.2
// The same life in Messenger, against the stand-in, on both engines: joining with a choice, files, the 24-hour window
// with the seven days of people's answers, pending answers without a template, and what a network does.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { AppJourney } from '../support/app_journey.mjs';
import { APP_SECRET, TOKEN, VERIFY } from '../fakes/meta_base.mjs';
import { PAGE_ID } from '../fakes/messenger.mjs';
import { say } from '../support/po.mjs';
import { ENGINES, until, without } from '../support/server.mjs';

const DAY_S = 24 * 3600;

for (const engine of ENGINES)
  describe(`messenger, ${engine}`, { skip: without(engine) }, () => {
    let j, app, sara;

    before(async () => {
      j = await AppJourney.start(engine, {
        kind: 'messenger',
        settings: (s) => ['--page-id', PAGE_ID, '--app-secret', APP_SECRET, '--verify-token', VERIFY, '--token', TOKEN, '--human-agent', 'yes', '--api-base', s.base],
      });
      app = j.app;
      await until('the page to send its events', async () => (await app.requests('subscribe')).length > 0);
    });
    after(() => j?.stop());

    test('the address is confirmed with the word of the operator only', async () => {
      assert.deepEqual([(await app.act('check_hook')).status, (await app.act('check_hook', { verify: 'x' })).status], [200, 401]);
    });

    test('MSG-6, MSG-8: joining with a choice; the name comes from the profile', async () => {
      sara = (await app.act('users', { name: 'Sara', last: 'K.' })).id;
      await j.join(sara, 'Sara K.', { press: (m) => app.act('press', { user: sara, message_id: m.id }) });
    });

    test('MSG-11: question, answer, delivered; a long text in parts of 2000', async () => {
      await j.say(sara, 'Où trouver un médecin de famille ?');
      const path = await j.question('médecin de famille');
      const long = `${'mot '.repeat(900)}fin`;
      await j.answer(path, long);
      await app.heard(sara, (m) => m.text.endsWith('fin'));
      const parts = (await app.messages(sara)).filter((m) => m.text.startsWith('mot'));
      assert.equal(parts.length, 2);
      assert.ok(parts.every((m) => m.text.length <= 2000));
      await app.idle();
      await until('delivered', async () => (await j.states())[0].startsWith(say('en', 'Delivered')));
    });

    test('all files of a message come in', async () => {
      const page = await (await j.admin.get(`/communities/${j.com}`)).submit(`/communities/${j.com}`, { media: ['voice', 'image', 'file', 'video'] });
      assert.deepEqual(page.summary, []);
      const file = (kind, type, text) => ({ kind, type, base64: Buffer.from(text).toString('base64') });
      await j.say(sara, '/ask Que disent ces papiers ?', { files: [file('image', 'image/jpeg', 'JPEG1'), file('image', 'image/jpeg', 'JPEG2'), file('audio', 'audio/mp4', 'VOIX')] });
      const path = await j.question('ces papiers');
      await until('three files', async () => (await app.requests('download')).length === 3);
      const links = [...(await j.mod.get(path)).html.matchAll(/\/messages\/[0-9a-z]{13}\/file/g)].map((m) => m[0]);
      const got = await until('the picture', async () => {
        const r = await j.mod.raw('GET', links[0]);
        return r.status === 200 ? r : null;
      });
      assert.equal(got.text, 'JPEG1');
    });

    test('within seven days a person’s answer goes out, tagged; the product’s own words wait', async () => {
      const late = (await app.act('users', { name: 'Tomas' })).id;
      const more = { ago_s: 2 * DAY_S };
      await j.join(late, 'Tomas', { more });
      await j.say(late, 'Comment obtenir un numéro d’assurance sociale ?', more);
      await j.answer(await j.question('assurance sociale'), 'À Service Canada');
      const got = await app.heard(late, 'À Service Canada');
      assert.deepEqual([got.body.messaging_type, got.body.tag], ['MESSAGE_TAG', 'HUMAN_AGENT']);
      assert.equal(await j.count(late, 'Bienvenue parmi nous'), 0);
      await j.say(late, 'Merci');
      await app.heard(late, 'Bienvenue parmi nous');
      assert.ok((await app.messages(late)).filter((m) => m.text.includes('Bienvenue')).every((m) => m.body.messaging_type === 'RESPONSE'));
      assert.equal(await j.count(late, 'Service Canada'), 1);
    });

    test('after seven days: the answer waits, the moderators are told, and it arrives when the person writes', async () => {
      const late = (await app.act('users', { name: 'Ursula' })).id;
      const more = { ago_s: 8 * DAY_S };
      await j.join(late, 'Ursula', { more });
      await j.say(late, 'Quand ouvre la banque alimentaire ?', more);
      const path = await j.question('banque alimentaire');
      assert.ok((await j.mod.get(path)).words.includes(say('en', 'The app’s time for answers is over. Your answer waits and goes out as soon as the person writes again.')));
      await j.answer(path, 'Le mardi matin');
      await until('the moderators to be told', async () => (await j.mod.get('/notices')).words.includes(say('en', 'Your answer to {0} waits: the app lets us write only after they write again.', 'Ursula')));
      assert.equal((await app.messages(late)).length, 0);
      await j.say(late, 'Me voici');
      await app.heard(late, 'Le mardi matin');
      assert.equal(await j.count(late, 'Le mardi matin'), 1);
    });

    test('whoever blocked the page is not written to any more', async () => {
      const gone = (await app.act('users', { name: 'Viktor' })).id;
      await j.join(gone, 'Viktor', { press: (m) => app.act('press', { user: gone, message_id: m.id }) });
      await j.say(gone, 'Où est la mosquée ?');
      const path = await j.question('mosquée');
      await app.act('block', { user: gone });
      await j.answer(path, 'Rue Scott');
      await until('the failure', async () => (await j.states())[0].startsWith(say('en', 'Failed')));
      const tries = (await app.requests('messages')).length;
      await j.answer(path, 'Aussi rue Bank');
      await app.idle();
      assert.equal((await app.requests('messages')).length, tries, 'a blocked person was written to');
    });

    test('every entry and message of a body counts; wrong signatures leave nothing', async () => {
      await app.act('batch', { values: [1, 2, 3, 4, 5].map((n) => ({ user: sara, text: `/ask Lot ${n} ?` })) });
      for (const n of [1, 2, 3, 4, 5]) await j.question(`Lot ${n}`);
      const body = (mid) => JSON.stringify({ object: 'page', entry: [{ id: PAGE_ID, messaging: [{ sender: { id: sara }, recipient: { id: PAGE_ID }, timestamp: Date.now(), message: { mid, text: '/ask canari ?' } }] }] });
      for (const signature of [false, '', `sha256=${'f'.repeat(64)}`]) assert.equal((await app.act('raw', { body: body('m_no'), signature })).status, 401);
      assert.equal(await j.inboxRow('canari'), undefined);
      assert.equal((await app.act('raw', { body: body('m_no') })).status, 200);
      await j.question('canari');
      for (const bad of ['{', '[]', '{"object":"page","entry":[{"messaging":[7]}]}']) assert.equal((await app.act('raw', { body: bad })).status, 400, bad);
    });

    test('ten times the same, shuffled; 613, 5xx and a broken line: said once or in doubt', async () => {
      await app.act('deliveries', { duplicate: 10, shuffle: 100 });
      for (let i = 0; i < 10; i++) await j.say(sara, `/ask déluge ${i} ?`);
      await app.idle(60000);
      await app.act('deliveries', { duplicate: 1 });
      assert.deepEqual((await j.open()).filter((t) => t.startsWith('déluge')).sort(), [...Array(10).keys()].map((i) => `déluge ${i} ?`));
      for (const [n, kind, more] of [[1, '429', { retry_after: 1 }], [2, '502', {}]]) {
        await app.act('faults', { method: 'messages', kind, ...more });
        await j.answer(await j.question(`déluge ${n}`), `Après la panne ${kind}`);
        await app.heard(sara, `Après la panne ${kind}`, 20000);
        assert.equal(await j.count(sara, `Après la panne ${kind}`), 1);
      }
      await app.act('faults', { method: 'messages', kind: 'garbage' });
      await j.answer(await j.question('déluge 3'), 'Peut-être');
      await until('the doubt', async () => (await j.mod.get('/sends')).has(/resolve$/));
      assert.equal(await j.count(sara, 'Peut-être'), 1);
      await (await j.mod.get('/sends')).submit(/resolve$/, { decision: 'arrived' });
    });

    test('all that ever came in, ten times more and shuffled: not one row differs', async () => {
      await j.again();
    });

    test('every request fitted; no secret and no word is in the log', async () => {
      await j.quiet([APP_SECRET, VERIFY, TOKEN, 'médecin', 'canari', 'déluge', 'Ursula', sara]);
    });
  });

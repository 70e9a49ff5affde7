// SPDX-License-Identifier: EUPL-1.2
// The same life in a WeChat official account, in encrypted mode, against the stand-in, on both engines: following and
// joining by a menu, 48 hours, twenty in a row, tokens that end, and what a network does.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { AppJourney } from '../support/app_journey.mjs';
import { APP_ID, APP_SECRET, ENCODING_KEY, TOKEN, signedQuery } from '../fakes/wechat.mjs';
import { say } from '../support/po.mjs';
import { ENGINES, until, without } from '../support/server.mjs';

for (const engine of ENGINES)
  describe(`wechat, ${engine}`, { skip: without(engine) }, () => {
    let j, app, mei;
    const name = (id) => `… ${id.slice(-4)}`;
    const newcomer = async (more = {}) => {
      const { id } = await app.act('users');
      await j.join(id, name(id), more.ago_s ? { more } : { press: (m) => app.act('press', { user: id, message_id: m.id }) });
      return id;
    };

    before(async () => {
      j = await AppJourney.start(engine, {
        kind: 'wechat',
        sign: (call) => {
          if (call.method === 'GET') return call; // the look at the address: asked with a time of its own
          const sealed = /<Encrypt><!\[CDATA\[(.*?)\]\]>/.exec(call.body)[1];
          const query = new URLSearchParams(signedQuery(sealed, String(Math.floor(Date.now() / 1000)), '4711'));
          return { ...call, path: `${call.path.split('?')[0]}?${query}` };
        },
        settings: (s) => ['--app-id', APP_ID, '--app-secret', APP_SECRET, '--token', TOKEN, '--encoding-key', ENCODING_KEY, '--api-base', s.base],
      });
      app = j.app;
      await until('the first token', async () => (await app.look('token')).fetched === 1);
    });
    after(() => j?.stop());

    test('the address is confirmed with a fresh signature only', async () => {
      const good = await app.act('check_hook');
      assert.deepEqual([good.status, good.answer], [200, '6483940028347561902']);
      for (const p of [{ signature: '' }, { signature: '0'.repeat(40) }, { at_s: -301 }, { at_s: 301 }]) assert.equal((await app.act('check_hook', p)).status, 401);
    });

    test('MSG-6, MSG-8: whoever follows is asked whether to join, by a menu', async () => {
      mei = (await app.act('users')).id;
      await app.act('follow', { user: mei });
      const menu = await app.heard(mei, 'Le respect avant tout');
      await app.act('press', { user: mei, message_id: menu.id });
      await app.heard(mei, 'Depuis quand êtes-vous ici ?');
      await j.say(mei, 'Deux mois');
      await app.heard(mei, 'Comment nous avez-vous trouvés ?');
      await j.say(mei, 'Une amie');
      await until('the request', async () => (await j.admin.get('/joins')).words.includes(name(mei)));
      const list = await j.admin.get('/joins');
      const page = await j.admin.get(list.link(/^\/joins\/[0-9a-z]{13}$/));
      await page.submit(/accept$/);
      await app.heard(mei, 'Bienvenue parmi nous');
    });

    test('MSG-11: question and answer; one token for all', async () => {
      await j.say(mei, '图书馆在哪里?');
      await j.answer(await j.question('图书馆'), '在主街一百二十号');
      await app.heard(mei, '在主街一百二十号');
      assert.equal((await app.look('token')).fetched, 1);
      assert.ok((await app.look('deliveries')).filter((d) => d.status === 200).slice(1).every((d) => d.answer === 'success' || /^\d+$/.test(d.answer)));
    });

    test('a token that ended is fetched again, once, and the answer arrives once', async () => {
      await j.say(mei, '/ask Question du jeton ?');
      const path = await j.question('Question du jeton');
      await app.act('end_token');
      await j.answer(path, 'Réponse malgré tout');
      await app.heard(mei, 'Réponse malgré tout');
      assert.equal(await j.count(mei, 'Réponse malgré tout'), 1);
      assert.equal((await app.look('token')).fetched, 2);
    });

    test('a picture comes in', async () => {
      const page = await (await j.admin.get(`/communities/${j.com}`)).submit(`/communities/${j.com}`, { media: ['voice', 'image', 'file', 'video'] });
      assert.deepEqual(page.summary, []);
      await app.act('say', { user: mei, picture: Buffer.from('JPEGWX').toString('base64') });
      const link = await until('the picture', async () => {
        for (const l of (await j.mod.get('/inbox')).links.filter((x) => /^\/inbox\/[0-9a-z]{13}/.test(x))) {
          const found = /\/messages\/[0-9a-z]{13}\/file/.exec((await j.mod.get(l)).html);
          if (found) return found[0];
        }
        return null;
      });
      const got = await until('its bytes', async () => {
        const r = await j.mod.raw('GET', link);
        return r.status === 200 ? r : null;
      });
      assert.equal(got.text, 'JPEGWX');
    });

    test('after 48 hours, and after too many in a row, the answer waits until the person writes', async () => {
      const late = await newcomer({ ago_s: 49 * 3600 });
      await j.say(late, 'Où apprendre l’anglais ?', { ago_s: 49 * 3600 });
      await j.answer(await j.question('apprendre l’anglais'), 'Au centre LINC');
      await until('the moderators to be told', async () => (await j.mod.get('/notices')).words.includes(say('en', 'Your answer to {0} waits: the app lets us write only after they write again.', name(late))));
      assert.equal((await app.messages(late)).length, 0);
      await j.say(late, 'Bonjour encore');
      await app.heard(late, 'Au centre LINC');
      await app.act('mode', { rowMax: 0 });
      await j.say(mei, '/ask Encore une ?');
      await j.answer(await j.question('Encore une'), 'Trop de suite');
      await until('it to wait', async () => (await j.states())[0].startsWith(say('en', 'Held')));
      await app.act('mode', { rowMax: 20 });
      await j.say(mei, 'Je suis là');
      await app.heard(mei, 'Trop de suite');
      assert.equal(await j.count(mei, 'Trop de suite'), 1);
    });

    test('a lost answer within ten minutes is said again under the same number: once, without a doubt', async () => {
      await j.say(mei, '/ask Ligne coupée ?');
      const path = await j.question('Ligne coupée');
      await app.act('faults', { method: 'send', kind: 'accept-then-drop' });
      await j.answer(path, 'Dit une seule fois');
      await until('the second try', async () => (await app.requests('send')).filter((r) => r.parameters.text?.content === 'Dit une seule fois').length === 2, 20000);
      await until('sent', async () => (await j.states())[0].startsWith(say('en', 'Sent')));
      assert.equal(await j.count(mei, 'Dit une seule fois'), 1);
      assert.equal((await j.mod.get('/sends')).has(/resolve$/), false);
    });

    test('whoever does not follow any more is not written to', async () => {
      const gone = await newcomer();
      await j.say(gone, 'Où est l’école ?');
      const path = await j.question('Où est l’école');
      await app.act('unfollow', { user: gone });
      await app.idle();
      await j.answer(path, 'Rue Main');
      await app.idle();
      assert.equal(await j.count(gone, 'Rue Main'), 0);
    });

    test('wrong, missing and old signatures, other keys and plain words are refused and leave nothing', async () => {
      for (const p of [{ signature: false }, { signature: '0'.repeat(40) }, { msg_signature: '0'.repeat(40) }, { at_s: -301 }, { at_s: 301 }, { plain: true }, { appId: 'wxsomebodyelse' }])
        assert.equal((await app.act('raw', { user: mei, text: '/ask canari ?', id: '77', ...p })).status, 401, JSON.stringify(p));
      assert.equal(await j.inboxRow('canari'), undefined);
      assert.equal((await app.act('raw', { user: mei, text: '/ask canari ?', id: '77' })).status, 200);
      await j.question('canari');
      for (const body of ['', '<xml>', '{}', '<!DOCTYPE xml [<!ENTITY a "b">]><xml><Encrypt>&a;</Encrypt></xml>', '<other/>']) assert.equal((await app.act('raw', { body })).status, 400, body);
    });

    test('ten times the same, shuffled: the same state', async () => {
      await app.act('deliveries', { duplicate: 10, shuffle: 100 });
      for (let i = 0; i < 10; i++) await j.say(mei, `/ask déluge ${i} ?`);
      await app.idle(60000);
      await app.act('deliveries', { duplicate: 1 });
      assert.deepEqual((await j.open()).filter((t) => t.startsWith('déluge')).sort(), [...Array(10).keys()].map((i) => `déluge ${i} ?`));
      await app.act('faults', { method: 'send', kind: '429' });
      await j.answer(await j.question('déluge 1'), 'Après l’encombrement');
      await app.heard(mei, 'Après l’encombrement', 20000);
      assert.equal(await j.count(mei, 'Après l’encombrement'), 1);
    });

    test('all that ever came in, ten times more and shuffled: not one row differs', async () => {
      await j.again();
    });

    test('every request fitted; no secret and no word is in the log', async () => {
      await j.quiet([APP_SECRET, ENCODING_KEY, (await app.look('token')).token, '图书馆', 'canari', 'déluge', 'LINC', mei]);
    });
  });

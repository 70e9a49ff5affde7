// SPDX-License-Identifier: EUPL-1.2
// kill -9 in the middle of a post to many: nobody gets it twice, and who did not get it is in doubt, never forgotten.
// PW_KILLS sets how often the server dies (8).
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { account, giveRole, idOf, importDesign, openIt } from '../support/community.mjs';
import { freePort, noReport, Place, until } from '../support/server.mjs';
import { SECRET, Telegram } from '../support/telegram.mjs';

const KILLS = Math.min(Number(process.env.PW_KILLS ?? 8), 40);
const PEOPLE = 150;
const WORDS = 'منشور إلى الجميع';
const sleep = (ms) => new Promise((r) => setTimeout(r, ms));

describe('kill -9 during a broadcast', () => {
  let tg, place, server, port, com, token, users;

  const start = async () => {
    server = await place.serve({ port });
  };
  before(async () => {
    tg = await Telegram.start();
    place = await Place.make('sqlite');
    port = await freePort();
    await importDesign(place, 'ville');
    await place.ok('channel', 'add', 'telegram', '--name', 'app', '--token', tg.token, '--secret', SECRET, '--mode', 'webhook', '--api-base', tg.base);
    await start();
    const admin = await server.signedIn(place.admin.login, place.admin.password);
    com = await idOf(admin, 'ville');
    await openIt(admin, com);
    await account(admin, 'amira', 'Amira H.');
    await giveRole(admin, com, 'Amira H.', 'moderator');
    token = await place.token('amira', 'write');
    const chat = (await tg.act('chats', { type: 'supergroup', title: 'La ville' })).id;
    const page = await admin.get(`/communities/${com}`);
    const option = page.form('/channels').fields.find((f) => f.name === 'channel').options.find((o) => o.label === 'app');
    assert.deepEqual((await page.submit('/channels', { channel: option.value, chat: String(chat) })).summary, []);
    await until('the webhook', async () => (await tg.look('state')).bots[0].webhook?.endsWith('/hooks/telegram/app'));
    users = [];
    for (let i = 0; i < PEOPLE; i++) {
      const user = await tg.act('users', { first_name: `Personne ${i}`, language_code: 'ar', started: true });
      await tg.act('join', { chat, user: user.id });
      await tg.act('say', { user: user.id, text: 'مرحبا' });
      users.push(user.id);
    }
    await tg.idle(60000);
  });
  after(async () => {
    try {
      await place?.close();
    } finally {
      await tg?.stop();
    }
  });

  test('nobody gets a post twice', async () => {
    const progress = async () => (await server.api(token).get(`/api/v1/posts/${id}/progress`)).json;
    const made = await server.api(token).post(`/api/v1/communities/${com}/posts`, { type: 'prompt', lang: 'ar', body: WORDS, only_lang: 'ar', urgent: true });
    assert.equal(made.status, 201, made.text);
    const { id } = made.json;
    const { people } = await progress();
    assert.equal(people, PEOPLE);
    assert.equal((await server.api(token).post(`/api/v1/posts/${id}/publish`, { people })).status, 200);
    await until('the first to have left', async () => (await progress()).settled > 0, 30000, 50);
    let during = 0;
    for (let i = 0; i < KILLS; i++) {
      during += (await progress()).state === 'publishing';
      await sleep(100 + Math.random() * 500);
      await server.kill();
      noReport(server.log, 'the killed server');
      place.servers = place.servers.filter((s) => s !== server);
      await start();
    }
    assert.ok(during > 0, 'it was over before the first kill');
    const end = await until('the end', async () => {
      const p = await progress();
      return p.state === 'published' && p;
    }, 90000, 200);
    const line = end.channels[0];
    let got = 0;
    for (const user of users) {
      const n = (await tg.messages(user)).filter((m) => (m.text ?? '').includes(WORDS)).length;
      assert.ok(n <= 1, `one person got it ${n} times`);
      got += n;
    }
    assert.equal(line.sent + line.in_doubt + line.failed, PEOPLE, JSON.stringify(end));
    assert.equal(line.failed, 0);
    assert.ok(got >= line.sent && got <= line.sent + line.in_doubt, `${got} arrived, ${JSON.stringify(line)}`);
  });
});

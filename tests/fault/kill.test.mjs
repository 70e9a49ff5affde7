// SPDX-License-Identifier: EUPL-1.2
// kill -9 at random moments under load: nothing acknowledged is lost, nothing is doubled, no answer is silently lost or
// sent twice. The last test shows that the ledger notices a server that acknowledges before it commits.
// PW_KILLS sets how often (500).
import assert from 'node:assert/strict';
import http from 'node:http';
import { after, before, describe, test } from 'node:test';
import { account, giveRole, idOf, importDesign, openIt } from '../support/community.mjs';
import { freePort, noReport, Place, until } from '../support/server.mjs';
import { SECRET, Telegram } from '../support/telegram.mjs';

const KILLS = Number(process.env.PW_KILLS ?? 500);
const SENDERS = 6;
const ANSWERERS = 2;
const PEOPLE = 40;
const sleep = (ms) => new Promise((r) => setTimeout(r, ms));

function post(port, path, body, headers) {
  return new Promise((resolve) => {
    const rq = http.request({ host: '127.0.0.1', port, path, method: 'POST', headers: { 'content-type': 'application/json', ...headers }, agent: false }, (rs) => {
      let text = '';
      rs.setEncoding('utf8').on('data', (d) => (text += d)).on('error', () => resolve({ status: 0 }));
      rs.on('end', () => resolve({ status: rs.complete ? rs.statusCode : 0, text }));
    });
    rq.setTimeout(15000, () => rq.destroy());
    rq.on('error', () => resolve({ status: 0 }));
    rq.end(body);
  });
}

class World {
  static async make() {
    const w = new World();
    w.tg = await Telegram.start();
    w.place = await Place.make('sqlite');
    await importDesign(w.place, 'ville');
    await w.place.ok('channel', 'add', 'telegram', '--name', 'app', '--token', w.tg.token, '--secret', SECRET, '--mode', 'webhook', '--api-base', w.tg.base);
    w.port = await freePort();
    await w.start();
    const admin = await w.server.signedIn(w.place.admin.login, w.place.admin.password);
    w.community = await idOf(admin, 'ville');
    await openIt(admin, w.community);
    const made = await account(admin, 'amira', 'Amira H.');
    await giveRole(admin, w.community, 'Amira H.', 'moderator');
    w.password = 'amira l’a choisi';
    const first = await w.server.browser().signIn('amira', made.password);
    await first.submit('/me/password', { old: made.password, new: w.password, again: w.password });
    w.token = await w.place.token('amira', 'write');
    w.chat = (await w.tg.act('chats', { type: 'supergroup', title: 'La ville' })).id;
    const page = await admin.get(`/communities/${w.community}`);
    const option = page.form('/channels').fields.find((f) => f.name === 'channel').options.find((o) => o.label === 'app');
    assert.deepEqual((await page.submit('/channels', { channel: option.value, chat: String(w.chat) })).summary, []);
    Object.assign(w, { update: 1000, told: new Set(), promised: new Set(), stopping: false });
    return w;
  }
  async start() {
    this.server = await this.place.serve({ port: this.port, args: ['--threads', '16'] });
  }
  async killed() {
    await this.server.kill();
    noReport(this.server.log, 'the killed server');
    this.place.servers = this.place.servers.filter((s) => s !== this.server);
    await this.start();
  }
  say(n) {
    const id = ++this.update;
    const user = 500000 + (n % PEOPLE);
    return JSON.stringify({
      update_id: id,
      message: { message_id: id, date: Math.floor(Date.now() / 1000), chat: { id: this.chat, type: 'supergroup', title: 'La ville' }, from: { id: user, is_bot: false, first_name: `Personne ${n % PEOPLE}`, language_code: 'fr' }, text: `Où trouver le service numéro ${n} ?` },
    });
  }
  // Telegram's part: an update is sent again until it is acknowledged.
  async deliver(n, port = this.port) {
    const body = this.say(n);
    while (!this.stopping) {
      const { status } = await post(port, '/hooks/telegram/app', body, { 'x-telegram-bot-api-secret-token': SECRET });
      if (status === 200) return this.told.add(n);
      assert.ok(status === 0 || status >= 500, `an unexpected answer: ${status}`);
      await sleep(5);
    }
  }
  async asked(cursor) {
    const path = `/api/v1/questions?limit=50${cursor ? `&cursor=${cursor}` : ''}`;
    return (await this.server.api(this.token).get(path)).json;
  }
  // A moderator answers one open question; the call is repeated with its key until it is acknowledged.
  async answerOne(n) {
    let open;
    try {
      open = (await this.asked()).questions.filter((q) => !this.taken.has(q.id));
    } catch {
      return sleep(20);
    }
    if (!open.length) return sleep(20);
    const q = open[Math.floor(Math.random() * open.length)];
    this.taken.add(q.id);
    const body = JSON.stringify({ text: `Réponse numéro ${n}.`, urgent: true });
    while (!this.stopping) {
      const { status, text } = await post(this.port, `/api/v1/questions/${q.id}/answers`, body, { authorization: `Bearer ${this.token}`, 'idempotency-key': `answer-${n}` });
      if (status === 201) return this.promised.add(n);
      assert.ok(status === 0 || status >= 500, `an unexpected answer: ${status} ${text}`);
      await sleep(5);
    }
  }
  // What the community holds, by the number in the text.
  async ledger() {
    const api = this.server.api(this.token);
    const seen = new Map();
    let cursor = '';
    do {
      const page = (await api.get(`/api/v1/communities/${this.community}/messages?limit=200${cursor && `&cursor=${cursor}`}`)).json;
      for (const m of page.messages) {
        const n = /service numéro (\d+) \?/.exec(m.text)?.[1];
        if (n) seen.set(Number(n), (seen.get(Number(n)) ?? 0) + 1);
      }
      cursor = page.next;
    } while (cursor);
    return seen;
  }
  // Questions by the number in their text, over all states.
  async questions() {
    const seen = new Map();
    for (const state of ['', 'answered', 'verified', 'closed', 'referred'])
      for (let cursor = ''; ; ) {
        const page = (await this.server.api(this.token).get(`/api/v1/questions?limit=200${state && `&state=${state}`}${cursor && `&cursor=${cursor}`}`)).json;
        for (const q of page.questions) {
          const n = Number(/service numéro (\d+) \?/.exec(q.text)[1]);
          seen.set(n, (seen.get(n) ?? 0) + 1);
        }
        if (!page.next) break;
        cursor = page.next;
      }
    return seen;
  }
  async close() {
    this.stopping = true;
    try {
      await this.place.close();
    } finally {
      await this.tg.stop();
    }
  }
}

describe(`kill -9, ${KILLS} times`, () => {
  let w;
  before(async () => {
    w = await World.make();
    w.taken = new Set();
  });
  after(() => w?.close());

  test('nothing acknowledged is lost or doubled; no answer is silently lost or sent twice', async () => {
    let n = 0, a = 0, on = true;
    const work = [
      ...Array.from({ length: SENDERS }, async () => { while (on) { await w.deliver(++n); await sleep(4); } }),
      ...Array.from({ length: ANSWERERS }, async () => { while (on) { await w.answerOne(++a); await sleep(60); } }),
    ];
    for (let k = 0; k < KILLS; k++) {
      await sleep(10 + Math.random() * 140);
      await w.killed();
    }
    on = false;
    await Promise.all(work);
    assert.ok(w.told.size > KILLS, `only ${w.told.size} updates were acknowledged`);
    assert.ok(w.promised.size >= KILLS / 25, `only ${w.promised.size} answers were acknowledged`);

    const seen = await w.ledger();
    const lost = [...w.told].filter((x) => !seen.has(x));
    const doubled = [...seen].filter(([, copies]) => copies > 1).map(([x]) => x);
    assert.deepEqual(lost, [], 'acknowledged and gone');
    assert.deepEqual(doubled, [], 'there twice');
    const questions = await w.questions();
    assert.deepEqual([...w.told].filter((x) => questions.get(x) !== 1), [], 'acknowledged, but not one question');

    // Each answer arrived once, or waits visibly for a person's decision.
    const moderator = await w.server.signedIn('amira', w.password);
    const look = async () => {
      const copies = new Map();
      for (const m of await w.tg.messages(w.chat)) {
        const x = /Réponse numéro (\d+)\./.exec(m.text ?? '')?.[1];
        if (x) copies.set(Number(x), (copies.get(Number(x)) ?? 0) + 1);
      }
      const sends = await moderator.get('/sends');
      const doubtful = [...sends.html.matchAll(/action="\/sends\/[0-9a-z]{13}\/resolve"/g)].length;
      const missing = [...w.promised].filter((x) => !copies.has(x));
      return { copies, doubtful, missing };
    };
    await until('every answer sent or in doubt', async () => {
      const { missing, doubtful } = await look();
      return missing.length <= doubtful;
    }, 120000, 1000);
    const { copies, missing, doubtful } = await look();
    assert.deepEqual([...copies].filter(([, c]) => c > 1), [], 'sent twice');
    console.log(`# ${KILLS} kills: ${w.told.size} updates acknowledged, 0 lost, 0 doubled; ${w.promised.size} answers, ${missing.length} not arrived, ${doubtful} sends in doubt`);
    // The doubts are these answers and no others: sent again by a person's decision, each one is there.
    let again = 0;
    for (let page; (page = await moderator.get('/sends')).has(/resolve$/); )
      for (const f of page.forms.filter((x) => /\/resolve$/.test(x.action))) {
        await page.submit(f.action, { decision: 'again' });
        again++;
      }
    const count = (x) => [...x.values()].reduce((sum, c) => sum + c, 0);
    await until('every doubtful answer sent again', async () => count((await look()).copies) >= count(copies) + again, 120000, 500);
    await sleep(500);
    const last = await look();
    assert.deepEqual(last.missing, []);
    assert.equal(count(last.copies), count(copies) + again, 'more was sent than a person decided');
    assert.match(await w.place.ok('audit', 'verify'), /is whole/);
    await w.tg.clean();
  });
});

describe('the ledger can fail', () => {
  let w, proxy, proxyPort;
  before(async () => {
    w = await World.make();
    // A server that says yes at once and passes the update on a little later: what must never be built.
    proxy = http.createServer((rq, rs) => {
      let body = '';
      rq.setEncoding('utf8').on('data', (d) => (body += d));
      rq.on('end', () => {
        rs.writeHead(200).end('{}');
        setTimeout(() => post(w.port, rq.url, body, { 'x-telegram-bot-api-secret-token': SECRET }), 30);
      });
    });
    proxyPort = await freePort();
    await new Promise((r) => proxy.listen(proxyPort, '127.0.0.1', r));
  });
  after(async () => {
    proxy?.close();
    await w?.close();
  });

  test('acknowledging before the commit is caught', async () => {
    let n = 0, on = true;
    const work = Array.from({ length: SENDERS }, async () => { while (on) { await w.deliver(++n, proxyPort); await sleep(4); } });
    for (let k = 0; k < 8; k++) {
      await sleep(150);
      await w.killed();
    }
    on = false;
    await Promise.all(work);
    await sleep(500);
    const seen = await w.ledger();
    assert.ok([...w.told].some((x) => !seen.has(x)), 'the ledger did not notice the loss');
  });
});

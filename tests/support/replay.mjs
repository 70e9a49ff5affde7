// SPDX-License-Identifier: EUPL-1.2
// What every way in must bear (docs: channels, "the same again, in any order"): everything that a provider told us is
// told again ten times, shuffled, several calls at once, and not one row of the database may differ afterwards.
import assert from 'node:assert/strict';
import http from 'node:http';
import path from 'node:path';
import { request } from './browser.mjs';
import { freePort, run, until } from './server.mjs';

// ---- the whole state ----

// Rows that live with the clock and not with what people say: who works now, and how many sends may leave this second.
const OF_THE_CLOCK = new Set(['job_lease', 'channel_poll', 'send_pace']);

const READ_SQLITE = `
import json, sqlite3, sys
db = sqlite3.connect('file:' + sys.argv[1] + '?mode=ro', uri=True)
db.execute('BEGIN')
names = [n for (n,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'")]
print(json.dumps({n: sorted(repr(r) for r in db.execute('SELECT * FROM "%s"' % n)) for n in names}))
`;
async function readPostgres(database) {
  const ask = (sql) => run('psql', [database, '-Atqc', sql]);
  const names = (await ask("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).out.trim().split('\n');
  const one = (n) => `SELECT '${n}' AS name, (SELECT coalesce(json_agg(t::text ORDER BY t::text), '[]') FROM "${n}" t) AS rows`;
  return ask(`SELECT json_object_agg(name, rows) FROM (${names.map(one).join(' UNION ALL ')}) all_tables`); // one statement: all of one moment
}

// Every row of every table: { table: [row as text, …] }.
export async function snapshot(place) {
  const r = place.database ? await readPostgres(place.database) : await run('python3', ['-c', READ_SQLITE, path.join(place.data, 'passerelle.db')]);
  assert.equal(r.code, 0, r.err);
  const all = JSON.parse(r.out);
  assert.ok(all.channel_inbound.length > 0, 'nothing is stored: nothing would be compared');
  return Object.fromEntries(Object.entries(all).filter(([name]) => !OF_THE_CLOCK.has(name)));
}

const differences = (a, b) =>
  [...new Set([...Object.keys(a), ...Object.keys(b)])].filter((t) => JSON.stringify(a[t]) !== JSON.stringify(b[t])).map((t) => {
    const [was, is] = [new Set(a[t]), new Set(b[t])];
    return { table: t, before: a[t].length, after: b[t].length, gone: [...was].filter((x) => !is.has(x)).slice(0, 3), fresh: [...is].filter((x) => !was.has(x)).slice(0, 3) };
  });

// A timer that rings while calls come again would change rows by itself.
const ringsSoon = (row) => Number(/\d{13}(?=,\s?\d+\)$)/.exec(row)?.[0] ?? 0) < Date.now() + 15000; // run_ms, before the last field

// The state once nothing goes on any more: the same twice, with time for work in between, and no timer near.
export async function settled(place, ms = 60000) {
  let last = await snapshot(place);
  let why;
  const same = async () => {
    const next = await snapshot(place);
    why = differences(last, next);
    last = next;
    why.push(...next.timer.filter(ringsSoon));
    return why.length === 0;
  };
  await new Promise((r) => setTimeout(r, 300));
  try {
    await until('the installation to come to rest', same, ms, 400);
  } catch (e) {
    assert.fail(`${e.message}: ${JSON.stringify(why)}`);
  }
  return last;
}

// ---- the same again ----

// Another order, the same each time.
export function shuffled(list, seed = 20260311) {
  const all = [...list];
  let state = seed >>> 0;
  for (let i = all.length - 1; i > 0; i--) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const j = Math.floor((state / 2 ** 32) * (i + 1));
    [all[i], all[j]] = [all[j], all[i]];
  }
  return all;
}

// calls: what came in, in any form; send(call): carries one in again and fails when it is refused.
export async function tenfold(place, calls, send, { seed, lanes = 5 } = {}) {
  assert.ok(calls.length > 0, 'nothing was recorded');
  const before = await settled(place);
  const all = shuffled(Array.from({ length: 10 }, () => calls).flat(), seed);
  const lane = async (n) => {
    for (let i = n; i < all.length; i += lanes) await send(all[i]);
  };
  await Promise.all(Array.from({ length: lanes }, (_, n) => lane(n)));
  assert.deepEqual(differences(before, await settled(place)), [], `${calls.length} calls ten times over changed the state`);
}

// Between a provider and our webhooks: passes everything on and keeps what we took, byte for byte.
export class Recorder {
  // sign(call) → call: for signatures that grow old, the same words signed anew.
  // bend(call) → call or null, changed at any time: what becomes of a call on the way; null: it is lost.
  static async start({ sign = (call) => call } = {}) {
    const r = new Recorder();
    Object.assign(r, { calls: [], sign, bend: (call) => call, to: 0, port: await freePort() });
    r.server = http.createServer((rq, rs) => {
      const parts = [];
      rq.on('data', (d) => parts.push(d));
      rq.on('end', async () => {
        const { host, connection, 'content-length': length, 'transfer-encoding': coding, ...headers } = rq.headers;
        const call = r.bend({ method: rq.method, path: rq.url, headers, body: Buffer.concat(parts) });
        if (!call) return void rs.writeHead(200).end();
        try {
          const answer = await r.carry(call);
          if (answer.status >= 200 && answer.status < 300) r.calls.push(call);
          const { connection: c, 'transfer-encoding': t, 'content-length': l, ...back } = answer.headers;
          rs.writeHead(answer.status, { ...back, 'content-length': answer.body.length });
          rs.end(answer.body);
        } catch {
          rq.socket.destroy(); // the server is away: so is the line to it
        }
      });
    });
    await new Promise((resolve, reject) => r.server.listen(r.port, '127.0.0.1', resolve).on('error', reject));
    return r;
  }
  get url() {
    return `http://127.0.0.1:${this.port}`;
  }
  carry(call) {
    return request(this.to, { method: call.method, path: call.path, headers: call.headers, body: call.method === 'GET' ? undefined : call.body });
  }
  // Everything again: ten times, shuffled, several at once.
  again(place, { pick = () => true, ...more } = {}) {
    const send = async (call) => {
      const answer = await this.carry(this.sign(call));
      assert.ok(answer.status >= 200 && answer.status < 300, `${call.method} ${call.path.split('?')[0]} is refused when it comes again: ${answer.status}`);
    };
    return tenfold(place, this.calls.filter(pick), send, more);
  }
  stop() {
    this.server.closeAllConnections?.();
    return new Promise((resolve) => this.server.close(resolve));
  }
}

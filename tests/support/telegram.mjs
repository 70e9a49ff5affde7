// SPDX-License-Identifier: EUPL-1.2
// The Telegram stand-in (tests/fakes/telegram.mjs) in its own process, and what people do there.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import path from 'node:path';
import { ROOT, until } from './server.mjs';

export const SECRET = 'journey-secret_0123456789abcdef';

export class Telegram {
  static async start({ retryScale = 0.01, pollScale = 0.1 } = {}) {
    const t = new Telegram();
    t.child = spawn(process.execPath, [path.join(ROOT, 'tests/fakes/telegram.mjs'), '--port', '0', '--retry-scale', String(retryScale), '--poll-scale', String(pollScale)], { stdio: ['ignore', 'pipe', 'inherit'] });
    let out = '';
    t.child.stdout.setEncoding('utf8').on('data', (d) => (out += d));
    await until('the stand-in', () => out.includes('\n'));
    Object.assign(t, JSON.parse(out.slice(0, out.indexOf('\n'))));
    t.base = `http://127.0.0.1:${t.port}`;
    return t;
  }
  stop() {
    return new Promise((resolve) => {
      this.child.on('close', resolve);
      this.child.kill();
    });
  }
  async act(name, body = {}) {
    const r = await fetch(`${this.base}/_control/${name}`, { method: 'POST', body: JSON.stringify(body) });
    const answer = await r.json();
    assert.equal(r.status, 200, `${name}: ${JSON.stringify(answer)}`);
    return answer;
  }
  async look(what) {
    const r = await fetch(`${this.base}/_control/${what}`);
    return r.json();
  }
  messages(chat) {
    return this.look(`messages?chat=${chat}`);
  }
  async requests(method) {
    return (await this.look(`requests?method=${method}`)).log;
  }
  idle(ms = 15000) {
    return this.look(`idle?ms=${ms}`);
  }
  // The first message in that chat that fits.
  heard(chat, fits, ms = 15000) {
    const test = typeof fits === 'function' ? fits : (m) => (fits instanceof RegExp ? fits.test(m.text ?? '') : (m.text ?? '').includes(fits));
    return until(`${fits} in chat ${chat}`, async () => (await this.messages(chat)).find(test), ms, 40);
  }
  async clean() {
    const v = await this.look('violations');
    assert.deepEqual(v, { requests: [], updates: [], late_join_queries: [] });
  }
}

// SPDX-License-Identifier: EUPL-1.2
// A stand-in of tests/fakes/ as a process of its own, and its control side.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import path from 'node:path';
import { ROOT, until } from './server.mjs';

export class Standin {
  // What the program prints when it listens, at least its port, becomes fields. options: of its command line
  static async start(name, options = { 'retry-scale': 0.01 }) {
    const s = new this();
    const args = Object.entries({ port: 0, ...options }).flatMap(([key, value]) => [`--${key}`, String(value)]);
    s.child = spawn(process.execPath, [path.join(ROOT, `tests/fakes/${name}.mjs`), ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
    let out = '';
    s.child.stdout.setEncoding('utf8').on('data', (d) => (out += d));
    await until('the stand-in', () => out.includes('\n'), 30000);
    Object.assign(s, JSON.parse(out.slice(0, out.indexOf('\n'))));
    s.base = `http://127.0.0.1:${s.port}`;
    return s;
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
    return (await fetch(`${this.base}/_control/${what}`)).json();
  }
  async requests(method) {
    return (await this.look(`requests?method=${method}`)).log;
  }
  idle(ms = 15000) {
    return this.look(`idle?ms=${ms}`);
  }
  messages(user) {
    return this.look(`messages?user=${encodeURIComponent(user)}`);
  }
  // The first of our messages to that person (or in that chat) that fits.
  heard(user, fits, ms = 15000) {
    const test = typeof fits === 'function' ? fits : (m) => (fits instanceof RegExp ? fits.test(m.text ?? '') : (m.text ?? '').includes(fits));
    return until(`${fits} to ${user}`, async () => (await this.messages(user)).find(test), ms, 40);
  }
  async clean() {
    assert.deepEqual(await this.look('violations'), []);
  }
}

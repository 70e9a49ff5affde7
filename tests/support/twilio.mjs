// SPDX-License-Identifier: EUPL-1.2
// The SMS service stand-in (tests/fakes/twilio.mjs) in its own process, and the telephones behind it.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import path from 'node:path';
import { plain } from './kannel.mjs';
import { ROOT, until } from './server.mjs';

export const NUMBER = '+16135550100';

export class Twilio {
  static async start() {
    const t = new Twilio();
    t.child = spawn(process.execPath, [path.join(ROOT, 'tests/fakes/twilio.mjs'), '--port', '0'], { stdio: ['ignore', 'pipe', 'inherit'] });
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
    return (await fetch(`${this.base}/_control/${what}`)).json();
  }
  say(from, text, more = {}) {
    return this.act('say', { url: this.hook, from, to: NUMBER, text, ...more });
  }
  to(number) {
    return this.look(`messages?to=${encodeURIComponent(number)}`);
  }
  heard(number, text, ms = 15000) {
    return until(`${text} at ${number}`, async () => (await this.to(number)).find((m) => plain(m.body).includes(plain(text))), ms, 40);
  }
  get settings() {
    return ['--account', this.account, '--token', this.token, '--sender', NUMBER, '--api-base', this.base];
  }
}

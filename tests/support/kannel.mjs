// SPDX-License-Identifier: EUPL-1.2
// A real Kannel (bearerbox and smsbox) on free ports in a folder of its own, and the telephones behind it: our side of
// Kannel's "fake" SMSC, a line protocol. What arrives there is what an operator would get: parts, alphabets, letters.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { freePort, until } from './server.mjs';

export const NUMBER = '55123';
export const NOWHERE = '+1999'; // numbers that begin so are taken by no operator behind Kannel
const USER = { username: 'passerelle', password: 'kannel-journey' };

const bytesOf = (escaped) => {
  const out = [];
  for (let i = 0; i < escaped.length; i++) {
    if (escaped[i] === '%') {
      out.push(parseInt(escaped.slice(i + 1, i + 3), 16));
      i += 2;
    } else out.push(escaped[i] === '+' ? 32 : escaped.charCodeAt(i));
  }
  return Buffer.from(out);
};
const utf16be = (bytes) => Buffer.from(bytes).swap16().toString('utf16le');

// "from to [udh X] (text|data|ucs-2) payload" → { from, to, udh, kind, payload }
function parse(line) {
  const [from, to, ...rest] = line.split(' ');
  let udh = null;
  if (rest[0] === 'udh') {
    udh = bytesOf(rest[1]);
    rest.splice(0, 2);
  }
  const kind = rest.shift();
  return { from, to, udh, kind, payload: rest.join(' ') };
}

// In "data" Kannel does not say the alphabet: half of the bytes of a long-alphabet text are small page numbers.
const isLong = (bytes) => bytes.length % 2 === 0 && bytes.filter((b, i) => i % 2 === 0 && (b < 7 || b === 0x20 || (b >= 0xd8 && b < 0xe0))).length === bytes.length / 2;

// Typographic marks may have become plain ones on the way.
export const plain = (text) => text.replace(/[’‘]/g, "'").replace(/[“”«»]/g, '"').replace(/[\u00a0\u202f]/g, ' ').replace(/[\u2066-\u2069]/g, '');

export class Kannel {
  static async start({ callback, secret, name = 'sms' }) {
    const k = new Kannel();
    k.dir = fs.mkdtempSync(path.join(os.tmpdir(), 'pwk-'));
    k.secret = secret;
    k.got = [];
    k.texts = [];
    k.pieces = new Map();
    const [admin, box, smsc] = [await freePort(), await freePort(), await freePort()];
    k.port = await freePort();
    k.smscPort = smsc;
    k.sendsms = `http://127.0.0.1:${k.port}/cgi-bin/sendsms`;
    const url = `${callback}/hooks/sms-kannel/${name}?secret=${secret}&id=%I&from=%p&to=%P&text=%b&charset=%C&coding=%c`;
    const groups = [
      ['core', { 'admin-port': admin, 'admin-password': 'a', 'admin-interface': '127.0.0.1', 'smsbox-port': box, 'smsbox-interface': '127.0.0.1', 'log-file': path.join(k.dir, 'bearerbox.log'), 'log-level': 0, 'box-deny-ip': '*.*.*.*', 'box-allow-ip': '127.0.0.1' }],
      ['smsc', { smsc: 'fake', 'smsc-id': 'test', port: smsc, 'connect-allow-ip': '127.0.0.1', 'denied-prefix': NOWHERE }],
      ['smsbox', { 'bearerbox-host': '127.0.0.1', 'sendsms-port': k.port, 'sendsms-interface': '127.0.0.1', 'log-file': path.join(k.dir, 'smsbox.log'), 'log-level': 0, 'http-request-retry': 5, 'http-queue-delay': 1 }],
      ['sms-service', { keyword: 'default', 'catch-all': 'true', 'get-url': `"${url}"`, 'omit-empty': 'true', 'max-messages': 0 }],
      ['sendsms-user', { ...USER, 'max-messages': 10, concatenation: 'true' }],
    ];
    const conf = path.join(k.dir, 'kannel.conf');
    fs.writeFileSync(conf, groups.map(([group, settings]) => [`group = ${group}`, ...Object.entries(settings).map(([a, b]) => `${a} = ${b}`)].join('\n')).join('\n\n') + '\n');
    k.children = [];
    await k.launch('bearerbox', conf);
    await k.connect();
    k.conf = conf;
    await k.startBox();
    return k;
  }
  // smsbox takes what is to be sent: without it nobody listens there.
  async startBox() {
    this.box = await this.launch('smsbox', this.conf);
    await until('smsbox', () => this.open(this.port));
  }
  async stopBox() {
    this.box.kill('SIGTERM');
    await this.box.ended;
    await until('the end of smsbox', async () => !(await this.open(this.port)));
  }
  async launch(program, conf) {
    const child = spawn(`/usr/sbin/${program}`, [conf], { stdio: 'ignore', cwd: this.dir });
    child.on('error', (e) => (child.failure = e));
    child.ended = new Promise((resolve) => child.on('close', resolve));
    this.children.push(child);
    await until(program, () => {
      assert.ok(!child.failure && child.exitCode === null, `${program} does not run`);
      return fs.existsSync(path.join(this.dir, `${program}.log`));
    });
    return child;
  }
  open(port) {
    return new Promise((resolve) => {
      const s = net.connect(port, '127.0.0.1', () => (s.destroy(), resolve(true)));
      s.on('error', () => resolve(false));
    });
  }
  async connect() {
    await until('the SMSC port', () => this.open(this.smscPort));
    this.socket = net.connect(this.smscPort, '127.0.0.1');
    this.socket.on('error', () => {});
    let rest = Buffer.alloc(0);
    this.socket.on('data', (d) => {
      rest = Buffer.concat([rest, d]);
      for (let at; (at = rest.indexOf(10)) >= 0; rest = rest.subarray(at + 1)) this.arrived(rest.subarray(0, at));
    });
    await new Promise((resolve) => this.socket.once('connect', resolve));
  }
  // Parts of one text are put together as a telephone does.
  arrived(line) {
    const latin = line.toString('latin1');
    if (!/^\S+ \+?\d+ (udh|text|data|ucs-2) /.test(latin)) { // the protocol does not escape the line ends of a text
      const last = this.texts.at(-1);
      if (last) last.text += `\n${line.toString('utf8')}`;
      return;
    }
    const m = parse(latin);
    const bytes = m.kind === 'text' ? Buffer.from(m.payload, 'latin1') : bytesOf(m.payload);
    this.got.push(m);
    const read = (all) => (m.kind === 'ucs-2' || (m.kind === 'data' && isLong(all)) ? { alphabet: 'ucs2', text: utf16be(all) } : { alphabet: 'gsm7', text: all.toString('utf8') });
    if (!m.udh) return void this.texts.push({ from: m.from, to: m.to, parts: 1, ...read(bytes) });
    const [reference, total, at] = [m.udh[3], m.udh[4], m.udh[5]];
    const key = `${m.to} ${reference} ${total}`;
    const pieces = this.pieces.get(key) ?? [];
    pieces[at - 1] = bytes;
    this.pieces.set(key, pieces);
    if (pieces.filter(Boolean).length < total) return;
    this.pieces.delete(key);
    this.texts.push({ from: m.from, to: m.to, parts: total, ...read(Buffer.concat(pieces)) });
  }
  // Somebody writes to the number.
  say(from, text) {
    const long = [...text].some((c) => c.codePointAt(0) > 0x7e);
    const payload = long ? [...Buffer.from(text, 'utf16le').swap16()].map((b) => `%${b.toString(16).padStart(2, '0')}`).join('') : text;
    this.socket.write(`${from} ${NUMBER} ${long ? 'ucs2' : 'text'} ${payload}\n`);
  }
  to(number) {
    return this.texts.filter((t) => t.to === number);
  }
  heard(number, fits, ms = 15000) {
    const test = typeof fits === 'function' ? fits : (t) => (fits instanceof RegExp ? fits.test(t.text) : plain(t.text).includes(plain(fits)));
    return until(`${fits} at ${number}; there is ${JSON.stringify(this.to(number).map((t) => t.text))}`, () => this.to(number).find(test), ms, 30);
  }
  get settings() {
    return ['--secret', this.secret, '--username', USER.username, '--password', USER.password, '--sender', NUMBER, '--sendsms', this.sendsms];
  }
  async stop() {
    this.socket?.destroy();
    for (const child of this.children.reverse()) {
      if (child.exitCode === null) child.kill('SIGTERM');
      const slow = setTimeout(() => child.kill('SIGKILL'), 3000);
      await child.ended;
      clearTimeout(slow);
    }
    if (!process.env.PW_KEEP) fs.rmSync(this.dir, { recursive: true, force: true });
  }
}

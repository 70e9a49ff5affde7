// SPDX-License-Identifier: EUPL-1.2
// A real Prosody in a temporary folder on free ports, and people with a real client (@xmpp/client).
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { webcrypto } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { client, xml } from '@xmpp/client';
import { freePort, until } from './server.mjs';

globalThis.crypto ??= webcrypto; // @xmpp/client wants it; Debian's Node has it under another name

export const SECRET = 'component-secret-0123456789';
export const BOT = 'accueil@passerelle.localhost';

export class Prosody {
  // archive: rooms keep an archive and give stable ids (mod_muc_mam), and moderators may retract (mod_muc_moderation, of
  // Debian's prosody-modules)
  static async start({ archive = false, people = [] } = {}) {
    const p = new Prosody();
    p.dir = fs.mkdtempSync(path.join(os.tmpdir(), 'pwx-'));
    p.port = await freePort();
    p.component = await freePort();
    p.people = [];
    const accounts = path.join(p.dir, 'data/localhost/accounts');
    fs.mkdirSync(accounts, { recursive: true });
    for (const name of people) fs.writeFileSync(path.join(accounts, `${name}.dat`), 'return { ["password"] = "journey"; };\n');
    p.config = path.join(p.dir, 'prosody.cfg.lua');
    fs.writeFileSync(
      p.config,
      `run_as_root = true
pidfile = "${p.dir}/prosody.pid"
data_path = "${p.dir}/data"
log = { info = "${p.dir}/prosody.log" }
modules_enabled = { "roster", "saslauth", "disco", "ping", "offline" }
modules_disabled = { "s2s", "tls", "http" }
authentication = "internal_plain"
storage = "internal"
c2s_require_encryption = false
c2s_ports = { ${p.port} }
c2s_interfaces = { "127.0.0.1" }
component_ports = { ${p.component} }
component_interfaces = { "127.0.0.1" }
VirtualHost "localhost"
Component "rooms.localhost" "muc"
${archive ? '  modules_enabled = { "muc_mam", "muc_moderation" }\n  muc_log_by_default = true' : ''}
Component "passerelle.localhost"
  component_secret = "${SECRET}"
Component "second.localhost"
  component_secret = "another secret"
`,
    );
    await p.run();
    return p;
  }
  async run() {
    this.child = spawn('prosody', ['-F', '--config', this.config], { stdio: 'ignore' });
    this.gone = new Promise((resolve) => this.child.on('close', resolve));
    await until('prosody', () => fs.existsSync(path.join(this.dir, 'prosody.log')) && this.listens(), 20000, 50);
  }
  async listens() {
    const net = await import('node:net');
    return new Promise((resolve) => {
      const s = net.connect(this.port, '127.0.0.1', () => {
        s.destroy();
        resolve(true);
      }).on('error', () => resolve(false));
    });
  }
  async kill() {
    this.child.kill('SIGKILL');
    await this.gone;
  }
  async stop() {
    for (const p of this.people) await p.stop();
    this.child.kill('SIGTERM');
    const slow = setTimeout(() => this.child.kill('SIGKILL'), 5000);
    await this.gone;
    clearTimeout(slow);
    if (!process.env.PW_KEEP) fs.rmSync(this.dir, { recursive: true, force: true });
  }
  async person(name) {
    const p = new Person(this, name);
    this.people.push(p);
    await p.connect();
    return p;
  }
}

let n = 0;
export class Person {
  constructor(prosody, name) {
    Object.assign(this, { prosody, name, jid: `${name}@localhost`, heard: [], presences: [], waiting: new Map(), ids: 0 });
  }
  async connect() {
    const { xmpp } = Object.assign(this, {
      xmpp: client({ service: `xmpp://127.0.0.1:${this.prosody.port}`, domain: 'localhost', username: this.name, password: 'journey', resource: `app${++n}` }),
    });
    xmpp.reconnect.stop();
    xmpp.on('error', () => {});
    xmpp.on('stanza', (s) => this.take(s));
    this.online = true;
    xmpp.on('offline', () => (this.online = false));
    xmpp.on('disconnect', () => (this.online = false));
    await xmpp.start();
    await xmpp.send(xml('presence'));
  }
  async stop() {
    await this.xmpp.stop().catch(() => {});
  }
  take(s) {
    if (s.is('iq') && this.waiting.has(s.attrs.id)) {
      this.waiting.get(s.attrs.id)(s);
      this.waiting.delete(s.attrs.id);
    }
    if (s.is('presence')) this.presences.push(s);
    if (s.is('message')) {
      this.heard.push(s);
      if (s.getChild('request', 'urn:xmpp:receipts') && s.getChildText('body') && !this.silent)
        void this.xmpp.send(xml('message', { to: s.attrs.from }, xml('received', { xmlns: 'urn:xmpp:receipts', id: s.attrs.id })));
    }
  }
  id() {
    return `${this.name}-${++this.ids}-${process.pid}-${Date.now()}`;
  }
  iq(to, type, child) {
    const id = this.id();
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`no answer of ${to}`)), 10000);
      this.waiting.set(id, (s) => {
        clearTimeout(late);
        resolve(s);
      });
      void this.xmpp.send(xml('iq', { to, type, id }, child));
    });
  }
  // → null when inside, else the condition of the refusal
  async enter(room, nick = this.name, history = '0') {
    const from = this.presences.length;
    await this.xmpp.send(xml('presence', { to: `${room}/${nick}` }, xml('x', { xmlns: 'http://jabber.org/protocol/muc' }, xml('history', { maxstanzas: history }))));
    const s = await until(`${this.name} at the door of ${room}`, () =>
      this.presences.slice(from).find((p) => p.attrs.from?.startsWith(`${room}/`) && (p.attrs.type === 'error' || p.getChild('x', 'http://jabber.org/protocol/muc#user')?.getChildren('status').some((c) => c.attrs.code === '110'))),
    );
    return s.attrs.type === 'error' ? s.getChild('error').getChildElements()[0].name : null;
  }
  async leave(room, nick = this.name) {
    await this.xmpp.send(xml('presence', { to: `${room}/${nick}`, type: 'unavailable' }));
  }
  async say(room, text, ...more) {
    const id = this.id();
    await this.xmpp.send(xml('message', { to: room, type: 'groupchat', id }, xml('body', {}, text), ...more));
    return id;
  }
  async tell(to, text, ...more) {
    const id = this.id();
    await this.xmpp.send(xml('message', { to, type: 'chat', id }, xml('body', {}, text), ...more));
    return id;
  }
  said(from, text) {
    return this.heard.filter((m) => m.attrs.from?.startsWith(from) && (m.getChildText('body') ?? '').includes(text));
  }
  hears(from, text, ms = 15000) {
    return until(`${this.name} to hear "${text}" from ${from}`, () => this.said(from, text)[0], ms, 30);
  }
  affiliation(room, jid, affiliation) {
    return this.iq(room, 'set', xml('query', { xmlns: 'http://jabber.org/protocol/muc#admin' }, xml('item', { jid, affiliation })));
  }
  async list(room, affiliation) {
    const r = await this.iq(room, 'get', xml('query', { xmlns: 'http://jabber.org/protocol/muc#admin' }, xml('item', { affiliation })));
    assert.equal(r.attrs.type, 'result', r.toString());
    return r.getChild('query').getChildren('item').map((i) => i.attrs.jid);
  }
  configure(room, fields) {
    const form = Object.entries({ FORM_TYPE: 'http://jabber.org/protocol/muc#roomconfig', ...fields }).map(([k, v]) => xml('field', { var: k }, xml('value', {}, v)));
    return this.iq(room, 'set', xml('query', { xmlns: 'http://jabber.org/protocol/muc#owner' }, xml('x', { xmlns: 'jabber:x:data', type: 'submit' }, ...form)));
  }
}
export { xml };

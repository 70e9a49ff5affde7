// SPDX-License-Identifier: EUPL-1.2
// Carries a bot's updates to its webhook or keeps them for getUpdates. Order is kept per chat (or user), chats go in
// parallel; anything but 2xx is tried again with growing pauses, as Telegram does (channels.md §7.1).
import http from 'node:http';
import https from 'node:https';

const DEFAULT_OFF = new Set(['chat_member', 'message_reaction', 'message_reaction_count']);
const agents = {
  'http:': new http.Agent({ keepAlive: true, maxSockets: 100 }),
  'https:': new https.Agent({ keepAlive: true, maxSockets: 100 }),
};

export class Delivery {
  constructor(world, bot) {
    this.world = world;
    this.bot = bot;
    this.nextId = 700000001;
    this.allowed = null; // null: default kinds
    this.hook = null; // { url, secret, max, ip }
    this.copies = 1;
    this.hold = 0; // so many updates are collected and then let go in another order
    this.held = [];
    this.pending = new Set(); // entries in order of arrival
    this.lanes = new Map(); // key → entries
    this.busy = new Set();
    this.waiters = [];
    this.log = [];
    this.lastError = null;
    this.gone_ms = 0;
  }

  allows(kind) {
    return this.allowed ? this.allowed.includes(kind) : !DEFAULT_OFF.has(kind);
  }

  push(kind, body, key) {
    if (!this.allows(kind)) return null;
    const update = { update_id: this.nextId++, [kind]: body };
    this.pushRaw(update, key);
    return update;
  }

  pushRaw(update, key) {
    const entry = { update, key: String(key), attempts: 0, at_ms: this.world.now() };
    if (this.hold > 0) {
      this.held.push(entry);
      if (this.held.length >= this.hold) this.release();
    } else this.enqueue(entry);
  }

  release() {
    const held = this.held;
    this.held = [];
    this.hold = 0;
    for (let i = held.length - 1; i > 0; i--) {
      const j = Math.floor(this.world.random() * (i + 1));
      [held[i], held[j]] = [held[j], held[i]];
    }
    for (const e of held) this.enqueue({ ...e, key: `${e.key}/${e.update.update_id}` });
  }

  enqueue(entry) {
    for (let i = 0; i < this.copies; i++) {
      const e = i === 0 ? entry : { ...entry };
      this.pending.add(e);
      const lane = this.lanes.get(e.key);
      if (lane) lane.push(e);
      else this.lanes.set(e.key, [e]);
      this.pump(e.key);
    }
    for (const wake of this.waiters.splice(0)) wake();
  }

  remove(entry) {
    this.pending.delete(entry);
    const lane = this.lanes.get(entry.key);
    const i = lane ? lane.indexOf(entry) : -1;
    if (i >= 0) lane.splice(i, 1);
    if (lane && lane.length === 0) this.lanes.delete(entry.key);
  }

  pumpAll() {
    for (const key of [...this.lanes.keys()]) this.pump(key);
  }

  pump(key) {
    if (!this.hook || this.busy.has(key) || this.busy.size >= this.hook.max) return;
    const entry = this.lanes.get(key)?.[0];
    if (!entry) return;
    this.busy.add(key);
    const done = () => {
      this.busy.delete(key);
      this.pump(key);
      if (this.hook && this.busy.size < this.hook.max)
        for (const other of this.lanes.keys())
          if (!this.busy.has(other)) {
            this.pump(other);
            break;
          }
    };
    this.post(entry).then(done, done);
  }

  async post(entry) {
    const hook = this.hook;
    entry.attempts++;
    const answer = await this.send(hook, JSON.stringify(entry.update));
    if (this.log.length < 100000)
      this.log.push({ update_id: entry.update.update_id, attempt: entry.attempts, status: answer.status });
    if (answer.status >= 200 && answer.status < 300) {
      this.remove(entry);
      this.gone_ms = 0;
      if (answer.body.startsWith('{')) {
        try {
          const { method, ...parameters } = JSON.parse(answer.body);
          if (method) this.world.callFromWebhook(this.bot, method, parameters);
        } catch {
          // a body that is no method call is allowed and ignored
        }
      }
      return;
    }
    this.lastError = { at_ms: this.world.now(), message: `Wrong response from the webhook: ${answer.status}` };
    if (answer.status === 410) {
      this.gone_ms ||= this.world.now();
      if (this.world.now() - this.gone_ms > 23 * 3600e3) this.hook = null;
    }
    if (this.world.now() - entry.at_ms > 24 * 3600e3) {
      this.remove(entry);
      return;
    }
    const asked = Math.min(Number(answer.retryAfter) || 0, 3600);
    const own = entry.attempts === 1 ? 0 : Math.min(2 ** (entry.attempts - 1), 60 + 60 * this.world.random());
    const pause = (asked || own) * 1000 * this.world.options.retryScale;
    await new Promise((r) => setTimeout(r, pause).unref?.());
  }

  send(hook, text) {
    return new Promise((resolve) => {
      const url = new URL(hook.url);
      const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) };
      if (hook.secret) headers['x-telegram-bot-api-secret-token'] = hook.secret;
      const rq = (url.protocol === 'https:' ? https : http).request(
        url,
        { method: 'POST', agent: agents[url.protocol], headers, timeout: 60000, rejectUnauthorized: false },
        (rs) => {
          let body = '';
          rs.setEncoding('utf8');
          rs.on('data', (d) => (body += d));
          rs.on('end', () => resolve({ status: rs.statusCode, body, retryAfter: rs.headers['retry-after'] }));
          rs.on('error', () => resolve({ status: 0, body: '' }));
        },
      );
      rq.on('timeout', () => rq.destroy());
      rq.on('error', () => resolve({ status: 0, body: '' }));
      rq.end(text);
    });
  }

  // getUpdates
  async poll(offset, limit, timeout) {
    if (offset < 0) {
      const all = [...this.pending];
      for (const e of all.slice(0, Math.max(0, all.length + offset))) this.remove(e);
    } else if (offset > 0) for (const e of [...this.pending]) if (e.update.update_id < offset) this.remove(e);
    if (this.pending.size === 0 && timeout > 0) {
      for (const wake of this.waiters.splice(0)) wake('conflict');
      let timer;
      const why = await new Promise((resolve) => {
        this.waiters.push(resolve);
        timer = setTimeout(resolve, timeout * 1000 * this.world.options.pollScale);
      });
      clearTimeout(timer);
      if (why === 'conflict') return null;
    }
    const sorted = [...this.pending].sort((a, b) => a.update.update_id - b.update.update_id);
    return sorted.slice(0, limit).map((e) => e.update);
  }

  get idle() {
    return this.pending.size === 0 && this.busy.size === 0 && this.held.length === 0;
  }
}

#!/usr/bin/env node
// SPDX-License-Identifier: EUPL-1.2
// A stateful stand-in for a Twilio-style SMS service; see README.md. Standard library only.
//   node twilio.mjs --port 0 [--account AC…] [--token …]
// prints one JSON line {"port":…,"account":…,"token":…} and serves /2010-04-01/Accounts/… and /_control/….
// Requests are checked against Twilio's own description; calls to us carry a signature made here, independently.
import crypto from 'node:crypto';
import { readFileSync } from 'node:fs';
import http from 'node:http';
import { fileURLToPath } from 'node:url';
import { readAll, takeFault } from './faults.mjs';

const api = JSON.parse(readFileSync(new URL('../data/channels/twilio/messages.json', import.meta.url), 'utf8'));
const MESSAGES = '/2010-04-01/Accounts/{AccountSid}/Messages.json';
const BODY_MAX = 1600; // only said in words there
export const ACCOUNT = 'AC0123456789abcdef0123456789abcdef';
export const TOKEN = 'f0e1d2c3b4a5968778695a4b3c2d1e0f';

// ---- the contract ----

const resolve = (schema) => (schema.$ref ? api.components.schemas[schema.$ref.split('/').pop()] : schema);

function against(schema, value, name) {
  const s = resolve(schema);
  if (s.enum && !s.enum.includes(value)) return [`${name}: not one of ${s.enum}`];
  if (s.type === 'integer' && !/^-?\d+$/.test(value)) return [`${name}: no integer`];
  if (s.type === 'number' && !/^-?\d+(\.\d+)?$/.test(value)) return [`${name}: no number`];
  if (s.type === 'boolean' && !/^(true|false)$/.test(value)) return [`${name}: no boolean`];
  if (s.minLength && value.length < s.minLength) return [`${name}: too short`];
  if (s.maxLength && value.length > s.maxLength) return [`${name}: too long`];
  if (s.pattern && !new RegExp(s.pattern).test(value)) return [`${name}: does not fit ${s.pattern}`];
  if (s.format === 'phone-number' && !/^\+?[0-9]{2,15}$/.test(value)) return [`${name}: no telephone number`];
  if (s.format === 'uri' && !URL.canParse(value)) return [`${name}: no address`];
  return [];
}

export function checkCreate(type, pairs) {
  const content = api.paths[MESSAGES].post.requestBody.content;
  const schema = content[type]?.schema;
  if (!schema) return [`content type ${type}`];
  const seen = new Map();
  const problems = [];
  for (const [name, value] of pairs) {
    const field = schema.properties[name];
    if (!field) problems.push(`${name}: unknown`);
    else if (seen.has(name) && resolve(field).type !== 'array') problems.push(`${name}: twice`);
    else problems.push(...against(resolve(field).type === 'array' ? resolve(field).items : field, value, name));
    seen.set(name, value);
  }
  for (const name of schema.required ?? []) if (!seen.has(name)) problems.push(`${name}: missing`);
  if (!seen.has('From') && !seen.has('MessagingServiceSid')) problems.push('From or MessagingServiceSid: missing');
  if (!seen.get('Body') && !seen.has('MediaUrl')) problems.push('Body: missing');
  if ((seen.get('Body') ?? '').length > BODY_MAX) problems.push('Body: too long');
  return problems;
}

// ---- calls to us ----

export function signature(token, url, pairs) {
  const sorted = [...pairs].sort(([a, x], [b, y]) => (a < b ? -1 : a > b ? 1 : x < y ? -1 : x > y ? 1 : 0));
  const text = sorted.filter((p, i) => !i || p[0] !== sorted[i - 1][0] || p[1] !== sorted[i - 1][1]).reduce((s, [k, v]) => s + k + v, url);
  return crypto.createHmac('sha1', token).update(Buffer.from(text, 'utf-8')).digest('base64');
}

// "#rc=4&rp=ct,rt,5xx" behind an address says how often and when a call is repeated; the service keeps it for itself.
function overrides(url) {
  const at = url.indexOf('#');
  const given = new URLSearchParams(at < 0 ? '' : url.slice(at + 1));
  return { url: at < 0 ? url : url.slice(0, at), tries: 1 + Number(given.get('rc') ?? 1), when: (given.get('rp') ?? 'ct').split(',') };
}

class World {
  constructor({ account, token }) {
    Object.assign(this, { account, token });
    this.reset();
  }
  reset() {
    Object.assign(this, { messages: [], requests: [], violations: [], faults: [], stopped: new Set(), calls: [], hold: false, next: 1, under: 0 });
    return {};
  }
  sid(kind = 'SM') {
    return `${kind}${(this.next++).toString(16).padStart(32, '0')}`;
  }
  async call(to, pairs, { sign = true, secret = this.token } = {}) {
    const { url, tries, when } = overrides(to);
    this.under++;
    try {
      let answer = { status: 0, body: '', type: '' };
      for (let i = 0; i < tries; i++) {
        try {
          const headers = { 'content-type': 'application/x-www-form-urlencoded', 'i-twilio-idempotency-token': this.sid('ID') };
          if (sign) headers['x-twilio-signature'] = signature(secret, url, pairs);
          const r = await fetch(url, { method: 'POST', headers, body: new URLSearchParams(pairs).toString() });
          answer = { status: r.status, body: await r.text(), type: r.headers.get('content-type') ?? '' };
        } catch {
          answer = { status: 0, body: '', type: '' };
        }
        const again = answer.status === 0 ? when.includes('ct') : answer.status >= 500 && (when.includes('5xx') || when.includes('all'));
        if (!again) break;
        await new Promise((r) => setTimeout(r, 100));
      }
      this.calls.push({ url, ...answer });
      return answer;
    } finally {
      this.under--;
    }
  }
  statusPairs(m, status, code) {
    return [['MessageSid', m.sid], ['SmsSid', m.sid], ['AccountSid', this.account], ['From', m.from ?? ''], ['To', m.to], ['MessageStatus', status], ['SmsStatus', status], ...(code ? [['ErrorCode', String(code)]] : [])];
  }
  create(pairs) {
    const p = Object.fromEntries(pairs);
    const m = { sid: this.sid(), to: p.To, from: p.From ?? null, service: p.MessagingServiceSid ?? null, body: p.Body, callback: p.StatusCallback ?? null, status: 'queued' };
    this.messages.push(m);
    // The first statuses come before the answer is read, as they do in life.
    if (m.callback && !this.hold) for (const status of ['sent', 'delivered']) this.call(m.callback, this.statusPairs(m, status)).catch(() => {});
    return m;
  }
}

const refuse = (status, code, message) => ({ status, body: { code, message, more_info: `https://www.twilio.com/docs/errors/${code}`, status } });

function create(world, type, body) {
  const pairs = [...new URLSearchParams(body.toString('utf8'))];
  const problems = checkCreate(type, pairs);
  const entry = { method: 'messages', pairs: Object.fromEntries(pairs), status: 0, at_ms: Date.now() };
  world.requests.push(entry);
  if (problems.length) {
    world.violations.push(...problems);
    return { entry, ...refuse(400, 21602, problems[0]) };
  }
  if (world.stopped.has(entry.pairs.To)) return { entry, ...refuse(400, 21610, 'Attempt to send to unsubscribed recipient') };
  return { entry, make: () => world.create(pairs) };
}

const shown = (world, m) => ({ account_sid: world.account, sid: m.sid, to: m.to, from: m.from, body: m.body, status: m.status, num_segments: '1', error_code: null, uri: `/2010-04-01/Accounts/${world.account}/Messages/${m.sid}.json` });

async function apiRequest(world, request, response, url) {
  const send = (status, body, headers = {}) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(JSON.stringify(body));
  };
  const body = await readAll(request);
  const given = Buffer.from((request.headers.authorization ?? '').replace(/^Basic /, ''), 'base64').toString('utf8');
  if (given !== `${world.account}:${world.token}`) return send(401, refuse(401, 20003, 'Authenticate').body);
  const base = `/2010-04-01/Accounts/${world.account}`;
  if (request.method === 'GET' && url.pathname === `${base}.json`) return send(200, { sid: world.account, status: 'active' });
  if (request.method !== 'POST' || url.pathname !== `${base}/Messages.json`) {
    world.violations.push(`${request.method} ${url.pathname}: unknown`);
    return send(404, refuse(404, 20404, 'not found').body);
  }
  const r = create(world, (request.headers['content-type'] ?? '').split(';')[0], body);
  const done = (status, answer, headers) => {
    r.entry.status = status;
    send(status, answer, headers);
  };
  if (!r.make) return done(r.status, r.body);
  const fault = takeFault(world, 'messages');
  switch (fault?.kind) {
    case 'drop':
      return request.socket.destroy();
    case '429':
      return done(429, refuse(429, 20429, 'Too Many Requests').body, { 'retry-after': String(fault.retry_after ?? 1) });
    case '500':
    case '503':
      return done(Number(fault.kind), refuse(Number(fault.kind), 20500, 'Internal Server Error').body);
    case 'error':
      return done(fault.status ?? 400, refuse(fault.status ?? 400, fault.code, 'refused').body);
    case 'accept-then-drop': // taken, and nobody is told
      r.make();
      return request.socket.destroy();
    default:
  }
  return done(201, shown(world, r.make()));
}

// ---- the control side ----

const acts = {
  reset: (w) => w.reset(),
  faults: (w, p) => w.faults.push({ skip: 0, times: 1, method: 'messages', ...p }),
  hold: (w, p) => ({ hold: (w.hold = p.on !== false) }),
  // Somebody writes to the number: { url, from, to, text, sid?, media? }; sign false or a wrong secret on purpose.
  say: async (w, p) => {
    const sid = p.sid ?? w.sid();
    const pairs = [['ToCountry', 'CA'], ['MessageSid', sid], ['SmsMessageSid', sid], ['SmsSid', sid], ['AccountSid', w.account], ['From', p.from], ['To', p.to], ['Body', p.text ?? ''], ['NumMedia', p.media ? '1' : '0'], ['NumSegments', '1'], ['SmsStatus', 'received'], ['ApiVersion', '2010-04-01'], ...(p.media ? [['MediaContentType0', p.media], ['MediaUrl0', 'https://example.org/m']] : [])];
    return { sid, ...(await w.call(p.url, pairs, { sign: p.sign, secret: p.secret })) };
  },
  // What became of a message: { sid, status, code? }
  status: async (w, p) => {
    const m = w.messages.find((x) => x.sid === p.sid);
    return w.call(m.callback, w.statusPairs(m, p.status, p.code), { sign: p.sign, secret: p.secret });
  },
  stop: (w, p) => (w.stopped.add(p.number), {}),
};
const looks = {
  messages: (w, q) => w.messages.filter((m) => !q.get('to') || m.to === q.get('to')),
  requests: (w) => w.requests,
  violations: (w) => w.violations,
  calls: (w) => w.calls,
  idle: async (w) => {
    while (w.under) await new Promise((r) => setTimeout(r, 10));
    return {};
  },
};

export function start({ port = 0, host = '127.0.0.1', account = ACCOUNT, token = TOKEN } = {}) {
  const world = new World({ account, token });
  const server = http.createServer(async (request, response) => {
    const url = new URL(request.url, 'http://localhost');
    try {
      if (!url.pathname.startsWith('/_control/')) return await apiRequest(world, request, response, url);
      const name = url.pathname.slice('/_control/'.length);
      const body = request.method === 'POST' ? await readAll(request) : null;
      const fn = body ? acts[name] : looks[name];
      if (!fn) throw new Error(`no control ${name}`);
      const answer = await fn(world, body ? JSON.parse(body.toString() || '{}') : url.searchParams);
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(answer ?? {}));
    } catch (e) {
      process.stderr.write(`${e.stack}\n`);
      if (!response.headersSent) response.writeHead(500, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ error: String(e.message) }));
    }
  });
  return new Promise((done, failed) => {
    server.on('error', failed);
    server.listen(port, host, () => done({ server, world, port: server.address().port }));
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const value = (name, other) => {
    const i = process.argv.indexOf(`--${name}`);
    return i > 0 ? process.argv[i + 1] : other;
  };
  const [account, token] = [value('account', ACCOUNT), value('token', TOKEN)];
  const { port } = await start({ port: Number(value('port', 0)), account, token });
  process.stdout.write(`${JSON.stringify({ port, account, token })}\n`);
}

// SPDX-License-Identifier: EUPL-1.2
// What stand-ins of providers have in common: the server, the control side, faults on command, the log of requests and
// of what did not fit the contract, and carrying events to a webhook: several times, in another order, again after a
// refusal, with another clock. A provider's file says what it answers and how it signs.
import http from 'node:http';
import { BadBody, readAll, takeFault } from './faults.mjs';
import { parseBody } from './request_body.mjs';

const sleep = (ms) => new Promise((r) => setTimeout(r, ms));

export class Refusal extends Error {
  constructor(status, body, headers = {}) {
    super(`refused ${status}`);
    Object.assign(this, { status, body, headers });
  }
}

// provider: { reset(world), acts: {name: (world, body)}, reads: {name: (world, query)},
//   route(world, request) → { name, run() → {status?, body?, bytes?, type?, headers?} },
//   busy(world, fault) → an answer that says "too many", deliver(world, event) → { body, headers, query? } }
export class Standin {
  constructor(provider, { retryScale = 1, base = '' } = {}) {
    Object.assign(this, { provider, retryScale, base });
    this.reset();
  }
  reset() {
    Object.assign(this, { requests: [], counts: {}, violations: [], faults: [], deliveries: [], next: 1, offset_ms: 0, skew_ms: 0 });
    Object.assign(this, { hook: null, copies: 1, hold: 0, held: [], pending: 0, lane: Promise.resolve() });
    this.provider.reset(this);
  }
  now() {
    return Date.now() + this.offset_ms;
  }
  seconds() {
    return Math.floor(this.now() / 1000);
  }
  violation(name, problems) {
    this.violations.push({ method: name, problems });
  }

  // ---- events to the webhook ----
  emit(event) {
    if (!this.hook) return;
    for (let i = 0; i < this.copies; i++) this.held.push(event);
    if (this.held.length < this.hold) return;
    const batch = this.held;
    this.held = [];
    if (this.hold) {
      for (let i = batch.length - 1; i > 0; i--) {
        const j = (i * 7919 + batch.length) % (i + 1); // another order, the same each time
        [batch[i], batch[j]] = [batch[j], batch[i]];
      }
      this.hold = 0;
    }
    this.pending += batch.length;
    for (const e of batch) this.lane = this.lane.then(() => this.carry(e)).finally(() => this.pending--);
  }
  async carry(event) {
    for (let i = 0; i < 12; i++) {
      const status = await this.post(this.provider.deliver(this, event, i));
      if (status >= 200 && status < 300) return;
      await sleep(Math.min(2 ** i * 1000, 60000) * this.retryScale);
    }
  }
  post({ method = 'POST', body = '', headers = {}, query = '' }) {
    const url = new URL(this.hook);
    url.search = query;
    return new Promise((resolve) => {
      const r = http.request(url, { method, headers: { 'content-length': Buffer.byteLength(body), ...headers } }, (answer) => {
        const parts = [];
        answer.on('data', (d) => parts.push(d));
        answer.on('end', () => {
          this.deliveries.push({ status: answer.statusCode, answer: Buffer.concat(parts).toString('utf8'), type: answer.headers['content-type'] ?? '' });
          resolve(answer.statusCode);
        });
      });
      r.on('error', () => resolve(0));
      r.end(body);
    });
  }

  // ---- requests ----
  async serve(request, response, url) {
    const bytes = await readAll(request);
    let parsed = { texts: Object.fromEntries(url.searchParams), uploads: {} };
    const type = request.headers['content-type'] ?? '';
    try {
      if (!/octet-stream/.test(type)) parsed = parseBody(type, bytes, /json/.test(type) ? [] : url.searchParams);
    } catch (e) {
      if (!(e instanceof BadBody)) throw e;
      this.violation(url.pathname, [e.message]);
    }
    const call = { method: request.method, path: url.pathname, headers: request.headers, query: url.searchParams, bytes, ...parsed };
    const route = this.provider.route(this, call);
    if (!route) {
      this.violation(`${request.method} ${url.pathname}`, ['no such address']);
      return send(response, 404, { error: { message: 'Unknown path', code: 100 } });
    }
    this.counts[route.name] = (this.counts[route.name] ?? 0) + 1;
    const entry = { method: route.name, at_ms: this.now(), status: 0, parameters: route.log ?? call.json ?? call.texts };
    this.requests.push(entry);
    const run = async () => {
      try {
        return await route.run();
      } catch (e) {
        if (!(e instanceof Refusal)) throw e;
        return { status: e.status, body: e.body, headers: e.headers };
      }
    };
    const fault = takeFault(this, route.name);
    const say = (r) => {
      entry.status = r.status ?? 200;
      return send(response, entry.status, r.body, r);
    };
    switch (fault?.kind) {
      case 'drop':
        return request.socket.destroy();
      case '429':
        return say(this.provider.busy(this, fault));
      case 'error':
        return say({ status: fault.status, body: fault.body, headers: fault.headers });
      case '500':
      case '502':
        return say({ status: Number(fault.kind), bytes: Buffer.from('<html>Bad Gateway</html>'), type: 'text/html' });
      case 'garbage':
        await run();
        return say({ bytes: Buffer.from('{"messages":[{"i'), type: 'application/json' });
      case 'accept-then-drop':
        await run();
        return request.socket.destroy();
      case 'hang':
        await run();
        return setTimeout(() => request.socket.destroy(), fault.ms ?? 600000).unref();
      case 'slow':
        await sleep(fault.ms ?? 100);
        break;
      default:
    }
    return say(await run());
  }

  // ---- control ----
  async control(request, response, url) {
    const name = url.pathname.slice('/_control/'.length);
    if (request.method === 'GET') {
      if (name === 'idle') return send(response, 200, await this.idle(Number(url.searchParams.get('ms') ?? 5000)));
      const read = { ...common.reads, ...this.provider.reads }[name];
      return read ? send(response, 200, read(this, url.searchParams)) : send(response, 404, { error: 'unknown' });
    }
    const body = await readAll(request);
    const act = { ...common.acts, ...this.provider.acts }[name];
    if (!act) return send(response, 404, { error: 'unknown' });
    try {
      return send(response, 200, (await act(this, body.length ? JSON.parse(body.toString('utf8')) : {})) ?? {});
    } catch (e) {
      return send(response, 409, { error: e.message });
    }
  }
  async idle(ms) {
    const end = Date.now() + ms;
    while (this.pending && Date.now() < end) await sleep(5);
    return { idle: !this.pending };
  }
}

function send(response, status, body, { bytes, type, headers = {} } = {}) {
  const out = bytes ?? Buffer.from(JSON.stringify(body ?? {}));
  response.writeHead(status, { 'content-type': type ?? 'application/json', 'content-length': out.length, ...headers });
  response.end(out);
}

const common = {
  acts: {
    reset: (w) => w.reset(),
    hook: (w, p) => {
      w.hook = p.url;
    },
    faults: (w, p) => {
      w.faults.push({ method: '*', times: 1, skip: 0, ...p });
    },
    clear_faults: (w) => {
      w.faults = [];
    },
    deliveries: (w, p) => {
      if (p.duplicate !== undefined) w.copies = Math.max(1, p.duplicate);
      if (p.shuffle !== undefined) w.hold = p.shuffle;
    },
    clock: (w, p) => {
      w.offset_ms += (p.advance_s ?? 0) * 1000;
      if (p.skew_s !== undefined) w.skew_ms = p.skew_s * 1000; // of the signatures only
      return { now_ms: w.now() };
    },
  },
  reads: {
    violations: (w) => w.violations,
    requests: (w, q) => ({ counts: w.counts, log: w.requests.filter((r) => !q.get('method') || r.method === q.get('method')) }),
    deliveries: (w) => w.deliveries,
  },
};

export function start(provider, { port = 0, host = '127.0.0.1', retryScale = 1 } = {}) {
  const world = new Standin(provider, { retryScale });
  const server = http.createServer((request, response) => {
    const url = new URL(request.url, 'http://localhost');
    const work = url.pathname.startsWith('/_control/') ? world.control(request, response, url) : world.serve(request, response, url);
    work.catch((e) => {
      process.stderr.write(`${e.stack}\n`);
      if (!response.headersSent) send(response, 500, { error: 'stand-in' });
    });
  });
  server.keepAliveTimeout = 65000;
  return new Promise((resolve, reject) => {
    server.on('error', reject);
    server.listen(port, host, () => {
      world.base = `http://${host}:${server.address().port}`;
      resolve({ server, world, port: server.address().port });
    });
  });
}

// `node whatsapp.mjs --port 0 [--retry-scale 0.01]`: prints one JSON line with the port.
export async function main(provider) {
  const value = (name, other) => {
    const i = process.argv.indexOf(`--${name}`);
    return i > 0 ? process.argv[i + 1] : other;
  };
  const { port } = await start(provider, { port: Number(value('port', 0)), host: value('host', '127.0.0.1'), retryScale: Number(value('retry-scale', 1)) });
  process.stdout.write(`${JSON.stringify({ port })}\n`);
}

// SPDX-License-Identifier: EUPL-1.2
// A whole installation for one test: a folder, a database of either engine, the commands and the running server. Every
// process is looked at when it ends: a report of a sanitizer or an unclean end fails the test that caused it.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import crypto from 'node:crypto';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Browser, request } from './browser.mjs';

export const ROOT = process.env.PW_ROOT ?? path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
export const BINARY = process.env.PASSERELLE ?? path.join(ROOT, 'build-test/src/main/passerelle');
export const ENGINES = ['sqlite', 'postgres'];
export const without = (engine) => (engine === 'postgres' && !process.env.PW_TEST_PG ? 'no PostgreSQL: run with tools/pgtest' : false);

// A clock that a test sets: processes started from then on see it. The monotonic clock stays the real one.
const LIBRARY = `/usr/lib/${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}-linux-gnu/faketime/libfaketimeMT.so.1`;
const clockEnv = (at) => ({
  LD_PRELOAD: LIBRARY, ASAN_OPTIONS: 'abort_on_error=0:exitcode=86:verify_asan_link_order=0',
  FAKETIME: `@${at.slice(0, 10)} ${at.slice(11, 19)}`, FAKETIME_DONT_FAKE_MONOTONIC: '1', TZ: 'UTC',
});

const REPORT = /ERROR: \w*Sanitizer|runtime error:|SUMMARY: \w*Sanitizer|Assertion .* failed/;
const env = {
  ...process.env,
  PASSERELLE_SHARE: ROOT,
  ASAN_OPTIONS: 'abort_on_error=0:exitcode=86',
  UBSAN_OPTIONS: 'halt_on_error=1:print_stacktrace=1',
};

export function noReport(text, who) {
  const at = text.search(REPORT);
  assert.ok(at < 0, `${who}:\n${text.slice(Math.max(0, at - 200), at + 4000)}`);
}

export function freePort() {
  return new Promise((resolve, reject) => {
    const s = net.createServer().on('error', reject);
    s.listen(0, '127.0.0.1', () => {
      const { port } = s.address();
      s.close(() => resolve(port));
    });
  });
}

export function run(command, args, { input, extraEnv } = {}) {
  return new Promise((resolve, reject) => {
    const p = spawn(command, args, { env: { ...env, ...extraEnv }, stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'] });
    let out = '';
    let err = '';
    p.stdout.setEncoding('utf8').on('data', (d) => (out += d));
    p.stderr.setEncoding('utf8').on('data', (d) => (err += d));
    p.on('error', reject);
    p.on('close', (code, signal) => resolve({ code, signal, out, err }));
    if (input !== undefined) p.stdin.on('error', () => {}).end(input);
  });
}

export const passerelle = async (args, more) => {
  const r = await run(BINARY, args, more);
  noReport(r.err, `passerelle ${args.join(' ')}`);
  assert.equal(r.signal, null, `passerelle ${args[0]} ended by ${r.signal}`);
  return r;
};

export const until = async (what, fn, ms = 10000, step = 25) => {
  const end = Date.now() + ms;
  for (;;) {
    const got = await fn();
    if (got) return got;
    if (Date.now() > end) assert.fail(`waited ${ms} ms in vain for: ${what}`);
    await new Promise((r) => setTimeout(r, step));
  }
};

export class Server {
  constructor(place, child, port) {
    Object.assign(this, { place, child, port, log: '', out: '', ended: null });
    child.stdout.setEncoding('utf8').on('data', (d) => (this.out += d));
    child.stderr.setEncoding('utf8').on('data', (d) => (this.log += d));
    this.end = new Promise((resolve) => child.on('close', (code, signal) => resolve((this.ended = { code, signal }))));
  }
  get url() {
    return `http://127.0.0.1:${this.port}`;
  }
  browser(options) {
    return new Browser(this.port, options);
  }
  async signedIn(login, password, options) {
    const b = this.browser(options);
    const page = await b.signIn(login, password);
    assert.equal(page.status, 200, page.words);
    assert.ok(!page.path.startsWith('/sign-in'), `${login} is not let in: ${page.words}`);
    return b;
  }
  api(token) {
    const call = async (method, p, body, headers = {}) => {
      const text = body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body);
      const answer = await request(this.port, {
        method,
        path: p,
        headers: { ...(token ? { authorization: `Bearer ${token}` } : {}), ...(text === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
        body: text,
      });
      let json = null;
      if (/json/.test(answer.headers['content-type'] ?? '')) json = JSON.parse(answer.text);
      return { ...answer, json };
    };
    return { get: (p, headers) => call('GET', p, undefined, headers), post: (p, body, headers) => call('POST', p, body ?? {}, headers), call };
  }
  kill() {
    this.child.kill('SIGKILL');
    return this.end;
  }
  async stop() {
    if (!this.ended) this.child.kill('SIGTERM');
    const slow = setTimeout(() => this.child.kill('SIGKILL'), 30000);
    const { code, signal } = await this.end;
    clearTimeout(slow);
    noReport(this.log, 'passerelle serve');
    assert.deepEqual({ code, signal }, { code: 0, signal: null }, `the server did not end cleanly:\n${this.log.slice(-3000)}`);
  }
}

export class Place {
  constructor(engine, dir) {
    Object.assign(this, { engine, dir, data: path.join(dir, 'data'), database: null, servers: [], env: {} });
  }
  // options: init (default true), network, org, lang; at: the time that its processes see, moved by moveClock()
  static async make(engine = 'sqlite', { init = true, lang = 'fr', at } = {}) {
    const place = new Place(engine, fs.mkdtempSync(path.join(os.tmpdir(), 'pwj-')));
    if (at) place.setClock(at);
    if (engine === 'postgres') place.database = await place.newDatabase();
    if (init) {
      const out = await place.ok('init', '--yes', '--network', 'Réseau d’essai', '--org', 'Centre des Essais', '--name', 'Nadia Essai', '--lang', lang);
      place.admin = { login: 'admin', password: /with the password (\S+)/.exec(out)[1] };
    }
    return place;
  }
  async newDatabase() {
    const name = `j${crypto.randomBytes(6).toString('hex')}`;
    const r = await run('psql', [process.env.PW_TEST_PG, '-q', '-c', `CREATE DATABASE ${name}`]);
    assert.equal(r.code, 0, r.err);
    const url = process.env.PW_TEST_PG.replace(/(\/\/[^/]*\/)[^?]*/, `$1${name}`);
    (this.made ??= []).push(name);
    return url;
  }
  // What starts from here on begins at that time; only forward.
  setClock(at) {
    this.env = clockEnv(new Date(at).toISOString());
  }
  // The server goes on at that time: stopped and started again on its port, so browsers keep their sessions.
  async moveClock(server, at) {
    this.setClock(at);
    await server.stop();
    return this.serve({ port: server.port });
  }
  get where() {
    return ['--data', this.data, ...(this.database ? ['--database', this.database] : [])];
  }
  run(...args) {
    const more = typeof args.at(-1) === 'object' ? args.pop() : {};
    return passerelle([...args, ...this.where], { ...more, extraEnv: { ...this.env, ...more.extraEnv } });
  }
  async ok(...args) {
    const r = await this.run(...args);
    assert.equal(r.code, 0, `passerelle ${args.filter((x) => typeof x === 'string').join(' ')}: ${r.out}${r.err}`);
    return r.out;
  }
  async user(login, name, ...more) {
    const out = await this.ok('user', 'add', login, '--name', name, ...more);
    return { login, name, password: /Password of \S+: (\S+)/.exec(out)[1] };
  }
  async token(login, scope) {
    return (await this.ok('token', 'add', '--user', login, '--scope', scope)).trim();
  }
  async serve({ port, args = [], publicUrl } = {}) {
    port ??= await freePort();
    const child = spawn(BINARY, ['serve', ...this.where, '--port', String(port), '--public-url', publicUrl ?? `http://127.0.0.1:${port}`, ...args], { env: { ...env, ...this.env }, stdio: ['ignore', 'pipe', 'pipe'] });
    const server = new Server(this, child, port);
    this.servers.push(server);
    await until('the ready line', () => {
      assert.equal(server.ended, null, `the server ended: ${server.log}`);
      return server.out.includes(' serves ');
    }, 30000, 5);
    return server;
  }
  async close() {
    try {
      for (const s of this.servers) if (!s.ended) await s.stop();
    } finally {
      for (const s of this.servers) if (!s.ended) await s.kill();
      for (const name of this.made ?? []) await run('psql', [process.env.PW_TEST_PG, '-q', '-c', `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`]);
      if (!process.env.PW_KEEP) fs.rmSync(this.dir, { recursive: true, force: true });
    }
  }
}

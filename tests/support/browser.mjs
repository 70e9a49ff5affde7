// SPDX-License-Identifier: EUPL-1.2
// A person's browser without scripts: keeps cookies, follows redirects, fills the forms that a page really shows.
import assert from 'node:assert/strict';
import http from 'node:http';
import { formsOf, linksOf, mainOf, problemsOf, summaryOf, words } from './html.mjs';

const agent = new http.Agent({ keepAlive: true, maxSockets: 64 });

// One request, nothing interpreted. → { status, headers, body (Buffer), text }
export function request(port, { method = 'GET', path, headers = {}, body, timeout = 30000 }) {
  return new Promise((resolve, reject) => {
    const given = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) };
    const rq = http.request({ host: '127.0.0.1', port, method, path, agent, headers: { ...given, ...headers }, timeout }, (rs) => {
      const parts = [];
      rs.on('data', (d) => parts.push(d));
      rs.on('error', reject);
      rs.on('end', () => {
        const bytes = Buffer.concat(parts);
        resolve({ status: rs.statusCode, headers: rs.headers, body: bytes, text: bytes.toString('utf8') });
      });
    });
    rq.on('timeout', () => rq.destroy(new Error(`no answer from ${method} ${path}`)));
    rq.on('error', reject);
    rq.end(body);
  });
}

const UNDO = /<form class="undo"[\s\S]*?<\/form>/;

class Page {
  constructor(browser, path, answer) {
    Object.assign(this, { browser, path, status: answer.status, headers: answer.headers, html: answer.text });
  }
  get words() {
    return words(mainOf(this.html));
  }
  // Without the bar that offers to take the last action back: see undo().
  get forms() {
    return formsOf(this.html.replace(UNDO, ''));
  }
  get undoBar() {
    return UNDO.exec(this.html)?.[0] ?? '';
  }
  undo() {
    const [form] = formsOf(this.undoBar);
    assert.ok(form, `nothing to undo on ${this.path}:\n${this.words.slice(0, 600)}`);
    return this.browser.send(form.action, form.fields.filter((f) => f.sent).map((f) => [f.name, f.value]));
  }
  get problems() {
    return problemsOf(this.html);
  }
  get summary() {
    return summaryOf(this.html);
  }
  get links() {
    return linksOf(this.html);
  }
  get flash() {
    return words(/<p class="flash"[\s\S]*?<\/p>|(?<=<form class="undo"[^>]*>[\s\S]*?)<span role="status">[\s\S]*?<\/span>/.exec(this.html)?.[0] ?? '');
  }
  get csrf() {
    return /data-csrf="([^"]*)"/.exec(this.html)?.[1] ?? '';
  }
  link(rx) {
    const found = this.links.find((l) => rx.test(l));
    assert.ok(found, `no link like ${rx} on ${this.path}:\n${this.words.slice(0, 600)}`);
    return found;
  }
  // The form whose action matches; a string is the end of the action.
  form(which, n = 0) {
    const fits = (f) => (typeof which === 'string' ? f.action.endsWith(which) : which.test(f.action));
    const form = this.forms.filter((f) => f.method === 'post').filter(fits)[n];
    assert.ok(form, `no form ${which} on ${this.path} (${this.forms.map((f) => f.action)}):\n${this.words.slice(0, 600)}`);
    return form;
  }
  has(which) {
    return this.forms.some((f) => (typeof which === 'string' ? f.action.endsWith(which) : which.test(f.action)));
  }
  // What stands in a field of that form.
  value(which, name) {
    const all = this.form(which).fields.filter((f) => f.name === name);
    return all.find((f) => f.sent)?.value;
  }
  // Sends the form as it stands, with these values typed over it; null leaves a field out, an array sends it repeatedly.
  // button: pressed instead of the form's own, when it leads elsewhere (formaction).
  submit(which, typed = {}, { n = 0, follow = true, button } = {}) {
    const form = this.form(which, n);
    const action = button ? [...form.html.matchAll(/formaction="([^"]*)"/g)].map((m) => m[1]).find((a) => button.test(a)) : form.action;
    assert.ok(action, `no button ${button} in the form ${form.action}`);
    const pairs = form.fields.filter((f) => f.sent && !(f.name in typed)).map((f) => [f.name, f.value]);
    const known = new Set(form.fields.map((f) => f.name).concat([...form.html.matchAll(/<button[^>]* name="([^"]+)"/g)].map((m) => m[1])));
    for (const [name, value] of Object.entries(typed)) {
      assert.ok(known.has(name), `the form ${form.action} has no field ${name}`);
      for (const one of [value].flat()) if (one !== null) pairs.push([name, one]);
    }
    return this.browser.send(action, pairs, { follow, multipart: form.enctype === 'multipart/form-data' });
  }
}

function multipart(pairs) {
  const boundary = `----passerelle${Math.random().toString(36).slice(2)}`;
  const parts = [];
  for (const [name, value] of pairs) {
    const file = typeof value === 'object';
    const kind = file ? `; filename="${value.name}"\r\nContent-Type: ${value.type}` : '';
    parts.push(Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; name="${name}"${kind}\r\n\r\n`));
    parts.push(file ? value.bytes : Buffer.from(String(value)), Buffer.from('\r\n'));
  }
  parts.push(Buffer.from(`--${boundary}--\r\n`));
  return { type: `multipart/form-data; boundary=${boundary}`, body: Buffer.concat(parts) };
}

export class Browser {
  constructor(port, { lang = 'en' } = {}) {
    Object.assign(this, { port, lang, cookies: new Map() });
  }
  headers(more = {}) {
    const cookie = [...this.cookies].map(([k, v]) => `${k}=${v}`).join('; ');
    return { 'accept-language': this.lang, ...(cookie ? { cookie } : {}), ...more };
  }
  keep(answer) {
    for (const line of answer.headers['set-cookie'] ?? []) {
      const [pair, ...rest] = line.split(';');
      const name = pair.slice(0, pair.indexOf('='));
      const gone = rest.some((r) => /^\s*max-age=(0|-)/i.test(r)) || pair.endsWith('=');
      if (gone) this.cookies.delete(name);
      else this.cookies.set(name, pair.slice(name.length + 1));
      assert.match(line, /HttpOnly/i, `a cookie that scripts can read: ${name}`);
      assert.match(line, /SameSite=(Lax|Strict)/i);
    }
  }
  async raw(method, path, { headers = {}, body } = {}) {
    const answer = await request(this.port, { method, path, headers: this.headers(headers), body });
    this.keep(answer);
    return answer;
  }
  async open(answer, path, follow) {
    for (let i = 0; follow && answer.status === 303 && i < 5; i++) {
      path = answer.headers.location;
      assert.match(path, /^\/(?!\/)/, 'a redirect leaves the site');
      answer = await this.raw('GET', path);
    }
    return new Page(this, path, answer);
  }
  async get(path, { follow = true } = {}) {
    return this.open(await this.raw('GET', path), path, follow);
  }
  async send(path, pairs, { follow = true, multipart: parts = false } = {}) {
    const { type, body } = parts
      ? multipart(pairs)
      : { type: 'application/x-www-form-urlencoded', body: new URLSearchParams(pairs.map(([k, v]) => [k, String(v)])).toString() };
    return this.open(await this.raw('POST', path, { headers: { 'content-type': type }, body }), path, follow);
  }
  // A post that no form on a page offers, with a right token: what a person with tools would try.
  async push(path, fields = {}, { csrf, follow = true } = {}) {
    const token = csrf ?? (await this.get('/sign-in')).csrf;
    return this.send(path, [['_csrf', token], ...Object.entries(fields)], { follow });
  }
  async signIn(login, password, to) {
    const page = await this.get(`/sign-in${to ? `?to=${encodeURIComponent(to)}` : ''}`);
    return page.submit('/sign-in', { login, password });
  }
}

#!/usr/bin/env node
// SPDX-License-Identifier: EUPL-1.2
// A stateful stand-in for the WhatsApp Cloud API: people with and without telephone numbers, the 24-hour window,
// statuses, templates, media; see README.md.
import crypto from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { TOKEN, graphError, metaActs, metaDeliver, needToken } from './meta_base.mjs';
import { main } from './standin.mjs';
import { checkHeaders, checkMessage, knowsPath } from './whatsapp_contract.mjs';

export const NUMBER_ID = '106540352242922';
const DAY = 24 * 3600 * 1000;

const personBy = (w, id) => w.people.find((p) => p.wa_id === id || p.user_id === id);
const need = (w, id) => {
  const p = w.people.find((x) => x.key === id);
  if (!p) throw new Error('no such person');
  return p;
};
const envelope = (value) => ({
  object: 'whatsapp_business_account',
  entry: [{ id: '102290129340398', changes: [{ field: 'messages', value: { messaging_product: 'whatsapp', metadata: { display_phone_number: '16135550100', phone_number_id: NUMBER_ID }, ...value } }] }],
});
// What Meta tells of a person: the number only when it is not hidden.
const contact = (p) => ({ profile: { name: p.name, ...(p.username ? { username: p.username } : {}) }, ...(p.hidden ? {} : { wa_id: p.wa_id }), ...(p.user_id ? { user_id: p.user_id } : {}) });
const from = (p) => ({ ...(p.hidden ? {} : { from: p.wa_id }), ...(p.user_id ? { from_user_id: p.user_id } : {}) });

function incoming(w, p, content, { ago_s = 0, reply_to, id, group } = {}) {
  const at = w.now() - ago_s * 1000;
  p.heard_ms = Math.max(p.heard_ms, at);
  const m = { id: id ?? `wamid.in${w.next++}`, timestamp: String(Math.floor(at / 1000)), ...from(p), ...(group ? { group_id: group } : {}), ...content };
  if (reply_to) m.context = { from: '16135550100', id: reply_to };
  return { contacts: [contact(p)], messages: [m] };
}

function told(w, m, status, code) {
  const s = { id: m.id, status, timestamp: String(w.seconds()), recipient_id: m.person.wa_id };
  if (m.person.user_id) s.recipient_user_id = m.person.user_id;
  if (code) s.errors = [{ code, title: 'refused', message: 'refused', error_data: { details: 'refused' } }];
  w.emit(envelope({ statuses: [s] }));
}

function accept(w, body) {
  const p = personBy(w, body.recipient ?? body.to);
  if (!p) throw graphError(400, 131026, 0, 'Message undeliverable');
  if (body.type === 'template') {
    const t = w.templates.find((x) => x.name === body.template.name && x.lang === body.template.language.code);
    if (!t) throw graphError(404, 132001, 0, 'Template name does not exist in the translation');
  } else if (w.now() - p.heard_ms >= DAY) {
    if (w.windowError === 'sync') throw graphError(400, 131047, 0, 'Re-engagement message');
    return { p, late: true };
  }
  for (const kind of ['image', 'video', 'audio', 'document'])
    if (body[kind] && !w.media.has(body[kind].id)) throw graphError(400, 131053, 0, 'Media upload error');
  if (body.audio?.voice && !/^audio\/ogg/.test(w.media.get(body.audio.id).type)) throw graphError(400, 131053, 0, 'voice is ogg');
  return { p, late: false };
}

function sendMessage(w, call) {
  const problems = checkMessage(call.json);
  if (problems.length) {
    w.violation('messages', problems);
    throw graphError(400, 100, 0, problems[0]);
  }
  const body = call.json;
  const { p, late } = accept(w, body);
  const id = `wamid.out${w.next++}`;
  const m = { id, person: p, type: body.type, body, at_ms: w.now(), arrived: !late, text: body.text?.body ?? body.interactive?.body.text ?? body[body.type]?.caption ?? (body.template ? `[${body.template.name}]` : '') };
  w.said.push(m);
  if (late) setTimeout(() => told(w, m, 'failed', 131047), w.statusDelay);
  else
    for (const status of w.autoStatuses) setTimeout(() => told(w, m, status), w.statusDelay);
  return { body: { messaging_product: 'whatsapp', contacts: [{ input: body.recipient ?? body.to, wa_id: p.wa_id }], messages: [{ id }] } };
}

const whatsapp = {
  reset(w) {
    Object.assign(w, { people: [], said: [], media: new Map(), templates: [], windowError: 'async', autoStatuses: ['sent', 'delivered'], statusDelay: 5 });
  },
  route(w, call) {
    const [, version, ...rest] = call.path.split('/');
    if (version === 'media') return { name: 'download', log: {}, run: () => download(w, call) };
    if (!/^v\d+\.\d+$/.test(version)) return null;
    const [id, what] = rest;
    const known = (path) => knowsPath(path) || w.violation(path, ['not in the description']);
    const checked = (fn) => () => {
      const bad = checkHeaders(call.headers);
      if (bad.length) w.violation(call.path, bad);
      needToken(call);
      return fn();
    };
    if (call.method === 'POST' && what === 'messages' && known('/{Version}/{Phone-Number-ID}/messages') === true)
      return { name: 'messages', run: checked(() => own(id, () => sendMessage(w, call))) };
    if (call.method === 'POST' && what === 'media') return { name: 'media', log: { ...call.texts, file: call.uploads?.file?.name }, run: checked(() => own(id, () => upload(w, call))) };
    if (call.method === 'GET' && !what && id === NUMBER_ID) return { name: 'number', run: checked(() => ({ body: { id, display_phone_number: '16135550100', verified_name: 'Passerelle' } })) };
    if (call.method === 'GET' && !what) return { name: 'media-url', log: { id }, run: checked(() => mediaUrl(w, id)) };
    return null;
  },
  busy: (w, f) => ({ status: 429, headers: f.retry_after ? { 'retry-after': String(f.retry_after) } : {}, body: graphError(429, f.code ?? 130429, 0, 'Rate limit hit').body }),
  deliver: metaDeliver,
  acts: {
    ...metaActs,
    users: (w, p) => {
      const n = w.people.length + 1;
      const person = { key: `p${n}`, wa_id: p.wa_id ?? `1613555${String(1000 + n)}`, user_id: p.user_id ?? '', name: p.name ?? `Person ${n}`, hidden: p.hidden ?? false, username: p.username, heard_ms: 0 };
      w.people.push(person);
      return person;
    },
    say: (w, p) => {
      const person = need(w, p.user);
      let content = p.content;
      if (p.text !== undefined) content = { type: 'text', text: { body: p.text } };
      if (p.file) {
        const id = `${9000000 + w.next++}`;
        w.media.set(id, { bytes: Buffer.from(p.file.base64, 'base64'), type: p.file.type });
        content = { type: p.file.kind, [p.file.kind]: { id, mime_type: p.file.type, sha256: 'x', ...(p.file.more ?? {}) } };
      }
      const value = incoming(w, person, content, p);
      w.emit(envelope(value));
      return value.messages[0];
    },
    // A choice under one of our messages: {user, message_id, index}
    press: (w, p) => {
      const person = need(w, p.user);
      const m = w.said.find((x) => x.id === p.message_id);
      const b = m.body.interactive.action.buttons[p.index ?? 0].reply;
      const value = incoming(w, person, { type: 'interactive', interactive: { type: 'button_reply', button_reply: b } }, { ...p, reply_to: m.id });
      w.emit(envelope(value));
      return value.messages[0];
    },
    // Many values in one body, and more entries than one: {values: [{user, text}…]}
    batch: (w, p) => {
      const bodies = p.values.map((v) => incoming(w, need(w, v.user), { type: 'text', text: { body: v.text } }, v));
      const one = envelope(bodies[0]);
      const half = Math.ceil(bodies.length / 2);
      one.entry[0].changes = bodies.slice(0, half).map((v) => envelope(v).entry[0].changes[0]);
      one.entry.push({ id: '102290129340399', changes: bodies.slice(half).map((v) => envelope(v).entry[0].changes[0]) });
      w.emit(one);
    },
    status: (w, p) => told(w, w.said.find((x) => x.id === p.message_id), p.status, p.code),
    // The person's ids change: {user, user_id?, wa_id?}
    move: (w, p) => {
      const person = need(w, p.user);
      const before = from(person);
      const type = p.user_id ? 'user_changed_user_id' : 'user_changed_number';
      const m = { id: `wamid.sys${w.next++}`, timestamp: String(w.seconds()), type: 'system', ...before, system: { body: 'changed', type, ...(p.user_id ? { user_id: p.user_id } : {}), ...(p.wa_id ? { wa_id: p.wa_id } : {}) } };
      Object.assign(person, p.user_id ? { user_id: p.user_id } : {}, p.wa_id ? { wa_id: p.wa_id } : {}, p.hidden === undefined ? {} : { hidden: p.hidden });
      w.emit(envelope({ messages: [m] }));
    },
    hide: (w, p) => Object.assign(need(w, p.user), { hidden: true, user_id: p.user_id ?? need(w, p.user).user_id }),
    templates: (w, p) => {
      w.templates.push({ name: p.name, lang: p.lang });
    },
    mode: (w, p) => {
      for (const k of ['windowError', 'autoStatuses', 'statusDelay', 'wrongSecret']) if (p[k] !== undefined) w[k] = p[k] ?? undefined;
    },
  },
  reads: {
    messages: (w, q) => w.said.filter((m) => m.person.key === q.get('user')).map(({ person, ...m }) => m),
    people: (w) => w.people,
    media: (w, q) => ({ type: w.media.get(q.get('id'))?.type, base64: w.media.get(q.get('id'))?.bytes.toString('base64') }),
  },
};

const own = (id, fn) => {
  if (id !== NUMBER_ID) throw graphError(400, 100, 33, 'Unsupported post request');
  return fn();
};
function upload(w, call) {
  const f = call.uploads?.file;
  if (!f || call.texts.messaging_product !== 'whatsapp') {
    w.violation('media', ['file and messaging_product are needed']);
    throw graphError(400, 100, 0, 'file');
  }
  const id = `${5000000 + w.next++}`;
  w.media.set(id, f);
  return { body: { id } };
}
function mediaUrl(w, id) {
  const m = w.media.get(id);
  if (!m) throw graphError(404, 100, 33, 'Unsupported get request');
  m.until = w.now() + 5 * 60 * 1000;
  m.ext = crypto.randomUUID();
  return { body: { messaging_product: 'whatsapp', id, url: `${w.base}/media/${id}?ext=${m.ext}`, mime_type: m.type, file_size: String(m.bytes.length), sha256: 'x' } };
}
function download(w, call) {
  const m = w.media.get(call.path.split('/').pop());
  if (call.headers.authorization !== `Bearer ${TOKEN}`) return { status: 401 };
  if (!m || m.ext !== call.query.get('ext') || w.now() > m.until) return { status: 404 };
  return { bytes: m.bytes, type: m.type };
}

export default whatsapp;
if (process.argv[1] === fileURLToPath(import.meta.url)) await main(whatsapp);

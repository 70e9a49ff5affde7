#!/usr/bin/env node
// SPDX-License-Identifier: EUPL-1.2
// A stateful stand-in for the Messenger Platform: people of a page, the 24-hour window and the HUMAN_AGENT tag, quick
// replies, attachments, deliveries; see README.md. What a call may hold stands in tests/data/channels/messenger.
import { fileURLToPath } from 'node:url';
import { graphError, metaActs, metaDeliver, needToken } from './meta_base.mjs';
import { main } from './standin.mjs';
import { Contract } from './written_contract.mjs';

export const PAGE_ID = '103333333333333';
const DAY = 24 * 3600 * 1000;

const contract = new Contract('messenger');

const need = (w, id) => {
  const p = w.people.get(id);
  if (!p) throw new Error('no such person');
  return p;
};
const page = (messaging) => ({ object: 'page', entry: [{ id: PAGE_ID, time: Date.now(), messaging }] });
const from = (w, p, at) => ({ sender: { id: p.id }, recipient: { id: PAGE_ID }, timestamp: at ?? w.now() });

function heard(w, p, content, { ago_s = 0, mid } = {}) {
  const at = w.now() - ago_s * 1000;
  p.heard_ms = Math.max(p.heard_ms, at);
  return { ...from(w, p, at), message: { mid: mid ?? `m_in${w.next++}`, ...content } };
}

function send(w, call) {
  const body = call.json ?? { ...call.texts, recipient: JSON.parse(call.texts.recipient), message: JSON.parse(call.texts.message) };
  const file = call.uploads?.filedata;
  const p = w.people.get(body.recipient.id);
  if (!p) throw graphError(400, 100, 2018001, 'No matching user found');
  if (p.blocked) throw graphError(400, 551, 0, 'This person isn’t available right now');
  const since = w.now() - p.heard_ms;
  const allowed = since < DAY || (body.tag === 'HUMAN_AGENT' && since < 7 * DAY);
  if (!allowed) throw graphError(400, 10, 2018278, 'sent outside of allowed window');
  const id = `m_out${w.next++}`;
  w.said.push({ id, to: p.id, text: body.message.text ?? '', body, at_ms: w.now(), ...(file ? { file: { name: file.name, size: file.bytes.length } } : {}) });
  // The page hears its own words, too, and when they arrived.
  w.emit(page([{ sender: { id: PAGE_ID }, recipient: { id: p.id }, timestamp: w.now(), message: { mid: id, is_echo: true, text: body.message.text } }]));
  w.emit(page([{ ...from(w, p), delivery: { mids: [id], watermark: w.now() } }]));
  return { body: { recipient_id: p.id, message_id: id } };
}

const messenger = {
  reset(w) {
    Object.assign(w, { people: new Map(), said: [], files: new Map() });
  },
  route(w, call) {
    const [, version, id] = call.path.split('/');
    if (version === 'cdn') return { name: 'download', log: { id }, run: () => (w.files.has(id) ? { bytes: w.files.get(id).bytes, type: w.files.get(id).type } : { status: 403 }) };
    const name = contract.at(call.method, call.path);
    if (!name || (name === 'profile' ? !w.people.has(id) : id !== PAGE_ID)) return null;
    const done = { messages: () => send(w, call), subscribe: () => ({ body: { success: true } }), profile: () => ({ body: { id, first_name: need(w, id).first, last_name: need(w, id).last } }) };
    const run = () => {
      needToken(call);
      const problems = contract.check(name, call);
      if (problems.length) {
        w.violation(name, problems);
        throw graphError(400, 100, 0, problems[0]);
      }
      return done[name]();
    };
    return { name, log: name === 'profile' ? { id } : call.json ?? call.texts, run };
  },
  busy: (w, f) => ({ status: 400, headers: f.retry_after ? { 'retry-after': String(f.retry_after) } : {}, body: graphError(400, 613, 0, 'Calls to this api have exceeded the rate limit').body }),
  deliver: metaDeliver,
  acts: {
    ...metaActs,
    users: (w, p) => {
      const person = { id: String(7000000000000000 + w.next++), first: p.name, last: p.last ?? '', heard_ms: 0, blocked: false };
      w.people.set(person.id, person);
      return { ...person, key: person.id };
    },
    say: (w, p) => {
      const person = need(w, p.user);
      const content = p.text === undefined ? {} : { text: p.text };
      if (p.files)
        content.attachments = p.files.map((f) => {
          const id = `f${w.next++}`;
          w.files.set(id, { bytes: Buffer.from(f.base64, 'base64'), type: f.type });
          return { type: f.kind, payload: { url: `${w.base}/cdn/${id}` } };
        });
      if (p.reply_to) content.reply_to = { mid: p.reply_to };
      const m = heard(w, person, content, p);
      w.emit(page([m]));
      return { id: m.message.mid };
    },
    press: (w, p) => {
      const q = w.said.find((m) => m.id === p.message_id).body.message.quick_replies[p.index ?? 0];
      w.emit(page([heard(w, need(w, p.user), { text: q.title, quick_reply: { payload: q.payload } }, p)]));
    },
    batch: (w, p) => {
      const all = p.values.map((v) => heard(w, need(w, v.user), { text: v.text }, v));
      const body = page(all.slice(0, 3));
      body.entry.push(...page(all.slice(3)).entry);
      w.emit(body);
    },
    block: (w, p) => {
      need(w, p.user).blocked = p.undo !== true;
    },
    mode: (w, p) => {
      if (p.wrongSecret !== undefined) w.wrongSecret = p.wrongSecret;
    },
  },
  reads: {
    messages: (w, q) => w.said.filter((m) => m.to === q.get('user')),
  },
};
export default messenger;
if (process.argv[1] === fileURLToPath(import.meta.url)) await main(messenger);

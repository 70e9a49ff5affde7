#!/usr/bin/env node
// SPDX-License-Identifier: EUPL-1.2
// A stateful stand-in for a Slack workspace: people, channels, direct messages, threads, files, events; see README.md.
import crypto from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { main } from './standin.mjs';
import { checkCall, operation } from './slack_contract.mjs';

export const SIGNING_SECRET = 'passerelle-slack-secret';
export const TOKEN = 'xoxb-EXAMPLE-journey';
export const ADMIN_TOKEN = 'xoxp-EXAMPLE-admin';
const BOT = { user: 'U0BOT00000', id: 'B0BOT00000', team: 'T0TEAM0000' };

const no = (error) => ({ body: { ok: false, error } });
export const sign = (stamp, body, secret = SIGNING_SECRET) => `v0=${crypto.createHmac('sha256', secret).update(`v0:${stamp}:${body}`).digest('hex')}`;
const escape = (t) => t.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
const plain = (t) => t.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');

const chatOf = (w, id) => w.chats.find((c) => c.id === id);
const userOf = (w, id) => w.users.find((u) => u.id === id);
function direct(w, user) {
  let c = w.chats.find((x) => x.im === user);
  if (!c) w.chats.push((c = { id: `D${String(w.next++).padStart(9, '0')}`, im: user, members: [user, BOT.user], messages: [] }));
  return c;
}
const stamp = (w) => `${w.seconds()}.${String(w.next++).padStart(6, '0')}`;
const envelope = (w, event) => ({ token: 'deprecated', team_id: BOT.team, api_app_id: 'A0APP', type: 'event_callback', event_id: `Ev${w.next++}`, event_time: w.seconds(), authorizations: [{ team_id: BOT.team, user_id: BOT.user, is_bot: true }], event });

function post(w, t) {
  const chat = chatOf(w, t.channel);
  if (!chat) return no('channel_not_found');
  if (!chat.members.includes(BOT.user)) return no('not_in_channel');
  if (!t.text && !t.blocks) return no('no_text');
  if (t.thread_ts && !chat.messages.some((m) => m.ts === t.thread_ts)) return no('thread_not_found');
  if (t.thread_ts && chat.messages.find((m) => m.ts === t.thread_ts).thread_ts) return no('invalid_thread_ts');
  const m = { ts: stamp(w), user: BOT.user, bot_id: BOT.id, raw: t.text, text: plain(t.text ?? ''), at_ms: w.now(), ...(t.thread_ts ? { thread_ts: t.thread_ts } : {}), ...(t.blocks ? { blocks: JSON.parse(t.blocks) } : {}) };
  chat.messages.push(m);
  // Slack tells a bot its own messages, too.
  w.emit(envelope(w, { type: 'message', channel: chat.id, channel_type: chat.im ? 'im' : 'channel', user: BOT.user, bot_id: BOT.id, text: t.text, ts: m.ts }));
  return { body: { ok: true, channel: chat.id, ts: m.ts, message: { text: t.text } } };
}

const methods = {
  'auth.test': () => ({ body: { ok: true, user_id: BOT.user, team_id: BOT.team } }),
  'chat.postMessage': post,
  'conversations.open': (w, t) => (userOf(w, t.users) ? { body: { ok: true, channel: { id: direct(w, t.users).id } } } : no('user_not_found')),
  'users.info': (w, t) => {
    const u = userOf(w, t.user);
    return u ? { body: { ok: true, user: { id: u.id, real_name: u.name, profile: { display_name: '' }, ...(t.include_locale === 'true' ? { locale: u.locale } : {}) } } } : no('user_not_found');
  },
  'chat.update': (w, t) => {
    const m = chatOf(w, t.channel)?.messages.find((x) => x.ts === t.ts);
    if (!m) return no('message_not_found');
    if (m.user !== BOT.user) return no('cant_update_message');
    Object.assign(m, { raw: t.text, text: plain(t.text), edited: true });
    return { body: { ok: true, channel: t.channel, ts: t.ts, text: t.text } };
  },
  'chat.delete': (w, t, admin) => {
    const chat = chatOf(w, t.channel);
    const i = chat?.messages.findIndex((m) => m.ts === t.ts) ?? -1;
    if (i < 0) return no('message_not_found');
    if (chat.messages[i].user !== BOT.user && !admin) return no('cant_delete_message');
    chat.messages.splice(i, 1);
    return { body: { ok: true, channel: chat.id, ts: t.ts } };
  },
  'files.info': (w, t) => {
    const f = w.files.get(t.file);
    return f ? { body: { ok: true, file: { id: t.file, name: f.name, url_private_download: `${w.base}/files/${t.file}` } } } : no('file_not_found');
  },
  'files.delete': (w, t) => {
    for (const chat of w.chats) {
      const i = chat.messages.findIndex((m) => m.file?.id === t.file);
      if (i >= 0) {
        chat.messages.splice(i, 1);
        return { body: { ok: true } };
      }
    }
    return no('file_not_found');
  },
  'files.getUploadURLExternal': (w, t) => {
    const id = `F${w.next++}`;
    w.uploads.set(id, { name: t.filename, length: Number(t.length) });
    return { body: { ok: true, file_id: id, upload_url: `${w.base}/upload/${id}` } };
  },
  'files.completeUploadExternal': (w, t) => {
    const [f] = JSON.parse(t.files);
    const u = w.uploads.get(f.id);
    const chat = chatOf(w, t.channel_id);
    if (!u?.bytes || u.bytes.length !== u.length) return no('file_not_found');
    if (!chat) return no('channel_not_found');
    chat.messages.push({ ts: stamp(w), user: BOT.user, text: plain(t.initial_comment ?? ''), file: { id: f.id, name: u.name, size: u.bytes.length }, ...(t.thread_ts ? { thread_ts: t.thread_ts } : {}) });
    return { body: { ok: true, files: [{ id: f.id }] } };
  },
};

const slack = {
  reset(w) {
    Object.assign(w, { users: [], chats: [], files: new Map(), uploads: new Map(), retryNum: 0 });
  },
  route(w, call) {
    const bearer = /^Bearer (.+)$/.exec(call.headers.authorization ?? '')?.[1];
    const [, what, id] = call.path.split('/');
    if (what === 'files') return { name: 'download', log: { id }, run: () => (bearer === TOKEN && w.files.has(id) ? { bytes: w.files.get(id).bytes, type: 'application/octet-stream' } : { status: 403 }) };
    if (what === 'upload')
      return {
        name: 'upload',
        log: { id },
        run: () => {
          w.uploads.get(id).bytes = call.uploads.file.bytes;
          return { bytes: Buffer.from(`OK - ${call.uploads.file.bytes.length}`), type: 'text/plain' };
        },
      };
    const op = operation(what, call.method);
    if (!op || !methods[what]) return null;
    return {
      name: what,
      run: () => {
        const problems = checkCall(op, call.texts, bearer);
        if (problems.length) {
          w.violation(what, problems);
          return no('invalid_arguments');
        }
        if (bearer !== TOKEN && bearer !== ADMIN_TOKEN) return no('invalid_auth');
        return methods[what](w, call.texts, bearer === ADMIN_TOKEN);
      },
    };
  },
  busy: (w, f) => ({ status: 429, headers: { 'retry-after': String(f.retry_after ?? 1) }, body: { ok: false, error: 'ratelimited' } }),
  deliver(w, event, tries) {
    const body = event.form ?? JSON.stringify(event);
    const at = String(Math.floor((w.now() + w.skew_ms) / 1000));
    const headers = { 'content-type': event.form ? 'application/x-www-form-urlencoded' : 'application/json', 'x-slack-request-timestamp': at, 'x-slack-signature': sign(at, body) };
    if (tries) Object.assign(headers, { 'x-slack-retry-num': String(tries), 'x-slack-retry-reason': 'http_error' });
    return { body, headers };
  },
  acts: {
    users: (w, p) => {
      const u = { id: `U${String(w.next++).padStart(9, '0')}`, name: p.name, locale: p.locale ?? 'fr-FR' };
      w.users.push(u);
      return u;
    },
    chats: (w, p) => {
      const c = { id: `C${String(w.next++).padStart(9, '0')}`, name: p.name, members: [BOT.user], messages: [] };
      w.chats.push(c);
      return { id: c.id };
    },
    join: (w, p) => {
      chatOf(w, p.chat).members.push(p.user);
      w.emit(envelope(w, { type: 'member_joined_channel', user: p.user, channel: p.chat, channel_type: 'C', team: BOT.team }));
    },
    leave: (w, p) => {
      const c = chatOf(w, p.chat);
      c.members = c.members.filter((m) => m !== p.user);
      w.emit(envelope(w, { type: 'member_left_channel', user: p.user, channel: p.chat, channel_type: 'C', team: BOT.team }));
    },
    // {user, chat? (default: direct), text, thread?, mention?: told twice, file?, bot?, raw?: text as Slack writes it}
    say: (w, p) => {
      const chat = p.chat ? chatOf(w, p.chat) : direct(w, p.user);
      const m = { ts: stamp(w), user: p.user, text: p.text ?? '', ...(p.thread ? { thread_ts: p.thread } : {}) };
      chat.messages.push(m);
      const event = { type: 'message', channel: chat.id, channel_type: chat.im ? 'im' : 'channel', user: p.user, text: p.raw ?? escape(m.text), ts: m.ts, ...(p.thread ? { thread_ts: p.thread } : {}) };
      if (p.bot) Object.assign(event, { bot_id: 'B0OTHER', subtype: 'bot_message' });
      if (p.file) {
        const id = `F${w.next++}`;
        w.files.set(id, { name: p.file.name, bytes: Buffer.from(p.file.base64, 'base64') });
        Object.assign(event, { subtype: 'file_share', files: [{ id, name: p.file.name, mimetype: p.file.type, size: w.files.get(id).bytes.length }] });
      }
      w.emit(envelope(w, event));
      if (p.mention) w.emit(envelope(w, { ...event, type: 'app_mention', channel_type: undefined }));
      return { ts: m.ts, chat: chat.id };
    },
    press: (w, p) => {
      const chat = direct(w, p.user);
      const m = chat.messages.find((x) => x.ts === p.message_id);
      const b = m.blocks.find((x) => x.type === 'actions').elements[p.index ?? 0];
      const payload = { type: 'block_actions', user: { id: p.user }, channel: { id: chat.id }, message: { ts: m.ts }, actions: [{ type: 'button', action_id: b.action_id, value: b.value, action_ts: stamp(w) }] };
      w.emit({ form: `payload=${encodeURIComponent(JSON.stringify(payload)).replaceAll('%20', '+')}` });
    },
    challenge: async (w, p) => {
      const body = JSON.stringify({ token: 'x', challenge: p.challenge, type: 'url_verification' });
      const at = String(w.seconds());
      await w.post({ body, headers: { 'content-type': 'application/json', 'x-slack-request-timestamp': at, 'x-slack-signature': sign(at, body) } });
      return w.deliveries.at(-1);
    },
    limited: (w) => w.emit({ token: 'x', type: 'app_rate_limited', minute_rate_limited: w.seconds(), team_id: BOT.team, api_app_id: 'A0APP' }),
    // {body, signature?: text | false, at_s?: seconds from now, event?}
    raw: async (w, p) => {
      const body = p.body ?? JSON.stringify(envelope(w, p.event));
      const at = String(w.seconds() + (p.at_s ?? 0));
      const headers = { 'content-type': 'application/json', 'x-slack-request-timestamp': at };
      if (p.signature !== false) headers['x-slack-signature'] = p.signature ?? sign(at, body, p.secret);
      await w.post({ body, headers });
      return w.deliveries.at(-1);
    },
  },
  reads: {
    // by chat, or the direct messages of a user
    messages: (w, q) => {
      const id = q.get('user');
      const chat = chatOf(w, id) ?? w.chats.find((c) => c.im === id);
      return (chat?.messages ?? []).filter((m) => !q.get('own') || m.user === BOT.user).map((m) => ({ id: m.ts, ...m }));
    },
  },
};
export default slack;
if (process.argv[1] === fileURLToPath(import.meta.url)) await main(slack);

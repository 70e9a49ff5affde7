#!/usr/bin/env node
// SPDX-License-Identifier: EUPL-1.2
// A stateful stand-in for a WeChat official account, in encrypted mode: followers, the 48 hours and the 20 messages in a
// row, tokens that end, media; see README.md. What a call may hold stands in tests/data/channels/wechat.
import crypto from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { main } from './standin.mjs';
import { Contract } from './written_contract.mjs';

export const APP_ID = 'wxjourney00000001';
export const APP_SECRET = 'wechat-journey-app-secret';
export const TOKEN = 'passerelle';
export const ENCODING_KEY = 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG';
const WINDOW = 48 * 3600 * 1000;

const contract = new Contract('wechat');

const sha1 = (...parts) => crypto.createHash('sha1').update(parts.sort().join('')).digest('hex');
const aesKey = Buffer.from(`${ENCODING_KEY}=`, 'base64');
export function seal(xml, appId = APP_ID) {
  const words = Buffer.from(xml);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(words.length);
  let all = Buffer.concat([crypto.randomBytes(16), length, words, Buffer.from(appId)]);
  const pad = 32 - (all.length % 32);
  all = Buffer.concat([all, Buffer.alloc(pad, pad)]);
  const c = crypto.createCipheriv('aes-256-cbc', aesKey, aesKey.subarray(0, 16)).setAutoPadding(false);
  return Buffer.concat([c.update(all), c.final()]).toString('base64');
}
const cdata = (v) => `<![CDATA[${v}]]>`;
const xmlOf = (fields) => `<xml>${Object.entries(fields).map(([k, v]) => `<${k}>${typeof v === 'number' ? v : cdata(v)}</${k}>`).join('')}</xml>`;
const ok = { body: { errcode: 0, errmsg: 'ok' } };
const no = (errcode) => ({ body: { errcode, errmsg: `refused rid: ${errcode}` } });

const need = (w, id) => {
  const p = w.people.get(id);
  if (!p) throw new Error('no such person');
  return p;
};
function event(w, p, fields, { ago_s = 0 } = {}) {
  const at = w.now() - ago_s * 1000;
  p.heard_ms = Math.max(p.heard_ms, at);
  p.inRow = 0;
  w.emit({ xml: xmlOf({ ToUserName: 'gh_journey', FromUserName: p.id, CreateTime: Math.floor(at / 1000), ...fields }) });
}
// The same words, sealed already, signed anew: the query of a call of this moment.
export function signedQuery(sealed, timestamp, nonce) {
  return { signature: sha1(TOKEN, timestamp, nonce), timestamp, nonce, openid: 'o', encrypt_type: 'aes', msg_signature: sha1(TOKEN, timestamp, nonce, sealed) };
}
function call(w, xml, { at_s = 0, signature, msg_signature, plain = false, appId } = {}) {
  const timestamp = String(Math.floor((w.now() + w.skew_ms) / 1000) + at_s);
  const nonce = String(100000 + w.next++);
  const sealed = seal(xml, appId);
  const good = signedQuery(sealed, timestamp, nonce);
  const query = new URLSearchParams({ ...good, signature: signature ?? good.signature, msg_signature: msg_signature ?? good.msg_signature });
  if (signature === false) query.delete('signature');
  return { body: plain ? xml : xmlOf({ ToUserName: 'gh_journey', Encrypt: sealed }), headers: { 'content-type': 'text/xml' }, query: query.toString() };
}

function send(w, body) {
  const p = w.people.get(body.touser);
  if (!p) return no(40003);
  if (!p.follows) return no(43004);
  if (w.now() - p.heard_ms >= WINDOW) return no(45015);
  const known = body.client_msg_id && w.said.find((m) => m.client === body.client_msg_id && w.now() - m.at_ms < 600000);
  if (known) return ok; // said already: once
  if (p.inRow >= w.rowMax) return no(45047);
  p.inRow++;
  w.said.push({ id: `c${w.next++}`, to: p.id, client: body.client_msg_id, text: body.text?.content ?? body.msgmenu?.head_content ?? '', body, at_ms: w.now() });
  return ok;
}

const wechat = {
  reset(w) {
    Object.assign(w, { people: new Map(), said: [], media: new Map(), token: '', tokens: 0, rowMax: 20 });
  },
  route(w, c) {
    const name = contract.at(c.method, c.path);
    if (!name) return null;
    const done = {
      token: () => {
        if (c.json.appid !== APP_ID || c.json.secret !== APP_SECRET) return no(40125);
        if (!w.token || c.json.force_refresh) w.token = `wechat-access-${++w.tokens}-${crypto.randomUUID()}`;
        return { body: { access_token: w.token, expires_in: 7200 } };
      },
      send: () => send(w, c.json),
      media: () => (w.media.has(c.query.get('media_id')) ? { bytes: w.media.get(c.query.get('media_id')), type: 'image/jpeg' } : no(40007)),
      upload: () => {
        const id = `up${w.next++}`;
        w.media.set(id, c.uploads.media.bytes);
        return { body: { type: c.query.get('type'), media_id: id, created_at: w.seconds() } };
      },
    };
    const logs = { token: { force: c.json?.force_refresh }, media: {}, upload: { type: c.query.get('type'), file: c.uploads?.media?.name } };
    const run = () => {
      const problems = contract.check(name, c);
      if (problems.length) {
        w.violation(name, problems);
        return no(name === 'send' ? 40035 : 40097);
      }
      if (name !== 'token' && (!w.token || c.query.get('access_token') !== w.token)) return no(w.token ? 40001 : 41001);
      return done[name]();
    };
    return { name, log: logs[name], run };
  },
  busy: () => no(-1),
  deliver: (w, e) => call(w, e.xml),
  acts: {
    users: (w) => {
      const p = { id: `oJourney${String(w.next++).padStart(8, '0')}`, follows: true, heard_ms: 0, inRow: 0 };
      w.people.set(p.id, p);
      return p;
    },
    follow: (w, p) => {
      need(w, p.user).follows = true;
      event(w, need(w, p.user), { MsgType: 'event', Event: 'subscribe', EventKey: '' }, p);
    },
    unfollow: (w, p) => {
      need(w, p.user).follows = false;
      event(w, need(w, p.user), { MsgType: 'event', Event: 'unsubscribe', EventKey: '' }, p);
    },
    say: (w, p) => {
      const MsgId = String(23000000000000000n + BigInt(w.next++));
      if (p.picture) {
        const id = `media${w.next++}`;
        w.media.set(id, Buffer.from(p.picture, 'base64'));
        event(w, need(w, p.user), { MsgType: 'image', PicUrl: 'http://mmbiz.example/x', MediaId: id, MsgId }, p);
      } else event(w, need(w, p.user), { MsgType: 'text', Content: p.text, MsgId }, p);
      return { id: MsgId };
    },
    press: (w, p) => {
      const m = w.said.find((x) => x.id === p.message_id);
      const item = m.body.msgmenu.list[p.index ?? 0];
      event(w, need(w, p.user), { MsgType: 'text', Content: item.content, bizmsgmenuid: item.id, MsgId: String(24000000000000000n + BigInt(w.next++)) });
    },
    check_hook: async (w, p) => {
      const timestamp = String(w.seconds() + (p.at_s ?? 0));
      const query = new URLSearchParams({ signature: p.signature ?? sha1(TOKEN, timestamp, '42'), timestamp, nonce: '42', echostr: '6483940028347561902' });
      await w.post({ method: 'GET', query: query.toString() });
      return w.deliveries.at(-1);
    },
    raw: async (w, p) => {
      const c = call(w, p.xml ?? xmlOf({ ToUserName: 'gh', FromUserName: p.user ?? 'oNobody', CreateTime: w.seconds(), MsgType: 'text', Content: p.text ?? 'x', MsgId: p.id ?? '1' }), p);
      if (p.body !== undefined) c.body = p.body;
      await w.post(c);
      return w.deliveries.at(-1);
    },
    // The token ends before its time, as when somebody else fetches one in the old way.
    end_token: (w) => {
      w.token = `other-${crypto.randomUUID()}`;
    },
    mode: (w, p) => Object.assign(w, p),
  },
  reads: {
    messages: (w, q) => w.said.filter((m) => m.to === q.get('user')),
    token: (w) => ({ token: w.token, fetched: w.tokens }),
  },
};
export default wechat;
if (process.argv[1] === fileURLToPath(import.meta.url)) await main(wechat);

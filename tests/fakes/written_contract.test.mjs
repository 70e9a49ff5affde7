// SPDX-License-Identifier: EUPL-1.2
// The descriptions that we wrote down ourselves: every rule names its source, right calls pass, and every rule refuses
// a call that breaks it. A rule that no wrong call here breaks fails the test.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Contract } from './written_contract.mjs';

const RULES = ['required', 'enum', 'const', 'pattern', 'minLength', 'maxLength', 'maxBytes', 'minItems', 'maxItems', 'minimum', 'maximum', 'maxProperties', 'additionalProperties', 'oneOf', 'not'];

// Every rule of a schema, by the path that a failed check names. Inside `if` nothing refuses.
function rulesOf(node, path = '#', out = [], cited = []) {
  if (node === null || typeof node !== 'object') return out;
  if (!Array.isArray(node)) {
    if (node.$comment) cited = [...cited, node.$comment];
    for (const k of RULES) if (node[k] !== undefined) out.push({ rule: `${path}/${k}`, cited });
  }
  const inside = Array.isArray(node) ? node.map((v, i) => [i, v]) : Object.entries(node).filter(([k]) => ['properties', 'items', 'allOf', 'then', 'else'].includes(k));
  for (const [k, v] of inside) {
    if (k === 'properties') for (const [name, s] of Object.entries(v)) s === false ? out.push({ rule: `${path}/properties/${name}/false schema`, cited }) : rulesOf(s, `${path}/properties/${name}`, out, cited);
    else rulesOf(v, `${path}/${k}`, out, cited);
  }
  return out;
}

const change = (call, at, value) => {
  const copy = structuredClone(call);
  let o = copy;
  for (const k of at.slice(0, -1)) o = o[k];
  if (value === undefined) delete o[at.at(-1)];
  else o[at.at(-1)] = value;
  return copy;
};
const file = (type, size = 10, name = 'f') => ({ type, name, bytes: { length: size } });
const MB = 1024 * 1024;

// Right calls, and what makes each of them wrong: [path into the call, another value or nothing at all].
const messengerText = { query: {}, json: { recipient: { id: '7' }, messaging_type: 'MESSAGE_TAG', tag: 'HUMAN_AGENT', message: { text: 'Oui', quick_replies: [{ content_type: 'text', title: 'Oui', payload: 'y' }] } } };
const messengerFile = { query: {}, texts: { recipient: '{"id":"7"}', messaging_type: 'RESPONSE', message: '{"attachment":{"type":"image","payload":{}}}' }, uploads: { filedata: file('image/png') } };
const reply = ['json', 'message', 'quick_replies', 0];
const wrongForm = (k, v) => change(messengerFile, ['texts', k], typeof v === 'object' ? JSON.stringify(v) : v);
const wechatSend = (msgtype, content) => ({ query: { access_token: 't' }, json: { touser: 'o', msgtype, client_msg_id: 'pw-1-1', [msgtype]: content } });
const menu = wechatSend('msgmenu', { head_content: 'Bonjour', list: [{ id: 'a', content: 'Oui' }] });
const upload = (type, f) => ({ query: { access_token: 't', type }, texts: {}, uploads: { media: f } });
const item = ['json', 'msgmenu', 'list', 0];

const cases = {
  messenger: {
    messages: {
      right: [messengerText, messengerFile, change(change(messengerText, ['json', 'messaging_type'], 'RESPONSE'), ['json', 'tag'])],
      wrong: [
        change(messengerText, ['query'], { access_token: 'x' }), change(messengerText, ['json']), { query: {} },
        ...['recipient', 'messaging_type', 'message', 'tag'].map((k) => change(messengerText, ['json', k])),
        change(messengerText, ['json', 'more'], 1), change(messengerText, ['json', 'recipient'], {}), change(messengerText, ['json', 'recipient', 'more'], 1), change(messengerText, ['json', 'recipient', 'id'], 'x'),
        change(messengerText, ['json', 'messaging_type'], 'UPDATE'), change(messengerText, ['json', 'messaging_type'], 'RESPONSE'), change(messengerText, ['json', 'tag'], 'ACCOUNT_UPDATE'),
        change(messengerText, ['json', 'message', 'text']), change(messengerText, ['json', 'message', 'text'], ''), change(messengerText, ['json', 'message', 'text'], 'x'.repeat(2001)), change(messengerText, ['json', 'message', 'more'], 1),
        change(messengerText, ['json', 'message', 'quick_replies'], []), change(messengerText, ['json', 'message', 'quick_replies'], Array(14).fill(messengerText.json.message.quick_replies[0])),
        ...['content_type', 'title', 'payload'].map((k) => change(messengerText, [...reply, k])), change(messengerText, [...reply, 'more'], 1), change(messengerText, [...reply, 'content_type'], 'user_email'),
        change(messengerText, [...reply, 'title'], ''), change(messengerText, [...reply, 'title'], 'x'.repeat(21)), change(messengerText, [...reply, 'payload'], ''), change(messengerText, [...reply, 'payload'], 'x'.repeat(1001)),
        ...['recipient', 'messaging_type', 'message'].map((k) => change(messengerFile, ['texts', k])), wrongForm('more', '1'), wrongForm('recipient', {}), wrongForm('recipient', { id: '7', more: 1 }), wrongForm('recipient', { id: 'x' }),
        wrongForm('messaging_type', 'UPDATE'), wrongForm('messaging_type', 'MESSAGE_TAG'), wrongForm('tag', 'HUMAN_AGENT'), wrongForm('tag', 'x'),
        wrongForm('message', {}), wrongForm('message', { attachment: { type: 'image', payload: {} }, text: 'x' }), wrongForm('message', { attachment: { payload: {} } }), wrongForm('message', { attachment: { type: 'image', payload: {}, more: 1 } }),
        wrongForm('message', { attachment: { type: 'sticker', payload: {} } }), wrongForm('message', { attachment: { type: 'image', payload: { url: 'x' } } }),
        change(messengerFile, ['uploads'], { other: file('image/png') }), change(messengerFile, ['uploads', 'filedata'], file('png')), change(messengerFile, ['uploads', 'filedata'], file('image/png', 0)),
        change(messengerFile, ['uploads', 'filedata'], file('image/png', 26 * MB)), change(messengerFile, ['uploads', 'filedata'], { bytes: { length: 1 }, type: 'a/b' }),
      ],
    },
    subscribe: {
      right: [{ query: {}, json: { subscribed_fields: 'messages,messaging_postbacks,message_deliveries' } }],
      wrong: [{ query: { a: '1' }, json: { subscribed_fields: 'messages' } }, { query: {} }, { query: {}, json: {} }, { query: {}, json: { subscribed_fields: 'feed' } }, { query: {}, json: { subscribed_fields: 'messages', more: 1 } }],
    },
    profile: {
      right: [{ query: { fields: 'first_name,last_name' } }],
      wrong: [{ query: {} }, { query: { fields: 'birthday' } }, { query: { fields: 'first_name,last_name', more: '1' } }, { query: { fields: 'first_name,last_name' }, json: {} }],
    },
  },
  wechat: {
    token: {
      right: [{ query: {}, json: { grant_type: 'client_credential', appid: 'a', secret: 's', force_refresh: true } }],
      wrong: [{ query: { a: '1' }, json: { grant_type: 'client_credential', appid: 'a', secret: 's' } }, { query: {} }, { query: {}, json: { appid: 'a', secret: 's' } }, { query: {}, json: { grant_type: 'x', appid: '', secret: '', more: 1 } }],
    },
    send: {
      right: [menu, wechatSend('text', { content: 'é'.repeat(1024) }), ...['image', 'voice', 'video'].map((k) => wechatSend(k, { media_id: 'm' }))],
      wrong: [
        change(menu, ['json']), change(menu, ['query'], {}), change(menu, ['query', 'access_token'], ''), change(menu, ['query', 'more'], '1'),
        change(menu, ['json', 'touser']), change(menu, ['json', 'touser'], ''), change(menu, ['json', 'msgtype'], 'music'), change(menu, ['json', 'client_msg_id'], ''), change(menu, ['json', 'client_msg_id'], 'x'.repeat(33)), change(menu, ['json', 'more'], 1),
        change(menu, ['json', 'msgmenu'], {}), change(menu, ['json', 'msgmenu', 'more'], 1), change(menu, ['json', 'msgmenu', 'head_content'], ''), change(menu, ['json', 'msgmenu', 'head_content'], 'é'.repeat(1025)),
        change(menu, ['json', 'msgmenu', 'list'], []), change(menu, ['json', 'msgmenu', 'list'], Array(11).fill(menu.json.msgmenu.list[0])), change(menu, item, {}), change(menu, item, { id: '', content: '', more: 1 }),
        wechatSend('text', {}), wechatSend('text', { content: '' }), wechatSend('text', { content: 'é'.repeat(1025) }), wechatSend('text', { content: 'x', more: 1 }),
        ...['image', 'voice', 'video'].flatMap((k) => [wechatSend(k, {}), wechatSend(k, { media_id: '' }), wechatSend(k, { media_id: 'm', more: 1 })]),
        ...['text', 'image', 'voice', 'video', 'msgmenu'].flatMap((k) => [change(wechatSend(k, undefined), ['json', k]), change(wechatSend(k === 'text' ? 'image' : 'text', { content: 'x', media_id: 'x' }), ['json', k], {})]),
      ],
    },
    upload: {
      right: [upload('image', file('image/png')), upload('voice', file('audio/mpeg')), upload('video', file('video/mp4'))],
      wrong: [
        { query: { access_token: 't', type: 'image' }, texts: {} }, change(upload('image', file('image/png')), ['query'], {}), change(upload('image', file('image/png')), ['query', 'access_token'], ''),
        change(upload('image', file('image/png')), ['query', 'more'], '1'), upload('thumb', file('image/png')), { ...upload('image', file('image/png')), uploads: { other: file('image/png') } },
        upload('image', file('image/png', 0)), upload('image', file('image/png', 10, '')), upload('image', { bytes: { length: 1 } }),
        upload('image', file('image/webp')), upload('image', file('image/png', 11 * MB)), upload('voice', file('audio/ogg')), upload('voice', file('audio/amr', 3 * MB)), upload('video', file('video/webm')), upload('video', file('video/mp4', 11 * MB)),
      ],
    },
    media: { right: [{ query: { access_token: 't', media_id: 'm' } }], wrong: [{ query: {} }, { query: { access_token: '', media_id: '', more: '1' } }, { query: { access_token: 't', media_id: 'm' }, json: {} }] },
  },
};

for (const [provider, operations] of Object.entries(cases)) {
  const contract = new Contract(provider);
  const ask = (name, call) => contract.errors(name, { ...call, query: Object.entries(call.query) });
  for (const [name, { request }] of Object.entries(contract.doc.operations))
    test(`${provider}, ${name}: each rule names its page and day, and refuses what breaks it`, () => {
      const rules = rulesOf(request);
      assert.ok(rules.length > 3);
      for (const r of rules) assert.match(r.cited.at(-1) ?? '', /^https:\/\/\S+, read \d{4}-\d\d-\d\d: ./, `${r.rule} names no source`);
      for (const call of operations[name].right) assert.deepEqual(ask(name, call), []);
      const broken = new Set();
      for (const call of operations[name].wrong) {
        const errors = ask(name, call);
        assert.ok(errors.length > 0, `let through: ${JSON.stringify(call)}`);
        for (const e of errors) broken.add(e.schemaPath);
      }
      assert.deepEqual(rules.map((r) => r.rule).filter((r) => !broken.has(r)), [], 'rules that nothing here breaks');
    });
  test(`${provider}: nothing but the described calls has an address`, () => {
    assert.equal(contract.at('POST', '/v23.0/1/elsewhere') ?? contract.at('GET', '/cgi-bin/token') ?? contract.at('DELETE', '/v23.0/1/messages'), undefined);
    assert.deepEqual(Object.keys(operations).sort(), Object.keys(contract.doc.operations).sort());
  });
}

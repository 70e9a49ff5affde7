// SPDX-License-Identifier: EUPL-1.2
// The stand-in tested against itself: a fake that is too kind hides defects of the driver.
import assert from 'node:assert/strict';
import http from 'node:http';
import { after, before, beforeEach, test } from 'node:test';
import { DEFAULT_TOKEN, start } from './telegram.mjs';

let fake;
let base;
before(async () => {
  fake = await start({ retryScale: 0.001, pollScale: 0.01 });
  base = `http://127.0.0.1:${fake.port}`;
});
after(() => {
  fake.server.closeAllConnections();
  fake.server.close();
});
beforeEach(() => control('reset'));

const post = (url, body) =>
  fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
async function bot(method, body = {}) {
  const r = await post(`${base}/bot${DEFAULT_TOKEN}/${method}`, body);
  return { status: r.status, ...(await r.json()) };
}
async function control(name, body = {}) {
  const r = await post(`${base}/_control/${name}`, body);
  assert.equal(r.status, 200, `${name}: ${await r.clone().text()}`);
  return r.json();
}
const read = async (path) => (await fetch(`${base}/_control/${path}`)).json();
const noViolations = async () => assert.deepEqual(await read('violations'), { requests: [], updates: [], late_join_queries: [] });
async function group(type = 'supergroup') {
  const amal = await control('users', { first_name: 'Amal', language_code: 'ar' });
  const chat = await control('chats', { type, title: 'Welcome', members: [amal.id] });
  return { amal, chat };
}
const updates = async (offset = 0) => (await bot('getUpdates', { offset })).result;

test('a wrong token is refused and an unknown method recorded', async () => {
  const r = await fetch(`${base}/bot1:x/getMe`);
  assert.equal(r.status, 401);
  assert.equal((await bot('sendTelepathy')).status, 404);
  assert.equal((await read('violations')).requests.length, 1);
});

test('unknown field, wrong type, missing field and wrong nested field are violations', async () => {
  const { amal } = await group();
  const cases = [
    ['sendMessage', { chat_id: amal.id, text: 'a', colour: 'red' }, /colour: unknown/],
    ['sendMessage', { chat_id: amal.id, text: 5 }, /text: expected String/],
    ['sendMessage', { chat_id: amal.id }, /text: required/],
    ['sendMessage', { chat_id: amal.id, text: 'a', reply_parameters: { id: 1 } }, /reply_parameters/],
    ['sendMessage', { chat_id: amal.id, text: 'a', reply_markup: { inline_keyboard: [[{ text: 1 }]] } }, /fits none/],
    ['restrictChatMember', { chat_id: 1, user_id: 1, permissions: { can_fly: true } }, /can_fly/],
    ['setWebhook', { url: 'https://x.example/', allowed_updates: 'message' }, /expected Array/],
  ];
  for (const [method, body, words] of cases) {
    const r = await bot(method, body);
    assert.equal(r.status, 400);
    assert.match(r.description, words);
  }
  assert.equal((await read('violations')).requests.length, cases.length);
});

test('form and multipart bodies are read by the description', async () => {
  const { amal } = await group();
  await control('say', { user: amal.id, text: '/start' });
  const form = new URLSearchParams({ chat_id: String(amal.id), text: 'hello', disable_notification: 'true' });
  const r = await fetch(`${base}/bot${DEFAULT_TOKEN}/sendMessage`, { method: 'POST', body: form });
  assert.equal(r.status, 200);
  const data = new FormData();
  data.set('chat_id', String(amal.id));
  data.set('voice', new Blob(['OggS…'], { type: 'audio/ogg' }), 'note.ogg');
  data.set('reply_parameters', JSON.stringify({ message_id: 1, allow_sending_without_reply: true }));
  const v = await (await fetch(`${base}/bot${DEFAULT_TOKEN}/sendVoice`, { method: 'POST', body: data })).json();
  assert.equal(v.ok, true, v.description);
  assert.equal(v.result.reply_to_message.text, '/start');
  const f = await bot('getFile', { file_id: v.result.voice.file_id });
  const bytes = await (await fetch(`${base}/file/bot${DEFAULT_TOKEN}/${f.result.file_path}`)).text();
  assert.equal(bytes, 'OggS…');
  await noViolations();
});

test('text is counted in UTF-16 units', async () => {
  const { chat } = await group();
  assert.equal((await bot('sendMessage', { chat_id: chat.id, text: '😀'.repeat(2048) })).status, 200);
  assert.match((await bot('sendMessage', { chat_id: chat.id, text: '😀'.repeat(2048) + 'a' })).description, /too long/);
});

test('who can be written to', async () => {
  const { amal } = await group();
  const send = () => bot('sendMessage', { chat_id: amal.id, text: 'a' });
  assert.match((await send()).description, /can't initiate/);
  await control('say', { user: amal.id, text: '/start' });
  assert.equal((await send()).status, 200);
  await control('block', { user: amal.id });
  const blocked = await send();
  assert.equal(blocked.status, 403);
  assert.match(blocked.description, /blocked by the user/);
  await control('block', { user: amal.id, undo: true });
  await control('vanish', { user: amal.id });
  assert.match((await send()).description, /deactivated/);
});

test('an applicant can be written to for five minutes and asks once', async () => {
  const { chat } = await group();
  const noor = await control('users', { first_name: 'Noor' });
  const ask = await control('join_request', { chat: chat.id, user: noor.id, query: true, bio: 'new here' });
  assert.equal((await bot('sendMessage', { chat_id: ask.user_chat_id, text: 'Welcome' })).status, 200);
  assert.equal((await bot('answerChatJoinRequestQuery', { chat_join_request_query_id: ask.query_id, result: 'queue' })).status, 200);
  await control('clock', { advance_s: 301 });
  assert.equal((await bot('sendMessage', { chat_id: ask.user_chat_id, text: 'Late' })).status, 403);
  assert.equal((await bot('approveChatJoinRequest', { chat_id: chat.id, user_id: noor.id })).status, 200);
  assert.match((await bot('approveChatJoinRequest', { chat_id: chat.id, user_id: noor.id })).description, /ALREADY/);
  const member = await bot('getChatMember', { chat_id: chat.id, user_id: noor.id });
  assert.equal(member.result.status, 'member');
  await noViolations();
});

test('a join request query unanswered for ten seconds is recorded', async () => {
  const { chat } = await group();
  const noor = await control('users', {});
  const ask = await control('join_request', { chat: chat.id, user: noor.id, query: true });
  await control('clock', { advance_s: 11 });
  assert.equal((await bot('answerChatJoinRequestQuery', { chat_join_request_query_id: ask.query_id, result: 'queue' })).status, 400);
  assert.equal((await read('violations')).late_join_queries.length, 1);
});

test('ban removes messages; unban puts a present member out unless only_if_banned', async () => {
  const { amal, chat } = await group();
  await control('say', { chat: chat.id, user: amal.id, text: 'spam' });
  await bot('unbanChatMember', { chat_id: chat.id, user_id: amal.id, only_if_banned: true });
  const status = async () => (await bot('getChatMember', { chat_id: chat.id, user_id: amal.id })).result.status;
  assert.equal(await status(), 'member');
  await bot('banChatMember', { chat_id: chat.id, user_id: amal.id });
  assert.equal(await status(), 'kicked');
  assert.deepEqual(await read(`messages?chat=${chat.id}`), []);
  await bot('unbanChatMember', { chat_id: chat.id, user_id: amal.id, only_if_banned: true });
  assert.equal(await status(), 'left');
  await control('join', { chat: chat.id, user: amal.id });
  await bot('unbanChatMember', { chat_id: chat.id, user_id: amal.id });
  assert.equal(await status(), 'left');
});

test('restrict only in supergroups, ends by itself, and keeps the person from writing', async () => {
  const small = await group('group');
  const no = await bot('restrictChatMember', { chat_id: small.chat.id, user_id: small.amal.id, permissions: {} });
  assert.match(no.description, /only for supergroups/);
  const { amal, chat } = await group();
  const until_date = Math.floor(Date.now() / 1000) + 600;
  await bot('restrictChatMember', { chat_id: chat.id, user_id: amal.id, permissions: { can_send_messages: false }, until_date });
  const r = await post(`${base}/_control/say`, { chat: chat.id, user: amal.id, text: 'x' });
  assert.equal(r.status, 409);
  await control('clock', { advance_s: 601 });
  await control('say', { chat: chat.id, user: amal.id, text: 'again' });
});

test('messages older than 48 hours stay', async () => {
  const { amal, chat } = await group();
  const m = await control('say', { chat: chat.id, user: amal.id, text: 'old' });
  await control('clock', { advance_s: 48 * 3600 + 5 });
  assert.equal((await bot('deleteMessage', { chat_id: chat.id, message_id: m.message_id })).status, 400);
  const n = await control('say', { chat: chat.id, user: amal.id, text: 'new' });
  assert.equal((await bot('deleteMessage', { chat_id: chat.id, message_id: n.message_id })).status, 200);
  assert.match((await bot('deleteMessage', { chat_id: chat.id, message_id: n.message_id })).description, /not found/);
});

test('an upgraded group refuses its old id and names the new one', async () => {
  const { chat } = await group('group');
  const fresh = await control('upgrade', { chat: chat.id });
  const r = await bot('sendMessage', { chat_id: chat.id, text: 'a' });
  assert.equal(r.status, 400);
  assert.equal(r.parameters.migrate_to_chat_id, fresh.id);
  const got = await updates();
  assert.deepEqual(
    got.map((u) => u.message.migrate_to_chat_id ?? -u.message.migrate_from_chat_id * -1),
    [fresh.id, chat.id],
  );
  await noViolations();
});

test('faults: 429, 500, drop before, drop after', async () => {
  const { chat } = await group();
  const send = () => bot('sendMessage', { chat_id: chat.id, text: 'a' });
  await control('faults', { method: 'sendMessage', kind: '429', times: 2, retry_after: 7 });
  assert.equal((await send()).parameters.retry_after, 7);
  assert.equal((await send()).status, 429);
  assert.equal((await send()).status, 200);
  await control('faults', { method: 'sendMessage', kind: '502' });
  await assert.rejects(send()); // no JSON in a gateway's answer
  await control('faults', { method: 'sendMessage', kind: 'drop' });
  await assert.rejects(send());
  await control('faults', { method: 'sendMessage', kind: 'accept-then-drop' });
  await assert.rejects(send());
  assert.equal((await read(`messages?chat=${chat.id}`)).length, 2);
});

test('getUpdates keeps until the offset moves; chat_member only when asked for', async () => {
  const { amal, chat } = await group();
  await control('say', { chat: chat.id, user: amal.id, text: 'one' });
  await control('leave', { chat: chat.id, user: amal.id });
  const got = await updates();
  assert.deepEqual(got.map((u) => Object.keys(u)[1]), ['message', 'message']);
  assert.equal((await updates()).length, 2);
  assert.equal((await updates(got[1].update_id + 1)).length, 0);
  await bot('getUpdates', { allowed_updates: ['message', 'chat_member'] });
  await control('join', { chat: chat.id, user: amal.id });
  assert.deepEqual((await updates()).map((u) => Object.keys(u)[1]), ['chat_member', 'message']);
});

async function receiver(answer) {
  const seen = [];
  const server = http.createServer((rq, rs) => {
    let body = '';
    rq.on('data', (d) => (body += d));
    rq.on('end', () => {
      seen.push({ secret: rq.headers['x-telegram-bot-api-secret-token'], update: JSON.parse(body) });
      const a = answer(seen.length, JSON.parse(body));
      rs.writeHead(a.status ?? 200, { 'content-type': 'application/json' });
      rs.end(a.body ?? '');
    });
  });
  await new Promise((r) => server.listen(0, '127.0.0.1', r));
  return { seen, server, url: `http://127.0.0.1:${server.address().port}/hook` };
}

test('webhook: secret header, retries, order per chat, duplicates, a call in the answer', async () => {
  const { amal, chat } = await group();
  let fail = 2;
  const hook = await receiver((_, u) => {
    if (fail-- > 0) return { status: 503 };
    return u.callback_query
      ? { body: JSON.stringify({ method: 'answerCallbackQuery', callback_query_id: u.callback_query.id }) }
      : {};
  });
  const set = await bot('setWebhook', { url: hook.url, secret_token: 's3cret', allowed_updates: ['message', 'callback_query'] });
  assert.equal(set.status, 200);
  assert.equal((await bot('getUpdates')).status, 409);
  for (const text of ['a', 'b', 'c']) await control('say', { chat: chat.id, user: amal.id, text });
  assert.equal((await read('idle')).idle, true);
  assert.deepEqual(hook.seen.map((s) => s.update.message.text), ['a', 'a', 'a', 'b', 'c']);
  assert.ok(hook.seen.every((s) => s.secret === 's3cret'));
  await control('deliveries', { duplicate: 3 });
  const m = await bot('sendMessage', {
    chat_id: chat.id,
    text: 'choose',
    reply_markup: { inline_keyboard: [[{ text: 'Yes', callback_data: 'y' }]] },
  });
  await control('press', { chat: chat.id, message_id: m.result.message_id, user: amal.id });
  await read('idle');
  assert.equal(hook.seen.length, 8);
  await new Promise((r) => setTimeout(r, 20));
  assert.equal((await read('buttons'))[0].answered, true);
  await control('deliveries', { duplicate: 1, shuffle: 20 });
  for (let i = 0; i < 20; i++) await control('say', { chat: chat.id, user: amal.id, text: `n${i}` });
  await read('idle');
  const order = hook.seen.slice(8).map((s) => s.update.message.text);
  assert.equal(new Set(order).size, 20);
  assert.notDeepEqual(order, [...order].sort((x, y) => x.slice(1) - y.slice(1)));
  hook.server.closeAllConnections();
  hook.server.close();
  await noViolations();
});

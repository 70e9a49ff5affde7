// SPDX-License-Identifier: EUPL-1.2
// The control side of the stand-in: what people do, faults, and reading the state. Paths are listed in README.md.
import { readAll } from './request_body.mjs';
import { describeFile } from './telegram_methods.mjs';
import { Refusal, bad } from './telegram_world.mjs';

const KINDS = ['photo', 'voice', 'audio', 'video', 'document'];
const bytesOf = (f) =>
  f.base64 ? Buffer.from(f.base64, 'base64') : Buffer.alloc(Number(f.size ?? 64), f.fill ?? 'x');

function botOf(w, p) {
  const bot = p.bot ? [...w.bots.values()].find((b) => b.id === Number(p.bot)) : w.firstBot;
  if (!bot) throw bad('no such bot');
  return bot;
}

function say(w, p) {
  const person = w.person(p.user);
  const chat = w.chat(p.chat ?? p.user);
  if (chat.type === 'private') {
    if (chat.id !== person.user.id) throw bad('not their private chat');
    person.started.add(botOf(w, p).id);
    person.blocked.delete(botOf(w, p).id);
  } else {
    w.tidy(chat, person.user.id);
    const m = chat.members.get(person.user.id);
    if (!w.present(chat, person.user.id)) throw bad('not in the chat');
    if (m.status === 'restricted' && !m.permissions?.can_send_messages) throw bad('restricted');
  }
  const message = { from: person.user };
  if (p.text !== undefined) message.text = p.text;
  if (p.caption !== undefined) message.caption = p.caption;
  if (p.thread !== undefined) Object.assign(message, { message_thread_id: p.thread, is_topic_message: true });
  for (const kind of KINDS)
    if (p[kind]) {
      const f = typeof p[kind] === 'object' ? p[kind] : {};
      const file = w.addFile({ bytes: bytesOf(f), name: f.name, mime: f.mime });
      message[kind] = describeFile[kind](file, f);
    }
  if (p.reply_to !== undefined) {
    const target = chat.messages.get(p.reply_to);
    if (!target) throw bad('message to be replied not found');
    message.reply_to_message = w.shown(target);
  }
  Object.assign(message, p.extra ?? {});
  const put = w.putMessage(chat, message);
  w.tell(chat, put);
  return put;
}

const acts = {
  reset: (w) => w.reset(),
  bots: (w, p) => ({ ...w.addBot(p).user }),
  users: (w, p) => {
    const person = w.addUser(p);
    if (p.started) person.started.add(botOf(w, p).id);
    return person.user;
  },
  chats: (w, p) => w.chatInfo(w.addChat(p)),
  say,
  flood: (w, p) => {
    // many short texts at once, for load tests: {chat, users:[…] | user, n, text}
    const who = p.users ?? [p.user];
    for (let i = 0; i < p.n; i++) {
      const user = who[i % who.length];
      say(w, { chat: p.private ? user : p.chat, user, text: `${p.text ?? 'message'} ${i}` });
    }
    return { said: p.n };
  },
  edit: (w, p) => {
    const chat = w.chat(p.chat);
    const m = chat.messages.get(p.message_id);
    if (!m) throw bad('no such message');
    m.text = p.text;
    m.edit_date = w.seconds();
    w.tell(chat, m, 'edited_message');
    return m;
  },
  join_request: (w, p) => {
    const chat = w.chat(p.chat);
    const person = w.person(p.user);
    w.tidy(chat, person.user.id);
    if (chat.members.get(person.user.id)?.status === 'kicked') throw bad('banned');
    if (w.present(chat, person.user.id)) throw bad('already in the chat');
    chat.joins.set(person.user.id, { at_ms: w.now() });
    const bot = botOf(w, p);
    const body = { chat: w.chatInfo(chat), from: person.user, user_chat_id: person.user.id, date: w.seconds() };
    if (p.bio) body.bio = p.bio;
    const link = chat.links.find((l) => l.invite_link === p.invite_link);
    if (link) body.invite_link = link;
    if (p.query) {
      body.query_id = `jq${w.nextOther++}`;
      w.joinQueries.set(body.query_id, {
        chat: chat.id,
        user: person.user.id,
        bot: bot.id,
        deadline_ms: w.now() + 10000,
        answered: '',
      });
    }
    if (chat.members.get(bot.id)?.rights?.can_invite_users) w.emit(bot, 'chat_join_request', body, person.user.id);
    return body;
  },
  join: (w, p) => {
    const chat = w.chat(p.chat);
    const user = w.person(p.user).user;
    if (w.tidy(chat, user.id)?.status === 'kicked') throw bad('banned');
    w.setMember(chat, user.id, { status: 'member' }, user);
    w.tell(chat, w.putMessage(chat, { from: user, new_chat_members: [user] }));
    return {};
  },
  leave: (w, p) => {
    const chat = w.chat(p.chat);
    const user = w.person(p.user).user;
    if (!w.present(chat, user.id)) throw bad('not in the chat');
    w.setMember(chat, user.id, { status: 'left' }, user);
    w.tell(chat, w.putMessage(chat, { from: user, left_chat_member: user }));
    return {};
  },
  press: (w, p) => {
    const chat = w.chat(p.chat);
    const m = chat.messages.get(p.message_id);
    const buttons = m?.reply_markup?.inline_keyboard?.flat() ?? [];
    const button = p.data === undefined ? buttons[p.index ?? 0] : buttons.find((b) => b.callback_data === p.data);
    if (!button) throw bad('no such button');
    const id = `cb${w.nextOther++}`;
    w.buttons.set(id, { user: p.user, answered: false });
    const body = {
      id,
      from: w.person(p.user).user,
      message: m,
      chat_instance: `ci${chat.id}`,
      data: button.callback_data,
    };
    w.emit(botOf(w, p), 'callback_query', body, chat.id);
    return { id };
  },
  react: (w, p) => {
    const chat = w.chat(p.chat);
    const body = {
      chat: w.chatInfo(chat),
      message_id: p.message_id,
      user: w.person(p.user).user,
      date: w.seconds(),
      old_reaction: [],
      new_reaction: [{ type: 'emoji', emoji: p.emoji ?? '👍' }],
    };
    w.emit(botOf(w, p), 'message_reaction', body, chat.id);
    return {};
  },
  block: (w, p) => {
    const person = w.person(p.user);
    const bot = botOf(w, p);
    const change = (from, to) => ({
      chat: w.chatInfo(w.chat(person.user.id)),
      from: person.user,
      date: w.seconds(),
      old_chat_member: { status: from, user: w.botUser(bot), ...(from === 'kicked' ? { until_date: 0 } : {}) },
      new_chat_member: { status: to, user: w.botUser(bot), ...(to === 'kicked' ? { until_date: 0 } : {}) },
    });
    if (p.undo) {
      person.blocked.delete(bot.id);
      w.emit(bot, 'my_chat_member', change('kicked', 'member'), person.user.id);
    } else {
      person.blocked.add(bot.id);
      w.emit(bot, 'my_chat_member', change('member', 'kicked'), person.user.id);
    }
    return {};
  },
  vanish: (w, p) => {
    w.person(p.user).gone = true;
    return {};
  },
  put_out_bot: (w, p) => {
    const bot = botOf(w, p);
    w.setMember(w.chat(p.chat), bot.id, { status: 'kicked', until: 0 }, w.person(p.user).user);
    return {};
  },
  upgrade: (w, p) => w.chatInfo(w.upgrade(p.chat)),
  update: (w, p) => {
    const bot = botOf(w, p);
    bot.delivery.pushRaw({ update_id: bot.delivery.nextId++, ...p.update }, p.key ?? 'raw');
    return {};
  },
  faults: (w, p) => {
    w.faults.push({ method: p.method ?? '*', times: p.times ?? 1, skip: p.skip ?? 0, ...p });
    return { active: w.faults };
  },
  clear_faults: (w) => {
    w.faults = [];
    return {};
  },
  deliveries: (w, p) => {
    const d = botOf(w, p).delivery;
    if (p.duplicate !== undefined) d.copies = Math.max(1, p.duplicate);
    if (p.shuffle !== undefined) d.hold = p.shuffle;
    if (p.release) d.release();
    return { duplicate: d.copies, shuffle: d.hold };
  },
  clock: (w, p) => {
    w.offset_ms += (p.advance_s ?? 0) * 1000;
    return { now_ms: w.now() };
  },
};

const reads = {
  state: (w) => ({
    bots: [...w.bots.values()].map((b) => ({ id: b.id, webhook: b.delivery.hook?.url ?? '', allowed: b.delivery.allowed, pending: b.delivery.pending.size, commands: b.commands })),
    users: [...w.users.values()].map((p) => ({ ...p.user, started: [...p.started], blocked: [...p.blocked] })),
    chats: [...w.chats.values()].map((c) => ({ ...w.chatInfo(c), messages: c.messages.size, migrated_to: c.migratedTo })),
    violations: w.violations.length,
    own_violations: w.ownViolations,
    counts: w.counts,
  }),
  messages: (w, q) => [...(w.chats.get(Number(q.get('chat')))?.messages.values() ?? [])],
  members: (w, q) => {
    const chat = w.chats.get(Number(q.get('chat')));
    return chat ? [...chat.members.keys()].map((id) => (w.tidy(chat, id), w.memberInfo(chat, id))) : [];
  },
  joins: (w, q) => [...(w.chats.get(Number(q.get('chat')))?.joins.keys() ?? [])],
  violations: (w) => ({ requests: w.violations, updates: w.ownViolations, late_join_queries: w.overdueJoinQueries() }),
  requests: (w, q) => ({
    counts: w.counts,
    log: w.requests.filter((r) => !q.get('method') || r.method === q.get('method')),
  }),
  deliveries: (w, q) => botOf(w, { bot: q.get('bot') }).delivery.log,
  buttons: (w) => [...w.buttons].map(([id, b]) => ({ id, ...b })),
  files: (w) => [...w.files.values()].map(({ file_id, path, name, mime, bytes }) => ({ file_id, path, name, mime, size: bytes.length })),
};

async function idle(w, q) {
  const end = Date.now() + Number(q.get('ms') ?? 5000);
  const still = () => [...w.bots.values()].every((b) => b.delivery.idle);
  while (!still() && Date.now() < end) await new Promise((r) => setTimeout(r, 5));
  return { idle: still() };
}

export async function control(world, request, response, url) {
  const name = url.pathname.slice('/_control/'.length);
  const done = (status, value) => {
    const text = JSON.stringify(value ?? {});
    response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) });
    response.end(text);
  };
  try {
    if (request.method === 'GET') {
      if (name === 'idle') return done(200, await idle(world, url.searchParams));
      return reads[name] ? done(200, reads[name](world, url.searchParams)) : done(404, { error: 'unknown' });
    }
    const body = await readAll(request);
    const act = acts[name];
    return act ? done(200, act(world, body.length ? JSON.parse(body.toString('utf8')) : {})) : done(404, { error: 'unknown' });
  } catch (e) {
    if (e instanceof Refusal || e instanceof SyntaxError) return done(409, { error: e.message });
    throw e;
  }
}

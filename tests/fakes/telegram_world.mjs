// SPDX-License-Identifier: EUPL-1.2
// The world behind the stand-in: bots, people, chats, messages, join requests, files, and the clock they share.
import { checkUpdate } from './telegram_contract.mjs';
import { Delivery } from './telegram_delivery.mjs';

export class Refusal extends Error {
  constructor(code, description, parameters) {
    super(description);
    this.code = code;
    this.parameters = parameters;
  }
}
export const bad = (text, parameters) => new Refusal(400, `Bad Request: ${text}`, parameters);
export const forbidden = (text) => new Refusal(403, `Forbidden: ${text}`);

const ADMIN_RIGHTS = {
  can_be_edited: false,
  is_anonymous: false,
  can_manage_chat: true,
  can_delete_messages: true,
  can_manage_video_chats: true,
  can_restrict_members: true,
  can_promote_members: false,
  can_change_info: true,
  can_invite_users: true,
  can_post_stories: false,
  can_edit_stories: false,
  can_delete_stories: false,
  can_pin_messages: true,
  can_manage_topics: false,
};
export const PERMISSIONS = [
  'can_send_messages',
  'can_send_audios',
  'can_send_documents',
  'can_send_photos',
  'can_send_videos',
  'can_send_video_notes',
  'can_send_voice_notes',
  'can_send_polls',
  'can_send_other_messages',
  'can_add_web_page_previews',
  'can_react_to_messages',
  'can_edit_tag',
  'can_change_info',
  'can_invite_users',
  'can_pin_messages',
  'can_manage_topics',
];

export class World {
  constructor(options) {
    this.options = options;
    this.reset();
  }

  reset() {
    this.offset_ms = 0;
    this.seed = 42;
    this.bots = new Map(); // token → bot
    this.users = new Map();
    this.chats = new Map();
    this.files = new Map(); // file_id → { bytes, path, mime, name }
    this.buttons = new Map(); // callback query id → { user, answered }
    this.joinQueries = new Map(); // query id → { chat, user, bot, deadline_ms, answered }
    this.violations = [];
    this.ownViolations = [];
    this.requests = [];
    this.counts = {};
    this.faults = [];
    this.nextUser = 1000001;
    this.nextChat = 2000001;
    this.nextMessage = 1; // shared by private chats and basic groups
    this.nextOther = 1;
    for (const token of this.options.tokens) this.addBot({ token });
  }

  now() {
    return Date.now() + this.offset_ms;
  }
  seconds() {
    return Math.floor(this.now() / 1000);
  }
  random() {
    this.seed = (this.seed * 1103515245 + 12345) % 2147483648;
    return this.seed / 2147483648;
  }

  addBot({ token, username, readsAll = false }) {
    const id = Number(token.split(':')[0]);
    const user = {
      id,
      is_bot: true,
      first_name: 'Passerelle',
      username: username ?? `passerelle_${id}_bot`,
      can_join_groups: true,
      can_read_all_group_messages: readsAll,
      supports_inline_queries: false,
    };
    const bot = { id, token, user, commands: [] };
    bot.delivery = new Delivery(this, bot);
    this.bots.set(token, bot);
    return bot;
  }
  get firstBot() {
    return [...this.bots.values()][0];
  }
  botUser(bot) {
    const { id, is_bot, first_name, username } = bot.user;
    return { id, is_bot, first_name, username };
  }

  addUser(o) {
    const id = o.id ?? this.nextUser++;
    const user = { id, is_bot: false, first_name: o.first_name ?? `User ${id}` };
    for (const k of ['last_name', 'username', 'language_code']) if (o[k]) user[k] = o[k];
    const person = { user, started: new Set(), blocked: new Set(), gone: false };
    this.users.set(id, person);
    this.chats.set(id, { id, type: 'private', person, members: new Map(), messages: new Map(), joins: new Map() });
    return person;
  }
  person(id) {
    const p = this.users.get(Number(id));
    if (!p) throw bad('user not found');
    return p;
  }

  addChat(o) {
    const type = o.type ?? 'supergroup';
    const id = o.id ?? (type === 'group' ? -this.nextChat++ : Number(`-100${this.nextChat++}`));
    const chat = {
      id,
      type,
      title: o.title ?? `Chat ${id}`,
      username: o.username,
      forum: Boolean(o.is_forum),
      members: new Map(),
      messages: new Map(),
      joins: new Map(),
      links: [],
      next: 1,
    };
    this.chats.set(id, chat);
    for (const bot of this.bots.values())
      if (!o.bots || o.bots.includes(bot.id)) {
        const rights = { ...ADMIN_RIGHTS, ...(o.bot_rights ?? {}) };
        chat.members.set(bot.id, { status: o.bot_status ?? 'administrator', rights });
      }
    for (const m of o.members ?? []) chat.members.set(Number(m), { status: 'member' });
    for (const m of o.admins ?? []) chat.members.set(Number(m), { status: 'administrator', rights: ADMIN_RIGHTS });
    if (o.owner) chat.members.set(Number(o.owner), { status: 'creator' });
    return chat;
  }
  chat(id) {
    const c =
      typeof id === 'string' && id.startsWith('@')
        ? [...this.chats.values()].find((x) => x.username === id.slice(1))
        : this.chats.get(Number(id));
    if (!c) throw bad('chat not found');
    if (c.migratedTo)
      throw bad('group chat was upgraded to a supergroup chat', { migrate_to_chat_id: c.migratedTo });
    return c;
  }
  chatInfo(c) {
    if (c.type === 'private') {
      const { first_name, last_name, username } = c.person.user;
      const out = { id: c.id, type: 'private', first_name };
      if (last_name) out.last_name = last_name;
      if (username) out.username = username;
      return out;
    }
    const out = { id: c.id, type: c.type, title: c.title };
    if (c.username) out.username = c.username;
    if (c.forum) out.is_forum = true;
    return out;
  }
  userInfo(id) {
    const bot = [...this.bots.values()].find((b) => b.id === id);
    return bot ? this.botUser(bot) : this.person(id).user;
  }
  memberInfo(chat, id) {
    const m = chat.members.get(id) ?? { status: 'left' };
    const user = this.userInfo(id);
    const base = { status: m.status, user };
    switch (m.status) {
      case 'creator':
        return { ...base, is_anonymous: false };
      case 'administrator':
        return { ...base, ...m.rights };
      case 'restricted':
        return {
          ...base,
          is_member: m.isMember ?? true,
          ...Object.fromEntries(PERMISSIONS.map((p) => [p, m.permissions?.[p] ?? false])),
          until_date: m.until ?? 0,
        };
      case 'kicked':
        return { ...base, until_date: m.until ?? 0 };
      default:
        return base;
    }
  }
  present(chat, id) {
    const m = chat.members.get(id);
    return Boolean(m) && ['member', 'administrator', 'creator'].includes(m.status)
      ? true
      : m?.status === 'restricted' && (m.isMember ?? true);
  }
  // Sanctions end by themselves.
  tidy(chat, id) {
    const m = chat.members.get(id);
    if (m?.until && m.until <= this.seconds()) {
      if (m.status === 'restricted') chat.members.set(id, { status: m.isMember === false ? 'left' : 'member' });
      if (m.status === 'kicked') chat.members.set(id, { status: 'left' });
    }
    return chat.members.get(id);
  }

  // Changes a member's state and tells the bots that may know.
  setMember(chat, id, next, byUser, extra = {}) {
    const before = this.memberInfo(chat, id);
    chat.members.set(id, next);
    const after = this.memberInfo(chat, id);
    const body = {
      chat: this.chatInfo(chat),
      from: byUser,
      date: this.seconds(),
      old_chat_member: before,
      new_chat_member: after,
      ...extra,
    };
    for (const bot of this.bots.values()) {
      if (bot.id === id) this.emit(bot, 'my_chat_member', body, chat.id);
      else if (chat.members.get(bot.id)?.status === 'administrator') this.emit(bot, 'chat_member', body, chat.id);
    }
  }

  emit(bot, kind, body, key) {
    const problems = checkUpdate({ update_id: 1, [kind]: body });
    if (problems.length) this.ownViolations.push({ kind, problems });
    return bot.delivery.push(kind, body, key);
  }

  // Stores a message and returns it as Telegram shows it.
  putMessage(chat, message) {
    const message_id = chat.type === 'supergroup' ? chat.next++ : this.nextMessage++;
    const full = { message_id, date: this.seconds(), chat: this.chatInfo(chat), ...message };
    chat.messages.set(message_id, full);
    return full;
  }
  // Tells bots about a message of a person (privacy mode: only administrators and bots that read all see group text).
  tell(chat, message, kind = 'message') {
    for (const bot of this.bots.values()) {
      if (chat.type === 'private') {
        if (!chat.person.started.has(bot.id) || chat.person.blocked.has(bot.id)) continue;
      } else {
        if (!this.present(chat, bot.id)) continue;
        const sees =
          bot.user.can_read_all_group_messages ||
          chat.members.get(bot.id).status === 'administrator' ||
          message.text?.startsWith('/') ||
          message.text?.includes(`@${bot.user.username}`) ||
          message.reply_to_message?.from?.id === bot.id ||
          message.migrate_to_chat_id !== undefined ||
          message.migrate_from_chat_id !== undefined;
        if (!sees) continue;
      }
      this.emit(bot, kind, message, chat.id);
    }
  }
  shown(message) {
    const { reply_to_message: _, ...rest } = message;
    return rest;
  }

  addFile({ bytes, name, mime }) {
    const n = this.nextOther++;
    const file_id = `AgAD-file-${n}-${'x'.repeat(20)}`;
    const extension = /\.([A-Za-z0-9]{1,8})$/.exec(name ?? '')?.[1] ?? 'bin';
    const file = { file_id, file_unique_id: `AQ${n}`, bytes, path: `documents/file_${n}.${extension}`, name, mime };
    this.files.set(file_id, file);
    return file;
  }

  // Group → supergroup: a new id, both service messages, the old id refuses from now on.
  upgrade(chatId) {
    const old = this.chat(chatId);
    if (old.type !== 'group') throw bad('only a group can be upgraded');
    const fresh = this.addChat({ type: 'supergroup', title: old.title, bots: [] });
    fresh.members = new Map(old.members);
    const from = this.botUser(this.firstBot);
    const leaving = this.putMessage(old, { from, migrate_to_chat_id: fresh.id });
    const arriving = this.putMessage(fresh, { from, migrate_from_chat_id: old.id });
    this.tell(old, leaving);
    this.tell(fresh, arriving);
    old.migratedTo = fresh.id;
    fresh.migratedFrom = old.id;
    return fresh;
  }

  overdueJoinQueries() {
    const late = [];
    for (const [id, q] of this.joinQueries)
      if (q.late || (!q.answered && this.now() > q.deadline_ms)) late.push({ query_id: id, chat: q.chat, user: q.user });
    return late;
  }

  callFromWebhook(bot, method, parameters) {
    this.onWebhookCall?.(bot, method, parameters);
  }
}

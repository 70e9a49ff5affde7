// SPDX-License-Identifier: EUPL-1.2
// The Bot API methods the stand-in knows. Each gets the world, the bot and checked parameters and returns the result
// or throws a Refusal with Telegram's code and words.
import { Refusal, bad, forbidden, PERMISSIONS } from './telegram_world.mjs';

const JOIN_CHAT_MS = 5 * 60 * 1000;
const JOIN_EXPIRES_MS = 24 * 3600 * 1000;
const DELETE_MS = 48 * 3600 * 1000;
const FILE_MAX = 20 * 1024 * 1024;

function botMember(w, bot, chat) {
  const m = chat.members.get(bot.id);
  if (m?.status === 'kicked') throw forbidden(`bot was kicked from the ${chat.type} chat`);
  if (!w.present(chat, bot.id)) throw forbidden(`bot is not a member of the ${chat.type} chat`);
  return m;
}
function need(w, bot, chat, right, words) {
  const m = botMember(w, bot, chat);
  if (m.status !== 'creator' && !(m.status === 'administrator' && m.rights[right])) throw bad(words);
}

// May this bot write there now?
function reach(w, bot, chat) {
  if (chat.type !== 'private') {
    const m = botMember(w, bot, chat);
    if (m.status === 'restricted') throw bad('not enough rights to send text messages to the chat');
    return;
  }
  const p = chat.person;
  if (p.gone) throw forbidden('user is deactivated');
  if (p.blocked.has(bot.id)) throw forbidden('bot was blocked by the user');
  if (p.started.has(bot.id)) return;
  for (const c of w.chats.values()) {
    const ask = c.joins.get(p.user.id);
    if (ask && w.present(c, bot.id) && w.now() - ask.at_ms <= JOIN_CHAT_MS) return;
  }
  throw forbidden("bot can't initiate conversation with a user");
}

function reply(w, chat, p) {
  const r = p.reply_parameters;
  if (!r) return {};
  const target = chat.messages.get(r.message_id);
  if (target) return { reply_to_message: w.shown(target) };
  if (r.allow_sending_without_reply) return {};
  throw bad('message to be replied not found');
}

function thread(chat, p) {
  if (p.message_thread_id === undefined) return {};
  if (!chat.forum && chat.type !== 'private') throw bad('message thread not found');
  return { message_thread_id: p.message_thread_id, is_topic_message: true };
}

function markup(p) {
  const m = p.reply_markup;
  if (!m?.inline_keyboard) return {};
  for (const row of m.inline_keyboard)
    for (const b of row) {
      if (b.text.length === 0) throw bad("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard");
      if (b.callback_data !== undefined) {
        const n = Buffer.byteLength(b.callback_data);
        if (n < 1 || n > 64) throw bad('BUTTON_DATA_INVALID');
      }
    }
  return { reply_markup: m };
}

// Length counts UTF-16 units, after entities: tags of parse_mode HTML do not count.
function words(p, field, max, tooLong) {
  let text = p[field] ?? '';
  if (/^html$/i.test(p.parse_mode ?? '')) text = text.replace(/<[^>]*>/g, '');
  if (text.length > max) throw bad(tooLong);
  return text;
}

function sendText(w, bot, p) {
  const chat = w.chat(p.chat_id);
  reach(w, bot, chat);
  const text = words(p, 'text', 4096, 'message is too long');
  if (text.trim() === '') throw bad('message text is empty');
  return w.putMessage(chat, {
    from: w.botUser(bot),
    text: text.trim(),
    ...thread(chat, p),
    ...reply(w, chat, p),
    ...markup(p),
  });
}

function sendFile(kind, max, describe) {
  return (w, bot, p) => {
    const chat = w.chat(p.chat_id);
    reach(w, bot, chat);
    const caption = words(p, 'caption', 1024, 'message caption is too long');
    const given = p[kind];
    let file;
    if (typeof given === 'string') {
      file = w.files.get(given);
      if (!file) throw bad('wrong file identifier/HTTP URL specified');
    } else {
      if (given.bytes.length === 0) throw bad('file must be non-empty');
      if (given.bytes.length > max) throw new Refusal(413, 'Request Entity Too Large');
      file = w.addFile({ bytes: given.bytes, name: given.name, mime: given.type });
    }
    const message = { from: w.botUser(bot), [kind]: describe(file, p), ...thread(chat, p), ...reply(w, chat, p), ...markup(p) };
    if (caption) message.caption = caption;
    return w.putMessage(chat, message);
  };
}

const ids = (f) => ({ file_id: f.file_id, file_unique_id: f.file_unique_id, file_size: f.bytes.length });
export const describeFile = {
  photo: (f) => [
    { ...ids(f), file_id: `${f.file_id}-s`, width: 90, height: 90, file_size: Math.min(f.bytes.length, 1200) },
    { ...ids(f), width: 1280, height: 1280 },
  ],
  voice: (f, p) => ({ ...ids(f), duration: p.duration ?? 1, mime_type: f.mime ?? 'audio/ogg' }),
  audio: (f, p) => ({ ...ids(f), duration: p.duration ?? 1, mime_type: f.mime ?? 'audio/mpeg', file_name: f.name ?? 'audio' }),
  video: (f, p) => ({ ...ids(f), width: 640, height: 360, duration: p.duration ?? 1, mime_type: f.mime ?? 'video/mp4' }),
  document: (f) => ({ ...ids(f), file_name: f.name ?? 'file', mime_type: f.mime ?? 'application/octet-stream' }),
};

function forgetMessage(w, bot, chat, id) {
  const m = chat.messages.get(id);
  if (!m) throw bad('message to delete not found');
  if (w.now() - m.date * 1000 > DELETE_MS) throw bad("message can't be deleted for everyone");
  if (chat.type !== 'private' && m.from?.id !== bot.id)
    need(w, bot, chat, 'can_delete_messages', "message can't be deleted");
  chat.messages.delete(id);
}

// Bans and restrictions shorter than 30 s or longer than 366 days are for ever.
function until(w, p) {
  const at = p.until_date ?? 0;
  const left = at - w.seconds();
  return at === 0 || left < 30 || left > 366 * 86400 ? 0 : at;
}

function target(w, chat, id) {
  w.userInfo(id);
  const m = w.tidy(chat, id);
  if (m?.status === 'creator') throw bad("can't remove chat owner");
  if (m?.status === 'administrator') throw bad('user is an administrator of the chat');
  return m;
}

function joinOf(w, bot, p) {
  const chat = w.chat(p.chat_id);
  need(w, bot, chat, 'can_invite_users', 'not enough rights to manage join requests');
  const ask = chat.joins.get(p.user_id);
  if (w.present(chat, p.user_id)) throw bad('USER_ALREADY_PARTICIPANT');
  if (!ask || w.now() - ask.at_ms > JOIN_EXPIRES_MS) throw bad('HIDE_REQUESTER_MISSING');
  return chat;
}
function admit(w, bot, chat, userId) {
  chat.joins.delete(userId);
  const by = w.botUser(bot);
  w.setMember(chat, userId, { status: 'member' }, by, { via_join_request: true });
  const user = w.userInfo(userId);
  w.tell(chat, w.putMessage(chat, { from: user, new_chat_members: [user] }));
}

export const methods = {
  getMe: (w, bot) => ({ ...bot.user }),

  setWebhook(w, bot, p) {
    if (p.url === '') return methods.deleteWebhook(w, bot, p);
    let url;
    try {
      url = new URL(p.url);
    } catch {
      throw bad('bad webhook: Failed to resolve host: Name or service not known');
    }
    const local = ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname);
    if (url.protocol !== 'https:' && !local) throw bad('bad webhook: An HTTPS URL must be provided for webhook');
    if (p.secret_token !== undefined && !/^[A-Za-z0-9_-]{1,256}$/.test(p.secret_token))
      throw bad('secret token contains unallowed characters');
    const max = p.max_connections ?? 40;
    if (max < 1 || max > 100) throw bad('max_connections must be 1-100');
    const d = bot.delivery;
    if (p.allowed_updates) d.allowed = p.allowed_updates.length ? p.allowed_updates : null;
    if (p.drop_pending_updates) for (const e of [...d.pending]) d.remove(e);
    d.hook = { url: p.url, secret: p.secret_token ?? '', max };
    d.pumpAll();
    return true;
  },
  deleteWebhook(w, bot, p) {
    const d = bot.delivery;
    d.hook = null;
    if (p.drop_pending_updates) for (const e of [...d.pending]) d.remove(e);
    return true;
  },
  getWebhookInfo(w, bot) {
    const d = bot.delivery;
    const info = { url: d.hook?.url ?? '', has_custom_certificate: false, pending_update_count: d.pending.size };
    if (d.hook) info.max_connections = d.hook.max;
    if (d.allowed) info.allowed_updates = d.allowed;
    if (d.lastError) {
      info.last_error_date = Math.floor(d.lastError.at_ms / 1000);
      info.last_error_message = d.lastError.message;
    }
    return info;
  },
  async getUpdates(w, bot, p) {
    const d = bot.delivery;
    if (d.hook)
      throw new Refusal(409, "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first");
    if (p.allowed_updates) d.allowed = p.allowed_updates.length ? p.allowed_updates : null;
    const limit = Math.min(Math.max(p.limit ?? 100, 1), 100);
    const got = await d.poll(p.offset ?? 0, limit, Math.min(p.timeout ?? 0, 50));
    if (!got)
      throw new Refusal(409, 'Conflict: terminated by other getUpdates request; make sure that only one bot instance is running');
    return got;
  },

  sendMessage: sendText,
  sendPhoto: sendFile('photo', 10 * 1024 * 1024, describeFile.photo),
  sendVoice: sendFile('voice', 50 * 1024 * 1024, describeFile.voice),
  sendAudio: sendFile('audio', 50 * 1024 * 1024, describeFile.audio),
  sendVideo: sendFile('video', 50 * 1024 * 1024, describeFile.video),
  sendDocument: sendFile('document', 50 * 1024 * 1024, describeFile.document),
  sendChatAction(w, bot, p) {
    reach(w, bot, w.chat(p.chat_id));
    return true;
  },
  editMessageText(w, bot, p) {
    const chat = w.chat(p.chat_id);
    const m = chat.messages.get(p.message_id);
    if (!m) throw bad('message to edit not found');
    if (m.from?.id !== bot.id) throw bad("message can't be edited");
    const text = words(p, 'text', 4096, 'message is too long');
    const next = markup(p);
    if (m.text === text && JSON.stringify(m.reply_markup) === JSON.stringify(next.reply_markup))
      throw bad('message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message');
    m.text = text;
    m.edit_date = w.seconds();
    if (next.reply_markup) m.reply_markup = next.reply_markup;
    else delete m.reply_markup;
    return m;
  },
  editMessageCaption(w, bot, p) {
    const chat = w.chat(p.chat_id);
    const m = chat.messages.get(p.message_id);
    if (!m) throw bad('message to edit not found');
    if (m.from?.id !== bot.id || m.text !== undefined) throw bad("message can't be edited");
    const caption = words(p, 'caption', 1024, 'message caption is too long');
    if (m.caption === caption) throw bad('message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message');
    m.caption = caption;
    m.edit_date = w.seconds();
    return m;
  },
  deleteMessage(w, bot, p) {
    forgetMessage(w, bot, w.chat(p.chat_id), p.message_id);
    return true;
  },
  deleteMessages(w, bot, p) {
    if (p.message_ids.length < 1 || p.message_ids.length > 100) throw bad('message identifiers must be 1-100');
    const chat = w.chat(p.chat_id);
    for (const id of p.message_ids) if (chat.messages.has(id)) forgetMessage(w, bot, chat, id);
    return true;
  },

  restrictChatMember(w, bot, p) {
    const chat = w.chat(p.chat_id);
    if (chat.type !== 'supergroup') throw bad('method is available only for supergroups');
    need(w, bot, chat, 'can_restrict_members', 'not enough rights to restrict/unrestrict chat member');
    const m = target(w, chat, p.user_id);
    if (m?.status === 'kicked') throw bad('PARTICIPANT_ID_INVALID');
    const inside = w.present(chat, p.user_id);
    const all = PERMISSIONS.slice(0, 10).every((k) => p.permissions[k]);
    const next = all
      ? { status: inside ? 'member' : 'left' }
      : { status: 'restricted', permissions: p.permissions, until: until(w, p), isMember: inside };
    w.setMember(chat, p.user_id, next, w.botUser(bot));
    return true;
  },
  banChatMember(w, bot, p) {
    const chat = w.chat(p.chat_id);
    if (chat.type === 'private') throw bad("can't ban members in private chats");
    need(w, bot, chat, 'can_restrict_members', 'not enough rights to restrict/unrestrict chat member');
    target(w, chat, p.user_id);
    w.setMember(chat, p.user_id, { status: 'kicked', until: until(w, p) }, w.botUser(bot));
    if (chat.type === 'supergroup' || p.revoke_messages)
      for (const [id, m] of chat.messages) if (m.from?.id === p.user_id) chat.messages.delete(id);
    chat.joins.delete(p.user_id);
    return true;
  },
  unbanChatMember(w, bot, p) {
    const chat = w.chat(p.chat_id);
    if (chat.type !== 'supergroup') throw bad('method is available for supergroup and channel chats only');
    need(w, bot, chat, 'can_restrict_members', 'not enough rights to restrict/unrestrict chat member');
    const m = target(w, chat, p.user_id);
    if (m?.status === 'kicked') w.setMember(chat, p.user_id, { status: 'left' }, w.botUser(bot));
    else if (!p.only_if_banned && w.present(chat, p.user_id))
      w.setMember(chat, p.user_id, { status: 'left' }, w.botUser(bot)); // the trap: a present member is put out
    return true;
  },
  approveChatJoinRequest(w, bot, p) {
    admit(w, bot, joinOf(w, bot, p), p.user_id);
    return true;
  },
  declineChatJoinRequest(w, bot, p) {
    joinOf(w, bot, p).joins.delete(p.user_id);
    return true;
  },
  answerChatJoinRequestQuery(w, bot, p) {
    if (!['approve', 'decline', 'queue'].includes(p.result)) throw bad('wrong result specified');
    const q = w.joinQueries.get(p.chat_join_request_query_id);
    if (!q || q.bot !== bot.id || q.answered) throw bad('QUERY_ID_INVALID');
    if (w.now() > q.deadline_ms) {
      q.late = true;
      throw bad('query is too old and response timeout expired or query ID is invalid');
    }
    q.answered = p.result;
    const chat = w.chat(q.chat);
    if (p.result === 'approve') admit(w, bot, chat, q.user);
    if (p.result === 'decline') chat.joins.delete(q.user);
    return true;
  },
  createChatInviteLink(w, bot, p) {
    const chat = w.chat(p.chat_id);
    need(w, bot, chat, 'can_invite_users', 'not enough rights to manage chat invite link');
    if (p.creates_join_request && p.member_limit !== undefined)
      throw bad("member limit can't be specified for links requiring administrator approval");
    if ((p.name ?? '').length > 32) throw bad('invite link name is too long');
    const link = {
      invite_link: `https://t.me/+fake${w.nextOther++}`,
      creator: w.botUser(bot),
      creates_join_request: p.creates_join_request ?? false,
      is_primary: false,
      is_revoked: false,
    };
    for (const k of ['name', 'expire_date', 'member_limit']) if (p[k] !== undefined) link[k] = p[k];
    chat.links.push(link);
    return link;
  },
  getChat(w, bot, p) {
    const chat = w.chat(p.chat_id);
    if (chat.type !== 'private') botMember(w, bot, chat);
    return {
      ...w.chatInfo(chat),
      accent_color_id: 0,
      max_reaction_count: 11,
      accepted_gift_types: {
        unlimited_gifts: false,
        limited_gifts: false,
        unique_gifts: false,
        premium_subscription: false,
        gifts_from_channels: false,
      },
    };
  },
  getChatMember(w, bot, p) {
    const chat = w.chat(p.chat_id);
    botMember(w, bot, chat);
    w.tidy(chat, p.user_id);
    return w.memberInfo(chat, p.user_id);
  },
  getChatMemberCount(w, bot, p) {
    const chat = w.chat(p.chat_id);
    botMember(w, bot, chat);
    return [...chat.members.keys()].filter((id) => w.present(chat, id)).length;
  },
  getFile(w, bot, p) {
    const file = w.files.get(p.file_id) ?? w.files.get(p.file_id.replace(/-s$/, ''));
    if (!file) throw bad('wrong file_id or the file is temporarily unavailable');
    if (file.bytes.length > FILE_MAX) throw bad('file is too big');
    return { ...ids(file), file_path: file.path };
  },
  leaveChat(w, bot, p) {
    const chat = w.chat(p.chat_id);
    botMember(w, bot, chat);
    w.setMember(chat, bot.id, { status: 'left' }, w.botUser(bot));
    return true;
  },
  answerCallbackQuery(w, bot, p) {
    const q = w.buttons.get(p.callback_query_id);
    if (!q || q.answered) throw bad('query is too old and response timeout expired or query ID is invalid');
    if ((p.text ?? '').length > 200) throw bad('MESSAGE_TOO_LONG');
    q.answered = true;
    q.text = p.text;
    return true;
  },
  setMyCommands(w, bot, p) {
    bot.commands = p.commands;
    return true;
  },
};

// SPDX-License-Identifier: EUPL-1.2
// A stateful Matrix homeserver for one application service: rooms, members, power, aliases, timelines, media, and the pushing
// of transactions. See README.md. Every request is checked against the official OpenAPI parts.
import http from 'node:http';
import crypto from 'node:crypto';
import { checkContent, checkRequest } from './matrix_contract.mjs';

const args = process.argv.slice(2);
const arg = (name, otherwise) => (args.includes(name) ? args[args.indexOf(name) + 1] : otherwise);
const SERVER = arg('--server', 'hs.example');
const RETRY_SCALE = Number(arg('--retry-scale', '0.01'));

class MatrixError extends Error {
  constructor(status, errcode, more = {}) {
    super(errcode);
    Object.assign(this, { status, body: { errcode, error: errcode, ...more }, retryAfter: more.retry_after });
  }
}
const refuse = (status, errcode, more) => {
  throw new MatrixError(status, errcode, more);
};
const random = () => crypto.randomBytes(9).toString('base64url');

const world = {
  service: null, // { url, as_token, hs_token, user }
  rooms: new Map(),
  aliases: new Map(),
  media: new Map(),
  done: new Map(), // transaction ids of ours → event id
  faults: [],
  requests: [],
  violations: [],
  own: [],
};

// ---- rooms ----

function makeRoom({ creator, join_rules = 'invite', encrypted = false, alias = null, users = {} }) {
  const room = {
    id: `!${random()}:${SERVER}`,
    state: new Map(), // type|key → event
    timeline: [],
    members: new Map(), // user → membership
  };
  world.rooms.set(room.id, room);
  put(room, { type: 'm.room.create', state_key: '', sender: creator, content: { creator, room_version: '10' } });
  member(room, creator, creator, 'join');
  put(room, {
    type: 'm.room.power_levels',
    state_key: '',
    sender: creator,
    content: { users: { [creator]: 100, ...users }, users_default: 0, events_default: 0, state_default: 50, ban: 50, kick: 50, redact: 50, invite: 0 },
  });
  put(room, { type: 'm.room.join_rules', state_key: '', sender: creator, content: { join_rule: join_rules } });
  if (encrypted) put(room, { type: 'm.room.encryption', state_key: '', sender: creator, content: { algorithm: 'm.megolm.v1.aes-sha2' } });
  if (alias) world.aliases.set(alias, room.id);
  return room;
}
const roomOf = (id) => world.rooms.get(id) ?? refuse(404, 'M_NOT_FOUND');
const levels = (room) => room.state.get('m.room.power_levels|').content;
const levelOf = (room, user) => levels(room).users?.[user] ?? levels(room).users_default ?? 0;
const within = (room, user) => room.members.get(user) === 'join' || refuse(403, 'M_FORBIDDEN');
const mayDo = (room, user, what) => within(room, user) && (levelOf(room, user) >= (levels(room)[what] ?? 50) || refuse(403, 'M_FORBIDDEN'));

function put(room, event) {
  const before = event.state_key === undefined ? undefined : room.state.get(`${event.type}|${event.state_key}`);
  const full = { event_id: `$${random()}`, room_id: room.id, origin_server_ts: Date.now(), ...event };
  if (before) full.unsigned = { prev_content: before.content };
  if (event.state_key !== undefined) room.state.set(`${event.type}|${event.state_key}`, full);
  if (['m.room.message', 'm.room.member', 'm.room.tombstone', 'm.room.power_levels'].includes(event.type)) {
    const problems = checkContent(event.type, event.content);
    if (problems.length) world.own.push({ type: event.type, problems });
  }
  room.timeline.push(full);
  push(room, full);
  return full;
}

function member(room, sender, user, membership, more = {}) {
  room.members.set(user, membership);
  return put(room, { type: 'm.room.member', state_key: user, sender, content: { membership, displayname: names.get(user), ...more } });
}
const names = new Map();

// ---- pushing to the application service ----

const queue = [];
let copies = 1;
let hold = 0;
let held = [];
let txn = 0;
let pushing = false;
const deliveries = [];

// As the specification says: rooms where the service's user is, and what concerns that user.
function push(room, event) {
  if (!world.service) return;
  const me = world.service.user;
  if (room.members.get(me) !== 'join' && event.state_key !== me) return;
  if (hold > 0) {
    held.push(event);
    if (held.length >= hold) release();
  } else enqueue([event]);
}
function release() {
  const events = held;
  held = [];
  hold = 0;
  for (let i = events.length - 1; i > 0; i--) {
    const j = Math.floor(Math.random() * (i + 1));
    [events[i], events[j]] = [events[j], events[i]];
  }
  while (events.length) enqueue(events.splice(0, 1 + Math.floor(Math.random() * 4)));
}
function enqueue(events) {
  const id = `t${++txn}`;
  for (let i = 0; i < copies; i++) queue.push({ id: i % 2 ? `${id}-again-${i}` : id, events, tries: 0 });
  void pump();
}
async function pump() {
  if (pushing) return;
  pushing = true;
  while (queue.length) {
    const t = queue[0];
    const status = await deliver(t);
    deliveries.push({ id: t.id, status, tries: ++t.tries });
    if (status === 200) queue.shift();
    else await new Promise((r) => setTimeout(r, Math.min(2 ** t.tries, 60) * 1000 * RETRY_SCALE));
  }
  pushing = false;
}
function deliver(t) {
  const body = JSON.stringify({ events: t.events });
  return new Promise((resolve) => {
    const rq = http.request(
      `${world.service.url}/_matrix/app/v1/transactions/${t.id}`,
      { method: 'PUT', headers: { authorization: `Bearer ${world.service.hs_token}`, 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) } },
      (rs) => {
        rs.resume();
        rs.on('end', () => resolve(rs.statusCode));
        rs.on('error', () => resolve(0));
      },
    );
    rq.on('error', () => resolve(0));
    rq.end(body);
  });
}

// ---- the client-server API as our service uses it ----

const once = (user, kind, id, fn) => {
  const key = `${user} ${kind} ${id}`;
  if (!world.done.has(key)) world.done.set(key, fn());
  return { event_id: world.done.get(key) };
};
const handlers = {
  getTokenOwner: (me) => ({ user_id: me, is_guest: false }),
  createRoom: (me, [], body) => {
    const alias = body.room_alias_name ? `#${body.room_alias_name}:${SERVER}` : null;
    if (alias && world.aliases.has(alias)) refuse(400, 'M_ROOM_IN_USE');
    const room = makeRoom({ creator: me, alias });
    for (const user of body.invite ?? []) member(room, me, user, 'invite', body.is_direct ? { is_direct: true } : {});
    return { room_id: room.id };
  },
  getRoomIdByAlias: (me, [alias]) => ({ room_id: world.aliases.get(alias) ?? refuse(404, 'M_NOT_FOUND'), servers: [SERVER] }),
  sendMessage: (me, [id, type, txnId], body) => {
    const room = roomOf(id);
    within(room, me);
    if (levelOf(room, me) < (levels(room).events_default ?? 0)) refuse(403, 'M_FORBIDDEN');
    if (Buffer.byteLength(JSON.stringify(body)) > 65536) refuse(413, 'M_TOO_LARGE');
    return once(me, 'send', txnId, () => put(room, { type, sender: me, content: body }).event_id);
  },
  redactEvent: (me, [id, eventId, txnId]) => {
    const room = roomOf(id);
    mayDo(room, me, 'redact');
    return once(me, 'redact', txnId, () => {
      const target = room.timeline.find((e) => e.event_id === eventId);
      if (target) target.content = {};
      return put(room, { type: 'm.room.redaction', sender: me, redacts: eventId, content: { redacts: eventId } }).event_id;
    });
  },
  inviteUser: (me, [id], body) => {
    const room = roomOf(id);
    mayDo(room, me, 'invite');
    if (['join', 'ban'].includes(room.members.get(body.user_id))) refuse(403, 'M_FORBIDDEN');
    member(room, me, body.user_id, 'invite');
    return {};
  },
  kick: (me, [id], body) => {
    const room = roomOf(id);
    mayDo(room, me, 'kick');
    if (!['join', 'invite', 'knock'].includes(room.members.get(body.user_id))) refuse(403, 'M_FORBIDDEN');
    member(room, me, body.user_id, 'leave');
    return {};
  },
  ban: (me, [id], body) => {
    const room = roomOf(id);
    mayDo(room, me, 'ban');
    if (levelOf(room, body.user_id) >= levelOf(room, me)) refuse(403, 'M_FORBIDDEN');
    member(room, me, body.user_id, 'ban');
    return {};
  },
  unban: (me, [id], body) => {
    const room = roomOf(id);
    mayDo(room, me, 'ban');
    if (room.members.get(body.user_id) !== 'ban') refuse(403, 'M_BAD_STATE');
    member(room, me, body.user_id, 'leave');
    return {};
  },
  joinRoomById: (me, [id]) => {
    const room = roomOf(id);
    const open = room.state.get('m.room.join_rules|').content.join_rule === 'public';
    const was = room.members.get(me);
    if (was === 'join') return { room_id: id };
    if (was !== 'invite' && !open) refuse(403, 'M_FORBIDDEN');
    member(room, me, me, 'join');
    return { room_id: id };
  },
  leaveRoom: (me, [id]) => {
    member(roomOf(id), me, me, 'leave');
    return {};
  },
  getRoomStateWithKey: (me, [id, type, key = '']) => {
    const room = roomOf(id);
    within(room, me);
    return (room.state.get(`${type}|${key}`) ?? refuse(404, 'M_NOT_FOUND')).content;
  },
  setRoomStateWithKey: (me, [id, type, key = ''], body) => {
    const room = roomOf(id);
    mayDo(room, me, 'state_default');
    return { event_id: put(room, { type, state_key: key, sender: me, content: body }).event_id };
  },
  uploadContent: (me, [], bytes, rq) => {
    const id = random();
    world.media.set(`${SERVER}/${id}`, { bytes, type: rq.headers['content-type'] });
    return { content_uri: `mxc://${SERVER}/${id}` };
  },
};

const readAll = (rq) =>
  new Promise((resolve, reject) => {
    const parts = [];
    rq.on('data', (d) => parts.push(d));
    rq.on('end', () => resolve(Buffer.concat(parts)));
    rq.on('error', reject);
  });
const reply = (rs, status, value, headers = {}) => {
  const text = JSON.stringify(value);
  rs.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text), ...headers });
  rs.end(text);
};

function takeFault(id) {
  const f = world.faults.find((x) => x.times > 0 && (x.operation === '*' || x.operation === id));
  if (!f) return null;
  if (f.skip > 0) return void f.skip--;
  f.times--;
  return f;
}

async function client(rq, rs, url) {
  const raw = await readAll(rq);
  const token = /^Bearer (.+)$/.exec(rq.headers.authorization ?? '')?.[1];
  const json = /json/.test(rq.headers['content-type'] ?? '');
  let body;
  try {
    body = json && raw.length ? JSON.parse(raw.toString('utf8')) : undefined;
  } catch {
    world.violations.push({ path: url.pathname, problems: ['the body is no JSON'] });
    return reply(rs, 400, { errcode: 'M_NOT_JSON' });
  }
  const { operation, problems } = checkRequest(rq.method, url.pathname, url.searchParams, body);
  const note = { at_ms: Date.now(), operation: operation?.id, path: decodeURIComponent(url.pathname), body };
  world.requests.push(note);
  if (problems.length) {
    world.violations.push({ path: url.pathname, problems });
    note.status = 400;
    return reply(rs, 400, { errcode: 'M_BAD_JSON', error: problems.join('; ') });
  }
  const fault = takeFault(operation.id);
  if (fault?.kind === 'drop') return rs.socket.destroy();
  if (fault?.kind === '429') {
    note.status = 429;
    return reply(rs, 429, { errcode: 'M_LIMIT_EXCEEDED', error: 'slow down' }, { 'retry-after': String(fault.retry_after ?? 1) });
  }
  if (fault?.kind === '500') {
    note.status = 500;
    return reply(rs, 500, { errcode: 'M_UNKNOWN' });
  }
  try {
    if (!world.service || token !== world.service.as_token) refuse(401, 'M_UNKNOWN_TOKEN');
    const parts = operation.re.exec(url.pathname).slice(1).map(decodeURIComponent);
    if (operation.id === 'getContentAuthed') {
      const m = world.media.get(`${parts[0]}/${parts[1]}`) ?? refuse(404, 'M_NOT_FOUND');
      rs.writeHead(200, { 'content-type': m.type, 'content-length': m.bytes.length });
      return rs.end(m.bytes);
    }
    const handler = handlers[operation.id] ?? refuse(404, 'M_UNRECOGNIZED');
    const answer = handler(world.service.user, parts, operation.raw ? raw : body, rq);
    note.status = 200;
    if (fault?.kind === 'accept-then-drop') return rs.socket.destroy();
    if (fault?.kind === 'garbage') {
      rs.writeHead(200, { 'content-type': 'application/json' });
      return rs.end('{"event_id":');
    }
    return reply(rs, 200, answer);
  } catch (e) {
    if (!(e instanceof MatrixError)) throw e;
    note.status = e.status;
    return reply(rs, e.status, e.body);
  }
}

// ---- the control ----

const acts = {
  service: (p) => {
    world.service = p;
    names.set(p.user, 'Passerelle');
    return {};
  },
  users: (p) => {
    names.set(p.user, p.name);
    return {};
  },
  rooms: (p) => {
    const room = makeRoom({ creator: p.creator, join_rules: p.join_rules, encrypted: p.encrypted, users: p.users });
    for (const u of p.invite ?? []) member(room, p.creator, u, 'invite', p.is_direct ? { is_direct: true } : {});
    return { room_id: room.id };
  },
  knock: (p) => {
    const room = roomOf(p.room);
    if (room.state.get('m.room.join_rules|').content.join_rule !== 'knock') refuse(403, 'M_FORBIDDEN');
    if (room.members.get(p.user) === 'ban') refuse(403, 'M_FORBIDDEN');
    return member(room, p.user, p.user, 'knock', p.reason ? { reason: p.reason } : {});
  },
  join: (p) => {
    const room = roomOf(p.room);
    const open = room.state.get('m.room.join_rules|').content.join_rule === 'public';
    if (room.members.get(p.user) === 'ban' || (!open && room.members.get(p.user) !== 'invite')) refuse(403, 'M_FORBIDDEN');
    return member(room, p.user, p.user, 'join');
  },
  leave: (p) => member(roomOf(p.room), p.user, p.user, 'leave'),
  rename: (p) => {
    names.set(p.user, p.name);
    return member(roomOf(p.room), p.user, p.user, 'join');
  },
  kick: (p) => member(roomOf(p.room), p.by, p.user, 'leave'),
  say: (p) => {
    const room = roomOf(p.room);
    within(room, p.user);
    if (levelOf(room, p.user) < (levels(room).events_default ?? 0)) refuse(403, 'M_FORBIDDEN');
    const content = { msgtype: 'm.text', body: p.text, ...p.content };
    if (p.reply_to) content['m.relates_to'] = { 'm.in_reply_to': { event_id: p.reply_to } };
    return put(room, { type: p.type ?? 'm.room.message', sender: p.user, content });
  },
  encrypt: (p) => put(roomOf(p.room), { type: 'm.room.encrypted', sender: p.user, content: { algorithm: 'm.megolm.v1.aes-sha2', ciphertext: 'AwgAEnACgAkLmt6q', session_id: 'x' } }),
  upgrade: (p) => {
    const old = roomOf(p.room);
    const fresh = makeRoom({ creator: p.user, join_rules: 'public', users: { ...levels(old).users } });
    put(old, { type: 'm.room.tombstone', state_key: '', sender: p.user, content: { body: 'moved', replacement_room: fresh.id } });
    return { room_id: fresh.id };
  },
  media: (p) => {
    const id = random();
    world.media.set(`${SERVER}/${id}`, { bytes: Buffer.from(p.base64, 'base64'), type: p.type });
    return { uri: `mxc://${SERVER}/${id}` };
  },
  faults: (p) => {
    world.faults.push({ operation: '*', times: 1, skip: 0, ...p });
    return {};
  },
  deliveries: (p) => {
    if (p.duplicate !== undefined) copies = Math.max(1, p.duplicate);
    if (p.shuffle !== undefined) hold = p.shuffle;
    if (p.release) release();
    return {};
  },
};
const reads = {
  timeline: (q) => world.rooms.get(q.get('room'))?.timeline ?? [],
  members: (q) => Object.fromEntries(world.rooms.get(q.get('room'))?.members ?? []),
  level: (q) => ({ level: levelOf(roomOf(q.get('room')), q.get('user')) }),
  // Rooms where exactly these two are or are asked to be.
  direct: (q) => [...world.rooms.values()].filter((r) => r.members.size === 2 && r.members.has(q.get('user')) && r.members.has(world.service?.user)).map((r) => r.id),
  media: () => [...world.media].map(([id, m]) => ({ id, type: m.type, size: m.bytes.length })),
  requests: (q) => world.requests.filter((r) => !q.get('operation') || r.operation === q.get('operation')),
  violations: () => ({ requests: world.violations, own: world.own }),
  deliveries: () => deliveries,
};

const server = http.createServer(async (rq, rs) => {
  const url = new URL(rq.url, 'http://x');
  if (!url.pathname.startsWith('/_control/')) return client(rq, rs, url);
  const name = url.pathname.slice('/_control/'.length);
  try {
    if (rq.method === 'GET') {
      if (name === 'idle') {
        const end = Date.now() + Number(url.searchParams.get('ms') ?? 5000);
        while ((queue.length || held.length) && Date.now() < end) await new Promise((r) => setTimeout(r, 5));
        return reply(rs, 200, { idle: queue.length === 0 });
      }
      return reads[name] ? reply(rs, 200, reads[name](url.searchParams)) : reply(rs, 404, {});
    }
    const body = await readAll(rq);
    return acts[name] ? reply(rs, 200, acts[name](JSON.parse(body.toString('utf8')))) : reply(rs, 404, {});
  } catch (e) {
    if (e instanceof MatrixError) return reply(rs, 409, e.body);
    throw e;
  }
});
server.listen(Number(arg('--port', '0')), '127.0.0.1', () => console.log(JSON.stringify({ port: server.address().port, server: SERVER })));

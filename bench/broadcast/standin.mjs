// SPDX-License-Identifier: EUPL-1.2
// A provider that takes everything after a while, notes when, and says so: GET /state → sends by bot and second, answers
// (texts that begin with "answer-N") with the time of their arrival. usage: standin.mjs LATENCY_MS REFUSING_BOT
import http from 'node:http';

const latency = Number(process.argv[2] ?? 50);
const refusing = process.argv[3] ?? '';
const bots = new Map(); // bot → Map(second → sends)
const chats = new Map(); // chat → posts
const answers = {};
let sends = 0, refused = 0, next = 1;

http.createServer((rq, rs) => {
  const at = Date.now();
  const parts = [];
  rq.on('data', (d) => parts.push(d));
  rq.on('end', () => {
    const reply = (status, body, after = 0) => setTimeout(() => { rs.writeHead(status, { 'content-type': 'application/json' }); rs.end(JSON.stringify(body)); }, after);
    if (rq.url === '/state') {
      const most = [...bots.values()].map((m) => Math.max(...m.values()));
      const twice = [...chats.values()].filter((n) => n > 1).length;
      return reply(200, { sends, refused, chats: chats.size, twice, most_in_a_second: Math.max(0, ...most), answers });
    }
    const [, bot, method] = /^\/bot(\d+):[^/]*\/(\w+)/.exec(rq.url) ?? [];
    if (!bot) return reply(404, { ok: false, error_code: 404, description: 'Not Found' });
    if (method !== 'sendMessage') return reply(200, { ok: true, result: true });
    const { chat_id: chat, text } = JSON.parse(Buffer.concat(parts).toString('utf8'));
    const second = Math.floor(at / 1000), seen = bots.get(bot) ?? bots.set(bot, new Map()).get(bot);
    seen.set(second, (seen.get(second) ?? 0) + 1);
    const answer = /answer-(\d+)/.exec(text);
    if (bot === refusing && !answer && refused < 3) {
      refused++;
      return reply(429, { ok: false, error_code: 429, description: 'Too Many Requests', parameters: { retry_after: 5 } });
    }
    if (answer) answers[answer[1]] = at;
    else chats.set(`${bot}:${chat}`, (chats.get(`${bot}:${chat}`) ?? 0) + 1);
    sends++;
    reply(200, { ok: true, result: { message_id: next++, date: second, chat: { id: Number(chat), type: 'private' }, text } }, latency);
  });
}).listen(0, '127.0.0.1', function () { console.log(this.address().port); });

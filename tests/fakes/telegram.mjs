#!/usr/bin/env node
// SPDX-License-Identifier: EUPL-1.2
// A stateful stand-in for the Telegram Bot API, for tests and benchmarks; see README.md. Standard library only.
//   node telegram.mjs --port 0 [--host 127.0.0.1] [--token 123:abc]… [--retry-scale 0.01] [--poll-scale 1]
// prints one JSON line {"port":…,"token":…} and serves /bot<token>/<method>, /file/bot<token>/<path> and /_control/….
import http from 'node:http';
import { fileURLToPath } from 'node:url';
import { BadBody, readAll, takeFault } from './faults.mjs';
import { parseBody } from './request_body.mjs';
import { checkRequest, methodNames, readParameters } from './telegram_contract.mjs';
import { control } from './telegram_control.mjs';
import { methods } from './telegram_methods.mjs';
import { Refusal, World } from './telegram_world.mjs';

export const DEFAULT_TOKEN = '110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw';

function answer(response, status, body) {
  const text = JSON.stringify(body);
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) });
  response.end(text);
}
const refusal = (code, description, parameters) => ({
  ok: false,
  error_code: code,
  description,
  ...(parameters ? { parameters } : {}),
});

// Runs one checked method. → { status, body }
async function call(world, bot, method, parameters) {
  const problems = checkRequest(method, parameters);
  if (problems.length) {
    world.violations.push({ method, problems });
    return { status: 400, body: refusal(400, `Bad Request: contract: ${problems[0]}`) };
  }
  const fn = methods[method];
  if (!fn) return { status: 501, body: refusal(501, `Not Implemented: the stand-in does not play ${method}`) };
  try {
    return { status: 200, body: { ok: true, result: await fn(world, bot, parameters) } };
  } catch (e) {
    if (!(e instanceof Refusal)) throw e;
    return { status: e.code, body: refusal(e.code, e.message, e.parameters) };
  }
}

function record(world, entry) {
  world.counts[entry.method] = (world.counts[entry.method] ?? 0) + 1;
  if (world.requests.length < 100000) world.requests.push(entry);
  return entry;
}
// Uploads are logged by name and size only.
const loggable = (p) =>
  Object.fromEntries(
    Object.entries(p).map(([k, v]) => [k, Buffer.isBuffer(v?.bytes) ? { file: v.name, type: v.type, size: v.bytes.length } : v]),
  );

async function botRequest(world, request, response, url) {
  const [, token, given] = /^\/bot([^/]+)\/([A-Za-z]+)$/.exec(url.pathname) ?? [];
  if (!given) return answer(response, 404, refusal(404, 'Not Found'));
  const body = await readAll(request);
  const bot = world.bots.get(decodeURIComponent(token));
  if (!bot) return answer(response, 401, refusal(401, 'Unauthorized'));
  const method = methodNames.get(given.toLowerCase());
  if (!method) {
    world.violations.push({ method: given, problems: ['unknown method'] });
    return answer(response, 404, refusal(404, 'Not Found: method not found'));
  }
  let parameters;
  try {
    const parsed = parseBody(request.headers['content-type'], body, url.searchParams);
    parameters = parsed.json ?? readParameters(method, parsed.texts, parsed.uploads);
  } catch (e) {
    if (!(e instanceof BadBody)) throw e;
    world.violations.push({ method, problems: [e.message] });
    return answer(response, 400, refusal(400, `Bad Request: ${e.message}`));
  }
  const entry = record(world, { method, bot: bot.id, at_ms: world.now(), parameters: loggable(parameters), status: 0 });
  const fault = takeFault(world, method);
  switch (fault?.kind) {
    case 'drop': // the connection breaks before anything happened
      return request.socket.destroy();
    case '429': {
      const after = fault.retry_after ?? 1;
      entry.status = 429;
      return answer(response, 429, refusal(429, `Too Many Requests: retry after ${after}`, { retry_after: after }));
    }
    case 'error':
      entry.status = fault.status;
      return answer(response, fault.status, refusal(fault.status, fault.description ?? 'Error', fault.parameters));
    case '500':
    case '502':
      entry.status = Number(fault.kind);
      response.writeHead(entry.status, { 'content-type': 'text/html' });
      return response.end('<html><body>Bad Gateway</body></html>');
    case 'garbage':
      entry.status = 200;
      await call(world, bot, method, parameters);
      response.writeHead(200, { 'content-type': 'application/json' });
      return response.end('{"ok":tru');
    case 'hang': // accepted and done, but no answer ever comes
      await call(world, bot, method, parameters);
      return setTimeout(() => request.socket.destroy(), fault.ms ?? 600000).unref();
    case 'accept-then-drop':
      await call(world, bot, method, parameters);
      return request.socket.destroy();
    case 'slow':
      await new Promise((r) => setTimeout(r, fault.ms ?? 100));
      break;
    default:
  }
  const result = await call(world, bot, method, parameters);
  entry.status = result.status;
  answer(response, result.status, result.body);
}

function fileRequest(world, response, url) {
  const [, token, path] = /^\/file\/bot([^/]+)\/(.+)$/.exec(url.pathname) ?? [];
  const bot = token && world.bots.get(decodeURIComponent(token));
  const file = bot && [...world.files.values()].find((f) => f.path === path);
  if (!file) return answer(response, 404, refusal(404, 'Not Found'));
  record(world, { method: 'download', bot: bot.id, at_ms: world.now(), parameters: { path }, status: 200 });
  const fault = takeFault(world, 'download');
  if (fault?.kind === 'drop') return response.socket.destroy();
  if (fault) return answer(response, Number(fault.kind) || 500, refusal(500, 'Internal Server Error'));
  response.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': file.bytes.length });
  return response.end(file.bytes);
}

export function start({ port = 0, host = '127.0.0.1', tokens = [DEFAULT_TOKEN], retryScale = 1, pollScale = 1 } = {}) {
  const world = new World({ tokens, retryScale, pollScale });
  world.onWebhookCall = (bot, method, parameters) => {
    const name = methodNames.get(String(method).toLowerCase());
    if (!name) return world.violations.push({ method, problems: ['unknown method in a webhook answer'] });
    const entry = record(world, { method: name, bot: bot.id, at_ms: world.now(), parameters, status: 0, webhook: true });
    return call(world, bot, name, parameters).then((r) => (entry.status = r.status));
  };
  const server = http.createServer((request, response) => {
    const url = new URL(request.url, 'http://localhost');
    const failed = (e) => {
      process.stderr.write(`${e.stack}\n`);
      if (!response.headersSent) answer(response, 500, refusal(500, 'Internal Server Error'));
    };
    if (url.pathname.startsWith('/_control/')) control(world, request, response, url).catch(failed);
    else if (url.pathname.startsWith('/file/')) fileRequest(world, response, url);
    else botRequest(world, request, response, url).catch(failed);
  });
  server.keepAliveTimeout = 65000;
  return new Promise((resolve, reject) => {
    server.on('error', reject);
    server.listen(port, host, () => resolve({ server, world, port: server.address().port, token: tokens[0] }));
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const value = (name, other) => {
    const i = process.argv.indexOf(`--${name}`);
    return i > 0 ? process.argv[i + 1] : other;
  };
  const tokens = process.argv.flatMap((a, i) => (a === '--token' ? [process.argv[i + 1]] : []));
  const { port, token } = await start({
    port: Number(value('port', 0)),
    host: value('host', '127.0.0.1'),
    tokens: tokens.length ? tokens : [DEFAULT_TOKEN],
    retryScale: Number(value('retry-scale', 1)),
    pollScale: Number(value('poll-scale', 1)),
  });
  process.stdout.write(`${JSON.stringify({ port, token })}\n`);
}

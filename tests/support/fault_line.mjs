// SPDX-License-Identifier: EUPL-1.2
// A line to a real service that breaks on command: an HTTP proxy in this process with the faults of the stand-ins
// (tests/fakes/faults.mjs): a status such as 503, `drop` (cut before the service heard anything), `accept-then-drop`
// (cut after the service took it). cut() and mend(): nobody listens at all. `asked` counts the calls.
import http from 'node:http';
import { readAll, takeFault } from '../fakes/faults.mjs';
import { request } from './browser.mjs';
import { freePort } from './server.mjs';

export class FaultLine {
  static async start(port) {
    const line = new FaultLine();
    Object.assign(line, { to: port, port: await freePort(), faults: [], asked: 0 });
    await line.mend();
    return line;
  }
  get url() {
    return `http://127.0.0.1:${this.port}`;
  }
  // The next call, or the next whose body holds that text, goes wrong so.
  fault(kind, text = '*') {
    this.faults.push({ method: text, kind, times: 1, skip: 0 });
  }
  async pass(rq, rs) {
    const body = await readAll(rq);
    const kind = takeFault(this, this.faults.find((f) => body.includes(f.method))?.method ?? '')?.kind;
    this.asked++;
    if (kind === 'drop') return void rq.socket.destroy();
    if (/^\d{3}$/.test(kind ?? '')) return void rs.writeHead(Number(kind)).end('a fault on command');
    const { host, connection, 'content-length': length, 'transfer-encoding': coding, ...headers } = rq.headers;
    const answer = await request(this.to, { method: rq.method, path: rq.url, headers: { ...headers, connection: 'close' }, body: rq.method === 'GET' ? undefined : body });
    if (kind === 'accept-then-drop') return void rq.socket.destroy();
    rs.writeHead(answer.status, { 'content-type': answer.headers['content-type'] ?? 'text/plain' }).end(answer.body);
  }
  mend() {
    this.server = http.createServer((rq, rs) => this.pass(rq, rs).catch(() => rq.socket.destroy()));
    return new Promise((resolve, reject) => this.server.listen(this.port, '127.0.0.1', resolve).on('error', reject));
  }
  cut() {
    const gone = new Promise((resolve) => this.server.close(resolve));
    this.server.closeAllConnections();
    return gone;
  }
}

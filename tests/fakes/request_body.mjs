// SPDX-License-Identifier: EUPL-1.2
// Request bodies: JSON, application/x-www-form-urlencoded, multipart/form-data.

import { BadBody, readAll } from './faults.mjs';

export { BadBody, readAll };

function multipart(body, boundary) {
  const texts = {};
  const uploads = {};
  const mark = Buffer.from(`--${boundary}`);
  let at = body.indexOf(mark);
  if (at < 0) throw new BadBody('no boundary in multipart body');
  for (;;) {
    at += mark.length;
    if (body.subarray(at, at + 2).toString() === '--') return { texts, uploads };
    if (body.subarray(at, at + 2).toString() !== '\r\n') throw new BadBody('multipart: boundary not followed by CRLF');
    const headEnd = body.indexOf('\r\n\r\n', at);
    const next = body.indexOf(Buffer.concat([Buffer.from('\r\n'), mark]), at);
    if (headEnd < 0 || next < 0 || headEnd > next) throw new BadBody('multipart: part without end');
    const head = body.subarray(at + 2, headEnd).toString('utf8');
    const content = body.subarray(headEnd + 4, next);
    const disposition = /^content-disposition:\s*form-data;(.*)$/im.exec(head)?.[1] ?? '';
    const name = /(?:^|[;\s])name="((?:[^"\\]|\\.)*)"/.exec(disposition)?.[1];
    const fileName = /filename="((?:[^"\\]|\\.)*)"/.exec(disposition)?.[1];
    if (name === undefined) throw new BadBody('multipart: part without name');
    if (fileName !== undefined)
      uploads[name] = {
        bytes: Buffer.from(content),
        name: fileName,
        type: /^content-type:\s*(.+)$/im.exec(head)?.[1].trim() ?? 'application/octet-stream',
      };
    else texts[name] = content.toString('utf8');
    at = next + 2;
  }
}

// → { json } | { texts, uploads }
export function parseBody(contentType, body, query) {
  const texts = Object.fromEntries(query);
  const type = (contentType ?? '').split(';')[0].trim().toLowerCase();
  if (body.length === 0) return { texts, uploads: {} };
  if (type === 'application/json') {
    let json;
    try {
      json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
    } catch {
      throw new BadBody("can't parse JSON object");
    }
    if (json === null || typeof json !== 'object' || Array.isArray(json)) throw new BadBody('JSON object expected');
    return { json: { ...texts, ...json } };
  }
  if (type === 'application/x-www-form-urlencoded')
    return { texts: { ...texts, ...Object.fromEntries(new URLSearchParams(body.toString('utf8'))) }, uploads: {} };
  if (type === 'multipart/form-data') {
    const boundary = /boundary=(?:"([^"]+)"|([^;\s]+))/.exec(contentType);
    if (!boundary) throw new BadBody('multipart without boundary');
    const parsed = multipart(body, boundary[1] ?? boundary[2]);
    return { texts: { ...texts, ...parsed.texts }, uploads: parsed.uploads };
  }
  throw new BadBody(`unsupported content type ${type}`);
}

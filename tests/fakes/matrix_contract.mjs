// SPDX-License-Identifier: EUPL-1.2
// The contract: finds the operation of a request in the official OpenAPI parts (tests/data/channels/matrix) and checks its
// body, and the content of events, against their schemas.
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import Ajv from 'ajv/dist/2020.js';
import YAML from 'yaml';

const ROOT = fileURLToPath(new URL('../data/channels/matrix/', import.meta.url));
const files = new Map();
function load(file) {
  if (!files.has(file)) files.set(file, YAML.parse(readFileSync(file, 'utf8')));
  return files.get(file);
}

const pointed = (doc, pointer) =>
  pointer
    .split('/')
    .slice(1)
    .reduce((v, k) => v?.[k.replace(/~1/g, '/').replace(/~0/g, '~')], doc);

// A schema without references; examples are not resolved, and what refers to itself becomes anything.
function whole(value, file, trail = []) {
  if (Array.isArray(value)) return value.map((v) => whole(v, file, trail));
  if (value === null || typeof value !== 'object') return value;
  if (typeof value.$ref === 'string') {
    const [target, pointer = ''] = value.$ref.split('#');
    const at = target ? path.resolve(path.dirname(file), target) : file;
    const key = `${at}#${pointer}`;
    if (trail.includes(key)) return {};
    return whole(pointed(load(at), pointer), at, [...trail, key]);
  }
  const out = {};
  for (const [k, v] of Object.entries(value))
    if (!['example', 'examples', 'description', 'title'].includes(k) || typeof v === 'object') if (k !== 'example' && k !== 'examples') out[k] = whole(v, file, trail);
  return out;
}

const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false });

const operations = [];
const folder = path.join(ROOT, 'api/client-server');
for (const name of readdirSync(folder).filter((n) => n.endsWith('.yaml'))) {
  const file = path.join(folder, name);
  const doc = load(file);
  const base = doc.servers?.[0]?.variables?.basePath?.default ?? '';
  for (const [pattern, item] of Object.entries(doc.paths ?? {}))
    for (const method of ['get', 'put', 'post', 'delete']) {
      const op = item[method];
      if (!op) continue;
      const schema = op.requestBody?.content?.['application/json']?.schema;
      const re = new RegExp(`^${(base + pattern).trim().replace(/[.*+?^$()|[\]\\]/g, '\\$&').replace(/\{[^}]+\}/g, '([^/]*)')}$`);
      operations.push({
        id: op.operationId,
        method: method.toUpperCase(),
        re,
        literal: pattern.replace(/\{[^}]+\}/g, '').length,
        query: (op.parameters ?? []).filter((p) => p.in === 'query').map((p) => p.name),
        secured: JSON.stringify(op.security ?? []).includes('accessToken'),
        raw: Boolean(op.requestBody && !schema),
        bodyRequired: op.requestBody?.required ?? false,
        check: schema ? ajv.compile(whole(schema, file)) : null,
      });
    }
}
operations.sort((a, b) => b.literal - a.literal);

const contents = new Map();
function contentCheck(type, content) {
  const name = type === 'm.room.message' ? `m.room.message$${content?.msgtype}` : type;
  if (!contents.has(name)) {
    let check = null;
    try {
      const file = path.join(ROOT, 'event-schemas/schema', `${name}.yaml`);
      const doc = whole(load(file), file);
      const parts = [doc, ...(doc.allOf ?? [])].map((d) => d.properties?.content).filter(Boolean);
      check = ajv.compile({ allOf: parts });
    } catch {
      check = null;
    }
    contents.set(name, check);
  }
  return contents.get(name);
}

const told = (check, value) => (check(value) ? [] : check.errors.map((e) => `${e.instancePath || '$'} ${e.message}`));

export const checkContent = (type, content) => {
  const check = contentCheck(type, content);
  return check ? told(check, content) : [`${type} ${content?.msgtype ?? ''}: not in the specification`];
};

// → { operation, problems }
export function checkRequest(method, pathname, query, body) {
  const operation = operations.find((o) => o.method === method && o.re.test(pathname));
  if (!operation) return { operation: null, problems: [`${method} ${pathname}: no such operation`] };
  const problems = [...query.keys()].filter((k) => !operation.query.includes(k)).map((k) => `unknown parameter ${k}`);
  if (operation.check && body !== undefined) problems.push(...told(operation.check, body));
  if (operation.check && body === undefined && method !== 'GET') problems.push('a JSON body is missing');
  if (/^(send|redact)/.test(operation.id ?? '') || operation.id === 'setRoomStateWithKey') {
    const type = /\/(?:send|state)\/([^/]+)/.exec(pathname)?.[1];
    if (type) problems.push(...checkContent(decodeURIComponent(type), body));
  }
  return { operation, problems };
}

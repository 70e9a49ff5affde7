// SPDX-License-Identifier: EUPL-1.2
// The contract: checks a request (or one of our own updates) against the Bot API description in
// tests/data/channels/telegram/api.json. `types` are alternatives; nested types are checked to the leaves.
import { readFileSync } from 'node:fs';

const path = new URL('../data/channels/telegram/api.json', import.meta.url);
const api = JSON.parse(readFileSync(path, 'utf8'));
const fieldsOf = new Map(); // type or method name → Map(field name → field)
for (const [name, thing] of [...Object.entries(api.types), ...Object.entries(api.methods)])
  fieldsOf.set(name, new Map((thing.fields ?? []).map((f) => [f.name, f])));

export const methodNames = new Map(Object.keys(api.methods).map((m) => [m.toLowerCase(), m]));
export const updateKinds = api.types.Update.fields.map((f) => f.name).filter((n) => n !== 'update_id');

const isInt = (v) => typeof v === 'number' && Number.isSafeInteger(v);
const isPlain = (v) => v !== null && typeof v === 'object' && !Array.isArray(v);

// Problems of a value against one type; [] when it fits.
function against(value, type, at) {
  if (type.startsWith('Array of ')) {
    if (!Array.isArray(value)) return [`${at}: expected ${type}`];
    const inner = type.slice('Array of '.length);
    return value.flatMap((v, i) => against(v, inner, `${at}[${i}]`));
  }
  switch (type) {
    case 'Integer':
      return isInt(value) ? [] : [`${at}: expected Integer`];
    case 'Float':
      return typeof value === 'number' && Number.isFinite(value) ? [] : [`${at}: expected Float`];
    case 'String':
      return typeof value === 'string' ? [] : [`${at}: expected String`];
    case 'Boolean':
      return typeof value === 'boolean' ? [] : [`${at}: expected Boolean`];
    case 'InputFile':
      return isPlain(value) && Buffer.isBuffer(value.bytes) ? [] : [`${at}: expected an uploaded file`];
    default:
  }
  const t = api.types[type];
  if (!t) return [`${at}: type ${type} is not described`];
  if (t.subtypes?.length) return alternatives(value, t.subtypes, at);
  if (!isPlain(value)) return [`${at}: expected ${type}`];
  return fields(value, type, at);
}

// The problems of the alternative that comes closest; [] when one fits.
function alternatives(value, types, at) {
  let best = null;
  for (const type of types) {
    const problems = against(value, type, at);
    if (problems.length === 0) return [];
    if (!best || problems.length < best.length) best = problems;
  }
  return types.length === 1 ? best : [`${at}: fits none of ${types.join(', ')} (${best[0]})`];
}

function fields(object, name, at) {
  const known = fieldsOf.get(name);
  const problems = [];
  for (const key of Object.keys(object)) {
    const field = known.get(key);
    if (!field) problems.push(`${at}.${key}: unknown field of ${name}`);
    else problems.push(...alternatives(object[key], field.types, `${at}.${key}`));
  }
  for (const [key, field] of known)
    if (field.required && object[key] === undefined) problems.push(`${at}.${key}: required by ${name}`);
  return problems;
}

// Form and multipart values are texts: turned into what the description allows, as Telegram does.
function fromText(text, types) {
  const has = (t) => types.includes(t);
  if (has('Integer') && /^-?\d{1,16}$/.test(text)) return Number(text);
  if (has('Float') && /^-?\d+(\.\d+)?$/.test(text)) return Number(text);
  if (has('Boolean') && /^(true|false)$/i.test(text)) return text.toLowerCase() === 'true';
  if (types.some((t) => !['Integer', 'Float', 'Boolean', 'String', 'InputFile'].includes(t))) {
    try {
      return JSON.parse(text);
    } catch {
      return text;
    }
  }
  return text;
}

// Reads texts into values and puts uploads named by attach:// in their place.
export function readParameters(method, texts, uploads) {
  const known = fieldsOf.get(method);
  const out = {};
  for (const [key, text] of Object.entries(texts)) {
    const field = known.get(key);
    const attached = /^attach:\/\/(.+)$/.exec(text);
    if (attached && uploads[attached[1]]) {
      out[key] = uploads[attached[1]];
      uploads[attached[1]].used = true;
    } else out[key] = field ? fromText(text, field.types) : text;
  }
  for (const [key, file] of Object.entries(uploads)) if (!file.used) out[key] = file;
  return out;
}

export const checkRequest = (method, parameters) => fields(parameters, method, '$');
export const checkUpdate = (update) => fields(update, 'Update', '$');

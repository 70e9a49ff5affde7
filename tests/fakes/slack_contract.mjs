// SPDX-License-Identifier: EUPL-1.2
// Requests against Slack's own description of its Web API (tests/data/channels/slack), and two newer methods.
import fs from 'node:fs';

const doc = JSON.parse(fs.readFileSync(new URL('../data/channels/slack/web-api-2021.json', import.meta.url)));
const p = (name, required, type = 'string') => ({ name, in: 'formData', required, type });
// docs.slack.dev, seen 2026-11: the three-step upload, of which the frozen description knows nothing.
const newer = {
  'files.getUploadURLExternal': { post: { parameters: [p('filename', true), p('length', true, 'integer'), p('alt_txt'), p('snippet_type')] } },
  'files.completeUploadExternal': { post: { parameters: [p('files', true), p('channel_id'), p('channels'), p('initial_comment'), p('thread_ts', false, 'string'), p('blocks')] } },
};

export function operation(method, verb) {
  const path = doc.paths[`/${method}`] ?? newer[method];
  return path?.[verb.toLowerCase()];
}
const fits = {
  boolean: (v) => v === 'true' || v === 'false',
  integer: (v) => /^\d+$/.test(v),
  number: (v) => /^\d+(\.\d+)?$/.test(v),
  string: () => true,
};
// texts: the form or query; authorized: a bearer token came in the header
export function checkCall(op, texts, authorized) {
  const out = [];
  const known = Object.fromEntries(op.parameters.map((x) => [x.name, x]));
  for (const [name, value] of Object.entries(texts)) {
    if (name === 'token' || !known[name]) out.push(`${name}: unknown`);
    else if (!fits[known[name].type ?? 'string'](value)) out.push(`${name}: expected ${known[name].type}`);
  }
  for (const x of op.parameters) if (x.required && x.name !== 'token' && texts[x.name] === undefined) out.push(`${x.name}: required`);
  if (!authorized) out.push('no bearer token');
  return out;
}

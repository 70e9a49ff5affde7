// SPDX-License-Identifier: EUPL-1.2
// Requests against Meta's own description of the Cloud API (tests/data/channels/whatsapp). Three things the real
// service takes and the description of v23.0 does not know are let through by name: `recipient` (scoped user ids),
// `audio.voice`, and the fields of a message beside its content, which the description forbids by the way it joins
// schemas (allOf with additionalProperties false).
import fs from 'node:fs';
import Ajv from 'ajv/dist/2020.js';

const doc = JSON.parse(fs.readFileSync(new URL('../data/channels/whatsapp/cloud-api-v23.json', import.meta.url)));
const S = doc.components.schemas;
const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false, schemas: [{ $id: 'api', components: doc.components }] });
const absolute = (o) => JSON.parse(JSON.stringify(o).replaceAll('"#/components/', '"api#/components/'));

const kinds = {};
for (const [kind, ref] of Object.entries(S.Message.discriminator.mapping)) {
  const own = S[ref.split('/').pop()].allOf.find((p) => !p.$ref);
  const base = S.BaseMessageProperties;
  kinds[kind] = ajv.compile(
    absolute({
      type: 'object',
      properties: { ...base.properties, ...own.properties },
      required: [...base.required, ...(own.required ?? [])],
      additionalProperties: false,
    }),
  );
}
const words = (v) => (v.errors ?? []).map((e) => `${e.instancePath || '/'} ${e.message}`);

export function checkMessage(body) {
  if (!kinds[body?.type]) return [`unknown type ${body?.type}`];
  const shown = structuredClone(body);
  if (shown.recipient !== undefined) {
    if (shown.to !== undefined) return ['to and recipient together'];
    if (!/^[A-Z]{2}\.[A-Za-z0-9.]{1,128}$/.test(shown.recipient)) return ['recipient is no scoped user id'];
    shown.to = shown.recipient;
    delete shown.recipient;
  } else if (!/^\d{5,20}$/.test(shown.to ?? '')) return ['to is no telephone number'];
  const check = kinds[body.type];
  const out = check(shown) ? [] : words(check);
  if (body.messaging_product !== 'whatsapp') out.push('messaging_product');
  if (body.type === 'text' && body.text.body.length > 4096) out.push('text too long');
  for (const media of ['image', 'video', 'document', 'audio']) if ((body[media]?.caption ?? '').length > 1024) out.push('caption too long');
  if (body.type === 'audio' && body.audio.caption !== undefined) out.push('audio has no caption');
  return out;
}

const patterns = { authorization: doc.components.parameters.Authorization.schema.pattern, 'user-agent': doc.components.parameters.UserAgent.schema.pattern };
export function checkHeaders(headers) {
  return Object.entries(patterns).flatMap(([name, p]) => (new RegExp(p).test(headers[name] ?? '') ? [] : [`header ${name}: ${headers[name]}`]));
}
export const knowsPath = (path) => doc.paths[path] !== undefined;

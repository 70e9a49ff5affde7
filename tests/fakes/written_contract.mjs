// SPDX-License-Identifier: EUPL-1.2
// Requests against a description that we wrote down ourselves, for providers that publish none (tests/data/channels/messenger,
// wechat). The file holds the rules, each with the page that states it; this only reads calls and asks.
import fs from 'node:fs';
import Ajv from 'ajv/dist/2020.js';

export class Contract {
  constructor(provider) {
    this.doc = JSON.parse(fs.readFileSync(new URL(`../data/channels/${provider}/description.json`, import.meta.url)));
    const ajv = new Ajv({ allErrors: true, strictSchema: true, strictTypes: false, strictRequired: false });
    ajv.addKeyword({ keyword: 'maxBytes', type: 'string', schemaType: 'number', validate: (max, text) => Buffer.byteLength(text) <= max, error: { message: (x) => `must not have more than ${x.schema} bytes` } });
    this.checks = Object.fromEntries(Object.entries(this.doc.operations).map(([name, o]) => [name, ajv.compile(o.request)]));
  }
  // The operation at that address, or undefined.
  at(method, path) {
    return Object.entries(this.doc.operations).find(([, o]) => o.method === method && new RegExp(o.path).test(path))?.[0];
  }
  // call: {query: Map-like or object, json?, texts?, uploads?} → what does not fit
  check(name, call) {
    return this.errors(name, call).map((e) => `${e.instancePath} ${e.message}`);
  }
  errors(name, call) {
    const query = Object.fromEntries(call.query ?? []);
    const shown = { query };
    if (call.json) shown.json = call.json;
    else if (Object.keys(call.uploads ?? {}).length) {
      const fields = Object.entries(call.texts ?? {}).filter(([k]) => !(k in query));
      const inJson = this.doc.operations[name].json_fields ?? [];
      shown.form = Object.fromEntries(fields.map(([k, v]) => [k, inJson.includes(k) ? read(v) : v]));
      for (const [k, f] of Object.entries(call.uploads)) shown.form[k] = { type: f.type, size: f.bytes.length, filename: f.name };
    }
    const check = this.checks[name];
    return check(shown) ? [] : check.errors;
  }
}

function read(text) {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

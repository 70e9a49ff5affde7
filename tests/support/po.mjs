// SPDX-License-Identifier: EUPL-1.2
// The product's own words, so that a test asks for a meaning in a language and not for one wording of it.
import fs from 'node:fs';
import path from 'node:path';
import { ROOT } from './server.mjs';

const books = new Map();
const text = (lines) => lines.map((l) => JSON.parse(l.trim().replace(/^msg(id|str) /, ''))).join('');

function book(lang) {
  if (!books.has(lang)) {
    const all = new Map();
    const folder = path.join(ROOT, 'locale');
    for (const file of fs.readdirSync(folder).filter((f) => f.endsWith(`.${lang}.po`))) {
      const po = fs.readFileSync(path.join(folder, file), 'utf8');
      for (const m of po.matchAll(/^msgid ("(?:.*)"(?:\n".*")*)\nmsgstr ("(?:.*)"(?:\n".*")*)/gm)) {
        const [id, word] = [m[1], m[2]].map((x) => text(x.split('\n')));
        if (word) all.set(id, word);
      }
    }
    books.set(lang, all);
  }
  return books.get(lang);
}

// say('ar', 'Ask to join'), say('fr', 'Source: {0}', 'IRCC')
export function say(lang, msgid, ...args) {
  const found = book(lang).get(msgid) ?? msgid; // what is not translated stands in English; tools/l10ncheck counts those
  return args.reduce((s, a, i) => s.replaceAll(`{${i}}`, a), found);
}
// As a pattern for a page's words: placeholders fit anything.
export function like(lang, msgid) {
  const escaped = say(lang, msgid).replace(/[.*+?^$()|[\]\\]/g, '\\$&').replace(/\\?\{\d+\\?\}/g, '.{0,200}?').replace(/\s+/g, '\\s+');
  return new RegExp(escaped);
}

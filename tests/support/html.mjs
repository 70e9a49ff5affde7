// SPDX-License-Identifier: EUPL-1.2
// Just enough reading of our own pages: forms with what stands in them, problems beside their fields, words.
const ENTITIES = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' };

export function unescape(text) {
  return text.replace(/&(#x[0-9a-fA-F]+|#\d+|[a-z]+);/g, (all, name) => {
    if (name.startsWith('#x')) return String.fromCodePoint(parseInt(name.slice(2), 16));
    if (name.startsWith('#')) return String.fromCodePoint(Number(name.slice(1)));
    return ENTITIES[name] ?? all;
  });
}

export const words = (html) =>
  unescape(html.replace(/<(script|style|svg)\b[\s\S]*?<\/\1>/g, ' ').replace(/<[^>]*>/g, ' ')).replace(/\s+/g, ' ').trim();

function attributes(tag) {
  const out = {};
  for (const m of tag.matchAll(/([a-zA-Z_-]+)(?:="([^"]*)")?/g)) out[m[1].toLowerCase()] ??= unescape(m[2] ?? '');
  return out;
}

// [name, value] pairs that a browser would send without any typing.
function controls(html) {
  const fields = [];
  const rx = /<input\b([^>]*)>|<textarea\b([^>]*)>([\s\S]*?)<\/textarea>|<select\b([^>]*)>([\s\S]*?)<\/select>/g;
  for (const m of html.matchAll(rx)) {
    if (m[1] !== undefined) {
      const a = attributes(m[1]);
      const chosen = !['radio', 'checkbox'].includes(a.type) || 'checked' in a;
      if (a.name) fields.push({ name: a.name, value: a.value ?? '', type: a.type, sent: chosen && a.type !== 'file' });
    } else if (m[2] !== undefined) {
      fields.push({ name: attributes(m[2]).name, value: unescape(m[3].replace(/^\r?\n/, '')), type: 'textarea', sent: true });
    } else {
      const options = [...m[5].matchAll(/<option\b([^>]*)>([\s\S]*?)<\/option>/g)].map((o) => ({ ...attributes(o[1]), label: words(o[2]) }));
      const chosen = options.find((o) => 'selected' in o) ?? options[0];
      fields.push({ name: attributes(m[4]).name, value: chosen?.value ?? '', type: 'select', sent: true, options });
    }
  }
  return fields;
}

export function formsOf(html) {
  return [...html.matchAll(/<form\b([^>]*)>([\s\S]*?)<\/form>/g)].map((m) => {
    const a = attributes(m[1]);
    return { action: a.action, method: (a.method ?? 'get').toLowerCase(), enctype: a.enctype, fields: controls(m[2]), html: m[2] };
  });
}

// Problems as the page shows them beside their fields: { name: sentence }.
export function problemsOf(html) {
  const out = {};
  for (const m of html.matchAll(/<p class="error" id="e-([^"]+)">([\s\S]*?)<\/p>/g)) out[m[1]] = words(m[2].replace(/<span class="error-word">[\s\S]*?<\/span>/, ''));
  return out;
}
export function summaryOf(html) {
  const m = /<div class="summary"[\s\S]*?<\/div>/.exec(html);
  return m ? [...m[0].matchAll(/<li>([\s\S]*?)<\/li>/g)].map((x) => words(x[1])) : [];
}
export function mainOf(html) {
  return /<main\b[^>]*>([\s\S]*?)<\/main>/.exec(html)?.[1] ?? html;
}
export const linksOf = (html) => [...html.matchAll(/<a\b([^>]*)>/g)].map((m) => attributes(m[1]).href).filter(Boolean);
// The tables of a page: rows of cells as words, head and body.
export const tablesOf = (html) =>
  [...html.matchAll(/<table\b[\s\S]*?<\/table>/g)].map((t) => [...t[0].matchAll(/<tr\b[\s\S]*?<\/tr>/g)].map((r) => [...r[0].matchAll(/<t[hd]\b[^>]*>([\s\S]*?)<\/t[hd]>/g)].map((c) => words(c[1]))));

// SPDX-License-Identifier: EUPL-1.2
// Steps that many journeys begin with.
import assert from 'node:assert/strict';
import { words } from './html.mjs';

// A design as `passerelle community import` reads it. Always open, so that nothing depends on the day.
export const design = (slug, { languages = 'fr en ar', hours = 'mon-sun 00:00-24:00', promise = 24, limit = 0, moderation = 'full', media = 'voice image file video', mode = 'interactive', screening = true } = {}) => {
  const lines = [
    `slug = ${slug}`,
    `languages = ${languages}`,
    'territory = Ottawa',
    `mode = ${mode}`,
    'visibility = listed',
    `moderation = ${moderation}`,
    `member_limit = ${limit}`,
    `media = ${media}`,
    `standard_hours = ${promise}`,
    'clock_mode = deferred',
    `hours = ${hours}`,
    'zone = America/Toronto',
    'calendar = none',
    'calendar_edits =',
    'words.fr.name = Entraide d’essai',
    'words.en.name = Trial community',
    'words.ar.name = مجموعة تجريبية',
    'words.fr.purpose = Poser des questions',
    'guidelines.fr.title = Règles',
    'guidelines.fr.text =',
    '  - Le respect avant tout',
    '  - Rien de personnel en public',
    'guidelines.en.title = Guidelines',
    'guidelines.en.text = Respect comes first',
    'guidelines.ar.title = القواعد',
    'guidelines.ar.text = الاحترام أولًا',
    'welcome.fr.title = Bienvenue',
    'welcome.fr.text = Bienvenue parmi nous, premiers pas ici',
    'welcome.en.title = Welcome',
    'welcome.en.text = Welcome among us, first steps here',
    'welcome.ar.title = أهلًا',
    'welcome.ar.text = أهلًا بكم بيننا، الخطوات الأولى هنا',
  ];
  if (screening)
    lines.push(
      'screening.1.required = yes',
      'screening.1.fr = Depuis quand êtes-vous ici ?',
      'screening.1.en = Since when have you been here?',
      'screening.1.ar = منذ متى وأنتم هنا؟',
      'screening.2.required = no',
      'screening.2.fr = Comment nous avez-vous trouvés ?',
      'screening.2.en = How did you find us?',
      'screening.2.ar = كيف وجدتمونا؟',
    );
  return `${lines.join('\n')}\n`;
};

export async function importDesign(place, slug, options) {
  await place.ok('community', 'import', '-', { input: design(slug, options) });
}

// The id of a community, from the administrator's list.
export async function idOf(admin, slug) {
  const list = await admin.get('/communities');
  for (const link of list.links.filter((l) => /^\/communities\/[0-9a-z]{13}$/.test(l))) {
    const page = await admin.get(link);
    if (page.links.includes(`/c/${slug}`)) return link.split('/').pop();
  }
  assert.fail(`no community ${slug} for this person:\n${list.words}`);
}

export async function openIt(admin, id) {
  for (const status of ['ready', 'live']) {
    const page = await (await admin.get(`/communities/${id}`)).submit(`/communities/${id}/status`, { status });
    assert.equal(page.status, 200, page.words);
    assert.deepEqual(page.summary, []);
  }
  // No quiet hours: what a test sends leaves at any time of the day.
  const never = await (await admin.get(`/communities/${id}/publishing`)).submit('/publishing', { quiet_from: '09:00', quiet_until: '09:00' });
  assert.deepEqual(never.summary, [], never.words);
}

// A new account from the page People; its role in a community is given there.
export async function account(admin, login, name, role = 'moderator') {
  const page = await (await admin.get('/people')).submit('/people', { login, name, role });
  assert.equal(page.status, 200, page.words);
  const password = words(/<p class="secret"[^>]*>([\s\S]*?)<\/p>/.exec(page.html)?.[1] ?? '');
  assert.match(password, /^[0-9a-z]{16}$/);
  return { login, name, password };
}

export async function giveRole(admin, id, name, role) {
  const page = await admin.get(`/communities/${id}`);
  const form = page.form(`/communities/${id}/roles`);
  const person = form.fields.find((f) => f.name === 'person').options.find((o) => o.label === name);
  assert.ok(person, `${name} cannot be chosen`);
  const after = await page.submit(`/communities/${id}/roles`, { person: person.value, role });
  assert.deepEqual(after.summary, []);
  return person.value;
}

// A newcomer asks to join on the web. → { browser, page, code, link }
export async function ask(server, slug, { name, lang = 'fr', answers = {} }) {
  const browser = server.browser({ lang });
  const form = await browser.get(`/c/${slug}/join`);
  const page = await form.submit(`/c/${slug}/join`, { name, accept: '1', ...answers });
  assert.equal(page.status, 200, page.words);
  assert.deepEqual(page.problems, {});
  const secrets = [...page.html.matchAll(/<p class="secret"[^>]*>([\s\S]*?)<\/p>/g)].map((m) => words(m[1]));
  return { browser, page, code: secrets[0], link: secrets[1] };
}

// Words that look personal are asked about first (CNS-6): yes, publish them.
export async function publish(page, which) {
  return page.status === 422 && /name="sure" value="publish"/.test(page.html) ? page.submit(which, { sure: 'publish' }) : page;
}

// A post by the form of `b`, published; → the page behind it.
export async function post(b, community, { text, ...typed }) {
  const draft = await (await b.get(`/posts/new?community=${community}`)).submit('/posts/new', { body0: text, ...typed });
  assert.deepEqual(draft.summary, [], draft.words);
  return (await b.get(`${draft.path}/publish`)).submit('/publish');
}

export async function decide(admin, name, what, typed = {}) {
  const list = await admin.get('/joins');
  const row = new RegExp(`<a href="(/joins/[0-9a-z]{13})"><bdi>${name}</bdi>`).exec(list.html);
  assert.ok(row, `${name} is not in the list:\n${list.words}`);
  const page = await admin.get(row[1]);
  return page.submit(`${row[1]}/${what}`, typed);
}

export async function member(server, admin, slug, who) {
  const asked = await ask(server, slug, who);
  const done = await decide(admin, who.name, 'accept');
  assert.equal(done.status, 200, done.words);
  return asked;
}

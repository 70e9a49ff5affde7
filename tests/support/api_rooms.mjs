// SPDX-License-Identifier: EUPL-1.2
// What the API of planning and of groups by hand is asked in tests/journey/api.test.mjs, where every answer is checked
// against its schema and recorded.
import assert from 'node:assert/strict';

const days = (plus) => new Intl.DateTimeFormat('sv-SE', { timeZone: 'America/Toronto' }).format(new Date(Date.now() + plus * 86400000));

const good = (answer) => {
  assert.ok(answer.status < 300, answer.text);
  return answer.json;
};

// MSG-4, MSG-5, MSG-16, MSG-18, MSG-19, CONF-1, CONF-2, A-29, A-31, A-33: from a preset to an archived community.
export async function planning({ api, problem, session }) {
  const { json: cards } = await api.get('/api/v1/presets');
  assert.ok(cards.presets.length >= 11 && cards.presets.every((p) => p.sets.length));
  assert.match((await api.get('/api/v1/presets/pifi')).json.design, /slug = pifi/);
  assert.equal((await api.get('/api/v1/presets/none')).status, 404);
  const made = await api.post('/api/v1/presets/pifi', { slug: 'par-api' });
  assert.equal(made.status, 201, made.text);
  problem(await api.post('/api/v1/presets/pifi', { slug: 'par-api' }), 422, 'slug');
  const at = (rest) => `/api/v1/communities/${made.json.community}${rest}`;
  assert.match((await api.get(at('/design'))).json.design, /preset\.?|standard_hours = 48/);

  let { json: file } = await api.get(at('/planning'));
  assert.equal(file.preset, 'pifi');
  assert.equal(file.status, 'draft');
  assert.ok(file.partner_admins && file.partners.length === 5);
  problem(await api.post(at('/planning'), { purpose: 'yes' }), 422, 'purpose-ticks');
  problem(await api.post(at('/planning'), { asked: 'beaucoup' }), 422, 'asked');
  problem(await api.post(at('/planning'), { whome: 'x' }), 422, 'whome');
  file = (await api.post(at('/planning'), { whom: 'Les familles', purpose: 'yes', 'purpose-ticks': ['information', 'isolation'], target: 'yes', experience: 'unsure', asked: '40' })).json;
  assert.ok(file.started && file.seen);
  assert.deepEqual(file.entries.find((e) => e.field === 'purpose-ticks').value, ['information', 'isolation']);
  assert.equal(file.readiness.find((l) => l.line === 'experience').state, 'unsure');
  await api.post(at('/planning'), { whom: 'Les familles et leurs proches' });
  const { json: past } = await api.get(at('/planning/history/objective'));
  assert.deepEqual(past.entries.filter((e) => e.field === 'whom').map((e) => e.value).slice(0, 2), ['Les familles et leurs proches', 'Les familles']);
  file = (await api.post(at('/planning/lines'), { list: 'app', what: 'WhatsApp', number: 33, note: 'groupes' })).json;
  await api.post(at('/planning/lines'), { list: 'app', what: 'Viber', number: 2 });
  problem(await api.post(at('/planning/lines'), { list: 'nothing', what: 'x', number: 1 }), 422, 'list');
  file = (await api.get(at('/planning'))).json;
  file = (await api.post(at(`/planning/lines/${file.lines.find((l) => l.what === 'Viber').id}/remove`))).json;
  assert.deepEqual(file.lines.filter((l) => l.list === 'app').map((l) => [l.what, l.number]), [['WhatsApp', 33]]);
  file = (await api.post(at('/planning/settings'), { per_moderator: 40, partner_admins: true, needs_file: true })).json;
  assert.equal(file.per_moderator, 40);
  const me = file.entries.find((e) => e.field === 'whom').by;
  // A token never gives a role; a signed-in person does, here too.
  assert.equal((await api.post(at('/planning/partners'), { org: file.partners[0].id, person: me })).status, 404);
  file = (await session(at('/planning/partners'), { org: file.partners[0].id, person: me })).json;
  assert.equal(file.partners.filter((p) => p.administrators).length, 1);
  problem(await api.post(at('/planning/launch'), {}), 422, 'reason');
  file = (await api.post(at('/planning/launch'), { reason: 'Les partenaires suivent en mars.' })).json;
  assert.equal(file.status, 'live');
  assert.ok(file.overrides[0].lines.includes('experience'));
  assert.equal(file.overrides[0].reason, 'Les partenaires suivent en mars.');

  problem(await api.post(at('/platforms'), { platform: 'telegram' }), 422, 'why');
  let { json: choice } = await api.post(at('/platforms'), { 'f-video': 'very', 'f-low-data': 'somewhat', at_once: '100' });
  assert.deepEqual([choice.asked, choice.at_once, choice.factors['f-video'], choice.factors['f-remove']], [40, 100, 'very', 'not']);
  assert.equal(choice.ranking[0].familiar, 'many', 'the audience’s own app does not come first');
  choice = (await api.post(at('/platforms/own'), { what: 'Sans compte', level: 'very', does: ['sms'] })).json;
  choice = (await api.post(at(`/platforms/own/${choice.own[0].id}/remove`))).json;
  assert.deepEqual(choice.own, []);
  choice = (await api.post(at('/platforms'), { platform: 'whatsapp', why: 'Tout le monde y est déjà.' })).json;
  assert.deepEqual((await api.get(at('/platforms'))).json, choice);
  assert.equal(choice.factors['f-video'], 'very', 'what was not given changed');

  const { json: seen } = await api.get(at('/planning'));
  let { json: kit } = await api.post(at('/promotion'), { lang_of: 'fr', short: 'Demandez-nous.', seen: seen.seen });
  assert.equal(kit.messages[0].short, 'Demandez-nous.');
  problem(await api.post(at('/promotion'), { lang_of: 'xx', short: 'x' }), 422, 'lang_of');
  kit = (await api.post(at('/promotion/places'), { place: 'Bibliothèque', item: 'poster', lang_of: 'fr', placed_on: days(0) })).json;
  assert.ok(kit.places[0].link.includes(kit.places[0].code));
  problem(await api.post(at('/promotion/places'), { place: 'x', item: 'balloon', lang_of: 'fr', placed_on: days(0) }), 422, 'item');
  kit = (await api.post(at(`/promotion/places/${kit.places[0].id}/remove`))).json;
  assert.deepEqual(kit.places, []);
  await api.get(at('/promotion'));

  problem(await api.post(at('/consent'), { lang_of: 'xx', title: 'T', body: 'B' }), 422, 'lang_of');
  const { json: consent } = await api.post(at('/consent'), { lang_of: 'fr', title: 'Consentement', body: 'Vous acceptez…' });
  assert.deepEqual(consent.texts.map((t) => [t.lang, t.source, t.title]), [['fr', true, 'Consentement']]);
  await api.get(at('/consent'));

  assert.equal((await api.get(at('/move'))).status, 404, 'there is a move already');
  problem(await api.post(at('/move'), { from: 'web', to: 'nowhere' }), 422, 'to');
  assert.equal((await api.get(at('/ending'))).json.announced, null);
}

// A-33, MSG-16, MSG-18 in a community that has members.
export async function caseAndMove({ api, problem, session, com, person, channel }) {
  const at = (rest) => `/api/v1/communities/${com}${rest}`;
  await api.post(at('/planning/settings'), { per_moderator: 250, needs_file: true });
  problem(await api.post(at(`/members/${person}/messages`), { text: 'Bonjour' }), 422, 'text');
  await api.post(at('/consent'), { lang_of: 'fr', title: 'Consentement', body: 'Vous acceptez…', is_source: true });
  problem(await api.post(at('/files'), { person, file_number: 'D-1', consent: true, method: 'thumb' }), 422, 'method');
  const list = good(await session(at('/files'), { person, file_number: 'D-1', consent: true, method: 'signature' }));
  assert.deepEqual(list.files.filter((f) => f.consent).map((f) => [f.person, f.file_number]), [[person, 'D-1']]);
  const word = await api.post(at(`/members/${person}/messages`), { text: 'Bonjour, votre dossier est prêt.' });
  assert.equal(word.status, 201, word.text);
  assert.ok(good(await session(at(`/files/${person}/withdraw`), {})).files.every((f) => !f.consent));
  assert.equal((await api.get(at('/files'))).status, 200);
  await api.post(at('/planning/settings'), { per_moderator: 250, needs_file: false });

  const move = good(await api.post(at('/move'), { from: 'web', to: channel, address: 'https://chat.whatsapp.com/essai' }));
  assert.equal(move.people.length, move.invited);
  assert.equal(move.invited, 11);
  const moved = (await api.post(at(`/move/people/${person}`), { state: 'moved' })).json;
  assert.deepEqual([moved.moved, moved.invited], [1, move.invited - 1]);
  problem(await api.post(at(`/move/people/${person}`), { state: 'lost' }), 422, 'state');
  assert.equal((await api.post(at('/move/remind'))).json.reminders, 1);
  const closed = (await api.post(at('/move/close'))).json;
  assert.deepEqual([closed.lost, closed.invited], [move.invited - 1, 0]);
  assert.equal((await api.post(at('/move/close'))).status, 409);
  assert.deepEqual((await api.get(at('/move'))).json, closed);

  problem(await api.post(at('/ending'), { reason: 'bored', words: 'x', read_only_on: days(20), archive_on: days(40) }), 422, 'reason');
  problem(await api.post(at('/ending'), { reason: 'other', words: 'Fin', read_only_on: days(40), archive_on: days(20) }), 422, 'archive_on');
  let { json: end } = await api.post(at('/ending'), { reason: 'purpose-reached', words: 'But atteint', read_only_on: days(20), archive_on: days(40) });
  assert.ok(end.announced && !end.read_only);
  end = (await api.post(at('/ending/step'))).json;
  assert.equal(end.status, 'read-only');
  end = (await api.post(at('/ending/undo'))).json;
  assert.equal(end.status, 'live');
  await api.get(at('/ending'));
}

// Class C, EQ-2, A-70: a group in an app, its conversation, what to do there, a call.
export async function byHand({ api, problem, com, stranger, answer }) {
  const { json: groups } = await api.get('/api/v1/by-hand/groups');
  const group = groups.groups.find((g) => g.community === com);
  assert.equal(group.group, 'Bienvenue');
  const text = '[2026-03-04, 09:15:03] Amal: Où inscrire mon fils à l’école?\n[2026-03-04, 09:20:00] Luc Accueil: Bienvenue!';
  const { json: read } = await api.post(`/api/v1/by-hand/groups/${group.id}/read`, { text });
  assert.deepEqual(read.messages.map((m) => [m.author, m.at, m.ours]), [['Amal', '2026-03-04T09:15', false], ['Luc Accueil', '2026-03-04T09:20', false]]);
  problem(await api.post(`/api/v1/by-hand/groups/${group.id}/messages`, { text: 'no names at all' }), 422, 'text');
  assert.deepEqual((await api.post(`/api/v1/by-hand/groups/${group.id}/messages`, { text, ours: ['Luc Accueil'] })).json, { messages: 1, ours: 1 });
  await api.post(`/api/v1/by-hand/groups/${group.id}/messages`, { text });
  const { json: talk } = await api.get(`/api/v1/communities/${com}/messages?limit=200`);
  assert.equal(talk.messages.filter((m) => m.text.includes('inscrire mon fils')).length, 1, 'what was pasted twice is there twice');

  problem(await api.post(`/api/v1/communities/${com}/calls`, { kind: 'phone', name: 'Zahra', lang: 'ar', text: 'Mon loyer ?' }), 422);
  problem(await api.post(`/api/v1/communities/${com}/calls`, { kind: 'letter', text: 'x' }), 422, 'kind');
  problem(await api.post(`/api/v1/communities/${com}/calls`, { kind: 'phone', person: stranger, accepted: true, text: 'x' }), 422, 'person');
  const call = await api.post(`/api/v1/communities/${com}/calls`, { kind: 'phone', name: 'Zahra', phone: '+1 613 555 0142', lang: 'fr', accepted: true, text: 'Mon loyer ?' });
  assert.equal(call.status, 201, call.text);
  await answer(call.json.question, 'Le centre d’aide au logement vous rappelle.');
  const tasks = async (state) => (await api.get(`/api/v1/by-hand?community=${com}${state ? `&state=${state}` : ''}`)).json.tasks;
  let todo = [];
  for (let i = 0; i < 100 && !todo.some((t) => t.text.includes('aide au logement')); i++) {
    todo = await tasks();
    await new Promise((r) => setTimeout(r, 100));
  }
  const task = todo.find((t) => t.text.includes('aide au logement'));
  assert.ok(task, `no task: ${JSON.stringify(todo)}`);
  assert.equal(task.who, '+1 613 555 0142');
  problem(await api.post(`/api/v1/by-hand/${task.id}/could-not`, { reason: 'tired' }), 422, 'reason');
  assert.equal((await api.post(`/api/v1/by-hand/${task.id}/could-not`, { reason: 'not-reached' })).json.state, 'failed');
  assert.ok((await tasks('failed')).some((t) => t.id === task.id && t.reason === 'not-reached'));
  assert.equal((await api.post(`/api/v1/by-hand/${task.id}/back`)).json.state, 'by-hand');
  assert.equal((await api.post(`/api/v1/by-hand/${task.id}/done`)).json.state, 'done');
  assert.equal((await api.post(`/api/v1/by-hand/${task.id}/done`)).status, 409);
  const { json: log } = await api.get(`/api/v1/communities/${com}/by-hand?limit=2`);
  assert.deepEqual(log.acts.map((a) => a.result), ['done', 'taken-back']);
  const { json: older } = await api.get(`/api/v1/communities/${com}/by-hand?limit=2&cursor=${log.next}`);
  assert.deepEqual(older.acts[0].result, 'could-not');
  problem(await api.get(`/api/v1/communities/${com}/by-hand?cursor=x`), 422, 'cursor');
}

// Automatic rules (channels.md §3): settings, and one press on what they did.
export async function automatic({ api, problem, com, post }) {
  const at = `/api/v1/communities/${com}/automatic-rules`;
  const { json: usual } = await api.get(at);
  assert.equal(usual.mode, 'off');
  const { community, ...typed } = usual;
  problem(await api.post(at, { ...typed, flood: 5000 }), 422, 'flood');
  problem(await api.post(at, { ...typed, mode: 'hard' }), 422, 'mode');
  assert.equal((await api.post(at, { ...typed, mode: 'simulate', words: 'loterie' })).json.words, 'loterie');
  await post('La loterie de samedi');
  const item = (await api.get('/api/v1/review?kind=automatic')).json.items[0];
  assert.deepEqual([item.category, item.sanction, item.community], ['auto-word', null, community]);
  assert.equal(good(await api.post(`/api/v1/review/${item.id}/automatic`, { right: 'yes' })).state, 'granted');
  assert.equal((await api.post(`/api/v1/review/${item.id}/automatic`, { right: 'no' })).status, 409);
  await api.post(at, typed);
}

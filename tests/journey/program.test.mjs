// SPDX-License-Identifier: EUPL-1.2
// Programs in the product, on both engines: made by a preset or by the form, members enrolled, what each prefers and uses,
// results by mode the same on the page, in the files and in the API; and who sees what (EQ-5, EQ-6, PPL-1, CONF-2).
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { account, ask, decide, giveRole, idOf, importDesign, member, openIt } from '../support/community.mjs';
import { tablesOf } from '../support/html.mjs';
import { like, say } from '../support/po.mjs';
import { ENGINES, Place, ROOT, until, without } from '../support/server.mjs';
import { SECRET, Telegram } from '../support/telegram.mjs';

const ID = /[0-9a-z]{13}/;
const CANARY = { program: 'Zqprogramcanary', purpose: 'Zqpurposecanary', dina: 'Zqdinacanary', badi: 'Zqbadicanary' };

// The cells of a sheet, read by nobody of ours.
const PYTHON = `
import sys, json, zipfile, xml.etree.ElementTree as E
z = zipfile.ZipFile(sys.argv[1]); n = '{http://schemas.openxmlformats.org/spreadsheetml/2006/main}'
texts = [''.join(t.text or '' for t in s.iter(n + 't')) for s in E.fromstring(z.read('xl/sharedStrings.xml'))]
out = []
for name in sorted(x for x in z.namelist() if x.startswith('xl/worksheets/sheet')):
    sheet = E.fromstring(z.read(name))
    assert not list(sheet.iter(n + 'f')), 'a formula'
    out.append([[(texts[int(c.find(n + 'v').text)] if c.get('t') == 's' else c.find(n + 'v').text) if c.find(n + 'v') is not None else ''
        for c in r] for r in sheet.iter(n + 'row')])
print(json.dumps(out))`;

for (const engine of ENGINES)
  describe(`programs, ${engine}`, { skip: without(engine) }, () => {
    let tg, place, server, admin, mod, eva, stranger, com, program, samar, dina, badi;
    const signedIn = async (login, name, community, role) => {
      const who = await account(admin, login, name, role);
      if (community) await giveRole(admin, community, name, role);
      const b = server.browser();
      await (await b.signIn(who.login, who.password)).submit('/me/password', { old: who.password, new: `${login} a sa phrase`, again: `${login} a sa phrase` });
      return server.signedIn(login, `${login} a sa phrase`);
    };
    const row = (page, table, name) => {
      const t = tablesOf(page.html)[table];
      const r = t?.find((x) => x[0] === say('en', name));
      assert.ok(r, `no row ${name} in table ${table}:\n${page.words}`);
      return r.slice(1);
    };
    const personOf = (page, name) => page.form('/enrol').fields.find((f) => f.name === 'persons').options?.find((o) => o.label.includes(name))?.value
      ?? new RegExp(`value="([0-9a-z]{13})"[^>]*><span class="option-text"><bdi>${name}`).exec(page.html)?.[1];

    before(async () => {
      tg = await Telegram.start();
      place = await Place.make(engine);
      await place.ok('channel', 'add', 'telegram', '--name', 'app', '--token', tg.token, '--secret', SECRET, '--mode', 'polling', '--api-base', tg.base);
      await importDesign(place, 'quartier', { screening: false });
      await importDesign(place, 'ailleurs', { screening: false });
      server = await place.serve();
      admin = await server.signedIn(place.admin.login, place.admin.password);
      com = await idOf(admin, 'quartier');
      const other = await idOf(admin, 'ailleurs');
      await openIt(admin, com);
      await openIt(admin, other);
      mod = await signedIn('amira', 'Amira H.', com, 'moderator');
      eva = await signedIn('eva', 'Eva L.', com, 'evaluator');
      stranger = await signedIn('bob', 'Bob B.', other, 'moderator');
      samar = (await member(server, admin, 'quartier', { name: 'Samar', lang: 'ar' })).browser;
      dina = (await member(server, admin, 'quartier', { name: CANARY.dina, lang: 'fr' })).browser;
      badi = (await member(server, admin, 'quartier', { name: CANARY.badi, lang: 'fr' })).browser;
    });
    after(async () => {
      try {
        await place?.close();
      } finally {
        await tg?.stop();
      }
    });

    test('the list is empty and says what to do; the form keeps what was typed and names what is missing', async () => {
      const list = await admin.get('/programs');
      assert.match(list.words, like('en', 'No program yet'));
      let page = await admin.get('/programs/new');
      page = await page.submit('/programs/new', { name: CANARY.program, purpose: CANARY.purpose, languages: 'fr en ar', community: com, starts_on: '2026-05-01', ends_on: '2026-04-01' });
      assert.equal(page.status, 422);
      assert.ok(page.problems.modes && page.problems.ends_on, JSON.stringify(page.problems));
      assert.equal(page.value('/programs/new', 'name'), CANARY.program);
      assert.equal(page.value('/programs/new', 'starts_on'), '2026-05-01');
      page = await page.submit('/programs/new', { modes: ['remote', 'in-person'], starts_on: '', ends_on: '' });
      assert.match(page.path, /^\/programs\/[0-9a-z]{13}$/, page.words);
      program = page.path.split('/').pop();
      assert.match(page.words, /Remote · In person/);
      assert.match(page.words, like('en', 'A draft: nobody can be enrolled yet, and members do not see it.'));
      // a draft is nothing to members yet
      assert.equal((await samar.get('/c/quartier/program')).status, 404);
      page = await page.submit('/state');
      assert.match(page.words, like('en', 'Taking enrolments'));
      page = await page.submit('/words', { lang_of: 'ar', name: 'الخطوات الأولى', purpose: 'مرافقة السنة الأولى' }, { n: 2 });
      assert.deepEqual(page.summary, [], page.words);
    });

    test('EQ-5: a member says which mode suits them, in their language and without scripts, before being enrolled', async () => {
      const place_ = await samar.get('/c/quartier?lang=ar');
      assert.ok(place_.links.includes('/c/quartier/program'), place_.links.join(' '));
      let page = await samar.get('/c/quartier/program?lang=ar');
      assert.match(page.html, /<html lang="ar" dir="rtl">/);
      assert.match(page.words, /الخطوات الأولى/);
      assert.match(page.words, like('ar', 'It is free.'));
      page = await page.submit('/program', { prefers: 'hybrid' }); // not offered
      assert.match(page.flash, like('ar', 'Thank you. We know now what suits you best.'));
      assert.equal(page.value('/program', 'prefers'), 'hybrid');
      assert.equal((await page.submit('/program', { prefers: null })).status, 422);
    });

    test('PPL-1: several members are enrolled at once; what they said before is taken over', async () => {
      let page = await admin.get(`/programs/${program}/enrol`);
      const ids = ['Samar', CANARY.dina, CANARY.badi].map((n) => personOf(page, n));
      for (const id of ids) assert.match(id, ID);
      page = await page.submit('/enrol', { persons: [], uses: 'remote' });
      assert.ok(page.problems.persons, page.words);
      page = await page.submit('/enrol', { persons: [ids[0], ids[1]], uses: 'remote', since: 'mardi' });
      assert.ok(page.problems.since, page.words);
      assert.equal(page.value('/enrol', 'since'), 'mardi');
      page = await page.submit('/enrol', { persons: [ids[0], ids[1]], uses: 'remote', since: '' });
      assert.match(page.path, /\/people$/, page.words);
      page = await admin.get(`/programs/${program}/enrol`);
      assert.ok(!page.words.includes('Samar'), 'who is enrolled is offered again');
      page = await page.submit('/enrol', { persons: [ids[2]], prefers: 'remote', uses: 'in-person' });
      assert.deepEqual(page.summary, [], page.words);
      for (const who of ['Samar', CANARY.dina, CANARY.badi]) assert.ok(page.words.includes(who), page.words);
      const unmet = await admin.get(`/programs/${program}/people?show=unmet`);
      assert.ok(unmet.words.includes('Samar') && unmet.words.includes(CANARY.badi) && !unmet.words.includes(CANARY.dina), unmet.words);
      assert.match(unmet.words, like('en', 'Preferred mode is not offered'));
      assert.match(unmet.words, like('en', 'Uses another mode'));
      // one person in the whole installation, one enrolment more
      const members = await admin.get(`/communities/${com}/members`);
      assert.equal((members.html.match(new RegExp(CANARY.dina, 'g')) ?? []).length > 0, true);
      const own = await badi.get('/c/quartier/program?lang=fr');
      assert.match(own.words, like('fr', 'You are enrolled since {0}.'));
      const data = await badi.get('/my-data?lang=fr'); // what is kept about the person, for themselves
      assert.ok(data.words.includes(CANARY.program) && data.links.includes('/c/quartier/program'), data.words);
    });

    test('a moderator reads people and records a preference, and no more', async () => {
      let page = await mod.get(`/programs/${program}/people`);
      assert.equal(page.status, 200, page.words);
      page = await mod.get(new RegExp(`href="(/enrolments/[0-9a-z]{13})"><bdi>${CANARY.dina}`).exec(page.html)[1]);
      assert.ok(!page.has('/end') && !page.form('/modes').fields.some((f) => f.name === 'uses'));
      page = await page.submit('/modes', { prefers: 'in-person' });
      assert.match(page.words, like('en', 'Uses another mode'));
      assert.match(page.words, /Amira H\./);
      const at = page.path;
      assert.equal((await mod.push(`${at}/modes`, { uses: 'in-person' })).status, 404);
      assert.equal((await mod.push(`${at}/end`, { reason: 'completed' })).status, 404);
      for (const rest of ['/enrol', '/edit', '/close']) assert.equal((await mod.get(`/programs/${program}${rest}`)).status, 404, rest);
      page = await admin.get(at);
      assert.match(page.words, like('en', 'Uses another mode'));
      assert.equal(page.value('/modes', 'uses'), 'remote');
    });

    test('EQ-5: results by mode are the same on the page, in both files and in the API', async () => {
      await (await samar.get('/c/quartier/ask')).submit('/ask', { text: 'Où inscrire mon fils ?' });
      await (await badi.get('/c/quartier/talk')).submit('/talk', { text: 'Merci à tous' });
      const inbox = await mod.get('/inbox');
      await (await mod.get(/href="(\/inbox\/[0-9a-z]{13})/.exec(inbox.html)[1])).submit('/answer', { text: 'À l’école du quartier' });
      const page = await admin.get(`/programs/${program}/report`);
      //                                        at start, new, changed, ended, at end
      assert.deepEqual(row(page, 0, 'Remote'), ['0', '2', '0', '0', '2']);
      assert.deepEqual(row(page, 0, 'In person'), ['0', '1', '0', '0', '1']);
      assert.deepEqual(row(page, 0, 'Total'), ['0', '3', '–', '0', '3']);
      //                                        uses: remote, hybrid, in person, not set, all
      assert.deepEqual(row(page, 1, 'Remote'), ['0', '0', '1', '0', '1']);
      assert.deepEqual(row(page, 1, 'Hybrid'), ['1', '0', '0', '0', '1']);
      assert.deepEqual(row(page, 1, 'In person'), ['1', '0', '0', '0', '1']);
      assert.match(page.words, /1 person prefers a mode that is not offered\. 2 people prefer a mode that is offered and use another\./);
      //                                        people, took part, share, asked, promised, in time, share
      assert.deepEqual(row(page, 2, 'Remote'), ['2', '1', '50% (n = 2)', '1', '1', '1', '100% (n = 1)']);
      assert.deepEqual(row(page, 2, 'In person'), ['1', '1', '100% (n = 1)', '0', '0', '0', '–']);
      assert.deepEqual(row(page, 2, 'Total'), ['3', '2', '67% (n = 3)', '1', '1', '1', '100% (n = 1)']);
      const file = await admin.raw('GET', `/programs/${program}/report/export?kind=xlsx`);
      assert.match(file.headers['content-disposition'], /program-\d{4}-\d\d-\d{4}-\d\d\.xlsx/);
      const at = path.join(place.dir, 'report.xlsx');
      fs.writeFileSync(at, file.body);
      const sheets = JSON.parse(execFileSync('python3', ['-c', PYTHON, at], { encoding: 'utf8' }));
      assert.equal(sheets.length, 3);
      for (const [i, name] of ['enrolments', 'preferences', 'results'].entries()) {
        const csv = await admin.raw('GET', `/programs/${program}/report/export?kind=csv&what=${name}`);
        assert.deepEqual(csv.text.replace('\uFEFF', '').trim().split('\r\n').map((r) => r.split(',')), sheets[i]);
        for (const r of sheets[i].slice(1)) {
          const shown = row(page, i, r[0]);
          for (const [k, cell] of r.slice(1).entries()) {
            const percent = /^(\d+)% \(n = \d+\)$/.exec(shown[k]);
            if (percent) assert.equal(Math.round(Number(cell)), Number(percent[1]));
            else assert.equal(cell, shown[k]);
          }
        }
      }
      await place.token(place.admin.login, 'read').then(async (token) => {
        const { json } = await server.api(token).get(`/api/v1/programs/${program}/report`);
        assert.equal(json.protected, false);
        const remote = json.modes.find((m) => m.mode === 'remote');
        assert.deepEqual([remote.new, remote.at_end, remote.people, remote.took_part, remote.asked, remote.in_time], [2, 2, 2, 1, 1, 1]);
        assert.deepEqual([json.unmet_not_offered, json.unmet_other_mode], [1, 2]);
        assert.equal(json.preferences.find((p) => p.prefers === 'hybrid').by_use.remote, 1);
      });
      for (const lang of ['fr', 'ar']) assert.equal((await admin.get(`/programs/${program}/report?lang=${lang}`)).status, 200);
      await admin.get('/programs?lang=en');
      const none = await admin.get(`/programs/${program}/report?from=2001-01&to=2001-02`);
      assert.match(none.words, like('en', 'Nobody was enrolled in this time'));
      const wrong = await admin.get(`/programs/${program}/report?from=March`);
      assert.ok(wrong.problems.from, wrong.words);
    });

    test('decision 0016: who only sees results sees a quarter that is over, and no people; others see nothing', async () => {
      const page = await eva.get(`/programs/${program}/report`);
      assert.equal(page.status, 200, page.words);
      assert.match(page.words, like('en', 'You see results: one quarter of a year at a time, totals as they are, modes only where they name nobody.'));
      assert.match(page.words, like('en', 'Nobody was enrolled in this time')); // the running quarter is not over
      const home = await eva.get(`/programs/${program}`);
      assert.ok(!home.words.includes('Samar') && !home.links.some((l) => l.includes('/people')));
      for (const rest of ['/people', '/enrol', '/edit']) assert.equal((await eva.get(`/programs/${program}${rest}`)).status, 404, rest);
      const enrolment = (await admin.get(`/programs/${program}/people`)).link(/^\/enrolments\//);
      for (const who of [stranger, dina]) {
        for (const at of [`/programs/${program}`, `/programs/${program}/people`, `/programs/${program}/enrol`, `/programs/${program}/report`, `/programs/${program}/report/export`, enrolment])
          assert.ok(!(await who.get(at)).words.includes(CANARY.program) && (await who.raw('GET', at)).status !== 200, at);
        for (const [at, typed] of [[`/programs/${program}/state`, { state: 'closed' }], [`${enrolment}/modes`, { prefers: 'remote' }], [`${enrolment}/end`, { reason: 'completed' }]])
          assert.equal((await who.push(at, typed)).status, 404, at);
      }
      assert.ok(!(await stranger.get('/programs')).words.includes(CANARY.program));
      assert.ok((await admin.get(`/programs/${program}/people`)).words.includes(CANARY.dina));
      const api = server.api(await place.token('bob', 'write'));
      assert.deepEqual((await api.get('/api/v1/programs')).json.programs, []);
      for (const at of [`/api/v1/programs/${program}`, `/api/v1/programs/${program}/enrolments`, `/api/v1/programs/${program}/report`, `/api/v1${enrolment}`]) assert.equal((await api.get(at)).status, 404, at);
    });

    test('the API makes, changes, enrols, ends and takes back', async () => {
      const api = server.api(await place.token(place.admin.login, 'write'));
      const made = await api.post('/api/v1/programs', { modes: ['hybrid'], languages: 'fr', owner_org: (await api.get(`/api/v1/programs/${program}`)).json.owner_org, name: 'Emploi', purpose: 'Trouver un travail' });
      assert.equal(made.status, 201, made.text);
      const second = made.json.id;
      assert.equal((await api.post('/api/v1/programs', { modes: ['by-post'], languages: 'fr', name: 'x', purpose: 'y' })).status, 422);
      assert.equal((await api.post(`/api/v1/programs/${second}`, { modes: ['hybrid', 'remote'] })).json.modes.length, 2);
      assert.equal((await api.post(`/api/v1/programs/${second}/words`, { lang_of: 'fr', name: 'Emploi et stages', purpose: 'Trouver un travail' })).json.name, 'Emploi et stages');
      assert.equal((await api.post(`/api/v1/programs/${second}/state`, { state: 'open' })).json.state, 'open');
      const first = (await api.get(`/api/v1/programs/${program}/enrolments`)).json.enrolments;
      const added = await api.post(`/api/v1/programs/${second}/enrolments`, { persons: [first[0].person, first[1].person], prefers: 'remote', uses: 'hybrid' });
      assert.deepEqual(added.json, { enrolled: 2, already: 0 });
      assert.deepEqual((await api.post(`/api/v1/programs/${second}/enrolments`, { persons: [first[0].person] })).json, { enrolled: 0, already: 1 });
      assert.equal((await api.post(`/api/v1/programs/${second}/enrolments`, { persons: ['nobody'] })).status, 422);
      const [one] = (await api.get(`/api/v1/programs/${second}/enrolments?show=unmet`)).json.enrolments;
      assert.equal(one.unmet, 'other-mode');
      assert.equal((await api.post(`/api/v1/enrolments/${one.id}`, { uses: 'remote' })).json.enrolment.unmet, 'none');
      assert.equal((await api.post(`/api/v1/enrolments/${one.id}/end`, { reason: 'completed' })).json.enrolment.end_reason, 'completed');
      assert.equal((await api.post(`/api/v1/enrolments/${one.id}/end`, { reason: 'completed' })).status, 409);
      const back = await api.post(`/api/v1/enrolments/${one.id}/take-back`, {});
      assert.deepEqual(back.json.history.map((h) => h.what), ['enrolled', 'changed', 'ended', 'taken-back']);
      // the same person, two programs
      const person = await admin.get(`/persons/${one.person}`);
      assert.equal(person.status, 200);
      assert.ok(person.words.includes(CANARY.program) && person.words.includes('Emploi et stages'), person.words);
    });

    test('from the page of a person: enrolled in a program that the reader may write', async () => {
      const api = server.api(await place.token(place.admin.login, 'read'));
      const left = (await api.get(`/api/v1/programs/${program}/enrolments`)).json.enrolments.find((e) => e.name === CANARY.badi);
      let page = await admin.get(`/persons/${left.person}/enrol`);
      const emploi = (await api.get('/api/v1/programs')).json.programs.find((p) => p.name === 'Emploi et stages').id;
      page = await page.submit('/enrol', { program: emploi, prefers: 'no-preference', uses: 'in-person' });
      assert.ok(page.problems.uses, page.words); // not offered there
      page = await page.submit('/enrol', { uses: 'remote' });
      assert.match(page.path, new RegExp(`^/persons/${left.person}`), page.words);
      assert.ok(page.words.includes('Emploi et stages'), page.words);
      page = await (await admin.get(`/persons/${left.person}/enrol`)).submit('/enrol', { program: emploi, prefers: '', uses: 'remote' });
      assert.match(page.flash, like('en', 'This person is enrolled there already.'));
      assert.equal((await stranger.get(`/persons/${left.person}/enrol`)).status, 404);
    });

    test('EQ-5: who asks to join says how they would like to take part, or does not; it is known when they are in', async () => {
      const question = 'How would you like to take part?';
      const form = await server.browser({ lang: 'fr' }).get('/c/quartier/join');
      const offered = form.form('/join').fields.filter((f) => f.name === 'choice');
      assert.deepEqual(offered.map((f) => f.value), ['remote', 'in-person', 'no-preference']); // what the program offers
      assert.ok(offered.every((f) => !f.sent), 'something is chosen for them');
      assert.match(form.words, like('fr', question));
      const kept = await form.submit('/join', { name: '', accept: '1', choice: 'in-person' });
      assert.equal(kept.status, 422);
      assert.equal(kept.value('/join', 'choice'), 'in-person');
      const wrong = await form.submit('/join', { name: 'Zora', accept: '1', choice: 'by-post' });
      assert.match(wrong.problems.choice, like('fr', 'Choose one of the list.'));
      const zora = await ask(server, 'quartier', { name: 'Zora', answers: { choice: 'in-person' } });
      const list = await admin.get('/joins');
      const request = await admin.get(/<a href="(\/joins\/[0-9a-z]{13})"><bdi>Zora<\/bdi>/.exec(list.html)[1]);
      assert.ok(request.words.includes(`${question} ${say('en', 'In person')}`), request.words);
      await decide(admin, 'Zora', 'accept');
      assert.equal((await zora.browser.get('/c/quartier/program')).value('/program', 'prefers'), 'in-person');
      const candidates = await admin.get(`/programs/${program}/enrol`);
      assert.match(candidates.words, new RegExp(`Zora ${say('en', 'In person')}`));
      const quiet = await member(server, admin, 'quartier', { name: 'Quentin' });
      const own = (await quiet.browser.get('/c/quartier/program')).form('/program').fields.filter((f) => f.name === 'prefers');
      assert.ok(own.length && own.every((f) => !f.sent), 'who said nothing prefers something');
      // Entered by staff for somebody who came by.
      const intake = await (await mod.get(`/joins/new?community=${com}`)).submit('/joins/new', { kind: 'visit', name: 'Yara', accepted: '1', choice: 'remote' });
      assert.deepEqual(intake.summary, [], intake.words);
      await decide(admin, 'Yara', 'accept');
      assert.match((await admin.get(`/programs/${program}/enrol`)).words, new RegExp(`Yara ${say('en', 'Remote')}`));
    });

    test('EQ-5: asked in an app by buttons, in the language of the person', async () => {
      const page = await admin.get(`/communities/${com}`);
      const option = page.form('/channels').fields.find((f) => f.name === 'channel').options.find((o) => o.label === 'app');
      assert.deepEqual((await page.submit('/channels', { channel: option.value })).summary, []);
      const joins = async (name, press) => {
        const user = await tg.act('users', { first_name: name, language_code: 'ar', started: true });
        await tg.act('say', { user: user.id, text: 'مرحبا' });
        const rules = await tg.heard(user.id, 'الاحترام أولًا');
        await tg.act('press', { chat: user.id, message_id: rules.message_id, user: user.id });
        const asked = await tg.heard(user.id, say('ar', 'How would you like to take part?'));
        assert.deepEqual(asked.reply_markup.inline_keyboard.flat().map((b) => b.text), ['Remote', 'In person', 'No preference', 'Go on without an answer'].map((m) => say('ar', m)));
        await tg.act('press', { chat: user.id, message_id: asked.message_id, user: user.id, index: press });
        await tg.heard(user.id, (m) => like('ar', 'Thank you. Your request to join {0} was sent; you will be told here.').test(m.text ?? ''));
        await decide(admin, name, 'accept');
      };
      await joins('Rania', 1);
      await joins('Sami', 3);
      await until('the preference', async () => new RegExp(`Rania ${say('en', 'In person')}`).test((await admin.get(`/programs/${program}/enrol`)).words));
      assert.ok(!new RegExp(`Sami (${['Remote', 'Hybrid', 'In person', 'No preference'].join('|')})`).test((await admin.get(`/programs/${program}/enrol`)).words));
    });

    test('an enrolment ends with a reason and can be taken back; closing says how many end', async () => {
      let page = await admin.get((await admin.get(`/programs/${program}/people`)).link(/^\/enrolments\//));
      page = await page.submit('/end', { on: '2999-01-01', reason: '' });
      assert.ok(page.problems.on && page.problems.reason, JSON.stringify(page.problems));
      page = await page.submit('/end', { on: '', reason: 'moved-away' });
      assert.match(page.words, like('en', 'Moved away'));
      page = await page.submit('/take-back');
      assert.match(page.words, like('en', 'End taken back'));
      page = await admin.get(`/programs/${program}/close`);
      assert.match(page.words, /The enrolments of 3 people end today\./);
      page = await page.submit('/state');
      assert.match(page.words, like('en', 'Program closed'));
      assert.equal((await samar.get('/c/quartier/program')).status, 404);
      assert.ok(!(await server.browser({ lang: 'fr' }).get('/c/quartier/join')).form('/join').fields.some((f) => f.name === 'choice'), 'a closed program asks');
      assert.match((await admin.get(`/programs/${program}/people?show=ended`)).words, like('en', 'The program was closed'));
    });

    test('CONF-2: a preset of a program makes the program and its message space together, and the design carries it', async () => {
      for (const code of ['welcome-groups', 'case-messaging']) await place.ok('community', 'add', '--preset', code);
      const made = await (await admin.get('/communities/new')).submit('/presets/youth-wraparound');
      assert.ok(made.links.some((l) => /^\/programs\/[0-9a-z]{13}$/.test(l)), made.words);
      const list = await admin.get('/programs');
      for (const name of ['Remote Welcome Groups', 'Case management by messaging', 'Youth wraparound']) assert.ok(list.words.includes(name), list.words);
      const card = await admin.get('/presets/youth-wraparound');
      assert.match(card.words, /A program and its message space, made together\. Modes offered: Hybrid · In person/);
      const text = await place.ok('community', 'export', 'youth-wraparound');
      assert.match(text, /^program\.modes = hybrid in-person$/m);
      await place.ok('community', 'import', '-', '--as', 'copie', { input: text });
      assert.equal(await place.ok('community', 'export', 'copie'), text.replace('slug = youth-wraparound', 'slug = copie'));
      const bad = await place.run('community', 'import', '-', '--as', 'copie-2', { input: text.replace('program.modes = hybrid in-person', 'program.modes =') });
      assert.notEqual(bad.code, 0);
      assert.match(bad.err, /at least one mode/);
    });

    // EQ-6: "The system has no participant fees and no feature that requires one." What can be checked is that no column keeps
    // an amount and no field of a form or of the API takes one. The costs of our own SMS are a figure of the operator.
    test('EQ-6: no table keeps a price and no form asks for one', () => {
      const money = /\b(fee|fees|price|prices|payment|tuition|donation|invoice|amount|currency)\b/;
      const allowed = new Set(['currency']); // channel/schema.sql and its settings: what an SMS costs the operator
      const found = [];
      const read = (folder) => {
        for (const f of fs.readdirSync(folder, { withFileTypes: true })) {
          const at = path.join(folder, f.name);
          if (f.isDirectory()) read(at);
          const columns = f.name === 'schema.sql' ? /^ {4}([a-z_]+) (?:INTEGER|TEXT|REAL|BLOB)/gm : f.name.endsWith('.c') ? /\{"([a-z_]+)",\s*FIELD_/g : null;
          if (columns) for (const m of fs.readFileSync(at, 'utf8').matchAll(columns)) if (money.test(m[1].replaceAll('_', ' ')) && !allowed.has(m[1])) found.push(`${at}: ${m[1]}`);
        }
      };
      read(path.join(ROOT, 'src'));
      assert.deepEqual(found, []);
    });

    test('no name, no word of a program stands in the log, and nothing failed', () => {
      for (const word of [...Object.values(CANARY), 'Samar', 'Emploi et stages']) assert.ok(!server.log.includes(word), `${word} in the log`);
      assert.ok(!/status=500/.test(server.log), server.log.split('\n').filter((l) => /500/.test(l)).join('\n'));
    });
  });

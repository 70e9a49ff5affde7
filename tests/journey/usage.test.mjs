// SPDX-License-Identifier: EUPL-1.2
// Statistics in the product, on both engines: a month counted, a table from before checked and corrected, who vanished,
// files that come back the same, notes, categories, what members read; and who sees what.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { account, giveRole, idOf, importDesign, member, openIt } from '../support/community.mjs';
import { tablesOf } from '../support/html.mjs';
import { like, say } from '../support/po.mjs';
import { ENGINES, Place, ROOT, passerelle, without } from '../support/server.mjs';

const T5 = fs.readFileSync(path.join(ROOT, 'tests/data/sheets/t5.csv'));
const file = (name, bytes) => ({ name, type: 'application/octet-stream', bytes });
const month = (back = 0) => {
  const [y, m] = new Intl.DateTimeFormat('sv-SE', { timeZone: 'America/Toronto', year: 'numeric', month: '2-digit' }).format(new Date()).split('-').map(Number);
  const at = y * 12 + m - 1 - back;
  return `${Math.floor(at / 12)}-${String((at % 12) + 1).padStart(2, '0')}`;
};
const typed = { ...Object.fromEntries(['file', 'pasted'].map((n) => [n, ''])) };

// Rows of the first sheet of a workbook, read by nobody of ours.
const PYTHON = `
import sys, json, zipfile, xml.etree.ElementTree as E
z = zipfile.ZipFile(sys.argv[1]); n = '{http://schemas.openxmlformats.org/spreadsheetml/2006/main}'
texts = [''.join(t.text or '' for t in s.iter(n + 't')) for s in E.fromstring(z.read('xl/sharedStrings.xml'))]
book = E.fromstring(z.read('xl/workbook.xml'))
assert not [s for s in book.iter(n + 'sheet') if s.get('state')], 'a hidden sheet'
out = []
for name in sorted(x for x in z.namelist() if x.startswith('xl/worksheets/sheet')):
    sheet = E.fromstring(z.read(name))
    assert not list(sheet.iter(n + 'f')), 'a formula'
    assert not [e for e in sheet.iter() if e.get('hidden')], 'something hidden'
    out.append([[(texts[int(c.find(n + 'v').text)] if c.get('t') == 's' else c.find(n + 'v').text) if c.find(n + 'v') is not None else ''
        for c in r] for r in sheet.iter(n + 'row')])
core = z.read('docProps/core.xml').decode()
assert '<dc:creator></dc:creator>' in core or '<dc:creator/>' in core, core
print(json.dumps(out))`;
const sheetsOf = (place, bytes) => {
  const at = path.join(place.dir, 'export.xlsx');
  fs.writeFileSync(at, bytes);
  return JSON.parse(execFileSync('python3', ['-c', PYTHON, at], { encoding: 'utf8' }));
};

for (const engine of ENGINES)
  describe(`usage, ${engine}`, { skip: without(engine) }, () => {
    let place, server, admin, mod, eva, com, samar, base;
    const cell = (page, row, column) => {
      for (const t of tablesOf(page.html)) {
        const r = t.find((x) => x[0] === row);
        if (r) return r[column];
      }
      return assert.fail(`no row ${row}:\n${page.words}`);
    };
    const line = (page, msgid) => Number(cell(page, say('en', msgid), 1));

    before(async () => {
      place = await Place.make(engine);
      await importDesign(place, 'quartier', { screening: false });
      server = await place.serve();
      admin = await server.signedIn(place.admin.login, place.admin.password);
      com = await idOf(admin, 'quartier');
      base = `/communities/${com}/statistics`;
      await openIt(admin, com);
      const signedIn = async (login, name, role) => {
        const who = await account(admin, login, name, role);
        await giveRole(admin, com, name, role);
        const b = server.browser();
        await (await b.signIn(who.login, who.password)).submit('/me/password', { old: who.password, new: `${login} a sa phrase`, again: `${login} a sa phrase` });
        return server.signedIn(login, `${login} a sa phrase`);
      };
      mod = await signedIn('amira', 'Amira H.', 'moderator');
      eva = await signedIn('eva', 'Eva L.', 'evaluator');
    });
    after(() => place?.close());

    test('EVAL-1, EVAL-2, SLA-7, A-30: what was done is in the table of the month', async () => {
      samar = await member(server, admin, 'quartier', { name: 'Samar', lang: 'ar' });
      const badi = await member(server, admin, 'quartier', { name: 'Badi', lang: 'fr' });
      await (await samar.browser.get('/c/quartier/ask')).submit('/ask', { text: 'Où inscrire mon fils ?' });
      await (await samar.browser.get('/c/quartier/ask')).submit('/ask', { text: 'Mon loyer ?', private: '1' });
      const inbox = await mod.get('/inbox');
      for (const at of new Set([...inbox.html.matchAll(/href="(\/inbox\/[0-9a-z]{13})/g)].map((m) => m[1])))
        await (await mod.get(at)).submit('/answer', { text: 'Voici' });
      const leave = await badi.browser.get('/c/quartier/leave');
      assert.equal((await leave.submit('/leave')).status, 200);
      const page = await mod.get(base);
      assert.equal(page.status, 200, page.words);
      const lines = { 'Members at the end': 1, 'New members': 2, 'Left on request': 1, 'Removed by a moderator': 0, 'Silently gone': 0, 'Questions asked': 1, 'Questions answered': 1, 'Private messages': 2, 'Members who took part': 1 };
      for (const [msgid, n] of Object.entries(lines)) assert.equal(line(page, msgid), n, `${msgid}\n${page.words}`);
      assert.ok(!page.words.includes('loyer'), 'a private message is shown');
      assert.match(page.words, new RegExp(say('en', 'Promises kept')));
      const arabic = await mod.get(`${base}?lang=ar`);
      assert.match(arabic.html, /<html lang="ar" dir="rtl">/);
      await mod.get(`${base}?lang=en`);
    });

    test('A-55: the platform shows fewer members: they are proposed as silently gone and accepted with a note', async () => {
      let page = await mod.get(`${base}?entered=1`);
      assert.match(page.words, like('en', 'The numbers agree: nobody is silently gone.'));
      page = await mod.get(`${base}?entered=0`);
      assert.match(page.words, /Proposed: 1 person silently gone\./);
      page = await page.submit('/statistics/end', { note: '' });
      assert.equal(page.status, 422);
      assert.ok(page.problems.note, page.words);
      page = await page.submit('/statistics/end', { note: 'Compté dans le groupe' });
      assert.equal(page.status, 200, page.words);
      assert.equal(line(page, 'Members at the end'), 0);
      assert.equal(line(page, 'Silently gone'), 1);
      assert.match(page.words, /Compté dans le groupe/);
      page = await mod.get(`${base}?entered=many`);
      assert.ok(page.problems.entered, page.words);
      page = await mod.get(`${base}?entered=50`);
      assert.ok(!page.has('/statistics/end'), 'more people than we know of can be accepted');
    });

    test('A-54, EVAL-3: the table as printed is flagged, one cell corrected, and its months join the trend as imported', async () => {
      let page = await mod.get(`${base}/import`);
      page = await page.submit('/import/check', { ...typed, file: file('t5.csv', T5) });
      assert.equal(page.status, 422);
      assert.ok(page.problems.first, page.words);
      page = await page.submit('/import/check', { ...typed, first: '2017-03', file: file('t5.csv', T5) });
      assert.equal(page.status, 200, page.words);
      assert.deepEqual([1, 2, 3].map((i) => cell(page, 'Row Referrals', i)), ['221', '401', '+180']);
      assert.deepEqual([1, 2, 3].map((i) => cell(page, 'Column Sep', i)), ['81', '261', '+180']);
      assert.deepEqual([1, 2, 3].map((i) => cell(page, 'Total of all', i)), ['1,127', '1,307', '+180']);
      assert.match(page.words, /One cell explains all: Referrals ?, Sep ?is 199 ?and should be 19/);
      page = await page.submit('/statistics/import', { act: 'correct', reason: '' });
      assert.ok(page.problems.reason, page.words);
      assert.match(page.value('/statistics/import', 'table'), /Referrals,27,38,18,6,8,19,199/);
      page = await page.submit('/statistics/import', { act: 'correct', reason: 'Statistiques WhatsApp 2017–2018' });
      assert.match(page.path, /\/statistics\/trend\?from=2017-03&to=2018-02$/, page.words);
      assert.match(page.words, /September 2017 \(imported\)/);
      assert.equal(cell(page, 'Referrals', 7), '19');
      assert.equal(cell(page, 'Referrals', 13), '221');
      assert.equal(cell(page, 'Total', 13), '1,127');
      page = await mod.get(`${base}/import`);
      assert.match(page.words, /Referrals, Sep: 199 → 19/);
    });

    test('the export says the same as the table, without formulas or anything hidden, and is taken over again without a remark', async () => {
      const range = 'from=2017-03&to=2018-02';
      const xlsx = await mod.raw('GET', `${base}/export?kind=xlsx&${range}`);
      assert.equal(xlsx.status, 200);
      assert.match(xlsx.headers['content-disposition'], /quartier-2017-03-2018-02\.xlsx/);
      const [activity, use] = sheetsOf(place, xlsx.body);
      const want = T5.toString().trim().split('\n').map((r) => r.split(',')).map((r) => r.map((x) => (x === '199' ? '19' : x)));
      assert.deepEqual(activity.slice(1), want.slice(1));
      assert.deepEqual(activity[0].slice(1, 3), ['2017-03', '2017-04']);
      assert.equal(use[0][0], 'Line');
      const csv = await mod.raw('GET', `${base}/export?kind=csv&${range}`);
      assert.deepEqual(csv.text.replace('\uFEFF', '').trim().split('\r\n').map((r) => r.split(',')), activity);
      for (const [name, bytes] of [['again.xlsx', xlsx.body], ['again.csv', csv.body]]) {
        const checked = await passerelle(['compute', 'table-check'], { input: bytes });
        assert.deepEqual(JSON.parse(checked.out), { rows: [], columns: [], grand_total: null, suggestion: null });
        let page = await mod.get(`${base}/import`);
        page = await page.submit('/import/check', { ...typed, file: file(name, bytes) });
        assert.match(page.words, new RegExp(say('en', 'The table adds up')));
        assert.equal(page.value('/statistics/import', 'first'), '2017-03'); // as its columns are named
        page = await page.submit('/statistics/import', { act: 'accept', reason: `Retour de ${name}` });
        assert.match(page.path, /\/trend\?from=2017-03/);
        const after = await mod.raw('GET', `${base}/export?kind=csv&${range}`);
        assert.equal(after.text, csv.text);
      }
    });

    test('a pasted table, numbers as people write them, and what is no table', async () => {
      let page = await mod.get(`${base}/import`);
      page = await page.submit('/import/check', { ...typed, first: '2016-01', pasted: '\tJanv\tFévr\tTotal\nMessages\t1\u202f200\t٣\t1\u00a0203\nTotal\t1200\t3\t1203' });
      assert.match(page.words, new RegExp(say('en', 'The table adds up')), page.words);
      page = await page.submit('/statistics/import', { act: 'check', table: page.value('/statistics/import', 'table').replace('1200,3,1203', '1200,4,1203') });
      assert.match(page.words, new RegExp(say('en', 'The table does not add up')));
      for (const [bad, field] of [[{ pasted: 'rien' }, 'pasted'], [{ pasted: ',Mar\nx,beaucoup' }, 'pasted'], [{}, 'file'], [{ file: file('x.xls', Buffer.from('d0cf11e0a1b11ae1', 'hex')) }, 'file'], [{ file: file('x.xlsx', Buffer.from('PK\x03\x04 damaged')) }, 'file']]) {
        page = await (await mod.get(`${base}/import`)).submit('/import/check', { ...typed, first: '2016-01', ...bad });
        assert.equal(page.status, 422);
        assert.ok(page.problems[field], `${JSON.stringify(bad)}: ${page.words}`);
      }
    });

    test('what is wrong with a table is said where it is; what was corrected by hand is not lost', async () => {
      const check = async (first, pasted) => (await mod.get(`${base}/import`)).submit('/import/check', { ...typed, first, pasted });
      for (const [first, pasted, field, words] of [
        ['2016-03', ',Mar,Avr\nMessages,1,beaucoup', 'pasted', /Messages, Avr \(beaucoup\)/],
        ['2016-03', ',Mar,Mai\nMessages,1,2', 'pasted', /Mai does not follow/],
        ['2016-02', ',Mar,Avr\nMessages,1,2', 'first', /called Mar/],
        ['2016-03', ',Demandes,Autres\nMars,1,2\nAvril,3,4', 'pasted', /Turn the table round/],
        ['2016-03', ',Mar,Avr\nA,1,2\nTotal,1,2\nB,3,4\nTotal,4,6', 'pasted', /row of totals stands among/],
        ['2016-03', ',Mar\n"jamais fermé,1', 'pasted', /quotation mark.*Where: 2$/],
      ]) {
        const page = await check(first, pasted);
        assert.equal(page.status, 422);
        assert.match(page.problems[field] ?? '', words, page.words);
        assert.equal(page.value('/import/check', 'pasted').replaceAll('\r', ''), pasted);
      }
      let page = await check('2016-03', 'Statistiques du groupe,,\n\n,Mars,Avril\nMessages,1,2\n,,\nTotal,1,2\nSource : carnet,,');
      assert.match(page.words, new RegExp(say('en', 'The table adds up')), page.words);
      page = await page.submit('/statistics/import', { act: 'check', table: ',Mars\nMessages,douze', reason: 'Du carnet' });
      assert.match(page.problems.pasted ?? '', /Messages, Mars \(douze\)/, page.words);
      page = await page.submit('/import/check', { pasted: ',Mars\nMessages,12', file: '' });
      assert.equal(page.value('/statistics/import', 'reason'), 'Du carnet');
    });

    test('months that were counted, or that another table gave, are named before they are covered, and come back', async () => {
      const take = async (pasted) => {
        const page = await (await mod.get(`${base}/import`)).submit('/import/check', { ...typed, pasted });
        return { page, done: () => page.submit('/statistics/import', { act: 'accept', reason: 'Essai à annuler' }) };
      };
      const cellOf = async (at) => cell(await mod.get(`${base}/trend?from=${at}&to=${at}`), 'Messages', 1);
      for (const [at, words] of [[month(), /1 of these months was counted here as well/], ['2017-09', /1 of these months shows the figures of another table/]]) {
        const before = await cellOf(at);
        const { page, done } = await take(`,${at}\nMessages,777`);
        assert.match(page.words, words);
        await done();
        assert.equal(await cellOf(at), '777');
        const back = await (await mod.get(`${base}/import`)).submit(/\/statistics\/imports\/[0-9a-z]{13}\/remove$/);
        assert.equal(back.flash, say('en', 'The table is taken back: its months show what they showed before.'));
        assert.equal(await cellOf(at), before);
      }
    });

    test('EVAL-4: the trend shows changes, busiest hours, and notes on causes', async () => {
      let page = await mod.get(`${base}/trend`);
      assert.match(page.html, /<svg class="line"/);
      assert.match(page.words, like('en', 'Most is said on {0}; the busiest hour is {1} from {2} to {3}.'));
      page = await page.submit('/statistics/notes', { month: month(), text: 'Rentrée scolaire' });
      assert.match(page.words, /Rentrée scolaire/);
      page = await page.submit('/statistics/notes', { month: '2999-01', text: 'Trop tôt' });
      assert.ok(page.problems.month, page.words);
      assert.equal(page.value('/statistics/notes', 'text'), 'Trop tôt');
      page = await (await mod.get(`${base}/trend`)).submit(/\/notes\/[0-9a-z]{13}\/remove$/);
      assert.ok(!page.words.includes('Rentrée scolaire'));
      page = await mod.get(`${base}/trend?from=2001-01&to=2001-02`);
      assert.match(page.words, new RegExp(say('en', 'Nothing in these months')));
    });

    test('Q-19: categories are the community’s own; those with imported figures stay', async () => {
      let page = await mod.get(`${base}/categories`);
      page = await page.submit('/statistics/categories', { name4: 'Réponses', source4: 'answered', name0: 'Demandes' });
      assert.equal(page.status, 200, page.words);
      assert.equal(page.value('/statistics/categories', 'name0'), 'Demandes');
      const trend = await mod.get(`${base}/trend?from=${month()}&to=${month()}`);
      assert.equal(cell(trend, 'Réponses', 1), '1');
      page = await page.submit('/statistics/categories', { name0: '' });
      assert.equal(page.status, 422);
      assert.match(page.words, like('en', 'A category with imported figures cannot be left out. Rename it instead.'));
    });

    test('EVAL-14: a month that is not over is not published; members have a page that says what comes', async () => {
      const page = await mod.get(`${base}/summary`);
      assert.match(page.words, new RegExp(say('en', 'No month is over yet')));
      const members = await server.browser({ lang: 'fr' }).get('/c/quartier/months');
      assert.equal(members.status, 200);
      assert.match(members.words, like('fr', 'Nothing is published yet'));
    });

    test('Q-29: who only sees results sees totals, hidden parts, and changes nothing; others see nothing', async () => {
      const page = await eva.get(base);
      assert.equal(page.status, 200, page.words);
      assert.equal(line(page, 'New members'), 2);
      assert.match(page.words, like('en', 'You see results: totals as they are, parts only where they name nobody.'));
      const split = tablesOf(page.html).find((t) => t[0].includes('العربية'));
      const row = split.find((r) => r[0] === 'New members');
      assert.deepEqual(row.slice(1, -1), ['hidden', 'hidden']);
      assert.ok(!page.has('/statistics/notes') && !page.has('/statistics/end'));
      for (const at of ['/import', '/categories', '/summary']) assert.equal((await eva.get(base + at)).status, 404, at);
      assert.equal((await eva.push(`${base}/notes`, { month: month(), text: 'x' })).status, 404);
      const api = server.api(await place.token('eva', 'read'));
      const { json } = await api.get(`/api/v1/communities/${com}/statistics?by=language`);
      assert.equal(json.protected, true);
      for (const p of json.months.at(-1).parts) {
        assert.equal(p.new, null);
        assert.ok(p.hidden.includes('new'));
      }
      assert.match((await samar.browser.get(base)).path, /^\/sign-in/);
      const stranger = await account(admin, 'luc', 'Luc T.');
      const luc = server.browser();
      await (await luc.signIn(stranger.login, stranger.password)).submit('/me/password', { old: stranger.password, new: 'luc a sa phrase', again: 'luc a sa phrase' });
      const b = await server.signedIn('luc', 'luc a sa phrase');
      assert.equal((await b.get(base)).status, 404);
      assert.equal((await b.get(`${base}/export?kind=csv`)).status, 404);
    });
  });

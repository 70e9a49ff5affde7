// SPDX-License-Identifier: EUPL-1.2
// The commands around the server: help that teaches, backup and restore, the access log against tampering, the doctor,
// the demonstration, due times; and that nothing people said lies readable on the disk.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { account, ask, giveRole, idOf, importDesign, member, openIt } from '../support/community.mjs';
import { Place, passerelle, run, until } from '../support/server.mjs';
import { SECRET, Telegram } from '../support/telegram.mjs';

// SQLite is read and tampered with by Python's own module: nothing of ours has a part in it.
async function sql(file, ...statements) {
  const script = `
import json, sqlite3, sys
db = sqlite3.connect(sys.argv[1])
rows = []
for s in json.loads(sys.argv[2]):
    rows = db.execute(s).fetchall()
db.commit()
db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
print(json.dumps(rows, default=lambda b: b.hex()))
`;
  const r = await run('python3', ['-c', script, file, JSON.stringify(statements)]);
  assert.equal(r.code, 0, r.err);
  return JSON.parse(r.out);
}
const database = (place) => path.join(place.data, 'passerelle.db');

async function commandNames() {
  const { out } = await passerelle(['--help']);
  return [...out.matchAll(/^ {2}(\w+(?: \w+)?) {2,}\S/gm)].map((m) => m[1]);
}

describe('help', () => {
  test('every command explains itself with its use and an example', async () => {
    const names = await commandNames();
    assert.ok(names.length >= 20, names.join());
    for (const name of names) {
      const r = await passerelle([...name.split(' '), '--help']);
      assert.equal(r.code, 0, name);
      assert.match(r.out, new RegExp(`^Usage: passerelle ${name}`, 'm'), name);
      assert.match(r.out, new RegExp(`Example: passerelle ${name}`), `${name} gives no example`);
      assert.ok(r.out.split('\n').every((l) => l.length <= 140), `${name}: a line is too long`);
    }
  });

  test('wrong use says what was wrong and how it is right, with code 2', async () => {
    for (const [args, said] of [
      [[], /Commands:/], [['fly'], /there is no command "fly"/], [['user', 'add', 'x'], /--name/], [['init', '--colour', 'red'], /no option --colour/],
      [['serve', '--port'], /value is missing behind --port/], [['token', 'add', '--user', 'x', '--scope', 'all'], /read or write/], [['backup'], /Usage: passerelle backup FOLDER/],
      [['channel', 'add', 'smoke', '--name', 'x', '--token', 'y'], /telegram/],
    ]) {
      const r = await passerelle(args);
      assert.equal(r.code, 2, args.join(' '));
      assert.match(r.err + r.out, said);
    }
  });

  test('a command where there is no installation says where to start', async () => {
    const place = await Place.make('sqlite', { init: false });
    try {
      const r = await place.run('user', 'list');
      assert.equal(r.code, 1);
      assert.match(r.err, /passerelle init --help/);
      assert.equal(fs.existsSync(place.data), false, 'a folder was made');
    } finally {
      await place.close();
    }
  });
});

describe('an installation', () => {
  test('init makes one, protects its key, and never touches another', async () => {
    const place = await Place.make('sqlite');
    try {
      const key = path.join(place.data, 'keys/installation.key');
      const was = fs.readFileSync(key);
      assert.equal(fs.statSync(key).mode & 0o377, 0, 'others may read the key');
      assert.equal(fs.statSync(place.data).mode & 0o077, 0, 'others may enter the folder');
      const again = await place.run('init', '--yes');
      assert.equal(again.code, 1);
      assert.match(again.err, /already holds an installation/);
      assert.ok(fs.readFileSync(key).equals(was));
      await place.user('amira', 'Amira H.', '--role', 'moderator');
      assert.equal((await place.run('user', 'add', 'amira', '--name', 'Other')).code, 1);
      assert.equal((await place.run('user', 'add', 'zoe', '--name', 'Zoé', '--role', 'king')).code, 1);
      assert.match(await place.ok('user', 'list'), /amira +active +no/);
      await place.ok('user', 'disable', 'amira');
      assert.match(await place.ok('user', 'list'), /amira +disabled/);
      assert.equal((await place.run('user', 'disable', 'nobody')).code, 1);
      assert.match(await place.ok('migrate'), /0 changes/);
      await place.ok('community', 'add', 'vanier', '--name', 'Entraide');
      assert.match(await place.ok('community', 'list'), /vanier +draft/);
      assert.equal((await place.run('community', 'add', 'vanier', '--name', 'Encore')).code, 1);
    } finally {
      await place.close();
    }
  });

  test('a design goes out as text and comes in again the same, and a wrong line is named', async () => {
    const place = await Place.make('sqlite');
    try {
      await importDesign(place, 'essai');
      const text = await place.ok('community', 'export', 'essai');
      assert.match(text, /guidelines\.ar\.text = الاحترام أولًا/);
      await place.ok('community', 'import', '-', '--as', 'copie', { input: text });
      assert.equal(await place.ok('community', 'export', 'copie'), text.replace('slug = essai', 'slug = copie'));
      const wrong = await place.run('community', 'import', '-', '--as', 'autre', { input: text.replace('languages =', 'langages =') });
      assert.equal(wrong.code, 1);
      const bad = await place.run('community', 'import', '-', '--as', 'autre', { input: `${text}\ncouleur = bleu\n` });
      assert.match(bad.err, /line \d+/);
      assert.ok(!(await place.ok('community', 'list')).includes('autre'), 'half a design was kept');
    } finally {
      await place.close();
    }
  });

  test('the doctor names what is wrong and how to mend it', async () => {
    const place = await Place.make('sqlite');
    try {
      let r = await place.run('doctor');
      assert.equal(r.code, 1);
      assert.match(r.out, /MEND .*second factor/);
      assert.match(r.out, /MEND .*https/);
      assert.match(r.out, /ok .*access log is whole/);
      assert.match(r.out, /time-zone data/);
      const mends = (t) => (t.match(/ {2}MEND/g) ?? []).length;
      const was = mends(r.out);
      fs.chmodSync(place.data, 0o755);
      r = await place.run('doctor');
      assert.equal(mends(r.out), was + 1, r.out);
      assert.match(r.out, /chmod 700/);
      fs.chmodSync(path.join(place.data, 'keys/installation.key'), 0o444);
      r = await place.run('doctor');
      assert.equal(r.code, 1);
      assert.match(r.err, /key file/, 'a key that others may read is used');
    } finally {
      await place.close();
    }
  });
});

describe('backup and restore', () => {
  test('a backup written while people write holds all that was acknowledged; restored, the counts are the same', async () => {
    const place = await Place.make('sqlite');
    const back = path.join(place.dir, 'backup');
    const later = path.join(place.dir, 'later');
    try {
      await importDesign(place, 'essai', { screening: false });
      const server = await place.serve();
      const admin = await server.signedIn(place.admin.login, place.admin.password);
      const com = await idOf(admin, 'essai');
      await openIt(admin, com);
      const amira = await account(admin, 'amira', 'Amira H.');
      await giveRole(admin, com, 'Amira H.', 'moderator');
      const samar = (await member(server, admin, 'essai', { name: 'Samar', lang: 'fr' })).browser;
      await (await admin.get(`/communities/${com}`)).submit(`/communities/${com}`, { media: ['voice', 'image', 'file', 'video'] });
      const voice = { name: 'n.ogg', type: 'audio/ogg', bytes: Buffer.concat([Buffer.from('OggS'), Buffer.alloc(300000, 'z')]) };
      const sent = await (await samar.get('/c/essai/talk')).submit('/talk', { text: 'avec une note', voice });
      assert.equal(sent.status, 200, sent.words);
      const file = /\/messages\/[0-9a-z]{13}\/file/.exec((await samar.get('/c/essai/talk')).html)[0];
      const token = await place.token('amira', 'write');
      const api = server.api(token);
      let said = 0;
      let on = true;
      const writer = (async () => {
        while (on) if ((await api.post(`/api/v1/communities/${com}/messages`, { text: `écrit ${said + 1}` })).status === 201) said++;
      })();
      await until('some writing', () => said > 30);
      const atStart = said;
      assert.match(await place.ok('backup', back), /cannot be read without/);
      assert.equal(fs.existsSync(path.join(back, 'keys')), false, 'the key lies in the backup');
      assert.ok(said > atStart, 'writing stood still during the backup');
      on = false;
      await writer;
      assert.equal((await place.run('backup', back)).code, 1, 'a backup overwrites another');
      await place.ok('backup', later);

      const texts = async (s) => {
        const a = s.api(token);
        const all = [];
        for (let cursor = ''; ; ) {
          const { json } = await a.get(`/api/v1/communities/${com}/messages?limit=200${cursor ? `&cursor=${cursor}` : ''}`);
          all.push(...json.messages.map((m) => m.text));
          if (!json.next) return all.sort();
          cursor = json.next;
        }
      };
      const key = path.join(place.data, 'keys/installation.key');
      const whole = await texts(server);
      assert.equal(whole.filter((t) => t.startsWith('écrit')).length, said);
      for (const [from, exact] of [[back, false], [later, true]]) {
        const other = new Place('sqlite', fs.mkdtempSync(path.join(place.dir, 'new-')));
        const r = await passerelle(['restore', from, '--key', key, '--data', other.data]);
        assert.equal(r.code, 0, r.err);
        assert.match(await other.ok('audit', 'verify'), /is whole/);
        const s = await other.serve();
        const got = await texts(s);
        if (exact) assert.deepEqual(got, whole);
        else {
          const numbers = new Set(got.map((t) => Number(/^écrit (\d+)$/.exec(t)?.[1])).filter(Boolean));
          for (let i = 1; i <= atStart; i++) assert.ok(numbers.has(i), `écrit ${i} was acknowledged before the backup and is not in it`);
          assert.equal(Math.max(...numbers), numbers.size, 'a hole in what was kept');
        }
        const b = s.browser();
        for (const [k, v] of samar.cookies) b.cookies.set(k, v);
        assert.ok((await b.raw('GET', file)).body.equals(voice.bytes), 'the voice note is not in the backup');
        await s.stop();
        const twice = await passerelle(['restore', from, '--key', key, '--data', other.data]);
        assert.equal(twice.code, 1);
        assert.match(twice.err, /not empty/);
        assert.match(await other.ok('audit', 'verify'), /is whole/);
      }
      const wrongKey = path.join(place.dir, 'wrong.key');
      const strange = await Place.make('sqlite');
      try {
        fs.copyFileSync(path.join(strange.data, 'keys/installation.key'), wrongKey);
        const r = await passerelle(['restore', later, '--key', wrongKey, '--data', path.join(place.dir, 'wrongly')]);
        assert.equal(r.code, 1, 'a key of another installation is taken');
      } finally {
        await strange.close();
      }
    } finally {
      await place.close();
    }
  });

  test('on PostgreSQL the command says what to use instead', { skip: process.env.PW_TEST_PG ? false : 'no PostgreSQL' }, async () => {
    const place = await Place.make('postgres');
    try {
      const r = await place.run('backup', path.join(place.dir, 'b'));
      assert.equal(r.code, 1);
      assert.match(r.err, /pg_dump/);
    } finally {
      await place.close();
    }
  });
});

describe('the access log', () => {
  let place, pristine, lane, end;
  before(async () => {
    place = await Place.make('sqlite');
    await importDesign(place, 'essai');
    const server = await place.serve();
    const admin = await server.signedIn(place.admin.login, place.admin.password);
    const com = await idOf(admin, 'essai');
    await openIt(admin, com);
    for (let i = 0; i < 5; i++) await member(server, admin, 'essai', { name: `Membre ${i}`, lang: 'fr', answers: { a1: 'x' } });
    await server.stop(); // writes the heads beside the database
    [[lane, end]] = await sql(database(place), 'SELECT lane, seq FROM audit_head ORDER BY seq DESC LIMIT 1');
    pristine = path.join(place.dir, 'pristine');
    fs.cpSync(place.data, pristine, { recursive: true });
    assert.ok(end > 12, `only ${end} rows`);
  });
  after(() => place?.close());

  const tampered = async (statements, heads = true) => {
    fs.rmSync(place.data, { recursive: true, force: true });
    fs.cpSync(pristine, place.data, { recursive: true });
    if (!heads) fs.rmSync(path.join(place.data, 'audit.heads'));
    await sql(database(place), ...statements);
    return place.run('audit', 'verify');
  };
  const columns = 'lane, at_ms, actor_kind, actor_person, actor_account, request_id, what, object, object_id, detail, hash';

  test('CNS-7: untouched it is whole, also without the noted heads', async () => {
    for (const heads of [true, false]) {
      const r = await tampered([], heads);
      assert.equal(r.code, 0, r.out);
      assert.match(r.out, /The access log is whole: \d+ rows/);
    }
  });

  for (const [name, statements] of [
    ['an edited row', () => [`UPDATE audit SET actor_person = actor_person + 1 WHERE lane = ${lane} AND seq = 7`]],
    ['an edited word', () => [`UPDATE audit SET what = 'question.read' WHERE lane = ${lane} AND seq = 5`]],
    ['a moved time', () => [`UPDATE audit SET at_ms = at_ms - 60000 WHERE lane = ${lane} AND seq = 9`]],
    ['a deleted row', () => [`DELETE FROM audit WHERE lane = ${lane} AND seq = 6`]],
    ['a deleted row with the gap closed', () => [`DELETE FROM audit WHERE lane = ${lane} AND seq = 6`, `UPDATE audit SET seq = -seq + 1 WHERE lane = ${lane} AND seq > 6`, `UPDATE audit SET seq = -seq WHERE lane = ${lane} AND seq < 0`]],
    ['an inserted row', () => [`UPDATE audit SET seq = -seq - 1 WHERE lane = ${lane} AND seq >= 8`, `UPDATE audit SET seq = -seq WHERE lane = ${lane} AND seq < 0`, `INSERT INTO audit (id, seq, ${columns}) SELECT (SELECT max(id) + 1 FROM audit), 8, ${columns} FROM audit WHERE lane = ${lane} AND seq = 3`]],
    ['an appended row', () => [`INSERT INTO audit (id, seq, ${columns}) SELECT (SELECT max(id) + 1 FROM audit), ${end + 1}, ${columns} FROM audit WHERE lane = ${lane} AND seq = 3`]],
    ['two rows that changed places', () => [`UPDATE audit SET seq = -4 WHERE lane = ${lane} AND seq = 4`, `UPDATE audit SET seq = 4 WHERE lane = ${lane} AND seq = 5`, `UPDATE audit SET seq = 5 WHERE lane = ${lane} AND seq = -4`]],
    ['a cut end', () => [`DELETE FROM audit WHERE lane = ${lane} AND seq > ${end - 3}`]],
    ['a cut end with its head set back', () => [`DELETE FROM audit WHERE lane = ${lane} AND seq > ${end - 3}`, `UPDATE audit_head SET seq = ${end - 3}, hash = (SELECT hash FROM audit WHERE lane = ${lane} AND seq = ${end - 3}) WHERE lane = ${lane}`]],
    ['everything gone', () => ['DELETE FROM audit', 'DELETE FROM audit_head']],
  ])
    test(`CNS-7: ${name} is found`, async () => {
      const r = await tampered(statements());
      assert.equal(r.code, 1, `not found: ${r.out}`);
      assert.match(r.out, /findings? in \d+ rows/);
      const d = await place.run('doctor');
      assert.match(d.out, /MEND .*access log was changed/);
    });

  test('CNS-7: a database put back to yesterday is found by heads noted today', async () => {
    fs.rmSync(place.data, { recursive: true, force: true });
    fs.cpSync(pristine, place.data, { recursive: true });
    await place.user('later', 'La Ter', '--role', 'evaluator');
    const server = await place.serve();
    await server.stop();
    const heads = path.join(place.dir, 'witness.heads');
    fs.copyFileSync(path.join(place.data, 'audit.heads'), heads);
    fs.rmSync(place.data, { recursive: true, force: true });
    fs.cpSync(pristine, place.data, { recursive: true });
    assert.equal((await place.run('audit', 'verify')).code, 0);
    const r = await place.run('audit', 'verify', '--heads', heads);
    assert.equal(r.code, 1, r.out);
  });
});

describe('the demonstration', () => {
  test('is made, served with its accounts, and removed; a real installation is never taken for one', async () => {
    const place = await Place.make('sqlite', { init: false });
    const real = await Place.make('sqlite');
    try {
      const out = await place.ok('demo', 'load');
      assert.match(out, /nadia/);
      assert.match(out, /demonstration/);
      const server = await place.serve();
      const b = await server.signedIn('nadia', 'demonstration');
      const amira = await server.signedIn('amira', 'demonstration');
      const inbox = await amira.get('/inbox');
      assert.match(inbox.words, /Overdue/);
      assert.ok(inbox.links.filter((l) => /^\/inbox\/[0-9a-z]{13}/.test(l)).length >= 3);
      assert.match((await b.get('/communities')).html, /class="demo"/);
      assert.equal((await server.browser({ lang: 'ar' }).get('/')).status, 200);
      await server.stop();
      assert.match(await place.ok('audit', 'verify'), /is whole/);
      assert.equal((await real.run('demo', 'load')).code, 1, 'a real installation became a demonstration');
      assert.equal((await real.run('demo', 'remove')).code, 1);
      assert.ok(fs.existsSync(database(real)));
      await place.ok('demo', 'remove');
      assert.equal(fs.existsSync(place.data), false);
    } finally {
      await place.close();
      await real.close();
    }
  });
});

describe('compute due', () => {
  const week = [{ days: 'mon-fri', open: '09:00', close: '17:00' }];
  const calgary = { zone: 'America/Edmonton', calendar: 'CA-AB', hours: week, standard_hours: 24, mode: 'deferred' };
  const ottawa = { zone: 'America/Toronto', calendar: 'CA-ON', hours: week, standard_hours: 48, mode: 'deferred' };
  const compute = async (lines) => {
    const r = await passerelle(['compute', 'due'], { input: `${lines.map((l) => (typeof l === 'string' ? l : JSON.stringify(l))).join('\n')}\n` });
    assert.equal(r.code, 0, r.err);
    return r.out.trim().split('\n').map((l) => JSON.parse(l));
  };
  const same = (got, start, due) => {
    assert.equal(got.error, undefined, JSON.stringify(got));
    assert.equal(new Date(got.start).getTime(), new Date(start).getTime(), `start ${got.start}`);
    assert.equal(new Date(got.due).getTime(), new Date(due).getTime(), `due ${got.due}`);
  };

  test('A-22: Calgary, 24 hours', async () => {
    const cases = [
      ['2026-02-12T14:20:00-07:00', '2026-02-12T14:20:00-07:00', '2026-02-13T14:20:00-07:00'],
      ['2026-02-06T17:30:00-07:00', '2026-02-09T09:00:00-07:00', '2026-02-10T09:00:00-07:00'],
      ['2026-02-08T11:00:00-07:00', '2026-02-09T09:00:00-07:00', '2026-02-10T09:00:00-07:00'],
      ['2026-02-10T08:10:00-07:00', '2026-02-10T09:00:00-07:00', '2026-02-11T09:00:00-07:00'],
      ['2026-02-13T16:59:00-07:00', '2026-02-13T16:59:00-07:00', '2026-02-17T16:59:00-07:00'],
      ['2026-02-12T17:00:00-07:00', '2026-02-13T09:00:00-07:00', '2026-02-17T09:00:00-07:00'],
    ];
    const got = await compute(cases.map(([received]) => ({ received, ...calgary })));
    cases.forEach(([, start, due], i) => same(got[i], start, due));
  });

  test('A-23: Ottawa, 48 hours over the clock change, and a holiday', async () => {
    const got = await compute([
      { received: '2026-03-05T10:00:00-05:00', ...ottawa },
      { received: '2026-03-06T18:00:00-05:00', ...ottawa },
      { received: '2026-04-02T15:00:00-04:00', ...ottawa, standard_hours: 24 },
    ]);
    same(got[0], '2026-03-05T10:00:00-05:00', '2026-03-09T10:00:00-04:00');
    same(got[1], '2026-03-09T09:00:00-04:00', '2026-03-11T09:00:00-04:00');
    same(got[2], '2026-04-02T15:00:00-04:00', '2026-04-06T15:00:00-04:00');
  });

  test('A-32: a late evening, deferred and by the wall', async () => {
    const r613 = { ...ottawa, standard_hours: 24 };
    const got = await compute([{ received: '2026-03-04T22:15:00-05:00', ...r613 }, { received: '2026-03-04T22:15:00-05:00', ...r613, mode: 'wall' }]);
    same(got[0], '2026-03-05T09:00:00-05:00', '2026-03-06T09:00:00-05:00');
    assert.equal(new Date(got[1].due).getTime(), new Date('2026-03-05T22:15:00-05:00').getTime());
  });

  test('a wrong line is answered with its field, and the next one is computed', async () => {
    const good = { received: '2026-02-12T14:20:00-07:00', ...calgary };
    const got = await compute([
      'not json', { ...good, zone: 'Mars/Olympus' }, { ...good, received: 'yesterday' }, { ...good, calendar: 'CA-XX' }, { ...good, standard_hours: 0 },
      { ...good, mode: 'sometimes' }, { ...good, hours: [{ days: 'mon', open: '25:00', close: '26:00' }] }, `{"a":"${'x'.repeat(70000)}"}`, good,
    ]);
    assert.deepEqual(got.slice(0, 8).map((g) => g.error?.field.split('[')[0]), ['$', 'zone', 'received', 'calendar', 'standard_hours', 'mode', 'hours', '$']);
    same(got[8], '2026-02-12T14:20:00-07:00', '2026-02-13T14:20:00-07:00');
  });
});

describe('what people said', () => {
  test('CNS-9: no name, no word, no identity and no secret lies readable in database, log of changes, files or log', async () => {
    const tg = await Telegram.start();
    const place = await Place.make('sqlite');
    try {
      await importDesign(place, 'essai');
      await place.ok('channel', 'add', 'telegram', '--name', 'app', '--token', tg.token, '--secret', SECRET, '--api-base', tg.base);
      const server = await place.serve();
      const admin = await server.signedIn(place.admin.login, place.admin.password);
      const com = await idOf(admin, 'essai');
      await openIt(admin, com);
      await (await admin.get(`/communities/${com}`)).submit(`/communities/${com}`, { media: ['voice', 'image', 'file', 'video'] });
      const canary = {
        login: 'Zqlogincanary', staff: 'Zqstaffcanary', name: 'Zqnamecanary', screening: 'Zqscreeningcanary', public: 'Zqpubliccanary', private: 'Zqprivatecanary',
        talk: 'Zqtalkcanary', answer: 'Zqanswercanary', draft: 'Zqdraftcanary', interim: 'Zqinterimcanary', voice: 'Zqvoicecanary', file: 'Zqfilecanary', tgname: 'Zqtgnamecanary',
        tgtext: 'Zqtgtextcanary', tgprivate: 'Zqtgprivatecanary', arabic: 'كناريمخفي', refused: 'Zqrefusedcanary', waiting: 'Zqwaitingcanary', tganswer: 'Zqtganswercanary', asking: 'Zqaskingcanary', password: 'Zqpasswordcanary long',
      };
      const amira = await account(admin, canary.login, canary.staff);
      await giveRole(admin, com, canary.staff, 'moderator');
      await (await server.browser().signIn(canary.login, amira.password)).submit('/me/password', { old: amira.password, new: canary.password, again: canary.password });
      const mod = await server.signedIn(canary.login, canary.password);
      const samar = await member(server, admin, 'essai', { name: canary.name, lang: 'fr', answers: { a1: canary.screening, a2: canary.arabic } });
      await ask(server, 'essai', { name: canary.waiting, lang: 'fr', answers: { a1: canary.refused } });
      const b = samar.browser;
      const q = await (await b.get('/c/essai/ask')).submit('/ask', { text: `${canary.public} ?` });
      await (await b.get('/c/essai/ask')).submit('/ask', { text: `${canary.private} ?`, private: '1' });
      await (await b.get('/c/essai/talk')).submit('/talk', { text: canary.talk });
      const voice = { name: `${canary.file}.ogg`, type: 'audio/ogg', bytes: Buffer.concat([Buffer.from('OggS'), Buffer.from(canary.voice.repeat(50))]) };
      await (await b.get('/c/essai/private')).submit('/private', { text: '', voice });
      const row = `/inbox/${q.path.split('/').pop()}`;
      await mod.push(`${row}/draft`, { text: canary.draft }, { csrf: (await mod.get(row)).csrf });
      await (await mod.get(row)).submit('/interim', { interim: canary.interim });
      await (await mod.get(row)).submit('/answer', { text: canary.answer, source: 'source.example', checked_on: '2026-01-05' });
      const group = await tg.act('chats', { type: 'supergroup', title: 'Zqgroupcanary' });
      const page = await admin.get(`/communities/${com}`);
      const option = page.form('/channels').fields.find((f) => f.name === 'channel').options[0];
      await page.submit('/channels', { channel: option.value, chat: String(group.id) });
      await until('the webhook', async () => (await tg.look('state')).bots[0].webhook !== '');
      const user = await tg.act('users', { first_name: canary.tgname, id: 7700123456789, started: true });
      await tg.act('join', { chat: group.id, user: user.id });
      await tg.idle();
      await tg.act('say', { user: user.id, chat: group.id, text: `${canary.tgtext} ?` });
      await tg.act('say', { user: user.id, text: `${canary.tgprivate} ?` });
      await tg.idle();
      const asking = await tg.act('users', { first_name: 'Zqaskingcanary', id: 7700987654321 });
      await tg.act('join_request', { chat: group.id, user: asking.id, query: true });
      const shown = await tg.heard(asking.id, 'Le respect avant tout');
      await tg.act('press', { chat: asking.id, message_id: shown.message_id, user: asking.id });
      await tg.heard(asking.id, 'Depuis quand êtes-vous ici ?');
      await tg.act('say', { user: asking.id, text: canary.tganswer });
      await until('both questions', async () => (await mod.get('/inbox')).html.includes(canary.tgprivate));
      const token = await place.token(canary.login, 'write');
      const secrets = [SECRET, tg.token, tg.token.split(':')[1], samar.code, samar.code.replaceAll('-', ''), samar.link.split('/').pop(), token, b.cookies.get('pw'), mod.cookies.get('pw'), place.admin.password, '7700123456789', '7700987654321'];

      const found = [];
      const look = (file) => {
        const bytes = fs.readFileSync(file);
        for (const word of [...Object.values(canary), ...secrets])
          for (const form of [Buffer.from(word), Buffer.from(word.toLowerCase()), Buffer.from(word, 'utf16le'), Buffer.from(Buffer.from(word).toString('hex')), Buffer.from(Buffer.from(word).toString('base64').slice(0, -4))])
            if (bytes.includes(form)) found.push(`${path.relative(place.data, file)}: ${word}`);
      };
      const walk = (folder) => {
        for (const f of fs.readdirSync(folder, { withFileTypes: true })) {
          const at = path.join(folder, f.name);
          if (f.isDirectory()) walk(at);
          else look(at);
        }
      };
      assert.ok(fs.existsSync(`${database(place)}-wal`), 'the log of changes is not there while the server runs');
      walk(place.data);
      await server.stop();
      walk(place.data);
      for (const word of [...Object.values(canary), ...secrets]) if (server.log.includes(word) || server.out.includes(word)) found.push(`the server's log: ${word}`);
      assert.deepEqual([...new Set(found)], []);
      // The search itself can find: what is public by design lies there in clear.
      assert.ok(fs.readFileSync(database(place)).includes('essai'));
    } finally {
      await place.close();
      await tg.stop();
    }
  });
});

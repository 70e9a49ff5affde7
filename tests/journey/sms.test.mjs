// SPDX-License-Identifier: EUPL-1.2
// A basic telephone: joining, asking, answers, posts and leaving by SMS through a real Kannel, on both engines.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { account, decide, design, giveRole, idOf, openIt, post } from '../support/community.mjs';
import { FaultLine } from '../support/fault_line.mjs';
import { Kannel, NOWHERE, plain } from '../support/kannel.mjs';
import { say } from '../support/po.mjs';
import { request } from '../support/browser.mjs';
import { Recorder, shuffled } from '../support/replay.mjs';
import { ENGINES, Place, freePort, until, without } from '../support/server.mjs';
import { words } from '../support/html.mjs';

const SECRET = 'journey-sms-secret_0123456789abcdef';
const LONG_WELCOME = 'أهلًا بكم بيننا. هنا تسألون ما تريدون عن المدرسة والعمل والسكن والصحة، ونجيبكم بلغتكم خلال يوم عمل واحد. '.repeat(4);

for (const engine of ENGINES)
  describe(`sms by kannel, ${engine}`, { skip: without(engine) }, () => {
    let kannel, line, wire, place, server, admin, mod, com;
    const amal = '+16135550101', marc = '+16135550102', zoe = '+16135550103', nora = '+16135550104';

    const inboxRow = async (text) => {
      const page = await mod.get('/inbox');
      return [...page.html.matchAll(/<a href="(\/inbox\/[0-9a-z]{13})[^"]*"[\s\S]*?<\/a>/g)].find((m) => words(m[0]).includes(text))?.[1];
    };
    const question = (text) => until(`the question "${text}" in the inbox`, () => inboxRow(text), 15000, 50);
    const memberPath = (state) => `/communities/${com}/members${state ? `?state=${state}` : ''}`;
    // Joins in a language, answers what is asked, is accepted.
    const join = async (number, lang, word, replies) => {
      const from = kannel.to(number).length;
      const heard = (text) => kannel.heard(number, (t) => kannel.to(number).indexOf(t) >= from && plain(t.text).includes(plain(text)));
      kannel.say(number, word);
      await heard(say(lang, 'Reply YES to accept, STOP to end.'));
      kannel.say(number, { fr: 'Oui', en: 'yes', ar: 'نعم' }[lang]);
      await heard(replies.q1);
      kannel.say(number, replies.a1);
      await heard(replies.q2);
      kannel.say(number, replies.a2);
      await heard(say(lang, 'Thank you. Your request to join {0} was sent; you will be told here.', replies.name));
      await decide(admin, `… ${number.slice(-4)}`, 'accept');
    };
    const FR = { name: 'Entraide d’essai', q1: 'Depuis quand', a1: 'Hier', q2: 'Comment nous avez-vous', a2: 'Une affiche' };

    before(async () => {
      const port = await freePort();
      wire = await Recorder.start();
      wire.to = port;
      kannel = await Kannel.start({ callback: wire.url, secret: SECRET });
      line = await FaultLine.start(kannel.port);
      kannel.sendsms = kannel.sendsms.replace(String(kannel.port), String(line.port));
      place = await Place.make(engine);
      const input = design('ville').replace(/^welcome\.ar\.text = .*$/m, `welcome.ar.text = ${LONG_WELCOME.trim()}`);
      await place.ok('community', 'import', '-', { input: `${input}keyword.fr = ENTRAIDE\nkeyword.ar = مساندة\nkeyword.en = WELCOME\n` });
      await place.ok('community', 'import', '-', { input: `${design('ailleurs', { screening: false })}keyword.fr = AILLEURS\n` });
      const out = await place.ok('channel', 'add', 'sms-kannel', '--name', 'sms', ...kannel.settings, '--callback', wire.url, '--price', '0.0100', '--currency', 'CAD');
      assert.match(out, /GET \/hooks\/sms-kannel\/sms/);
      assert.match(out, /get-url = "http:\/\/127\.0\.0\.1:\d+\/hooks\/sms-kannel\/sms\?secret=/);
      server = await place.serve({ port });
      admin = await server.signedIn(place.admin.login, place.admin.password);
      com = await idOf(admin, 'ville');
      for (const slug of ['ville', 'ailleurs']) {
        const id = await idOf(admin, slug);
        await openIt(admin, id);
        const page = await admin.get(`/communities/${id}`);
        const option = page.form('/channels').fields.find((f) => f.name === 'channel').options.find((o) => o.label === 'sms');
        const done = await page.submit('/channels', { channel: option.value });
        assert.deepEqual(done.summary, []);
      }
      const who = await account(admin, 'amira', 'Amira H.');
      await giveRole(admin, com, 'Amira H.', 'moderator');
      await (await server.browser().signIn('amira', who.password)).submit('/me/password', { old: who.password, new: 'amira l’a choisi', again: 'amira l’a choisi' });
      mod = await server.signedIn('amira', 'amira l’a choisi');
    });
    after(async () => {
      try {
        await place?.close();
      } finally {
        await line?.cut();
        await kannel?.stop();
        await wire?.stop();
      }
    });

    /* A-69, EQ-1, MSG-6, MSG-7, MSG-8 */
    test('A-69: the Arabic keyword, screening questions one by one, a welcome of at most three joined parts', async () => {
      await join(amal, 'ar', 'مساندة', { name: 'مجموعة تجريبية', q1: 'منذ متى وأنتم هنا؟', a1: 'منذ شهرين', q2: 'كيف وجدتمونا؟', a2: 'من صديقة' });
      const welcome = await kannel.heard(amal, 'أهلًا بكم بيننا');
      assert.equal(welcome.alphabet, 'ucs2');
      assert.ok(welcome.parts <= 3, `${welcome.parts} parts`);
      assert.ok(welcome.text.length <= 3 * 67);
      assert.match(welcome.text, /\.\.\.\nhttp:\/\/127\.0\.0\.1:\d+\/c\/ville\?lang=ar$/);
      const all = kannel.to(amal);
      assert.ok(all.every((t) => t.parts <= 3), JSON.stringify(all.map((t) => [t.parts, t.text])));
      assert.ok(!all.some((t) => /[a-z]{4,} [a-z]{3,}/i.test(t.text.replace(/https?:\S+/g, ''))), 'another language in between');
      const row = (await admin.get(memberPath())).words;
      assert.match(row, /… 0101/);
    });

    /* channels.md §1 rule 8: letter for letter */
    test('a French answer with œ, ê, ’ and « » and an Arabic one arrive letter for letter; the asker is told nothing twice', async () => {
      await join(marc, 'fr', 'entraide', FR);
      kannel.say(marc, 'Où s’inscrire à l’école ?');
      const path = await question('Où s’inscrire à l’école');
      const text = 'À l’accueil du « Cœur de Noël », fenêtre n° 3 : ça prend 10 minutes… [bis] 5 €';
      let page = await (await mod.get(path)).submit('/answer', { text }, { button: /measure$/ });
      assert.match(page.words, /By SMS: 2 parts · long alphabet \(Unicode\) · 0\.02\d* CAD/);
      assert.equal(page.form('/answer').fields.find((f) => f.name === 'text').value, text, 'what was typed is lost');
      page = await page.submit('/answer', { text });
      assert.deepEqual(page.summary, []);
      const heard = await kannel.heard(marc, 'accueil');
      assert.equal(heard.text.split('\n')[0], text);
      assert.equal(heard.alphabet, 'ucs2');
      kannel.say(amal, 'أين أتعلم الفرنسية؟');
      const arabic = await question('أين أتعلم الفرنسية');
      await (await mod.get(arabic)).submit('/answer', { text: 'في المركز، الطابق الثاني: «اللغة أولًا» — مجانًا' });
      assert.equal((await kannel.heard(amal, 'في المركز')).text.split('\n')[0], 'في المركز، الطابق الثاني: «اللغة أولًا» — مجانًا');
      // Marks alone do not make a text longer: l’heure becomes l'heure, in the short alphabet.
      kannel.say(marc, 'Quelle heure ?');
      await (await mod.get(await question('Quelle heure'))).submit('/answer', { text: 'L’atelier « Garneau » est à 9 h' });
      const short = await kannel.heard(marc, 'atelier');
      assert.equal(short.alphabet, 'gsm7');
      assert.equal(short.text.split('\n')[0], "L'atelier \" Garneau \" est à 9 h");
    });

    test('SLA-7, work: the operator’s report makes a send delivered', async () => {
      const rows = async () => (await mod.get('/sends?all=1')).words;
      await until('a delivered send', async () => /Delivered/.test(await rows()));
    });

    /* A-35, EQ-3 */
    test('A-35: a post reaches members with a basic telephone as text', async () => {
      const page = await post(mod, com, { type: 'event', text: 'Fete de quartier samedi a 14 h', source: 'ottawa.ca', checked_on: '2026-01-05' });
      assert.deepEqual(page.summary, []);
      for (const number of [amal, marc]) {
        await kannel.heard(number, /Fete de quartier samedi[\s\S]*ottawa\.ca/);
      }
    });

    /* A-30, MSG-17 */
    test('A-30: "retirez-moi" takes the person off, says they are welcome back, and asks why', async () => {
      const onRequest = async () => Number(/Left on request (\d+)/.exec((await mod.get(`/communities/${com}/statistics`)).words)?.[1] ?? 0);
      const leftBefore = await onRequest();
      kannel.say(marc, 'Bonjour, retirez-moi de la liste s’il vous plaît. Merci');
      await kannel.heard(marc, say('fr', 'You have left {0}. You are welcome back at any time.', 'Entraide d’essai'));
      await kannel.heard(marc, `2 ${say('fr', 'Too many messages')}`);
      kannel.say(marc, '2');
      await kannel.heard(marc, say('fr', 'Thank you for telling us. You are welcome back at any time.'));
      const left = (await mod.get(memberPath('left'))).words;
      assert.match(left, /… 0102/);
      assert.ok(left.includes('Too many messages'));
      assert.equal(await onRequest(), leftBefore + 1, '"left on request" of the month');
      assert.ok(!(await mod.get(memberPath())).words.includes('… 0102'));
      // Who comes back is asked like anybody.
      await join(marc, 'fr', 'ENTRAIDE', FR);
      await until('marc again', async () => (await mod.get(memberPath())).words.includes('… 0102'));
    });

    /* EQ-1, channels.md §1 rule 9 */
    test('ARRÊT and STOP: answered in the language of the word, to anybody, once; nothing more until START', async () => {
      kannel.say(zoe, 'AIDE'); // a stranger
      const help = await kannel.heard(zoe, 'ARRET');
      assert.ok(help.text.length <= 160);
      kannel.say(amal, 'ARRÊT'); // an Arabic-speaking member
      const bye = await kannel.heard(amal, 'REPRENDRE');
      assert.ok(bye.text.length <= 160);
      await until('amal off the list', async () => !(await mod.get(memberPath())).words.includes('… 0101'));
      const count = kannel.to(amal).length;
      kannel.say(amal, 'stop');
      kannel.say(amal, 'هل من جديد؟');
      const page = await post(mod, com, { type: 'event', text: 'Reunion lundi a 10 h', source: 'ottawa.ca', checked_on: '2026-01-05' });
      assert.deepEqual(page.summary, []);
      await kannel.heard(marc, 'Reunion lundi');
      assert.equal(kannel.to(amal).length, count, JSON.stringify(kannel.to(amal).slice(count)));
      kannel.say(amal, 'START');
      await kannel.heard(amal, (t) => kannel.to(amal).indexOf(t) >= count);
      kannel.say(amal, 'مساندة');
      await kannel.heard(amal, (t) => kannel.to(amal).indexOf(t) > count && t.text.includes(say('ar', 'Reply YES to accept, STOP to end.')));
    });

    test('two communities on one number are told apart by their words; a stranger is told them once', async () => {
      kannel.say(nora, 'Bonjour');
      const hint = await kannel.heard(nora, 'ENTRAIDE');
      assert.match(hint.text, /AILLEURS/);
      kannel.say(nora, 'Allo');
      kannel.say(nora, 'AILLEURS');
      await kannel.heard(nora, say('fr', 'Reply YES to accept, STOP to end.'));
      assert.equal(kannel.to(nora).filter((t) => t.text.includes('AILLEURS')).length, 1);
      for (let i = 0; i < 5; i++) kannel.say(nora, 'Je conduis'); // a machine that answers each text
      kannel.say(nora, 'non');
      await kannel.heard(nora, say('fr', 'All right, nothing was sent. You are welcome at any time.'));
      assert.ok(kannel.to(nora).length <= 5, JSON.stringify(kannel.to(nora).map((t) => t.text)));
    });

    /* SAFE-3 */
    test('SAFE-3: a stranger on a number of two communities who writes of an emergency gets the numbers, in the language of the word', async () => {
      kannel.say('+16135550105', 'Urgence');
      const fr = await kannel.heard('+16135550105', say('fr', 'If somebody is in danger, call now:'));
      assert.match(fr.text, /911/);
      kannel.say('+16135550106', 'طوارئ');
      assert.match((await kannel.heard('+16135550106', say('ar', 'If somebody is in danger, call now:'))).text, /911/);
      kannel.say('+16135550107', '911');
      const all = await kannel.heard('+16135550107', '911');
      for (const lang of ['fr', 'en', 'ar']) assert.ok(plain(all.text).includes(plain(say(lang, 'If somebody is in danger, call now:'))), all.text);
    });

    /* channels.md rule 3: one person, whatever way the operator writes the number */
    test('the same number without + and in the form of the country is the same person', async () => {
      const members = async () => (await admin.get(memberPath())).words.split('… 0102').length;
      const before_ = await members();
      for (const [form, asked] of [[marc.slice(1), 'Sans le plus'], [marc.slice(2), 'Sans le pays']]) {
        kannel.say(form, `${asked} ?`);
        await (await mod.get(await question(asked))).submit('/answer', { text: `Oui : ${asked}` });
        await kannel.heard(marc, `Oui : ${asked}`);
      }
      assert.equal(await members(), before_);
    });

    // ---- what breaks between us and Kannel, and behind Kannel ----

    // Rows of /sends, newest first: what a moderator reads there.
    const rows = async () => [...(await mod.get('/sends?all=1')).html.matchAll(/<li class="row"[\s\S]*?<\/li>/g)].map((m) => words(m[0]));
    const newest = (what) => until(`${what} as the newest send`, async () => what.test((await rows())[0]), 20000, 50);
    const copies = (number, text) => kannel.to(number).filter((t) => plain(t.text).includes(plain(text))).length;
    // Asks, and is answered while `fault` waits on the line.
    const answered = async (number, asked, fault) => {
      kannel.say(number, `${asked} ?`);
      const path = await question(asked);
      await fault?.();
      assert.deepEqual((await (await mod.get(path)).submit('/answer', { text: `Voici : ${asked}` })).summary, []);
      return `Voici : ${asked}`;
    };
    const doubtful = async () => (await rows()).filter((r) => /^In doubt/.test(r));
    const report = (n) => (call) => call.path.endsWith(`&dlr=${n}`);

    test('nobody listens at Kannel: the answer waits, /sends says why, and it goes once when Kannel is back', async () => {
      const text = await answered(marc, 'Kannel est absent', async () => {
        await line.cut();
        await kannel.stopBox();
      });
      await newest(/Waiting to be sent.*The service cannot be reached\. net-/);
      assert.equal(copies(marc, text), 0);
      await kannel.startBox();
      await line.mend();
      await kannel.heard(marc, text, 30000);
      await newest(/Delivered/);
      assert.equal(copies(marc, text), 1);
    });

    test('503 is tried again and arrives once', async () => {
      const text = await answered(marc, 'Kannel est en panne', () => line.fault('503'));
      await newest(/Waiting to be sent.*The service has a fault of its own\. 503/);
      await kannel.heard(marc, text, 30000);
      await newest(/Delivered/);
      assert.equal(copies(marc, text), 1);
    });

    test('a call that is refused has failed, with a reason, and is not tried again', async () => {
      const asked = line.asked;
      const text = await answered(marc, 'Kannel refuse', () => line.fault('400'));
      await newest(/Failed.*The service refused it\. 400/);
      await kannel.heard(marc, await answered(marc, 'Kannel accepte'));
      assert.equal(line.asked, asked + 2);
      assert.equal(copies(marc, text), 0);
    });

    test('a wrong password: the queue waits, both pages say why, and all of it goes as soon as the password is right', async () => {
      const settings = (await admin.get('/settings')).html.match(/\/settings\/channels\/[0-9a-z]{13}/)[0];
      const password = async (set2) => assert.deepEqual((await (await admin.get(settings)).submit(settings, { set2 })).summary, []);
      await password('not-the-password');
      // The running server takes new settings within a second or two: what leaves before that has the old password.
      const texts = [];
      for (let i = 0; !/does not accept our name/.test((await admin.get(settings)).words); i++) {
        assert.ok(i < 20, 'the wrong password is not seen');
        texts.push(await answered(marc, `Mot de passe ${i}`));
        await until('its first try', async () => /Delivered|does not accept our name, password or token\. See the settings of the channel\. 401/.test((await rows())[0]));
      }
      assert.match((await rows())[0], /Waiting to be sent/);
      assert.equal(copies(marc, texts.at(-1)), 0);
      await password('kannel-journey');
      for (const text of texts) {
        await kannel.heard(marc, text);
        assert.equal(copies(marc, text), 1);
      }
      await until('no trouble on the page of the channel', async () => !/Last trouble/.test((await admin.get(settings)).words));
    });

    test('a line cut after Kannel took it is in doubt, is never repeated, and the delivery report ends the doubt', async () => {
      const late = [];
      wire.bend = (call) => (call.path.includes('dlr=') ? void late.push(call) : call) ?? null;
      const text = await answered(marc, 'La ligne casse', () => line.fault('accept-then-drop'));
      await kannel.heard(marc, text);
      await newest(/In doubt.*The line broke before the service answered\. net-/);
      // Another answer to the same telephone is not held up, and the one in doubt stays alone with its one try.
      await kannel.heard(marc, await answered(marc, 'Une autre chose'));
      assert.equal((await doubtful()).length, 1);
      await until('the delivery report', () => late.some(report(1)));
      wire.bend = (call) => call;
      for (const call of late) await until('a report to be taken', async () => (await wire.carry(call)).status === 200);
      await until('the end of the doubt', async () => (await doubtful()).length === 0);
      assert.equal(copies(marc, text), 1);
    });

    test('no report comes: a person decides that it arrived, or sends it again', async () => {
      wire.bend = (call) => (call.path.includes('dlr=') ? null : call);
      const arrived = await answered(marc, 'Coupure un', () => line.fault('accept-then-drop'));
      await newest(/In doubt/);
      let page = await (await mod.get('/sends')).submit('/resolve', { decision: 'arrived' });
      assert.match(page.html, /Noted: it arrived\./);
      await newest(/Sent/);
      const lost = await answered(marc, 'Coupure deux', () => line.fault('drop'));
      await newest(/In doubt/);
      assert.equal(copies(marc, lost), 0);
      wire.bend = (call) => call;
      page = await (await mod.get('/sends')).submit('/resolve', { decision: 'again' });
      assert.match(page.html, /It will be sent again\./);
      await kannel.heard(marc, lost);
      await newest(/Delivered/);
      for (const text of [arrived, lost]) assert.equal(copies(marc, text), 1);
    });

    test('a delivery report of failure: the send has failed and /sends says why; nothing is sent again', async () => {
      for (const [n, why] of [[2, /Failed.*The service took it and could not deliver it\. not-delivered/], [16, /Failed.*The telephone company refused it\. refused/]]) {
        wire.bend = (call) => (report(1)(call) ? { ...call, path: call.path.replace('&dlr=1', `&dlr=${n}`) } : call);
        const asked = line.asked;
        await answered(marc, `Rapport ${n}`);
        await newest(why);
        assert.equal(line.asked, asked + 1);
      }
      wire.bend = (call) => call;
      // Kannel's own word: no operator behind it takes that number.
      kannel.say(`${NOWHERE}5550101`, 'Bonjour');
      await newest(/Failed.*The telephone company refused it\. refused/);
      await kannel.heard(marc, await answered(marc, 'Les autres continuent')); // one number stops nobody else
    });

    test('twelve answers over a line that breaks by a fixed draw: nobody gets one twice, and none is lost', async () => {
      const draw = shuffled(['503', '500', 'drop', 'drop', 'accept-then-drop', 'accept-then-drop', ...Array(6).fill(null)], 20261126);
      const texts = [];
      for (const [i, kind] of draw.entries()) {
        const name = `Tirage ${'abcdefghijkl'[i]}`;
        texts.push(await answered(marc, name, () => kind && line.fault(kind, name)));
      }
      const drops = draw.filter((k) => k === 'drop').length;
      // The delivery reports end the doubt of all that Kannel took.
      const ends = async () => (await rows()).slice(0, draw.length).map((r) => /^(Delivered|In doubt)/.exec(r)?.[0]).sort();
      const all = [...Array(draw.length - drops).fill('Delivered'), ...Array(drops).fill('In doubt')];
      await until('an end for each', async () => (await ends()).join() === all.join(), 60000, 100);
      for (const [i, text] of texts.entries()) assert.equal(copies(marc, text), draw[i] === 'drop' ? 0 : 1, `${draw[i]}: ${text}`);
      for (let left = drops; left > 0; left--) await (await mod.get('/sends')).submit('/resolve', { decision: 'again' });
      await until('all of them', async () => texts.every((text) => copies(marc, text) > 0), 60000, 100);
      for (const text of texts) assert.equal(copies(marc, text), 1, text);
    });

    /* channels.md §10: texts and delivery reports. Kannel gives no time and signs nothing: the bytes themselves come again. */
    test('all that ever came in, ten times more and shuffled: not one row differs', async () => {
      assert.ok(wire.calls.some((c) => c.path.includes('dlr=')) && wire.calls.some((c) => c.path.includes('text=')));
      await wire.again(place);
    });

    test('a wrong secret is refused and nothing is stored; the same message ten times counts once; no words in the log', async () => {
      const call = (query) => request(server.port, { method: 'GET', path: `/hooks/sms-kannel/sms?${query}` });
      const said = 'from=%2B16135550102&to=55123&text=Canari%20jaune%20%3F&charset=UTF-8&coding=0';
      for (const secret of ['', '&secret=', '&secret=wrong', `&secret=${SECRET}x`]) assert.equal((await call(`id=a1${secret}&${said}`)).status, 401);
      assert.equal(await inboxRow('Canari jaune'), undefined);
      for (let i = 0; i < 10; i++) {
        const r = await call(`secret=${SECRET}&id=a1&${said}`);
        assert.deepEqual([r.status, r.text], [200, '']);
        assert.match(r.headers['content-type'], /text\/plain/);
      }
      await question('Canari jaune');
      const page = await mod.get('/inbox');
      assert.equal(page.html.split('Canari jaune').length - 1, 1);
      for (const secret of [SECRET, 'kannel-journey', 'Canari', amal.slice(1), 'شهرين']) assert.ok(!server.log.includes(secret), `${secret} in the log`);
    });
  });

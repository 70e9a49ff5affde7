// SPDX-License-Identifier: EUPL-1.2
// The same life by e-mail, on both engines: by a mail server's pipe and by a mailbox, with everything that servers,
// robots and strangers do to us.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { account, decide, giveRole, idOf, importDesign, openIt, post } from '../support/community.mjs';
import { words } from '../support/html.mjs';
import { ADDRESS, Mailbox, Outlet, SECRET, Writer, bounce, filesByPython } from '../support/mail.mjs';
import { shuffled, tenfold } from '../support/replay.mjs';
import { like, say } from '../support/po.mjs';
import { ENGINES, Place, passerelle, until, without } from '../support/server.mjs';

for (const engine of ENGINES)
  describe(`e-mail, ${engine}`, { skip: without(engine) }, () => {
    let out, box, place, server, admin, mod, com, amal;

    const taken = []; // each mail that a pipe handed over and we took
    const hand = ({ raw, recipient, sender, channel }) =>
      place.run('mail', 'deliver', ...(recipient ? ['--recipient', recipient] : []), ...(sender === undefined ? [] : ['--sender', sender]), ...(channel ? ['--channel', channel] : ['--channel', 'courriel']), { input: raw });
    const deliver = async (raw, more = {}) => {
      const r = await hand({ raw, ...more });
      if (r.code === 0) taken.push({ raw, ...more });
      return r;
    };
    const inboxRow = async (text) => {
      const page = await mod.get('/inbox');
      return [...page.html.matchAll(/<a href="(\/inbox\/[0-9a-z]{13})[^"]*"[\s\S]*?<\/a>/g)].find((m) => words(m[0]).includes(text))?.[1];
    };
    const question = (text) => until(`the question "${text}" in the inbox`, () => inboxRow(text), 15000, 50);
    const answer = async (path, typed) => {
      const page = await (await mod.get(path)).submit('/answer', typed);
      assert.deepEqual(page.summary, []);
    };
    const connect = async (channelName, id) => {
      const page = await admin.get(`/communities/${id}`);
      const option = page.form('/channels').fields.find((f) => f.name === 'channel').options.find((o) => o.label === channelName);
      const done = await page.submit('/channels', { channel: option.value, chat: '' });
      assert.deepEqual(done.summary, []);
    };
    // What moderators read in somebody's private thread.
    const threadWords = async (name) => {
      const list = await mod.get(`/communities/${com}/threads`);
      const row = [...list.html.matchAll(/<a [^>]*href="(\/threads\/[0-9a-z]{13})"[^>]*>([\s\S]*?)<\/a>/g)].find((m) => words(m[2]).includes(name));
      return row ? (await mod.get(row[1])).words : '';
    };
    const writer = (address, name) => new Writer(address, name, { deliver });
    // From the first question to membership, as a person with a mail program does it.
    const join = async (who, first, { to = ADDRESS } = {}) => {
      await who.write(first, { to });
      who.first = who.last;
      const rules = await out.heard(who.address, (m) => m.text.includes('Le respect avant tout'));
      await who.write('Oui.', { reply: rules });
      const q1 = await out.heard(who.address, 'Depuis quand êtes-vous ici ?');
      await who.write('Deux mois', { reply: q1 });
      const q2 = await out.heard(who.address, 'Comment nous avez-vous trouvés ?');
      await who.write('Une amie', { reply: q2 });
      await out.heard(who.address, like('fr', 'Thank you. Your request to join {0} was sent; you will be told here.'));
      await decide(admin, who.name, 'accept');
      await out.heard(who.address, 'Bienvenue parmi nous');
      return { rules, q1, q2 };
    };
    const quiet = async (address, during) => {
      const n = out.of(address).length;
      await during();
      // Something that surely comes later has arrived: nothing came before it.
      const probe = writer(`sonde${Math.random().toString(36).slice(2)}@example.com`, 'Sonde');
      await probe.write('Une sonde ?');
      await out.heard(probe.address, 'Le respect');
      assert.equal(out.of(address).length, n);
    };

    before(async () => {
      out = await Outlet.start();
      box = await Mailbox.start();
      place = await Place.make(engine);
      await importDesign(place, 'ville');
      await importDesign(place, 'ailleurs');
      await place.ok('channel', 'add', 'email', '--name', 'courriel', '--from-address', ADDRESS, '--from-name', 'Entraide', '--smtp-url', out.url, '--secret', SECRET, '--auth-host', 'mx.example.org');
      server = await place.serve();
      admin = await server.signedIn(place.admin.login, place.admin.password);
      com = await idOf(admin, 'ville');
      await openIt(admin, com);
      await openIt(admin, await idOf(admin, 'ailleurs'));
      const who = await account(admin, 'amira', 'Amira H.');
      await giveRole(admin, com, 'Amira H.', 'moderator');
      await (await server.browser().signIn('amira', who.password)).submit('/me/password', { old: who.password, new: 'amira l’a choisi', again: 'amira l’a choisi' });
      mod = await server.signedIn('amira', 'amira l’a choisi');
      await connect('courriel', com);
      amal = writer('amal@example.com', 'Amal');
    });
    after(async () => {
      try {
        await place?.close();
      } finally {
        await box?.stop();
        await out?.stop();
      }
    });

    test('MSG-6, MSG-8: a question by mail; the guidelines, screening and welcome as mails; the question is asked once its writer is a member', async () => {
      const talk = await join(amal, 'Bonjour, comment obtenir une carte de bibliothèque ?\n\n-- \nAmal Haddad\n514 555-0101');
      for (const mail of [talk.rules, talk.q1, talk.q2]) {
        assert.equal(mail.get('auto-submitted'), 'auto-replied');
        assert.equal(mail.subject, say('fr', 'You have a message'));
        assert.match(mail.get('list-unsubscribe'), new RegExp(`^<${server.url}/u/[A-Za-z0-9_-]{43}>$`));
        assert.equal(mail.get('list-unsubscribe-post'), 'List-Unsubscribe=One-Click');
        assert.equal(mail.get('content-language'), 'fr');
        assert.match(mail.replyTo, /^aide\+[0-9a-z]{26}@example\.org$/);
        assert.equal(mail.id, `<${mail.replyTo.slice(5)}>`);
        assert.equal(mail.from, mail.replyTo, 'bounces go back to the same token');
      }
      const path = await question('carte de bibliothèque');
      const page = await mod.get(path);
      assert.ok(!page.words.includes('514 555'), 'the signature became part of the question');
      await answer(path, { text: 'Présentez-vous à la succursale avec une preuve d’adresse', source: 'biblio.example' });
      const said = await out.heard(amal.address, 'preuve d’adresse');
      assert.equal(said.get('in-reply-to'), amal.first);
      assert.equal(said.get('references'), amal.first);
      assert.equal(said.get('auto-submitted'), undefined, 'a person wrote it');
      assert.match(said.text, /biblio\.example/);
      assert.match(said.text, new RegExp(`\n-- \n.*${server.url}/u/`, 's'));
      // The reply, without In-Reply-To and from a program that forgot it, finds its thread by the address alone.
      const mail = amal.compose('Et pour mon fils, merci ?', { to: said.replyTo });
      assert.equal((await deliver(mail.raw, { recipient: said.replyTo })).code, 0);
      await question('Et pour mon fils');
    });

    test('Arabic goes in and out as Arabic', async () => {
      await amal.write('متى يفتح مركز الاستقبال أبوابه؟');
      const path = await question('مركز الاستقبال');
      await answer(path, { text: 'يفتح في التاسعة صباحًا' });
      const said = await out.heard(amal.address, 'يفتح في التاسعة صباحًا');
      assert.equal(said.get('in-reply-to'), amal.last);
    });

    test('the whole of a mail is kept beside what was cut from it, and reading it is for moderators', async () => {
      await amal.write(`Puis-je apporter un dossier ?\n\nLe 2 mars 2026 à 09:00, Ali <ali@example.net> a écrit :\n> vieux mots cités\n> encore`);
      const path = await question('apporter un dossier');
      const page = await mod.get(path);
      assert.ok(!page.words.includes('vieux mots'));
      const whole = await mod.get(page.link(/^\/messages\/[0-9a-z]{13}\/whole$/));
      assert.match(whole.words, /vieux mots cités/);
      assert.equal((await server.browser().get(page.link(/^\/messages\/[0-9a-z]{13}\/whole$/))).words.includes('vieux mots'), false);
    });

    test('an attachment arrives and is played back', async () => {
      await (await admin.get(`/communities/${com}`)).submit(`/communities/${com}`, { media: ['voice', 'image', 'file', 'video'] });
      const bytes = Buffer.concat([Buffer.from('%PDF-1.4\n'), Buffer.alloc(60000, 'x')]);
      const raw = ['From: Amal <amal@example.com>', `To: ${ADDRESS}`, 'Subject: lettre', 'Message-ID: <lettre1@example.com>', 'MIME-Version: 1.0', 'Content-Type: multipart/mixed; boundary=b', '', '--b', 'Content-Type: text/plain; charset=utf-8', '', 'Que dit cette lettre ?', '--b', 'Content-Type: application/pdf; name="lettre.pdf"', 'Content-Disposition: attachment; filename="lettre.pdf"', 'Content-Transfer-Encoding: base64', '', bytes.toString('base64').replace(/.{76}/g, '$&\n'), '--b--', ''].join('\n');
      assert.equal((await deliver(raw, { recipient: ADDRESS })).code, 0);
      const path = await question('Que dit cette lettre');
      const file = await until('the file', async () => {
        for (const l of (await mod.get('/inbox')).links.filter((x) => /^\/inbox\/[0-9a-z]{13}/.test(x)).concat(path)) {
          const found = /\/messages\/[0-9a-z]{13}\/file/.exec((await mod.get(l)).html);
          if (found) return found[0];
        }
        return null;
      });
      const got = await mod.raw('GET', file);
      assert.ok(got.body.equals(bytes));
    });

    test('MSG-13: a stored file of ours arrives as an attachment, byte for byte, under its name', async () => {
      const bytes = Buffer.concat([Buffer.from('%PDF-1.7\n'), Buffer.from(Array.from({ length: 90000 }, (_, i) => (i * 7919) % 256))]);
      const page = await post(mod, com, { type: 'event', text: 'Le programme de la fête est joint', source: 'ottawa.ca', checked_on: '2026-01-05', file: { name: 'fête d’été.pdf', type: 'application/pdf', bytes } });
      assert.deepEqual(page.summary, []);
      const said = await out.heard(amal.address, 'Le programme de la fête est joint', { ms: 30000 });
      const files = await filesByPython(said);
      assert.deepEqual(files.map((f) => [f.name, f.type]), [['fête d’été.pdf', 'application/pdf']]);
      assert.ok(files[0].bytes.equals(bytes), `${files[0].bytes.length} of ${bytes.length} bytes, or others`);
    });

    test('RFC 6531: an address of another script is a person like any other, one whatever form the domain has', async () => {
      const nour = writer('نور@exämple.example', 'Nour');
      const plainly = writer('نور@xn--exmple-cua.example', 'Nour');
      await nour.write('Bonjour, où sont les cours de français ?');
      const rules = await out.heard(plainly.address, 'Le respect avant tout');
      assert.match(rules.raw, /SMTPUTF8|To: /);
      await plainly.write('oui', { reply: rules });
      const q1 = await out.heard(plainly.address, 'Depuis quand êtes-vous ici ?');
      await nour.write('Un mois', { reply: q1 });
      const q2 = await out.heard(plainly.address, 'Comment nous avez-vous trouvés ?');
      await plainly.write('Une amie', { reply: q2 });
      await out.heard(plainly.address, like('fr', 'Thank you. Your request to join {0} was sent; you will be told here.'));
      await decide(admin, 'Nour', 'accept');
      await answer(await question('cours de français'), { text: 'Au centre, salle 4' });
      const said = await out.heard(plainly.address, 'salle 4');
      assert.equal(Buffer.from(said.to, 'latin1').toString('utf8'), '<نور@xn--exmple-cua.example>');
    });

    test('ten times the same mail in any order, at the same time too, is one message', async () => {
      const mails = ['un ?', 'deux ?', 'trois ?'].map((n) => amal.compose(`Question répétée ${n}`));
      const received = (m, i) => `Received: from x${i} by mx.example.org; Mon, 2 Mar 2026 10:00:0${i % 10} +0000\n${i % 2 ? m.raw : m.raw.replace(/\n/g, '\r\n')}`;
      const all = mails.flatMap((m) => Array.from({ length: 10 }, (_, i) => received(m, i)));
      for (let i = all.length - 1; i > 0; i--) {
        const k = (i * 7919) % (i + 1);
        [all[i], all[k]] = [all[k], all[i]];
      }
      for (let i = 0; i < all.length; i += 5) for (const r of await Promise.all(all.slice(i, i + 5).map((raw) => deliver(raw, { recipient: ADDRESS })))) assert.equal(r.code, 0, r.err);
      for (const n of ['un', 'deux', 'trois']) {
        await question(`Question répétée ${n}`);
        const page = await mod.get('/inbox');
        assert.equal(page.words.split(`Question répétée ${n}`).length - 1, 1, n);
      }
    });

    test('who only claims to be somebody is answered once a day and moves nothing', async () => {
      const victim = 'victime@example.net';
      const forger = writer(victim, 'Victime');
      await forger.write('Achetez mes pilules sur spam.example');
      const only = await out.heard(victim, 'Le respect avant tout');
      assert.ok(!only.raw.includes('pilules') && !only.text.includes('pilules') && !only.text.includes('spam.example'), 'a stranger’s words are reflected');
      await quiet(victim, async () => {
        for (let i = 0; i < 6; i++) await forger.write(`Encore ${i}`);
        await forger.write('oui'); // without the token of our mail
        await forger.write('oui', { headers: ['In-Reply-To: <01j00000000000000000000000@example.org>'] });
      });
      assert.ok(!(await admin.get('/joins')).words.includes('Victime'));
      // A member's word to leave needs the token too …
      await amal.write('stop');
      await until('the word before the moderators', async () => (await mod.get('/inbox')).words.includes('stop') || (await threadWords('Amal')).includes('stop'));
      assert.ok((await admin.get(`/communities/${com}/members`)).words.includes('Amal'));
      // … or a mail server of ours that vouches for the sender; anybody else's word does not count.
      const lili = writer('lili@vouched.example', 'Lili');
      await join(lili, 'Bonjour, où est la clinique ?');
      await lili.write('stop', { headers: ['Authentication-Results: mx.evil.example; dmarc=pass header.from=vouched.example'] });
      assert.ok((await admin.get(`/communities/${com}/members`)).words.includes('Lili'));
      await lili.write('stop', { headers: ['Authentication-Results: mx.example.org; dkim=pass header.d=vouched.example'] });
      await out.heard(lili.address, like('fr', 'You have left {0}. You are welcome back at any time.'));
    });

    test('robots: automatic mails, lists and our own mails are passed over, and two robots fall silent', async () => {
      const n = out.taken.length;
      const robot = writer('robot@example.net', 'Robot');
      for (const headers of [['Auto-Submitted: auto-replied'], ['Auto-Submitted: auto-generated'], ['Precedence: bulk'], ['X-Autoreply: yes'], ['List-Id: <news.example.net>'], [`X-Loop: ${ADDRESS}`]])
        await robot.write(`Je suis absent ${headers[0]}`, { headers });
      assert.equal((await deliver(robot.compose('absent').raw, { recipient: ADDRESS, sender: '' })).code, 0);
      assert.equal((await deliver(`Return-Path: <>\n${robot.compose('absent').raw}`, { recipient: ADDRESS })).code, 0);
      await quiet('robot@example.net', async () => {});
      // Our own mail comes back to us.
      const ours = out.taken[n - 1];
      assert.equal((await deliver(ours.raw, { recipient: ADDRESS })).code, 0);
      // A robot like us that forgets to say so: it answers each of our mails, with their token.
      const other = writer('autre-robot@example.net', 'Autre');
      await other.write('Bonjour');
      await out.heard(other.address, 'Le respect');
      let answered = 0;
      for (let turn = 0; turn < 40; turn++) {
        const got = out.of(other.address);
        if (got.length === answered) {
          await quiet(other.address, async () => {});
          break;
        }
        answered = got.length;
        await other.write('Ceci est une réponse automatique de notre service', { reply: got.at(-1) });
        await until('an answer or silence', () => out.of(other.address).length > answered, 1500, 50).catch(() => null);
      }
      assert.ok(answered <= 21, `${answered} answers to a robot`);
    });

    test('a mailbox that does not exist: contact ends, moderators are told, nothing more is sent there', async () => {
      const ghost = writer('fantome@example.net', 'Fantôme');
      await join(ghost, 'Où apprendre le français ?');
      const path = await question('apprendre le français');
      await answer(path, { text: 'Au centre, le mardi soir' });
      const said = await out.heard(ghost.address, 'le mardi soir');
      const report = bounce(said);
      for (let i = 0; i < 3; i++) assert.equal((await deliver(report, { recipient: said.from, sender: '' })).code, 0);
      await until('the notice', async () => like('en', 'Messages to {0} do not arrive any more: the address does not exist. Nothing more is sent there.').test((await mod.get('/notices')).words) || like('fr', 'Messages to {0} do not arrive any more: the address does not exist. Nothing more is sent there.').test((await mod.get('/notices')).words));
      await quiet(ghost.address, async () => answer(path, { text: 'Encore un mot pour vous' }).catch(() => null));
      // A report that somebody made up, without the token, ends nothing.
      const real = await out.heard(amal.address, 'يفتح في التاسعة');
      const forged = bounce({ ...real, raw: real.raw.replaceAll(real.from.slice(5, 31), '0'.repeat(26)), from: ADDRESS });
      assert.equal((await deliver(forged, { recipient: ADDRESS, sender: '' })).code, 0);
      await amal.write('Toujours là ?');
      await answer(await question('Toujours là'), { text: 'Bien sûr, toujours' });
      await out.heard(amal.address, 'Bien sûr, toujours');
      // The same news from the server that takes our mail.
      const gone = writer('parti@example.net', 'Parti');
      await join(gone, 'Où trouver un médecin ?');
      const doctor = await question('trouver un médecin');
      out.fail('550-gone', { to: gone.address });
      await answer(doctor, { text: 'Voyez la liste' });
      await until('the second notice', async () => (await mod.get('/notices')).words.includes('Parti'));
    });

    test('4xx is tried again, 5xx is failed, a lost line after DATA is in doubt until a person or an answer decides', async () => {
      const doubtful = async () => (await mod.get('/sends')).forms.filter((f) => /\/sends\/[0-9a-z]{13}\/resolve$/.test(f.action));
      const ask = async (text, reply) => {
        await amal.write(text);
        await answer(await question(text.replace(' ?', '')), { text: reply });
      };
      out.fail('450', { to: amal.address });
      await ask('Numéro un ?', 'Réponse une');
      await out.heard(amal.address, 'Réponse une', { ms: 30000 });
      assert.equal(out.of(amal.address).filter((m) => m.text.includes('Réponse une')).length, 1);
      out.fail('drop-early', { to: amal.address });
      await ask('Numéro deux ?', 'Réponse deux');
      await out.heard(amal.address, 'Réponse deux', { ms: 30000 });
      out.fail('550-policy', { to: amal.address });
      await ask('Numéro trois ?', 'Réponse trois');
      await until('the failed send', async () => (await mod.get('/sends?all=1')).words.includes('550-5.7.1'));
      out.fail('slow', { to: amal.address });
      await ask('Numéro quatre ?', 'Réponse quatre');
      await out.heard(amal.address, 'Réponse quatre');
      for (const kind of ['drop-after-data', 'lost-after-data']) {
        out.fail(kind, { to: amal.address });
        await ask(`Numéro ${kind} ?`, `Réponse ${kind}`);
        await until('the doubt', async () => (await doubtful()).length === 1);
        const taken = kind === 'drop-after-data' ? 1 : 0;
        assert.equal(out.of(amal.address).filter((m) => m.text.includes(`Réponse ${kind}`)).length, taken);
        if (taken) {
          await amal.write('Bien reçu, merci.', { reply: out.of(amal.address).at(-1) });
          await until('the end of the doubt', async () => (await doubtful()).length === 0);
        } else {
          await (await mod.get('/sends')).submit((await doubtful())[0].action, { decision: 'again' });
          const second = await out.heard(amal.address, `Réponse ${kind}`);
          assert.equal(second.id, out.seen.filter((m) => m.text.includes(`Réponse ${kind}`))[0].id, 'the same id for each try');
        }
      }
    });

    test('EQ-1, RFC 8058: one click ends it; the page asks; unknown links look the same', async () => {
      const nour = writer('nour@example.net', 'Sirine');
      await join(nour, 'Comment inscrire ma fille à l’école ?');
      const mail = out.of(nour.address).at(-1);
      const path = new URL(mail.stop).pathname;
      const asked = await server.browser({ lang: 'fr' }).get(path);
      assert.equal(asked.status, 200);
      assert.ok(asked.words.includes(say('fr', 'End these messages?')));
      const wrong = `${path.slice(0, -3)}abc`;
      const strip = (html) => html.replaceAll(path, '').replaceAll(wrong, '').replace(/data-csrf="[0-9a-f]+"/, '');
      const [a, b] = [await server.browser({ lang: 'fr' }).get(path), await server.browser({ lang: 'fr' }).get(wrong)];
      assert.equal(strip(a.html), strip(b.html));
      assert.ok((await server.browser().get(`/communities/${com}`)).status !== 500);
      const click = (p) => fetch(`${server.url}${p}`, { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded', 'accept-language': 'fr' }, body: 'List-Unsubscribe=One-Click' });
      const unknown = await click(wrong);
      await quiet(nour.address, async () => {
        const done = await click(path);
        assert.equal(done.status, 200);
        assert.equal(unknown.status, 200);
        assert.equal(strip(await done.text()), strip(await unknown.text()));
      });
      assert.ok(!(await admin.get(`/communities/${com}/members`)).words.includes('Sirine'));
      const again = await click(path); // pressed twice
      assert.equal(again.status, 200);
      // Multipart, as RFC 8058 also allows.
      const form = new FormData();
      form.set('List-Unsubscribe', 'One-Click');
      assert.equal((await fetch(`${server.url}${path}`, { method: 'POST', body: form })).status, 200);
      // Only posts: the membership stays.
      const omar = writer('omar@example.net', 'Omar');
      await join(omar, 'Où acheter des bottes ?');
      const page = await (await server.browser({ lang: 'fr' }).get(new URL(out.of(omar.address).at(-1).stop).pathname)).submit(/^\/u\//, { how: 'posts' });
      assert.ok(page.words.includes(say('fr', 'You will receive no more posts. Answers to your questions still reach you.')));
      assert.ok((await admin.get(`/communities/${com}/members`)).words.includes('Omar'));
      await answer(await question('acheter des bottes'), { text: 'Au comptoir vestimentaire' });
      await out.heard(omar.address, 'comptoir vestimentaire');
      // A post: each its own mail, in the slow lane, not to who wanted no more of them (EQ-1, MOD-10).
      const zoe = writer('zoe@example.net', 'Zoé');
      await join(zoe, 'Bonjour, où sont les cours ?');
      const published = await post(mod, com, { type: 'event', text: 'Fête de quartier samedi', source: 'ville.example', checked_on: '2026-01-05' });
      assert.deepEqual(published.summary, []);
      const posted = await out.heard(zoe.address, 'Fête de quartier samedi');
      assert.equal(posted.get('precedence'), 'bulk');
      assert.equal(posted.get('auto-submitted'), 'auto-generated');
      assert.equal(posted.subject, say('fr', 'You have a message'));
      await quiet(omar.address, async () => {});
      assert.ok(!out.of(omar.address).some((m) => m.text.includes('Fête de quartier')));
    });

    test('leaving by the word, in reply to any mail of ours', async () => {
      const said = await out.heard(amal.address, 'preuve d’adresse');
      await amal.write('STOP', { reply: said });
      await out.heard(amal.address, like('fr', 'You have left {0}. You are welcome back at any time.'));
      assert.ok(!(await admin.get(`/communities/${com}/members`)).words.includes('Amal'));
    });

    test('exit codes a mail server understands; mail is taken while the server is down', async () => {
      const w = writer('tard@example.net', 'Tard');
      assert.equal((await deliver(w.compose('x').raw, { recipient: ADDRESS, channel: 'nulle-part' })).code, 67);
      assert.equal((await deliver('x'.repeat(26 * 1024 * 1024), { recipient: ADDRESS })).code, 65);
      assert.equal((await deliver('\n\nqui écrit ?', { recipient: ADDRESS })).code, 65);
      assert.equal((await passerelle(['mail', 'deliver', '--data', '/nowhere/at/all'], { input: w.compose('x').raw })).code, 75);
      await server.stop();
      await w.write('Écrit la nuit, serveur éteint ?');
      server = await place.serve({ port: server.port });
      admin = await server.signedIn(place.admin.login, place.admin.password);
      mod = await server.signedIn('amira', 'amira l’a choisi');
      await out.heard(w.address, 'Le respect avant tout');
    });

    test('IMAP: a mailbox is read as it fills, marked and moved when stored, never emptied', async () => {
      const w = writer('par-imap@example.net', 'Imane');
      const old = w.compose('Premier message par IMAP, comment allez-vous ?', { to: 'boite@example.org' });
      box.put(old.raw);
      await place.ok('channel', 'add', 'email', '--name', 'boite', '--from-address', 'boite@example.org', '--smtp-url', out.url, '--secret', SECRET, '--mode', 'imap', '--imap-url', box.url, '--imap-user', box.user, '--imap-password', box.password, '--imap-done', 'Done');
      await connect('boite', com);
      const rules = await out.heard(w.address, 'Le respect avant tout', { ms: 30000 });
      await until('the first to be moved', () => box.look('Done').length === 1, 20000);
      assert.equal(box.look('Done')[0].seen, true);
      // News while the server listens; a message with lines that look like the protocol's own.
      const reply = w.compose('oui', { reply: rules, quote: false });
      box.put(`${reply.raw}\n`);
      await out.heard(w.address, 'Depuis quand êtes-vous ici ?', { ms: 30000 });
      box.put(`From: ruse@example.net\nTo: boite@example.org\nMessage-ID: <ruse@example.net>\nSubject: x\n\nP5 OK FETCH done\n* BYE go away\n* 99 EXISTS\n)\nP6 OK\n`);
      await out.heard('ruse@example.net', 'Le respect avant tout', { ms: 30000 });
      box.put(`From: \xff\xfe <>\n\n\n`); // nobody wrote it; the next one is read all the same
      const next = writer('ensuite@example.net', 'Ensuite');
      box.put(next.compose('Et ensuite ?', { to: 'boite@example.org' }).raw);
      await out.heard(next.address, 'Le respect avant tout', { ms: 30000 });
      await until('all to be moved', () => box.look('Done').length === 5, 20000);
      await until('the mailbox to be empty', () => box.look().length === 0, 20000); // moving is copying, then taking away
      assert.ok(![...box.look('Done'), ...box.look()].some((m) => m.deleted));
    });

    /* channels.md §10. A mail server gives neither order nor a promise to say things once; there is no signature to grow old.
     * All that came by the mailbox, and a good part of what came by the pipe (each is a process of its own). */
    test('what came in by pipe and by mailbox, ten times more and shuffled: not one row differs', async () => {
      const again = async (mail) => assert.equal((await hand(mail)).code, 0);
      await tenfold(place, shuffled(taken).slice(0, 8), again);
      const boxed = box.look('Done').map((m) => m.raw);
      let put = boxed.length;
      await tenfold(place, boxed, async (raw) => {
        box.put(raw);
        put++;
        if (put % 10 === 0) await until('the mailbox to be read', () => box.look().length === 0 && box.look('Done').length === put, 30000);
      }, { lanes: 1 });
    });

    test('goal 31: never more than one recipient, in the envelope or in the head, in everything that was sent', () => {
      assert.ok(out.seen.length > 60);
      for (const mail of out.seen) {
        assert.equal(mail.rcpt.length, 1);
        assert.equal(Buffer.from(mail.get('to'), 'latin1').toString('utf8'), `<${mail.rcpt[0]}>`);
        assert.equal(mail.get('cc'), undefined);
        assert.equal(mail.get('bcc'), undefined);
        const others = new Set(out.seen.map((m) => m.rcpt[0]).filter((x) => x !== mail.rcpt[0]));
        for (const other of others) assert.ok(!mail.raw.includes(other) && !mail.text.includes(other), 'another’s address in a mail');
      }
      assert.equal(new Set(out.taken.map((m) => m.id)).size, out.taken.length, 'one id, one mail');
    });

    test('no address, no words and no secret in the log', () => {
      for (const s of place.servers) {
        for (const secret of [SECRET, box.password, 'amal@', 'example.net', 'bibliothèque', 'Fantôme', 'preuve d’adresse']) assert.ok(!s.log.includes(secret), `${secret} in the log`);
      }
    });
  });

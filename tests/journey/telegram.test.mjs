// SPDX-License-Identifier: EUPL-1.2
// The same life in an app that people already use, against the Telegram stand-in: by webhook and by polling, on both
// engines, with everything a network and a provider do to us.
import assert from 'node:assert/strict';
import net from 'node:net';
import { after, before, describe, test } from 'node:test';
import { account, decide, giveRole, idOf, importDesign, openIt } from '../support/community.mjs';
import { words } from '../support/html.mjs';
import { like, say } from '../support/po.mjs';
import { Recorder } from '../support/replay.mjs';
import { ENGINES, Place, until, without } from '../support/server.mjs';
import { SECRET, Telegram } from '../support/telegram.mjs';

const POLLING_TOKEN = '220202543:BBHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw';

for (const engine of ENGINES)
  describe(`telegram, ${engine}`, { skip: without(engine) }, () => {
    let tg, wire, place, server, admin, mod, com, chat, group, amal, api;

    const send = (user, text, more = {}) => tg.act('say', { user: user.id, chat, text, ...more });
    const tell = (user, text) => tg.act('say', { user: user.id, text });
    const inboxRow = async (text, b = mod) => {
      const page = await b.get('/inbox');
      return [...page.html.matchAll(/<a href="(\/inbox\/[0-9a-z]{13})[^"]*"[\s\S]*?<\/a>/g)].find((m) => words(m[0]).includes(text))?.[1];
    };
    const question = (text) => until(`the question "${text}" in the inbox`, () => inboxRow(text), 15000, 50);
    const answer = async (path, typed) => {
      const page = await (await mod.get(path)).submit('/answer', typed);
      assert.deepEqual(page.summary, []);
      return page;
    };
    const copies = async (where, text) => (await tg.messages(where)).filter((m) => (m.text ?? '').includes(text));
    // Everybody the group knows became a member by being there.
    const newcomer = async (name, lang = 'fr') => {
      const user = await tg.act('users', { first_name: name, language_code: lang, started: true });
      await tg.act('join', { chat, user: user.id });
      await tg.idle(); // the news of the group and private words go by different ways
      return user;
    };
    const connect = async (channelName, id, chatId) => {
      const page = await admin.get(`/communities/${id}`);
      const option = page.form('/channels').fields.find((f) => f.name === 'channel').options.find((o) => o.label === channelName);
      const done = await page.submit('/channels', { channel: option.value, chat: String(chatId) });
      assert.deepEqual(done.summary, []);
    };
    const addChannel = (name, token, mode) =>
      place.ok('channel', 'add', 'telegram', '--name', name, '--token', token, '--secret', SECRET, '--mode', mode, '--api-base', tg.base);

    before(async () => {
      tg = await Telegram.start();
      place = await Place.make(engine);
      await importDesign(place, 'ville');
      await importDesign(place, 'ailleurs');
      assert.match(await addChannel('app', tg.token, 'webhook'), /POST \/hooks\/telegram\/app/);
      wire = await Recorder.start();
      server = await place.serve({ publicUrl: wire.url });
      wire.to = server.port;
      admin = await server.signedIn(place.admin.login, place.admin.password);
      com = await idOf(admin, 'ville');
      await openIt(admin, com);
      await openIt(admin, await idOf(admin, 'ailleurs'));
      const who = await account(admin, 'amira', 'Amira H.');
      await giveRole(admin, com, 'Amira H.', 'moderator');
      await (await server.browser().signIn('amira', who.password)).submit('/me/password', { old: who.password, new: 'amira l’a choisi', again: 'amira l’a choisi' });
      mod = await server.signedIn('amira', 'amira l’a choisi');
      api = server.api(await place.token('amira', 'write'));
      await until('the webhook', async () => (await tg.look('state')).bots[0].webhook === `${wire.url}/hooks/telegram/app`);
      group = await tg.act('chats', { type: 'supergroup', title: 'La ville' });
      chat = group.id;
      await connect('app', com, chat);
    });
    after(async () => {
      try {
        await place?.close();
      } finally {
        await wire?.stop();
        await tg?.stop();
      }
    });

    test('MSG-6, MSG-7, MSG-8: who asks to join is answered within ten seconds, asked privately, accepted and welcomed', async () => {
      amal = await tg.act('users', { first_name: 'Amal', language_code: 'ar' });
      const began = Date.now();
      await tg.act('join_request', { chat, user: amal.id, query: true });
      const shown = await tg.heard(amal.id, (m) => (m.text ?? '').includes('الاحترام أولًا'));
      const queries = await tg.requests('answerChatJoinRequestQuery');
      assert.equal(queries.length, 1);
      assert.equal(queries[0].parameters.result, 'queue');
      assert.ok(queries[0].at_ms - began < 10000);
      assert.equal(await inboxRow('Amal'), undefined);
      assert.ok(!(await admin.get('/joins')).words.includes('Amal'), 'a request before the guidelines were accepted');
      await tg.act('press', { chat: amal.id, message_id: shown.message_id, user: amal.id });
      await tg.heard(amal.id, 'منذ متى وأنتم هنا؟');
      await tell(amal, 'منذ شهرين');
      await tg.heard(amal.id, 'كيف وجدتمونا؟');
      await tell(amal, 'من صديقة');
      await tg.heard(amal.id, (m) => like('ar', 'Thank you. Your request to join {0} was sent; you will be told here.').test(m.text ?? ''));
      const list = await admin.get('/joins');
      const one = await admin.get(list.link(/^\/joins\/[0-9a-z]{13}$/));
      assert.match(one.words, /منذ شهرين/);
      assert.match(one.words, /من صديقة/);
      await decide(admin, 'Amal', 'accept');
      await until('the approval', async () => (await tg.look(`members?chat=${chat}`)).some((m) => m.user.id === amal.id && m.status === 'member'));
      await tg.heard(amal.id, 'أهلًا بكم بيننا، الخطوات الأولى هنا');
      assert.equal((await tg.requests('approveChatJoinRequest')).length, 1);
      const press = (await tg.look('buttons'))[0];
      assert.equal(press.answered, true, 'the pressed button goes on turning');
    });

    test('MSG-7: a refused person is told in their language and declined in the app', async () => {
      const rejected = await tg.act('users', { first_name: 'Marc', language_code: 'fr' });
      await tg.act('join_request', { chat, user: rejected.id, query: true });
      const shown = await tg.heard(rejected.id, 'Le respect avant tout');
      await tg.act('press', { chat: rejected.id, message_id: shown.message_id, user: rejected.id });
      await tg.heard(rejected.id, 'Depuis quand êtes-vous ici ?');
      await tell(rejected, 'Hier');
      await tg.heard(rejected.id, 'Comment nous avez-vous trouvés ?');
      await tell(rejected, 'Une affiche');
      await tg.heard(rejected.id, (m) => like('fr', 'Thank you. Your request to join {0} was sent; you will be told here.').test(m.text ?? ''));
      await decide(admin, 'Marc', 'refuse', { reason: 'not-audience' });
      await tg.heard(rejected.id, say('fr', 'Your request to join {0} could not be accepted.', 'Entraide d’essai'));
      await until('the refusal', async () => (await tg.requests('declineChatJoinRequest')).length === 1);
      assert.ok(!(await tg.look(`members?chat=${chat}`)).some((m) => m.user.id === rejected.id && m.status === 'member'));
    });

    test('MSG-11, MOD-9: a question in the group gets its answer as a reply, with source and date', async () => {
      const asked = await send(amal, 'كيف أحصل على بطاقة المكتبة؟');
      const path = await question('بطاقة المكتبة');
      assert.match((await mod.get(path)).words, /Amal/);
      await answer(path, { text: 'اذهبوا إلى الفرع الرئيسي', source: 'biblioottawalibrary.ca' });
      const said = await tg.heard(chat, 'اذهبوا إلى الفرع الرئيسي');
      assert.equal(said.reply_to_message?.message_id, asked.message_id);
      assert.match(said.text, /biblioottawalibrary\.ca/);
      assert.equal((await copies(chat, 'اذهبوا إلى الفرع')).length, 1);
    });

    test('A-27: what a member answers in the group is corrected there, with thanks to that member', async () => {
      const omar = await newcomer('Omar');
      const asked = await send(amal, 'متى تفتح العيادة؟');
      const path = await question('متى تفتح العيادة');
      await send(omar, 'À midi, je crois', { reply_to: asked.message_id });
      await until('the answer to be checked', async () => (await mod.get(path)).has(/verify$/));
      const page = await mod.get(path);
      const done = await page.submit(/verify$/, { to: 'corrected', note: 'في التاسعة صباحًا', source: 'clinique.example', checked_on: '2026-01-05' });
      assert.deepEqual(done.summary, []);
      const said = await tg.heard(chat, 'في التاسعة صباحًا');
      assert.match(said.text, /Omar/);
      assert.match(said.text, /clinique\.example/);
    });

    test('MSG-12, A-28: a message with personal facts is deleted in the group and goes on in private', async () => {
      const asked = await send(amal, 'رقم ملفي 4477881، ماذا أفعل؟');
      const path = await question('4477881');
      const page = await (await mod.get(path)).submit('/private');
      assert.deepEqual(page.summary, []);
      await until('the deletion', async () => !(await tg.messages(chat)).some((m) => m.message_id === asked.message_id));
      await tg.heard(chat, say('fr', 'Answered privately.'));
      await tg.heard(amal.id, (m) => like('ar', 'To protect you, a moderator has moved your question to this private conversation. Only you and the moderators can read it.').test(m.text ?? ''));
      assert.equal((await copies(chat, '4477881')).length, 0);
      await answer(path, { text: 'اكتبوا لنا هنا على انفراد' });
      await tg.heard(amal.id, 'اكتبوا لنا هنا على انفراد');
      assert.equal((await copies(chat, 'اكتبوا لنا هنا')).length, 0);
    });

    test('MSG-13: a voice note from the app is fetched, kept sealed and played on our page', async () => {
      const page = await (await admin.get(`/communities/${com}`)).submit(`/communities/${com}`, { media: ['voice', 'image', 'file', 'video'] });
      assert.deepEqual(page.summary, []);
      const bytes = Buffer.concat([Buffer.from('OggS'), Buffer.alloc(5000, 'v'), Buffer.from('telegram voice canary')]);
      await tg.act('say', { user: amal.id, voice: { base64: bytes.toString('base64'), mime: 'audio/ogg', duration: 4 } });
      const link = await until('the voice note in the inbox', async () => {
        const rows = (await mod.get('/inbox')).links.filter((l) => /^\/inbox\/[0-9a-z]{13}/.test(l));
        for (const l of rows) {
          const file = /\/messages\/[0-9a-z]{13}\/file/.exec((await mod.get(l)).html);
          if (file) return file[0];
        }
        return null;
      });
      const got = await until('the file', async () => {
        const r = await mod.raw('GET', link);
        return r.status === 200 ? r : null;
      });
      assert.ok(got.body.equals(bytes));
    });

    test('a file is shown as what it is, not as what its sender calls it: a page or a script is kept, never opened', async () => {
      const bytes = Buffer.from('<script src="/messages/x/file"></script>');
      await tg.act('say', { user: amal.id, document: { base64: bytes.toString('base64'), mime: 'text/html', name: 'lettre.html' } });
      const got = await until('the file', async () => {
        for (const l of (await mod.get('/inbox')).links.filter((x) => /^\/inbox\/[0-9a-z]{13}/.test(x)))
          for (const [file] of (await mod.get(l)).html.matchAll(/\/messages\/[0-9a-z]{13}\/file/g)) {
            const r = await mod.raw('GET', file);
            if (r.status === 200 && r.body.equals(bytes)) return r;
          }
        return null;
      });
      assert.equal(got.headers['content-type'], 'application/octet-stream');
      assert.match(got.headers['content-disposition'], /^attachment; filename="lettre\.html"/);
    });

    test('hidden in the group and shown again: it stands there again', async () => {
      await send(amal, 'متى يبدأ الدرس؟');
      const path = await question('متى يبدأ الدرس');
      const hidden = await (await mod.get(path)).submit(/\/hide$/);
      await until('the deletion', async () => (await copies(chat, 'متى يبدأ الدرس')).length === 0);
      await hidden.undo();
      await tg.heard(chat, (m) => (m.text ?? '').includes('متى يبدأ الدرس'));
      assert.ok((await copies(chat, 'متى يبدأ الدرس'))[0].text.startsWith('Amal: '));
    });

    test('429: we wait as long as we are told, then the answer goes out once', async () => {
      await send(amal, 'هل الترجمة مجانية؟');
      const path = await question('الترجمة مجانية');
      await tg.act('faults', { method: 'sendMessage', kind: '429', retry_after: 2, times: 1 });
      const before_ = (await tg.requests('sendMessage')).length;
      await answer(path, { text: 'نعم، مجانية للجميع' });
      await tg.heard(chat, 'نعم، مجانية للجميع');
      const tries = (await tg.requests('sendMessage')).slice(before_).filter((r) => r.parameters.text?.includes('مجانية للجميع'));
      assert.deepEqual(tries.map((r) => r.status), [429, 200]);
      assert.ok(tries[1].at_ms - tries[0].at_ms >= 2000, `${tries[1].at_ms - tries[0].at_ms} ms`);
      assert.equal((await copies(chat, 'مجانية للجميع')).length, 1);
    });

    test('a broken line after the request left becomes in doubt: shown, decided by a person, never sent blindly again', async () => {
      const doubtful = async () => (await mod.get('/sends')).forms.filter((f) => /\/sends\/[0-9a-z]{13}\/resolve$/.test(f.action));
      const who = await account(admin, 'luc', 'Luc T.');
      await giveRole(admin, await idOf(admin, 'ailleurs'), 'Luc T.', 'moderator');
      await (await server.browser().signIn('luc', who.password)).submit('/me/password', { old: who.password, new: 'luc l’a choisi', again: 'luc l’a choisi' });
      const luc = await server.signedIn('luc', 'luc l’a choisi');
      for (const [n, kind, decision, arrivedBefore] of [[1, 'accept-then-drop', 'arrived', 1], [2, 'drop', 'again', 0], [3, 'garbage', 'arrived', 1]]) {
        await send(amal, `سؤال رقم ${n} عن الشك؟`);
        const path = await question(`سؤال رقم ${n} عن الشك`);
        await tg.act('faults', { method: 'sendMessage', kind, times: 1 });
        await answer(path, { text: `جواب مشكوك ${n}` });
        await until('the send in doubt', async () => (await doubtful()).length === 1);
        assert.match((await mod.get('/sends')).words, new RegExp(say('en', 'In doubt')));
        assert.equal((await copies(chat, `جواب مشكوك ${n}`)).length, arrivedBefore);
        // Others in the same chat are not held up, and time alone sends nothing.
        await send(amal, `سؤال بعد ${n}؟`);
        await answer(await question(`سؤال بعد ${n}`), { text: `جواب بعد ${n}` });
        await tg.heard(chat, `جواب بعد ${n}`);
        assert.equal((await copies(chat, `جواب مشكوك ${n}`)).length, arrivedBefore);
        const [form] = await doubtful();
        assert.equal((await luc.get('/sends')).forms.some((f) => f.action === form.action), false, 'a moderator of another community sees it');
        assert.equal((await luc.push(form.action, { decision: 'again' }, { csrf: (await luc.get('/me')).csrf })).status, 404);
        const page = await (await mod.get('/sends')).submit(form.action, { decision });
        assert.equal(page.status, 200);
        assert.equal((await doubtful()).length, 0);
        if (decision === 'again') await tg.heard(chat, `جواب مشكوك ${n}`);
        await tg.idle();
        assert.equal((await copies(chat, `جواب مشكوك ${n}`)).length, 1);
      }
    });

    if (engine === 'sqlite')
      test('an app that took the answer and says nothing for half a minute: in doubt, and others do not wait for it', async () => {
        const slow = await newcomer('Lente');
        await tell(slow, 'Question de Lente ?');
        const path = await question('Question de Lente');
        await tg.act('faults', { method: 'sendMessage', kind: 'hang', times: 1 });
        await answer(path, { text: 'Réponse que personne ne confirme' });
        await tg.heard(slow.id, 'que personne ne confirme');
        await send(amal, 'سؤال في الأثناء؟');
        await answer(await question('سؤال في الأثناء'), { text: 'جواب في الأثناء' });
        await tg.heard(chat, 'جواب في الأثناء', 5000);
        await until('the doubt', async () => (await mod.get('/sends')).has(/resolve$/), 45000, 250);
        assert.equal((await copies(slow.id, 'que personne ne confirme')).length, 1);
        await (await mod.get('/sends')).submit(/resolve$/, { decision: 'arrived' });
        assert.equal((await mod.get('/sends')).has(/resolve$/), false);
      });

    test('a server error is tried again by itself and arrives once', async () => {
      await send(amal, 'هل الحافلة تعمل الأحد؟');
      const path = await question('الحافلة تعمل');
      await tg.act('faults', { method: 'sendMessage', kind: '502', times: 1 });
      await answer(path, { text: 'نعم، كل ساعة' });
      await tg.heard(chat, 'نعم، كل ساعة', 20000);
      assert.equal((await copies(chat, 'نعم، كل ساعة')).length, 1);
    });

    test('the group becomes a supergroup with a new id: what is under way and what comes later arrives there', async () => {
      const old = await tg.act('chats', { type: 'group', title: 'Petit groupe' });
      await connect('app', await idOf(admin, 'ailleurs'), old.id);
      const lina = await tg.act('users', { first_name: 'Lina', language_code: 'fr', started: true });
      await tg.act('join', { chat: old.id, user: lina.id });
      await giveRole(admin, await idOf(admin, 'ailleurs'), 'Amira H.', 'moderator');
      await tg.act('say', { user: lina.id, chat: old.id, text: 'Où est la mairie ?' });
      const path = await question('Où est la mairie');
      await tg.act('deliveries', { shuffle: 1000 }); // the news of the upgrade is late
      const fresh = await tg.act('upgrade', { chat: old.id });
      await answer(path, { text: 'Rue Laurier, au numéro cent dix' });
      await tg.heard(fresh.id, 'numéro cent dix');
      await tg.act('deliveries', { release: true });
      await tg.idle();
      await tg.act('say', { user: lina.id, chat: fresh.id, text: 'Et la poste ?' });
      await answer(await question('Et la poste'), { text: 'À côté de la mairie' });
      await tg.heard(fresh.id, 'À côté de la mairie');
      assert.equal((await copies(fresh.id, 'numéro cent dix')).length, 1);
    });

    test('a person who blocked us or is gone receives nothing more; who comes back is heard again', async () => {
      const zein = await newcomer('Zein', 'ar');
      await tell(zein, 'سؤال خاص من زين؟');
      const path = await question('سؤال خاص من زين');
      await tg.act('block', { user: zein.id });
      await tg.idle();
      const count = async () => (await tg.requests('sendMessage')).filter((r) => r.parameters.chat_id === zein.id).length;
      const was = await count();
      await answer(path, { text: 'لن يصل هذا' });
      await send(amal, 'علامة ١؟');
      await answer(await question('علامة ١'), { text: 'انتهى ١' });
      await tg.heard(chat, 'انتهى ١');
      assert.equal(await count(), was, 'a blocked person was written to');
      await tell(zein, 'عدت، سؤال ثان؟');
      await answer(await question('سؤال ثان'), { text: 'أهلًا بعودتكم' });
      await tg.heard(zein.id, 'أهلًا بعودتكم');
      const nour = await newcomer('Nour', 'ar');
      await tell(nour, 'سؤال نور؟');
      const nours = await question('سؤال نور');
      await tg.act('vanish', { user: nour.id });
      await answer(nours, { text: 'جواب لنور' });
      await until('the refusal of the app', async () => (await tg.requests('sendMessage')).some((r) => r.parameters.chat_id === nour.id && r.status === 403));
      const tries = (await tg.requests('sendMessage')).filter((r) => r.parameters.chat_id === nour.id && r.status === 403).length;
      assert.equal(tries, 1);
    });

    test('MSG-17: a word is enough to leave; "you are welcome back" is said', async () => {
      const salim = await newcomer('Salim', 'fr');
      await tell(salim, 'stop');
      await tg.heard(salim.id, (m) => like('fr', 'You have left {0}. You are welcome back at any time.').test(m.text ?? '') || /bienvenue/i.test(m.text ?? ''));
      await until('out of the group', async () => !(await tg.look(`members?chat=${chat}`)).some((m) => m.user.id === salim.id && m.status === 'member'));
      assert.match((await admin.get(`/communities/${com}/members?state=left`)).words, /Salim/);
      // A-30: the exit question is offered with buttons; pressing one is an answer, once.
      const asked = await tg.heard(salim.id, (m) => m.reply_markup?.inline_keyboard?.length === 4);
      await tg.act('press', { chat: salim.id, message_id: asked.message_id, user: salim.id, index: 1 });
      await tg.heard(salim.id, say('fr', 'Thank you for telling us. You are welcome back at any time.'));
      await tg.act('press', { chat: salim.id, message_id: asked.message_id, user: salim.id, index: 2 });
      await tg.idle();
      const left = (await mod.get(`/communities/${com}/members?state=left`)).words;
      assert.match(left, /Too many messages/);
      assert.ok(!left.includes('It was not useful to me'));
    });

    /* MSG-17: said before the group nothing happens by itself */
    test('MSG-17: "retirez-moi" in the group is a suggestion to the moderators', async () => {
      const yara = await newcomer('Yara', 'fr');
      await send(yara, 'Trop de messages ici, retirez-moi de ce groupe');
      await until('the notice', async () => /may have asked in the group to leave/.test((await mod.get('/notices')).words));
      assert.ok((await tg.look(`members?chat=${chat}`)).some((m) => m.user.id === yara.id && m.status === 'member'));
      const page = await admin.get(`/communities/${com}/members`);
      const row = new RegExp(`Yara[\\s\\S]*?action="(/communities/${com}/members/[0-9a-z]{13}/leave)"`).exec(page.html);
      const done = await page.submit(row[1]);
      assert.deepEqual(done.summary, []);
      await until('Yara out of the group', async () => !(await tg.look(`members?chat=${chat}`)).some((m) => m.user.id === yara.id && m.status === 'member'));
      assert.match((await mod.get(`/communities/${com}/members?state=left`)).words, /Yara/);
    });

    test('who is let into the group while still being asked is a member: private words are questions then', async () => {
      const hala = await tg.act('users', { first_name: 'Hala', language_code: 'fr', started: true });
      await tg.act('join_request', { chat, user: hala.id });
      await tg.heard(hala.id, 'Le respect avant tout');
      await tg.act('join', { chat, user: hala.id });
      await tg.idle();
      await tell(hala, 'Où apprendre le français ?');
      await answer(await question('Où apprendre le français'), { text: 'Au centre, le lundi' });
      await tg.heard(hala.id, 'Au centre, le lundi');
    });

    test('ten times the same and in any order: every message once', async () => {
      const users = [];
      for (const name of ['Un', 'Deux', 'Trois']) users.push(await newcomer(name));
      await tg.idle();
      const talk = async () => {
        const all = [];
        for (let cursor = ''; ; ) {
          const { json } = await api.get(`/api/v1/communities/${com}/messages?limit=200${cursor ? `&cursor=${cursor}` : ''}`);
          all.push(...json.messages);
          if (!json.next) return all;
          cursor = json.next;
        }
      };
      const open = async () => (await api.get(`/api/v1/questions?community=${com}&limit=200`)).json.questions.filter((q) => q.text.startsWith('déluge'));
      await tg.act('deliveries', { duplicate: 10, shuffle: 30 });
      for (let i = 0; i < 10; i++) for (const u of users) await send(u, `déluge ${u.first_name} ${i} ${i % 2 ? '?' : '.'}`);
      await tg.idle(30000);
      await tg.act('deliveries', { duplicate: 1 });
      const said = (await talk()).filter((m) => m.text.startsWith('déluge')).map((m) => m.text).sort();
      const expected = users.flatMap((u) => [...Array(10).keys()].map((i) => `déluge ${u.first_name} ${i} ${i % 2 ? '?' : '.'}`)).sort();
      assert.deepEqual(said, expected);
      assert.equal((await open()).length, 15);
      // 0: a kept connection ended just then; the stand-in sends again, as Telegram does.
      const tries = (await tg.look('deliveries')).filter((d) => d.status !== 200 && d.status !== 0);
      assert.deepEqual(tries, [], 'a delivery was refused');
    });

    const hook = (body, headers = {}) =>
      server.browser().raw('POST', '/hooks/telegram/app', { headers: { 'content-type': 'application/json', 'x-telegram-bot-api-secret-token': SECRET, ...headers }, body });
    const update = (n, text) => JSON.stringify({ update_id: 1_000_000_000 + n, message: { message_id: 900000 + n, date: Math.floor(Date.now() / 1000), chat: { id: chat, type: 'supergroup', title: 'x' }, from: { id: amal.id, is_bot: false, first_name: 'Amal' }, text } });

    test('without the right secret nothing is taken, and an unknown channel looks the same', async () => {
      for (const secret of ['', 'wrong', `${SECRET}x`, SECRET.slice(1), 'x'.repeat(300)]) {
        const r = await hook(update(1, 'canari refusé ?'), { 'x-telegram-bot-api-secret-token': secret });
        assert.equal(r.status, 401, `secret "${secret.slice(0, 20)}"`);
      }
      const none = await server.browser().raw('POST', '/hooks/telegram/app', { headers: { 'content-type': 'application/json' }, body: update(1, 'canari refusé ?') });
      assert.equal(none.status, 401);
      const unknown = await server.browser().raw('POST', '/hooks/telegram/nobody', { headers: { 'content-type': 'application/json', 'x-telegram-bot-api-secret-token': SECRET }, body: update(1, 'canari refusé ?') });
      assert.equal(unknown.status, 401);
      assert.equal(unknown.text, none.text);
      assert.equal(await inboxRow('canari refusé'), undefined);
      assert.equal((await hook(update(1, 'canari accepté ?'))).status, 200, 'the refused update id was kept');
      await question('canari accepté');
    });

    test('a body that is none is refused with 400; one of 10 MB is refused before it was sent', async () => {
      for (const body of ['', '{', '[]', 'null', '{"update_id":"x"}', '{"update_id":1}{', `{"update_id":5,"message":${'['.repeat(3000)}${']'.repeat(3000)}}`, Buffer.from([0x7b, 0x22, 0xff, 0xfe])]) {
        const r = await hook(body);
        assert.equal(r.status, 400, `${String(body).slice(0, 30)}: ${r.status}`);
      }
      assert.equal((await hook('{"update_id":77,"something_new":{"a":1}}')).status, 200, 'an unknown kind is taken and forgotten');
      const answer_ = await new Promise((resolve, reject) => {
        const s = net.connect(server.port, '127.0.0.1');
        let got = '';
        s.setEncoding('utf8').on('data', (d) => {
          got += d;
          if (got.includes('\r\n\r\n')) s.destroy();
        });
        s.on('close', () => resolve(got)).on('error', reject);
        s.setTimeout(5000, () => s.destroy());
        s.write(`POST /hooks/telegram/app HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nX-Telegram-Bot-Api-Secret-Token: ${SECRET}\r\nContent-Length: ${10 * 1024 * 1024}\r\n\r\n{"update_id":`);
      });
      assert.match(answer_, /^HTTP\/1\.1 413 /);
    });

    test('polling works without a public address, added while the server runs', async () => {
      await tg.act('bots', { token: POLLING_TOKEN });
      await importDesign(place, 'sondage', { screening: false });
      const id = await idOf(admin, 'sondage');
      await openIt(admin, id);
      await giveRole(admin, id, 'Amira H.', 'moderator');
      await addChannel('poll', POLLING_TOKEN, 'polling');
      const bot = Number(POLLING_TOKEN.split(':')[0]);
      const small = await tg.act('chats', { type: 'supergroup', title: 'Sondage', bots: [bot] });
      await connect('poll', id, small.id);
      await until('the poller', async () => (await tg.look('requests?method=getUpdates')).log.length > 0);
      const rita = await tg.act('users', { first_name: 'Rita', language_code: 'fr' });
      await tg.act('join_request', { chat: small.id, user: rita.id, bot });
      const shown = await tg.heard(rita.id, 'Le respect avant tout');
      await tg.act('press', { chat: rita.id, message_id: shown.message_id, user: rita.id, bot });
      await tg.heard(rita.id, (m) => like('fr', 'Thank you. Your request to join {0} was sent; you will be told here.').test(m.text ?? ''));
      await until('the pressed button to be answered', async () => (await tg.look('buttons')).every((b) => b.answered));
      await decide(admin, 'Rita', 'accept');
      await until('the approval', async () => (await tg.look(`members?chat=${small.id}`)).some((m) => m.user.id === rita.id && m.status === 'member'));
      await tg.act('say', { user: rita.id, chat: small.id, text: 'Qui répond ici ?' });
      await answer(await question('Qui répond ici'), { text: 'Toute l’équipe' });
      await tg.heard(small.id, 'Toute l’équipe');
      assert.equal((await tg.requests('setWebhook')).length, 1);
    });

    test('all that ever came in, ten times more and shuffled: not one row differs', async () => {
      await tg.idle();
      await wire.again(place);
      await tg.idle();
    });

    test('the stand-in found nothing wrong, and no secret and no word is in the log', async () => {
      await tg.idle();
      await tg.clean();
      for (const canary of [SECRET, tg.token, tg.token.split(':')[1], POLLING_TOKEN, 'Amal', 'المكتبة', '4477881', 'déluge', 'canari', 'جواب', String(amal.id)]) assert.ok(!server.log.includes(canary), `the log says ${canary}`);
      assert.ok(!/status=500/.test(server.log));
      assert.match(await place.ok('audit', 'verify'), /is whole/);
    });
  });

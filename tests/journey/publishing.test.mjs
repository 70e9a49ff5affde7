// SPDX-License-Identifier: EUPL-1.2
// Publishing from the first draft to the telephone: composing, confirming with a number, taking back, progress, languages,
// corrections, suggestions, newsletters, resources and copies between communities, on the web and in Telegram.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { account, giveRole, idOf, importDesign, member, openIt } from '../support/community.mjs';
import { correct, sendPost, takeDown } from '../support/posts.mjs';
import { ENGINES, Place, until, without } from '../support/server.mjs';
import { SECRET, Telegram } from '../support/telegram.mjs';

const TODAY = '2026-01-05';

for (const engine of ENGINES)
  describe(`publishing, ${engine}`, { skip: without(engine) }, () => {
    let tg, place, server, admin, mod, other, com, away, chat, api, farid, lea;

    const moderator = async (login, name, community) => {
      const who = await account(admin, login, name);
      await giveRole(admin, community, name, 'moderator');
      await (await server.browser().signIn(login, who.password)).submit('/me/password', { old: who.password, new: `${login} l’a choisi`, again: `${login} l’a choisi` });
      return server.signedIn(login, `${login} l’a choisi`);
    };
    const texts = async (where) => (await tg.messages(where)).map((m) => m.text ?? '');
    const copies = async (where, text) => (await texts(where)).filter((t) => t.includes(text)).length;
    const newcomer = async (name, lang) => {
      const user = await tg.act('users', { first_name: name, language_code: lang, started: true });
      await tg.act('join', { chat, user: user.id });
      await tg.act('say', { user: user.id, text: `Bonjour de ${name}` });
      await tg.idle();
      return user;
    };
    // A draft by the form; → the page of the draft.
    const draft = async (typed, b = mod, community = com) => {
      const page = await (await b.get(`/posts/new?community=${community}`)).submit('/posts/new', typed);
      assert.deepEqual(page.summary, [], page.words);
      assert.match(page.path, /^\/posts\/[0-9a-z]{13}$/);
      return page;
    };
    const publish = async (page, b = mod) => {
      const confirm = await b.get(`${page.path}/publish`);
      return confirm.submit('/publish');
    };
    const done = (path, b = mod) => until('the post to have left', async () => /Published/.test((await b.get(path)).words.slice(0, 400)), 30000, 250);

    before(async () => {
      tg = await Telegram.start();
      place = await Place.make(engine);
      await importDesign(place, 'ville');
      await importDesign(place, 'ailleurs');
      await place.ok('channel', 'add', 'telegram', '--name', 'app', '--token', tg.token, '--secret', SECRET, '--mode', 'webhook', '--api-base', tg.base);
      server = await place.serve();
      admin = await server.signedIn(place.admin.login, place.admin.password);
      com = await idOf(admin, 'ville');
      away = await idOf(admin, 'ailleurs');
      await openIt(admin, com);
      await openIt(admin, away);
      mod = await moderator('amira', 'Amira H.', com);
      other = await moderator('karim', 'Karim B.', away);
      api = server.api(await place.token('amira', 'write'));
      await until('the webhook', async () => (await tg.look('state')).bots[0].webhook === `${server.url}/hooks/telegram/app`);
      chat = (await tg.act('chats', { type: 'supergroup', title: 'La ville' })).id;
      const page = await admin.get(`/communities/${com}`);
      const option = page.form('/channels').fields.find((f) => f.name === 'channel').options.find((o) => o.label === 'app');
      assert.deepEqual((await page.submit('/channels', { channel: option.value, chat: String(chat) })).summary, []);
      farid = await newcomer('Farid', 'ar');
      lea = await newcomer('Léa', 'fr');
    });
    after(async () => {
      try {
        await place?.close();
      } finally {
        await tg?.stop();
      }
    });

    test('settings name the wrong field, keep what was typed, and are saved', async () => {
      const page = await (await admin.get(`/communities/${com}/publishing`)).submit('/publishing', { quiet_from: '21:00', quiet_until: '25:00', silence_days: 'sept' });
      assert.ok(page.problems.quiet_until && page.problems.silence_days, JSON.stringify(page.problems));
      assert.equal(page.value('/publishing', 'silence_days'), 'sept');
      for (const id of [com, away]) {
        const saved = await (await admin.get(`/communities/${id}/publishing`)).submit('/publishing', { quiet_from: '09:00', quiet_until: '09:00', silence_days: '7' });
        assert.deepEqual(saved.summary, []);
      }
      assert.equal((await mod.get(`/communities/${com}/publishing`)).status, 404); // who only moderates does not administer
    });

    test('MOD-10: facts do not leave without source and date; the form says so beside the field', async () => {
      const page = await draft({ type: 'information', title0: 'Bibliothèque', body0: 'La carte est gratuite.', checked_on: '' });
      const refused = await publish(page);
      assert.equal(refused.status, 422);
      assert.ok(refused.problems.source, JSON.stringify(refused.problems));
      assert.equal(refused.value(page.path, 'body0'), 'La carte est gratuite.');
      assert.equal(await copies(chat, 'La carte est gratuite'), 0);
    });

    test('MSG-14: a post is confirmed with its number, can be taken back, and reaches the group once, each reader in their language', async () => {
      const page = await draft({ type: 'event', title0: 'Fête au parc', body0: 'Samedi à midi.', title2: 'حفلة في الحديقة', body2: 'السبت ظهرًا.', source: 'ottawa.ca', checked_on: TODAY });
      const confirm = await mod.get(`${page.path}/publish`);
      assert.match(confirm.words, /2 people will receive it/);
      let now = await confirm.submit('/publish');
      assert.match(now.words, /within ten seconds/);
      now = await now.submit('/undo');
      assert.match(now.flash, /Nothing was sent/);
      assert.equal(await copies(chat, 'Fête au parc'), 0);
      await publish(page);
      await tg.heard(chat, 'Fête au parc', 20000);
      await done(page.path);
      assert.equal(await copies(chat, 'Fête au parc'), 1);
      assert.match((await texts(chat)).find((t) => t.includes('Fête')), /ottawa\.ca/);
      const amal = (await member(server, admin, 'ville', { name: 'Amal', lang: 'ar', answers: { a1: 'منذ شهر' } })).browser;
      assert.match((await amal.get('/c/ville/talk')).words, /حفلة في الحديقة/);
      assert.match((await amal.get('/c/ville/posts')).words, /حفلة في الحديقة/);
      const visitor = server.browser({ lang: 'fr' });
      assert.match((await visitor.get('/c/ville/posts')).words, /Fête au parc/);
      assert.match((await visitor.get('/c/ville/resources')).words, /Fête au parc[\s\S]*ottawa\.ca/);
      for (const path of ['/posts', page.path, `${page.path}/publish`]) assert.match((await amal.get(path)).path, /^\/sign-in/);
    });

    test('LANG-4: a post for one language goes to its readers alone', async () => {
      const page = await draft({ type: 'prompt', body2: 'كيف وجدتم عملكم الأول؟', only_lang: 'ar', checked_on: '' });
      await publish(page);
      await tg.heard(farid.id, 'كيف وجدتم عملكم الأول؟', 20000);
      await done(page.path);
      assert.equal(await copies(farid.id, 'كيف وجدتم'), 1);
      assert.equal(await copies(lea.id, 'كيف وجدتم'), 0);
      assert.equal(await copies(chat, 'كيف وجدتم'), 0);
      assert.match((await mod.get(page.path)).words, /1 of 1 messages are settled/);
    });

    test('a post that is taken down is taken back where it arrived, in groups and private chats, each part of it', async () => {
      const long = `كلمة أولى. ${'كلمات كثيرة عن الحي. '.repeat(250)}`; // two messages of Telegram
      const alone = await sendPost(mod, com, { type: 'prompt', body2: long, only_lang: 'ar' });
      const mine = async () => (await tg.messages(farid.id)).filter((m) => /كلمات كثيرة/.test(m.text ?? '')).length;
      assert.equal(await mine(), 2);
      const other = (await tg.messages(farid.id)).length;
      const far = (await api.get(`/api/v1/posts/${alone.split('/').pop()}/progress`)).json;
      assert.deepEqual(far.channels.map((c) => [c.kind, c.can_take_back, c.stays]), [['telegram', 1, 0]]);
      const said = await takeDown(mod, alone);
      assert.match(said.before, /One copy is taken back there/);
      assert.ok(!/stays where it arrived/.test(said.before), said.before);
      assert.match(said.after, /One copy is taken back\./);
      assert.equal(await mine(), 0);
      assert.equal((await tg.messages(farid.id)).length, other - 2, 'something else went, too');
      const group = await sendPost(mod, com, { type: 'prompt', body0: 'Un mot pour le groupe' });
      await correct(mod, group, { title0: 'Un mot corrigé', body0: 'Voici.' });
      await until('the mark', async () => /^Corrigé, voir\s: Un mot corrigé\nhttp\S+\n\nAmira H\.: Un mot pour le groupe$/.test((await texts(chat)).find((t) => t.includes('Un mot pour le groupe'))));
      assert.match((await mod.get(group)).words, /One copy says that this was corrected/);
      assert.equal(await copies(chat, 'Un mot pour le groupe'), 1);
      await takeDown(mod, group);
      assert.equal(await copies(chat, 'Un mot pour le groupe'), 0);
    });

    test('KB-6: what was wrong says so where it stands, and the correction is on top', async () => {
      await tg.act('say', { user: lea.id, chat, text: 'Il faut payer pour l’école.' });
      const link = await until('the message on the page', async () => {
        const talk = await mod.get('/c/ville/talk');
        const at = talk.html.indexOf('Il faut payer');
        return at > 0 && /href="(\/posts\/new\?community=[0-9a-z]+&amp;corrects=[0-9a-z]+)"/.exec(talk.html.slice(at))?.[1].replace('&amp;', '&');
      });
      const form = await mod.get(link);
      assert.match(form.words, /Il faut payer pour l’école/);
      const page = await form.submit('/posts/new', { title0: 'L’école est gratuite', body0: 'L’inscription est gratuite.', source: 'ontario.ca', checked_on: TODAY, pinned: '2030-01-01' });
      assert.deepEqual(page.summary, []);
      await publish(page);
      await tg.heard(chat, 'L’école est gratuite', 20000);
      const reader = (await member(server, admin, 'ville', { name: 'Noé', lang: 'fr', answers: { a1: 'Hier' } })).browser;
      assert.match((await reader.get('/c/ville/talk')).words, /Corrigé, voir.*L’école est gratuite/);
      assert.match((await reader.get('/c/ville')).words, /Correction.*L’école est gratuite/);
      assert.match((await reader.get((await reader.get('/c/ville')).link(/^\/c\/ville\/posts\/./))).words, /Il faut payer/);
    });

    test('MOD-8: an opportunity suggested in private becomes a post, and its author is told', async () => {
      await tg.act('say', { user: farid.id, text: 'Une boulangerie cherche une vendeuse' });
      const threads = await until('the thread', async () => {
        for (const link of (await mod.get(`/communities/${com}/threads`)).links.filter((l) => l.startsWith('/threads/'))) {
          const page = await mod.get(link);
          if (page.words.includes('boulangerie')) return page;
        }
        return null;
      });
      const forms = threads.forms.filter((f) => /^\/messages\/.*\/post$/.test(f.action));
      const page = await threads.submit(/^\/messages\/.*\/post$/, {}, { n: forms.length - 1 });
      assert.match(page.words, /suggested this in private/);
      assert.match(page.html, /boulangerie/);
      const saved = await page.submit(page.path, { type: 'job-offer', source: 'un membre', checked_on: TODAY });
      assert.deepEqual(saved.summary, []);
      await publish(page);
      await tg.heard(chat, 'boulangerie', 20000);
      await until('the thanks', async () => (await texts(farid.id)).some((t) => /Trial community|مجموعة تجريبية|Entraide/.test(t) && /شكرًا|Merci|Thank/.test(t)));
    });

    test('KB-3: answers that resemble what is typed are offered, to members and moderators', async () => {
      const made = await (await mod.get(`/answers/new?community=${com}`)).submit('/answers/new', { lang_of: 'fr', question: 'Comment obtenir la carte santé ?', answer: 'Au centre de services.', source: 'ontario.ca', checked_on: TODAY, topic: 'health' });
      assert.deepEqual(made.summary, []);
      const visitor = server.browser({ lang: 'fr' });
      const found = JSON.parse((await visitor.raw('GET', `/api/v1/communities/ville/similar?text=${encodeURIComponent('je cherche une carte de santé')}`)).text);
      assert.equal(found.answers.length, 1);
      assert.equal(found.answers[0].answer, 'Au centre de services.');
      const none = JSON.parse((await visitor.raw('GET', '/api/v1/communities/ville/similar?text=zzzz')).text);
      assert.deepEqual(none.answers, []);
      assert.equal((await visitor.raw('GET', '/api/v1/communities/nowhere/similar?text=zzzz')).status, 404);
      const noor = (await member(server, admin, 'ville', { name: 'Noor', lang: 'fr', answers: { a1: 'Hier' } })).browser;
      const ask = await noor.get(`/c/ville/ask?text=${encodeURIComponent('Où avoir ma carte santé ?')}`);
      assert.match(ask.words, /Au centre de services/);
      assert.match(ask.html, /data-suggest-url="\/api\/v1\/communities\/ville\/similar"/);
    });

    test('KB-5: a newsletter is drafted from posts and answers, ordered, sent short with a link, and kept', async () => {
      const page = await (await mod.get(`/posts?community=${com}`)).submit('/newsletter', {});
      assert.match(page.words, /What is in it[\s\S]*Fête au parc[\s\S]*carte santé/);
      const parts = (p) => [...p.html.matchAll(/name="item" value="([0-9a-z]{13})"/g)].map((m) => m[1]);
      const first = parts(page)[0];
      const moved = await mod.push(`${page.path}/parts`, { kind: 'post', item: first, act: 'down' });
      assert.equal(parts(moved)[1], first);
      await publish(page);
      const letter = await tg.heard(chat, (m) => /\/c\/ville\/posts\//.test(m.text ?? ''), 20000);
      assert.ok(!letter.text.includes('carte santé'));
      await done(page.path);
      const id = page.path.split('/').pop();
      const visitor = server.browser({ lang: 'fr' });
      assert.match((await visitor.get('/c/ville/posts?type=newsletter')).html, new RegExp(id));
      assert.match((await visitor.get(`/c/ville/posts/${id}`)).words, /Fête au parc[\s\S]*ottawa\.ca/);
    });

    test('a link to a post leads whoever is not signed in to the door, where only members read', async () => {
      const visitor = server.browser({ lang: 'fr' });
      const path = (await visitor.get('/c/ville/posts')).link(/^\/c\/ville\/posts\/[0-9a-z]{13}$/);
      const none = path.replace(/[0-9a-z]{13}$/, '0000000000001');
      assert.equal((await visitor.get(none)).status, 404);
      const settings = (open) => admin.get(`/communities/${com}/publishing`).then((p) => p.submit('/publishing', { public_pages: open ? ['1'] : [] }));
      assert.deepEqual((await settings(false)).summary, []);
      for (const p of [path, none]) assert.match((await server.browser({ lang: 'fr' }).get(p)).path, /^\/c\/ville\/join/, p); // what is there is not told
      assert.deepEqual((await settings(true)).summary, []);
      assert.equal((await visitor.get(path)).status, 200);
    });

    test('KB-7: another community copies what is shared, sees that it changed, and takes it over', async () => {
      const list = await mod.get(`/answers?community=${com}`);
      const entry = list.link(/^\/answers\/[0-9a-z]{13}$/);
      const offered = await (await mod.get(entry)).submit('/share', {});
      assert.match(offered.flash, /Offered to all/);
      const central = await other.get(`/central?community=${away}`);
      assert.match(central.words, /carte santé/);
      const copied = await central.submit('/central', {});
      assert.match(copied.words, /Copied, up to date/);
      const changed = await (await mod.get(`${entry}?lang_of=fr`)).submit(entry, { answer: 'Au centre de services. Sans rendez-vous.', checked_on: TODAY });
      assert.deepEqual(changed.summary, []);
      const seen = await other.get(`/central?community=${away}`);
      assert.match(seen.words, /The original has changed/);
      const copy = await other.get(seen.link(/^\/copies\//));
      assert.match(copy.html, /<ins>[^<]*Sans rendez-vous/);
      const taken = await copy.submit('/take', {});
      assert.match(taken.words, /Copied, up to date/);
      assert.equal((await mod.get(copy.path)).status, 404); // another community's copy
    });

    test('API: drafted, published with its number, paused, called off', async () => {
      const bad = await api.post(`/api/v1/communities/${com}/posts`, { type: 'gossip', lang: 'fr', body: 'Non' });
      assert.equal(bad.status, 422);
      const made = await api.post(`/api/v1/communities/${com}/posts`, { type: 'prompt', lang: 'fr', body: 'Question du jour ?' });
      assert.equal(made.status, 201, made.text);
      const id = made.json.id;
      assert.equal((await api.post(`/api/v1/posts/${id}/languages`, { lang: 'en', body: 'Question of the day?' })).status, 200);
      const far = (await api.get(`/api/v1/posts/${id}/progress`)).json;
      assert.equal(far.state, 'draft');
      assert.equal((await api.post(`/api/v1/posts/${id}/pause`, { paused: true })).status, 409);
      assert.equal((await api.post(`/api/v1/posts/${id}/undo`)).status, 409);
      assert.equal((await api.post(`/api/v1/posts/${id}/publish`, { people: far.people })).json.state, 'scheduled');
      assert.equal((await api.post(`/api/v1/posts/${id}/undo`)).json.state, 'draft');
      const again = (await api.post(`/api/v1/posts/${id}`, { type: 'prompt', lang: 'fr', body: 'Question de demain ?', urgent: true })).json;
      assert.deepEqual([again.state, again.body], ['draft', 'Question de demain ?']);
      assert.equal((await api.post(`/api/v1/posts/${id}`, { type: 'gossip', lang: 'fr', body: '' })).status, 422);
      assert.equal((await api.post(`/api/v1/posts/${id}/publish`, { people: far.people })).json.state, 'scheduled');
      assert.equal((await api.post(`/api/v1/posts/${id}/cancel`)).json.state, 'cancelled');
      const list = (await api.get(`/api/v1/communities/${com}/posts?type=prompt`)).json;
      assert.ok(list.posts.some((p) => p.id === id && p.state === 'cancelled'));
      assert.ok(list.counts.find((c) => c.type === 'event').shown >= 1);
      const dated = (await api.post(`/api/v1/communities/${com}/posts`, { type: 'prompt', lang: 'fr', body: 'Pour plus tard', starts: '2099-01-05T15:00:00Z', expires: '2099-01-07T15:00:00Z' })).json.id;
      assert.equal((await api.post(`/api/v1/posts/${dated}/publish`, { people: far.people })).json.state, 'scheduled');
      const { dates } = (await api.get(`/api/v1/communities/${com}/posts/calendar`)).json;
      assert.deepEqual(dates.filter((d) => d.post === dated).map((d) => [d.at, d.what]), [['2099-01-05T15:00:00.000Z', 'leaves'], ['2099-01-07T15:00:00.000Z', 'ends']]);
      const days = await mod.get(`/posts/calendar?community=${com}`);
      assert.match(days.words, /January 5, 2099.*10:00.*Pour plus tard.*Leaves.*January 7, 2099.*Pour plus tard.*Is taken down/s);
      assert.equal((await api.post(`/api/v1/posts/${dated}/cancel`)).json.state, 'cancelled');
      const reader = server.api(await place.token('amira', 'read'));
      assert.equal((await reader.post(`/api/v1/communities/${com}/posts`, { type: 'prompt', lang: 'fr', body: 'Non' })).status, 404);
      await tg.clean();
    });
  });

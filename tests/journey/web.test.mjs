// SPDX-License-Identifier: EUPL-1.2
// The life of a community on our own pages, without scripts, on both engines: installed by commands, opened by its
// administrator, joined, asked, answered, checked, moved to private, left; and what others must not reach.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { account, ask, decide, giveRole, idOf, member, openIt, publish } from '../support/community.mjs';
import { words } from '../support/html.mjs';
import { like, say } from '../support/po.mjs';
import { ENGINES, Place, without } from '../support/server.mjs';

const OPEN = 'mon-sun 00:00-24:00';
const today = () => new Intl.DateTimeFormat('sv-SE', { timeZone: 'America/Toronto' }).format(new Date());
const newCommunity = (slug, more = {}) => ({ slug, languages: 'fr en ar', hours: OPEN, calendar: 'none', standard_hours: '24', lang_of: 'fr', name: `Entraide ${slug}`, purpose: 'Des réponses sûres', ...more });
const texts = {
  fr: { title: 'Règles', body: '- **Respect** de chacun\n- Rien de personnel' },
  en: { title: 'Guidelines', body: '- **Respect** for everyone' },
  ar: { title: 'القواعد', body: '- **احترام** الجميع' },
};

async function writeTexts(admin, id, kind, words_) {
  for (const lang of ['fr', 'en', 'ar']) {
    const page = await admin.get(`/communities/${id}/texts/${kind}?lang_of=${lang}`);
    const typed = { title: words_[lang].title, body: words_[lang].body };
    const done = await page.submit(`/texts/${kind}`, lang === 'fr' ? { ...typed, is_source: '1' } : { ...typed, is_source: null });
    assert.equal(done.path, `/communities/${id}`, done.words);
  }
}

for (const engine of ENGINES)
  describe(`web, ${engine}`, { skip: without(engine) }, () => {
    let place, server, admin, amira, luc, com, other, samar, mod;
    const saying = (msgid, ...args) => say('en', msgid, ...args);
    const questionOf = async (b, text) => {
      const inbox = await b.get('/inbox');
      const row = [...inbox.html.matchAll(/<a href="(\/inbox\/[0-9a-z]{13})[^"]*"[\s\S]*?<\/a>/g)].find((m) => words(m[0]).includes(text));
      assert.ok(row, `"${text}" is not in the inbox:\n${inbox.words}`);
      return row[1];
    };
    const askPublic = async (b, slug, text, more = {}) => publish(await (await b.get(`/c/${slug}/ask`)).submit('/ask', { text, ...more }), '/ask');

    before(async () => {
      place = await Place.make(engine);
      server = await place.serve();
    });
    after(() => place?.close());

    test('a real installation by commands: the administrator signs in and takes an own password', async () => {
      const b = server.browser();
      const home = await b.get('/');
      assert.equal(home.status, 200);
      let page = await b.get('/communities');
      assert.match(page.path, /^\/sign-in\?to=/);
      page = await page.submit('/sign-in', { login: 'admin', password: 'not the password' });
      assert.equal(page.status, 422);
      assert.match(page.summary.join(' '), like('en', 'This did not work. Check the name, the password and the code. After ten wrong tries the account pauses for a quarter of an hour.'));
      assert.equal(page.value('/sign-in', 'login'), 'admin');
      assert.ok(!page.html.includes('not the password'));
      page = await page.submit('/sign-in', place.admin);
      assert.equal(page.path, '/communities');
      page = await b.get('/me/password');
      page = await page.submit('/me/password', { old: 'wrong one here', new: 'une phrase facile', again: 'une phrase facile' });
      assert.ok(page.problems.old, page.words);
      page = await page.submit('/me/password', { old: place.admin.password, new: 'une phrase facile', again: 'une phrase' });
      assert.ok(page.problems.again);
      page = await page.submit('/me/password', { old: place.admin.password, new: 'abc', again: 'abc' });
      assert.ok(page.problems.new);
      page = await page.submit('/me/password', { old: place.admin.password, new: 'une phrase facile', again: 'une phrase facile' });
      assert.match(page.path, /^\/sign-in/);
      place.admin.password = 'une phrase facile';
      admin = await server.signedIn(place.admin.login, place.admin.password);
    });

    test('a password that somebody else chose opens nothing before it is changed', async () => {
      const who = await place.user('temporary', 'Temp Orary', '--role', 'moderator');
      const b = server.browser();
      let page = await b.signIn(who.login, who.password);
      assert.equal(page.path, '/me/password');
      page = await b.get('/inbox');
      assert.equal(page.path, '/me/password', 'the inbox opens although the password was not changed');
      await page.submit('/me/password', { old: who.password, new: 'ma propre phrase', again: 'ma propre phrase' });
      page = await b.signIn(who.login, 'ma propre phrase');
      assert.equal(page.path, '/inbox');
      await place.ok('user', 'disable', 'temporary');
    });

    test('MSG-1: the administrator makes a community, writes guidelines in three languages, asks two screening questions and opens it', async () => {
      let page = await admin.get('/communities/new');
      page = await page.submit('/communities/new', newCommunity('Pas Une Adresse', { name: 'Gardé' }));
      assert.equal(page.status, 422);
      assert.ok(page.problems.slug, JSON.stringify(page.problems));
      assert.equal(page.value('/communities/new', 'name'), 'Gardé');
      assert.equal(page.value('/communities/new', 'slug'), 'Pas Une Adresse');
      page = await page.submit('/communities/new', newCommunity('quartier', { hours: 'mon-fri 25:00-26:00' }));
      assert.ok(page.problems.hours);
      assert.equal(page.value('/communities/new', 'hours'), 'mon-fri 25:00-26:00');
      page = await page.submit('/communities/new', newCommunity('quartier'));
      assert.match(page.path, /^\/communities\/[0-9a-z]{13}$/);
      com = page.path.split('/').pop();
      assert.equal(await idOf(admin, 'quartier'), com);
      const visitor = server.browser({ lang: 'fr' });
      assert.equal((await visitor.get('/c/quartier')).status, 404, 'a draft is seen by strangers');
      await writeTexts(admin, com, 'guidelines', texts);
      await writeTexts(admin, com, 'welcome', { fr: { title: 'Bienvenue', body: 'Bienvenue, premiers pas' }, en: { title: 'Welcome', body: 'Welcome, first steps' }, ar: { title: 'أهلًا', body: 'أهلًا بكم، الخطوات الأولى' } });
      page = await admin.get(`/communities/${com}`);
      page = await page.submit('/words', { lang_of: 'ar', name: 'حيّنا', purpose: 'إجابات موثوقة' });
      const asked = { fr: 'Depuis quand êtes-vous ici ?', ar: 'منذ متى وأنتم هنا؟' };
      page = await page.submit('/screening', { lang_of: 'fr', question: asked.fr, required: '1' });
      const first = page.form('/screening').fields.find((f) => f.name === 'id').options.find((o) => o.label === asked.fr);
      page = await page.submit('/screening', { id: first.value, lang_of: 'ar', question: asked.ar, required: '1' });
      page = await page.submit('/screening', { lang_of: 'fr', question: 'Que cherchez-vous ?', required: null });
      assert.equal((page.words.match(/Que cherchez-vous/g) ?? []).length >= 1, true);
      await openIt(admin, com);
      page = await visitor.get('/c/quartier');
      assert.equal(page.status, 200);
      assert.match(page.words, /Entraide quartier/);
      const arabic = await server.browser({ lang: 'ar' }).get('/c/quartier');
      assert.match(arabic.html, /<html lang="ar" dir="rtl">/);
      assert.match(arabic.words, /حيّنا/);
      assert.match((await server.browser({ lang: 'ar' }).get('/c/quartier/guidelines')).words, /احترام الجميع/);
    });

    test('MSG-9: rights are given on the page of the community and can be withdrawn', async () => {
      amira = await account(admin, 'amira', 'Amira H.');
      luc = await account(admin, 'luc', 'Luc T.');
      for (const who of [amira, luc]) {
        await giveRole(admin, com, who.name, 'moderator');
        const b = server.browser();
        const page = await b.signIn(who.login, who.password);
        const fresh = `${who.login} a sa phrase`;
        await page.submit('/me/password', { old: who.password, new: fresh, again: fresh });
        who.password = fresh;
      }
      mod = await server.signedIn(amira.login, amira.password);
      assert.equal((await mod.get(`/communities/${com}`)).status, 200);
      assert.equal((await mod.get('/settings')).status, 404);
      assert.equal((await mod.get('/people')).status, 404);
      assert.ok(!(await mod.get(`/communities/${com}`)).has('/status'), 'a moderator is offered the settings');
    });

    test('MSG-6: nobody asks to join without accepting the guidelines; what was typed is kept', async () => {
      const b = server.browser({ lang: 'fr' });
      let page = await b.get('/c/quartier/join');
      assert.match(page.words, /Respect de chacun/);
      page = await page.submit('/join', { name: 'Yasmine', a1: 'Depuis mars', a2: 'Un logement' });
      assert.equal(page.status, 422);
      assert.deepEqual(Object.keys(page.problems), ['accept']);
      assert.equal(page.value('/join', 'name'), 'Yasmine');
      assert.equal(page.value('/join', 'a1'), 'Depuis mars');
      assert.equal(page.value('/join', 'a2'), 'Un logement');
      page = await page.submit('/join', { name: '', a1: '', accept: '1' });
      assert.deepEqual(Object.keys(page.problems).sort(), ['a1', 'name']);
      assert.equal(page.value('/join', 'a2'), 'Un logement');
      // The guidelines change while the form is open: what was shown is not what holds now.
      await writeTexts(admin, com, 'guidelines', { ...texts, fr: { title: 'Règles', body: '- **Respect** de chacun, toujours' } });
      page = await page.submit('/join', { name: 'Yasmine', a1: 'Depuis mars', accept: '1' });
      assert.equal(page.status, 422, page.words);
      assert.match(page.words, /de chacun, toujours/);
      assert.equal((await admin.get('/joins')).words.includes('Yasmine'), false);
      assert.deepEqual([...b.cookies.keys()].includes('pw'), false, 'a session without a request');
    });

    test('MSG-6: a request that waits is seen by who sent it, is not sent twice, and can be taken back', async () => {
      const { browser } = await ask(server, 'quartier', { name: 'Odile', lang: 'fr', answers: { a1: 'Depuis mai' } });
      const waits = like('fr', 'You asked to join. A moderator reads your request; the answer will stand here.');
      let page = await browser.get('/c/quartier');
      assert.match(page.words, waits);
      assert.equal(page.links.some((l) => /\/join$/.test(l)), false, 'the button to ask stands beside a request that waits');
      assert.equal((await browser.get('/c/quartier/join')).path, '/c/quartier');
      assert.equal((await server.browser({ lang: 'fr' }).get('/c/quartier')).words.match(waits), null, 'a stranger reads of it');
      page = await page.submit('/join/withdraw');
      assert.match(page.words, like('fr', 'Your request is taken back. You may ask again.'));
      assert.equal(page.words.match(waits), null);
      assert.equal((await admin.get('/joins')).words.includes('Odile'), false);
      assert.equal((await browser.push('/c/quartier/join/withdraw')).path, '/c/quartier', 'taken back twice');
      assert.equal((await browser.get('/c/quartier/join')).path, '/c/quartier/join');
    });

    test('MSG-7, MSG-8: one is refused and told in their language, one is accepted and welcomed provably', async () => {
      const yasmine = await ask(server, 'quartier', { name: 'Yasmine', lang: 'fr', answers: { a1: 'Depuis mars' } });
      samar = await ask(server, 'quartier', { name: 'Samar', lang: 'ar', answers: { a1: 'منذ شهرين' } });
      const list = await admin.get('/joins');
      const one = await admin.get(list.link(/^\/joins\/[0-9a-z]{13}$/));
      assert.match(one.words, /Depuis mars/);
      assert.equal((await mod.get('/joins')).words.includes('Yasmine'), false, 'a moderator without the right to admit sees requests');
      const no = await decide(admin, 'Yasmine', 'refuse', { reason: 'not-audience' });
      assert.equal(no.status, 200);
      const yes = await decide(admin, 'Samar', 'accept');
      assert.equal(yes.status, 200);
      let page = await yasmine.browser.get('/notices');
      assert.match(page.words, new RegExp(say('fr', 'Your request to join {0} could not be accepted.', 'Entraide quartier')));
      assert.equal((await yasmine.browser.get('/c/quartier/talk')).path, '/c/quartier/join');
      assert.match((await yasmine.browser.get('/c/quartier')).words, new RegExp(say('fr', 'Your request to join {0} could not be accepted.', 'Entraide quartier')));
      page = await samar.browser.get('/notices');
      assert.match(page.html, /<html lang="ar" dir="rtl">/);
      assert.match(page.words, /حيّنا/);
      page = await samar.browser.get('/c/quartier/private');
      assert.match(page.words, /أهلًا بكم، الخطوات الأولى/);
      assert.equal((await samar.browser.get('/')).links.filter((l) => l === '/c/quartier').length, 1, 'her own community is listed twice');
      const members = await admin.get(`/communities/${com}/members`);
      assert.match(members.words, /Samar/);
      assert.match(members.words, new RegExp(saying('welcomed')));
      assert.equal((await samar.browser.get('/c/quartier/talk')).path, '/c/quartier/talk');
    });

    test('MSG-11: a question stands in the inbox with its due time; two moderators see each other', async () => {
      const sent = await askPublic(samar.browser, 'quartier', 'كيف أسجّل أولادي في المدرسة؟');
      assert.match(sent.path, /^\/c\/quartier\/questions\/[0-9a-z]{13}$/);
      const path = await questionOf(mod, 'كيف أسجّل');
      const first = await mod.get(path);
      assert.equal(first.status, 200);
      assert.match(first.words, /Samar/);
      assert.match(first.words, new RegExp(`${saying('Received')} .*${saying('Due')} \\S+.*${saying('Language')}`));
      assert.ok(!like('en', '{0} is looking at this question, too.').test(first.words));
      const second = await server.signedIn(luc.login, luc.password);
      const seen = await second.get(path);
      assert.match(seen.words, new RegExp(`${amira.name.replace('.', '\\.')}.*too`));
      const taken = await seen.submit('/assign', { me: '1' });
      assert.match(taken.words, new RegExp(saying('With {0}', luc.name).replace('.', '\\.')));
      const mine = await second.get('/inbox?mine=1');
      assert.match(mine.words, /كيف أسجّل/);
    });

    test('SLA-4, MOD-9: an interim word, then an answer with source and date counts as verified and reaches the asker', async () => {
      const path = await questionOf(mod, 'كيف أسجّل');
      let page = await mod.get(path);
      page = await page.submit('/interim', { interim: 'نبحث لكم عن الجواب' });
      assert.match(page.words, new RegExp(saying('Researching')));
      const own = (await samar.browser.get('/c/quartier')).link(/questions\/[0-9a-z]{13}$/);
      assert.match((await samar.browser.get(own)).words, /نبحث لكم عن الجواب/);
      page = await (await mod.get(path)).submit('/answer', { text: '' });
      assert.ok(page.problems.text);
      page = await page.submit('/answer', { text: 'سجّلوا عبر مجلس المدارس', source: 'ab', checked_on: today() });
      assert.ok(page.problems.source, page.words);
      assert.equal(page.value('/answer', 'text'), 'سجّلوا عبر مجلس المدارس');
      assert.equal(page.value('/answer', 'source'), 'ab');
      page = await page.submit('/answer', { text: 'سجّلوا عبر مجلس المدارس', source: 'ocdsb.ca', checked_on: '2999-01-01' });
      assert.ok(page.problems.checked_on);
      page = await page.submit('/answer', { text: 'سجّلوا عبر مجلس المدارس', source: 'ocdsb.ca', checked_on: today() });
      assert.deepEqual(page.summary, []);
      assert.match(page.words, new RegExp(saying('Verified')));
      page = await samar.browser.get(own);
      assert.equal(page.words.split('سجّلوا عبر مجلس المدارس').length, 2, 'an answer stands once on the page of its question');
      assert.match(page.words, /ocdsb\.ca/);
      assert.match((await samar.browser.get('/notices')).words, /حيّنا/);
      const use = await mod.get(`/communities/${com}/report`); // where it stood before
      assert.equal(use.path, `/communities/${com}/statistics`);
      assert.match(use.words, new RegExp(saying('Promises kept')));
    });

    test('A-27: a member answers wrongly, the moderator corrects with thanks, source and date; one question is counted as answered', async () => {
      const omar = await member(server, admin, 'quartier', { name: 'Omar', lang: 'fr', answers: { a1: 'Un an' } });
      await askPublic(samar.browser, 'quartier', 'Le bus est gratuit le dimanche ?');
      const public_ = await samar.browser.get('/c/quartier');
      const link = [...public_.html.matchAll(/href="(\/c\/quartier\/questions\/[0-9a-z]{13})"><bdi>([^<]*)/g)].find((m) => m[2].includes('bus'))[1];
      const help = await omar.browser.get(link);
      const sent = await help.submit(link, { text: 'Oui, il est gratuit pour tous' });
      assert.equal(sent.status, 200, sent.words);
      const path = await questionOf(mod, 'Le bus est gratuit');
      let page = await mod.get(path);
      const verify = page.form(/\/verify$/).action;
      page = await page.submit(verify, { to: 'corrected', note: '', source: 'octranspo.com', checked_on: today() });
      assert.equal(page.status, 422);
      assert.ok(Object.keys(page.problems).length, `no field is named: ${page.summary}`);
      page = await page.submit(verify, { to: 'corrected', note: 'Seulement pour les moins de treize ans', source: 'octranspo.com', checked_on: today() });
      assert.deepEqual(page.summary, []);
      const group = await omar.browser.get(link);
      assert.match(group.words, /Omar/);
      assert.match(group.words, /Seulement pour les moins de treize ans/);
      assert.match(group.words, /octranspo\.com/);
      const api = server.api(await place.token('amira', 'read'));
      const { json } = await api.get(`/api/v1/questions/${path.split('/').pop()}`);
      assert.equal(json.state, 'verified');
      assert.equal(json.answer_count, 1);
      assert.equal(json.answers.length, 1);
      assert.equal(json.answers[0].verification, 'corrected');
    });

    test('MSG-12, A-28: moved to private, the group sees only "answered privately"', async () => {
      const secret = 'Mon téléphone est le 613 555 0142, dossier 998877, que faire ?';
      await askPublic(samar.browser, 'quartier', secret);
      const before_ = await server.signedIn(luc.login, luc.password);
      assert.match((await before_.get('/c/quartier/talk')).words, /998877/);
      const path = await questionOf(mod, 'dossier 998877');
      const id = path.split('/').pop();
      const page = await (await mod.get(path)).submit('/private');
      assert.deepEqual(page.summary, []);
      const omar = await member(server, admin, 'quartier', { name: 'Rami', lang: 'fr', answers: { a1: 'Un an' } });
      const group = await omar.browser.get('/c/quartier/talk');
      assert.ok(!/998877|555 0142/.test(group.html), 'the words are still in the conversation');
      assert.match(group.words, new RegExp(say('fr', 'Answered privately.')));
      assert.equal((await omar.browser.get(`/c/quartier/questions/${id}`)).status, 404);
      const answered = await (await mod.get(path)).submit('/answer', { text: 'Écrivez-nous ici, en privé' });
      assert.deepEqual(answered.summary, []);
      assert.match((await samar.browser.get('/c/quartier/private')).words, /Écrivez-nous ici/);
      assert.ok(!(await omar.browser.get('/c/quartier/talk')).words.includes('Écrivez-nous ici'));
      assert.match((await admin.get('/audit')).words, /Question moved to private/);
    });

    test('KB-1, KB-2, A-67: a saved answer is found again without accents and hamza', async () => {
      let page = await mod.get(`/answers/new?community=${com}`);
      page = await page.submit('/answers/new', { lang_of: 'fr', question: '', answer: 'texte gardé', source: 'x', checked_on: today() });
      assert.equal(page.status, 422);
      assert.ok(page.problems.question);
      assert.equal(page.value('/answers/new', 'answer'), 'texte gardé');
      page = await page.submit('/answers/new', { lang_of: 'fr', question: 'Comment inscrire un enfant à l’école ?', answer: 'Au conseil scolaire', source: 'cepeo.on.ca', checked_on: today(), publish: '1' });
      assert.match(page.path, /^\/answers\/[0-9a-z]{13}$/, page.words);
      page = await mod.get(`/answers/new?community=${com}`);
      await page.submit('/answers/new', { lang_of: 'ar', question: 'من هو أحمد وكيف يساعد القادمين؟', answer: 'هو مسؤول الاستقبال', source: 'الدليل', checked_on: today(), publish: '1' });
      // From a verified answer, as it stands below its question.
      const done = [...(await mod.get('/inbox?state=verified')).html.matchAll(/<a href="(\/inbox\/[0-9a-z]{13})[^"]*"[\s\S]*?<\/a>/g)].find((m) => words(m[0]).includes('كيف أسجّل'))[1];
      page = await mod.get((await mod.get(done)).link(/^\/answers\/new\?from=/));
      assert.equal(page.value('/answers/new', 'answer'), 'سجّلوا عبر مجلس المدارس');
      assert.equal(page.value('/answers/new', 'source'), 'ocdsb.ca');
      page = await page.submit('/answers/new', { topic: 'ecole' });
      assert.match(page.path, /^\/answers\/[0-9a-z]{13}$/, page.words);
      assert.match((await samar.browser.get(`/c/quartier/answers?q=${encodeURIComponent('مدرسه اولادي')}`)).words, /مجلس المدارس/);
      for (const [typed, found] of [['ecole', 'l’école'], ['ÉCOLES', 'l’école'], ['احمد', 'أحمد']]) {
        const answer = await samar.browser.get(`/c/quartier/answers?q=${encodeURIComponent(typed)}`);
        assert.ok(answer.words.includes(found), `${typed}: ${answer.words}`);
      }
      assert.ok(!(await samar.browser.get('/c/quartier/answers?q=hippopotame')).words.includes('l’école'));
    });

    test('SLA-5: outside opening hours an answer waits, an urgent one does not; a waiting one can be taken back', async () => {
      const days = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
      const here = new Date(new Date().toLocaleString('en-US', { timeZone: 'America/Toronto' }));
      const far = days[(here.getDay() + 3) % 7];
      let page = await admin.get(`/communities/${com}`);
      page = await page.submit(`/communities/${com}`, { hours: `${far} 09:00-17:00` });
      assert.deepEqual(page.summary, []);
      const sent = await askPublic(samar.browser, 'quartier', 'Où est la banque alimentaire ?');
      assert.equal(sent.status, 200);
      const path = await questionOf(mod, 'banque alimentaire');
      page = await (await mod.get(path)).submit('/answer', { text: 'Rue Cyr, le jeudi' });
      assert.match(page.flash, like('en', 'The answer is ready and goes out when you open. You can still take it back.'));
      const own = sent.path;
      await askPublic(samar.browser, 'quartier', 'Et la bibliothèque ?');
      const told = (await samar.browser.get('/notices')).words;
      const closed = [...told.matchAll(new RegExp(like('ar', 'We are closed now. The time to answer your question starts: {0}. You will have an answer by: {1}.'), 'g'))];
      assert.equal(closed.length, 1, `not told once: ${told}`);
      assert.ok(!(await samar.browser.get(own)).words.includes('Rue Cyr'), 'a held answer is shown');
      page = await (await mod.get(path)).submit(/take-back$/);
      assert.deepEqual(page.summary, []);
      page = await (await mod.get(path)).submit('/answer', { text: 'Rue Cyr, ce soir même', urgent: '1' });
      assert.match((await samar.browser.get(own)).words, /ce soir même/);
      page = await (await admin.get(`/communities/${com}`)).submit(`/communities/${com}`, { hours: OPEN });
      assert.deepEqual(page.summary, []);
    });

    test('MSG-10, A-26: beyond the limit an accepted person waits and is told; a raised limit admits in order', async () => {
      const form = async (limit) => {
        const page = await (await admin.get(`/communities/${com}`)).submit(`/communities/${com}`, { member_limit: String(limit) });
        assert.deepEqual(page.summary, []);
      };
      const members = async (state) => words((await admin.get(`/communities/${com}/members?state=${state}`)).html);
      const now = Number(/(\d+) members|one member/.exec((await admin.get(`/communities/${com}`)).words)[1] ?? 1);
      await form(now);
      const late = [];
      for (const name of ['Tardif', 'Ultime']) late.push(await member(server, admin, 'quartier', { name, lang: 'fr', answers: { a1: 'Hier' } }));
      assert.match(await members('waiting'), /Tardif.*Ultime/);
      assert.ok(!/Tardif/.test(await members('active')));
      assert.match((await late[0].browser.get('/notices')).words, like('fr', 'Your request to join {0} was accepted. The community is full at the moment: you are on the waiting list and will be told as soon as there is room.'));
      assert.equal((await late[0].browser.get('/c/quartier/talk')).path, '/c/quartier'); // the community's own page says where the request stands
      await form(now + 1);
      assert.match(await members('active'), /Tardif/);
      assert.match(await members('waiting'), /Ultime/);
      await form(0);
      assert.match(await members('active'), /Ultime/);
    });

    test('MSG-17: leaving ends access and promises nothing; the code brings the person back in another browser', async () => {
      const gone = await member(server, admin, 'quartier', { name: 'Passant', lang: 'fr', answers: { a1: 'Hier' } });
      let page = await (await gone.browser.get('/c/quartier/leave')).submit('/leave');
      assert.match(page.flash, new RegExp(say('fr', 'You have left. You are welcome back at any time.').replace(/[.]/g, '\\.')));
      assert.equal((await gone.browser.get('/c/quartier/talk')).path, '/c/quartier/join');
      // the reason is asked, not demanded.
      assert.equal(page.path, '/c/quartier/left');
      page = await page.submit('/left', { words: ' ' });
      assert.ok(page.problems.reason, page.words);
      page = await page.submit('/left', { reason: 'found', words: 'Merci, j’ai un logement' });
      assert.match(page.flash, new RegExp(say('fr', 'Thank you for telling us. You are welcome back at any time.').replace(/[.]/g, '\\.')));
      const left = await admin.get((await admin.get(`/communities/${await idOf(admin, 'quartier')}`)).link(/members$/) + '?state=left');
      assert.match(left.words, /Passant/);
      assert.match(left.words, /I found what I needed · Merci, j’ai un logement/);
      const other_ = server.browser({ lang: 'fr' });
      page = await (await other_.get('/back')).submit('/back', { code: 'aaaa-bbbb-cccc' });
      assert.ok(page.problems.code);
      page = await (await other_.get('/back')).submit('/back', { code: samar.code.toUpperCase().replaceAll('-', ' ') });
      assert.equal(page.status, 200);
      assert.equal((await other_.get('/c/quartier/talk')).path, '/c/quartier/talk');
      const link = new URL(samar.link).pathname;
      const third = server.browser();
      page = await third.get(link);
      assert.equal(third.cookies.has('pw'), false, 'a link that was only looked at opens something');
      await page.submit('/back');
      assert.equal((await third.get('/c/quartier/talk')).path, '/c/quartier/talk');
    });

    test('quick exit forgets this browser and shows nothing of us', async () => {
      const b = server.browser({ lang: 'fr' });
      await (await b.get('/back')).submit('/back', { code: samar.code });
      assert.equal((await b.get('/c/quartier/talk')).path, '/c/quartier/talk');
      const kept = b.cookies.get('pw');
      const exit = (await b.get('/c/quartier')).link(/^\/exit/);
      const page = await b.get(exit);
      assert.equal(page.status, 200);
      assert.ok(!/quartier|question/i.test(page.words), page.words);
      assert.match(page.headers['clear-site-data'] ?? '', /cookies/);
      assert.equal(b.cookies.has('pw'), false);
      b.cookies.set('pw', kept);
      const form = await b.get('/c/quartier/talk');
      const done = await b.push('/exit', {}, { csrf: form.csrf });
      assert.equal(done.status, 200);
      b.cookies.set('pw', kept);
      assert.equal((await b.get('/c/quartier/talk')).path, '/c/quartier/join', 'the ended session still opens the door');
    });

    test('sessions are listed and one of them can be ended from another', async () => {
      const one = await server.signedIn(amira.login, amira.password);
      const two = await server.signedIn(amira.login, amira.password);
      const me = await one.get('/me');
      const ends = me.forms.filter((f) => /\/me\/sessions\/[0-9a-z]{13}\/end$/.test(f.action));
      assert.ok(ends.length >= 2, 'the other sessions are not listed');
      for (const f of ends) await (await one.get('/me')).submit(f.action);
      assert.match((await two.get('/inbox')).path, /^\/sign-in/);
      assert.equal((await one.get('/inbox')).path, '/inbox');
      mod = one;
    });

    test('a disabled account is out at once, with its sessions and tokens', async () => {
      const b = await server.signedIn(luc.login, luc.password);
      const api = server.api(await place.token('luc', 'read'));
      assert.equal((await b.get('/inbox')).path, '/inbox');
      assert.equal((await api.get('/api/v1/communities')).status, 200);
      const row = [...(await admin.get('/people')).html.matchAll(/href="(\/people\/[0-9a-z]{13})"><bdi>([^<]*)/g)].find((m) => m[2] === luc.name)[1];
      const page = await (await admin.get(row)).submit('/disable');
      assert.equal(page.status, 200);
      assert.match((await b.get('/inbox')).path, /^\/sign-in/);
      assert.equal((await api.get('/api/v1/communities')).status, 401);
      assert.equal((await server.browser().signIn(luc.login, luc.password)).status, 422);
      await (await admin.get(row)).submit('/disable', {});
      await server.signedIn(luc.login, luc.password);
    });

    test('a form without the right token changes nothing', async () => {
      const count = async () => (await mod.get('/c/quartier/talk')).html.length;
      const was = await count();
      for (const csrf of ['', '0'.repeat(32), (await server.browser().get('/sign-in')).csrf, (await admin.get('/me')).csrf]) {
        const r = await samar.browser.push('/c/quartier/talk', { text: 'forgé' }, { csrf });
        assert.equal(r.status, 403, `token "${csrf}"`);
      }
      assert.equal(await count(), was);
      const elsewhere = await samar.browser.raw('POST', '/c/quartier/talk', { headers: { 'content-type': 'text/plain', origin: 'https://elsewhere.example' }, body: 'text=forged' });
      assert.ok([400, 403, 415].includes(elsewhere.status));
    });

    test('forms of staff name the wrong field and its reason, and keep what was typed', async () => {
      const cases = [
        ['/people', '/people', { name: 'Nom Gardé', login: 'admin', role: 'moderator' }, ['login'], { name: 'Nom Gardé' }],
        ['/people', '/people', { name: '', login: 'nouveau', role: 'moderator' }, ['name'], { login: 'nouveau' }],
        ['/settings', '/settings', { network_name: 'Gardé', public_url: 'http://example.org' }, ['public_url'], { network_name: 'Gardé', public_url: 'http://example.org' }],
        ['/settings', '/organisations', { org_name: 'Association Gardée', org_url: 'pas une adresse' }, ['org_url'], { org_name: 'Association Gardée', org_url: 'pas une adresse' }],
        ['/settings/channels/new/telegram', '/settings/channels/new/telegram', { name: 'Pas Bon', set0: '12:abc', set1: 'secret' }, ['name'], { name: 'Pas Bon' }],
        [`/communities/${com}`, `/communities/${com}`, { zone: 'Mars/Olympus', territory: 'Gardé' }, ['zone'], { territory: 'Gardé', zone: 'Mars/Olympus' }],
        [`/communities/${com}`, '/words', { lang_of: 'en', name: '', purpose: 'Kept purpose' }, ['name'], { purpose: 'Kept purpose' }],
        [`/communities/${com}`, '/screening', { lang_of: 'fr', question: 'x'.repeat(301) }, ['question'], { question: 'x'.repeat(301) }],
        [`/communities/${com}`, `/communities/${com}/roles`, { days: 'beaucoup' }, ['days'], { days: 'beaucoup' }],
        [`/communities/${com}/texts/guidelines?lang_of=fr`, '/texts/guidelines', { title: '', body: 'Corps gardé' }, ['title'], { body: 'Corps gardé' }],
        [`/posts/new?community=${com}`, '/posts/new', { type: 'information', body0: 'Annonce gardée', checked_on: '2999-01-01' }, ['checked_on'], { body0: 'Annonce gardée' }, () => mod],
      ];
      const wrong = [];
      for (const [open, which, typed, fields, kept, who] of cases) {
        const b = who ? who() : admin;
        const page = await (await b.get(open)).submit(which, typed);
        for (const f of fields) if (!page.problems[f]) wrong.push(`${which}: ${f} is not named (${page.status}, ${JSON.stringify(page.problems)} ${page.summary} ${page.words.slice(0, 80)})`);
        if (page.status !== 422) wrong.push(`${which}: status ${page.status}`);
        else for (const [name, value] of Object.entries(kept)) if (page.value(which, name) !== value) wrong.push(`${which}: ${name} is not kept (${page.value(which, name)})`);
      }
      assert.deepEqual(wrong, []);
    });

    test('forms on a question, a thread, a request, a member and a saved answer do so, too', async () => {
      const sent = await askPublic(samar.browser, 'quartier', 'Une dernière chose ?');
      const q = `/inbox/${sent.path.split('/').pop()}`;
      const thread = (await mod.get(`/communities/${com}/threads`)).link(/^\/threads\//);
      const entry = (await mod.get(`/answers?community=${com}`)).link(/^\/answers\/[0-9a-z]{13}$/);
      await ask(server, 'quartier', { name: 'Indécis', lang: 'fr', answers: { a1: 'x' } });
      const list = await admin.get('/joins');
      const join = /<a href="(\/joins\/[0-9a-z]{13})"><bdi>Indécis/.exec(list.html)[1];
      const cases = [
        [mod, q, '/interim', { interim: 'x'.repeat(1001) }, 'interim', { interim: 'x'.repeat(1001) }],
        [mod, q, '/answer', { text: 'Gardé', source: 's'.repeat(301) }, 'source', { text: 'Gardé' }],
        [mod, q, '/close', { reason: null }, 'reason', {}],
        [mod, thread, thread, { text: '' }, 'text', {}],
        [mod, thread, thread, { text: 'x'.repeat(8001) }, 'text', { text: 'x'.repeat(8001) }],
        [mod, entry, '/review', { checked_on: 'hier' }, 'checked_on', {}],
        [mod, entry, entry, { answer: '', question: 'Gardée ?' }, 'answer', { question: 'Gardée ?' }],
        [admin, join, '/refuse', { reason: null }, 'reason', {}],
        [admin, `/communities/${com}/members`, /\/members\/.*\/remove$/, { reason: '' }, 'reason', {}],
      ];
      const wrong = [];
      for (const [b, open, which, typed, field, kept] of cases) {
        const page = await (await b.get(open)).submit(which, typed);
        if (page.status !== 422 || !page.problems[field]) wrong.push(`${which}: ${page.status} ${JSON.stringify(page.problems)} ${page.summary}`);
        else for (const [name, value] of Object.entries(kept)) if (page.value(which, name) !== value) wrong.push(`${which}: ${name} is not kept`);
      }
      assert.deepEqual(wrong, []);
    });

    test('forms of members name the wrong field and its reason, and keep what was typed', async () => {
      const long = 'é'.repeat(4001);
      const q = (await samar.browser.get('/c/quartier')).link(/questions\/[0-9a-z]{13}$/);
      const wrong = [];
      for (const [open, which, field, typed] of [
        ['/c/quartier/ask', '/ask', 'text', long],
        ['/c/quartier/talk', '/talk', 'text', long],
        ['/c/quartier/private', '/private', 'text', long],
        [q, q, 'text', long],
        ['/c/quartier/ask', '/ask', 'text', '  \n '],
        ['/c/quartier/talk', '/talk', 'text', ''],
        ['/c/quartier/private', '/private', 'text', ''],
        [q, q, 'text', ''],
      ]) {
        const page = await (await samar.browser.get(open)).submit(which, { [field]: typed });
        if (page.status !== 422 || !page.problems[field]) wrong.push(`${which}: ${page.status} ${JSON.stringify(page.problems)}`);
        else if (page.value(which, field) !== typed.trim()) wrong.push(`${which}: not kept`);
      }
      const bad = await (await samar.browser.get('/c/quartier/ask')).submit('/ask', { text: 'Avec un fichier ?', voice: { name: 'x.exe', type: 'audio/ogg', bytes: Buffer.from('MZ\x90\x00 no sound') } });
      if (!bad.problems.voice || bad.value('/ask', 'text') !== 'Avec un fichier ?') wrong.push(`voice: ${bad.status} ${JSON.stringify(bad.problems)}`);
      assert.deepEqual(wrong, []);
    });

    test('MSG-13: a voice note is sent with a form, stored sealed and played again by those who may', async () => {
      const bytes = Buffer.concat([Buffer.from('OggS\0\x02'), Buffer.alloc(200, 7), Buffer.from('OpusHead voice canary')]);
      const page = await (await admin.get(`/communities/${com}`)).submit(`/communities/${com}`, { media: ['voice', 'image', 'file', 'video'] });
      assert.deepEqual(page.summary, []);
      const sent = await (await samar.browser.get('/c/quartier/ask')).submit('/ask', { text: '', private: '1', voice: { name: 'note.ogg', type: 'audio/ogg', bytes } });
      assert.equal(sent.status, 200, `${sent.words} ${JSON.stringify(sent.problems)}`);
      const file = /\/messages\/[0-9a-z]{13}\/file/.exec((await samar.browser.get('/c/quartier/private')).html)[0];
      const got = await samar.browser.raw('GET', file);
      assert.equal(got.status, 200);
      assert.ok(got.body.equals(bytes));
      assert.equal((await mod.raw('GET', file)).status, 200);
      const stranger = await ask(server, 'quartier', { name: 'Curieux', lang: 'fr', answers: { a1: 'x' } });
      assert.equal((await stranger.browser.raw('GET', file)).status, 404);
    });

    test('the last administrator cannot lock everybody out', async () => {
      const row = [...(await admin.get('/people')).html.matchAll(/href="(\/people\/[0-9a-z]{13})"><bdi>([^<]*)/g)].find((m) => m[2] === 'Nadia Essai')[1];
      const page = await (await admin.get(row)).submit('/disable');
      assert.equal(page.status, 422);
      assert.ok(page.summary.length);
      await server.signedIn(place.admin.login, place.admin.password);
    });

    test('nothing of a request is in the log: no name, no word, no path', () => {
      for (const canary of ['Samar', 'Yasmine', '998877', 'quartier', 'مجلس', 'une phrase facile', samar.code]) assert.ok(!server.log.includes(canary), `the log says ${canary}`);
      assert.ok(!/\b(error|internal)\b.*status=500/.test(server.log));
      assert.ok(!/status=500/.test(server.log), server.log.split('\n').filter((l) => /500|request_failed/.test(l)).join('\n'));
    });
  });

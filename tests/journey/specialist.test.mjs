// SPDX-License-Identifier: EUPL-1.2
// People with a part of the rights (MSG-9, MSG-11): a partner's specialist and an administrator who does not moderate, on
// the pages they are led to; and what moderators do with threads, topics and saved answers. On both engines.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { account, giveRole, idOf, importDesign, member, openIt } from '../support/community.mjs';
import { like, say } from '../support/po.mjs';
import { ENGINES, Place, without } from '../support/server.mjs';

const en = (msgid, ...args) => say('en', msgid, ...args);

for (const engine of ENGINES)
  describe(`specialist, ${engine}`, { skip: without(engine) }, () => {
    let place, server, admin, com, mod, nadia, tech, amal;
    const signedIn = async (login, name, role) => {
      const who = await account(admin, login, name);
      await giveRole(admin, com, name, role);
      const fresh = `${login} a sa phrase`;
      await (await server.browser().signIn(who.login, who.password)).submit('/me/password', { old: who.password, new: fresh, again: fresh });
      return server.signedIn(login, fresh);
    };
    const put = async (text, more = {}) => (await (await amal.get('/c/ville/ask')).submit('/ask', { text, ...more })).path.split('/').pop();
    const hours = async (hours_) => assert.deepEqual((await (await admin.get(`/communities/${com}`)).submit(`/communities/${com}`, { hours: hours_ })).summary, []);

    before(async () => {
      place = await Place.make(engine);
      await importDesign(place, 'ville', { screening: false });
      server = await place.serve();
      admin = await server.signedIn(place.admin.login, place.admin.password);
      com = await idOf(admin, 'ville');
      await openIt(admin, com);
      mod = await signedIn('amira', 'Amira H.', 'moderator');
      nadia = await signedIn('nadia', 'Nadia S.', 'specialist');
      tech = await signedIn('tom', 'Tom T.', 'tech-admin');
      amal = (await member(server, admin, 'ville', { name: 'Amal' })).browser;
    });
    after(() => place?.close());

    test('MSG-11: a specialist finds, opens, answers and closes what was given to them, and sees nothing else of the person', async () => {
      const secret = await put('Je suis malade, que faire ?', { private: '1' });
      const id = await put('Et mon dossier ?', { private: '1' });
      assert.match((await nadia.get('/inbox')).words, like('en', 'Nothing waits here'));
      let page = await mod.get(`/inbox/${id}`);
      const person = page.form('/assign').fields.find((f) => f.name === 'person') ?? page.forms.flatMap((f) => f.fields).find((f) => f.name === 'person');
      const given = await mod.push(`/inbox/${id}/assign`, { person: person.options.find((o) => o.label === 'Nadia S.').value });
      assert.deepEqual(given.summary, [], given.words);
      const inbox = await nadia.get('/inbox');
      assert.ok(inbox.words.includes('Et mon dossier ?') && !inbox.words.includes('malade'), inbox.words);
      assert.match(inbox.words, new RegExp(`${en('Mine')} 1`));
      page = await nadia.get(`/inbox/${id}`);
      assert.equal(page.status, 200, page.words);
      assert.ok(!page.words.includes('malade'), 'an earlier private question is shown');
      for (const part of ['/assign', '/refer', '/hide']) assert.ok(!page.has(part), `a form ${part} that is refused`);
      assert.equal((await nadia.get(`/inbox/${secret}`)).status, 404);
      page = await page.submit('/answer', { text: 'Il est au deuxième bureau.' });
      assert.equal(page.flash, en('The answer is on its way.'));
      assert.ok((await amal.get('/c/ville/private')).words.includes('deuxième bureau'));
    });

    test('MSG-9: saved answers open for who only reads them; who moderates finds drafts and retired ones again', async () => {
      const save = (question, typed) => mod.get(`/answers/new?community=${com}`).then((p) => p.submit('/answers/new', { lang_of: 'fr', question, answer: 'Au centre', source: 'ville', checked_on: '2026-01-05', is_source: '1', ...typed }));
      let page = await save('Où est la clinique ?', { publish: '1' });
      const shown = page.path;
      await save('Un brouillon ?', { publish: null });
      for (const who of [nadia, tech]) {
        page = await who.get('/answers');
        assert.equal(page.status, 200, page.words);
        assert.ok(page.words.includes('Où est la clinique ?') && !page.words.includes('brouillon'), page.words);
        assert.ok(!page.links.some((l) => l.startsWith('/answers/new')), 'who may not write is offered to');
      }
      page = await mod.get(`/answers?community=${com}&state=draft`);
      assert.ok(page.words.includes('Un brouillon ?') && !page.words.includes('clinique'), page.words);
      page = await (await mod.get(shown)).submit(/\/answers\/[0-9a-z]{13}$/, { publish: null }); // no longer "show it to members"
      assert.ok((await mod.get(`/answers?community=${com}&state=draft`)).words.includes('Où est la clinique ?'));
      assert.ok(!(await amal.get('/c/ville/answers')).words.includes('clinique'));
      page = await (await mod.get(shown)).submit('/state', {});
      assert.ok((await mod.get(`/answers?community=${com}&state=retired`)).words.includes('Où est la clinique ?'));
      assert.ok((await tech.get(`/answers?community=${com}&state=retired`)).words.includes(en('Nothing found')));
    });

    test('KB-2: more saved answers than a page holds are all reached', async () => {
      for (let i = 1; i <= 21; i++) await (await mod.get(`/answers/new?community=${com}`)).submit('/answers/new', { lang_of: 'fr', question: `Numéro ${String(i).padStart(2, '0')} ?`, answer: 'Ici', source: 'ville', checked_on: '2026-01-05', is_source: '1', publish: '1' });
      const first = await amal.get('/c/ville/answers');
      assert.ok(first.words.includes('Numéro 20 ?') && !first.words.includes('Numéro 21 ?'));
      const next = await amal.get(first.links.find((l) => l.startsWith('/c/ville/answers?after=')));
      assert.ok(next.words.includes('Numéro 21 ?') && !next.words.includes('Numéro 20 ?'), next.words);
    });

    test('SLA-5: outside hours a private word says that it waits, can be taken back, and can be urgent', async () => {
      const days = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
      const here = new Date(new Date().toLocaleString('en-US', { timeZone: 'America/Toronto' }));
      await hours(`${days[(here.getDay() + 3) % 7]} 09:00-17:00`);
      const thread = (await mod.get(`/communities/${com}/threads`)).link(/^\/threads\//);
      let page = await mod.get(thread);
      assert.equal((page.html.match(/<\/main>/g) ?? []).length, 1, 'the page ends twice');
      assert.match(page.words, like('en', 'You are closed. The answer goes out {0}.'));
      page = await page.submit(/^\/threads\/[0-9a-z]{13}$/, { text: 'À demain' });
      assert.match(page.flash, like('en', 'The message is ready and goes out when you open.'));
      assert.ok(page.words.includes(en('Goes out when you open')), page.words);
      assert.ok(!(await amal.get('/c/ville/private')).words.includes('À demain'));
      page = await page.submit(/take-back$/);
      assert.match(page.flash, like('en', 'The reply is taken back. Nobody received it.'));
      assert.ok(!page.has(/take-back$/));
      page = await page.submit(/^\/threads\/[0-9a-z]{13}$/, { text: 'Venez ce soir', urgent: '1' });
      assert.match(page.flash, like('en', 'The message is on its way.'));
      assert.ok((await amal.get('/c/ville/private')).words.includes('Venez ce soir'));
      await hours('mon-sun 00:00-24:00');
    });

    test('MSG-11: a topic is chosen and urgent is taken back on the page of the question', async () => {
      await (await admin.get(`/communities/${com}`)).submit('/topics', { code: 'housing', lang_of: 'fr', label: 'Logement' });
      const id = await put('Où louer ?');
      let page = await (await mod.get(`/inbox/${id}`)).submit('/topic', { topic: 'housing' });
      assert.equal(page.flash, en('The topic is saved.'));
      assert.match(page.words, new RegExp(`${en('Topic')} Logement`));
      page = await page.submit('/urgent');
      assert.equal(page.flash, en('Marked as urgent.'));
      page = await page.submit('/urgent');
      assert.equal(page.flash, en('No longer urgent.'));
    });

    test('a notice about a question leads each to their own side of it', async () => {
      const id = await put('Et la poste ?');
      const other = server.browser();
      assert.equal((await mod.get(`/questions/${id}`)).path, `/inbox/${id}`);
      assert.equal((await amal.get(`/questions/${id}`)).path, `/c/ville/questions/${id}`);
      assert.match((await other.get(`/questions/${id}`)).path, /^\/sign-in|^\/back|^\/questions/);
      // Staff who are members here, and nothing more, read it as members do.
      const page = await (await tech.get('/c/ville/join')).submit('/join', { accept: '1' });
      assert.equal(page.status, 200, page.words);
      const list = await admin.get('/joins');
      await (await admin.get(/<a href="(\/joins\/[0-9a-z]{13})"><bdi>Tom T\./.exec(list.html)[1])).submit('/accept');
      assert.equal((await tech.get(`/questions/${id}`)).path, `/c/ville/questions/${id}`);
    });

    test('nothing failed', () => assert.ok(!/status=500/.test(server.log), server.log.split('\n').filter((l) => /500/.test(l)).join('\n')));
  });

// SPDX-License-Identifier: EUPL-1.2
// From a plan to an end: the planning file, a reason for opening, the choice of platform, posters that are read back by
// other programs, a move, winding down. On both engines.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { decide, idOf, importDesign, member } from '../support/community.mjs';
import { like } from '../support/po.mjs';
import { Telegram } from '../support/telegram.mjs';
import { ENGINES, Place, without } from '../support/server.mjs';

const pdfWords = (file) => execFileSync('pdftotext', ['-layout', file, '-'], { encoding: 'utf8' });
// Held nearer and further away, as a telephone would be: the time that shows most.
const readSquares = (file) => {
  const picture = file.replace(/\.pdf$/, '');
  const read = (dots) => {
    execFileSync('pdftoppm', ['-r', dots, '-png', '-singlefile', file, picture]);
    return execFileSync('zbarimg', ['--quiet', '--raw', `${picture}.png`], { encoding: 'utf8' }).trim().split('\n');
  };
  return ['250', '200', '300'].map(read).reduce((a, b) => (b.length > a.length ? b : a));
};
const day = (plus) => new Intl.DateTimeFormat('sv-SE', { timeZone: 'America/Toronto' }).format(new Date(Date.now() + plus * 86400000));

for (const engine of ENGINES)
  describe(`planning, ${engine}`, { skip: without(engine) }, () => {
    let place, server, admin, id, tg;
    const at = (rest) => `/communities/${id}${rest}`;
    const download = async (url, name) => {
      const answer = await admin.raw('GET', url);
      assert.equal(answer.status, 200);
      const file = path.join(place.dir, name);
      fs.writeFileSync(file, answer.body);
      return file;
    };

    before(async () => {
      place = await Place.make(engine);
      await importDesign(place, 'plan');
      tg = await Telegram.start();
      await place.ok('channel', 'add', 'telegram', '--name', 'tg', '--token', '123456:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA', '--secret', 'un-secret-du-test', '--mode', 'webhook', '--api-base', tg.base);
      server = await place.serve();
      admin = await server.signedIn(place.admin.login, place.admin.password);
      id = await idOf(admin, 'plan');
    });
    after(async () => {
      await place?.close();
      await tg?.stop();
    });

    test('MSG-4: sections are saved one by one, kept with their history, and shown again when something is wrong', async () => {
      let page = await admin.get(at('/planning/objective'));
      page = await page.submit('/planning/objective', { whom: 'Les familles arrivées cette année', why: 'Moins d’allers-retours' });
      assert.deepEqual(page.problems, {});
      page = await page.submit('/planning/objective', { whom: 'Les familles arrivées depuis deux ans' });
      assert.match(page.words, /arrivées cette année/, 'the history does not show what stood there');
      page = await (await admin.get(at('/planning/audience'))).submit('/planning/audience', { asked: 'beaucoup' });
      assert.ok(page.problems.asked);
      assert.equal(page.value('/planning/audience', 'asked'), 'beaucoup');
      page = await page.submit('/planning/audience', { asked: '40', methods: 'Sondage' });
      assert.deepEqual(page.problems, {});
      page = await page.submit('/planning/audience/lines', { what: 'WhatsApp', number: '33' });
      assert.deepEqual(page.summary, []);
      assert.match(page.words, /WhatsApp/);
    });

    test('A-29: two lines “yes”, one “unsure”: opening asks for a reason, on every path, and the reason stays in the file', async () => {
      let page = await admin.get(at('/planning/checklist'));
      page = await page.submit('/planning/checklist', { purpose: 'yes', target: 'yes', experience: 'unsure' });
      assert.ok(page.problems['purpose-ticks'], JSON.stringify(page.problems));
      page = await page.submit('/planning/checklist', { purpose: 'yes', 'purpose-ticks': ['information'], target: 'yes', experience: 'unsure' });
      assert.deepEqual(page.problems, {});
      page = await (await admin.get(at(''))).submit(at('/status'), { status: 'live' });
      assert.equal(page.status, 422);
      page = await (await admin.get(at('/planning'))).submit('/planning/launch', { reason: '' });
      assert.ok(page.problems.reason);
      page = await page.submit('/planning/launch', { reason: 'Le sondage finit en mars, les gens attendent déjà.' });
      assert.deepEqual(page.summary, []);
      assert.match(page.words, /Le sondage finit en mars/);
      assert.match((await admin.get(at('/planning/print'))).words, /Le sondage finit en mars/);
      const text = pdfWords(await download(at('/planning.pdf'), 'plan.pdf'));
      assert.match(text, /Le sondage finit en mars/);
      assert.match(text, /Les familles arrivées depuis deux ans/);
    });

    test('MSG-5: what the audience uses beats every factor; the choice with its reason stands in the file', async () => {
      let page = await admin.get(at('/platforms'));
      page = await page.submit(at('/platforms'), { 'f-confidential': 'very', 'f-moderate': 'very', 'f-any-phone': 'somewhat', at_once: '300', platform: 'telegram', why: '' });
      assert.ok(page.problems.why);
      page = await page.submit(at('/platforms'), { why: 'Les membres le demandent' });
      assert.deepEqual(page.problems, {});
      assert.match(/<ol class="cards">[\s\S]*?<\/h3>/.exec(page.html)[0], /WhatsApp/);
      page = await page.submit('/platforms/own', { what: 'Des sous-groupes', level: 'very', does: ['slack'] });
      assert.deepEqual(page.summary, []);
      assert.match((await admin.get(at('/planning/print'))).words, /Les membres le demandent/);
    });

    test('MSG-19: posters and cards in three languages carry a link of their own that other programs read, and its requests are counted', async () => {
      let page = await admin.get(at('/promotion?lang_of=ar'));
      page = await page.submit(at('/promotion'), { short: 'اسألوا بلغتكم' });
      assert.deepEqual(page.problems, {});
      const codes = {};
      for (const lang of ['fr', 'en', 'ar']) {
        page = await (await admin.get(at('/promotion'))).submit('/promotion/places', { place: `Bibliothèque ${lang}`, item: 'poster', lang_of: lang, placed_on: day(0) });
        assert.deepEqual(page.problems, {});
        codes[lang] = new RegExp(`poster-[0-9a-z]{6}`).exec(page.words)[0];
        for (const sheet of ['poster', 'cards'])
          for (const size of sheet === 'poster' ? ['a4', 'letter'] : ['letter']) {
            const file = await download(at(`/poster.pdf?sheet=${sheet}&size=${size}&lang_of=${lang}&place=${codes[lang]}`), `${sheet}-${size}-${lang}.pdf`);
            const links = readSquares(file);
            assert.equal(links.length, sheet === 'cards' ? 10 : 1);
            for (const link of links) assert.equal(link, `http://127.0.0.1:${server.port}/c/plan/join?from=${codes[lang]}`);
            const info = execFileSync('pdfinfo', [file], { encoding: 'utf8' });
            assert.match(info, /Pages: +1\b/);
            const text = pdfWords(file);
            assert.ok(text.includes(`from=${codes[lang]}`), text);
            if (lang === 'fr') assert.match(text, /Entraide d’essai/);
            if (lang === 'en') assert.match(text, /Trial community/);
            if (lang === 'ar') assert.match(text.normalize('NFKC').replace(/[\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, ''), /اسألوا|مجموعة/);
          }
      }
      const visitor = server.browser({ lang: 'fr' });
      const form = await visitor.get(`/c/plan/join?from=${codes.fr}`);
      const sent = await form.submit('/c/plan/join', { name: 'Malika', accept: '1', a1: 'Mai' });
      assert.deepEqual(sent.problems, {});
      page = await admin.get(at('/promotion'));
      const row = page.html.split('<li class="row">').find((r) => r.includes(codes.fr));
      assert.match(row, like('en', 'one join request'));
      const csv = await admin.get(at('/promotion.csv'));
      assert.match(csv.html, new RegExp(`${codes.fr},Bibliothèque fr,poster,fr,${day(0)},1,0`));
      await decide(admin, 'Malika', 'accept');
    });

    test('MSG-19: with the longest words a community may write, a poster is one page and every sheet keeps its square', async () => {
      const long = (sentence, most) => sentence.repeat(Math.floor(most / sentence.length)).trim();
      const page = await (await admin.get(at('/promotion?lang_of=fr'))).submit(at('/promotion'), {
        short: long('Posez vos questions dans votre langue, des voisins répondent. ', 299),
        medium: long('Des membres bénévoles répondent à vos questions sur le logement, l’école, la santé et le travail. ', 999),
      });
      assert.deepEqual(page.problems, {});
      for (const [sheet, squares] of [['poster', 1], ['cards', 10]])
        for (const size of sheet === 'poster' ? ['a4', 'letter'] : ['letter']) {
          const file = await download(at(`/poster.pdf?sheet=${sheet}&size=${size}&lang_of=fr`), `long-${sheet}-${size}.pdf`);
          assert.equal(readSquares(file).length, squares, `${sheet} ${size}`);
          assert.match(execFileSync('pdfinfo', [file], { encoding: 'utf8' }), /Pages: +1\b/, `${sheet} ${size}`);
        }
    });

    test('CNS-9: before joining, the page says what each outside platform of the community sees', async () => {
      assert.ok(!(await server.browser({ lang: 'en' }).get('/c/plan/join')).html.includes('id="seen"'));
      const page = await admin.get(at(''));
      const option = page.form('/channels').fields.find((f) => f.name === 'channel').options.find((o) => o.label === 'tg');
      assert.deepEqual((await page.submit('/channels', { channel: option.value, chat: '-100123' })).summary, []);
      const join = await server.browser({ lang: 'en' }).get('/c/plan/join');
      assert.match(join.words, /Telegram sees your Telegram name and everything written in the group/);
      assert.match((await server.browser({ lang: 'ar' }).get('/c/plan/join')).html, /id="seen"/);
    });

    test('MSG-18: announced, read-only, undone, archived: members are told each time and find the answers to the end', async () => {
      const { browser } = await member(server, admin, 'plan', { name: 'Samira', lang: 'ar', answers: { a1: 'نعم' } });
      let page = await (await admin.get(at('/ending'))).submit('/ending', { reason: 'purpose-reached', words: 'Fini', read_only_on: day(-1), archive_on: day(-2) });
      assert.ok(page.problems.read_only_on && page.problems.archive_on);
      assert.equal(page.value('/ending', 'words'), 'Fini');
      page = await page.submit('/ending', { reason: 'purpose-reached', words: 'Fini', read_only_on: day(3), archive_on: day(9) });
      assert.deepEqual(page.summary, []);
      assert.match((await browser.get('/notices')).words, /تنتهي/);
      page = await page.submit('/ending/step');
      assert.equal((await browser.get('/c/plan/talk')).has('/talk'), false, 'members can still write');
      page = await (await admin.get(at('/ending'))).submit('/ending/undo');
      assert.equal((await browser.get('/c/plan/talk')).has('/talk'), true);
      page = await (await admin.get(at('/ending'))).submit('/ending', { reason: 'no-capacity', words: 'Fini', read_only_on: day(3), archive_on: day(9) });
      await page.submit('/ending/step');
      page = await (await admin.get(at('/ending'))).submit('/ending/step');
      assert.ok(!page.has('/ending/undo'), 'an archived community could be opened again');
      assert.equal((await browser.get('/c/plan/answers')).status, 200);
      assert.equal((await browser.get('/')).status, 200);
      assert.equal((await server.browser({ lang: 'fr' }).get('/c/plan')).status, 404);
    });
  });

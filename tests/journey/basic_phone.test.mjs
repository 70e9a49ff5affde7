// SPDX-License-Identifier: EUPL-1.2
// North Bay as one journey: the shipped preset, a real Kannel, and somebody who has a basic telephone and no data. On both
// engines.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { account, decide, giveRole, idOf, post } from '../support/community.mjs';
import { tablesOf } from '../support/html.mjs';
import { Kannel } from '../support/kannel.mjs';
import { say } from '../support/po.mjs';
import { ENGINES, Place, freePort, until, without } from '../support/server.mjs';

const SECRET = 'journey-north-secret_0123456789abcde';
const PICTURE = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');

for (const engine of ENGINES)
  describe(`basic telephone, ${engine}`, { skip: without(engine) }, () => {
    let kannel, place, server, admin, mod, com;
    const daoud = '+17055550101';
    const en = (msgid, ...args) => say('en', msgid, ...args);
    const month = async () => {
      const page = await mod.get(`/communities/${com}/statistics`);
      const rows = tablesOf(page.html).flat();
      return (msgid) => Number(rows.find((r) => r[0] === en(msgid))?.[1] ?? 0); // a type of post without a post has no row
    };

    before(async () => {
      const port = await freePort();
      kannel = await Kannel.start({ callback: `http://127.0.0.1:${port}`, secret: SECRET });
      place = await Place.make(engine, { lang: 'en' });
      await place.ok('community', 'add', '--preset', 'north-bay');
      await place.ok('channel', 'add', 'sms-kannel', '--name', 'sms', ...kannel.settings, '--callback', `http://127.0.0.1:${port}`);
      server = await place.serve({ port });
      admin = await server.signedIn(place.admin.login, place.admin.password);
      com = await idOf(admin, 'north-bay');
    });
    after(async () => {
      try {
        await place?.close();
      } finally {
        await kannel?.stop();
      }
    });

    /* A-35, EQ-1, EQ-3, MSG-14 */
    test('A-35 North Bay: by SMS a member with a basic phone and no data joins, gets event posts, asks and is answered; the month counts it', async () => {
      let page = await (await admin.get(`/communities/${com}/planning`)).submit('/planning/launch', { reason: 'The centre opens it in spring.' });
      assert.deepEqual(page.summary, [], page.words);
      page = await admin.get(`/communities/${com}`);
      const option = page.form('/channels').fields.find((f) => f.name === 'channel').options.find((o) => o.label === 'sms');
      page = await page.submit('/channels', { channel: option.value });
      assert.deepEqual(page.summary, [], page.words);
      const who = await account(admin, 'robin', 'Robin L.');
      await giveRole(admin, com, 'Robin L.', 'moderator');
      await (await server.browser().signIn('robin', who.password)).submit('/me/password', { old: who.password, new: 'robin has a phrase', again: 'robin has a phrase' });
      mod = await server.signedIn('robin', 'robin has a phrase');

      kannel.say(daoud, 'NORTH');
      await kannel.heard(daoud, en('Reply YES to accept, STOP to end.'));
      kannel.say(daoud, 'yes');
      await kannel.heard(daoud, 'Where do you live?');
      kannel.say(daoud, 'Mattawa');
      await kannel.heard(daoud, 'Do you have a smartphone with data, or a basic phone?');
      kannel.say(daoud, 'Basic phone, no data');
      await kannel.heard(daoud, en('Thank you. Your request to join {0} was sent; you will be told here.', 'Newcomers of the North'));
      const joins = await admin.get('/joins');
      assert.match((await admin.get(joins.link(/^\/joins\/[0-9a-z]{13}$/))).words, /Basic phone, no data/);
      await decide(admin, '… 0101', 'accept');
      await kannel.heard(daoud, 'Welcome! Three first steps');
      // What the member said about the telephone is written down: text only.
      page = await (await mod.get(`/communities/${com}/members`)).submit(/\/data$/);
      assert.deepEqual(page.summary, [], page.words);

      const before = await month();
      assert.equal(before('Members at the end'), 1);
      page = await post(mod, com, { type: 'event', text: 'Skating party on Saturday at 2 pm, at the marina', source: 'northbay.ca', checked_on: '2026-01-05', file: { name: 'rink.png', type: 'image/png', bytes: PICTURE } });
      assert.deepEqual(page.summary, [], page.words);
      const event = await kannel.heard(daoud, 'Skating party');
      assert.match(event.text, /^Newcomers of the North: Skating party on Saturday at 2 pm, at the marina/);
      assert.match(event.text, /northbay\.ca/);
      assert.match(event.text, /http:\/\/127\.0\.0\.1:\d+\/messages\/[0-9a-z]{13}\/file/, 'the picture is not offered as a link');
      assert.equal(kannel.to(daoud).filter((t) => t.text.includes('Skating party')).length, 1);

      kannel.say(daoud, 'Is there a bus to the marina?');
      const at = await until('the question in the inbox', async () => {
        const inbox = await mod.get('/inbox');
        return inbox.words.includes('Is there a bus to the marina?') && inbox.link(/^\/inbox\/[0-9a-z]{13}/);
      });
      page = await (await mod.get(at)).submit('/answer', { text: 'Yes, number 8 leaves City Hall at 1 pm.', urgent: '1' });
      assert.deepEqual(page.summary, [], page.words);
      await kannel.heard(daoud, 'Yes, number 8 leaves City Hall at 1 pm.');

      const now = await month();
      assert.equal(now('Event'), before('Event') + 1, 'the event in the table of the month');
      assert.equal(now('Members who took part'), 1);
    });
  });

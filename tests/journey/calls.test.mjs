// SPDX-License-Identifier: EUPL-1.2
// A call entered later, to the minute, on both engines: the server is started at each time of the example. Around
// it the times that are easy to get wrong: to come, before the community, at night, over midnight, and the hours that
// the clocks skip and repeat.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { account, giveRole, idOf, importDesign, openIt } from '../support/community.mjs';
import { ENGINES, Place, without } from '../support/server.mjs';

for (const engine of ENGINES)
  describe(`calls, ${engine}`, { skip: without(engine) }, () => {
    let place, server, token, mod, moderator, office, always;
    let callers = 0;
    const at = async (time) => {
      server = await place.moveClock(server, time);
      mod = await server.signedIn(moderator.login, moderator.password);
    };
    const enter = async (com, when) => {
      const n = ++callers;
      return (await mod.get(`/calls/new?community=${com}`)).submit('/calls/new', { name: `Voix ${n}`, phone: `613 555-${String(2000 + n)}`, at: when, text: `Question ${n} ?`, accepted: '1' });
    };
    // Entered for `when` by the community's clock: received then, and its clock starts at `start`.
    const counts = async (com, when, received, start, due) => {
      const page = await enter(com, when);
      assert.match(page.path, /^\/inbox\/[0-9a-z]{13}$/, page.words);
      const r = await server.api(token).get(`/api/v1/questions/${page.path.split('/').pop()}`);
      const same = (got, want, what) => assert.equal(Date.parse(got), Date.parse(want), `${when}: ${what} ${got}, not ${want}`);
      same(r.json.received, received, 'received');
      same(r.json.start, start, 'start');
      if (due) same(r.json.due, due, 'due');
    };
    const refused = async (com, when, words) => {
      const page = await enter(com, when);
      assert.equal(page.status, 422);
      assert.match(page.problems.at ?? '', words, page.words);
      assert.equal(page.value('/calls/new', 'at'), when);
      assert.match(page.value('/calls/new', 'text'), /^Question/);
    };

    before(async () => {
      place = await Place.make(engine, { at: '2026-03-02T10:00:00-05:00' });
      await importDesign(place, 'bureau', { screening: false, hours: 'mon-fri 09:00-17:00' });
      await importDesign(place, 'toujours', { screening: false });
      server = await place.serve();
      const admin = await server.signedIn(place.admin.login, place.admin.password);
      [office, always] = [await idOf(admin, 'bureau'), await idOf(admin, 'toujours')];
      moderator = await account(admin, 'amira', 'Amira');
      for (const com of [office, always]) {
        await openIt(admin, com);
        await giveRole(admin, com, 'Amira', 'moderator');
      }
      const first = await server.browser().signIn(moderator.login, moderator.password);
      await first.submit('/me/password', { old: moderator.password, new: 'une phrase facile', again: 'une phrase facile' });
      moderator.password = 'une phrase facile';
      token = await place.token('amira', 'read');
    });
    after(() => place?.close());

    test('A-70: asked by call at 15:30, entered at 15:45: the clock starts at 15:30', async () => {
      await at('2026-03-04T15:45:00-05:00');
      await counts(office, '2026-03-04T15:30', '2026-03-04T15:30:00-05:00', '2026-03-04T15:30:00-05:00', '2026-03-05T15:30:00-05:00');
      await counts(office, '2026-03-04T15:45', '2026-03-04T15:45:00-05:00', '2026-03-04T15:45:00-05:00');
    });

    test('a time to come and a day before the community are refused, with what is accepted', async () => {
      await refused(office, '2026-03-04T17:30', /at most 30 days ago, and not in the future/);
      await refused(office, '2026-03-01T23:59', /2026-03-02/);
      await counts(office, '2026-03-02T09:30', '2026-03-02T09:30:00-05:00', '2026-03-02T09:30:00-05:00'); // the very day
    });

    test('over midnight and outside the opening hours: heard when it was, promised from the next opening', async () => {
      await at('2026-03-05T00:05:00-05:00');
      await counts(office, '2026-03-04T23:50', '2026-03-04T23:50:00-05:00', '2026-03-05T09:00:00-05:00', '2026-03-06T09:00:00-05:00');
      await counts(office, '2026-03-04T17:00', '2026-03-04T17:00:00-05:00', '2026-03-05T09:00:00-05:00'); // 17:00 is outside
      await counts(always, '2026-03-04T23:50', '2026-03-04T23:50:00-05:00', '2026-03-04T23:50:00-05:00');
    });

    test('the hour that the clocks skip begins with the first minute there is', async () => {
      await at('2026-03-09T10:00:00-04:00');
      await counts(always, '2026-03-08T02:30', '2026-03-08T03:00:00-04:00', '2026-03-08T03:00:00-04:00');
      await counts(office, '2026-03-08T02:30', '2026-03-08T03:00:00-04:00', '2026-03-09T09:00:00-04:00', '2026-03-10T09:00:00-04:00');
      await counts(always, '2026-03-08T01:59', '2026-03-08T01:59:00-05:00', '2026-03-08T01:59:00-05:00');
    });

    test('of the hour that comes twice the first is meant: nobody waits longer than promised', async () => {
      await at('2026-11-01T01:45:00-05:00');
      await counts(always, '2026-11-01T01:30', '2026-11-01T01:30:00-04:00', '2026-11-01T01:30:00-04:00');
      await counts(always, '2026-11-01T00:59', '2026-11-01T00:59:00-04:00', '2026-11-01T00:59:00-04:00');
      await refused(always, '2026-10-01T12:00', /30/);
    });
  });

// SPDX-License-Identifier: EUPL-1.2
// Where a provider promises no order, news that come in for the first time in another order leave the same state: two
// installations live through the same, one in order and one shuffled, and are compared table by table and word by word.
// Not here, because they give an order and keep it: Telegram (per chat), Matrix (transactions), XMPP (a stream). SMS tells
// no time at all, so what one person says in two texts may be told the other way round: there each text is another person's.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { AppJourney } from '../support/app_journey.mjs';
import { request } from '../support/browser.mjs';
import { design, idOf, openIt } from '../support/community.mjs';
import { SECRET as MAIL_SECRET, ADDRESS, Outlet, Writer } from '../support/mail.mjs';
import { settled, shuffled } from '../support/replay.mjs';
import { ENGINES, Place, until, without } from '../support/server.mjs';
import { Twilio } from '../support/twilio.mjs';
import { APP_SECRET as META_SECRET, TOKEN as META_TOKEN, VERIFY } from '../fakes/meta_base.mjs';
import { PAGE_ID } from '../fakes/messenger.mjs';
import { SIGNING_SECRET, TOKEN as SLACK_TOKEN } from '../fakes/slack.mjs';
import { APP_ID, APP_SECRET, ENCODING_KEY, TOKEN as WECHAT_TOKEN } from '../fakes/wechat.mjs';
import { NUMBER_ID } from '../fakes/whatsapp.mjs';

const KANNEL_SECRET = 'journey-sms-secret_0123456789abcdef';
const TEXTS = [...Array(6).keys()].map((i) => `Sujet ${i} ?`);

// How many rows each table has once all is done: people, messages, questions, clocks, what waits to be sent, audit. Heads of
// the audit chain are kept now and then, by the clock.
const counted = async (place) => Object.fromEntries(Object.entries(await settled(place)).filter(([name]) => name !== 'audit_head').map(([name, rows]) => [name, rows.length]));

// An app with a stand-in: two members ask three questions each.
const app = (kind, settings, press) => async (engine, order) => {
  const j = await AppJourney.start(engine, { kind, settings });
  try {
    const people = [];
    for (const name of ['Un', 'Deux']) {
      const made = await j.app.act('users', { name });
      const user = made.key ?? made.id;
      await j.join(user, kind === 'wechat' ? `… ${user.slice(-4)}` : name, { press: (m) => press(j.app, user, m) });
      people.push(user);
    }
    await j.app.idle();
    if (order !== 'as said') await j.app.act('deliveries', { shuffle: TEXTS.length });
    for (const [i, text] of TEXTS.entries()) await j.say(people[i % 2], `/ask ${text}`);
    await j.app.idle(30000);
    const open = (await j.open()).filter((t) => t.startsWith('Sujet')).sort();
    assert.deepEqual(open, [...TEXTS].sort());
    await j.app.clean();
    return { open, counts: await counted(j.place) };
  } finally {
    await j.stop();
  }
};
const press = (a, user, m) => a.act('press', { user, message_id: m.id });

// Without members: strangers write, each is answered.
async function strangers(engine, order, { channel, calls, answered }) {
  const place = await Place.make(engine);
  try {
    await place.ok('community', 'import', '-', { input: `${design('ville')}keyword.fr = ENTRAIDE\n` });
    await place.ok('channel', 'add', ...channel);
    const server = await place.serve();
    const admin = await server.signedIn(place.admin.login, place.admin.password);
    const com = await idOf(admin, 'ville');
    await openIt(admin, com);
    const page = await admin.get(`/communities/${com}`);
    const option = page.form('/channels').fields.find((f) => f.name === 'channel').options.find((o) => o.label === 'app');
    assert.deepEqual((await page.submit('/channels', { channel: option.value })).summary, []);
    const all = calls(server, place);
    for (const call of order === 'as said' ? all : shuffled(all, 4711)) await call();
    await until('every answer', () => answered(all.length), 30000, 100);
    return { counts: await counted(place) };
  } finally {
    await place.close();
  }
}

const drivers = {
  whatsapp: app('whatsapp', (s) => ['--number-id', NUMBER_ID, '--app-secret', META_SECRET, '--verify-token', VERIFY, '--token', META_TOKEN, '--api-base', s.base], press),
  messenger: app('messenger', (s) => ['--page-id', PAGE_ID, '--app-secret', META_SECRET, '--verify-token', VERIFY, '--token', META_TOKEN, '--api-base', s.base], press),
  slack: app('slack', (s) => ['--token', SLACK_TOKEN, '--signing-secret', SIGNING_SECRET, '--api-base', s.base], press),
  wechat: app('wechat', (s) => ['--app-id', APP_ID, '--app-secret', APP_SECRET, '--token', WECHAT_TOKEN, '--encoding-key', ENCODING_KEY, '--api-base', s.base], press),
  'sms-twilio': async (engine, order) => {
    const sms = await Twilio.start();
    const numbers = TEXTS.map((_, i) => `+161355502${String(i).padStart(2, '0')}`);
    try {
      return await strangers(engine, order, {
        channel: ['sms-twilio', '--name', 'app', ...sms.settings],
        calls: (server) => {
          sms.hook = `${server.url}/hooks/sms-twilio/app`;
          return numbers.map((n) => async () => assert.equal((await sms.say(n, 'ENTRAIDE')).status, 200));
        },
        answered: async () => (await Promise.all(numbers.map((n) => sms.to(n)))).every((m) => m.length > 0),
      });
    } finally {
      await sms.stop();
    }
  },
  'sms-kannel': (engine, order) => {
    let where;
    return strangers(engine, order, {
      // Nobody listens at sendsms: what would be answered waits in the queue, as many as there are people.
      channel: ['sms-kannel', '--name', 'app', '--secret', KANNEL_SECRET, '--username', 'u', '--password', 'p', '--sender', '55123', '--sendsms', 'http://127.0.0.1:9/', '--callback', 'http://127.0.0.1:9'],
      calls: (server, place) => {
        where = place;
        return TEXTS.map((_, i) => async () => {
          const said = new URLSearchParams({ secret: KANNEL_SECRET, id: `k${i}`, from: `+161355502${String(i).padStart(2, '0')}`, to: '55123', text: 'ENTRAIDE', charset: 'UTF-8' });
          assert.equal((await request(server.port, { path: `/hooks/sms-kannel/app?${said}` })).status, 200);
        });
      },
      answered: () => where !== undefined,
    });
  },
  email: async (engine, order) => {
    const out = await Outlet.start();
    const writers = TEXTS.map((_, i) => new Writer(`p${i}@example.net`, `P${i}`, {}));
    try {
      return await strangers(engine, order, {
        channel: ['email', '--name', 'app', '--from-address', ADDRESS, '--smtp-url', out.url, '--secret', MAIL_SECRET],
        calls: (server, place) => writers.map((w, i) => {
          const mail = w.compose(TEXTS[i]);
          return async () => assert.equal((await place.run('mail', 'deliver', '--channel', 'app', '--recipient', mail.recipient, { input: mail.raw })).code, 0);
        }),
        answered: () => writers.every((w) => out.of(w.address).length > 0),
      });
    } finally {
      await out.stop();
    }
  },
};

for (const engine of ENGINES)
  describe(`order of arrival, ${engine}`, { skip: without(engine) }, () => {
    // The order has nothing to do with the engine: one driver on the second engine, all on the first.
    for (const [name, live] of Object.entries(drivers).slice(0, engine === 'sqlite' ? undefined : 1))
      test(`channels.md §10: ${name}: another order, the same state`, async () => {
        const [another, told] = await Promise.all([live(engine, 'shuffled'), live(engine, 'as said')]);
        assert.deepEqual(another, told);
      });
  });

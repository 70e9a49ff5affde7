// SPDX-License-Identifier: EUPL-1.2
// Matrix as an application service, against the stand-in of a homeserver, on both engines.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import YAML from 'yaml';
import { decide } from '../support/community.mjs';
import { AS_TOKEN, BOT, HS_TOKEN, Homeserver } from '../support/matrix.mjs';
import { like, say } from '../support/po.mjs';
import { correct, sendPost, takeDown } from '../support/posts.mjs';
import { Recorder } from '../support/replay.mjs';
import { Desk } from '../support/rooms.mjs';
import { ENGINES, Place, freePort, until, without } from '../support/server.mjs';

const OWNER = '@proprietaire:hs.example';

for (const engine of ENGINES)
  describe(`matrix, ${engine}`, { skip: without(engine) }, () => {
    let hs, wire, place, server, desk, room;
    const amal = '@amal:hs.example';
    const speak = (user, text, more = {}) => hs.act('say', { room, user, text, ...more });

    before(async () => {
      hs = await Homeserver.start();
      place = await Place.make(engine);
      const port = await freePort();
      wire = await Recorder.start();
      wire.to = port;
      const printed = await place.ok('channel', 'add', 'matrix', '--name', 'salon', '--homeserver', hs.base, '--user', BOT, '--as-token', AS_TOKEN, '--hs-token', HS_TOKEN, '--public-url', wire.url);
      const registration = YAML.parse(printed.slice(printed.indexOf('# Registration')));
      assert.deepEqual(registration, {
        id: 'passerelle-salon',
        url: `${wire.url}/hooks/matrix/salon`,
        as_token: AS_TOKEN,
        hs_token: HS_TOKEN,
        sender_localpart: 'accueil',
        rate_limited: false,
        namespaces: { users: [], rooms: [], aliases: [{ exclusive: true, regex: '#passerelle-.*:hs\\.example' }] },
      });
      await hs.act('service', { url: registration.url, as_token: registration.as_token, hs_token: registration.hs_token, user: BOT });
      server = await place.serve({ port });
      desk = await Desk.open(place, server, 'ville');
      await hs.act('users', { user: amal, name: 'Amal' });
      // The owner of the room gives the service the power to moderate and asks it in.
      room = (await hs.act('rooms', { creator: OWNER, join_rules: 'knock', users: { [BOT]: 90 }, invite: [BOT] })).room_id;
      await desk.connect('salon', room);
      await until('the service in the room', async () => (await hs.members(room))[BOT] === 'join');
    });
    after(async () => {
      try {
        await place?.close();
      } finally {
        await hs?.stop();
        await wire?.stop();
      }
    });

    test('MSG-6, MSG-7, MSG-8: who knocks is asked in a private room, accepted, and let in', async () => {
      await hs.act('knock', { room, user: amal, reason: 'Bonjour' });
      const own = await hs.privately(amal);
      await hs.heard(own, 'Le respect avant tout');
      assert.equal((await hs.members(own))[amal], 'invite');
      await hs.act('join', { room: own, user: amal });
      const words = async (text) => hs.act('say', { room: own, user: amal, text });
      await words('oui');
      await hs.heard(own, 'Depuis quand êtes-vous ici ?');
      await words('Depuis deux mois');
      await hs.heard(own, 'Comment nous avez-vous trouvés ?');
      await words('Par une amie');
      await until('the thanks', async () => (await hs.timeline(own)).some((e) => like('fr', 'Thank you. Your request to join {0} was sent; you will be told here.').test(e.content.body ?? '')));
      await decide(desk.admin, 'Amal', 'accept');
      await until('the invitation', async () => (await hs.members(room))[amal] === 'invite');
      await hs.act('join', { room, user: amal });
      await hs.heard(own, 'Bienvenue parmi nous');
      assert.deepEqual((await hs.look(`direct?user=${encodeURIComponent(amal)}`)).length, 1, 'a second private room was made');
    });

    test('MSG-7: a refused knock is declined, and told privately', async () => {
      const marc = '@marc:other.example';
      await hs.act('users', { user: marc, name: 'Marc' });
      await hs.act('knock', { room, user: marc });
      const own = await hs.privately(marc);
      await hs.act('join', { room: own, user: marc });
      for (const text of ['oui', 'Hier', 'Une affiche']) {
        await hs.act('say', { room: own, user: marc, text });
        await hs.idle();
      }
      await until('the thanks', async () => (await hs.timeline(own)).some((e) => like('fr', 'Thank you. Your request to join {0} was sent; you will be told here.').test(e.content.body ?? '')));
      await decide(desk.admin, 'Marc', 'refuse', { reason: 'not-audience' });
      await hs.heard(own, say('fr', 'Your request to join {0} could not be accepted.', 'Entraide d’essai'));
      await until('the refusal', async () => (await hs.members(room))[marc] === 'leave');
    });

    test('MSG-11: a question in the room gets its answer as a reply; edits and notices of programs are nothing new', async () => {
      const asked = await speak(amal, 'Où obtenir une carte de bibliothèque ?');
      const path = await desk.question('carte de bibliothèque');
      await speak(amal, '* Où obtenir une carte de la bibliothèque ?', { content: { 'm.new_content': { msgtype: 'm.text', body: 'modifié ?' }, 'm.relates_to': { rel_type: 'm.replace', event_id: asked.event_id } } });
      await speak(amal, 'annonce d’un programme ?', { content: { msgtype: 'm.notice' } });
      await hs.act('rename', { room, user: amal, name: 'Amal' });
      await desk.answer(path, 'À la succursale principale', { source: 'biblio.example' });
      const said = await hs.heard(room, 'succursale principale');
      assert.equal(said.content['m.relates_to']['m.in_reply_to'].event_id, asked.event_id);
      assert.equal((await hs.said(room, 'succursale principale')).length, 1);
      await hs.idle();
      const all = await desk.sayings();
      assert.equal(all.filter((t) => /bibliothèque/.test(t)).length, 1);
      assert.ok(!all.some((t) => /modifié|programme/.test(t)));
    });

    test('an answer to our words is understood, without the quote that older apps repeat', async () => {
      const [ours] = await hs.said(room, 'succursale principale');
      await speak(amal, `> <${BOT}> À la succursale principale\n\nMerci, et le dimanche ?`, { reply_to: ours.event_id });
      const path = await desk.question('et le dimanche');
      assert.ok(!(await desk.mod.get(path)).words.includes('> <@'));
      await desk.answer(path, 'Fermée le dimanche');
      await hs.heard(room, 'Fermée le dimanche');
    });

    test('MSG-12: a private word goes on privately; A-28: moved words are redacted in the room', async () => {
      const asked = await speak(amal, 'Mon dossier est le 4477881, que faire ?');
      const path = await desk.question('4477881');
      const page = await (await desk.mod.get(path)).submit('/private');
      assert.deepEqual(page.summary, []);
      await until('the redaction', async () => (await hs.timeline(room)).some((e) => e.type === 'm.room.redaction' && e.redacts === asked.event_id));
      const own = await hs.privately(amal);
      await desk.answer(path, 'Écrivez-nous ici, en privé');
      await hs.heard(own, 'Écrivez-nous ici');
      assert.equal((await hs.said(room, 'Écrivez-nous ici')).length, 0);
      await hs.act('say', { room: own, user: amal, text: 'Question privée de suite ?' });
      await desk.reply('Question privée de suite', 'Réponse privée de suite');
      await hs.heard(own, 'Réponse privée de suite');
    });

    test('a post that is taken down is redacted in the room and in a private one, each part of it', async () => {
      const own = await hs.privately(amal);
      const list = await desk.mod.get(`/communities/${desk.id}/members`);
      const row = list.html.split('data-item').find((r) => r.includes('<bdi>Amal</bdi>'));
      const record = /href="(\/persons\/[0-9a-z]{13})"/.exec(row)[1];
      const speaks = async (preferred) => assert.equal((await (await desk.mod.get(record)).submit(`${record}/preferred`, { preferred })).status, 200);
      const group = await sendPost(desk.mod, desk.id, { body0: 'Un mot à reprendre' });
      assert.equal((await hs.said(room, 'Un mot à reprendre')).length, 1);
      await correct(desk.mod, group, { title0: 'Un mot juste', body0: 'Voici.' });
      const [first] = await hs.said(room, 'Un mot à reprendre');
      const marked = await until('the mark', async () => (await hs.timeline(room)).find((e) => e.content['m.relates_to']?.rel_type === 'm.replace' && e.content['m.relates_to'].event_id === first.event_id));
      assert.match(marked.content['m.new_content'].body, /^Corrigé, voir.*Un mot juste[\s\S]*Un mot à reprendre$/);
      await speaks('ar');
      const alone = await sendPost(desk.mod, desk.id, { body2: `كلمة أولى. ${'كلمات كثيرة عن الحي. '.repeat(280)}`, only_lang: 'ar' });
      await speaks('fr');
      const parts = await hs.said(own, 'كلمات كثيرة');
      assert.ok(parts.length >= 1);
      assert.match((await takeDown(desk.mod, alone)).before, /One copy is taken back there/);
      assert.match((await takeDown(desk.mod, group)).after, /One copy is taken back\./);
      assert.equal((await hs.said(own, 'كلمات كثيرة')).length, 0);
      assert.equal((await hs.said(room, 'Un mot à reprendre')).length, 0); // nor what replaced it
    });

    test('a private room that a person opens is known before the first word', async () => {
      const lea = '@lea:hs.example';
      await hs.act('users', { user: lea, name: 'Léa' });
      const { room_id: own } = await hs.act('rooms', { creator: lea, invite: [BOT], is_direct: true });
      await until('the service in it', async () => (await hs.members(own))[BOT] === 'join');
      await hs.act('say', { room: own, user: lea, text: 'Bonjour' });
      await hs.heard(own, 'Le respect avant tout');
      for (const text of ['Oui', 'Hier', 'Une affiche']) {
        await hs.act('say', { room: own, user: lea, text });
        await hs.idle();
      }
      await until('the request', async () => (await desk.admin.get('/joins')).words.includes('lea'));
      await decide(desk.admin, 'lea', 'accept');
      await until('the invitation', async () => (await hs.members(room))[lea] === 'invite');
    });

    test('what is written in a room of nobody’s, or in a private room of others, is nobody’s business here', async () => {
      const { room_id: other } = await hs.act('rooms', { creator: OWNER, join_rules: 'public', invite: [BOT] });
      await until('the service in it', async () => (await hs.members(other))[BOT] === 'join');
      await hs.act('join', { room: other, user: amal });
      await hs.act('say', { room: other, user: amal, text: 'canari d’ailleurs ?' });
      await hs.idle();
      assert.ok(!(await desk.sayings()).some((t) => t.includes('canari d’ailleurs')));
      assert.equal(await desk.inboxRow('canari d’ailleurs'), undefined);
    });

    test('MSG-13: a voice message is fetched with our token, kept sealed and played on our page', async () => {
      const done = await (await desk.admin.get(`/communities/${desk.id}`)).submit(`/communities/${desk.id}`, { media: ['voice', 'image', 'file', 'video'] });
      assert.deepEqual(done.summary, []);
      const bytes = Buffer.concat([Buffer.from('OggS'), Buffer.alloc(4000, 'v'), Buffer.from('matrix voice canary')]);
      const { uri } = await hs.act('media', { base64: bytes.toString('base64'), type: 'audio/ogg' });
      const own = await hs.privately(amal);
      await hs.act('say', { room: own, user: amal, text: 'voix.ogg', content: { msgtype: 'm.audio', url: uri, info: { mimetype: 'audio/ogg', duration: 3000, size: bytes.length }, 'org.matrix.msc3245.voice': {} } });
      const link = await until('the voice message', async () => {
        for (const l of (await desk.mod.get('/inbox')).links.filter((x) => /^\/inbox\/[0-9a-z]{13}/.test(x))) {
          const file = /\/messages\/[0-9a-z]{13}\/file/.exec((await desk.mod.get(l)).html);
          if (file) return file[0];
        }
        return null;
      });
      const got = await until('the file', async () => {
        const r = await desk.mod.raw('GET', link);
        return r.status === 200 ? r : null;
      });
      assert.ok(got.body.equals(bytes));
    });

    test('encrypted words: said once in the room, and the operator sees the trouble', async () => {
      await hs.act('encrypt', { room, user: amal });
      await hs.act('encrypt', { room, user: amal });
      await hs.heard(room, say('fr', 'This room is encrypted: the moderators cannot read what is written here. Please write to them privately, or on the web page of the community.'));
      await hs.idle();
      assert.equal((await hs.said(room, say('fr', 'This room is encrypted: the moderators cannot read what is written here. Please write to them privately, or on the web page of the community.'))).length, 1);
      assert.match(await place.ok('channel', 'list'), /salon .* encrypted-room/);
    });

    test('429, 5xx, broken lines and half answers: tried again with the same transaction, never in doubt, never twice', async () => {
      for (const [kind, text] of [['429', 'après 429'], ['500', 'après 500'], ['drop', 'après une coupure'], ['accept-then-drop', 'prise puis coupée'], ['garbage', 'prise à moitié dite']]) {
        await speak(amal, `Question pour ${kind} ?`);
        const path = await desk.question(`Question pour ${kind}`);
        await hs.act('faults', { operation: 'sendMessage', kind, times: 1 });
        await desk.answer(path, `Réponse ${text}`);
        await hs.heard(room, `Réponse ${text}`, 20000);
        await until('the second try', async () => (await hs.requests('sendMessage')).filter((r) => r.body.body.includes(`Réponse ${text}`)).length === 2, 20000, 100);
        const tries = (await hs.requests('sendMessage')).filter((r) => r.body.body.includes(`Réponse ${text}`));
        assert.equal(new Set(tries.map((r) => r.path)).size, 1, 'another transaction id');
        await until('its record', async () => !(await desk.mod.get('/sends')).words.includes(say('en', 'In doubt')));
        assert.equal((await hs.said(room, `Réponse ${text}`)).length, 1);
      }
      assert.equal((await desk.mod.get('/sends')).has(/resolve$/), false);
    });

    test('ten times the same, and shuffled: every message once', async () => {
      await hs.idle();
      await hs.act('deliveries', { duplicate: 10, shuffle: 20 });
      for (let i = 0; i < 20; i++) await speak(amal, `déluge ${i} ${i % 2 ? '?' : '.'}`);
      await hs.idle(30000);
      await hs.act('deliveries', { duplicate: 1 });
      const got = (await desk.sayings()).filter((t) => t.startsWith('déluge')).sort();
      assert.deepEqual(got, [...Array(20).keys()].map((i) => `déluge ${i} ${i % 2 ? '?' : '.'}`).sort());
      assert.deepEqual((await hs.look('deliveries')).filter((d) => d.status !== 200 && d.status !== 0), []);
    });

    test('without the right token nothing is taken; 404 for what we do not know', async () => {
      const event = { type: 'm.room.message', event_id: '$canari', room_id: room, sender: amal, origin_server_ts: Date.now(), content: { msgtype: 'm.text', body: 'canari refusé ?' } };
      const body = JSON.stringify({ events: [event] });
      const hook = (method, p, headers, b = body) => server.browser().raw(method, `/hooks/matrix/${p}`, { headers: { 'content-type': 'application/json', ...headers }, body: method === 'GET' ? undefined : b });
      const at = 'salon/_matrix/app/v1/transactions/900';
      for (const authorization of [undefined, '', 'Bearer', 'Bearer ', `Bearer ${AS_TOKEN}`, `Bearer ${HS_TOKEN}x`, `Bearer ${HS_TOKEN.slice(1)}`, `Basic ${HS_TOKEN}`, HS_TOKEN, `Bearer ${'x'.repeat(400)}`]) {
        const r = await hook('PUT', at, authorization === undefined ? {} : { authorization });
        assert.equal(r.status, 403, `authorization ${authorization}`);
        assert.equal(JSON.parse(r.text).errcode, 'M_FORBIDDEN');
      }
      assert.equal((await hook('PUT', `${at}?access_token=${HS_TOKEN}`, {})).status, 403);
      assert.equal((await hook('PUT', 'nobody/_matrix/app/v1/transactions/1', { authorization: `Bearer ${HS_TOKEN}` })).status, 403);
      assert.equal(await desk.inboxRow('canari refusé'), undefined);
      const right = { authorization: `Bearer ${HS_TOKEN}` };
      for (const bad of ['', '{', '[]', '{"events":{}}', '{"events":[}', Buffer.from([0x7b, 0x22, 0xff])]) assert.equal((await hook('PUT', at, right, bad)).status, 400, String(bad));
      assert.equal((await hook('PUT', at, right, '{"events":[{"type":"m.room.message"},7,null,{"event_id":"$x","content":[]}]}')).status, 200);
      assert.equal((await hook('PUT', at, right)).status, 200);
      await desk.question('canari refusé');
      assert.equal((await hook('POST', 'salon/_matrix/app/v1/ping', right, '{"transaction_id":"1"}')).status, 200);
      assert.equal((await hook('POST', 'salon/_matrix/app/v1/ping', {}, '{}')).status, 403);
      for (const p of ['users/@x:hs.example', 'rooms/%23x:hs.example']) {
        const r = await hook('GET', `salon/_matrix/app/v1/${p}`, right);
        assert.equal(r.status, 404);
        assert.equal(JSON.parse(r.text).errcode, 'M_NOT_FOUND');
        assert.equal((await hook('GET', `salon/_matrix/app/v1/${p}`, {})).status, 403);
      }
    });

    test('a room that moves: the place follows', async () => {
      const { room_id: fresh } = await hs.act('upgrade', { room, user: OWNER });
      await until('the service in the new room', async () => (await hs.members(fresh))[BOT] === 'join');
      await hs.act('join', { room: fresh, user: amal });
      await hs.act('say', { room: fresh, user: amal, text: 'Et ici, on répond ?' });
      await desk.reply('on répond', 'Oui, ici aussi');
      await hs.heard(fresh, 'Oui, ici aussi');
      room = fresh;
    });

    test('MSG-17, MOD-3: who leaves is left; who is put out is banned and stays out', async () => {
      const omar = '@omar:hs.example';
      await hs.act('users', { user: omar, name: 'Omar' });
      await hs.act('join', { room, user: omar });
      await hs.idle();
      await until('a member by presence', async () => (await desk.admin.get(`/communities/${desk.id}/members`)).words.includes('Omar'));
      await hs.act('leave', { room, user: omar });
      await until('left', async () => (await desk.admin.get(`/communities/${desk.id}/members?state=left`)).words.includes('Omar'));
      const zein = '@zein:hs.example';
      await hs.act('users', { user: zein, name: 'Zein' });
      await hs.act('join', { room, user: zein });
      await until('a member', async () => (await desk.admin.get(`/communities/${desk.id}/members`)).words.includes('Zein'));
      await desk.remove('Zein', 'guidelines');
      await until('the ban', async () => (await hs.members(room))[zein] === 'ban');
      assert.equal(await hs.refused('join', { room, user: zein }), 'M_FORBIDDEN');
    });

    test('all that ever came in, ten times more and shuffled: not one row differs', async () => {
      await hs.idle();
      await wire.again(place);
      await hs.idle();
    });

    test('every request fits the specification, and no secret and no word is in the log', async () => {
      await hs.idle();
      await hs.clean();
      for (const canary of [AS_TOKEN, HS_TOKEN, 'Amal', amal, 'bibliothèque', '4477881', 'déluge', 'canari', 'Réponse']) assert.ok(!server.log.includes(canary), `the log says ${canary}`);
      assert.ok(!/status=500/.test(server.log));
      assert.match(await place.ok('audit', 'verify'), /is whole/);
    });
  });

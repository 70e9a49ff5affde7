// SPDX-License-Identifier: EUPL-1.2
// XMPP rooms through an external component of a real Prosody, with real clients, on both engines. One of the two runs has
// rooms that keep an archive and give stable ids, the other has plain rooms.
import assert from 'node:assert/strict';
import net from 'node:net';
import { after, before, describe, test } from 'node:test';
import { decide } from '../support/community.mjs';
import { like, say } from '../support/po.mjs';
import { tenfold } from '../support/replay.mjs';
import { Desk } from '../support/rooms.mjs';
import { ENGINES, Place, run, until, without } from '../support/server.mjs';
import { BOT, Prosody, SECRET, xml } from '../support/xmpp.mjs';

const ROOM = 'entraide@rooms.localhost';
const OPEN = 'ouvert@rooms.localhost';
const THANKS = like('fr', 'Thank you. Your request to join {0} was sent; you will be told here.');

// How far whole stanzas go in these bytes, and those among them that are messages with words.
function wholeStanzas(bytes) {
  const text = bytes.toString('latin1');
  const messages = [];
  let depth = 0, end = 0, from = 0;
  for (const m of text.matchAll(/<(\/?)([\w:-]+)[^>]*?(\/?)>|<\?[^>]*\?>/g)) {
    if (!m[2] || m[2] === 'stream:stream') { // the head and the foot of the stream stand for themselves
      if (depth === 0) end = m.index + m[0].length;
      continue;
    }
    if (depth === 0 && !m[1]) from = m.index;
    depth += m[1] ? -1 : m[3] ? 0 : 1;
    if (depth > 0) continue;
    end = m.index + m[0].length;
    const stanza = bytes.subarray(from, end);
    if (m[2] === 'message' && stanza.includes('<body>') && !/type=.error/.test(stanza)) messages.push(Buffer.from(stanza));
  }
  return { end, messages };
}

// A wire between the component and Prosody that can be cut.
class Wire {
  static async lay(target) {
    const w = new Wire();
    w.pairs = new Set();
    w.messages = []; // each message with words that Prosody gave us, as it stood on the line
    w.cut = null; // 'before': what we say is lost; 'after': it arrives, the answer is lost
    w.server = net.createServer((a) => {
      const b = net.connect(target, '127.0.0.1');
      const pair = { a, b };
      w.pairs.add(pair);
      const end = () => {
        w.pairs.delete(pair);
        a.destroy();
        b.destroy();
      };
      for (const s of [a, b]) s.on('error', end).on('close', end);
      a.on('data', (d) => {
        if (w.cut && w.cut.test(d.toString('utf8'))) {
          const { deliver } = w;
          w.cut = null;
          pair.mute = true;
          if (deliver) b.write(d);
          setTimeout(end, deliver ? 300 : 0);
          return;
        }
        b.write(d);
      });
      // What comes is passed on in whole stanzas, so that others can be put between them.
      let rest = Buffer.alloc(0);
      b.on('data', (d) => {
        if (pair.mute) return;
        rest = Buffer.concat([rest, d]);
        const whole = wholeStanzas(rest);
        a.write(rest.subarray(0, whole.end));
        rest = rest.subarray(whole.end);
        w.messages.push(...whole.messages);
      });
    });
    await new Promise((resolve) => w.server.listen(0, '127.0.0.1', resolve));
    w.port = w.server.address().port;
    return w;
  }
  // Prosody says it once more.
  async again(stanza) {
    const pair = await until('the line', () => [...this.pairs].find((p) => !p.mute), 30000);
    pair.a.write(stanza);
  }
  cutAt(re, deliver) {
    Object.assign(this, { cut: re, deliver });
  }
  close() {
    for (const p of this.pairs) p.a.destroy();
    return new Promise((resolve) => this.server.close(resolve));
  }
}

for (const engine of ENGINES)
  describe(`xmpp, ${engine}`, { skip: without(engine) }, () => {
    const archive = engine === 'sqlite';
    let prosody, wire, place, server, desk, amal;

    const trouble = async (name) => new RegExp(`^${name} .*?(\\S*)$`, 'm').exec(await place.ok('channel', 'list'))?.[1];
    // How often somebody in the room saw us come in.
    const arrivals = () => amal.presences.filter((p) => p.attrs.from === `${ROOM}/Passerelle` && p.attrs.type === undefined).length;
    const admitted = async (name) => {
      const who = await prosody.person(name);
      await who.tell(BOT, 'Bonjour');
      await who.hears(BOT, 'Le respect avant tout');
      await who.tell(BOT, 'oui');
      await who.hears(BOT, 'Depuis quand êtes-vous ici ?');
      await who.tell(BOT, 'Hier');
      await who.hears(BOT, 'Comment nous avez-vous trouvés ?');
      await who.tell(BOT, 'Une affiche');
      await until('the thanks', () => who.heard.some((m) => THANKS.test(m.getChildText('body') ?? '')));
      assert.equal(await who.enter(ROOM), 'registration-required', 'the room is open to everybody');
      await decide(desk.admin, name, 'accept');
      await until('the invitation', () => who.heard.some((m) => m.attrs.from === ROOM && m.getChild('x', 'http://jabber.org/protocol/muc#user')?.getChild('invite')));
      assert.equal(await who.enter(ROOM), null);
      return who;
    };

    before(async () => {
      prosody = await Prosody.start({ archive, people: ['olga', 'amal', 'omar', 'zein', 'rita', 'noor'] });
      wire = await Wire.lay(prosody.component);
      place = await Place.make(engine);
      // A room that exists already, open to everybody and moderated: who comes may only read.
      const olga = await prosody.person('olga');
      assert.equal(await olga.enter(OPEN), null);
      await olga.configure(OPEN, { 'muc#roomconfig_persistentroom': '1', 'muc#roomconfig_whois': 'moderators' });
      await olga.affiliation(OPEN, BOT, 'admin');
      const printed = await place.ok('channel', 'add', 'xmpp', '--name', 'salle', '--address', BOT, '--secret', SECRET, '--rooms', `${ROOM} ${OPEN}`, '--port', String(wire.port));
      assert.match(printed, /Component "passerelle.localhost"/);
      assert.ok(!printed.includes(SECRET));
      server = await place.serve();
      desk = await Desk.open(place, server, 'ville');
      await desk.connect('salle', ROOM);
    });
    after(async () => {
      try {
        await place?.close();
      } finally {
        await wire?.close();
        await prosody?.stop();
      }
    });

    test('MSG-6, MSG-7, MSG-8: who writes to us is asked privately, accepted, put on the list and invited', async () => {
      amal = await admitted('amal');
      await amal.hears(BOT, 'Bienvenue parmi nous');
      assert.ok((await desk.admin.get(`/communities/${desk.id}/members`)).words.includes('amal'));
    });

    test('MSG-11: a question in the room gets its answer there, as a reply; a correction is nothing new', async () => {
      const id = await amal.say(ROOM, 'Où obtenir une carte de bibliothèque ?');
      const path = await desk.question('carte de bibliothèque');
      await amal.say(ROOM, 'Où obtenir une carte corrigée ?', xml('replace', { xmlns: 'urn:xmpp:message-correct:0', id }));
      await desk.answer(path, 'À la succursale principale', { source: 'biblio.example' });
      const said = await amal.hears(`${ROOM}/Passerelle`, 'succursale principale');
      const own = amal.said(ROOM, 'carte de bibliothèque')[0];
      const stable = own.getChild('stanza-id', 'urn:xmpp:sid:0')?.attrs.id;
      assert.equal(Boolean(stable), archive);
      assert.equal(said.getChild('reply', 'urn:xmpp:reply:0')?.attrs.id, stable ?? id);
      assert.equal(amal.said(ROOM, 'succursale principale').length, 1);
      assert.ok(!(await desk.sayings()).some((t) => t.includes('corrigée')));
    });

    test('an answer to our words is understood, without what older apps need', async () => {
      const ours = amal.said(ROOM, 'succursale principale')[0];
      const id = ours.getChild('stanza-id', 'urn:xmpp:sid:0')?.attrs.id ?? ours.attrs.id;
      const quote = '> À la succursale\n';
      await amal.say(ROOM, `${quote}Et le dimanche ?`, xml('reply', { xmlns: 'urn:xmpp:reply:0', id, to: ours.attrs.from }), xml('fallback', { xmlns: 'urn:xmpp:fallback:0', for: 'urn:xmpp:reply:0' }, xml('body', { start: '0', end: String([...quote].length) })));
      const path = await desk.question('Et le dimanche');
      assert.ok((await desk.sayings()).includes('Et le dimanche ?'));
      await desk.answer(path, 'Fermée le dimanche');
      await amal.hears(ROOM, 'Fermée le dimanche');
    });

    test('MSG-10: a private word is answered privately; receipts both ways', async () => {
      const id = await amal.tell(BOT, 'Question privée d’Amal ?', xml('request', { xmlns: 'urn:xmpp:receipts' }));
      const path = await desk.question('Question privée d’Amal');
      await until('our receipt', () => amal.heard.some((m) => m.getChild('received', 'urn:xmpp:receipts')?.attrs.id === id));
      await desk.answer(path, 'Réponse privée pour Amal');
      const said = await amal.hears(BOT, 'Réponse privée pour Amal');
      assert.equal(said.attrs.from, BOT);
      assert.equal(amal.said(ROOM, 'Réponse privée').length, 0);
      if (place.database)
        await until('the delivery', async () => {
          const r = await run('psql', [place.database, '-Atc', `SELECT count(*) FROM outbox WHERE provider_id = '${said.attrs.id}' AND state = 3`]);
          return r.out.trim() === '1';
        });
    });

    test('MSG-12, A-28: personal words are taken away where the room can do that; where it cannot, the operator sees it', async () => {
      const id = await amal.say(ROOM, 'Mon dossier est le 4477881, que faire ?');
      const path = await desk.question('4477881');
      const page = await (await desk.mod.get(path)).submit('/private');
      assert.deepEqual(page.summary, []);
      if (archive) {
        const stable = amal.said(ROOM, '4477881')[0].getChild('stanza-id', 'urn:xmpp:sid:0').attrs.id;
        await until('the retraction', () => amal.heard.some((m) => m.attrs.type === 'groupchat' && m.toString().includes('urn:xmpp:message-moderate:0') && m.toString().includes(stable)));
      } else {
        assert.ok(id);
        await until('the refused send', async () => (await run('psql', [place.database, '-Atc', "SELECT count(*) FROM outbox WHERE error_code = 'no-retraction-here'"])).out.trim() === '1');
      }
      await desk.answer(path, 'Écrivez-nous ici, en privé');
      await amal.hears(BOT, 'Écrivez-nous ici');
      assert.equal(amal.said(ROOM, 'Écrivez-nous ici').length, 0);
    });

    test('going offline is not leaving', async () => {
      await amal.leave(ROOM);
      assert.equal(await amal.enter(ROOM), null);
      await amal.say(ROOM, 'Toujours là ?');
      await desk.reply('Toujours là', 'Oui, toujours');
      await amal.hears(ROOM, 'Oui, toujours');
      assert.ok(!(await desk.admin.get(`/communities/${desk.id}/members?state=left`)).words.includes('amal'));
    });

    test('MOD-3: who is put out is put out of the room and kept out', async () => {
      const zein = await admitted('zein');
      await desk.remove('zein', 'guidelines');
      await until('put out', () => zein.presences.some((p) => p.attrs.from === `${ROOM}/zein` && p.attrs.type === 'unavailable' && p.getChild('x', 'http://jabber.org/protocol/muc#user')?.getChildren('status').some((c) => c.attrs.code === '301')));
      // A closed room says the same to everybody who is not on its list.
      assert.equal(await zein.enter(ROOM), 'registration-required');
      assert.ok(!(await desk.admin.get(`/communities/${desk.id}/members`)).words.includes('zein'));
    });

    test('MSG-17: a word is enough to leave', async () => {
      const omar = await admitted('omar');
      await omar.tell(BOT, 'stop');
      await until('left', async () => (await desk.admin.get(`/communities/${desk.id}/members?state=left`)).words.includes('omar'));
      await until('off the list', async () => (await omar.enter(ROOM)) === 'registration-required');
    });

    test('what is said while we are away is heard afterwards, once; nothing counts twice', async () => {
      const before_ = (await desk.sayings()).length;
      await server.stop();
      for (const text of ['Pendant la pause, un ?', 'Pendant la pause, deux ?', 'Pendant la pause, trois.']) await amal.say(ROOM, text);
      server = await place.serve();
      await desk.again(server);
      await desk.question('Pendant la pause, un');
      await until('all three', async () => (await desk.sayings()).filter((t) => t.startsWith('Pendant la pause')).length === 3);
      assert.equal((await desk.sayings()).length, before_ + 3);
      await desk.reply('Pendant la pause, deux', 'De retour');
      await amal.hears(ROOM, 'De retour');
    });

    test('Prosody is killed and comes back: answers wait and arrive once, nothing is lost or doubled', async () => {
      await amal.say(ROOM, 'Avant la panne ?');
      const path = await desk.question('Avant la panne');
      const before_ = (await desk.sayings()).length;
      await prosody.kill();
      await until('the trouble', async () => /connection-lost|not-reachable/.test((await trouble('salle')) ?? ''), 20000, 200);
      await desk.answer(path, 'Réponse donnée pendant la panne');
      assert.equal((await desk.mod.get('/sends')).has(/resolve$/), false);
      await prosody.run();
      await amal.stop();
      await amal.connect();
      assert.equal(await amal.enter(ROOM, 'amal', '5'), null);
      await amal.say(ROOM, 'Dit juste après la panne ?');
      await amal.hears(ROOM, 'Réponse donnée pendant la panne', 40000);
      await desk.question('Dit juste après la panne');
      assert.equal(amal.said(ROOM, 'Réponse donnée pendant la panne').length, 1);
      const all = await desk.sayings();
      assert.equal(all.filter((t) => t.includes('Dit juste après')).length, 1);
      assert.equal(all.length, before_ + 2, 'something counted twice');
      await until('no more trouble', async () => (await trouble('salle')) === '', 20000, 200);
    });

    test('a line that broke after the answer left: in doubt; the room’s own history clears it up', async () => {
      await amal.say(ROOM, 'Question douteuse une ?');
      const path = await desk.question('Question douteuse une');
      const came = arrivals();
      wire.cutAt(/Réponse douteuse une/, true);
      await desk.answer(path, 'Réponse douteuse une');
      await amal.hears(ROOM, 'Réponse douteuse une');
      await until('us in the room again', () => arrivals() > came, 30000, 100);
      await amal.say(ROOM, 'Et ensuite ?');
      await desk.reply('Et ensuite', 'La suite');
      await amal.hears(ROOM, 'La suite', 30000);
      await until('the doubt is over', async () => !(await desk.mod.get('/sends')).has(/resolve$/), 20000, 200);
      assert.equal(amal.said(ROOM, 'Réponse douteuse une').length, 1);
    });

    test('a line that broke before it arrived: in doubt until a person decides, never sent blindly again', async () => {
      await amal.say(ROOM, 'Question douteuse deux ?');
      const path = await desk.question('Question douteuse deux');
      wire.cutAt(/Réponse douteuse deux/, false);
      await desk.answer(path, 'Réponse douteuse deux');
      await until('the doubt', async () => (await desk.mod.get('/sends')).has(/resolve$/), 30000, 200);
      await amal.say(ROOM, 'Question d’après ?');
      await desk.reply('Question d’après', 'Réponse d’après');
      await amal.hears(ROOM, 'Réponse d’après', 30000);
      assert.equal(amal.said(ROOM, 'Réponse douteuse deux').length, 0);
      const page = await (await desk.mod.get('/sends')).submit(/resolve$/, { decision: 'again' });
      assert.equal(page.status, 200);
      await amal.hears(ROOM, 'Réponse douteuse deux');
      assert.equal(amal.said(ROOM, 'Réponse douteuse deux').length, 1);
    });

    if (engine === 'postgres')
      test('two servers: the connection lives in one, answers given in the other arrive all the same', async () => {
        const second = await place.serve();
        const there = await second.signedIn('amira', 'amira l’a choisi');
        for (let i = 0; i < 4; i++) {
          await amal.say(ROOM, `Question numéro ${i} aux deux ?`);
          const path = await desk.question(`Question numéro ${i} aux deux`);
          const page = await (await there.get(path)).submit('/answer', { text: `Réponse numéro ${i} du second` });
          assert.deepEqual(page.summary, []);
          await amal.hears(ROOM, `Réponse numéro ${i} du second`, 8000);
        }
        await server.stop();
        server = second;
        await desk.again(second);
        await amal.say(ROOM, 'Et quand le premier s’arrête ?');
        await desk.question('Et quand le premier s’arrête');
        await desk.reply('Et quand le premier s’arrête', 'Le second reprend');
        await amal.hears(ROOM, 'Le second reprend', 20000);
      });

    test('a semi-anonymous open room: who is not on its list is known by occupant id, and reached and banned through it', async () => {
      await desk.connect('salle', OPEN);
      const rita = await prosody.person('rita');
      assert.equal(await rita.enter(OPEN, 'Rita R.'), null);
      await rita.say(OPEN, 'Qui répond ici ?');
      const path = await desk.question('Qui répond ici');
      await desk.answer(path, 'Toute l’équipe');
      await rita.hears(OPEN, 'Toute l’équipe');
      await rita.tell(`${OPEN}/Passerelle`, 'Et en privé ?');
      await desk.reply('Et en privé', 'Aussi en privé');
      const said = await rita.hears(`${OPEN}/Passerelle`, 'Aussi en privé');
      assert.equal(said.attrs.type, 'chat');
      // Another name is the same person.
      await rita.leave(OPEN, 'Rita R.');
      assert.equal(await rita.enter(OPEN, 'Ritournelle'), null);
      await rita.say(OPEN, 'Encore moi ?');
      await desk.question('Encore moi');
      const members = (await desk.admin.get(`/communities/${desk.id}/members`)).words;
      assert.ok(members.includes('Rita R.') && !members.includes('Ritournelle'), 'another name became another person');
      await desk.remove('Rita R.', 'guidelines');
      await until('put out', async () => (await rita.enter(OPEN, 'Tierce')) === 'forbidden', 15000, 200);
      assert.equal(await rita.enter(OPEN, 'Tierce'), 'forbidden');
    });

    test('MSG-6: in a moderated room asking for a voice is asking to join', async () => {
      const olga = prosody.people[0];
      await olga.stop(); // its line broke with Prosody
      await olga.connect();
      await olga.configure(OPEN, { 'muc#roomconfig_moderatedroom': '1', 'muc#roomconfig_persistentroom': '1' });
      const noor = await prosody.person('noor');
      assert.equal(await noor.enter(OPEN, 'Noor'), null);
      await noor.say(OPEN, 'Sans voix ?');
      await until('no voice', () => noor.heard.some((m) => m.attrs.type === 'error'));
      const form = [['FORM_TYPE', 'http://jabber.org/protocol/muc#request'], ['muc#role', 'participant']];
      await noor.xmpp.send(xml('message', { to: OPEN }, xml('x', { xmlns: 'jabber:x:data', type: 'submit' }, ...form.map(([k, v]) => xml('field', { var: k }, xml('value', {}, v))))));
      await noor.hears(BOT, 'Le respect avant tout');
      for (const [said, next] of [['oui', 'Depuis quand êtes-vous ici ?'], ['Hier', 'Comment nous avez-vous trouvés ?']]) {
        await noor.tell(BOT, said);
        await noor.hears(BOT, next);
      }
      await noor.tell(BOT, 'Une affiche');
      await until('the thanks', () => noor.heard.some((m) => THANKS.test(m.getChildText('body') ?? '')));
      await decide(desk.admin, 'Noor', 'accept');
      await until('a voice', () => noor.presences.some((p) => p.attrs.from === `${OPEN}/Noor` && p.getChild('x', 'http://jabber.org/protocol/muc#user')?.getChild('item')?.attrs.affiliation === 'member'));
      await noor.say(OPEN, 'Maintenant avec une voix ?');
      await desk.question('avec une voix');
    });

    /* channels.md §10. Prosody keeps the order of a stream and says a stanza once; what comes twice in life is a room's history
     * after a new connection (above). Here the line itself says all of it ten times, shuffled. A private word without an id
     * cannot be known again: XMPP has nothing else to tell two same words by, so those count each time and stay out. */
    test('all words that ever came in, ten times more and shuffled: not one row differs', async () => {
      const known = wire.messages.filter((m) => /^<message[^>]* id=/.test(m));
      assert.ok(known.length > 20);
      await tenfold(place, known, (m) => wire.again(m), { lanes: 1 });
      assert.equal(await trouble('salle'), '');
    });

    test('a wrong secret and an unknown component show as the trouble of the channel', async () => {
      await place.ok('channel', 'add', 'xmpp', '--name', 'faux', '--address', 'x@second.localhost', '--secret', 'wrong-secret-canary', '--rooms', ROOM, '--port', String(prosody.component));
      await place.ok('channel', 'add', 'xmpp', '--name', 'inconnu', '--address', 'x@nowhere.localhost', '--secret', 'wrong-secret-canary', '--rooms', ROOM, '--port', String(prosody.component));
      await place.ok('channel', 'add', 'xmpp', '--name', 'loin', '--address', 'x@nowhere.localhost', '--secret', 'wrong-secret-canary', '--rooms', ROOM, '--host', '192.0.2.1');
      await until('the trouble', async () => (await trouble('faux')) === 'secret-refused', 20000, 200);
      await until('the trouble', async () => (await trouble('inconnu')) === 'component-unknown', 20000, 200);
      await until('the trouble', async () => (await trouble('loin')) === 'address-refused', 20000, 200);
    });

    test('no secret and no word is in the log', async () => {
      for (const canary of [SECRET, 'wrong-secret-canary', 'amal', 'bibliothèque', 'Réponse', 'Rita', 'douteuse']) assert.ok(!server.log.includes(canary), `the log says ${canary}`);
      assert.ok(!/status=500/.test(server.log));
      assert.match(await place.ok('audit', 'verify'), /is whole/);
    });
  });

// SPDX-License-Identifier: EUPL-1.2
// A whole installation with one community that lives in one app: what the journeys of commercial apps begin with.
import assert from 'node:assert/strict';
import { account, decide, giveRole, idOf, importDesign, openIt } from './community.mjs';
import { words } from './html.mjs';
import { like } from './po.mjs';
import { Recorder } from './replay.mjs';
import { Place, until } from './server.mjs';
import { Standin } from './standin.mjs';

export class AppJourney {
  // settings(standin) → options of `passerelle channel add KIND`; chat: the group, none for one-to-one apps;
  // sign: see Recorder
  static async start(engine, { kind, script = kind, settings, chat = '', design = {}, sign }) {
    const j = new AppJourney();
    j.kind = kind;
    try {
      j.app = await Standin.start(script);
      j.place = await Place.make(engine);
      await importDesign(j.place, 'ville', design);
      const out = await j.place.ok('channel', 'add', kind, '--name', 'app', ...settings(j.app));
      assert.match(out, new RegExp(`POST /hooks/${kind}/app`));
      j.server = await j.place.serve();
      j.wire = await Recorder.start({ sign });
      j.wire.to = j.server.port;
      j.hook = `${j.wire.url}/hooks/${kind}/app`;
      await j.app.act('hook', { url: j.hook });
      j.admin = await j.server.signedIn(j.place.admin.login, j.place.admin.password);
      j.com = await idOf(j.admin, 'ville');
      await openIt(j.admin, j.com);
      const who = await account(j.admin, 'amira', 'Amira H.');
      await giveRole(j.admin, j.com, 'Amira H.', 'moderator');
      await (await j.server.browser().signIn('amira', who.password)).submit('/me/password', { old: who.password, new: 'amira l’a choisi', again: 'amira l’a choisi' });
      j.mod = await j.server.signedIn('amira', 'amira l’a choisi');
      j.api = j.server.api(await j.place.token('amira', 'write'));
      await j.connect(chat);
    } catch (e) {
      await j.stop();
      throw e;
    }
    return j;
  }
  async connect(chat, more = {}) {
    const page = await this.admin.get(`/communities/${this.com}`);
    const option = page.form('/channels').fields.find((f) => f.name === 'channel').options.find((o) => o.label === 'app');
    const done = await page.submit('/channels', { channel: option.value, chat, ...more });
    assert.deepEqual(done.summary, []);
  }
  async stop() {
    try {
      await this.place?.close();
    } finally {
      await this.wire?.stop();
      await this.app?.stop();
    }
  }
  // Everything that came in so far comes again, ten times and shuffled: nothing changes.
  async again() {
    await this.app.idle();
    await this.wire.again(this.place);
    await this.app.idle();
  }
  say(user, text, more = {}) {
    return this.app.act('say', { user, text, ...more });
  }
  async inboxRow(text) {
    const page = await this.mod.get('/inbox');
    return [...page.html.matchAll(/<a href="(\/inbox\/[0-9a-z]{13})[^"]*"[\s\S]*?<\/a>/g)].find((m) => words(m[0]).includes(text))?.[1];
  }
  question(text) {
    return until(`the question "${text}" in the inbox`, () => this.inboxRow(text), 15000, 50);
  }
  async answer(path, text, more = {}) {
    const page = await (await this.mod.get(path)).submit('/answer', { text, ...more });
    assert.deepEqual(page.summary, []);
    return page;
  }
  async count(user, text) {
    return (await this.app.messages(user)).filter((m) => (m.text ?? '').includes(text)).length;
  }
  // Asks to join in the app's private chat, by button or by word, and is let in. more: how the words are sent
  async join(user, name, { press, more = {} } = {}) {
    await this.say(user, 'Bonjour', more);
    if (press) await press(await this.app.heard(user, 'Le respect avant tout'));
    else await this.say(user, 'oui', more);
    if (!more.ago_s) await this.app.heard(user, 'Depuis quand êtes-vous ici ?');
    await this.say(user, 'Deux mois', more);
    if (!more.ago_s) await this.app.heard(user, 'Comment nous avez-vous trouvés ?');
    await this.say(user, 'Une affiche', more);
    await until(`the request of ${name}`, async () => (await this.admin.get('/joins')).words.includes(name));
    if (!more.ago_s) await this.app.heard(user, (m) => like('fr', 'Thank you. Your request to join {0} was sent; you will be told here.').test(m.text ?? ''));
    await decide(this.admin, name, 'accept');
    if (!more.ago_s) await this.app.heard(user, 'Bienvenue parmi nous');
  }
  async states() {
    return [...(await this.admin.get('/sends?all=1')).html.matchAll(/<li class="row"[\s\S]*?<\/li>/g)].map((m) => words(m[0]));
  }
  // Everything that was asked here and is open, by its words.
  async open() {
    return (await this.api.get(`/api/v1/questions?community=${this.com}&limit=200`)).json.questions.map((q) => q.text);
  }
  // The log holds none of these, and nothing broke.
  async quiet(canaries) {
    await this.app.idle();
    await this.app.clean();
    for (const c of canaries) assert.ok(!this.server.log.includes(c), `the log says ${c}`);
    assert.ok(!/status=500/.test(this.server.log), this.server.log.slice(-2000));
    assert.match(await this.place.ok('audit', 'verify'), /is whole/);
  }
}

// SPDX-License-Identifier: EUPL-1.2
// What the journeys of chat rooms share: a community with an administrator and a moderator, and the moderator's work.
import assert from 'node:assert/strict';
import { account, giveRole, idOf, importDesign, openIt } from './community.mjs';
import { words } from './html.mjs';
import { until } from './server.mjs';

export class Desk {
  constructor(place, server) {
    Object.assign(this, { place, server });
  }
  static async open(place, server, slug) {
    const d = new Desk(place, server);
    await importDesign(place, slug);
    await d.signIn();
    d.id = await idOf(d.admin, slug);
    await openIt(d.admin, d.id);
    const who = await account(d.admin, 'amira', 'Amira H.');
    await giveRole(d.admin, d.id, 'Amira H.', 'moderator');
    await (await server.browser().signIn('amira', who.password)).submit('/me/password', { old: who.password, new: 'amira l’a choisi', again: 'amira l’a choisi' });
    d.mod = await server.signedIn('amira', 'amira l’a choisi');
    d.api = server.api(await place.token('amira', 'write'));
    return d;
  }
  async signIn() {
    this.admin = await this.server.signedIn(this.place.admin.login, this.place.admin.password);
  }
  // On another server process of the same installation.
  async again(server) {
    this.server = server;
    await this.signIn();
    this.mod = await server.signedIn('amira', 'amira l’a choisi');
    this.api = server.api(await this.place.token('amira', 'write'));
  }
  async connect(channel, chat) {
    const page = await this.admin.get(`/communities/${this.id}`);
    const option = page.form('/channels').fields.find((f) => f.name === 'channel').options.find((o) => o.label === channel);
    const done = await page.submit('/channels', { channel: option.value, chat });
    assert.deepEqual(done.summary, []);
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
  async reply(asked, text) {
    return this.answer(await this.question(asked), text);
  }
  async sayings() {
    const all = [];
    for (let cursor = ''; ; ) {
      const { json } = await this.api.get(`/api/v1/communities/${this.id}/messages?limit=200${cursor ? `&cursor=${cursor}` : ''}`);
      all.push(...json.messages);
      if (!json.next) return all.map((m) => m.text);
      cursor = json.next;
    }
  }
  async remove(name, reason) {
    const list = await this.admin.get(`/communities/${this.id}/members`);
    const row = list.html.split(/<tr\b|<li\b/).find((r) => r.includes(`<bdi>${name}</bdi>`) && r.includes('/remove"'));
    assert.ok(row, `${name} cannot be removed:\n${list.words}`);
    const page = await list.submit(/action="([^"]*\/remove)"/.exec(row)[1], { reason });
    assert.deepEqual(page.summary, []);
  }
}

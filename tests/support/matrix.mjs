// SPDX-License-Identifier: EUPL-1.2
// The Matrix stand-in (tests/fakes/matrix.mjs) in its own process, and what people do there.
import assert from 'node:assert/strict';
import { until } from './server.mjs';
import { Standin } from './standin.mjs';

export const AS_TOKEN = 'as_journey_0123456789abcdef';
export const HS_TOKEN = 'hs_journey_fedcba9876543210';
export const BOT = '@accueil:hs.example';

export class Homeserver extends Standin {
  static start() {
    return super.start('matrix', {});
  }
  async refused(name, body = {}) {
    const r = await fetch(`${this.base}/_control/${name}`, { method: 'POST', body: JSON.stringify(body) });
    assert.equal(r.status, 409, `${name} was not refused`);
    return (await r.json()).errcode;
  }
  timeline(room) {
    return this.look(`timeline?room=${encodeURIComponent(room)}`);
  }
  members(room) {
    return this.look(`members?room=${encodeURIComponent(room)}`);
  }
  // Our own messages in a room.
  async said(room, text) {
    return (await this.timeline(room)).filter((e) => e.type === 'm.room.message' && e.sender === BOT && (e.content.body ?? '').includes(text));
  }
  heard(room, text, ms = 15000) {
    return until(`"${text}" in ${room}`, async () => (await this.said(room, text))[0], ms, 40);
  }
  // The private room of a person with us, once it exists.
  privately(user) {
    return until(`the private room of ${user}`, async () => (await this.look(`direct?user=${encodeURIComponent(user)}`))[0], 15000, 40);
  }
  async requests(operation) {
    return this.look(`requests?operation=${operation}`);
  }
  async clean() {
    assert.deepEqual(await this.look('violations'), { requests: [], own: [] });
  }
}

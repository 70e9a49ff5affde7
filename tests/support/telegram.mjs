// SPDX-License-Identifier: EUPL-1.2
// The Telegram stand-in (tests/fakes/telegram.mjs) in its own process, and what people do there.
import assert from 'node:assert/strict';
import { Standin } from './standin.mjs';

export const SECRET = 'journey-secret_0123456789abcdef';

export class Telegram extends Standin {
  static start() {
    return super.start('telegram', { 'retry-scale': 0.01, 'poll-scale': 0.1 });
  }
  messages(chat) {
    return this.look(`messages?chat=${chat}`);
  }
  async clean() {
    assert.deepEqual(await this.look('violations'), { requests: [], updates: [], late_join_queries: [] });
  }
}

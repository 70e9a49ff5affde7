// SPDX-License-Identifier: EUPL-1.2
// The SMS service stand-in (tests/fakes/twilio.mjs) in its own process, and the telephones behind it.
import { plain } from './kannel.mjs';
import { until } from './server.mjs';
import { Standin } from './standin.mjs';

export const NUMBER = '+16135550100';

export class Twilio extends Standin {
  static start() {
    return super.start('twilio', {});
  }
  say(from, text, more = {}) {
    return this.act('say', { url: this.hook, from, to: NUMBER, text, ...more });
  }
  to(number) {
    return this.look(`messages?to=${encodeURIComponent(number)}`);
  }
  heard(number, text, ms = 15000) {
    return until(`${text} at ${number}`, async () => (await this.to(number)).find((m) => plain(m.body).includes(plain(text))), ms, 40);
  }
  get settings() {
    return ['--account', this.account, '--token', this.token, '--sender', NUMBER, '--api-base', this.base];
  }
}

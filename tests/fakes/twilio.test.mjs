// SPDX-License-Identifier: EUPL-1.2
// The stand-in for Twilio-style services tells right from wrong.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ACCOUNT, TOKEN, checkCreate, signature, start } from './twilio.mjs';

const FORM = 'application/x-www-form-urlencoded';
const good = [['To', '+16135550101'], ['From', '+16135550100'], ['Body', 'Bonjour']];

test('a request must fit the contract', () => {
  assert.deepEqual(checkCreate(FORM, good), []);
  assert.match(checkCreate('application/json', good)[0], /content type/);
  assert.match(checkCreate(FORM, [...good, ['to', '1']])[0], /unknown/);
  assert.match(checkCreate(FORM, [...good, ['Body', 'x']])[0], /twice/);
  assert.match(checkCreate(FORM, good.slice(1))[0], /To/);
  assert.match(checkCreate(FORM, [good[0], good[2]])[0], /From/);
  assert.match(checkCreate(FORM, [good[0], ['MessagingServiceSid', 'MG1'], good[2]])[0], /short|fit/);
  assert.match(checkCreate(FORM, [good[0], good[1], ['Body', 'x'.repeat(1601)]])[0], /too long/);
  assert.match(checkCreate(FORM, [...good, ['StatusCallback', 'no address']])[0], /address/);
});

/* channels.md §8 */
test('signatures are those that are published', () => {
  const pairs = [['CallSid', 'CA1234567890ABCDE'], ['Caller', '+14158675309'], ['Digits', '1234'], ['From', '+14158675309'], ['To', '+18005551212']];
  assert.equal(signature('12345', 'https://mycompany.com/myapp.php?foo=1&bar=2', pairs), 'RSOYDt4T1cUTdK1PDd93/VVr8B8=');
  assert.equal(signature('tok', 'https://hub.example/sms?x=1', [['Body', 'ARRÊT'], ['From', '+16135550100'], ['MessageSid', 'SM1']]), 'ANsbT9r9Hl5YlnNoTRnMKciExJM=');
});

test('a wrong password is refused; a right request makes a message; faults come on command', async () => {
  const { server, port } = await start();
  const post = (token, kind) =>
    fetch(`http://127.0.0.1:${port}/2010-04-01/Accounts/${ACCOUNT}/Messages.json`, { method: 'POST', headers: { authorization: `Basic ${Buffer.from(`${ACCOUNT}:${token}`).toString('base64')}`, 'content-type': FORM }, body: new URLSearchParams(good).toString() });
  try {
    assert.equal((await post('wrong')).status, 401);
    const made = await post(TOKEN);
    assert.equal(made.status, 201);
    assert.match((await made.json()).sid, /^SM[0-9a-f]{32}$/);
    await fetch(`http://127.0.0.1:${port}/_control/faults`, { method: 'POST', body: JSON.stringify({ kind: '429', retry_after: 7 }) });
    const late = await post(TOKEN);
    assert.equal(late.status, 429);
    assert.equal(late.headers.get('retry-after'), '7');
    assert.equal((await (await fetch(`http://127.0.0.1:${port}/_control/messages`)).json()).length, 1);
  } finally {
    server.close();
    server.closeAllConnections();
  }
});

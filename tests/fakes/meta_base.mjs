// SPDX-License-Identifier: EUPL-1.2
// What the stand-ins of WhatsApp and Messenger share: signatures, the shape of errors, checking the address.
import crypto from 'node:crypto';
import { Refusal } from './standin.mjs';

export const APP_SECRET = 'passerelle-app-secret';
export const TOKEN = 'EAAtest-journey-token';
export const VERIFY = 'journey-verify-word';

export const graphError = (status, code, subcode, words = 'refused') =>
  new Refusal(status, { error: { message: `(#${code}) ${words}`, type: 'OAuthException', code, ...(subcode ? { error_subcode: subcode } : {}), fbtrace_id: 'A1' } });

export const sign = (body, secret = APP_SECRET) => `sha256=${crypto.createHmac('sha256', secret).update(body).digest('hex')}`;

export function needToken(call) {
  if (call.headers.authorization !== `Bearer ${TOKEN}`) throw graphError(401, 190, 0, 'Invalid OAuth access token');
}

export const metaDeliver = (world, event) => {
  const body = JSON.stringify(event);
  return { body, headers: { 'content-type': 'application/json', 'user-agent': 'facebookexternalua', 'x-hub-signature-256': sign(body, world.wrongSecret ?? APP_SECRET) } };
};

export const metaActs = {
  // What Meta does when the address is typed: → {status, answer}
  check_hook: async (w, p) => {
    const challenge = p.challenge ?? '1158201444';
    const query = `hub.mode=subscribe&hub.challenge=${challenge}&hub.verify_token=${encodeURIComponent(p.verify ?? VERIFY)}`;
    await w.post({ method: 'GET', query });
    return w.deliveries.at(-1);
  },
  // Any body, signed or not: {body: text, signature?: text | false}
  raw: async (w, p) => {
    const headers = { 'content-type': 'application/json' };
    if (p.signature !== false) headers['x-hub-signature-256'] = p.signature ?? sign(p.body);
    await w.post({ body: p.body, headers });
    return w.deliveries.at(-1);
  },
};

// SPDX-License-Identifier: EUPL-1.2
// A post of a moderator: written, published and out; and taken down again with what the pages say about it.
import assert from 'node:assert/strict';
import { until } from './server.mjs';

export async function sendPost(browser, community, typed) {
  const page = await (await browser.get(`/posts/new?community=${community}`)).submit('/posts/new', { type: 'prompt', checked_on: '', urgent: ['1'], ...typed });
  assert.deepEqual(page.summary, [], page.words);
  await (await browser.get(`${page.path}/publish`)).submit('/publish');
  await until('the post to have left', async () => /Published/.test((await browser.get(page.path)).words.slice(0, 400)), 30000, 250);
  return page.path;
}
// → what the confirmation says, and what the page says once everything was asked back
export async function takeDown(browser, path) {
  const confirm = await browser.get(`${path}/cancel`);
  const done = await confirm.submit('/cancel');
  assert.match(done.flash, /Nothing more leaves/);
  const after = await until('the copies to be asked back', async () => {
    const page = await browser.get(path);
    return page.html.includes('data-refresh-url') ? null : page;
  }, 30000, 250);
  return { before: confirm.words, after: after.words };
}
// A correction of a published post, itself published and out.
export async function correct(browser, path, typed) {
  const link = (await browser.get(path)).link(/^\/posts\/new\?community=[0-9a-z]+&corrects=[0-9a-z]+$/);
  const page = await (await browser.get(link)).submit('/posts/new', { source: 'ontario.ca', checked_on: '2026-01-05', urgent: ['1'], ...typed });
  assert.deepEqual(page.summary, [], page.words);
  await (await browser.get(`${page.path}/publish`)).submit('/publish');
  await until('the correction to have left', async () => /Published/.test((await browser.get(page.path)).words.slice(0, 400)), 30000, 250);
}

// SPDX-License-Identifier: EUPL-1.2
// Words typed to a person stay when another category is looked at.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { demoDesk } from "./places.mjs";

let desk, base, page, at;

before(async () => {
  desk = await demoDesk();
  ({ base, page, at } = desk);
});
after(() => desk?.close());

test("MOD-4: what was typed to the person is still there under another category, and gone once it is sent", async () => {
  const act = at.get("act-step");
  await page.goto(base + act);
  const words = "Nous parlons ici avec respect.";
  await page.fill("textarea[name=reason]", words);
  const other = page.locator(".chips a:not([aria-current])").first();
  await Promise.all([page.waitForURL((url) => url.href !== base + act), other.click()]);
  assert.equal(await page.inputValue("textarea[name=reason]"), words);
  await Promise.all([page.waitForURL(/\/sanctions\//), page.click("form[action$='/act'] button.danger")]);
  assert.equal(await page.evaluate((text) => Object.values({ ...sessionStorage, ...localStorage }).includes(text), words), false);
});

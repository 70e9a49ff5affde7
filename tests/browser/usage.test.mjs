// SPDX-License-Identifier: EUPL-1.2
// The sheet of a month is one printed page; the trend's chart has its table one key away.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Place } from "../support/server.mjs";
import { LANGS, launch } from "./browser.mjs";
import { staff, staffPlaces, withLang } from "./places.mjs";

let place, base, browser, page, at;

before(async () => {
  place = await Place.make("sqlite", { init: false });
  base = (await place.serve({ args: ["--demo"] })).url;
  browser = await launch();
  page = (await staff(browser, base, "nadia")).page;
  at = new Map(await staffPlaces(page, base));
});
after(async () => {
  await browser?.close();
  await place?.close();
});

test("EVAL-1: the sheet of a month prints on one page, in each language", async () => {
  for (const lang of LANGS) {
    await page.goto(base + withLang(at.get("statistics"), lang));
    const pdf = await page.pdf({ format: "Letter" });
    assert.equal((pdf.toString("latin1").match(/\/Type\s*\/Page\b/g) ?? []).length, 1, lang);
  }
});

test("EVAL-4: the chart of the trend opens its figures with the keyboard", async () => {
  await page.goto(base + withLang(at.get("trend"), "en"));
  const summary = page.locator(".chart-table summary").first();
  await summary.focus();
  await page.keyboard.press("Enter");
  assert.ok(await page.locator(".chart-table[open] table").first().isVisible());
  assert.equal(await page.locator(".chart-table[open] tbody tr").count(), 12);
});

// SPDX-License-Identifier: EUPL-1.2
// The sheet of a month is one printed page; the trend's chart has its table one key away.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { LANGS } from "./browser.mjs";
import { demoDesk, withLang } from "./places.mjs";

let desk, base, page, at;

before(async () => {
  desk = await demoDesk();
  ({ base, page, at } = desk);
});
after(() => desk?.close());

test("EVAL-1: the sheet of a month prints on one page, in each language", async () => {
  for (const lang of LANGS) {
    await page.goto(base + withLang(at.get("statistics"), lang));
    const margin = { top: "1cm", bottom: "1cm", left: "1cm", right: "1cm" }; // as browsers print
    const pdf = await page.pdf({ format: "Letter", margin });
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

test("EVAL-4: on paper, no column of the trend's tables is cut off", async () => {
  for (const lang of LANGS) {
    await page.goto(base + withLang(at.get("trend"), lang));
    await page.setViewportSize({ width: 980, height: 700 }); // a Letter sheet on its side
    await page.emulateMedia({ media: "print" });
    const cut = await page.locator(".trend-sheet .table-wrap:visible").evaluateAll((wraps) => wraps.map((wrap) => [wrap.scrollWidth, wrap.clientWidth]));
    assert.ok(cut.length > 0, lang);
    for (const [wide, room] of cut) assert.ok(wide <= room, `${lang}: ${wide} in ${room}`);
    await page.emulateMedia({ media: null });
  }
});

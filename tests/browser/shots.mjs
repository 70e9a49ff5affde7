// SPDX-License-Identifier: EUPL-1.2
// Pictures of every page of a running demonstration, to be looked at:
//   node tests/browser/shots.mjs http://localhost:8080 /tmp/shots [--lang=fr,ar] [--width=1280,360] [--only=inbox] [--dark] [--print]
//   node tests/browser/shots.mjs http://localhost:8080 docs/images --readme    the two pictures of the README
import { mkdirSync } from "node:fs";
import { join as joinPath } from "node:path";
import { LANGS, launch, open } from "./browser.mjs";
import { invitedPlaces, makeMember, staff, staffPlaces, visitorPlaces, withLang } from "./places.mjs";

const flags = Object.fromEntries(process.argv.slice(2).filter((a) => a.startsWith("--")).map((a) => a.slice(2).split("=")));
const [base = "http://localhost:8080", out = "/tmp/shots"] = process.argv.slice(2).filter((a) => !a.startsWith("--"));
const langs = flags.lang ? flags.lang.split(",") : LANGS, widths = (flags.width || "1280,360").split(",").map(Number);
mkdirSync(out, { recursive: true });

async function take(page, places, who) {
  if ("dark" in flags) await page.emulateMedia({ colorScheme: "dark" });
  if ("print" in flags) await page.emulateMedia({ media: "print" });
  for (const lang of langs) for (const [name, path] of places) {
    if (flags.only && !flags.only.split(",").includes(name)) continue;
    await page.goto(base + withLang(path, lang));
    for (const width of widths) {
      await page.setViewportSize({ width, height: width < 700 ? 740 : 900 });
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      if (wide > 0) console.log(`${who} ${name} ${lang} ${width}: ${wide} px too wide`);
      await page.screenshot({ path: joinPath(out, `${name}-${lang}-${width}.png`), fullPage: true });
    }
  }
}

// The inbox at a desk in French, and what a member reads on a telephone in Arabic.
async function readme(browser) {
  const desk = await staff(browser, base, "nadia", { viewport: { width: 1280, height: 800 } });
  await desk.page.goto(`${base}/inbox?lang=fr`);
  await desk.page.locator(".queue > li", { hasText: "Fatoumata" }).locator("a").first().click();
  await desk.page.locator(".offers summary").first().click();
  await desk.page.screenshot({ path: joinPath(out, "inbox.png") });
  const member = await makeMember(browser, base, desk.page);
  await member.page.setViewportSize({ width: 390, height: 844 });
  await member.page.goto(`${base}/c/ottawa-ar?lang=ar`);
  await member.page.screenshot({ path: joinPath(out, "member.png") });
}

const browser = await launch();
const setup = await open(browser, base);
const first = await setup.page.goto(`${base}/setup`);
if ("readme" in flags) await readme(browser);
else if (first.ok() && new URL(setup.page.url()).pathname === "/setup") await take(setup.page, [["setup", "/setup"]], "visitor");
else {
  const desk = await staff(browser, base);
  const member = await makeMember(browser, base, desk.page);
  const visitor = await open(browser, base);
  const invited = await invitedPlaces(desk.page, base);
  await take(visitor.page, [...visitorPlaces, ...invited.visitor], "visitor");
  await take(member.page, member.places, "member");
  await take(desk.page, [...invited.staff, ...await staffPlaces(desk.page, base)], "staff");
}
await browser.close();

// SPDX-License-Identifier: EUPL-1.2
// A newcomer and a moderator in two real browsers: joining, asking, the open inbox that tells, the keyboard, a saved
// answer, a kept draft, the quick exit.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Place } from "../support/server.mjs";
import { launch, open } from "./browser.mjs";
import { ask, staff } from "./places.mjs";

const SLUG = "ottawa-ar", NAME = "ريم", QUESTION = "كيف أسجّل طفلي في المدرسة؟";
let place, server, base, browser, admin, desk, member, question;

before(async () => {
  place = await Place.make("sqlite", { init: false });
  server = await place.serve({ args: ["--demo"] });
  base = server.url;
  browser = await launch();
  admin = await staff(browser, base, "nadia");
  await alwaysOpen(admin.page);
  desk = await staff(browser, base, "amira");
  member = await open(browser, base, { lang: "ar", viewport: { width: 360, height: 740 } });
});
after(async () => {
  await browser?.close();
  await place?.close();
});

// The hour at which the test runs must not matter.
async function alwaysOpen(page) {
  await page.goto(`${base}/communities`);
  const links = await page.$$eval("main .card h2 a", (l) => l.map((a) => a.getAttribute("href")));
  for (const href of links) {
    await page.goto(base + href);
    if ((await page.inputValue("[name=slug]")) !== SLUG) continue;
    await page.fill("[name=hours]", "mon-sun 00:00-24:00");
    await page.fill("[name=calendar]", "none");
    await page.click(`form[action='${href}'] button[type=submit]`);
    await page.waitForSelector(".flash");
    return;
  }
  assert.fail("the demonstration has no Arabic community");
}

// MSG-6: the guidelines are accepted knowingly; MSG-17: a code to come back is given once
test("asking to join needs the guidelines, and gives a code", async () => {
  const { page } = member;
  await page.goto(`${base}/?lang=ar`);
  await page.click(`a[href='/c/${SLUG}']`);
  await page.click(`a[href='/c/${SLUG}/join']`);
  await page.fill("[name=name]", NAME);
  for (const area of await page.locator("form[action$='/join'] textarea").all()) await area.fill("منذ أسبوع");
  await page.click("form[action$='/join'] button[type=submit]");
  assert.equal(await page.locator("#summary a").count(), 1);
  assert.equal(await page.evaluate(() => document.activeElement.id), "summary");
  assert.equal(await page.inputValue("[name=name]"), NAME, "what was typed is kept");
  await page.check("[name=accept]");
  await page.click("form[action$='/join'] button[type=submit]");
  assert.match(await page.locator(".secret code").textContent(), /^[A-Z0-9-]{12,}$/i);
});

// MSG-9: whom the community trusts with it admits; a specialist sees no request
test("a moderator who is trusted with it reads the answers and admits", async () => {
  const other = await staff(browser, base, "sofia");
  await other.page.goto(`${base}/joins`);
  assert.equal(await other.page.locator("nav a[href='/joins'], form[action$='/accept']").count(), 0);
  assert.doesNotMatch(await other.page.locator("main").innerText(), new RegExp(NAME));
  await other.context.close();
  const { page } = desk;
  await page.goto(`${base}/joins`);
  await page.locator("[data-item] a", { hasText: NAME }).click();
  assert.match(await page.locator("main .notice").first().innerText(), /منذ أسبوع/);
  await page.click("form[action$='/accept'] button[type=submit]");
  await page.waitForSelector(".flash");
  await member.page.goto(`${base}/c/${SLUG}`);
  assert.equal(await member.page.locator(`main a[href='/c/${SLUG}/ask']`).count() > 0, true);
});

// MSG-4: an open inbox says by itself that something is new, and moves nothing
test("the open inbox tells of the new question", async () => {
  const { page } = desk;
  await page.goto(`${base}/inbox`);
  const before = await page.locator(".queue > li").count();
  await page.waitForTimeout(300); // the stream is open before anything happens
  question = await ask(member.page, base, QUESTION);
  await page.waitForSelector(".live-link:not([hidden])");
  assert.equal(await page.locator(".queue > li").count(), before, "nothing moves by itself");
  await page.click(".live-link");
  await page.waitForSelector(`.queue >> text=${NAME}`);
});

// UI: the desk by keyboard alone
test("j, k, Enter and Escape walk the inbox", async () => {
  const { page } = desk;
  await page.goto(`${base}/inbox`);
  await page.waitForFunction(() => document.readyState === "complete");
  const at = () => page.evaluate(() => [...document.querySelectorAll(".queue > li")].findIndex((i) => i.classList.contains("at")));
  for (const [key, want] of [["j", 0], ["j", 1], ["j", 2], ["k", 1], ["k", 0], ["k", 0]]) {
    await page.keyboard.press(key);
    assert.equal(await at(), want, key);
  }
  const rows = await page.locator(".queue > li").allTextContents();
  const goal = rows.findIndex((text) => text.includes(NAME));
  assert.ok(goal >= 0);
  for (let i = 0; i < goal; i++) await page.keyboard.press("j");
  await page.keyboard.press("Enter");
  await page.waitForURL("**/inbox/*");
  assert.match(await page.locator("#open-title").innerText(), new RegExp(NAME));
  await page.keyboard.press("r");
  assert.equal(await page.evaluate(() => document.activeElement.name), "text", "r goes to the answer");
  await page.keyboard.press("Escape");
  assert.notEqual(await page.evaluate(() => document.activeElement.name), "text", "Escape leaves the field first");
  await page.keyboard.press("Escape");
  await page.waitForURL((u) => u.pathname === "/inbox");
});

// KB-3: a saved and verified answer is offered, and reaches the member with its source
test("a saved answer is offered and sent", async () => {
  const { page } = desk;
  await page.goto(`${base}/inbox`);
  await page.locator(".queue > li", { hasText: NAME }).locator("a").click();
  const offer = page.locator(".offers .entry").first();
  await offer.locator("summary").click();
  const words = (await offer.locator(".words").innerText()).slice(0, 20);
  await offer.locator("button[type=submit]").click();
  await page.waitForSelector(".flash");
  await member.page.goto(base + question);
  const shown = await member.page.locator("main").innerText();
  assert.ok(shown.includes(words), shown);
  assert.equal(await member.page.locator("main .badge.good").count() > 0, true, "the answer says that it is verified");
});

// A moderator who is called away loses nothing: here, and in another browser
test("an unfinished answer is kept", async () => {
  const { page } = desk;
  await page.goto(`${base}/inbox`);
  await page.locator(".queue > li a").first().click();
  const saved = page.waitForResponse((r) => r.url().endsWith("/draft"));
  await page.fill("#f-text", "نبحث عن الجواب لدى");
  assert.equal((await saved).ok(), true);
  const url = page.url();
  await page.reload();
  assert.equal(await page.inputValue("#f-text"), "نبحث عن الجواب لدى");
  const other = await staff(browser, base, "amira");
  await other.page.goto(url);
  assert.equal(await other.page.inputValue("#f-text"), "نبحث عن الجواب لدى");
  await other.context.close();
});

// MSG-19: away at once, and Back does not bring it back
test("three times Escape leaves, and Back shows nothing", async () => {
  const { page } = member;
  await page.goto(base + question);
  assert.match(await page.locator("main").innerText(), /كيف أسجّل/);
  const asked = [];
  page.on("request", (r) => asked.push(r.url()));
  await page.route((u) => !u.href.startsWith(base), (r) => r.fulfill({ contentType: "text/html", body: "<!doctype html><title>.</title>" }));
  for (let i = 0; i < 3; i++) await page.keyboard.press("Escape");
  await page.waitForURL((u) => u.href !== base + question);
  await page.waitForLoadState();
  await page.goBack().catch(() => {});
  await page.waitForLoadState();
  assert.doesNotMatch(await page.locator("body").innerText(), /كيف أسجّل|ريم/);
  await page.goto(base + question);
  assert.doesNotMatch(await page.locator("body").innerText(), /كيف أسجّل|ريم/, "the session is over");
});

test("nobody's console complains", () => {
  assert.deepEqual([...admin.noise, ...desk.noise, ...member.noise.filter((n) => !/^request: https/.test(n) && !/4[02][1234]/.test(n))], []);
});

// SPDX-License-Identifier: EUPL-1.2
// What the browser tests share: Chromium without its own calls to the outside, sign-in, and joining as a member.
import { chromium } from "playwright-core";

export const LANGS = ["fr", "en", "ar"];

export function launch() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM || "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
      "--disable-component-update", "--disable-sync", "--disable-default-apps", "--disable-dev-shm-usage"],
  });
}

// A browser context of its own. `noise` fills with everything a quiet page must not do.
export async function open(browser, base, { lang = "fr", ...options } = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: lang, ...options });
  context.setDefaultTimeout(15000);
  const page = await context.newPage();
  const noise = [];
  page.on("pageerror", (e) => noise.push(`script: ${e}`));
  page.on("console", (m) => { if (["error", "warning"].includes(m.type())) noise.push(`console: ${m.text()}`); });
  page.on("request", (r) => { if (!r.url().startsWith(base) && !/^(data|about|blob):/.test(r.url())) noise.push(`request: ${r.url()}`); });
  return { context, page, noise };
}

export async function signIn(page, base, login, password = "demonstration") {
  await page.goto(`${base}/sign-in`);
  await page.fill("[name=login]", login);
  await page.fill("[name=password]", password);
  await page.click("form[action='/sign-in'] button[type=submit]");
  await page.waitForURL((u) => !u.pathname.startsWith("/sign-in"));
}

// Fills and sends the join form of a community; answers the code shown on the next page.
export async function join(page, base, slug, name) {
  await page.goto(`${base}/c/${slug}/join`);
  await page.fill("[name=name]", name);
  for (const area of await page.locator("form[action$='/join'] textarea").all()) await area.fill("…");
  await page.check("[name=accept]");
  await page.click("form[action$='/join'] button[type=submit]");
  return (await page.locator(".secret code").first().textContent()).trim();
}

// Signs a moderator in and admits the person of that name.
export async function admit(page, base, name) {
  await page.goto(`${base}/joins`);
  await page.locator("[data-item] a", { hasText: name }).click();
  await page.click("form[action$='/accept'] button[type=submit]");
}

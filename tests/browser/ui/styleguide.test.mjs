// SPDX-License-Identifier: EUPL-1.2
// The style guide in three languages, two widths and two themes: no accessibility fault that axe-core knows, nothing
// wider than the screen, big targets for members, a quick exit, and pictures in tests/.cache/ui/ for eyes.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createServer } from "node:http";
import { mkdirSync, readFileSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, extname, join, resolve } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const require = createRequire(import.meta.url);
const root = process.env.PW_ROOT || resolve(dirname(fileURLToPath(import.meta.url)), "../../..");
const build = process.env.PASSERELLE ? resolve(dirname(process.env.PASSERELLE), "../..") : resolve(root, "build-test");
const render = process.env.PW_RENDER || join(build, "tests/unit/ui/render_styleguide");
const pictures = join(root, "tests/.cache/ui");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const types = { ".html": "text/html; charset=utf-8", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml" };
const langs = ["fr", "en", "ar"], faces = ["staff", "member"];
let server, base, browser, pages, exits = 0;

before(async () => {
  pages = mkdtempSync(join(tmpdir(), "styleguide-"));
  mkdirSync(pictures, { recursive: true });
  execFileSync(render, [join(root, "locale"), pages, "/static"], { stdio: "inherit" });
  server = createServer((q, r) => {
    const path = new URL(q.url, "http://x").pathname;
    if (path === "/exit") {
      exits += q.method === "POST" ? 1 : 0;
      r.setHeader("Content-Type", types[".html"]);
      return r.end("<!doctype html><title>–</title>");
    }
    const file = path.startsWith("/static/") ? join(root, "src/ui/static", path.slice(8)) : join(pages, path);
    if (!existsSync(file) || path.includes("..") || extname(file) === "") { r.statusCode = 404; return r.end(); }
    r.setHeader("Content-Type", types[extname(file)] || "application/octet-stream");
    r.setHeader("Content-Security-Policy", "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'");
    r.end(readFileSync(file));
  }).listen(0, "127.0.0.1");
  await new Promise((done) => server.once("listening", done));
  base = `http://127.0.0.1:${server.address().port}`;
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM || "/usr/bin/chromium", args: ["--no-sandbox"] });
});
after(async () => {
  await browser?.close();
  server?.close();
  if (pages) rmSync(pages, { recursive: true });
});

async function open(name, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, bypassCSP: true, ...options });
  const page = await context.newPage();
  const noise = [];
  page.on("pageerror", (e) => noise.push(String(e)));
  await page.goto(`${base}/${name}.html`);
  return { context, page, noise };
}

for (const face of faces) for (const lang of langs) {
  // UI check: axe-core zero, 320 px, dark theme (reference/ui.md)
  test(`${face} ${lang}: no accessibility fault, nothing wider than the screen`, async () => {
    for (const colorScheme of ["light", "dark"]) for (const width of [1280, 360, 320]) {
      const { context, page, noise } = await open(`${face}-${lang}`, { colorScheme, viewport: { width, height: 900 } });
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      assert.ok(wide <= 0, `${width} px, ${colorScheme}: ${wide} px too wide`);
      if (width !== 320) await page.screenshot({ path: join(pictures, `${face}-${lang}-${width}-${colorScheme}.png`), fullPage: true });
      if (width !== 360) {
        await page.addScriptTag({ content: axe });
        const found = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
        const said = found.violations.map((v) => `${v.id}: ${v.help}\n  ${v.nodes.map((n) => n.target + " " + n.failureSummary).join("\n  ")}`);
        assert.deepEqual(said, [], said.join("\n"));
      }
      assert.deepEqual(noise, []);
      await context.close();
    }
  });
}

// LANG-2: Arabic pages are mirrored, people's words keep their own direction
test("Arabic is mirrored", async () => {
  const { context, page } = await open("staff-ar");
  const at = await page.evaluate(() => {
    const x = (s) => document.querySelector(s).getBoundingClientRect().x;
    return { queue: x(".queue-pane"), context: x(".context"), brand: x(".brand"), langs: x(".langs") };
  });
  assert.ok(at.queue > at.context && at.brand > at.langs, JSON.stringify(at));
  assert.equal(await page.evaluate(() => getComputedStyle(document.querySelector(".bubble.out .text")).direction), "rtl");
  assert.equal(await page.evaluate(() => document.querySelector(".bubble .from bdi") !== null), true);
  await context.close();
});

test("members have targets of 44 pixels", async () => {
  const { context, page } = await open("member-ar", { viewport: { width: 360, height: 800 } });
  const small = await page.evaluate(() => [...document.querySelectorAll("button, .button, .exit, .input, .option, .big-links a, .langs a, .brand")]
    .map((e) => [e.className, e.getBoundingClientRect().height]).filter(([, h]) => h > 0 && h < 44));
  assert.deepEqual(small, []);
  await context.close();
});

// SAFE: quick exit without scripts is a plain link; with scripts three times Escape also ends the session
test("quick exit", async () => {
  const plain = await open("member-fr", { javaScriptEnabled: false });
  assert.equal(await plain.page.getAttribute("a.exit", "href"), "/exit");
  await plain.page.click("a.exit");
  assert.equal(new URL(plain.page.url()).pathname, "/exit");
  await plain.context.close();
  const { context, page } = await open("member-fr");
  const before = exits;
  await page.focus("#f-question");
  for (let i = 0; i < 3; i++) await page.keyboard.press("Escape");
  await page.waitForURL("**/exit");
  assert.equal(exits, before + 1);
  await context.close();
});

test("two Escapes, or other keys between, do not leave", async () => {
  const { context, page } = await open("member-fr");
  for (const key of ["Escape", "Escape", "a", "Escape"]) await page.keyboard.press(key);
  await page.waitForTimeout(200);
  assert.match(page.url(), /member-fr/);
  await context.close();
});

test("errors: the summary has the focus and leads to the field", async () => {
  const { context, page } = await open("member-en");
  assert.equal(await page.evaluate(() => document.activeElement.id), "summary");
  await page.click("#summary a >> nth=0");
  assert.equal(await page.evaluate(() => document.activeElement.id), "f-code");
  assert.match(await page.getAttribute("#f-code", "aria-describedby"), /h-code e-code/);
  assert.equal(await page.inputValue("#f-code"), "k3tq");
  await context.close();
});

test("lists are walked with j and k, from the item that is open", async () => {
  const { context, page } = await open("staff-fr");
  const at = (what) => page.evaluate((s) => [...document.querySelectorAll("[data-list] [data-item]")].findIndex((i) => i.matches(s) || (s !== ".at" && i.querySelector(s))), what);
  const start = await at("[aria-current]");
  assert.ok(start >= 0);
  await page.keyboard.press("j");
  await page.keyboard.press("j");
  assert.equal(await at(".at"), start + 2);
  await page.keyboard.press("k");
  assert.equal(await at(".at"), start + 1);
  await context.close();
});

test("a typed answer survives a reload", async () => {
  const { context, page } = await open("staff-fr");
  await page.fill("#f-reply", "Bonjour à vous");
  await page.reload();
  assert.equal(await page.inputValue("#f-reply"), "Bonjour à vous");
  await context.close();
});

test("a member's first visit weighs less than 100 KB", () => {
  const weigh = (p) => readFileSync(p).length;
  const total = weigh(join(pages, "member-ar.html")) + ["passerelle.css", "passerelle.js", "favicon.svg"]
    .reduce((n, f) => n + weigh(join(root, "src/ui/static", f)), 0);
  assert.ok(total < 100 * 1024, `${total} bytes`);
});

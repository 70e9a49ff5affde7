// SPDX-License-Identifier: EUPL-1.2
// Every page of the demonstration network as [name, path], for pictures and for checks. The people are made here: a
// member of the Arabic community with questions of her own, and staff who sign in.
import { Place } from "../support/server.mjs";
import { admit, join, launch, open, signIn } from "./browser.mjs";

const SLUG = "ottawa-ar", FRENCH = "vanier-fr", VOICE = Buffer.from("OggS\0\x02", "latin1");

export const visitorPlaces = [
  ["home", "/"], ["place-visitor", `/c/${SLUG}`], ["place-light", "/c/parrainage"], ["join", `/c/${SLUG}/join`],
  ["guidelines", `/c/${SLUG}/guidelines`], ["results", `/c/${SLUG}/months`], ["answers-visitor", `/c/${FRENCH}/answers`], ["back", "/back"],
  ["back-link", "/back/a-link-that-nobody-has"], ["end-messages", "/u/a-link-that-nobody-has"], ["sign-in", "/sign-in"], ["gone", "/exit"], ["privacy", "/privacy"], ["resources-visitor", `/c/${SLUG}/resources`], ["news-visitor", `/c/${SLUG}/posts`], ["not-found", "/no-such-page"],
];

let made = 1;

export async function ask(page, base, text, { slug = SLUG, toModerators = false, file = false } = {}) {
  await page.goto(`${base}/c/${slug}/ask`);
  await page.fill("#f-text", text);
  if (toModerators) await page.check("[name=private][value='1']");
  if (file) await page.setInputFiles("[name=voice]", { name: "note.ogg", mimeType: "audio/ogg", buffer: VOICE });
  await Promise.all([page.waitForNavigation(), page.click("form[action$='/ask'] button[type=submit]")]);
  const publish = await page.$("button[name=sure][value=publish]"); // asked first: the words look personal (CNS-6)
  if (publish) await Promise.all([page.waitForNavigation(), publish.click()]);
  await page.waitForURL("**/questions/**");
  return new URL(page.url()).pathname;
}

// A member with a public question, a private one and a greeting in the conversation. Uses a signed-in moderator's page.
export async function makeMember(browser, base, staffPage, lang = "ar", options = {}) {
  const name = `منى ${made++}`;
  const visit = await open(browser, base, { lang, ...options });
  await visit.page.goto(`${base}/?lang=${lang}`);
  const code = await join(visit.page, base, SLUG, name);
  await admit(staffPage, base, name);
  const question = await ask(visit.page, base, "هل أحتاج إلى موعد لتسجيل ابنتي في المدرسة؟ رقمي 613-555-0142.");
  const secret = await ask(visit.page, base, "وصلتني رسالة من صاحب البيت ولا أفهمها. هل يمكن أن تقرؤوها معي؟", { toModerators: true, file: true });
  await visit.page.goto(`${base}/c/${SLUG}/talk`);
  await visit.page.fill("#f-text", "مرحبا بالجميع، وصلت إلى أوتاوا هذا الأسبوع.");
  await visit.page.click("form[action$='/talk'] button[type=submit]");
  const report = await visit.page.$eval("a[href$='/report']", (a) => a.getAttribute("href"));
  let news; // leaves ten seconds after the demonstration was made
  for (let i = 0; i < 40 && !news; i++) {
    if (i) await visit.page.waitForTimeout(500);
    await visit.page.goto(`${base}/c/${SLUG}/posts`);
    news = await visit.page.$$eval("main a[href]", (links) => links.map((a) => a.getAttribute("href")).find((h) => /\/posts\/[0-9a-z]{13}$/.test(h)));
  }
  const places = [["report-message", report], ["member-home", "/"], ["place", `/c/${SLUG}`], ["ask", `/c/${SLUG}/ask`], ["answers", `/c/${SLUG}/answers`],
    ["answers-found", `/c/${SLUG}/answers?q=${encodeURIComponent("المدرسة")}`], ["answers-none", `/c/${SLUG}/answers?q=zzzz`],
    ["talk", `/c/${SLUG}/talk`], ["news", `/c/${SLUG}/posts`], ["news-one", news], ["resources", `/c/${SLUG}/resources`], ["private", `/c/${SLUG}/private`], ["question", question], ["question-private", secret],
    ["urgent", `/c/${SLUG}/urgent`], ["decisions", `/c/${SLUG}/decisions`], ["opportunity", `/c/${SLUG}/opportunity`], ["names", `/c/${SLUG}/names`], ["own-program", `/c/${SLUG}/program`],
    ["member-notices", "/notices"], ["my-data", "/my-data"], ["my-data-erase", "/my-data/erasure"], ["leave", `/c/${SLUG}/leave`]];
  return { ...visit, name, code, question, secret, places };
}

// The staff pages an administrator sees; the ids are read from the lists.
export async function staffPlaces(page, base) {
  const hrefs = async (path, pattern) => {
    await page.goto(base + path);
    const all = await page.$$eval("main a[href]", (links) => links.map((a) => a.getAttribute("href")));
    return [...new Set(all)].filter((h) => pattern.test(h));
  };
  const one = async (path, pattern) => (await hrefs(path, pattern))[0];
  const question = /^\/inbox\/[0-9a-z]{13}/, list = [["inbox", "/inbox"]];
  for (const state of ["new", "assigned", "researching", "answered", "verified", "referred", "closed"]) {
    const at = await one(`/inbox?state=${state}`, question);
    if (at) list.push([`inbox-${state}`, at]);
  }
  const overdue = await one("/inbox?overdue=1", question), check = await one("/inbox?unchecked=1", question);
  if (overdue) list.push(["inbox-overdue", overdue]);
  if (check) list.push(["inbox-to-check", check]);
  list.push(["inbox-none", "/inbox?mine=1"], ["joins", "/joins"], ["join-request", await one("/joins", /^\/joins\/[0-9a-z]{13}$/)]);
  const french = (await hrefs("/communities", /^\/communities\/[0-9a-z]{13}$/)).slice(0, 3).map((h) => h.split("/").pop());
  const draft = async (rest) => {
    for (const id of french) {
      const at = await one(`/posts?community=${id}&state=draft`, /^\/posts\/[0-9a-z]{13}$/);
      if (at) return at + rest;
    }
  };
  for (const kind of ["report", "appeal", "personal", "opportunity", "automatic"]) {
    const item = await one(`/review?kind=${kind}`, /^\/review\/[0-9a-z]{13}/);
    if (item) list.push([`review-${kind}`, item]);
  }
  list.push(["review", "/review"], ["review-done", "/review?done=1"], ["review-none", "/review?kind=readmission"]);
  const com = (await hrefs("/communities", /^\/communities\/[0-9a-z]{13}$/))[0];
  list.push(["communities", "/communities"], ["community-new", "/communities/new"], ["community", com],
    ["text", `${com}/texts/guidelines?lang_of=fr`], ["text-welcome", `${com}/texts/welcome?lang_of=ar`], ["members", `${com}/members`],
    ["members-left", `${com}/members?state=left`], ["threads", `${com}/threads`], ["absences", `${com}/absences`]);
  const persons = await hrefs(`${com}/members`, /^\/persons\/[0-9a-z]{13}$/);
  const known = await page.$eval("main a[href^='/persons/']:has-text('سمر')", (a) => a.getAttribute("href")).catch(() => persons[0]);
  const other = persons.find((p) => p !== known).split("/").pop();
  list.push(["record", known], ["record-twins", `${known}/twins`], ["record-merge", `${known}/twins/${other}`], ["requests", "/privacy-requests"], ["retention", "/retention"], ["request", await one("/privacy-requests", /^\/privacy-requests\/./)]);
  // a draft made by one click from a preset: its planning pages, all of them
  await page.goto(`${base}/communities/new`);
  await page.click("form[action='/presets/pifi'] button");
  await page.waitForURL(/\/communities\/[0-9a-z]{13}$/);
  const plan = new URL(page.url()).pathname;
  list.push(["preset", "/presets/pifi"], ["draft", plan], ["planning", `${plan}/planning`], ["planning-print", `${plan}/planning/print`], ["platforms", `${plan}/platforms`],
    ["promotion", `${plan}/promotion`], ["move", `${com}/move`], ["ending", `${com}/ending`], ["files", `${com}/files`],
    ...["objective", "needed", "audience", "checklist", "engagement", "resources", "evaluation"].map((s) => [`planning-${s}`, `${plan}/planning/${s}`]));
  const thread = await one(`${com}/threads`, /^\/threads\/./);
  if (thread) list.push(["thread", thread]);
  list.push(["posts", "/posts"], ["posts-by-day", "/posts/calendar"], ["post", await one("/posts?state=published", /^\/posts\/[0-9a-z]{13}$/)], ["post-scheduled", await one("/posts?state=scheduled", /^\/posts\/[0-9a-z]{13}$/)],
    ["post-confirm", await draft("/publish")], ["post-draft", await draft("")], ["post-stop", await draft("/cancel")], ["post-new", `/posts/new?community=${com.split("/").pop()}`], ["prompts", `${com}/prompts`], ["publishing", `${com}/publishing`], ["central", "/central"]);
  const reported = await one(list.find(([n]) => n === "review-report")?.[1] ?? "/review", /^\/messages\/[0-9a-z]{13}\/act/);
  if (reported) list.push(["act", reported.replace(/\?.*/, "")], ["act-step", reported]);
  for (const at of (await hrefs("/communities", /^\/communities\/[0-9a-z]{13}$/))) {
    const sanction = await one(`${at}/moderation`, /^\/sanctions\/[0-9a-z]{13}$/);
    if (sanction) list.push(["sanction", sanction], ["moderation-log", `${at}/moderation`], ["ladders", `${at}/ladders`], ["automatic-rules", `${at}/automatic`]);
  }
  list.push(["moderation-log-none", `${com}/moderation`]);
  const booking = (await hrefs("/interpreting", /^\/interpreting\/bookings\/[0-9a-z]{13}$/)).pop(), over = (await hrefs("/interpreting?past=1", /^\/interpreting\/bookings\/[0-9a-z]{13}$/)).pop();
  const interpreter = await one("/interpreting/people", /^\/interpreting\/people\/[0-9a-z]{13}$/);
  const booked = await one(booking, /^\/persons\/[0-9a-z]{13}$/);
  list.push(["interpreting", "/interpreting"], ["interpreting-over", "/interpreting?past=1"], ["booking", booking], ["booking-over", over], ["booking-print", `${booking}/print`], ["booking-move", `${booking}/move`], ["booking-cancel", `${booking}/end?to=cancelled`],
    ["booking-for-whom", "/interpreting/new"], ["booking-new", booked.replace("/persons/", "/interpreting/new?person=")], ["interpreters", "/interpreting/people"], ["interpreters-none", "/interpreting/people?lang_of=ja"], ["interpreter", interpreter], ["interpreter-edit", `${interpreter}/edit`], ["interpreter-new", "/interpreting/people/new"],
    ["undertaking", "/interpreting/undertaking"], ["undertaking-print", `${interpreter}/undertaking/print`], ["interpreting-report", "/interpreting/report"], ["intake", "/joins/new"]);
  for (const asked of (await hrefs("/inbox", question)).slice(0, 12)) { // whose words somebody else passed on
    const through = await one(asked, /^\/messages\/[0-9a-z]{13}\/through$/);
    if (!through) continue;
    list.push(["through", through]);
    break;
  }
  const program = await one("/programs", /^\/programs\/[0-9a-z]{13}$/);
  list.push(["programs", "/programs"], ["program-new", "/programs/new"], ["program", program], ["program-edit", `${program}/edit`], ["program-close", `${program}/close`],
    ["program-people", `${program}/people`], ["program-unmet", `${program}/people?show=unmet`], ["program-ended", `${program}/people?show=ended`], ["program-enrol", `${program}/enrol`],
    ["enrolment", await one(`${program}/people?show=unmet`, /^\/enrolments\//)], ["enrolment-ended", await one(`${program}/people?show=ended`, /^\/enrolments\//)],
    ["program-report", `${program}/report`], ["program-report-none", `${program}/report?from=2001-01&to=2001-03`]);
  if (persons.length) list.push(["person-enrol", `${persons[0]}/enrol`]);
  list.push(["statistics", `${com}/statistics`], ["statistics-end", `${com}/statistics?entered=3`], ["statistics-dates", `${com}/statistics/period`], ["statistics-dates-wrong", `${com}/statistics/period?from=2026-03-05&to=2026-03-01`], ["trend", `${com}/statistics/trend`], ["trend-none", `${com}/statistics/trend?from=2001-01&to=2001-03`], ["table-before", `${com}/statistics/import`], ["categories", `${com}/statistics/categories`], ["summary", `${com}/statistics/summary`], ["saved", "/answers"], ["saved-none", "/answers?q=zzzz"]);
  const entry = await one("/answers", /^\/answers\/[0-9a-z]{13}$/);
  list.push(["entry", entry], ["entry-ar", `${entry}?lang_of=ar`], ["entry-new", `/answers/new?community=${com.split("/").pop()}`],
    ["people", "/people"], ["person", await one("/people", /^\/people\/./)], ["settings", "/settings"],
    ["channel-kinds", "/settings/channels/new"], ["channel-new", "/settings/channels/new/telegram"], ["channel-new-whatsapp", "/settings/channels/new/whatsapp"], ["channel-new-xmpp", "/settings/channels/new/xmpp"], ["channel-new-matrix", "/settings/channels/new/matrix"], ["channel", await one("/settings", /^\/settings\/channels\/[0-9a-z]{13}$/)],
    ["by-hand", "/by-hand"], ["by-hand-log", `${com}/by-hand`], ["paste", "/by-hand/paste"], ["call", "/calls/new"], ["sends", "/sends"],
    ["sends-all", "/sends?all=1"], ["audit", "/audit"], ["me", "/me"], ["password", "/me/password"], ["notices", "/notices"]);
  return list.filter(([, path]) => path);
}

// A community for invited people, opened from a preset, with an invitation that works, one for a group and one taken back:
// what whoever administers it sees, and what the holder of an invitation sees without being a member.
export async function invitedPlaces(page, base) {
  const send = (form) => Promise.all([page.waitForNavigation(), page.click(`${form} button[type=submit]`)]);
  await page.goto(`${base}/communities/new`);
  await Promise.all([page.waitForURL(/\/communities\/[0-9a-z]{13}$/), page.click("form[action='/presets/welcome-groups'] button")]);
  const at = new URL(page.url()).pathname, invitations = `form[action='${at}/invitations']`;
  await page.check("[name=visibility][value=invitation]");
  await send(`form[action='${at}']`);
  await page.goto(`${base}${at}/planning`);
  await page.fill("form[action$='/launch'] [name=reason]", "Les familles du groupe arrivent cette semaine.");
  await send("form[action$='/launch']");
  const none = `${at}/invitations`;
  await page.goto(base + none);
  for (const [label, uses, day] of [["Par erreur", "1", ""], ["Groupe de parrainage du Port", "12", "2099-01-31"], ["Samira", "1", ""]]) {
    await page.fill(`${invitations} [name=label]`, label);
    await page.fill(`${invitations} [name=uses]`, uses);
    if (day) await page.fill(`${invitations} [name=last_day]`, day);
    await send(invitations);
  }
  await send("li.row:has-text('Par erreur') form");
  await page.goto(`${base}${at}/promotion`);
  await page.click("details:has(form[action$='/promotion/places']) summary");
  await page.fill("[name=place]", "Bibliothèque, salle principale");
  await send("form[action$='/promotion/places']");
  await page.goto(base + none);
  const code = (await page.textContent("li.row:has-text('Samira') code")).trim(), slug = await page.evaluate((path) => fetch(path).then((r) => new URL(r.url).pathname), `/i/${code}`);
  return { staff: [["invitations", none], ["promotion-invited", `${at}/promotion`]], visitor: [["join-invited", `${slug}?invitation=${code}`], ["not-invited", slug]] };
}

export async function staff(browser, base, login = "nadia", options = {}) {
  const visit = await open(browser, base, options);
  await signIn(visit.page, base, login);
  return visit;
}

export const withLang = (path, lang) => path + (path.includes("?") ? "&" : "?") + `lang=${lang}`;

// A demonstration of its own with a moderator at her desk: her page, and where its pages are, by name.
export async function demoDesk() {
  const place = await Place.make("sqlite", { init: false });
  const base = (await place.serve({ args: ["--demo"] })).url;
  const browser = await launch();
  const page = (await staff(browser, base, "nadia")).page;
  const at = new Map(await staffPlaces(page, base));
  return { base, browser, page, at, close: async () => { await browser.close(); await place.close(); } };
}

/* SPDX-License-Identifier: EUPL-1.2 */
/* passerelle.js: what a page gains when scripts run. Nothing here is needed: every link and form works without.
 *
 *   a[data-exit]                     quick exit: the link, or Escape three times within two seconds
 *   textarea[data-draft=key]         what is typed survives a reload; with data-draft-url it is also sent there
 *   [data-measure=id]                says what the text of that field takes by SMS, asked at [data-measure-url]
 *   [data-live-url]                  events only count up a quiet bar; nothing on the page moves until it is pressed
 *   textarea[data-suggest-url]       answers that resemble what is typed are offered in [data-suggest-for=its id]
 *   [data-refresh-url]               its contents are fetched again every two seconds until the answer has no data-refresh-url
 *   form[data-confirm="sentence"]    asks before it is sent
 *   time[datetime][data-ago]         "5 minutes ago" kept true
 *   [data-list] > [data-item]        j and k move, Enter opens its first link, Escape goes back to [data-back]
 *   input[data-filter="#list"]       typing filters the items of a list; remembered for this tab
 *   form[data-until=ms]              disappears at that time (undo)
 *   textarea[data-copy="label"]      gets a button that copies its words */
(function () {
  "use strict";
  var doc = document, body = doc.body, lang = doc.documentElement.lang || "fr";
  var csrf = body ? body.getAttribute("data-csrf") || "" : "";

  function all(selector, fn) { Array.prototype.forEach.call(doc.querySelectorAll(selector), fn); }
  function store(fn) { try { return fn(window.sessionStorage); } catch (e) { return null; } }
  function typing(el) { return el && (/^(input|textarea|select)$/i.test(el.tagName) || el.isContentEditable); }

  /* ---- quick exit ---- */
  var exit = doc.querySelector("[data-exit]"), presses = [];
  function leave(event) {
    if (event) event.preventDefault();
    var to = exit.getAttribute("data-exit");
    doc.documentElement.style.background = "#fff";
    body.hidden = true;
    doc.title = " ";
    store(function (s) { s.clear(); });
    try {
      fetch("/exit", { method: "POST", keepalive: true, credentials: "same-origin", headers: { "X-CSRF-Token": csrf } });
    } catch (e) { /* leaving matters more */ }
    location.replace(to);
  }
  if (exit) {
    exit.addEventListener("click", leave);
    doc.addEventListener("keydown", function (event) {
      if (event.key !== "Escape") { presses = []; return; }
      var now = Date.now();
      presses = presses.filter(function (t) { return now - t < 2000; });
      presses.push(now);
      if (presses.length >= 3) leave(event);
    });
    window.addEventListener("pageshow", function (event) { if (event.persisted) location.reload(); });
  }

  /* ---- words to copy into another app ---- */
  all("textarea[data-copy]", function (area) {
    if (!navigator.clipboard) return;
    var button = doc.createElement("button");
    button.type = "button";
    button.className = "button plain";
    button.textContent = area.getAttribute("data-copy");
    button.addEventListener("click", function () {
      navigator.clipboard.writeText(area.value).then(function () { area.select(); });
    });
    area.insertAdjacentElement("afterend", button);
  });

  /* ---- drafts ---- */
  all("[data-draft]", function (area) {
    var key = "draft:" + area.getAttribute("data-draft"), url = area.getAttribute("data-draft-url"), timer = 0;
    var kept = store(function (s) { return s.getItem(key); });
    if (kept && !area.value) area.value = kept;
    area.addEventListener("input", function () {
      store(function (s) { s.setItem(key, area.value); });
      if (!url) return;
      clearTimeout(timer);
      timer = setTimeout(function () {
        var form = new URLSearchParams();
        form.set("_csrf", csrf);
        form.set("text", area.value);
        fetch(url, { method: "POST", body: form, credentials: "same-origin" }).catch(function () {});
      }, 1500);
    });
    if (area.form) area.form.addEventListener("submit", function () {
      clearTimeout(timer);
      store(function (s) { s.removeItem(key); });
    });
  });

  /* ---- answers that resemble what is typed; nothing moves while a hand is on them ---- */
  all("textarea[data-suggest-url]", function (area) {
    var box = doc.querySelector('[data-suggest-for="' + area.id + '"]'), timer = 0, last = "", asked = 0;
    if (!box || !window.fetch) return;
    var list = box.querySelector("[data-suggest-list]"), count = box.querySelector("[data-suggest-count]");
    function part(name, className, words) {
      var el = doc.createElement(name);
      if (className) el.className = className;
      el.dir = "auto";
      el.textContent = words;
      return el;
    }
    function take(one) {
      var form = area.form;
      area.value = one.answer;
      ["source", "checked_on"].forEach(function (name) {
        if (form && form.elements[name] && one[name]) form.elements[name].value = one[name];
      });
      area.dispatchEvent(new Event("input", { bubbles: true }));
      area.focus();
    }
    function show(found) {
      if (list.contains(doc.activeElement)) return;
      list.textContent = "";
      found.forEach(function (one) {
        var entry = doc.createElement("details");
        entry.className = "entry";
        entry.appendChild(part("summary", "", one.question));
        entry.appendChild(part("p", "words", one.answer));
        entry.appendChild(part("p", "meta", one.source + (one.checked_on ? " · " + one.checked_on : "")));
        if (box.hasAttribute("data-use")) {
          var use = part("button", "button plain", box.getAttribute("data-use"));
          use.type = "button";
          use.addEventListener("click", function () { take(one); });
          entry.appendChild(use);
        }
        list.appendChild(entry);
      });
      box.hidden = found.length === 0;
      count.textContent = found.length ? box.querySelector("h4").textContent + " (" + found.length.toLocaleString(lang) + ")" : "";
    }
    area.addEventListener("input", function () {
      clearTimeout(timer);
      timer = setTimeout(function () {
        var words = area.value.trim().slice(0, 400), turn = (asked += 1);
        if (words === last) return;
        last = words;
        if (words.length < 8) { show([]); return; }
        fetch(area.getAttribute("data-suggest-url") + "?text=" + encodeURIComponent(words), { credentials: "same-origin" })
          .then(function (r) { return r.ok ? r.json() : { answers: [] }; })
          .then(function (got) { if (turn === asked) show(got.answers || []); })
          .catch(function () {});
      }, 400);
    });
  });

  /* ---- what a text takes by SMS ---- */
  all("[data-measure]", function (line) {
    var area = doc.getElementById(line.getAttribute("data-measure")), timer = 0;
    if (!area) return;
    area.addEventListener("input", function () {
      clearTimeout(timer);
      timer = setTimeout(function () {
        var form = new URLSearchParams();
        form.set("_csrf", csrf);
        form.set("line_only", "1");
        form.set("text", area.value);
        fetch(line.getAttribute("data-measure-url"), { method: "POST", body: form, credentials: "same-origin" })
          .then(function (answer) { return answer.ok ? answer.json() : null; })
          .then(function (got) { if (got) line.textContent = got.line; })
          .catch(function () {});
      }, 400);
    });
  });

  /* ---- progress ---- */
  function again(el) {
    setTimeout(function () {
      fetch(el.getAttribute("data-refresh-url"), { credentials: "same-origin", headers: { "HX-Request": "true" } })
        .then(function (r) { return r.ok ? r.text() : null; })
        .then(function (html) {
          if (html === null) return;
          var next = new DOMParser().parseFromString(html, "text/html").getElementById(el.id);
          if (!next) return;
          if (el.contains(doc.activeElement)) { again(el); return; }
          el.replaceWith(doc.importNode(next, true));
          var now = doc.getElementById(next.id);
          if (now.hasAttribute("data-refresh-url")) again(now);
        }).catch(function () { again(el); });
    }, 2000);
  }
  all("[data-refresh-url]", again);

  /* ---- live bar ---- */
  all("[data-live-url]", function (bar) {
    if (!window.EventSource) return;
    var link = bar.querySelector(".live-link"), count = bar.querySelector("[data-live-count]"), n = 0;
    if (link) link.setAttribute("href", location.pathname + location.search); /* the same list, with its filter */
    var source = new EventSource(bar.getAttribute("data-live-url"));
    function more() {
      n += 1;
      count.textContent = n.toLocaleString(lang);
      link.hidden = false;
    }
    source.onmessage = more;
    (bar.getAttribute("data-live-events") || "new changed resync").split(" ").forEach(function (name) {
      source.addEventListener(name, more);
    });
    window.addEventListener("pagehide", function () { source.close(); });
  });

  /* ---- asking first; never twice the same form ---- */
  doc.addEventListener("submit", function (event) {
    var form = event.target, sentence = form.getAttribute("data-confirm");
    if (sentence && !window.confirm(sentence)) { event.preventDefault(); return; }
    if (form.getAttribute("data-sent")) { event.preventDefault(); return; }
    form.setAttribute("data-sent", "1");
    setTimeout(function () { form.removeAttribute("data-sent"); }, 4000);
  });

  /* ---- a menu closes when one looks elsewhere ---- */
  function shut(event) {
    all("details.more[open]", function (el) {
      if (event.type === "keydown" ? event.key === "Escape" : !el.contains(event.target)) el.open = false;
    });
  }
  doc.addEventListener("click", shut);
  doc.addEventListener("keydown", shut);

  /* ---- on a narrow screen: where we are in the navigation is in view ---- */
  all(".nav [aria-current]", function (el) {
    var list = el.closest(".nav"), a = list.getBoundingClientRect(), b = el.getBoundingClientRect();
    list.scrollLeft += (b.left + b.right - a.left - a.right) / 2;
  });

  /* ---- times ---- */
  function ago() {
    if (!window.Intl || !Intl.RelativeTimeFormat) return;
    var words = new Intl.RelativeTimeFormat(lang, { numeric: "auto" });
    all("time[data-ago]", function (el) {
      var min = Math.round((Date.now() - Date.parse(el.getAttribute("datetime"))) / 60000);
      if (!(min >= 1) || min >= 720) return;
      el.textContent = min < 60 ? words.format(-min, "minute") : words.format(-Math.floor(min / 60), "hour");
    });
    all("[data-until]", function (el) { if (Date.now() > Number(el.getAttribute("data-until"))) el.hidden = true; });
  }
  if (doc.querySelector("time[data-ago]")) setInterval(ago, 30000);
  all("[data-until]", function (el) {
    var left = Number(el.getAttribute("data-until")) - Date.now();
    if (left < 2147483647) setTimeout(function () { el.hidden = true; }, Math.max(0, left));
  });

  /* ---- lists by keyboard and by typing ---- */
  function items() {
    return Array.prototype.filter.call(doc.querySelectorAll("[data-list] [data-item]"), function (i) { return !i.hidden; });
  }
  /* The item that is open is where walking starts; a long list shows it. */
  var open = doc.querySelector("[data-list] [aria-current]"), here = open && open.closest("[data-item]");
  var pane = here && here.closest(".queue-pane");
  if (pane) pane.scrollTop = here.offsetTop - pane.clientHeight / 3;
  function step(by) {
    var list = items(), at = list.indexOf(doc.querySelector("[data-item].at") || here);
    var next = list[Math.min(list.length - 1, Math.max(0, at < 0 ? 0 : at + by))];
    if (!next) return;
    all("[data-item].at", function (i) { i.classList.remove("at"); });
    next.classList.add("at");
    var link = next.querySelector("a[href]") || next;
    link.focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
  }
  doc.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    var el = doc.activeElement;
    if (event.key === "Escape" && !exit) {
      if (typing(el)) { el.blur(); return; }
      var back = doc.querySelector("[data-back]");
      if (back) location.assign(back.href);
      return;
    }
    if (typing(el)) return;
    if (event.key === "j") step(1);
    else if (event.key === "k") step(-1);
    else if (event.key === "/") {
      var search = doc.querySelector("[data-filter], input[type=search]");
      if (search) { event.preventDefault(); search.focus(); }
    } else if (event.key === "r") {
      var reply = doc.querySelector("[data-reply], .reply textarea");
      if (reply) { event.preventDefault(); reply.focus(); }
    }
  });
  all("input[data-filter]", function (input) {
    var key = "filter:" + location.pathname;
    function fold(s) { return s.normalize("NFD").replace(/[\u0300-\u036f\u064b-\u0652\u0640]/g, "").toLowerCase(); }
    function run() {
      var want = fold(input.value);
      all(input.getAttribute("data-filter") + " [data-item]", function (i) { i.hidden = want && fold(i.textContent).indexOf(want) < 0; });
      store(function (s) { s.setItem(key, input.value); });
    }
    input.value = store(function (s) { return s.getItem(key); }) || input.value;
    if (input.value) run();
    input.addEventListener("input", run);
  });

  var summary = doc.getElementById("summary");
  if (summary) summary.focus();
})();

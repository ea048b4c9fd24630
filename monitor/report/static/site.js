// Everything here makes a page that works without it better: filters, search, keys, unfolding.
"use strict";
document.documentElement.classList.add("js");
(() => {
  const $ = (id) => document.getElementById(id);
  const all = (selector, from = document) => Array.from(from.querySelectorAll(selector));
  const make = (name, className, text) => {
    const element = document.createElement(name);
    if (className) element.className = className;
    if (text !== undefined) element.textContent = text;
    return element;
  };

  // A link into folded text opens it.
  const reveal = () => {
    let target = null;
    try { target = $(decodeURIComponent(location.hash.slice(1))); } catch { return; }
    for (let up = target; up; up = up.parentElement) if (up.tagName === "DETAILS") up.open = true;
    if (target) target.scrollIntoView();
  };
  addEventListener("hashchange", reveal);
  if (location.hash) reveal();

  // A drawing wider than the screen begins at its end: what is new stands there.
  for (const drawing of all(".scroll > svg")) drawing.parentElement.scrollLeft = drawing.parentElement.scrollWidth;

  // Filters of a list of changes; the choice is kept in the address, so that it can be sent to somebody.
  const form = $("filters");
  if (form) {
    const items = all(".change");
    const ranks = { none: 0, low: 1, medium: 2, high: 3 };
    const fields = Array.from(form.elements).filter((field) => field.name);
    const apply = () => {
      const want = Object.fromEntries(fields.map((field) => [field.name, field.value]));
      let shown = 0;
      for (const item of items) {
        const data = item.dataset;
        const ok = (!want.v || data.v === want.v) && (!want.t || data.t.split(" ").includes(want.t)) &&
          (!want.f || data.f.split(" ").includes(want.f)) && (!want.d || data.d === want.d) &&
          (!want.s || ranks[data.s] >= ranks[want.s]) && (!want.a || data.on >= want.a) && (!want.b || data.on <= want.b);
        item.hidden = !ok;
        shown += ok ? 1 : 0;
      }
      for (const section of all("section.period")) section.hidden = !section.querySelector(".change:not([hidden])");
      const chosen = fields.filter((field) => field.value).map((field) => [field.name, field.value]);
      $("count").textContent = chosen.length ? `${shown} of ${items.length} shown` : "";
      history.replaceState(null, "", chosen.length ? `#?${new URLSearchParams(chosen)}` : location.pathname + location.search);
    };
    if (location.hash.startsWith("#?")) {
      for (const [name, value] of new URLSearchParams(location.hash.slice(2))) {
        const field = fields.find((one) => one.name === name);
        if (field) field.value = value;
      }
      $("narrow").open = true;
      apply();
    }
    form.addEventListener("input", apply);
    form.addEventListener("reset", () => setTimeout(apply));
    form.addEventListener("submit", (event) => event.preventDefault());
  }

  // Rows of a table by words.
  const find = $("find");
  if (find) {
    const rows = all(`#${find.dataset.rows} tbody tr`);
    find.addEventListener("input", () => {
      const words = find.value.toLowerCase().split(/\s+/).filter(Boolean);
      for (const row of rows) row.hidden = !words.every((word) => row.dataset.find.includes(word));
    });
  }

  // Search. The index says which documents may hold all words; their clauses are then loaded, as scripts, and looked at.
  const box = $("q");
  if (box) {
    const index = [];
    const clauses = new Map();
    const waiting = new Map();
    const load = (path, key) => new Promise((resolve) => {
      const script = make("script");
      waiting.set(key, resolve);
      script.src = path;
      script.onerror = () => resolve();
      document.head.append(script);
    });
    window.policyMonitor = {
      index: (rows) => { index.push(...rows); waiting.get("index")(); },
      clauses: (key, newest, seen, rows) => { clauses.set(key, { newest, seen, rows }); waiting.get(key)(); },
    };
    const suffixes = [["ing", 6], ["ed", 5], ["es", 5], ["s", 4]];
    const stem = (word) => {
      const cut = suffixes.find(([suffix, least]) => word.length >= least && word.endsWith(suffix));
      const rest = cut ? word.slice(0, -cut[0].length) : word;
      return rest.length > 3 && rest.endsWith("e") ? rest.slice(0, -1) : rest;
    };
    const words = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().match(/[\p{L}\p{N}]+/gu) || [];
    const hash = (word, seed) => {
      let value = seed;
      for (let n = 0; n < word.length; n += 1) {
        const unit = word.charCodeAt(n);
        value = Math.imul(value ^ (unit & 255), 0x01000193);
        value = Math.imul(value ^ (unit >> 8), 0x01000193);
      }
      return value >>> 0;
    };
    const holds = (bits, word) => {
      const size = bits.length * 8;
      const first = hash(word, 0x811c9dc5);
      const second = (hash(word, 0x01000193) | 1) >>> 0;
      for (let n = 0; n < 6; n += 1) {
        const place = (first + n * second) % size;
        if (!(bits.charCodeAt(Math.floor(place / 8)) & (1 << (place % 8)))) return false;
      }
      return true;
    };
    const marked = (text, wanted) => {
      const said = make("span", "said");
      for (const piece of text.split(/([\p{L}\p{N}\p{M}]+)/u)) {
        const found = words(piece).some((word) => wanted.includes(stem(word)));
        said.append(found ? make("mark", "", piece) : piece);
      }
      return said;
    };
    let turn = 0;
    const search = async () => {
      const mine = (turn += 1);
      const hits = $("hits");
      const wanted = words(box.value).map(stem);
      if (!wanted.some((word) => word.length > 1)) { hits.replaceChildren(); return; }
      if (!waiting.has("index")) await load(box.dataset.index, "index");
      const likely = index.filter((row) => {
        row[5] = row[5] || atob(row[4]);
        return wanted.every((word) => holds(row[5], word));
      });
      const list = make("ol");
      let count = 0;
      for (const [key, title, folder, path] of likely.slice(0, 60)) {
        if (!clauses.has(key)) await load(path, key);
        if (mine !== turn) return;
        const { newest, seen, rows } = clauses.get(key) || { rows: [] };
        for (const [text, first, last, place] of rows) {
          if (count >= 80) break;
          const said = words(text).map(stem);
          if (!wanted.every((word) => said.includes(word))) continue;
          count += 1;
          const item = make("li");
          const link = make("a", "", title);
          link.href = `${folder}/text-${last}.html#${place}`;
          const when = last === newest ? `in the current text, since ${seen[first]}` : `gone: in versions of ${seen[first]} to ${seen[last]}`;
          item.append(link, ` (${when})`, marked(text, wanted));
          list.append(item);
        }
      }
      const more = likely.length > 60 || count >= 80 ? "; there may be more, add a word" : "";
      hits.replaceChildren(make("p", "", count ? `${count} ${count === 1 ? "clause" : "clauses"}${more}` : "No clause of any version holds all these words."), list);
    };
    let timer = 0;
    box.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(search, 200); });
  }

  // Keys and buttons on the page of a change.
  const changed = all(".row");
  if (document.body.dataset.page === "change" && changed.length) {
    let at = -1;
    const go = (step) => {
      at = Math.max(0, Math.min(changed.length - 1, at + step));
      changed[at].focus({ preventScroll: true });
      changed[at].scrollIntoView({ block: "center" });
    };
    const folds = all(".fold");
    const unfold = () => {
      const open = folds.some((fold) => !fold.open);
      for (const fold of folds) fold.open = open;
    };
    const tools = make("div", "tools");
    for (const [text, action] of [["Next change", () => go(1)], ["Previous change", () => go(-1)], ["Unfold or fold all", unfold]]) {
      const button = make("button", "", text);
      button.type = "button";
      button.addEventListener("click", action);
      tools.append(button);
    }
    document.querySelector(".compare").before(tools);
    addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName)) return;
      if (event.key === "j") go(1);
      else if (event.key === "k") go(-1);
      else if (event.key === "e") unfold();
    });
    addEventListener("focusin", (event) => {
      const row = event.target.closest ? event.target.closest(".row") : null;
      if (row) at = changed.indexOf(row);
    });
  }
})();

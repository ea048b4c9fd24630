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

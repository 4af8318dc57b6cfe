/* Search and nothing else: every page reads and prints without this file. No network: the index is a script beside it. */
(() => {
  "use strict";
  const input = document.getElementById("q");
  const list = document.getElementById("hits");
  const status = document.getElementById("hits-said");
  const box = document.getElementById("search");
  if (!input || !list || !status || !box) return;
  const root = box.dataset.root || "";
  const MOST = 20;
  box.hidden = false;

  let ready = null; // a promise of the index; asked for when somebody begins to search
  const index = () => ready || (ready = new Promise((done, failed) => {
    if (window.searchIndex) return done(opened(window.searchIndex));
    const script = document.createElement("script");
    script.src = root + box.dataset.index;
    script.onload = () => done(opened(window.searchIndex));
    script.onerror = () => failed(new Error("no index"));
    document.head.append(script);
  }));

  const opened = (data) => ({ ...data, names: Object.keys(data.stems), stop: new Set(data.stop) });

  const folded = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase()
    .replace(/([\p{L}\p{N}_])[-‐‑–](?=[\p{L}\p{N}_])/gu, "$1 ").replace(/’/g, "'").replace(/'s /g, " ");
  const words = (text) => folded(text).split(/[^\p{L}\p{N}]+/u).filter(Boolean);

  const stemmed = (word, endings) => {
    if (/^\d+$/.test(word) || word.length < 4) return word;
    if (word.endsWith("ies")) return word.slice(0, -3) + "y";
    for (const ending of endings) {
      const least = 3 + (["al", "als", "er", "ers"].includes(ending) ? 1 : 0);
      if (word.endsWith(ending) && word.length - ending.length >= least) {
        word = word.slice(0, -ending.length);
        break;
      }
    }
    const [a, b] = word.slice(-2);
    return word.length > 3 && a === b && !"ls".includes(b) ? word.slice(0, -1) : word;
  };

  const postings = (line, gain, weights, into) => {
    let number = 0;
    for (const [, distance, letters] of line.matchAll(/([0-9a-z]+)([A-Z]+)/g)) {
      number += parseInt(distance, 36);
      let sum = 0;
      for (const letter of letters) sum += weights[letter];
      into.set(number, Math.max(into.get(number) || 0, sum * gain));
    }
  };

  // What one word gains for each entry: whole stems count fully, beginnings of words half.
  const gains = (word, last, data) => {
    const stem = stemmed(word, data.endings);
    const found = new Map();
    if (data.stems[stem]) postings(data.stems[stem], 1, data.weights, found);
    const start = last ? folded(word) : stem;
    if (start.length >= (last ? 2 : 5)) {
      for (const name of data.names) {
        const longer = name !== stem && (name.startsWith(start) || name.startsWith(stem));
        const shorter = !longer && stem.length >= 5 && name.length >= 5 && name !== stem && stem.startsWith(name);
        if (longer || shorter) postings(data.stems[name], 0.5, data.weights, found);
      }
    }
    return found;
  };

  const search = (query, data) => {
    const said = [...new Set(words(query))];
    const telling = said.filter((word) => !data.stop.has(word));
    const wanted = telling.length ? telling : said;
    const totals = new Map();
    wanted.forEach((word, i) => {
      for (const [number, gain] of gains(word, i === wanted.length - 1, data)) {
        const total = totals.get(number) || [0, 0];
        totals.set(number, [total[0] + gain, total[1] + 1]);
      }
    });
    const plain = folded(query).trim();
    const line = words(query).map((word) => stemmed(word, data.endings)).join(" ");
    const hits = [...totals].map(([number, [sum, found]]) => {
      const [kind, key, label] = data.entries[number];
      let score = sum * (found / wanted.length) ** 2 * (data.kinds[kind] || 1);
      if (folded(key) === plain) score += data.line;
      else if (line.includes(" ") && (" " + words(label).map((w) => stemmed(w, data.endings)).join(" ") + " ").includes(" " + line + " ")) score += 8;
      return [score, number];
    });
    return hits.sort((a, b) => b[0] - a[0] || a[1] - b[1]).map(([, number]) => data.entries[number]);
  };

  const made = (tag, name, text) => {
    const element = document.createElement(tag);
    if (name) element.className = name;
    if (text) element.textContent = text;
    return element;
  };

  const shown = (data) => ([kind, key, label, page, anchor, about]) => {
    const item = made("li");
    const link = made("a");
    link.href = root + data.pages[page] + (anchor && "#") + anchor;
    const head = made("span", "hit-head");
    head.append(made("span", "hit-key", key));
    if (label && label !== key) head.append(" ", made("span", "hit-label", label));
    head.append(" ", made("span", "hit-kind", kind));
    link.append(head);
    if (about) link.append(made("span", "hit-about", about));
    item.append(link);
    return item;
  };

  const close = () => { list.hidden = true; list.replaceChildren(); status.textContent = ""; };

  let asked = 0;
  const run = async () => {
    const mine = ++asked;
    const query = input.value;
    if (!words(query).length) return close();
    let data, found;
    try {
      data = await index();
      found = search(query, data);
    } catch {
      status.textContent = "The search index (" + box.dataset.index + ") is not beside this page.";
      return;
    }
    if (mine !== asked) return;
    list.replaceChildren(...found.slice(0, MOST).map(shown(data)));
    list.hidden = !found.length;
    const more = found.length > MOST ? ", the best " + MOST + " are shown" : "";
    status.textContent = !found.length ? "Nothing speaks of “" + query + "”."
      : found.length + (found.length === 1 ? " result" : " results") + more + ". Arrow keys move, Enter opens.";
  };

  const links = () => [...list.querySelectorAll("a")];
  const move = (event, step) => {
    const all = links();
    if (!all.length) return;
    event.preventDefault();
    const next = all.indexOf(document.activeElement) + step;
    (next < 0 ? input : all[Math.min(next, all.length - 1)]).focus();
  };

  let shut = false; // by Escape, until something is typed again
  input.addEventListener("focus", () => { index().catch(() => {}); if (input.value && list.hidden && !shut) run(); });
  input.addEventListener("input", () => { shut = false; run(); });
  box.addEventListener("submit", async (event) => {
    event.preventDefault();
    await run();
    const first = links()[0];
    if (first) first.click();
  });
  box.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown") move(event, 1);
    else if (event.key === "ArrowUp") move(event, -1);
    else if (event.key === "Escape") { shut = true; close(); input.focus(); }
  });
  list.addEventListener("click", (event) => { if (event.target.closest("a")) setTimeout(close); });
  document.addEventListener("click", (event) => { if (!box.contains(event.target)) close(); });
  document.addEventListener("keydown", (event) => {
    const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement.tagName) || document.activeElement.isContentEditable;
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      input.focus();
      input.select();
    }
  });
})();

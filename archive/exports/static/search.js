// Search without a server: works from file:// too, where nothing can be fetched, so parts of the index come as scripts.
"use strict";
(() => {
  const CJK = /[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]/;
  const WORD = /[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]+|[\p{L}\p{N}]+/gu;
  const MOST = 100;
  const loaded = new Map();
  const arrived = new Map();
  window.part = (name, value) => arrived.set(name, value);

  function load(name) {
    if (!loaded.has(name)) {
      loaded.set(name, new Promise((done, fail) => {
        const script = document.createElement("script");
        script.src = `search/${name}.js`;
        script.onload = () => done(arrived.get(name));
        script.onerror = () => { loaded.delete(name); fail(new Error(name)); };
        document.head.append(script);
      }));
    }
    return loaded.get(name);
  }

  function hash(text) { // FNV-1a over UTF-16 code units, as archive/exports/site.py has it
    let h = 0x811c9dc5;
    for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193) >>> 0;
    return h;
  }

  function tokens(text) {
    const found = [];
    for (const [run] of text.normalize("NFKC").toLowerCase().matchAll(WORD)) {
      if (!CJK.test(run[0])) found.push(run);
      else for (let i = 0; i + 1 < run.length; i++) found.push(run.slice(i, i + 2));
    }
    return [...new Set(found)];
  }

  async function places(token, about) {
    const postings = (await load(`i${hash(token) % about.parts}`))[token];
    if (!postings) return new Set();
    let last = 0;
    return new Set(postings.map((step) => (last += step)));
  }

  async function search(query) {
    const about = await load("about");
    const wanted = tokens(query);
    if (!wanted.length) return null;
    let found = null;
    for (const token of wanted) {
      const here = await places(token, about);
      found = found === null ? here : new Set([...found].filter((n) => here.has(n)));
    }
    const numbers = [...found].sort((a, b) => a - b);
    const shown = [];
    for (const n of numbers.slice(0, MOST)) shown.push((await load(`d${Math.floor(n / about.block)}`))[n % about.block]);
    return { total: numbers.length, shown };
  }

  const form = document.querySelector("form"), list = document.querySelector("#found"), said = document.querySelector("#said");
  let asked = 0;
  async function show() {
    const query = form.q.value.trim(), mine = ++asked;
    list.replaceChildren();
    said.textContent = query ? "…" : "";
    document.body.classList.toggle("searching", Boolean(query));
    if (!query) return;
    let found;
    try { found = await search(query); } catch { said.textContent = "The index cannot be read. 索引无法读取。"; return; }
    if (mine !== asked) return;
    if (!found) { said.textContent = "Two characters or a word, please. 请至少输入两个字。"; return; }
    said.textContent = `${found.total} found 篇` + (found.total > MOST ? ` (${MOST} shown 只列出 ${MOST} 篇)` : "");
    for (const [id, title, day, site, opening] of found.shown) {
      const item = document.createElement("li"), link = document.createElement("a"), facts = document.createElement("p");
      link.href = `story/${id}.html`;
      link.textContent = title;
      facts.textContent = [day, site, opening].filter(Boolean).join(" · ");
      item.append(link, facts);
      list.append(item);
    }
  }
  form.addEventListener("submit", (event) => { event.preventDefault(); history.replaceState(null, "", `#${encodeURIComponent(form.q.value)}`); show(); });
  if (location.hash.length > 1) { try { form.q.value = decodeURIComponent(location.hash.slice(1)); } catch { /* no query */ } }
  show();
})();

/* The page of the search on a site of files: what is found is shown as the server shows it. A search is a page of the
   history, as a form makes it; without scripts the page has the list of all there is. */

"use strict";

(() => {
  const SIZE = 20;
  const form = document.querySelector("form.search");
  const asked = new URLSearchParams(location.search);
  const text = (asked.get("q") ?? "").normalize("NFC");
  const chosen = { class: new Set(asked.getAll("class")), status: new Set(asked.getAll("status")) };
  const page = Math.max(1, Number.parseInt(asked.get("page") ?? "1", 10) || 1);

  function element(name, attributes = {}, ...children) {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.append(...children);
    return made;
  }

  document.querySelector(".without-scripts")?.remove();
  const said = element("p", { role: "status" });
  const list = document.querySelector("main > ol.neighbours") ?? element("ol", { class: "neighbours" });
  form.querySelector("#mode")?.closest("p").remove(); // by meaning only a server can search
  form.after(said, list);
  form.elements.q.value = text;

  const count = (number, one, many) => `${number.toLocaleString("en")} ${number === 1 ? one : many}`;

  const address = (changes) => {
    const parameters = new URLSearchParams(asked);
    for (const [name, value] of Object.entries(changes)) {
      parameters.delete(name);
      if (value) parameters.set(name, value);
    }
    return `?${parameters}`;
  };

  async function marked(shown, terms) {
    const pieces = [];
    let end = 0;
    for (const one of await staticSite.wordsOf(shown)) {
      if (!terms.some((term) => one.word.startsWith(term))) continue;
      pieces.push(shown.slice(end, one.start), element("mark", {}, shown.slice(one.start, one.end)));
      end = one.end;
    }
    return [...pieces, shown.slice(end)];
  }

  async function item(one, terms) {
    const name = element("a", { class: `entity class-${one.kind}`, href: new URL(one.file, staticSite.HOME).href });
    name.append(...await marked(one.label.normalize("NFC"), terms));
    const head = element("p", { class: "head" }, name, " ", element("span", { class: `chip class class-${one.kind}` }, one.kind));
    if (one.status !== "active") head.append(" ", element("span", { class: `chip status ${one.status}` }, one.status));
    head.append(" ", element("span", { class: "edges" }, count(one.edges, "edge", "edges")));
    const note = element("p", { class: "note" });
    note.append(...await marked(one.definition.normalize("NFC"), terms));
    return element("li", { class: "neighbour" }, head, note);
  }

  function facet(name, counts) {
    const field = element("fieldset", { class: "facet" }, element("legend", {}, name[0].toUpperCase() + name.slice(1)));
    const values = [...counts].sort((one, other) => other[1] - one[1]);
    for (const [value, number] of values) {
      const box = element("input", { type: "checkbox", name, value });
      box.checked = chosen[name].has(value);
      field.append(element("label", {}, box, ` ${value} `, element("span", { class: "count" }, `(${number})`)));
    }
    if (values.length) form.append(field);
  }

  function counted(entities, key) {
    const counts = new Map();
    for (const one of entities) counts.set(one[key], (counts.get(one[key]) ?? 0) + 1);
    return counts;
  }

  function steps(last) {
    if (last < 2) return;
    const links = element("nav", { class: "pages", "aria-label": "Pages" });
    const offers = [["First", 1, page > 1], ["Previous", page - 1, page > 1], ["Next", page + 1, page < last], ["Last", last, page < last]];
    for (const [words, to, isThere] of offers) if (isThere) links.append(element("a", { href: address({ page: to > 1 ? to : "" }) }, words), " ");
    links.append(element("span", {}, `Page ${page} of ${last}`));
    list.after(links);
  }

  async function nothing() {
    const index = await staticSite.index();
    const jump = element("ul", { class: "jump" });
    for (const [name, plural] of Object.entries(index.classes)) {
      jump.append(element("li", {}, element("a", { class: `class-${name}`, href: new URL(`${name}.html`, staticSite.HOME).href }, plural)));
    }
    const all = chosen.class.size || chosen.status.size
      ? [element("p", {}, "The filters leave no results. ", element("a", { href: `?${new URLSearchParams({ q: text })}` }, "Search without filters"))] : [];
    list.after(element("div", { class: "empty" }, ...all, element("p", {}, "Try fewer words, or synonyms; a part of a name; an id. Or browse a class:"), jump));
  }

  async function show() {
    if (!text.trim()) return;
    document.title = `${text} · ${document.title}`;
    said.textContent = "Searching …";
    const found = await staticSite.find(text);
    const all = await Promise.all(found.ids.map(staticSite.entity));
    const ofClass = all.filter(({ kind }) => !chosen.class.size || chosen.class.has(kind));
    const ofStatus = all.filter(({ status }) => !chosen.status.size || chosen.status.has(status));
    const wanted = ofClass.filter(({ status }) => !chosen.status.size || chosen.status.has(status));
    facet("class", counted(ofStatus, "kind"));
    facet("status", counted(ofClass, "status"));
    const shown = wanted.slice((page - 1) * SIZE, page * SIZE);
    list.replaceChildren(...await Promise.all(shown.map((one) => item(one, found.terms))));
    const first = (page - 1) * SIZE + 1;
    const some = found.complete && found.complete < all.length && wanted.length === all.length ? `, ${found.complete} of them with every word` : "";
    const part = shown.length < wanted.length ? `; showing ${first}–${first + shown.length - 1}` : "";
    said.textContent = `${count(wanted.length, "result", "results")}${some}${part}.`;
    if (found.meant) said.after(element("p", { class: "hint" }, `No results for “${text}”. Showing results for `, element("a", { href: address({ q: found.meant, page: "" }) }, found.meant), " instead."));
    if (!wanted.length) await nothing();
    steps(Math.ceil(wanted.length / SIZE));
  }

  show().catch((error) => { said.textContent = `The index of the search could not be read: ${error.message}.`; });
})();

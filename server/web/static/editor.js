// The query editor of /sparql: YASGUI's editor (Yasqe) and its table (Yasr) around the form that works without scripts.
// Yasgui's own frame is left out: its tabs, its choice of endpoints and its memory are for many endpoints, and this page
// has one. The query is in the address instead, where it can be saved, shared and gone back to.
"use strict";

(() => {
  const { Yasqe, Yasr } = Yasgui.Yasgui ?? Yasgui;
  const HOME = new URL("..", document.currentScript.src); // the site may be under a path of its host
  const form = document.querySelector("form.query");
  const field = form.elements.query;
  const share = document.getElementById("share");
  const keys = document.getElementById("keys");
  const status = document.getElementById("status");
  const examples = document.querySelector("section.examples");
  const here = globalThis.localEndpoint; // on a copy of the site without a server, queries run in the browser
  const HERE = new URL(form.action).pathname;

  // ---- what can be completed -------------------------------------------------------------------------------------

  const prefixes = JSON.parse(form.dataset.prefixes);
  const views = JSON.parse(form.dataset.views);
  const nothing = { base: "", classes: [], predicates: [], services: [] };
  // Asked for once. Without it the editor still edits and runs; it only completes nothing.
  const completions = new URL(form.dataset.completions, HOME);
  const vocabulary = ask(completions).catch(() => nothing);

  async function ask(address) {
    const response = await fetch(address);
    if (!response.ok) throw new Error(response.statusText);
    return response.json();
  }

  function matching(offers, typed) {
    const wanted = typed.toLowerCase();
    const begins = ({ name }) => name.toLowerCase().startsWith(wanted) || local(name).startsWith(wanted);
    const holds = ({ name, label }) => `${name} ${label}`.toLowerCase().includes(wanted);
    const held = offers.filter(holds);
    return [...held.filter(begins), ...held.filter((offer) => !begins(offer))];
  }

  const local = (name) => name.slice(name.indexOf(":") + 1).toLowerCase();

  // One place of the query is one completer's: where two offered names, the later list would replace the earlier one.
  function placeOf(yasqe) {
    const cursor = yasqe.getDoc().getCursor();
    const token = yasqe.getCompleteToken();
    const before = yasqe.getPreviousNonWsToken(cursor.line, token);
    if (/^prefix$/i.test(before?.string ?? "")) return "prefixes";
    if (/^(service|silent)$/i.test(before?.string ?? "")) return "service";
    if (/^[?$]|^["'<#]/.test(token.string) || ["comment", "string"].includes(token.type)) return "";
    if (["a", "rdf:type", "rdfs:domain", "rdfs:range"].includes(before?.state?.lastProperty)) return "class";
    if (token.state.possibleCurrent?.includes("a")) return "property";
    return token.string.trim() ? "entity" : "";
  }

  // YASGUI's completers of these names ask hosts elsewhere, or offer prefixes gathered from anywhere; these replace them.
  // Nothing opens by itself: a list that opens while one types takes the Enter and arrow keys away.
  // A list has beside each name what it is called, and below it what it means.
  const offered = new Map();

  function described(hints) {
    for (const hint of hints) {
      const { label = "", definition = "" } = offered.get(hint.displayText ?? hint.text) ?? {};
      hint.render = (item, _, { displayText, text }) => {
        item.append(element("span", { className: "name" }, displayText ?? text));
        if (label && label !== text) item.append(element("span", { className: "label" }, label));
        if (definition) item.append(element("small", {}, definition.length > 160 ? `${definition.slice(0, 159)}…` : definition));
      };
    }
    return hints;
  }

  function complete(name, get) {
    Yasqe.registerAutocompleter({
      name,
      bulk: false,
      autoShow: false,
      isValidCompletionPosition: (yasqe) => placeOf(yasqe) === name,
      get: async (yasqe, token) => {
        const offers = await get((token?.string ?? "").trim(), yasqe);
        for (const offer of offers) offered.set(offer.name, offer);
        return offers.map(({ name }) => name);
      },
      postprocessHints: (yasqe, hints) => described(hints),
    });
  }

  // ---- what a query binds already: which classes its variables and names are of, by its own patterns ---------------

  // Comments, strings and filters say nothing of classes; what is in brackets is not a triple.
  const bare = (text) => text.replace(/"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'/g, '""').replace(/#[^\n]*/g, "").replace(/\([^()]*\)/g, " ");

  function statementsOf(text) {
    const words = bare(text).match(/<[^<>\s]*>|[?$]\w+|[\w-]*:[\w.-]*\w|[\w-]+:|[.;,{}]|[^\s.;,{}]+/g) ?? [];
    const found = [];
    let subject = "";
    let predicate = "";
    for (const word of words) {
      if (/^[.{}]$/.test(word)) subject = predicate = "";
      else if (word === ";") predicate = "";
      else if (word === ",") continue;
      else if (!subject) subject = word;
      else if (!predicate) predicate = word;
      else found.push([subject, predicate, word]);
    }
    return { found, subject };
  }

  function classesOf(node, text, known) {
    const predicates = new Map(known.predicates.map((offer) => [offer.name, offer]));
    const above = new Map(known.classes.map((offer) => [offer.name, offer.above ?? []]));
    const direct = new Set();
    for (const [subject, predicate, object] of statementsOf(text).found) {
      if (subject === node && ["a", "rdf:type"].includes(predicate)) direct.add(object);
      const { range } = predicates.get(predicate) ?? {};
      if (object === node && range) direct.add(range);
    }
    return new Set([...direct].flatMap((name) => [name, ...(above.get(name) ?? [])]));
  }

  // First the predicates that what stands before them can have: by the shapes of its classes, and by domains.
  async function predicatesHere(typed, yasqe) {
    const known = await vocabulary;
    const text = yasqe.getValue();
    const before = text.slice(0, yasqe.getDoc().indexFromPos(yasqe.getDoc().getCursor()));
    const { subject } = statementsOf(before);
    const classes = classesOf(subject, text, known);
    const fits = ({ of = [] }) => of.some((name) => classes.has(name));
    const held = matching(known.predicates, typed);
    return classes.size ? [...held.filter(fits), ...held.filter((offer) => !fits(offer))] : held;
  }

  complete("class", async (typed) => matching((await vocabulary).classes, typed));
  complete("property", predicatesHere);
  complete("service", async (typed) => (here ? [] : matching((await vocabulary).services ?? [], typed)));
  complete("entity", async (typed) => {
    const address = `${completions}?${new URLSearchParams({ entity: typed })}`;
    const asked = here ? here.entities(typed) : ask(address).then(({ entities }) => entities);
    return asked.catch(() => []);
  });
  complete("prefixes", (typed) =>
    Object.entries(prefixes)
      .map(([prefix, namespace]) => `${prefix}: <${namespace}>`)
      .filter((declaration) => declaration.startsWith(typed))
      .map((name) => ({ name })),
  );

  // ---- the editor, in the place of the text field ----------------------------------------------------------------

  // The endpoint declares our prefixes for every query; without this, the editor would mark their use as a fault.
  const sparql = Yasqe.modes.sparql11;
  Yasqe.defineMode("sparql11", (...options) => {
    const mode = sparql(...options);
    return { ...mode, startState: () => ({ ...mode.startState(), prefixes: { ...prefixes } }) };
  });

  // It is as high as the field was, so nothing below it moves.
  const height = `${field.offsetHeight}px`;
  const place = document.createElement("div");
  place.className = "editor";
  field.after(place);
  const yasqe = new Yasqe(place, {
    value: field.value.trimEnd(),
    editorHeight: height,
    // Screen readers can read what is editable; they cannot read the hidden field of the other style.
    inputStyle: "contenteditable",
    spellcheck: false,
    lineNumbers: true,
    showQueryButton: false,
    createShareableLink: null,
    consumeShareLink: null,
    persistenceId: null,
    autocompleters: ["prefixes", "service", "class", "property", "entity", "variables"],
    extraKeys: {
      // Tab goes on to the next control, as everywhere: an editor that keeps it is a trap for keyboards.
      Tab: false,
      "Shift-Tab": false,
      // Escape closes a list of completions; YASGUI would also take the focus away.
      Esc: false,
      "Ctrl-Enter": () => form.requestSubmit(),
      "Cmd-Enter": () => form.requestSubmit(),
    },
  });
  field.hidden = true;
  // The browser cannot point at a hidden field that is empty; the server says what is wrong with an empty query.
  field.required = false;

  const input = yasqe.getInputField();
  for (const [name, value] of Object.entries({
    role: "textbox",
    "aria-multiline": "true",
    "aria-labelledby": "query-label",
    "aria-describedby": "keys",
  })) {
    input.setAttribute(name, value);
  }
  document.getElementById("query-label").addEventListener("click", () => yasqe.focus());
  yasqe.on("autocompletionShown", (_, list) => list?.hints?.setAttribute("aria-label", "Completions"));

  // YASGUI says what is wrong with a line in markup with a style in it, which the policy refuses; a title needs none.
  const { setGutterMarker } = yasqe;
  yasqe.setGutterMarker = (line, gutter, marker) => {
    if (gutter === "gutterErrorBar" && marker) {
      const { state } = yasqe.getTokenAt({ line, ch: yasqe.getDoc().getLine(line).length }, true);
      marker.onmouseover = marker.onmouseout = null;
      marker.title = state.errorMsg ?? `Expected here: ${(state.possibleCurrent ?? []).join(" ")}`;
    }
    return setGutterMarker.call(yasqe, line, gutter, marker);
  };
  yasqe.checkSyntax();

  // What is asked for: the query, and the date or commit over whose state it is, where one is named.
  const asked = (more = {}) => {
    const at = form.elements.at?.value.trim();
    return new URLSearchParams({ query: yasqe.getValue(), ...(at ? { at } : {}), ...more });
  };
  const link = (more) => `${HERE}?${asked(more)}`;
  const keepInStep = () => {
    field.value = yasqe.getValue();
    share.href = link();
  };
  yasqe.on("change", keepInStep);
  form.elements.at?.addEventListener("input", keepInStep);
  keepInStep();
  share.hidden = keys.hidden = false;

  // ---- running ---------------------------------------------------------------------------------------------------

  let running = null;

  function sent(query, signal) {
    return fetch(form.action, {
      method: "POST",
      headers: { Accept: "application/sparql-results+json, text/turtle;q=0.9, application/problem+json;q=0.8" },
      body: query,
      signal,
    });
  }

  async function run() {
    running?.abort();
    unmark();
    const mine = (running = new AbortController());
    status.textContent = "Running …";
    const query = asked();
    try {
      const response = await (here ? here.answer(query.get("query"), mine.signal) : sent(query, mine.signal));
      const text = await response.text();
      const known = await vocabulary;
      const labels = response.ok ? await labelsIn(response, text) : {};
      if (mine.signal.aborted) return;
      if (response.ok) showAnswer(query, response, text, known, labels);
      else showProblem(response, text);
    } catch (error) {
      if (mine.signal.aborted) return;
      showProblem({ statusText: "No answer" }, JSON.stringify({ detail: `The server did not answer: ${error.message}` }));
    }
    running = null;
  }

  form.addEventListener("submit", (event) => {
    // The other button leads to another page.
    if (event.submitter?.hasAttribute("formaction")) return;
    event.preventDefault();
    // The editor reads what was typed a moment later; a quicker user means the query that is in it.
    yasqe.display.input.pollContent?.();
    // A query that is run becomes a page of the history: its address is a link to it, and Back leads to the one before.
    if (link() !== location.pathname + location.search) history.pushState(null, "", link());
    run();
  });

  window.addEventListener("popstate", () => {
    const address = new URLSearchParams(location.search);
    if (!address.has("query")) return location.reload();
    if (form.elements.at) form.elements.at.value = address.get("at") ?? "";
    yasqe.setValue(address.get("query"));
    run();
  });

  examples.addEventListener("click", (event) => {
    const example = event.target.closest(".jump a");
    if (!example || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    yasqe.setValue(new URL(example.href).searchParams.get("query").trimEnd());
    form.requestSubmit();
  });

  share.addEventListener("click", async (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    history.replaceState(null, "", share.href);
    // Browsers give the clipboard to pages that came by https or from this computer; the address bar has the link always.
    const copied = await navigator.clipboard?.writeText(share.href).then(() => true, () => false);
    status.textContent = copied ? worded("The link is copied.") : worded("The link is in the address bar.");
  });

  // ---- showing ---------------------------------------------------------------------------------------------------

  function element(name, properties = {}, ...children) {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children);
    return made;
  }

  // The section has the place and the form of the one that the server makes for browsers without scripts.
  function section(title, ...children) {
    const made = element("section", {}, element("h2", { id: "result" }, title), ...children);
    made.setAttribute("aria-labelledby", "result");
    put(made);
    return made;
  }

  function put(made) {
    const old = document.querySelector("section[aria-labelledby=result]");
    if (old) old.replaceWith(made);
    else document.querySelector(".asking").after(made);
    // The answer is in view after running, and what was asked stays in view where there is space for both.
    made.scrollIntoView({ block: "nearest", behavior: still.matches ? "auto" : "smooth" });
    if (made.getBoundingClientRect().top > innerHeight * 0.7) made.scrollIntoView({ block: "start" });
  }

  const still = matchMedia("(prefers-reduced-motion: reduce)");

  // The place of an error is in its words; the text is marked there, to the end of the word.
  let marked = null;
  const unmark = () => marked?.clear();

  function mark(detail) {
    const place = /^Line ([\d,]+), column ([\d,]+)/.exec(detail ?? "");
    if (!place) return;
    const doc = yasqe.getDoc();
    const line = Math.min(Number(place[1].replaceAll(",", "")) - 1, doc.lastLine());
    const text = doc.getLine(line);
    // What is missing at the end of a line is marked at its last character.
    const start = Math.max(0, Math.min(Number(place[2].replaceAll(",", "")) - 1, text.length - 1));
    const word = /^[^\s;,.(){}]+/.exec(text.slice(start))?.[0].length ?? 1;
    marked = doc.markText({ line, ch: start }, { line, ch: start + word }, { className: "at-fault", title: detail, clearOnEnter: false });
    doc.setCursor({ line, ch: start }, undefined, { scroll: false });
    yasqe.scrollIntoView({ line, ch: start }, 40);
  }

  function showProblem(response, text) {
    let problem = {};
    try {
      problem = JSON.parse(text);
    } catch {
      problem = { detail: text };
    }
    const detail = element("p", { className: "definition preformatted" }, problem.detail ?? "");
    const mend = problem.mend ? [element("p", {}, worded("What to do: %(mend)s", { mend: problem.mend }))] : [];
    // Screen readers read it out as it comes.
    detail.setAttribute("role", "alert");
    section(problem.title ?? response.statusText, detail, ...mend);
    mark(problem.detail);
    status.textContent = worded("The query was not answered.");
  }

  const ROW_FORMATS = here?.rowFormats ?? { json: "JSON", xml: "XML", "sheet.csv": "CSV for spreadsheets", "sheet.tsv": "TSV for spreadsheets", "excel.csv": "CSV for Excel, with labels" };
  const TRIPLE_FORMATS = { ttl: "Turtle", jsonld: "JSON-LD", nt: "N-Triples", rdf: "RDF/XML" };

  function asData(query, formats) {
    const links = Object.entries(formats).flatMap(([format, label], place) => {
      const address = new URLSearchParams(query);
      address.set("format", format);
      const href = `${HERE}?${address}`;
      const data = here ? here.download(query.get("query"), format, label) : element("a", { href }, label);
      return [place && !here ? ", " : " ", data];
    });
    return element("p", { className: "formats" }, worded("This answer as data:"), ...links);
  }

  // ---- labels, views and snippets: the server makes them, of the same query ----------------------------------------

  const LABEL = "Label";
  const LABELS_AT_MOST = 2000;

  // What the IRIs of an answer are called.
  async function labelsIn(response, text) {
    if (here || !response.headers.get("Content-Type").startsWith("application/sparql-results+json")) return {};
    const { results } = JSON.parse(text);
    const iris = new Set((results?.bindings ?? []).flatMap((row) => Object.values(row).filter(({ type }) => type === "uri").map(({ value }) => value)));
    if (!iris.size || iris.size > LABELS_AT_MOST) return {};
    const answer = await fetch(new URL("sparql/labels", HOME), {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify([...iris]),
    });
    return answer.ok ? answer.json() : {};
  }

  // The rows with a column of labels beside each of IRIs, where the query has none of its own.
  function labelled({ head, results }, labels) {
    const added = head.vars.filter((name) => {
      const has = head.vars.includes(`${name}${LABEL}`) || head.vars.includes(`${name}_label`);
      return !has && results.bindings.some((row) => row[name]?.type === "uri" && labels[row[name].value]);
    });
    const vars = head.vars.flatMap((name) => (added.includes(name) ? [name, `${name}${LABEL}`] : [name]));
    const bindings = results.bindings.map((row) => {
      const more = added.filter((name) => labels[row[name]?.value]);
      return { ...row, ...Object.fromEntries(more.map((name) => [`${name}${LABEL}`, { type: "literal", value: labels[row[name].value] }])) };
    });
    return { vars, bindings };
  }

  const addressOf = (query, more) => `${HERE}?${new URLSearchParams([...query, ...Object.entries(more)])}`;

  // The page of the same query without scripts has the answer in every view, and programs that ask for it.
  async function fromPage(address, selector) {
    const response = await fetch(address, { headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    return page.querySelector(selector);
  }

  function viewsOf(query) {
    const links = views.map(([name, label]) => {
      const made = element("a", { href: `${addressOf(query, { view: name })}#result`, rel: "nofollow" }, label);
      if (name === "table") made.setAttribute("aria-current", "true");
      return made;
    });
    const nav = element("nav", { className: "views" }, ...links);
    nav.setAttribute("aria-label", worded("Views"));
    return nav;
  }

  // Without it, the links to views and the form for what they draw are a link and a form.
  async function showPage(address) {
    status.textContent = "Drawing …";
    const made = await fromPage(address, "section[aria-labelledby=result]").catch(() => null);
    if (!made) return location.assign(address);
    history.pushState(null, "", address);
    put(document.adoptNode(made));
    status.textContent = "";
  }

  document.addEventListener("click", (event) => {
    const tab = event.target.closest(".views a");
    if (!tab || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const asksForTable = new URL(tab.href).searchParams.get("view") === "table";
    if (asksForTable) form.requestSubmit();
    else showPage(tab.href);
  });

  document.addEventListener("submit", (event) => {
    if (!event.target.matches("form.axes")) return;
    event.preventDefault();
    showPage(`${HERE}?${new URLSearchParams(new FormData(event.target))}#result`);
  });

  function snippetsOf(query) {
    const made = element("details", { className: "snippets" }, element("summary", {}, worded("Ask this from a program")));
    made.addEventListener("toggle", async () => {
      const whole = await fromPage(addressOf(query, {}), "details.snippets").catch(() => null);
      if (!whole) return;
      whole.open = true;
      made.replaceWith(document.adoptNode(whole));
    }, { once: true });
    return made;
  }

  function showAnswer(query, response, text, known, labels) {
    const triples = response.headers.get("Content-Type").startsWith("text/turtle");
    const data = triples ? null : JSON.parse(text);
    if (data && "boolean" in data) {
      const said = data.boolean ? "Yes." : "No.";
      section(worded("Answer"), element("p", { className: "definition" }, said), asData(query, { json: "JSON", xml: "XML" }));
      status.textContent = said;
      return;
    }
    const rows = element("div", { className: "rows" });
    const hasRows = !triples && data.results.bindings.length > 0;
    const more = here ? [] : [snippetsOf(query)];
    section(worded("Answer"), ...(hasRows && !here ? [viewsOf(query)] : []), rows, asData(query, triples ? TRIPLE_FORMATS : ROW_FORMATS), ...more);
    const yasr = new Yasr(rows, {
      persistenceId: null,
      pluginOrder: ["table", "response"],
      plugins: {
        // Plain cells of their full length, as in the table of the server.
        table: { enabled: true, dynamicConfig: { compact: true, isEllipsed: false } },
        response: { enabled: true },
      },
    });
    yasr.known = known;
    yasr.labelled = triples ? null : labelled(data, labels);
    // Links to YASGUI's manual, on another host, and to a download that the line "as data" offers in every format.
    for (const extra of rows.querySelectorAll(".yasr_external_ref_btn, .yasr_downloadIcon")) extra.remove();
    yasr.on("drawn", () => name(rows));
    yasr.setResponse({ ok: true, status: 200, headers: response.headers, content: text });
    const count = yasr.results.getBindings()?.length ?? 0;
    status.textContent = `${count} ${triples ? (count === 1 ? "triple" : "triples") : count === 1 ? "row" : "rows"}.`;
  }

  // What YASGUI leaves without a name for screen readers, or offers without need.
  function name(rows) {
    rows.querySelector(".tableSizer")?.setAttribute("aria-label", "Rows on a page");
    for (const text of rows.querySelectorAll(".tableControls .label")) {
      if (text.textContent === "Ellipse") text.closest("div").remove();
    }
    const results = rows.querySelector(".yasr_results");
    // It scrolls sideways by itself, so it must be reachable by keyboard.
    results.tabIndex = 0;
    results.setAttribute("role", "region");
    results.setAttribute("aria-labelledby", "result");
    const raw = results.querySelector(".CodeMirror textarea");
    raw?.setAttribute("aria-label", "The response as it came");
  }

  // YASGUI's table, but with links that lead to pages of this server, and with values as they are: YASGUI would fill in
  // the text between doubled braces.
  class Table extends Yasr.plugins.table {
    getRows() {
      if (!this.yasr.labelled) return super.getRows();
      const { vars, bindings } = this.yasr.labelled;
      return bindings.map((row, place) => [place + 1, ...vars.map((variable) => row[variable] ?? "")]);
    }

    getColumns() {
      const columns = super.getColumns();
      if (!this.yasr.labelled) return columns;
      const [numbers, ...others] = columns;
      const byName = new Map(others.map((column) => [column.name, column]));
      return [numbers, ...this.yasr.labelled.vars.map((name) => byName.get(name) ?? { ...others[0], name, title: name })];
    }

    getUriLinkFromBinding({ value }) {
      const { base } = this.yasr.known;
      const text = compact(value);
      // A query can make up any IRI; only those that lead to a page become links.
      if (!/^https?:/.test(value)) return element("span", {}, text).outerHTML;
      const path = base && value.startsWith(base) ? value.slice(base.length) : null;
      const href = path === null ? value : globalThis.staticSite ? staticSite.pageOf(path) : `${HOME.pathname}${path}`;
      if (!href) return element("span", {}, text).outerHTML;
      return element("a", { className: "iri", href }, text).outerHTML;
    }
  }
  Yasr.registerPlugin("table", Table);

  // As the server shortens IRIs: by the longest namespace, and only if the rest is a plain name.
  function compact(iri) {
    const covering = Object.entries(prefixes).filter(([, namespace]) => iri.startsWith(namespace));
    const [prefix, namespace] = covering.sort((one, other) => other[1].length - one[1].length)[0] ?? ["", ""];
    const rest = iri.slice(namespace.length);
    return namespace && /^\w([\w-]*\w)?$/.test(rest) ? `${prefix}:${rest}` : iri;
  }
})();

/* The endpoint of the query editor on a site of files: queries run in this browser, over a copy of all data. It answers the
   editor as a server would, so that this has one way to show answers and errors. */

"use strict";

(() => {
  const WORKER = new URL("sparql-worker.js", document.currentScript.src);
  const form = document.querySelector("form.query");
  const status = document.getElementById("status");
  const prefixes = JSON.parse(form.dataset.prefixes);
  const DATA = new URL(form.dataset.dump, staticSite.HOME).href;
  const ROWS = { json: "application/sparql-results+json", xml: "application/sparql-results+xml", csv: "text/csv", tsv: "text/tab-separated-values" };
  const TRIPLES = { ttl: "text/turtle", jsonld: "application/ld+json", nt: "application/n-triples", rdf: "application/rdf+xml" };

  document.querySelector(".without-scripts")?.remove();
  // The copy holds the state of now alone.
  document.querySelectorAll(".as-of, [formaction]").forEach((one) => one.remove());
  document.getElementById("for-programs").textContent = "Queries run in this browser, over a copy of all data.";

  // No file answers a query; without this, a fault of the editor would load the page again and again.
  form.addEventListener("submit", (event) => event.preventDefault());

  const stop = Object.assign(document.createElement("button"), { type: "button", className: "button quiet", hidden: true });
  stop.textContent = "Stop";
  status.before(stop, " ");

  let worker = null;
  let count = 0;
  const waiting = new Map();

  function start() {
    worker = new Worker(WORKER, { type: "module" });
    worker.addEventListener("message", ({ data: { number, state, text, message } }) => {
      if (state === "running") {
        status.textContent = "Running …";
        return;
      }
      waiting.get(number)?.(state === "answered" ? { text } : { message });
      waiting.delete(number);
    });
    worker.addEventListener("error", (event) => {
      end(`This browser cannot run queries: ${event.message ?? "the engine could not be loaded"}.`);
    });
  }

  function end(message) {
    worker?.terminate();
    worker = null;
    for (const settle of waiting.values()) settle({ message });
    waiting.clear();
  }

  stop.addEventListener("click", () => {
    end("The query was stopped.");
    form.querySelector("button").focus();
  });

  /** Whether a query has rows, a yes or no, or triples for an answer; an empty text for what is no query. */
  function kindOf(query) {
    const PROLOGUE = /^(?:\s+|#[^\n]*|PREFIX\s+[^\s:]*:\s*<[^>]*>|BASE\s*<[^>]*>|VERSION\s*(?:"[^"]*"|'[^']*'))/i;
    let rest = query.replace(/^\ufeff/, "");
    for (let found; (found = PROLOGUE.exec(rest)); ) rest = rest.slice(found[0].length);
    const word = /^[a-z]+/i.exec(rest)?.[0].toUpperCase() ?? "";
    return { SELECT: "rows", ASK: "boolean", CONSTRUCT: "triples", DESCRIBE: "triples" }[word] ?? "";
  }

  /** A query with those prefixes declared that it uses and does not declare itself; its lines stay where they are. */
  function declared(query) {
    const own = new Set(Array.from(query.matchAll(/\bPREFIX\s+([^\s:]*):/gi), ([, name]) => name));
    const used = ([name]) => !own.has(name) && new RegExp(`(?:^|[^\\w-])${name.replace(/[^\w-]/g, "\\$&")}:`, "m").test(query);
    return Object.entries(prefixes).filter(used).map(([name, iri]) => `PREFIX ${name}: <${iri}> `).join("") + query;
  }

  function asked(query, format, signal) {
    if (!worker) {
      start();
      status.textContent = "Loading the data …";
    }
    stop.hidden = false;
    const number = ++count;
    signal?.addEventListener("abort", () => { if (waiting.has(number)) end("Another query was run."); });
    const posted = { number, query: declared(query), format, data: DATA };
    worker.postMessage(posted);
    return new Promise((resolve) => waiting.set(number, resolve)).finally(() => { stop.hidden = !waiting.size; });
  }

  function problem(detail) {
    const body = JSON.stringify({ status: 400, title: "No answer", detail });
    return new Response(body, { status: 400, headers: { "Content-Type": "application/problem+json" } });
  }

  async function answer(query, signal) {
    const kind = kindOf(query);
    await staticSite.ready();
    const type = kind === "triples" ? TRIPLES.ttl : ROWS.json;
    const { text, message } = await asked(query, type, signal);
    return message === undefined ? new Response(text, { headers: { "Content-Type": type } }) : problem(message);
  }

  /** A control that makes a file of an answer. */
  function download(query, format, label) {
    const type = ROWS[format] ?? TRIPLES[format];
    const button = Object.assign(document.createElement("button"), { type: "button", className: "button quiet", textContent: label });
    button.addEventListener("click", async () => {
      const { text, message } = await asked(query, type);
      if (message !== undefined) {
        status.textContent = message;
        return;
      }
      const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(new Blob([text], { type })), download: `answer.${format}` });
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
      status.textContent = `The answer is in answer.${format}.`;
    });
    return button;
  }

  async function entities(typed) {
    const { ids } = await staticSite.find(typed.replace(/^[^:]*:/, ""), { asOneTypes: true });
    const found = await Promise.all(ids.slice(0, 50).map(staticSite.entity));
    return found.map(({ curie, label }) => ({ name: curie, label }));
  }

  globalThis.localEndpoint = { answer, download, entities, rowFormats: { json: "JSON", xml: "XML", csv: "CSV", tsv: "TSV" } };

  const query = new URLSearchParams(location.search).get("query");
  if (query !== null) {
    form.elements.query.value = query;
    // The editor is ready by then.
    document.addEventListener("DOMContentLoaded", () => form.requestSubmit());
  }
})();

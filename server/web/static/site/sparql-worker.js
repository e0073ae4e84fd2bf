/* Answers queries over the data of an exported site, in a thread of its own that can be stopped at any time. The engine
   is Oxigraph, compiled to WebAssembly; it and the data are loaded for the first query. */

import initialize, { Store } from "../vendor/oxigraph-0.5.11/web.js";

let opened = null;

async function plain(bytes) {
  // Some hosts hand out compressed files as such, others take the compression off.
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

async function open(data) {
  const [answer] = await Promise.all([fetch(data), initialize()]);
  if (!answer.ok) throw new Error(`The data could not be loaded: ${answer.status} ${answer.statusText}.`);
  const store = new Store();
  store.load(await plain(new Uint8Array(await answer.arrayBuffer())), { format: "application/n-quads", lenient: true });
  return store;
}

self.addEventListener("message", async ({ data: { number, query, format, data } }) => {
  try {
    opened ??= open(data);
    const store = await opened;
    self.postMessage({ number, state: "running" });
    const text = store.query(query, { use_default_graph_as_union: true, results_format: format });
    self.postMessage({ number, state: "answered", text });
  } catch (error) {
    opened = opened && (await opened.catch(() => null)) ? opened : null;
    self.postMessage({ number, state: "failed", message: error.message ?? String(error) });
  }
});

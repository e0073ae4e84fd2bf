// Asks with programs of others, which get addresses and no more, and prints what they find as JSON.
//
// node ask.cjs FOLDER [OPTION...] QUERY ADDRESS...   the rows of Comunica
// node ask.cjs FOLDER --dereference ADDRESS...       the number of statements in each graph of each document
//
// FOLDER is where the programs are installed. Comunica takes whatever ends with /sparql for an endpoint;
// --by-description switches that guess off, so that only what an address says of itself counts. --follow has it follow
// the links in what it reads. With --base and --at, what is under one address is fetched from another, as w3id.org leads
// from the IRIs of a base to its server.
const { createRequire } = require("node:module");
const { join } = require("node:path");
const { parseArgs } = require("node:util");

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    "by-description": { type: "boolean" },
    dereference: { type: "boolean" },
    follow: { type: "boolean" },
    base: { type: "string", default: "" },
    at: { type: "string", default: "" },
  },
});
const [folder, ...given] = positionals;
const load = createRequire(join(folder, "package.json"));

function fetchMoved(asked, init) {
  return fetch(String(asked.url ?? asked).replace(options.base, options.at), init);
}

async function rows(query, sources) {
  if (options["by-description"]) {
    const { ActorQuerySourceIdentifyHypermediaSparql: Actor } = load(
      "@comunica/actor-query-source-identify-hypermedia-sparql",
    );
    Object.defineProperty(Actor.prototype, "checkUrlSuffix", { get: () => false, set: () => {} });
  }
  const { QueryEngine } = load(options.follow ? "@comunica/query-sparql-link-traversal" : "@comunica/query-sparql");
  const found = await (await new QueryEngine().queryBindings(query, { sources, fetch: fetchMoved, lenient: options.follow })).toArray();
  return found.map((row) => Object.fromEntries([...row].map(([name, term]) => [name.value, term.value])));
}

async function graphs(addresses) {
  const { rdfDereferencer } = load("rdf-dereference");
  const found = [];
  for (const address of addresses) {
    const { data } = await rdfDereferencer.dereference(address, { fetch: fetchMoved });
    const counts = {};
    for await (const quad of data) {
      counts[quad.graph.value] = (counts[quad.graph.value] ?? 0) + 1;
    }
    found.push(counts);
  }
  return found;
}

async function main() {
  const [query, ...sources] = given;
  process.stdout.write(JSON.stringify(await (options.dereference ? graphs(given) : rows(query, sources))));
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});

// Replicates an event stream with the LDES client, and prints its members as JSON: the IRI of each, and its N-Quads.
//
// node replicate.mjs FOLDER ADDRESS none|ascending    FOLDER is where the client is installed
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [folder, address, order] = process.argv.slice(2);
const load = createRequire(join(folder, "package.json"));
const { replicateLDES, intoConfig } = await import(
  pathToFileURL(join(folder, "node_modules/ldes-client/dist/lib/client.js")).href
);
const { Writer } = load("n3");

const client = replicateLDES(intoConfig({ url: address }), order);
const failed = [];
client.on("error", (error) => failed.push(error));
const members = [];
for await (const member of client.stream({ highWaterMark: 10 })) {
  members.push([member.id.value, new Writer({ format: "N-Quads" }).quadsToString(member.quads)]);
}
if (failed.length) {
  console.error(failed);
  process.exitCode = 1;
}
process.stdout.write(JSON.stringify(members));

// Copies what the package takes from the rest of the project: the schema and the licences. Neither
// is kept twice.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";

const here = new URL("../", import.meta.url);
const project = new URL("../../../", here);
const text = (name) => readFileSync(new URL(name, project), "utf8");

mkdirSync(new URL("schemas/", here), { recursive: true });
writeFileSync(new URL("schemas/gate.schema.json", here), text("generated/gate.schema.json"));

const licence = [
  "Under either of the two licences below, at your choice.",
  text("LICENSE-MIT").trim(),
  text("LICENSE-APACHE").trim(),
];
writeFileSync(new URL("LICENSE.txt", here), `${licence.join("\n\n---\n\n")}\n`);

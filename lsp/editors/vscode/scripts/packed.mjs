// Says what a .vsix holds, and fails if something that the manifest names is not in it.
import { readFileSync } from "node:fs";

/** The names in a zip's central directory (APPNOTE 4.3.12). */
function names(zip) {
  const end = zip.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]));
  const found = [];
  let at = zip.readUInt32LE(end + 16);
  for (let left = zip.readUInt16LE(end + 10); left > 0; left -= 1) {
    const [name, extra, comment] = [28, 30, 32].map((offset) => zip.readUInt16LE(at + offset));
    found.push(zip.toString("utf8", at + 46, at + 46 + name));
    at += 46 + name + extra + comment;
  }
  return found;
}

const [file] = process.argv.slice(2);
const zip = readFileSync(file);
const packed = names(zip);
const manifest = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
const { contributes } = manifest;
const named = [
  manifest.main,
  manifest.icon,
  ...contributes.languages.map((language) => language.configuration),
  ...[...contributes.grammars, ...contributes.snippets].map((part) => part.path),
  ...contributes.yamlValidation.map((schema) => schema.url),
  "README.md",
  "CHANGELOG.md",
  "LICENSE.txt",
].map((path) => `extension/${path.replace(/^\.\//, "")}`);
const missing = named.filter((path) => !packed.includes(path));
if (missing.length > 0) {
  console.error(`not in ${file}: ${missing.join(", ")}\nit holds:\n  ${packed.join("\n  ")}`);
  process.exit(1);
}
console.log(`${file}: ${packed.length} files, ${Math.ceil(zip.length / 1024)} KiB`);

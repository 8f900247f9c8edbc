import assert from "node:assert/strict";
import { test } from "node:test";

import { chosen } from "../src/documents";
import { missing, status } from "../src/words";

const patterns = (include: readonly string[]): (string | undefined)[] =>
  chosen(include).map((one) => one.pattern).filter((pattern) => pattern !== undefined);

test("specs in either language and policies are the server's, other YAML is not", () => {
  assert.deepEqual(patterns([]), ["**/*.kdl", "**/gate.{yaml,yml}", "**/*.gate.{yaml,yml}", "**/*.cedar"]);
});

test("a text that is not saved yet is the server's by its language alone", () => {
  assert.ok(chosen([]).some((one) => one.scheme === "untitled" && one.language === "gate"));
});

test("a glob of the settings begins anywhere in the workspace, once", () => {
  const added = patterns(["routes/*.yaml", "./routes/*.yaml", " ", "/srv/x.yaml", "**/*.kdl"]).slice(4);
  assert.deepEqual(added, ["**/routes/*.yaml", "/srv/x.yaml"]);
});

test("what is wrong with the server is an error, and says what", () => {
  assert.deepEqual(status("running", "gatec 0.1.0"), { text: "gatec", detail: "gatec 0.1.0", bad: false, busy: false });
  assert.deepEqual(status("missing", undefined), { text: "$(warning) gatec", detail: "program not found", bad: true, busy: false });
  assert.equal(status("starting", undefined).busy, true);
  assert.equal(status("stopped", "gatec 0.1.0").bad, true);
});

test("a missing program is named with where it was looked for", () => {
  assert.match(missing("./gatec", ["/shop/gatec"]), /`\.\/gatec` was not found at \/shop\/gatec\./);
  assert.match(missing("gatec", ["/a/gatec", "/b/gatec"]), /not found on the PATH\..*gatec\.path/);
});

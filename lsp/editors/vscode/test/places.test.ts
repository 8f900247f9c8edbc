// The places of policies: what the server sends is taken, anything else is left to it.
import assert from "node:assert/strict";
import { test } from "node:test";

import { asked } from "../src/places";

const at = { line: 1, character: 2 };
const place = { uri: "file:///a.cedar", range: { start: at, end: { line: 3, character: 0 } } };

test("the server's arguments are a list of places", () => {
  assert.deepEqual(asked(["file:///gate.kdl", at, [place]]), { uri: "file:///gate.kdl", at, places: [place] });
  assert.deepEqual(asked(["file:///gate.kdl", at, []])?.places, []);
});

test("anything else is left alone", () => {
  for (const given of [[], ["x"], ["x", at], ["x", {}, []], ["x", at, [{}]], ["x", at, [null]], [1, at, []], ["x", null, []]]) {
    assert.equal(asked(given), undefined, JSON.stringify(given));
  }
});

import assert from "node:assert/strict";
import { test } from "node:test";

import { fromText, toText, typed } from "../../pejling/static/js/strokes.mjs";

test("text and boxes say the same", () => {
  const counts = fromText("5 8x2 8 28x12", 28);
  assert.deepEqual([...counts], [[5, 1], [8, 3], [28, 12]]);
  assert.equal(toText([[0, ""], [5, "1"], [8, "3"], [9, "0"], [28, "12"]]), "5x1 8x3 9x0 28x12");
  assert.equal(toText([[0, ""]]), "");
  assert.deepEqual([...fromText("", 28)], []);
});

test("what boxes cannot hold stays text", () => {
  for (const text of ["29", "otte", "-", "5x100", "5,8", "5x2x2"]) assert.equal(fromText(text, 28), null, text);
});

test("a digit takes the place of what stood there, and a second one after going back", () => {
  assert.equal(typed("", "3", false), "3");
  assert.equal(typed("3", "4", false), "4");
  assert.equal(typed("1", "2", true), "12");
  assert.equal(typed("12", "3", true), "3");
  assert.equal(typed("", "3", true), "3");
});

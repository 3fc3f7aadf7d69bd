import assert from "node:assert/strict";
import test from "node:test";

import { copied } from "../../pejling/static/js/copy.mjs";

function field() {
  return { value: "Til forældre", marked: false, select() { this.marked = true; } };
}

test("the text goes to the clipboard, and is marked", async () => {
  const from = field();
  const kept = [];
  const clipboard = { writeText: async (text) => kept.push(text) };
  assert.equal(await copied(from, clipboard, () => assert.fail()), true);
  assert.deepEqual(kept, ["Til forældre"]);
  assert.ok(from.marked);
});

test("without a clipboard, or one that refuses, the old command is asked", async () => {
  const refuses = { writeText: async () => { throw new Error("no"); } };
  for (const clipboard of [undefined, refuses]) {
    const from = field();
    assert.equal(await copied(from, clipboard, () => from.marked), true);
    assert.equal(await copied(from, clipboard, () => false), false);
  }
});

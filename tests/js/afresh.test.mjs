import assert from "node:assert/strict";
import { test } from "node:test";
import afresh from "../../pejling/static/js/afresh.mjs";

test("what the tab kept of who sat here before is gone", () => {
  const kept = new Map([["pejling", "{}"], ["other", "x"]]);
  globalThis.sessionStorage = { removeItem: (name) => kept.delete(name) };
  afresh({});
  assert.deepEqual([...kept.keys()], ["other"]);
});

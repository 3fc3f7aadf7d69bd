import assert from "node:assert/strict";
import { test } from "node:test";

import { forget, isEmpty, keep, kept } from "../../pejling/static/js/tally.mjs";

class Shelf {
  #kept = new Map();
  getItem(name) { return this.#kept.get(name) ?? null; }
  setItem(name, value) { this.#kept.set(name, value); }
  removeItem(name) { this.#kept.delete(name); }
}

const CLOSED = {
  getItem() { throw new Error("SecurityError"); },
  setItem() { throw new Error("QuotaExceededError"); },
  removeItem() { throw new Error("SecurityError"); },
};

test("what is typed comes back for the same session, without its tokens", () => {
  const shelf = new Shelf();
  keep(shelf, "a", [["csrf_token", "x"], ["version", "3"], ["ballots", "28"], ["vape-andre", "5 8x2"]]);
  assert.deepEqual(kept(shelf, "a"), { ballots: "28", "vape-andre": "5 8x2" });
  assert.deepEqual(kept(shelf, "b"), {});
});

test("nothing is left once it is forgotten", () => {
  const shelf = new Shelf();
  keep(shelf, "a", [["ballots", "28"]]);
  forget(shelf);
  assert.deepEqual(kept(shelf, "a"), {});
});

test("something else under the name, and a browser that forbids storage", () => {
  const shelf = new Shelf();
  shelf.setItem("pejling optaelling", "{");
  assert.deepEqual(kept(shelf, "a"), {});
  keep(CLOSED, "a", [["ballots", "28"]]);
  forget(CLOSED);
  assert.deepEqual(kept(CLOSED, "a"), {});
});

test("only an empty form takes back what was kept", () => {
  assert.equal(isEmpty([{ value: "" }, { value: "" }]), true);
  assert.equal(isEmpty([{ value: "" }, { value: "0" }]), false);
});

import assert from "node:assert/strict";
import test from "node:test";

import { joined, line } from "../../pejling/static/js/facit.mjs";
import { forget, keep, kept } from "../../pejling/static/js/guess.mjs";

function tab() {
  const held = new Map();
  return {
    getItem: (name) => held.get(name) ?? null,
    setItem: (name, text) => held.set(name, text),
    removeItem: (name) => held.delete(name),
  };
}

const forbidden = {
  getItem() { throw new Error("no"); },
  setItem() { throw new Error("no"); },
  removeItem() { throw new Error("no"); },
};

test("a guess is there for the same pupil, and for nobody after", () => {
  const storage = tab();
  keep(storage, { ...kept(storage, "a"), guesses: { vape: "12" } });
  assert.equal(kept(storage, "a").guesses.vape, "12");
  assert.equal(kept(storage, "").guesses.vape, "12"); // a page that does not know who
  assert.deepEqual(kept(storage, "b").guesses, {});
});

test("finished on this screen leaves nothing", () => {
  const storage = tab();
  keep(storage, { ...kept(storage, "a"), guesses: { vape: "12" } });
  forget(storage);
  assert.deepEqual(kept(storage, "a").guesses, {});
  assert.equal(storage.getItem("pejling"), null);
});

test("a browser that forbids storage, and nonsense in it, are met with nothing", () => {
  keep(forbidden, {});
  forget(forbidden);
  assert.deepEqual(kept(forbidden, "a").guesses, {});
  const storage = tab();
  storage.setItem("pejling", "{");
  assert.deepEqual(kept(storage, "a").shown, []);
});

test("what is on the projector comes first, and each behaviour once", () => {
  const [a, b, old] = [{ id: "a" }, { id: "b" }, { id: "b", old: true }];
  assert.deepEqual(joined([old], [a]), [a, old]);
  assert.deepEqual(joined([a, old], [b]), [b, a]);
  assert.deepEqual(joined([a], []), [a]);
});

test("guess and facit stand beside each other", () => {
  const one = { present: 24, facit: "højst 2 ud af 24" };
  assert.equal(line(one, "12"), "Du gættede 12 ud af 24. Højst 2 ud af 24 svarede ja.");
  assert.equal(line(one, "Vil ikke svare"), "Du gættede ikke. Højst 2 ud af 24 svarede ja.");
  assert.equal(line(one, undefined), "");
});

import assert from "node:assert/strict";
import test from "node:test";

import { button, isNews, opened, unsaved } from "../../pejling/static/js/lead.mjs";

test("the keys of a remote press the next and the last button", () => {
  assert.equal(button({ key: " " }), "next");
  assert.equal(button({ key: "PageDown" }), "next");
  assert.equal(button({ key: "ArrowLeft" }), "back");
  assert.equal(button({ key: "a" }), "");
});

test("a key that is held down or has a modifier presses nothing", () => {
  assert.equal(button({ key: " ", repeat: true }), "");
  assert.equal(button({ key: "ArrowRight", altKey: true }), "");
});

test("only another version is news", () => {
  assert.equal(isNews("3.1", "3.1"), false);
  assert.equal(isNews("3.1", "3.2"), true);
  assert.equal(isNews("3.1", ""), false);
});

test("unfolded parts are known by their heading", () => {
  const part = (heading, open) => ({ open, parentElement: { querySelector: () => ({ textContent: heading }) } });
  assert.deepEqual([...opened([part("a", true), part("b", false), part("c", true)])], ["a", "c"]);
});

test("what is being written is kept, what was not touched is not", () => {
  const fields = [
    { id: "agreement", value: "Vi siger", defaultValue: "" },
    { id: "note", value: "som før", defaultValue: "som før" },
  ];
  assert.deepEqual([...unsaved(fields)], [["agreement", "Vi siger"]]);
});

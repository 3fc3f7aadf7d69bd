import assert from "node:assert/strict";
import test from "node:test";
import { entrance } from "../../pejling/static/js/figure.mjs";
import { command, differs, direction, pause } from "../../pejling/static/js/wall.mjs";

test("space, enter, arrows and a presenter's buttons move on", () => {
  for (const key of [" ", "Enter", "ArrowRight", "PageDown"]) assert.equal(direction({ key }), "next");
  for (const key of ["ArrowLeft", "PageUp"]) assert.equal(direction({ key }), "back");
});

test("other keys, held keys and the browser's own do nothing", () => {
  for (const key of ["a", "Tab", "ArrowDown", "F5", "Escape"]) assert.equal(direction({ key }), "");
  assert.equal(direction({ key: " ", repeat: true }), "");
  assert.equal(direction({ key: "ArrowLeft", altKey: true }), "");
  assert.equal(direction({ key: "Enter", ctrlKey: true }), "");
  assert.equal(direction({ key: "ArrowRight", metaKey: true }), "");
});

test("only what looks different is drawn anew", () => {
  const state = { version: "3.1", html: "<h1>a</h1>", figure: { data: [{ x: [1] }] } };
  assert.equal(differs(null, state), true);
  assert.equal(differs(state, { ...state, version: "4.1" }), false);
  assert.equal(differs(state, { ...state, html: "<h1>b</h1>" }), true);
  assert.equal(differs(state, { ...state, figure: { data: [{ x: [2] }] } }), true);
  assert.equal(differs(state, { ...state, figure: null }), true);
});

test("the pause between tries doubles up to a quarter of a minute", () => {
  assert.deepEqual([0, 1, 2, 3, 4, 9].map(pause), [1000, 2000, 4000, 8000, 15000, 15000]);
});

test("dots drop in with a new chart, the facit into the one that is there", () => {
  const dots = { data: [{ uid: "median" }, { uid: "dots" }] };
  const facit = { data: [...dots.data, { uid: "facit" }] };
  assert.equal(entrance(null, dots, false), "dots");
  assert.equal(entrance(dots, facit, true), "facit");
});

test("nothing drops in twice, nor on the way back or straight to the facit", () => {
  const dots = { data: [{ uid: "dots" }] };
  const facit = { data: [{ uid: "dots" }, { uid: "facit" }] };
  assert.equal(entrance(facit, facit, true), "");
  assert.equal(entrance(facit, dots, true), "");
  assert.equal(entrance(null, facit, false), "");
  assert.equal(entrance(dots, { data: [{ uid: "progress" }] }, false), "");
});

test("keys for this screen alone: black, full screen, help", () => {
  assert.equal(command({ key: "b" }), "black");
  assert.equal(command({ key: "B" }), "black");
  assert.equal(command({ key: "." }), "black"); // what a presenter's remote sends
  assert.equal(command({ key: "f" }), "full");
  assert.equal(command({ key: "l" }), "lamp");
  assert.equal(command({ key: "?" }), "help");
  assert.equal(command({ key: "Escape" }), "leave");
  assert.equal(command({ key: "b", ctrlKey: true }), "");
  assert.equal(command({ key: "b", repeat: true }), "");
  assert.equal(command({ key: " " }), "");
});

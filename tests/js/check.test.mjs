import assert from "node:assert/strict";
import { test } from "node:test";

import { remark, replace } from "../../pejling/static/js/check.mjs";

/** As much of a document as a remark is made of. */
class Node {
  constructor(name) { this.name = name; this.parts = []; this.className = ""; }
  set textContent(text) { this.parts = [text]; }
  get textContent() { return this.parts.map((one) => one.textContent ?? one).join(""); }
  append(...parts) { this.parts.push(...parts); }
  get children() { return this.parts; }
  replaceChildren(...parts) { this.parts = parts; this.times = (this.times ?? 0) + 1; }
}
const PAGE = { createElement: (name) => new Node(name) };

test("a fault and a warning are told apart in words, and say why", () => {
  const fault = remark({ text: "For langt.", why: "Det skal læses højt.", error: true }, PAGE);
  assert.equal(fault.textContent, "Skal rettes: For langt. Det skal læses højt.");
  assert.equal(fault.className, "checked__one checked__one--fejl");
  const warning = remark({ text: "Måske.", why: "", error: false }, PAGE);
  assert.equal(warning.textContent, "Se efter: Måske.");
  assert.equal(warning.parts.length, 2);
});

test("words are put in as words, never as markup", () => {
  const said = remark({ text: "<b>x</b>", why: "<i>", error: true }, PAGE);
  assert.ok(said.parts.every((one) => typeof one === "string" || ["b", "small"].includes(one.name)));
  assert.match(said.textContent, /<b>x<\/b> <i>/);
});

test("the same words are not put in again, and so not read out again", () => {
  const list = new Node("ul");
  const said = () => [remark({ text: "For  langt.", why: "", error: true }, PAGE)];
  replace(list, said());
  replace(list, said());
  assert.equal(list.times, 1);
  replace(list, []);
  assert.equal(list.times, 2);
  assert.equal(list.children.length, 0);
});

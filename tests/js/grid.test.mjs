import assert from "node:assert/strict";
import { test } from "node:test";

import { cells, choice, fits } from "../../pejling/static/js/grid.mjs";

test("a range of a spreadsheet becomes rows of cells", () => {
  assert.deepEqual(cells("a\t7\r\nb\t 8 \r\n"), [["a", "7"], ["b", "8"]]);
  assert.deepEqual(cells("a\t7"), [["a", "7"]]);
  assert.deepEqual(cells("a\nb"), [["a"], ["b"]]);
  assert.deepEqual(cells("a\t\t7"), [["a", "", "7"]]);
});

test("headings are no row", () => {
  assert.deepEqual(cells("Indikator\tklassetrin\na\t7"), [["a", "7"]]);
  assert.equal(cells("indikator\tklassetrin"), null);
});

test("one cell is pasted as ever", () => {
  assert.equal(cells("alcohol_ever"), null);
  assert.equal(cells("alcohol_ever\n"), null);
});

test("a level is what was pasted, or none", () => {
  const levels = ["kommune", "skole", "region", "land", ""];
  assert.equal(choice(levels, "Kommune"), "kommune");
  assert.equal(choice(levels, "Landsplan"), "land");
  assert.equal(choice(levels, "national"), "land");
  assert.equal(choice(levels, "Kommunal"), "");
  assert.equal(choice(levels, ""), "");
});

test("what is larger than the form is not cut", () => {
  assert.equal(fits([["a", "b"], ["c", "d"]], { rows: 2, columns: 2 }), true);
  assert.equal(fits([["a"], ["b"], ["c"]], { rows: 2, columns: 2 }), false);
  assert.equal(fits([["a", "b", "c"]], { rows: 2, columns: 2 }), false);
});

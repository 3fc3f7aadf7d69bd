import assert from "node:assert/strict";
import { test } from "node:test";

import { cells } from "../../pejling/static/js/grid.mjs";

test("a range of a spreadsheet becomes rows of cells", () => {
  assert.deepEqual(cells("a\t7\r\nb\t 8 \r\n"), [["a", "7"], ["b", "8"]]);
  assert.deepEqual(cells("a\t7"), [["a", "7"]]);
  assert.deepEqual(cells("a\nb"), [["a"], ["b"]]);
  assert.deepEqual(cells("a\t\t7"), [["a", "", "7"]]);
});

test("one cell is pasted as ever", () => {
  assert.equal(cells("alcohol_ever"), null);
  assert.equal(cells("alcohol_ever\n"), null);
});

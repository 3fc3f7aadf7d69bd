import assert from "node:assert/strict";
import test from "node:test";

import { sized } from "../../pejling/static/js/png.mjs";

test("the drawing gets a size of its own, once", () => {
  const svg = sized('<svg viewBox="0 0 840 1188"><svg class="inner"/></svg>');
  assert.equal(svg.match(/width="2480" height="3508"/g).length, 1);
  assert.ok(svg.startsWith('<svg width="2480"'));
});

import assert from "node:assert/strict";
import test from "node:test";

import { clock } from "../../pejling/static/js/timer.mjs";

test("time left is read in minutes and seconds", () => {
  assert.equal(clock(120), "2:00");
  assert.equal(clock(119.2), "2:00"); // a second is shown until it is over
  assert.equal(clock(65), "1:05");
  assert.equal(clock(0.1), "0:01");
});

test("time that is over stays at nothing", () => {
  assert.equal(clock(0), "0:00");
  assert.equal(clock(-7), "0:00");
});

import assert from "node:assert/strict";
import { test } from "node:test";

import { pause } from "../../pejling/static/js/wait.mjs";

test("asks at its own pace, and less often while nobody answers", () => {
  assert.deepEqual([0, 1, 2, 3, 4, 20].map((n) => pause(4, n)), [4000, 8000, 16_000, 30_000, 30_000, 30_000]);
});

import assert from "node:assert/strict";
import test from "node:test";

import { danish, sentences } from "../../pejling/static/js/aloud.mjs";

test("only a Danish voice that lives on the device is used", () => {
  const voice = (lang, localService) => ({ lang, localService });
  assert.equal(danish([]), undefined);
  assert.equal(danish([voice("da-DK", false), voice("en-GB", true)]), undefined);
  assert.equal(danish([voice("dav-KE", true)]), undefined);
  for (const lang of ["da-DK", "da", "da_DK", "DA-dk"]) {
    const found = voice(lang, true);
    assert.equal(danish([voice("da-DK", false), found]), found);
  }
});

test("parts are read without the blanks of the page, and empty ones not at all", () => {
  const parts = ["  Det handler om,\n  hvem der ", "", " \n", "har vapet"].map((textContent) => ({ textContent }));
  assert.deepEqual(sentences(parts), ["Det handler om, hvem der", "har vapet"]);
});

import assert from "node:assert/strict";
import test from "node:test";

import { own, sentences } from "../../pejling/static/js/aloud.mjs";

test("only a voice of the page's language that lives on the device is used", () => {
  const voice = (lang, localService) => ({ lang, localService });
  assert.equal(own([], "da"), undefined);
  assert.equal(own([voice("da-DK", false), voice("en-GB", true)], "da"), undefined);
  assert.equal(own([voice("dav-KE", true)], "da"), undefined);
  for (const lang of ["da-DK", "da", "da_DK", "DA-dk"]) {
    const found = voice(lang, true);
    assert.equal(own([voice("da-DK", false), found], "da"), found);
  }
  const [english, arabic] = [voice("en-GB", true), voice("ar_EG", true)];
  assert.equal(own([english, arabic], "ar"), arabic);
  assert.equal(own([english, arabic], "en-US"), english);
});

test("parts are read without the blanks of the page, and empty ones not at all", () => {
  const parts = ["  Det handler om,\n  hvem der ", "", " \n", "har vapet"].map((textContent) => ({ textContent }));
  assert.deepEqual(sentences(parts), ["Det handler om, hvem der", "har vapet"]);
});

/** Typing the counts of ballots: what is typed survives a lost connection and a sign-in
 * that ran out, in this tab only; and Enter in a count goes on to the next field. */

import strokes from "./strokes.mjs";

const NAME = "pejling optaelling";
const LEFT_ALONE = ["csrf_token", "version"];

/** What is kept for a session, or nothing.
 * @param {Storage} storage
 * @param {string} session
 * @returns {Object<string, string>}
 */
export function kept(storage, session) {
  try {
    const found = JSON.parse(storage.getItem(NAME));
    return found?.session === session ? found.fields : {};
  } catch {
    return {}; // a browser that forbids storage, or something else under our name
  }
}

/** @param {Iterable<[string, string]>} fields names and values of the form */
export function keep(storage, session, fields) {
  const typed = [...fields].filter(([name]) => !LEFT_ALONE.includes(name));
  try {
    storage.setItem(NAME, JSON.stringify({ session, fields: Object.fromEntries(typed) }));
  } catch {
    // A private window may refuse; then a lost page is lost.
  }
}

/** @param {Storage} storage */
export function forget(storage) {
  try {
    storage.removeItem(NAME);
  } catch {
    // Nothing could be kept either.
  }
}

/** Whether nothing has been typed: only then what was kept may come back. */
export function isEmpty(fields) {
  return [...fields].every((one) => one.value === "");
}

/** @param {HTMLFormElement} root data-session; fields with data-most become rows of boxes */
export default function tally(root) {
  const fields = root.querySelectorAll("textarea, input:not([type=hidden])");
  const save = () => keep(sessionStorage, root.dataset.session, new FormData(root));
  if (isEmpty(fields)) {
    const before = kept(sessionStorage, root.dataset.session);
    for (const one of fields) one.value = before[one.name] ?? "";
  }
  for (const field of root.querySelectorAll("[data-most]")) {
    const first = strokes(field, Number(field.dataset.most), save);
    if (first) root.querySelector(".tally__keys").hidden = false;
    if (first && field.autofocus) first.focus();
  }
  root.addEventListener("input", save);
  root.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !event.target.matches("input")) return;
    event.preventDefault();
    // Where Tab would stop after this row or field.
    const stops = [...root.querySelectorAll("textarea:not([hidden]), input:not([type=hidden]), button")];
    const row = event.target.closest(".strokes") ?? event.target;
    const next = stops.slice(stops.indexOf(event.target)).find((one) => !row.contains(one) && one.tabIndex === 0);
    next?.focus();
  });
}

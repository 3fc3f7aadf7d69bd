/** Keeps the pupil's guesses about the class in this tab until it is closed. They are sent
 * nowhere, and the pupil's own answer is not among them. */

const NAME = "pejling";

/** What this tab keeps for a pupil; nothing of who sat here before.
 * @param {Storage} storage
 * @param {string} who the pupil's form token; "" where the page does not know
 * @returns {{who: string, facit: string, guesses: Object<string, string>, shown: Object[]}}
 */
export function kept(storage, who) {
  const empty = { who, facit: "", guesses: {}, shown: [] };
  try {
    const found = JSON.parse(storage.getItem(NAME));
    return found && (!who || found.who === who) ? found : empty;
  } catch {
    return empty; // a browser that forbids storage, or something else under our name
  }
}

/** @param {Storage} storage */
export function keep(storage, what) {
  try {
    storage.setItem(NAME, JSON.stringify(what));
  } catch {
    // A private window may refuse; then there is no guess to see, and nothing else.
  }
}

/** Forget everything of this tab's pupil.
 * @param {Storage} storage
 */
export function forget(storage) {
  try {
    storage.removeItem(NAME);
  } catch {
    // Nothing could be kept either.
  }
}

/** @param {HTMLFormElement} root the review; the guess stands in [data-guess] */
export default function guess(root) {
  root.addEventListener("submit", (event) => {
    const told = root.querySelector("[data-guess]");
    if (event.submitter?.value !== "send" || !told) return;
    const what = kept(sessionStorage, root.elements.csrf_token.value);
    what.guesses[root.elements.tema.value] = told.textContent;
    keep(sessionStorage, what);
  });
}

/** Puts the pupil's own guess beside the facit, once the projector has shown it. */
import { keep, kept } from "./guess.mjs";

const EVERY_MS = 6000;
const SPREAD_MS = 4000; // so that a class does not knock in the same second
const LONGEST_MS = 90 * 60 * 1000;

/** What was shown, with what is on the projector now; the newest first, each once.
 * @param {Object[]} shown
 * @param {Object[]} now
 */
export function joined(shown, now) {
  const ids = new Set(now.map((one) => one.id));
  return [...now, ...shown.filter((one) => !ids.has(one.id))];
}

/** A line for what the pupil guessed about; "" for what was not asked of this pupil.
 * @param {{present: number, facit: string}} one
 * @param {string | undefined} guess as the pupil read it before sending
 */
export function line(one, guess) {
  if (guess === undefined) return "";
  const mine = /^\d+$/.test(guess) ? `Du gættede ${guess} ud af ${one.present}` : "Du gættede ikke";
  return `${mine}. ${one.facit[0].toUpperCase()}${one.facit.slice(1)} svarede ja.`;
}

/** @param {HTMLElement} root data-facit: where to ask; data-who: the pupil's form token */
export default function facit(root) {
  const what = kept(sessionStorage, root.dataset.who);
  const list = root.querySelector("ul");
  const started = Date.now();
  what.facit = root.dataset.facit || what.facit;
  keep(sessionStorage, what);

  function draw() {
    list.replaceChildren();
    for (const one of what.shown) {
      const words = line(one, what.guesses[one.id]);
      if (!words) continue;
      const item = list.appendChild(document.createElement("li"));
      item.appendChild(document.createElement("b")).textContent = one.topic;
      item.appendChild(document.createElement("span")).textContent = words;
    }
    root.hidden = list.children.length === 0;
  }

  async function ask() {
    if (document.visibilityState === "visible") {
      try {
        const answer = await fetch(what.facit);
        if (answer.status === 404) return; // the day is over
        if (answer.ok) {
          what.shown = joined(what.shown, await answer.json());
          keep(sessionStorage, what);
          draw();
        }
      } catch {
        // Away for a moment: the next time will do.
      }
    }
    if (Date.now() - started < LONGEST_MS) setTimeout(ask, EVERY_MS + SPREAD_MS * Math.random());
  }

  draw();
  if (what.facit && Object.keys(what.guesses).length) ask();
}

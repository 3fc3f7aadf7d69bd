/** "Færdig på denne skærm" also empties what the tab has kept of the pupil's guesses. */
import { forget } from "./guess.mjs";

/** @param {HTMLFormElement} root */
export default function leave(root) {
  root.addEventListener("submit", () => forget(sessionStorage));
}

/** Who comes to the start without a seat finds nothing of who sat here before: the page that
 * was left may have been sent before its own script had come. */
import { forget } from "./guess.mjs";

/** @param {HTMLElement} _root the start page, where this browser has no seat */
export default function afresh(_root) {
  forget(sessionStorage);
}

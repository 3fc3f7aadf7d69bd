/** A row of boxes like that of the printed sheet, one for each number that could be guessed:
 * a press of a digit says how many guessed it, and goes on to the next box. What is counted
 * stands in the text field that the row takes the place of. */

/** "5x2 8" as boxes, guess -> how many; null where the text says something else.
 * @param {string} text
 * @param {number} most the largest guess
 * @returns {Map<number, number> | null}
 */
export function fromText(text, most) {
  const counts = new Map();
  for (const word of text.split(/\s+/).filter(Boolean)) {
    const read = /^(\d{1,3})(?:x(\d{1,3}))?$/.exec(word);
    if (!read || Number(read[1]) > most || Number(read[2] ?? 1) > 99) return null;
    const guess = Number(read[1]);
    counts.set(guess, (counts.get(guess) ?? 0) + Number(read[2] ?? 1));
  }
  return counts;
}

/** Boxes as text: what the server reads.
 * @param {Iterable<[number, string]>} boxes guess and what stands in its box
 */
export function toText(boxes) {
  return [...boxes].filter(([, typed]) => typed !== "")
    .map(([guess, typed]) => `${guess}x${Number(typed)}`).join(" ");
}

/** What a box holds after a digit, and whether the next box comes then.
 * @param {string} held
 * @param {string} digit
 * @param {boolean} again whether the teacher went back to this box for a second digit
 */
export function typed(held, digit, again) {
  return again && held.length === 1 ? held + digit : digit;
}

/** @param {HTMLTextAreaElement} field it is hidden, and keeps what is counted
 * @param {number} most the largest guess
 * @param {() => void} changed called after each change
 * @returns {HTMLElement | null} the first box; null where the field stays as it is
 */
export default function strokes(field, most, changed) {
  const before = fromText(field.value, most);
  if (!before) return null;
  const row = document.createElement("div");
  row.className = "strokes";
  row.setAttribute("role", "group");
  row.setAttribute("aria-label", field.labels[0]?.textContent ?? "");
  const boxes = Array.from({ length: most + 1 }, (_, guess) => {
    const box = document.createElement("input");
    Object.assign(box, { type: "text", inputMode: "numeric", maxLength: 2, autocomplete: "off" });
    box.value = before.get(guess) || "";
    box.tabIndex = guess ? -1 : 0; // one stop for Tab; arrows go along the row
    box.setAttribute("aria-label", `gættede ${guess}`);
    const label = document.createElement("label");
    label.append(`${guess}`, box);
    row.append(label);
    return box;
  });
  let again = null; // the box that a second digit may be added to
  let last = null; // the box of the last digit

  function sync() {
    field.value = toText(boxes.map((box, guess) => [guess, box.value]));
    changed();
  }

  function go(place, back = false) {
    const to = boxes[Math.max(0, Math.min(most, place))];
    boxes.forEach((box) => { box.tabIndex = box === to ? 0 : -1; });
    to.focus();
    to.select();
    again = back ? to : null;
  }

  row.addEventListener("keydown", (event) => {
    const at = boxes.indexOf(event.target);
    if (at < 0 || event.ctrlKey || event.metaKey || event.altKey) return;
    const box = boxes[at];
    if (/^[0-9]$/.test(event.key)) {
      box.value = typed(box.value, event.key, again === box);
      last = box;
      sync();
      go(at + 1);
    } else if (event.key === " " || event.key === "ArrowRight") go(at + 1);
    else if (event.key === "ArrowLeft") go(at - 1, true);
    else if (event.key === "Home") go(0);
    else if (event.key === "End") go(most);
    else if (event.key === "Delete" || (event.key === "Backspace" && box.value !== "")) {
      box.value = "";
      sync();
    } else if (event.key === "Backspace") go(at - 1);
    else return;
    event.preventDefault();
  });
  // A keyboard on glass tells no keys.
  row.addEventListener("input", (event) => {
    event.target.value = event.target.value.replace(/\D/g, "");
    sync();
  });
  row.addEventListener("focusin", (event) => { again = null; event.target.select(); });
  // Tapped again right after its digit: the second one belongs to it.
  row.addEventListener("click", (event) => { if (event.target === last) again = last; });
  field.hidden = true;
  field.after(row);
  return boxes[0];
}

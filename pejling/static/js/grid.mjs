/** A form of rows: a range pasted from a spreadsheet fills the fields from where one stands. */

const LEVELS = { landsplan: "land", "hele landet": "land", national: "land", school: "skole" };
const HEADINGS = ["indikator", "indicator_id"];

/** A pasted text as rows of cells, a first row of headings left out; null where it is one cell.
 * @param {string} text
 * @returns {string[][] | null}
 */
export function cells(text) {
  const lines = text.replace(/\r\n?/g, "\n").replace(/\n$/, "").split("\n");
  const rows = lines.map((line) => line.split("\t").map((one) => one.trim()));
  if (HEADINGS.includes(rows[0][0].toLowerCase())) rows.shift();
  return rows.length > 1 || rows[0]?.length > 1 ? rows : null;
}

/** What a list of choices is set to for a pasted word: "" where it is none of them, so that
 * nobody takes a choice for what was pasted.
 * @param {string[]} choices
 * @param {string} word
 */
export function choice(choices, word) {
  const plain = word.toLowerCase();
  const meant = LEVELS[plain] ?? plain;
  return choices.includes(meant) ? meant : "";
}

/** Whether rows of cells fit into a form from a field on. */
export function fits(rows, left) {
  return rows.length <= left.rows && rows.every((row) => row.length <= left.columns);
}

/** @param {HTMLFormElement} root holds a table of fields, and a [data-overflow] to be shown */
export default function grid(root) {
  root.addEventListener("paste", (event) => {
    const row = event.target.closest("tbody tr");
    const pasted = row && cells(event.clipboardData.getData("text/plain"));
    if (!pasted) return;
    event.preventDefault();
    const fields = [...row.parentElement.rows].map((one) => [...one.querySelectorAll("input, select")]);
    const down = [...row.parentElement.rows].indexOf(row);
    const right = fields[down].indexOf(event.target);
    const room = { rows: fields.length - down, columns: fields[down].length - right };
    const isTooLarge = !fits(pasted, room);
    root.querySelector("[data-overflow]").hidden = !isTooLarge;
    if (isTooLarge) return;
    pasted.forEach((line, place) => line.forEach((value, column) => {
      const field = fields[down + place][right + column];
      field.value = field.options ? choice([...field.options].map((one) => one.value), value) : value;
    }));
  });
}

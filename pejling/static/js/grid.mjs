/** A form of rows: a range pasted from a spreadsheet fills the fields from where one stands. */

/** A pasted text as rows of cells; null where it is one cell only.
 * @param {string} text
 * @returns {string[][] | null}
 */
export function cells(text) {
  const rows = text.replace(/\r\n?/g, "\n").replace(/\n$/, "").split("\n").map((line) => line.split("\t"));
  return rows.length > 1 || rows[0].length > 1 ? rows.map((row) => row.map((one) => one.trim())) : null;
}

/** @param {HTMLFormElement} root holds a table of fields */
export default function grid(root) {
  root.addEventListener("paste", (event) => {
    const row = event.target.closest("tbody tr");
    const pasted = row && cells(event.clipboardData.getData("text/plain"));
    if (!pasted) return;
    event.preventDefault();
    const rows = [...row.parentElement.rows];
    const first = [rows.indexOf(row), [...row.querySelectorAll("input, select")].indexOf(event.target)];
    pasted.forEach((line, down) => {
      const fields = rows[first[0] + down]?.querySelectorAll("input, select") ?? [];
      line.forEach((value, right) => {
        const field = fields[first[1] + right];
        if (!field) return;
        const options = [...(field.options ?? [])].map((one) => one.value);
        if (!options.length) field.value = value;
        else if (options.includes(value.toLowerCase())) field.value = value.toLowerCase();
      });
    });
  });
}

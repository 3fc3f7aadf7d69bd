/** Copies a text that stands in a field. The button is there only where script runs;
 * without it the text is marked and copied by hand. */

/** Puts the field's text on the clipboard; true where that worked. A school's own server
 * without encryption has no `navigator.clipboard`: there the old command does it.
 * @param {{value: string, select: () => void}} field
 * @param {{writeText: (text: string) => Promise<void>} | undefined} clipboard
 * @param {() => boolean} command
 */
export async function copied(field, clipboard, command) {
  field.select();
  try {
    if (clipboard) {
      await clipboard.writeText(field.value);
      return true;
    }
  } catch {
    // Refused: the marked text may still be copied the old way.
  }
  return command();
}

/** @param {HTMLButtonElement} button data-from names the field, data-done what to say */
export default function copy(button) {
  const field = document.getElementById(button.dataset.from);
  const said = document.createElement("span");
  said.setAttribute("role", "status");
  button.hidden = false;
  button.after(said);
  button.addEventListener("click", async () => {
    const worked = await copied(field, navigator.clipboard, () => document.execCommand("copy"));
    said.textContent = worked ? button.dataset.done : "Teksten er markeret. Tryk Ctrl+C.";
  });
}

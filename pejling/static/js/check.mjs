/** The checker's words beside the fields of a question set while one types. Without a
 * line to the server the last words stay, and saving says the same. */

const PAUSE_MS = 500; // after the last key: not in the middle of a word

/** One remark as the server's page has it.
 * @param {{text: string, why: string, error: boolean}} said
 * @param {Document} page
 */
export function remark(said, page) {
  const one = page.createElement("li");
  one.className = `checked__one checked__one--${said.error ? "fejl" : "advarsel"}`;
  const level = page.createElement("b");
  level.textContent = said.error ? "Skal rettes:" : "Se efter:";
  one.append(level, ` ${said.text}`);
  if (said.why) {
    const why = page.createElement("small");
    why.textContent = said.why;
    one.append(" ", why);
  }
  return one;
}

/** Puts new words in a list, and leaves it alone where they are the same: what does not
 * change is not read out again.
 * @param {Element} list
 * @param {Element[]} items
 */
export function replace(list, items) {
  const words = (all) => [...all].map((one) => one.textContent.trim().replace(/\s+/g, " ")).join("\n");
  if (words(list.children) !== words(items)) list.replaceChildren(...items);
}

/** @param {HTMLFormElement} root lists with data-check, one with data-asked */
export default function check(root) {
  let asked = 0;
  let timer = 0;
  const look = async () => {
    const mine = ++asked;
    const body = new FormData(root);
    body.set("trin", "tjek");
    try {
      const answer = await fetch(root.action, { method: "POST", body, headers: { Accept: "application/json" } });
      const found = answer.ok ? await answer.json() : null;
      if (!found || mine !== asked) return; // an older answer that came late
      for (const list of root.querySelectorAll("[data-check]")) {
        const said = found.remarks[list.dataset.check] ?? [];
        replace(list, said.map((one) => remark(one, document)));
      }
      const sentences = root.querySelector("[data-asked]");
      if (sentences) replace(sentences, found.asked.map(line));
    } catch {
      // No line to the server, or a sign-in that ran out: the save says so.
    }
  };
  root.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(look, PAUSE_MS);
  });
}

function line(text) {
  const one = document.createElement("li");
  one.textContent = text;
  return one;
}

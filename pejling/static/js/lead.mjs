/** The teacher's private screen: follows the room, and takes the keys of a remote. */
import { forget } from "./tally.mjs";

const KEYS = {
  next: [" ", "ArrowRight", "PageDown"],
  back: ["ArrowLeft", "PageUp"],
};

/** Which button a key presses: "next", "back" or "".
 * @param {{key: string, repeat?: boolean, ctrlKey?: boolean, metaKey?: boolean, altKey?: boolean}} press
 */
export function button(press) {
  if (press.repeat || press.ctrlKey || press.metaKey || press.altKey) return "";
  return Object.keys(KEYS).find((way) => KEYS[way].includes(press.key)) ?? "";
}

/** Whether a message of the stream tells of something this page does not show. */
export function isNews(shown, told) {
  return told !== "" && told !== shown;
}

/** What a folded part is called: pupils who join must not fold it under the teacher's hand. */
function name(part, place) {
  return `${part.parentElement?.querySelector("h3")?.textContent ?? place}`;
}

/** Names of the parts that are unfolded. */
export function opened(parts) {
  return new Set([...parts].map((one, place) => one.open && name(one, place)).filter(Boolean));
}

const WRITTEN = "textarea, input[type=text]";

/** What the teacher is writing, by the field's id: a change in the room must not take it.
 * @param {Iterable<{id: string, value: string, defaultValue: string}>} fields
 */
export function unsaved(fields) {
  return new Map([...fields].filter((one) => one.value !== one.defaultValue)
    .map((one) => [one.id, one.value]));
}

/** @param {HTMLElement} root data-version, data-stream, data-page; buttons inside carry data-key */
export default function lead(root) {
  let reading = false;
  // What was typed of ballots is counted once the session is closed.
  if (root.dataset.stage === "closed") forget(sessionStorage);

  async function refresh() {
    if (reading) return;
    reading = true;
    try {
      const answer = await fetch(root.dataset.page, { cache: "no-store" });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.querySelector("[data-module='lead']");
      if (!answer.ok || !fresh) return location.assign(root.dataset.page);
      const focus = document.activeElement?.textContent;
      const typing = document.activeElement?.matches(WRITTEN) ? document.activeElement : null;
      const caret = typing && [typing.id, typing.selectionStart, typing.selectionEnd];
      const written = unsaved(root.querySelectorAll(WRITTEN));
      const open = opened(root.querySelectorAll("details"));
      root.replaceChildren(...fresh.children);
      root.dataset.version = fresh.dataset.version;
      root.querySelectorAll("details").forEach((one, place) => { one.open = open.has(name(one, place)); });
      for (const [id, value] of written) {
        const field = root.querySelector(`#${id}`);
        if (field) field.value = value;
      }
      if (caret) {
        const field = root.querySelector(`#${caret[0]}`);
        field?.focus();
        field?.setSelectionRange(caret[1], caret[2]);
        return;
      }
      [...root.querySelectorAll("button, summary")].find((one) => one.textContent === focus)?.focus();
    } catch {
      // The school's network is away: the stream comes back by itself and asks again.
    } finally {
      reading = false;
    }
  }

  // Another button takes the page along: what is being written comes back after it.
  const shelf = (field) => `pejling ${root.dataset.page} ${field.id}`;
  for (const field of root.querySelectorAll(WRITTEN)) {
    const value = sessionStorage.getItem(shelf(field));
    if (value !== null) field.value = value;
    sessionStorage.removeItem(shelf(field));
  }
  root.addEventListener("submit", (event) => {
    const others = [...root.querySelectorAll(WRITTEN)].filter((one) => !event.target.contains(one));
    for (const [id, value] of unsaved(others)) sessionStorage.setItem(shelf({ id }), value);
  });

  function listen() {
    const stream = new EventSource(root.dataset.stream);
    stream.onmessage = (event) => {
      if (isNews(root.dataset.version, event.data)) refresh();
    };
    return stream;
  }
  let stream = listen();
  addEventListener("online", () => {
    // A stream that hung in silence would not say for minutes that it is gone.
    stream.close();
    stream = listen();
    refresh();
  });
  addEventListener("keydown", (event) => {
    const way = button(event);
    if (!way || event.target.closest("a, button, summary, input, select, textarea")) return;
    const pressed = root.querySelector(`[data-key="${way}"]`);
    if (!pressed) return;
    event.preventDefault();
    pressed.click();
  });
}

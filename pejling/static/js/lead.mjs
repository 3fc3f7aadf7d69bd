/** The teacher's private screen: follows the room, and takes the keys of a remote. */

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

/** @param {HTMLElement} root data-version, data-stream; buttons inside carry data-key */
export default function lead(root) {
  let reading = false;

  async function refresh() {
    if (reading) return;
    reading = true;
    try {
      const answer = await fetch(location.href, { cache: "no-store" });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.querySelector("[data-module='lead']");
      if (!answer.ok || !fresh) return location.reload();
      const focus = document.activeElement?.textContent;
      const open = opened(root.querySelectorAll("details"));
      root.replaceChildren(...fresh.children);
      root.dataset.version = fresh.dataset.version;
      root.querySelectorAll("details").forEach((one, place) => { one.open = open.has(name(one, place)); });
      [...root.querySelectorAll("button, summary")].find((one) => one.textContent === focus)?.focus();
    } catch {
      // The school's network is away: the stream comes back by itself and asks again.
    } finally {
      reading = false;
    }
  }

  const stream = new EventSource(root.dataset.stream);
  stream.onmessage = (event) => {
    if (isNews(root.dataset.version, event.data)) refresh();
  };
  addEventListener("keydown", (event) => {
    const way = button(event);
    if (!way || event.target.closest("a, button, summary, input, select, textarea")) return;
    const pressed = root.querySelector(`[data-key="${way}"]`);
    if (!pressed) return;
    event.preventDefault();
    pressed.click();
  });
}

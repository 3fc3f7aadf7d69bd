/** The projector: shows what the server says, keeps the last picture while it is away. */
import { clear, draw, drop, entrance, load, rehearse } from "./figure.mjs";

const WEAK = "wall--weak";
const POLL_MS = 2000;
const LOBBY_MS = 20_000; // a class takes longer than this to come in
const KEYS = {
  next: [" ", "Spacebar", "Enter", "ArrowRight", "PageDown"],
  back: ["ArrowLeft", "PageUp"],
};

/** What a key asks for: "next", "back" or "".
 * @param {{key: string, repeat?: boolean, ctrlKey?: boolean, metaKey?: boolean, altKey?: boolean}} press
 */
export function direction(press) {
  if (press.repeat || press.ctrlKey || press.metaKey || press.altKey) return "";
  return Object.keys(KEYS).find((way) => KEYS[way].includes(press.key)) ?? "";
}

const COMMANDS = { b: "black", ".": "black", f: "full", l: "lamp", "?": "help", Escape: "leave" };
const LAMP = "pejling lampe"; // kept on the projector's computer: its lamp stays weak

/** What a key does to this screen alone: "black", "full", "lamp", "help", "leave" or "".
 * @param {{key: string, repeat?: boolean, ctrlKey?: boolean, metaKey?: boolean, altKey?: boolean}} press
 */
export function command(press) {
  if (press.repeat || press.ctrlKey || press.metaKey || press.altKey) return "";
  return COMMANDS[press.key.length === 1 ? press.key.toLowerCase() : press.key] ?? "";
}

/** Whether a state looks different from the one on the wall. */
export function differs(shown, state) {
  return shown === null || shown.html !== state.html
    || JSON.stringify(shown.figure) !== JSON.stringify(state.figure);
}

/** Pause before the stream is opened again, in ms: doubles from 1 s to 15 s. */
export function pause(failures) {
  return Math.min(15_000, 1000 * 2 ** failures);
}

/** @param {HTMLElement} root data-state, data-stream; data-next, data-back, data-token */
export default function wall(root) {
  const scene = root.querySelector("#scene");
  const spoken = root.querySelector("#spoken");
  const away = root.querySelector("#away");
  const { dataset } = root;
  let shown = null, version = dataset.version;
  let busy = false, waiting = false, failures = 0, timer = 0, poller = 0;

  async function refresh() {
    if (busy) { waiting = true; return; }
    busy = true;
    try {
      const answer = await fetch(dataset.state, { cache: "no-store" });
      if (!answer.ok) throw new Error(String(answer.status));
      const state = await answer.json();
      away.hidden = true;
      version = state.version;
      clearTimeout(timer);
      if (state.again) timer = setTimeout(refresh, state.again * 1000);
      if (differs(shown, state)) await show(state);
    } catch {
      away.hidden = false; // the last picture stays
      clearTimeout(timer);
      timer = setTimeout(refresh, POLL_MS);
    }
    busy = false;
    if (waiting) { waiting = false; refresh(); }
  }

  async function show(state) {
    const before = scene.querySelector(".figure__plot");
    const first = shown === null;
    if (!first || scene.innerHTML.trim() !== state.html.trim()) scene.innerHTML = state.html;
    document.title = `${state.title} – Pejling`;
    const say = scene.querySelector("[data-say]")?.textContent ?? "";
    if (!first && spoken.textContent !== say) spoken.textContent = say;
    let plot = scene.querySelector(".figure__plot");
    const same = !first && before !== null && plot?.dataset.key === before.dataset.key;
    if (same) {
      before.setAttribute("aria-label", plot.getAttribute("aria-label"));
      plot.replaceWith(before);
      plot = before;
    } else if (before && !first) clear(before);
    if (plot && state.figure) {
      await load(dataset.plotly);
      if (!first) drop(plot, entrance(shown?.figure, state.figure, same));
      await draw(plot, state.figure);
    }
    shown = state;
  }

  const redraw = (how) => {
    const plot = scene.querySelector(".figure__plot");
    if (plot && shown?.figure) draw(plot, shown.figure, how);
  };

  function listen() {
    const stream = new EventSource(dataset.stream);
    stream.onopen = () => { failures = 0; clearInterval(poller); poller = 0; };
    stream.onmessage = (event) => { if (event.data !== version) refresh(); };
    stream.onerror = () => {
      // The browser comes again by itself, unless it was refused.
      poller ||= setInterval(refresh, POLL_MS);
      if (stream.readyState !== EventSource.CLOSED) return;
      setTimeout(listen, pause(failures++));
    };
  }

  async function press(way) {
    const body = new URLSearchParams({ version: version.split(".")[0] });
    const headers = { "X-CSRFToken": dataset.token };
    // 303 when it counted, 409 when somebody was faster: either way look again.
    await fetch(dataset[way], { method: "POST", body, headers, redirect: "manual" }).catch(() => {});
    refresh();
  }

  if (dataset.next) addEventListener("keydown", (event) => {
    const way = direction(event);
    if (!way || event.target.closest("a, button, summary, input")) return;
    event.preventDefault();
    press(way);
  });
  const black = root.querySelector("#black");
  const help = root.querySelector("#help");
  addEventListener("keydown", (event) => {
    const what = command(event);
    if (what === "black") black.hidden = !black.hidden;
    if (what === "help") help.hidden = !help.hidden;
    if (what === "lamp") remember(light(!document.documentElement.classList.contains(WEAK)));
    if (what === "leave") black.hidden = help.hidden = true;
    if (what !== "full") return;
    // Refused where the browser is run by the school: nothing is lost by it.
    if (document.fullscreenElement) document.exitFullscreen().catch(() => {});
    else document.documentElement.requestFullscreen?.().catch(() => {});
  });
  function light(weak) {
    document.documentElement.classList.toggle(WEAK, weak);
    redraw();
    return weak;
  }
  function remember(weak) {
    try {
      localStorage.setItem(LAMP, weak ? "svag" : "");
    } catch {
      // A browser that keeps nothing: the key works, until the page is opened again.
    }
  }
  try {
    if (localStorage.getItem(LAMP)) light(true);
  } catch {
    // The same browser.
  }
  let frame = 0;
  const again = () => { cancelAnimationFrame(frame); frame = requestAnimationFrame(() => redraw()); };
  addEventListener("resize", again);
  matchMedia("(prefers-color-scheme: dark)").addEventListener?.("change", again);
  // A stream may hang for minutes without a word when the Wi-Fi goes: the browser knows first.
  addEventListener("offline", refresh);
  addEventListener("online", refresh);
  addEventListener("beforeprint", () => redraw({ plain: true, width: 640 }));
  addEventListener("afterprint", () => redraw());
  refresh();
  listen();
  // Read before the first figure, while nobody waits; without it the figure waits for it.
  setTimeout(() => load(dataset.plotly).then(() => rehearse(document)).catch(() => {}), LOBBY_MS);
}

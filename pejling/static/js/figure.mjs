/** Draws a plotly figure that was made for a wall of 1280 x 720 at any size. */

const LENGTHS = new Set([
  "size", "width", "height", "l", "r", "t", "b", "pad", "xshift", "yshift",
  "ticklen", "tickwidth", "linewidth",
]);
const DROP_MS = 700; // a little more than the longest animation in wall.css

/** The same figure with every length in px times `factor`; data stay as they are.
 * @param {any} part a figure, or a part of one
 * @param {number} factor
 */
export function scale(part, factor, key = "") {
  if (typeof part === "number") return LENGTHS.has(key) ? part * factor : part;
  if (Array.isArray(part)) return part.map((one) => scale(one, factor));
  if (part === null || typeof part !== "object") return part;
  // A bar's width counts in the units of its axis.
  const keep = part.type === "bar" ? ["width"] : [];
  return Object.fromEntries(Object.entries(part).map(([name, value]) =>
    [name, keep.includes(name) ? value : scale(value, factor, name)]));
}

/** The same figure with each colour of the palette replaced.
 * @param {any} part
 * @param {(color: string) => string} look
 */
export function tint(part, look) {
  if (typeof part === "string") return look(part);
  if (Array.isArray(part)) return part.map((one) => tint(one, look));
  if (part === null || typeof part !== "object") return part;
  return Object.fromEntries(Object.entries(part).map(([name, value]) => [name, tint(value, look)]));
}

/** How much larger than at 1280 x 720 a figure is drawn to fill its box.
 * @param {{width: number, height: number}} box
 * @param {{width: number, height: number}} layout
 * @param {boolean} tall whether the page may grow with the figure
 */
export function fit(box, layout, tall) {
  const wide = box.width / layout.width;
  return tall ? wide : Math.min(wide, box.height / layout.height);
}

/** Colours and font of the page's ground, in place of those in the figure. */
function dress(figure, style) {
  const { palette } = figure.layout.meta;
  const look = (color) => (palette[color] && style.getPropertyValue(`--${palette[color]}`).trim()) || color;
  const { meta, ...layout } = figure.layout;
  const dressed = tint({ data: figure.data, layout }, look);
  dressed.layout.font.family = style.fontFamily;
  return dressed;
}

let loading;

/** Wait until plotly is there; it is asked for once, and again after a failure.
 * @param {string} address
 * @throws {Error} when it cannot be had now
 */
export function load(address) {
  if (window.Plotly) return Promise.resolve();
  loading ??= new Promise((done, failed) => {
    const script = document.createElement("script");
    script.onload = done;
    script.onerror = () => {
      loading = undefined;
      script.remove();
      failed(new Error(address));
    };
    script.src = address;
    document.head.append(script);
  });
  return loading;
}

/** Draw a figure in its place, or move the one that is there.
 * @param {HTMLElement} plot
 * @param {any} figure data, layout and config as Python made them
 * @param {{plain?: boolean, width?: number}} [how] plain: light colours, for paper
 */
export async function draw(plot, figure, how = {}) {
  const { Plotly } = window;
  if (!Plotly) return;
  const tall = plot.closest(".scene--overview") !== null;
  const box = plot.parentElement.getBoundingClientRect();
  const size = { width: how.width ?? box.width, height: box.height };
  const factor = how.width ? size.width / figure.layout.width : fit(size, figure.layout, tall);
  const style = getComputedStyle(document.body);
  const dressed = scale(how.plain ? { data: figure.data, layout: { ...figure.layout, meta: null } } : dress(figure, style), factor);
  plot.parentElement.classList.toggle("figure--tall", tall);
  await Plotly.react(plot, dressed.data, dressed.layout, figure.config);
}

const TRIALS = 10; // after so many a browser has compiled what a draw needs

/** Draw a figure that nobody sees, of all the kinds there are: the first draws take four times
 * as long as later ones, and the lobby has the time.
 * @param {Document} page
 */
export async function rehearse(page) {
  const { Plotly } = window;
  if (!Plotly) return;
  const place = page.createElement("div");
  place.className = "hidden";
  place.setAttribute("aria-hidden", "true");
  page.body.append(place);
  const axis = { range: [0, 9], ticks: "outside", fixedrange: true };
  const note = { x: 1, y: 1, text: "1", font: { size: 28, weight: 700 }, showarrow: false };
  for (let time = 0; time < TRIALS; time += 1) {
    const data = [
      { type: "scatter", mode: "markers", x: [1, 2], y: [1, time], marker: { size: 20 } },
      { type: "scatter", mode: "lines", x: [1, 2, 2, 1], y: [1, 1, 2, time], fill: "toself" },
      { type: "bar", orientation: "h", x: [time], y: [1], width: [1] },
    ];
    const shapes = [{ type: "line", x0: time, x1: 1, y0: 0, y1: 9 }];
    const layout = { width: 640, height: 360, showlegend: false, xaxis: axis, yaxis: axis, annotations: [note, note], shapes };
    await Plotly.react(place, data, layout, { staticPlot: true });
    await new Promise((done) => { setTimeout(done); }); // what the room does comes first
  }
  Plotly.purge(place);
  place.remove();
}

/** What drops in when one figure follows another: its dots, its facit, or nothing. */
export function entrance(shown, figure, sameChart) {
  const has = (one, uid) => Boolean(one?.data.some((trace) => trace.uid === uid));
  if (!sameChart) return has(figure, "dots") && !has(figure, "facit") ? "dots" : "";
  return has(figure, "facit") && !has(shown, "facit") ? "facit" : "";
}

/** Let what is new in a figure drop in.
 * @param {HTMLElement} plot
 * @param {"dots" | "facit" | ""} what
 */
export function drop(plot, what) {
  plot.classList.remove("drop-dots", "drop-facit");
  if (!what) return;
  plot.classList.add(`drop-${what}`);
  setTimeout(() => plot.classList.remove(`drop-${what}`), DROP_MS);
}

/** Take a figure down. @param {HTMLElement} plot */
export function clear(plot) {
  window.Plotly?.purge(plot);
}

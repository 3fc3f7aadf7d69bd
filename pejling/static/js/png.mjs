/** Lets a poster be kept as PNG: drawn by this browser, sent nowhere. */

const WIDTH = 2480; // A4 at 300 dots to the inch
const HEIGHT = 3508;

/** The same SVG with a size of its own: without one some browsers draw nothing.
 * @param {string} svg
 */
export function sized(svg) {
  return svg.replace("<svg ", `<svg width="${WIDTH}" height="${HEIGHT}" `);
}

/** @param {HTMLAnchorElement} link href leads to the SVG, download names the file */
export default function png(link) {
  link.hidden = false;
  link.addEventListener("click", async (event) => {
    if (link.dataset.ready) return;
    event.preventDefault();
    const svg = sized(await (await fetch(link.href)).text());
    const picture = new Image();
    picture.src = `data:image/svg+xml,${encodeURIComponent(svg)}`;
    await picture.decode();
    const canvas = Object.assign(document.createElement("canvas"), { width: WIDTH, height: HEIGHT });
    canvas.getContext("2d").drawImage(picture, 0, 0, WIDTH, HEIGHT);
    link.href = canvas.toDataURL("image/png");
    link.dataset.ready = "1";
    link.click();
  });
}

/** Figures from elsewhere over the years, drawn as wide as the page. */
import { draw, load } from "./figure.mjs";

/** @param {HTMLElement} root data-plotly; data-figure: the figure as JSON */
export default async function series(root) {
  const plot = root.querySelector(".series__plot");
  const figure = JSON.parse(root.dataset.figure);
  const again = () => draw(plot, figure, { width: root.clientWidth });
  await load(root.dataset.plotly);
  await again();
  addEventListener("resize", again);
  addEventListener("beforeprint", () => draw(plot, figure, { plain: true, width: 640 }));
  addEventListener("afterprint", again);
}

import assert from "node:assert/strict";
import { test } from "node:test";
import { fit, scale, tint } from "../../pejling/static/js/figure.mjs";

const figure = {
  data: [
    { type: "scatter", x: [1, 2], y: [10, 20], ids: ["1/0", "2/0"], marker: { size: 30, color: "#d55e00", line: { width: 2 } } },
    { type: "bar", x: [5], width: [1], marker: { line: { width: 3 } } },
  ],
  layout: {
    width: 1152, height: 350, margin: { l: 20, r: 20, t: 2, b: 50, pad: 0 },
    xaxis: { range: [-0.8, 24.8], tickvals: [0, 24], tickfont: { size: 28 }, ticklen: 8 },
    annotations: [{ x: 8, y: 300, xshift: -12, text: "I gættede 8", font: { size: 31, weight: 700 } }],
    shapes: [{ x0: -0.5, x1: 2.5, y1: 280, opacity: 0.16 }],
    showlegend: false, template: null,
  },
};

test("lengths are scaled", () => {
  const { data, layout } = scale(figure, 2);
  assert.equal(layout.width, 2304);
  assert.deepEqual(layout.margin, { l: 40, r: 40, t: 4, b: 100, pad: 0 });
  assert.equal(layout.xaxis.tickfont.size, 56);
  assert.equal(layout.xaxis.ticklen, 16);
  assert.equal(layout.annotations[0].font.size, 62);
  assert.equal(layout.annotations[0].xshift, -24);
  assert.equal(data[0].marker.size, 60);
  assert.equal(data[0].marker.line.width, 4);
  assert.equal(data[1].marker.line.width, 6);
});

test("data, places and weights stay as they are", () => {
  const { data, layout } = scale(figure, 2);
  assert.deepEqual(data[0].x, [1, 2]);
  assert.deepEqual(data[0].ids, ["1/0", "2/0"]);
  assert.deepEqual(data[1].width, [1]); // a bar's, in units of its axis
  assert.deepEqual(layout.xaxis.range, [-0.8, 24.8]);
  assert.deepEqual(layout.xaxis.tickvals, [0, 24]);
  assert.equal(layout.annotations[0].y, 300);
  assert.equal(layout.annotations[0].font.weight, 700);
  assert.deepEqual(layout.shapes, figure.layout.shapes);
  assert.equal(layout.template, null);
});

test("the figure itself is not changed", () => {
  const before = JSON.stringify(figure);
  scale(figure, 3);
  tint(figure, () => "black");
  assert.equal(JSON.stringify(figure), before);
});

test("colours are replaced, words are not", () => {
  const look = (color) => ({ "#d55e00": "#e69f00" })[color] ?? color;
  const { data, layout } = tint(figure, look);
  assert.equal(data[0].marker.color, "#e69f00");
  assert.equal(layout.annotations[0].text, "I gættede 8");
});

test("a figure fills its box without leaving it", () => {
  assert.equal(fit({ width: 1152, height: 350 }, figure.layout, false), 1);
  assert.equal(fit({ width: 2304, height: 350 }, figure.layout, false), 1);
  assert.equal(fit({ width: 1728, height: 700 }, figure.layout, false), 1.5);
});

test("a tall figure fills the width and lets the page grow", () => {
  assert.equal(fit({ width: 2304, height: 10 }, figure.layout, true), 2);
});

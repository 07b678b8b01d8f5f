// A network as a diagram: inputs, a small picture of each hidden neuron, outputs.
import { BLUE, GREY, ORANGE } from "../live.js";
import { axes, h, line, svg, text } from "../live.js";
import { bitmap } from "./points.js";

const [TOP, HIGH] = [24, 250]; // where the layers are
const MIDDLE = { "text-anchor": "middle" };

const FEW = 12; // so many neurons stand below each other, and all their weights are drawn

/**
 * picture: { examples, sizes, layers: [{ columns, sheet }], weights }: a sheet pictures each
 * neuron; weights are those from each hidden layer to the next, −1 to 1, null if there are many.
 * `chosen` is a neuron of the last hidden layer: its weights to the outputs are thick lines.
 * Returns the picture, its axes, and which neuron of the last hidden layer is at a place.
 */
export function networkDiagram({ examples, sizes, layers, weights }, chosen, width = 420) {
  const hidden = sizes.slice(1, -1);
  const isDigits = sizes[0] === 784;
  const n = sizes.at(-1);
  const [first, gap] = [44, 44];
  const wide = (width - first - 30 - gap * (hidden.length + 1)) / hidden.length;
  const columns = layers.map(({ columns: many, sheet }, i) => {
    const rows = Math.ceil(hidden[i] / many);
    const side = Math.min(wide / many, HIGH / rows, 84);
    const shown = [side * many, side * rows];
    const left = first + gap + i * (wide + gap) + (wide - shown[0]) / 2;
    const top = TOP + (HIGH - shown[1]) / 2;
    const corner = (k) => [left + (k % many) * side, top + Math.floor(k / many) * side];
    return {
      side, many, corner, left, top, right: left + shown[0], n: hidden[i],
      enter: (k) => [left, corner(k)[1] + side / 2],
      leave: (k) => [left + shown[0], corner(k)[1] + side / 2], // lines hide no picture
      drawn: [bitmap(sheet, [left, top], shown),
        text(left + shown[0] / 2, TOP - 9, hidden[i] > 1 ? `${hidden[i]} neurons` : "1 neuron",
          MIDDLE)],
    };
  });
  const outputs = Array.from({ length: n }, (_, k) => [width - 14, TOP + (k + 0.5) * (HIGH / n)]);
  const ends = { n, enter: (k) => [outputs[k][0] - 10, outputs[k][1]] };
  const last = columns.at(-1);
  const spot = Math.min(chosen, last.n - 1);
  const [x, y] = last.corner(spot);
  const middle = TOP + HIGH / 2;
  const frame = { width: last.side, height: last.side, fill: "none", "stroke-width": 3 };
  const drawing = svg(width, HIGH + 48,
    h("rect", { x: 2, y: middle - 20, width: 42, height: 40, fill: "none", stroke: GREY }),
    text(23, middle + 5, isDigits ? "784" : "x, y", MIDDLE),
    [0, columns[0].n - 1].map((k) => line([[first, middle], columns[0].enter(k)],
      { stroke: GREY, "stroke-opacity": 0.6 })),
    weights.map((data, i) => data &&
      wires(data, columns[i], columns[i + 1] ?? ends, i === weights.length - 1 ? spot : null)),
    h("g", { "data-drag": "neuron" }, columns.map(({ drawn }) => drawn)),
    h("rect", { x, y, ...frame, stroke: BLUE, "pointer-events": "none" }),
    outputs.map(([cx, cy], k) => [
      h("circle", { cx, cy, r: 10, fill: "white", stroke: GREY }),
      text(cx, cy + 5, isDigits ? k : ["○", "■"][k], { ...MIDDLE, fill: "black" })]),
    text(0, HIGH + 44, isDigits
      ? "purple: ink raises z, orange: it lowers z"
      : "purple: the output is above 0, orange: below"));
  const all = axes({ box: [0, 0, width, HIGH + 48], x: [0, width], y: [HIGH + 48, 0] });
  const neuronAt = ([px, py]) => {
    const column = Math.floor((px - last.left) / last.side);
    const k = Math.floor((py - last.top) / last.side) * last.many + column;
    return column >= 0 && column < last.many && k >= 0 && k < last.n ? k : null;
  };
  return { drawing, axes: all, neuronAt };
}

/** The weights of one layer to the next as lines: thick is large, a dashed orange line negative. */
function wires(data, from, to, chosen) {
  const one = (j, k, share) => {
    const w = data[j][k];
    const look = { stroke: w < 0 ? ORANGE : BLUE, "stroke-dasharray": w < 0 ? "5 3" : null };
    return line([from.leave(j), to.enter(k)],
      { ...look, "stroke-width": 0.5 + 4 * share * Math.abs(w), "stroke-opacity": share });
  };
  const every = from.n <= FEW && to.n <= FEW;
  return Array.from({ length: from.n }, (_, j) =>
    (every || j === chosen) && Array.from({ length: to.n }, (_, k) =>
      one(j, k, chosen === null || j === chosen ? 0.9 : 0.35)));
}

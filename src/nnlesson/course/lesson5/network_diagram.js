// A network as a diagram: inputs, a small picture of each hidden neuron, outputs.
import { BLUE, GREY, ORANGE } from "../live.js";
import { axes, circle, h, line, svg, text } from "../live.js";
import { bitmap } from "./points.js";

const [TOP, HIGH] = [24, 250]; // where the layers are
const [GAP, END] = [44, 30]; // between two layers, and for the outputs
const MIDDLE = { "text-anchor": "middle" };
const FEW = 12; // of so many neurons all weights to the next layer are drawn

/**
 * picture: { sizes, layers: [{ columns, sheet }], weights }: a sheet pictures each neuron; weights
 * are those from each hidden layer to the next, −1 to 1, null if there are many.
 * `chosen` is a neuron of the last hidden layer: its weights to the outputs are thick lines.
 * Returns the picture, and the drag that chooses another neuron.
 */
export function networkDiagram({ sizes, layers, weights }, chosen, width = 420) {
  const hidden = sizes.slice(1, -1);
  const isDigits = sizes[0] === 784;
  const wide = (width - END - GAP * (hidden.length + 2)) / hidden.length;
  const columns = layers.map(({ columns: many, sheet }, i) => {
    const [n, rows] = [hidden[i], Math.ceil(hidden[i] / many)];
    const side = Math.min(wide / many, HIGH / rows, 84);
    const [across, down] = [side * many, side * rows];
    const left = 2 * GAP + i * (wide + GAP) + (wide - across) / 2;
    const top = TOP + (HIGH - down) / 2;
    const grid = axes({ box: [left, top, across, down], x: [0, many], y: [rows, 0] });
    const middle = (k) => grid.y(Math.floor(k / many) + 0.5);
    return {
      n, side, many, grid,
      enter: (k) => [left, middle(k)],
      leave: (k) => [left + across, middle(k)], // lines hide no picture
      drawn: [bitmap(sheet, [left, top], [across, down]),
        text(left + across / 2, TOP - 9, n > 1 ? `${n} neurons` : "1 neuron", MIDDLE)],
    };
  });
  const n = sizes.at(-1);
  const outputs = Array.from({ length: n }, (_, k) => [width - 14, TOP + (k + 0.5) * (HIGH / n)]);
  const ends = { enter: (k) => [outputs[k][0] - 10, outputs[k][1]] };
  const last = columns.at(-1);
  const spot = Math.min(chosen, last.n - 1);
  const [x, y] = last.grid.place([spot % last.many, Math.floor(spot / last.many)]);
  const middle = TOP + HIGH / 2;
  const frame = { width: last.side, height: last.side, fill: "none", "stroke-width": 3 };
  const drawing = svg(width, HIGH + 66,
    h("rect", { x: 2, y: middle - 20, width: 42, height: 40, fill: "none", stroke: GREY }),
    text(23, middle + 5, isDigits ? "784" : "x, y", MIDDLE),
    [0, columns[0].n - 1].map((k) => line([[GAP, middle], columns[0].enter(k)],
      { stroke: GREY, "stroke-opacity": 0.6 })),
    weights.map((data, i) => data &&
      wires(data, columns[i], columns[i + 1] ?? ends, i === weights.length - 1 ? spot : null)),
    h("g", { "data-drag": "neuron" }, columns.map(({ drawn }) => drawn)),
    h("rect", { x, y, ...frame, stroke: BLUE, "pointer-events": "none" }),
    outputs.map(([cx, cy], k) => [
      circle([cx, cy], 10, { fill: "white", stroke: GREY }),
      text(cx, cy + 5, isDigits ? k : ["○", "■"][k], { ...MIDDLE, fill: "black" })]),
    text(0, HIGH + 44, `purple: ${isDigits ? "weights" : "the output is"} above 0, orange: below`),
    text(0, HIGH + 62, "lines: the weights to the next layer; dashed: below 0"));
  const press = ([column, row]) => {
    const k = Math.floor(row) * last.many + Math.floor(column);
    return column >= 0 && column < last.many && k >= 0 && k < last.n ? { neuron: k } : {};
  };
  return { drawing, drag: { axes: last.grid, press, move: () => ({}) } };
}

/** The weights of one layer to the next as lines: thick is large, a dashed orange line negative. */
const wires = (data, from, to, chosen) => data.map((row, j) =>
  (data.length <= FEW || j === chosen) && row.map((w, k) => {
    const share = chosen === null || j === chosen ? 0.9 : 0.35;
    const look = { stroke: w < 0 ? ORANGE : BLUE, "stroke-dasharray": w < 0 ? "5 3" : null };
    return line([from.leave(j), to.enter(k)],
      { ...look, "stroke-width": 0.5 + 4 * share * Math.abs(w), "stroke-opacity": share });
  }));

// Lesson 2: the tangent of an activation at z, the secant from z to z + h, and the slopes of both
// on the curve of slopes. Drag the point.
import { BLUE, GREY, RED, axes, choice, fixed, h, line, range, snap, svg } from "../live.js";

const Z = range("z", -5, 5, 0.1, 1);
const FUNCTIONS = {
  sigmoid: [(z) => 1 / (1 + Math.exp(-z)), (z) => 1 / (2 + Math.exp(z) + Math.exp(-z))],
  ReLU: [(z) => Math.max(z, 0), (z) => (z > 0 ? 1 : 0)],
  "leaky ReLU": [(z) => (z > 0 ? z : 0.1 * z), (z) => (z > 0 ? 1 : 0.1)],
  identity: [(z) => z, () => 1],
};

export default {
  title: "Tangent and secant",
  controls: ({ names }) => ({
    ...(names.length > 1 && { name: choice("activation", names) }),
    z: Z,
    h: range("h", 0.1, 3, 0.1, 2),
  }),

  see({ name, z, h: step }, { names }) {
    const [f, slopeOf] = FUNCTIONS[name ?? names[0]];
    const [slope, secant] = [slopeOf(z), (f(z + step) - f(z)) / step];
    const high = Math.max(f(8), 1);
    const p = axes({ box: [44, 30, 440, 270], x: [-8, 8], y: [f(-8) - 0.15 * high, 1.15 * high] });
    const grid = Array.from({ length: 161 }, (_, i) => i / 10 - 8);
    const straight = (m) => [-8, 8].map((x) => p.place([x, f(z) + m * (x - z)]));
    const [[cx, cy], [x, y]] = [z, z + step].map((at) => p.place([at, f(at)]));
    const ticks = { xTicks: [-8, -4, 0, 4, 8], yTicks: [0, high / 2, high] };
    const curve = svg(500, 345,
      p.frame({ ...ticks, xName: "weighted sum z", yName: "output a" }),
      p.inside(
        line(grid.map((at) => p.place([at, f(at)])), { stroke: GREY, "stroke-width": 4 }),
        line(straight(slope), { stroke: BLUE, "stroke-width": 2 }),
        line(straight(secant), { stroke: RED, "stroke-width": 2, "stroke-dasharray": "7 4" }),
        h("rect", { x: x - 5, y: y - 5, width: 10, height: 10, fill: RED }),
        h("circle", { cx, cy, r: 8, fill: BLUE }),
        h("circle", { cx, cy, r: 20, fill: "transparent", "data-drag": "point" })));
    const steep = Math.max(...grid.map(slopeOf));
    const q = axes({ box: [44, 30, 440, 110], x: [-8, 8], y: [-0.12 * steep, 1.2 * steep] });
    // Two pieces: at a corner the slope jumps, and nothing is drawn between.
    const pieces = [grid.filter((at) => at <= 0), [1e-9, ...grid.filter((at) => at > 0)]];
    const [[, slopeY], [, secantY]] = [slope, secant].map((m) => q.place([z, m]));
    const slopes = svg(500, 185,
      q.frame({ ...ticks, yTicks: [0, steep], xName: "weighted sum z", yName: "slope" }),
      pieces.map((piece) =>
        line(piece.map((at) => q.place([at, slopeOf(at)])), { stroke: GREY, "stroke-width": 4 })),
      h("rect", { x: cx - 5, y: secantY - 5, width: 10, height: 10, fill: RED }),
      h("circle", { cx, cy: slopeY, r: 6, fill: BLUE }));
    const says = `z = ${fixed(z, 1)}: slope of the tangent (full line) ${fixed(slope, 3)}; ` +
      `of the secant over h = ${fixed(step, 1)} (dashed) ${fixed(secant, 3)}`;
    const drags = { point: { axes: p, move: ([to]) => ({ z: snap(Z, to) }) } };
    return { says, numbers: { slope, secant }, parts: [curve, slopes], drags };
  },
};

// Lesson 2: the tangent of an activation at z, the secant from z to z + h, and the slopes of both
// on the curve of slopes. Drag the point.
import { BLUE, GREY, RED, axes, choice, circle, fixed, h, range, snap, svg } from "../live.js";

const [Z, H] = [range("z", -5, 5, 0.1, 1), range("h", 0.1, 3, 0.1, 2)];
// Each activation, its slope, and the largest slope.
const FUNCTIONS = {
  sigmoid: [(z) => 1 / (1 + Math.exp(-z)), (z) => 1 / (2 + Math.exp(z) + Math.exp(-z)), 0.25],
  ReLU: [(z) => Math.max(z, 0), (z) => (z > 0 ? 1 : 0), 1],
  "leaky ReLU": [(z) => (z > 0 ? z : 0.1 * z), (z) => (z > 0 ? 1 : 0.1), 1],
  identity: [(z) => z, () => 1, 1],
};
const THICK = { stroke: GREY, "stroke-width": 4 };
const DASHED = { stroke: RED, "stroke-width": 2, "stroke-dasharray": "7 4" };
const square = ([x, y]) => h("rect", { x: x - 5, y: y - 5, width: 10, height: 10, fill: RED });

export default {
  title: "Tangent and secant",
  controls: ({ names }) =>
    ({ ...(names.length > 1 && { name: choice("activation", names) }), z: Z, h: H }),

  see({ name, z, h: step }, { names }) {
    const [f, slopeOf, steepest] = FUNCTIONS[name ?? names[0]];
    const [slope, secant, high] = [slopeOf(z), (f(z + step) - f(z)) / step, Math.max(f(8), 1)];
    const across = { xTicks: [-8, -4, 0, 4, 8], xName: "weighted sum z" };
    const p = axes({ box: [44, 30, 440, 270], x: [-8, 8], y: [f(-8) - 0.15 * high, 1.15 * high] });
    const q = axes({ box: [44, 30, 440, 110], x: [-8, 8], y: [-0.12 * steepest, 1.2 * steepest] });
    const curve = svg(500, 345,
      p.frame({ ...across, yTicks: [0, high / 2, high], yName: "output a" }),
      p.inside(
        p.curve(f, THICK),
        p.curve((x) => f(z) + slope * (x - z), { stroke: BLUE, "stroke-width": 2 }, 1),
        p.curve((x) => f(z) + secant * (x - z), DASHED, 1),
        square(p.place([z + step, f(z + step)])), circle(p.place([z, f(z)]), 8, { fill: BLUE }),
        circle(p.place([z, f(z)]), 20, { fill: "transparent", "data-drag": "point" })));
    const slopes = svg(500, 185,
      q.frame({ ...across, yTicks: [0, steepest], yName: "slope" }),
      // Two pieces: at a corner the slope jumps, and nothing is drawn between.
      [[-8, 0], [1e-9, 8]].map((ends) => q.curve(slopeOf, THICK, 80, ends)),
      square(q.place([z, secant])), circle(q.place([z, slope]), 6, { fill: BLUE }));
    const says = `z = ${fixed(z, 1)}: slope of the tangent (full line) ${fixed(slope, 3)}; ` +
      `of the secant over h = ${fixed(step, 1)} (dashed) ${fixed(secant, 3)}`;
    const drags = { point: { axes: p, move: ([to]) => ({ z: snap(Z, to) }) } };
    return { says, numbers: { slope, secant }, parts: [curve, slopes], drags };
  },
};

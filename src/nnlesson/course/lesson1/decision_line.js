// Lesson 1: what two weights and a bias decide for the four corners. Drag the line or its arrow.
import { BLUE, INK, ORANGE, PAPER, RED } from "../live.js";
import { axes, choice, circle, fixed, h, line, range, snap, svg, table, text } from "../live.js";

export const CORNERS = [[0, 0], [0, 1], [1, 0], [1, 1]];
const [LOW, HIGH] = [-0.75, 1.75]; // of both inputs
const FAR = 9; // beyond the frame, in inputs
const ARROW = 0.38; // its length, in inputs
const WEIGHT = range("w₁", -3, 3, 0.05, 1);
const BIAS = range("b", -3, 3, 0.05, -0.5);

export default {
  title: "Decision line",
  controls: ({ functions }) => ({
    function: choice("function", Object.keys(functions)),
    w1: WEIGHT,
    w2: { ...WEIGHT, label: "w₂" },
    b: BIAS,
  }),
  goals: ({ functions }) =>
    Object.keys(functions).map((name) => ({
      text: name,
      met: (numbers) => numbers.function === name && numbers.right === 4,
    })),

  see({ function: name, w1, w2, b }, { functions }) {
    const targets = functions[name];
    // nine digits: 0.05 twenty times is 1.0000000000000002, and a corner on the line answers 1
    const z = CORNERS.map(([x1, x2]) => +(x1 * w1 + x2 * w2 + b).toFixed(9));
    const answers = z.map((v) => (v >= 0 ? 1 : 0));
    const right = answers.filter((answer, i) => answer === targets[i]).length;
    const p = axes({ box: [40, 30, 350, 350], x: [LOW, HIGH], y: [LOW, HIGH] });
    const cut = cutOf(w1, w2, b);
    const picture = svg(400, 425,
      p.inside(sides(p, cut, b), cut && grip(p, cut)),
      p.frame({ xTicks: [0, 1], yTicks: [0, 1], xName: "x₁", yName: "x₂", isGrid: false }),
      cut?.tail && arrow(p, cut),
      CORNERS.map((corner, i) => dot(p.place(corner), targets[i], z[i])));
    const rows = CORNERS.map((corner, i) => [`(${corner.join(", ")})`, fixed(z[i], 2), answers[i],
      targets[i], answers[i] === targets[i] ? "✓ right" : h("b", {}, "✗ wrong")]);
    const all = `All 4 right: these three numbers are ${name}`;
    return {
      says: right === 4 ? all : `${name}: ${right} of 4 right`,
      numbers: { function: name, z, answers, right },
      parts: [picture, table(["inputs", "z", "answer", "target", "right?"], rows,
        "Blue side: z ≥ 0, answer 1. Orange side: answer 0. Full dot: target 1. Open square: " +
        "target 0. Drag the line to move it, the tip of its arrow to turn it.")],
      drags: {
        line: { axes: p, move: ([x, y], from, start) =>
          ({ b: snap(BIAS, start.b - start.w1 * (x - from[0]) - start.w2 * (y - from[1])) }) },
        arrow: { axes: p, move: (to, from, start) => turned(to, cut.tail, start) },
      },
    };
  },
};

/** The line w₁ x₁ + w₂ x₂ + b = 0: where z grows, its places, and the tail of the arrow. */
export function cutOf(w1, w2, b) {
  const size = Math.hypot(w1, w2);
  if (size === 0) return null; // the same answer everywhere
  const up = [w1 / size, w2 / size];
  const middle = (LOW + HIGH) / 2;
  const away = (middle * (w1 + w2) + b) / size;
  const foot = up.map((u) => middle - away * u); // of the line, nearest to the middle
  const at = (along, above = 0) => [
    foot[0] - up[1] * along + up[0] * above,
    foot[1] + up[0] * along + up[1] * above,
  ];
  return { up, at, ends: [at(-FAR), at(FAR)], tail: tailOf(at) };
}

/** Where on the line the arrow stands: within the frame, as far from the corners as it gets. */
function tailOf(at) {
  let [best, most] = [null, -1];
  for (let along = -2; along <= 2; along += 0.02) {
    const ends = [at(along), at(along, ARROW)];
    if (ends.flat().some((v) => v < LOW + 0.1 || v > HIGH - 0.1)) continue;
    const [x, y] = at(along, ARROW / 2);
    const far = Math.min(0.6, ...CORNERS.map((corner) => Math.hypot(corner[0] - x, corner[1] - y)));
    if (far > most) [best, most] = [ends[0], far];
  }
  return best;
}

/** The two sides in their colours and the line between them; one side if the line is nowhere. */
export function sides(p, cut, b) {
  const tint = (places, fill) =>
    h("polygon", { points: places.map(p.place).join(" "), fill, "fill-opacity": 0.16 });
  if (!cut) {
    const corners = [[-FAR, -FAR], [-FAR, FAR], [FAR, FAR], [FAR, -FAR]];
    return tint(corners, b >= 0 ? BLUE : ORANGE);
  }
  const half = (above) => [...cut.ends, cut.at(FAR, above), cut.at(-FAR, above)];
  return [
    tint(half(FAR), BLUE),
    tint(half(-FAR), ORANGE),
    line(cut.ends.map(p.place), { stroke: INK, "stroke-width": 2.2 }),
  ];
}

const grip = (p, { ends }) =>
  line(ends.map(p.place), { stroke: "transparent", "stroke-width": 26, "data-drag": "line" });

function arrow(p, { up, tail }) {
  const tip = p.place([tail[0] + ARROW * up[0], tail[1] + ARROW * up[1]]);
  const angle = (-Math.atan2(up[1], up[0]) * 180) / Math.PI;
  return [
    line([p.place(tail), tip], { stroke: INK, "stroke-width": 1.8 }),
    h("g", { transform: `translate(${tip}) rotate(${angle})`, "data-drag": "arrow" },
      h("circle", { r: 18, fill: "transparent" }),
      h("path", { d: "M2 0L-11 -6L-11 6Z", fill: INK })),
  ];
}

const OPEN = { width: 14, height: 14, fill: PAPER, stroke: RED, "stroke-width": 2.5 };
/** A corner: a full dot if its target is 1, an open square if it is 0. */
export const mark = ([x, y], target) =>
  target ? circle([x, y], 8, { fill: BLUE }) : h("rect", { x: x - 7, y: y - 7, ...OPEN });
const dot = ([x, y], target, z) => [
  mark([x, y], target),
  text(x, y - 15, `z = ${fixed(z, 2)}`, { "text-anchor": "middle", "pointer-events": "none" }),
];

/** The weights turned so that the arrow points from its tail to a place, as long as before. */
function turned([x, y], tail, start) {
  const [dx, dy] = [x - tail[0], y - tail[1]];
  const scale = Math.hypot(start.w1, start.w2) / (Math.hypot(dx, dy) || 1);
  const [w1, w2] = [snap(WEIGHT, scale * dx), snap(WEIGHT, scale * dy)];
  return w1 || w2 ? { w1, w2, b: snap(BIAS, -w1 * tail[0] - w2 * tail[1]) } : {};
}

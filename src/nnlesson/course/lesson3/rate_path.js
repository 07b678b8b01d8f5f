// Lesson 3: the path of gradient descent on a surface a x₀² + c x₁², with momentum if wanted.
// Drag the square where the path starts.
import { BLUE, GREY, INK, PAPER, RED, fixed, grouped } from "../live.js";
import { axes, choice, circle, grip, h, line, logRange, range, snap, svg, text } from "../live.js";
import { STAR } from "./step_size.js";

const SIZE = 4; // of the map, from its middle to its sides
const LONGEST = 60; // steps
const SEVERAL = 5; // steps, over which a descent is judged
const START = range("start x₀", -SIZE, SIZE, 0.1, -3.5);

export default {
  title: "Path of gradient descent",
  controls: ({ surfaces }) => ({
    surface: choice("surface", Object.keys(surfaces)),
    steps: range("steps", 1, LONGEST, 1, 20),
    rate: logRange("rate η", -3, 0.1, 20, 0.1),
    momentum: range("momentum", 0, 0.95, 0.05, 0),
    x0: START,
    x1: { ...START, label: "start x₁", value: 3 },
  }),
  goals: ({ surfaces }) => {
    const [bowl, valley] = Object.keys(surfaces);
    return [
      { text: "crawl", met: ({ state }) => state === "crawls" },
      { text: "diverge", met: ({ state }) => state === "diverges" },
      { text: "arrive in the bowl in one step",
        met: ({ surface, arrived }) => surface === bowl && arrived === 1 },
      { text: "arrive in the valley",
        met: ({ surface, state }) => surface === valley && state === "arrives" },
      { text: "arrive in the valley within 30 steps, with momentum",
        met: ({ surface, state, arrived, momentum }) =>
          surface === valley && state === "arrives" && arrived <= 30 && momentum > 0 },
    ];
  },

  see({ surface, steps, rate, momentum, x0, x1 }, { surfaces }) {
    const curves = surfaces[surface];
    const path = descend(curves, [x0, x1], rate, momentum, steps);
    const heights = path.map((x) => heightOf(curves, x));
    const grows = curves.some((c, i) => path[0][i] && rate * c > 1 + momentum); // without end
    const { state, arrived, rest } = judge(heights, momentum, grows);
    const p = axes({ box: [52, 34, 340, 340], x: [-SIZE, SIZE], y: [-SIZE, SIZE] });
    const move = ([a, b]) => ({ x0: snap(START, a), x1: snap(START, b) });
    const withMomentum = momentum ? ` with momentum ${fixed(momentum, 2)}` : "";
    return {
      says: `η = ${rate}${withMomentum} ${state}: ${rest}`,
      numbers: { surface, momentum, path, heights, state, arrived },
      parts: [map(p, curves, path), heightAtEachStep(heights)],
      drags: { start: { axes: p, move } },
    };
  },
};

const heightOf = ([a, c], [x0, x1]) => a * x0 * x0 + c * x1 * x1;

/** The places of a descent, the start included. The slope of a x₀² + c x₁² is (2a x₀, 2c x₁). */
function descend(curves, start, rate, momentum, steps) {
  const path = [start];
  let v = [0, 0];
  for (let k = 0; k < steps; k += 1) {
    const x = path[k];
    v = v.map((old, i) => momentum * old - rate * 2 * curves[i] * x[i]);
    path.push(x.map((old, i) => old + v[i]));
  }
  return path;
}

/** What a descent does: its state, the step of arrival if any, and the rest of the sentence.
 *
 * With momentum a path swings: one step up, or one look at the bottom, says little. So the highest
 * place of the last five steps is compared with the highest of the five before. A path that is
 * above its start and does not grow without end only climbs. */
function judge(heights, momentum, grows) {
  const n = heights.length - 1;
  const after = (k) => `after ${k} step${k === 1 ? "" : "s"}`;
  if (heights[0] === 0) return { state: "stays", rest: "it starts at the lowest point" };
  const arrived = heights.findLastIndex((height) => height >= 1e-6 * heights[0]) + 1;
  if (n - arrived + 1 >= (momentum ? SEVERAL : 1)) {
    const rest = `under a millionth of the height is left ${after(arrived)}`;
    return { state: "arrives", arrived, rest };
  }
  const window = Math.min(SEVERAL, Math.ceil(n / 2));
  const recent = Math.max(...heights.slice(-window));
  const change = (recent / Math.max(...heights.slice(-2 * window, -window))) ** (1 / window);
  const left = heights[n] / heights[0];
  const said = left > 1e6 ? "over a million" : left < 10 ? +left.toPrecision(2) : grouped(left);
  const share = left >= 1e-4 ? `${fixed(100 * left, 2)}%` : "less than 0.01%";
  const rest = left > 1.001 ?
    `${after(n)} it is ${left < 1.05 ? "" : `${said} times `}as high as at the start` :
    `${share} of the height is left ${after(n)}`;
  const above = grows ? "diverges" : left > 1 ? "climbs" : "climbs again";
  const up = recent > heights[0] ? above : "climbs again";
  const level = momentum ? "swings" : "jumps from side to side";
  const down = change > 0.999 ? level : change > 0.9 ? "crawls" : "is on its way";
  return { state: change > 1.001 ? up : down, rest };
}

/** The surface from above: contour lines, the path, its start, and a star at the lowest place. */
function map(p, curves, path) {
  const top = heightOf(curves, [SIZE, SIZE]);
  const [cx, cy] = p.place([0, 0]);
  const radius = (height, curve) => p.x(Math.sqrt(height / curve)) - cx;
  const rings = Array.from({ length: 12 }, (_, i) => top * ((i + 1) / 12) ** 2); // close below
  const ring = { cx, cy, fill: "none", stroke: GREY, "stroke-opacity": 0.7 };
  const held = (v) => Math.min(50 * SIZE, Math.max(-50 * SIZE, v)); // far outside the map
  const ticks = [-4, -2, 0, 2, 4];
  return svg(404, 416,
    p.frame({ xTicks: ticks, yTicks: ticks, xName: "x₀", yName: "x₁", isGrid: false }),
    p.inside(
      rings.map((height) =>
        h("ellipse", { ...ring, rx: radius(height, curves[0]), ry: radius(height, curves[1]) })),
      walk(path.map((x) => p.place(x.map(held))))),
    h("path", { d: STAR, fill: INK, stroke: PAPER, transform: `translate(${[cx, cy]})` }),
    grip("start", p.place(path[0]),
      h("rect", { x: -7, y: -7, width: 14, height: 14, fill: BLUE, stroke: PAPER })));
}

function heightAtEachStep(heights) {
  const p = axes({ box: [56, 34, 350, 340], x: [0, LONGEST], y: [1e-8, 1e6], logY: true });
  const held = (height) => Math.min(1e12, Math.max(1e-12, height));
  const [start, dotted] = [p.y(held(heights[0])), { stroke: GREY, "stroke-dasharray": "2 3" }];
  return svg(420, 416,
    p.frame({ xTicks: [0, 20, 40, 60], yTicks: [1e-8, 1e-6, 1e-4, 0.01, 1, 100, 1e4, 1e6],
      xName: "step", yName: "height f(x)" }),
    p.inside(
      line([[p.x(0), start], [p.x(LONGEST), start]], dotted),
      walk(heights.map((height, k) => p.place([k, held(height)]))),
      text(p.x(LONGEST) - 4, start - 6, "height of the start", { "text-anchor": "end" })));
}

const walk = (places) => [
  line(places, { stroke: RED, "stroke-width": 1.5 }),
  places.map((place) => circle(place, 2.8, { fill: RED })),
];

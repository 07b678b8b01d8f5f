// Lesson 4: forward and back through the 1-2-1 network, a number at a time. Step, or press a node.
import { BLUE, GREY, ORANGE, PAPER, RED } from "../live.js";
import { fixed, h, line, namedSvg, press, range, steps, table, text } from "../live.js";

// The way forward is the way down.
const NODES = {
  x: [230, 40], z1: [160, 140], a1: [160, 237], z2: [300, 140], a2: [300, 237],
  z: [230, 334], a: [230, 431], J: [230, 528],
};
const BOXES = {
  w1: [48, 96], b1: [48, 172], w2: [412, 96], b2: [412, 172],
  v1: [48, 300], v2: [412, 300], c: [412, 372], y: [412, 528],
};
const PLACES = { ...NODES, ...BOXES };
/** What each number is made of. */
const MADE_OF = {
  z1: ["x", "w1", "b1"], a1: ["z1"], z2: ["x", "w2", "b2"], a2: ["z2"],
  z: ["a1", "v1", "a2", "v2", "c"], a: ["z"], J: ["a", "y"],
};
const EDGES = Object.entries(MADE_OF).flatMap(([to, made]) => made.map((from) => [from, to]));
const [RADIUS, WIDE, HIGH] = [36, 92, 44]; // of nodes and boxes
const N_FORWARD = 7; // so many steps compute numbers, the others slopes
const FIRST = { name: "", formula: "Press Next for the first one.", template: "" };
const BEFORE = "Before the first step: the input, the label, and seven parameters";

const sigmoid = (v) => 1 / (1 + Math.exp(-v));
function forward(n) {
  const [z1, z2] = [n.w1 * n.x + n.b1, n.w2 * n.x + n.b2];
  const [a1, a2] = [sigmoid(z1), sigmoid(z2)];
  const z = n.v1 * a1 + n.v2 * a2 + n.c;
  const a = sigmoid(z);
  const J = -n.y * Math.log(a) - (1 - n.y) * Math.log(1 - a);
  return { ...n, z1, a1, z2, a2, z, a, J };
}
function backward(n) {
  const a = (n.a - n.y) / (n.a * (1 - n.a));
  const z = a * n.a * (1 - n.a);
  const [a1, a2] = [z * n.v1, z * n.v2];
  const [z1, z2] = [a1 * n.a1 * (1 - n.a1), a2 * n.a2 * (1 - n.a2)];
  const hidden = { a1, z1, w1: z1 * n.x, b1: z1, a2, z2, w2: z2 * n.x, b2: z2 };
  return { a, z, v1: z * n.a1, v2: z * n.a2, c: z, ...hidden };
}

const named = (name) => name.replace("1", "₁").replace("2", "₂");
/** A number; with one digit after the point if that is exact. */
const said = (v, digits = 4) => fixed(v, Math.abs(10 * v - Math.round(10 * v)) < 1e-9 ? 1 : digits);
/** A formula's numbers: a minus after another sign needs brackets, and σ has them already. */
function filled(numbers, values, slopes) {
  const put = (_, isSlope, name) => {
    const number = said((isSlope ? slopes : values)[name]);
    return number.startsWith("−") ? `(${number})` : number;
  };
  return numbers.replace(/\{(d?)(\w+)\}/g, put).replace(/σ\(\((.*)\)\)/, "σ($1)");
}

export default {
  title: "Backpropagation, one value at a time",
  controls: ({ numbers, way }) => ({
    step: steps("step", 0, way.length),
    x: range("input x", -2, 2, 0.1, numbers.x),
    y: range("label y", 0, 1, 1, numbers.y),
  }),

  see({ step, x, y }, { numbers, way }) {
    const values = forward({ ...numbers, x, y });
    const slopes = backward(values);
    const isBack = step > N_FORWARD;
    const done = way.slice(0, step).map(({ name }) => name);
    const known = new Set([...Object.keys(BOXES), "x", ...done.slice(0, N_FORWARD)]);
    const sloped = new Set(done.slice(N_FORWARD));
    const { name: now, formula, template } = way[step - 1] ?? FIRST;
    const result = now && said((isBack ? slopes : values)[now]);
    const shown = now && filled(template, values, slopes);
    const next = isBack ? `Back: the next slope, ∂J/∂${named(now)},` : `Forward: ${named(now)}`;
    return {
      says: now ? `Step ${step} of ${way.length}. ${next} is ${result}` : BEFORE,
      numbers: { values, slopes, shown, result },
      parts: [
        namedSvg("The computation graph of the 1-2-1 network", 460, 568,
          EDGES.map(([from, to]) => edge(from, to, { now, isBack, sloped, known })),
          Object.keys(PLACES).map((name) => {
            const number = known.has(name) ? said(values[name], 3) : "";
            const slope = sloped.has(name) ? said(slopes[name], 3) : "";
            return node(name, number, slope, name === now);
          })),
        table(["formula", "in numbers", "result"],
          [[h("b", {}, formula), now ? `=\u00a0${shown}` : "", now ? `=\u00a0${result}` : ""]],
          "Bold, in an orange frame: the slope of J with respect to this number. Press a node " +
          "after x for its step, again for its slope, if any; press a parameter for its slope."),
      ],
      presses: Object.fromEntries(way.map(({ name }) => [name, { step: stepOf(name, step, way) }])),
    };
  },
};

/** The step that computes a number, or, from there or for a parameter, its slope. */
function stepOf(name, step, way) {
  const found = way.flatMap((one, i) => (one.name === name ? [i + 1] : []));
  return found.find((k) => k !== step) ?? step;
}

/** An arrow; dashes run along it, forward or back, while its step is shown. */
function edge(from, to, { now, isBack, sloped, known }) {
  const isNow = isBack ? from === now : to === now;
  const isOver = isBack && sloped.has(from);
  const ends = [rim(from, to), rim(to, from)];
  const [start, end] = isOver ? ends.reverse() : ends;
  const stroke = isOver ? RED : known.has(to) ? BLUE : GREY;
  const angle = (Math.atan2(end[1] - start[1], end[0] - start[0]) * 180) / Math.PI;
  const tip = { fill: stroke, transform: `translate(${end}) rotate(${angle})` };
  return h("g", {},
    line([start, end], { stroke, "stroke-width": isNow ? 5 : 1.6 }),
    line([start, end], { stroke: isNow ? PAPER : "none", class: isNow ? "nn-flow" : null }),
    h("path", { d: isNow ? "M2 0L-13 -8L-13 8Z" : "M1 0L-9 -5L-9 5Z", ...tip }));
}

/** Where the straight line from one shape to another leaves the first one. */
function rim(name, towards) {
  const [[x, y], [toX, toY]] = [PLACES[name], PLACES[towards]];
  const [dx, dy] = [toX - x, toY - y];
  const far = Math.hypot(dx, dy);
  const share = name in NODES ? (RADIUS + 2) / far :
    Math.min((WIDE / 2 + 2) / Math.abs(dx), (HIGH / 2 + 2) / Math.abs(dy));
  return [x + share * dx, y + share * dy];
}

function node(name, number, slope, isNow) {
  const [x, y] = PLACES[name];
  const stroke = slope ? RED : isNow ? BLUE : name === "J" ? ORANGE : GREY;
  const look = { fill: PAPER, stroke, "stroke-width": isNow ? 5 : 1.8 };
  const corner = { x: x - WIDE / 2, y: y - HIGH / 2, width: WIDE, height: HIGH, rx: 5 };
  const isNode = name in NODES;
  const lines = isNode ? [named(name), number, slope] : [`${named(name)} = ${number}`, slope];
  const shown = lines.filter((one) => one !== "");
  const inside = [
    isNode ? h("circle", { cx: x, cy: y, r: RADIUS, ...look }) : h("rect", { ...corner, ...look }),
    shown.map((one, i) => {
      const isSlope = slope !== "" && i === shown.length - 1;
      const weight = { "font-weight": isSlope ? "bold" : null };
      const height = y + 5 + 16 * (i - (shown.length - 1) / 2);
      return text(x, height, one, { "text-anchor": "middle", ...weight });
    }),
  ];
  if (name === "x" || name === "y") return h("g", {}, inside);
  const heard = [`${named(name)} ${number}`, slope && `slope of J ${slope}`].filter(Boolean);
  return press(name, heard.join(", "), isNow, inside);
}

// Lesson 1: look after look of the learning rule at the four corners, each with its numbers.
import { GREY, INK, axes, circle, h, line, minus, steps, svg, table } from "../live.js";
import { CORNERS, cutOf, mark, sides } from "./decision_line.js";

const MARKS = "Full dot: target 1. Open square: target 0. Blue side: answer 1.";
const said = (v) => minus(+v.toPrecision(6));
const signed = (v) => (v < 0 ? `(${said(v)})` : said(v));

export default {
  title: "Learning rule",
  controls: ({ looks }) => ({ look: steps("look", 1, looks.length) }),
  goals: [
    { text: "find a look that adds its inputs to the weights", met: ({ error }) => error === 1 },
    { text: "find one that takes its inputs away",
      met: ({ error, x }) => error === -1 && x.some((v) => v !== 0) },
    { text: "find four right looks in a row", met: ({ inARow }) => inARow >= 4 },
  ],

  see({ look }, { looks, targets }) {
    const { w, b, x, t, y, new_w, new_b } = looks[look - 1];
    const z = w[0] * x[0] + w[1] * x[1] + b;
    const error = t - y;
    const lastWrong = looks.slice(0, look).findLastIndex((one) => one.t !== one.y);
    const inARow = look - 1 - lastWrong;
    const verdict = error === 0 ? "right, so the numbers stay" : "wrong, so the numbers change";
    const learned = inARow >= CORNERS.length ? ". All four corners are right: it has learned" : "";
    const [before, after] = [cutOf(...w, b), cutOf(...new_w, new_b)];
    return {
      says: `Look ${look}: ${verdict}${learned}`,
      numbers: { z, error, x, inARow },
      parts: [
        plane(before, after, new_b, x, targets, error),
        h("div", {},
          h("p", {}, `Inputs x = (${x.map(said).join(", ")}), target t = ${t}`),
          h("p", {}, `z = ${signed(w[0])} · ${signed(x[0])} + ${signed(w[1])} · ${signed(x[1])}` +
            ` + ${signed(b)} = ${said(z)}`),
          h("p", {}, `Answer y = ${y}, so t − y = ${said(error)}`),
          table(["number", "before", "change: (t − y) · input", "after"], [
            ...w.map((old, i) => row(`w${"₁₂"[i]}`, old, error, x[i], new_w[i])),
            row("b", b, error, 1, new_b),
          ], `${note(before, after, error)} In the ring: the example looked at. ${MARKS}`)),
      ],
    };
  },
};

const row = (name, before, error, input, after) =>
  [name, said(before), `${signed(error)} · ${signed(input)}`, h("b", {}, said(after))];

/** Which lines are seen: with both weights 0 there is none. */
function note(before, after, error) {
  if (!after) return "Both weights are 0: no line, one answer everywhere.";
  if (error === 0) return "Right: nothing changes.";
  return before ? "Dashed: the line before. Solid: the line after." : "Solid: the first line.";
}

/** The four corners, the example that is looked at in a ring, the line before and after. */
function plane(before, after, b, x, targets, error) {
  const p = axes({ box: [40, 30, 350, 350], x: [-1, 2.3], y: [-1, 2.3] });
  const dashed = { stroke: GREY, "stroke-width": 2.2, "stroke-dasharray": "7 5" };
  return svg(400, 425,
    p.inside(
      sides(p, after, b),
      before && error !== 0 && line(before.ends.map(p.place), dashed)),
    p.frame({ xTicks: [0, 1], yTicks: [0, 1], xName: "x₁", yName: "x₂", isGrid: false }),
    CORNERS.map((corner, i) => mark(p.place(corner), targets[i])),
    circle(p.place(x), 17, { fill: "none", stroke: INK, "stroke-width": 1.8 }));
}

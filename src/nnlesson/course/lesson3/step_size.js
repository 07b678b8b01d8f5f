// Lesson 3: what a difference with step h sees of f, beside the error at every step. Drag the star.
// All numbers come from Python, whose float32 and float64 round as the lesson's do.
import { BLUE, GREEN, INK, PAPER, RED, axes, choice, circle, fixed } from "../live.js";
import { grip, h, legend, line, power, range, snap, svg } from "../live.js";

export const STAR =
  "M0 -9L2.6 -2.8L9 -2.8L3.8 1.2L5.6 7.6L0 3.8L-5.6 7.6L-3.8 1.2L-9 -2.8L-2.6 -2.8Z";
const scientific = (v) => {
  const [digits, exponent] = v.toExponential(1).split("e");
  return v === 0 || +exponent === 0 ? fixed(v, 1) : `${digits} · ${power(10 ** exponent)}`;
};
const TICKS = [1e-18, 1e-15, 1e-12, 1e-9, 1e-6, 1e-3, 1];
const isCentral = (method) => method.startsWith("central");
const styleOf = (method) => ({
  stroke: isCentral(method) ? BLUE : RED,
  "stroke-width": 2,
  "stroke-dasharray": method.endsWith("float32") ? "6 4" : null,
});
const stepOf = ({ steps }) =>
  range("step h", 0, steps.length - 1, 1, 0, (k) => scientific(steps[k]));

export default {
  title: "Error of a measured slope against the step h",
  controls: (given) => ({
    step: stepOf(given),
    method: choice("method", Object.keys(given.errors)),
  }),

  see({ step, method }, given) {
    const { steps, slope } = given;
    const measured = given.measured[method][step];
    const error = Math.abs(measured - slope);
    const ends = { x: [steps[0], steps.at(-1)], y: [given.floor / 3, 30] };
    const all = axes({ box: [56, 110, 370, 250], ...ends, logX: true, logY: true });
    const move = ([size]) => ({ step: snap(stepOf(given), nearest(steps, size)) });
    return {
      says: `h = ${scientific(steps[step])}, ${method}: measured ${fixed(measured, 6)}, ` +
        `exact ${fixed(slope, 6)}, error ${scientific(error)}`,
      numbers: { h: steps[step], measured, error },
      parts: [nearby(given, step, method, measured), everywhere(all, given, steps[step], error)],
      drags: { star: { axes: all, move } },
    };
  },
};

/** The place in steps (n,), which grow, of the one nearest to a size by its logarithm. */
function nearest(steps, size) {
  const off = steps.map((h) => Math.abs(Math.log(h / Math.max(size, steps[0]))));
  return off.indexOf(Math.min(...off));
}

/** f around z as the computer sees it, both axes in steps of h, with the two slopes. */
function nearby({ slope, distances, rises }, step, method, measured) {
  const tall = 1.9 * Math.abs(slope);
  const p = axes({ box: [56, 110, 320, 250], x: [-1.6, 1.6], y: [-tall, tall] });
  const rise = rises[method.split(", ")[1]][step];
  const places = distances.map((d, i) => p.place([d, rise[i]]));
  const placeOf = (d) => places[distances.findIndex((other) => Math.abs(other - d) < 1e-9)];
  const ends = [placeOf(isCentral(method) ? -1 : 0), placeOf(1)];
  const exact = { stroke: GREEN, "stroke-width": 3, "stroke-dasharray": "2 5" };
  const computed = { stroke: INK, "stroke-width": 1.2 };
  const seen = { ...styleOf(method), "stroke-width": 2.4 };
  const yTicks = [-1, 0, 1].map((k) => +(slope * k).toFixed(2));
  return svg(392, 408,
    p.frame({ xTicks: [-1, 0, 1], yTicks, xName: "distance from z, in steps h",
      yName: "rise of f, in steps h" }),
    p.inside(
      p.curve((d) => slope * d, exact, 1),
      line(places, computed),
      line(ends, seen),
      ends.map((end) => circle(end, 5, { fill: seen.stroke }))),
    legend(56, 26,
      [["exact slope", exact], ["f as computed", computed], ["measured slope", seen]]));
}

/** The error of every method at every step on log axes, and a star where h is now. */
function everywhere(p, { steps, errors, floor }, size, error) {
  const points = (values) =>
    values.map((e, k) => e > 0 && p.place([steps[k], e])).filter(Boolean);
  const star = p.place([size, Math.max(error, floor)]);
  return svg(442, 408,
    p.frame({ xTicks: TICKS.filter((v) => v >= steps[0] && v <= steps.at(-1) * 1.01),
      yTicks: TICKS.filter((v) => v >= floor), xName: "step h", yName: "error of the slope" }),
    p.inside(Object.entries(errors).map(([name, values]) => line(points(values), styleOf(name)))),
    legend(56, 6, Object.keys(errors).map((name) => [name, styleOf(name)])),
    grip("star", star, h("path", { d: STAR, fill: INK, stroke: PAPER })));
}

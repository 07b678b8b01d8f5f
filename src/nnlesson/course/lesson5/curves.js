// Curves of cost and share right against the epoch: one line or one band for each run.
import { BLUE, GREEN, GREY, INK, ORANGE, PINK, RED, SKY } from "../live.js";
import { axes, circle, h, line, svg, text } from "../live.js";

const COLOURS = [BLUE, RED, GREEN, PINK, SKY, ORANGE];
const DASHES = [null, "7 4", "2 4", "10 4 2 4", "14 5", "4 2"];
/** Colour and dash of the i-th line: either alone tells it apart. */
const lookOf = (i) => ({
  stroke: COLOURS[i % 6], "stroke-dasharray": DASHES[i % 6], "stroke-width": 2.2,
});

const epochTicks = (longest) => {
  const step = [1, 2, 5, 10, 20, 50].find((v) => longest / v <= 6) ?? 100;
  return Array.from({ length: Math.floor(longest / step) + 1 }, (_, i) => i * step);
};
const POWERS = Array.from({ length: 80 }, (_, k) => +`1e${k - 40}`);
/** Powers of ten between two numbers; if they are few, also 2 and 5 times these. */
function logTicks(low, high) {
  const [few, many] = [[1], [1, 2, 5]].map((digits) =>
    POWERS.flatMap((power) => digits.map((v) => +(v * power).toPrecision(1)))
      .filter((v) => v >= low && v <= high));
  return many.length > 6 ? few : many;
}
const WRONG = [1, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005];
const RIGHT = [0, 0.2, 0.4, 0.6, 0.8, 1];
const percent = (v) => `${+(100 * v).toPrecision(3)}%`;

/** Where the axis of the cost ends: a thousand times the smallest cost, if a run goes beyond.
 * It is long enough for two ticks. */
function costRange(series) {
  const all = series.flatMap(({ cost }) => cost.flat()).filter((v) => v > 0 && v < Infinity);
  const [low, high] = [Math.min(...all), Math.max(...all)];
  return all.length ? [0.8 * low, Math.max(Math.min(1.2 * high, 1000 * low), 4 * low)] : [0.1, 10];
}

/**
 * Two plots, and what each line means. series: [{ name, cost, right, isDiverged, look }], where
 * cost and right hold [mean, smallest, largest] for each epoch. isOpen opens the range near
 * 100%: the axis counts what is wrong in powers of ten.
 */
export function curves({ series, longest, isOpen = false, chance = null, width = 320 }) {
  const box = [56, 28, width - 68, 165];
  const x = [0, Math.max(1, longest) * 1.02];
  const y = costRange(series);
  const left = axes({ box, x, y, logY: true });
  const low = Math.min(0.05, ...series.flatMap(({ right }) => right.map((v) => 1 - v[2]))) * 0.8;
  const wrong = [1, Math.max(low, 0.002)];
  const right = axes({ box, x, y: isOpen ? wrong : [0, 1], logY: isOpen });
  const shown = (band) => (isOpen ? band.map((v) => Math.max(1 - v, wrong[1])) : band);
  const ticks = isOpen ? WRONG.filter((v) => v >= wrong[1]) : RIGHT;
  const sayRight = (v) => percent(isOpen ? 1 - v : v);
  const frame = { xTicks: epochTicks(x[1]), xName: "epoch" };
  const looks = series.map(({ look }, i) => lookOf(look ?? i));
  const chanceLine = chance !== null && line(x.map((v) => right.place([v, ...shown([chance])])),
    { stroke: GREY, "stroke-dasharray": "2 5", "stroke-width": 2 });
  return [
    svg(width, 240,
      left.frame({ ...frame, yTicks: logTicks(...y), yName: "cost", sayY: (v) => v }),
      left.inside(series.map((s, i) => lineOf(left, s.cost, looks[i]))),
      series.map((s, i) => s.isDiverged && arrow(left, s, y[1], looks[i]))),
    svg(width, 240,
      right.frame({ ...frame, yTicks: ticks, yName: "share right", sayY: sayRight }),
      right.inside(chanceLine,
        series.map((s, i) => lineOf(right, s.right.map(shown), looks[i])))),
    series.length > 0 && h("ul", { class: "nn-legend" }, series.map(({ name }, i) => h("li", {},
      svg(34, 8, line([[0, 4], [34, 4]], looks[i])), name))),
  ];
}

function lineOf(on, all, look) {
  const end = all.findIndex((v) => !Number.isFinite(v[0])); // numbers that grew without end
  const values = end < 0 ? all : all.slice(0, end);
  const place = (k) => values.map((v, i) => on.place([i + 1, v[k]]));
  const [mean, least, most] = [0, 1, 2].map(place);
  const fill = { fill: look.stroke };
  return [
    values.some((v) => v[1] !== v[2])
      && line([...least, ...most.reverse()], { ...fill, "fill-opacity": 0.25 }),
    line(mean, look),
    mean.length === 1 && circle(mean[0], 3, fill),
  ];
}

/** A run whose numbers grew without end leaves the picture at the top: an arrow, and a word. */
function arrow(on, { cost }, top, look) {
  const beyond = cost.findIndex((v) => !(v[0] <= top));
  const at = on.x(beyond < 0 ? cost.length : beyond + 1);
  const points = `${at - 6},24 ${at + 6},24 ${at},13`;
  return [h("polygon", { points, fill: look.stroke }),
    text(at + 9, 22, "diverged", { fill: INK, "font-size": 12 })];
}

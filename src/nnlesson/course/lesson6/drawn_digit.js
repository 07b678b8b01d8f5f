// Lesson 6: draw a digit. What the network reads in it, prepared as MNIST was and only shrunk.
import { BLUE, GREY, RED } from "../live.js";
import { action, axes, choice, circle, h, line, namedSvg, pixels, text } from "../live.js";
import { SIDE, bars, clip, largest, predict } from "./network.js";
import { PAD, PEN, drawStrokes, onlyShrink, prepare, thin } from "./preparation.js";

const WAYS = {
  "prepared as MNIST was": (drawing) => prepare(thin(drawing)),
  "only shrunk": onlyShrink,
};
const KEY_STEP = 10; // how far an arrow key moves the pen
const ARROWS = {
  ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1],
};
const BLANK = "The pad is blank: draw a digit";
const CLEAR = { strokes: [], isDown: false };
const percent = (v) => `${Math.round(100 * v)}%`;
const onPad = (point) => point.map((v) => Math.round(clip(v, 0, PAD)));

export default {
  title: "A digit that you draw",
  controls: ({ networks }) => ({
    network: choice("network", Object.keys(networks)),
    clear: action("Clear", () => CLEAR),
  }),

  see({ network, strokes = [], pen = [PAD / 2, PAD / 2], isDown = false }, { networks }) {
    const drawing = drawStrokes(strokes);
    const isBlank = strokes.length === 0;
    const readings = Object.entries(WAYS).map(([way, made]) => {
      const image = isBlank ? new Float32Array(SIDE * SIDE) : made(drawing);
      const outputs = isBlank ? Array(10).fill(0) : predict(networks[network], image);
      const best = largest(outputs);
      const said = isBlank ? "" : `read as ${best}, ${percent(outputs[best])}`;
      return { way, image, outputs, said };
    });
    const found = readings.map(({ way, said }) => `${way}: ${said}`).join("; ");
    const sheet = axes({ box: [0, 0, PAD, PAD], x: [0, PAD], y: [PAD, 0] });
    return {
      says: `${isDown ? "The pen is down. " : ""}${isBlank ? BLANK : found}`,
      numbers: {
        images: readings.map(({ image }) => [...image]),
        outputs: readings.map(({ outputs }) => outputs),
      },
      parts: [pad(strokes, pen, isDown), ...readings.map(reading)],
      drags: { pad: { axes: sheet,
        press: (at, values) => put(onPad(at), [...values.strokes ?? [], []]),
        move: (at, from, start, values) => put(onPad(at), values.strokes) } },
      keys: { pad: (key, values) => typed(key, { strokes, pen, isDown, ...values }) },
    };
  },
};

/** The last stroke goes on to a point, where the pen is then. */
function put(point, strokes) {
  const stroke = strokes.at(-1);
  const [x, y] = stroke.at(-1) ?? [-PAD, -PAD];
  const isNear = Math.hypot(point[0] - x, point[1] - y) < 2; // a hundredth of the pad or less
  const longer = isNear ? stroke : [...stroke, point];
  return { strokes: [...strokes.slice(0, -1), longer], pen: point, isDown: false };
}

/** What a key changes: arrows move the pen, Space puts it down or lifts it, Delete clears. */
function typed(key, { strokes, pen, isDown }) {
  if (key === "Delete" || key === "Backspace") return CLEAR;
  if (key === " " && isDown) return { isDown: false };
  if (key === " ") return { ...put(pen, [...strokes, []]), isDown: true };
  if (!(key in ARROWS)) return null;
  const to = onPad(pen.map((v, i) => v + KEY_STEP * ARROWS[key][i]));
  return isDown ? { ...put(to, strokes), isDown } : { pen: to };
}

const LABEL =
  "Drawing pad. Draw with mouse, pen or finger. With the keyboard: arrow keys move the pen, " +
  "Space puts it down or lifts it, Delete clears.";
function pad(strokes, pen, isDown) {
  const ink = { stroke: "black", "stroke-width": PEN, "stroke-linecap": "round" };
  const own = { "data-drag": "pad", "data-keys": "pad", "data-lm-suppress-shortcuts": "true" };
  const paper = { x: 0.5, y: 0.5, width: PAD - 1, height: PAD - 1, fill: "white", stroke: GREY };
  const colour = { stroke: isDown ? RED : BLUE, "stroke-dasharray": isDown ? null : "5 3" };
  const inside = { width: PAD, height: PAD, viewBox: `0 0 ${PAD} ${PAD}` };
  return namedSvg("Pad", PAD + 16, PAD + 62,
    h("g", { ...own, tabindex: 0, role: "application", "aria-label": LABEL },
      h("rect", paper),
      h("svg", inside, strokes.map((points) =>
        line([...points, points.at(-1)], { ...ink, "stroke-linejoin": "round" }))),
      h("svg", { ...inside, class: "nn-pen", display: "none" },
        circle(pen, PEN / 2, { fill: "none", "stroke-width": 3, ...colour }))),
    ["Draw here. By keyboard:", "arrow keys move the pen,", "Space: down, Delete: clear."].map(
      (said, i) => text(0, PAD + 20 + 19 * i, said)));
}

/** What the network sees, and its ten outputs: narrow enough to stand side by side. */
const reading = ({ way, image, outputs, said }) =>
  namedSvg(`${way}: what the network sees, and its ten outputs`, 200, PAD + 62,
    text(0, 14, way),
    text(0, 34, said, { "font-weight": "bold" }),
    h("g", { transform: "translate(0 44)" }, pixels(image, SIDE, 3.5),
      h("rect", { width: 98, height: 98, fill: "none", stroke: GREY })),
    h("g", { transform: "translate(0 150)" }, bars(outputs, { long: 130 })));

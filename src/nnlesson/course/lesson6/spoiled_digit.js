// Lesson 6: spoil a digit, and see what the network makes of it. Drag it, or turn its knob.
import { BLUE, GREEN, GREY, INK, ORANGE, action, axes, checkbox, circle } from "../live.js";
import { fixed, grip, h, line, namedSvg, pixels, range, snap, svg, text } from "../live.js";
import { SIDE, bars, bytesOf, clip, largest, numberAt, predict } from "./network.js";

const MIDDLE = (SIDE - 1) / 2;
const inPixels = (digits) => (v) => `${fixed(v, digits)} px`;
const CHANGES = {
  right: range("move right", -8, 8, 1, 4, inPixels(0)),
  down: range("move down", -8, 8, 1, 0, inPixels(0)),
  turn: range("turn", -90, 90, 5, 0, (v) => `${fixed(v, 0)}°`),
  wider: range("thicken", -1, 3, 0.25, 0, inPixels(2)),
  noise: range("noise", 0, 1, 0.05, 0),
  inverted: checkbox("invert"),
};
const NOTHING = { right: 0, down: 0, turn: 0, wider: 0, noise: 0, inverted: false };
/** A goal: an image that was read right is misread, and nothing but these was changed. */
const misread = (how, names, most = Infinity) => ({
  text: `misread ${how}`,
  met: ({ isNewError, changed, moved }) =>
    isNewError && moved <= most && changed.every((name) => names.includes(name)),
});

export default {
  title: "A digit that you spoil",
  controls: ({ labels }) => ({
    image: range("image", 0, labels.length - 1, 1, 0),
    ...CHANGES,
    undo: action("Undo all changes", () => NOTHING),
  }),
  goals: [
    misread("after a move of 3 pixels or fewer", ["right", "down"], 3),
    misread("after a turn alone", ["turn"]),
    misread("when only thicker or thinner", ["wider"]),
    misread("when only noisy", ["noise"]),
  ],

  see({ image, ...changes }, { images, labels, layers, noise }) {
    const digit = Float32Array.from(bytesOf(images[image]), (v) => v / 255);
    const changed = spoil(digit, changes, noise);
    const [before, after] = [digit, changed].map((one) => predict(layers, one));
    const [was, best, label] = [largest(before), largest(after), labels[image]];
    const isRight = best === label;
    const verdict = was !== label ? "read as" : isRight ? "still read as" : "now read as";
    const look = isRight ? { fill: GREEN, sign: " ✓" } : { fill: ORANGE, sign: " ✗" };
    const p = axes({ box: [138, 44, 252, 252], x: [0, SIDE], y: [SIDE, 0] });
    return {
      says: `Label ${label}, ${verdict} ${best} (output ${fixed(after[best], 2)})`,
      numbers: {
        image: [...changed], before, after,
        moved: Math.abs(changes.right) + Math.abs(changes.down),
        isNewError: was === label && !isRight,
        changed: Object.keys(NOTHING).filter((name) => changes[name] !== NOTHING[name]),
      },
      parts: [
        pictures(p, digit, changed, changes.turn),
        namedSvg("The ten outputs", 270, 240,
          text(0, 14, "outputs; outlines: before"),
          h("g", { transform: "translate(0 44)" }, bars(after, { before, ...look }))),
      ],
      drags: {
        digit: { axes: p, move: ([x, y], from, start) => ({
          right: snap(CHANGES.right, start.right + x - from[0]),
          down: snap(CHANGES.down, start.down + y - from[1]),
        }) },
        turn: { axes: p, move: ([x, y]) => ({
          turn: snap(CHANGES.turn, (Math.atan2(SIDE / 2 - x, SIDE / 2 - y) * 180) / Math.PI),
        }) },
      },
    };
  },
};

function pictures(p, digit, changed, turn) {
  const [corner, [cx, cy]] = [p.place([0, 0]), p.place([SIDE / 2, SIDE / 2])];
  const edge = { fill: "transparent", stroke: GREY };
  const radius = 146; // of the knob's way about the middle, in units of the picture
  const angle = ((-90 - turn) * Math.PI) / 180;
  const knob = [cx + radius * Math.cos(angle), cy + radius * Math.sin(angle)];
  return svg(420, 326,
    text(0, 34, "the digit"),
    h("g", { transform: "translate(0 44)" },
      pixels(digit, SIDE, 4), h("rect", { width: 112, height: 112, ...edge })),
    text(corner[0], 316, "what the network sees"),
    h("g", { transform: `translate(${corner})` },
      pixels(changed, SIDE, 9),
      h("rect", { width: 252, height: 252, ...edge, "data-drag": "digit" })),
    line([[cx, cy], knob], { stroke: BLUE, "stroke-dasharray": "3 5", "pointer-events": "none" }),
    grip("turn", knob, circle([0, 0], 7, { fill: BLUE, stroke: INK })));
}

// ---- the changes, as in images.py; an image has 784 numbers from 0, paper, to 1, ink ----

const places = Array.from({ length: SIDE * SIDE }, (_, k) => [Math.floor(k / SIDE), k % SIDE]);
/** A new image from its number at each place (row, column). */
const painted = (at) => Float32Array.from(places, ([i, j]) => at(i, j));
const shift = (image, dx, dy) => painted((i, j) => numberAt(image, i - dy, j - dx));

/** A number between the pixels, bilinear. */
function sample(image, i, j) {
  const [top, left] = [Math.floor(i), Math.floor(j)];
  const [down, right] = [i - top, j - left];
  const row = (k) =>
    numberAt(image, k, left) * (1 - right) + numberAt(image, k, left + 1) * right;
  return row(top) * (1 - down) + row(top + 1) * down;
}

function rotate(image, degrees) {
  const angle = (degrees * Math.PI) / 180;
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  return painted((i, j) => {
    const [y, x] = [i - MIDDLE, j - MIDDLE];
    return sample(image, sin * x + cos * y + MIDDLE, cos * x - sin * y + MIDDLE);
  });
}

function thicken(image, amount) {
  const extreme = amount > 0 ? Math.max : Math.min;
  let now = image;
  for (let left = Math.abs(amount); left > 0; left -= 1) {
    const old = now;
    now = painted((i, j) => {
      const [v, ...near] = [[0, 0], [0, 1], [0, -1], [1, 0], [-1, 0]].map(([down, right]) =>
        numberAt(old, i + down, j + right));
      return v + Math.min(left, 1) * (extreme(v, ...near) - v);
    });
  }
  return now;
}

/** The lesson's spoil: moved, turned, thicker, inverted, noisy. noise: 784 numbers of size 1. */
function spoil(image, { right, down, turn, wider, noise, inverted }, field) {
  const changed = thicken(rotate(shift(image, right, down), turn), wider);
  return changed.map((v, k) => clip((inverted ? 1 - v : v) + noise * field[k], 0, 1));
}

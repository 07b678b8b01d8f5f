// Lesson 6: a drawing, and its preparation for the network: what images.py computes, here in the
// browser. The tests compare them.
import { SIDE, clip, numberAt } from "./network.js";

export const PAD = 280; // pixels of the pad, in both directions
export const PEN = 22; // the width of its pen

const each = (n, make) => Array.from({ length: n }, (_, i) => make(i));
/** The nearest whole number; of two equally near ones the even one, as in Python. */
const rounded = (v) => (Math.abs(v % 1) === 0.5 ? 2 * Math.round(v / 2) : Math.round(v));

// ---- drawings: { values, height, width }, 0 paper to 1 ink ----

/** images.draw_strokes: what a round pen leaves on the pad. strokes: lists of points [x, y]. */
export function drawStrokes(strokes) {
  const values = new Float64Array(PAD * PAD);
  for (const points of strokes)
    points.forEach((start, i) => drawLine(values, start, points[i + 1] ?? start));
  return { values, height: PAD, width: PAD };
}

function drawLine(values, [x0, y0], [x1, y1]) {
  const reach = PEN / 2 + 1; // no ink is farther from the line
  const [low, high] = [(v) => clip(Math.ceil(v - reach), 0, PAD), (v) => clip(v + reach, 0, PAD)];
  const length = Math.max((x1 - x0) ** 2 + (y1 - y0) ** 2, 1e-9);
  for (let y = low(Math.min(y0, y1)); y < high(Math.max(y0, y1)); y += 1)
    for (let x = low(Math.min(x0, x1)); x < high(Math.max(x0, x1)); x += 1) {
      const t = clip(((x - x0) * (x1 - x0) + (y - y0) * (y1 - y0)) / length, 0, 1);
      const distance = Math.sqrt((x - x0 - t * (x1 - x0)) ** 2 + (y - y0 - t * (y1 - y0)) ** 2);
      const ink = clip(PEN / 2 - distance + 0.5, 0, 1);
      if (ink > values[y * PAD + x]) values[y * PAD + x] = ink;
    }
}

/** images.crop: the smallest box that holds all ink. */
function crop({ values, width }) {
  const [rows, columns] = [[], []];
  values.forEach((v, i) => {
    if (v > 0) rows[Math.floor(i / width)] = columns[i % width] = true;
  });
  const [top, left] = [rows.indexOf(true), columns.indexOf(true)];
  const [high, wide] = [rows.length - top, columns.length - left];
  const at = (k) => (top + Math.floor(k / wide)) * width + left + (k % wide);
  const part = new Float64Array(high * wide).map((_, k) => values[at(k)]);
  return { values: part, height: high, width: wide };
}

const inkAt = ({ values, height, width }, y, x) => numberAt(values, y, x, height, width);

/** images.stroke_width: about how wide the strokes are on average. */
function strokeWidth(drawing) {
  const { values, height, width } = drawing;
  const ink = values.reduce((sum, v) => sum + v, 0);
  let edge = 0;
  for (let y = 0; y <= height; y += 1)
    for (let x = 0; x <= width; x += 1) {
      const [here, above] = [inkAt(drawing, y, x), inkAt(drawing, y - 1, x)];
      edge += Math.abs(here - above) + Math.abs(here - inkAt(drawing, y, x - 1));
    }
  return (2 * ink) / ((edge * Math.PI) / 4);
}

/** images.wear: each pixel becomes the palest of itself and its 4 neighbours, 8 with corners. */
function wear(drawing, corners) {
  const steps = [-1, 0, 1].flatMap((down) => [-1, 0, 1].map((right) => [down, right]));
  const near = steps.filter(([down, right]) => corners || down === 0 || right === 0);
  const values = drawing.values.map((_, i) => {
    const [y, x] = [Math.floor(i / drawing.width), i % drawing.width];
    return near.reduce((least, [down, right]) =>
      Math.min(least, inkAt(drawing, y + down, x + right)), Infinity);
  });
  return { ...drawing, values };
}

/** images.thin: the ink; strokes too wide for its size are worn off. It must not be blank. */
export function thin(drawing, most = 0.16) {
  let ink = crop(drawing);
  const tooWide = strokeWidth(ink) - most * Math.max(ink.height, ink.width);
  const darkest = ({ values }) => values.reduce((top, v) => Math.max(top, v), 0);
  for (let layer = 0; layer < rounded(tooWide / (2 - 2 * most)); layer += 1) {
    const worn = wear(ink, layer % 2 === 0);
    if (darkest(worn) < darkest(ink) / 2) break;
    ink = worn;
  }
  return ink;
}

/** images.overlaps: for each new pixel the first old one that it covers, and their weights. */
const overlaps = (old, count) =>
  each(count, (i) => {
    const [start, end] = [(i * old) / count, ((i + 1) * old) / count];
    const first = Math.floor(start);
    const weights = each(Math.ceil(end) - first, (k) => {
      const covered = Math.min(end, first + k + 1) - Math.max(start, first + k);
      return (Math.max(covered, 0) * count) / old;
    });
    return { first, weights };
  });

/** images.resize: every new pixel is the mean of what it covers. */
function resize({ values, height, width }, newHeight, newWidth) {
  const columns = overlaps(width, newWidth);
  const small = overlaps(height, newHeight).map((row) =>
    columns.map((column) => {
      let sum = 0;
      for (let y = 0; y < row.weights.length; y += 1) {
        const start = (row.first + y) * width + column.first;
        for (let x = 0; x < column.weights.length; x += 1)
          sum += row.weights[y] * column.weights[x] * values[start + x];
      }
      return sum;
    }),
  );
  return { values: small.flat(), height: newHeight, width: newWidth };
}

/** images.centre: inside 28 x 28, the centre of mass in the middle. */
function centre({ values, height, width }) {
  let [mass, down, across] = [0, 0, 0];
  values.forEach((v, i) => {
    mass += v;
    down += v * Math.floor(i / width);
    across += v * (i % width);
  });
  // nine digits, as in Python: 4.499999999999999 is 4.5
  const corner = (moment, size) =>
    clip(rounded(+(SIDE / 2 - moment / mass).toFixed(9)), 0, SIDE - size);
  const [top, left] = [corner(down, height), corner(across, width)];
  const image = new Float32Array(SIDE * SIDE);
  values.forEach((v, i) => {
    image[(top + Math.floor(i / width)) * SIDE + left + (i % width)] = v;
  });
  return image;
}

/** images.prepare: as MNIST was made. The drawing must not be blank. */
export function prepare(drawing) {
  const part = crop(drawing);
  const longer = Math.max(part.height, part.width);
  const [height, width] = [part.height, part.width].map((side) =>
    Math.max(1, rounded((20 * side) / longer)),
  );
  return centre(resize(part, height, width));
}

/** images.only_shrink: the whole pad in 28 x 28 pixels, wherever its ink is. */
export const onlyShrink = (drawing) => Float32Array.from(resize(drawing, SIDE, SIDE).values);

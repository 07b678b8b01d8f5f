// Lesson 6: a network that reads a digit in the browser, and a picture of its ten outputs.
import { BLUE, INK, ORANGE } from "../live.js";
import { fixed, h, text } from "../live.js";

export const SIDE = 28; // pixels of an image, in both directions
export const clip = (v, low, high) => Math.min(high, Math.max(low, v));
/** A number of an image, row by row, at row i and column j; 0, paper, outside of it. */
export const numberAt = (values, i, j, height = SIDE, width = SIDE) =>
  i < 0 || j < 0 || i >= height || j >= width ? 0 : values[i * width + j];
export const largest = (outputs) => outputs.indexOf(Math.max(...outputs));

/** Bytes from Python: a view of the message in the browser, and a list in tests without one. */
export const bytesOf = (data) =>
  ArrayBuffer.isView(data) ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength) : data;

/** Numbers of 16 bits each, low byte first: a sign, 5 bits of exponent, 10 of fraction. */
function float16(data) {
  const bytes = bytesOf(data);
  return Float32Array.from({ length: bytes.length / 2 }, (_, i) => {
    const bits = bytes[2 * i] + 256 * bytes[2 * i + 1];
    const [exponent, fraction] = [(bits >> 10) & 31, (bits & 1023) / 1024];
    const size = exponent ? 2 ** (exponent - 15) * (1 + fraction) : 2 ** -14 * fraction;
    return bits >> 15 ? -size : size;
  });
}
const known = new WeakMap(); // each layer is unpacked once
function unpacked(layer) {
  if (!known.has(layer)) known.set(layer, { W: float16(layer.W), b: float16(layer.b) });
  return known.get(layer);
}

/** Ten probabilities for an image: layers { W, b } with ReLU between them, and softmax. */
export function predict(layers, image) {
  let x = image;
  for (const layer of layers) {
    const { W, b } = unpacked(layer);
    const z = Float64Array.from(b);
    x.forEach((v, i) => {
      if (v !== 0) // paper, and what ReLU made 0, adds nothing
        for (let j = 0; j < z.length; j += 1) z[j] += v * W[i * z.length + j];
    });
    x = layer === layers.at(-1) ? z : z.map((v) => Math.max(v, 0));
  }
  const top = Math.max(...x);
  const powers = Array.from(x, (v) => Math.exp(v - top));
  const sum = powers.reduce((a, b) => a + b);
  return powers.map((v) => v / sum);
}

/** Ten bars, 190 high; the largest has its own colour and a sign. Outlines: outputs of before.
 * `long` is the length of an output of 1; the numbers need 70 more. */
export const bars = (outputs, { before, fill = ORANGE, sign = "", long = 160 } = {}) =>
  outputs.map((v, k) => {
    const isBest = v > 0 && k === largest(outputs);
    const bar = { x: 20, y: 19 * k + 2, height: 14 };
    const end = 26 + long * Math.max(v, before?.[k] ?? 0);
    return h("g", { "font-weight": isBest ? "bold" : null },
      text(0, 19 * k + 14, k),
      h("rect", { ...bar, width: long * v, fill: isBest ? fill : BLUE }),
      before && h("rect", { ...bar, width: long * before[k], fill: "none", stroke: INK }),
      text(end, 19 * k + 14, `${fixed(v, 2)}${isBest ? sign : ""}`));
  });

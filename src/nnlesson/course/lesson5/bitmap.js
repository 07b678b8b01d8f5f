// Many numbers as one picture: a bitmap of bytes, for what changes many times a second.
import { h } from "../live.js";

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const mix = (from, to, share) => from.map((v, i) => Math.round(v + (to[i] - v) * share));
const WHITE = [255, 255, 255];

/** Colours of the bytes 0 to 255, red, green, blue. Signed: 128 is white. Ink: 0 is white. */
export const PALETTES = {
  signed: (v) => mix(WHITE, v < 128 ? [203, 105, 0] : [84, 39, 136], Math.abs(v - 128) / 127),
  ink: (v) => mix(WHITE, [0, 0, 0], v / 255),
  sides: (v) => mix(WHITE, v < 128 ? [213, 94, 0] : [0, 114, 178], (0.6 * Math.abs(v - 128)) / 127),
};

/** Bytes from Python: a view of the message in the browser, and a list in tests without one. */
export const bytesOf = (data) =>
  ArrayBuffer.isView(data) ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength) : data;

function base64(bytes) {
  const parts = [];
  for (let i = 0; i < bytes.length; i += 3) {
    const three = (bytes[i] << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    const four = [18, 12, 6, 0].map((shift) => LETTERS[(three >> shift) & 63]);
    parts.push(...four.slice(0, Math.min(4, bytes.length - i + 1)));
  }
  return parts.join("").padEnd(4 * Math.ceil(bytes.length / 3), "=");
}

/** width x height bytes, row by row from the top, as the address of a picture. */
export function address(bytes, width, height, palette) {
  const stride = 4 * Math.ceil(width / 4);
  const start = 54 + 4 * 256;
  const file = new Uint8Array(start + stride * height);
  const view = new DataView(file.buffer);
  file.set([66, 77]);
  view.setUint32(2, file.length, true);
  view.setUint32(10, start, true);
  view.setUint32(14, 40, true);
  view.setInt32(18, width, true);
  view.setInt32(22, height, true);
  view.setUint16(26, 1, true);
  view.setUint16(28, 8, true);
  for (let v = 0; v < 256; v += 1) file.set(PALETTES[palette](v).reverse(), 54 + 4 * v);
  for (let y = 0; y < height; y += 1) // the last row comes first
    for (let x = 0; x < width; x += 1)
      file[start + (height - 1 - y) * stride + x] = bytes[y * width + x];
  return `data:image/bmp;base64,${base64(file)}`;
}

/** n pictures of width x height bytes each, side by side in rows, a pixel apart. */
export function sheet(bytes, { n = 1, width, height, columns = 1 }) {
  const wide = columns * (width + 1) - 1;
  const high = Math.ceil(n / columns) * (height + 1) - 1;
  const all = new Uint8Array(wide * high).fill(128);
  for (let k = 0; k < n; k += 1) {
    const at = Math.floor(k / columns) * (height + 1) * wide + (k % columns) * (width + 1);
    for (let y = 0; y < height; y += 1)
      for (let x = 0; x < width; x += 1)
        all[at + y * wide + x] = bytes[(k * height + y) * width + x];
  }
  return [all, wide, high];
}

const known = new WeakMap(); // what Python sent once is made a picture once
/** Bytes from Python as a picture: `shape` as for sheet, `place` is where it is drawn. */
export function bitmap(data, shape, palette, place) {
  if (!known.has(data)) known.set(data, address(...sheet(bytesOf(data), shape), palette));
  const look = { preserveAspectRatio: "none", style: "image-rendering: pixelated" };
  return h("image", { href: known.get(data), ...look, ...place });
}

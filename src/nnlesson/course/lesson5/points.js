// Points in the plane, what a network answers there, and a line for each neuron of its first layer.
import { BLUE, GREY, INK, RED } from "../live.js";
import { axes, circle, h, line, svg, text } from "../live.js";

const SIDE = 270;
const END = 1.1; // the plane goes from −1.1 to 1.1

/** A picture that Python sends, [width, height] large, its pixels as squares. */
export const bitmap = (href, [x, y], [width, height]) =>
  h("image", { href, x, y, width, height, preserveAspectRatio: "none",
    style: "image-rendering: pixelated" });

/** sets: [[x, t], [x, t]], training and validation; picture as for networkDiagram, or null. The
 * line of the neuron that is `chosen` is thick, if the first layer is the one that it is of. */
export function plane(sets, picture, chosen) {
  const on = axes({ box: [4, 22, SIDE, SIDE], x: [-END, END], y: [-END, END] });
  const colours = picture && bitmap(picture.answers, [4, 22], [SIDE, SIDE]);
  const marks = ([x, t], isFull) => x.map((point, i) => {
    const [cx, cy] = on.place(point);
    const colour = t[i] ? BLUE : RED;
    const look = { fill: isFull ? colour : "white", stroke: colour };
    return t[i] ? h("rect", { x: cx - 2.5, y: cy - 2.5, width: 5, height: 5, ...look })
      : circle([cx, cy], 2.5, look);
  });
  const lines = (picture?.lines ?? []).map(([from, to, foot, tip], k) => {
    if (foot[0] === null) return null; // its weights are 0
    const isChosen = k === chosen && picture.layers.length === 1;
    const look = { stroke: INK, "stroke-width": isChosen ? 3 : 1.4 };
    return h("g", { opacity: isChosen ? 1 : 0.6 },
      [[from, to], [foot, tip]].map((ends) => line(ends.map(on.place), look)),
      circle(on.place(tip), isChosen ? 4 : 2.5, { fill: INK }));
  });
  return svg(SIDE + 8, SIDE + 46,
    text(4, 14, "each line: a neuron's z is 0"),
    on.inside(h("g", { color: "black" }, // white paper in both themes
      h("rect", { x: 4, y: 22, width: SIDE, height: SIDE, fill: "white" }),
      colours, marks(sets[0], true), marks(sets[1], false), lines)),
    h("rect", { x: 4, y: 22, width: SIDE, height: SIDE, fill: "none", stroke: GREY }),
    text(4, SIDE + 40, "■ ● training   □ ○ validation", { "font-size": 12 }));
}

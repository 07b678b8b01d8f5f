// The validation digits that a network misreads, as small pictures.
import { svg, text } from "../live.js";
import { bitmap } from "./points.js";

/** The first validation digits that are misread now: label → answer. */
export function wrongDigits({ n, of, answers, labels, images }) {
  return svg(270, 250,
    text(0, 14, `misread: ${n} of ${of}`),
    text(0, 31, "validation digits: label → answer"),
    images.map((image, i) => [
      bitmap(image, [(i % 4) * 66, 42 + Math.floor(i / 4) * 70], [48, 48]),
      text((i % 4) * 66 + 24, 104 + Math.floor(i / 4) * 70, `${labels[i]} → ${answers[i]}`,
        { "text-anchor": "middle", "font-size": 12 })]));
}

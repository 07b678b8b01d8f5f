// A figure without a browser: what it says, computes and draws, as text for tests and stills.
import { PAPER, SVG, goalsOf, h, isShown, of, short, startOf } from "./live.js";

const FONT = "13.5px 'DejaVu Sans', Verdana, system-ui, sans-serif";
const escaped = (text) => `${text}`.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);

/** A tree as text. */
export function toText(node) {
  if (typeof node !== "object") return escaped(node);
  const attrs = Object.entries(node.attrs).filter(([, v]) => isShown(v));
  const said = attrs.map(([name, v]) => ` ${name}="${escaped(short(v))}"`).join("");
  return `<${node.tag}${said}>${node.inside.map(toText).join("")}</${node.tag}>`;
}

/** A figure for some values; those not named are as at the start. */
export function look(figure, given, values) {
  const all = { ...startOf(figure, given), ...values };
  const { says, numbers, parts } = figure.see(all, given);
  const controls = Object.entries(of(given, figure.controls, all)).filter(([name]) => name in all);
  const settings = controls.map(
    ([name, { label, show = (v) => v }]) => `${label}: ${show(all[name])}`,
  );
  let [width, height] = [0, 0];
  const pictures = parts.filter((part) => part.tag === "svg").map(({ attrs, inside }) => {
    const [, , wide, high] = attrs.viewBox.split(" ").map(Number);
    const placed = h("svg", { x: width, width: wide, height: high }, inside);
    [width, height] = [width + wide, Math.max(height, high)];
    return placed;
  });
  const looks = { xmlns: SVG, color: "#262626", style: `font: ${FONT}` };
  const size = { viewBox: `0 0 ${width} ${height}`, width, height };
  const paper = h("rect", { width, height, fill: "white" });
  const whole = h("svg", { ...looks, ...size }, paper, pictures);
  return {
    says, numbers, settings, svg: toText(whole).replaceAll(PAPER, "white"), width,
    rest: parts.filter((part) => part.tag !== "svg").map(toText).join(""),
    goals: goalsOf(figure, given).filter((goal) => goal.met(numbers)).map((goal) => goal.text),
  };
}

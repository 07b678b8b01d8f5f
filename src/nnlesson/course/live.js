// The kit of the live figures: trees, pictures, controls, goals, and the one view that shows them.
//
// A figure's file exports { title, controls, goals, see }, and perhaps `look`, a class of live.css
// that puts its settings beside the picture. see(values, given) is pure and returns
// { says, numbers, parts, drags, presses, keys } in plain objects, which become elements here, and
// text in still.js. Nothing in this file knows what a figure is about.

// Okabe and Ito's palette, as in style.py; INK and PAPER follow the page's theme.
export const BLUE = "#0072B2";
export const RED = "#D55E00";
export const GREEN = "#009E73";
export const ORANGE = "#E69F00";
export const PINK = "#CC79A7";
export const SKY = "#56B4E9";
export const GREY = "#8C8C8C";
export const INK = "currentColor";
export const PAPER = "var(--jp-layout-color0, Canvas)";
export const SVG = "http://www.w3.org/2000/svg";

// ---- numbers in words ----

export const minus = (said) => `${said}`.replaceAll("-", "−");
/** A number with so many digits after the point; never "−0.00". */
export const fixed = (v, digits) => minus(v.toFixed(digits).replace(/^-(0\.?0*)$/, "$1"));
/** 12,345 for 12345; written out, because an engine without a browser may know no languages. */
export const grouped = (v) => minus(`${Math.round(v)}`.replace(/\B(?=(\d{3})+$)/g, ","));
/** 10⁻³ for 0.001. */
export const power = (v) =>
  "10" + String(Math.round(Math.log10(v))).replace(/./g, (c) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[c] ?? "⁻");

// ---- the tree: plain objects for elements ----

export const isShown = (node) => node !== null && node !== undefined && node !== false;
const listed = (inside) => inside.flat(Infinity).filter(isShown);
export const h = (tag, attrs = {}, ...inside) => ({ tag, attrs, inside: listed(inside) });

// Two digits after the point are a hundredth of a pixel, and the same text on every machine.
export const short = (v) => (typeof v === "number" ? +v.toFixed(2) : v);

/** Make the children of an element what the trees say, touching only what differs. */
function patch(parent, nodes) {
  nodes.forEach((node, i) => {
    const old = parent.childNodes[i];
    const isText = typeof node !== "object";
    const fits = isText ? old?.nodeType === Node.TEXT_NODE : old?.localName === node.tag;
    const made = fits ? old : isText ? document.createTextNode("") : create(node.tag, parent);
    if (!isText) patched(made, node);
    else if (made.data !== `${node}`) made.data = node;
    if (!old) parent.append(made);
    else if (!fits) old.replaceWith(made);
  });
  while (parent.childNodes.length > nodes.length) parent.lastChild.remove();
}

const create = (tag, parent) =>
  tag === "svg" || parent.namespaceURI.endsWith("svg")
    ? document.createElementNS(SVG, tag)
    : document.createElement(tag);

function patched(element, { attrs, inside }) {
  const before = element.attrsShown ?? {};
  for (const name of Object.keys({ ...before, ...attrs })) {
    const value = short(attrs[name]);
    if (PROPERTIES.has(name) || short(before[name]) === value) continue;
    if (isShown(value)) element.setAttribute(name, value);
    else element.removeAttribute(name);
  }
  element.attrsShown = attrs;
  patch(element, inside);
  // What a hand changes in an input is a property, and a list must have its options first.
  for (const name of PROPERTIES) {
    const value = typeof attrs[name] === "number" ? `${attrs[name]}` : attrs[name];
    if (name in attrs && element[name] !== value) element[name] = value;
  }
}
const PROPERTIES = new Set(["value", "checked"]);

// ---- pictures ----

/** A picture. It is hidden from screen readers, which hear `says` and the table, unless named. */
export const svg = (width, height, ...inside) =>
  picture({ "aria-hidden": "true" }, width, height, inside);
/** A picture with a name and parts that can be pressed: screen readers read what is in it. */
export const namedSvg = (name, width, height, ...inside) =>
  picture({ role: "group", "aria-label": name }, width, height, inside);
const picture = (attrs, width, height, inside) => {
  const size = { viewBox: `0 0 ${width} ${height}`, style: `max-width: ${width}px` };
  return h("svg", { class: "nn-picture", ...size, ...attrs }, inside);
};

export const text = (x, y, said, attrs = {}) => h("text", { x, y, fill: INK, ...attrs }, `${said}`);
export const line = (places, attrs = {}) => {
  const points = places.map((place) => place.map(short).join()).join(" ");
  return h("polyline", { points, fill: "none", ...attrs });
};

export const circle = ([cx, cy], r, attrs = {}) => h("circle", { cx, cy, r, ...attrs });
/** A part that can be dragged, about a place: what is drawn there, and room for a finger. */
export const grip = (name, at, ...inside) =>
  h("g", { transform: `translate(${at})`, "data-drag": name },
    h("circle", { r: 18, fill: "transparent" }), inside);

/** A part of a picture that can be pressed, also with Enter: it sets seen.presses[name]. */
export const press = (name, label, isPressed, ...inside) => {
  const said = { role: "button", "aria-label": label, "aria-pressed": `${isPressed}` };
  return h("g", { "data-press": name, tabindex: 0, ...said, ...OWN_KEYS }, inside);
};
// JupyterLab takes the arrow keys and Enter unless the focused element itself says this.
const OWN_KEYS = { "data-lm-suppress-shortcuts": "true" };

const straight = { to: (v) => v, from: (v) => v };
const logarithm = { to: Math.log10, from: (v) => 10 ** v };

/** Axes in the box [left, top, width, height] of a picture, from x[0] to x[1] and y[0] to y[1].
 * x(value) and y(value) are places, at([px, py]) the values there, inside() ends at the frame,
 * curve(f, attrs) draws a function in so many straight pieces, between two values of x. */
export function axes({ box: [left, top, width, height], x, y, logX = false, logY = false }) {
  const [across, up] = [logX, logY].map((log) => (log ? logarithm : straight));
  const [x0, x1, y0, y1] = [...x.map(across.to), ...y.map(up.to)];
  const placeX = (v) => left + ((across.to(v) - x0) / (x1 - x0)) * width;
  const placeY = (v) => top + ((y1 - up.to(v)) / (y1 - y0)) * height;
  const [right, bottom] = [left + width, top + height];
  const grid = (points) => line(points, { stroke: INK, "stroke-opacity": 0.12 });
  const [middle, end] = [{ "text-anchor": "middle" }, { "text-anchor": "end" }];
  const view = { x: left, y: top, width, height, viewBox: `${left} ${top} ${width} ${height}` };
  const [sayX, tellY] = [logX, logY].map((log) => (log ? power : minus));
  return {
    x: placeX,
    y: placeY,
    place: ([a, b]) => [placeX(a), placeY(b)],
    at: ([px, py]) => [
      across.from(x0 + ((px - left) / width) * (x1 - x0)),
      up.from(y1 - ((py - top) / height) * (y1 - y0)),
    ],
    curve: (f, attrs, pieces = 160, [from, to] = x) => {
      const at = (i) => from + (i / pieces) * (to - from);
      const places = (_, i) => [placeX(at(i)), placeY(f(at(i)))];
      return line(Array.from({ length: pieces + 1 }, places), attrs);
    },
    // A picture in the picture clips without an id, which another figure's could collide with.
    inside: (...nodes) => h("svg", view, nodes),
    frame: ({ xTicks = [], yTicks = [], xName = "", yName = "", isGrid = true, sayY = tellY }) =>
      listed([
        isGrid && xTicks.map((v) => grid([[placeX(v), top], [placeX(v), bottom]])),
        isGrid && yTicks.map((v) => grid([[left, placeY(v)], [right, placeY(v)]])),
        line([[left, top], [left, bottom], [right, bottom]], { stroke: GREY }),
        xTicks.map((v) => text(placeX(v), bottom + 18, sayX(v), middle)),
        yTicks.map((v) => text(left - 7, placeY(v) + 5, sayY(v), end)),
        text(left + width / 2, bottom + 38, xName, middle),
        text(Math.max(left - 44, 4), top - 12, yName), // upright: it is read without a turn
      ]),
  };
}

/** A small picture of pixels from −1 to 1 as one path for each level: 1 is ink, −1 the colour
 * `below`, 0 paper. `side` pixels stand in a row, each `scale` wide. */
export function pixels(values, side, scale, { ink = "black", below = ORANGE, levels = 24 } = {}) {
  const paths = {};
  for (let start = 0, end; start < values.length; start = end) {
    const level = Math.round(values[start] * levels);
    const rowEnd = start - (start % side) + side;
    for (end = start + 1; end < rowEnd && Math.round(values[end] * levels) === level; ) end += 1;
    if (level === 0) continue;
    const run = `M${start % side} ${Math.floor(start / side)}h${end - start}v1h${start - end}z`;
    paths[level] = (paths[level] ?? "") + run;
  }
  return h("g", { transform: `scale(${scale})`, "shape-rendering": "crispEdges" },
    h("rect", { width: side, height: values.length / side, fill: "white" }),
    Object.entries(paths).map(([level, d]) =>
      h("path", { d, fill: level > 0 ? ink : below, "fill-opacity": Math.abs(level) / levels })));
}

/** What each line means: [name, the attributes of the line], one below the other. */
export const legend = (x, y, entries) =>
  entries.map(([name, look], i) => [
    line([[x, y + 8 + 18 * i], [x + 34, y + 8 + 18 * i]], look),
    text(x + 42, y + 13 + 18 * i, name),
  ]);

/** A table: its columns (names, or th elements), its rows, and what stands below it. */
export const table = (columns, rows, caption) => {
  const head = columns.map((one) => (one.tag ? one : h("th", { scope: "col" }, one)));
  const body = rows.map((row) => h("tr", {}, row.map((cell) => h("td", {}, cell))));
  const below = caption && h("caption", {}, caption);
  return h("table", {}, below, h("thead", {}, h("tr", {}, head)), h("tbody", {}, body));
};

// ---- controls: each is a label, a starting value, and how its row is drawn ----

const decimals = (step) => `${step}`.split(".")[1]?.length ?? 0;
/** A slider; `show` says a value in words. */
export const range = (label, min, max, step, value, show = (v) => fixed(v, decimals(step))) => ({
  kind: "range", label, min, max, step, value, show, ...straight,
});
/** A slider over powers of ten, from 10^low to 10^high: at most 20 values a decade, two digits. */
export const logRange = (label, low, high, perDecade, value, show = (v) => `${v}`) => ({
  kind: "range", label, min: low * perDecade, max: high * perDecade, step: 1, value, show,
  to: (v) => Math.round(Math.log10(v) * perDecade),
  from: (k) => +(10 ** (k / perDecade)).toPrecision(2),
});
/** A row of whole numbers to step through: buttons, and a slider. */
export const steps = (label, first, last, value = first) => ({
  ...range(label, first, last, 1, value), isStepper: true,
});
export const choice = (label, options, value = options[0]) =>
  ({ kind: "choice", label, options, value });
export const checkbox = (label, value = false) =>
  ({ kind: "checkbox", label, value, show: (isOn) => (isOn ? "yes" : "no") });
/** A button that changes values: change(values) returns those it sets. With isOff it does nothing,
 * with isPressed it says whether it is chosen. */
export const action = (label, change, more = {}) => ({ kind: "action", label, change, ...more });

/** The value nearest to v that a slider can have. */
export function snap(control, v) {
  const { min, max, step, to, from } = control;
  const near = min + Math.round((to(v) - min) / step) * step;
  return +from(Math.min(max, Math.max(min, near))).toPrecision(12);
}

// Off, not disabled: a button that is disabled loses the focus.
const button = (label, act, name, isOff = false, isPressed = null) => {
  const what = { type: "button", "data-act": act, "data-name": name, "aria-pressed": isPressed };
  return h("button", { ...what, "aria-disabled": `${isOff}`, ...OWN_KEYS }, label);
};

function controlRow(name, control, value, isPlaying) {
  const { kind, label } = control;
  const own = { "data-control": name, ...OWN_KEYS };
  const named = h("span", {}, label);
  if (kind === "action") return button(label, "act", name, control.isOff, control.isPressed);
  const row = (...inside) => h("label", { class: "nn-row" }, named, inside);
  if (kind === "checkbox") return row(h("input", { ...own, type: "checkbox", checked: value }));
  if (kind === "choice") {
    const options = control.options.map((option) => h("option", {}, option));
    return row(h("select", { ...own, value }, options));
  }
  const { min, max, step, to } = control;
  const said = control.show(Math.min(max, value)); // another control may have made it shorter
  const input = { ...own, type: "range", min, max, step, value: to(value), "aria-valuetext": said };
  const shown = h("span", { class: "nn-value", "aria-hidden": "true" }, said);
  const slider = row(h("input", input), shown);
  if (!control.isStepper) return slider;
  const buttons = h("div", {},
    button("Previous", "previous", name, value <= min),
    button("Next", "next", name, value >= max),
    button(isPlaying ? "Pause" : "Play", "play", name),
    button("Reset", "reset", name, value === control.value));
  return h("div", { class: "nn-steps" }, buttons, slider);
}

export const of = (given, maker, values = {}) =>
  typeof maker === "function" ? maker(given, values) : (maker ?? {});
/** The values that a figure starts with. */
export function startOf(figure, given) {
  const held = Object.entries(of(given, figure.controls)).filter(([, one]) => "value" in one);
  return Object.fromEntries(held.map(([name, { value }]) => [name, value]));
}

// ---- goals: what a learner may reach, [{ text, met(numbers) }] ----

export const goalsOf = (figure, given) => Object.values(of(given, figure.goals));
/** The texts of all goals reached: those of before, and those these numbers meet. */
export const reach = (goals, numbers, before) =>
  goals.filter((g) => before.includes(g.text) || g.met(numbers)).map((g) => g.text);
/** "AND ✓. Now OR." for the goal reached last, and the first that is open. */
export function goalSentence(goals, reached, last) {
  const next = goals.find((g) => !reached.includes(g.text));
  return `${last ? `${last} ✓. ` : ""}${next ? `Now ${next.text}.` : "All done."}`;
}
const goalList = (goals, reached, last) =>
  goals.length > 0 && [
    h("p", { class: "nn-next" }, goalSentence(goals, reached, last)),
    h("ul", { class: "nn-goals", "aria-label": "Goals" }, goals.map(({ text: goal }) =>
      h("li", {}, reached.includes(goal) ? `✓ ${goal}` : `○ ${goal}`,
        h("span", { class: "nn-spoken" }, reached.includes(goal) ? " reached" : " open")),
    )),
  ];

// ---- the view ----

const PLAY_MS = 700; // between two steps
const QUIET_MS = 350; // a screen reader hears where a drag ends, not every frame of it
const SEND_MS = 150; // Python hears no more often than this
const CHANGES = ["change:values", "change:given", "change:now"];

/** A figure as an anywidget; the model holds `values` and `reached` (a learner's) and `given`, and
 * may hold `now`: data that change often, and are sent without the rest. */
export const live = (figure) => ({
  render({ model, el }) {
    const data = () => ({ ...model.get("given"), ...model.get("now") });
    let given = data();
    let values = { ...startOf(figure, given), ...model.get("values") };
    let reached = model.get("reached") ?? [];
    let [last, news, spokenLast] = ["", "", ""];
    let [seen, held, playing] = [null, null, null];
    let [frame, quiet, sending, ticking] = [0, 0, 0, 0];
    const look = `nn-live ${figure.look ?? ""}`;
    const whole = { class: look, role: "group", "aria-label": figure.title };

    function draw() {
      frame = 0;
      seen = figure.see(values, given);
      const goals = goalsOf(figure, given);
      const before = reached;
      reached = reach(goals, seen.numbers, before);
      const added = reached.find((goal) => !before.includes(goal));
      if (added) [last, news] = [added, `. ${goalSentence(goals, reached, added)}`];
      const controls = Object.entries(of(given, figure.controls, values));
      patch(el, [h("div", whole,
        h("div", { class: "nn-controls" }, controls.map(([name, control]) =>
          controlRow(name, control, values[name], playing === name))),
        h("p", { class: "nn-says", "aria-hidden": "true" }, seen.says),
        h("div", { class: "nn-parts" }, seen.parts),
        h("div", {}, goalList(goals, reached, last)),
        h("p", { class: "nn-spoken", role: "status" }, spokenLast))]);
      clearTimeout(quiet);
      quiet = setTimeout(() => {
        spokenLast = seen.says + news;
        news = ""; // a goal reached on the way is told where the drag ends
        patch(el.firstChild.lastChild, [spokenLast]);
      }, spokenLast ? QUIET_MS : 0);
      if (added) send();
    }
    function change(some, isDone) {
      values = { ...values, ...some };
      frame ||= requestAnimationFrame(draw);
      if (isDone) send();
    }
    function send() {
      clearTimeout(sending);
      sending = setTimeout(() => {
        sending = 0;
        model.set("values", values);
        model.set("reached", reached);
        model.save_changes();
      }, SEND_MS);
    }
    // What Python sets is shown, unless the hand is at work: an old echo must not undo a drag.
    function receive() {
      given = data();
      change(held || sending ? {} : model.get("values"));
    }
    for (const what of CHANGES) model.on(what, receive);

    // ---- native controls ----
    const controlOf = (name) => of(given, figure.controls, values)[name];
    function play(name) {
      clearInterval(ticking);
      playing = name;
      if (!name) return;
      const { min, max } = controlOf(name);
      if (values[name] >= max) change({ [name]: min });
      ticking = setInterval(() => {
        change({ [name]: Math.min(max, values[name] + 1) }, true);
        if (values[name] >= max) play(null);
      }, PLAY_MS);
    }
    function act(button) {
      const { act: what, name } = button.dataset;
      const control = controlOf(name);
      const isPlaying = playing === name;
      play(null);
      // Asked anew: the button that is seen may be a frame old.
      if (what === "act") return control.isOff || change(control.change(values), true);
      const goes = { previous: values[name] - 1, next: values[name] + 1, reset: control.value };
      if (what === "play" && !isPlaying) play(name);
      change(what in goes ? { [name]: snap(control, goes[what]) } : {}, true);
    }
    function input({ type, target }) {
      const name = target.dataset.control;
      if (!name) return;
      play(null);
      const { kind, from } = controlOf(name);
      const read = { range: () => from(+target.value), checkbox: () => target.checked };
      change({ [name]: (read[kind] ?? (() => target.value))() }, type === "change");
    }
    el.addEventListener("input", input);
    el.addEventListener("change", input);

    // ---- the picture: drag, press, keys ----
    const spot = ({ clientX, clientY }) => {
      const toPicture = held.picture.getScreenCTM().inverse();
      const { x, y } = new DOMPoint(clientX, clientY).matrixTransform(toPicture);
      return held.drag.axes.at([x, y]);
    };
    el.addEventListener("pointerdown", (event) => {
      const part = event.target.closest("[data-drag]");
      if (!part || event.button || held) return;
      event.preventDefault();
      play(null);
      el.setPointerCapture(event.pointerId);
      const [drag, picture] = [seen.drags[part.dataset.drag], part.closest(".nn-picture")];
      held = { drag, picture, start: values, id: event.pointerId };
      held.from = spot(event);
      if (held.drag.press) change(held.drag.press(held.from, values));
    });
    el.addEventListener("pointermove", (event) => {
      if (held?.id !== event.pointerId) return;
      change(held.drag.move(spot(event), held.from, held.start, values));
    });
    for (const type of ["pointerup", "pointercancel"])
      el.addEventListener(type, (event) => {
        if (held?.id !== event.pointerId) return;
        held = null;
        change({}, true);
      });
    // A finger on a grip drags, elsewhere it scrolls; touch-action has no effect inside an SVG.
    const keepScroll = (event) => event.target.closest("[data-drag]") && event.preventDefault();
    el.addEventListener("touchstart", keepScroll, { passive: false });
    el.addEventListener("click", ({ target }) => {
      const pressed = target.closest("[data-press]");
      const button = target.closest("button");
      if (pressed) change(seen.presses[pressed.dataset.press], true);
      if (button?.dataset.act) act(button);
    });
    el.addEventListener("keydown", (event) => {
      const { press: pressed, keys } = event.target.dataset;
      const isPress = pressed && ["Enter", " "].includes(event.key);
      const some = isPress ? seen.presses[pressed] : keys && seen.keys[keys](event.key, values);
      if (!some) return;
      event.preventDefault();
      change(some, true);
    });
    draw();
    return () => {
      play(null);
      clearTimeout(quiet);
      cancelAnimationFrame(frame);
      for (const what of CHANGES) model.off(what, receive);
    };
  },
});

// Lesson 1: all that one neuron of a network holds: inputs, weights, products, z and y.
// z and y come from Python; weights come in thousandths, inputs in hundredths.
import { BLUE, GREY, INK, ORANGE, RED, fixed, grouped } from "../live.js";
import { axes, choice, circle, h, line, pixels, range, snap, svg, table, text } from "../live.js";

const SIDE = 168; // of a panel
const numberOf = (sizes, layer) => sizes.findIndex((size, k) => nameOf(size, k) === layer);
const nameOf = (size, k) => `${k + 1} (${size} neurons)`;
const sizesOf = ({ layers }) => layers.map(({ biases }) => biases.length);
const inputOf = (d) => range("input", 0, d - 1, 1, 0);

export default {
  title: "One neuron",
  controls: (given, { layer }) => {
    const sizes = sizesOf(given);
    const k = Math.max(0, numberOf(sizes, layer));
    return {
      image: range("image", 0, given.images.length - 1, 1, 0),
      layer: choice("layer", sizes.map(nameOf)),
      neuron: range("neuron", 0, sizes[k] - 1, 1, 0),
      input: { ...inputOf(given.layers[k].weights[0].length), value: given.input },
    };
  },

  see(values, given) {
    const { image } = values;
    const k = numberOf(sizesOf(given), values.layer);
    const layer = given.layers[k];
    const neuron = Math.min(values.neuron, layer.biases.length - 1);
    const weights = layer.weights[neuron].map((w) => w / 1000);
    const inputs = k === 0 ? given.images[image].map((x) => x / 100) : given.layers[k - 1].y[image];
    const products = weights.map((w, i) => w * inputs[i]);
    const d = weights.length;
    const i = Math.min(values.input, d - 1);
    const [z, y, b] = [layer.z[image][neuron], layer.y[image][neuron], layer.biases[neuron]];
    const largest = Math.max(...weights.map(Math.abs)) || 1;
    const [left, right] = [panelAt(6, d), panelAt(206, d)];
    const move = (place) => ({ input: snap(inputOf(d), right.input(place)) });
    const rows = [
      [`${i}`, fixed(inputs[i], 2), fixed(weights[i], 3), fixed(products[i], 3)],
      [`all ${grouped(d)}`, "", "sum", fixed(z - b, 2)],
      ["", "", "bias b", fixed(b, 2)],
      ["", "", "z = sum + b", h("b", {}, fixed(z, 2))],
      ["", "", "y = sigmoid(z)", h("b", {}, fixed(y, 3))],
    ];
    return {
      says: `Layer ${k + 1}, neuron ${neuron}: ${grouped(d)} weights, ` +
        `z = ${fixed(z, 2)}, y = ${fixed(y, 3)}`,
      numbers: { neuron, input: i, x: inputs[i], weight: weights[i], product: products[i] },
      parts: [
        svg(382, 230,
          left.draw("inputs x", inputs, 1, i),
          right.draw("weights w", weights, largest, i),
          right.grip(i)),
        svg(382, 230, left.draw("products w · x", products, largest, i), output(z, y)),
        table(["input", "x", "w", "w · x"], rows, note(weights)),
      ],
      drags: { input: { axes: right.axes, move } },
    };
  },
};

const note = (weights) =>
  `Weights from ${fixed(Math.min(...weights), 3)} to ${fixed(Math.max(...weights), 3)}. ` +
  (weights.length === 784
    ? "Black: above 0. Orange: below 0. White: 0. "
    : "A bar upwards: above 0. Downwards, orange: below 0. ") +
  "The rings are around one input, its weight and their product: drag the ring in the weights.";

/** A panel for d numbers: 784 of them as a picture of 28 × 28, fewer as bars. */
function panelAt(x, d) {
  const isImage = d === 784;
  const columns = isImage ? 28 : d;
  const rows = d / columns;
  const p = axes({ box: [x, 34, SIDE, SIDE], x: [0, columns], y: [rows, 0] });
  const middle = (i) => p.place([(i % columns) + 0.5, Math.floor(i / columns) + 0.5]);
  const within = (v, count) => Math.min(count - 1, Math.max(0, Math.floor(v)));
  return {
    axes: p,
    input: ([column, row]) => within(row, rows) * columns + within(column, columns),
    grip: (i) =>
      circle(middle(i), 18, { fill: "transparent", stroke: "none", "data-drag": "input" }),
    draw: (name, values, largest, i) => {
      const shares = values.map((v) => v / largest);
      const image = () => h("g", { transform: `translate(${x} 34)` }, pixels(shares, 28, 6, INKS));
      return [
        text(x, 22, name),
        isImage ? image() : bars(p, shares),
        h("rect", { x, y: 34, width: SIDE, height: SIDE, fill: "none", stroke: GREY }),
        circle(middle(i), 7, { fill: "transparent", stroke: RED, "stroke-width": 2.5 }),
      ];
    },
  };
}
const INKS = { levels: 12 };

/** Bars for shares from −1 to 1; the middle of the panel is 0. */
function bars(p, shares) {
  const zero = p.y(0.5);
  const bar = (share, i) => {
    const height = (Math.abs(share) * SIDE) / 2;
    const [x, y] = [p.x(i + 0.1), share > 0 ? zero - height : zero];
    const width = 0.8 * (p.x(1) - p.x(0));
    return h("rect", { x, y, width, height, fill: share > 0 ? INK : ORANGE });
  };
  return [shares.map(bar), line([[p.x(0), zero], [p.x(shares.length), zero]], { stroke: GREY })];
}

/** z and y as a dot on the sigmoid. */
function output(z, y) {
  const reach = Math.max(4, Math.ceil(1.25 * Math.abs(z)));
  const p = axes({ box: [226, 34, 150, SIDE], x: [-reach, reach], y: [0, 1.08] });
  const [cx, cy] = p.place([z, y]);
  const dotted = { stroke: GREY, "stroke-width": 1.5, "stroke-dasharray": "2 3" };
  return [
    p.frame({ xTicks: [-reach, 0, reach], yTicks: [0, 0.5, 1], yName: "output y", isGrid: false }),
    text(p.x(reach), 34 + SIDE - 6, "z", { "text-anchor": "end" }),
    p.curve((at) => 1 / (1 + Math.exp(-at)), { stroke: BLUE, "stroke-width": 2 }, 80),
    line([[cx, p.y(0)], [cx, cy], [p.x(-reach), cy]], dotted),
    circle([cx, cy], 6, { fill: RED }),
  ];
}

// Lesson 5: cost and accuracy of one training, drawn as the epochs come.
import { h } from "../live.js";
import { curves } from "./curves.js";

const percent = (v) => `${(100 * v).toFixed(1)}%`;

export default {
  title: "The training as it goes",
  controls: {},

  see(values, { epochs, title, chance, curve, seconds }) {
    const { epoch, cost, train_accuracy: training, validation_accuracy: validation } = curve;
    const each = (list) => list.map((v) => [v, v, v]);
    const done = epoch.at(-1) ?? 0;
    const said = `epoch ${done} of ${epochs}, ${Math.round(seconds)} s`;
    const series = [
      { name: "training", cost: each(cost), right: each(training) },
      { name: "validation", cost: [], right: each(validation) },
    ];
    return {
      says: `${title}: ${said}${done ? `, validation ${percent(validation.at(-1))}` : ""}`,
      numbers: { done },
      parts: [
        ...curves({ series, longest: epochs, chance, width: 420 }),
        h("progress", { max: epochs, value: `${done}`, "aria-label": "epochs done" }),
      ],
    };
  },
};

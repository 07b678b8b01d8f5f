// Lesson 5: cost and accuracy of one training, drawn as the epochs come.
import { h } from "../live.js";
import { curves } from "./curves.js";
import { percent } from "./run_words.js";

export default {
  title: "The training as it goes",

  see(values, { epochs, title, chance, curve, seconds }) {
    const { cost, train_accuracy: training, validation_accuracy: validation } = curve;
    const done = cost.length;
    const came = done ? `, validation ${percent(validation.at(-1)[0], 1)}` : "";
    const series = [
      { name: "training", cost, right: training },
      { name: "validation", cost: [], right: validation },
    ];
    return {
      says: `${title}: epoch ${done} of ${epochs}, ${Math.round(seconds)} s${came}`,
      numbers: { done },
      parts: [
        ...curves({ series, longest: epochs, chance, width: 420 }),
        h("progress", { max: epochs, value: `${done}`, "aria-label": "epochs done" }),
      ],
    };
  },
};

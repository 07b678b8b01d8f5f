// Lesson 5: the playground. Python trains; the page asks for it, and draws what comes.
import { action, checkbox, choice, h, logRange, range } from "../live.js";
import { curves } from "./curves.js";
import { wrongDigits } from "./misread.js";
import { networkDiagram } from "./network_diagram.js";
import { plane } from "./points.js";
import { runTable } from "./run_table.js";
import { isPoints, namesApart, says, sorted, validation } from "./run_words.js";

const none = (v) => (v === 0 ? "none" : `${v}`);
const ask = (what) => ({ asked = [0] }) => ({ asked: [asked[0] + 1, what] });

const anyRun = (met) => ({ runs }) => runs.some(met);
const isOver = ({ status }) => status === "finished";

export default {
  title: "Playground",
  look: "nn-beside",

  controls({ presets, activations, losses, points, pictures, run }, { tab }) {
    const start = presets[tab ?? "digits"];
    const isDigits = tab !== "points";
    const preset = (label, name, more) => action(label, () => presets[name], more);
    const units = (label, value, least = 0) => isDigits
      ? range(label, least && 10, 500, 10, value, none)
      : range(label, least, 12, 1, value, none);
    return {
      digitsTab: preset("Digits", "digits", { isPressed: `${isDigits}` }),
      pointsTab: preset("Points", "points", { isPressed: `${!isDigits}` }),
      train: action("Train", ask("train"), { isOff: Boolean(run) }),
      five: action("Train 5 seeds", ask("five"), { isOff: Boolean(run) }),
      stop: action("Stop", ask("stop"), { isOff: !run }),
      ...(isDigits
        ? { article1: preset("As article 1", "article 1"),
          article3: preset("As article 3", "article 3"),
          digits: choice("digits", ["0 to 9", "0, 1, 2"]),
          pixels: choice("pixels", ["0 to 1", "−1 to 1"]) }
        : { points: choice("points", Object.keys(points)) }),
      first: units("hidden layer 1", start.first, 1),
      second: units("hidden layer 2", 0),
      third: units("hidden layer 3", 0),
      activation: choice("activation", activations),
      loss: choice("outputs", losses),
      scale: choice("first weights", ["√(2 / inputs)", "0.001", "0.01", "0.1", "1"]),
      rate: logRange("learning rate η", -3, 1, 10, start.rate),
      momentum: range("momentum", 0, 0.99, 0.01, start.momentum),
      l2: choice("λ (L2)", ["0", "0.00001", "0.0001", "0.001", "0.01"]),
      batch: choice("batch size", ["10", "20", "50", "100", "200", "500", "1000"], start.batch),
      epochs: range("epochs", 1, 100, 1, start.epochs),
      seed: range("seed", 0, 9, 1, 0),
      neuron: range("neuron seen", 0, pictures[tab ?? "digits"].sizes.at(-2) - 1, 1, 0),
      isOpen: checkbox("zoom to 100%"),
    };
  },

  goals: () => [
    { text: "a first run", met: anyRun(isOver) },
    { text: "five seeds", met: anyRun((run) => run.seeds === 5 && isOver(run)) },
    { text: "a run that diverges", met: anyRun(({ status }) => status === "diverged") },
    { text: "a run that ends and has not learned",
      met: anyRun((run) => isOver(run) && run.message.startsWith("it has not learned")) },
    { text: "without momentum as good as with 0.9", met: levelWithMomentum },
    { text: "XOR with 3 hidden neurons or fewer, 95% right", met: solved("XOR", 3) },
    { text: "the spiral, 95% right", met: solved("spiral", Infinity) },
  ],

  see(values, given) {
    const { n_kept: kept, misread, run } = given;
    const runs = run ? [...given.runs, run] : given.runs;
    const { tab = "digits", ticks = {}, sort, isOpen, neuron = 0, points = "moons" } = values;
    const here = runs.filter((one) => isPoints(one) === (tab === "points"));
    // as a learner ticked it, or else if it is a new one
    const isShown = ({ number }) => ticks[number] ?? number > runs.length - kept;
    const shown = here.filter(isShown);
    const names = namesApart(shown);
    const series = shown.map((one, i) => ({ name: names[i], look: one.number - 1,
      isDiverged: one.status === "diverged", ...one.curves }));
    const longest = Math.max(1, ...shown.map(({ settings }) => settings.epochs));
    const picture = given.pictures[tab];
    const diagram = networkDiagram(picture, neuron);
    const isSame = picture.examples === points; // or it was trained with other points
    const side = tab === "points" ? plane(given.points[points], isSame ? picture : null, neuron)
      : misread && wrongDigits(misread);
    const { presses, table } = runTable(here, isShown, ticks, sort);
    return {
      says: says(here, run),
      numbers: {
        runs, names, shown: shown.map(({ number }) => number),
        sorted: sorted(here, sort).map(({ number }) => number),
      },
      parts: [
        ...curves({ series, longest, isOpen }),
        run && h("progress", { max: 1, value: `${run.share}`, "aria-label": "share of work done" }),
        diagram.drawing, side, here.length > 0 && table,
      ].filter(Boolean),
      presses,
      drags: { neuron: diagram.drag },
    };
  },
};

/** A run without momentum is at most a point below one with 0.9, of the same network. */
function levelWithMomentum({ runs }) {
  const of = (momentum) => runs.filter((run) => isOver(run) && run.settings.momentum === momentum);
  const free = ["learning_rate", "momentum", "seed"]; // all else must be alike
  const rest = ({ settings: s }) => JSON.stringify(s, (key, v) => (free.includes(key) ? 0 : v));
  return of(0.9).some((a) => validation(a) > 0.8
    && of(0).some((b) => rest(a) === rest(b) && validation(b) > validation(a) - 0.01));
}
/** 95% of these points are right in a run with so many hidden neurons at most. */
const solved = (name, most) => anyRun((run) => run.settings.examples === name
  && validation(run) >= 0.95 && run.settings.sizes.slice(1, -1).reduce((a, b) => a + b) <= most);

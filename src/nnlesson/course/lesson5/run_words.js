// The runs of the playground in words: what differs between them, and what came of each.
import { fixed } from "../live.js";

export const isPoints = (run) => run.settings.sizes[0] === 2;
export const short = (v) => `${+v.toPrecision(3)}`;
export const percent = (v, digits = 2) => `${fixed(100 * v, digits)}%`;

/** The settings of a run as the table names and writes them. */
export const settingTexts = ({ settings: s, seeds }) => ({
  examples: s.sizes.at(-1) === 3 ? "digits 0, 1, 2" : s.examples,
  hidden: s.sizes.slice(1, -1).join("-"),
  activation: s.activation,
  η: short(s.learning_rate),
  momentum: short(s.momentum),
  λ: short(s.l2),
  batch: `${s.batch_size}`,
  outputs: s.loss,
  pixels: s.low < 0 ? "−1 to 1" : "0 to 1",
  weights: s.scale === null ? "√(2/inputs)" : short(s.scale),
  seed: seeds > 1 ? `${s.seed} to ${s.seed + seeds - 1}` : `${s.seed}`,
});

export const differing = (texts) =>
  Object.keys(texts[0] ?? {}).filter((name) => new Set(texts.map((t) => t[name])).size > 1);

/** Runs named by up to three settings in which they differ: "run 2: η 0.1". */
export function namesApart(runs) {
  const texts = runs.map(settingTexts);
  const names = differing(texts).slice(0, 3);
  return runs.map(({ number }, i) => {
    const words = names.map((name) => `${name} ${texts[i][name]}`).join(", ");
    return `run ${number}${words && `: ${words}`}`;
  });
}

/** The runs in the order of a column: { column, isDown }. Equal ones stay in their order. */
export function sorted(runs, { column = "run", isDown = false } = {}) {
  const key = (run) => {
    if (column === "run") return run.number;
    if (column in run.last) return [run.last[column]].flat()[0] ?? -1;
    const text = column === "ended" ? run.status : settingTexts(run)[column];
    const number = parseFloat(text);
    return Number.isNaN(number) ? text : number;
  };
  const order = (a, b) => (a < b ? -1 : Number(a > b));
  return [...runs].sort((a, b) => (isDown ? -1 : 1) * order(key(a), key(b)));
}

/** The share of the validation examples that is right at the end; the mean of the seeds. */
export const validation = (run) => run.last.validation?.[0] ?? 0;

/** How a run goes on or has ended: `run` if one is going on, else the last of the runs. */
export function says(runs, run) {
  const last = run ?? runs.at(-1);
  if (!last) return "Choose settings and press Train";
  const { epochs, seed, validation: right } = last.last;
  const ended = { training: "is training", finished: "has finished", stopped: "was stopped" };
  const far = `epoch ${epochs} of ${last.settings.epochs}`;
  const seeds = last.seeds > 1 ? `, seed ${seed} of ${last.seeds}` : "";
  const what = isPoints(last) ? "points" : "digits";
  const came = right ? `, ${percent(right[0], 1)} of the validation ${what} right` : "";
  const why = last.message ? `: ${last.message}` : "";
  const best = [...runs].sort((a, b) => validation(b) - validation(a))[0];
  const stands = ended[last.status] ?? last.status;
  const lead = runs.length > 1 && best !== last && !run ? `. Best is run ${best.number}` : "";
  return `Run ${last.number} ${stands}, ${far}${seeds}${came}${why}${lead}`;
}

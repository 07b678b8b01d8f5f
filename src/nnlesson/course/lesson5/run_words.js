// The runs of the playground in words: what differs between them, and what came of each.
import { fixed } from "../live.js";

export const isPoints = (run) => run.settings.sizes[0] === 2;
export const short = (v) => `${+v.toPrecision(3)}`;
export const percent = (v, digits = 2) => `${fixed(100 * v, digits)}%`;

/** The settings in which runs differ, by their names in `texts`. */
export const differing = (runs) => Object.keys(runs[0]?.texts ?? {}).filter((name) =>
  new Set(runs.map(({ texts }) => texts[name])).size > 1);

/** Runs named by up to three settings, each time the one that tells most runs apart. */
export function namesApart(runs) {
  const words = (names) =>
    runs.map(({ texts }) => names.map((name) => `${name} ${texts[name]}`).join(", "));
  const names = [1, 2, 3].reduce((chosen) => {
    const nApart = (name) => new Set(words([...chosen, name])).size;
    const left = differing(runs).filter((name) => !chosen.includes(name));
    return [...chosen, ...left.sort((a, b) => nApart(b) - nApart(a)).slice(0, 1)];
  }, []);
  return words(names).map((said, i) => `run ${runs[i].number}${said && `: ${said}`}`);
}

/** The runs in the order of a column: { column, isDown }. Equal ones stay in their order. */
export function sorted(runs, { column = "run", isDown = false } = {}) {
  const key = ({ number, status, last, texts }) => {
    const shown = { run: number, ended: status, ...last, ...texts }[column];
    const first = [shown ?? -1].flat()[0] ?? Infinity; // the mean of the seeds, or ∞
    return Number.isNaN(parseFloat(first)) ? first : parseFloat(first);
  };
  const order = (a, b) => typeof a === typeof b
    ? (a < b ? -1 : Number(a > b)) : order(`${a}`, `${b}`);
  return [...runs].sort((a, b) => (isDown ? -1 : 1) * order(key(a), key(b)));
}

/** The share of the validation examples that is right at the end; the mean of the seeds. */
export const validation = (run) => run.last.validation?.[0] ?? 0;

/** The best of the runs that have the same examples as this one. */
export const bestLike = (runs, { texts }) =>
  runs.filter((one) => one.texts.examples === texts.examples)
    .sort((a, b) => validation(b) - validation(a))[0];

/** How a run goes on or has ended: `run` if one is going on, else the last of the runs. */
export function says(runs, run) {
  const last = run ?? runs.at(-1);
  if (!last) return "Choose settings and press Train";
  const { epochs, seed, validation: right } = last.last;
  const ended = { training: "is training", finished: "has finished", stopped: "was stopped" };
  const far = `epoch ${epochs} of ${last.settings.epochs}`;
  const [at, mean] = last.seeds > 1 ? [`, seed ${seed} of ${last.seeds}`, "on average "] : ["", ""];
  const what = isPoints(last) ? "points" : "digits";
  const came = right ? `, ${mean}${percent(right[0], 1)} of the validation ${what} right` : "";
  const why = last.message ? `: ${last.message}` : "";
  const best = bestLike(runs, last);
  const stands = ended[last.status] ?? last.status;
  const lead = !run && validation(best) > validation(last) ? `. Best is run ${best.number}` : "";
  return `Run ${last.number} ${stands}, ${far}${at}${came}${why}${lead}`;
}

// The runs of the playground as a table: its heads sort, its first column chooses.
import { fixed, h, table } from "../live.js";
import { bestLike, differing, percent, short, sorted, validation } from "./run_words.js";

/** The mean, and how far the seeds lie apart; ∞ for numbers that grew without end. */
function said(band, say) {
  if (!band) return "";
  const [mean, least, most] = band.map((v) => (Number.isFinite(v) ? say(v) : "∞"));
  return least === most || mean === "∞" ? mean : `${mean} (${least} to ${most})`;
}

/** The table, and what its buttons set: the order, and `ticks`, which runs are in the picture. */
export function runTable(runs, isShown, ticks, sort = {}) {
  const presses = {};
  const button = (name, change, label, more) => {
    presses[name] = change;
    const own = { type: "button", "data-press": name, "data-lm-suppress-shortcuts": "true" };
    return h("button", { ...own, ...more }, label);
  };
  const settings = runs.length > 1 ? differing(runs) : ["hidden", "activation", "η", "momentum"];
  const columns = ["run", "validation", "training", "cost", ...settings, "epochs", "seconds",
    "ended"];
  const heads = columns.map((column) => {
    const isBy = column === (sort.column ?? "run");
    const isDown = isBy && !sort.isDown;
    const order = isBy ? (sort.isDown ? "descending" : "ascending") : null;
    const sign = isBy ? (sort.isDown ? " ▼" : " ▲") : "";
    return h("th", { scope: "col", "aria-sort": order },
      button(`sort ${column}`, { sort: { column, isDown } }, column + sign));
  });
  const rows = sorted(runs, sort).map((run) => {
    const { number, last, texts } = run;
    const right = said(last.validation, percent);
    const isOn = isShown(run);
    const cells = {
      run: button(`show ${number}`, { ticks: { ...ticks, [number]: !isOn } },
        `${isOn ? "☑" : "☐"} ${number}`,
        { "aria-pressed": `${isOn}`, "aria-label": `run ${number} in the picture` }),
      validation: validation(run) === validation(bestLike(runs, run)) ? h("b", {}, right) : right,
      training: said(last.training?.slice(0, 1), percent),
      cost: said(last.cost?.slice(0, 1), short),
      ...texts, epochs: `${last.epochs} of ${run.settings.epochs}`,
      seconds: fixed(last.seconds, 1), ended: run.status,
    };
    return columns.map((name) => cells[name]);
  });
  const caption = "Press a name to sort. ☑ takes a run into the picture.";
  return { presses, table: h("div", { class: "nn-wide" }, table(heads, rows, caption)) };
}

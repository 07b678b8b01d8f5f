// The runs of the playground as a table: its heads sort, its first column chooses.
import { fixed, h } from "../live.js";
import { differing, percent, settingTexts, short, sorted, validation } from "./run_words.js";

/** The mean, and how far the seeds lie apart; ∞ for numbers that grew without end. */
function said(band, say) {
  if (!band) return "";
  const [mean, least, most] = band.map((v) => (Number.isFinite(v) ? say(v) : "∞"));
  return least === most || mean === "∞" ? mean : `${mean} (${least} to ${most})`;
}

/** The table. Its heads sort, the button of each row takes the run into the picture or out. */
export function runTable(runs, isShown, sort = {}) {
  const own = { type: "button", "data-lm-suppress-shortcuts": "true" };
  const texts = runs.map(settingTexts);
  const settings = runs.length > 1 ? differing(texts) : ["hidden", "activation", "η", "momentum"];
  const columns = ["run", "validation", "training", "cost", ...settings, "epochs", "seconds",
    "ended"];
  const { column: by = "run", isDown = false } = sort;
  const presses = {};
  const head = columns.map((column) => {
    presses[`sort ${column}`] = { sort: { column, isDown: column === by && !isDown } };
    const order = column === by ? (isDown ? "descending" : "ascending") : null;
    const sign = { ascending: " ▲", descending: " ▼" }[order] ?? "";
    return h("th", { scope: "col", "aria-sort": order },
      h("button", { ...own, "data-press": `sort ${column}` }, column + sign));
  });
  const best = Math.max(...runs.map(validation));
  const body = sorted(runs, sort).map((run) => {
    const { last: result } = run;
    const isBest = validation(run) === best;
    const cells = {
      ...settingTexts(run), epochs: `${result.epochs} of ${run.settings.epochs}`,
      cost: said(result.cost?.slice(0, 1), short),
      training: said(result.training?.slice(0, 1), percent),
      validation: said(result.validation, percent), seconds: fixed(result.seconds, 1),
      ended: run.status,
    };
    presses[`show ${run.number}`] = { tick: [run.number, !isShown(run)] };
    const toggle = h("button", { ...own, "data-press": `show ${run.number}`,
      "aria-pressed": `${isShown(run)}`, "aria-label": `run ${run.number} in the picture` },
      `${isShown(run) ? "☑" : "☐"} ${run.number}`);
    return h("tr", {}, h("td", {}, toggle), columns.slice(1).map((name) =>
      h("td", {}, name === "validation" && isBest ? h("b", {}, cells[name]) : cells[name])));
  });
  const caption = h("caption", {}, "Press a name to sort. ☑ takes a run into the picture.");
  const whole = h("table", {}, caption, h("thead", {}, h("tr", {}, head)), h("tbody", {}, body));
  return { presses, table: h("div", { class: "nn-wide" }, whole) };
}

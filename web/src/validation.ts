/* The page of a validation: do the intervals hold on these meters? */
import { beyond, caterpillar, misses, placeboTable, typicalError } from "./caterpillar";
import { coverage } from "./coverage";
import type { Maybe, Result, Validation } from "./data";
import { el, table, type Cell } from "./dom";
import { figure, tabled } from "./figure";
import { count, date, levelText, number, percent, signed } from "./format";
import { keyFigure } from "./intro";
import { plusMinus, shareText, validationWords } from "./validationWords";
import { words } from "./words";

/* Of the first model, on single meters. */
function single(v: Validation, interval: Result["interval"]): Result | null {
  const model = v.models[0]?.model;
  return v.results.find((r) => r.model === model && r.size === 1 && r.group === null && r.n > 0 &&
    r.interval === interval) ?? null;
}

function keyFigures(v: Validation): HTMLElement {
  const w = validationWords(v.lang);
  const [caltrack, block, calibrated] = [single(v, "caltrack2"), single(v, "block"), single(v, "calibrated")];
  const model = v.models[0];
  const covers = (r: Result | null, label: string): HTMLElement[] => r === null ? []
    : [keyFigure(shareText(r.coverage), label,
      w.nominally(levelText(v.level), shareText(r.coverage_se, 1)))];
  return el("div", { class: "keys" },
    ...covers(caltrack, w.keyCaltrack), ...covers(block, w.keyBlock),
    ...covers(calibrated, w.keyCalibrated),
    ...(calibrated && calibrated.bias_mean !== null
      ? [keyFigure(signed(100 * calibrated.bias_mean), w.keyBias, w.keyBiasDetail)] : []),
    ...(model ? [keyFigure(count(model.measured), w.keyYears,
      w.ofTried(count(model.tried), count(model.meters)))] : []));
}

function introduction(v: Validation): HTMLElement {
  const w = validationWords(v.lang);
  const pair = { caltrack: single(v, "caltrack2"), calibrated: single(v, "calibrated") };
  return el("header", {},
    el("p", { class: "eyebrow" }, `${v.tool.name} validate`),
    el("h1", {}, w.title),
    el("p", { class: "sentence" }, w.sentence(v, pair)),
    el("p", {}, w.what(v)),
    keyFigures(v),
    ...(v.models.length > 1 ? [el("p", { class: "note" }, w.which(v.models[0]?.model ?? ""))] : []));
}

function placebos(v: Validation): HTMLElement[] {
  const w = validationWords(v.lang);
  const common = words(v.lang);
  return v.models.filter((m) => m.placebos.length > 0).map((m) => {
    const list = m.placebos;
    const out = beyond(list);
    return figure(v, {
      id: `placebos-${m.model}`,
      title: w.placeboTitle(m.model),
      summary: w.placeboSummary(count(list.length), count(m.measured),
        percent(typicalError(list)), count(list.filter(misses).length)),
      chart: caterpillar(list, v.lang, v.level, null),
      note: w.placeboNote + (out > 0 ? ` ${common.placeboBeyond(out)}` : ""),
      ...placeboTable(list, v.lang),
    });
  });
}

const hundred = (x: Maybe): Maybe => (x === null ? null : 100 * x);

function results(v: Validation): HTMLElement {
  const w = validationWords(v.lang);
  const grouped = v.results.some((r) => r.group !== null);
  const several = v.models.length > 1;
  const labels = (r: Result, size: string | number, interval: string): (string | number)[] =>
    [...(several ? [r.model] : []), ...(grouped ? [r.group ?? w.everything] : []), size, interval];
  const head = [...(several ? [w.model] : []), ...(grouped ? [w.group] : []), w.sizeHeader,
    w.intervalHeader, w.trials, w.covers, w.bias, w.medianBias, w.halfWidth, w.ratio, w.detectable];
  return tabled(v, {
    id: "results",
    title: w.resultsTitle,
    summary: w.resultsSummary(levelText(v.level)),
    header: head,
    rows: v.results.map((r): Cell[] => [...labels(r, r.size, r.interval), r.n, hundred(r.coverage),
      hundred(r.bias_mean), hundred(r.bias_median), hundred(r.half_width_median), r.half_width_ratio,
      hundred(r.detectable)]),
    shown: v.results.map((r) => [...labels(r, w.size(r.size), w.interval[r.interval]).map(String),
      count(r.n), plusMinus(r.coverage, r.coverage_se), plusMinus(r.bias_mean, r.bias_mean_se),
      number(hundred(r.bias_median), 1), number(hundred(r.half_width_median), 1),
      number(r.half_width_ratio, 2), number(hundred(r.detectable), 1)]),
  }, head.length - 7);
}

type Sample = Pick<Result, "tried" | "measured" | "cvrmse_median" | "nmbe_median">;

const sample = ({ tried, measured }: Sample): string[] =>
  [count(tried), count(measured), shareText(measured / tried, 1)];
const errors = (s: Sample): string[] =>
  [number(hundred(s.cvrmse_median), 1), number(hundred(s.nmbe_median), 1)];

function data(v: Validation): HTMLElement {
  const w = validationWords(v.lang);
  const grouped = v.results.some((r) => r.group !== null);
  const groups = (model: string): Result[] => v.results.filter((r) => r.model === model &&
    r.group !== null && r.size === 1 && r.interval === "calibrated");
  const reasons = v.models.flatMap((m) => m.disqualified.map((d) =>
    [m.model, words(v.lang).reason(d.reason, d.words), count(d.count)]));
  return el("section", { id: "data-and-models" },
    el("h2", {}, w.dataTitle),
    el("p", { class: "summary" }, w.dataSummary(v.readings)),
    table([w.model, ...(grouped ? [w.group] : []), w.tried, w.measured, w.share, w.meters, w.cvrmse,
      w.nmbe], v.models.flatMap((m) => [
      [m.model, ...(grouped ? [w.everything] : []), ...sample(m), count(m.meters), ...errors(m)],
      ...groups(m.model).map((r) =>
        [m.model, r.group ?? "", ...sample(r), "", ...errors(r)])]), grouped ? 2 : 1),
    el("p", { class: "note" }, w.outOfSample),
    ...(reasons.length > 0 ? [el("h3", {}, w.notMeasured),
      table([w.model, words(v.lang).why, w.count], reasons, 2)] : []),
    el("p", { class: "note" }, w.madeBy(date(v.created), `${v.tool.name} ${v.tool.version}`)));
}

export function validation(v: Validation): HTMLElement[] {
  return [introduction(v), ...coverage(v), ...placebos(v), results(v), data(v)];
}

/* How it was computed, and how to do it again. */
import type { Report } from "./data";
import { el, table } from "./dom";
import { date, levelText } from "./format";
import { words } from "./words";

export function method(report: Report): HTMLElement {
  const w = words(report.lang);
  const m = report.method;
  const rows = [
    [w.model, m.oracle ? `${m.model} (${m.oracle})` : m.model],
    ...m.models.map((f) => [`${w.chosen}: ${w.form(f.model)}`, w.metersMany(f.count)]),
    [w.intervalMethod, `${w.intervalName(report.interval.method)}, ${levelText(report.level)}`],
    ...(report.comparison
      ? [[w.comparisonRow, w.comparisonMethod(report.comparison.method)]] : []),
    [w.timeZone, m.time_zone],
    [w.zeros, m.zero_is_missing ? w.zerosMissing : w.zerosValues],
    ...report.total.co2e.map((c) => [`${w.factor} (${w.basis(c.basis)})`,
      `${c.series ? w.meanOfFactors : ""}${Number(c.factor.toPrecision(6))} ${c.unit} (${c.source})`]),
    ...m.inputs.map((i) => [w.input(i.role), i.file]),
    [w.config, m.config_sha256],
    [w.made, `${date(report.created)}, ${report.tool.name} ${report.tool.version}`],
  ];
  return el("section", { id: "method" },
    el("h2", {}, w.methodTitle),
    el("p", { class: "summary" }, w.methodSummary),
    ...(m.ghi_unused ? [el("p", { class: "note" }, w.ghiUnused)] : []),
    ...(m.command ? [el("p", {}, w.again), el("pre", {}, m.command)] : []),
    table([w.figure, w.value], rows, 9));
}

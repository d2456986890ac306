/* What the data were like, and which meters are not in the sums. */
import type { Report } from "./data";
import { el, table } from "./dom";
import { count, number, percent } from "./format";
import { words } from "./words";

export function quality(report: Report): HTMLElement {
  const w = words(report.lang);
  const q = report.quality;
  const excluded = report.meters.treated - report.meters.ok;
  const facts = [
    [w.rowsRead, count(q.rows_read)],
    [w.baselineMissing, percent(q.baseline_days_missing_percent)],
    [w.reportingMissing, percent(q.reporting_days_missing_percent)],
    [w.cvrmse, q.cvrmse_median === null ? "–" : number(q.cvrmse_median, 3)],
  ];
  const reasons = report.meters.excluded.map((e) => [w.reason(e.reason, e.words), count(e.count)]);
  const flags = q.flags.map((f) => [w.reason(f.flag, f.words), count(f.count)]);
  return el("section", { id: "quality" },
    el("h2", {}, w.qualityTitle),
    el("p", { class: "summary" },
      w.qualitySummary(count(report.meters.ok), count(report.meters.treated), count(excluded))),
    ...(reasons.length > 0 ? [el("h3", {}, w.excluded), table([w.why, w.meters], reasons)] : []),
    ...(flags.length > 0 ? [el("h3", {}, w.flagged), table([w.why, w.meters], flags)] : []),
    el("h3", {}, w.data),
    table([w.figure, w.value], facts));
}

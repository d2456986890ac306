/* What measuring finds in years in which there was nothing to find. */
import { beyond, caterpillar, misses, placeboTable, typicalError } from "./caterpillar";
import type { Report } from "./data";
import { figure } from "./figure";
import { count, percent } from "./format";
import { words } from "./words";

export function placebo(report: Report): HTMLElement[] {
  const points = report.placebo?.points ?? [];
  if (points.length === 0) return [];
  const w = words(report.lang);
  const out = beyond(points);
  return [figure(report, {
    id: "placebo",
    title: w.placeboTitle,
    summary: w.placeboSummary(count(points.length),
      count(report.interval.placebos?.n ?? points.length), percent(typicalError(points)),
      count(points.filter(misses).length), report.level),
    chart: caterpillar(points, report.lang, report.level, report.total.percent.value),
    note: w.placeboNote + (out > 0 ? ` ${w.placeboBeyond(out)}` : ""),
    ...placeboTable(points, report.lang),
  })];
}

/* The savings as they added up. */
import type { Maybe, Report } from "./data";
import { el } from "./dom";
import { figure, legend } from "./figure";
import { amount, date, number, scaleFor } from "./format";
import { timeline } from "./timeline";
import { words } from "./words";

export function cumulative(report: Report): HTMLElement {
  const w = words(report.lang);
  const c = report.cumulative;
  const unit = report.quantity.unit;
  const scale = scaleFor(report.total.savings.value, unit);
  const scaled = (values: Maybe[]): Maybe[] =>
    values.map((v) => (v === null ? null : v / scale.divisor));
  const shown = (v: Maybe | undefined): string => number(v ?? null, 1);
  return figure(report, {
    id: "cumulative",
    title: w.cumulativeTitle,
    summary: w.cumulativeSummary(amount(c.savings.at(-1) ?? null, unit)),
    chart: el("div", {},
      legend([{ label: w.saved, mark: "saved" }, { label: w.interval(report.level), mark: "band" }]),
      timeline({
        dates: c.date,
        lines: [{ values: scaled(c.savings), colour: (t) => t.counterfactual, width: 2 }],
        band: { lo: scaled(c.lo), hi: scaled(c.hi) },
        installation: report.window.installation,
        axis: scale.unit,
        height: 260,
        zero: true,
      })),
    ...(report.window.staggered ? { note: w.cumulativeStaggered } : {}),
    header: [w.day, `${w.saved} (${unit})`, `${w.low} (${unit})`, `${w.high} (${unit})`],
    rows: c.date.map((day, i) => [day, c.savings[i] ?? null, c.lo[i] ?? null, c.hi[i] ?? null]),
    shown: c.date.map((day, i) => [date(day), shown(c.savings[i]), shown(c.lo[i]), shown(c.hi[i])]),
  });
}

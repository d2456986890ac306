/* What was used against what would have been used, day by day. */
import type { Maybe, Report } from "./data";
import { el } from "./dom";
import { figure, legend } from "./figure";
import { amount, date, number } from "./format";
import { smooth, timeline } from "./timeline";
import { words } from "./words";

const SMOOTH_DAYS = 7;

/* A mean over the meters of the day: with dates of their own, meters come and go. */
function perMeter(report: Report, values: Maybe[]): Maybe[] {
  return values.map((v, i) => {
    const n = report.daily.meters[i] ?? 0;
    return v === null || n === 0 ? null : v / n;
  });
}

function chart(report: Report): HTMLElement {
  const w = words(report.lang);
  const d = report.daily;
  const line = (values: Maybe[]): Maybe[] => smooth(perMeter(report, values), SMOOTH_DAYS);
  return el("div", {},
    legend([
      { label: w.observed, mark: "observed" },
      { label: w.counterfactual, mark: "counterfactual" },
      { label: w.band, mark: "band" },
      { label: w.installation, mark: "installation" },
    ]),
    timeline({
      dates: d.date,
      lines: [
        { values: line(d.counterfactual), colour: (t) => t.counterfactual, width: 2 },
        { values: line(d.observed), colour: (t) => t.observed, width: 1.6 },
      ],
      band: { lo: line(d.lo), hi: line(d.hi) },
      installation: report.window.installation,
      axis: `${report.quantity.unit} ${w.perMeterDay}`,
      height: 300,
      zero: true,
    }),
    el("h3", {}, w.temperature),
    timeline({
      dates: d.date,
      lines: [{ values: smooth(d.temp_c, SMOOTH_DAYS), colour: (t) => t.accent, width: 1.4 }],
      band: { lo: d.temp_c.map(() => null), hi: d.temp_c.map(() => null) },
      installation: report.window.installation,
      axis: "°C",
      height: 130,
    }));
}

export function daily(report: Report): HTMLElement {
  const w = words(report.lang);
  const d = report.daily;
  const unit = report.quantity.unit;
  return figure(report, {
    id: "daily",
    title: w.dailyTitle,
    summary: w.dailySummary(amount(report.total.observed, unit),
      amount(report.total.counterfactual, unit)),
    chart: chart(report),
    note: w.dailyNote(SMOOTH_DAYS),
    header: [w.day, w.meters, `${w.observed} (${unit})`, `${w.counterfactual} (${unit})`,
      `${w.low} (${unit})`, `${w.high} (${unit})`, `${w.temperature} (°C)`],
    rows: d.date.map((day, i) => [day, d.meters[i] ?? 0, d.observed[i] ?? null,
      d.counterfactual[i] ?? null, d.lo[i] ?? null, d.hi[i] ?? null, d.temp_c[i] ?? null]),
    shown: d.date.map((day, i) => [date(day), number(d.meters[i] ?? 0, 0),
      number(d.observed[i] ?? null, 1), number(d.counterfactual[i] ?? null, 1),
      number(d.lo[i] ?? null, 1), number(d.hi[i] ?? null, 1), number(d.temp_c[i] ?? null, 1)]),
  });
}

/* What happened to meters without the measure, and whether they are like those with it. */
import * as Plot from "@observablehq/plot";
import type { Comparison, Report } from "./data";
import { el, table } from "./dom";
import { figure, legend } from "./figure";
import { count, number, percent, percentInterval, monthName, weekHour } from "./format";
import { keepDrawn, theme } from "./theme";
import { words } from "./words";

/* Standardised mean differences: Austin 2009, Stat Med 28:3083; Rubin 2001. */
const GOOD = 0.1;
const POOR = 0.25;
const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

interface Mark {
  name: string;
  before: number;
  after: number;
}

function marks(report: Report, c: Comparison): Mark[] {
  return c.balance.flatMap(({ feature, before, after }) => before === null || after === null ? []
    : [{ name: featureName(report, feature), before, after }]);
}

function featureName(report: Report, feature: string): string {
  const month = MONTHS.indexOf(feature);
  const [day = "", hour = ""] = feature.split("-");
  if (DAYS.includes(day) && hour) return weekHour(DAYS.indexOf(day), Number(hour));
  return month >= 0 ? monthName(month) : feature === "level" ? words(report.lang).level : feature;
}

function draw(report: Report, list: Mark[], width: number): Element {
  const c = theme();
  const w = words(report.lang);
  const far = Math.max(0.35, 1.08 * Math.max(...list.flatMap((m) =>
    [Math.abs(m.before), Math.abs(m.after)])));
  const guide = (at: number, strokeDasharray: string): Plot.Markish =>
    Plot.ruleX([-at, at], { stroke: c.muted, strokeDasharray });
  return Plot.plot({
    width,
    height: 74 + 21 * list.length,
    marginTop: 30,
    marginBottom: 40,
    marginLeft: 84,
    marginRight: 20,
    style: { background: "transparent", color: c.muted, fontSize: "12px", fontFamily: "inherit" },
    x: { label: w.balanceAxis, labelOffset: 36, domain: [-far, far], labelArrow: "none",
      labelAnchor: "center" },
    y: { label: null, domain: list.map((m) => m.name), tickSize: 0 },
    marks: [
      Plot.rectX([0], { x1: -GOOD, x2: GOOD, fill: c.band, fillOpacity: 0.6 }),
      guide(GOOD, "1.5,3"),
      guide(POOR, "6,4"),
      Plot.ruleX([0], { stroke: c.ink, strokeWidth: 1 }),
      Plot.text([-POOR, -GOOD, GOOD, POOR], { x: (d: number) => d,
        text: (d: number) => number(d, d * d === GOOD * GOOD ? 1 : 2), frameAnchor: "top", dy: -12,
        fill: c.muted }),
      Plot.ruleY(list, { y: "name", x1: "before", x2: "after", stroke: c.muted, strokeOpacity: 0.6 }),
      Plot.dot(list, { y: "name", x: "before", r: 4.5, stroke: c.muted, strokeWidth: 1.6,
        fill: c.paper }),
      Plot.dot(list, { y: "name", x: "after", r: 4.5, fill: c.counterfactual }),
    ],
  });
}

/* The effect by each way of choosing comparison meters, that of this report first among equals. */
function methods(report: Report, c: Comparison): HTMLElement {
  const w = words(report.lang);
  const rows = c.methods.map((m) => [
    m.method === c.method ? `${w.comparisonMethod(m.method)} (${w.usedHere})`
      : w.comparisonMethod(m.method),
    percent(m.percent.value), percentInterval(m.percent, w.to), count(m.meters),
  ]);
  const without = [w.comparisonNone, percent(c.before_percent.value),
    percentInterval(c.before_percent, w.to), "–"];
  return table([w.comparisonBy, w.savedPercent, w.interval(report.level), w.comparisonMeters],
    [...rows, without]);
}

export function comparison(report: Report): HTMLElement[] {
  const c = report.comparison;
  if (!c) return [];
  const w = words(report.lang);
  const list = marks(report, c);
  const worst = Math.max(0, ...list.map((m) => Math.abs(m.after)));
  const frame = el("div", { class: "plot" });
  keepDrawn(frame, (width) =>
    frame.replaceChildren(...(list.length > 0 ? [draw(report, list, width)] : [])));
  return [figure(report, {
    id: "comparison",
    title: w.comparisonTitle,
    summary: `${w.comparisonSummary(c, report)} ${w.matchedOn(c.matched_on ?? [])}${w.comparisonVerdict(c.verdict, number(worst, 2))}`,
    chart: el("div", {},
      legend([{ label: w.balanceBefore, mark: "ring" }, { label: w.balanceAfter, mark: "dot" }]),
      frame),
    note: w.balanceNote(c.balance.some((b) => b.feature.includes("-"))),
    header: [w.feature, w.balanceBefore, w.balanceAfter],
    rows: c.balance.map((b) => [b.feature, b.before, b.after]),
    shown: c.balance.map((b) => [featureName(report, b.feature), number(b.before, 2),
      number(b.after, 2)]),
    after: [el("h3", {}, w.comparisonMethods), methods(report, c)],
  })];
}

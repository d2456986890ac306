/* For whom: savings of each group with their intervals. */
import * as Plot from "@observablehq/plot";
import type { GroupRow, Report } from "./data";
import { el } from "./dom";
import { figure, legend } from "./figure";
import { amount, count, percent, percentInterval } from "./format";
import { nameAxis } from "./room";
import { keepDrawn, theme } from "./theme";
import { words } from "./words";

const SHOWN = 40;

interface Mark {
  group: string;
  value: number;
  lo: number;
  hi: number;
  truth: number | null;
  meters: number;
}

function marks(rows: GroupRow[], label: (g: string) => string): Mark[] {
  return rows.flatMap((r) => {
    const { value, lo, hi } = r.percent;
    if (value === null || lo === null || hi === null) return [];
    return [{ group: label(r.group), value, lo, hi, truth: r.truth_percent,
      meters: r.meters }];
  });
}

function draw(report: Report, list: Mark[], width: number): Element {
  const c = theme();
  const w = words(report.lang);
  const total = report.total.percent.value;
  const names = list.map((m) => m.group);
  const { marginLeft, tickFormat } = nameAxis(names, width);
  return Plot.plot({
    width,
    height: 58 + 30 * list.length,
    marginBottom: 40,
    marginLeft,
    marginRight: 52,
    style: { background: "transparent", color: c.muted, fontSize: "12px", fontFamily: "inherit" },
    x: { label: w.savedPercent, labelOffset: 36, grid: true, nice: true, zero: true },
    y: { label: null, domain: names, tickFormat },
    marks: [
      Plot.ruleX([0], { stroke: c.muted }),
      ...(total === null ? [] : [Plot.ruleX([total], { stroke: c.muted, strokeDasharray: "3,3" })]),
      Plot.ruleY(list, { y: "group", x1: "lo", x2: "hi", stroke: c.counterfactual, strokeWidth: 5,
        strokeOpacity: 0.4, strokeLinecap: "round" }),
      Plot.dot(list, { y: "group", x: "value", r: 5, fill: c.counterfactual }),
      Plot.tickX(list.filter((m) => m.truth !== null), { y: "group", x: "truth", stroke: c.accent,
        strokeWidth: 2.5, inset: 4 }),
      Plot.text(list, { y: "group", text: (m: Mark) => count(m.meters), frameAnchor: "right", dx: 48,
        textAnchor: "end", fill: c.muted }),
      Plot.text([w.meters], { frameAnchor: "top-right", dx: 48, dy: -14, textAnchor: "end",
        fill: c.muted }),
    ],
  });
}

/** One figure for each column that the measure groups by. */
export function groups(report: Report): HTMLElement[] {
  const w = words(report.lang);
  const label = (g: string): string => (g === "" ? w.notGiven : g);
  return report.groups.map(({ by, rows }) => {
    const all = marks(rows, label);
    const list = all.slice(0, SHOWN);
    const frame = el("div", { class: "plot" });
    keepDrawn(frame, (width) => frame.replaceChildren(...(list.length > 0 ? [draw(report, list, width)] : [])));
    const best = all.length > 0 ? all.reduce((a, b) => (b.value > a.value ? b : a)) : null;
    const least = all.length > 0 ? all.reduce((a, b) => (b.value < a.value ? b : a)) : null;
    const truth = report.truth !== null;
    return figure(report, {
      id: `group-${by}`,
      title: w.groupTitle(by),
      summary: best && least
        ? w.groupSummary(by, best.group, percent(best.value), least.group, percent(least.value))
        : w.nothing,
      chart: el("div", {},
        legend([
          { label: w.estimate, mark: "dot" },
          { label: w.interval(report.level), mark: "bar" },
          { label: w.all, mark: "dashed" },
          ...(truth ? [{ label: w.truth, mark: "truth" }] : []),
        ]),
        frame),
      ...(all.length > SHOWN ? { note: w.more(all.length - SHOWN) } : {}),
      header: [by, w.meters, w.savedPercent, w.interval(report.level), w.amount, "CO₂e",
        ...(truth ? [`${w.truth} (%)`] : [])],
      rows: rows.map((r) => [label(r.group), r.meters, r.percent.value,
        percentInterval(r.percent, w.to), r.savings.value, r.co2e_kg?.value ?? null,
        ...(truth ? [r.truth_percent] : [])]),
      shown: rows.map((r) => [label(r.group), count(r.meters), percent(r.percent.value),
        percentInterval(r.percent, w.to), amount(r.savings.value, report.quantity.unit),
        amount(r.co2e_kg?.value ?? null, "kg"), ...(truth ? [percent(r.truth_percent)] : [])]),
    });
  });
}

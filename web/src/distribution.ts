/* How savings differ from meter to meter. */
import * as Plot from "@observablehq/plot";
import type { Report } from "./data";
import { el, type Cell } from "./dom";
import { figure } from "./figure";
import { count, percent } from "./format";
import { keepDrawn, theme } from "./theme";
import { words } from "./words";

/* Without the empty bins on both sides. */
function occupied(bins: Report["distribution"]["bins"]): Report["distribution"]["bins"] {
  const first = bins.findIndex((b) => b.count > 0);
  return first < 0 ? bins : bins.slice(first, bins.findLastIndex((b) => b.count > 0) + 1);
}

function draw(report: Report, width: number): Element {
  const c = theme();
  const w = words(report.lang);
  const d = report.distribution;
  const quantiles = [
    { x: d.p10, label: w.p10, anchor: "end" as const, dx: -3 },
    { x: d.median, label: w.median, anchor: "middle" as const, dx: 0 },
    { x: d.p90, label: w.p90, anchor: "start" as const, dx: 3 },
  ].filter((q) => q.x !== null);
  return Plot.plot({
    width,
    height: 270,
    marginTop: 44,
    marginBottom: 40,
    marginLeft: 52,
    style: { background: "transparent", color: c.muted, fontSize: "12px", fontFamily: "inherit" },
    x: { label: `${w.saved} (%)`, labelOffset: 36 },
    y: { label: w.meters, grid: true, nice: true, labelOffset: 42 },
    marks: [
      Plot.rectY(occupied(d.bins), { x1: "from", x2: "to", y: "count", fill: c.counterfactual,
        fillOpacity: 0.65, insetLeft: 0.5, insetRight: 0.5 }),
      Plot.ruleY([0], { stroke: c.muted }),
      Plot.ruleX([0], { stroke: c.ink, strokeDasharray: "2,2" }),
      Plot.ruleX(quantiles, { x: "x", stroke: c.accent, strokeWidth: 1.5 }),
      /* Apart from each other, however near the three are. */
      ...quantiles.map((q) => Plot.text([q], { x: "x", text: "label", frameAnchor: "top",
        textAnchor: q.anchor, dx: q.dx, dy: q.anchor === "middle" ? -22 : -8, fill: c.ink })),
    ],
  });
}

export function distribution(report: Report): HTMLElement {
  const w = words(report.lang);
  const d = report.distribution;
  const frame = el("div", { class: "plot" });
  keepDrawn(frame, (width) => frame.replaceChildren(draw(report, width)));
  const first = d.bins[0]?.from ?? 0;
  const last = d.bins.at(-1)?.to ?? 0;
  const rows: Cell[][] = [
    [`< ${first} %`, d.below],
    ...d.bins.map((b): Cell[] => [`${b.from} ${w.to} ${b.to} %`, b.count]),
    [`≥ ${last} %`, d.above],
  ];
  return figure(report, {
    id: "distribution",
    title: w.distributionTitle,
    summary: w.distributionSummary(percent(d.p10), percent(d.p90), percent(d.median)),
    chart: frame,
    note: d.below + d.above > 0 ? w.outside(count(d.below), first, count(d.above), last) : "",
    header: [`${w.saved} (%)`, w.meters],
    rows,
    shown: rows.filter((r) => r[1] !== 0).map((r) => [String(r[0]), count(Number(r[1]))]),
  });
}

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
  const bins = occupied(d.bins);
  const [least, most] = [bins[0]?.from ?? 0, bins.at(-1)?.to ?? 1];
  const at = (x: number | null): number => ((x ?? 0) - least) / (most - least);
  const quantiles = [
    { x: d.p10, label: w.p10, anchor: at(d.p10) < 0.3 ? "start" as const : "end" as const, dy: -8 },
    { x: d.median, label: w.median, anchor: "middle" as const, dy: -22 },
    { x: d.p90, label: w.p90, anchor: at(d.p90) > 0.7 ? "end" as const : "start" as const, dy: -36 },
  ].filter((q) => q.x !== null);
  return Plot.plot({
    width,
    height: 284,
    marginTop: 58,
    marginBottom: 40,
    marginLeft: 52,
    style: { background: "transparent", color: c.muted, fontSize: "12px", fontFamily: "inherit" },
    x: { label: w.savedPercent, labelOffset: 36 },
    y: { label: w.meters, grid: true, nice: true, labelOffset: 42 },
    marks: [
      Plot.rectY(bins, { x1: "from", x2: "to", y: "count", fill: c.counterfactual,
        fillOpacity: 0.65, insetLeft: 0.5, insetRight: 0.5 }),
      Plot.ruleY([0], { stroke: c.muted }),
      Plot.ruleX([0], { stroke: c.ink, strokeDasharray: "2,2" }),
      Plot.ruleX(quantiles, { x: "x", stroke: c.accent, strokeWidth: 1.5 }),
      /* One above the other, however near the three are, and within the picture. */
      ...quantiles.map((q) => Plot.text([q], { x: "x", text: "label", frameAnchor: "top",
        textAnchor: q.anchor, dx: q.anchor === "middle" ? 0 : q.anchor === "end" ? -3 : 3, dy: q.dy,
        fill: c.ink })),
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
    note: d.below + d.above > 0 ? w.outside(d.below, first, d.above, last) : "",
    header: [w.savedPercent, w.meters],
    rows,
    shown: rows.filter((r) => r[1] !== 0).map((r) => [String(r[0]).replaceAll("-", "−"), count(Number(r[1]))]),
  });
}

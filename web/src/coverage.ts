/* Coverage against the level claimed: a small chart for each model and size, one line an interval. */
import * as Plot from "@observablehq/plot";
import type { Result, Validation } from "./data";
import { el, type Cell } from "./dom";
import { figure, legend } from "./figure";
import { levelPercent, levelText, number } from "./format";
import { keepDrawn, theme, type Theme } from "./theme";
import { shareText, validationWords } from "./validationWords";

const LEAST = 50;
/* The style sheet prints three beside each other. */
const PAPER_SHARE = 0.31;

/* Told apart by dash and symbol, not by colour alone. */
const looks: Record<Result["interval"], { colour: (t: Theme) => string; dash: string; symbol: string }> = {
  caltrack2: { colour: (t) => t.accent, dash: "6,3", symbol: "triangle" },
  block: { colour: (t) => t.muted, dash: "2,3", symbol: "square" },
  calibrated: { colour: (t) => t.counterfactual, dash: "none", symbol: "circle" },
};

interface Point {
  level: number;
  coverage: number;
}

function points(r: Result): Point[] {
  return r.curve.flatMap(({ level, coverage }) => coverage === null ? []
    : [{ level: 100 * level, coverage: 100 * coverage }]);
}

function draw(v: Validation, results: Result[], width: number): Element {
  const c = theme();
  const w = validationWords(v.lang);
  const lines = results.flatMap((r): Plot.Markish[] => {
    const look = looks[r.interval];
    const at = { x: "level", y: "coverage", stroke: look.colour(c) };
    return [
      Plot.line(points(r), { ...at, strokeDasharray: look.dash, strokeWidth: 1.8 }),
      Plot.dot(points(r), { ...at, symbol: look.symbol as Plot.SymbolType, r: 3.2, fill: c.paper,
        strokeWidth: 1.6 }),
    ];
  });
  return Plot.plot({
    width,
    height: Math.min(280, Math.max(200, 0.9 * width)),
    marginTop: 24,
    marginBottom: 40,
    marginLeft: 40,
    marginRight: 16,
    style: { background: "transparent", color: c.muted, fontSize: "12px", fontFamily: "inherit" },
    x: { label: w.claimed, domain: [LEAST - 2, 100], ticks: [50, 60, 70, 80, 90, 100], labelOffset: 36,
      labelArrow: "none", labelAnchor: "center" },
    y: { label: w.contain, domain: [0, 100], grid: true, ticks: 5, labelOffset: 36, labelArrow: "none" },
    marks: [
      Plot.ruleX([100 * v.level], { stroke: c.grid, strokeWidth: 6 }),
      Plot.line([[LEAST, LEAST], [100, 100]], { stroke: c.ink, strokeWidth: 1, strokeOpacity: 0.7 }),
      ...lines,
    ],
  });
}

function panel(v: Validation, results: Result[], several: boolean): HTMLElement {
  const w = validationWords(v.lang);
  const first = results[0] as Result;
  const frame = el("div", { class: "plot" });
  keepDrawn(frame, (width) => frame.replaceChildren(draw(v, results, width)), PAPER_SHARE);
  const size = w.size(first.size);
  return el("div", {}, el("h3", {}, several ? `${first.model}, ${size}` : size), frame);
}

/* Results of all meters by model and size, in their order, where anything was tried. */
export function panels(v: Validation): Result[][] {
  const found = new Map<string, Result[]>();
  for (const r of v.results) {
    if (r.group !== null || r.n === 0) continue;
    const key = `${r.model} ${r.size}`;
    found.set(key, [...(found.get(key) ?? []), r]);
  }
  return [...found.values()];
}

/* The least and the largest coverage of an interval, over all panels. */
function range(results: Result[], interval: Result["interval"]): [string, string] {
  const covers = results.flatMap((r) =>
    r.interval === interval && r.coverage !== null ? [r.coverage] : []);
  return [number(100 * Math.min(...covers), 0), shareText(Math.max(...covers))];
}

export function coverage(v: Validation): HTMLElement[] {
  const w = validationWords(v.lang);
  const all = panels(v);
  const lead = all[0];
  if (!lead) return [];
  const several = new Set(v.results.map((r) => r.model)).size > 1;
  const rows = all.flat().flatMap((r) => r.curve.map((p): Cell[] =>
    [r.model, r.size, r.interval, p.level, p.coverage]));
  return [figure(v, {
    id: "coverage",
    title: w.curveTitle,
    summary: w.curveSummary(levelText(v.level), lead.map(({ interval }) =>
      w.curvePart(w.interval[interval], ...range(all.flat(), interval))).join(", ")),
    chart: el("div", {},
      legend([
        ...lead.map((r) => ({ label: w.interval[r.interval], mark: `line-${r.interval}` })),
        { label: w.diagonal, mark: "diagonal" },
      ]),
      el("div", { class: "panels" }, ...all.map((list) => panel(v, list, several)))),
    header: [w.model, w.sizeHeader, w.intervalHeader, w.claimed, w.contain],
    rows,
    shown: all.flat().flatMap((r) => r.curve.map((p) => [r.model, w.size(r.size),
      w.interval[r.interval], levelPercent(p.level),
      number(p.coverage === null ? null : 100 * p.coverage, 1)])),
  })];
}

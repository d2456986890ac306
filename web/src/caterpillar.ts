/* Placebo savings in order of size, each with its interval: those that miss zero are triangles. */
import * as Plot from "@observablehq/plot";
import type { Maybe, Placebo } from "./data";
import { el, type Cell } from "./dom";
import { legend, type TableParts } from "./figure";
import { number, percent } from "./format";
import { keepDrawn, theme } from "./theme";
import { words } from "./words";

/* What is further out than this share of the bars is cut off, lest one odd meter flatten all. */
const KEPT = 0.98;

interface Mark {
  rank: number;
  error: number;
  lo: number;
  hi: number;
  misses: boolean;
}

/** Whether the interval leaves zero, the truth, out. */
export function misses(p: Placebo): boolean {
  return p.half_percent !== null && Math.abs(p.error_percent) > p.half_percent;
}

/** The size that half of the placebos exceed. */
export function typicalError(points: Placebo[]): number {
  const sizes = points.map((p) => Math.abs(p.error_percent)).sort((a, b) => a - b);
  return sizes[Math.floor(sizes.length / 2)] ?? 0;
}

function marks(points: Placebo[]): Mark[] {
  return points.map((p, rank) => ({ rank, error: p.error_percent, misses: misses(p),
    lo: p.error_percent - (p.half_percent ?? 0), hi: p.error_percent + (p.half_percent ?? 0) }));
}

function reach(list: Mark[]): number {
  const sizes = list.map((m) => Math.max(Math.abs(m.lo), Math.abs(m.hi))).sort((a, b) => a - b);
  return sizes[Math.min(sizes.length - 1, Math.floor(KEPT * sizes.length))] ?? 1;
}

/** How many placebos are cut off at the top or bottom. */
export function beyond(points: Placebo[]): number {
  const list = marks(points);
  const limit = reach(list);
  return list.filter((m) => Math.abs(m.error) > limit).length;
}

function draw(points: Placebo[], lang: string, effect: Maybe, width: number): Element {
  const c = theme();
  const w = words(lang);
  const list = marks(points);
  const limit = Math.max(reach(list), Math.abs(effect ?? 0)) * 1.04;
  const bar = Math.max(0.6, Math.min(3, (0.45 * width) / list.length));
  const radius = Math.max(1.4, Math.min(3.5, (0.4 * width) / list.length));
  const hit = list.filter((m) => !m.misses);
  const miss = list.filter((m) => m.misses);
  const bars = { x: "rank", y1: "lo", y2: "hi", strokeWidth: bar, clip: true };
  const dots = { x: "rank", y: "error", clip: true };
  return Plot.plot({
    width,
    height: 320,
    marginTop: 28,
    marginBottom: 26,
    marginLeft: 52,
    style: { background: "transparent", color: c.muted, fontSize: "12px", fontFamily: "inherit" },
    x: { label: w.placeboRank, domain: [-1, list.length], ticks: [], labelOffset: 22, labelArrow: "right" },
    y: { label: w.placeboAxis, domain: [-limit, limit], grid: true, labelOffset: 42 },
    marks: [
      Plot.ruleX(hit, { ...bars, stroke: c.counterfactual, strokeOpacity: 0.38 }),
      Plot.ruleX(miss, { ...bars, stroke: c.accent, strokeOpacity: 0.75 }),
      Plot.ruleY([0], { stroke: c.ink, strokeWidth: 1 }),
      ...(effect === null ? []
        : [Plot.ruleY([effect], { stroke: c.ink, strokeWidth: 1.5, strokeDasharray: "6,4" })]),
      Plot.dot(hit, { ...dots, r: radius, fill: c.counterfactual }),
      Plot.dot(miss, { ...dots, r: radius + 1.8, symbol: "triangle", fill: c.accent,
        stroke: c.paper, strokeWidth: 0.6 }),
    ],
  });
}

/** The chart of what intervals of this level say; `effect` draws a line for scale. */
export function caterpillar(points: Placebo[], lang: string, level: number,
  effect: Maybe): HTMLElement {
  const w = words(lang);
  const frame = el("div", { class: "plot" });
  keepDrawn(frame, (width) => frame.replaceChildren(draw(points, lang, effect, width)));
  return el("div", {},
    legend([
      { label: w.placeboHit, mark: "dot" },
      { label: w.placeboMiss, mark: "triangle" },
      { label: w.interval(level), mark: "bar" },
      ...(effect !== null ? [{ label: w.placeboEffect(percent(effect)), mark: "effect" }] : []),
    ]), frame);
}

/** The same placebos as a table. */
export function placeboTable(points: Placebo[], lang: string): Omit<TableParts, "id"> {
  const w = words(lang);
  const contains = (p: Placebo): string =>
    p.half_percent === null ? "–" : misses(p) ? w.no : w.yes;
  return {
    header: [w.placeboAxis, "± (%)", w.placeboContains],
    rows: points.map((p): Cell[] => [p.error_percent, p.half_percent, contains(p)]),
    shown: points.map((p) => [number(p.error_percent, 1), number(p.half_percent, 1), contains(p)]),
  };
}

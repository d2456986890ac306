/* The forest plot: every effect with its interval, and below them what they say together. */
import * as Plot from "@observablehq/plot";
import type { Estimate, PoolResult } from "./data";
import { number } from "./format";
import { theme } from "./theme";
import type { PoolWords } from "./poolWords";

const NARROW = 560;
const ROW = 26;

interface Row {
  key: string;
  label: string;
  value: number;
  lo: number;
  hi: number;
  weight: number;
  detail: string;
  grade: string;
}

/** "7.5 (6.1 to 8.9)" */
export function withInterval(e: Estimate, to: string): string {
  if (e.value === null) return "–";
  const d = Math.abs(e.value) < 100 ? 1 : 0;
  return e.lo === null || e.hi === null ? number(e.value, d)
    : `${number(e.value, d)} (${number(e.lo, d)} ${to} ${number(e.hi, d)})`;
}

function rows(pool: PoolResult, w: PoolWords): Row[] {
  return pool.effects.flatMap((e, i) => {
    const { value, lo, hi } = e.shown;
    if (value === null || lo === null || hi === null) return [];
    return [{ key: String(i), label: e.label, value, lo, hi, weight: e.weight ?? 0,
      detail: withInterval(e.shown, w.to), grade: e.grade === null ? "" : String(e.grade) }];
  });
}

/* Below the cities: the mean as a diamond, the next city as an open bar, the city asked for. */
interface Summary {
  key: string;
  label: string;
  shown: Estimate;
  mark: "diamond" | "bar" | "city";
}

function summaries(pool: PoolResult, w: PoolWords): Summary[] {
  const next: Summary = { key: "pi", label: w.nextCity, mark: "bar",
    shown: { value: pool.pooled.value, lo: pool.pi.lo, hi: pool.pi.hi } };
  return [
    ...(pool.pooled.lo !== null && pool.k > 1
      ? [{ key: "mean", label: w.mean, shown: pool.pooled, mark: "diamond" as const }] : []),
    ...(pool.pi.lo !== null ? [next] : []),
    ...(pool.transfer
      ? [{ key: "city", label: pool.transfer.city, shown: pool.transfer.shown, mark: "city" as const }]
      : []),
  ];
}

const bounds = (s: Summary): { lo: number; hi: number } =>
  ({ lo: s.shown.lo ?? Number.NaN, hi: s.shown.hi ?? Number.NaN });

interface Corner {
  x: number;
  y: number;
}

/* A diamond's corners in the units of the axes; y counts rows from the top. */
function diamond(e: Estimate, row: number): Corner[] {
  const { value, lo, hi } = e;
  if (value === null || lo === null || hi === null) return [];
  return [{ x: lo, y: row }, { x: value, y: row - 0.32 }, { x: hi, y: row }, { x: value, y: row + 0.32 }];
}

export function drawForest(pool: PoolResult, w: PoolWords, width: number): Element {
  const c = theme();
  const list = rows(pool, w);
  const below = summaries(pool, w);
  const wide = width >= NARROW;
  const lines = list.length + below.length + (below.length > 0 ? 0.6 : 0);
  const at = (i: number): number => list.length + 0.6 + i;
  const heaviest = Math.max(...list.map((r) => r.weight), 1e-9);
  const longest = Math.max(...list.map((r) => r.label.length), ...below.map((s) => s.label.length), 6);
  const left = Math.min(wide ? 190 : 120, 16 + 7.6 * longest);
  const right = wide ? 250 : 16;
  const texts = { frameAnchor: "right" as const, textAnchor: "end" as const, fill: c.ink };
  const names = { frameAnchor: "left" as const, textAnchor: "start" as const, dx: -left + 4, fill: c.ink };
  const place = (_: Row, i: number): number => i;
  return Plot.plot({
    width,
    height: 64 + ROW * lines,
    marginTop: 26,
    marginBottom: 38,
    marginLeft: left,
    marginRight: right,
    style: { background: "transparent", color: c.muted, fontSize: "12px", fontFamily: "inherit" },
    x: { label: w.axis(pool.unit), labelOffset: 34, labelArrow: "none", labelAnchor: "center", grid: true,
      nice: true, ticks: wide ? 7 : 4 },
    r: { type: "identity" },
    y: { axis: null, domain: [-0.6, lines - 0.4], reverse: true },
    marks: [
      Plot.ruleX([0], { stroke: c.muted }),
      ...(pool.pooled.value === null || pool.k < 2 ? []
        : [Plot.ruleX([pool.pooled.value], { stroke: c.counterfactual, strokeDasharray: "3,3" })]),
      Plot.link(list, { x1: "lo", x2: "hi", y1: place, y2: place, stroke: c.ink, strokeWidth: 1.4 }),
      Plot.dot(list, { x: "value", y: place, symbol: "square", fill: c.counterfactual,
        r: (r: Row) => 2.2 + 5.4 * Math.sqrt(r.weight / heaviest) }),
      Plot.text(list, { ...names, y: place, text: "label" }),
      ...(wide ? [
        Plot.text(list, { ...texts, y: place, text: "detail", dx: 138 }),
        Plot.text(list, { ...texts, y: place, dx: 190, fill: c.muted,
          text: (r: Row) => `${number(100 * r.weight, 1)} %` }),
        Plot.text(list, { ...texts, y: place, text: "grade", dx: 236, fill: c.muted }),
        Plot.text([w.interval], { frameAnchor: "top-right", textAnchor: "end", dx: 138, dy: -16, fill: c.muted }),
        Plot.text([w.weight], { frameAnchor: "top-right", textAnchor: "end", dx: 190, dy: -16, fill: c.muted }),
        Plot.text([w.grade], { frameAnchor: "top-right", textAnchor: "end", dx: 236, dy: -16, fill: c.muted }),
      ] : []),
      ...(below.length > 0 ? [Plot.ruleY([list.length - 0.2], { stroke: c.grid })] : []),
      ...below.flatMap((s, i): Plot.Markish[] => [
        Plot.text([s.label], { ...names, y: [at(i)], fontWeight: "600" }),
        ...(wide ? [Plot.text([s.mark === "bar" ? withInterval({ ...s.shown, value: null }, w.to) === "–"
          ? w.range(bounds(s).lo, bounds(s).hi) : "" : withInterval(s.shown, w.to)],
        { ...texts, y: [at(i)], dx: 138, fontWeight: "600" })] : []),
        ...(s.mark === "diamond"
          ? [Plot.line([...diamond(s.shown, at(i)), ...diamond(s.shown, at(i)).slice(0, 1)],
            { x: "x", y: "y", fill: c.counterfactual, stroke: c.counterfactual })]
          : [Plot.link([bounds(s)], { x1: "lo", x2: "hi", y1: [at(i)], y2: [at(i)],
            stroke: s.mark === "city" ? c.accent : c.counterfactual, strokeWidth: 7,
            strokeOpacity: s.mark === "city" ? 0.75 : 0.35 })]),
        ...(s.mark === "city" && s.shown.value !== null
          ? [Plot.dot([{ x: s.shown.value }], { x: "x", y: [at(i)], r: 4.5, fill: c.accent, stroke: c.paper })]
          : []),
      ]),
    ],
  });
}

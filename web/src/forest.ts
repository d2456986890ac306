/* The forest plot: every effect with its interval, and below them what they say together. */
import * as Plot from "@observablehq/plot";
import type { Estimate, PoolResult } from "./data";
import { number } from "./format";
import { shownOf, type Shown } from "./poolShown";
import type { PoolWords } from "./poolWords";
import { cut, FONT_SIZE, GAP, measureOf, NARROW } from "./room";
import { theme } from "./theme";

const ROW = 26;
/* Of the plot itself; where columns of numbers would leave less, they are left to the table. */
const NARROWEST = 200;

interface Row {
  label: string;
  value: number;
  lo: number;
  hi: number;
  weight: number;
  /* The columns beside the plot. */
  cells: string[];
}

function rows(pool: PoolResult, shown: Shown, w: PoolWords): Row[] {
  const graded = pool.effects.some((e) => e.grade !== null);
  return pool.effects.flatMap((e) => {
    const { value, lo, hi } = e.shown;
    if (value === null || lo === null || hi === null) return [];
    return [{ label: e.label, value: shown.scaled(value), lo: shown.scaled(lo), hi: shown.scaled(hi),
      weight: e.weight ?? 0, cells: [shown.interval(e.shown, w.to), `${number(100 * (e.weight ?? 0), 1)} %`,
        ...(graded ? [e.grade === null ? "–" : String(e.grade)] : [])] }];
  });
}

/* Below the cities: the mean as a diamond, the next city as an open bar, the city asked for. */
interface Summary {
  label: string;
  value: number | null;
  lo: number;
  hi: number;
  mark: "diamond" | "bar" | "city";
  detail: string;
}

function summaries(pool: PoolResult, shown: Shown, w: PoolWords): Summary[] {
  const one = (label: string, mark: Summary["mark"], e: Estimate): Summary[] => {
    const { value, lo, hi } = e;
    if (lo === null || hi === null) return [];
    return [{ label, mark, value: value === null ? null : shown.scaled(value), lo: shown.scaled(lo),
      hi: shown.scaled(hi),
      detail: value === null ? `${shown.bare(lo)} ${w.to} ${shown.bare(hi)}` : shown.interval(e, w.to) }];
  };
  return [
    ...(pool.k > 1 ? one(w.mean, "diamond", pool.pooled) : []),
    ...one(w.nextCity, "bar", { ...pool.pi, value: null }),
    ...(pool.transfer ? one(pool.transfer.city, "city", pool.transfer.shown) : []),
  ];
}

/* ---- room for words ---- */

interface Column {
  head: string;
  /* Where it ends, from the right side of the plot. */
  end: number;
}

interface Layout {
  left: number;
  right: number;
  columns: Column[];
  name: (label: string) => string;
}

function layout(list: Row[], below: Summary[], heads: string[], width: number): Layout {
  const measure = measureOf("600");
  const names = [...list, ...below].map((r) => measure(r.label));
  const longest = Math.max(...names, 40);
  let end = 0;
  const columns = heads.map((head, i): Column => {
    const cells = [head, ...list.map((r) => r.cells[i] ?? ""), ...(i === 0 ? below.map((s) => s.detail) : [])];
    end += GAP + Math.max(...cells.map(measure));
    return { head, end };
  });
  /* On a phone names have more of it, as the columns are gone. */
  const room = Math.min(longest, (width < NARROW ? 0.36 : 0.28) * width);
  const left = room + GAP;
  const wide = width - left - end >= NARROWEST;
  return { left, right: wide ? end + 4 : 16, columns: wide ? columns : [],
    name: (label) => cut(label, room, measure) };
}

/* ---- the plot ---- */

interface Corner {
  x: number;
  y: number;
}

/* A diamond's corners in the units of the axes; y counts rows from the top. */
function diamond(s: Summary, row: number): Corner[] {
  const middle = s.value ?? (s.lo + s.hi) / 2;
  return [{ x: s.lo, y: row }, { x: middle, y: row - 0.32 }, { x: s.hi, y: row },
    { x: middle, y: row + 0.32 }, { x: s.lo, y: row }];
}

function summaryMark(s: Summary, row: number): Plot.Markish[] {
  const c = theme();
  const city = s.mark === "city";
  if (s.mark === "diamond")
    return [Plot.line(diamond(s, row), { x: "x", y: "y", fill: c.counterfactual, stroke: c.counterfactual })];
  return [
    Plot.link([s], { x1: "lo", x2: "hi", y1: [row], y2: [row], stroke: city ? c.accent : c.counterfactual,
      strokeWidth: 7, strokeOpacity: city ? 0.75 : 0.35 }),
    ...(city && s.value !== null
      ? [Plot.dot([s], { x: "value", y: [row], r: 4.5, fill: c.accent, stroke: c.paper })] : []),
  ];
}

/* Numbers beside the plot: of each row, and of the lines below it. */
function columnMarks(list: Row[], below: Summary[], at: (i: number) => number, columns: Column[]): Plot.Markish[] {
  const c = theme();
  const place = (_: Row, i: number): number => i;
  return columns.flatMap(({ head, end }, column): Plot.Markish[] => {
    const shared = { textAnchor: "end" as const, dx: end, fill: column === 0 ? c.ink : c.muted };
    return [
      Plot.text(list, { ...shared, frameAnchor: "right", y: place, text: (r: Row) => r.cells[column] ?? "" }),
      Plot.text([head], { ...shared, frameAnchor: "top-right", dy: -16, fill: c.muted }),
      ...(column === 0 ? [Plot.text(below, { ...shared, frameAnchor: "right", fontWeight: "600",
        y: (_: Summary, i: number) => at(i), text: "detail" })] : []),
    ];
  });
}

export function drawForest(pool: PoolResult, w: PoolWords, width: number): Element {
  const c = theme();
  const shown = shownOf(pool);
  const list = rows(pool, shown, w);
  const below = summaries(pool, shown, w);
  const heads = [w.interval(shown.unit), w.weight, ...((list[0]?.cells.length ?? 0) > 2 ? [w.grade] : [])];
  const { left, right, columns, name } = layout(list, below, heads, width);
  const lines = list.length + below.length + (below.length > 0 ? 0.6 : 0);
  const at = (i: number): number => list.length + 0.6 + i;
  const heaviest = Math.max(...list.map((r) => r.weight), 1e-9);
  const names = { frameAnchor: "left" as const, textAnchor: "start" as const, dx: -left + 4, fill: c.ink,
    text: (r: { label: string }) => name(r.label), title: "label" };
  const place = (_: Row, i: number): number => i;
  return Plot.plot({
    width,
    height: 64 + ROW * lines,
    marginTop: 26,
    marginBottom: 38,
    marginLeft: left,
    marginRight: right,
    style: { background: "transparent", color: c.muted, fontSize: `${FONT_SIZE}px`, fontFamily: "inherit" },
    x: { label: w.axis(shown.unit, [...list, ...below].some((r) => r.lo < 0)), labelOffset: 34, labelArrow: "none",
      labelAnchor: "center", grid: true, nice: true, ticks: Math.max(3, Math.min(8, Math.floor((width - left - right) / 60))) },
    r: { type: "identity" },
    y: { axis: null, domain: [-0.6, lines - 0.4], reverse: true },
    marks: [
      Plot.ruleX([0], { stroke: c.muted }),
      ...(pool.pooled.value === null || pool.k < 2 ? []
        : [Plot.ruleX([shown.scaled(pool.pooled.value)], { stroke: c.counterfactual, strokeDasharray: "3,3" })]),
      Plot.link(list, { x1: "lo", x2: "hi", y1: place, y2: place, stroke: c.ink, strokeWidth: 1.4 }),
      Plot.dot(list, { x: "value", y: place, symbol: "square", fill: c.counterfactual,
        r: (r: Row) => 2.2 + 5.4 * Math.sqrt(r.weight / heaviest) }),
      Plot.text(list, { ...names, y: place }),
      ...columnMarks(list, below, at, columns),
      ...(below.length > 0 ? [Plot.ruleY([list.length - 0.2], { stroke: c.grid })] : []),
      Plot.text(below, { ...names, y: (_: Summary, i: number) => at(i), fontWeight: "600" }),
      ...below.flatMap((s, i) => summaryMark(s, at(i))),
    ],
  });
}

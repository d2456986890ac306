/* Effects against a moderator: a bubble a city, the line with its interval, and the wider band in
 * which single cities lie. */
import * as Plot from "@observablehq/plot";
import type { Estimate, PoolModerator, PoolResult } from "./data";
import { moderatorValue, shownOf, type Shown } from "./poolShown";
import type { PoolWords } from "./poolWords";
import { theme } from "./theme";

interface Bubble {
  x: number;
  y: number;
  weight: number;
  label: string;
}

function bubbles(pool: PoolResult, shown: Shown, name: string): Bubble[] {
  return pool.effects.flatMap((e) => {
    const x = e.moderators[name] ?? null;
    return x === null || e.shown.value === null ? []
      : [{ x, y: shown.scaled(e.shown.value), weight: e.weight ?? 0, label: e.label }];
  });
}

export function drawModerator(pool: PoolResult, m: PoolModerator, w: PoolWords, width: number): Element {
  const c = theme();
  const shown = shownOf(pool);
  const list = bubbles(pool, shown, m.name);
  const [least, most] = [Math.min(...list.map((b) => b.x)), Math.max(...list.map((b) => b.x))];
  const heaviest = Math.max(...list.map((b) => b.weight), 1e-9);
  const band = (of: (p: PoolModerator["line"][number]) => Estimate): { x: number; lo: number; hi: number }[] =>
    m.line.flatMap((p) => {
      const { lo, hi } = of(p);
      return lo === null || hi === null ? [] : [{ x: p.x, lo: shown.scaled(lo), hi: shown.scaled(hi) }];
    });
  const target = pool.transfer;
  const there = target ? target.moderators[m.name] ?? null : null;
  const { value, lo, hi } = target?.shown ?? { value: null, lo: null, hi: null };
  const next = there !== null && value !== null && lo !== null && hi !== null
    ? [{ x: there, y: shown.scaled(value), lo: shown.scaled(lo), hi: shown.scaled(hi) }] : [];
  const line = m.line.flatMap((p) => (p.mean.value === null ? []
    : [{ x: p.x, y: shown.scaled(p.mean.value) }]));
  const below = list.some((b) => b.y < 0) || next.some((n) => n.lo < 0);
  return Plot.plot({
    width,
    height: Math.min(380, Math.max(260, 0.5 * width)),
    marginTop: 26,
    marginBottom: 40,
    marginLeft: 52,
    style: { background: "transparent", color: c.muted, fontSize: "12px", fontFamily: "inherit" },
    r: { type: "identity" },
    x: { label: w.moderator(m.name).axis, labelOffset: 36, labelArrow: "none", labelAnchor: "center", nice: true, inset: 10,
      tickFormat: (v: number) => moderatorValue(m.name, v) },
    y: { label: w.axis(shown.unit, below), grid: true, nice: true, labelOffset: 42, labelArrow: "none" },
    marks: [
      Plot.areaY(band((p) => p.pi), { x: "x", y1: "lo", y2: "hi", fill: c.counterfactual, fillOpacity: 0.09 }),
      Plot.areaY(band((p) => p.mean), { x: "x", y1: "lo", y2: "hi", fill: c.band }),
      Plot.ruleY([0], { stroke: c.muted }),
      Plot.line(line, { x: "x", y: "y", stroke: c.counterfactual, strokeWidth: 1.5, strokeDasharray: "4,4" }),
      Plot.line(line.filter((p) => p.x >= least && p.x <= most),
        { x: "x", y: "y", stroke: c.counterfactual, strokeWidth: 2 }),
      Plot.dot(list, { x: "x", y: "y", r: (b: Bubble) => 2.5 + 6 * Math.sqrt(b.weight / heaviest),
        fill: c.counterfactual, fillOpacity: 0.75, stroke: c.paper, title: "label" }),
      Plot.ruleX(next, { x: "x", y1: "lo", y2: "hi", stroke: c.accent, strokeWidth: 3 }),
      Plot.dot(next, { x: "x", y: "y", r: 5, fill: c.accent, stroke: c.paper }),
    ],
  });
}

/* Effects against a moderator: a bubble a city, the line with its interval, and the wider band in
 * which single cities lie. */
import * as Plot from "@observablehq/plot";
import type { Estimate, PoolModerator, PoolResult } from "./data";
import { theme } from "./theme";
import type { PoolWords } from "./poolWords";

interface Bubble {
  x: number;
  y: number;
  weight: number;
  label: string;
}

function bubbles(pool: PoolResult, name: string): Bubble[] {
  return pool.effects.flatMap((e) => {
    const x = e.moderators[name] ?? null;
    return x === null || e.shown.value === null ? []
      : [{ x, y: e.shown.value, weight: e.weight ?? 0, label: e.label }];
  });
}

export function drawModerator(pool: PoolResult, m: PoolModerator, w: PoolWords, width: number): Element {
  const c = theme();
  const list = bubbles(pool, m.name);
  const heaviest = Math.max(...list.map((b) => b.weight), 1e-9);
  const band = (of: (p: PoolModerator["line"][number]) => Estimate): { x: number; lo: number; hi: number }[] =>
    m.line.flatMap((p) => {
      const { lo, hi } = of(p);
      return lo === null || hi === null ? [] : [{ x: p.x, lo, hi }];
    });
  const target = pool.transfer;
  const there = target ? target.moderators[m.name] ?? null : null;
  const next = target && there !== null && target.shown.value !== null
    ? [{ x: there, y: target.shown.value, lo: target.shown.lo, hi: target.shown.hi }] : [];
  return Plot.plot({
    width,
    height: Math.min(380, Math.max(260, 0.5 * width)),
    marginTop: 26,
    marginBottom: 40,
    marginLeft: 52,
    style: { background: "transparent", color: c.muted, fontSize: "12px", fontFamily: "inherit" },
    r: { type: "identity" },
    x: { label: w.moderator(m.name).axis, labelOffset: 36, labelArrow: "none", labelAnchor: "center", nice: true, inset: 10,
      tickFormat: (v: number) => (m.name === "year" ? String(v) : v.toLocaleString("en-GB")) },
    y: { label: w.axis(pool.unit), grid: true, nice: true, labelOffset: 42, labelArrow: "none" },
    marks: [
      Plot.areaY(band((p) => p.pi), { x: "x", y1: "lo", y2: "hi", fill: c.counterfactual, fillOpacity: 0.09 }),
      Plot.areaY(band((p) => p.mean), { x: "x", y1: "lo", y2: "hi", fill: c.band }),
      Plot.ruleY([0], { stroke: c.muted }),
      Plot.line(m.line, { x: "x", y: (p: PoolModerator["line"][number]) => p.mean.value,
        stroke: c.counterfactual, strokeWidth: 2 }),
      Plot.dot(list, { x: "x", y: "y", r: (b: Bubble) => 2.5 + 6 * Math.sqrt(b.weight / heaviest),
        fill: c.counterfactual, fillOpacity: 0.75, stroke: c.paper, title: "label" }),
      Plot.ruleX(next, { x: "x", y1: "lo", y2: "hi", stroke: c.accent, strokeWidth: 3 }),
      Plot.dot(next, { x: "x", y: "y", r: 5, fill: c.accent, stroke: c.paper }),
    ],
  });
}

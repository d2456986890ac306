/* The funnel: effects against their standard errors. Where only chance is at work, small studies
 * scatter evenly about the mean, most of them within the funnel. */
import * as Plot from "@observablehq/plot";
import type { PoolPage, PoolResult } from "./data";
import { theme } from "./theme";
import { toShown, type PoolWords } from "./poolWords";

interface Point {
  x: number;
  se: number;
  label: string;
}

const STEPS = 40;

export function drawFunnel(page: PoolPage, pool: PoolResult, w: PoolWords, width: number): Element {
  const c = theme();
  const largest = 1.08 * Math.max(...pool.effects.map((e) => e.se),
    ...(pool.bias?.filled ?? []).map((e) => e.se), 1e-12);
  const z = page.funnel_half;
  const centre = pool.mean_y ?? 0;
  const edge = (side: number): [number, number][] => Array.from({ length: STEPS + 1 }, (_, i) => {
    const se = (largest * i) / STEPS;
    return [toShown(pool.unit, centre + side * z * se), se];
  });
  const points = pool.effects.map((e): Point =>
    ({ x: toShown(pool.unit, e.y), se: e.se, label: e.label }));
  const filled = (pool.bias?.filled ?? []).map((e): Point =>
    ({ x: toShown(pool.unit, e.y), se: e.se, label: "" }));
  return Plot.plot({
    width,
    height: Math.min(380, Math.max(260, 0.5 * width)),
    marginTop: 26,
    marginBottom: 40,
    marginLeft: 58,
    style: { background: "transparent", color: c.muted, fontSize: "12px", fontFamily: "inherit" },
    x: { label: w.axis(pool.unit), labelOffset: 36, labelArrow: "none", labelAnchor: "center", nice: true, inset: 10 },
    y: { label: w.standardError(pool.unit), domain: [0, largest], reverse: true, grid: true, ticks: 5,
      labelOffset: 50, labelArrow: "none", tickFormat: (v: number) => String(+(pool.unit === "%" ? 100 * v : v).toPrecision(3)) },
    marks: [
      Plot.line([...edge(-1), ...edge(1).reverse()], { fill: c.band, stroke: "none" }),
      Plot.ruleX([toShown(pool.unit, centre)], { stroke: c.counterfactual, strokeDasharray: "3,3" }),
      Plot.dot(filled, { x: "x", y: "se", r: 4.5, stroke: c.muted, strokeWidth: 1.6 }),
      Plot.dot(points, { x: "x", y: "se", r: 4.5, fill: c.counterfactual, stroke: c.paper, title: "label" }),
    ],
  });
}

/* The funnel: effects against their standard errors. Where only chance is at work, small studies
 * scatter evenly about the mean, most of them within the funnel. */
import * as Plot from "@observablehq/plot";
import type { PoolPage, PoolResult } from "./data";
import { shownOf, toShown } from "./poolShown";
import type { PoolWords } from "./poolWords";
import { theme } from "./theme";

interface Point {
  x: number;
  se: number;
  label: string;
}

const STEPS = 40;

export function drawFunnel(page: PoolPage, pool: PoolResult, w: PoolWords, width: number): Element {
  const c = theme();
  const shown = shownOf(pool);
  const at = (y: number): number => shown.scaled(toShown(pool.unit, y));
  /* An error in log ratio is nearly one in percent. */
  const error = (se: number): number => (pool.unit === "%" ? 100 * se : shown.scaled(se));
  const filledIn = pool.bias?.filled ?? [];
  const largest = 1.08 * Math.max(...pool.effects.map((e) => e.se), ...filledIn.map((e) => e.se), 1e-12);
  const z = page.funnel_half;
  const centre = pool.mean_y ?? 0;
  const edge = (side: number): [number, number][] => Array.from({ length: STEPS + 1 }, (_, i) => {
    const se = (largest * i) / STEPS;
    return [at(centre + side * z * se), error(se)];
  });
  const points = pool.effects.map((e): Point => ({ x: at(e.y), se: error(e.se), label: e.label }));
  const filled = filledIn.map((e): Point => ({ x: at(e.y), se: error(e.se), label: "" }));
  const below = [...points, ...filled].some((p) => p.x < 0);
  return Plot.plot({
    width,
    height: Math.min(380, Math.max(260, 0.5 * width)),
    marginTop: 26,
    marginBottom: 40,
    marginLeft: 58,
    style: { background: "transparent", color: c.muted, fontSize: "12px", fontFamily: "inherit" },
    x: { label: w.axis(shown.unit, below), labelOffset: 36, labelArrow: "none", labelAnchor: "center", nice: true, inset: 10 },
    y: { label: w.standardError(shown.unit), domain: [0, error(largest)], reverse: true, grid: true, ticks: 5,
      labelOffset: 50, labelArrow: "none", tickFormat: (v: number) => String(+v.toPrecision(3)) },
    marks: [
      Plot.line([...edge(-1), ...edge(1).reverse()], { fill: c.band, stroke: "none" }),
      Plot.ruleX([at(centre)], { stroke: c.counterfactual, strokeDasharray: "3,3" }),
      Plot.dot(filled, { x: "x", y: "se", r: 4.5, stroke: c.muted, strokeWidth: 1.6 }),
      Plot.dot(points, { x: "x", y: "se", r: 4.5, fill: c.counterfactual, stroke: c.paper, title: "label" }),
    ],
  });
}

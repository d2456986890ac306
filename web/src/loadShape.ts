/* The average day of a meter, hour by hour: before, after, and without the measure; by season. */
import * as Plot from "@observablehq/plot";
import type { LoadShape, Maybe, Report } from "./data";
import { el, type Cell } from "./dom";
import { figure, legend } from "./figure";
import { amount, number } from "./format";
import { keepDrawn, theme } from "./theme";
import { words } from "./words";

const NARROW = 640;

interface Point {
  season: string;
  hour: number;
  use: number;
}

/* A step at each hour, up to the end of the day. */
function points(shapes: LoadShape[], line: "before" | "after" | "counterfactual",
  name: (season: string) => string): Point[] {
  return shapes.flatMap((s) => [...s[line], s[line][23] ?? null].flatMap((use, hour) =>
    use === null ? [] : [{ season: name(s.season), hour, use }]));
}

function draw(report: Report, shapes: LoadShape[], width: number): Element {
  const c = theme();
  const w = words(report.lang);
  const name = (season: string): string => w.season(season);
  const narrow = width < NARROW;
  const facet = narrow ? { fy: "season" } : { fx: "season" };
  const order = shapes.map((s) => name(s.season));
  const line = (key: "before" | "after" | "counterfactual", stroke: string, more = {}): Plot.Markish =>
    Plot.line(points(shapes, key, name), { ...facet, x: "hour", y: "use", stroke,
      curve: "step-after", strokeWidth: 1.8, ...more });
  return Plot.plot({
    width,
    height: narrow ? 150 * shapes.length : 260,
    marginLeft: 52,
    marginRight: narrow ? 62 : 10,
    marginTop: narrow ? 24 : 40,
    marginBottom: 40,
    style: { background: "transparent", color: c.muted, fontSize: "12px", fontFamily: "inherit" },
    ...(narrow ? { fy: { label: null, domain: order } } : { fx: { label: null, domain: order } }),
    x: { label: w.hourOfDay, domain: [0, 24], ticks: narrow ? [0, 6, 12, 18, 24] : [0, 12, 24] },
    y: { label: `${report.quantity.unit} ${w.perMeterHour}`, grid: true, zero: true, nice: true,
      labelOffset: 46 },
    marks: [
      Plot.ruleY([0], { stroke: c.muted }),
      line("before", c.muted, { strokeDasharray: "3,3", strokeWidth: 1.4 }),
      line("counterfactual", c.counterfactual),
      line("after", c.observed),
    ],
  });
}

/* The hour in which most was saved on an average day. */
function best(shape: LoadShape): { hour: number; saved: Maybe } {
  let [hour, saved] = [0, -Infinity];
  shape.counterfactual.forEach((c, h) => {
    const a = shape.after[h] ?? null;
    if (c !== null && a !== null && c - a > saved) [hour, saved] = [h, c - a];
  });
  return { hour, saved: Number.isFinite(saved) ? saved : null };
}

export function loadShape(report: Report): HTMLElement[] {
  const shapes = report.load_shape?.filter((s) => s.before.some((x) => x !== null)) ?? [];
  const year = shapes[0];
  if (!year) return [];
  const w = words(report.lang);
  const unit = report.quantity.unit;
  const frame = el("div", { class: "plot" });
  keepDrawn(frame, (width) => frame.replaceChildren(draw(report, shapes, width)));
  const { hour, saved } = best(year);
  const rows: Cell[][] = shapes.flatMap((s) => s.before.map((b, h): Cell[] =>
    [w.season(s.season), h, b, s.after[h] ?? null, s.counterfactual[h] ?? null]));
  return [figure(report, {
    id: "load-shape",
    title: w.loadShapeTitle,
    summary: w.loadShapeSummary(`${hour}:00`, `${(hour + 1) % 24}:00`, amount(saved, unit)),
    chart: el("div", {},
      legend([
        { label: w.before, mark: "before" },
        { label: w.counterfactual, mark: "counterfactual" },
        { label: w.after, mark: "observed" },
      ]), frame),
    note: w.loadShapeNote,
    header: [w.seasonName, w.hourOfDay, `${w.before} (${unit})`, `${w.after} (${unit})`,
      `${w.counterfactual} (${unit})`],
    rows,
    shown: rows.map((r) => [String(r[0]), `${r[1]}:00`,
      ...r.slice(2).map((x) => number(x as Maybe, 3))]),
  })];
}

/* A chart over days: lines with a band, the installation shaded. */
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import type { Maybe, Span } from "./data";
import { el } from "./dom";
import { monthTick, number, seconds } from "./format";
import { keepDrawn, theme, type Theme } from "./theme";

export interface Line {
  values: Maybe[];
  colour: (t: Theme) => string;
  width: number;
}

export interface Timeline {
  dates: string[];
  lines: Line[];
  /** Filled between the two. */
  band: { lo: Maybe[]; hi: Maybe[] };
  installation: Span;
  axis: string;
  height: number;
  /** Draws a line at zero. */
  zero?: boolean;
}

function shadeInstallation(t: Timeline, colours: Theme): uPlot.Plugin {
  return {
    hooks: {
      drawClear: (u: uPlot) => {
        const from = u.valToPos(seconds(t.installation.from), "x", true);
        const to = u.valToPos(seconds(t.installation.to), "x", true);
        u.ctx.save();
        u.ctx.fillStyle = colours.installation;
        const left = Math.max(from, u.bbox.left);
        const right = Math.min(Math.max(to, from + 2), u.bbox.left + u.bbox.width);
        if (right > left) u.ctx.fillRect(left, u.bbox.top, right - left, u.bbox.height);
        u.ctx.restore();
      },
    },
  };
}

/* First days of months, as many as there is room for. */
function monthSplits(u: uPlot): number[] {
  const [min, max] = [u.scales.x?.min ?? 0, u.scales.x?.max ?? 0];
  const months = (max - min) / 86400 / 30.4;
  const room = Math.max(2, Math.floor(u.width / 70));
  const step = [1, 2, 3, 6, 12].find((s) => months / s <= room) ?? 12;
  const at = new Date(min * 1000);
  const splits: number[] = [];
  for (let k = Math.ceil((at.getUTCFullYear() * 12 + at.getUTCMonth()) / step) * step; ; k += step) {
    const second = Date.UTC(Math.floor(k / 12), k % 12, 1) / 1000;
    if (second > max) return splits;
    if (second >= min) splits.push(second);
  }
}

function options(t: Timeline, width: number): uPlot.Options {
  const c = theme();
  const axis = { stroke: c.muted, grid: { stroke: c.grid, width: 1 }, ticks: { show: false },
    font: "12px system-ui, sans-serif" };
  return {
    width,
    height: t.height,
    tzDate: (at: number) => new Date(at * 1000),
    legend: { show: false },
    cursor: { show: false },
    scales: {
      x: { time: true },
      y: { range: (_u, min, max) => uPlot.rangeNum(t.zero ? Math.min(0, min) : min, max, 0.08, true) },
    },
    axes: [
      { ...axis, size: 28, grid: { show: false }, splits: monthSplits, values: (_u, s) => s.map(monthTick) },
      { ...axis, size: 62, values: (_u, s, _i, _space, step) =>
        s.map((v) => number(v, step < 0.1 ? 2 : step < 1 ? 1 : 0)) },
    ],
    series: [
      {},
      { show: true, stroke: "transparent", width: 0, points: { show: false } },
      { show: true, stroke: "transparent", width: 0, points: { show: false } },
      ...t.lines.map((l) => ({ stroke: l.colour(c), width: l.width, points: { show: false } })),
    ],
    bands: [{ series: [2, 1], fill: c.band }],
    plugins: [shadeInstallation(t, c)],
  };
}

export function timeline(t: Timeline): HTMLElement {
  const frame = el("div", { class: "plot" });
  const caption = el("div", { class: "axis-label" }, t.axis);
  const data = [
    t.dates.map(seconds), t.band.lo, t.band.hi, ...t.lines.map((l) => l.values),
  ] as uPlot.AlignedData;
  let chart: uPlot | null = null;
  keepDrawn(frame, (width) => {
    chart?.destroy();
    chart = new uPlot(options(t, width), data, frame);
  });
  return el("div", {}, caption, frame);
}

/** Means over `days` days around each, of what is there; missing where the day itself is. */
export function smooth(values: Maybe[], days: number): Maybe[] {
  const half = Math.floor(days / 2);
  return values.map((v, i) => {
    if (v === null) return null;
    let [sum, n] = [0, 0];
    for (let k = Math.max(0, i - half); k <= Math.min(values.length - 1, i + half); k++) {
      const x = values[k] ?? null;
      if (x !== null) [sum, n] = [sum + x, n + 1];
    }
    return sum / n;
  });
}

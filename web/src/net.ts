/* What is left of the CO2e avoided: a step down for each thing that it costs. */
import * as Plot from "@observablehq/plot";
import type { Net, NetPart, Report } from "./data";
import { el, table } from "./dom";
import { figure } from "./figure";
import { amount, number, scaleFor, type Scale } from "./format";
import { netWords } from "./netWords";
import { nameAxis, NARROW } from "./room";
import { keepDrawn, theme } from "./theme";
import { words } from "./words";

/* The steps from what was measured to what is left; the other parts are in the table. */
const STEPS = ["saving", "not_counted", "rebound", "own_footprint", "induced", "net"];
const WHOLE = ["saving", "net"];

interface Step {
  name: string;
  /** Where the bar begins and ends. */
  from: number;
  to: number;
  whole: boolean;
  text: string;
  lo: number;
  hi: number;
}

function steps(net: Net, lang: string, scale: Scale): Step[] {
  const w = netWords(lang);
  const list: Step[] = [];
  let left = 0;
  for (const key of STEPS) {
    const p = net.parts.find((q) => q.part === key);
    if (!p || p.value === null || p.lo === null || p.hi === null) continue;
    const whole = WHOLE.includes(key);
    if (!whole && p.value === 0 && p.lo === p.hi) continue;
    const value = p.value / scale.divisor;
    list.push({ name: w.part(key), from: whole ? 0 : left, to: whole ? value : left - value, whole,
      text: amount(whole ? p.value : -p.value, "kg", scale), lo: p.lo / scale.divisor,
      hi: p.hi / scale.divisor });
    left = whole ? value : left - value;
  }
  return list;
}

function draw(report: Report, list: Step[], unit: string, width: number): Element {
  const c = theme();
  const w = netWords(report.lang);
  const whole = list.filter((s) => s.whole);
  const names = list.map((s) => s.name);
  const { marginLeft, tickFormat } = nameAxis(names, width);
  return Plot.plot({
    width,
    height: 62 + 42 * list.length,
    marginBottom: 40,
    marginLeft,
    marginRight: 24,
    style: { background: "transparent", color: c.muted, fontSize: "12px", fontFamily: "inherit" },
    x: { label: w.axis(unit), labelOffset: 36, grid: true, nice: true, zero: true, ticks: width < NARROW ? 4 : 8 },
    y: { label: null, domain: names, tickFormat, tickSize: 0, padding: 0.45 },
    marks: [
      Plot.barX(list, { y: "name", x1: "from", x2: "to",
        fill: (s: Step) => (s.whole ? c.counterfactual : c.accent),
        fillOpacity: (s: Step) => (s.whole ? 0.75 : 0.85) }),
      Plot.ruleX([0], { stroke: c.ink }),
      Plot.ruleY(whole, { y: "name", x1: "lo", x2: "hi", stroke: c.ink, strokeWidth: 1.5 }),
      Plot.tickX(whole.flatMap((s) => [{ name: s.name, at: s.lo }, { name: s.name, at: s.hi }]),
        { y: "name", x: "at", stroke: c.ink, inset: 5 }),
      Plot.text(list, { y: "name", x: (s: Step) => Math.max(s.from, s.to, s.whole ? s.hi : -Infinity),
        text: "text", textAnchor: "end", dy: -19, fill: c.ink }),
    ],
  });
}

function bases(net: Net, lang: string): HTMLElement {
  const w = netWords(lang);
  return table([w.header, w.known],
    Object.entries(net.assessment.basis).map(([k, b]) => [w.part(k), w.basis(b)]), 2);
}

export function net(report: Report): HTMLElement[] {
  const n = report.net;
  if (!n) return [];
  const w = netWords(report.lang);
  const all = words(report.lang);
  const of = (key: string): NetPart =>
    n.parts.find((p) => p.part === key) ?? { part: key, value: null, lo: null, hi: null };
  const scale = scaleFor(of("saving").value, "kg");
  const list = steps(n, report.lang, scale);
  const frame = el("div", { class: "plot" });
  keepDrawn(frame, (width) =>
    frame.replaceChildren(...(list.length > 0 ? [draw(report, list, scale.unit, width)] : [])));
  const cost = n.cost_per_tonne ? ` ${w.cost(n.cost_per_tonne)}` : "";
  return [figure(report, {
    id: "net",
    title: w.title,
    summary: w.summary(n, of("net"), report.level) + cost,
    chart: frame,
    note: w.note(n),
    header: [w.header, "kg", `${all.low} (kg)`, `${all.high} (kg)`],
    rows: n.parts.map((p) => [p.part, p.value, p.lo, p.hi]),
    shown: n.parts.map((p) => [w.part(p.part), number(p.value, 1), number(p.lo, 1), number(p.hi, 1)]),
    after: [el("h3", {}, w.assessment), el("p", { class: "tier" }, w.tier(n)), bases(n, report.lang)],
  })];
}

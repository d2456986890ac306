/* For whom: bills, investment and burden by group, how the benefit is spread over incomes, and who
 * lost. */
import * as Plot from "@observablehq/plot";
import type { Concentration, GroupRow, Inclusion, Maybe, Money, Report } from "./data";
import { el, type Cell } from "./dom";
import { figure, legend, tabled } from "./figure";
import { forWhomWords } from "./forWhomWords";
import { count, number, percent, percentInterval } from "./format";
import { nameAxis } from "./room";
import { keepDrawn, theme } from "./theme";
import { words } from "./words";

const SHOWN = 40;

/* ---- the table -------------------------------------------------------------------------------- */

interface Line extends Money {
  by: string;
  label: string;
  meters: number;
  pHolm: Maybe;
}

function lines(report: Report, whole: Inclusion): Line[] {
  const w = words(report.lang);
  const all: Line = { ...whole, by: "", label: w.all, meters: report.meters.ok, pHolm: null };
  const groups = report.groups.flatMap(({ by, rows }) => rows.map((r: GroupRow): Line => ({ ...r, by,
    label: r.group === "" ? w.notGiven : r.group, pHolm: r.against_rest?.p_holm ?? null })));
  return [all, ...groups];
}

/* The columns that a measure has figures for. */
interface Column {
  name: string;
  cell: (l: Line) => Cell;
  shown: (l: Line) => string;
}

function columns(report: Report, whole: Inclusion): Column[] {
  const w = forWhomWords(report.lang);
  const common = words(report.lang);
  const unit = whole.bill?.currency ?? "";
  const money = (name: string, get: (l: Line) => Maybe): Column =>
    ({ name: `${name} (${unit})`, cell: get, shown: (l) => number(get(l), 0) });
  const share = (name: string, get: (l: Line) => Maybe): Column =>
    ({ name: `${name} (%)`, cell: get, shown: (l) => percent(get(l), 2) });
  return [
    { name: common.meters, cell: (l) => l.meters, shown: (l) => count(l.meters) },
    ...(whole.bill ? [
      money(w.billBefore, (l) => l.bill?.before ?? null),
      money(w.billAfter, (l) => l.bill?.after ?? null),
      money(w.billSaved, (l) => l.bill?.saved.value ?? null),
      { name: `${common.interval(report.level)} (${unit})`,
        cell: (l: Line) => l.bill ? `${l.bill.saved.lo} ${common.to} ${l.bill.saved.hi}` : null,
        shown: (l: Line) => l.bill
          ? `${number(l.bill.saved.lo, 0)} ${common.to} ${number(l.bill.saved.hi, 0)}` : "–" },
    ] : []),
    ...(whole.investment ? [
      money(w.netInvestment, (l) => l.investment?.net ?? null),
      { name: w.payback, cell: (l: Line) => l.investment?.payback_years ?? null,
        shown: (l: Line) => number(l.investment?.payback_years ?? null, 1) },
    ] : []),
    ...(whole.burden ? [
      share(w.burdenBefore, (l) => l.burden?.before_percent.value ?? null),
      share(w.burdenAfter, (l) => l.burden?.after_percent ?? null),
    ] : []),
    ...(whole.interaction.length > 0 ? [
      { name: w.pRest, cell: (l: Line) => l.pHolm, shown: (l: Line) => number(l.pHolm, 3) },
    ] : []),
  ];
}

function overview(report: Report, whole: Inclusion): HTMLElement {
  const w = forWhomWords(report.lang);
  const list = lines(report, whole);
  const shown = columns(report, whole);
  return tabled(report, {
    id: "for-whom",
    title: w.title,
    summary: [w.bills(whole, report), w.invested(whole), w.losers(whole, report.level)]
      .filter((s) => s !== "").join(" ") || w.what,
    header: ["", w.group, ...shown.map((c) => c.name)],
    rows: list.map((l) => [l.by, l.label, ...shown.map((c) => c.cell(l))]),
    shown: list.map((l) => [l.by === "" ? "" : words(report.lang).column(l.by), l.label,
      ...shown.map((c) => c.shown(l))]),
    ...(whole.interaction.length > 0 ? { note: w.interaction(whole.interaction.map((t) =>
      ({ ...t, by: words(report.lang).column(t.by) }))) } : {}),
  }, 2);
}

/* ---- concentration ---------------------------------------------------------------------------- */

interface Point {
  x: number;
  y: number;
  lo: Maybe;
  hi: Maybe;
}

function points(c: Concentration): Point[] {
  return c.curve.flatMap(({ poorest_percent: x, percent: { value, lo, hi } }) =>
    value === null ? [] : [{ x, y: value, lo, hi }]);
}

function drawCurve(lang: string, list: Point[], width: number): Element {
  const c = theme();
  const w = forWhomWords(lang);
  const band = list.filter((p) => p.lo !== null && p.hi !== null);
  const side = Math.min(width, 520);
  return Plot.plot({
    width: side,
    height: Math.min(side, 420),
    marginLeft: 52,
    marginBottom: 44,
    style: { background: "transparent", color: c.muted, fontSize: "12px", fontFamily: "inherit" },
    x: { label: w.poorest, labelOffset: 38, grid: true, domain: [0, 100], labelArrow: "right" },
    y: { label: w.shareOfBenefit, grid: true, nice: true, labelArrow: "up" },
    marks: [
      Plot.areaY(band, { x: "x", y1: "lo", y2: "hi", fill: c.counterfactual, fillOpacity: 0.18 }),
      Plot.line([[0, 0], [100, 100]], { stroke: c.ink, strokeWidth: 1, strokeDasharray: "3,3" }),
      Plot.lineY(list, { x: "x", y: "y", stroke: c.counterfactual, strokeWidth: 2.2 }),
    ],
  });
}

function concentration(report: Report, whole: Inclusion): HTMLElement[] {
  const c = whole.concentration;
  const list = c ? points(c) : [];
  if (!c || c.index === null || list.length === 0) return [];
  const w = forWhomWords(report.lang);
  const common = words(report.lang);
  const frame = el("div", { class: "plot" });
  keepDrawn(frame, (width) => frame.replaceChildren(drawCurve(report.lang, list, width)));
  const half = c.curve.find((p) => p.poorest_percent === 50)?.percent.value ?? null;
  return [figure(report, {
    id: "concentration",
    title: w.concentrationTitle(c.of),
    summary: w.concentrationSummary(c, percent(half, 0)),
    chart: el("div", {},
      legend([
        { label: w.curve, mark: "counterfactual" },
        ...(list.some((p) => p.lo !== null)
          ? [{ label: common.interval(report.level), mark: "bar" }] : []),
        { label: w.equal, mark: "dashed" },
      ]), frame),
    note: w.concentrationNote(c),
    header: [w.poorest, w.shareOfBenefit, common.low, common.high],
    rows: c.curve.map((p) => [p.poorest_percent, p.percent.value, p.percent.lo, p.percent.hi]),
    shown: c.curve.map((p) => [percent(p.poorest_percent, 0), percent(p.percent.value),
      percent(p.percent.lo), percent(p.percent.hi)]),
  })];
}

/* ---- burden ----------------------------------------------------------------------------------- */

interface Mark {
  group: string;
  before: number;
  lo: Maybe;
  hi: Maybe;
  after: number;
}

function marks(rows: GroupRow[], label: (g: string) => string): Mark[] {
  return rows.flatMap((r) => {
    const before = r.burden?.before_percent;
    const after = r.burden?.after_percent ?? null;
    if (!before || before.value === null || after === null) return [];
    return [{ group: label(r.group), before: before.value, lo: before.lo, hi: before.hi, after }];
  });
}

function drawBurden(lang: string, list: Mark[], width: number): Element {
  const c = theme();
  const w = forWhomWords(lang);
  const names = list.map((m) => m.group);
  const { marginLeft, tickFormat } = nameAxis(names, width);
  return Plot.plot({
    width,
    height: 58 + 30 * list.length,
    marginBottom: 40,
    marginLeft,
    marginRight: 20,
    style: { background: "transparent", color: c.muted, fontSize: "12px", fontFamily: "inherit" },
    x: { label: w.ofIncome, labelOffset: 36, grid: true, nice: true, zero: true },
    y: { label: null, domain: names, tickFormat },
    marks: [
      Plot.ruleY(list.filter((m) => m.lo !== null && m.hi !== null), { y: "group", x1: "lo",
        x2: "hi", stroke: c.muted, strokeWidth: 5, strokeOpacity: 0.35, strokeLinecap: "round" }),
      Plot.ruleY(list, { y: "group", x1: "before", x2: "after", stroke: c.muted,
        strokeOpacity: 0.7 }),
      Plot.dot(list, { y: "group", x: "before", r: 4.5, stroke: c.muted, strokeWidth: 1.6,
        fill: c.paper }),
      Plot.dot(list, { y: "group", x: "after", r: 4.5, fill: c.counterfactual }),
    ],
  });
}

function burden(report: Report): HTMLElement[] {
  const w = forWhomWords(report.lang);
  const common = words(report.lang);
  const label = (g: string): string => (g === "" ? common.notGiven : g);
  return report.groups.flatMap(({ by, rows }) => {
    const all = marks(rows, label);
    if (all.length === 0) return [];
    const list = all.slice(0, SHOWN);
    const frame = el("div", { class: "plot" });
    keepDrawn(frame, (width) => frame.replaceChildren(drawBurden(report.lang, list, width)));
    const most = all.reduce((a, b) => (b.before > a.before ? b : a));
    return [figure(report, {
      id: `burden-${by}`,
      title: w.burdenTitle(common.column(by)),
      summary: w.burdenSummary(most.group, percent(most.before, 2), percent(most.after, 2)),
      chart: el("div", {},
        legend([{ label: w.without, mark: "ring" }, { label: w.with, mark: "dot" },
          { label: common.interval(report.level), mark: "before-bar" }]), frame),
      note: w.burdenNote + (all.length > SHOWN ? ` ${common.more(all.length - SHOWN)}` : ""),
      header: [common.column(by), w.households, `${w.burdenBefore} (%)`,
        common.interval(report.level), `${w.burdenAfter} (%)`],
      rows: rows.map((r) => [label(r.group), r.burden?.meters ?? null,
        r.burden?.before_percent.value ?? null,
        r.burden ? percentInterval(r.burden.before_percent, common.to) : null,
        r.burden?.after_percent ?? null]),
      shown: rows.map((r) => [label(r.group), r.burden ? count(r.burden.meters) : "–",
        percent(r.burden?.before_percent.value ?? null, 2),
        r.burden ? percentInterval(r.burden.before_percent, common.to) : "–",
        percent(r.burden?.after_percent ?? null, 2)]),
    })];
  });
}

/** What the page says of who gains. */
export function forWhom(report: Report): HTMLElement[] {
  const whole = report.inclusion;
  if (!whole) return [];
  return [overview(report, whole), ...concentration(report, whole), ...burden(report)];
}

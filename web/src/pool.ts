/* The page of pooled cities: what worked elsewhere, and would it work here? */
import type { Estimate, PoolModerator, PoolPage, PoolResult, PoolStep } from "./data";
import { el, table, type Cell } from "./dom";
import { figure, legend, tabled } from "./figure";
import { drawForest } from "./forest";
import { amount, count, date, levelText, number, percent, scaleFor } from "./format";
import { drawFunnel } from "./funnel";
import { keyFigure } from "./intro";
import { drawModerator } from "./moderator";
import { directionOf, moderatorValue, pValue, shownOf, turned, typeset } from "./poolShown";
import { poolWords, type PoolWords } from "./poolWords";
import { keepDrawn } from "./theme";

/* A figure of a page with several pools is told apart by the pool's type. */
const idOf = (page: PoolPage, pool: PoolResult, name: string): string =>
  page.pools.length > 1 && pool.type ? `${name}-${pool.type.replaceAll(".", "-")}` : name;

function drawn(draw: (width: number) => Element): HTMLElement {
  const frame = el("div", { class: "plot" });
  keepDrawn(frame, (width) => frame.replaceChildren(draw(width)));
  return frame;
}

/* Effects of the literature keep their signs; of savings below zero it is the rise that is told. */
function keyMean(pool: PoolResult, w: PoolWords): HTMLElement {
  const shown = shownOf(pool);
  const direction = directionOf(pool.pooled);
  const e = direction === "more" && pool.unit !== "" ? turned(pool.pooled) : pool.pooled;
  const range = shown.range(e, w.to);
  return keyFigure(shown.value(e.value), w.keyMean(direction, pool),
    direction === "unclear" && pool.unit !== "" ? w.mayBeNone(range) : range);
}

function keyNext(pool: PoolResult, w: PoolWords): HTMLElement[] {
  if (pool.pi.lo === null) return [];
  const direction = directionOf(pool.pi);
  const e = direction === "more" && pool.unit !== "" ? turned(pool.pi) : pool.pi;
  return [keyFigure(shownOf(pool).range(e, w.to), w.keyNext(direction), w.keyNextDetail(direction))];
}

function header(page: PoolPage, pool: PoolResult, w: PoolWords, first: boolean): HTMLElement {
  const keys = [
    keyMean(pool, w),
    ...keyNext(pool, w),
    keyFigure(count(pool.k), w.keyK(pool.k), w.keyOf(w.cities(pool.cities))),
    ...(pool.i2 !== null && pool.k > 1 ? [keyFigure(percent(pool.i2, 0),
      pool.moderators.length > 0 ? w.keySpreadLeft : w.keySpread, w.keySpreadDetail)] : []),
    ...(pool.grade ? [keyFigure(String(pool.grade.value), w.keyGrade, w.keyGradeOf)] : []),
  ];
  return el("header", { id: idOf(page, pool, "pool") },
    ...(first ? [el("p", { class: "eyebrow" },
      [w.eyebrow, page.outcome].filter((s) => s !== "").join(" · "))] : []),
    el("h1", {}, pool.title),
    el("p", { class: "sentence" }, typeset(pool.sentence)),
    el("div", { class: "keys" }, ...keys));
}

/* The columns of an effect, for reading and in files. */
const effectHeader = (w: PoolWords, unit = ""): string[] =>
  [w.estimate, w.from, w.until].map((s) => (unit === "" ? s : `${s} (${unit})`));

function forest(page: PoolPage, pool: PoolResult, w: PoolWords): HTMLElement {
  const level = levelText(page.level);
  const shown = shownOf(pool);
  const graded = pool.effects.some((e) => e.grade !== null);
  const dated = pool.effects.some((e) => e.year !== null);
  const header = (unit?: string): string[] => [w.city, ...(dated ? [w.year] : []), ...effectHeader(w, unit),
    w.weight, ...(graded ? [w.grade] : [])];
  return figure(page, {
    id: idOf(page, pool, "forest"),
    title: w.forestTitle,
    summary: w.forestSummary(pool, level),
    chart: drawn((width) => drawForest(pool, w, width)),
    ...(pool.pi_words ? { note: pool.pi_words } : {}),
    header: header(),
    fileHeader: header(pool.unit),
    rows: pool.effects.map((e): Cell[] => [e.label, ...(dated ? [e.year] : []), e.shown.value,
      e.shown.lo, e.shown.hi, e.weight, ...(graded ? [e.grade] : [])]),
    shown: pool.effects.map((e) => [e.label, ...(dated ? [e.year === null ? "–" : String(e.year)] : []),
      shown.value(e.shown.value), shown.bare(e.shown.lo), shown.bare(e.shown.hi),
      percent(e.weight === null ? null : 100 * e.weight),
      ...(graded ? [e.grade === null ? "–" : String(e.grade)] : [])]),
  });
}

const at = (name: string, value: number, lo: number, hi: number): [string, string, string] =>
  [moderatorValue(name, value), moderatorValue(name, lo), moderatorValue(name, hi)];

function transfer(page: PoolPage, pool: PoolResult, w: PoolWords): HTMLElement[] {
  const t = pool.transfer;
  if (!t) return [];
  const rows: Cell[][] = [];
  const shown: string[][] = [];
  if (!(pool.unit === "kWh" && t.energy)) {
    const bounds = [t.shown.value, t.shown.lo, t.shown.hi];
    rows.push([pool.unit === "" ? w.saving : `${w.saving} (${pool.unit})`, ...bounds]);
    shown.push([w.saving, ...bounds.map(shownOf(pool).value)]);
  }
  const add = (label: string, e: Estimate, unit: string): void => {
    const scale = scaleFor(e.value, unit);
    rows.push([`${label} (${unit})`, e.value, e.lo, e.hi]);
    shown.push([label, ...[e.value, e.lo, e.hi].map((x) => amount(x, unit, scale))]);
  };
  if (t.energy) {
    add(w.perUnit, t.energy.per_unit, t.energy.unit);
    add(w.stock, t.energy.stock, t.energy.unit);
  }
  if (t.co2e_t) add(w.emissions, t.co2e_t, "t");
  return [el("div", { class: "transfer" },
    tabled(page, {
      id: idOf(page, pool, "transfer"),
      title: w.transferTitle(t.city),
      summary: w.transferSummary(t.city, levelText(page.level)),
      header: [w.what, ...effectHeader(w)],
      rows,
      shown,
      ...(t.own_weight > 0 ? { note: w.own(percent(100 * t.own_weight, 0)) } : {}),
    }, 1),
    ...t.outside.map((o) => el("p", { class: "warning" }, w.outside(t.city, w.moderator(o.moderator).name,
      ...at(o.moderator, o.value, o.lo, o.hi)))))];
}

function moderator(page: PoolPage, pool: PoolResult, m: PoolModerator, w: PoolWords): HTMLElement {
  const { name } = w.moderator(m.name);
  const shown = shownOf(pool);
  return figure(page, {
    id: idOf(page, pool, `moderator-${m.name}`),
    title: w.moderatorTitle(name),
    summary: w.moderatorSummary(name, pool.moderators.length > 1, m.p, m.p_permuted),
    chart: el("div", {},
      legend([{ label: w.city, mark: "dot" },
        ...(pool.transfer ? [{ label: pool.transfer.city, mark: "truth" }] : [])]),
      drawn((width) => drawModerator(pool, m, w, width))),
    note: w.moderatorNote(pool.transfer?.outside.some((o) => o.moderator === m.name) === true),
    header: [w.city, m.name, ...effectHeader(w)],
    fileHeader: [w.city, m.name, ...effectHeader(w, pool.unit)],
    rows: pool.effects.map((e): Cell[] => [e.label, e.moderators[m.name] ?? null, e.shown.value,
      e.shown.lo, e.shown.hi]),
    shown: pool.effects.map((e) => [e.label,
      moderatorValue(m.name, e.moderators[m.name] ?? null), shown.value(e.shown.value),
      shown.bare(e.shown.lo), shown.bare(e.shown.hi)]),
  });
}

function bias(page: PoolPage, pool: PoolResult, w: PoolWords): HTMLElement[] {
  const b = pool.bias;
  if (!b) return [];
  const level = levelText(page.level);
  const shown = shownOf(pool);
  const mean = (e: Estimate | null): string =>
    e === null ? "–" : e.value === null ? w.notTold : shown.interval(e, w.to);
  const rows = b.rows.map((r) => [w.biasMethod[r.method], pValue(r.p, true), mean(r.shown),
    r.missing === null ? "" : w.missing(r.missing)]);
  return [figure(page, {
    id: idOf(page, pool, "funnel"),
    title: w.biasTitle,
    summary: w.biasSummary,
    chart: el("div", {},
      legend([{ label: w.city, mark: "dot" }, { label: w.funnelMean, mark: "dashed" },
        { label: w.funnelBand(level), mark: "band" },
        ...(b.filled.length > 0 ? [{ label: w.filledIn, mark: "ring" }] : [])]),
      drawn((width) => drawFunnel(page, pool, w, width))),
    header: [w.city, w.pooledScale(pool.unit), w.se],
    rows: pool.effects.map((e): Cell[] => [e.label, e.y, e.se]),
    shown: pool.effects.map((e) => [e.label, ...[e.y, e.se].map((x) =>
      pool.unit === "kWh" ? shown.value(x) : number(x, 4))]),
    after: [
      ...(b.few ? [el("p", { class: "warning" }, w.biasFew(pool.cities))] : []),
      ...(b.alike ? [el("p", { class: "note" }, w.biasAlike)] : []),
      table([w.method, w.testP, w.meanThen, ""], rows),
    ],
  })];
}

function steps(page: PoolPage, pool: PoolResult, list: PoolStep[],
  parts: { id: string; title: string; summary: string; label: string }, w: PoolWords): HTMLElement[] {
  if (list.length === 0) return [];
  const shown = shownOf(pool);
  return [tabled(page, {
    id: idOf(page, pool, parts.id),
    title: parts.title,
    summary: parts.summary,
    header: [parts.label, ...effectHeader(w), w.i2],
    fileHeader: [parts.label, ...effectHeader(w, pool.unit), w.i2],
    rows: list.map((s): Cell[] => [s.label, s.shown.value, s.shown.lo, s.shown.hi, s.i2]),
    shown: list.map((s) => [s.label, shown.value(s.shown.value), shown.bare(s.shown.lo),
      shown.bare(s.shown.hi), number(s.i2, 0)]),
  }, 1)];
}

function leaveOneOut(page: PoolPage, pool: PoolResult, w: PoolWords): HTMLElement[] {
  const { value } = shownOf(pool);
  const means = pool.leave_one_out.flatMap((s) => (s.shown.value === null ? [] : [s.shown.value]));
  return steps(page, pool, pool.leave_one_out, { id: "leave-one-out", title: w.looTitle,
    summary: w.looSummary(value(Math.min(...means)), value(Math.max(...means))),
    label: w.without }, w);
}

function cumulative(page: PoolPage, pool: PoolResult, w: PoolWords): HTMLElement[] {
  return steps(page, pool, pool.cumulative, { id: "cumulative", title: w.cumulativeTitle,
    summary: w.cumulativeSummary, label: w.upTo }, w);
}

function numbers(page: PoolPage, pool: PoolResult, w: PoolWords): HTMLElement {
  const shown = shownOf(pool);
  const also = (label: string, e: Estimate | null): string[][] => e ? [[label, shown.interval(e, w.to)]] : [];
  const rows = [...w.rows(pool, page, shown), ...also(w.robust, pool.robust), ...also(w.profiled, pool.profiled)];
  return el("section", { id: idOf(page, pool, "numbers") },
    el("h2", {}, w.numbersTitle),
    table([w.figureName, w.value], rows, 2),
    ...(pool.grade ? [el("h3", {}, w.gradeTitle), el("p", {}, w.gradeSummary(pool)),
      ...(pool.grade.down.length > 0 ? [el("ul", {}, ...pool.grade.down.map((d) => el("li", {}, d.words)))] : [])]
      : []));
}

function leftOut(page: PoolPage, w: PoolWords): HTMLElement {
  const went = page.pools.reduce((n, p) => n + p.k, 0);
  return el("section", { id: "left-out" },
    el("h2", {}, w.outTitle),
    el("p", { class: "summary" }, w.outSummary(went, page.left_out.length)),
    ...(page.left_out.length > 0 ? [table([w.city, w.why, w.file],
      page.left_out.map((o) => [o.city ?? "–", o.words, o.file]), 3)] : []),
    el("p", { class: "note" }, w.madeBy(date(page.created), `${page.tool.name} ${page.tool.version}`)));
}

function one(page: PoolPage, pool: PoolResult, i: number): HTMLElement[] {
  const w = poolWords(page.lang, pool);
  return [header(page, pool, w, i === 0), forest(page, pool, w), ...transfer(page, pool, w),
    ...pool.moderators.map((m) => moderator(page, pool, m, w)), ...bias(page, pool, w),
    ...leaveOneOut(page, pool, w), ...cumulative(page, pool, w), numbers(page, pool, w)];
}

export function pooled(page: PoolPage): HTMLElement[] {
  const parts = page.pools.flatMap((p, i) => one(page, p, i));
  const [first] = page.pools;
  return first ? [...parts, leftOut(page, poolWords(page.lang, first))] : parts;
}

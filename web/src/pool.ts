/* The page of pooled cities: what worked elsewhere, and would it work here? */
import type { Estimate, Maybe, PoolModerator, PoolPage, PoolResult, PoolStep } from "./data";
import { el, table, type Cell } from "./dom";
import { figure, legend, tabled } from "./figure";
import { drawForest, withInterval } from "./forest";
import { amount, count, date, number, percent, scaleFor } from "./format";
import { drawFunnel } from "./funnel";
import { keyFigure } from "./intro";
import { drawModerator } from "./moderator";
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

const shownText = (pool: PoolResult, x: Maybe): string =>
  pool.unit === "%" ? percent(x) : amount(x, pool.unit);

const rangeText = (pool: PoolResult, e: Estimate, to: string): string =>
  e.lo === null || e.hi === null ? "–" : `${number(e.lo, 1)} ${to} ${shownText(pool, e.hi)}`;

function header(page: PoolPage, pool: PoolResult, w: PoolWords, first: boolean): HTMLElement {
  const keys = [
    keyFigure(shownText(pool, pool.pooled.value), pool.unit === "%" ? w.keyMean : w.keyMeanOf,
      rangeText(pool, pool.pooled, w.to)),
    ...(pool.pi.lo !== null
      ? [keyFigure(rangeText(pool, pool.pi, w.to), w.keyNext, w.keyNextDetail)] : []),
    keyFigure(count(pool.k), w.keyK, w.keyOf(w.cities(pool.cities))),
    ...(pool.i2 !== null && pool.k > 1 ? [keyFigure(percent(pool.i2, 0),
      pool.moderators.length > 0 ? w.keySpreadLeft : w.keySpread, w.keySpreadDetail)] : []),
    ...(pool.grade ? [keyFigure(String(pool.grade.value), w.keyGrade, w.keyGradeOf)] : []),
  ];
  return el("header", {},
    ...(first ? [el("p", { class: "eyebrow" }, [w.eyebrow, page.outcome].join(" · "))] : []),
    el(first ? "h1" : "h2", {}, pool.title),
    el("p", { class: "sentence" }, pool.sentence),
    el("div", { class: "keys" }, ...keys));
}

function forest(page: PoolPage, pool: PoolResult, w: PoolWords): HTMLElement {
  const level = percent(100 * page.level, 0);
  const head = [w.city, w.year, w.estimate, w.from, w.until, w.weight, w.grade];
  return figure(page, {
    id: idOf(page, pool, "forest"),
    title: w.forestTitle,
    summary: w.forestSummary(pool, level),
    chart: drawn((width) => drawForest(pool, w, width)),
    ...(pool.pi_words ? { note: w.forestNote(pool) } : {}),
    header: head,
    rows: pool.effects.map((e): Cell[] => [e.label, e.year, e.shown.value, e.shown.lo, e.shown.hi,
      e.weight, e.grade]),
    shown: pool.effects.map((e) => [e.label, e.year === null ? "–" : String(e.year),
      shownText(pool, e.shown.value), number(e.shown.lo, 1), number(e.shown.hi, 1),
      percent(e.weight === null ? null : 100 * e.weight), e.grade === null ? "–" : String(e.grade)]),
  });
}

function transfer(page: PoolPage, pool: PoolResult, w: PoolWords): HTMLElement[] {
  const t = pool.transfer;
  if (!t) return [];
  const rows: Cell[][] = [[w.saving, t.shown.value, t.shown.lo, t.shown.hi]];
  const shown = [[w.saving, ...[t.shown.value, t.shown.lo, t.shown.hi].map((x) => shownText(pool, x))]];
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
  const o = t.outside;
  return [el("div", { class: "transfer" },
    tabled(page, {
      id: idOf(page, pool, "transfer"),
      title: w.transferTitle(t.city),
      summary: w.transferSummary(t.city, percent(100 * page.level, 0)),
      header: [w.what, w.estimate, w.from, w.until],
      rows,
      shown,
      ...(t.own_weight > 0 ? { note: w.own(percent(100 * t.own_weight, 0)) } : {}),
    }, 1),
    ...(o ? [el("p", { class: "warning" }, w.outside(w.moderator(o.moderator).name, count(o.value), count(o.lo),
      count(o.hi)))] : []))];
}

function moderator(page: PoolPage, pool: PoolResult, m: PoolModerator, w: PoolWords): HTMLElement {
  const { name } = w.moderator(m.name);
  return figure(page, {
    id: idOf(page, pool, `moderator-${m.name}`),
    title: w.moderatorTitle(name),
    summary: w.moderatorSummary(name, pool.moderators.length > 1, number(m.p, 3),
      number(m.p_permuted, 3)),
    chart: el("div", {},
      legend([{ label: w.city, mark: "dot" },
        ...(pool.transfer ? [{ label: pool.transfer.city, mark: "truth" }] : [])]),
      drawn((width) => drawModerator(pool, m, w, width))),
    note: w.moderatorNote,
    header: [w.city, m.name, w.estimate, w.from, w.until],
    rows: pool.effects.map((e): Cell[] => [e.label, e.moderators[m.name] ?? null, e.shown.value,
      e.shown.lo, e.shown.hi]),
    shown: pool.effects.map((e) => [e.label, number(e.moderators[m.name] ?? null, 0),
      shownText(pool, e.shown.value), number(e.shown.lo, 1), number(e.shown.hi, 1)]),
  });
}

function bias(page: PoolPage, pool: PoolResult, w: PoolWords): HTMLElement[] {
  const b = pool.bias;
  if (!b) return [];
  const level = percent(100 * page.level, 0);
  const rows = b.rows.map((r) => [w.biasMethod[r.method], number(r.p, 3),
    r.shown ? withInterval(r.shown, w.to) : "–", r.missing === null ? "" : w.missing(r.missing)]);
  return [figure(page, {
    id: idOf(page, pool, "funnel"),
    title: w.biasTitle,
    summary: w.biasSummary,
    chart: el("div", {},
      legend([{ label: w.city, mark: "dot" }, { label: w.funnelMean, mark: "dashed" },
        { label: w.funnelBand(level), mark: "band" },
        ...(b.filled.length > 0 ? [{ label: w.filledIn, mark: "ring" }] : [])]),
      drawn((width) => drawFunnel(page, pool, w, width))),
    header: [w.city, w.estimate, w.se],
    rows: pool.effects.map((e): Cell[] => [e.label, e.y, e.se]),
    shown: pool.effects.map((e) => [e.label, number(e.y, 4), number(e.se, 4)]),
    after: [
      ...(b.few ? [el("p", { class: "warning" }, w.biasFew(pool.k))] : []),
      table([w.method, w.testP, w.meanThen, ""], rows),
    ],
  })];
}

function steps(page: PoolPage, pool: PoolResult, list: PoolStep[],
  parts: { id: string; title: string; summary: string; label: string }, w: PoolWords): HTMLElement[] {
  if (list.length === 0) return [];
  return [tabled(page, {
    id: idOf(page, pool, parts.id),
    title: parts.title,
    summary: parts.summary,
    header: [parts.label, w.mean, w.from, w.until, w.i2],
    rows: list.map((s): Cell[] => [s.label, s.shown.value, s.shown.lo, s.shown.hi, s.i2]),
    shown: list.map((s) => [s.label, shownText(pool, s.shown.value), number(s.shown.lo, 1),
      number(s.shown.hi, 1), number(s.i2, 0)]),
  }, 1)];
}

function leaveOneOut(page: PoolPage, pool: PoolResult, w: PoolWords): HTMLElement[] {
  const means = pool.leave_one_out.flatMap((s) => (s.shown.value === null ? [] : [s.shown.value]));
  return steps(page, pool, pool.leave_one_out, { id: "leave-one-out", title: w.looTitle,
    summary: w.looSummary(shownText(pool, Math.min(...means)), shownText(pool, Math.max(...means))),
    label: w.without }, w);
}

function cumulative(page: PoolPage, pool: PoolResult, w: PoolWords): HTMLElement[] {
  return steps(page, pool, pool.cumulative, { id: "cumulative", title: w.cumulativeTitle,
    summary: w.cumulativeSummary, label: w.upTo }, w);
}

function numbers(page: PoolPage, pool: PoolResult, w: PoolWords): HTMLElement {
  const also = (label: string, e: Estimate | null): string[][] => e ? [[label, withInterval(e, w.to)]] : [];
  const rows = [...w.rows(pool, page), ...also(w.robust, pool.robust), ...also(w.profiled, pool.profiled)];
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

function one(page: PoolPage, pool: PoolResult, i: number, w: PoolWords): HTMLElement[] {
  return [header(page, pool, w, i === 0), forest(page, pool, w), ...transfer(page, pool, w),
    ...pool.moderators.map((m) => moderator(page, pool, m, w)), ...bias(page, pool, w),
    ...leaveOneOut(page, pool, w), ...cumulative(page, pool, w), numbers(page, pool, w)];
}

export function pooled(page: PoolPage): HTMLElement[] {
  const w = poolWords(page.lang);
  return [...page.pools.flatMap((p, i) => one(page, p, i, w)), leftOut(page, w)];
}

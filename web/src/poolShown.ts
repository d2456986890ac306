/* A pool's numbers as people read them: all in one unit and with as many decimals, so that they can
 * be held against each other. */
import type { Estimate, Maybe, PoolResult } from "./data";
import { count, number, scaleFor } from "./format";

/** From the scale of pooling to what is shown: log ratios to percent saved. */
export function toShown(unit: string, y: number): number {
  return unit === "%" ? -100 * Math.expm1(y) : y;
}

const DIGITS = 3;
const MOST_DECIMALS = 6;

export interface Shown {
  /** What `scaled` values are in: "%", "MWh", "". */
  unit: string;
  scaled: (x: number) => number;
  /** Without its unit, and with it. */
  bare: (x: Maybe) => string;
  value: (x: Maybe) => string;
  /** "6.1 to 8.9 %"; a dash where a bound is missing. */
  range: (e: Estimate, to: string) => string;
  /** "7.5 (6.1 to 8.9)" */
  interval: (e: Estimate, to: string) => string;
}

function decimalsOf(unit: string, largest: number): number {
  if (unit === "%") return 1;
  const before = largest > 0 ? Math.floor(Math.log10(largest)) + 1 : 1;
  return Math.min(MOST_DECIMALS, Math.max(0, DIGITS - (unit === "" ? Math.min(before, 0) : before)));
}

export function shownOf(pool: PoolResult): Shown {
  const sizes = [pool.pooled.value, ...pool.effects.map((e) => e.shown.value)]
    .map((x) => Math.abs(x ?? 0));
  const largest = Math.max(...sizes);
  const scale = scaleFor(largest, pool.unit);
  const decimals = decimalsOf(pool.unit, largest / scale.divisor);
  const scaled = (x: number): number => x / scale.divisor;
  const bare = (x: Maybe): string => number(x === null ? null : scaled(x), decimals);
  const united = (text: string): string => (scale.unit === "" ? text : `${text}\u00a0${scale.unit}`);
  return {
    unit: scale.unit,
    scaled,
    bare,
    value: (x) => (x === null ? "–" : united(bare(x))),
    range: (e, to) => (e.lo === null || e.hi === null ? "–"
      : united(`${bare(e.lo)}\u00a0${to} ${bare(e.hi)}`)),
    interval: (e, to) => (e.value === null || e.lo === null || e.hi === null ? bare(e.value)
      : `${bare(e.value)} (${bare(e.lo)} ${to} ${bare(e.hi)})`),
  };
}

/** Of more used than before, as a positive number. */
export function turned(e: Estimate): Estimate {
  const minus = (x: Maybe): Maybe => (x === null ? null : -x);
  return { value: minus(e.value), lo: minus(e.hi), hi: minus(e.lo) };
}

export type Direction = "less" | "more" | "unclear";

export function directionOf(e: Estimate): Direction {
  if (e.lo !== null && e.lo > 0) return "less";
  return e.hi !== null && e.hi < 0 ? "more" : "unclear";
}

/** "p < 0.001", "p = 0.120"; `alone` without its name. */
export function pValue(p: Maybe, alone = false): string {
  if (p === null) return "–";
  const small = p < 0.0005;
  const text = small ? "0.001" : number(p, 3);
  return alone ? `${small ? "<\u00a0" : ""}${text}` : `p\u00a0${small ? "<" : "="}\u00a0${text}`;
}

/** A moderator's value; years are not counted in thousands. */
export function moderatorValue(name: string, x: Maybe): string {
  if (x === null) return "–";
  return name === "year" ? String(x) : count(Number(x.toFixed(Math.abs(x) < 100 ? 2 : 1)));
}

/** The program's sentence as it is set on a page: true minus signs, thousands told apart, no unit on
 * a line of its own. */
export function typeset(sentence: string): string {
  return sentence
    .replace(/(^|[\s(])-(?=\d)/g, "$1−")
    .replace(/(?<![\w.,])\d{5,}(?![\w,]|\.\d)/g, (digits) => number(Number(digits), 0))
    .replace(/(\d) (%|kWh|tCO2e)/g, "$1\u00a0$2")
    .replaceAll("tCO2e", "tCO₂e");
}

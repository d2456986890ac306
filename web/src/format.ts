/* Numbers, units and dates as people read them, in the page's language. */
import type { Estimate, Maybe } from "./data";

let locale = "en-GB";

export function setLanguage(lang: string): void {
  locale = lang === "ko" ? "ko-KR" : "en-GB";
}

/* A number and its unit stay on one line (U+00A0). */

/** Fixed decimals; a dash for what is missing. */
export function number(x: Maybe, decimals: number): string {
  if (x === null) return "–";
  const text = Math.abs(x).toLocaleString(locale, {
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  });
  const zero = !/[1-9]/.test(text);
  return x < 0 && !zero ? `−${text}` : text;
}

export function count(n: number): string {
  return n.toLocaleString(locale);
}

export function percent(x: Maybe, decimals = 1): string {
  return x === null ? "–" : `${number(x, decimals)}\u00a0%`;
}

/** A level, a share, in percent and with the decimals that it has: 97.5 is not 98. */
export function levelPercent(level: number): string {
  return (100 * level).toLocaleString(locale, { maximumFractionDigits: 2 });
}

export function levelText(level: number): string {
  return `${levelPercent(level)}\u00a0%`;
}

/** With its sign, for what may go either way. */
export function signed(x: Maybe, decimals = 1): string {
  const text = percent(x, decimals);
  return x !== null && x > 0 && /[1-9]/.test(text) ? `+${text}` : text;
}

export interface Scale {
  unit: string;
  divisor: number;
}

const larger: Record<string, [number, Scale][]> = {
  kWh: [[1e6, { unit: "GWh", divisor: 1e6 }], [1e4, { unit: "MWh", divisor: 1e3 }]],
  MWh: [[1e4, { unit: "GWh", divisor: 1e3 }]],
  Wh: [[1e6, { unit: "MWh", divisor: 1e6 }]],
  MJ: [[1e5, { unit: "GJ", divisor: 1e3 }]],
  kg: [[1e4, { unit: "t", divisor: 1e3 }]],
};

/** The unit in which numbers as large as this one are easy to read. */
export function scaleFor(x: Maybe, unit: string): Scale {
  for (const [from, scale] of larger[unit] ?? []) if (Math.abs(x ?? 0) >= from) return scale;
  return { unit, divisor: 1 };
}

function decimalsFor(x: number): number {
  const size = Math.abs(x);
  return size < 10 ? 2 : size < 100 ? 1 : 0;
}

export function amount(x: Maybe, unit: string, scale = scaleFor(x, unit)): string {
  if (x === null) return "–";
  const v = x / scale.divisor;
  return `${number(v, decimalsFor(v))}\u00a0${scale.unit}`;
}

/** Both bounds in the unit of the value, or the value's own. */
export function amountInterval(e: Estimate, unit: string, to: string): string {
  if (e.lo === null || e.hi === null) return "–";
  const scale = scaleFor(e.value, unit);
  const decimals = decimalsFor(Math.max(Math.abs(e.lo), Math.abs(e.hi)) / scale.divisor);
  return `${number(e.lo / scale.divisor, decimals)} ${to} ${number(e.hi / scale.divisor, decimals)}\u00a0${scale.unit}`;
}

export function percentInterval(e: Estimate, to: string): string {
  return e.lo === null || e.hi === null ? "–" : `${number(e.lo, 1)} ${to} ${percent(e.hi)}`;
}

/** A day (YYYY-MM-DD) as seconds of UTC. */
export function seconds(day: string): number {
  return Date.parse(`${day}T00:00:00Z`) / 1000;
}

export function date(day: string): string {
  return new Date(seconds(day) * 1000).toLocaleDateString(locale, {
    timeZone: "UTC", year: "numeric", month: "short", day: "numeric",
  });
}

/** The last day of a half-open span. */
export function lastDay(to: string): string {
  return new Date((seconds(to) - 86400) * 1000).toISOString().slice(0, 10);
}

/** The short name of a month, 0 to 11. */
export function monthName(month: number): string {
  return new Date(Date.UTC(2001, month, 1)).toLocaleDateString(locale, {
    timeZone: "UTC", month: "short",
  });
}

/* The day of the week (0 Monday) and the hour: "Mon 17:00". */
export function weekHour(day: number, hour: number): string {
  const name = new Date(Date.UTC(2001, 0, 1 + day)).toLocaleDateString(locale, {
    timeZone: "UTC", weekday: "short",
  });
  return `${name} ${String(hour).padStart(2, "0")}:00`;
}

export function monthTick(at: number): string {
  const d = new Date(at * 1000);
  const january = d.getUTCMonth() === 0;
  const options: Intl.DateTimeFormatOptions = january
    ? { timeZone: "UTC", year: "numeric" }
    : { timeZone: "UTC", month: "short" };
  return d.toLocaleDateString(locale, options);
}

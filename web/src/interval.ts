/* What stands behind the interval: what it was calibrated on, and CalTRACK's own beside it. */
import type { Report } from "./data";
import { el, table } from "./dom";
import { amountInterval, percent, percentInterval } from "./format";
import { words } from "./words";

/* By interval: the bounds in percent and in the quantity's unit. */
function intervals(report: Report): HTMLElement[] {
  const { method, caltrack2, one_sided_percent: oneSided, detectable_percent: found } = report.interval;
  const w = words(report.lang);
  const unit = report.quantity.unit;
  const other = method !== "caltrack2" && caltrack2 ? caltrack2 : null;
  const least = oneSided?.at_least ?? null;
  const [before, after] = [found?.before ?? null, found?.after ?? null];
  const rows = [
    ...(other ? [[w.intervalName("caltrack2"), percentInterval(other.percent, w.to),
      amountInterval(other.savings, unit, w.to)]] : []),
    ...(least !== null ? [[w.oneSided(report.level), percent(least), ""]] : []),
    ...(before !== null ? [[w.detectableBefore, percent(before), ""]] : []),
    ...(after !== null ? [[w.detectableAfter, percent(after), ""]] : []),
  ];
  if (rows.length === 0) return [];
  const own = [`${w.intervalName(method)} (${w.intervalHere})`,
    percentInterval(report.total.percent, w.to), amountInterval(report.total.savings, unit, w.to)];
  const detectable = before !== null || after !== null;
  return [el("div", { class: "intervals" },
    table([w.whichInterval, w.savedPercent, w.amount], [own, ...rows]),
    ...(detectable ? [el("p", { class: "note" }, w.detectableNote)] : []))];
}

export function intervalNote(report: Report): HTMLElement[] {
  const w = words(report.lang);
  const { calibrated, method, placebos } = report.interval;
  const note = calibrated
    ? el("p", { class: "assured" }, w.calibrated(placebos, report.level))
    : el("p", { class: "warning" }, w.uncalibrated(method, report.level));
  return [note, ...intervals(report)];
}

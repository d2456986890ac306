/* What was done and what it saved: the sentence and the figures that people quote. */
import type { Report } from "./data";
import { el } from "./dom";
import { intervalNote } from "./interval";
import { amount, amountInterval, count, date, lastDay, percent, percentInterval } from "./format";
import { words } from "./words";

export type Verdict = "saved" | "increase" | "unclear";

export function verdict(report: Report): Verdict {
  const { lo, hi } = report.total.percent;
  if (lo !== null && lo > 0) return "saved";
  return hi !== null && hi < 0 ? "increase" : "unclear";
}

export function keyFigure(value: string, label: string, detail: string): HTMLElement {
  return el("div", { class: "key" }, el("strong", {}, value), el("span", {}, label),
    el("small", {}, detail));
}

function keyFigures(report: Report): HTMLElement {
  const w = words(report.lang);
  const t = report.total;
  const unit = report.quantity.unit;
  return el("div", { class: "keys" },
    keyFigure(percent(t.percent.value), w.savedOf(report.quantity.fuel),
      percentInterval(t.percent, w.to)),
    keyFigure(amount(t.savings.value, unit), w.savedEnergy, amountInterval(t.savings, unit, w.to)),
    ...t.co2e.map((c) => keyFigure(amount(c.kg.value, "kg"),
      t.co2e.length > 1 ? `${w.co2e} (${w.basis(c.basis)})` : w.co2e,
      amountInterval(c.kg, "kg", w.to))),
    ...(report.normalised
      ? [keyFigure(percent(report.normalised.percent.value), w.normalised,
        percentInterval(report.normalised.percent, w.to))]
      : []),
    keyFigure(count(report.meters.ok), w.metersMeasured, w.ofTreated(count(report.meters.treated))));
}

function periods(report: Report): HTMLElement {
  const w = words(report.lang);
  const line = (label: string, from: string, to: string): HTMLElement =>
    el("div", {}, el("dt", {}, label),
      el("dd", {}, from >= to ? date(from) : `${date(from)} – ${date(lastDay(to))}`));
  const { baseline, installation, reporting, staggered } = report.window;
  return el("div", {},
    el("dl", { class: "periods" },
      line(w.baseline, baseline.from, baseline.to),
      line(w.installation, installation.from, installation.to),
      line(w.reporting, reporting.from, reporting.to)),
    ...(staggered ? [el("p", { class: "note" }, w.staggered)] : []));
}

export function intro(report: Report): HTMLElement {
  const w = words(report.lang);
  const m = report.measure;
  const truth = report.truth?.percent ?? null;
  return el("header", {},
    el("p", { class: "eyebrow" }, [m.city, m.type].filter((s) => s !== "").join(" · ")),
    el("h1", {}, m.title),
    el("p", { class: "sentence" }, w.sentence(verdict(report), report)),
    keyFigures(report),
    ...(truth !== null ? [el("p", { class: "truth-line" }, w.truthLine(percent(truth, 2)))] : []),
    ...intervalNote(report),
    periods(report));
}

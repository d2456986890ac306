/* The frame of every chart: title, a sentence that says what it shows, the chart, and behind it the
 * same numbers as a table and as a file. */
import type { Report } from "./data";
import { csv, download, el, table, type Cell } from "./dom";
import { words } from "./words";

export interface FigureParts {
  id: string;
  title: string;
  summary: string;
  chart: HTMLElement;
  header: string[];
  rows: Cell[][];
  /** The same rows for reading; only so many when there are very many. */
  shown: string[][];
  note?: string;
}

export function figure(report: Report, parts: FigureParts): HTMLElement {
  const w = words(report.lang);
  parts.chart.setAttribute("role", "img");
  parts.chart.setAttribute("aria-label", parts.summary);
  const name = `${report.measure.id}-${parts.id}.csv`;
  return el("section", { id: parts.id },
    el("h2", {}, parts.title),
    el("p", { class: "summary" }, parts.summary),
    parts.chart,
    ...(parts.note ? [el("p", { class: "note" }, parts.note)] : []),
    el("div", { class: "behind" },
      el("details", {}, el("summary", {}, w.table), table(parts.header, parts.shown)),
      download(w.download, name, () => csv(parts.header, parts.rows))));
}

export function legend(items: { label: string; mark: string }[]): HTMLElement {
  return el("ul", { class: "legend" },
    ...items.map((i) => el("li", {}, el("span", { class: `mark ${i.mark}` }), i.label)));
}

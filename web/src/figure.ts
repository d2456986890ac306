/* The frame of every chart: title, a sentence that says what it shows, the chart, and behind it the
 * same numbers as a table and as a file. */
import type { PoolPage, Report, Validation } from "./data";
import { csv, download, el, table, type Cell } from "./dom";
import { words } from "./words";

export interface FigureParts {
  id: string;
  title: string;
  summary: string;
  chart: HTMLElement;
  header: string[];
  /** Of the file, where units stand beside the numbers for reading and not in the header. */
  fileHeader?: string[];
  rows: Cell[][];
  /** The same rows for reading; only so many when there are very many. */
  shown: string[][];
  note?: string;
  /** What belongs to the figure, below it. */
  after?: HTMLElement[];
}

export type Page = Report | Validation | PoolPage;

export type TableParts = Pick<FigureParts, "id" | "header" | "fileHeader" | "rows" | "shown">;

/* The numbers as a file that is named after the page and the figure. */
function csvOf(page: Page, parts: TableParts): HTMLElement {
  const name = `${page.page ?? page.measure.id}-${parts.id}.csv`;
  return download(words(page.lang).download, name, () => csv(parts.fileHeader ?? parts.header, parts.rows));
}

export function figure(page: Page, parts: FigureParts): HTMLElement {
  parts.chart.setAttribute("role", "img");
  parts.chart.setAttribute("aria-label", parts.summary);
  return el("section", { id: parts.id },
    el("h2", {}, parts.title),
    el("p", { class: "summary" }, parts.summary),
    parts.chart,
    ...(parts.note ? [el("p", { class: "note" }, parts.note)] : []),
    el("div", { class: "behind" },
      el("details", {}, el("summary", {}, words(page.lang).table),
        table(parts.header, parts.shown)),
      csvOf(page, parts)),
    ...(parts.after ?? []));
}

/** A section whose table is what there is to see. */
export function tabled(page: Page, parts: Omit<FigureParts, "chart">,
  numbersFrom?: number): HTMLElement {
  return el("section", { id: parts.id },
    el("h2", {}, parts.title),
    el("p", { class: "summary" }, parts.summary),
    table(parts.header, parts.shown, numbersFrom),
    ...(parts.note ? [el("p", { class: "note" }, parts.note)] : []),
    el("div", { class: "behind" }, csvOf(page, parts)));
}

export function legend(items: { label: string; mark: string }[]): HTMLElement {
  return el("ul", { class: "legend" },
    ...items.map((i) => el("li", {}, el("span", { class: `mark ${i.mark}` }), i.label)));
}

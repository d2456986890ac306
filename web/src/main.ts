/* Builds the page from the document that it carries. */
import "./style.css";
import { comparison } from "./comparison";
import { cumulative } from "./cumulative";
import { daily } from "./daily";
import type { Report } from "./data";
import { distribution } from "./distribution";
import { events } from "./events";
import type { Page } from "./figure";
import { forWhom } from "./forWhom";
import { setLanguage } from "./format";
import { groups } from "./groups";
import { intro } from "./intro";
import { loadShape } from "./loadShape";
import { method } from "./method";
import { net } from "./net";
import { placebo } from "./placebo";
import { quality } from "./quality";
import { pooled } from "./pool";
import { watchTheme } from "./theme";
import { validation } from "./validation";

function measured(report: Report): HTMLElement[] {
  return [intro(report), daily(report), cumulative(report), ...loadShape(report), ...net(report),
    ...groups(report), ...forWhom(report), distribution(report), ...placebo(report), ...comparison(report),
    ...events(report),
    quality(report), method(report)];
}

function sections(data: Page): HTMLElement[] {
  switch (data.page) {
    case "validation": return validation(data);
    case "pool": return pooled(data);
    default: return measured(data);
  }
}

function main(): void {
  const page = document.getElementById("report");
  const text = document.getElementById("data")?.textContent;
  if (!page || !text) return;
  const data = JSON.parse(text) as Page;
  setLanguage(data.lang);
  watchTheme();
  page.replaceChildren(...sections(data));
}

main();

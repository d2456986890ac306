/* Builds the page from the document that it carries. */
import "./style.css";
import { cumulative } from "./cumulative";
import { daily } from "./daily";
import type { Report } from "./data";
import { distribution } from "./distribution";
import { setLanguage } from "./format";
import { groups } from "./groups";
import { intro } from "./intro";
import { loadShape } from "./loadShape";
import { method } from "./method";
import { quality } from "./quality";
import { watchTheme } from "./theme";

function main(): void {
  const page = document.getElementById("report");
  const text = document.getElementById("data")?.textContent;
  if (!page || !text) return;
  const report = JSON.parse(text) as Report;
  setLanguage(report.lang);
  watchTheme();
  page.replaceChildren(intro(report), daily(report), cumulative(report), ...loadShape(report),
    ...groups(report), distribution(report), quality(report), method(report));
}

main();

/* Changes in single meters that the measure did not make. They are listed, never removed. */
import type { Report } from "./data";
import type { Cell } from "./dom";
import { tabled } from "./figure";
import { date, lastDay, signed } from "./format";
import { words } from "./words";

export function events(report: Report): HTMLElement[] {
  const e = report.events;
  if (!e) return [];
  const w = words(report.lang);
  const period = (p: string): string => (p === "baseline" ? w.baseline : w.reporting);
  return [tabled(report, {
    id: "events",
    title: w.eventsTitle,
    summary: w.eventsSummary(e, report),
    note: w.eventsNote,
    header: [w.meter, w.period, w.event, w.from, w.until, w.eventSize],
    rows: e.list.map((x): Cell[] => [x.meter, x.period, x.kind, x.from, x.to, x.size_percent]),
    shown: e.list.map((x) => [x.meter, period(x.period), w.eventKind(x.kind), date(x.from),
      x.to === null ? w.eventStays : date(lastDay(x.to)), signed(x.size_percent, 0)]),
  }, 5)];
}

/* Room for names beside a chart, as wide as they are in the page's letters. */
export const FONT_SIZE = 12;
export const GAP = 14;
/** A phone. */
export const NARROW = 560;
const MOST = 180;

export type Measure = (text: string) => number;

export function measureOf(weight: string): Measure {
  const context = document.createElement("canvas").getContext("2d");
  if (!context) return (text) => FONT_SIZE * text.length;
  context.font = `${weight} ${FONT_SIZE}px ${getComputedStyle(document.body).fontFamily}`;
  return (text) => context.measureText(text).width;
}

/** What of the text has room, with an ellipsis where that is not all. */
export function cut(text: string, room: number, measure: Measure): string {
  if (measure(text) <= room) return text;
  const letters = [...text];
  while (letters.length > 1 && measure(`${letters.join("")}…`) > room) letters.pop();
  return `${letters.join("").trimEnd()}…`;
}

export interface NameAxis {
  marginLeft: number;
  tickFormat: (name: string) => string;
}

/** An axis of names: they have the room that they need, at most two fifths of a phone. */
export function nameAxis(names: string[], width: number): NameAxis {
  const measure = measureOf("400");
  const longest = Math.max(...names.map(measure), FONT_SIZE);
  const room = Math.min(longest, width < NARROW ? 0.4 * width : MOST);
  return { marginLeft: Math.ceil(room) + GAP, tickFormat: (name) => cut(name, room, measure) };
}

/* Elements, made from text that is never taken for HTML. */

type Attributes = Record<string, string>;
type Child = Node | string;

/* A number, its percent sign and the Korean ending behind it stay on one line. */
function glued(text: string): string {
  return text.replace(/(\d) %/g, "$1\u00a0%").replace(/%(?=[가-힣])/g, "%\u2060");
}

export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children.map((c) => (typeof c === "string" ? glued(c) : c)));
  return element;
}

export type Cell = string | number | null;

/** A table of data: full precision is in the download, these are for reading. */
export function table(header: string[], rows: string[][], numbersFrom = 1): HTMLElement {
  const kind = (i: number): Attributes => (i >= numbersFrom ? { class: "number" } : {});
  const head = el("tr", {}, ...header.map((h, i) => el("th", { scope: "col", ...kind(i) }, h)));
  const body = rows.map((row) =>
    el("tr", {}, ...row.map((c, i) =>
      i === 0 ? el("th", { scope: "row", ...kind(i) }, c) : el("td", kind(i), c))));
  const named = header.filter((h) => h !== "");
  return el("div", { class: "scroll", tabindex: "0",
    ...(named.length > 0 ? { role: "region", "aria-label": named.join(", ") } : {}) },
    el("table", {}, ...(named.length > 0 ? [el("thead", {}, head)] : []), el("tbody", {}, ...body)));
}

/** RFC 4180. Text that a spreadsheet would take for a formula is led by an apostrophe. */
export function csv(header: string[], rows: Cell[][]): string {
  const field = (c: Cell): string => {
    if (c === null) return "";
    if (typeof c === "number") return String(c);
    const safe = /^[=+\-@\t\r]/.test(c) ? `'${c}` : c;
    return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  };
  return [header, ...rows].map((row) => row.map(field).join(",")).join("\r\n") + "\r\n";
}

export function download(label: string, name: string, text: () => string): HTMLElement {
  const button = el("button", { type: "button", class: "download" }, label);
  button.addEventListener("click", () => {
    /* The byte order mark lets spreadsheets see that it is UTF-8. */
    const url = URL.createObjectURL(new Blob(["\ufeff", text()], { type: "text/csv" }));
    const link = el("a", { href: url, download: name });
    link.click();
    setTimeout(() => URL.revokeObjectURL(url), 1000);
  });
  return button;
}

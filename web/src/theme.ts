/* Colours of the charts, as the style sheet has them now; and redrawing when that changes: dark and
 * light, and paper, which is light whatever the screen is. */

export interface Theme {
  paper: string;
  ink: string;
  muted: string;
  grid: string;
  observed: string;
  counterfactual: string;
  band: string;
  accent: string;
  installation: string;
}

export function theme(): Theme {
  const style = getComputedStyle(document.documentElement);
  const colour = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  return {
    paper: colour("paper"),
    ink: colour("ink"),
    muted: colour("muted"),
    grid: colour("grid"),
    observed: colour("observed"),
    counterfactual: colour("counterfactual"),
    band: colour("band"),
    accent: colour("accent"),
    installation: colour("installation"),
  };
}

const PAPER_WIDTH = 660;

interface Drawer {
  frame: HTMLElement;
  draw: (width: number) => void;
  share: number;
}
const drawers: Drawer[] = [];

/** Draws into frame now and whenever colours or the width change; `share` of the width of paper. */
export function keepDrawn(frame: HTMLElement, draw: (width: number) => void, share = 1): void {
  drawers.push({ frame, draw, share });
  let last = 0;
  new ResizeObserver(() => {
    const width = frame.clientWidth;
    if (width > 0 && width !== last) {
      last = width;
      draw(width);
    }
  }).observe(frame);
}

export function redrawAll(paper?: number): void {
  for (const d of drawers) d.draw(paper ? paper * d.share : d.frame.clientWidth);
}

export function watchTheme(): void {
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => redrawAll());
  addEventListener("beforeprint", () => {
    document.documentElement.classList.add("paper");
    redrawAll(PAPER_WIDTH);
  });
  addEventListener("afterprint", () => {
    document.documentElement.classList.remove("paper");
    redrawAll();
  });
}

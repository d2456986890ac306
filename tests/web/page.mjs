/* What tests of pages need: a browser, pages opened from disk, what they show and what they give for
 * download. environment: MADANG, MADANG_SOURCE */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";

const CHROMIUM = "/usr/bin/chromium";
/* What a machine that is busy with other things may take. */
const PATIENCE_MS = 180_000;
export const { MADANG, MADANG_SOURCE } = process.env;
/* Where a test writes; gone when it ends. */
export const folder = mkdtempSync(join(tmpdir(), "madang-web-"));
let failures = 0;
let checks = 0;

export function check(what, ok) {
  checks++;
  if (ok) return;
  failures++;
  console.log(`failed: ${what}`);
}

export function dataOf(file) {
  const html = readFileSync(file, "utf8");
  return JSON.parse(html.match(/id="data">(.*?)<\/script>/s)[1]);
}

export async function open(browser, file, options = {}, last = "#method") {
  const page = await browser.newPage({ viewport: { width: 1200, height: 900 }, ...options });
  page.setDefaultTimeout(PATIENCE_MS);
  const trouble = [];
  page.on("console", (m) => trouble.push(m.text()));
  page.on("pageerror", (e) => trouble.push(e.message));
  page.on("request", (r) => r.url().startsWith("http") && trouble.push(`asked for ${r.url()}`));
  await page.goto(`file://${file}`);
  await page.waitForSelector(last);
  /* Charts are drawn when their frames' sizes are known: in the first frame of the screen. */
  await page.evaluate(() => new Promise((done) => {
    requestAnimationFrame(() => requestAnimationFrame(() => requestAnimationFrame(done)));
  }));
  check(`${file}: silent and offline: ${trouble.join("; ")}`, trouble.length === 0);
  return page;
}

/* The fields of a line of CSV. */
function fieldsOf(line) {
  return [...`,${line}`.matchAll(/,(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(([, quoted, plain]) =>
    quoted?.replaceAll('""', '"') ?? plain);
}

/* The rows that a figure's download gives. */
export async function downloaded(page, id) {
  const [got] = await Promise.all([
    page.waitForEvent("download"), page.click(`#${id} button.download`),
  ]);
  const text = readFileSync(await got.path(), "utf8").replace(/^\ufeff/, "");
  return text.trim().split("\r\n").map(fieldsOf);
}

export async function checkFigures(page, ids) {
  for (const id of ids) {
    check(`${id} has a chart`, (await page.$(`#${id} canvas, #${id} svg`)) !== null);
    check(`${id} has a table`, (await page.$$(`#${id} details tbody tr`)).length > 0);
    const label = await page.getAttribute(`#${id} [role=img]`, "aria-label");
    check(`${id} says what it shows`, label !== null && label.length > 10);
  }
}

export async function checkWidth(browser, file, last) {
  for (const width of [390, 768, 1400]) {
    const page = await open(browser, file, { viewport: { width, height: 800 } }, last);
    await page.waitForTimeout(100);
    const fits = page.waitForFunction(() => document.documentElement.scrollWidth <= innerWidth);
    const over = await fits.then(() => 0, () =>
      page.evaluate(() => document.documentElement.scrollWidth - innerWidth));
    check(`no scrolling sideways at ${width} px (${over})`, over <= 0);
    const cut = await page.$$eval(".plot svg text", (all) => all.filter((t) => {
      const [label, chart] = [t, t.ownerSVGElement].map((e) => e.getBoundingClientRect());
      return label.left < chart.left - 1 || label.right > chart.right + 1;
    }).map((t) => t.textContent));
    check(`no label is cut at ${width} px: ${cut}`, cut.length === 0);
    await page.close();
  }
}

/* The page at `file` with other data. */
export function altered(file, name, changes) {
  const html = readFileSync(file, "utf8");
  const data = { ...dataOf(file), ...changes };
  const path = join(folder, `${name}.html`);
  writeFileSync(path, html.replace(/id="data">.*?<\/script>/s, () =>
    `id="data">${JSON.stringify(data).replaceAll("<", "\\u003c")}</script>`));
  return path;
}

async function run(checkAll) {
  if (!existsSync(CHROMIUM)) {
    console.log(`skipped: there is no ${CHROMIUM}`);
    return 77;
  }
  const require = createRequire(join(MADANG_SOURCE, "web/package.json"));
  const { chromium } = require("playwright-core");
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox"],
    timeout: PATIENCE_MS });
  try {
    await checkAll(browser);
  } finally {
    await browser.close();
    rmSync(folder, { recursive: true, force: true });
  }
  console.log(`${checks - failures} of ${checks} checks hold`);
  return failures > 0 ? 1 : 0;
}

/* Ends the process: 0 when all checks hold, 77 when there is no browser. */
export async function main(checkAll) {
  process.exit(await run(checkAll));
}

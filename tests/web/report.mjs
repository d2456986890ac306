/* Opens reports that the program made in a browser, from disk, and looks at what people get.
 * usage: node report.mjs        environment: MADANG, MADANG_SOURCE */
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";

const CHROMIUM = "/usr/bin/chromium";
const { MADANG, MADANG_SOURCE } = process.env;
const folder = mkdtempSync(join(tmpdir(), "madang-web-"));
let failures = 0;
let checks = 0;

function check(what, ok) {
  checks++;
  if (ok) return;
  failures++;
  console.log(`failed: ${what}`);
}

/* A year as smooth as a cosine, for savings in a typical year. */
function addTypicalYear(city) {
  const lines = ["time,temp_c"];
  for (let i = 0; i < 8760; i++)
    lines.push(`${new Date(Date.UTC(2017, 0, 1, i)).toISOString()},` +
      `${(12 - 14 * Math.cos((2 * Math.PI * i) / 8760)).toFixed(1)}`);
  writeFileSync(join(city, "raw/typical.csv"), lines.join("\n") + "\n");
  execFileSync(MADANG, ["import", "weather", join(city, "raw/typical.csv"), "-o",
    join(city, "tables/typical.parquet"), "--columns", "start=time,temp=temp_c", "--unit", "degC",
    "--typical-year", "--quiet"]);
  const yaml = join(city, "measures/heating-controls.yaml");
  writeFileSync(yaml, `${readFileSync(yaml, "utf8")}normalise: {weather: ../tables/typical.parquet}\n`);
}

/* A small city, and from its files a measure with every oddity. */
function makeReports() {
  const city = join(folder, "city");
  execFileSync(MADANG, ["demo", city, "--homes", "160", "--quiet"]);
  const yaml = readFileSync(join(city, "measures/heating-controls.yaml"), "utf8");
  const odd = yaml
    .replace("measure: heating-controls", "measure: odd")
    .replace(/title: .*/, "title: \"<script>document.title='taken'</script> & more\"")
    .replace(/groups: .*/, "")
    .replace(/co2e: .*/, "")
    .replace(/(treated: .*)"/, "$1 and meter <> 'G00001'\"");
  writeFileSync(join(city, "measures/odd.yaml"), odd);
  const report = (measure, language, of = city) => {
    const file = join(folder, `${measure}-${language}${of === city ? "" : "-hours"}.html`);
    execFileSync(MADANG, ["measure", join(of, `measures/${measure}.yaml`), "--report", file,
      "--lang", language, "--quiet"]);
    return file;
  };
  const hours = join(folder, "hours");
  execFileSync(MADANG, ["demo", hours, "--homes", "160", "--resolution", "hourly", "--quiet"]);
  addTypicalYear(hours);
  return {
    demo: join(city, "results/heating-controls.report.html"),
    english: report("heating-controls", "en"),
    korean: report("heating-controls", "ko"),
    odd: report("odd", "en"),
    hours: report("heating-controls", "en", hours),
    hoursKorean: report("heating-controls", "ko", hours),
  };
}

function dataOf(file) {
  const html = readFileSync(file, "utf8");
  return JSON.parse(html.match(/id="data">(.*?)<\/script>/s)[1]);
}

async function open(browser, file, options = {}) {
  const page = await browser.newPage({ viewport: { width: 1200, height: 900 }, ...options });
  const trouble = [];
  page.on("console", (m) => trouble.push(m.text()));
  page.on("pageerror", (e) => trouble.push(e.message));
  page.on("request", (r) => r.url().startsWith("http") && trouble.push(`asked for ${r.url()}`));
  await page.goto(`file://${file}`);
  await page.waitForSelector("#method");
  check(`${file}: silent and offline: ${trouble.join("; ")}`, trouble.length === 0);
  return page;
}

/* The rows that a figure's download gives. */
async function downloaded(page, id) {
  const [got] = await Promise.all([
    page.waitForEvent("download"), page.click(`#${id} button.download`),
  ]);
  const text = readFileSync(await got.path(), "utf8").replace(/^\ufeff/, "");
  return text.trim().split("\r\n").map((line) => line.split(","));
}

async function checkSections(page, data) {
  const ids = await page.$$eval("main > section", (all) => all.map((s) => s.id));
  const wanted = ["daily", "cumulative", ...(data.load_shape ? ["load-shape"] : []), ...data.groups.map((g) => `group-${g.by}`),
    "distribution", "quality", "method"];
  check(`sections ${ids}`, ids.join() === wanted.join());
  for (const id of wanted.slice(0, -2)) {
    check(`${id} has a chart`, (await page.$(`#${id} canvas, #${id} svg`)) !== null);
    check(`${id} has a table`, (await page.$$(`#${id} details tbody tr`)).length > 0);
    const label = await page.getAttribute(`#${id} [role=img]`, "aria-label");
    check(`${id} says what it shows`, label !== null && label.length > 10);
  }
}

async function checkNumbers(page, data) {
  const sentence = await page.textContent(".sentence");
  check(`the sentence has the estimate: ${sentence}`,
    sentence.includes(`${data.total.percent.value.toFixed(1)}\u00a0%`.replace("-", "−")));
  const daily = await downloaded(page, "daily");
  check("as many days as in the data", daily.length === data.daily.date.length + 1);
  const last = data.daily.date.length - 1;
  check("the last day's use", daily[last + 1]?.[2] === String(data.daily.observed[last] ?? ""));
  const cumulative = await downloaded(page, "cumulative");
  check("the last day's savings", cumulative.at(-1)?.[1] === String(data.cumulative.savings.at(-1)));
  const bins = await downloaded(page, "distribution");
  const meters = bins.slice(1).reduce((sum, row) => sum + Number(row[1]), 0);
  check(`the bins hold all meters: ${meters} of ${data.meters.ok}`, meters === data.meters.ok);
  for (const g of data.groups) {
    const rows = await downloaded(page, `group-${g.by}`);
    const sum = rows.slice(1).reduce((total, row) => total + Number(row[1]), 0);
    check(`groups of ${g.by} hold all meters`, sum === data.meters.ok);
  }
}

async function checkWidth(browser, file) {
  for (const width of [390, 768, 1400]) {
    const page = await open(browser, file, { viewport: { width, height: 800 } });
    await page.waitForTimeout(100);
    const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    check(`no scrolling sideways at ${width} px (${over})`, over <= 0);
    await page.close();
  }
}

async function checkAll(browser) {
  const reports = makeReports();
  for (const name of ["demo", "english", "korean", "odd", "hours", "hoursKorean"]) {
    const data = dataOf(reports[name]);
    const page = await open(browser, reports[name]);
    await checkSections(page, data);
    await checkNumbers(page, data);
    await page.close();
  }
  await checkWidth(browser, reports.english);
  await checkWidth(browser, reports.hours);
  const hours = dataOf(reports.hours);
  const page = await open(browser, reports.hours);
  const shape = await downloaded(page, "load-shape");
  check("five seasons of 24 hours", shape.length === 1 + 5 * 24);
  check("the first hour of the year", shape[1][2] === String(hours.load_shape[0].before[0]));
  check("the typical year", hours.normalised.meters > 0 &&
    (await page.textContent("header")).includes("typical year"));
  const odd = await open(browser, reports.odd);
  check("a title is text", (await odd.textContent("h1")).includes("<script>") &&
    (await odd.title()) !== "taken");
  const korean = await open(browser, reports.korean);
  check("Korean", /절감했습니다|구별되지|많았습니다/.test(await korean.textContent(".sentence")) &&
    (await korean.getAttribute("html", "lang")) === "ko");
  const demo = await open(browser, reports.demo, { colorScheme: "dark" });
  check("the simulation's truth", (await demo.$(".truth-line")) !== null);
  const paper = await demo.pdf({ format: "A4" });
  check("prints on a few pages", paper.length > 20000);
  const plain = await browser.newPage({ javaScriptEnabled: false });
  await plain.goto(`file://${reports.english}`);
  check("without scripts it says so", (await plain.textContent("main")).includes("switched off"));
}

async function main() {
  if (!existsSync(CHROMIUM)) {
    console.log(`skipped: there is no ${CHROMIUM}`);
    return 77;
  }
  const require = createRequire(join(MADANG_SOURCE, "web/package.json"));
  const { chromium } = require("playwright-core");
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox"] });
  try {
    await checkAll(browser);
  } finally {
    await browser.close();
    rmSync(folder, { recursive: true, force: true });
  }
  console.log(`${checks - failures} of ${checks} checks hold`);
  return failures > 0 ? 1 : 0;
}

process.exit(await main());

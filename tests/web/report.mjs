/* Opens reports that the program made in a browser, from disk, and looks at what people get.
 * usage: node report.mjs        environment: MADANG, MADANG_SOURCE */
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  altered, check, checkFigures, checkWidth, dataOf, downloaded, folder, MADANG, main, open,
} from "./page.mjs";

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
    .replace(/footprint:[^]*cost: .*/, "")
    .replace(/(treated: .*)"/, "$1 and meter <> 'G00001'\"");
  writeFileSync(join(city, "measures/odd.yaml"), odd);
  const report = (measure, language, of = city) => {
    const file = join(folder, `${measure}-${language}${of === city ? "" : "-hours"}.html`);
    execFileSync(MADANG, ["measure", join(of, `measures/${measure}.yaml`), "--report", file,
      "--lang", language, "--quiet"]);
    return file;
  };
  const validation = (language, ...more) => {
    const file = join(folder, `validation-${language}.html`);
    const table = (name) => join(city, `tables/${name}.parquet`);
    execFileSync(MADANG, ["validate", "--readings", table("gas"), "--weather", table("weather"),
      "--meters", table("meters"), "--years", "2020-2021", "--portfolio", "10", "--report", file,
      "--lang", language, "--quiet", ...more]);
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
    validation: validation("en"),
    validationKorean: validation("ko", "--group-by", "district", "--level", "0.975"),
  };
}

async function checkSections(page, data) {
  const ids = await page.$$eval("main > section", (all) => all.map((s) => s.id));
  const whom = data.inclusion;
  const wanted = ["daily", "cumulative", ...(data.load_shape ? ["load-shape"] : []), ...(data.net ? ["net"] : []),
    ...data.groups.map((g) => `group-${g.by}`),
    ...(whom ? ["for-whom"] : []),
    ...(whom?.concentration?.index ? ["concentration"] : []),
    ...data.groups.filter((g) => g.rows.some((r) => r.burden)).map((g) => `burden-${g.by}`),
    "distribution", ...(data.placebo ? ["placebo"] : []),
    ...(data.comparison ? ["comparison"] : []), ...(data.events ? ["events"] : []), "quality",
    "method"];
  check(`sections ${ids}`, ids.join() === wanted.join());
  await checkFigures(page, wanted.slice(0, -2).filter((id) =>
    id !== "events" && id !== "for-whom"));
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

/* A4 less its margins, in pixels of CSS. */
const PAPER_WIDTH = 672;

const estimate = (value, half) => ({ value, lo: value - half, hi: value + half });

/* What sections show, by hand: five placebos of which two miss zero, one of them by a hair. */
const fixture = {
  interval: {
    method: "calibrated", calibrated: true,
    placebos: { n: 412, meters: 133, pairs: 5, treated: 40, untreated: 93, coverage: 0.915,
      mean_percent: 0.3, half_percent: 12.5 },
    caltrack2: { savings: estimate(20000, 1500), percent: estimate(7.2, 0.5) },
    detectable_percent: { before: 5.6, after: 4.3 }, one_sided_percent: { at_least: 4.9 },
  },
  placebo: { points: [
    { error_percent: -30, half_percent: 12 }, { error_percent: -3, half_percent: 3.5 },
    { error_percent: 0.5, half_percent: 8 }, { error_percent: 6.1, half_percent: 6 },
    { error_percent: 9, half_percent: null },
  ] },
  comparison: {
    meters: 440, method: "nearest", matched_on: ["level", "months", "hours"],
    change_percent: estimate(-1.2, 0.8),
    before_percent: estimate(6, 1), verdict: "poor",
    balance: [{ feature: "level", before: 0.42, after: 0.31 },
      { feature: "jan", before: -0.2, after: -0.05 }, { feature: "feb", before: null, after: null },
      { feature: "tue-08", before: 0.6, after: -0.2 }],
    methods: [{ method: "nearest", percent: estimate(7.2, 2), meters: 440 },
      { method: "all", percent: estimate(6.4, 3), meters: 2000 }],
  },
  events: {
    meters: 2, measured: 40, without_percent: estimate(6.9, 2.1),
    list: [{ meter: "=A1", period: "baseline", kind: "level-shift", from: "2022-11-05", to: null,
      size_percent: 23.4 }, { meter: "<b>B</b>", period: "reporting", kind: "vacancy",
      from: "2023-06-01", to: "2023-07-01", size_percent: -88 }],
  },
};

/* A net effect that may be none, of a measure with half of its meters measured. */
const part = (code, value, half) => ({ part: code, ...estimate(value, half) });
const netFixture = {
  parts: [part("saving", 24000, 6000), part("not_counted", 4000, 500),
    part("second_order", 20000, 5500), part("direct", 0, 0), part("respending", 1000, 300),
    part("rebound", 1000, 300), part("embodied", 9000, 1000), part("use", 5000, 500),
    part("services", 700, 50), part("end_of_life", 300, 20), part("own_footprint", 15000, 1200),
    part("induced", 0, 0), part("net", 4000, 6100)],
  probability_above_0: 0.86, verdict: "unclear", draws: 10000, share: 0.5, source: "<i>maker</i>",
  rebound_source: null,
  cost_per_tonne: { currency: "EUR", year: 2021, verdict: "no-top", value: 250, lo: 99, hi: null },
  assessment: { tier: 2, basis: { saving: "measured", use: "assumed", induced: "left-out" },
    lacks: ["use", "induced"], claims: ["screening", "internal"], may_say_avoids: false },
};

async function checkIntervals(browser, file) {
  const page = await open(browser, altered(file, "fixture", fixture));
  await checkSections(page, { ...dataOf(file), ...fixture });
  const header = await page.textContent("header");
  for (const text of ["calibrated 90\u00a0% interval", "412 placebo years of 133 meters", "92\u00a0%",
    "CalTRACK 2 (FSU)", "6.7 to 7.7\u00a0%", "4.9\u00a0%", "5.6\u00a0%", "4.3\u00a0%"])
    check(`the interval says ${text}`, header.includes(text));
  check("no warning of a calibrated interval", (await page.$(".warning")) === null);
  await page.close();
  const methods = [["block", "model-based and uncalibrated"], ["caltrack2", "CalTRACK's at"]];
  for (const [method, says] of methods) {
    const other = await open(browser, altered(file, method, { interval: { method,
      calibrated: false }, placebo: null, comparison: null, events: null }));
    const text = await other.textContent("header");
    check(`${method} warns`, (await other.textContent(".warning")).includes(says));
    check(`${method} is called uncalibrated`, text.includes("uncalibrated 90\u00a0% interval"));
    check(`${method}: nothing to list`, (await other.$("#placebo, #comparison, #events")) === null);
    await other.close();
  }
}

async function checkNet(browser, file) {
  const page = await open(browser, altered(file, "net", { net: netFixture }));
  const summary = await page.textContent("#net > .summary");
  for (const text of ["not sure that the measure avoids", "4,000\u00a0kg", "−2,100 to 10,100\u00a0kg",
    "86.0\u00a0%", "at least 99.0\u00a0EUR", "no upper bound"])
    check(`the net effect says ${text}: ${summary}`, summary.includes(text));
  const bars = await page.$$eval("#net svg [aria-label=bar] rect", (all) => all.length);
  check(`a step for each part that is not 0: ${bars}`, bars === 5);
  const rows = await downloaded(page, "net");
  check("all parts", rows.length === 14 && rows[13].join() === "net,4000,-2100,10100");
  const tier = await page.textContent("#net .tier");
  check(`what it may be used for: ${tier}`, tier.includes("Tier 2") &&
    tier.includes("Not for statements to the public") && tier.includes("induced effects"));
  const section = await page.textContent("#net");
  check("text is text", section.includes("<i>maker</i>") && section.includes("50.0\u00a0%"));
  await page.close();
  const cases = [
    [{ verdict: "avoids", probability_above_0: 1 }, ["the measure avoids", "> 99.9\u00a0%"]],
    [{ verdict: "adds", probability_above_0: 0,
      cost_per_tonne: { ...netFixture.cost_per_tonne, verdict: "nothing", lo: null } },
    ["costs the climate more than it avoids", "< 0.1\u00a0%", "as none is avoided"]],
    [{ parts: netFixture.parts.map((p) => ({ ...p, value: null, lo: null, hi: null })),
      probability_above_0: null, cost_per_tonne: null }, ["is not known"]],
    [{ lang: "ko" }, []],
  ];
  for (const [changes, texts] of cases) {
    const { lang = "en", ...net } = changes;
    const other = await open(browser, altered(file, "net-other", { lang,
      net: { ...netFixture, ...net } }));
    const said = await other.textContent("#net");
    check(`${texts}: ${said}`, texts.every((t) => said.includes(t)));
    if (lang === "ko")
      check(`Korean of the net effect: ${said}`, ["순감축량은 연간", "2등급", "대외 발표에는 쓸 수 없습니다",
        "상한은 없습니다"].every((t) => said.includes(t)));
    await other.close();
  }
  await checkWidth(browser, altered(file, "net", { net: netFixture }));
}

async function checkFixture(browser, file) {
  const page = await open(browser, altered(file, "fixture", fixture));
  const triangles = await page.$$eval("#placebo svg [aria-label=dot]:last-of-type path",
    (all) => all.length);
  check(`two placebos miss zero: ${triangles} triangles`, triangles === 2);
  check("the sentence counts them",
    (await page.textContent("#placebo .summary")).includes("2 of the 5 intervals leave zero out"));
  const placebos = await downloaded(page, "placebo");
  check("placebos as they were", placebos[1].join() === "-30,12,no" &&
    placebos[2].join() === "-3,3.5,yes" && placebos[4].join() === "6.1,6,no" &&
    placebos[5].join() === "9,,–");
  const summary = await page.textContent("#comparison .summary");
  check(`the comparison in words: ${summary}`, summary.includes("used 1.2\u00a0% more") &&
    summary.includes("not like") && summary.includes("0.31"));
  check(`what they are alike in: ${summary}`,
    summary.includes("in level, shape over the year, shape over the week"));
  check("the worst hour of the week", (await page.textContent("#comparison")).includes("Tue 08:00"));
  const balance = await downloaded(page, "comparison");
  check("balance as it was", balance[1].join() === "level,0.42,0.31" && balance[3].join() === "feb,,");
  const methods = await page.$$eval("#comparison > .scroll tbody tr", (all) =>
    all.map((r) => r.textContent));
  check("each way of comparing, and none", methods.length === 3 &&
    methods[0].includes("used here") && methods[2].includes("6.0"));
  const events = await page.textContent("#events");
  check(`of how many: ${events.slice(0, 200)}`, events.includes("2 of the 40 measured meters have changed"));
  check("with and without", events.includes("6.9\u00a0%") && events.includes("None was removed"));
  check("text is text", events.includes("<b>B</b>") && events.includes("30 Jun 2023"));
  const list = await downloaded(page, "events");
  check("no formula for spreadsheets", list[1][0] === "'=A1" && list[2][5] === "-88");
  await page.close();
  const korean = await open(browser, altered(file, "fixture-ko", { ...fixture, lang: "ko" }));
  const text = await korean.textContent("main");
  check("Korean of the new sections", ["보정된 90\u00a0% 구간", "위약 연도 412개", "비슷하지 않습니다", "공실"]
    .every((w) => text.includes(w)));
  await korean.close();
  await checkWidth(browser, altered(file, "fixture", fixture));
}

async function checkValidation(browser, file) {
  const data = dataOf(file);
  const page = await open(browser, file, {}, "#results");
  const of = (interval) => data.results.find((r) => r.interval === interval && r.size === 1);
  const sentence = await page.textContent(".sentence");
  const shares = ["caltrack2", "calibrated"].map((i) => (100 * of(i).coverage).toFixed(0));
  check(`the sentence has the result: ${sentence}`, shares.every((s) => sentence.includes(s)));
  const ids = await page.$$eval("main > section", (all) => all.map((s) => s.id));
  check(`sections ${ids}`,
    ids.join() === "coverage,placebos-caltrack-daily,results,data-and-models");
  await checkFigures(page, ids.slice(0, 2));
  check("a chart for each size", (await page.$$("#coverage svg")).length === 2);
  const results = await downloaded(page, "results");
  check("all results", results.length === 1 + data.results.length &&
    results[1][2] === String(data.results[0].n));
  const curve = await downloaded(page, "coverage");
  check("seven levels of each", curve.length === 1 + 7 * data.results.length);
  const placebos = data.models[0].placebos;
  check("placebos ascend", placebos.length > 20 && placebos.every((p, i) =>
    i === 0 || placebos[i - 1].error_percent <= p.error_percent));
  check("each has an interval", placebos.every((p) => p.half_percent > 0));
  await page.close();
}

/* Groups have their own counts and errors, and a level keeps its decimals. */
async function checkGroupedValidation(browser, file) {
  const data = dataOf(file);
  const page = await open(browser, file, {}, "#results");
  const sentence = await page.textContent(".sentence");
  check(`a validation in Korean: ${sentence}`,
    sentence.includes("97.5\u00a0% 구간") && sentence.includes("보정된 구간은"));
  const single = data.results.filter((r) => r.size === 1 && r.interval === "block");
  const [all, groups] = [single.filter((r) => r.group === null), single.filter((r) => r.group !== null)];
  const sum = (key) => groups.reduce((n, r) => n + r[key], 0);
  check("groups add up", groups.length > 1 && sum("tried") === all[0].tried &&
    sum("measured") === all[0].measured && groups.every((r) => r.measured === r.n));
  check("groups have errors of their own",
    new Set(groups.map((r) => r.cvrmse_median)).size === groups.length);
  const rows = await page.$$eval("#data-and-models table:first-of-type tbody tr",
    (all) => all.map((r) => [...r.children].map((c) => c.textContent)));
  check("and a row each", groups.every((g) => rows.some((r) => r[1] === g.group &&
    r[6] === (100 * g.cvrmse_median).toFixed(1))));
  await page.close();
}

/* Who gains: what the data say is what the page and its files say. */
async function checkForWhom(browser, files) {
  const data = dataOf(files.english);
  const whom = data.inclusion;
  const page = await open(browser, files.english);
  const table = await downloaded(page, "for-whom");
  const groups = data.groups.reduce((n, g) => n + g.rows.length, 0);
  check("a line for all, and one a group", table.length === 2 + groups);
  check("the bill of all", table[1][3] === String(whom.bill.before) &&
    table[1][5] === String(whom.bill.saved.value));
  const sum = (get) => data.groups[0].rows.reduce((total, r) => total + get(r), 0);
  const near = (a, b) => Math.abs(a - b) <= 1e-9 * Math.abs(b);
  check("bills of groups are those of all", near(sum((r) => r.bill.after), whom.bill.after) &&
    near(sum((r) => r.bill.saved.value), whom.bill.saved.value));
  check("investment of groups too", near(sum((r) => r.investment.net), whom.investment.net));
  check("a flat price: bills follow energy", near(whom.bill.saved.value,
    78 * data.total.savings.value) && near(whom.bill.saved.lo, 78 * data.total.savings.lo));
  const text = await page.textContent("#for-whom");
  check(`losers and groups in words: ${text}`, text.includes("noise alone") &&
    text.includes("Do savings differ between groups?") && text.includes("comes back in"));
  const curve = await downloaded(page, "concentration");
  check("the curve goes from nothing to all", curve.length === 22 && curve[1][1] === "0" &&
    curve[21][1] === "100");
  check("the index in words", (await page.textContent("#concentration .summary"))
    .includes(whom.concentration.index.toFixed(3).replace("-", "−")));
  const burden = await downloaded(page, "burden-income");
  check("the burden is heaviest for the poorest", burden[1][0] === "Q1" &&
    burden.slice(2).every((row) => Number(row[2]) < Number(burden[1][2])));
  await page.close();
  const korean = await open(browser, files.korean);
  const words = await korean.textContent("main");
  check("Korean of who gains", ["누구에게 돌아가는가", "집중지수", "소득 대비 부담", "회수 기간"]
    .every((w) => words.includes(w)));
  await korean.close();
  /* Nothing is known of money: what is left is groups and losers. */
  const bare = { ...whom, bill: null, investment: null, burden: null, concentration: null,
    losers: { raw_percent: 20, noise_percent: null, spread_percent: null, percent: null,
      ci: [null, null] } };
  const poor = await open(browser, altered(files.english, "bare", { inclusion: bare,
    groups: data.groups.map((g) => ({ ...g, rows: g.rows.map((r) => ({ ...r, bill: null,
      investment: null, burden: null })) })) }));
  check("no figure without data", (await poor.$("#concentration, #burden-income")) === null &&
    (await poor.textContent("#for-whom")).includes("cannot be told"));
  await poor.close();
  await checkPaper(browser, files.english);
}

/* On paper nothing scrolls: what is wider than the page is lost. */
async function checkPaper(browser, file) {
  const page = await open(browser, file, { viewport: { width: PAPER_WIDTH, height: 900 } });
  await page.emulateMedia({ media: "print" });
  const wide = await page.$$eval("section > .scroll", (all) => all
    .filter((s) => s.scrollWidth > s.clientWidth).map((s) => s.parentElement.id));
  check(`no table is cut by the page: ${wide}`, wide.length === 0);
  await page.close();
}

/* A report that would take the place of its readings, and one that cannot be written. */
function checkRefusals() {
  const gas = join(folder, "city/tables/gas.parquet");
  const before = readFileSync(gas);
  for (const report of [gas, join(folder, "nowhere/report.html")]) {
    let status = 0;
    try {
      execFileSync(MADANG, ["validate", "--readings", gas, "--weather",
        join(folder, "city/tables/weather.parquet"), "--years", "2022", "--report", report],
      { stdio: "ignore" });
    } catch (error) {
      status = error.status;
    }
    check(`${report} is refused: ${status}`, status === 2 || status === 3);
  }
  check("the readings are as they were", before.equals(readFileSync(gas)));
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
  await checkIntervals(browser, reports.english);
  await checkFixture(browser, reports.english);
  await checkForWhom(browser, reports);
  await checkNet(browser, reports.english);
  await checkValidation(browser, reports.validation);
  await checkWidth(browser, reports.validation, "#results");
  await checkGroupedValidation(browser, reports.validationKorean);
  checkRefusals();
  const plain = await browser.newPage({ javaScriptEnabled: false });
  await plain.goto(`file://${reports.english}`);
  check("without scripts it says so", (await plain.textContent("main")).includes("switched off"));
}

await main(checkAll);

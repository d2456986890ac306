/* Opens pages of pooled cities in a browser, from disk, and holds what people get against the document
 * that the page carries.
 * usage: node pool.mjs        environment: MADANG, MADANG_SOURCE */
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import {
  altered, check, checkFigures, checkWidth, dataOf, downloaded, folder, MADANG, MADANG_SOURCE, main, open,
} from "./page.mjs";

const LAST = "#left-out";
const records = (name) => [join(folder, name), "--key", join(folder, "pub")];
const city = (name) => ["--for", join(folder, `${name}.yaml`)];
const bcg = ["--effects", join(folder, "bcg.csv"), "--columns", "yi=yi,vi=vi,study=trial"];

const PAGES = {
  twelve: records("twelve"),
  inside: [...records("twelve"), "--moderators", "hdd18", ...city("inside")],
  outside: [...records("twelve"), "--moderators", "hdd18", ...city("outside")],
  later: [...records("twelve"), "--moderators", "hdd18,year", ...city("inside")],
  types: [...records("types"), "--by", "type"],
  perUnit: [...records("twelve"), "--scale", "per-unit", ...city("inside")],
  large: [...records("large"), "--scale", "per-unit"],
  small: [...records("small"), "--scale", "per-unit"],
  effects: bcg,
  effectsBy: [...bcg, "--moderators", "ablat"],
  one: records("one"),
  two: records("two"),
  cohorts: records("cohorts"),
  oneCity: records("one-city"),
  forty: records("forty"),
  crossing: records("crossing"),
  worse: records("worse"),
};

function makePages() {
  execFileSync("python3", [join(MADANG_SOURCE, "tests/web/pool_records.py"), folder]);
  const pages = {};
  for (const [name, args] of Object.entries(PAGES))
    for (const lang of ["en", "ko"]) {
      const file = join(folder, `${name}-${lang}.html`);
      execFileSync(MADANG, ["pool", ...args, "--report", file, "--lang", lang, "--quiet"]);
      pages[lang === "en" ? name : `${name}Korean`] = file;
    }
  return pages;
}

const openPool = (browser, file, options) => open(browser, file, options, LAST);
const idOf = (data, pool, name) =>
  data.pools.length > 1 ? `${name}-${pool.type.replaceAll(".", "-")}` : name;

/* Charts with their tables, then sections of tables only. */
function wantedOf(pool) {
  const charts = ["forest", ...pool.moderators.map((m) => `moderator-${m.name}`),
    ...(pool.bias ? ["funnel"] : [])];
  const [forest, ...others] = charts;
  return { charts, all: [forest, ...(pool.transfer ? ["transfer"] : []), ...others,
    ...(pool.leave_one_out.length > 0 ? ["leave-one-out"] : []),
    ...(pool.cumulative.length > 0 ? ["cumulative"] : []), "numbers"] };
}

async function checkSections(page, data) {
  const ids = await page.$$eval("main section", (all) => all.map((s) => s.id));
  const wanted = [...data.pools.flatMap((p) => wantedOf(p).all.map((n) => idOf(data, p, n))), "left-out"];
  check(`sections ${ids}, wanted ${wanted}`, ids.join() === wanted.join());
  const every = await page.$$eval("[id]", (all) => all.map((e) => e.id));
  check(`no id twice: ${every}`, new Set(every).size === every.length);
  await checkFigures(page, data.pools.flatMap((p) => wantedOf(p).charts.map((n) => idOf(data, p, n))));
}

/* ---- files that people download ---- */

const cell = (x) => (x === null || x === undefined ? "" : String(x));
const bounds = (e) => [e.value, e.lo, e.hi];

async function checkFile(page, id, rows) {
  const got = (await downloaded(page, id)).slice(1).map((row) => row.join());
  const wanted = rows.map((row) => row.map(cell).join());
  check(`the file of ${id}: ${got[0]}, wanted ${wanted[0]}`, got.join("\n") === wanted.join("\n"));
}

function transferRows(t, unit) {
  const names = ["saved", "per unit", "all units", "CO2e"];
  const all = [unit === "kWh" && t.energy ? null : t.shown, t.energy?.per_unit, t.energy?.stock, t.co2e_t];
  return all.flatMap((e, i) => (e ? [[names[i], ...bounds(e)]] : []));
}

async function checkDownloads(page, data) {
  for (const pool of data.pools) {
    const id = (name) => idOf(data, pool, name);
    const some = (key) => pool.effects.some((e) => e[key] !== null);
    await checkFile(page, id("forest"), pool.effects.map((e) => [e.label, ...(some("year") ? [e.year] : []),
      ...bounds(e.shown), e.weight, ...(some("grade") ? [e.grade] : [])]));
    for (const m of pool.moderators)
      await checkFile(page, id(`moderator-${m.name}`), pool.effects.map((e) =>
        [e.label, e.moderators[m.name], ...bounds(e.shown)]));
    if (pool.bias)
      await checkFile(page, id("funnel"), pool.effects.map((e) => [e.label, e.y, e.se]));
    for (const [name, list] of [["leave-one-out", pool.leave_one_out], ["cumulative", pool.cumulative]])
      if (list.length > 0)
        await checkFile(page, id(name), list.map((s) => [s.label, ...bounds(s.shown), s.i2]));
    if (pool.transfer) {
      const rows = (await downloaded(page, id("transfer"))).slice(1).map((r) => r.slice(1).join());
      const wanted = transferRows(pool.transfer, pool.unit).map((r) => r.slice(1).join());
      check(`the file of the prediction: ${rows}`, rows.length > 0 && rows.join("\n") === wanted.join("\n"));
    }
  }
}

/* ---- charts ---- */

const countOf = (page, selector) => page.$$eval(selector, (all) => all.length);

/* A square and a line an effect; a diamond, a bar and a city where there are such. */
async function checkForest(page, data, pool) {
  const at = `#${idOf(data, pool, "forest")} svg`;
  const summaries = (pool.k > 1 ? 1 : 0) + (pool.pi.lo !== null ? 1 : 0) + (pool.transfer ? 1 : 0);
  const dots = await countOf(page, `${at} [aria-label=dot] path, ${at} [aria-label=dot] circle`);
  check(`${dots} dots of ${pool.k} effects`, dots === pool.k + (pool.transfer ? 1 : 0));
  const lines = await countOf(page, `${at} [aria-label=link] path`);
  const bars = summaries - (pool.k > 1 ? 1 : 0);
  check(`${lines} lines and bars`, lines === pool.k + bars);
  check("a diamond where effects are pooled",
    (await countOf(page, `${at} [aria-label=line] path`)) === (pool.k > 1 ? 1 : 0));
  const texts = await page.$$eval(`${at} [aria-label=text] text`, (all) =>
    all.map((t) => [...t.childNodes].filter((n) => n.nodeName !== "title").map((n) => n.textContent).join("")));
  const named = [...pool.effects.map((e) => e.label), ...(pool.transfer ? [pool.transfer.city] : [])];
  const shows = (label) => texts.some((t) => t === label || (t.endsWith("…") && label.startsWith(t.slice(0, -1))));
  check(`every effect is named: ${named.filter((l) => !shows(l))}`, named.every(shows));
}

async function checkFunnel(page, data, pool) {
  if (!pool.bias) return;
  const at = `#${idOf(data, pool, "funnel")}`;
  const dots = await countOf(page, `${at} svg [aria-label=dot] circle`);
  check(`the funnel's dots: ${dots}`, dots === pool.k + pool.bias.filled.length);
  const hollow = await page.$$eval(`${at} svg [aria-label=dot][fill=none]`, (all) =>
    all.reduce((n, g) => n + g.querySelectorAll("circle").length, 0));
  const missing = pool.bias.rows.find((r) => r.method === "trim_fill").missing;
  check(`${hollow} filled in, of ${missing}`, hollow === missing && missing === pool.bias.filled.length);
  check("the legend says so", ((await page.$(`${at} .mark.ring`)) !== null) === (missing > 0));
}

/* Names end before the plot begins. */
async function checkNames(page, id) {
  const over = await page.$eval(`#${id} svg`, (svg) => {
    const [names] = svg.querySelectorAll("[aria-label=text]");
    const right = Math.max(...[...names.querySelectorAll("text")].map((t) => t.getBoundingClientRect().right));
    const left = Math.min(...[...svg.querySelectorAll("[aria-label=link] path")]
      .map((p) => p.getBoundingClientRect().left));
    return right - left;
  });
  check(`${id}: names end before the plot: ${over}`, over <= 0);
}

/* No text of a chart is cut off, and none lies on another. */
async function checkRoom(page, id) {
  const wrong = await page.$$eval(`#${id} svg`, (all) => all.flatMap((svg) => {
    const frame = svg.getBoundingClientRect();
    const boxes = [...svg.querySelectorAll("text")].filter((t) => t.textContent !== "")
      .map((t) => ({ text: t.textContent, box: t.getBoundingClientRect() }));
    const outside = boxes.filter(({ box }) => box.left < frame.left - 1 || box.right > frame.right + 1);
    const meets = (a, b) => a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 3 && b.top < a.bottom - 3;
    const overlapping = boxes.filter((a, i) => boxes.some((b, j) => j > i && meets(a.box, b.box)));
    return [...outside, ...overlapping].map((t) => t.text);
  }));
  check(`${id}: texts have room: ${wrong.join(" | ")}`, wrong.length === 0);
}

/* ---- words ---- */

const minus = (text) => text.replace("-", "−");

async function checkSentence(page, data) {
  const sentences = await page.$$eval(".sentence", (all) => all.map((s) => s.textContent));
  check("a sentence a pool", sentences.length === data.pools.length);
  data.pools.forEach((pool, i) => {
    if (pool.unit === "kWh") return;
    const number = (x) => minus(x.toFixed(pool.unit === "%" ? 1 : 3));
    const less = pool.unit === "%" && pool.pooled.hi < 0;
    const wanted = [number(less ? -pool.pooled.value : pool.pooled.value),
      ...(pool.transfer ? [number(pool.transfer.shown.value)] : [])];
    check(`${wanted} in: ${sentences[i]}`, wanted.every((w) => sentences[i].includes(w)));
  });
}

async function checkPage(browser, file) {
  const data = dataOf(file);
  const page = await openPool(browser, file);
  check(`${file}: the language`, (await page.getAttribute("html", "lang")) === data.lang);
  await checkSections(page, data);
  await checkSentence(page, data);
  await checkDownloads(page, data);
  for (const pool of data.pools) {
    await checkForest(page, data, pool);
    await checkNames(page, idOf(data, pool, "forest"));
    await checkFunnel(page, data, pool);
    for (const name of wantedOf(pool).charts) await checkRoom(page, idOf(data, pool, name));
  }
  const text = await page.textContent("main");
  check(`${file}: no number that is none`, !/NaN|undefined|null|Infinity|\[object/.test(text));
  await page.close();
}

const textOf = async (browser, file, selector) => {
  const page = await openPool(browser, file);
  const text = await page.textContent(selector);
  await page.close();
  return text;
};

async function says(browser, file, selector, wanted, never = []) {
  const text = await textOf(browser, file, selector);
  for (const t of wanted) check(`${selector} says ${t}: ${text}`, text.includes(t));
  for (const t of never) check(`${selector} does not say ${t}: ${text}`, !text.includes(t));
}

async function checkWords(browser, pages) {
  await says(browser, pages.twelve, "#left-out", ["12 results went in; 2 did not", "estimated, not measured"]);
  await says(browser, pages.one, "main", ["nothing to pool", "One result with its 90", "The one result went in",
    "in the one city"], ["The diamond", "pale bar", "1 results", "mean of cities"]);
  await says(browser, pages.two, "#forest", ["The diamond", "too few to say"], ["pale bar"]);
  await says(browser, pages.oneCity, "#pool", ["nothing can be said of another", "in the one city"]);
  await says(browser, pages.worse, "#pool", ["4.2\u00a0%rise in use, mean of cities", "rise that the next city"]);
  await says(browser, pages.worse, "#forest svg", ["below 0, use rose"]);
  await says(browser, pages.crossing, "#pool", ["may be none", "below 0, use rises"]);
  await says(browser, pages.effects, "main", ["Effects of studies", "Next study", "What each study found"],
    ["grade", "Next city", "saved", "of 13 cities"]);
  await says(browser, pages.outside, ".transfer .warning", ["Seorim lies outside what was seen", "4,200",
    "1,750 to 3,320 in the cities pooled"]);
  await says(browser, pages.later, ".transfer .warning", ["2025", "2016 to 2020 in the cities pooled"]);
  await says(browser, pages.cohorts, "#numbers", ["7, 6", "REML, CR2", "related (CR2)"]);
  await says(browser, pages.large, "#forest svg", ["GWh"]);
  await says(browser, pages.large, "#pool", ["3,145,423\u00a0kWh", "3.15\u00a0GWh"]);
  await says(browser, pages.small, "#pool", ["0.083\u00a0kWh of gas"]);
  const inside = await openPool(browser, pages.inside);
  check("no warning inside what was seen", (await inside.$(".transfer .warning")) === null);
  await inside.close();
  await says(browser, pages.insideKorean, "main", ["도시마다 얻은 결과", "Seorim에서도 효과가 있을까?",
    "난방도일에 따라 달라지는가?", "작은 연구는 다른 결과를 보이는가?", "근거가 되는 수치", "자유도 k − 2", "증거 등급"],
  ["Mean", "Next city", "degrees"]);
  await says(browser, pages.twelveKorean, "main", ["결과 하나가 전체를 좌우하는가?", "증거가 쌓인 과정"]);
  await says(browser, pages.worseKorean, "#pool", ["사용 증가"]);
  await says(browser, pages.effectsKorean, "main", ["연구들의 효과", "다음 연구"], ["절감", "등급"]);
}

/* Whatever a title or a city calls itself is text. */
async function checkText(browser, file) {
  const evil = "<script>document.title='taken'</script> & <b>more</b>";
  const data = dataOf(file);
  const [pool] = data.pools;
  const name = (e, i) => (i === 0 ? { ...e, label: evil } : e);
  const changed = altered(file, "evil", { left_out: [{ file: evil, city: evil, words: evil }], pools: [{ ...pool,
    title: evil, sentence: evil, effects: pool.effects.map(name), transfer: { ...pool.transfer, city: evil } }] });
  const page = await openPool(browser, changed);
  check("a title is text", (await page.textContent("h1")) === evil && (await page.title()) !== "taken");
  const table = await page.textContent("#forest details tbody");
  check("a city's name is text", table.includes(evil) && (await page.textContent("#transfer h2")).includes(evil));
  check("nothing of it is an element", (await page.$("main b, main script")) === null);
  await page.close();
}

/* Dark on a screen, and on paper. */
async function checkMedia(browser, file) {
  const data = dataOf(file);
  const inks = [];
  for (const colorScheme of ["dark", "light"]) {
    const screen = await openPool(browser, file, { colorScheme });
    inks.push(await screen.getAttribute("#forest svg [aria-label=link]", "stroke"));
    await screen.close();
  }
  check(`charts follow the colour scheme: ${inks}`, inks[0] !== inks[1]);
  const page = await openPool(browser, file, { colorScheme: "dark" });
  await page.emulateMedia({ media: "print", colorScheme: "light" });
  const paper = await page.pdf({ format: "A4" });
  const pages = paper.toString("latin1").match(/\/Type\s*\/Page\b/g)?.length ?? 0;
  check(`prints on a few pages: ${pages}`, pages >= 2 && pages <= 8 && paper.length > 20000);
  await checkForest(page, data, data.pools[0]);
  await page.close();
}

async function checkAll(browser) {
  const pages = makePages();
  for (const file of Object.values(pages)) await checkPage(browser, file);
  await checkWords(browser, pages);
  await checkText(browser, pages.inside);
  await checkMedia(browser, pages.outside);
  for (const name of ["outside", "typesKorean", "large", "forty", "crossing"])
    await checkWidth(browser, pages[name], LAST);
  for (const name of ["crossing", "large", "outsideKorean"]) {
    const page = await openPool(browser, pages[name], { viewport: { width: 390, height: 800 } });
    for (const id of ["forest", "funnel"]) await checkRoom(page, id);
    await checkNames(page, "forest");
    await page.close();
  }
}

await main(checkAll);

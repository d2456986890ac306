/* Every word of the page, in English and Korean. */
import type { Comparison, Events, Interval, Report } from "./data";
import { amount, count, levelPercent, percent, percentInterval } from "./format";
import type { Verdict } from "./intro";

type Names = Record<string, string>;

const fuelsKo: Names = {
  electricity: "전력", gas: "가스", heat: "열", cooling: "냉방 에너지", oil: "유류", wood: "목재",
  other: "에너지",
};

const basisKo: Names = {
  average: "평균 배출계수", marginal: "한계 배출계수", fuel: "연료 배출계수",
};

const formsEn: Names = {
  intercept_only: "constant", hdd_only: "heating", cdd_only: "cooling",
  cdd_hdd: "heating and cooling", three_month_weighted: "twelve monthly models",
  single: "one model for the year",
};
const formsKo: Names = {
  intercept_only: "상수", hdd_only: "난방", cdd_only: "냉방", cdd_hdd: "난방과 냉방",
  three_month_weighted: "월별 모형 12개", single: "연간 단일 모형",
};

/* By code of the program: MDG_METER_STATUSES and MDG_METER_FLAGS. */
const reasonsKo: Names = {
  "no-station": "기상 자료에 없는 관측소",
  "no-installation-date": "설치일이 없거나 쓸 수 없음",
  "no-readings": "기준 기간과 보고 기간에 검침값이 없음",
  "readings-too-coarse": "검침 간격이 모형에 비해 김",
  "no-baseline-data": "기준 기간의 검침값이 없음",
  "no-weather": "기준 기간의 기온이 없음",
  "too-many-missing-days": "기준 기간의 결측이 10 %를 넘음",
  "negative-use": "기준 기간에 음(−)의 사용량이 있음: 태양광 발전 또는 역송",
  "net-metering-change": "보고 기간에만 음(−)의 사용량이 있음: 태양광 발전이 새로 설치됨",
  "all-zero": "기준 기간의 사용량이 모두 0",
  "no-model": "조건을 만족하는 모형이 없음",
  "no-reporting-data": "보고 기간에 검침값과 기온이 함께 있는 때가 없음",
  "cvrmse-above-100": "모형 오차가 평균 사용량의 100 %를 넘음",
  "extreme-values": "다른 날이나 고지서보다 훨씬 큰 값이 있음",
  "negative-readings": "음(−)의 검침값이 있음: 태양광 발전 또는 역송",
  "long-bills": "보고 기간의 고지서가 기준 기간에 허용되는 길이보다 김",
  "estimated-bills": "추정 고지서를 다음 검침과 합침",
  "months-without-model": "시간 자료가 부족한 달이 있음",
  "single-model-refused": "연간 단일 모형의 편향이 커서 월별 모형을 씀",
  "baseline-not-365": "기준 기간이 365일이 아님",
  "partial-reporting-data": "다음 해의 90 % 미만에 검침값과 기온이 있음",
  "no-error-scale": "예상 사용량이 없거나 기준 기간이 짧아 변동을 알 수 없음",
  "reporting-not-full": "보고 기간의 90 % 미만만 측정됨",
  "event-baseline": "기준 기간에 모형으로 설명되지 않는 변화가 있음",
  "event-reporting": "보고 기간 중에 변화가 있음",
};

/* Names that columns often have; others are shown as they are. */
const columnsKo: Names = {
  district: "지역", income: "소득", tenure: "점유 형태", type: "유형", fuel: "에너지원", group: "집단",
};

const inputsKo: Names = { readings: "검침 자료", weather: "기상 자료", meters: "계량기 목록",
  "typical year": "표준 기상년" };

const seasonsEn: Names = { all: "All year", djf: "Dec–Feb", mam: "Mar–May", jja: "Jun–Aug",
  son: "Sep–Nov" };
const seasonsKo: Names = { all: "연중", djf: "12–2월", mam: "3–5월", jja: "6–8월", son: "9–11월" };

const featuresEn: Names = { level: "level", months: "shape over the year",
  hours: "shape over the week" };
const featuresKo: Names = { level: "사용량 수준이", months: "연중 형태가", hours: "주간 형태가" };

const methodsEn: Names = { nearest: "Nearest neighbours", strata: "Strata of like meters",
  synthetic: "Weighted mixture", all: "All meters without the measure" };
const methodsKo: Names = { nearest: "가장 비슷한 계량기", strata: "층화", synthetic: "가중 조합",
  all: "사업이 없는 모든 계량기" };

const eventsEn: Names = { "level-shift": "New level", drift: "Drift", vacancy: "Vacancy",
  temporary: "Temporary change" };
const eventsKo: Names = { "level-shift": "수준 변화", drift: "점진적 변화", vacancy: "공실",
  temporary: "일시적 변화" };

const intervalsEn: Names = { calibrated: "Calibrated on placebo years",
  block: "Model-based, blocks of 30 days", caltrack2: "CalTRACK 2 (FSU)" };
const intervalsKo: Names = { calibrated: "위약 연도로 보정", block: "모형 기반, 30일 블록",
  caltrack2: "CalTRACK 2 (FSU)" };

const one = (names: Names, key: string): string => names[key] ?? key;

function sentenceEn(v: Verdict, r: Report): string {
  const t = r.total;
  const e = amount(t.savings.value, r.quantity.unit);
  const interval = `${r.interval.calibrated ? "calibrated" : "uncalibrated"} ` +
    `${levelPercent(r.level)} % interval ${percentInterval(t.percent, "to")}`;
  const where = `in ${r.meters.ok} of ${r.meters.treated} meters`;
  if (v === "saved")
    return `Saved ${percent(t.percent.value)} of ${r.quantity.fuel} (${interval}): ${e} ${where}.`;
  if (v === "increase")
    return `Use of ${r.quantity.fuel} was ${percent(-(t.percent.value ?? 0))} higher than expected ` +
      `(saving of ${percent(t.percent.value)}, ${interval}) ${where}.`;
  return `A saving of ${percent(t.percent.value)} of ${r.quantity.fuel} (${interval}) could not be ` +
    `told apart from no change, ${where}.`;
}

function sentenceKo(v: Verdict, r: Report): string {
  const t = r.total;
  const fuel = one(fuelsKo, r.quantity.fuel);
  const e = amount(t.savings.value, r.quantity.unit);
  const interval = `${r.interval.calibrated ? "보정된" : "보정되지 않은"} ` +
    `${levelPercent(r.level)} % 구간 ${percentInterval(t.percent, "~")}`;
  const where = `계량기 ${r.meters.treated}개 중 ${r.meters.ok}개에서`;
  if (v === "saved")
    return `${where} ${fuel} 사용량을 ${percent(t.percent.value)}(${interval}), ${e} 절감했습니다.`;
  if (v === "increase")
    return `${where} ${fuel} 사용량이 예상보다 ${percent(-(t.percent.value ?? 0))} 많았습니다` +
      `(절감률 ${percent(t.percent.value)}, ${interval}).`;
  return `${where} ${fuel} 절감률은 ${percent(t.percent.value)}(${interval})로, 변화가 없는 경우와 ` +
    "구별되지 않습니다.";
}

function uncalibratedEn(method: Interval["method"], level: number): string {
  if (method === "block")
    return `The ${levelPercent(level)} % interval is model-based and uncalibrated: there are too few ` +
      "years without a measure to test it on. How often it covers the truth on this data is not known.";
  return `The interval is CalTRACK's at ${levelPercent(level)} %, uncalibrated. On real buildings ` +
    "such intervals have covered the truth far less often than they say: take it as the least of " +
    "the doubt. It counts the model's errors, not what changed in all buildings at once.";
}

function uncalibratedKo(method: Interval["method"], level: number): string {
  if (method === "block")
    return `이 ${levelPercent(level)} % 구간은 모형에 기반하며 보정되지 않았습니다. 구간을 시험할 ` +
      "사업 없는 연도가 너무 적어, 이 자료에서 참값을 얼마나 자주 포함하는지 알 수 없습니다.";
  return `이 구간은 CalTRACK의 ${levelPercent(level)} % 구간이며 보정되지 않았습니다. 실제 건물에서 이런 ` +
    "구간이 참값을 포함한 비율은 표시된 수준보다 훨씬 낮았으므로, 불확실성의 최소한으로 보십시오. 모형의 " +
    "오차만 반영하며, 모든 건물에 함께 일어난 변화는 반영하지 않습니다.";
}

function calibratedEn(p: Interval["placebos"], level: number): string {
  if (!p) return `The ${levelPercent(level)} % interval is calibrated on years without a measure.`;
  const covers = p.coverage === null ? ""
    : " Tried on each of them, after calibration on the others, it contained zero in " +
      `${percent(100 * p.coverage, 0)}.`;
  return `The ${levelPercent(level)} % interval is calibrated on ${count(p.n)} placebo years of ` +
    `${count(p.meters)} meters: years without a measure, where the true saving is zero.${covers}`;
}

function calibratedKo(p: Interval["placebos"], level: number): string {
  if (!p) return `이 ${levelPercent(level)} % 구간은 사업이 없는 연도로 보정되었습니다.`;
  const covers = p.coverage === null ? ""
    : ` 나머지로 보정한 뒤 하나씩 시험했을 때 ${percent(100 * p.coverage, 0)}에서 0을 포함했습니다.`;
  return `이 ${levelPercent(level)} % 구간은 계량기 ${count(p.meters)}개의 위약 연도 ${count(p.n)}개로 ` +
    `보정되었습니다. 위약 연도는 사업이 없어 참 절감량이 0인 해입니다.${covers}`;
}

function comparisonSummaryEn(c: Comparison, r: Report): string {
  const change = c.change_percent.value;
  const what = change !== null && change < 0 ? `${percent(-change)} more` : `${percent(change)} less`;
  return `${count(c.meters)} meters without the measure used ${what} than expected in the same time ` +
    `(saving ${percentInterval(c.change_percent, "to")}). Taking that out changes the estimate from ` +
    `${percent(c.before_percent.value)} to ${percent(r.total.percent.value)}.`;
}

function comparisonSummaryKo(c: Comparison, r: Report): string {
  const change = c.change_percent.value;
  const what = change !== null && change < 0 ? `${percent(-change)} 많이` : `${percent(change)} 적게`;
  return `사업이 없는 비교 계량기 ${count(c.meters)}개는 같은 기간에 예상보다 ${what} 썼습니다(절감률 ` +
    `${percentInterval(c.change_percent, "~")}). 이를 반영하면 추정값은 ${percent(c.before_percent.value)}에서 ` +
    `${percent(r.total.percent.value)}로 바뀝니다.`;
}

function eventsSummaryEn(e: Events, r: Report): string {
  if (e.meters === 0)
    return "No meter changed in a way that the measure and the weather do not explain.";
  const without = e.without_percent === null ? ""
    : ` Without ${e.meters === 1 ? "it" : "them"} the saving is ` +
      `${percent(e.without_percent.value)} (${percentInterval(e.without_percent, "to")}); with them, as in ` +
      `all figures above, ${percent(r.total.percent.value)} (${percentInterval(r.total.percent, "to")}).`;
  return `${count(e.meters)} of the ${count(e.measured)} measured meters ${e.meters === 1 ? "has" : "have"} ` +
    `changed in a way that the measure and the weather do not explain. None was removed.${without}`;
}

function eventsSummaryKo(e: Events, r: Report): string {
  if (e.meters === 0) return "사업과 날씨로 설명되지 않는 변화가 있는 계량기는 없습니다.";
  const without = e.without_percent === null ? ""
    : ` 이들을 빼면 절감률은 ${percent(e.without_percent.value)}` +
      `(${percentInterval(e.without_percent, "~")})이고, 위의 모든 값처럼 포함하면 ` +
      `${percent(r.total.percent.value)}(${percentInterval(r.total.percent, "~")})입니다.`;
  return `측정된 대상 계량기 ${count(e.measured)}개 중 ${count(e.meters)}개에 사업과 날씨로 설명되지 않는 변화가 ` +
    `있습니다. 제외한 것은 없습니다.${without}`;
}

const en = {
  sentence: sentenceEn,
  table: "Table",
  download: "Download CSV",
  to: "to",
  day: "Day",
  meters: "Meters",
  metersMany: (n: number) => (n === 1 ? "1 meter" : `${count(n)} meters`),
  observed: "Observed",
  counterfactual: "Without the measure",
  band: "Band of single days",
  installation: "Installation",
  baseline: "Baseline",
  reporting: "Reporting",
  low: "Low",
  high: "High",
  saved: "Saved",
  savedPercent: "Saved (%)",
  amount: "Amount",
  estimate: "Estimate",
  all: "All meters",
  truth: "Truth",
  notGiven: "(not given)",
  nothing: "No meter of these groups could be measured.",
  perMeterDay: "per meter and day",
  temperature: "Outdoor temperature",
  staggered: "Each meter has its own dates; these are the first and the last.",
  savedOf: (fuel: string) => `of ${fuel} saved`,
  savedEnergy: "saved",
  co2e: "CO₂e avoided",
  metersMeasured: "meters measured",
  ofTreated: (n: string) => `of ${n} treated`,
  truthLine: (p: string) => `This is a simulation, whose truth is known: ${p} saved.`,
  uncalibrated: uncalibratedEn,
  calibrated: calibratedEn,
  intervalName: (m: string) => one(intervalsEn, m),
  whichInterval: "Interval",
  intervalHere: "this report",
  oneSided: (level: number) => `At least, with ${levelPercent(level)} % confidence`,
  detectableBefore: "Smallest effect to be found, foreseen before the measure",
  detectableAfter: "Smallest effect to be found, by this interval",
  detectableNote: "The smallest effect that would be found four times in five (minimum detectable effect).",
  interval: (level: number) => `${levelPercent(level)} % interval`,
  dailyTitle: "Observed, and without the measure",
  dailySummary: (o: string, c: string) =>
    `Over the reporting period the meters used ${o}; without the measure it would have been ${c}.`,
  dailyNote: (days: number) =>
    `Means over ${days} days, of the meters measured on the day. Before the installation the ` +
    "second line is the model fitted to the baseline.",
  cumulativeTitle: "Savings as they added up",
  cumulativeSummary: (s: string) => `By the end of the reporting period the savings came to ${s}.`,
  cumulativeStaggered: "Meters enter as their installation ends.",
  season: (s: string) => one(seasonsEn, s),
  seasonName: "Season",
  hourOfDay: "Hour of the day",
  perMeterHour: "per meter and hour",
  before: "Before",
  after: "After",
  loadShapeTitle: "The average day",
  loadShapeSummary: (from: string, to: string, e: string) =>
    `Most was saved between ${from} and ${to}: ${e} per meter and day.`,
  loadShapeNote: "Local time. Before: what was observed in the baseline, in the weather of that year. " +
    "After and without the measure: the reporting period, in its own weather.",
  normalised: "Saved in a typical year",
  ghiUnused: "The weather has a column ghi. The model knows temperature and the hour of the week only: " +
    "sunshine, and what solar panels make of it, is not in the counterfactual.",
  column: (by: string) => by,
  groupTitle: (by: string) => `Savings by ${by}`,
  groupSummary: (by: string, best: string, p: string, least: string, q: string) =>
    best === least
      ? `${best}: ${p}.`
      : `By ${by}, the estimate is highest in ${best} (${p}) and lowest in ${least} (${q}); where ` +
        "intervals overlap widely, the groups may not differ.",
  more: (n: number) => `${n} more groups are in the table.`,
  distributionTitle: "Savings of single meters",
  distributionSummary: (a: string, b: string, m: string) =>
    `Half of the meters saved more than ${m}; eight in ten lie between ${a} and ${b}. Single ` +
    "meters vary for many reasons beside the measure.",
  outside: (below: number, first: number, above: number, last: number) =>
    `Not drawn: ${[...(below > 0 ? [`${count(below)} below ${percent(first, 0)}`] : []),
      ...(above > 0 ? [`${count(above)} above ${percent(last, 0)}`] : [])].join(" and ")}.`,
  p10: "lowest tenth",
  median: "median",
  p90: "highest tenth",
  yes: "yes",
  no: "no",
  placeboTitle: "What is measured when nothing was done",
  placeboSummary: (n: string, of: string, half: string, missed: string, level: number) =>
    `${n === of ? n : `${n} of ${of}`} placebo years: single meters in years without a measure, whose true saving is zero. Half of ` +
    `these "savings" are off by more than ${half}. ${missed} of the ${n} intervals leave zero out; of ` +
    `${levelPercent(level)} % intervals, ${levelPercent(1 - level)} in 100 should.`,
  placeboAxis: "Placebo saving (%)",
  placeboRank: "placebo years, by size",
  placeboHit: "Interval contains zero",
  placeboMiss: "Interval leaves zero out",
  placeboEffect: (p: string) => `Measured effect, all meters: ${p}`,
  placeboContains: "Contains zero",
  placeboNote: "Each dot is one meter: the errors of single meters are larger than that of all " +
    "meters together, which is what the measured effect has to be told apart from.",
  placeboBeyond: (n: number) => n === 1 ? "1 lies outside the picture; the table has it."
    : `${n} lie outside the picture; the table has them.`,
  level: "Level",
  comparisonTitle: "Meters without the measure",
  comparisonSummary: comparisonSummaryEn,
  comparisonVerdict: (v: Comparison["verdict"], worst: string) => ({
    good: `They are like the treated meters: no feature of the baseline differs by more than ${worst} standard deviations.`,
    acceptable: `They are near enough to the treated meters: the largest difference in the baseline is ${worst} standard deviations.`,
    poor: `They are not like the treated meters: a feature of the baseline differs by ${worst} standard deviations. Take the comparison with caution.`,
  })[v],
  balanceAxis: "difference to the treated (standard deviations)",
  balanceBefore: "Before matching",
  balanceAfter: "After matching",
  balanceNote: (hours: boolean) => "Level and monthly shape of use in the baseline year" +
    (hours ? ", and of the 168 hours of the week the one that differs most" : "") +
    ". Within 0.1 (shaded) the groups are alike; beyond 0.25 (dashed) they are not.",
  matchedOn: (on: string[]) => on.length === 0 ? ""
    : `They were chosen to be like the treated ones in ${on.map((f) => one(featuresEn, f)).join(", ")}. `,
  feature: "Feature",
  comparisonMethods: "The saving, by way of comparing",
  comparisonMethod: (m: string) => one(methodsEn, m),
  comparisonBy: "Compared with",
  comparisonNone: "No comparison",
  comparisonMeters: "Comparison meters",
  usedHere: "used here",
  eventsTitle: "Changes that the measure did not make",
  eventsSummary: eventsSummaryEn,
  eventsNote: "Found by rule in what the model leaves unexplained. A cause is not known: look at the " +
    "meters before you leave any out. Sizes are shares of mean use; minus is a drop.",
  meter: "Meter",
  period: "Period",
  event: "Change",
  from: "From",
  until: "Until",
  eventSize: "Size",
  eventStays: "stays",
  eventKind: (k: string) => one(eventsEn, k),
  qualityTitle: "Data, and what was left out",
  qualitySummary: (ok: string, treated: string, excluded: string) =>
    `${ok} of ${treated} treated meters are in the sums; ${excluded} could not be measured.`,
  excluded: "Not measured",
  flagged: "Measured, but flagged",
  why: "Reason",
  data: "Data",
  figure: "",
  value: "",
  rowsRead: "Readings read",
  baselineMissing: "Baseline days missing",
  reportingMissing: "Reporting days missing",
  cvrmse: "Model error, CV(RMSE), median meter",
  reason: (_code: string, text: string) => text,
  methodTitle: "Method",
  methodSummary:
    "Each meter's use in the baseline is fitted against outdoor temperature by the CalTRACK 2.0 " +
    "rules; the model then says what the meter would have used in the reporting period's weather. " +
    "The saving is the difference to what was observed.",
  again: "To compute it again, from the same files:",
  model: "Model",
  chosen: "Chosen",
  form: (f: string) => one(formsEn, f),
  intervalMethod: "Interval",
  comparisonRow: "Comparison",
  timeZone: "Time zone of the days",
  zeros: "Readings of zero",
  zerosMissing: "taken as missing",
  zerosValues: "taken as values",
  factor: "CO₂e factor",
  basis: (b: string) => `${b} factor`,
  meanOfFactors: "mean of factors by time: ",
  input: (role: string) => role.charAt(0).toUpperCase() + role.slice(1),
  config: "SHA-256 of the measure's file",
  made: "Made",
};

const ko: typeof en = {
  sentence: sentenceKo,
  table: "표로 보기",
  download: "CSV 내려받기",
  to: "~",
  day: "날짜",
  meters: "계량기 수",
  metersMany: (n) => `${count(n)}개`,
  observed: "실측 사용량",
  counterfactual: "사업이 없었을 경우",
  band: "하루 단위 오차 범위",
  installation: "설치 기간",
  baseline: "기준 기간",
  reporting: "보고 기간",
  low: "하한",
  high: "상한",
  saved: "절감량",
  savedPercent: "절감률 (%)",
  amount: "절감량",
  estimate: "추정값",
  all: "전체 계량기",
  truth: "참값",
  notGiven: "(미기재)",
  nothing: "이 구분에서 측정할 수 있는 계량기가 없습니다.",
  perMeterDay: "(계량기당 하루)",
  temperature: "외기 온도",
  staggered: "설치일은 계량기마다 다르며, 위의 날짜는 가장 이른 날과 가장 늦은 날입니다.",
  savedOf: (fuel) => `${one(fuelsKo, fuel)} 절감률`,
  savedEnergy: "절감량",
  co2e: "CO₂e 감축량",
  metersMeasured: "측정된 계량기",
  ofTreated: (n) => `대상 ${n}개 중`,
  truthLine: (p) => `이 자료는 모의 실험이어서 참값을 압니다: 절감률 ${p}.`,
  uncalibrated: uncalibratedKo,
  calibrated: calibratedKo,
  intervalName: (m) => one(intervalsKo, m),
  whichInterval: "구간",
  intervalHere: "이 보고서",
  oneSided: (level) => `최소한(신뢰 수준 ${levelPercent(level)} %)`,
  detectableBefore: "찾을 수 있는 가장 작은 효과(사업 전 예상)",
  detectableAfter: "찾을 수 있는 가장 작은 효과(이 구간 기준)",
  detectableNote: "다섯 번 중 네 번 찾아낼 수 있는 가장 작은 효과(최소 탐지 효과)입니다.",
  interval: (level) => `${levelPercent(level)} % 구간`,
  dailyTitle: "실측 사용량과 사업이 없었을 경우",
  dailySummary: (o, c) =>
    `보고 기간의 실측 사용량은 ${o}이며, 사업이 없었을 경우의 추정 사용량은 ${c}입니다.`,
  dailyNote: (days) =>
    `그날 측정된 계량기의 ${days}일 이동 평균입니다. 설치 전의 두 번째 선은 기준 기간에 맞춘 모형입니다.`,
  cumulativeTitle: "누적 절감량",
  cumulativeSummary: (s) => `보고 기간 말까지의 누적 절감량은 ${s}입니다.`,
  cumulativeStaggered: "각 계량기는 설치가 끝난 날부터 포함됩니다.",
  season: (s: string) => one(seasonsKo, s),
  seasonName: "계절",
  hourOfDay: "시각",
  perMeterHour: "계량기·시간당",
  before: "이전",
  after: "이후",
  loadShapeTitle: "평균적인 하루",
  loadShapeSummary: (from: string, to: string, e: string) =>
    `${from} ~ ${to}에 가장 많이 절감했습니다: 계량기당 하루 ${e}.`,
  loadShapeNote: "현지 시각 기준. 이전: 기준 기간에 관측한 값(그해 날씨). 이후와 사업이 없었을 경우: 보고 " +
    "기간(그해 날씨).",
  normalised: "표준 기상년의 절감량",
  ghiUnused: "기상 자료에 일사량(ghi)이 있지만, 이 모형은 기온과 요일·시각만 씁니다. 햇빛과 태양광 발전의 " +
    "영향은 반사실 사용량에 들어 있지 않습니다.",
  column: (by) => one(columnsKo, by),
  groupTitle: (by) => `${one(columnsKo, by)}별 절감률`,
  groupSummary: (by, best, p, least, q) =>
    best === least
      ? `${best}: ${p}.`
      : `${one(columnsKo, by)}별 추정값은 ${best}에서 가장 높고(${p}) ${least}에서 가장 낮습니다(${q}). 구간이 많이 겹치면 ` +
        "차이가 없을 수도 있습니다.",
  more: (n) => `나머지 ${n}개는 표에 있습니다.`,
  distributionTitle: "계량기별 절감률",
  distributionSummary: (a, b, m) =>
    `계량기의 절반은 ${m}보다 많이 절감했고, 열 중 여덟은 ${a}에서 ${b} 사이에 있습니다. 개별 계량기의 값은 ` +
    "사업 외에도 여러 이유로 달라집니다.",
  outside: (below, first, above, last) =>
    `그림 밖: ${[...(below > 0 ? [`${percent(first, 0)} 미만 ${count(below)}개`] : []),
      ...(above > 0 ? [`${percent(last, 0)} 이상 ${count(above)}개`] : [])].join(", ")}.`,
  p10: "하위 10분의 1",
  median: "중앙값",
  p90: "상위 10분의 1",
  yes: "예",
  no: "아니요",
  placeboTitle: "아무 일도 없었을 때의 측정값",
  placeboSummary: (n, of, half, missed, level) =>
    `위약 연도 ${n === of ? "" : `${of}개 중 `}${n}개: 사업이 없어 참 절감률이 0인 해의 개별 계량기입니다. 이 '절감률'의 절반은 0에서 ` +
    `${half} 넘게 벗어납니다. 구간 ${n}개 중 ${missed}개가 0을 포함하지 않습니다. ` +
    `${levelPercent(level)} % 구간이라면 100개 중 ${levelPercent(1 - level)}개가 그래야 합니다.`,
  placeboAxis: "위약 절감률 (%)",
  placeboRank: "위약 연도, 크기순",
  placeboHit: "0을 포함하는 구간",
  placeboMiss: "0을 포함하지 않는 구간",
  placeboEffect: (p) => `측정된 효과(전체 계량기): ${p}`,
  placeboContains: "0 포함",
  placeboNote: "점 하나가 계량기 하나입니다. 개별 계량기의 오차는 전체를 합친 오차보다 크며, 측정된 효과와 " +
    "비교해야 하는 것은 전체의 오차입니다.",
  placeboBeyond: (n) => `그림 밖의 ${n}개는 표에 있습니다.`,
  level: "사용량 수준",
  comparisonTitle: "사업이 없는 계량기와의 비교",
  comparisonSummary: comparisonSummaryKo,
  comparisonVerdict: (v, worst) => ({
    good: `두 집단은 비슷합니다. 기준 기간의 어떤 특성도 표준편차의 ${worst}배보다 더 다르지 않습니다.`,
    acceptable: `두 집단은 비교할 만큼 비슷합니다. 기준 기간의 가장 큰 차이는 표준편차의 ${worst}배입니다.`,
    poor: `두 집단은 비슷하지 않습니다. 기준 기간의 특성이 표준편차의 ${worst}배만큼 다르므로 비교 결과를 조심해서 보십시오.`,
  })[v],
  balanceAxis: "대상 계량기와의 차이(표준편차의 배수)",
  balanceBefore: "매칭 전",
  balanceAfter: "매칭 후",
  balanceNote: (hours) => "기준 연도의 사용량 수준과 월별 형태" +
    (hours ? ", 그리고 한 주 168시간 가운데 차이가 가장 큰 시간" : "") +
    ". 0.1 이내(음영)이면 두 집단이 비슷하고, 0.25(점선)를 넘으면 비슷하지 않습니다.",
  matchedOn: (on) => on.length === 0 ? ""
    : `비교 계량기는 대상 계량기와 ${on.map((f) => one(featuresKo, f)).join(", ")} 비슷한 것으로 골랐습니다. `,
  feature: "특성",
  comparisonMethods: "비교 방법별 절감률",
  comparisonMethod: (m) => one(methodsKo, m),
  comparisonBy: "비교 대상",
  comparisonNone: "비교하지 않음",
  comparisonMeters: "비교 계량기",
  usedHere: "이 보고서",
  eventsTitle: "사업과 무관한 변화",
  eventsSummary: eventsSummaryKo,
  eventsNote: "모형이 설명하지 못한 잔차에서 규칙으로 찾은 것이며, 원인은 알 수 없습니다. 제외하기 전에 해당 " +
    "계량기를 확인하십시오. 크기는 평균 사용량 대비이며 음수는 감소입니다.",
  meter: "계량기",
  period: "기간",
  event: "변화",
  from: "시작",
  until: "끝",
  eventSize: "크기",
  eventStays: "계속",
  eventKind: (k) => one(eventsKo, k),
  qualityTitle: "자료의 품질과 제외된 계량기",
  qualitySummary: (ok, treated, excluded) =>
    `대상 계량기 ${treated}개 중 ${ok}개가 합계에 들어 있고, ${excluded}개는 측정할 수 없었습니다.`,
  excluded: "측정하지 못한 계량기",
  flagged: "측정했으나 주의가 필요한 계량기",
  why: "사유",
  data: "자료",
  figure: "",
  value: "",
  rowsRead: "읽은 검침값",
  baselineMissing: "기준 기간의 결측일",
  reportingMissing: "보고 기간의 결측일",
  cvrmse: "모형 오차 CV(RMSE), 계량기 중앙값",
  reason: (code, text) => reasonsKo[code] ?? text,
  methodTitle: "방법",
  methodSummary:
    "CalTRACK 2.0 규칙에 따라 계량기마다 기준 기간의 사용량을 외기 온도에 맞춘 모형을 만들고, 그 모형으로 보고 " +
    "기간의 날씨에서 사업이 없었을 경우의 사용량을 추정합니다. 절감량은 이 추정값과 실측값의 차이입니다.",
  again: "같은 파일로 다시 계산하려면:",
  model: "모형",
  chosen: "선택된 모형",
  form: (f) => one(formsKo, f),
  intervalMethod: "구간",
  comparisonRow: "비교 집단",
  timeZone: "날짜의 시간대",
  zeros: "값이 0인 검침",
  zerosMissing: "결측으로 처리",
  zerosValues: "값으로 처리",
  factor: "CO₂e 배출계수",
  basis: (b) => one(basisKo, b),
  meanOfFactors: "시간별 계수의 평균: ",
  input: (role) => one(inputsKo, role),
  config: "사업 파일의 SHA-256",
  made: "작성",
};

export type Words = typeof en;

export function words(lang: string): Words {
  return lang === "ko" ? ko : en;
}

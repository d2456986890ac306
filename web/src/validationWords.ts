/* Words of the validation's page, in English and Korean. */
import type { Result, Validation } from "./data";
import { count, levelPercent, number, percent } from "./format";

const share = (x: number | null): string => number(x === null ? null : 100 * x, 0);
const nominal = (v: Validation): string => `${levelPercent(v.level)} %`;

/* CalTRACK's interval and the calibrated one, on single meters; null where there is none. */
interface Pair {
  caltrack: Result | null;
  calibrated: Result | null;
}

function sentenceEn(v: Validation, { caltrack, calibrated }: Pair): string {
  if (caltrack && calibrated)
    return `CalTRACK's ${nominal(v)} intervals contained the truth in ${share(caltrack.coverage)} of ` +
      `100 years; calibrated ones in ${share(calibrated.coverage)}.`;
  const only = caltrack ?? calibrated;
  if (!only) return "Too few years were measured to say how often the intervals contain the truth.";
  return `${only === caltrack ? "CalTRACK's" : "Calibrated"} ${nominal(v)} intervals contained the ` +
    `truth in ${share(only.coverage)} of 100 years.`;
}

function sentenceKo(v: Validation, { caltrack, calibrated }: Pair): string {
  if (caltrack && calibrated)
    return `CalTRACK의 ${nominal(v)} 구간은 100개 연도 중 ${share(caltrack.coverage)}개에서, 보정된 구간은 ` +
      `${share(calibrated.coverage)}개에서 참값을 포함했습니다.`;
  const only = caltrack ?? calibrated;
  if (!only) return "구간이 참값을 얼마나 자주 포함하는지 말하기에는 측정된 연도가 너무 적습니다.";
  return `${only === caltrack ? "CalTRACK의" : "보정된"} ${nominal(v)} 구간은 100개 연도 중 ` +
    `${share(only.coverage)}개에서 참값을 포함했습니다.`;
}

const en = {
  title: "Do the intervals hold?",
  sentence: sentenceEn,
  what: (v: Validation) =>
    `Nothing was done on these meters. Each year from ${v.years.from} to ${v.years.to} was predicted ` +
    "from the year before it: the true saving is zero, and an interval holds when it contains zero " +
    "as often as it says.",
  which: (model: string) => `Figures of ${model}, single meters.`,
  keyCaltrack: "of CalTRACK's intervals contain zero",
  keyBlock: "of block intervals contain zero",
  keyCalibrated: "of calibrated intervals contain zero",
  keyBias: "mean placebo saving",
  keyBiasDetail: "zero would be no bias",
  keyYears: "meters' years measured",
  nominally: (level: string, se: string) => `${level} would be right; ± ${se}`,
  ofTried: (tried: string, meters: string) => `of ${tried} tried, in ${meters} meters`,
  curveTitle: "How often intervals contain the truth",
  curveSummary: (level: string, list: string) =>
    `Share of intervals that contain zero, against the level they claim. On the diagonal they hold; ` +
    `below it they promise too much. At ${level} they contain it: ${list}.`,
  curvePart: (what: string, least: string, most: string) =>
    most.startsWith(`${least}\u00a0`) ? `${what} in ${most}` : `${what} in ${least} to ${most}`,
  claimed: "level claimed (%)",
  contain: "contain zero (%)",
  diagonal: "As claimed",
  interval: { caltrack2: "CalTRACK 2 (FSU)", block: "Block, model-based", calibrated: "Calibrated" },
  size: (n: number) => (n === 1 ? "single meters" : `portfolios of ${count(n)}`),
  model: "Model",
  sizeHeader: "Of",
  intervalHeader: "Interval",
  group: "Group",
  everything: "all",
  trials: "Trials",
  covers: "Covers (%)",
  bias: "Mean bias (%)",
  medianBias: "Median (%)",
  halfWidth: "Half-width (%)",
  ratio: "/ constant",
  detectable: "Detectable (%)",
  placeboTitle: (model: string) => `Placebo savings: ${model}`,
  placeboSummary: (n: string, of: string, half: string, missed: string) =>
    `${n === of ? n : `${n} of ${of}`} meters' years in order of size. Half of these "savings" are off by more than ${half}. ` +
    `${missed} of the ${n} calibrated intervals leave zero out.`,
  placeboNote: "Single meters; the bars are calibrated on all placebos of the model. The coverage " +
    "figures are stricter: there an interval never sees the meter and the years it is tried on.",
  resultsTitle: "All results",
  resultsSummary: (level: string) =>
    `Intervals at ${level}. ± is one standard error. Half-width and detectable effect (found four ` +
    "times in five) are shares of the counterfactual; / constant compares the half-width with that " +
    "of the constant interval that covers as claimed, so that below 1 is sharper.",
  dataTitle: "Data and models",
  dataSummary: (file: string) => `Readings: ${file}.`,
  measured: "Measured",
  share: "Share",
  tried: "Tried",
  meters: "Meters",
  cvrmse: "CV(RMSE) (%)",
  nmbe: "NMBE (%)",
  outOfSample: "CV(RMSE) and NMBE are medians, out of sample.",
  notMeasured: "Not measured",
  count: "Meters' years",
  madeBy: (date: string, tool: string) => `Made ${date} by ${tool}.`,
};

const ko: typeof en = {
  title: "구간은 믿을 만한가?",
  sentence: sentenceKo,
  what: (v) =>
    `이 계량기들에는 아무 사업도 없었습니다. ${v.years.from}년부터 ${v.years.to}년까지 각 해를 그 전해로 ` +
    "예측했으므로 참 절감량은 0이고, 구간은 표시된 수준만큼 자주 0을 포함해야 합니다.",
  which: (model) => `${model}, 개별 계량기의 값입니다.`,
  keyCaltrack: "CalTRACK 구간이 0을 포함",
  keyBlock: "블록 구간이 0을 포함",
  keyCalibrated: "보정된 구간이 0을 포함",
  keyBias: "위약 절감률 평균",
  keyBiasDetail: "0이면 편향 없음",
  keyYears: "측정된 계량기·연도",
  nominally: (level, se) => `표시 수준 ${level}, 표준오차 ${se}`,
  ofTried: (tried, meters) => `계량기 ${meters}개, 시도한 ${tried}개 중`,
  curveTitle: "구간이 참값을 포함하는 비율",
  curveSummary: (level, list) =>
    "0을 포함하는 구간의 비율을 표시된 수준과 비교합니다. 대각선과 일치하면 구간이 맞고, 그 아래이면 구간이 너무 좁습니다. " +
    `${level} 수준에서 포함한 비율: ${list}.`,
  curvePart: (what, least, most) => (most.startsWith(`${least}\u00a0`) ? `${what} ${most}` : `${what} ${least} ~ ${most}`),
  claimed: "표시된 수준 (%)",
  contain: "0을 포함 (%)",
  diagonal: "표시된 대로",
  interval: { caltrack2: "CalTRACK 2 (FSU)", block: "블록(모형 기반)", calibrated: "보정" },
  size: (n) => (n === 1 ? "개별 계량기" : `계량기 ${count(n)}개 묶음`),
  model: "모형",
  sizeHeader: "대상",
  intervalHeader: "구간",
  group: "집단",
  everything: "전체",
  trials: "시험 수",
  covers: "포함률 (%)",
  bias: "평균 편향 (%)",
  medianBias: "중앙값 (%)",
  halfWidth: "반너비 (%)",
  ratio: "/ 상수",
  detectable: "탐지 가능 (%)",
  placeboTitle: (model) => `위약 절감률: ${model}`,
  placeboSummary: (n, of, half, missed) =>
    `계량기·연도 ${n === of ? "" : `${of}개 중 `}${n}개를 크기순으로 늘어놓았습니다. 이 '절감률'의 절반은 0에서 ${half} 넘게 벗어납니다. ` +
    `보정된 구간 ${n}개 중 ${missed}개가 0을 포함하지 않습니다.`,
  placeboNote: "개별 계량기이며, 막대는 이 모형의 모든 위약으로 보정한 구간입니다. 포함률은 더 엄격하게 " +
    "계산했습니다. 그때 구간은 시험하는 계량기와 연도를 보지 않습니다.",
  resultsTitle: "모든 결과",
  resultsSummary: (level) =>
    `${level} 구간. ±는 표준오차입니다. 반너비와 탐지 가능한 효과(다섯 번 중 네 번)는 반사실 사용량 대비 ` +
    "비율이며, '/ 상수'는 표시된 만큼 포함하는 상수 구간의 반너비와 비교한 것으로 1보다 작으면 더 좁습니다.",
  dataTitle: "자료와 모형",
  dataSummary: (file) => `검침 자료: ${file}.`,
  measured: "측정됨",
  share: "비율",
  tried: "시도",
  meters: "계량기",
  cvrmse: "CV(RMSE) (%)",
  nmbe: "NMBE (%)",
  outOfSample: "CV(RMSE)와 NMBE는 표본 밖의 값의 중앙값입니다.",
  notMeasured: "측정하지 못함",
  count: "계량기·연도",
  madeBy: (date, tool) => `작성: ${date}, ${tool}.`,
};

export function validationWords(lang: string): typeof en {
  return lang === "ko" ? ko : en;
}

/** A share and its standard error, as percents. */
export function plusMinus(x: number | null, se: number | null, decimals = 1): string {
  return x === null ? "–" : `${number(100 * x, decimals)} ± ${number(se === null ? null : 100 * se, decimals)}`;
}

export function shareText(x: number | null, decimals = 0): string {
  return percent(x === null ? null : 100 * x, decimals);
}

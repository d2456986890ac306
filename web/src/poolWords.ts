/* Words of the page of pooled cities, in English and Korean. */
import type { PoolBiasRow, PoolPage, PoolResult } from "./data";
import { count, number, percent } from "./format";

/** From the scale of pooling to what is shown: log ratios to percent saved. */
export function toShown(unit: string, y: number): number {
  return unit === "%" ? -100 * Math.expm1(y) : y;
}

/** `axis` with its unit, `name` within a sentence. A table's own columns are called as they are. */
interface Moderator {
  axis: string;
  name: string;
}

const MODERATORS_EN: Record<string, Moderator> = {
  hdd18: { axis: "heating degree days a year (to 18 °C)", name: "heating degree days" },
  cdd18: { axis: "cooling degree days a year (above 18 °C)", name: "cooling degree days" },
  dose: { axis: "dose", name: "the dose" },
  year: { axis: "year of installation", name: "the year" },
  use: { axis: "use before (kWh per unit and year)", name: "use before the measure" },
};

const MODERATORS_KO: Record<string, Moderator> = {
  hdd18: { axis: "연간 난방도일(18 °C 기준)", name: "난방도일" },
  cdd18: { axis: "연간 냉방도일(18 °C 기준)", name: "냉방도일" },
  dose: { axis: "투입량", name: "투입량" },
  year: { axis: "설치 연도", name: "설치 연도" },
  use: { axis: "사업 전 사용량(단위당 연간 kWh)", name: "사업 전 사용량" },
};

const moderatorIn = (words: Record<string, Moderator>, name: string): Moderator =>
  words[name] ?? { axis: name, name };

const en = {
  to: "to",
  eyebrow: "madang pool",
  cities: (n: number) => (n === 1 ? "1 city" : `${count(n)} cities`),
  keyMean: "saved in the mean of cities",
  keyMeanOf: "mean of the effects",
  keyNext: "what the next city can expect",
  keyK: "results pooled",
  keyOf: (cities: string) => `of ${cities}`,
  keyNextDetail: "prediction interval",
  keyGrade: "grade of the evidence",
  keyGradeOf: "of 5",
  keySpread: "of the differences are real",
  keySpreadLeft: "of the differences that are left are real",
  keySpreadDetail: "I², the rest is chance",
  axis: (unit: string): string => (unit === "%" ? "saved (%)" : unit === "kWh" ? "saved (kWh per unit and year)" : "effect"),
  standardError: (unit: string): string => (unit === "%" ? "standard error (points, nearly)" : "standard error"),
  interval: "saved (interval)",
  weight: "weight",
  grade: "grade",
  mean: "Mean",
  nextCity: "Next city",
  range: (lo: number, hi: number) => `${number(lo, 1)} to ${number(hi, 1)}`,
  forestTitle: "What each city found",
  forestSummary: (p: PoolResult, level: string) =>
    `${count(p.k)} results with their ${level} intervals; the larger a square, the more it counts. ` +
    "The diamond is the mean; the pale bar shows where the true effect of one more city would lie.",
  forestNote: (p: PoolResult) => p.pi_words ?? "",
  city: "City",
  year: "Year",
  estimate: "Estimate",
  from: "from",
  until: "to",
  se: "Standard error",
  transferTitle: (city: string) => `Would it work in ${city}?`,
  transferSummary: (city: string, level: string) =>
    `The true effect in ${city} would lie in these ranges in ${level} of such predictions.`,
  perUnit: "per unit and year",
  stock: "all units, a year",
  emissions: "CO₂e avoided a year",
  saving: "Saving",
  what: "What",
  outside: (m: string, v: string, lo: string, hi: string) =>
    `Outside what was seen: ${m} is ${v}, and the cities pooled lie between ${lo} and ${hi}. Nobody has ` +
    "tried the measure in such a city; the prediction continues a line beyond its points.",
  own: (w: string) => `The city's own measurement counts for ${w} of it.`,
  moderatorTitle: (name: string) => `Does it depend on ${name}?`,
  moderator: (name: string) => moderatorIn(MODERATORS_EN, name),
  moderatorSummary: (name: string, others: boolean, p: string, permuted: string) =>
    `Effects against ${name}${others ? ", the other moderators at their means" : ""}. p = ${p}` +
    (permuted === "–" ? "." : `; ${permuted} when the cities are shuffled.`),
  moderatorNote: "Dark band: interval of the line. Pale band: where single cities lie. A line through a " +
    "few cities is a hint, not a law: other things differ between them too.",
  biasTitle: "Do small studies say something else?",
  biasSummary: "Results with large errors should scatter evenly about the mean. If those that found little are " +
    "missing, the mean is too rosy. Each method looks at that in its own way; none is right by itself.",
  biasFew: (k: number) => `With ${count(k)} results none of these methods can tell much: they are shown because ` +
    "leaving them out would look like a clean bill of health.",
  biasMethod: {
    egger: "Egger's test, random effects",
    egger_lm: "Egger's test, weighted line",
    rank: "Rank test (Begg)",
    pet: "PET: mean at a standard error of 0",
    peese: "PEESE: the same by the variance",
    trim_fill: "Trim and fill",
    selection: "Selection model, three parameters",
  } as Record<PoolBiasRow["method"], string>,
  missing: (n: number) => (n === 0 ? "none missing" : `${count(n)} missing`),
  method: "Method",
  testP: "p of its test",
  meanThen: "mean by it",
  funnelMean: "mean",
  funnelBand: (level: string) => `where ${level} would lie by chance alone`,
  filledIn: "filled in",
  looTitle: "Does one city decide?",
  looSummary: (lo: string, hi: string) => `Without one of them each time, the mean lies between ${lo} and ${hi}.`,
  without: "Without",
  cumulativeTitle: "As the evidence came in",
  cumulativeSummary: "The mean of the first one, two, three and more results, in the order of their years.",
  upTo: "With",
  i2: "I² (%)",
  numbersTitle: "The figures behind it",
  figureName: "Figure",
  value: "Value",
  outTitle: "What went in, and what did not",
  outSummary: (went: number, out: number) => out === 0 ? `All ${count(went)} results went in.`
    : `${count(went)} results went in; ${count(out)} did not, for the reasons below.`,
  file: "File",
  why: "Why not",
  gradeTitle: "How far can it be trusted?",
  gradeSummary: (p: PoolResult) => p.grade === null ? "" :
    `Grade ${p.grade.value} of 5. The records have ${number(p.grade.records, 1)} in the weighted mean` +
    (p.grade.down.length === 0 ? "; nothing takes it down." : "; it goes down one for each of these:"),
  rows: (p: PoolResult, page: PoolPage): [string, string][] => {
    const level = percent(100 * page.level, 0);
    return [
      ["Results, cities", `${count(p.k)}, ${count(p.cities)}`],
      ["Method, test", `${p.method}, ${p.test}`],
      ["Prediction interval", p.pi_words ?? p.pi_convention],
      ["tau (between cities, scale of pooling)", number(p.tau, 4)],
      [`I² (${level} interval)`, `${percent(p.i2, 0)} (${number(p.i2_ci[0], 0)} to ${number(p.i2_ci[1], 0)})`],
      ["Cochran's Q, its p", `${number(p.q, 1)}, ${number(p.q_p, 4)}`],
      ...(p.r2 !== null ? [["Explained by moderators (R²)", percent(p.r2, 0)] as [string, string]] : []),
    ];
  },
  robust: "Mean when records of one city count as related (CR2)",
  profiled: "Mean by the cities' own likelihoods",
  madeBy: (date: string, tool: string) => `Made ${date} by ${tool}.`,
};

export type PoolWords = typeof en;

const ko: PoolWords = {
  to: "~",
  eyebrow: "madang pool",
  cities: (n) => `${count(n)}개 도시`,
  keyMean: "도시 평균 절감률",
  keyMeanOf: "효과의 평균",
  keyNext: "다음 도시가 기대할 수 있는 값",
  keyK: "통합한 결과",
  keyOf: (cities) => cities,
  keyNextDetail: "예측구간",
  keyGrade: "증거 등급",
  keyGradeOf: "5등급 중",
  keySpread: "가 실제 차이",
  keySpreadLeft: "가 남은 차이 중 실제 차이",
  keySpreadDetail: "I², 나머지는 우연",
  axis: (unit) => (unit === "%" ? "절감률 (%)" : unit === "kWh" ? "절감량 (단위당 연간 kWh)" : "효과"),
  standardError: (unit) => (unit === "%" ? "표준오차 (약 %p)" : "표준오차"),
  interval: "절감 (구간)",
  weight: "가중치",
  grade: "등급",
  mean: "평균",
  nextCity: "다음 도시",
  range: (lo, hi) => `${number(lo, 1)} ~ ${number(hi, 1)}`,
  forestTitle: "도시마다 얻은 결과",
  forestSummary: (p, level) =>
    `결과 ${count(p.k)}개와 ${level} 구간입니다. 네모가 클수록 가중치가 큽니다. 마름모는 평균이고, 옅은 막대는 ` +
    "또 다른 도시의 참 효과가 놓일 범위입니다.",
  forestNote: (p) => p.pi_words ?? "",
  city: "도시",
  year: "연도",
  estimate: "추정값",
  from: "하한",
  until: "상한",
  se: "표준오차",
  transferTitle: (city) => `${city}에서도 효과가 있을까?`,
  transferSummary: (city, level) => `이러한 예측의 ${level}에서 ${city}의 참 효과가 아래 범위 안에 있습니다.`,
  perUnit: "단위당 연간",
  stock: "전체 연간",
  emissions: "연간 CO₂e 감축",
  saving: "절감",
  what: "항목",
  outside: (m, v, lo, hi) =>
    `관측 범위 밖입니다. ${m} 값은 ${v}인데 통합한 도시들은 ${lo}에서 ${hi} 사이에 있습니다. 이런 도시에서는 아직 ` +
    "아무도 이 사업을 해 보지 않았고, 예측은 점들 너머로 선을 연장한 것입니다.",
  own: (w) => `도시 자체의 측정값이 ${w}를 차지합니다.`,
  moderatorTitle: (name) => `${name}에 따라 달라지는가?`,
  moderator: (name) => moderatorIn(MODERATORS_KO, name),
  moderatorSummary: (name, others, p, permuted) =>
    `${name}에 따른 효과입니다.${others ? " 다른 조절변수는 평균값에 두었습니다." : ""} p = ${p}` +
    (permuted === "–" ? "." : `, 도시를 뒤섞었을 때 p = ${permuted}.`),
  moderatorNote: "짙은 띠는 선의 구간, 옅은 띠는 개별 도시가 놓이는 범위입니다. 몇몇 도시를 지나는 선은 단서일 뿐 " +
    "법칙이 아닙니다. 도시들은 다른 점에서도 서로 다릅니다.",
  biasTitle: "작은 연구는 다른 결과를 말하는가?",
  biasSummary: "오차가 큰 결과는 평균 둘레에 고르게 흩어져야 합니다. 효과가 작았던 결과가 빠져 있으면 평균이 부풀려집니다. " +
    "방법마다 보는 방식이 다르며, 어느 하나만으로는 충분하지 않습니다.",
  biasFew: (k) => `결과가 ${count(k)}개이면 어느 방법도 많은 것을 말해 주지 못합니다. 빼면 문제가 없는 것처럼 보이므로 함께 보여 줍니다.`,
  biasMethod: {
    egger: "Egger 검정(변량효과)",
    egger_lm: "Egger 검정(가중 회귀선)",
    rank: "순위 검정(Begg)",
    pet: "PET: 표준오차 0에서의 평균",
    peese: "PEESE: 분산을 쓴 같은 방법",
    trim_fill: "절삭-채움(trim and fill)",
    selection: "선택 모형(모수 3개)",
  },
  missing: (n) => (n === 0 ? "빠진 것 없음" : `${count(n)}개 빠짐`),
  method: "방법",
  testP: "검정의 p",
  meanThen: "이에 따른 평균",
  funnelMean: "평균",
  funnelBand: (level) => `우연만 있다면 ${level}가 놓이는 범위`,
  filledIn: "채워 넣음",
  looTitle: "한 도시가 결과를 좌우하는가?",
  looSummary: (lo, hi) => `하나씩 빼면 평균은 ${lo}에서 ${hi} 사이입니다.`,
  without: "제외",
  cumulativeTitle: "증거가 쌓인 과정",
  cumulativeSummary: "연도 순서로 처음 하나, 둘, 셋, 그 이상의 결과를 통합한 평균입니다.",
  upTo: "추가",
  i2: "I² (%)",
  numbersTitle: "근거가 되는 수치",
  figureName: "항목",
  value: "값",
  outTitle: "포함된 것과 제외된 것",
  outSummary: (went, out) => out === 0 ? `결과 ${count(went)}개가 모두 포함되었습니다.`
    : `결과 ${count(went)}개가 포함되었고, ${count(out)}개는 아래 이유로 제외되었습니다.`,
  file: "파일",
  why: "제외 이유",
  gradeTitle: "얼마나 믿을 수 있는가?",
  gradeSummary: (p) => p.grade === null ? "" :
    `5등급 중 ${p.grade.value}등급. 기록 등급의 가중 평균은 ${number(p.grade.records, 1)}` +
    (p.grade.down.length === 0 ? "이며 낮추는 요인이 없습니다." : "이며 다음 하나마다 한 등급씩 낮아집니다."),
  rows: (p, page) => {
    const level = percent(100 * page.level, 0);
    return [
      ["결과, 도시", `${count(p.k)}, ${count(p.cities)}`],
      ["방법, 검정", `${p.method}, ${p.test}`],
      ["예측구간", p.pi_words ?? p.pi_convention],
      ["tau (도시 간, 통합 척도)", number(p.tau, 4)],
      [`I² (${level} 구간)`, `${percent(p.i2, 0)} (${number(p.i2_ci[0], 0)} ~ ${number(p.i2_ci[1], 0)})`],
      ["Cochran Q와 p", `${number(p.q, 1)}, ${number(p.q_p, 4)}`],
      ...(p.r2 !== null ? [["조절변수의 설명력 (R²)", percent(p.r2, 0)] as [string, string]] : []),
    ];
  },
  robust: "한 도시의 기록들이 서로 관련됨을 고려한 평균(CR2)",
  profiled: "도시별 우도에 따른 평균",
  madeBy: (date, tool) => `작성: ${date}, ${tool}.`,
};

export function poolWords(lang: string): PoolWords {
  return lang === "ko" ? ko : en;
}

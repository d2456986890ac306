/* Words of the page of pooled cities, in English and Korean. */
import type { Maybe, PoolBiasRow, PoolPage, PoolResult } from "./data";
import { count, levelText, number, percent } from "./format";
import { pValue, type Direction, type Shown } from "./poolShown";

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
  keyMean: (d: Direction, p: PoolResult): string => (d === "more" ? "rise in use" : "saved") +
    (p.unit === "kWh" ? " per unit and year" : "") + (p.cities > 1 ? ", mean of cities" : " in the one city"),
  mayBeNone: (range: string) => `${range}: may be none`,
  keyNext: (d: Direction): string => d === "more" ? "rise that the next city can expect"
    : "what the next city can expect",
  keyK: (k: number): string => (k === 1 ? "result: nothing to pool" : "results pooled"),
  keyOf: (cities: string) => `of ${cities}`,
  keyNextDetail: (d: Direction): string => "prediction interval" +
    (d === "unclear" ? "; below 0, use rises" : ""),
  keyGrade: "grade of the evidence",
  keyGradeOf: "of 5",
  keySpread: "of the differences are real",
  keySpreadLeft: "of the differences that are left are real",
  keySpreadDetail: "I², the rest is chance",
  axis: (unit: string, below: boolean): string => (unit === "%" ? "saved (%)" : `saved (${unit} per unit and year)`) +
    (below ? "; below 0, use rose" : ""),
  standardError: (unit: string): string =>
    unit === "%" ? "standard error (points, nearly)" : unit === "" ? "standard error" : `standard error (${unit})`,
  pooledScale: (unit: string): string => (unit === "%" ? "ln(used / expected)" : `saved (${unit})`),
  interval: (unit: string): string => (unit === "%" ? "saved, %" : `saved, ${unit}`),
  weight: "weight",
  grade: "grade",
  mean: "Mean",
  nextCity: "Next city",
  forestTitle: "What each city found",
  forestSummary: (p: PoolResult, level: string) =>
    (p.k === 1 ? `One result with its ${level} interval.`
      : `${count(p.k)} results with their ${level} intervals; the larger a square, the more it counts. ` +
        "The diamond is the mean.") +
    (p.pi.lo === null ? "" : " The pale bar shows where the true effect of one more city would lie.") +
    (p.transfer ? ` The bar in orange is what to expect in ${p.transfer.city}.` : ""),
  city: "City",
  year: "Year",
  estimate: "Estimate",
  from: "from",
  until: "to",
  se: "Standard error",
  transferTitle: (city: string) => `Would it work in ${city}?`,
  transferSummary: (city: string, level: string) =>
    `The true effect in ${city} would lie in these ranges in ${level} of such predictions.`,
  perUnit: "Per unit and year",
  stock: "All units, a year",
  emissions: "CO₂e avoided a year",
  saving: "Saving",
  what: "What",
  outside: (city: string, m: string, v: string, lo: string, hi: string) =>
    `${city} lies outside what was seen, by ${m}: ${v} there, ${lo} to ${hi} in the cities pooled. No city ` +
    "like it is among them: the prediction continues a line beyond its points.",
  own: (w: string) => `The city's own measurement counts for ${w} of it.`,
  moderatorTitle: (name: string) => `Does it depend on ${name}?`,
  moderator: (name: string) => moderatorIn(MODERATORS_EN, name),
  moderatorSummary: (name: string, others: boolean, p: Maybe, permuted: Maybe) =>
    `Effects against ${name}${others ? ", the other moderators at their means" : ""}. ${pValue(p)}` +
    (permuted === null ? "." : `; ${pValue(permuted)} when the cities are shuffled.`),
  moderatorNote: (beyond: boolean) => "Dark band: interval of the line. Pale band: where single cities lie. " +
    (beyond ? "Dashed: beyond the cities pooled. " : "") +
    "A line through a few cities is a hint, not a law: other things differ between them too.",
  biasTitle: "Do small studies say something else?",
  biasSummary: "Results with large errors should scatter evenly about the mean. If those that found little are " +
    "missing, the mean is too large. Each method looks at that in its own way; none is right by itself.",
  biasFew: (k: number) => `With ${count(k)} cities or studies none of these methods can tell much: they are shown because ` +
    "leaving them out would look like a clean bill of health.",
  biasAlike: "Egger's test, PET and PEESE are not defined here: the errors hardly differ.",
  biasMethod: {
    egger: "Egger's test, random effects",
    egger_lm: "Egger's test, weighted line",
    rank: "Rank test (Begg)",
    pet: "PET: mean at a standard error of 0",
    peese: "PEESE: the same by the variance",
    trim_fill: "Trim and fill",
    selection: "Selection model, three parameters",
  } as Record<PoolBiasRow["method"], string>,
  notTold: "cannot be told",
  missing: (n: number) => (n === 0 ? "none missing" : `${count(n)} missing`),
  method: "Method",
  testP: "p of its test",
  meanThen: "mean by it",
  funnelMean: "mean",
  funnelBand: (level: string) => `where ${level} would lie by chance alone`,
  filledIn: "filled in",
  looTitle: "Does one result decide?",
  looSummary: (lo: string, hi: string) => `Without one of them each time, the mean lies between ${lo} and ${hi}.`,
  without: "Without",
  cumulativeTitle: "As the evidence came in",
  cumulativeSummary: "The mean of the first one, two, three and more results, in the order of their years.",
  upTo: "With",
  i2: "I² (%)",
  convention: { "t-k2": "t, k − 2 degrees of freedom (Higgins 2009)", "t-k1": "t, k − 1 degrees of freedom",
    z: "normal" } as Record<PoolResult["pi_convention"], string>,
  numbersTitle: "The figures behind it",
  figureName: "Figure",
  value: "Value",
  outTitle: "What went in, and what did not",
  outSummary: (went: number, out: number) => out === 0 ? (went === 1 ? "The one result went in." : `All ${count(went)} results went in.`)
    : `${count(went)} results went in; ${count(out)} did not, for the reasons below.`,
  file: "File",
  why: "Why not",
  gradeTitle: "How far can it be trusted?",
  gradeSummary: (p: PoolResult) => p.grade === null ? "" :
    `Grade ${p.grade.value} of 5. The records have ${number(p.grade.records, 1)} in the weighted mean` +
    (p.grade.down.length === 0 ? "; nothing takes it down." : "; it goes down one for each of these:"),
  rows: (p: PoolResult, page: PoolPage, shown: Shown): [string, string][] => {
    const level = levelText(page.level);
    const [lo, hi] = p.i2_ci;
    return [
      ["Results, cities", `${count(p.k)}, ${count(p.cities)}`],
      ["Method, test", `${p.method}, ${p.test}`],
      ["Prediction interval", p.pi_words ?? en.convention[p.pi_convention]],
      ...(p.k === 1 ? [] : [
        ["Spread of true effects (tau, scale of pooling)", p.unit === "kWh" ? shown.value(p.tau) : number(p.tau, 4)],
        ...(p.i2 === null ? [] : [[`I² (${level} interval)`, percent(p.i2, 0) + (lo === null || hi === null
          ? "" : ` (${number(lo, 0)} to ${number(hi, 0)})`)]]),
        ["Cochran's Q", `${number(p.q, 1)}, ${pValue(p.q_p)}`],
      ] as [string, string][]),
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
  keyMean: (d, p) => (p.cities > 1 ? "도시 평균 " : "도시 한 곳의 ") + (p.unit === "kWh" ? "단위당 연간 " : "") +
    (d === "more" ? "사용 증가" : "절감"),
  mayBeNone: (range) => `${range}: 효과가 없을 수도 있음`,
  keyNext: (d) => d === "more" ? "다음 도시에서 예상되는 증가" : "다음 도시가 기대할 수 있는 값",
  keyK: (k) => (k === 1 ? "결과: 통합할 것이 없음" : "통합한 결과"),
  keyOf: (cities) => cities,
  keyNextDetail: (d) => "예측구간" + (d === "unclear" ? ", 0보다 작으면 사용 증가" : ""),
  keyGrade: "증거 등급",
  keyGradeOf: "5등급 중",
  keySpread: "차이 중 우연이 아닌 몫",
  keySpreadLeft: "남은 차이 중 우연이 아닌 몫",
  keySpreadDetail: "I², 나머지는 우연",
  axis: (unit, below) => (unit === "%" ? "절감률 (%)" : `절감량 (단위당 연간 ${unit})`) +
    (below ? ", 0보다 작으면 사용 증가" : ""),
  standardError: (unit) => (unit === "%" ? "표준오차 (약 %p)" : unit === "" ? "표준오차" : `표준오차 (${unit})`),
  pooledScale: (unit) => (unit === "%" ? "ln(사용량 / 예상 사용량)" : `절감량 (${unit})`),
  interval: (unit) => (unit === "%" ? "절감률, %" : `절감량, ${unit}`),
  weight: "가중치",
  grade: "등급",
  mean: "평균",
  nextCity: "다음 도시",
  forestTitle: "도시마다 얻은 결과",
  forestSummary: (p, level) =>
    (p.k === 1 ? `결과 하나와 ${level} 구간입니다.`
      : `결과 ${count(p.k)}개와 ${level} 구간입니다. 네모가 클수록 가중치가 큽니다. 마름모는 평균입니다.`) +
    (p.pi.lo === null ? "" : " 옅은 막대는 또 다른 도시의 참 효과가 놓일 범위입니다.") +
    (p.transfer ? ` 주황색 막대는 ${p.transfer.city}에서 예상되는 값입니다.` : ""),
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
  outside: (city, m, v, lo, hi) =>
    `${city}: 관측 범위 밖입니다. ${m} 값은 ${v}인데 통합한 도시들은 ${lo}에서 ${hi} 사이에 있습니다. 이와 비슷한 ` +
    "도시는 그 안에 없고, 예측은 점들 너머로 선을 연장한 것입니다.",
  own: (w) => `도시 자체의 측정값이 ${w}를 차지합니다.`,
  moderatorTitle: (name) => `${name}에 따라 달라지는가?`,
  moderator: (name) => moderatorIn(MODERATORS_KO, name),
  moderatorSummary: (name, others, p, permuted) =>
    `${name}에 따른 효과입니다.${others ? " 다른 조절변수는 평균값에 두었습니다." : ""} ${pValue(p)}` +
    (permuted === null ? "." : `, 도시를 뒤섞었을 때 ${pValue(permuted)}.`),
  moderatorNote: (beyond) => "짙은 띠는 선의 구간, 옅은 띠는 개별 도시가 놓이는 범위입니다. " +
    (beyond ? "점선은 통합한 도시들 너머입니다. " : "") + "몇몇 도시를 지나는 선은 단서일 뿐 법칙이 아닙니다. 도시들은 다른 점에서도 서로 다릅니다.",
  biasTitle: "작은 연구는 다른 결과를 보이는가?",
  biasSummary: "오차가 큰 결과는 평균 둘레에 고르게 흩어져야 합니다. 효과가 작았던 결과가 빠져 있으면 평균이 부풀려집니다. " +
    "방법마다 보는 방식이 다르며, 어느 하나만으로는 충분하지 않습니다.",
  biasFew: (k) => `도시나 연구가 ${count(k)}곳이면 어느 방법도 많은 것을 말해 주지 못합니다. 빼면 문제가 없는 것처럼 보이므로 함께 보여 줍니다.`,
  biasAlike: "오차가 거의 같아 Egger 검정, PET, PEESE는 정의되지 않습니다.",
  biasMethod: {
    egger: "Egger 검정(변량효과)",
    egger_lm: "Egger 검정(가중 회귀선)",
    rank: "순위 검정(Begg)",
    pet: "PET: 표준오차 0에서의 평균",
    peese: "PEESE: 분산을 쓴 같은 방법",
    trim_fill: "절삭-채움(trim and fill)",
    selection: "선택 모형(모수 3개)",
  },
  notTold: "알 수 없음",
  missing: (n) => (n === 0 ? "빠진 것 없음" : `${count(n)}개 빠짐`),
  method: "방법",
  testP: "검정의 p",
  meanThen: "이에 따른 평균",
  funnelMean: "평균",
  funnelBand: (level) => `우연만 있다면 ${level}가 놓이는 범위`,
  filledIn: "채워 넣음",
  looTitle: "결과 하나가 전체를 좌우하는가?",
  looSummary: (lo, hi) => `하나씩 빼면 평균은 ${lo}에서 ${hi} 사이입니다.`,
  without: "제외",
  cumulativeTitle: "증거가 쌓인 과정",
  cumulativeSummary: "연도 순서로 처음 하나, 둘, 셋, 그 이상의 결과를 통합한 평균입니다.",
  upTo: "추가",
  i2: "I² (%)",
  convention: { "t-k2": "t, 자유도 k − 2 (Higgins 2009)", "t-k1": "t, 자유도 k − 1", z: "정규분포" },
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
  rows: (p, page, shown) => {
    const level = levelText(page.level);
    const [lo, hi] = p.i2_ci;
    return [
      ["결과, 도시", `${count(p.k)}, ${count(p.cities)}`],
      ["방법, 검정", `${p.method}, ${p.test}`],
      ["예측구간", p.pi_words ?? ko.convention[p.pi_convention]],
      ...(p.k === 1 ? [] : [
        ["참 효과의 표준편차 (tau, 통합 척도)", p.unit === "kWh" ? shown.value(p.tau) : number(p.tau, 4)],
        ...(p.i2 === null ? [] : [[`I² (${level} 구간)`, percent(p.i2, 0) + (lo === null || hi === null
          ? "" : ` (${number(lo, 0)} ~ ${number(hi, 0)})`)]]),
        ["Cochran Q", `${number(p.q, 1)}, ${pValue(p.q_p)}`],
      ] as [string, string][]),
      ...(p.r2 !== null ? [["조절변수의 설명력 (R²)", percent(p.r2, 0)] as [string, string]] : []),
    ];
  },
  robust: "한 도시의 기록들이 서로 관련됨을 고려한 평균(CR2)",
  profiled: "도시별 우도에 따른 평균",
  madeBy: (date, tool) => `작성: ${date}, ${tool}.`,
};

/* Effects of the literature are of studies, and of whatever they measured. */
const ofStudies = (text: string): string =>
  text.replaceAll("cities", "studies").replaceAll("city", "study").replaceAll("도시", "연구");

const enStudies: Partial<PoolWords> = {
  keyMean: () => "mean effect",
  keyNext: () => "what the next study can expect",
  keyNextDetail: () => "prediction interval",
  keyOf: () => "",
  axis: () => "effect",
  pooledScale: () => "Effect",
  interval: () => "effect",
  nextCity: "Next study",
  forestTitle: "What each study found",
  forestSummary: (p, level) => ofStudies(en.forestSummary(p, level)),
  moderatorSummary: (...of) => ofStudies(en.moderatorSummary(...of)),
  moderatorNote: (beyond) => ofStudies(en.moderatorNote(beyond)),
  city: "Study",
  saving: "Effect",
};

const koStudies: Partial<PoolWords> = {
  keyMean: () => "평균 효과",
  keyNext: () => "다음 연구에서 예상되는 값",
  keyNextDetail: () => "예측구간",
  keyOf: () => "",
  axis: () => "효과",
  pooledScale: () => "효과",
  interval: () => "효과",
  nextCity: "다음 연구",
  forestTitle: "연구마다 얻은 결과",
  forestSummary: (p, level) => ofStudies(ko.forestSummary(p, level)),
  moderatorSummary: (...of) => ofStudies(ko.moderatorSummary(...of)),
  moderatorNote: (beyond) => ofStudies(ko.moderatorNote(beyond)),
  city: "연구",
  saving: "효과",
};

export function poolWords(lang: string, pool: PoolResult): PoolWords {
  const studies = pool.unit === "";
  return lang === "ko" ? { ...ko, ...(studies ? koStudies : {}) } : { ...en, ...(studies ? enStudies : {}) };
}

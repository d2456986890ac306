/* Words of who gains, in English and Korean. */
import type { Concentration, Inclusion, Report } from "./data";
import { amount, amountInterval, count, levelPercent, number, percent } from "./format";

type Interaction = Inclusion["interaction"];

const p = (x: number | null): string => (x !== null && x < 0.001 ? "< 0.001" : `= ${number(x, 3)}`);
const sure = (c: Concentration): boolean =>
  c.ci[0] !== null && c.ci[1] !== null && (c.ci[0] > 0 || c.ci[1] < 0);
const range = (c: Concentration, to: string): string =>
  c.ci[0] === null ? "" : ` (${number(c.ci[0], 3)} ${to} ${number(c.ci[1], 3)})`;

function billsEn(i: Inclusion, r: Report): string {
  if (!i.bill) return "";
  const burden = i.burden ? ` They took ${percent(i.burden.after_percent, 2)} of incomes in place of ` +
    `${percent(i.burden.before_percent.value, 2)}.` : "";
  return `Bills came to ${amount(i.bill.after, i.bill.currency)}; without the measure it would have been ` +
    `${amount(i.bill.before, i.bill.currency)}: ${amount(i.bill.saved.value, i.bill.currency)} less ` +
    `(${levelPercent(r.level)} % interval ${amountInterval(i.bill.saved, i.bill.currency, "to")}).${burden}`;
}

function billsKo(i: Inclusion, r: Report): string {
  if (!i.bill) return "";
  const burden = i.burden ? ` 소득 대비 부담은 ${percent(i.burden.before_percent.value, 2)}에서 ` +
    `${percent(i.burden.after_percent, 2)}로 바뀌었습니다.` : "";
  return `요금은 ${amount(i.bill.after, i.bill.currency)}입니다. 사업이 없었을 경우의 추정 요금 ` +
    `${amount(i.bill.before, i.bill.currency)}보다 ${amount(i.bill.saved.value, i.bill.currency)} ` +
    `적습니다(${levelPercent(r.level)} % 구간 ${amountInterval(i.bill.saved, i.bill.currency, "~")}).${burden}`;
}

function investedEn({ investment: v }: Inclusion): string {
  if (!v) return "";
  const back = v.payback_years === null ? "" : `, which comes back in ${number(v.payback_years, 1)} years`;
  return `${amount(v.total, v.currency)} was invested in ${count(v.meters)} meters; after subsidies ` +
    `${amount(v.net, v.currency)} is left to the households${back}.`;
}

function investedKo({ investment: v }: Inclusion): string {
  if (!v) return "";
  const back = v.payback_years === null ? "" : `, 회수 기간은 ${number(v.payback_years, 1)}년입니다`;
  return `계량기 ${count(v.meters)}개에 투자한 금액은 ${amount(v.total, v.currency)}, 보조금을 뺀 가구 부담은 ` +
    `${amount(v.net, v.currency)}${back === "" ? "입니다" : `이며${back}`}.`;
}

function losersEn(i: Inclusion, level: number): string {
  const l = i.losers;
  if (!l || l.raw_percent === null) return "";
  const raw = `${percent(l.raw_percent, 0)} of the meters' estimates are below zero`;
  if (l.percent === null)
    return `${raw}; how many of them are noise cannot be told without calibrated intervals.`;
  return `${raw}; noise alone would make it ${percent(l.noise_percent, 0)} if all saved alike. With the ` +
    `noise taken out, ${percent(l.percent, 0)} lost (${levelPercent(level)} % interval ` +
    `${number(l.ci[0], 0)} to ${percent(l.ci[1], 0)}).`;
}

function losersKo(i: Inclusion, level: number): string {
  const l = i.losers;
  if (!l || l.raw_percent === null) return "";
  const raw = `추정값이 0보다 작은 계량기는 ${percent(l.raw_percent, 0)}`;
  if (l.percent === null) return `${raw}이며, 보정된 구간이 없어 그중 잡음이 얼마인지 알 수 없습니다.`;
  return `${raw}입니다. 모두 똑같이 절감했더라도 잡음만으로 ${percent(l.noise_percent, 0)}가 됩니다. 잡음을 ` +
    `제거하면 ${percent(l.percent, 0)}가 손해를 보았습니다(${levelPercent(level)} % 구간 ` +
    `${number(l.ci[0], 0)} ~ ${percent(l.ci[1], 0)}).`;
}

function interactionEn(list: Interaction): string {
  const each = list.map((t) => `by ${t.by}, p ${p(t.p)}` +
    (list.length > 1 ? ` (${p(t.p_holm).replace("= ", "")} counting all columns)` : ""));
  return `Do savings differ between groups? ${each.join("; ")}. Small p: more than chance would. ` +
    "What all groups share in a year is taken out; what each had for itself in years without a measure " +
    "is counted as noise. The last column is each group against the others, adjusted for all of them (Holm).";
}

function interactionKo(list: Interaction): string {
  const each = list.map((t) => `${t.by} p ${p(t.p)}` +
    (list.length > 1 ? `(모든 열을 함께 고려하면 ${p(t.p_holm).replace("= ", "")})` : ""));
  return `집단 간 절감률에 차이가 있는가? ${each.join("; ")}. p가 작을수록 우연으로 보기 어렵습니다. 한 해에 모든 ` +
    "집단이 공유하는 변화는 제거했고, 사업이 없는 해에 집단마다 따로 나타난 변화는 잡음으로 반영했습니다. 마지막 열은 각 " +
    "집단과 나머지의 비교이며, 전체 비교 수로 보정했습니다(Holm).";
}

function concentrationEn(c: Concentration, half: string): string {
  const who = !sure(c) ? "whether poorer or richer households have more of it cannot be told"
    : (c.index ?? 0) < 0 ? "poorer households have more of it" : "richer households have more of it";
  return `The poorer half has ${half} of what was saved. The concentration index is ` +
    `${number(c.index, 3)}${range(c, "to")}: ${who}.`;
}

function concentrationKo(c: Concentration, half: string): string {
  const who = !sure(c) ? "가난한 가구와 부유한 가구 중 어느 쪽이 더 많이 얻었는지 알 수 없습니다"
    : (c.index ?? 0) < 0 ? "가난한 가구가 더 많이 얻었습니다" : "부유한 가구가 더 많이 얻었습니다";
  return `소득 하위 절반이 절감의 ${half}를 차지합니다. 집중지수는 ${number(c.index, 3)}` +
    `${range(c, "~").trimStart()}입니다. ${who}.`;
}

const en = {
  title: "For whom",
  what: "Who gains, by group.",
  group: "Group",
  bills: billsEn,
  invested: investedEn,
  losers: losersEn,
  interaction: interactionEn,
  billBefore: "Bill without",
  billAfter: "Bill",
  billSaved: "Less",
  netInvestment: "Invested, net",
  payback: "Back in (years)",
  burdenBefore: "Burden without",
  burdenAfter: "Burden",
  pRest: "p, against the others",
  concentrationTitle: (of: Concentration["of"]): string => of === "bill" ? "Bills saved, from poor to rich"
    : "Energy saved, from poor to rich",
  concentrationSummary: concentrationEn,
  concentrationNote: (c: Concentration) =>
    "Above the dashed line the poorer have more than their share, below it less. −1: the poorest household " +
    `has all; 1: the richest. Ranked by ${c.by}, among the ${count(c.meters)} measured meters` +
    (c.without_income > 0 ? `; ${count(c.without_income)} more have no income in the table` : "") +
    `. The interval draws ${c.cluster_unit === "meter" ? "meters" : `whole values of ${c.cluster_unit}`} again, ` +
    "and what the year does to all.",
  poorest: "Poorest households (%)",
  shareOfBenefit: "Share of what was saved (%)",
  curve: "Share of what was saved",
  equal: "The same for each household",
  burdenTitle: (by: string) => `Burden by ${by}`,
  burdenSummary: (group: string, before: string, after: string) =>
    `The burden is largest in ${group}: ${before} of income without the measure, ${after} with it.`,
  burdenNote: "Bills of this fuel in the reporting period, over the incomes of the households whose income is " +
    "known. What was paid is known; the interval is of what would have been paid.",
  ofIncome: "Bills, of income (%)",
  without: "Without the measure",
  with: "With it",
  households: "Households",
};

const ko: typeof en = {
  title: "누구에게 돌아가는가",
  what: "집단별 혜택입니다.",
  group: "집단",
  bills: billsKo,
  invested: investedKo,
  losers: losersKo,
  interaction: interactionKo,
  billBefore: "사업이 없을 때 요금",
  billAfter: "요금",
  billSaved: "감소",
  netInvestment: "순투자",
  payback: "회수 기간(년)",
  burdenBefore: "사업이 없을 때 부담",
  burdenAfter: "부담",
  pRest: "나머지와 비교한 p",
  concentrationTitle: (of) => of === "bill" ? "요금 절감의 소득별 분포" : "에너지 절감의 소득별 분포",
  concentrationSummary: concentrationKo,
  concentrationNote: (c) =>
    "점선 위는 가난한 가구가 제 몫보다 많이, 아래는 적게 얻었음을 뜻합니다. −1은 가장 가난한 가구가, 1은 가장 부유한 가구가 " +
    `모두 얻는 경우입니다. 측정된 계량기 ${count(c.meters)}개를 ${c.by} 순으로 놓았습니다` +
    (c.without_income > 0 ? `(소득을 모르는 ${count(c.without_income)}개 제외)` : "") +
    `. 구간은 ${c.cluster_unit === "meter" ? "계량기" : c.cluster_unit} 단위로 다시 뽑고, 그해에 모두에게 ` +
    "일어난 변화를 더해 구했습니다.",
  poorest: "소득 하위 가구 (%)",
  shareOfBenefit: "절감에서 차지하는 몫 (%)",
  curve: "절감에서 차지하는 몫",
  equal: "모든 가구가 같을 때",
  burdenTitle: (by) => `${by}별 요금 부담`,
  burdenSummary: (group, before, after) =>
    `부담은 ${group}에서 가장 큽니다. 사업이 없을 때 소득의 ${before}, 사업이 있을 때 ${after}입니다.`,
  burdenNote: "보고 기간의 이 에너지원 요금을, 소득을 아는 가구의 소득으로 나눈 값입니다. 낸 요금은 알려져 있으며, 구간은 " +
    "사업이 없었다면 냈을 요금에 대한 것입니다.",
  ofIncome: "소득 대비 요금 (%)",
  without: "사업이 없을 때",
  with: "사업이 있을 때",
  households: "가구",
};

export function forWhomWords(lang: string): typeof en {
  return lang === "ko" ? ko : en;
}

/* Words of the net effect, in English and Korean. */
import type { Estimate, Net, NetCost } from "./data";
import { amount, amountInterval, levelPercent, number, percent } from "./format";

type Names = Record<string, string>;

const partsEn: Names = {
  saving: "Avoided, as measured", not_counted: "Not by the measure",
  second_order: "Avoided by the measure", direct: "Direct rebound", respending: "Re-spending",
  rebound: "Rebound", embodied: "Making the devices", use: "Power of the devices",
  services: "Networks, data centres", end_of_life: "End of life", own_footprint: "Own footprint",
  induced: "Induced effects", net: "Net", attribution: "Attribution",
};
const partsKo: Names = {
  saving: "측정된 감축량", not_counted: "사업 외 요인", second_order: "사업에 의한 감축량",
  direct: "직접 반등", respending: "재지출 반등", rebound: "반등 효과", embodied: "기기 제조",
  use: "기기 전력", services: "통신망·데이터센터", end_of_life: "폐기", own_footprint: "자체 배출량",
  induced: "유발 효과", net: "순감축량", attribution: "귀속",
};

const basesEn: Names = { "left-out": "left out", assumed: "assumed", measured: "measured" };
const basesKo: Names = { "left-out": "제외", assumed: "가정", measured: "측정" };

const claimsEn: Names = { screening: "to look for promising measures",
  internal: "for decisions within the organisation", public: "for statements to the public" };
const claimsKo: Names = { screening: "유망한 사업의 탐색", internal: "기관 내부의 의사 결정",
  public: "대외 발표" };

const name = (names: Names, key: string): string => names[key] ?? key;
/* A share of draws is never quite sure. */
const probability = (p: number): string =>
  p > 0.9995 ? `> ${percent(99.9)}` : p < 0.0005 ? `< ${percent(0.1)}` : percent(100 * p);
const money = (x: number | null, c: NetCost): string => amount(x, c.currency);

function summaryEn(n: Net, net: Estimate, level: number): string {
  if (net.value === null || n.probability_above_0 === null)
    return "The interval of the saving is not known, so the net effect is not known either.";
  const verdict = {
    avoids: "After all that it costs the climate itself, the measure avoids",
    unclear: "After all that it costs the climate itself, it is not sure that the measure avoids emissions: the estimate is",
    adds: "The measure costs the climate more than it avoids: the net effect is",
  }[n.verdict];
  return `${verdict} ${amount(net.value, "kg")} CO₂e a year (${levelPercent(level)} % interval ` +
    `${amountInterval(net, "kg", "to")}). It is above zero with a probability of ` +
    `${probability(n.probability_above_0)}.`;
}

function summaryKo(n: Net, net: Estimate, level: number): string {
  if (net.value === null || n.probability_above_0 === null)
    return "절감량의 구간을 알 수 없으므로 순감축량도 알 수 없습니다.";
  const verdict = {
    avoids: "사업 자체의 배출량을 빼고도 배출을 줄였습니다",
    unclear: "사업 자체의 배출량을 빼면 배출을 줄였는지 확실하지 않습니다",
    adds: "사업 자체의 배출량이 줄인 배출량보다 많습니다",
  }[n.verdict];
  return `${verdict}. 순감축량은 연간 ${amount(net.value, "kg")} CO₂e(${levelPercent(level)} % 구간 ` +
    `${amountInterval(net, "kg", "~")})이고, 0보다 클 확률은 ${probability(n.probability_above_0)}입니다.`;
}

function costEn(c: NetCost): string {
  const prices = `, in prices of ${c.year}`;
  if (c.verdict === "interval")
    return `A tonne avoided costs ${money(c.value, c)} (${amountInterval(c, c.currency, "to")})${prices}.`;
  if (c.verdict === "no-top")
    return `A tonne avoided costs at least ${money(c.lo, c)}${prices}. There is no upper bound, as it ` +
      "is not sure that anything is avoided.";
  return "There is no cost of a tonne avoided, as none is avoided.";
}

function costKo(c: NetCost): string {
  const prices = `(${c.year}년 가격)`;
  if (c.verdict === "interval")
    return `1톤 감축 비용은 ${money(c.value, c)}(구간 ${amountInterval(c, c.currency, "~")})입니다${prices}.`;
  if (c.verdict === "no-top")
    return `1톤 감축 비용은 ${money(c.lo, c)} 이상입니다${prices}. 배출을 줄였는지 확실하지 않으므로 상한은 없습니다.`;
  return "배출을 줄이지 않았으므로 1톤 감축 비용은 없습니다.";
}

function tierEn(n: Net): string {
  const a = n.assessment;
  const lacks = a.lacks.map((k) => name(partsEn, k).toLowerCase()).join(", ");
  const next = a.lacks.length === 0 ? "" : ` For the next tier these are not known well enough: ${lacks}.`;
  if (a.tier === 0) return `This is no assessment yet, and not to be quoted.${next}`;
  const claims = a.claims.map((k) => name(claimsEn, k)).join(", ");
  const say = a.claims.includes("public")
    ? a.may_say_avoids ? "" : " It may not be said that emissions are avoided: that is not sure."
    : " Not for statements to the public.";
  return `Tier ${a.tier} of three, of which the first goes deepest: ${claims}.${say}${next}`;
}

function tierKo(n: Net): string {
  const a = n.assessment;
  const lacks = a.lacks.map((k) => name(partsKo, k)).join(", ");
  const next = a.lacks.length === 0 ? "" : ` 다음 등급에 필요한 근거가 부족한 항목: ${lacks}.`;
  if (a.tier === 0) return `아직 평가라고 할 수 없으므로 인용해서는 안 됩니다.${next}`;
  const claims = a.claims.map((k) => name(claimsKo, k)).join(", ");
  const say = a.claims.includes("public")
    ? a.may_say_avoids ? "" : " 확실하지 않으므로 배출을 줄였다고 말할 수 없습니다."
    : " 대외 발표에는 쓸 수 없습니다.";
  return `세 등급(1등급이 가장 엄밀함) 중 ${a.tier}등급입니다. 활용 범위: ${claims}.${say}${next}`;
}

const en = {
  title: "Net of its own footprint",
  summary: summaryEn,
  axis: (unit: string) => `${unit} CO₂e a year`,
  part: (k: string) => name(partsEn, k),
  basis: (k: string) => name(basesEn, k),
  cost: costEn,
  tier: tierEn,
  header: "Part",
  known: "How it is known",
  assessment: "What it may be used for",
  note: (n: Net) =>
    `Means, and quantiles of ${number(n.draws, 0)} draws in which all that is uncertain varies together. ` +
    (n.share < 1 ? `Own footprint, induced effects and cost are those of the ${percent(100 * n.share)} of ` +
      "treated meters that were measured. " : "") +
    `Footprint: ${n.source}.` + (n.rebound_source ? ` Rebound: ${n.rebound_source}.` : ""),
};

const ko: typeof en = {
  title: "자체 배출량을 뺀 순감축량",
  summary: summaryKo,
  axis: (unit) => `연간 ${unit} CO₂e`,
  part: (k) => name(partsKo, k),
  basis: (k) => name(basesKo, k),
  cost: costKo,
  tier: tierKo,
  header: "항목",
  known: "근거",
  assessment: "활용 범위",
  note: (n) =>
    `값은 평균이고, 구간은 불확실한 것을 모두 함께 ${number(n.draws, 0)}번 뽑은 값의 분위수입니다. ` +
    (n.share < 1 ? `자체 배출량, 유발 효과, 비용은 측정된 대상 계량기 ${percent(100 * n.share)}의 몫입니다. ` : "") +
    `자체 배출량의 출처: ${n.source}.` + (n.rebound_source ? ` 반등 효과의 출처: ${n.rebound_source}.` : ""),
};

export function netWords(lang: string): typeof en {
  return lang === "ko" ? ko : en;
}

/* The words of show_record in both languages. */
#include "evidence/show_words.h"

#include <string.h>

static const char *const words[WORDS][SHOW_LANGUAGES] = {
    [WORD_RECORD] = { "record", "기록" },
    [WORD_MADE] = { "made", "작성" },
    [WORD_SIGNED] = { "signed by key", "서명 키" },
    [WORD_UNSIGNED] = { "signatures are not checked here: 'madang verify' does that",
                        "여기서는 서명을 확인하지 않음: 'madang verify'로 확인할 것" },
    [WORD_INTERNAL] = { "INTERNAL: not for publication, no rule of disclosure was applied",
                        "내부용: 공개할 수 없음, 공개 규칙이 적용되지 않았음" },
    [WORD_EFFECT] = { "What it saved", "절감 효과" },
    [WORD_TOTAL] = { "in all", "전체" },
    [WORD_PERCENT] = { "of what would have been used", "예상 사용량 대비" },
    [WORD_PER_UNIT] = { "per meter and year", "계량기당 연간" },
    [WORD_INTERVALS] = { "intervals in brackets hold the true value with probability",
                         "괄호 안의 구간이 참값을 포함할 확률" },
    [WORD_UNKNOWN] = { "not known", "알 수 없음" },
    [WORD_CO2E] = { "Greenhouse gases", "온실가스" },
    [WORD_FACTOR] = { "factor", "배출계수" },
    [WORD_OWN] = { "own footprint", "자체 배출량" },
    [WORD_REBOUND] = { "rebound", "반등 효과" },
    [WORD_NET] = { "net of its own footprint", "자체 배출량을 뺀 순감축량" },
    [WORD_PROBABILITY] = { "net above 0, probability", "순감축일 확률" },
    [WORD_COST] = { "cost of a tonne", "톤당 비용" },
    [WORD_AT_LEAST] = { "at least", "최소" },
    [WORD_NO_COST] = { "none: nothing is avoided", "없음: 감축이 없음" },
    [WORD_WHOM] = { "For whom", "누구에게" },
    [WORD_CONCENTRATION] = { "concentration index", "집중지수" },
    [WORD_WITHHELD] = { "withheld", "비공개" },
    [WORD_HOW] = { "How it was measured", "측정 방법" },
    [WORD_PERIOD] = { "installation", "설치 기간" },
    [WORD_BASELINE] = { "baseline", "기준 기간" },
    [WORD_REPORTING] = { "reporting", "보고 기간" },
    [WORD_METERS] = { "meters treated", "대상 계량기" },
    [WORD_MEASURED] = { "of them measured", "그중 측정" },
    [WORD_MODEL] = { "model", "모형" },
    [WORD_COMPARISON] = { "comparison group", "비교 집단" },
    [WORD_INTERVAL_METHOD] = { "intervals", "구간 추정" },
    [WORD_DETECTABLE] = { "least effect to be found", "찾을 수 있는 최소 효과" },
    [WORD_GRADE] = { "Grade", "등급" },
    [WORD_NO_GRADE] = { "none was computed", "계산되지 않음" },
    [WORD_DISCLOSURE] = { "Disclosure", "공개 규칙" },
    [WORD_NO_RULES] = { "no rule was applied", "적용된 규칙 없음" },
    [WORD_PASSED] = { "passed", "통과" },
    [WORD_FAILED] = { "not passed", "통과하지 못함" },
    [WORD_MORE_FIELDS] = { "fields that this version does not know", "이 버전이 모르는 항목" },
};

static const struct {
    const char *code, *words[SHOW_LANGUAGES];
} codes[] = {
    { "average", { "average of the grid", "전력망 평균" } },
    { "marginal", { "marginal", "한계" } },
    { "fuel", { "fuel burnt", "연료 연소" } },
    { "gas", { "gas", "가스" } },
    { "electricity", { "electricity", "전력" } },
    { "heat", { "heat", "열" } },
    { "cooling", { "cooling", "냉방" } },
    { "oil", { "oil", "석유" } },
    { "wood", { "wood", "목재" } },
    { "other", { "other", "기타" } },
    { "single", { "all at once", "일시 설치" } },
    { "staggered", { "one after another", "순차 설치" } },
    { "randomised", { "by lot", "무작위 배정" } },
    { "block", { "from model errors and stated priors", "모형 오차와 명시된 사전 가정" } },
    { "calibrated", { "calibrated on placebos", "위약 시험으로 보정" } },
    { "caltrack2", { "CalTRACK's band", "CalTRACK 구간" } },
    { "nearest", { "nearest neighbours", "최근접 이웃" } },
    { "strata", { "strata", "층화 표본" } },
    { "synthetic", { "synthetic weights", "합성 가중치" } },
    { "all", { "all untreated meters", "모든 비대상 계량기" } },
};

/* Reasons of grades, reasons for withholding, and rules of disclosure. English reasons of a grade
 * stand in the record. */
static const struct {
    const char *code, *words[SHOW_LANGUAGES];
} reasons[] = {
    { "deemed", { NULL, "공학적 추정값: 측정하지 않음" } },
    { "before-after", { NULL, "사업 전후의 사용량을 측정함" } },
    { "placebos-missed", { NULL, "사업이 없던 해가 20개 미만이거나 구간이 맞지 않음" } },
    { "adjusted", { NULL, "날씨를 보정함; 사업이 없던 해에서 구간이 맞음" } },
    { "no-comparison", { NULL, "비교 집단이 없음: 모두에게 일어난 변화가 효과에 들어 있음" } },
    { "unlike", { NULL, "비교 집단이 사업 전에 대상과 비슷하지 않음" } },
    { "comparison", { NULL, "사업 전에 대상과 비슷했던 비교 집단과 견줌" } },
    { "uncalibrated", { NULL, "구간이 위약 시험으로 보정되지 않음" } },
    { "no-plan", { NULL, "분석 계획이 미리 기록되지 않음" } },
    { "plan-stated", { NULL, "계획의 날짜는 도시의 주장이며 기록으로 확인되지 않음" } },
    { "planned", { NULL, "보고 기간 전에 계획이 기록되었고 구간이 보정됨" } },
    { "assignment-missed", { NULL, "무작위 배정이지만 배정 단위로 분석하지 않음" } },
    { "randomised", { NULL, "무작위 배정이라는 도시의 주장에 따름; 배정 단위로 분석함" } },
    { "plan-late", { NULL, "계획이 보고 기간의 시작보다 늦음" } },
    { "short-baseline", { NULL, "기준 기간이 12개월 미만" } },
    { "concurrent", { NULL, "같은 시기에 다른 사업이 있었음" } },
    { "modelled", { NULL, "결과가 측정이 아니라 모형임" } },
    { "spillover", { NULL, "비교 집단에도 효과가 번졌을 수 있음" } },
    { "own", { "too few by itself", "그 자체로 수가 적음" } },
    { "difference", { "too near to another group", "다른 집단과의 차이가 작음" } },
    { "remainder", { "would give another withheld group away", "다른 비공개 집단이 드러남" } },
    { "combination", { "would give a small set away", "작은 집합이 드러남" } },
    { "members", { "enough members", "구성원 수" } },
    { "dominance", { "no member dominates", "지배적 구성원 없음" } },
    { "p-percent", { "no member can be estimated closely", "개별 구성원 추정 불가" } },
    { "groups", { "groups and what is left of them", "집단과 그 나머지" } },
    { "ledger", { "against earlier releases", "이전 공개와의 비교" } },
    { "rounding", { "rounded", "반올림" } },
};

const char *show_reason(const show *s, const char *code, const char *otherwise)
{
    for (size_t i = 0; code && i < sizeof reasons / sizeof *reasons; i++)
        if (strcmp(reasons[i].code, code) == 0 && reasons[i].words[s->language])
            return reasons[i].words[s->language];
    return otherwise ? otherwise : code;
}

const char *show_word(const show *s, word w)
{
    return words[w][s->language];
}

const char *show_code(const show *s, const char *code)
{
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
        if (strcmp(codes[i].code, code) == 0)
            return codes[i].words[s->language];
    return code;
}

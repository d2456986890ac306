/* The words of show_record in both languages. */
#include "evidence/show_words.h"

#include <string.h>

static const char *const words[WORDS][SHOW_LANGUAGES] = {
    [WORD_RECORD] = { "record", "기록" },
    [WORD_MADE] = { "made", "작성" },
    [WORD_SIGNED] = { "signed by key", "서명 키" },
    [WORD_UNSIGNED] = { "no signature beside this text: 'madang verify' tells who signed",
                        "이 화면은 서명을 확인하지 않습니다. 'madang verify'로 확인하십시오" },
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
    [WORD_WHOM] = { "For whom", "누구에게" },
    [WORD_CONCENTRATION] = { "concentration index", "집중 지수" },
    [WORD_WITHHELD] = { "withheld, too few to be shown", "수가 적어 비공개" },
    [WORD_HOW] = { "How it was measured", "측정 방법" },
    [WORD_PERIOD] = { "installation", "설치 기간" },
    [WORD_BASELINE] = { "baseline", "기준 기간" },
    [WORD_REPORTING] = { "reporting", "보고 기간" },
    [WORD_METERS] = { "meters treated", "대상 계량기" },
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
    { "electricity", { "electricity", "전기" } },
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

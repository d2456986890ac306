/* The words of the terminal summary in both languages: labels and single words. Sentences stand
 * where their numbers are. */
#ifndef MADANG_APP_MEASURE_SUMMARY_WORDS_H
#define MADANG_APP_MEASURE_SUMMARY_WORDS_H

#include "measure/compare.h"
#include "support/language.h"

#define SUMMARY_WORDS(X)                                                    \
    X(TO, "to", "~")                                                        \
    X(WITHOUT, "without the measure", "사업이 없었을 경우")                 \
    X(OBSERVED, "observed", "실측 사용량")                                  \
    X(SAVED, "saved", "절감량")                                             \
    X(CO2E, "CO2e avoided", "CO2e 감축량")                                  \
    X(NET, "net of its footprint", "자체 배출량을 뺀 순감축량")             \
    X(COST, "a tonne costs", "톤당 비용")                                   \
    X(NO_COST, "no figure: none is avoided", "없음: 감축이 없음")           \
    X(METERS, "meters", "계량기")                                           \
    X(SAVED_PERCENT, "saved", "절감률")                                     \
    X(INTERVAL, "interval", "구간")                                         \
    X(AMOUNT, "amount", "절감량")                                           \
    X(TRUTH, "truth", "참값")                                               \
    X(INSIDE, "inside", "구간 안")                                          \
    X(OUTSIDE, "outside", "구간 밖")                                        \
    X(NONE_MEASURED, "none measured", "측정된 것 없음")                     \
    X(POORER, "the poorer have more of it", "가난한 가구가 더 많이 얻음")   \
    X(RICHER, "the richer have more of it", "부유한 가구가 더 많이 얻음")   \
    X(NOT_TOLD, "no more for poor or rich that could be told",              \
      "어느 쪽이 더 많이 얻었는지 알 수 없음")                              \
    X(ALIKE, "alike", "비슷함")                                             \
    X(FAIRLY_ALIKE, "fairly alike", "비교할 만큼 비슷함")                   \
    X(NOT_ALIKE, "not alike", "비슷하지 않음")                              \
    X(FLAGGED, "measured, but flagged", "측정했으나 주의가 필요한 계량기")  \
    X(INTERNAL, "the record is internal: exact, and not to leave the city", \
      "기록은 내부용: 정확한 값이므로 도시 밖으로 내보낼 수 없음")          \
    X(CITYS_OWN, "report and per-meter table are the city's own",           \
      "보고서와 계량기별 표는 도시 내부용")                                 \
    X(REPORT, "report", "보고서")                                           \
    X(RECORD, "record", "기록")                                             \
    X(PER_METER, "per meter", "계량기별")                                   \
    X(BY_STEP, "by step", "시점별")

typedef enum summary_word {
#define X(name, english, korean) SUMMARY_WORD_##name,
    SUMMARY_WORDS(X)
#undef X
} summary_word;

const char *summary_word_in(show_language l, summary_word w);
/* "average" */
const char *summary_factor_words(show_language l, mdg_factor_kind k);
/* "nearest" */
const char *summary_method_words(show_language l, const char *method);
/* "level": feature k of those that meters may be matched on. */
const char *summary_feature_words(show_language l, size_t k);
/* A column of the meters' table: in Korean a name that columns often have is translated, as on the
 * report's page. */
const char *summary_column_words(show_language l, const char *column);
/* "gas" */
const char *summary_fuel_words(show_language l, const char *fuel);
const char *summary_grade_words(show_language l, mdg_grade_rule r);

#endif

/* The words of a pooling in both languages, and its numbers as people read them. */
#ifndef MADANG_APP_POOL_WORDS_H
#define MADANG_APP_POOL_WORDS_H

#include "evidence/show.h"
#include "pool/run.h"

#define POOL_WORDS(X)                                                                        \
    X(CITY, "city", "도시")                                                                  \
    X(STUDY, "study", "연구")                                                                \
    X(YEAR, "year", "연도")                                                                  \
    X(METERS, "meters", "계량기")                                                            \
    X(SAVED_PERCENT, "saved, %", "절감률 %")                                                 \
    X(SAVED_UNIT, "saved, kWh", "절감량 kWh")                                                \
    X(EFFECT, "effect", "효과")                                                              \
    X(WEIGHT, "weight", "가중치")                                                            \
    X(GRADE, "grade", "등급")                                                                \
    X(POOLED, "pooled", "통합")                                                              \
    X(NEXT, "next city", "다음 도시")                                                        \
    X(NEXT_STUDY, "next study", "다음 연구")                                                 \
    X(TO, "to", "~")                                                                         \
    X(HETEROGENEITY, "How much they differ", "서로 다른 정도")                               \
    X(INTERVAL, "prediction interval", "예측구간")                                           \
    X(BETWEEN, "sd of true effects", "참 효과의 표준편차")                                   \
    X(BIAS, "Do small effects say something else?", "작은 연구는 다른 결과를 보이는가?")     \
    X(FEW, "with fewer than ten cities or studies none of these can tell much",              \
      "도시나 연구가 10곳 미만이면 아래 방법으로는 거의 알 수 없음")                         \
    X(TOGETHER, "read them together: none is right by itself",                               \
      "함께 볼 것: 어느 하나만으로는 충분하지 않음")                                         \
    X(EGGER, "Egger's slope", "Egger 기울기")                                                \
    X(RANK, "rank correlation", "순위 상관")                                                 \
    X(TRIM, "trim and fill", "절삭-채움")                                                    \
    X(PET, "mean at no error, PET", "오차 0에서의 평균, PET")                                \
    X(PEESE, "the same, PEESE", "분산을 쓴 같은 방법, PEESE")                                \
    X(SELECTION, "selection model", "선택 모형")                                             \
    X(MISSING, "missing on the", "빠진 것,")                                                 \
    X(LEFT, "left", "왼쪽")                                                                  \
    X(RIGHT, "right", "오른쪽")                                                              \
    X(ONE_SIDE, "all effects are significant, or none is: not to be told",                   \
      "모든 효과가 유의하거나 모두 유의하지 않아 알 수 없음")                                \
    X(ALIKE, "not defined: the errors hardly differ", "정의되지 않음: 오차가 거의 같음")     \
    X(MODERATORS, "What they differ by", "무엇에 따라 다른가")                               \
    X(INTERCEPT, "constant", "상수항")                                                       \
    X(PERMUTED, "p by permutation", "순열 p")                                                \
    X(EXPLAINED, "explained of the differences", "설명된 차이의 비율")                       \
    X(AT_MEAN, "at the means of the moderators", "값은 조절변수의 평균 기준")                \
    X(LEVELS, "Several records of a city: between cities, within them",                      \
      "한 도시의 여러 기록: 도시 간, 도시 내")                                               \
    X(PROFILES, "by the records' likelihoods", "기록의 우도로")                              \
    X(POOL_GRADE, "Grade of the pool", "통합 결과의 등급")                                   \
    X(OF_RECORDS, "the records' own, weighted", "기록 등급의 가중 평균")                     \
    X(NO_PLANS,                                                                              \
      "no log of plans was read: what was planned and never reported cannot be counted yet", \
      "계획 기록을 읽지 않음: 계획하고 보고하지 않은 것을 아직 셀 수 없음")                  \
    X(LEFT_OUT, "What did not go in, and why", "포함되지 않은 것과 그 이유")                 \
    X(INTERNAL, "internal: not for publication", "내부용: 공개할 수 없음")                   \
    X(UNSIGNED, "without a signature", "서명 없음")                                          \
    X(FUTURE, "dated after today", "오늘 이후의 날짜가 적힘")                                \
    X(PREDICTION, "What to expect", "예상")                                                  \
    X(OTHERS_FEW, "nothing, as that takes three other cities, and there are",                \
      "예상할 수 없음: 다른 도시 3곳이 필요하나 있는 것은")                                  \
    X(OWN, "of its own measurement", "자체 측정의 가중치")                                   \
    X(OUTSIDE, "Beyond what was seen", "관측 범위 밖")                                       \
    X(PER_UNIT, "per unit and year", "단위당 연간")                                          \
    X(IN_ALL, "in all, a year", "전체, 연간")                                                \
    X(CO2E, "CO2e, a year", "온실가스, 연간")                                                \
    X(PERCENT, "saved, of use", "사용량 대비 절감")

typedef enum pool_word {
#define X(name, english, korean) POOL_WORD_##name,
    POOL_WORDS(X)
#undef X
} pool_word;

const char *pool_word_in(show_language l, pool_word w);
const char *pool_reason_words(show_language l, pool_reason r);
const char *pool_no_pi_words(show_language l, const pool_analysis *a);
const char *pool_down_words(show_language l, mdg_pool_down d);
/* Of a fuel, as records name it. */
const char *pool_fuel_words(show_language l, const char *fuel);

/* A number as it is shown on a scale: percent saved, kWh, or as it is. */
void pool_number(char out[32], double x, pool_scale scale);
/* An effect and its interval as they are shown: percent saved has bounds turned round. */
mdg_estimate pool_shown(pool_scale scale, double value, mdg_bounds bounds);
/* "6.2 to 8.0" */
void pool_interval(char out[80], const mdg_estimate *e, pool_scale scale, show_language l);

/* The title of the type, or that which all have, or nothing that could be wrong. */
const char *pool_title(const pool_analysis *a, show_language l);
/* What was found, for anyone: a sentence, two with a prediction. Without a line break. */
void pool_sentence(const pool_analysis *a, show_language l, text *out);

#endif

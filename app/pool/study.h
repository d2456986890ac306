/* One effect that may be pooled: an outcome of a record, or a row of a table of effects. */
#ifndef MADANG_APP_POOL_STUDY_H
#define MADANG_APP_POOL_STUDY_H

#include <madang.h>

enum { POOL_MODERATORS = 8, POOL_ID = 65 };

/* Why an effect is left out: code, in English, in Korean. */
#define POOL_REASONS(X)                                                                            \
    X(IN, "in", "it went in", "포함됨")                                                            \
    X(DUPLICATE, "duplicate", "another copy of a record that is here", "이미 있는 기록의 사본")    \
    X(SUPERSEDED, "superseded", "a newer record says that it takes its place",                     \
      "새 기록이 이 기록을 대체한다고 밝힘")                                                       \
    X(OVERLAP, "overlap", "a newer one of the city covers the same meters",                        \
      "같은 도시의 새 기록이 같은 계량기나 기간을 다룸")                                           \
    X(FUTURE, "future", "it is dated after today, and another of the city covers the same meters", \
      "오늘 이후의 날짜가 적혀 있고 같은 도시의 다른 기록이 같은 계량기나 기간을 다룸")            \
    X(NO_CITY, "no-city", "it names no city: counting twice could not be seen",                    \
      "도시가 없어 이중 계산을 확인할 수 없음")                                                    \
    X(GRADE_0, "grade-0", "grade 0: estimated, not measured", "0등급: 측정이 아닌 추정")           \
    X(OTHER_OUTCOME, "other-outcome", "another outcome than the one asked for",                    \
      "요청한 것과 다른 결과 지표")                                                                \
    X(NO_EFFECT, "no-effect", "it has no effect with a standard error",                            \
      "표준오차가 있는 효과가 없음")                                                               \
    X(UNIT, "unit", "its unit is no unit of energy", "에너지 단위가 아님")                         \
    X(NO_MODERATOR, "no-moderator", "it does not say the moderator",                               \
      "요청한 조절변수의 값이 없음")                                                               \
    X(TYPE_FEW, "type-few", "its type has too few cities for the moderators",                      \
      "조절변수에 비해 같은 유형의 도시가 너무 적음")                                              \
    X(TYPE_ALIKE, "type-alike", "the moderators cannot be told apart within its type",             \
      "같은 유형 안에서 조절변수를 구별할 수 없음")

typedef enum pool_reason {
#define X(name, code, english, korean) POOL_##name,
    POOL_REASONS(X)
#undef X
        POOL_REASON_COUNT
} pool_reason;

/* Months count from year 0. */
typedef struct month_span {
    int from, to;
} month_span;

/* Texts may be NULL and numbers NaN where they are not said; all live in one arena. */
typedef struct pool_study {
    const char *file;
    size_t row; /* of a table; 0: it is a record */
    char id[POOL_ID];
    size_t outcome;               /* which of the record's, from 0 */
    const char *city, *city_name; /* key and name; of a table: what its cluster is called */
    const char *label;            /* what it is called */
    const char *measure, *title, *type, *sector, *eligibility, *fuel, *band;
    const char *created, *supersedes; /* date; id of a record */
    month_span installation, reporting;
    bool future;                      /* dated after today */
    bool is_signed, internal, energy; /* energy: its unit is one of energy */
    int grade;                        /* 0 to 5; -1: none, as it is no record */
    int year;                         /* 0: not said */
    double log_ratio, log_se;
    double per_unit_kwh, per_unit_se_kwh; /* saved per unit and year */
    double use_kwh;                       /* what a unit would have used in a year */
    double hdd18_c, cdd18_c, dose;
    const char *dose_unit;
    mdg_loglik_profile profile; /* n = 0: none */

    /* Made by sifting. */
    pool_reason out;
    const char *lacks;         /* which moderator */
    double y, v;               /* on the scale asked for */
    double x[POOL_MODERATORS]; /* in the order asked for */
} pool_study;

/* Grows in an arena. */
typedef struct pool_studies {
    pool_study *at;
    size_t n, capacity;
} pool_studies;

mdg_status pool_studies_add(pool_studies *list, const pool_study *s, mdg_arena *mem,
                            mdg_error *err);

/* Others' text, without control characters.
 * out  lives in mem */
mdg_status pool_plain_text(const char *s, mdg_arena *mem, const char **out, mdg_error *err);

const char *pool_reason_code(pool_reason r);

/* Whether two keys are one city's: KR-GOY and kr-goy are. Names of a table's clusters are as they
 * stand. NULL is no city. */
bool pool_same_city(const pool_study *a, const pool_study *b);
/* Below, at or above 0: an order in which the effects of one city stand together, and those of no
 * city first. */
int pool_by_city(const pool_study *a, const pool_study *b);
bool pool_is_of_city(const pool_study *s, const char *key);

#endif

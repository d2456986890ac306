/* The words of the terminal summary in both languages. */
#include "measure/summary_words.h"

#include "evidence/show_words.h"

#include <string.h>

const char *summary_word_in(show_language l, summary_word w)
{
    static const char *const words[][SHOW_LANGUAGES] = { SUMMARY_WORDS(LANGUAGE_ROW) };
    return words[w][l];
}

const char *summary_factor_words(show_language l, mdg_factor_kind k)
{
    static const char *const korean[MDG_FACTOR_KIND_COUNT] = {
        [MDG_FACTOR_AVERAGE] = "평균 배출계수",
        [MDG_FACTOR_MARGINAL] = "한계 배출계수",
        [MDG_FACTOR_FUEL] = "연료 배출계수",
    };
    return l == SHOW_KOREAN ? korean[k] : mdg_factor_kind_code(k);
}

const char *summary_method_words(show_language l, const char *method)
{
    return l == SHOW_KOREAN ? show_code(&(show){ .language = l }, method) : method;
}

const char *summary_feature_words(show_language l, size_t k)
{
    static const char *const korean[MEASURE_FEATURES] = { "사용량 수준", "연중 형태", "주간 형태" };
    return l == SHOW_KOREAN ? korean[k] : measure_feature_names[k];
}

const char *summary_column_words(show_language l, const char *column)
{
    static const char *const korean[][2] = {
        { "district", "지역" }, { "income", "소득" },   { "tenure", "점유 형태" },
        { "type", "유형" },     { "fuel", "에너지원" }, { "group", "집단" },
    };
    for (size_t i = 0; l == SHOW_KOREAN && i < sizeof korean / sizeof *korean; i++)
        if (strcmp(korean[i][0], column) == 0)
            return korean[i][1];
    return column;
}

const char *summary_fuel_words(show_language l, const char *fuel)
{
    return l == SHOW_KOREAN ? show_code(&(show){ .language = l }, fuel) : fuel;
}

const char *summary_grade_words(show_language l, mdg_grade_rule r)
{
    return show_reason(&(show){ .language = l }, mdg_grade_code(r), mdg_grade_words(r));
}

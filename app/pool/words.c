/* The words of a pooling in both languages. */
#include "pool/words.h"

#include "evidence/show_words.h"

#include <stdio.h>
#include <string.h>

const char *pool_word_in(show_language l, pool_word w)
{
    static const char *const words[][SHOW_LANGUAGES] = { POOL_WORDS(LANGUAGE_ROW) };
    return words[w][l];
}

const char *pool_reason_words(show_language l, pool_reason r)
{
    static const char *const words[][SHOW_LANGUAGES] = {
#define X(name, code, english, korean) { english, korean },
        POOL_REASONS(X)
#undef X
    };
    return words[r][l];
}

const char *pool_no_pi_words(show_language l, const pool_analysis *a)
{
    static const char *const words[][SHOW_LANGUAGES] = {
        [POOL_PI_NONE] = { "", "" },
        [POOL_PI_ONE] = { "one effect: there is nothing to pool",
                          "효과가 하나뿐이라 통합할 것이 없음" },
        [POOL_PI_ONE_CITY] = { "all effects are of one city: nothing can be said of another",
                               "모두 한 도시의 효과라 다른 도시는 알 수 없음" },
        [POOL_PI_EQUAL] = { "effects were taken for equal: none is expected to differ",
                            "효과가 모두 같다고 보아 서로 다를 것으로 예상하지 않음" },
        [POOL_PI_TOO_FEW] = { "too few to say what the next one can expect",
                              "다음 도시를 예상하기에는 너무 적음" },
    };
    return words[a->no_pi][l];
}

/* Where there is no interval, it counts as one across zero. */
const char *pool_down_words(show_language l, mdg_pool_down d)
{
    static const char *const korean[] = {
        [MDG_POOL_DOWN_PI_ACROSS_ZERO] = "예측구간이 0을 포함하거나 없음",
        [MDG_POOL_DOWN_OUTSIDE] = "도시가 통합한 도시들의 범위 밖에 있음",
        [MDG_POOL_DOWN_FEW] = "도시가 5곳 미만",
        [MDG_POOL_DOWN_SILENT] = "기록된 계획의 5분의 1 넘게 기한을 넘겼거나 철회됨",
    };
    if (l == SHOW_KOREAN)
        return korean[d];
    return d == MDG_POOL_DOWN_PI_ACROSS_ZERO
               ? "the prediction interval includes zero, or there is none"
               : mdg_pool_down_words(d);
}

const char *pool_fuel_words(show_language l, const char *fuel)
{
    return show_code(&(show){ .language = l }, fuel);
}

/* ---- numbers -------------------------------------------------------------------------------- */

void pool_number(char out[32], double x, pool_scale scale)
{
    int digits = scale == POOL_PERCENT        ? 1
                 : scale == POOL_AS_GIVEN     ? 3
                 : fabs(x) > 0 && fabs(x) < 1 ? 3
                 : fabs(x) < 100              ? 1
                                              : 0;
    snprintf(out, 32, "%.*f", digits, x);
    /* No minus before nothing. */
    if (out[0] == '-' && strspn(out + 1, "0.") == strlen(out + 1))
        memmove(out, out + 1, strlen(out));
}

mdg_estimate pool_shown(pool_scale scale, double value, mdg_bounds bounds)
{
    if (scale == POOL_PERCENT)
        return pool_percent(value, bounds);
    return (mdg_estimate){ .value = value, .lo = bounds.lo, .hi = bounds.hi };
}

void pool_interval(char out[80], const mdg_estimate *e, pool_scale scale, show_language l)
{
    char lo[32], hi[32];
    pool_number(lo, e->lo, scale);
    pool_number(hi, e->hi, scale);
    snprintf(out, 80, "%s %s %s", lo, pool_word_in(l, POOL_WORD_TO), hi);
}

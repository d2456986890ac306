/* What was found, for anyone. */
#include "pool/words.h"

#include "measure/summary.h"

#include <stdio.h>
#include <string.h>

/* What the pieces of a sentence are made of. */
typedef struct telling {
    const pool_analysis *a;
    show_language l;
    text *out;
    const char *fuel;
} telling;

/* ---- who and what --------------------------------------------------------------------------- */

/* NULL: not all have one. */
static const char *common_title(const pool_analysis *a)
{
    const char *title = a->study[0]->title;
    for (size_t i = 1; title && i < a->k; i++)
        if (!a->study[i]->title || strcmp(a->study[i]->title, title) != 0)
            title = NULL;
    return title;
}

/* Types such as buildings.other hold whatever no other type describes. */
static bool is_catch_all(const pool_analysis *a)
{
    const char *last = a->type ? strrchr(a->type, '.') : NULL;
    return last && strcmp(last, ".other") == 0;
}

const char *pool_title(const pool_analysis *a, show_language l)
{
    const mdg_measure_type *type;
    if (!is_catch_all(a) && a->type && mdg_measure_type_find(a->type, &type, NULL) == MDG_OK)
        return l == SHOW_KOREAN ? type->title_ko : type->title_en;
    const char *title = common_title(a);
    if (!title && is_catch_all(a))
        return l == SHOW_KOREAN ? "여러 가지 사업" : "Measures of several kinds";
    return title ? title : l == SHOW_KOREAN ? "사업" : "the measure";
}

/* In the middle of a sentence: a capital stays only where another follows, as in LED. */
static void add_inside(text *out, const char *title)
{
    bool capital = title[0] >= 'A' && title[0] <= 'Z' && !(title[1] >= 'A' && title[1] <= 'Z');
    char first = (char)(capital ? title[0] - 'A' + 'a' : title[0]);
    text_add_bytes(out, &first, 1);
    text_add(out, title + 1);
}

/* Of a table that says which city its effects are of. */
static void several_of_one(const telling *t)
{
    const pool_analysis *a = t->a;
    if (t->l == SHOW_KOREAN)
        text_addf(t->out, "도시 %zu곳의 효과 %zu건에서 ", a->cities, a->k);
    else
        text_addf(t->out, "In %zu effects of %zu cit%s, ", a->k, a->cities,
                  a->cities == 1 ? "y" : "ies");
}

static void opening(const telling *t)
{
    const pool_analysis *a = t->a;
    bool korean = t->l == SHOW_KOREAN, studies = a->request->scale == POOL_AS_GIVEN;
    size_t n = studies ? a->k : a->cities;
    if (studies && a->cities < a->k)
        several_of_one(t);
    else if (korean)
        text_addf(t->out, studies ? "연구 %zu건에서 " : "도시 %zu곳에서 ", n);
    else if (n == 1)
        text_addf(t->out, "In one %s, ", studies ? "study" : "city");
    else
        text_addf(t->out, "In %zu %s, ", n, studies ? "studies" : "cities");
    if (a->effects.moderators > 0)
        text_add(t->out, korean ? "조절변수가 평균일 때, " : "with moderators at their means, ");
}

/* ---- the mean ------------------------------------------------------------------------------- */

static void as_given(const telling *t, const mdg_estimate *mean)
{
    char value[32], interval[80];
    pool_number(value, mean->value, POOL_AS_GIVEN);
    pool_interval(interval, mean, POOL_AS_GIVEN, t->l);
    text_addf(t->out, t->l == SHOW_KOREAN ? "평균 효과는 %s (%s)" : "the mean effect is %s (%s)",
              value, interval);
}

typedef enum direction { LESS, MORE, UNCLEAR } direction;

static direction direction_of(const mdg_estimate *e)
{
    return e->lo > 0 ? LESS : e->hi < 0 ? MORE : UNCLEAR;
}

/* Of more used than before, as a positive number. */
static mdg_estimate turned(const mdg_estimate *e, direction d)
{
    return d == MORE ? (mdg_estimate){ .value = -e->value, .lo = -e->hi, .hi = -e->lo } : *e;
}

/* "saved 7.1 % of gas (6.2 to 8.0)", or that it rose, or that neither can be told. */
static void saved(const telling *t, const mdg_estimate *mean)
{
    static const char *const verbs[] = { "saved", "went with",
                                         "could not be told apart from no change:" };
    static const char *const outcomes[] = { "절감", "증가", "절감: 변화 없음과 구별되지 않음" };
    bool percent = t->a->request->scale == POOL_PERCENT;
    direction d = direction_of(mean);
    mdg_estimate shown = turned(mean, d);
    char value[32], interval[80];
    pool_number(value, shown.value, t->a->request->scale);
    pool_interval(interval, &shown, t->a->request->scale, t->l);
    if (t->l == SHOW_KOREAN) {
        text_addf(t->out, "'%s': %s %s %s %s %s", pool_title(t->a, t->l), t->fuel,
                  percent ? "사용량의" : "단위당 연간", value, percent ? "%" : "kWh", outcomes[d]);
    } else {
        add_inside(t->out, pool_title(t->a, t->l));
        text_addf(t->out, " %s %s %s %s %s%s%s", verbs[d], value, percent ? "%" : "kWh",
                  d == MORE ? "more" : "of", t->fuel, percent ? "" : " per unit and year",
                  d == UNCLEAR ? " saved" : "");
    }
    text_addf(t->out, " (%s)", interval);
}

/* ---- the next one --------------------------------------------------------------------------- */

static void nothing_next(const telling *t)
{
    text_addf(t->out, t->l == SHOW_KOREAN ? ". %s." : "; %s.", pool_no_pi_words(t->l, t->a));
}

static void next_as_given(const telling *t, const mdg_estimate *next)
{
    char lo[32], hi[32];
    pool_number(lo, next->lo, POOL_AS_GIVEN);
    pool_number(hi, next->hi, POOL_AS_GIVEN);
    text_addf(t->out,
              t->l == SHOW_KOREAN ? ". 다음 연구의 효과는 %s ~ %s 사이로 예상됨."
                                  : "; in the next one it can be expected between %s and %s.",
              lo, hi);
}

static void next_saving(const telling *t, const mdg_estimate *next)
{
    pool_scale scale = t->a->request->scale;
    const char *unit = scale == POOL_PERCENT ? "%" : "kWh";
    bool korean = t->l == SHOW_KOREAN;
    direction d = direction_of(next);
    mdg_estimate shown = turned(next, d);
    char lo[32], hi[32];
    pool_number(lo, d == UNCLEAR ? -next->lo : shown.lo, scale);
    pool_number(hi, shown.hi, scale);
    if (d == UNCLEAR)
        text_addf(t->out,
                  korean ? ". 비슷한 다음 도시에서는 %s %s 증가부터 %s %s 절감까지 예상됨."
                         : "; in the next city like these anything from %s %s more to %s %s less "
                           "can be expected.",
                  lo, unit, hi, unit);
    else if (korean)
        text_addf(t->out, ". 비슷한 다음 도시에서는 %s ~ %s %s %s 예상됨.", lo, hi, unit,
                  d == LESS ? "절감이" : "증가가");
    else
        text_addf(t->out, "; in a city like these, the next one can expect %s to %s %s%s.", lo, hi,
                  unit, d == LESS ? "" : " more");
}

/* ---- the city asked for --------------------------------------------------------------------- */

static void predicted(const telling *t)
{
    static const char *const ways[][SHOW_LANGUAGES] = {
        [LESS] = { "", "" },
        [MORE] = { " more", " 증가" },
        [UNCLEAR] = { " saved", " 절감" },
    };
    const pool_target *p = &t->a->target;
    pool_scale scale = t->a->request->scale;
    bool korean = t->l == SHOW_KOREAN, percent = scale == POOL_PERCENT;
    mdg_estimate e = percent ? p->percent
                     : scale == POOL_PER_UNIT
                         ? p->per_unit_kwh
                         : (mdg_estimate){ p->t.value, p->t.pi.lo, p->t.pi.hi };
    /* What is saved needs no word after the first sentence; what is not does. */
    direction d = scale == POOL_AS_GIVEN ? LESS : direction_of(&e);
    const char *way = ways[d][t->l];
    e = scale == POOL_AS_GIVEN ? e : turned(&e, d);
    char value[32], interval[80];
    pool_number(value, e.value, scale);
    pool_interval(interval, &e, scale, t->l);
    const char *unit = percent ? " %" : scale == POOL_PER_UNIT ? " kWh" : "";
    text_addf(t->out, korean ? " %s: %s%s%s 예상 (%s)" : " For %s, %s%s%s is to be expected (%s)",
              p->city->name, value, unit, way, interval);
    if (isfinite(p->stock_tco2e.value)) {
        double tonnes = d == MORE ? -p->stock_tco2e.value : p->stock_tco2e.value;
        summary_energy(value, sizeof value, tonnes, "tCO2e");
        text_addf(t->out, korean ? ", 연간 %s%s" : ", %s%s a year", value, way);
    }
    text_add(t->out, ".");
    if (p->t.outside)
        text_add(t->out, korean ? " 이 도시는 통합한 도시들의 범위 밖에 있음."
                                : " It lies outside the range of the cities pooled.");
}

void pool_sentence(const pool_analysis *a, show_language l, text *out)
{
    pool_scale scale = a->request->scale;
    telling t = { a, l, out, NULL };
    t.fuel = a->study[0]->fuel  ? pool_fuel_words(l, a->study[0]->fuel)
             : l == SHOW_KOREAN ? "에너지"
                                : "energy";
    mdg_estimate mean = pool_shown(scale, a->mean, a->ci);
    mdg_estimate next = pool_shown(scale, a->next.lo, a->next);
    opening(&t);
    if (scale == POOL_AS_GIVEN)
        as_given(&t, &mean);
    else
        saved(&t, &mean);
    if (a->no_pi != POOL_PI_NONE)
        nothing_next(&t);
    else if (scale == POOL_AS_GIVEN)
        next_as_given(&t, &next);
    else
        next_saving(&t, &next);
    if (a->target.given)
        predicted(&t);
    else if (a->target.too_few)
        text_addf(out,
                  l == SHOW_KOREAN
                      ? " %s: 다른 도시가 3곳 미만이라 예상할 수 없음."
                      : " For %s nothing can be said from fewer than three other cities.",
                  a->target.city->name);
    if (is_catch_all(a) && !common_title(a))
        text_add(out, l == SHOW_KOREAN
                          ? " 서로 다른 사업이므로 평균의 해석에 주의할 것."
                          : " These are different measures: take their mean with care.");
}

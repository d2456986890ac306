/* The terminal summary: energy, CO2e, net effect and cost, and how sure they are. */
#include "measure/summary_parts.h"

#include "support/columns.h"

enum { LABEL = 21, KOREAN_LABEL = 27 };

/* ---- rows ----------------------------------------------------------------------------------- */

static void label(const summary *s, summary_word w)
{
    const char *words = summary_word_of(s, w);
    text_addf(s->out, "  %s", words);
    columns_fill(s->out, words, s->l == SHOW_KOREAN ? KOREAN_LABEL : LABEL);
}

static void amount(const summary *s, summary_word w, double value)
{
    char shown[48];
    summary_energy(shown, sizeof shown, value, s->o->spec.unit);
    label(s, w);
    text_addf(s->out, "%14s", shown);
}

static void co2e_line(const summary *s, size_t i)
{
    const carbon_entry *e = &s->o->carbon.entry[i];
    char value[48], interval[112];
    summary_energy(value, sizeof value, e->result.kg.value, "kg");
    summary_interval(s, interval, &e->result.kg, "kg");
    label(s, SUMMARY_WORD_CO2E);
    text_addf(s->out, "%14s   %s", value, interval);
    if (s->o->carbon.n > 1)
        text_addf(s->out, ", %s", summary_factor_words(s->l, e->factor.kind));
    text_add(s->out, "\n");
}

/* ---- net of its own footprint --------------------------------------------------------------- */

/* What a tonne costs. */
static void cost(const summary *s, const mdg_cost_per_tonne *c)
{
    const char *currency = s->o->spec.footprint.currency;
    char value[48], interval[112];
    if (c->verdict == MDG_COST_NONE)
        return;
    mdg_estimate e = { c->value, c->lo, c->hi };
    summary_energy(value, sizeof value, c->verdict == MDG_COST_INTERVAL ? c->value : c->lo,
                   currency);
    summary_interval(s, interval, &e, currency);
    label(s, SUMMARY_WORD_COST);
    if (c->verdict == MDG_COST_INTERVAL)
        text_addf(s->out, "%14s   %s\n", value, interval);
    else if (c->verdict == MDG_COST_NO_TOP)
        text_addf(s->out,
                  s->l == SHOW_KOREAN ? "최소 %s; 감축이 없을 수도 있음\n"
                                      : "at least %s; it may be that none is avoided\n",
                  value);
    else
        text_addf(s->out, "%s\n", summary_word_of(s, SUMMARY_WORD_NO_COST));
}

/* Less its own footprint and rebound; and what a tonne costs. */
static void net_effect(const summary *s, size_t i)
{
    if (!s->o->net[i].given)
        return;
    const mdg_net *n = &s->o->net[i].net;
    const mdg_drawn *d = &n->part[MDG_NET_NET];
    bool korean = s->l == SHOW_KOREAN, several = s->o->carbon.n > 1;
    label(s, SUMMARY_WORD_NET);
    if (isnan(n->positive)) {
        text_add(s->out, korean ? "     알 수 없음: 절감량의 구간이 없음\n"
                                : "     not known: the saving has no interval\n");
        return;
    }
    mdg_estimate e = { d->value, d->lo, d->hi };
    char value[48], interval[112];
    summary_energy(value, sizeof value, e.value, "kg");
    summary_interval(s, interval, &e, "kg");
    /* A share of draws is never quite sure. */
    double p = 100 * n->positive;
    text_addf(s->out,
              korean ? "%14s   연간 %s; 순감축일 확률 %s%.1f %%%s%s\n"
                     : "%14s   %s a year; above 0 with probability %s%.1f %%%s%s\n",
              value, interval,
              p > 99.95  ? "> "
              : p < 0.05 ? "< "
                         : "",
              fmin(fmax(p, 0.1), 99.9), several ? ", " : "",
              several ? summary_factor_words(s->l, s->o->carbon.entry[i].factor.kind) : "");
    cost(s, &n->cost);
}

/* ---- how sure ------------------------------------------------------------------------------- */

static void calibrated(const summary *s, double level)
{
    const intervals *v = &s->o->intervals;
    double mean = summary_percent(100 * v->mean), covered = 100 * v->check.coverage;
    if (s->l == SHOW_KOREAN)
        text_addf(s->out,
                  "\n  %.4g %% 구간은 위약 연도 %zu개로 보정됨: 사업이 없는 연도로, 비대상 "
                  "계량기에서 %zu개,\n  사업 전의 대상 계량기에서 %zu개. 위약 연도의 평균 절감률은 "
                  "%.1f %%, "
                  "개별 계량기의 구간은\n  100개 중 %.0f개가 참값을 포함함.\n",
                  level, v->survey.n, v->untreated, v->treated, mean, covered);
    else
        text_addf(s->out,
                  "\n  The interval of %.4g %% is calibrated on %zu placebos: years without a "
                  "measure, %zu of\n  untreated meters and %zu of treated ones before. In the mean "
                  "they seemed to save %.1f %%;\n  intervals for single meters contained the truth "
                  "in %.0f of 100 of them.\n",
                  level, v->survey.n, v->untreated, v->treated, mean, covered);
}

static void by_blocks(const summary *s, double level)
{
    size_t n = s->o->intervals.survey.n;
    double meter = 100 * MDG_METER_SD, shared = 100 * MDG_SHARED_SD;
    if (s->l == SHOW_KOREAN)
        text_addf(
            s->out,
            "\n  %.4g %% 구간은 보정되지 않음: 검침 자료에 사업이 없는 연도가 %zu개뿐임(최소 "
            "%d개 필요).\n  모형 오차, 그리고 해마다의 변동에 대한 명시된 사전 가정(계량기 하나 "
            "%.0f %%, 전체 %.0f %%)으로\n  구한 구간임.\n",
            level, n, MDG_LEAST_PLACEBOS, meter, shared);
    else
        text_addf(s->out,
                  "\n  The interval of %.4g %% is uncalibrated: there %s %zu year%s without a "
                  "measure in the readings,\n  and %d would be needed. It is made of the model's "
                  "errors and of stated guesses of what\n  changes from year to year: %.0f %% for "
                  "a meter, %.0f %% for all.\n",
                  level, n == 1 ? "is" : "are", n, n == 1 ? "" : "s", MDG_LEAST_PLACEBOS, meter,
                  shared);
}

static void caltrack2(const summary *s, double level)
{
    text_addf(
        s->out,
        s->l == SHOW_KOREAN
            ? "\n  CalTRACK의 %.4g %% 구간이며 보정되지 않음: 실제 건물에서 이런 구간이 참값을 "
              "포함한 비율은\n  표시된 수준보다 훨씬 낮았음. 불확실성의 최소한으로 볼 것.\n"
            : "\n  The interval is CalTRACK's at %.4g %%, uncalibrated: on real buildings such "
              "intervals have\n  covered the truth far less often. Take it as the least of the "
              "doubt.\n",
        level);
}

/* Where the interval is from, and CalTRACK's beside it. */
static void interval_words(const summary *s)
{
    double level = 100 * s->o->opts.level;
    const mdg_estimate *c = &s->o->caltrack2_percent;
    switch (s->o->intervals.method) {
    case MDG_INTERVAL_CALIBRATED:
        calibrated(s, level);
        break;
    case MDG_INTERVAL_BLOCK:
        by_blocks(s, level);
        break;
    case MDG_INTERVAL_CALTRACK2:
    case MDG_INTERVAL_COUNT:
        caltrack2(s, level);
        return;
    }
    text_addf(s->out,
              s->l == SHOW_KOREAN
                  ? "  CalTRACK 구간 %.1f ~ %.1f %%. 찾을 수 있는 최소 효과 %.1f %%.\n"
                  : "  CalTRACK's band is %.1f to %.1f %%. The smallest effect to be "
                    "found: %.1f %%.\n",
              c->lo, c->hi, s->o->detectable_after);
}

/* What is said of factors that change with time. */
static void series_words(const summary *s)
{
    bool korean = s->l == SHOW_KOREAN, hours = s->o->opts.model == MDG_MODEL_CALTRACK_HOURLY;
    for (size_t i = 0; i < s->o->carbon.n; i++) {
        const carbon_entry *e = &s->o->carbon.entry[i];
        if (!e->series)
            continue;
        const char *kind = summary_factor_words(s->l, e->factor.kind);
        if (korean)
            text_addf(s->out, "  CO2e: %s %s, 평균 %.4g kgCO2e/kWh", hours ? "시간별" : "일별",
                      kind, e->factor.value);
        else
            text_addf(s->out, "  CO2e by %s factors of each %s, on average %.4g kgCO2e/kWh", kind,
                      hours ? "hour" : "day", e->factor.value);
        if (e->missing > 0)
            text_addf(s->out,
                      korean ? "; 배출계수가 없는 에너지 %.2g %%에는 평균을 적용함"
                             : "; %.2g %% of the energy had none and took the mean",
                      100 * e->missing);
        text_add(s->out, ".\n");
    }
}

void summary_totals(const summary *s)
{
    const measure_outcome *o = s->o;
    char interval[112];
    text_add(s->out, "\n");
    amount(s, SUMMARY_WORD_WITHOUT, o->counterfactual);
    text_add(s->out, "\n");
    amount(s, SUMMARY_WORD_OBSERVED, mdg_sum_get(&o->tally.total.observed));
    text_add(s->out, "\n");
    amount(s, SUMMARY_WORD_SAVED, o->savings.value);
    summary_interval(s, interval, &o->savings, o->spec.unit);
    text_addf(s->out, "   %s\n", interval);
    for (size_t i = 0; i < o->carbon.n; i++)
        co2e_line(s, i);
    for (size_t i = 0; i < o->carbon.n; i++)
        net_effect(s, i);
    interval_words(s);
    series_words(s);
}

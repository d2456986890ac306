/* The terminal summary of a measure. */
#include "measure/summary_parts.h"

#include "measure/meter_words.h"
#include "support/columns.h"

#include <string.h>

static const struct {
    double from;
    const char *from_unit, *unit;
    double divisor;
} scales[] = {
    { 1e6, "kWh", "GWh", 1e6 }, { 1e4, "kWh", "MWh", 1e3 }, { 1e4, "MWh", "GWh", 1e3 },
    { 1e6, "Wh", "MWh", 1e6 },  { 1e4, "kg", "t", 1e3 },    { 1e5, "MJ", "GJ", 1e3 },
};

void summary_energy(char *out, size_t size, double value, const char *unit)
{
    double divisor = 1;
    for (size_t i = 0; i < sizeof scales / sizeof *scales; i++) {
        if (strcmp(scales[i].from_unit, unit) == 0 && fabs(value) >= scales[i].from) {
            divisor = scales[i].divisor;
            unit = scales[i].unit;
            break;
        }
    }
    double v = value / divisor;
    snprintf(out, size, "%.*f %s", fabs(v) < 10 ? 2 : fabs(v) < 100 ? 1 : 0, v, unit);
}

double summary_percent(double percent)
{
    return fabs(percent) < 0.05 ? 0 : percent;
}

void summary_interval(const summary *s, char out[112], const mdg_estimate *e, const char *unit)
{
    char lo[48], hi[48];
    summary_energy(lo, sizeof lo, e->lo, unit);
    summary_energy(hi, sizeof hi, e->hi, unit);
    snprintf(out, 112, "%s %s %s", lo, summary_word_of(s, SUMMARY_WORD_TO), hi);
}

/* ---- the headline --------------------------------------------------------------------------- */

/* What the line says: percents as they are shown, and the amount. */
typedef struct found {
    bool saved, more; /* neither: it cannot be told apart from no change */
    mdg_estimate percent;
    char amount[64];
} found;

static found find(const measure_outcome *o)
{
    const mdg_estimate *p = &o->percent;
    found f = { .saved = p->lo > 0, .more = p->hi < 0 };
    double sign = f.more ? -1 : 1;
    double low = sign * p->lo, high = sign * p->hi;
    f.percent = (mdg_estimate){ .value = summary_percent(sign * p->value),
                                .lo = low < high ? low : high,
                                .hi = low < high ? high : low };
    char amount[48];
    summary_energy(amount, sizeof amount, fabs(o->savings.value), o->spec.unit);
    snprintf(f.amount, sizeof f.amount, "%s%s",
             p->lo <= 0 && p->hi >= 0 && o->savings.value < 0 ? "-" : "", amount);
    return f;
}

static void headline(const summary *s)
{
    const measure_outcome *o = s->o;
    size_t ok = o->tally.status[MDG_METER_OK];
    found f = find(o);
    text_addf(s->out, "%s\n", o->spec.title);
    if (s->l == SHOW_KOREAN)
        text_addf(s->out,
                  "%s 사용량의 %.1f %% (%.1f ~ %.1f %%), %s %s\n보고 기간 최대 %zu일, 대상 계량기 "
                  "%zu개 중 "
                  "%zu개 측정\n",
                  summary_fuel_words(s->l, o->spec.fuel), f.percent.value, f.percent.lo,
                  f.percent.hi, f.amount,
                  f.saved  ? "절감"
                  : f.more ? "증가"
                           : "절감: 변화 없음과 구별되지 않음",
                  o->spec.reporting_days, o->tally.treated, ok);
    else
        text_addf(s->out,
                  "%s %.1f %% (%.1f to %.1f %%) of %s, %s over up to %zu days, in %zu of %zu "
                  "meters\n",
                  f.saved  ? "saved"
                  : f.more ? "went with an increase of"
                           : "could not be told apart from no change:",
                  f.percent.value, f.percent.lo, f.percent.hi, o->spec.fuel, f.amount,
                  o->spec.reporting_days, ok, o->tally.treated);
}

/* ---- beside the totals ---------------------------------------------------------------------- */

static void truth(const summary *s)
{
    const mdg_estimate *p = &s->o->percent;
    double t = s->q->truth.percent;
    if (!s->q->truth.known)
        return;
    text_addf(
        s->out,
        s->l == SHOW_KOREAN ? "\n  이 모의 실험의 참값: %.2f %%, %s\n"
                            : "\n  the truth of this simulation: %.2f %%, %s the interval\n",
        t,
        summary_word_of(s, p->lo <= t && t <= p->hi ? SUMMARY_WORD_INSIDE : SUMMARY_WORD_OUTSIDE));
}

static void normalised(const summary *s)
{
    const measure_outcome *o = s->o;
    if (!o->spec.normal_weather)
        return;
    mdg_estimate e = mdg_effect_normalised(&o->tally.total);
    mdg_estimate p = mdg_effect_normalised_percent(&o->tally.total);
    char amount[48], interval[112];
    summary_energy(amount, sizeof amount, e.value, o->spec.unit);
    summary_interval(s, interval, &e, o->spec.unit);
    text_addf(s->out,
              s->l == SHOW_KOREAN
                  ? "\n  표준 기상년의 절감량: %s (%s), %.1f %% (%.1f ~ %.1f %%), 계량기 %zu개\n"
                  : "\n  in a typical year: %s (%s), %.1f %% (%.1f to %.1f %%), over %zu meters\n",
              amount, interval, p.value, p.lo, p.hi, o->tally.total.normalised_meters);
}

/* What the model leaves out where solar panels may be. */
static void ghi_note(const summary *s)
{
    if (s->o->inputs.ghi_column && s->o->opts.model == MDG_MODEL_CALTRACK_HOURLY)
        text_add(
            s->out,
            s->l == SHOW_KOREAN
                ? "\n  기상 자료에 일사량(ghi)이 있음. caltrack-hourly는 기온과 요일·시각만 "
                  "쓰므로, "
                  "햇빛과 태양광 발전의\n  영향은 사업이 없었을 경우의 사용량에 들어 있지 않음.\n"
                : "\n  The weather has a column ghi. caltrack-hourly knows temperature and the "
                  "hour of the week only:\n  sunshine, and what solar panels make of it, is not "
                  "in its counterfactual.\n");
}

/* ---- meters that need a look ---------------------------------------------------------------- */

static void exclusions(const summary *s)
{
    const tally *t = &s->o->tally;
    size_t excluded = measure_excluded(t);
    if (excluded > 0 && s->l == SHOW_KOREAN)
        text_addf(s->out, "\n  측정하지 못한 계량기: %zu개 중 %zu개\n", t->treated, excluded);
    else if (excluded > 0)
        text_addf(s->out, "\n  not measured: %zu of %zu\n", excluded, t->treated);
    for (size_t k = 0; k < MDG_METER_STATUS_COUNT; k++)
        if (k != MDG_METER_OK && t->status[k] > 0)
            text_addf(s->out, "  %7zu  %s\n", t->status[k],
                      meter_status_words(s->l, (mdg_meter_status)k));
    bool any = false;
    for (size_t f = 0; f < MDG_METER_FLAG_COUNT; f++) {
        if (t->flags[f] == 0)
            continue;
        if (!any)
            text_addf(s->out, "\n  %s\n", summary_word_of(s, SUMMARY_WORD_FLAGGED));
        text_addf(s->out, "  %7zu  %s\n", t->flags[f], meter_flag_words(s->l, (mdg_meter_flag)f));
        any = true;
    }
}

static void events(const summary *s)
{
    const tally *t = &s->o->tally;
    const mdg_estimate *c = &s->o->calm;
    if (t->event_meters > 0 && t->calm_members.n > 0)
        text_addf(s->out,
                  s->l == SHOW_KOREAN
                      ? "\n  사업과 무관한 변화가 있는 계량기 %zu개: 이들을 빼면 절감률은 %.1f %% "
                        "(%.1f ~ "
                        "%.1f %%).\n  날짜와 크기는 보고서에 있음.\n"
                      : "\n  non-routine events in %zu of them: without these meters %.1f %% (%.1f "
                        "to %.1f %%) is saved.\n  The report lists them, with dates and sizes.\n",
                  t->event_meters, c->value, c->lo, c->hi);
}

/* ---- the frame ------------------------------------------------------------------------------ */

static void files(const summary *s)
{
    const struct {
        summary_word word;
        const char *path;
    } written[] = { { SUMMARY_WORD_REPORT, s->o->report },
                    { SUMMARY_WORD_RECORD, s->o->record },
                    { SUMMARY_WORD_PER_METER, s->o->per_meter },
                    { SUMMARY_WORD_BY_STEP, s->o->by_step } };
    text_add(s->out, "\n");
    for (size_t i = 0; i < sizeof written / sizeof *written; i++) {
        if (!written[i].path)
            continue;
        const char *word = summary_word_of(s, written[i].word);
        text_addf(s->out, "  %s", word);
        columns_fill(s->out, word, 11);
        text_addf(s->out, "%s\n", written[i].path);
    }
}

static void pace(const summary *s)
{
    text_addf(s->out,
              s->l == SHOW_KOREAN ? "  처리 시간 %.2f s, 검침값 %llu개\n"
                                  : "  %.2f s for %llu readings\n",
              s->o->seconds, (unsigned long long)s->o->tally.rows);
}

void measure_summary(const measure_outcome *o, const measure_request *request, text *out)
{
    summary s = { o, request, language_of(request->language), out };
    headline(&s);
    summary_totals(&s);
    truth(&s);
    normalised(&s);
    summary_groups(&s);
    summary_for_whom(&s);
    summary_compared(&s);
    ghi_note(&s);
    exclusions(&s);
    events(&s);
    if (o->recorded)
        summary_release(&s);
    files(&s);
    pace(&s);
}

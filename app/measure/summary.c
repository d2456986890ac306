/* The terminal summary of a measure. */
#include "measure/summary.h"

#include "cli/cli.h"

#include <string.h>

enum { LABEL_COLUMNS = 22 };

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

/* The bounds in the unit of the value: "lo to hi". */
static void interval_text(char *out, size_t size, const mdg_estimate *e, const char *unit)
{
    char lo[48], hi[48];
    summary_energy(lo, sizeof lo, e->lo, unit);
    summary_energy(hi, sizeof hi, e->hi, unit);
    snprintf(out, size, "%s to %s", lo, hi);
}

static void headline(FILE *to, const measure_outcome *o)
{
    const mdg_estimate *p = &o->percent, *s = &o->savings;
    char amount[48];
    summary_energy(amount, sizeof amount, fabs(s->value), o->spec.unit);
    fprintf(to, "%s\n%s ", o->spec.title,
            p->lo > 0   ? "saved"
            : p->hi < 0 ? "went with an increase of"
                        : "could not be told apart from no change:");
    double sign = p->hi < 0 ? -1 : 1;
    double low = sign * p->lo, high = sign * p->hi;
    fprintf(to, "%.1f %% (%.1f to %.1f %%) of %s, %s%s over up to %zu days, in %zu of %zu meters\n",
            summary_percent(sign * p->value), low < high ? low : high, low < high ? high : low,
            o->spec.fuel, p->lo <= 0 && p->hi >= 0 && s->value < 0 ? "-" : "", amount,
            o->spec.reporting_days, o->tally.status[MDG_METER_OK], o->tally.treated);
}

/* Where the interval is from, and CalTRACK's beside it. */
static void interval_words(FILE *to, const measure_outcome *o)
{
    const intervals *v = &o->intervals;
    double level = 100 * o->opts.level;
    const mdg_estimate *c = &o->caltrack2_percent;
    switch (v->method) {
    case MDG_INTERVAL_CALIBRATED:
        fprintf(to,
                "\n  The interval of %.4g %% is calibrated on %zu placebos: years without a "
                "measure, %zu of\n  untreated meters and %zu of treated ones before. In the mean "
                "they seemed to save %.1f %%;\n  intervals for single meters contained the truth "
                "in %.0f of 100 of them.\n",
                level, v->survey.n, v->untreated, v->treated, summary_percent(100 * v->mean),
                100 * v->check.coverage);
        break;
    case MDG_INTERVAL_BLOCK:
        fprintf(
            to,
            "\n  The interval of %.4g %% is uncalibrated: there are %zu years without a measure "
            "in the readings,\n  and %d would be needed. It is made of the model's errors and "
            "of stated guesses of what\n  changes from year to year: %.0f %% for a meter, %.0f "
            "%% for all.\n",
            level, v->survey.n, MDG_LEAST_PLACEBOS, 100 * MDG_METER_SD, 100 * MDG_SHARED_SD);
        break;
    case MDG_INTERVAL_CALTRACK2:
    case MDG_INTERVAL_COUNT:
        fprintf(to,
                "\n  The interval is CalTRACK's at %.4g %%, uncalibrated: on real buildings such "
                "intervals have\n  covered the truth far less often. Take it as the least of the "
                "doubt.\n",
                level);
        return;
    }
    fprintf(to, "  CalTRACK's band is %.1f to %.1f %%. The smallest effect to be found: %.1f %%.\n",
            c->lo, c->hi, o->detectable_after);
}

static void co2e_line(FILE *to, const measure_outcome *o, size_t i)
{
    const carbon_entry *e = &o->carbon.entry[i];
    char value[48], interval[112];
    summary_energy(value, sizeof value, e->result.kg.value, "kg");
    interval_text(interval, sizeof interval, &e->result.kg, "kg");
    fprintf(to, "  CO2e avoided         %14s   %s", value, interval);
    if (o->carbon.n > 1)
        fprintf(to, ", %s", mdg_factor_kind_code(e->factor.kind));
    fputc('\n', to);
}

/* What is said of factors that change with time. */
static void series_words(FILE *to, const measure_outcome *o)
{
    for (size_t i = 0; i < o->carbon.n; i++) {
        const carbon_entry *e = &o->carbon.entry[i];
        if (!e->series)
            continue;
        fprintf(to, "  CO2e by %s factors of each %s, on average %.4g kgCO2e/kWh",
                mdg_factor_kind_code(e->factor.kind),
                o->opts.model == MDG_MODEL_CALTRACK_HOURLY ? "hour" : "day", e->factor.value);
        if (e->missing > 0)
            fprintf(to, "; %.2g %% of the energy had none and took the mean", 100 * e->missing);
        fputs(".\n", to);
    }
}

/* Less its own footprint and rebound; and what a tonne costs. */
static void net_effect(FILE *to, const measure_outcome *o, size_t i)
{
    if (!o->net[i].given)
        return;
    const mdg_net *n = &o->net[i].net;
    bool several = o->carbon.n > 1;
    const char *kind = several ? mdg_factor_kind_code(o->carbon.entry[i].factor.kind) : "";
    const mdg_drawn *d = &n->part[MDG_NET_NET];
    if (isnan(n->positive)) {
        fputs("  net of its footprint      not known: the saving has no interval\n", to);
        return;
    }
    mdg_estimate e = { d->value, d->lo, d->hi };
    char value[48], interval[112];
    summary_energy(value, sizeof value, e.value, "kg");
    interval_text(interval, sizeof interval, &e, "kg");
    /* A share of draws is never quite sure. */
    double p = 100 * n->positive;
    fprintf(to, "  net of its footprint %14s   %s a year; above 0 with probability %s%.1f %%%s%s\n",
            value, interval,
            p > 99.95  ? "> "
            : p < 0.05 ? "< "
                       : "",
            fmin(fmax(p, 0.1), 99.9), several ? ", " : "", kind);
    const mdg_cost_per_tonne *c = &n->cost;
    const char *currency = o->spec.footprint.currency;
    e = (mdg_estimate){ c->value, c->lo, c->hi };
    if (c->verdict == MDG_COST_NONE)
        return;
    summary_energy(value, sizeof value, c->verdict == MDG_COST_INTERVAL ? c->value : c->lo,
                   currency);
    interval_text(interval, sizeof interval, &e, currency);
    if (c->verdict == MDG_COST_INTERVAL)
        fprintf(to, "  a tonne costs        %14s   %s\n", value, interval);
    else if (c->verdict == MDG_COST_NO_TOP)
        fprintf(to, "  a tonne costs        at least %s; it may be that none is avoided\n", value);
    else
        fputs("  a tonne costs        no figure: none is avoided\n", to);
}

static void totals(FILE *to, const measure_outcome *o)
{
    char text_value[48], text_interval[112];
    summary_energy(text_value, sizeof text_value, o->counterfactual, o->spec.unit);
    fprintf(to, "\n  without the measure  %14s\n", text_value);
    summary_energy(text_value, sizeof text_value, mdg_sum_get(&o->tally.total.observed),
                   o->spec.unit);
    fprintf(to, "  observed             %14s\n", text_value);
    summary_energy(text_value, sizeof text_value, o->savings.value, o->spec.unit);
    interval_text(text_interval, sizeof text_interval, &o->savings, o->spec.unit);
    fprintf(to, "  saved                %14s   %s\n", text_value, text_interval);
    for (size_t i = 0; i < o->carbon.n; i++)
        co2e_line(to, o, i);
    for (size_t i = 0; i < o->carbon.n; i++)
        net_effect(to, o, i);
    interval_words(to, o);
    series_words(to, o);
}

/* A label in 22 columns: cut between characters of UTF-8, of which those of three bytes and more
 * (Hangul, Han, kana) take two columns. */
static void put_label(FILE *to, const char *label)
{
    int columns = 0;
    const char *end = label;
    while (*end) {
        size_t n = 1;
        while (((unsigned char)end[n] & 0xc0) == 0x80)
            n++;
        int wide = n >= 3 ? 2 : 1;
        if (columns + wide > LABEL_COLUMNS)
            break;
        columns += wide;
        end += n;
    }
    fprintf(to, "  %.*s%*s", (int)(end - label), label, LABEL_COLUMNS - columns, "");
}

static void group_row(FILE *to, const measure_outcome *o, const measure_request *q, size_t i)
{
    const tally_group *g = &o->tally.groups[i];
    mdg_estimate p = g->percent, s = g->savings;
    char saved[48];
    summary_energy(saved, sizeof saved, s.value, o->spec.unit);
    put_label(to, g->label);
    fprintf(to, " %6zu", g->effect.meters);
    if (g->effect.meters == 0) {
        fputs("   none measured\n", to);
        return;
    }
    fprintf(to, "  %6.1f %%  %6.1f to %5.1f %% %14s", p.value, p.lo, p.hi, saved);
    if (q->truth.known && q->truth.group_percent) {
        double truth = q->truth.group_percent(q->truth.context, o->spec.groups[g->by], g->label);
        fprintf(to, "  %6.1f %%  %s", truth, p.lo <= truth && truth <= p.hi ? "inside" : "outside");
    }
    fputc('\n', to);
}

static void groups(FILE *to, const measure_outcome *o, const measure_request *q)
{
    const size_t shown = 30;
    bool truth = q->truth.known && q->truth.group_percent;
    for (size_t by = 0; by < o->spec.n_groups; by++) {
        fputc('\n', to);
        put_label(to, o->spec.groups[by]);
        fprintf(to, " %6s  %8s  %17s %14s%s\n", "meters", "saved", "interval", "amount",
                truth ? "     truth" : "");
        size_t n = 0;
        for (size_t i = 0; i < o->tally.n_groups; i++) {
            if (o->tally.groups[i].by != by)
                continue;
            if (n++ < shown)
                group_row(to, o, q, i);
        }
        if (n > shown)
            fprintf(to, "  and %zu more; the record has all\n", n - shown);
    }
}

/* ---- for whom ----------------------------------------------------------------------------- */

static void amount_text(char *out, size_t size, double value)
{
    snprintf(out, size, "%.*f", fabs(value) < 100 ? 2 : 0, value);
}

static void money_words(FILE *to, const measure_outcome *o)
{
    const inclusion_money *m = &o->inclusion.total;
    const char *currency = o->spec.inclusion.currency;
    char saved[48], lo[48], hi[48], cost[48], grant[48];
    if (isnan(m->before))
        return;
    amount_text(saved, sizeof saved, m->bill.value);
    amount_text(lo, sizeof lo, m->bill.lo);
    amount_text(hi, sizeof hi, m->bill.hi);
    fprintf(to, "\n  bills: %s %s less (%s to %s), %.1f %% of what they would have been\n",
            currency, saved, lo, hi, 100 * m->bill.value / m->before);
    if (m->with_cost > 0) {
        amount_text(cost, sizeof cost, m->cost);
        amount_text(grant, sizeof grant, m->grant);
        fprintf(to, "  invested: %s %s, of which others paid %s", currency, cost, grant);
        if (!isnan(m->payback_years))
            fprintf(to, "; the rest comes back in %.1f years", m->payback_years);
        fputc('\n', to);
    }
    if (m->with_income > 0)
        fprintf(
            to,
            "  burden: %.2f %% of income (%.2f to %.2f %%) before, %.2f %% after, %zu households\n",
            100 * m->burden_before.value, 100 * m->burden_before.lo, 100 * m->burden_before.hi,
            100 * m->burden_after, m->with_income);
}

static void concentration_words(FILE *to, const measure_outcome *o)
{
    const inclusion *i = &o->inclusion;
    const mdg_estimate *c = &i->concentration.index;
    if (!i->ranked || isnan(c->value))
        return;
    fprintf(to, "  concentration of %s saved over %s: %.3f", i->of_bill ? "bills" : "energy",
            o->spec.inclusion.income, c->value);
    if (isnan(c->lo)) {
        fputs(", without an interval: too little was saved\n", to);
        return;
    }
    fprintf(to, " (%.3f to %.3f): %s\n", c->lo, c->hi,
            c->hi < 0   ? "the poorer have more of it"
            : c->lo > 0 ? "the richer have more of it"
                        : "no more for poor or rich that could be told");
}

static void for_whom(FILE *to, const measure_outcome *o)
{
    const inclusion *i = &o->inclusion;
    money_words(to, o);
    concentration_words(to, o);
    if (i->lost)
        fprintf(
            to,
            "  losers: %.0f %% of estimates are below zero, and would be %.0f %% by noise alone "
            "if all saved alike;\n  with the noise taken out, %.0f %% (%.0f to %.0f %%) lost\n",
            100 * i->raw_losers, 100 * i->losers.noise, 100 * i->losers.share.value,
            100 * i->losers.share.lo, 100 * i->losers.share.hi);
    for (size_t by = 0; by < o->spec.n_groups; by++) {
        if (isnan(i->differ[by].p))
            continue;
        fprintf(to, "  do savings differ by %s? p = %.3f", o->spec.groups[by], i->differ[by].p);
        if (o->spec.n_groups > 1)
            fprintf(to, " (%.3f for all columns together)", i->differ_holm[by]);
        fputc('\n', to);
    }
}

static void exclusions(FILE *to, const measure_outcome *o)
{
    const tally *t = &o->tally;
    size_t excluded = measure_excluded(t);
    if (excluded > 0)
        fprintf(to, "\n  not measured: %zu of %zu\n", excluded, t->treated);
    for (size_t s = 0; s < MDG_METER_STATUS_COUNT; s++)
        if (s != MDG_METER_OK && t->status[s] > 0)
            fprintf(to, "  %7zu  %s\n", t->status[s], mdg_meter_status_words((mdg_meter_status)s));
    bool any = false;
    for (size_t f = 0; f < MDG_METER_FLAG_COUNT; f++) {
        if (t->flags[f] == 0)
            continue;
        fprintf(to, "%s  %7zu  %s\n", any ? "" : "\n  measured, but flagged\n", t->flags[f],
                mdg_meter_flag_words((mdg_meter_flag)f));
        any = true;
    }
}

/* "level, months and hours"; empty where comparison meters are not chosen by what they use. */
static void matched_words(const compare_group *c, char *out, size_t size)
{
    const char *name[MEASURE_FEATURES];
    size_t n = 0, at = 0;
    for (size_t k = 0; k < MEASURE_FEATURES; k++)
        if (c->matched_on & 1u << k)
            name[n++] = measure_feature_names[k];
    out[0] = '\0';
    for (size_t k = 0; k < n && at < size; k++)
        at += (size_t)snprintf(out + at, size - at, "%s%s",
                               k == 0       ? " on "
                               : k + 1 == n ? " and "
                                            : ", ",
                               name[k]);
}

/* One treated and one comparison meter have no spread to say it in. */
static void alike_words(const mdg_balance *b, char *out, size_t size)
{
    if (isnan(b->max_smd))
        snprintf(out, size, "How alike the groups\n  were cannot be told of single meters");
    else
        snprintf(out, size,
                 "The groups were %s\n  in their baselines (worst difference %.2f standard "
                 "deviations)",
                 b->verdict == MDG_BALANCE_GOOD         ? "alike"
                 : b->verdict == MDG_BALANCE_ACCEPTABLE ? "fairly alike"
                                                        : "not alike",
                 fabs(b->max_smd));
}

static void compared(FILE *to, const measure_outcome *o)
{
    const compare_group *c = &o->compared;
    if (!o->spec.comparison)
        return;
    if (o->opts.reference) {
        mdg_estimate p = mdg_effect_percent(&o->tally.comparison);
        fprintf(to,
                "\n  comparison meters (%zu of %zu measured) changed by %.1f %% (%.1f to %.1f %%), "
                "saving counted\n  positive. This is shown beside the estimate and not subtracted "
                "from it.\n",
                o->tally.comparison.meters, o->tally.comparison_meters, p.value, p.lo, p.hi);
        return;
    }
    char on[48], alike[128];
    matched_words(c, on, sizeof on);
    alike_words(&c->balance, alike, sizeof alike);
    fprintf(to,
            "\n  against %zu comparison meters, chosen by '%s'%s among %zu: they\n  seemed to save "
            "%.1f %% in the same time, and treated meters %.1f %%. %s. By each way of choosing "
            "them:\n",
            c->members.n, c->by[c->chosen].name, on, c->pool, summary_percent(c->change.value),
            summary_percent(o->alone.value), alike);
    for (size_t k = 0; k < COMPARE_METHODS; k++)
        fprintf(to, "    %-10s %6zu meters  %6.1f %%  %6.1f to %5.1f %%\n", c->by[k].name,
                c->by[k].meters, summary_percent(c->by[k].percent.value), c->by[k].percent.lo,
                c->by[k].percent.hi);
}

static void normalised(FILE *to, const measure_outcome *o)
{
    if (!o->spec.normal_weather)
        return;
    mdg_estimate s = mdg_effect_normalised(&o->tally.total);
    mdg_estimate p = mdg_effect_normalised_percent(&o->tally.total);
    char amount[48], low[48], high[48];
    summary_energy(amount, sizeof amount, s.value, o->spec.unit);
    summary_energy(low, sizeof low, s.lo, o->spec.unit);
    summary_energy(high, sizeof high, s.hi, o->spec.unit);
    fprintf(to,
            "\n  in a typical year: %s (%s to %s), %.1f %% (%.1f to %.1f %%), over %zu meters\n",
            amount, low, high, p.value, p.lo, p.hi, o->tally.total.normalised_meters);
}

/* What was decided about the record. */
static void release_words(FILE *to, const measure_outcome *o)
{
    const release *r = &o->release;
    const mdg_grade *g = &r->grade;
    fprintf(to, "\n  evidence of grade %d of 5:", g->value);
    for (size_t i = 0; i < g->n; i++)
        fprintf(to, "\n    %d  %s", g->step[i].value, mdg_grade_words(g->step[i].rule));
    fputc('\n', to);
    if (!r->is_public) {
        fputs("\n  the record is internal: exact, and not to leave the city\n", to);
        return;
    }
    size_t withheld = 0;
    for (size_t i = 0; i < o->tally.n_groups; i++)
        withheld += r->withheld[i] != MDG_WITHHELD_NOT;
    fprintf(to, "\n  the record may leave the city: effects rounded to %g points of percent",
            mdg_step_size(r->step));
    if (o->tally.n_groups > 0)
        fprintf(to, ", %zu of %zu groups\n  withheld", withheld, o->tally.n_groups);
    if (r->comparison_closed)
        fputs(", the comparison group's own change withheld", to);
    fputs("\n  report and per-meter table are the city's own\n", to);
}

/* What the model leaves out where solar panels may be. */
static void ghi_note(FILE *to, const measure_outcome *o)
{
    if (o->inputs.ghi_column && o->opts.model == MDG_MODEL_CALTRACK_HOURLY)
        fprintf(to,
                "\n  The weather has a column ghi. caltrack-hourly knows temperature and the hour "
                "of the week only:\n  sunshine, and what solar panels make of it, is not in its "
                "counterfactual.\n");
}

void measure_summary(FILE *to, const measure_outcome *o, const measure_request *q)
{
    headline(to, o);
    totals(to, o);
    if (q->truth.known) {
        const mdg_estimate *p = &o->percent;
        bool inside = p->lo <= q->truth.percent && q->truth.percent <= p->hi;
        fprintf(to, "\n  the truth of this simulation: %.2f %%, %s the interval\n",
                q->truth.percent, inside ? "inside" : "outside");
    }
    normalised(to, o);
    groups(to, o, q);
    for_whom(to, o);
    compared(to, o);
    ghi_note(to, o);
    exclusions(to, o);
    if (o->tally.event_meters > 0 && o->tally.calm_members.n > 0)
        fprintf(to,
                "\n  non-routine events in %zu of them: without these meters %.1f %% (%.1f to %.1f "
                "%%) is saved.\n  The report lists them, with dates and sizes.\n",
                o->tally.event_meters, o->calm.value, o->calm.lo, o->calm.hi);
    if (o->recorded)
        release_words(to, o);
    const char *paths[][2] = { { "report", o->report },
                               { "record", o->record },
                               { "per meter", o->per_meter },
                               { "by step", o->by_step } };
    fputc('\n', to);
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++)
        if (paths[i][1])
            fprintf(to, "  %-9s  %s\n", paths[i][0], paths[i][1]);
    fprintf(to, "  %.2f s for %llu readings\n", o->seconds, (unsigned long long)o->tally.rows);
}

/* The terminal summary: groups, and for whom. */
#include "measure/summary_parts.h"

#include "measure/meter_words.h"
#include "support/columns.h"

enum { LABEL_COLUMNS = 22, SHOWN = 30 };

/* ---- groups --------------------------------------------------------------------------------- */

static void put_label(const summary *s, const char *label)
{
    text shown = { 0 };
    text_add_bytes(&shown, label, columns_fitting(label, LABEL_COLUMNS));
    text_addf(s->out, "  %s%*s", text_get(&shown),
              LABEL_COLUMNS - (int)columns_of(text_get(&shown)), "");
    text_free(&shown);
}

static void true_percent(const summary *s, const tally_group *g)
{
    const measure_truth *t = &s->q->truth;
    double truth = t->group_percent(t->context, s->o->spec.groups[g->by], g->label);
    bool inside = g->percent.lo <= truth && truth <= g->percent.hi;
    text_addf(s->out, "  %6.1f %%  %s", truth,
              summary_word_of(s, inside ? SUMMARY_WORD_INSIDE : SUMMARY_WORD_OUTSIDE));
}

static void group_row(const summary *s, const tally_group *g)
{
    const mdg_estimate *p = &g->percent;
    char saved[48];
    summary_energy(saved, sizeof saved, g->savings.value, s->o->spec.unit);
    put_label(s, meter_group_words(s->l, g->label));
    text_addf(s->out, " %6zu", g->effect.meters);
    if (g->effect.meters == 0) {
        text_addf(s->out, "   %s\n", summary_word_of(s, SUMMARY_WORD_NONE_MEASURED));
        return;
    }
    text_addf(s->out,
              s->l == SHOW_KOREAN ? "  %6.1f %%  %7.1f ~ %5.1f %% %14s"
                                  : "  %6.1f %%  %6.1f to %5.1f %% %14s",
              p->value, p->lo, p->hi, saved);
    if (s->q->truth.known && s->q->truth.group_percent)
        true_percent(s, g);
    text_add(s->out, "\n");
}

static void header(const summary *s, const char *column)
{
    static const struct {
        summary_word word;
        size_t width;
    } cells[] = { { SUMMARY_WORD_METERS, 7 },
                  { SUMMARY_WORD_SAVED_PERCENT, 10 },
                  { SUMMARY_WORD_INTERVAL, 19 },
                  { SUMMARY_WORD_AMOUNT, 15 } };
    put_label(s, summary_column_words(s->l, column));
    for (size_t i = 0; i < sizeof cells / sizeof *cells; i++)
        columns_right(s->out, summary_word_of(s, cells[i].word), cells[i].width);
    if (s->q->truth.known && s->q->truth.group_percent)
        columns_right(s->out, summary_word_of(s, SUMMARY_WORD_TRUTH), 10);
    text_add(s->out, "\n");
}

void summary_groups(const summary *s)
{
    const tally *t = &s->o->tally;
    for (size_t by = 0; by < s->o->spec.n_groups; by++) {
        text_add(s->out, "\n");
        header(s, s->o->spec.groups[by]);
        size_t n = 0;
        for (size_t i = 0; i < t->n_groups; i++)
            if (t->groups[i].by == by && n++ < SHOWN)
                group_row(s, &t->groups[i]);
        if (n > SHOWN)
            text_addf(s->out,
                      s->l == SHOW_KOREAN ? "  나머지 %zu개는 기록에 있음\n"
                                          : "  and %zu more; the record has all\n",
                      n - SHOWN);
    }
}

/* ---- for whom ----------------------------------------------------------------------------- */

static void amount_text(char *out, size_t size, double value)
{
    snprintf(out, size, "%.*f", fabs(value) < 100 ? 2 : 0, value);
}

static void bills(const summary *s, const inclusion_money *m)
{
    char saved[48], lo[48], hi[48];
    amount_text(saved, sizeof saved, m->bill.value);
    amount_text(lo, sizeof lo, m->bill.lo);
    amount_text(hi, sizeof hi, m->bill.hi);
    text_addf(s->out,
              s->l == SHOW_KOREAN
                  ? "\n  요금: %s %s 감소 (%s ~ %s), 사업이 없었을 경우 요금의 %.1f %%\n"
                  : "\n  bills: %s %s less (%s to %s), %.1f %% of what they would have been\n",
              s->o->spec.inclusion.currency, saved, lo, hi, 100 * m->bill.value / m->before);
}

static void invested(const summary *s, const inclusion_money *m)
{
    bool korean = s->l == SHOW_KOREAN;
    char cost[48], grant[48];
    amount_text(cost, sizeof cost, m->cost);
    amount_text(grant, sizeof grant, m->grant);
    text_addf(s->out,
              korean ? "  투자: %s %s, 그중 보조금 %s"
                     : "  invested: %s %s, of which others paid %s",
              s->o->spec.inclusion.currency, cost, grant);
    if (!isnan(m->payback_years))
        text_addf(s->out,
                  korean ? "; 나머지의 회수 기간 %.1f년" : "; the rest comes back in %.1f years",
                  m->payback_years);
    text_add(s->out, "\n");
}

static void burden(const summary *s, const inclusion_money *m)
{
    text_addf(s->out,
              s->l == SHOW_KOREAN
                  ? "  부담: 사업이 없을 때 소득의 %.2f %% (%.2f ~ %.2f %%), 있을 때 "
                    "%.2f %%, %zu가구\n"
                  : "  burden: %.2f %% of income (%.2f to %.2f %%) before, %.2f %% "
                    "after, %zu households\n",
              100 * m->burden_before.value, 100 * m->burden_before.lo, 100 * m->burden_before.hi,
              100 * m->burden_after, m->with_income);
}

static void concentration(const summary *s)
{
    const inclusion *i = &s->o->inclusion;
    const mdg_estimate *c = &i->concentration.index;
    const char *income = s->o->spec.inclusion.income;
    bool korean = s->l == SHOW_KOREAN;
    if (!i->ranked || isnan(c->value))
        return;
    if (korean)
        text_addf(s->out, "  %s 절감의 집중지수 (%s 순): %.3f", i->of_bill ? "요금" : "에너지",
                  summary_column_words(s->l, income), c->value);
    else
        text_addf(s->out, "  concentration of %s saved over %s: %.3f",
                  i->of_bill ? "bills" : "energy", income, c->value);
    if (isnan(c->lo)) {
        text_add(s->out, korean ? ", 구간 없음: 절감이 너무 적음\n"
                                : ", without an interval: too little was saved\n");
        return;
    }
    text_addf(s->out, " (%.3f %s %.3f): %s\n", c->lo, summary_word_of(s, SUMMARY_WORD_TO), c->hi,
              summary_word_of(s, c->hi < 0   ? SUMMARY_WORD_POORER
                                 : c->lo > 0 ? SUMMARY_WORD_RICHER
                                             : SUMMARY_WORD_NOT_TOLD));
}

static void losers(const summary *s)
{
    const inclusion *i = &s->o->inclusion;
    text_addf(
        s->out,
        s->l == SHOW_KOREAN
            ? "  손해: 추정값이 0보다 작은 계량기 %.0f %%; 모두 똑같이 절감했더라도 잡음만으로 "
              "%.0f %%가 됨.\n  잡음을 제거하면 손해를 본 계량기는 %.0f %% (%.0f ~ %.0f %%)\n"
            : "  losers: %.0f %% of estimates are below zero, and would be %.0f %% by noise "
              "alone if all saved alike;\n  with the noise taken out, %.0f %% (%.0f to %.0f "
              "%%) lost\n",
        100 * i->raw_losers, 100 * i->losers.noise, 100 * i->losers.share.value,
        100 * i->losers.share.lo, 100 * i->losers.share.hi);
}

static void differences(const summary *s)
{
    const inclusion *i = &s->o->inclusion;
    const measure_spec *spec = &s->o->spec;
    bool korean = s->l == SHOW_KOREAN;
    for (size_t by = 0; by < spec->n_groups; by++) {
        if (isnan(i->differ[by].p))
            continue;
        text_addf(s->out,
                  korean ? "  %s별 절감률에 차이가 있는가? p = %.3f"
                         : "  do savings differ by %s? p = %.3f",
                  summary_column_words(s->l, spec->groups[by]), i->differ[by].p);
        if (spec->n_groups > 1)
            text_addf(s->out,
                      korean ? " (모든 열을 함께 고려하면 %.3f)"
                             : " (%.3f for all columns together)",
                      i->differ_holm[by]);
        text_add(s->out, "\n");
    }
}

void summary_for_whom(const summary *s)
{
    const inclusion_money *m = &s->o->inclusion.total;
    if (!isnan(m->before)) {
        bills(s, m);
        if (m->with_cost > 0)
            invested(s, m);
        if (m->with_income > 0)
            burden(s, m);
    }
    concentration(s);
    if (s->o->inclusion.lost)
        losers(s);
    differences(s);
}

/* What each treated household pays and earns. */
#include "measure/households.h"

#include <string.h>

enum { BLOCK = 512 };
static const double year_days = 365.25;

struct household_block {
    household_block *next;
    size_t n;
    household row[BLOCK];
};

static void add_known(mdg_sum *sum, double x)
{
    if (!isnan(x))
        mdg_sum_add(sum, x);
}

/* The cost of one meter and what others pay of it. */
static void add_cost(const spec_inclusion *spec, const household_money *money, household_sums *s)
{
    double cost = spec->cost ? money->cost : spec->per_meter;
    double grant = spec->grant ? money->grant : spec->subsidy * cost;
    if (!spec->invested || isnan(cost))
        return;
    s->with_cost++;
    mdg_sum_add(&s->cost, cost);
    add_known(&s->grant, grant);
}

household household_make(const spec_inclusion *spec, const household_money *money,
                         const mdg_measure_work *work, const mdg_meter_result *m, int32_t first_day,
                         household_sums *sums)
{
    mdg_bill_pair bill = { MDG_NAN, MDG_NAN, MDG_NAN, 0 };
    if (spec->priced)
        bill = mdg_tariff_bill(&spec->tariff, work->view.observed, work->view.predicted,
                               work->view.reporting, first_day);
    *sums = (household_sums){ .meters = 1 };
    mdg_sum_add(&sums->days, (double)bill.days);
    add_known(&sums->before, bill.before);
    add_known(&sums->after, bill.after);
    add_known(&sums->slope, bill.slope);
    add_cost(spec, money, sums);
    if (money->income > 0 && spec->priced) {
        sums->with_income = 1;
        mdg_sum_add(&sums->income, money->income * (double)bill.days / year_days);
        sums->income_before = sums->before;
        sums->income_after = sums->after;
        sums->income_slope = sums->slope;
    }
    return (household){ .observed = m->observed,
                        .counterfactual = m->counterfactual,
                        .scale = m->error_scale,
                        .block_sd = m->block_sd,
                        .before = bill.before,
                        .after = bill.after,
                        .slope = bill.slope,
                        .income = money->income,
                        .unit = money->unit };
}

mdg_status households_add(households *h, const household *one, mdg_arena *mem, mdg_error *err)
{
    if (!h->last || h->last->n == BLOCK) {
        household_block *b = mdg_new(mem, household_block, 1);
        if (!b)
            return mdg_fail(err, MDG_E_MEMORY, "out of memory for %zu households", h->n);
        if (h->last)
            h->last->next = b;
        else
            h->first = b;
        h->last = b;
    }
    h->last->row[h->last->n++] = *one;
    h->n++;
    return MDG_OK;
}

mdg_status households_merge(households *h, const households *other, mdg_arena *mem, mdg_error *err)
{
    for (const household_block *b = other->first; b; b = b->next)
        for (size_t i = 0; i < b->n; i++)
            MDG_TRY(households_add(h, &b->row[i], mem, err));
    return MDG_OK;
}

void households_copy(const households *h, household *out)
{
    for (const household_block *b = h->first; b; b = b->next) {
        memcpy(out, b->row, b->n * sizeof *out);
        out += b->n;
    }
}

void household_sums_merge(household_sums *s, const household_sums *other)
{
    s->meters += other->meters;
    s->with_cost += other->with_cost;
    s->with_income += other->with_income;
    mdg_sum *into[] = {
        &s->days,  &s->before, &s->after,         &s->slope,        &s->cost,
        &s->grant, &s->income, &s->income_before, &s->income_after, &s->income_slope
    };
    const mdg_sum *from[] = { &other->days,        &other->before,        &other->after,
                              &other->slope,       &other->cost,          &other->grant,
                              &other->income,      &other->income_before, &other->income_after,
                              &other->income_slope };
    for (size_t i = 0; i < sizeof into / sizeof *into; i++)
        mdg_sum_merge(into[i], from[i]);
}

/* What use costs: a standing charge, and blocks whose limits count by month or by day. */
#include <madang/inclusion.h>

/* ---- checking ----------------------------------------------------------------------------- */

static mdg_status check_rate(const mdg_tariff_rate *r, mdg_error *err)
{
    if (r->n < 1 || r->n > MDG_TARIFF_BLOCKS)
        return mdg_fail(err, MDG_E_RANGE, "a tariff of %zu blocks", r->n);
    if (!isfinite(r->standing) || r->standing < 0)
        return mdg_fail(err, MDG_E_RANGE, "a standing charge of %g", r->standing);
    double below = 0;
    for (size_t b = 0; b < r->n; b++) {
        if (!isfinite(r->block[b].price) || r->block[b].price < 0)
            return mdg_fail(err, MDG_E_RANGE, "a price of %g", r->block[b].price);
        if (!(r->block[b].to > below))
            return mdg_fail(err, MDG_E_RANGE, "a block up to %g after one up to %g", r->block[b].to,
                            below);
        below = r->block[b].to;
        if (b + 1 < r->n && !isfinite(below))
            return mdg_fail(err, MDG_E_RANGE, "a block without a limit before another");
    }
    if (isfinite(below))
        return mdg_fail(err, MDG_E_RANGE, "no price for use above %g", below);
    return MDG_OK;
}

mdg_status mdg_tariff_check(const mdg_tariff *t, mdg_error *err)
{
    if (t->n < 1 || t->n > MDG_TARIFF_RATES)
        return mdg_fail(err, MDG_E_RANGE, "a tariff of %zu seasons", t->n);
    unsigned known = 0;
    for (size_t i = 0; i < t->n; i++) {
        MDG_TRY(check_rate(&t->rate[i], err));
        for (unsigned month = 0; month < 12; month++)
            if (known & t->rate[i].months & 1U << month)
                return mdg_fail(err, MDG_E_CONFLICT, "month %u has two prices", month + 1);
        known |= t->rate[i].months;
    }
    for (unsigned month = 0; month < 12; month++)
        if (!(known & 1U << month))
            return mdg_fail(err, MDG_E_CONFLICT, "month %u has no price", month + 1);
    return MDG_OK;
}

/* ---- paying ------------------------------------------------------------------------------- */

static const mdg_tariff_rate *rate_of(const mdg_tariff *t, int month)
{
    size_t i = 0;
    while (i + 1 < t->n && !(t->rate[i].months & 1U << (month - 1)))
        i++;
    return &t->rate[i];
}

/* The price of `use` when the limits hold for `share` of a period; `slope` is what it would grow
 * by, over the share that use grows by. */
static double price_of(const mdg_tariff_rate *r, double use, double share, double *slope)
{
    double paid = 0, below = 0;
    *slope = 0;
    for (size_t b = 0; b < r->n && use > below; b++) {
        double to = r->block[b].to * share;
        paid += (fmin(use, to) - below) * r->block[b].price;
        *slope = use * r->block[b].price;
        below = to;
    }
    return paid;
}

/* Days [from, to) of one month, of which both values are known. */
static void pay(const mdg_tariff_rate *r, const double use[2], double share, mdg_sum sum[3])
{
    double slope, ignored;
    mdg_sum_add(&sum[0], price_of(r, use[0], share, &slope));
    mdg_sum_add(&sum[1], price_of(r, use[1], share, &ignored));
    mdg_sum_add(&sum[2], slope);
}

static int month_days(mdg_date d)
{
    mdg_date first = { d.year, d.month, 1 };
    mdg_date next = { d.year + d.month / 12, d.month % 12 + 1, 1 };
    return (int)(mdg_date_to_day(next) - mdg_date_to_day(first));
}

mdg_bill_pair mdg_tariff_bill(const mdg_tariff *t, const double *observed, const double *predicted,
                              mdg_range days, int32_t first)
{
    mdg_sum sum[3] = { { 0 } };
    size_t known = 0;
    for (size_t i = days.from; i < days.to;) {
        mdg_date date = mdg_day_to_date(first + (int32_t)i);
        const mdg_tariff_rate *r = rate_of(t, date.month);
        size_t length = (size_t)month_days(date), in_month = 0;
        size_t end = i + length - (size_t)date.day + 1;
        mdg_sum use[2] = { { 0 } };
        for (; i < end && i < days.to; i++) {
            if (isnan(observed[i]) || isnan(predicted[i]))
                continue;
            in_month++;
            mdg_sum_add(&sum[0], r->standing);
            mdg_sum_add(&sum[1], r->standing);
            if (t->period == MDG_TARIFF_DAY)
                pay(r, (double[2]){ predicted[i], observed[i] }, 1, sum);
            mdg_sum_add(&use[0], predicted[i]);
            mdg_sum_add(&use[1], observed[i]);
        }
        known += in_month;
        if (t->period == MDG_TARIFF_MONTH && in_month > 0)
            pay(r, (double[2]){ mdg_sum_get(&use[0]), mdg_sum_get(&use[1]) },
                (double)in_month / (double)length, sum);
    }
    return (mdg_bill_pair){ .before = mdg_sum_get(&sum[0]),
                            .after = mdg_sum_get(&sum[1]),
                            .slope = mdg_sum_get(&sum[2]),
                            .days = known };
}

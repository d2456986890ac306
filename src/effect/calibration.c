/* What placebos say of errors, and the intervals that follow. docs/math/intervals.md */
#include <madang/comparison.h>

#include <stdlib.h>
#include <string.h>

/* ---- order -------------------------------------------------------------------------------- */

/* By pair, then by size: a total order of placebos that differ, so that the order in which they
 * came does not matter. */
static int by_pair(const void *a, const void *b)
{
    const mdg_placebo *x = a, *y = b;
    if (x->pair != y->pair)
        return x->pair < y->pair ? -1 : 1;
    if (x->meter != y->meter)
        return x->meter < y->meter ? -1 : 1;
    return mdg_by_number(&x->error, &y->error);
}

static int by_meter(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

/* An own part and the size of the meter that it is from. */
typedef struct own_part {
    double counterfactual, value;
} own_part;

static int by_size(const void *a, const void *b)
{
    const own_part *x = a, *y = b;
    int order = mdg_by_number(&x->counterfactual, &y->counterfactual);
    return order ? order : mdg_by_number(&x->value, &y->value);
}

/* ---- what placebos say --------------------------------------------------------------------- */

static mdg_status check_placebos(const mdg_placebo *p, size_t n, mdg_error *err)
{
    if (n < 2) {
        mdg_fail(err, MDG_E_SHORT, "%zu placebos", n);
        mdg_hint(err, "give untreated meters, or more years before the measure");
        return MDG_E_SHORT;
    }
    for (size_t i = 0; i < n; i++)
        if (!isfinite(p[i].error) || !(p[i].scale > 0) || !isfinite(p[i].scale) ||
            !(p[i].counterfactual > 0) || !isfinite(p[i].counterfactual))
            return mdg_fail(err, MDG_E_RANGE, "placebo %zu has no error, size or scale", i);
    return MDG_OK;
}

static mdg_status count_meters(const mdg_placebo *p, size_t n, mdg_arena *mem, size_t *out,
                               mdg_error *err)
{
    uint32_t *meter = mdg_new(mem, uint32_t, n);
    if (!meter)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory for %zu placebos", n);
    for (size_t i = 0; i < n; i++)
        meter[i] = p[i].meter;
    qsort(meter, n, sizeof *meter, by_meter);
    *out = 1;
    for (size_t i = 1; i < n; i++)
        *out += meter[i] != meter[i - 1];
    return MDG_OK;
}

/* One pair's meters: their number, the sum of weights and the weighted mean error. */
typedef struct pair_sum {
    size_t from, to;
    double weight, mean;
} pair_sum;

static size_t sum_pairs(const mdg_placebo *p, size_t n, pair_sum *pair)
{
    size_t pairs = 0;
    for (size_t i = 0; i < n; pairs++) {
        pair_sum *s = &pair[pairs];
        mdg_sum weight = { 0 }, error = { 0 };
        s->from = i;
        for (; i < n && p[i].pair == p[s->from].pair; i++) {
            double w = 1 / (p[i].scale * p[i].scale);
            mdg_sum_add(&weight, w);
            mdg_sum_add(&error, w * p[i].error);
        }
        s->to = i;
        s->weight = mdg_sum_get(&weight);
        s->mean = mdg_sum_get(&error) / s->weight;
    }
    return pairs;
}

/* How well the own variance is known: years in which all meters err more, or a few err a lot, make
 * it less than the number of placebos says. Squared residuals add up within their pair, and the
 * variance of these sums is that of the estimate (Satterthwaite). */
static double find_own_df(const mdg_calibration *c, const pair_sum *pair, const double *squares)
{
    double most = (double)(c->n - c->pairs);
    if (c->pairs < 2 || !(c->own_variance > 0))
        return most;
    mdg_sum sum = { 0 };
    for (size_t k = 0; k < c->pairs; k++) {
        double d = squares[k] - c->own_variance * (double)(pair[k].to - pair[k].from - 1);
        mdg_sum_add(&sum, d * d);
    }
    double clusters = (double)c->pairs, variance = mdg_sum_get(&sum) * clusters / (clusters - 1);
    double estimate = c->own_variance * most;
    return variance > 0 ? fmin(most, 2 * estimate * estimate / variance) : most;
}

/* Mean, own variance and what pairs share, by moments, as a meta-analysis of pairs would.
 * squares  receives each pair's sum of squared residuals */
static void find_components(const mdg_placebo *p, const pair_sum *pair, double *squares,
                            mdg_calibration *c)
{
    mdg_sum weight = { 0 }, mean = { 0 }, squared_weight = { 0 }, own = { 0 }, q = { 0 };
    for (size_t k = 0; k < c->pairs; k++) {
        mdg_sum_add(&weight, pair[k].weight);
        mdg_sum_add(&squared_weight, pair[k].weight * pair[k].weight);
        mdg_sum_add(&mean, pair[k].weight * pair[k].mean);
        mdg_sum of_pair = { 0 };
        for (size_t i = pair[k].from; i < pair[k].to; i++) {
            double r = (p[i].error - pair[k].mean) / p[i].scale;
            mdg_sum_add(&of_pair, r * r);
        }
        squares[k] = mdg_sum_get(&of_pair);
        mdg_sum_add(&own, squares[k]);
    }
    double w = mdg_sum_get(&weight);
    c->mean = mdg_sum_get(&mean) / w;
    c->own_variance = c->n > c->pairs ? mdg_sum_get(&own) / (double)(c->n - c->pairs) : 0;
    c->own_df = find_own_df(c, pair, squares);
    for (size_t k = 0; k < c->pairs; k++) {
        double d = pair[k].mean - c->mean;
        mdg_sum_add(&q, pair[k].weight * d * d);
    }
    double excess = mdg_sum_get(&q) - (double)(c->pairs - 1) * c->own_variance;
    double scale = w - mdg_sum_get(&squared_weight) / w;
    c->shared_sd = c->pairs > 1 && excess > 0 ? sqrt(excess / scale) : 0;
}

/* Shared parts, with the spread that is not their own error's; own parts, with the spread that
 * fitting the pairs' means took from them. */
static mdg_status fill_parts(const mdg_placebo *p, const pair_sum *pair, mdg_arena *mem,
                             mdg_calibration *c, mdg_error *err)
{
    own_part *part = mdg_new(mem, own_part, c->n);
    if (!part)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory for %zu placebos", c->n);
    double lost = c->n > c->pairs ? sqrt((double)c->n / (double)(c->n - c->pairs)) : 1;
    for (size_t k = 0; k < c->pairs; k++) {
        double shared = c->shared_sd * c->shared_sd;
        double error = c->own_variance / pair[k].weight;
        double shrink = shared > 0 ? sqrt(shared / (shared + error)) : 0;
        c->shared[k] = c->mean + shrink * (pair[k].mean - c->mean);
        for (size_t i = pair[k].from; i < pair[k].to; i++)
            part[i] =
                (own_part){ p[i].counterfactual, lost * (p[i].error - pair[k].mean) / p[i].scale };
    }
    qsort(part, c->n, sizeof *part, by_size);
    for (size_t i = 0; i < c->n; i++) {
        c->own[i] = part[i].value;
        c->ratio[i] = p[i].error / p[i].scale;
        c->size[i] = fabs(c->ratio[i]);
    }
    qsort(c->ratio, c->n, sizeof *c->ratio, mdg_by_number);
    qsort(c->size, c->n, sizeof *c->size, mdg_by_number);
    return MDG_OK;
}

static mdg_status calibrate(const mdg_placebo *placebos, mdg_arena *scratch, mdg_calibration *c,
                            mdg_error *err)
{
    size_t n = c->n;
    mdg_placebo *p = mdg_new(scratch, mdg_placebo, n);
    pair_sum *pair = mdg_new(scratch, pair_sum, n);
    double *squares = mdg_new(scratch, double, n);
    if (!p || !pair || !squares)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory for %zu placebos", n);
    memcpy(p, placebos, n * sizeof *p);
    qsort(p, n, sizeof *p, by_pair);
    MDG_TRY(count_meters(p, n, scratch, &c->meters, err));
    c->pairs = sum_pairs(p, n, pair);
    find_components(p, pair, squares, c);
    return fill_parts(p, pair, scratch, c, err);
}

mdg_status mdg_calibrate(const mdg_placebo *placebos, size_t n, mdg_arena *mem,
                         mdg_calibration *out, mdg_error *err)
{
    MDG_TRY(check_placebos(placebos, n, err));
    mdg_calibration c = { .n = n };
    c.shared = mdg_new(mem, double, n);
    c.own = mdg_new(mem, double, n);
    c.ratio = mdg_new(mem, double, n);
    c.size = mdg_new(mem, double, n);
    if (!c.shared || !c.own || !c.ratio || !c.size)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory for %zu placebos", n);
    mdg_arena_mark mark = mdg_arena_position(mem);
    mdg_status s = calibrate(placebos, mem, &c, err);
    mdg_arena_reset(mem, mark);
    if (s == MDG_OK)
        *out = c;
    return s;
}

/* ---- one meter ----------------------------------------------------------------------------- */

/* The k-th smallest covers with the probability k / (n + 1). */
static double upper(const double *ascending, size_t n, double level)
{
    double k = ceil(level * ((double)n + 1) - 1e-9);
    return k > (double)n ? (double)INFINITY : ascending[k < 1 ? 0 : (size_t)k - 1];
}

static double lower(const double *ascending, size_t n, double level)
{
    double k = floor((1 - level) * ((double)n + 1) + 1e-9);
    return k < 1 ? -(double)INFINITY : ascending[(size_t)k - 1];
}

mdg_interval mdg_calibrated_meter(const mdg_calibration *c, double scale, double level)
{
    /* truth = estimate - error: an error too high asks for room below. */
    return (mdg_interval){ .half = scale * upper(c->size, c->n, level),
                           .below = scale * upper(c->ratio, c->n, level),
                           .above = -scale * lower(c->ratio, c->n, level) };
}

/* ---- portfolios ---------------------------------------------------------------------------- */

mdg_status mdg_members_add(mdg_members *m, mdg_member member, mdg_arena *mem, mdg_error *err)
{
    double own = member.counterfactual * member.scale;
    double block = member.counterfactual * member.block_sd;
    m->n++;
    mdg_sum_add(&m->counterfactual, member.counterfactual);
    mdg_sum_add(&m->squares, own * own);
    mdg_sum_add(&m->block_squares, block * block);
    if (m->n_kept == MDG_MEMBERS_KEPT)
        return MDG_OK;
    if (m->n_kept == m->capacity) {
        size_t capacity = m->capacity ? 2 * m->capacity : 16;
        mdg_member *kept = mdg_new(mem, mdg_member, capacity);
        if (!kept)
            return mdg_fail(err, MDG_E_MEMORY, "out of memory for %zu members", capacity);
        if (m->n_kept > 0)
            memcpy(kept, m->kept, m->n_kept * sizeof *kept);
        m->kept = kept;
        m->capacity = capacity;
    }
    m->kept[m->n_kept++] = member;
    return MDG_OK;
}

mdg_status mdg_members_merge(mdg_members *m, const mdg_members *other, mdg_arena *mem,
                             mdg_error *err)
{
    mdg_members sums = *m;
    for (size_t i = 0; i < other->n_kept; i++)
        MDG_TRY(mdg_members_add(m, other->kept[i], mem, err));
    m->n = sums.n + other->n;
    m->counterfactual = sums.counterfactual;
    m->squares = sums.squares;
    m->block_squares = sums.block_squares;
    mdg_sum_merge(&m->counterfactual, &other->counterfactual);
    mdg_sum_merge(&m->squares, &other->squares);
    mdg_sum_merge(&m->block_squares, &other->block_squares);
    return MDG_OK;
}

static double size_of(const mdg_member *m)
{
    return m->size > 0 ? m->size : m->counterfactual;
}

static int by_member_size(const void *a, const void *b)
{
    const mdg_member *x = a, *y = b;
    double xs = size_of(x), ys = size_of(y);
    int order = mdg_by_number(&xs, &ys);
    order = order ? order : mdg_by_number(&x->scale, &y->scale);
    return order ? order : mdg_by_number(&x->counterfactual, &y->counterfactual);
}

/* Weights times scales, ascending by size; they sum errors up to the portfolio's. */
static mdg_status member_weights(const mdg_members *m, mdg_arena *mem, double **out, mdg_error *err)
{
    mdg_member *sorted = mdg_new(mem, mdg_member, m->n_kept);
    double *weight = mdg_new(mem, double, m->n_kept);
    if (!sorted || !weight)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory for %zu members", m->n_kept);
    memcpy(sorted, m->kept, m->n_kept * sizeof *sorted);
    qsort(sorted, m->n_kept, sizeof *sorted, by_member_size);
    for (size_t i = 0; i < m->n_kept; i++)
        weight[i] = sorted[i].counterfactual * sorted[i].scale / mdg_sum_get(&m->counterfactual);
    *out = weight;
    return MDG_OK;
}

/* Draws n of c->n own parts with replacement and sums them, smallest placebo with smallest member:
 * `times` counts how often each placebo was drawn, so that they come out in order. */
static double draw_own(const mdg_calibration *c, const double *weight, size_t n, uint32_t *times,
                       mdg_rng *rng)
{
    for (size_t i = 0; i < n; i++)
        times[mdg_rng_below(rng, c->n)]++;
    double sum = 0;
    for (size_t k = 0, i = 0; k < c->n && i < n; k++) {
        for (; times[k] > 0; times[k]--)
            sum += weight[i++] * c->own[k];
    }
    return sum;
}

/* The Student quantile's ratio to the normal one. */
static double student_ratio(double df, double level)
{
    return mdg_t_two_sided(level, fmax(1, df)) / mdg_normal_two_sided(level);
}

/* For a variance that is partly known from few pairs (Satterthwaite). */
static double widening(const mdg_calibration *c, double own_variance, double level)
{
    double shared = c->shared_sd * c->shared_sd, all = shared + own_variance;
    double doubt = own_variance > 0 ? own_variance * own_variance / c->own_df : 0;
    if (c->pairs > 1)
        doubt += shared * shared / (double)(c->pairs - 1);
    return doubt > 0 ? student_ratio(all * all / doubt, level) : 1;
}

/* The own part of one placebo portfolio after the other. */
typedef struct own_draws {
    const mdg_calibration *c;
    const mdg_members *members;
    double *weight; /* of kept members; NULL when there are too many */
    double sd;      /* of the own part */
    uint32_t *times;
} own_draws;

static mdg_status begin_draws(const mdg_calibration *c, const mdg_members *members, mdg_arena *mem,
                              own_draws *out, mdg_error *err)
{
    if (members->n == 0)
        return mdg_fail(err, MDG_E_SHORT, "a portfolio without meters");
    double whole = mdg_sum_get(&members->counterfactual);
    *out = (own_draws){ .c = c,
                        .members = members,
                        .sd = sqrt(c->own_variance * mdg_sum_get(&members->squares)) / whole,
                        .times = mdg_new(mem, uint32_t, c->n) };
    if (!out->times)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory for %zu placebos", c->n);
    return members->n <= MDG_MEMBERS_KEPT ? member_weights(members, mem, &out->weight, err)
                                          : MDG_OK;
}

static double next_draw(const own_draws *d, mdg_rng *rng)
{
    return d->weight ? draw_own(d->c, d->weight, d->members->n, d->times, rng)
                     : d->sd * mdg_rng_normal(rng);
}

mdg_status mdg_placebo_portfolios(const mdg_calibration *c, const mdg_members *members,
                                  const mdg_portfolio_opts *opts, mdg_arena *mem, double *errors,
                                  mdg_error *err)
{
    mdg_arena_mark mark = mdg_arena_position(mem);
    own_draws own;
    mdg_status s = begin_draws(c, members, mem, &own, err);
    double prior = c->pairs > 1 ? 0 : opts->shared_sd;
    double wider = s == MDG_OK ? widening(c, own.sd * own.sd, opts->level) : 1;
    for (size_t i = 0; s == MDG_OK && i < opts->draws; i++) {
        mdg_rng rng = mdg_rng_make(opts->seed, i);
        double error = next_draw(&own, &rng) + c->shared[i % c->pairs];
        if (prior > 0)
            error += prior * mdg_rng_normal(&rng);
        errors[i] = wider * error;
    }
    mdg_arena_reset(mem, mark);
    if (s == MDG_OK)
        qsort(errors, opts->draws, sizeof *errors, mdg_by_number);
    return s;
}

/* What two sides do not share, of few placebos: a Student's t with their number, of the variance
 * that they have, and the prior's in its place where there are none. */
static double draw_apart(mdg_shared apart, mdg_rng *rng)
{
    if (!(apart.df > 0))
        return MDG_APART_SD * mdg_rng_normal(rng);
    double z = mdg_rng_normal(rng);
    if (isfinite(apart.df))
        z /= sqrt(2 * mdg_rng_gamma(rng, apart.df / 2) / apart.df);
    return sqrt(apart.variance) * z;
}

/* The own parts of two sides in the same years, apart from what they share. */
static mdg_status begin_sides(const mdg_calibration *c, const mdg_members *treated,
                              const mdg_members *comparison, mdg_arena *mem, own_draws side[2],
                              mdg_error *err)
{
    MDG_TRY(begin_draws(c, treated, mem, &side[0], err));
    return begin_draws(c, comparison, mem, &side[1], err);
}

static double draw_sides(const own_draws side[2], mdg_rng *rng)
{
    double treated = next_draw(&side[0], rng);
    return treated - next_draw(&side[1], rng);
}

/* The mean square of the own part of a difference. */
static mdg_status own_square(const mdg_calibration *c, const mdg_year_apart *year, mdg_arena *mem,
                             double *out, mdg_error *err)
{
    enum { DRAWS = 400 };
    own_draws side[2];
    MDG_TRY(begin_sides(c, &year->treated, &year->comparison, mem, side, err));
    mdg_sum squares = { 0 };
    for (size_t i = 0; i < DRAWS; i++) {
        mdg_rng rng = mdg_rng_make(1, i);
        double d = draw_sides(side, &rng);
        mdg_sum_add(&squares, d * d);
    }
    *out = mdg_sum_get(&squares) / DRAWS;
    return MDG_OK;
}

mdg_status mdg_find_apart(const mdg_calibration *c, const mdg_year_apart *years, size_t n,
                          mdg_arena *mem, mdg_shared *out, mdg_error *err)
{
    mdg_arena_mark mark = mdg_arena_position(mem);
    double *effect = mdg_new(mem, double, n), *se = mdg_new(mem, double, n);
    mdg_status s = effect && se ? MDG_OK : mdg_fail(err, MDG_E_MEMORY, "out of memory");
    for (size_t i = 0; s == MDG_OK && i < n; i++) {
        double square = 0;
        s = own_square(c, &years[i], mem, &square, err);
        effect[i] = years[i].error;
        se[i] = sqrt(square);
    }
    mdg_shared shared = { 0, 0 };
    if (s == MDG_OK && n > 0)
        shared = mdg_shared_variance(effect, se, n);
    mdg_arena_reset(mem, mark);
    if (s == MDG_OK)
        *out = shared;
    return s;
}

static mdg_status draw_differences(const mdg_calibration *c, const mdg_members *sides[2],
                                   mdg_shared apart, const mdg_portfolio_opts *opts, mdg_arena *mem,
                                   double *errors, mdg_error *err)
{
    own_draws side[2];
    MDG_TRY(begin_sides(c, sides[0], sides[1], mem, side, err));
    double wider = student_ratio(c->own_df, opts->level);
    for (size_t i = 0; i < opts->draws; i++) {
        mdg_rng rng = mdg_rng_make(opts->seed, i);
        double error = wider * draw_sides(side, &rng);
        errors[i] = error + draw_apart(apart, &rng);
    }
    qsort(errors, opts->draws, sizeof *errors, mdg_by_number);
    return MDG_OK;
}

mdg_status mdg_calibrated_difference(const mdg_calibration *c, const mdg_members *treated,
                                     const mdg_members *comparison, mdg_shared apart,
                                     const mdg_portfolio_opts *opts, mdg_arena *mem,
                                     mdg_interval *out, mdg_error *err)
{
    mdg_arena_mark mark = mdg_arena_position(mem);
    double *errors = mdg_new(mem, double, opts->draws),
           *scratch = mdg_new(mem, double, opts->draws);
    const mdg_members *side[2] = { treated, comparison };
    mdg_status s = errors && scratch
                       ? draw_differences(c, side, apart, opts, mem, errors, err)
                       : mdg_fail(err, MDG_E_MEMORY, "out of memory for %zu draws", opts->draws);
    if (s == MDG_OK)
        *out = mdg_interval_of(errors, opts->draws, opts->level, scratch);
    mdg_arena_reset(mem, mark);
    return s;
}

mdg_interval mdg_interval_of(const double *errors, size_t n, double level, double *scratch)
{
    for (size_t i = 0; i < n; i++)
        scratch[i] = fabs(errors[i]);
    qsort(scratch, n, sizeof *scratch, mdg_by_number);
    return (mdg_interval){ .half = upper(scratch, n, level),
                           .below = upper(errors, n, level),
                           .above = -lower(errors, n, level) };
}

mdg_status mdg_calibrated_portfolio(const mdg_calibration *c, const mdg_members *members,
                                    const mdg_portfolio_opts *opts, mdg_arena *mem,
                                    mdg_interval *out, mdg_error *err)
{
    mdg_arena_mark mark = mdg_arena_position(mem);
    double *errors = mdg_new(mem, double, opts->draws),
           *scratch = mdg_new(mem, double, opts->draws);
    mdg_status s = errors && scratch
                       ? mdg_placebo_portfolios(c, members, opts, mem, errors, err)
                       : mdg_fail(err, MDG_E_MEMORY, "out of memory for %zu draws", opts->draws);
    if (s == MDG_OK)
        *out = mdg_interval_of(errors, opts->draws, opts->level, scratch);
    mdg_arena_reset(mem, mark);
    return s;
}

mdg_interval mdg_block_portfolio(const mdg_members *members, double level)
{
    double own = sqrt(mdg_sum_get(&members->block_squares)) / mdg_sum_get(&members->counterfactual);
    double sd = hypot(own, MDG_SHARED_SD), one = mdg_normal_quantile(level) * sd;
    return (mdg_interval){ .half = mdg_normal_two_sided(level) * sd, .below = one, .above = one };
}

double mdg_detectable(double half, double level)
{
    return half * (1 + mdg_normal_quantile(0.8) / mdg_normal_two_sided(level));
}

/* Portfolios of meters drawn from placebos, and the intervals that follow. docs/math/intervals.md
 */
#include <madang/comparison.h>

#include <stdlib.h>
#include <string.h>

/* ---- members ---------------------------------------------------------------------------- */

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
    mdg_member *kept = mdg_arena_grow(mem, m->kept, m->n_kept, 1, &m->capacity, sizeof *kept);
    if (!kept)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory for %zu members", m->n_kept + 1);
    m->kept = kept;
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

/* ---- one portfolio after the other ------------------------------------------------------ */

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

/* ---- portfolios ------------------------------------------------------------------------- */

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

/* ---- differences of two sides ----------------------------------------------------------- */

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

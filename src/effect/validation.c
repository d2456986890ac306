/* Do the intervals hold? They are tried on placebos that they have not seen. */
#include <madang/placebo.h>

#include <assert.h>
#include <stdlib.h>
#include <string.h>

const double mdg_curve_levels[MDG_CURVE] = { 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99 };

enum { LEVELS = MDG_CURVE + 1, DRAWS = 999, LEAST_PAIRS = 3, FOLDS = 20 };

static const char *const intervals[] = {
#define X(name, code) code,
    MDG_INTERVALS(X)
#undef X
};

const char *mdg_interval_code(mdg_interval_method m)
{
    return intervals[m];
}

/* One trial's error and its half-widths at the level asked for and at those of the curve. */
typedef struct tried {
    uint32_t meter; /* of trials of one */
    int32_t pair;
    double error, half[LEVELS];
} tried;

typedef struct job {
    const mdg_trial *trials; /* by pair, then meter */
    size_t n;
    const size_t *pair; /* pairs + 1 starts */
    size_t pairs;
    const mdg_validation_opts *opts;
    double level[LEVELS];
    tried *out;
    mdg_arena *worker; /* scratch of each thread */
} job;

/* ---- order -------------------------------------------------------------------------------- */

static int by_pair(const void *a, const void *b)
{
    const mdg_placebo *x = &((const mdg_trial *)a)->placebo, *y = &((const mdg_trial *)b)->placebo;
    if (x->pair != y->pair)
        return x->pair < y->pair ? -1 : 1;
    return (x->meter > y->meter) - (x->meter < y->meter);
}

static int by_meter(const void *a, const void *b)
{
    const tried *x = a, *y = b;
    return (x->meter > y->meter) - (x->meter < y->meter);
}

/* ---- what a trial may know ------------------------------------------------------------------ */

/* Whose placebos an interval must not come from: those of some meters, and those of a pair. */
typedef struct unseen {
    int32_t pair;
    const mdg_trial *member; /* n meters; NULL: all of a fold */
    size_t n;
    uint32_t fold;
    bool own_meters; /* of members, only the pair is unseen */
} unseen;

static bool is_unseen(const unseen *u, const mdg_placebo *p, bool pairs_too)
{
    if (pairs_too && p->pair == u->pair)
        return true;
    if (!u->member)
        return p->meter % FOLDS == u->fold;
    if (u->own_meters && p->pair != u->pair)
        return false;
    for (size_t i = 0; i < u->n; i++)
        if (u->member[i].placebo.meter == p->meter)
            return true;
    return false;
}

static size_t seen(const job *j, const unseen *u, mdg_placebo *out)
{
    size_t k = 0;
    for (size_t i = 0; i < j->n; i++)
        if (!is_unseen(u, &j->trials[i].placebo, j->pairs >= LEAST_PAIRS))
            out[k++] = j->trials[i].placebo;
    return k;
}

/* A calibration of nothing, n = 0, when there are too few. */
static mdg_status calibrate_without(const job *j, unseen u, mdg_arena *mem, mdg_calibration *out,
                                    mdg_error *err)
{
    mdg_placebo *known = mdg_new(mem, mdg_placebo, j->n);
    if (!known)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory for %zu placebos", j->n);
    size_t k = seen(j, &u, known);
    if (k < MDG_LEAST_PLACEBOS && u.member) {
        u.own_meters = true;
        k = seen(j, &u, known);
    }
    *out = (mdg_calibration){ 0 };
    return k < MDG_LEAST_PLACEBOS ? MDG_OK : mdg_calibrate(known, k, mem, out, err);
}

/* ---- intervals ------------------------------------------------------------------------------ */

static mdg_status try_calibrated(const job *j, const mdg_trial *member, size_t n, uint64_t stream,
                                 mdg_arena *mem, tried *t, mdg_error *err)
{
    mdg_calibration c;
    unseen u = { .pair = member->placebo.pair, .member = member, .n = n };
    MDG_TRY(calibrate_without(j, u, mem, &c, err));
    for (size_t l = 0; l < LEVELS; l++)
        t->half[l] = MDG_NAN;
    if (c.n == 0)
        return MDG_OK;
    mdg_members members = { 0 };
    for (size_t i = 0; i < n; i++)
        MDG_TRY(mdg_members_add(&members,
                                (mdg_member){ .counterfactual = member[i].placebo.counterfactual,
                                              .scale = member[i].placebo.scale },
                                mem, err));
    mdg_portfolio_opts opts = MDG_PORTFOLIO_OPTS;
    opts.level = j->opts->level;
    opts.draws = DRAWS;
    opts.seed = j->opts->seed + 1 + stream;
    double *errors = mdg_new(mem, double, DRAWS), *scratch = mdg_new(mem, double, DRAWS);
    if (!errors || !scratch)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory for %d draws", DRAWS);
    MDG_TRY(mdg_placebo_portfolios(&c, &members, &opts, mem, errors, err));
    for (size_t l = 0; l < LEVELS; l++)
        t->half[l] = mdg_interval_of(errors, DRAWS, j->level[l], scratch).half;
    return MDG_OK;
}

/* Model-based ones: standard deviations in quadrature, and, of a portfolio, what its meters share.
 * CalTRACK's have their Student quantile, of meters; those of a sum are normal. */
static void try_model_based(const job *j, const mdg_trial *member, size_t n, tried *t)
{
    bool caltrack2 = j->opts->interval == MDG_INTERVAL_CALTRACK2;
    double whole = 0;
    for (size_t i = 0; i < n; i++)
        whole += member[i].placebo.counterfactual;
    for (size_t l = 0; l < LEVELS; l++) {
        double level = j->level[l], z = mdg_normal_two_sided(level), variance = 0;
        for (size_t i = 0; i < n; i++) {
            double half =
                caltrack2 ? member[i].caltrack2_sd * mdg_t_two_sided(level, member[i].caltrack2_df)
                          : member[i].block_sd * z;
            double part = half * member[i].placebo.counterfactual / whole;
            variance += part * part;
        }
        if (!caltrack2)
            variance += z * z * MDG_SHARED_SD * MDG_SHARED_SD;
        t->half[l] = sqrt(variance);
    }
}

static tried begin_trial(const mdg_trial *member, size_t n)
{
    mdg_sum error = { 0 }, whole = { 0 };
    for (size_t i = 0; i < n; i++) {
        mdg_sum_add(&whole, member[i].placebo.counterfactual);
        mdg_sum_add(&error, member[i].placebo.error * member[i].placebo.counterfactual);
    }
    return (tried){ .meter = member->placebo.meter,
                    .pair = member->placebo.pair,
                    .error = mdg_sum_get(&error) / mdg_sum_get(&whole) };
}

/* ---- trials of one meter, and of portfolios ---------------------------------------------------
 */

/* The meters of one pair and fold, which one calibration serves. */
static mdg_status try_meters(void *context, size_t chunk, size_t worker, mdg_error *err)
{
    const job *j = context;
    size_t pair = chunk / FOLDS;
    uint32_t fold = (uint32_t)(chunk % FOLDS);
    mdg_arena *mem = &j->worker[worker];
    mdg_arena_mark mark = mdg_arena_position(mem);
    mdg_calibration c = { 0 };
    unseen u = { .pair = j->trials[j->pair[pair]].placebo.pair, .fold = fold };
    if (j->opts->interval == MDG_INTERVAL_CALIBRATED)
        MDG_TRY(calibrate_without(j, u, mem, &c, err));
    for (size_t i = j->pair[pair]; i < j->pair[pair + 1]; i++) {
        const mdg_trial *trial = &j->trials[i];
        if (trial->placebo.meter % FOLDS != fold)
            continue;
        j->out[i] = begin_trial(trial, 1);
        if (j->opts->interval != MDG_INTERVAL_CALIBRATED)
            try_model_based(j, trial, 1, &j->out[i]);
        else
            for (size_t l = 0; l < LEVELS; l++)
                j->out[i].half[l] =
                    c.n > 0 ? mdg_calibrated_meter(&c, trial->placebo.scale, j->level[l]).half
                            : MDG_NAN;
    }
    mdg_arena_reset(mem, mark);
    return MDG_OK;
}

/* The first n of a shuffle: meters drawn without replacement. */
static void draw_members(const mdg_trial *of, size_t all, size_t n, mdg_rng *rng, mdg_trial *out)
{
    memcpy(out, of, all * sizeof *out);
    for (size_t i = 0; i < n; i++) {
        size_t k = i + (size_t)mdg_rng_below(rng, all - i);
        mdg_trial t = out[i];
        out[i] = out[k];
        out[k] = t;
    }
}

static mdg_status try_portfolio(void *context, size_t chunk, size_t worker, mdg_error *err)
{
    const job *j = context;
    size_t pair = chunk / j->opts->portfolios, from = j->pair[pair];
    size_t all = j->pair[pair + 1] - from;
    j->out[chunk] = (tried){ .error = MDG_NAN };
    if (all < j->opts->meters)
        return MDG_OK;
    mdg_arena *mem = &j->worker[worker];
    mdg_arena_mark mark = mdg_arena_position(mem);
    mdg_trial *member = mdg_new(mem, mdg_trial, all);
    if (!member)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory for %zu meters", all);
    mdg_rng rng = mdg_rng_make(j->opts->seed, chunk);
    draw_members(&j->trials[from], all, j->opts->meters, &rng, member);
    j->out[chunk] = begin_trial(member, j->opts->meters);
    mdg_status s = MDG_OK;
    if (j->opts->interval == MDG_INTERVAL_CALIBRATED)
        s = try_calibrated(j, member, j->opts->meters, chunk, mem, &j->out[chunk], err);
    else
        try_model_based(j, member, j->opts->meters, &j->out[chunk]);
    mdg_arena_reset(mem, mark);
    return s;
}

/* ---- what came out ----------------------------------------------------------------------------
 */

typedef double trial_value(const tried *t);

static double error_of(const tried *t)
{
    return t->error;
}

static double hit(const tried *t)
{
    return fabs(t->error) <= t->half[0] ? 1 : 0;
}

static double mean_of(const tried *t, size_t n, trial_value *value)
{
    mdg_sum sum = { 0 };
    for (size_t i = 0; i < n; i++)
        mdg_sum_add(&sum, value(&t[i]));
    return mdg_sum_get(&sum) / (double)n;
}

/* Sum of squares of the clusters' sums of deviations from the mean; t is in order of clusters. */
static double clustered(const tried *t, size_t n, trial_value *value, double mean, bool meters)
{
    double squares = 0, sum = 0;
    size_t clusters = 0;
    for (size_t i = 0; i < n; i++) {
        sum += value(&t[i]) - mean;
        bool same =
            i + 1 < n && (meters ? t[i + 1].meter == t[i].meter : t[i + 1].pair == t[i].pair);
        if (same)
            continue;
        squares += sum * sum;
        sum = 0;
        clusters++;
    }
    return clusters > 1 ? squares * (double)clusters / (double)(clusters - 1) : squares;
}

/* Trials in order of pairs, and for single meters in order of meters too. */
typedef struct outcome {
    const tried *by_pair, *by_meter; /* the second NULL for portfolios */
    size_t n;
} outcome;

/* Not below that of `disjoint` independent trials: portfolios of one pair have no clusters that
 * could differ, and share meters. */
static double mean_se(const outcome *o, trial_value *value, double disjoint)
{
    double mean = mean_of(o->by_pair, o->n, value), own = 0;
    double variance = clustered(o->by_pair, o->n, value, mean, false);
    for (size_t i = 0; i < o->n; i++) {
        double d = value(&o->by_pair[i]) - mean;
        own += d * d;
    }
    if (o->by_meter)
        variance += clustered(o->by_meter, o->n, value, mean, true) - own;
    double floor = own * fmax(1, (double)o->n / disjoint);
    return sqrt(fmax(variance, floor)) / (double)o->n;
}

/* Linear interpolation between order statistics (type 7); x is sorted. */
static double quantile(double *x, size_t n, double p)
{
    qsort(x, n, sizeof *x, mdg_by_number);
    double at = p * (double)(n - 1);
    size_t k = (size_t)at;
    double beyond = at - (double)k;
    if (k + 1 == n || !(beyond > 0))
        return x[k];
    return isinf(x[k + 1]) ? x[k + 1] : x[k] + beyond * (x[k + 1] - x[k]);
}

/* How many portfolios without a common meter the pairs hold. */
static double disjoint(const job *j)
{
    double n = 0;
    for (size_t k = 0; k < j->pairs; k++)
        n += floor((double)(j->pair[k + 1] - j->pair[k]) / (double)j->opts->meters);
    return n;
}

static void fill_curve(const outcome *o, mdg_validation *v)
{
    for (size_t l = 0; l < MDG_CURVE; l++) {
        size_t hits = 0;
        for (size_t i = 0; i < o->n; i++)
            hits += fabs(o->by_pair[i].error) <= o->by_pair[i].half[l + 1];
        v->curve[l] = (double)hits / (double)o->n;
    }
}

/* Medians and the like; scratch holds n values. */
static void fill_quantiles(const outcome *o, double level, double *scratch, mdg_validation *v)
{
    mdg_sum halves = { 0 };
    for (size_t i = 0; i < o->n; i++) {
        scratch[i] = o->by_pair[i].half[0];
        mdg_sum_add(&halves, scratch[i]);
    }
    v->half_width_median = quantile(scratch, o->n, 0.5);
    double widest = scratch[o->n - 1];
    v->half_width_mean = isinf(widest) ? widest : mdg_sum_get(&halves) / (double)o->n;
    for (size_t i = 0; i < o->n; i++)
        scratch[i] = o->by_pair[i].error;
    v->bias_median = quantile(scratch, o->n, 0.5);
    for (size_t i = 0; i < o->n; i++)
        scratch[i] = fabs(o->by_pair[i].error);
    v->constant_half_width = quantile(scratch, o->n, level);
}

static mdg_status sum_up(const job *j, const outcome *o, mdg_arena *mem, mdg_validation *v,
                         mdg_error *err)
{
    double *scratch = mdg_new(mem, double, o->n);
    if (!scratch)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory for %zu trials", o->n);
    double level = j->opts->level, n = disjoint(j);
    v->n = o->n;
    v->coverage = mean_of(o->by_pair, o->n, hit);
    v->coverage_se = fmax(mean_se(o, hit, n), sqrt(level * (1 - level) / n));
    v->bias_mean = mean_of(o->by_pair, o->n, error_of);
    /* One trial, or portfolios that are one and the same, have no spread to tell an error from. */
    v->bias_mean_se = n < 2 ? MDG_NAN : mean_se(o, error_of, n);
    fill_curve(o, v);
    fill_quantiles(o, level, scratch, v);
    return MDG_OK;
}

/* ---- the story --------------------------------------------------------------------------------
 */

/* Sorts the trials by pair and finds where pairs begin. */
static mdg_status sort_trials(const mdg_trial *trials, size_t n, mdg_arena *mem, job *j,
                              mdg_error *err)
{
    mdg_trial *sorted = mdg_new(mem, mdg_trial, n);
    size_t *pair = mdg_new(mem, size_t, n + 1);
    if (!sorted || !pair)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory for %zu placebos", n);
    memcpy(sorted, trials, n * sizeof *sorted);
    qsort(sorted, n, sizeof *sorted, by_pair);
    for (size_t i = 0; i < n; i++)
        if (i == 0 || sorted[i].placebo.pair != sorted[i - 1].placebo.pair)
            pair[j->pairs++] = i;
    pair[j->pairs] = n;
    j->trials = sorted;
    j->pair = pair;
    return MDG_OK;
}

/* Leaves out what has no interval: portfolios of pairs with too few meters, meters without a band.
 */
static size_t keep_known(tried *t, size_t n)
{
    size_t kept = 0;
    for (size_t i = 0; i < n; i++)
        if (!isnan(t[i].error) && !isnan(t[i].half[0]))
            t[kept++] = t[i];
    return kept;
}

static mdg_status try_all(job *j, size_t threads, mdg_arena *mem, mdg_validation *v, mdg_error *err)
{
    bool single = j->opts->meters == 1;
    size_t chunks = j->pairs * (single ? FOLDS : j->opts->portfolios), n = single ? j->n : chunks;
    j->out = mdg_new(mem, tried, n);
    if (!j->out)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory for %zu trials", n);
    MDG_TRY(mdg_parallel(chunks, threads, single ? try_meters : try_portfolio, j, err));
    outcome o = { .by_pair = j->out, .n = keep_known(j->out, n) };
    if (o.n == 0)
        return MDG_OK;
    if (single) {
        tried *by_meters = mdg_new(mem, tried, o.n);
        if (!by_meters)
            return mdg_fail(err, MDG_E_MEMORY, "out of memory for %zu trials", o.n);
        memcpy(by_meters, o.by_pair, o.n * sizeof *by_meters);
        qsort(by_meters, o.n, sizeof *by_meters, by_meter);
        o.by_meter = by_meters;
    }
    return sum_up(j, &o, mem, v, err);
}

mdg_status mdg_validate(const mdg_trial *trials, size_t n, const mdg_validation_opts *opts,
                        size_t threads, mdg_arena *mem, mdg_validation *out, mdg_error *err)
{
    assert(opts->size >= sizeof *opts && opts->meters >= 1 && threads >= 1);
    mdg_validation v = { .coverage = MDG_NAN,
                         .coverage_se = MDG_NAN,
                         .bias_mean = MDG_NAN,
                         .bias_mean_se = MDG_NAN,
                         .bias_median = MDG_NAN,
                         .half_width_median = MDG_NAN,
                         .half_width_mean = MDG_NAN,
                         .constant_half_width = MDG_NAN };
    for (size_t l = 0; l < MDG_CURVE; l++)
        v.curve[l] = MDG_NAN;
    mdg_arena_mark mark = mdg_arena_position(mem);
    job j = { .n = n, .opts = opts, .level = { opts->level } };
    memcpy(j.level + 1, mdg_curve_levels, sizeof mdg_curve_levels);
    mdg_status s = n > 0 ? sort_trials(trials, n, mem, &j, err) : MDG_OK;
    j.worker = mdg_new(mem, mdg_arena, threads);
    if (s == MDG_OK && !j.worker)
        s = mdg_fail(err, MDG_E_MEMORY, "out of memory for %zu threads", threads);
    if (s == MDG_OK && n > 0)
        s = try_all(&j, threads, mem, &v, err);
    for (size_t i = 0; j.worker && i < threads; i++)
        mdg_arena_free(&j.worker[i]);
    mdg_arena_reset(mem, mark);
    if (s == MDG_OK)
        *out = v;
    return s;
}

/* Net effect: what is avoided, less rebound, own footprint and induced effects, drawn together. */
#include <madang/footprint.h>

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { LEAST_DRAWS = 100, MOST_DRAWS = 1000000 };

static const char *const part_codes[MDG_NET_COUNT] = {
#define X(name, code) code,
    MDG_NET_PARTS(X)
#undef X
};

const char *mdg_net_part_code(mdg_net_part p)
{
    assert(p < MDG_NET_COUNT);
    return part_codes[p];
}

const char *mdg_cost_verdict_code(mdg_cost_verdict v)
{
    static const char *const codes[] = { "none", "interval", "no-top", "nothing" };
    return codes[v];
}

const char *mdg_net_verdict_code(mdg_net_verdict v)
{
    static const char *const codes[] = { "unclear", "avoids", "adds" };
    return codes[v];
}

mdg_net_input mdg_net_input_of(mdg_uncertain saving)
{
    mdg_uncertain whole = mdg_uncertain_fixed(1), nothing = { 0 };
    whole.basis = MDG_BASIS_LEFT_OUT;
    return (mdg_net_input){ .saving = saving,
                            .adoption = whole,
                            .attribution = whole,
                            .direct = nothing,
                            .respending = nothing,
                            .grid = nothing,
                            .induced = nothing,
                            .cost = nothing,
                            .share = 1 };
}

/* ---- all ranges in a row ------------------------------------------------------------------- */

/* The order in which quantities are drawn: these, then each device's, then each service's. */
enum { SAVING, ADOPTION, ATTRIBUTION, DIRECT, RESPENDING, GRID, INDUCED, COST, COMMON };
enum { NUMBER, EMBODIED, END_OF_LIFE, LIFE, POWER, HOURS, OF_DEVICE };
enum { ENERGY, SHARE, OF_SERVICE };

typedef struct row {
    const mdg_net_input *in;
    size_t n;
    mdg_uncertain *range;
    double *x; /* a value of each */
} row;

static mdg_status add(row *r, size_t at, mdg_quantity q, const mdg_uncertain *range, mdg_error *err)
{
    r->range[at] = *range;
    return mdg_uncertain_check(q, &r->range[at], err);
}

static mdg_status add_saving(row *r, mdg_error *err)
{
    const mdg_uncertain *s = &r->in->saving;
    bool good = isfinite(s->likely);
    if (s->kind == MDG_UNCERTAIN_NORMAL)
        good = good && isfinite(s->sd) && s->sd >= 0;
    else if (s->kind != MDG_UNCERTAIN_FIXED)
        good = good && isfinite(s->low) && isfinite(s->high) && s->low <= s->likely &&
               s->likely <= s->high;
    for (size_t i = 0; r->in->saving_draws && i < r->in->n_saving_draws; i++)
        good = good && isfinite(r->in->saving_draws[i]);
    if (!good || (r->in->saving_draws && r->in->n_saving_draws == 0))
        return mdg_fail(err, MDG_E_RANGE, "the saving is no finite number or range");
    r->range[SAVING] = *s;
    return MDG_OK;
}

static mdg_status add_device(row *r, size_t k, mdg_error *err)
{
    const mdg_devices *d = &r->in->devices[k];
    size_t at = COMMON + OF_DEVICE * k;
    MDG_TRY(add(r, at + NUMBER, MDG_QUANTITY_NUMBER, &d->number, err));
    MDG_TRY(add(r, at + EMBODIED, MDG_QUANTITY_EMBODIED, &d->embodied, err));
    MDG_TRY(add(r, at + END_OF_LIFE, MDG_QUANTITY_END_OF_LIFE, &d->end_of_life, err));
    MDG_TRY(add(r, at + LIFE, MDG_QUANTITY_LIFE, &d->life, err));
    MDG_TRY(add(r, at + POWER, MDG_QUANTITY_POWER, &d->power, err));
    return add(r, at + HOURS, MDG_QUANTITY_HOURS, &d->hours, err);
}

static mdg_status add_all(row *r, mdg_error *err)
{
    const mdg_net_input *in = r->in;
    MDG_TRY(add_saving(r, err));
    MDG_TRY(add(r, ADOPTION, MDG_QUANTITY_ADOPTION, &in->adoption, err));
    MDG_TRY(add(r, ATTRIBUTION, MDG_QUANTITY_ATTRIBUTION, &in->attribution, err));
    MDG_TRY(add(r, DIRECT, MDG_QUANTITY_REBOUND, &in->direct, err));
    MDG_TRY(add(r, RESPENDING, MDG_QUANTITY_REBOUND, &in->respending, err));
    MDG_TRY(add(r, GRID, MDG_QUANTITY_GRID, &in->grid, err));
    MDG_TRY(add(r, INDUCED, MDG_QUANTITY_INDUCED, &in->induced, err));
    MDG_TRY(add(r, COST, MDG_QUANTITY_AMOUNT, &in->cost, err));
    for (size_t k = 0; k < in->n_devices; k++)
        MDG_TRY(add_device(r, k, err));
    size_t at = COMMON + OF_DEVICE * in->n_devices;
    for (size_t k = 0; k < in->n_services; k++, at += OF_SERVICE) {
        MDG_TRY(add(r, at + ENERGY, MDG_QUANTITY_ENERGY, &in->services[k].energy, err));
        MDG_TRY(add(r, at + SHARE, MDG_QUANTITY_SHARE, &in->services[k].share, err));
    }
    return MDG_OK;
}

static void draw(row *r, uint64_t seed, size_t replicate)
{
    mdg_rng rng = mdg_rng_make(seed, replicate);
    for (size_t i = 0; i < r->n; i++)
        r->x[i] = mdg_uncertain_quantile(&r->range[i], mdg_rng_uniform(&rng));
    if (r->in->saving_draws)
        r->x[SAVING] = r->in->saving_draws[replicate % r->in->n_saving_draws];
}

/* The parts below are sums of products of quantities that are independent of each other, so their
 * means are the parts of the means; of a life it is the mean of its inverse that counts. */
static void put_means(row *r)
{
    for (size_t i = 0; i < r->n; i++)
        r->x[i] = mdg_uncertain_mean(&r->range[i]);
    for (size_t k = 0; k < r->in->n_devices; k++) {
        size_t life = COMMON + OF_DEVICE * k + LIFE;
        r->x[life] = 1 / mdg_uncertain_mean_inverse(&r->range[life]);
    }
    if (!r->in->saving_draws)
        return;
    mdg_sum sum = { 0 };
    for (size_t i = 0; i < r->in->n_saving_draws; i++)
        mdg_sum_add(&sum, r->in->saving_draws[i]);
    r->x[SAVING] = mdg_sum_get(&sum) / (double)r->in->n_saving_draws;
}

/* ---- parts --------------------------------------------------------------------------------- */

/* The parts for these values of the quantities. Returns the cost. */
static double parts(const row *r, double part[MDG_NET_COUNT])
{
    const double *x = r->x;
    double share = r->in->share;
    memset(part, 0, MDG_NET_COUNT * sizeof *part);
    part[MDG_NET_SAVING] = r->in->saving_by_grid ? x[SAVING] * x[GRID] : x[SAVING];
    part[MDG_NET_SECOND_ORDER] = part[MDG_NET_SAVING] * x[ADOPTION] * x[ATTRIBUTION];
    part[MDG_NET_NOT_COUNTED] = part[MDG_NET_SAVING] - part[MDG_NET_SECOND_ORDER];
    part[MDG_NET_DIRECT] = part[MDG_NET_SECOND_ORDER] * x[DIRECT];
    part[MDG_NET_RESPENDING] = part[MDG_NET_SECOND_ORDER] * x[RESPENDING];
    part[MDG_NET_REBOUND] = part[MDG_NET_DIRECT] + part[MDG_NET_RESPENDING];
    const double *d = x + COMMON;
    for (size_t k = 0; k < r->in->n_devices; k++, d += OF_DEVICE) {
        double number = share * d[NUMBER];
        part[MDG_NET_EMBODIED] += number * d[EMBODIED] / d[LIFE];
        part[MDG_NET_END_OF_LIFE] += number * d[END_OF_LIFE] / d[LIFE];
        part[MDG_NET_USE] += number * d[POWER] * d[HOURS] / 1000 * x[GRID];
    }
    for (size_t k = 0; k < r->in->n_services; k++, d += OF_SERVICE)
        part[MDG_NET_SERVICES] += share * d[ENERGY] * d[SHARE] * x[GRID];
    part[MDG_NET_OWN] = part[MDG_NET_EMBODIED] + part[MDG_NET_USE] + part[MDG_NET_SERVICES] +
                        part[MDG_NET_END_OF_LIFE];
    part[MDG_NET_INDUCED] = share * x[INDUCED];
    part[MDG_NET_NET] = part[MDG_NET_SECOND_ORDER] - part[MDG_NET_REBOUND] - part[MDG_NET_OWN] -
                        part[MDG_NET_INDUCED];
    return share * x[COST];
}

/* ---- what the draws say -------------------------------------------------------------------- */

typedef struct draws {
    size_t n;
    double *part[MDG_NET_COUNT]; /* n each */
    double *per_cost;            /* net effect per unit of cost */
    double *sorted;              /* scratch */
} draws;

/* Linear between order statistics. */
static double quantile(const double *sorted, size_t n, double p)
{
    double at = p * (double)(n - 1);
    size_t i = (size_t)at;
    return i + 1 < n ? sorted[i] + (at - (double)i) * (sorted[i + 1] - sorted[i]) : sorted[n - 1];
}

static const double *sort(const draws *d, const double *x)
{
    memcpy(d->sorted, x, d->n * sizeof *x);
    qsort(d->sorted, d->n, sizeof *x, mdg_by_number);
    return d->sorted;
}

static mdg_drawn summary(const draws *d, const double *x, double value, double level)
{
    /* From the first draw, so that what does not vary has an error of 0. */
    mdg_sum sum = { 0 }, squares = { 0 };
    for (size_t i = 0; i < d->n; i++)
        mdg_sum_add(&sum, x[i] - x[0]);
    double mean = x[0] + mdg_sum_get(&sum) / (double)d->n;
    for (size_t i = 0; i < d->n; i++)
        mdg_sum_add(&squares, (x[i] - mean) * (x[i] - mean));
    const double *sorted = sort(d, x);
    return (mdg_drawn){ value, sqrt(mdg_sum_get(&squares) / (double)(d->n - 1)),
                        quantile(sorted, d->n, (1 - level) / 2),
                        quantile(sorted, d->n, (1 + level) / 2) };
}

/* What is avoided per unit of cost always has a finite interval. Its inverse is the cost: as less
 * is avoided it grows, and beyond "nothing is avoided" it has no value. */
static mdg_cost_per_tonne cost_per_tonne(const draws *d, double cost, double net, double level)
{
    mdg_cost_per_tonne c = { MDG_COST_NONE, MDG_NAN, MDG_NAN, MDG_NAN };
    if (!(cost > 0))
        return c;
    const double *sorted = sort(d, d->per_cost);
    double least = quantile(sorted, d->n, (1 - level) / 2);
    double most = quantile(sorted, d->n, (1 + level) / 2);
    c.verdict = least > 0 ? MDG_COST_INTERVAL : most > 0 ? MDG_COST_NO_TOP : MDG_COST_NOTHING;
    if (net > 0)
        c.value = 1000 * cost / net;
    if (most > 0)
        c.lo = 1000 / most;
    if (least > 0)
        c.hi = 1000 / least;
    return c;
}

static mdg_net conclude(row *r, const draws *d, double level)
{
    mdg_net net = { 0 };
    double mean[MDG_NET_COUNT];
    put_means(r);
    double cost = parts(r, mean);
    for (size_t p = 0; p < MDG_NET_COUNT; p++)
        net.part[p] = summary(d, d->part[p], mean[p], level);
    size_t above = 0;
    for (size_t i = 0; i < d->n; i++)
        above += d->part[MDG_NET_NET][i] > 0;
    net.positive = (double)above / (double)d->n;
    net.positive_se = sqrt(net.positive * (1 - net.positive) / (double)d->n);
    const mdg_drawn *n = &net.part[MDG_NET_NET];
    net.verdict = n->lo > 0 ? MDG_NET_AVOIDS : n->hi < 0 ? MDG_NET_ADDS : MDG_NET_UNCLEAR;
    net.cost = cost_per_tonne(d, cost, n->value, level);
    return net;
}

/* ---- public -------------------------------------------------------------------------------- */

static mdg_status check(const mdg_net_input *in, const mdg_net_opts *opts, mdg_error *err)
{
    if (!(opts->level > 0 && opts->level < 1))
        return mdg_fail(err, MDG_E_RANGE, "a level of %g", opts->level);
    if (opts->draws < LEAST_DRAWS || opts->draws > MOST_DRAWS)
        return mdg_fail(err, MDG_E_RANGE, "%zu draws, not %d to %d", opts->draws, LEAST_DRAWS,
                        MOST_DRAWS);
    if (!(in->share > 0 && in->share <= 1))
        return mdg_fail(err, MDG_E_RANGE, "a share of %g", in->share);
    return MDG_OK;
}

static mdg_status compute(const mdg_net_input *in, const mdg_net_opts *opts, mdg_arena *mem,
                          mdg_net *out, mdg_error *err)
{
    row r = { .in = in, .n = COMMON + OF_DEVICE * in->n_devices + OF_SERVICE * in->n_services };
    r.range = mdg_new(mem, mdg_uncertain, r.n);
    r.x = mdg_new(mem, double, r.n);
    draws d = { .n = opts->draws };
    d.per_cost = mdg_new(mem, double, d.n);
    d.sorted = mdg_new(mem, double, d.n);
    double *all = mdg_new(mem, double, MDG_NET_COUNT *d.n);
    if (!r.range || !r.x || !d.per_cost || !d.sorted || !all)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory for %zu draws", d.n);
    for (size_t p = 0; p < MDG_NET_COUNT; p++)
        d.part[p] = all + p * d.n;
    MDG_TRY(add_all(&r, err));
    for (size_t i = 0; i < d.n; i++) {
        double part[MDG_NET_COUNT];
        draw(&r, opts->seed, i);
        double cost = parts(&r, part);
        for (size_t p = 0; p < MDG_NET_COUNT; p++)
            d.part[p][i] = part[p];
        d.per_cost[i] = cost > 0 ? part[MDG_NET_NET] / cost : 0;
    }
    *out = conclude(&r, &d, opts->level);
    return MDG_OK;
}

mdg_status mdg_net_compute(const mdg_net_input *in, const mdg_net_opts *opts, mdg_arena *mem,
                           mdg_net *out, mdg_error *err)
{
    MDG_TRY(check(in, opts, err));
    mdg_arena_mark mark = mdg_arena_position(mem);
    mdg_status s = compute(in, opts, mem, out, err);
    mdg_arena_reset(mem, mark);
    return s;
}

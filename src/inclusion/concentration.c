/* How a benefit is spread over ranked recipients. */
#include "inclusion/resample.h"

#include <stdlib.h>

enum { LEAST_REPLICATES = 100, MOST_REPLICATES = 100000, CHUNK = 20 };

/* Streams of replicates, apart from those of other uses of the same seed. */
static const uint64_t stream_replicates = (uint64_t)1 << 41;

typedef struct row {
    double rank, value, weight, exposure;
    uint32_t unit;
} row;

/* What one sample gives. */
typedef struct sample {
    double mean, absolute;
    double curve[MDG_CURVE_POINTS];
} sample;

typedef struct job {
    const row *rows;
    size_t n, units;
    const mdg_concentration_opts *opts;
    double shared_sd;
    uint32_t *times; /* units for each thread */
    sample *samples; /* of replicates */
} job;

/* ---- one sample --------------------------------------------------------------------------- */

/* How often a row counts. */
static double weight_of(const row *r, const uint32_t *times)
{
    return times ? r->weight * (double)times[r->unit] : r->weight;
}

static double total_weight(const row *rows, size_t n, const uint32_t *times)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += weight_of(&rows[i], times);
    return sum;
}

/* Rows of equal rank share the mean of their places, and the curve is straight along them.
 * times  of units, or NULL: all once
 * error  that all share */
static sample take_sample(const row *rows, size_t n, const uint32_t *times, double error)
{
    sample s = { MDG_NAN, MDG_NAN, { 0 } };
    double all = total_weight(rows, n, times), below = 0, value_below = 0, moment = 0;
    if (!(all > 0))
        return s;
    size_t point = 1;
    for (size_t i = 0; i < n;) {
        double weight = 0, value = 0, rank = rows[i].rank;
        for (; i < n && rows[i].rank <= rank; i++) {
            double w = weight_of(&rows[i], times);
            weight += w;
            value += w * (rows[i].value + error * rows[i].exposure);
        }
        if (!(weight > 0))
            continue;
        moment += value * ((below + weight / 2) / all - 0.5);
        double end = below + weight;
        for (; point + 1 < MDG_CURVE_POINTS; point++) {
            double at = all * (double)point / (MDG_CURVE_POINTS - 1);
            if (at > end)
                break;
            s.curve[point] = value_below + (at - below) / weight * value;
        }
        below = end;
        value_below += value;
    }
    s.mean = value_below / all;
    s.absolute = 2 * moment / all;
    s.curve[MDG_CURVE_POINTS - 1] = value_below;
    for (size_t k = 0; k < MDG_CURVE_POINTS; k++)
        s.curve[k] = value_below > 0 ? s.curve[k] / value_below : MDG_NAN;
    return s;
}

static double index_of(const sample *s)
{
    return s->mean > 0 ? s->absolute / s->mean : MDG_NAN;
}

static double erreygers_of(const sample *s, const mdg_concentration_opts *o)
{
    return 4 * s->absolute / (o->hi - o->lo);
}

static double wagstaff_of(const sample *s, const mdg_concentration_opts *o)
{
    double room = (o->hi - s->mean) * (s->mean - o->lo);
    return room > 0 ? s->absolute * (o->hi - o->lo) / room : MDG_NAN;
}

/* ---- replicates --------------------------------------------------------------------------- */

static mdg_status resample_chunk(void *context, size_t chunk, size_t worker, mdg_error *err)
{
    (void)err;
    const job *j = context;
    uint32_t *times = j->times + worker * j->units;
    size_t to =
        (chunk + 1) * CHUNK < j->opts->replicates ? (chunk + 1) * CHUNK : j->opts->replicates;
    for (size_t i = chunk * CHUNK; i < to; i++) {
        mdg_rng rng = mdg_rng_make(j->opts->seed, stream_replicates + i);
        double error = j->shared_sd * mdg_rng_normal(&rng);
        resample_draw(j->units, &rng, times);
        j->samples[i] = take_sample(j->rows, j->n, times, error);
    }
    return MDG_OK;
}

/* What is read off a sample. */
typedef enum measure { INDEX, ABSOLUTE, ERREYGERS, WAGSTAFF, CURVE } measure;

static double read_off(const sample *s, const mdg_concentration_opts *o, measure what, size_t point)
{
    switch (what) {
    case INDEX:
        return index_of(s);
    case ABSOLUTE:
        return s->absolute;
    case ERREYGERS:
        return erreygers_of(s, o);
    case WAGSTAFF:
        return wagstaff_of(s, o);
    case CURVE:
        break;
    }
    return s->curve[point];
}

static mdg_estimate with_interval(const job *j, const sample *all, measure what, size_t point,
                                  double *scratch)
{
    const mdg_concentration_opts *o = j->opts;
    mdg_estimate e = { read_off(all, o, what, point), MDG_NAN, MDG_NAN };
    for (size_t i = 0; i < o->replicates; i++)
        scratch[i] = read_off(&j->samples[i], o, what, point);
    if (!isnan(e.value))
        resample_interval(scratch, o->replicates, j->units, o->level, &e);
    return e;
}

static mdg_concentration read_all(const job *j, const sample *all, double *scratch)
{
    mdg_concentration c = { .n = j->n, .units = j->units, .mean = all->mean };
    const mdg_estimate none = { MDG_NAN, MDG_NAN, MDG_NAN };
    bool bounded = !isnan(j->opts->lo);
    c.index = with_interval(j, all, INDEX, 0, scratch);
    c.absolute = with_interval(j, all, ABSOLUTE, 0, scratch);
    c.erreygers = bounded ? with_interval(j, all, ERREYGERS, 0, scratch) : none;
    c.wagstaff = bounded ? with_interval(j, all, WAGSTAFF, 0, scratch) : none;
    for (size_t k = 0; k < MDG_CURVE_POINTS; k++)
        c.curve[k] = with_interval(j, all, CURVE, k, scratch);
    return c;
}

/* ---- public ------------------------------------------------------------------------------- */

static int by_rank(const void *a, const void *b)
{
    const row *x = a, *y = b;
    const double p[] = { x->rank, x->value, x->weight, x->exposure, (double)x->unit };
    const double q[] = { y->rank, y->value, y->weight, y->exposure, (double)y->unit };
    for (size_t i = 0; i < sizeof p / sizeof *p; i++)
        if (p[i] < q[i] || p[i] > q[i])
            return p[i] < q[i] ? -1 : 1;
    return 0;
}

static mdg_status check(const mdg_concentration_data *d, const mdg_concentration_opts *o,
                        mdg_error *err)
{
    if (d->n == 0)
        return mdg_fail(err, MDG_E_SHORT, "no one to share a benefit");
    bool bounded = !isnan(o->lo) || !isnan(o->hi);
    if (!(o->level > 0 && o->level < 1) || o->replicates < LEAST_REPLICATES ||
        o->replicates > MOST_REPLICATES || o->threads < 1 || (bounded && !(o->lo < o->hi)))
        return mdg_fail(err, MDG_E_RANGE, "options of a concentration that cannot be");
    if (!isfinite(d->shared_sd) || d->shared_sd < 0)
        return mdg_fail(err, MDG_E_RANGE, "a shared error of %g", d->shared_sd);
    return MDG_OK;
}

static mdg_status fill_rows(const mdg_concentration_data *d, const mdg_concentration_opts *o,
                            const resample *units, row *rows, mdg_error *err)
{
    for (size_t i = 0; i < d->n; i++) {
        row r = { .rank = d->rank[i],
                  .value = d->value[i],
                  .weight = d->weight ? d->weight[i] : 1,
                  .exposure = d->exposure ? d->exposure[i] : 0,
                  .unit = units->of[i] };
        bool bounded = !isnan(o->lo);
        if (!isfinite(r.rank) || !isfinite(r.value) || !isfinite(r.exposure) ||
            !isfinite(r.weight) || r.weight < 0)
            return mdg_fail(err, MDG_E_RANGE,
                            "recipient %zu has a number that is not finite, or "
                            "a weight below 0",
                            i);
        if (bounded && (r.value < o->lo || r.value > o->hi))
            return mdg_fail(err, MDG_E_RANGE, "recipient %zu has %g, outside %g to %g", i, r.value,
                            o->lo, o->hi);
        rows[i] = r;
    }
    qsort(rows, d->n, sizeof *rows, by_rank);
    return MDG_OK;
}

static mdg_status compute(const mdg_concentration_data *d, const mdg_concentration_opts *o,
                          mdg_arena *mem, mdg_concentration *out, mdg_error *err)
{
    resample units;
    MDG_TRY(resample_make(d->unit, d->units, d->n, o->seed, mem, &units, err));
    row *rows = mdg_new(mem, row, d->n);
    size_t chunks = (o->replicates + CHUNK - 1) / CHUNK;
    job j = { .rows = rows,
              .n = d->n,
              .units = units.n,
              .opts = o,
              .shared_sd = d->shared_sd,
              .times =
                  mdg_new(mem, uint32_t, (o->threads < chunks ? o->threads : chunks) * units.n),
              .samples = mdg_new(mem, sample, o->replicates) };
    double *scratch = mdg_new(mem, double, o->replicates);
    if (!rows || !j.times || !j.samples || !scratch)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory for %zu recipients", d->n);
    MDG_TRY(fill_rows(d, o, &units, rows, err));
    sample all = take_sample(rows, d->n, NULL, 0);
    if (isnan(all.mean))
        return mdg_fail(err, MDG_E_SHORT, "the weights of %zu recipients sum to 0", d->n);
    MDG_TRY(mdg_parallel(chunks, o->threads, resample_chunk, &j, err));
    *out = read_all(&j, &all, scratch);
    return MDG_OK;
}

mdg_status mdg_concentration_compute(const mdg_concentration_data *data,
                                     const mdg_concentration_opts *opts, mdg_arena *mem,
                                     mdg_concentration *out, mdg_error *err)
{
    MDG_TRY(check(data, opts, err));
    mdg_arena_mark mark = mdg_arena_position(mem);
    mdg_status s = compute(data, opts, mem, out, err);
    mdg_arena_reset(mem, mark);
    return s;
}

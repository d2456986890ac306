/* Is a moderator's effect more than chance? Its rows are dealt to the effects anew. */
#include "pool/fit.h"

#include <string.h>

/* Statistics that differ by less are the same but for rounding. */
static const double tie = 1e-8;

typedef struct permutation {
    pooling p;
    double *z;     /* the moderators' columns as observed, p->l.z being dealt anew */
    size_t *row;   /* k: which row of moderators each effect has now */
    double *root;  /* p x p */
    double *beta;  /* p */
    double *here;  /* p: statistics of the moderators, then QM */
    double *real;  /* p: the same as observed */
    size_t *reach; /* p: how often they were reached */
} permutation;

static mdg_status load(const mdg_effects *e, const mdg_pool_opts *opts, mdg_arena *mem,
                       permutation *out, mdg_error *err)
{
    permutation m = { 0 };
    MDG_TRY(pooling_load(e, opts, mem, &m.p, err));
    size_t k = m.p.l.k, p = m.p.l.p;
    m.z = mdg_new(mem, double, p *k);
    m.row = mdg_new(mem, size_t, k);
    m.root = mdg_new(mem, double, p *p);
    m.beta = mdg_new(mem, double, p);
    m.here = mdg_new(mem, double, p);
    m.real = mdg_new(mem, double, p);
    m.reach = mdg_new(mem, size_t, p);
    if (!m.z || !m.row || !m.root || !m.beta || !m.here || !m.real || !m.reach)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory for %zu effects", k);
    memcpy(m.z, m.p.l.z, p * k * sizeof *m.z);
    for (size_t i = 0; i < k; i++)
        m.row[i] = i;
    *out = m;
    return MDG_OK;
}

/* Deals rows, fits, and puts statistics into `here`. */
static mdg_status refit(permutation *m, mdg_error *err)
{
    linear *l = &m->p.l;
    for (size_t j = 1; j < l->p; j++)
        for (size_t i = 0; i < l->k; i++)
            l->z[j * l->k + i] = m->z[j * l->k + m->row[i]];
    MDG_TRY(pooling_solve(&m->p, err));
    linear_coefficients(l, m->beta);
    linear_root(l, m->root);
    m->here[l->p - 1] = 0;
    for (size_t j = 1; j < l->p; j++) {
        double squares = 0;
        for (size_t a = j; a < l->p; a++)
            squares += m->root[j * l->p + a] * m->root[j * l->p + a];
        m->here[j - 1] = fabs(m->beta[j]) / sqrt(m->p.spread * squares);
        m->here[l->p - 1] += l->c[j] * l->c[j] / m->p.spread;
    }
    return MDG_OK;
}

static void count(permutation *m)
{
    for (size_t j = 0; j < m->p.l.p; j++)
        m->reach[j] += m->here[j] < m->real[j] - tie * fmax(1, m->real[j]) ? 0 : 1;
}

/* The next order of 0..n-1 in the order of dictionaries; there must be one. */
static void next_order(size_t *row, size_t n)
{
    size_t i = n - 1, j = n - 1;
    while (row[i - 1] > row[i])
        i--;
    while (row[j] < row[i - 1])
        j--;
    size_t swap = row[i - 1];
    row[i - 1] = row[j];
    row[j] = swap;
    for (size_t a = i, b = n - 1; a < b; a++, b--) {
        swap = row[a];
        row[a] = row[b];
        row[b] = swap;
    }
}

static void draw_order(size_t *row, size_t n, uint64_t seed, uint64_t replicate)
{
    mdg_rng rng = mdg_rng_make(seed, replicate);
    for (size_t i = 0; i < n; i++) {
        size_t j = (size_t)mdg_rng_below(&rng, i + 1);
        row[i] = row[j];
        row[j] = i;
    }
}

/* n!, or more than `most`. */
static size_t orders(size_t n, size_t most)
{
    size_t product = 1;
    for (size_t i = 2; i <= n && product <= most; i++)
        product = product <= most / i ? product * i : most + 1;
    return product;
}

static mdg_status permute(permutation *m, size_t most, uint64_t seed, double *p, bool *exact,
                          mdg_error *err)
{
    size_t k = m->p.l.k, n = m->p.l.p, all = orders(k, most);
    bool every = all <= most;
    size_t times = every ? all : most;
    MDG_TRY(refit(m, err));
    memcpy(m->real, m->here, n * sizeof *m->real);
    count(m);
    for (size_t i = 1; i < times; i++) {
        if (every)
            next_order(m->row, k);
        else
            draw_order(m->row, k, seed, i);
        MDG_TRY(refit(m, err));
        count(m);
    }
    for (size_t j = 0; j < n; j++)
        p[j] = isnan(m->real[j]) ? MDG_NAN : (double)m->reach[j] / (double)times;
    *exact = every;
    return MDG_OK;
}

mdg_status mdg_pool_permute(const mdg_effects *e, const mdg_pool_opts *opts, size_t most,
                            uint64_t seed, mdg_arena *mem, double *p, bool *exact, mdg_error *err)
{
    if (e->moderators == 0)
        return mdg_fail(err, MDG_E_UNSUPPORTED, "no moderators whose order could be changed");
    if (most == 0 || most == SIZE_MAX)
        return mdg_fail(err, MDG_E_RANGE, "%zu permutations", most);
    mdg_arena_mark mark = mdg_arena_position(mem);
    permutation m;
    mdg_status s = load(e, opts, mem, &m, err);
    if (s == MDG_OK)
        s = permute(&m, most, seed, p, exact, err);
    mdg_arena_reset(mem, mark);
    return s;
}

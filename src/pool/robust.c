/* Cluster-robust standard errors (CR2) without matrices of the size of a cluster.
 *
 * With V_i the variances of cluster i, Y_i its part of the turned design and G_i = V_i - Y_i Y_i'
 * those of its residuals, residuals are adjusted by A_i = D' (D G_i D')^(-1/2) D, D' D = V_i, which
 * is the geometric mean of V_i and the inverse of G_i:
 *     A_i = 2 / pi  integral over t > 0 of (t^2 V_i^-1 + G_i)^-1
 * What is inverted is a diagonal with few columns added, one after the other (Sherman and
 * Morrison). With t = e^x the integrand is smooth, and equal steps of x converge like
 * exp(-pi^2 / step). A direction in which G_i is 0 (the cluster alone tells a coefficient) is left
 * out, as by a pseudo-inverse.
 * source  Bell and McCaffrey 2002, Surv Methodol 28:169; Pustejovsky and Tipton 2018, J Bus Econ
 *         Stat 36:672; Bhatia 2007, Positive Definite Matrices, ch. 4 (the integral) */
#include "pool/robust.h"

#include <string.h>

static const double step = 0.3;
/* How far the sum goes beyond the range of eigenvalues, in x: e^-33 is nothing. */
static const double beyond = 33;
/* A direction of which a cluster tells this much, alone tells it. */
static const double alone = 1 - 1e-10;

/* One cluster. Vectors are of its n records, one after the other. */
typedef struct block {
    const clustered *c;
    size_t from, n;
    double shrink;           /* V^-1 = 1 / own - shrink (1 / own) (1 / own)' */
    double smallest, widest; /* bounds of V's eigenvalues */
    size_t nulls;

    double *added;    /* columns: ones, nulls, 1 / own, y; 2 p + 2 at most */
    double *right;    /* p columns: V^-1 y without what is null */
    double *solved;   /* of all of these */
    double *f;        /* p columns: A V^-1 y */
    double *b, *turn; /* p x p */
} block;

static double dot(const double *restrict x, const double *restrict y, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += x[i] * y[i];
    return sum;
}

static void take(double *restrict x, double times, const double *restrict y, size_t n)
{
    for (size_t i = 0; i < n; i++)
        x[i] -= times * y[i];
}

/* out = V^-1 x */
static void divide(const block *b, const double *restrict x, double *restrict out)
{
    const double *own = b->c->own + b->from;
    double sum = 0;
    for (size_t i = 0; i < b->n; i++)
        sum += x[i] / own[i];
    for (size_t i = 0; i < b->n; i++)
        out[i] = (x[i] - b->shrink * sum) / own[i];
}

/* Jacobi's rotations: `a` (p x p, symmetric) becomes diagonal, `turn` holds its eigenvectors in
 * columns. */
static void diagonalise(double *a, double *turn, size_t p)
{
    memset(turn, 0, p * p * sizeof *turn);
    for (size_t i = 0; i < p; i++)
        turn[i * p + i] = 1;
    for (int sweep = 0; sweep < 30; sweep++) {
        for (size_t i = 0; i < p; i++) {
            for (size_t j = 0; j < i; j++) {
                double off = a[i * p + j];
                if (fabs(off) < 1e-300)
                    continue;
                double ratio = (a[j * p + j] - a[i * p + i]) / (2 * off);
                double tan = copysign(1, ratio) / (fabs(ratio) + hypot(ratio, 1));
                double cos = 1 / hypot(tan, 1), sin = tan * cos;
                for (size_t l = 0; l < p; l++) {
                    double x = a[l * p + i], y = a[l * p + j];
                    a[l * p + i] = cos * x - sin * y;
                    a[l * p + j] = sin * x + cos * y;
                }
                for (size_t l = 0; l < p; l++) {
                    double x = a[i * p + l], y = a[j * p + l], u = turn[l * p + i],
                           v = turn[l * p + j];
                    a[i * p + l] = cos * x - sin * y;
                    a[j * p + l] = sin * x + cos * y;
                    turn[l * p + i] = cos * u - sin * v;
                    turn[l * p + j] = sin * u + cos * v;
                }
            }
        }
    }
}

/* A null direction w = V^-1 y u, made orthonormal to those before it by V^-1, and taken out of what
 * is solved for. */
static void leave_out(block *b, const double *u)
{
    size_t n = b->n, p = b->c->p;
    double *w = b->solved, *image = b->added + (1 + b->nulls) * n;
    memset(image, 0, n * sizeof *image);
    for (size_t j = 0; j < p; j++)
        take(image, -u[j * p], b->c->y + j * b->c->k + b->from, n);
    divide(b, image, w);
    for (size_t a = 0; a < b->nulls; a++) {
        double *before = b->solved + (1 + a) * n;
        take(w, dot(w, b->added + (1 + a) * n, n), before, n);
    }
    divide(b, w, image);
    double size = sqrt(dot(w, image, n));
    for (size_t i = 0; i < n; i++) {
        w[i] /= size;
        image[i] /= size;
    }
    for (size_t j = 0; j < p; j++)
        take(b->right + j * n, dot(w, b->right + j * n, n), image, n);
    b->nulls++;
    memcpy(b->solved + b->nulls * n, w, n * sizeof *w);
}

/* Everything of a cluster that does not depend on t. Returns the least eigenvalue of V G. */
static double prepare(block *b)
{
    const clustered *c = b->c;
    size_t n = b->n, p = c->p;
    const double *own = c->own + b->from;
    double weights = 0, most = 0;
    b->smallest = MDG_INFINITY;
    for (size_t i = 0; i < n; i++) {
        weights += 1 / own[i];
        b->smallest = fmin(b->smallest, own[i]);
        most = fmax(most, own[i]);
        b->added[i] = 1;
    }
    b->widest = most + (double)n * c->between;
    b->shrink = c->between / (1 + c->between * weights);
    b->nulls = 0;
    for (size_t j = 0; j < p; j++)
        divide(b, c->y + j * c->k + b->from, b->right + j * n);
    for (size_t i = 0; i < p; i++)
        for (size_t j = 0; j < p; j++)
            b->b[i * p + j] = dot(c->y + i * c->k + b->from, b->right + j * n, n);
    diagonalise(b->b, b->turn, p);
    double told = 0;
    for (size_t j = 0; j < p; j++) {
        if (b->b[j * p + j] > alone)
            leave_out(b, b->turn + j);
        else
            told = fmax(told, b->b[j * p + j]);
    }
    double *last = b->added + (1 + b->nulls) * n;
    for (size_t i = 0; i < n; i++)
        last[i] = 1 / own[i];
    for (size_t j = 0; j < p; j++)
        memcpy(last + (1 + j) * n, c->y + j * c->k + b->from, n * sizeof *last);
    return b->smallest * b->smallest * (1 - told);
}

/* Adds to f the integrand at t, times `weight`. */
static void add_node(const block *b, double t, double weight)
{
    size_t n = b->n, p = b->c->p, columns = 2 + b->nulls + p, all = columns + p;
    const double *own = b->c->own + b->from;
    for (size_t a = 0; a < all; a++) {
        const double *x = a < columns ? b->added + a * n : b->right + (a - columns) * n;
        double *s = b->solved + a * n;
        for (size_t i = 0; i < n; i++)
            s[i] = x[i] / (t * t / own[i] + own[i]);
    }
    for (size_t a = 0; a < columns; a++) {
        double times = a == 0              ? b->c->between
                       : a <= b->nulls     ? b->smallest * b->smallest
                       : a == b->nulls + 1 ? -t * t * b->shrink
                                           : -1;
        const double *x = b->added + a * n, *s = b->solved + a * n;
        double share = times / (1 + times * dot(x, s, n));
        for (size_t l = a + 1; l < all; l++)
            take(b->solved + l * n, share * dot(x, b->solved + l * n, n), s, n);
    }
    for (size_t j = 0; j < p; j++)
        take(b->f + j * n, -weight, b->solved + (columns + j) * n, n);
}

static void integrate(const block *b, double least)
{
    memset(b->f, 0, b->c->p * b->n * sizeof *b->f);
    double from = log(least) / 2 - beyond, to = log(b->widest) + beyond;
    size_t nodes = (size_t)((to - from) / step) + 1;
    for (size_t i = 0; i <= nodes; i++) {
        double t = exp(from + (double)i * step);
        add_node(b, t, 2 * step * t / 3.14159265358979323846);
    }
}

/* Sums of one coefficient over clusters. */
typedef struct tally {
    double variance; /* of the coefficient */
    double trace;    /* of the matrix whose quadratic form that is, and of its square but for h */
    double square;
} tally;

/* Adds the cluster to the sums of coefficient j, and h h' to `outer`. */
static void add_cluster(const block *b, size_t j, double *a, tally *t, double *outer)
{
    const clustered *c = b->c;
    size_t n = b->n, p = c->p;
    memset(a, 0, n * sizeof *a);
    for (size_t l = 0; l < p; l++)
        take(a, -c->root[j * p + l], b->f + l * n, n);
    double sum = 0, own = 0, along = 0, *h = b->b;
    for (size_t i = 0; i < n; i++) {
        sum += a[i];
        own += a[i] * a[i] * c->own[b->from + i];
    }
    own += c->between * sum * sum;
    for (size_t l = 0; l < p; l++) {
        h[l] = dot(c->y + l * c->k + b->from, a, n);
        along += h[l] * h[l];
    }
    for (size_t l = 0; l < p; l++)
        take(outer + l * p, -h[l], h, p);
    double score = dot(a, c->e + b->from, n);
    t->variance += score * score;
    t->trace += own - along;
    t->square += own * own - 2 * own * along;
}

static mdg_status allocate(block *b, mdg_arena *mem, mdg_error *err)
{
    size_t p = b->c->p, n = b->n, columns = 3 * p + 2;
    bool fits = n == 0 || columns <= SIZE_MAX / n;
    b->added = fits ? mdg_new(mem, double, (2 * p + 2) * n) : NULL;
    b->right = fits ? mdg_new(mem, double, p *n) : NULL;
    b->solved = fits ? mdg_new(mem, double, columns *n) : NULL;
    b->f = fits ? mdg_new(mem, double, p *n) : NULL;
    b->b = mdg_new(mem, double, p *p);
    b->turn = mdg_new(mem, double, p *p);
    bool all = b->added && b->right && b->solved && b->f && b->b && b->turn;
    return all ? MDG_OK : mdg_fail(err, MDG_E_MEMORY, "out of memory for %zu records", n);
}

static mdg_status run(const clustered *c, mdg_arena *mem, double *se, double *df, mdg_error *err)
{
    size_t p = c->p;
    block b = { .c = c };
    for (size_t i = 0; i < c->clusters; i++)
        b.n = c->start[i + 1] - c->start[i] > b.n ? c->start[i + 1] - c->start[i] : b.n;
    MDG_TRY(allocate(&b, mem, err));
    tally *t = mdg_new(mem, tally, p);
    double *outer = mdg_new(mem, double, p *p *p);
    if (!t || !outer)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory for %zu coefficients", p);
    for (size_t i = 0; i < c->clusters; i++) {
        b.from = c->start[i];
        b.n = c->start[i + 1] - b.from;
        integrate(&b, prepare(&b));
        for (size_t j = 0; j < p; j++)
            add_cluster(&b, j, b.solved, &t[j], outer + j * p * p);
    }
    for (size_t j = 0; j < p; j++) {
        double square = t[j].square + dot(outer + j * p * p, outer + j * p * p, p * p);
        se[j] = sqrt(t[j].variance);
        df[j] = t[j].trace * t[j].trace / square;
    }
    return MDG_OK;
}

mdg_status robust_errors(const clustered *c, mdg_arena *mem, double *se, double *df, mdg_error *err)
{
    mdg_arena_mark mark = mdg_arena_position(mem);
    mdg_status s = run(c, mem, se, df, err);
    mdg_arena_reset(mem, mark);
    return s;
}

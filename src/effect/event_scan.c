/* The search for changes in weekly residuals: every pair of weeks is tried as first and last.
 *
 * With W for whitening, y whitened and the basis Q orthonormal, the size of a change x is
 * (Wx)'y / D with D = |Wx|^2 - |Q'Wx|^2. For the indicator of an interval all of these are the sum
 * of a part that depends on its first week and one that depends on its last, so that a pair of
 * weeks costs a few additions. */
#include "effect/event_scan.h"

#include <assert.h>

enum {
    STEP_SIDE = 4, /* weeks at least before and after a level shift */
    STAY_SIDE = 2, /* before and after a temporary change */
    STAY_MIN = 3,  /* inside it */
    STAY_MAX = 52,
    NEAR = 10, /* weeks either side that tell how large errors are */
    NEAR_PRIOR = 3,
    /* Rows of sums: y, two of the season, the basis, and the square. */
    ROWS = 1 + EVENT_SEASON + EVENT_BASIS + 1
};

/* Autocorrelation of weekly means that the search starts from: that of days with 0.6. Each
 * candidate is then tested with its own. */
static const double scan_rho = 0.2;
/* Above this the weeks of a year cannot tell a level from noise. */
static const double max_rho = 0.8;
/* Season is subtracted but for so many standard errors: the limits are so far out that a wave and
 * errors rarely reach them together (docs/math/events.md). */
static const double season_free = 0.75;
/* A regressor that keeps less than this of its square is within the basis. */
static const double singular = 1e-6;

/* Digits are lost in an orthogonal part that is less than this of the whole.
 * source  Daniel et al. 1976, Math Comp 30:772 */
static const double cancelled = 0.5;

mdg_status event_work_make(size_t n, mdg_arena *mem, event_work *out, mdg_error *err)
{
    size_t m = n / EVENT_WEEK + 1;
    event_work k = { .weeks.days = n };
    k.weeks.week = mdg_new(mem, size_t, 2 * m);
    double *doubles = mdg_new(mem, double, (10 + 2 * (EVENT_SEASON + EVENT_BASIS)) * m);
    k.sums = mdg_new(mem, double, 2 * ROWS * (m + 1));
    if (!k.weeks.week || !doubles || !k.sums)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory for the events of %zu days", n);
    k.weeks.first = k.weeks.week + m;
    double **const arrays[] = { &k.weeks.y, &k.space.carry, &k.space.scale,  &k.space.y, &k.x,
                                &k.white,   &k.left,        &k.space.weight, &k.row };
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++, doubles += m)
        *arrays[i] = doubles;
    doubles += m; /* row has one more */
    for (size_t i = 0; i < EVENT_SEASON; i++, doubles += 2 * m) {
        k.weeks.season[i] = doubles;
        k.space.season[i] = doubles + m;
    }
    for (size_t i = 0; i < EVENT_BASIS; i++, doubles += 2 * m) {
        k.weeks.basis[i] = doubles;
        k.space.basis[i] = doubles + m;
    }
    *out = k;
    return MDG_OK;
}

void event_regressor(const event_weeks *w, const event_candidate *c, double *x)
{
    for (size_t t = 0; t < w->n; t++) {
        size_t from = w->first[t], to = from + EVENT_WEEK < w->days ? from + EVENT_WEEK : w->days;
        if (c->kind == MDG_EVENT_DRIFT) {
            x[t] = (double)(from + to) / (2 * (double)w->days) - 0.5;
            continue;
        }
        size_t lo = c->from > from ? c->from : from, hi = c->to < to ? c->to : to;
        x[t] = hi > lo ? (double)(hi - lo) / (double)(to - from) : 0;
    }
}

/* ---- whitening ---------------------------------------------------------------------------- */

/* Four sums side by side: one waits for each addition before the next. */
static double dot(const double *a, const double *b, size_t n)
{
    double sum[4] = { 0 };
    size_t t = 0;
    for (; t + 4 <= n; t += 4)
        for (size_t k = 0; k < 4; k++)
            sum[k] += a[t + k] * b[t + k];
    for (; t < n; t++)
        sum[0] += a[t] * b[t];
    return (sum[0] + sum[1]) + (sum[2] + sum[3]);
}

static void whiten(const event_space *s, const double *x, size_t n, double *out)
{
    double before = 0;
    for (size_t t = 0; t < n; t++) {
        double here = s->weight[t] * x[t];
        out[t] = s->scale[t] * (here - s->carry[t] * before);
        before = here;
    }
}

static void project(const event_space *s, size_t n, double *x)
{
    for (size_t j = 0; j < s->rank; j++) {
        double along = dot(s->basis[j], x, n);
        for (size_t t = 0; t < n; t++)
            x[t] -= along * s->basis[j][t];
    }
}

/* Errors are larger in some seasons: the weight of a week is one over the mean step from week to
 * week near by, to which some of the mean step of all weeks is added. */
static void weigh(const event_weeks *w, event_space *s)
{
    double all = 0;
    for (size_t t = 1; t < w->n; t++)
        all += fabs(w->y[t] - w->y[t - 1]);
    all /= (double)w->n - 1;
    s->error = all;
    for (size_t t = 0; t < w->n; t++) {
        double sum = NEAR_PRIOR * all, count = NEAR_PRIOR;
        size_t lo = t > NEAR ? t + 1 - NEAR : 1, hi = t + NEAR < w->n ? t + NEAR : w->n - 1;
        for (size_t k = lo; k <= hi; k++) {
            double part = 1 - fabs((double)k - (double)t - 0.5) / NEAR;
            sum += part * fabs(w->y[k] - w->y[k - 1]);
            count += part;
        }
        s->weight[t] = all > 0 ? count * all / sum : 1;
    }
}

/* Errors of weeks are AR(1); a gap of g weeks leaves rho^g of it. */
static void space_make(const event_weeks *w, double rho, event_space *s)
{
    for (size_t t = 0; t < w->n; t++) {
        double gap = t ? (double)(w->week[t] - w->week[t - 1]) : 0;
        s->carry[t] = t ? (gap > 1 ? pow(rho, gap) : rho) : 0;
        s->scale[t] = sqrt((1 - rho * rho) / (1 - s->carry[t] * s->carry[t]));
    }
    s->rank = 0;
    for (size_t j = 0; j < w->basis_n; j++) {
        double *q = s->basis[s->rank];
        whiten(s, w->basis[j], w->n, q);
        double whole = dot(q, q, w->n);
        project(s, w->n, q);
        double square = dot(q, q, w->n);
        if (square < cancelled * whole) { /* again: orthogonal to the last digits */
            project(s, w->n, q);
            square = dot(q, q, w->n);
        }
        if (!(square > singular * whole))
            continue;
        for (size_t t = 0; t < w->n; t++)
            q[t] /= sqrt(square);
        s->rank++;
    }
    whiten(s, w->y, w->n, s->y);
    project(s, w->n, s->y);
    for (size_t i = 0; i < EVENT_SEASON; i++) {
        whiten(s, w->season[i], w->n, s->season[i]);
        project(s, w->n, s->season[i]);
    }
}

/* ---- one candidate ------------------------------------------------------------------------ */

/* Lag-1 correlation of what is left, corrected for the bias of a short series with a mean and a
 * trend, and not below 0: a negative one would only sharpen the test.
 * source  Marriott and Pope 1954, Biometrika 41:390 */
static double autocorrelation(const event_weeks *w, const double *left)
{
    double both = 0, square = dot(left, left, w->n);
    for (size_t t = 1; t < w->n; t++)
        if (w->week[t] - w->week[t - 1] == 1)
            both += left[t] * left[t - 1];
    if (!(square > 0))
        return 0;
    double n = (double)w->n, rho = (n * both / square + 2) / (n - 4);
    return fmin(fmax(rho, 0), max_rho);
}

/* Fills size, rss and statistic in the space; leaves the residuals in work->left. */
static void regress(event_work *k, double season, event_candidate *c)
{
    const event_weeks *w = &k->weeks;
    const event_space *s = &k->space;
    whiten(s, k->x, w->n, k->white);
    double whole = dot(k->white, k->white, w->n);
    project(s, w->n, k->white);
    double square = dot(k->white, k->white, w->n);
    c->statistic = MDG_NAN;
    if (!(square > singular * whole))
        return;
    c->size = dot(k->white, s->y, w->n) / square;
    for (size_t t = 0; t < w->n; t++)
        k->left[t] = s->y[t] - c->size * k->white[t];
    c->rss = dot(k->left, k->left, w->n);
    double by_season =
        season * hypot(dot(k->white, s->season[0], w->n), dot(k->white, s->season[1], w->n));
    double freedom = (double)w->n - (double)s->rank - 1;
    double error = sqrt(square * c->rss / freedom);
    double clear = fabs(c->size) * square - fmax(by_season - season_free * error, 0);
    c->statistic = clear / error;
}

void event_resize(event_work *k, size_t j, event_candidate *c)
{
    event_weeks *w = &k->weeks;
    double **own = &w->basis[EVENT_ALWAYS + j], **last = &w->basis[--w->basis_n];
    double *x = *own, *kept = k->x;
    *own = *last;
    k->x = x;
    space_make(w, scan_rho, &k->space);
    regress(k, 0, c);
    k->x = kept;
    *own = x;
    w->basis_n++;
}

/* The tests themselves: the autocorrelation of each is that of the residuals without the change. */
static void test(event_work *k, double season, event_candidate c[MDG_EVENT_TESTS])
{
    double rho[MDG_EVENT_TESTS];
    space_make(&k->weeks, 0, &k->space);
    for (size_t i = 0; i < MDG_EVENT_TESTS; i++) {
        event_regressor(&k->weeks, &c[i], k->x);
        regress(k, season, &c[i]);
        rho[i] = isnan(c[i].statistic) ? 0 : autocorrelation(&k->weeks, k->left);
    }
    for (size_t i = 0; i < MDG_EVENT_TESTS; i++) {
        if (!(rho[i] > 0))
            continue;
        event_regressor(&k->weeks, &c[i], k->x);
        space_make(&k->weeks, rho[i], &k->space);
        regress(k, season, &c[i]);
    }
}

/* ---- all intervals ------------------------------------------------------------------------ */

/* The two parts of one row for every week: begin[a] + end[b] is the sum over the interval [a, b) of
 * its whitened indicator times q; with q NULL, of its square. */
static void row_parts(const event_space *s, const double *q, size_t n, double *begin, double *end)
{
    double sum = 0;
    for (size_t t = 0; t < n; t++) {
        double enter = s->scale[t] * s->weight[t];
        double leave = t ? -s->scale[t] * s->carry[t] * s->weight[t - 1] : 0;
        double stay = enter + leave;
        end[t] = sum + (q ? leave * q[t] : leave * leave);
        sum += q ? stay * q[t] : stay * stay;
        begin[t] = (q ? enter * q[t] : enter * enter) - sum;
    }
    end[n] = sum;
}

typedef struct scan_rows {
    size_t rows, stride;
    const double *begin, *end; /* row r at r * stride; the last row is the square */
    double season, error, *row;
} scan_rows;

/* Statistics, but for the scale of the errors, of the intervals [a, b) with b in [lo, hi]; returns
 * the b of the largest, which goes to *best. */
static size_t scan_ends(const scan_rows *r, size_t a, size_t lo, size_t hi, double *best)
{
    size_t m = r->stride, last = r->rows - 1, at = lo;
    const double *e = r->end;
    double y = r->begin[a], s = r->begin[m + a], c = r->begin[2 * m + a];
    double square = r->begin[last * m + a], *left = r->row;
    for (size_t b = lo; b <= hi; b++)
        left[b] = square + e[last * m + b];
    for (size_t j = 1 + EVENT_SEASON; j < last; j++)
        for (size_t b = lo; b <= hi; b++) {
            double along = r->begin[j * m + a] + e[j * m + b];
            left[b] -= along * along;
        }
    for (size_t b = lo; b <= hi; b++) {
        double whole = square + e[last * m + b], sine = s + e[m + b], cosine = c + e[2 * m + b];
        double error = r->error * sqrt(left[b]);
        double by_season = r->season * sqrt(sine * sine + cosine * cosine) - season_free * error;
        double clear = fabs(y + e[b]) - (by_season > 0 ? by_season : 0);
        left[b] = left[b] > singular * whole ? clear / sqrt(left[b]) : -MDG_INFINITY;
    }
    *best = -MDG_INFINITY;
    for (size_t b = lo; b <= hi; b++)
        if (left[b] > *best) {
            *best = left[b];
            at = b;
        }
    return at;
}

static scan_rows scan_rows_make(event_work *k, double season)
{
    const event_space *s = &k->space;
    size_t n = k->weeks.n, stride = n + 1, row = 0;
    double *begin = k->sums, *end = k->sums + ROWS * stride;
    const double *of[ROWS] = { s->y, s->season[0], s->season[1] };
    size_t rows = 1 + EVENT_SEASON;
    for (size_t j = 0; j < s->rank; j++)
        of[rows++] = s->basis[j];
    of[rows++] = NULL;
    for (; row < rows; row++)
        row_parts(s, of[row], n, begin + row * stride, end + row * stride);
    return (scan_rows){ .rows = rows,
                        .stride = stride,
                        .begin = begin,
                        .end = end,
                        .season = season,
                        .error = k->space.error,
                        .row = k->row };
}

static event_candidate interval(const event_weeks *w, mdg_event_kind kind, size_t a, size_t b)
{
    return (event_candidate){ .kind = kind,
                              .from = w->first[a],
                              .to = b < w->n ? w->first[b] : w->days,
                              .statistic = MDG_NAN };
}

static event_candidate best_step(const event_weeks *w, const scan_rows *r)
{
    double best = -MDG_INFINITY, here;
    size_t at = 0;
    for (size_t a = STEP_SIDE; a + STEP_SIDE <= w->n; a++) {
        scan_ends(r, a, w->n, w->n, &here);
        if (here > best) {
            best = here;
            at = a;
        }
    }
    return interval(w, MDG_EVENT_LEVEL_SHIFT, at, w->n);
}

static event_candidate best_stay(const event_weeks *w, const scan_rows *r)
{
    double best = -MDG_INFINITY, here;
    size_t from = 0, to = 0, longest = w->n / 2 < STAY_MAX ? w->n / 2 : STAY_MAX;
    for (size_t a = STAY_SIDE; a + STAY_MIN + STAY_SIDE <= w->n; a++) {
        size_t hi = a + longest < w->n - STAY_SIDE ? a + longest : w->n - STAY_SIDE;
        size_t b = scan_ends(r, a, a + STAY_MIN, hi, &here);
        if (here > best) {
            best = here;
            from = a;
            to = b;
        }
    }
    return interval(w, MDG_EVENT_TEMPORARY, from, to);
}

void event_scan(event_work *k, double season, event_candidate out[MDG_EVENT_TESTS])
{
    assert(k->weeks.n >= MDG_EVENT_WEEKS);
    weigh(&k->weeks, &k->space);
    space_make(&k->weeks, scan_rho, &k->space);
    scan_rows r = scan_rows_make(k, season);
    out[MDG_EVENT_LEVEL_SHIFT] = best_step(&k->weeks, &r);
    out[MDG_EVENT_TEMPORARY] = best_stay(&k->weeks, &r);
    out[MDG_EVENT_DRIFT] = (event_candidate){ .kind = MDG_EVENT_DRIFT, .to = k->weeks.days };
    test(k, season, out);
}

/* Which groups have to be withheld so that no small set can be worked out of what is published. */
#include <madang/evidence.h>

#include <stdlib.h>
#include <string.h>

#define TINY 1e-9

typedef struct audit {
    const mdg_sets *in;
    const mdg_disclosure_opts *opts;
    mdg_arena *mem;
    mdg_withheld *withheld;
    mdg_audit *out;
    mdg_contributions *whole; /* of each set */
    size_t *active; /* sets that pass by themselves: released, then cohorts, then groups */
    size_t n;       /* of them; some are withheld later */
    bool *has;      /* n x atoms */
} audit;

static bool published(const audit *a, size_t k)
{
    return a->withheld[a->active[k]] == MDG_WITHHELD_NOT;
}

static const mdg_set *set_of(const audit *a, size_t k)
{
    return &a->in->set[a->active[k]];
}

static bool breaks(const audit *a, const mdg_contributions *c, mdg_cohort_rule *rule)
{
    if (c->n == 0)
        return false;
    *rule = mdg_cohort_check(c, a->opts);
    return *rule != MDG_COHORT_RULE_COUNT;
}

/* ---- one set after the other ------------------------------------------------------------------
 */

static void refuse(audit *a, size_t set, size_t other, mdg_cohort_rule rule, size_t difference)
{
    if (a->out->refused)
        return;
    *a->out = (mdg_audit){
        .refused = true, .set = set, .other = other, .rule = rule, .difference = difference
    };
}

static mdg_status sum_sets(audit *a, mdg_error *err)
{
    const mdg_sets *in = a->in;
    a->whole = mdg_new(a->mem, mdg_contributions, in->n);
    a->active = mdg_new(a->mem, size_t, in->n);
    if (!a->whole || !a->active)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory for %zu sets of meters", in->n);
    for (size_t i = 0; i < in->atoms; i++)
        for (size_t j = in->first[i]; j < in->first[i + 1]; j++)
            mdg_contributions_merge(&a->whole[in->of[j]], &in->atom[i]);
    return MDG_OK;
}

static void check_single(audit *a)
{
    for (size_t s = 0; s < a->in->n; s++) {
        mdg_cohort_rule rule = MDG_COHORT_RULE_COUNT;
        mdg_set_kind kind = a->in->set[s].kind;
        if (kind != MDG_SET_RELEASED)
            rule = mdg_cohort_check(&a->whole[s], a->opts);
        if (rule == MDG_COHORT_RULE_COUNT)
            continue;
        if (kind == MDG_SET_COHORT)
            refuse(a, s, s, rule, a->whole[s].n);
        else if (a->withheld[s] == MDG_WITHHELD_NOT)
            a->withheld[s] = MDG_WITHHELD_OWN;
    }
}

/* Released sets come first, so that what they give away alone is not laid at the door of new ones.
 */
static mdg_status list_active(audit *a, mdg_error *err)
{
    static const mdg_set_kind order[] = { MDG_SET_RELEASED, MDG_SET_COHORT, MDG_SET_GROUP };
    const mdg_sets *in = a->in;
    for (size_t k = 0; k < sizeof order / sizeof *order; k++)
        for (size_t s = 0; s < in->n; s++)
            if (in->set[s].kind == order[k] && a->withheld[s] == MDG_WITHHELD_NOT)
                a->active[a->n++] = s;
    if (a->n > MDG_AUDIT_SETS || a->n * in->atoms > MDG_AUDIT_CELLS) {
        mdg_fail(err, MDG_E_RANGE, "%zu sets of meters in %zu combinations are too many to check",
                 a->n, in->atoms);
        mdg_hint(err, "publish fewer groups");
        return MDG_E_RANGE;
    }
    a->has = mdg_new(a->mem, bool, a->n * in->atoms);
    size_t *at = mdg_new(a->mem, size_t, in->n);
    if (!a->has || !at)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory for %zu sets of meters", a->n);
    for (size_t k = 0; k < a->n; k++)
        at[a->active[k]] = k + 1;
    for (size_t i = 0; i < in->atoms; i++)
        for (size_t j = in->first[i]; j < in->first[i + 1]; j++)
            if (at[in->of[j]] > 0)
                a->has[(at[in->of[j]] - 1) * in->atoms + i] = true;
    return MDG_OK;
}

/* ---- two sets ---------------------------------------------------------------------------------
 */

/* Of the two the group with fewer meters, or the later one. Without a group a cohort is refused. */
static void withhold_of(audit *a, size_t k, size_t l, mdg_cohort_rule rule, size_t difference)
{
    bool k_may = set_of(a, k)->kind == MDG_SET_GROUP, l_may = set_of(a, l)->kind == MDG_SET_GROUP;
    if (!k_may && !l_may) {
        bool k_fresh = set_of(a, k)->kind == MDG_SET_COHORT;
        refuse(a, a->active[k_fresh ? k : l], a->active[k_fresh ? l : k], rule, difference);
        return;
    }
    bool k_smaller = a->whole[a->active[k]].n < a->whole[a->active[l]].n;
    size_t gone = k_may && (k_smaller || !l_may) ? k : l;
    a->withheld[a->active[gone]] = MDG_WITHHELD_DIFFERENCE;
}

/* What is in one of the two and not in the other: with it, one would give the other away. */
static mdg_contributions apart(const audit *a, size_t k, size_t l)
{
    size_t atoms = a->in->atoms;
    const bool *p = a->has + k * atoms, *q = a->has + l * atoms;
    mdg_contributions c = { 0 };
    for (size_t i = 0; i < atoms; i++)
        if (p[i] != q[i])
            mdg_contributions_merge(&c, &a->in->atom[i]);
    return c;
}

/* The same of one and the other's complement in their cohort, which is published through it. */
static mdg_contributions apart_from_complement(const audit *a, size_t k, size_t l)
{
    size_t atoms = a->in->atoms, whole = 0;
    while (whole < a->n && a->active[whole] != set_of(a, k)->cohort)
        whole++;
    const bool *p = a->has + k * atoms, *q = a->has + l * atoms;
    mdg_contributions c = { 0 };
    for (size_t i = 0; i < atoms && whole < a->n; i++)
        if (a->has[whole * atoms + i] && p[i] == q[i])
            mdg_contributions_merge(&c, &a->in->atom[i]);
    return c;
}

static void check_pair(audit *a, size_t k, size_t l)
{
    const mdg_set *x = set_of(a, k), *y = set_of(a, l);
    bool groups = x->cohort == y->cohort && x->kind == MDG_SET_GROUP && y->kind == MDG_SET_GROUP;
    if ((x->kind == MDG_SET_RELEASED && y->kind == MDG_SET_RELEASED) || (groups && x->by == y->by))
        return;
    mdg_cohort_rule rule;
    mdg_contributions c = apart(a, k, l);
    bool bad = breaks(a, &c, &rule);
    if (!bad && groups) {
        c = apart_from_complement(a, k, l);
        bad = breaks(a, &c, &rule);
    }
    if (bad)
        withhold_of(a, k, l, rule, c.n);
}

static void check_pairs(audit *a)
{
    for (size_t k = 0; k < a->n; k++)
        for (size_t l = k + 1; l < a->n && published(a, k); l++)
            if (published(a, l))
                check_pair(a, k, l);
}

/* ---- what is left of a column -----------------------------------------------------------------
 */

/* The published group of the column with the fewest meters, the later one of equal ones. */
static size_t smallest_of(const audit *a, size_t cohort, size_t by)
{
    size_t best = a->n;
    for (size_t k = 0; k < a->n; k++) {
        const mdg_set *s = set_of(a, k);
        if (s->kind != MDG_SET_GROUP || s->cohort != cohort || s->by != by || !published(a, k))
            continue;
        if (best == a->n || a->whole[a->active[k]].n <= a->whole[a->active[best]].n)
            best = k;
    }
    return best;
}

static bool check_column(audit *a, size_t cohort_at, size_t by)
{
    size_t atoms = a->in->atoms, cohort = a->active[cohort_at];
    mdg_contributions rest = { 0 };
    for (size_t i = 0; i < atoms; i++) {
        bool covered = !a->has[cohort_at * atoms + i];
        for (size_t k = 0; k < a->n && !covered; k++)
            covered = set_of(a, k)->kind == MDG_SET_GROUP && set_of(a, k)->cohort == cohort &&
                      set_of(a, k)->by == by && published(a, k) && a->has[k * atoms + i];
        if (!covered)
            mdg_contributions_merge(&rest, &a->in->atom[i]);
    }
    mdg_cohort_rule rule;
    if (!breaks(a, &rest, &rule))
        return false;
    size_t gone = smallest_of(a, cohort, by);
    a->withheld[a->active[gone]] = MDG_WITHHELD_REMAINDER;
    return true;
}

/* Whether a group had to go. */
static bool check_columns(audit *a)
{
    for (size_t c = 0; c < a->n; c++) {
        if (set_of(a, c)->kind != MDG_SET_COHORT)
            continue;
        for (size_t k = 0; k < a->n; k++) {
            const mdg_set *s = set_of(a, k);
            bool first = s->kind == MDG_SET_GROUP && s->cohort == a->active[c] && published(a, k);
            for (size_t l = 0; l < k && first; l++)
                first = set_of(a, l)->kind != MDG_SET_GROUP || set_of(a, l)->by != s->by ||
                        set_of(a, l)->cohort != s->cohort || !published(a, l);
            if (first && check_column(a, c, s->by))
                return true;
        }
    }
    return false;
}

/* ---- linear combinations ----------------------------------------------------------------------
 */

/* Rows are published sets, columns the sets of meters that they cannot tell apart, then one column
 * for each row that keeps what was added to it. */
typedef struct ranked {
    size_t part, n;
} ranked;

typedef struct matrix {
    size_t rows, parts, columns;
    double *value;
    size_t *row_set; /* index into active */
    mdg_contributions *part;
    ranked *order; /* parts 1 and on, the largest first */
} matrix;

/* Numbers atoms so that those in the same published sets have the same number, and those in none 0:
 * every set splits the numbers that it halves. Returns how many numbers there are.
 * renamed, stamp  zeroed, one more than all sets have atoms together */
static size_t find_parts(const audit *a, size_t *number, size_t *renamed, size_t *stamp)
{
    size_t atoms = a->in->atoms, parts = 1;
    for (size_t k = 0; k < a->n; k++) {
        size_t began = parts;
        for (size_t i = 0; published(a, k) && i < atoms; i++) {
            if (!a->has[k * atoms + i])
                continue;
            if (stamp[number[i]] <= began) {
                stamp[number[i]] = began + 1;
                renamed[number[i]] = parts++;
            }
            number[i] = renamed[number[i]];
        }
    }
    /* Numbers that splits left without atoms are closed up. */
    memset(renamed, 0, parts * sizeof *renamed);
    size_t used = 1;
    for (size_t i = 0; i < atoms; i++) {
        if (number[i] == 0)
            continue;
        if (renamed[number[i]] == 0)
            renamed[number[i]] = used++;
        number[i] = renamed[number[i]];
    }
    return used;
}

static int by_size(const void *x, const void *y)
{
    const ranked *a = x, *b = y;
    if (a->n != b->n)
        return a->n > b->n ? -1 : 1;
    return a->part < b->part ? -1 : a->part > b->part;
}

static mdg_status make_matrix(const audit *a, matrix *m, mdg_error *err)
{
    size_t atoms = a->in->atoms;
    size_t most = 1;
    for (size_t i = 0; i < a->n * atoms; i++)
        most += a->has[i];
    size_t *number = mdg_new(a->mem, size_t, atoms);
    size_t *renamed = mdg_new(a->mem, size_t, most);
    size_t *stamp = mdg_new(a->mem, size_t, most);
    m->row_set = mdg_new(a->mem, size_t, a->n);
    if (!number || !renamed || !stamp || !m->row_set)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory for %zu combinations", atoms);
    m->parts = find_parts(a, number, renamed, stamp);
    for (size_t k = 0; k < a->n; k++)
        if (published(a, k))
            m->row_set[m->rows++] = k;
    m->columns = m->parts + m->rows;
    m->part = mdg_new(a->mem, mdg_contributions, m->parts);
    m->order = mdg_new(a->mem, ranked, m->parts);
    m->value = mdg_new(a->mem, double, m->rows * m->columns);
    if (!m->part || !m->order || !m->value)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory for %zu combinations", atoms);
    for (size_t i = 0; i < atoms; i++)
        mdg_contributions_merge(&m->part[number[i]], &a->in->atom[i]);
    for (size_t i = 1; i < m->parts; i++)
        m->order[i - 1] = (ranked){ i, m->part[i].n };
    qsort(m->order, m->parts - 1, sizeof *m->order, by_size);
    for (size_t r = 0; r < m->rows; r++) {
        for (size_t i = 0; i < atoms; i++)
            if (a->has[m->row_set[r] * atoms + i])
                m->value[r * m->columns + number[i]] = 1;
        m->value[r * m->columns + m->parts + r] = 1;
    }
    return MDG_OK;
}

/* Gauss and Jordan, large parts first: what is small in the end is made of the small parts alone,
 * and a combination that leaves a small set has nothing of any large part. Of usable pivots the
 * first row's is taken: released sets are first. */
static void eliminate(matrix *m)
{
    for (size_t step = 0, top = 0; step + 1 < m->parts && top < m->rows; step++) {
        size_t column = m->order[step].part;
        double largest = 0;
        for (size_t r = top; r < m->rows; r++)
            largest = fmax(largest, fabs(m->value[r * m->columns + column]));
        if (largest < TINY)
            continue;
        size_t pivot = top;
        while (fabs(m->value[pivot * m->columns + column]) < 0.1 * largest)
            pivot++;
        for (; pivot > top; pivot--) {
            for (size_t c = 0; c < m->columns; c++) {
                double *x = &m->value[pivot * m->columns + c], *y = x - m->columns, keep = *x;
                *x = *y;
                *y = keep;
            }
        }
        double *from = m->value + top * m->columns, by = from[column];
        for (size_t c = 0; c < m->columns; c++)
            from[c] /= by;
        for (size_t r = 0; r < m->rows; r++) {
            double *to = m->value + r * m->columns, times = to[column];
            if (r == top || fabs(times) < TINY)
                continue;
            for (size_t c = 0; c < m->columns; c++)
                to[c] -= times * from[c];
        }
        top++;
    }
}

/* The smallest group that a row is made of goes; without one a cohort cannot stand. */
static bool resolve_row(audit *a, const matrix *m, size_t row, mdg_cohort_rule rule, size_t members)
{
    const double *made_of = m->value + row * m->columns + m->parts;
    size_t best = a->n, cohort = a->n, released = a->n;
    for (size_t r = 0; r < m->rows; r++) {
        size_t k = m->row_set[r];
        if (fabs(made_of[r]) < TINY)
            continue;
        if (set_of(a, k)->kind == MDG_SET_RELEASED)
            released = k;
        else if (set_of(a, k)->kind == MDG_SET_COHORT)
            cohort = k;
        else if (best == a->n || a->whole[a->active[k]].n <= a->whole[a->active[best]].n)
            best = k;
    }
    if (best < a->n) {
        a->withheld[a->active[best]] = MDG_WITHHELD_COMBINATION;
        return true;
    }
    if (cohort < a->n)
        refuse(a, a->active[cohort], a->active[released < a->n ? released : cohort], rule, members);
    return false;
}

static mdg_status check_combinations(audit *a, bool *again, mdg_error *err)
{
    mdg_arena_mark mark = mdg_arena_position(a->mem);
    matrix m = { 0 };
    MDG_TRY(make_matrix(a, &m, err));
    eliminate(&m);
    for (size_t r = 0; r < m.rows && !*again; r++) {
        mdg_contributions c = { 0 };
        for (size_t i = 1; i < m.parts; i++)
            if (fabs(m.value[r * m.columns + i]) > TINY)
                mdg_contributions_merge(&c, &m.part[i]);
        mdg_cohort_rule rule;
        if (breaks(a, &c, &rule))
            *again = resolve_row(a, &m, r, rule, c.n);
    }
    mdg_arena_reset(a->mem, mark);
    return MDG_OK;
}

/* ---- public -----------------------------------------------------------------------------------
 */

static mdg_status run(audit *a, mdg_error *err)
{
    MDG_TRY(sum_sets(a, err));
    check_single(a);
    MDG_TRY(list_active(a, err));
    check_pairs(a);
    for (bool again = true; again && !a->out->refused;) {
        again = check_columns(a);
        if (!again)
            MDG_TRY(check_combinations(a, &again, err));
    }
    return MDG_OK;
}

mdg_status mdg_audit_sets(const mdg_sets *sets, const mdg_disclosure_opts *opts, mdg_arena *mem,
                          mdg_withheld *withheld, mdg_audit *out, mdg_error *err)
{
    mdg_arena_mark mark = mdg_arena_position(mem);
    mdg_audit result = { 0 };
    audit a = { .in = sets, .opts = opts, .mem = mem, .out = &result };
    a.withheld = withheld;
    mdg_status s = run(&a, err);
    mdg_arena_reset(mem, mark);
    if (s == MDG_OK)
        *out = result;
    return s;
}

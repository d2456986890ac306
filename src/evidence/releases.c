/* Releases of one city, laid over each other: which meters are in which published sets. */
#include <madang/evidence.h>

#include <assert.h>
#include <string.h>

#define NO_CELL UINT32_MAX

typedef struct join {
    const mdg_release *r;
    size_t n;
    mdg_arena *mem;
    uint64_t *id; /* all ids, ascending */
    size_t ids;
    size_t *number; /* of each id: those with the same number are in the same cells */
    size_t numbers;
    uint32_t *cell; /* n x numbers: cell of those ids in each release, or NO_CELL */
    size_t *base;   /* index of each release's cohort among the sets */
} join;

static mdg_status check_release(const mdg_release *r, mdg_error *err)
{
    for (size_t i = 0; i < r->n; i++) {
        if (i > 0 && r->id[i] <= r->id[i - 1])
            return mdg_fail(err, MDG_E_RANGE, "the ids of a release do not ascend");
        if (r->cell[i] >= r->cells)
            return mdg_fail(err, MDG_E_RANGE, "cell %u of %zu", r->cell[i], r->cells);
    }
    for (size_t i = 0; i < (r->cells > 0 ? r->first[r->cells] : 0); i++)
        if (r->of[i] >= r->groups)
            return mdg_fail(err, MDG_E_RANGE, "group %zu of %zu", r->of[i], r->groups);
    return MDG_OK;
}

/* ---- all ids ----------------------------------------------------------------------------------
 */

static size_t merge_ids(const uint64_t *x, size_t nx, const uint64_t *y, size_t ny, uint64_t *to)
{
    size_t i = 0, j = 0, n = 0;
    while (i < nx || j < ny) {
        bool take_x = j == ny || (i < nx && x[i] <= y[j]);
        uint64_t id = take_x ? x[i] : y[j];
        i += i < nx && x[i] == id;
        j += j < ny && y[j] == id;
        to[n++] = id;
    }
    return n;
}

static mdg_status collect_ids(join *j, mdg_error *err)
{
    size_t total = 0;
    for (size_t r = 0; r < j->n; r++)
        total += j->r[r].n;
    uint64_t *one = mdg_new(j->mem, uint64_t, total), *two = mdg_new(j->mem, uint64_t, total);
    if (!one || !two)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory for %zu released meters", total);
    for (size_t r = 0; r < j->n; r++) {
        j->ids = merge_ids(one, j->ids, j->r[r].id, j->r[r].n, two);
        uint64_t *keep = one;
        one = two;
        two = keep;
    }
    j->id = one;
    return MDG_OK;
}

/* ---- cells of cells ---------------------------------------------------------------------------
 */

/* Members of a release by cell, as positions among all ids. */
static mdg_status order_by_cell(const join *j, const mdg_release *r, size_t *first, size_t *order,
                                mdg_error *err)
{
    size_t *at = mdg_new(j->mem, size_t, r->cells + 1);
    if (!at)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory for %zu cells", r->cells);
    for (size_t i = 0; i < r->n; i++)
        at[r->cell[i] + 1]++;
    for (size_t c = 0; c < r->cells; c++)
        at[c + 1] += at[c];
    memcpy(first, at, (r->cells + 1) * sizeof *first);
    for (size_t i = 0, all = 0; i < r->n; i++) {
        while (j->id[all] != r->id[i])
            all++;
        order[at[r->cell[i]]++] = all;
    }
    return MDG_OK;
}

/* Every cell of the release splits the numbers that it halves. */
static mdg_status split(join *j, const mdg_release *r, size_t *renamed, size_t *stamp,
                        mdg_error *err)
{
    mdg_arena_mark mark = mdg_arena_position(j->mem);
    size_t *first = mdg_new(j->mem, size_t, r->cells + 1);
    size_t *order = mdg_new(j->mem, size_t, r->n);
    if (!first || !order)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory for %zu cells", r->cells);
    MDG_TRY(order_by_cell(j, r, first, order, err));
    for (size_t c = 0; c < r->cells; c++) {
        size_t began = j->numbers;
        for (size_t i = first[c]; i < first[c + 1]; i++) {
            size_t *number = &j->number[order[i]];
            if (stamp[*number] <= began) {
                stamp[*number] = began + 1;
                renamed[*number] = j->numbers++;
            }
            *number = renamed[*number];
        }
    }
    mdg_arena_reset(j->mem, mark);
    return MDG_OK;
}

/* Numbers without ids, left behind by splits, are closed up. */
static void compact(join *j, size_t *renamed)
{
    memset(renamed, 0, j->numbers * sizeof *renamed);
    size_t used = 0;
    for (size_t i = 0; i < j->ids; i++) {
        size_t *to = &renamed[j->number[i]];
        if (*to == 0)
            *to = ++used;
        j->number[i] = *to - 1;
    }
    j->numbers = used;
}

static mdg_status number_ids(join *j, mdg_error *err)
{
    size_t total = 1;
    for (size_t r = 0; r < j->n; r++)
        total += j->r[r].n;
    j->number = mdg_new(j->mem, size_t, j->ids);
    j->numbers = 1;
    size_t *renamed = mdg_new(j->mem, size_t, total), *stamp = mdg_new(j->mem, size_t, total);
    if (!j->number || !renamed || !stamp)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory for %zu released meters", j->ids);
    for (size_t r = 0; r < j->n; r++)
        MDG_TRY(split(j, &j->r[r], renamed, stamp, err));
    compact(j, renamed);
    return MDG_OK;
}

/* ---- sets -------------------------------------------------------------------------------------
 */

static mdg_status find_cells(join *j, mdg_contributions *atom, mdg_error *err)
{
    j->cell = mdg_new(j->mem, uint32_t, j->n * j->numbers);
    if (!j->cell)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory for %zu combinations", j->numbers);
    memset(j->cell, 0xff, j->n * j->numbers * sizeof *j->cell);
    for (size_t i = 0; i < j->ids; i++)
        atom[j->number[i]].n++;
    for (size_t r = 0; r < j->n; r++) {
        for (size_t i = 0, all = 0; i < j->r[r].n; i++) {
            while (j->id[all] != j->r[r].id[i])
                all++;
            j->cell[r * j->numbers + j->number[all]] = j->r[r].cell[i];
        }
    }
    return MDG_OK;
}

static mdg_status describe_sets(join *j, size_t fresh, mdg_sets *out, mdg_error *err)
{
    size_t n = 0;
    j->base = mdg_new(j->mem, size_t, j->n);
    for (size_t r = 0; r < j->n && j->base; r++) {
        j->base[r] = n;
        n += 1 + j->r[r].groups;
    }
    mdg_set *set = mdg_new(j->mem, mdg_set, n);
    if (!set || !j->base)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory for %zu sets of meters", n);
    for (size_t r = 0; r < j->n; r++) {
        size_t cohort = j->base[r];
        bool new = r == fresh;
        set[cohort] =
            (mdg_set){ .kind = new ? MDG_SET_COHORT : MDG_SET_RELEASED, .cohort = cohort };
        for (size_t g = 0; g < j->r[r].groups; g++)
            set[cohort + 1 + g] = (mdg_set){ .kind = new ? MDG_SET_GROUP : MDG_SET_RELEASED,
                                             .cohort = cohort,
                                             .by = j->r[r].by[g] };
    }
    out->set = set;
    out->n = n;
    return MDG_OK;
}

/* Visits the sets that ids of a number are in: counts them, or also writes them. */
static size_t sets_of(const join *j, size_t number, size_t *of)
{
    size_t n = 0;
    for (size_t r = 0; r < j->n; r++) {
        uint32_t cell = j->cell[r * j->numbers + number];
        if (cell == NO_CELL)
            continue;
        if (of)
            of[n] = j->base[r];
        n++;
        for (size_t i = j->r[r].first[cell]; i < j->r[r].first[cell + 1]; i++, n++)
            if (of)
                of[n] = j->base[r] + 1 + j->r[r].of[i];
    }
    return n;
}

static mdg_status list_sets(join *j, mdg_sets *out, mdg_error *err)
{
    size_t *first = mdg_new(j->mem, size_t, j->numbers + 1);
    if (!first)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory for %zu combinations", j->numbers);
    for (size_t i = 0; i < j->numbers; i++)
        first[i + 1] = first[i] + sets_of(j, i, NULL);
    size_t *of = mdg_new(j->mem, size_t, first[j->numbers]);
    if (!of)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory for %zu combinations", j->numbers);
    for (size_t i = 0; i < j->numbers; i++)
        sets_of(j, i, of + first[i]);
    out->first = first;
    out->of = of;
    return MDG_OK;
}

mdg_status mdg_releases_join(const mdg_release *r, size_t n, size_t fresh, mdg_arena *mem,
                             mdg_sets *out, mdg_error *err)
{
    assert(fresh < n);
    for (size_t i = 0; i < n; i++)
        MDG_TRY(check_release(&r[i], err));
    join j = { .r = r, .n = n, .mem = mem };
    MDG_TRY(collect_ids(&j, err));
    MDG_TRY(number_ids(&j, err));
    mdg_sets sets = { .atoms = j.numbers };
    mdg_contributions *atom = mdg_new(mem, mdg_contributions, j.numbers);
    if (!atom)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory for %zu combinations", j.numbers);
    MDG_TRY(find_cells(&j, atom, err));
    MDG_TRY(describe_sets(&j, fresh, &sets, err));
    MDG_TRY(list_sets(&j, &sets, err));
    sets.atom = atom;
    *out = sets;
    return MDG_OK;
}

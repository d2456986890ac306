/* The measured treated meters of a record, as disclosure sees them. */
#include "measure/roster.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_CELLS = 32 };

/* FNV-1a over all labels; a missing one and an empty one differ. */
static size_t hash(const char *const *labels)
{
    uint64_t h = 14695981039346656037ULL;
    for (size_t by = 0; by < MEASURE_MAX_GROUPS; by++) {
        h = (h ^ (labels[by] ? 1 : 2)) * 1099511628211ULL;
        for (const char *p = labels[by] ? labels[by] : ""; *p; p++)
            h = (h ^ (unsigned char)*p) * 1099511628211ULL;
    }
    return (size_t)(h ^ h >> 32);
}

static bool same(const char *const *x, const char *const *y)
{
    for (size_t by = 0; by < MEASURE_MAX_GROUPS; by++)
        if (!x[by] != !y[by] || (x[by] && strcmp(x[by], y[by]) != 0))
            return false;
    return true;
}

static size_t *find_slot(const roster *c, const char *const *labels)
{
    size_t i = hash(labels) % c->n_index;
    while (c->index[i] && !same(c->cell[c->index[i] - 1].label, labels))
        i = (i + 1) % c->n_index;
    return &c->index[i];
}

/* Twice the cells, and an index that is at most half full. */
static bool grow_cells(roster *c, mdg_arena *mem)
{
    size_t capacity = c->cell_capacity ? 2 * c->cell_capacity : FIRST_CELLS;
    roster_cell *cell = mdg_new(mem, roster_cell, capacity);
    size_t *index = mdg_new(mem, size_t, 2 * capacity);
    if (!cell || !index)
        return false;
    if (c->n_cells > 0)
        memcpy(cell, c->cell, c->n_cells * sizeof *cell);
    c->cell = cell;
    c->cell_capacity = capacity;
    c->index = index;
    c->n_index = 2 * capacity;
    for (size_t i = 0; i < c->n_cells; i++)
        *find_slot(c, cell[i].label) = i + 1;
    return true;
}

static roster_cell *cell_of(roster *c, const char *const *labels, mdg_arena *mem)
{
    if (c->n_cells == c->cell_capacity && !grow_cells(c, mem))
        return NULL;
    size_t *slot = find_slot(c, labels);
    if (*slot)
        return &c->cell[*slot - 1];
    roster_cell *cell = &c->cell[c->n_cells];
    *cell = (roster_cell){ 0 };
    for (size_t by = 0; by < MEASURE_MAX_GROUPS; by++)
        if (labels[by] && !(cell->label[by] = mdg_arena_strdup(mem, labels[by])))
            return NULL;
    *slot = ++c->n_cells;
    return cell;
}

static mdg_status keep_meter(roster *c, roster_meter m, mdg_arena *mem, mdg_error *err)
{
    roster_meter *meter = mdg_arena_grow(mem, c->meter, c->n, 1, &c->capacity, sizeof *meter);
    if (!meter)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory for %zu meters", c->n + 1);
    c->meter = meter;
    c->meter[c->n++] = m;
    return MDG_OK;
}

mdg_status roster_add(roster *c, const salt *secret, const char *meter, const mdg_meter_result *m,
                      const char *const *labels, mdg_arena *mem, mdg_error *err)
{
    if (m->status != MDG_METER_OK)
        return MDG_OK;
    roster_cell *cell = cell_of(c, labels, mem);
    if (!cell)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory for %zu combinations", c->n_cells);
    mdg_contributions_add(&cell->contributions, fabs(m->counterfactual));
    double use = m->metrics.mean * (double)m->metrics.n;
    mdg_sum_add(&c->use, use);
    mdg_sum_add(&c->bias, isnan(m->metrics.nmbe) ? 0 : m->metrics.nmbe * use);
    if (!secret)
        return MDG_OK;
    roster_meter kept = { .id = salt_meter_id(secret, meter),
                          .cell = (uint32_t)(cell - c->cell),
                          .ratio = m->observed / m->counterfactual };
    return keep_meter(c, kept, mem, err);
}

mdg_status roster_merge(roster *c, const roster *other, mdg_arena *mem, mdg_error *err)
{
    mdg_sum_merge(&c->use, &other->use);
    mdg_sum_merge(&c->bias, &other->bias);
    mdg_arena scratch = { 0 };
    uint32_t *cell = mdg_new(&scratch, uint32_t, other->n_cells);
    mdg_status s = cell ? MDG_OK : mdg_fail(err, MDG_E_MEMORY, "out of memory");
    for (size_t i = 0; i < other->n_cells && s == MDG_OK; i++) {
        roster_cell *to = cell_of(c, other->cell[i].label, mem);
        if (!to) {
            s = mdg_fail(err, MDG_E_MEMORY, "out of memory for %zu combinations", c->n_cells);
            break;
        }
        mdg_contributions_merge(&to->contributions, &other->cell[i].contributions);
        cell[i] = (uint32_t)(to - c->cell);
    }
    for (size_t i = 0; i < other->n && s == MDG_OK; i++) {
        roster_meter m = other->meter[i];
        m.cell = cell[m.cell];
        s = keep_meter(c, m, mem, err);
    }
    mdg_arena_free(&scratch);
    return s;
}

static int by_id(const void *a, const void *b)
{
    uint64_t x = ((const roster_meter *)a)->id, y = ((const roster_meter *)b)->id;
    return (x > y) - (x < y);
}

void roster_sort(roster *c)
{
    if (c->n > 0)
        qsort(c->meter, c->n, sizeof *c->meter, by_id);
}

static int by_value(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

size_t roster_sort_ids(uint64_t *id, size_t n)
{
    size_t kept = 0;
    if (n > 0)
        qsort(id, n, sizeof *id, by_value);
    for (size_t i = 0; i < n; i++)
        if (kept == 0 || id[kept - 1] != id[i])
            id[kept++] = id[i];
    return kept;
}

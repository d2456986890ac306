/* The measured treated meters of a record, as disclosure sees them: who they are under secret ids,
 * and in which combinations of groups. 24 bytes a meter; without a secret, none. */
#ifndef MADANG_APP_MEASURE_ROSTER_H
#define MADANG_APP_MEASURE_ROSTER_H

#include "measure/salt.h"
#include "measure/spec.h"

#include <madang.h>

/* A combination of labels. */
typedef struct roster_cell {
    const char *label[MEASURE_MAX_GROUPS]; /* NULL is missing */
    mdg_contributions contributions;       /* of use without the measure */
} roster_cell;

typedef struct roster_meter {
    uint64_t id;
    uint32_t cell;
    double ratio; /* observed over counterfactual use */
} roster_meter;

/* Start from {0}. */
typedef struct roster {
    roster_cell *cell;
    size_t n_cells, cell_capacity;
    size_t *index; /* hash table of positions + 1 in cell */
    size_t n_index;
    roster_meter *meter;
    size_t n, capacity;
    mdg_sum bias, use; /* of baselines: predicted less observed, and observed */
} roster;

/* Adds a meter; nothing unless its status is MDG_METER_OK.
 * labels  MEASURE_MAX_GROUPS of them
 * secret  NULL: who it is, is not kept */
mdg_status roster_add(roster *c, const salt *secret, const char *meter, const mdg_meter_result *m,
                      const char *const *labels, mdg_arena *mem, mdg_error *err);
mdg_status roster_merge(roster *c, const roster *other, mdg_arena *mem, mdg_error *err);
/* Orders meters by id. */
void roster_sort(roster *c);
/* Orders ids and drops those that are there twice; returns how many are left. */
size_t roster_sort_ids(uint64_t *id, size_t n);

#endif

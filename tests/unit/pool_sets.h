/* The data sets that metafor was asked about, and a fit that must succeed. */
#ifndef MADANG_TESTS_POOL_SETS_H
#define MADANG_TESTS_POOL_SETS_H

#include "unit.h"

enum { MOST_EFFECTS = 40, MOST_COEFFICIENTS = 4 };

typedef struct data_set {
    const char *name;
    size_t k, moderators;
    double y[MOST_EFFECTS], v[MOST_EFFECTS], x[MOST_EFFECTS * (MOST_COEFFICIENTS - 1)];
} data_set;

static const data_set sets[] = {
#define SETS
#include "../oracle/pool_table.inc"
#include "../oracle/stops_table.inc"
#undef SETS
};

static inline mdg_effects effects_of(const char *name)
{
    for (size_t i = 0; i < sizeof sets / sizeof *sets; i++) {
        const data_set *s = &sets[i];
        if (strcmp(s->name, name) == 0)
            return (mdg_effects){ .y = s->y,
                                  .v = s->v,
                                  .k = s->k,
                                  .x = s->moderators ? s->x : NULL,
                                  .moderators = s->moderators };
    }
    fail_msg("no set %s", name);
    return (mdg_effects){ 0 };
}

static inline mdg_pool pool(const mdg_effects *e, const mdg_pool_opts *o, mdg_arena *mem)
{
    mdg_pool fit;
    mdg_error err = { 0 };
    if (mdg_pool_fit(e, o, mem, &fit, &err) != MDG_OK)
        fail_msg("%s", err.message);
    return fit;
}

#endif

/* The grade of a pool: what its records are worth, less a step for each reason to doubt that they
 * hold for the city in question. */
#include <madang/transfer.h>

#include <assert.h>

enum { LEAST_CITIES = 5, MOST_SILENT = 5, TOP = 5 };

/* Weights are quotients: a half is one within their rounding. */
static const double rounding = 1e-9;

static bool is_down(mdg_pool_down d, const mdg_pool_basis *basis)
{
    const mdg_plans *plans = basis->plans;
    switch (d) {
    case MDG_POOL_DOWN_PI_ACROSS_ZERO:
        return !(basis->pi.lo > 0 || basis->pi.hi < 0);
    case MDG_POOL_DOWN_OUTSIDE:
        return basis->outside;
    case MDG_POOL_DOWN_FEW:
        return basis->cities < LEAST_CITIES;
    case MDG_POOL_DOWN_SILENT:
        return plans && plans->known &&
               MOST_SILENT * (plans->overdue + plans->withdrawn) > plans->registered;
    case MDG_POOL_DOWN_COUNT:
        break;
    }
    return false;
}

mdg_pool_grade mdg_pool_grade_of(const int *grades, const double *weight, size_t k,
                                 const mdg_pool_basis *basis)
{
    mdg_sum records = { 0 };
    for (size_t i = 0; i < k; i++) {
        assert(grades[i] >= 1 && grades[i] <= TOP);
        mdg_sum_add(&records, weight[i] * grades[i]);
    }
    mdg_pool_grade g = { .records = mdg_sum_get(&records) };
    g.value = (int)ceil(g.records - 0.5 - rounding);
    for (int d = 0; d < MDG_POOL_DOWN_COUNT; d++) {
        g.down[d] = is_down((mdg_pool_down)d, basis);
        if (g.down[d] && g.value > 0)
            g.value--;
    }
    return g;
}

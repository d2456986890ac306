/* Degree days and their moments at every balance point of the grid.
 *
 * A day with temperature T in the cell below balance point b has HDD(b) = b - T, and one degree
 * more at each further balance point. So the sums at b + 1 follow from those at b:
 *   sum H(b+1)   = sum H(b) + N(b) + sum of the new days' (b+1 - T)
 *   sum H(b+1)^2 = sum H(b)^2 + 2 sum H(b) + N(b) + sum of the new days' (b+1 - T)^2
 *   sum H(b+1) y = sum H(b) y + sum y + sum of the new days' (b+1 - T) y
 * All terms of the first two are positive: nothing cancels. CDD is the mirror image. */
#include <madang/series.h>

#include <string.h>

enum { CELLS = MDG_BALANCE_POINTS + 1, NO_CELL = 255 };

mdg_status mdg_temperature_cells_make(const double *temp_f, size_t n, mdg_arena *mem,
                                      mdg_temperature_cells *out, mdg_error *err)
{
    uint8_t *cell = mdg_new(mem, uint8_t, n);
    double *below = mdg_new(mem, double, n);
    double *above = mdg_new(mem, double, n);
    if (!cell || !below || !above)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory for %zu temperatures", n);
    for (size_t i = 0; i < n; i++) {
        double t = temp_f[i];
        if (isnan(t)) {
            cell[i] = NO_CELL;
            continue;
        }
        double steps = ceil(t - MDG_BALANCE_FIRST_F);
        int k = steps <= 0 ? 0 : steps > MDG_BALANCE_POINTS - 1 ? MDG_BALANCE_POINTS : (int)steps;
        cell[i] = (uint8_t)k;
        below[i] = k < MDG_BALANCE_POINTS ? MDG_BALANCE_FIRST_F + k - t : 0;
        above[i] = k > 0 ? t - (MDG_BALANCE_FIRST_F + k - 1) : 0;
    }
    *out = (mdg_temperature_cells){
        .n = n, .temp_f = temp_f, .cell = cell, .below = below, .above = above
    };
    return MDG_OK;
}

mdg_temperature_cells mdg_temperature_cells_slice(const mdg_temperature_cells *cells, size_t from,
                                                  size_t to)
{
    return (mdg_temperature_cells){ .n = to - from,
                                    .temp_f = cells->temp_f + from,
                                    .cell = cells->cell + from,
                                    .below = cells->below + from,
                                    .above = cells->above + from };
}

void mdg_degree_days_weather(const mdg_temperature_cells *cells, const double *use,
                             mdg_degree_days *out)
{
    uint32_t count[CELLS] = { 0 };
    double below[CELLS] = { 0 }, below_sq[CELLS] = { 0 };
    double above[CELLS] = { 0 }, above_sq[CELLS] = { 0 };
    uint32_t n = 0;
    for (size_t i = 0; i < cells->n; i++) {
        size_t k = cells->cell[i];
        if (k == NO_CELL || isnan(use[i]))
            continue;
        n++;
        count[k]++;
        below[k] += cells->below[i];
        below_sq[k] += cells->below[i] * cells->below[i];
        above[k] += cells->above[i];
        above_sq[k] += cells->above[i] * cells->above[i];
    }
    *out = (mdg_degree_days){ .n = n };
    double sum = 0, sq = 0;
    uint32_t under = 0; /* days in the cells up to b: a day at b itself has HDD 0 */
    uint32_t at_point[MDG_BALANCE_POINTS] = { 0 };
    for (size_t i = 0; i < cells->n; i++) {
        size_t k = cells->cell[i];
        if (k < MDG_BALANCE_POINTS && !isnan(use[i]) && cells->below[i] <= 0)
            at_point[k]++;
    }
    for (size_t b = 0; b < MDG_BALANCE_POINTS; b++) {
        sq += 2 * sum + under + below_sq[b];
        sum += under + below[b];
        under += count[b];
        out->hdd[b] = sum;
        out->hdd_sq[b] = sq;
        out->hdd_days[b] = under - at_point[b];
    }
    sum = sq = 0;
    uint32_t over = 0;
    for (size_t b = MDG_BALANCE_POINTS; b-- > 0;) {
        sq += 2 * sum + over + above_sq[b + 1];
        sum += over + above[b + 1];
        over += count[b + 1];
        out->cdd[b] = sum;
        out->cdd_sq[b] = sq;
        out->cdd_days[b] = over;
    }
}

/* From sums by cell to sums at every balance point; count may be fractional. */
static void spread_sums(const double *count, const double *below, const double *above, double *hdd,
                        double *cdd)
{
    double sum = 0, under = 0;
    for (size_t b = 0; b < MDG_BALANCE_POINTS; b++) {
        sum += under + below[b];
        under += count[b];
        hdd[b] = sum;
    }
    sum = 0;
    double over = 0;
    for (size_t b = MDG_BALANCE_POINTS; b-- > 0;) {
        sum += over + above[b + 1];
        over += count[b + 1];
        cdd[b] = sum;
    }
}

size_t mdg_degree_days_sum(const mdg_temperature_cells *cells, double hdd[MDG_BALANCE_POINTS],
                           double cdd[MDG_BALANCE_POINTS])
{
    double count[CELLS] = { 0 }, below[CELLS] = { 0 }, above[CELLS] = { 0 };
    size_t n = 0;
    for (size_t i = 0; i < cells->n; i++) {
        size_t k = cells->cell[i];
        if (k == NO_CELL)
            continue;
        n++;
        count[k] += 1;
        below[k] += cells->below[i];
        above[k] += cells->above[i];
    }
    spread_sums(count, below, above, hdd, cdd);
    return n;
}

void mdg_degree_days_use(const mdg_temperature_cells *cells, const double *use,
                         double hdd_use[MDG_BALANCE_POINTS], double cdd_use[MDG_BALANCE_POINTS])
{
    /* One cell more than the grid has: days without temperature or use fall into it with 0. */
    double total[256] = { 0 }, below[256] = { 0 }, above[256] = { 0 };
    for (size_t i = 0; i < cells->n; i++) {
        size_t k = cells->cell[i];
        double y = use[i];
        if (isnan(y))
            continue;
        total[k] += y;
        below[k] += cells->below[i] * y;
        above[k] += cells->above[i] * y;
    }
    spread_sums(total, below, above, hdd_use, cdd_use);
}

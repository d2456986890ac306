/* Shared by comparisons with metafor's figures of published data sets, which lie beside the
 * project. */
#ifndef MADANG_TESTS_ORACLE_METAFOR_H
#define MADANG_TESTS_ORACLE_METAFOR_H

#include <madang.h>

#include <assert.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST = 64, SKIPPED = 77 };

static struct {
    size_t compared, wrong;
} tally;

/* One data set or its moderators, and the fit that is looked at. */
typedef struct data {
    const char *set, *fit;
    double y[MOST], v[MOST], x[MOST * 4];
    mdg_effects e;
} data;

static double number(const json_t *j)
{
    return json_is_number(j) ? json_number_value(j) : MDG_NAN;
}

static double at(const json_t *list, size_t i)
{
    return number(json_array_get(list, i));
}

/* Within `share` of what is wanted, or of `size` where that is more. */
static void compare(const data *d, const char *what, double got, double want, double share,
                    double size)
{
    if (isnan(want))
        return;
    double off = fabs(got - want), size_of_it = fmax(fabs(want), size);
    tally.compared++;
    if (off <= share * size_of_it)
        return;
    tally.wrong++;
    printf("%s, %s, %s: %.12g, wanted %.12g, %.1e off\n", d->set, d->fit, what, got, want,
           off / size_of_it);
}

/* The data of one set, without moderators. */
static void load_effects(data *d, const char *name, const json_t *set)
{
    const json_t *y = json_object_get(set, "yi"), *v = json_object_get(set, "vi");
    d->set = name;
    d->e = (mdg_effects){ .y = d->y, .v = d->v, .k = json_array_size(y) };
    assert(d->e.k <= MOST);
    for (size_t i = 0; i < d->e.k; i++) {
        d->y[i] = at(y, i);
        d->v[i] = at(v, i);
    }
}

/* All figures, or NULL when they are not here, which is said. */
static json_t *load_figures(void)
{
    const char *shared = getenv("MADANG_SHARED");
    char path[4096];
    snprintf(path, sizeof path, "%s/oracle/meta_oracle.json", shared ? shared : "");
    json_t *all = shared ? json_load_file(path, 0, NULL) : NULL;
    if (!all)
        puts("skipped: metafor's figures are not here (MADANG_SHARED)");
    return all;
}

/* Prints how many were compared, at least `least`; the exit status. */
static int report(size_t least)
{
    printf("%zu figures compared, %zu wrong\n", tally.compared, tally.wrong);
    return tally.compared < least || tally.wrong > 0;
}

#endif

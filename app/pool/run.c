/* Pooling from files to results. */
#include "pool/run.h"

#include "pool/literature.h"
#include "pool/records.h"
#include "pool/sift.h"
#include "support/today.h"

#include <stdlib.h>
#include <string.h>

static int by_text(const char *a, const char *b)
{
    return strcmp(a ? a : "", b ? b : "");
}

/* Types by name, none first; within them cities by name, then years, then as they were given. */
static int by_type_and_city(const void *a, const void *b)
{
    const pool_study *x = *(pool_study *const *)a, *y = *(pool_study *const *)b;
    int order = by_text(x->type, y->type);
    order = order ? order : by_text(x->label, y->label);
    order = order ? order : x->year - y->year;
    return order ? order : (x > y) - (x < y);
}

static bool same_type(const pool_study *a, const pool_study *b)
{
    return by_text(a->type, b->type) == 0;
}

/* Where types are pooled each by itself, one that the moderators do not suit is left out, and does
 * not stand in the way of the others. */
static bool leave_type_out(const pool_request *q, pool_study **study, size_t k, mdg_status s)
{
    if (!q->by_type || (s != MDG_E_SHORT && s != MDG_E_RANK))
        return false;
    for (size_t i = 0; i < k; i++)
        study[i]->out = s == MDG_E_SHORT ? POOL_TYPE_FEW : POOL_TYPE_ALIKE;
    return true;
}

/* A city asked for that no type says anything of is refused. */
static mdg_status check_target(const pool_outcome *o, mdg_error *err)
{
    for (size_t i = 0; i < o->n; i++)
        if (o->pool[i].target.given)
            return MDG_OK;
    return o->request->city ? pool_refuse_few(&o->pool[0], err) : MDG_OK;
}

/* unfit  why the first type was left out */
static mdg_status analyse_one(pool_outcome *o, pool_study **study, size_t k, mdg_arena *mem,
                              mdg_error *unfit, mdg_error *err)
{
    const pool_request *q = o->request;
    mdg_error why = { .status = MDG_OK };
    mdg_status s = pool_analyse(q, study, k, q->city ? &o->city : NULL, mem, &o->pool[o->n], &why);
    if (s == MDG_OK) {
        o->n++;
        return MDG_OK;
    }
    if (leave_type_out(q, study, k, s)) {
        *unfit = unfit->status == MDG_OK ? why : *unfit;
        return MDG_OK;
    }
    if (err)
        *err = why;
    return s;
}

static mdg_status analyse_types(pool_outcome *o, pool_study **study, size_t n, mdg_arena *mem,
                                mdg_error *err)
{
    mdg_error unfit = { .status = MDG_OK };
    for (size_t i = 0, k; i < n; i += k) {
        for (k = 1; i + k < n && (!o->request->by_type || same_type(study[i], study[i + k]));)
            k++;
        MDG_TRY(analyse_one(o, &study[i], k, mem, &unfit, err));
    }
    if (o->n > 0)
        return check_target(o, err);
    if (err)
        *err = unfit;
    return unfit.status;
}

static mdg_status analyse(pool_outcome *o, mdg_arena *mem, mdg_error *err)
{
    pool_study **study = mdg_new(mem, pool_study *, o->studies.n);
    size_t n = 0;
    o->pool = mdg_new(mem, pool_analysis, o->studies.n);
    if (!study || !o->pool)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory for %zu effects", o->studies.n);
    for (size_t i = 0; i < o->studies.n; i++)
        if (o->studies.at[i].out == POOL_IN)
            study[n++] = &o->studies.at[i];
    if (!o->request->effects)
        qsort(study, n, sizeof(pool_study *), by_type_and_city);
    return analyse_types(o, study, n, mem, err);
}

mdg_status pool_run(const pool_request *q, mdg_arena *mem, pool_outcome *out, mdg_error *err)
{
    pool_outcome o = { .request = q };
    if (q->city)
        MDG_TRY(pool_city_read(q->city, mem, &o.city, err));
    if (q->effects) {
        MDG_TRY(pool_literature_read(q, mem, &o.studies, err));
    } else {
        char today[11];
        MDG_TRY(today_format(today, err));
        MDG_TRY(pool_records_read(q, mem, &o.studies, err));
        MDG_TRY(pool_sift(&o.studies, q, today, mem, err));
    }
    /* A target points to the city's file, which must not move any more. */
    *out = o;
    return analyse(out, mem, err);
}

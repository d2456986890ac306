/* Which effects go in. */
#include "pool/sift.h"

#include "pool/moderators.h"

#include <stdlib.h>
#include <string.h>

static bool same(const char *a, const char *b)
{
    return a && b && strcmp(a, b) == 0;
}

static bool both_differ(const char *a, const char *b)
{
    return a && b && strcmp(a, b) != 0;
}

/* ---- counting twice ------------------------------------------------------------------------- */

/* Months that only touch, as those of one year after the other do, do not meet. */
static bool meet(month_span a, month_span b)
{
    return a.from == b.from || (a.from < b.to && b.from < a.to);
}

bool pool_may_overlap(const pool_study *a, const pool_study *b)
{
    if (!pool_same_city(a, b) || !same(a->fuel, b->fuel) ||
        !(meet(a->installation, b->installation) || meet(a->reporting, b->reporting)))
        return false;
    if (same(a->measure, b->measure))
        return true;
    return !both_differ(a->type, b->type) && !both_differ(a->sector, b->sector) &&
           !both_differ(a->eligibility, b->eligibility);
}

/* Outcomes of one record have one id. A file may be named twice, by itself and in its folder. */
static bool is_copy(const pool_study *a, const pool_study *b)
{
    return a->outcome == b->outcome && strcmp(a->id, b->id) == 0;
}

static int by_id(const void *a, const void *b)
{
    const pool_study *x = *(pool_study *const *)a, *y = *(pool_study *const *)b;
    int order = strcmp(x->id, y->id);
    order = order ? order : (x->outcome > y->outcome) - (x->outcome < y->outcome);
    return order ? order : (x > y) - (x < y);
}

/* The first one in the list stays. */
static void leave_out_copies(pool_study **order, size_t n)
{
    qsort(order, n, sizeof *order, by_id);
    for (size_t first = 0, i = 1; i < n; i++) {
        if (is_copy(order[first], order[i]))
            order[i]->out = POOL_DUPLICATE;
        else
            first = i;
    }
}

/* `order` is sorted by id. */
static size_t first_of_id(pool_study *const *order, size_t n, const char *id)
{
    size_t from = 0;
    while (n > 0) {
        size_t half = n / 2;
        bool before = strcmp(order[from + half]->id, id) < 0;
        from += before ? half + 1 : 0;
        n = before ? n - half - 1 : half;
    }
    return from;
}

/* Only a record of the same city can take another's place; its copies say the same. */
static void leave_out_replaced(pool_study **order, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const char *old = order[i]->supersedes;
        if (!old)
            continue;
        for (size_t j = first_of_id(order, n, old); j < n && strcmp(order[j]->id, old) == 0; j++)
            if (order[j]->out == POOL_IN && pool_same_city(order[i], order[j]))
                order[j]->out = POOL_SUPERSEDED;
    }
}

/* Those that may still go in, into `order`. */
static size_t still_in(const pool_studies *list, pool_study **order)
{
    size_t n = 0;
    for (size_t i = 0; i < list->n; i++)
        if (list->at[i].out == POOL_IN)
            order[n++] = &list->at[i];
    return n;
}

static void find_future(pool_studies *list, const char *today)
{
    for (size_t i = 0; i < list->n; i++)
        list->at[i].future = strcmp(list->at[i].created, today) > 0;
}

static void leave_out_repeated(pool_studies *list, pool_study **order)
{
    size_t n = still_in(list, order);
    leave_out_copies(order, n);
    leave_out_replaced(order, n);
}

/* Cities together, the newest of each first, then as they stand in their list. A wrong date after
 * today does not make a record the newest: those come last. */
static int by_city_and_age(const void *a, const void *b)
{
    const pool_study *x = *(pool_study *const *)a, *y = *(pool_study *const *)b;
    int order = pool_by_city(x, y);
    order = order ? order : x->future - y->future;
    order = order ? order : strcmp(y->created, x->created);
    return order ? order : (x > y) - (x < y);
}

static mdg_status refuse_tie(const pool_study *a, const pool_study *b, mdg_error *err)
{
    if (strcmp(a->id, b->id) == 0) {
        mdg_fail(err, MDG_E_CONFLICT, "the record of '%.60s' has two outcomes of %.60s", a->city,
                 a->fuel ? a->fuel : "no fuel");
        mdg_hint(err, "which of them is to be pooled cannot be told: leave the record out");
        mdg_place(err, "%s", a->file);
        return MDG_E_CONFLICT;
    }
    mdg_fail(err, MDG_E_CONFLICT,
             "two records of '%.60s' made on %s cover the same meters or months", a->city,
             a->created);
    mdg_hint(err, "leave one of them out: this one, or %.200s", b->file);
    mdg_place(err, "%s", a->file);
    return MDG_E_CONFLICT;
}

/* Of effects that may overlap the newest stays: the others are of what it measured again. */
static mdg_status leave_out_overlapped(pool_studies *list, pool_study **order, mdg_error *err)
{
    size_t n = still_in(list, order);
    qsort(order, n, sizeof *order, by_city_and_age);
    for (size_t city = 0, i = 1; i < n; i++) {
        if (!pool_same_city(order[city], order[i]))
            city = i;
        for (size_t j = city; j < i && order[i]->out == POOL_IN; j++) {
            if (order[j]->out != POOL_IN || !pool_may_overlap(order[i], order[j]))
                continue;
            if (same(order[i]->created, order[j]->created))
                return refuse_tie(order[i], order[j], err);
            order[i]->out = order[i]->future && !order[j]->future ? POOL_FUTURE : POOL_OVERLAP;
        }
    }
    return MDG_OK;
}

/* ---- what cannot be pooled ------------------------------------------------------------------ */

static bool has_effect(const pool_study *s, pool_scale scale)
{
    double y = scale == POOL_PER_UNIT ? s->per_unit_kwh : s->log_ratio;
    double se = scale == POOL_PER_UNIT ? s->per_unit_se_kwh : s->log_se;
    return isfinite(y) && se > 0 && isfinite(se * se) && se * se > 0;
}

static void leave_out_unfit(pool_study *s, const pool_request *q)
{
    bool per_unit = q->scale == POOL_PER_UNIT;
    if (s->out != POOL_IN)
        return;
    if (!s->city)
        s->out = POOL_NO_CITY;
    else if (s->grade == 0)
        s->out = POOL_GRADE_0;
    else if (q->outcome && !same(s->fuel, q->outcome))
        s->out = POOL_OTHER_OUTCOME;
    else if (per_unit && !s->energy)
        s->out = POOL_UNIT;
    else if (!has_effect(s, q->scale))
        s->out = POOL_NO_EFFECT;
}

static void take_numbers(pool_study *s, const pool_request *q)
{
    bool per_unit = q->scale == POOL_PER_UNIT;
    double se = per_unit ? s->per_unit_se_kwh : s->log_se;
    s->y = per_unit ? s->per_unit_kwh : s->log_ratio;
    s->v = se * se;
    for (size_t m = 0; m < q->n_moderators; m++) {
        pool_moderator which;
        bool known = pool_moderator_find(q->moderators[m], &which);
        s->x[m] = known ? pool_moderator_of(s, which) : MDG_NAN;
        if (isfinite(s->x[m]))
            continue;
        s->out = POOL_NO_MODERATOR;
        s->lacks = q->moderators[m];
        return;
    }
}

/* ---- what would mix ------------------------------------------------------------------------- */

typedef const char *study_text_fn(const pool_study *s);

static const char *fuel_of(const pool_study *s)
{
    return s->fuel;
}

static const char *type_of(const pool_study *s)
{
    return s->type ? s->type : "no type";
}

static const char *dose_unit_of(const pool_study *s)
{
    return s->dose_unit;
}

/* The first one that goes in and says something else than the first does; NULL: all agree. */
static const pool_study *find_other(const pool_studies *list, study_text_fn *text_of,
                                    const pool_study **first)
{
    *first = NULL;
    for (size_t i = 0; i < list->n; i++) {
        const pool_study *s = &list->at[i];
        if (s->out != POOL_IN)
            continue;
        if (!*first)
            *first = s;
        else if (!same(text_of(*first), text_of(s)))
            return s;
    }
    return NULL;
}

static mdg_status refuse_mixed(const pool_studies *list, study_text_fn *text_of, const char *what,
                               const char *hint, mdg_error *err)
{
    const pool_study *first, *other = find_other(list, text_of, &first);
    if (!other)
        return MDG_OK;
    mdg_fail(err, MDG_E_CONFLICT, "%s differ: '%.80s' here, '%.80s' in %.150s", what,
             text_of(other), text_of(first), first->file);
    mdg_hint(err, "%s", hint);
    mdg_place(err, "%s", other->file);
    return MDG_E_CONFLICT;
}

static bool asks_for(const pool_request *q, const char *moderator)
{
    for (size_t m = 0; m < q->n_moderators; m++)
        if (strcmp(q->moderators[m], moderator) == 0)
            return true;
    return false;
}

static mdg_status check_alike(const pool_studies *list, const pool_request *q, mdg_error *err)
{
    MDG_TRY(refuse_mixed(list, fuel_of, "fuels",
                         "one number cannot stand for both: choose with --outcome FUEL", err));
    if (!q->by_type)
        MDG_TRY(refuse_mixed(list, type_of, "types of measures",
                             "--by type pools each type by itself", err));
    if (asks_for(q, "dose"))
        MDG_TRY(refuse_mixed(list, dose_unit_of, "units of the dose",
                             "pool records of one unit, or leave the moderator out", err));
    return MDG_OK;
}

/* What most were left out for. */
static mdg_status refuse_empty(const pool_studies *list, mdg_error *err)
{
    static const char *const words[] = {
#define X(name, code, english, korean) english,
        POOL_REASONS(X)
#undef X
    };
    size_t count[POOL_REASON_COUNT] = { 0 }, most = 0;
    for (size_t i = 0; i < list->n; i++)
        count[list->at[i].out]++;
    for (size_t r = 1; r < POOL_REASON_COUNT; r++)
        most = count[r] > count[most] ? r : most;
    mdg_fail(err, MDG_E_SHORT, "no effect is left to pool");
    if (most == POOL_NO_MODERATOR)
        mdg_hint(err, "%zu of %zu: %s; leave it out of --moderators", count[most], list->n,
                 words[most]);
    else
        mdg_hint(err, "%zu of %zu: %s", count[most], list->n, words[most]);
    if (list->n > 0)
        mdg_place(err, "%s", list->at[0].file);
    return MDG_E_SHORT;
}

mdg_status pool_sift(pool_studies *list, const pool_request *q, const char *today, mdg_arena *mem,
                     mdg_error *err)
{
    pool_study **order = mdg_new(mem, pool_study *, list->n);
    if (!order)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory for %zu effects", list->n);
    find_future(list, today);
    leave_out_repeated(list, order);
    for (size_t i = 0; i < list->n; i++)
        leave_out_unfit(&list->at[i], q);
    MDG_TRY(leave_out_overlapped(list, order, err));
    size_t left = 0;
    for (size_t i = 0; i < list->n; i++) {
        if (list->at[i].out == POOL_IN)
            take_numbers(&list->at[i], q);
        left += list->at[i].out == POOL_IN;
    }
    return left > 0 ? check_alike(list, q, err) : refuse_empty(list, err);
}

/* What is summed over meters. */
#include "measure/tally.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_INDEX = 64 };

const char tally_missing_label[] = "(missing)";

mdg_status tally_make(size_t days, bool hourly, mdg_arena *mem, tally *out, mdg_error *err)
{
    tally t = { .mem = mem, .n_index = FIRST_INDEX };
    t.index = mdg_new(mem, size_t, FIRST_INDEX);
    t.groups = mdg_new(mem, tally_group, FIRST_INDEX / 2);
    if (!t.index || !t.groups)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory");
    MDG_TRY(mdg_histogram_make(-100, 100, 2000, mem, &t.percent, err));
    MDG_TRY(mdg_histogram_make(0, 2, 2000, mem, &t.cvrmse, err));
    MDG_TRY(mdg_profile_make(days, mem, &t.profile, err));
    if (hourly && !(t.shape = mdg_new(mem, mdg_load_shape, 1)))
        return mdg_fail(err, MDG_E_MEMORY, "out of memory");
    *out = t;
    return MDG_OK;
}

/* FNV-1a over the column and the label. */
static size_t hash(size_t by, const char *label)
{
    uint64_t h = 14695981039346656037ULL ^ by;
    for (const char *p = label; *p; p++)
        h = (h ^ (unsigned char)*p) * 1099511628211ULL;
    return (size_t)(h ^ h >> 32);
}

static size_t *find_slot(const tally *t, size_t by, const char *label)
{
    size_t i = hash(by, label) % t->n_index;
    for (; t->index[i]; i = (i + 1) % t->n_index) {
        const tally_group *g = &t->groups[t->index[i] - 1];
        if (g->by == by && strcmp(g->label, label) == 0)
            break;
    }
    return &t->index[i];
}

/* Twice the index, at most half full; the old arrays stay in the arena until it is reset. */
static bool grow(tally *t)
{
    size_t n = t->n_index * 2;
    tally_group *groups = mdg_new(t->mem, tally_group, n / 2);
    size_t *index = mdg_new(t->mem, size_t, n);
    if (!groups || !index)
        return false;
    memcpy(groups, t->groups, t->n_groups * sizeof *groups);
    t->groups = groups;
    t->index = index;
    t->n_index = n;
    for (size_t i = 0; i < t->n_groups; i++)
        *find_slot(t, groups[i].by, groups[i].label) = i + 1;
    return true;
}

static tally_group *group_of(tally *t, size_t by, const char *label)
{
    size_t *slot = find_slot(t, by, label);
    if (*slot)
        return &t->groups[*slot - 1];
    if (t->n_groups == t->n_index / 2) {
        if (!grow(t))
            return NULL;
        slot = find_slot(t, by, label);
    }
    char *copy = mdg_arena_strdup(t->mem, label);
    if (!copy)
        return NULL;
    t->groups[t->n_groups] = (tally_group){ .by = by, .label = copy };
    *slot = ++t->n_groups;
    return &t->groups[*slot - 1];
}

enum { FORM_MONTHS = 4, FORM_SINGLE = 5 };

size_t tally_form(const mdg_meter_result *m)
{
    if (m->months > 0)
        return m->single ? FORM_SINGLE : FORM_MONTHS;
    return m->model.form;
}

const char *tally_form_name(size_t form)
{
    if (form == FORM_MONTHS)
        return "three_month_weighted";
    return form == FORM_SINGLE ? "single" : mdg_caltrack_form_name((mdg_caltrack_form)form);
}

bool tally_form_hourly(size_t form)
{
    return form >= FORM_MONTHS;
}

static void count_meter(tally *t, const mdg_meter_result *m)
{
    t->treated++;
    t->status[m->status]++;
    if (m->status != MDG_METER_OK)
        return;
    t->forms[tally_form(m)]++;
    for (size_t f = 0; f < MDG_METER_FLAG_COUNT; f++)
        t->flags[f] += m->flags >> f & 1;
    t->baseline_days += m->baseline.days;
    t->baseline_missing += m->baseline.days - m->baseline.valid;
    t->reporting_days += m->reporting_span;
    /* Whole bills may span some days more than was asked for. */
    if (m->reporting_days < m->reporting_span)
        t->reporting_missing += m->reporting_span - m->reporting_days;
    mdg_histogram_add(&t->percent, 100 * m->savings / m->counterfactual);
    mdg_histogram_add(&t->cvrmse, m->metrics.cvrmse);
}

mdg_member tally_member(const mdg_meter_result *m)
{
    return (mdg_member){ .counterfactual = m->counterfactual,
                         .scale = isnan(m->error_scale) ? MDG_METER_SD : m->error_scale,
                         .block_sd = isnan(m->block_sd) ? MDG_METER_SD : m->block_sd };
}

mdg_status tally_add(tally *t, const mdg_meter_result *m, const char *const *labels, size_t n_by,
                     mdg_error *err)
{
    count_meter(t, m);
    mdg_effect_add(&t->total, m);
    bool ok = m->status == MDG_METER_OK;
    mdg_member member = tally_member(m);
    if (ok) {
        MDG_TRY(mdg_members_add(&t->members, member, t->mem, err));
        mdg_member before = member;
        before.counterfactual = m->metrics.mean * (double)m->metrics.n;
        MDG_TRY(mdg_members_add(&t->before, before, t->mem, err));
    }
    for (size_t by = 0; by < n_by; by++) {
        tally_group *g = group_of(t, by, labels[by] ? labels[by] : tally_missing_label);
        if (!g)
            return mdg_fail(err, MDG_E_MEMORY, "out of memory for %zu groups", t->n_groups);
        g->meters++;
        mdg_effect_add(&g->effect, m);
        if (ok)
            MDG_TRY(mdg_members_add(&g->members, member, t->mem, err));
    }
    return MDG_OK;
}

size_t tally_find(const tally *t, size_t by, const char *label)
{
    size_t at = *find_slot(t, by, label ? label : tally_missing_label);
    return at > 0 ? at - 1 : SIZE_MAX;
}

mdg_status tally_add_household(tally *t, const household *h, const household_sums *sums,
                               const char *const *labels, size_t n_by, mdg_error *err)
{
    household_sums_merge(&t->sums, sums);
    for (size_t by = 0; by < n_by; by++)
        household_sums_merge(&t->groups[tally_find(t, by, labels[by])].sums, sums);
    return households_add(&t->households, h, t->mem, err);
}

static void merge_co2e(mdg_co2e_sums *into, const mdg_co2e_sums *from)
{
    for (size_t i = 0; i < MEASURE_CO2E; i++)
        mdg_co2e_sums_merge(&into[i], &from[i]);
}

void tally_add_co2e(tally *t, const mdg_co2e_sums sums[MEASURE_CO2E], const char *const *labels,
                    size_t n_by)
{
    merge_co2e(t->co2e, sums);
    for (size_t by = 0; by < n_by; by++)
        merge_co2e(t->groups[tally_find(t, by, labels[by])].co2e, sums);
}

mdg_status tally_add_event(tally *t, const tally_event *e, mdg_error *err)
{
    if (t->n_events++ >= TALLY_EVENTS)
        return MDG_OK;
    tally_event *kept = &t->event[t->n_events - 1];
    *kept = *e;
    kept->meter = mdg_arena_strdup(t->mem, e->meter);
    return kept->meter ? MDG_OK : mdg_fail(err, MDG_E_MEMORY, "out of memory for events");
}

mdg_status tally_count_events(tally *t, const mdg_meter_result *m, bool any, mdg_error *err)
{
    t->event_meters += any;
    if (any)
        return MDG_OK;
    mdg_effect_add(&t->calm, m);
    return mdg_members_add(&t->calm_members, tally_member(m), t->mem, err);
}

void tally_add_comparison(tally *t, const mdg_meter_result *m)
{
    t->comparison_meters++;
    mdg_effect_add(&t->comparison, m);
}

mdg_status tally_merge(tally *t, const tally *other, mdg_error *err)
{
    mdg_effect_merge(&t->total, &other->total);
    merge_co2e(t->co2e, other->co2e);
    MDG_TRY(mdg_members_merge(&t->members, &other->members, t->mem, err));
    MDG_TRY(mdg_members_merge(&t->before, &other->before, t->mem, err));
    MDG_TRY(households_merge(&t->households, &other->households, t->mem, err));
    household_sums_merge(&t->sums, &other->sums);
    MDG_TRY(roster_merge(&t->roster, &other->roster, t->mem, err));
    mdg_effect_merge(&t->comparison, &other->comparison);
    t->comparison_meters += other->comparison_meters;
    mdg_effect_merge(&t->calm, &other->calm);
    MDG_TRY(mdg_members_merge(&t->calm_members, &other->calm_members, t->mem, err));
    t->event_meters += other->event_meters;
    size_t kept = other->n_events < TALLY_EVENTS ? other->n_events : TALLY_EVENTS;
    for (size_t i = 0; i < kept; i++)
        MDG_TRY(tally_add_event(t, &other->event[i], err));
    t->n_events += other->n_events - kept;
    t->treated += other->treated;
    for (size_t i = 0; i < MDG_METER_STATUS_COUNT; i++)
        t->status[i] += other->status[i];
    for (size_t i = 0; i < MDG_METER_FLAG_COUNT; i++)
        t->flags[i] += other->flags[i];
    for (size_t i = 0; i < TALLY_FORMS; i++)
        t->forms[i] += other->forms[i];
    t->rows += other->rows;
    t->baseline_days += other->baseline_days;
    t->baseline_missing += other->baseline_missing;
    t->reporting_days += other->reporting_days;
    t->reporting_missing += other->reporting_missing;
    mdg_histogram_merge(&t->percent, &other->percent);
    mdg_histogram_merge(&t->cvrmse, &other->cvrmse);
    mdg_profile_merge(&t->profile, &other->profile);
    by_step_merge(&t->by_step, &other->by_step);
    if (t->shape)
        mdg_load_shape_merge(t->shape, other->shape);
    for (size_t i = 0; i < other->n_groups; i++) {
        const tally_group *from = &other->groups[i];
        tally_group *g = group_of(t, from->by, from->label);
        if (!g)
            return mdg_fail(err, MDG_E_MEMORY, "out of memory for %zu groups", t->n_groups);
        g->meters += from->meters;
        mdg_effect_merge(&g->effect, &from->effect);
        household_sums_merge(&g->sums, &from->sums);
        merge_co2e(g->co2e, from->co2e);
        MDG_TRY(mdg_members_merge(&g->members, &from->members, t->mem, err));
    }
    return MDG_OK;
}

/* NaN when it is no number. */
static double number_of(const char *label)
{
    char *end;
    double x = strtod(label, &end);
    return *label && !*end ? x : MDG_NAN;
}

/* Numbers in their order before words in theirs: one order for all, whatever the labels are. */
static int compare_groups(const void *a, const void *b)
{
    const tally_group *x = a, *y = b;
    if (x->by != y->by)
        return x->by < y->by ? -1 : 1;
    double x_number = number_of(x->label), y_number = number_of(y->label);
    int order = mdg_by_number(&x_number, &y_number);
    return order ? order : strcmp(x->label, y->label);
}

void tally_sort(tally *t)
{
    qsort(t->groups, t->n_groups, sizeof *t->groups, compare_groups);
    /* Positions have moved. */
    memset(t->index, 0, t->n_index * sizeof *t->index);
    for (size_t i = 0; i < t->n_groups; i++)
        *find_slot(t, t->groups[i].by, t->groups[i].label) = i + 1;
}

/* What of a measure's results may leave the city. */
#include "measure/release.h"

#include "measure/measure.h"

#include <assert.h>
#include <string.h>

typedef struct job {
    const measure_outcome *o;
    const release_files *files;
    const salt *secret;
    mdg_arena *mem;
    release *r;
    size_t *first, *of; /* groups of each cell */
    size_t *by;         /* columns of groups */
    mdg_error *err;
} job;

static mdg_status no_memory(const job *j)
{
    return mdg_fail(j->err, MDG_E_MEMORY, "out of memory for %zu groups", j->o->tally.n_groups);
}

static mdg_status refuse(const job *j, mdg_status s, const char *what_to_do)
{
    mdg_hint(j->err, "%s, or write a record for the city's own use with --internal", what_to_do);
    mdg_place(j->err, "%s", j->o->spec.path);
    return s;
}

/* ---- who is in it -----------------------------------------------------------------------------
 */

static mdg_status sum_groups(job *j)
{
    const roster *c = &j->o->tally.roster;
    size_t n = j->o->tally.n_groups, columns = j->o->spec.n_groups;
    j->r->group = mdg_new(j->mem, mdg_contributions, n);
    j->r->withheld = mdg_new(j->mem, mdg_withheld, n);
    j->first = mdg_new(j->mem, size_t, c->n_cells + 1);
    j->of = mdg_new(j->mem, size_t, c->n_cells * columns);
    j->by = mdg_new(j->mem, size_t, n);
    if (!j->r->group || !j->r->withheld || !j->first || !j->of || !j->by)
        return no_memory(j);
    for (size_t g = 0; g < n; g++)
        j->by[g] = j->o->tally.groups[g].by;
    for (size_t i = 0; i < c->n_cells; i++) {
        const mdg_contributions *cell = &c->cell[i].contributions;
        mdg_contributions_merge(&j->r->treated, cell);
        for (size_t by = 0; by < columns; by++) {
            /* Groups are sorted by column, so that these ascend. */
            size_t g = tally_find(&j->o->tally, by, c->cell[i].label[by]);
            j->of[i * columns + by] = g;
            mdg_contributions_merge(&j->r->group[g], cell);
        }
        j->first[i + 1] = (i + 1) * columns;
    }
    return MDG_OK;
}

/* Of more than MDG_MEMBERS_KEPT meters the largest of the first ones stand for all. */
static void sum_comparison(job *j)
{
    const mdg_members *m = &j->o->compared.members;
    for (size_t i = 0; i < m->n_kept; i++)
        mdg_contributions_add(&j->r->comparison, m->kept[i].counterfactual);
    j->r->comparison.n = m->n;
    j->r->comparison.sum = m->counterfactual;
}

/* ---- one arm by itself ------------------------------------------------------------------------
 */

static mdg_status refuse_arm(const job *j, const char *arm, const mdg_contributions *c,
                             mdg_cohort_rule rule)
{
    const mdg_disclosure_opts *rules = &j->r->rules;
    double sum = mdg_sum_get(&c->sum);
    if (rule == MDG_RULE_MEMBERS) {
        mdg_fail(j->err, MDG_E_SHORT,
                 "no public record of %zu %s meters: %zu %s ones are the least", c->n, arm,
                 rules->least,
                 spec_record_residential(&j->o->spec.record) ? "residential" : "non-residential");
        return refuse(j, MDG_E_SHORT, "measure more meters together");
    }
    if (rule == MDG_RULE_DOMINANCE)
        mdg_fail(j->err, MDG_E_RANGE,
                 "no public record where one of the %s meters makes %.1f %% of their use: %g %% is "
                 "the most",
                 arm, 100 * c->first / sum, 100 * rules->share);
    else
        mdg_fail(j->err, MDG_E_RANGE,
                 "no public record of %s meters so uneven that the use of the largest could be "
                 "worked out to within %g %%",
                 arm, rules->p);
    return refuse(j, MDG_E_RANGE, "leave the largest meters out");
}

static mdg_status check_arms(job *j)
{
    release *r = j->r;
    r->treated_breaks = mdg_cohort_check(&r->treated, &r->rules);
    r->comparison_breaks = MDG_COHORT_RULE_COUNT;
    if (r->comparison.n > 0)
        r->comparison_breaks = mdg_cohort_check(&r->comparison, &r->rules);
    if (r->is_public && r->treated_breaks != MDG_COHORT_RULE_COUNT)
        return refuse_arm(j, "treated", &r->treated, r->treated_breaks);
    if (r->is_public && r->comparison_breaks != MDG_COHORT_RULE_COUNT)
        return refuse_arm(j, "comparison", &r->comparison, r->comparison_breaks);
    return MDG_OK;
}

/* ---- its groups -------------------------------------------------------------------------------
 */

/* Set 0 is the cohort, set 1 + g the tally's group g; atoms are cells. */
static mdg_status audit_groups(job *j)
{
    const roster *c = &j->o->tally.roster;
    size_t groups = j->o->tally.n_groups, columns = j->o->spec.n_groups;
    mdg_set *set = mdg_new(j->mem, mdg_set, 1 + groups);
    mdg_contributions *atom = mdg_new(j->mem, mdg_contributions, c->n_cells);
    size_t *first = mdg_new(j->mem, size_t, c->n_cells + 1);
    size_t *of = mdg_new(j->mem, size_t, c->n_cells * (1 + columns));
    mdg_withheld *withheld = mdg_new(j->mem, mdg_withheld, 1 + groups);
    if (!set || !atom || !first || !of || !withheld)
        return no_memory(j);
    for (size_t g = 0; g < groups; g++)
        set[1 + g] = (mdg_set){ .kind = MDG_SET_GROUP, .by = j->by[g] };
    set[0] = (mdg_set){ .kind = MDG_SET_COHORT };
    for (size_t i = 0; i < c->n_cells; i++) {
        atom[i] = c->cell[i].contributions;
        size_t at = first[i];
        of[at++] = 0;
        for (size_t by = 0; by < columns; by++)
            of[at++] = 1 + j->of[i * columns + by];
        first[i + 1] = at;
    }
    mdg_sets sets = { set, 1 + groups, atom, c->n_cells, first, of };
    memcpy(withheld + 1, j->r->withheld, groups * sizeof *withheld);
    mdg_audit audit;
    mdg_status s = mdg_audit_sets(&sets, &j->r->rules, j->mem, withheld, &audit, j->err);
    MDG_TRY(measure_spec_at(&j->o->spec, "groups", s, j->err));
    memcpy(j->r->withheld, withheld + 1, groups * sizeof *withheld);
    return MDG_OK;
}

/* ---- earlier releases -------------------------------------------------------------------------
 */

static int32_t reporting_from(const measure_outcome *o)
{
    return o->spec.to.column ? o->inputs.first_from : o->spec.to.day;
}

static ledger_entry new_entry(const job *j, ledger_arm arm)
{
    return (ledger_entry){ .measure = j->o->spec.measure,
                           .fuel = j->o->spec.fuel,
                           .arm = arm,
                           .from = reporting_from(j->o),
                           .to = j->o->inputs.last_to + (int32_t)j->o->spec.reporting_days,
                           .least = j->r->rules.least };
}

/* The treated with all groups; two ids that happen to be the same count as one. */
static mdg_status treated_entry(const job *j, ledger_entry *out)
{
    const roster *c = &j->o->tally.roster;
    uint64_t *id = mdg_new(j->mem, uint64_t, c->n);
    uint32_t *cell = mdg_new(j->mem, uint32_t, c->n);
    if (!id || !cell)
        return no_memory(j);
    *out = new_entry(j, LEDGER_TREATED);
    size_t n = 0;
    for (size_t i = 0; i < c->n; i++) {
        if (n > 0 && id[n - 1] == c->meter[i].id)
            continue;
        id[n] = c->meter[i].id;
        cell[n++] = c->meter[i].cell;
    }
    out->release = (mdg_release){ .id = id,
                                  .cell = cell,
                                  .n = n,
                                  .cells = c->n_cells,
                                  .first = j->first,
                                  .of = j->of,
                                  .by = j->by,
                                  .groups = j->o->tally.n_groups };
    return MDG_OK;
}

/* The pool that comparison meters were chosen from: the ways of choosing all draw on it, and the
 * whole of it is one of them. */
static mdg_status comparison_entry(const job *j, ledger_entry *out)
{
    const survey *s = &j->o->intervals.survey;
    uint64_t *id = mdg_new(j->mem, uint64_t, s->n_units);
    uint32_t *cell = mdg_new(j->mem, uint32_t, s->n_units);
    size_t *first = mdg_new(j->mem, size_t, 2);
    if (!id || !cell || !first)
        return no_memory(j);
    *out = new_entry(j, LEDGER_COMPARISON);
    size_t n = 0;
    for (size_t i = 0; i < s->n_units; i++)
        if (!s->units[i].treated)
            id[n++] = s->units[i].id;
    n = roster_sort_ids(id, n);
    out->release = (mdg_release){
        .id = id, .cell = cell, .n = n, .cells = 1, .first = first, .of = first, .by = first
    };
    return MDG_OK;
}

typedef struct verdict {
    mdg_audit audit;
    const ledger_entry *other; /* that a refused cohort is too near to; NULL: several together */
} verdict;

/* Lays the new release over the earlier ones that it can be subtracted from. */
static mdg_status audit_releases(const job *j, const ledger *old, const ledger_entry *new,
                                 mdg_withheld *withheld, verdict *out)
{
    mdg_release *r = mdg_new(j->mem, mdg_release, old->n + 1);
    const ledger_entry **entry =
        (const ledger_entry **)mdg_arena_alloc(j->mem, old->n + 1, sizeof *entry);
    if (!r || !entry)
        return no_memory(j);
    mdg_disclosure_opts rules = MDG_DISCLOSURE_COUNTS(&j->r->rules);
    size_t n = 0;
    for (size_t i = 0; i < old->n; i++) {
        if (!ledger_comparable(&old->entry[i], new))
            continue;
        entry[n] = &old->entry[i];
        r[n++] = old->entry[i].release;
        rules.least = old->entry[i].least > rules.least ? old->entry[i].least : rules.least;
    }
    *out = (verdict){ 0 };
    if (n == 0)
        return MDG_OK;
    r[n] = new->release;
    mdg_sets sets;
    MDG_TRY(mdg_releases_join(r, n + 1, n, j->mem, &sets, j->err));
    mdg_withheld *all = mdg_new(j->mem, mdg_withheld, sets.n);
    if (!all)
        return no_memory(j);
    size_t mine = sets.n - new->release.groups;
    if (new->release.groups > 0)
        memcpy(all + mine, withheld, new->release.groups * sizeof *all);
    MDG_TRY(mdg_audit_sets(&sets, &rules, j->mem, all, &out->audit, j->err));
    if (new->release.groups > 0)
        memcpy(withheld, all + mine, new->release.groups * sizeof *all);
    size_t cohort = sets.set[out->audit.other].cohort, at = 0;
    for (size_t s = 0; s < cohort; s++)
        at += sets.set[s].cohort == s;
    out->other = out->audit.refused && at < n ? entry[at] : NULL;
    return MDG_OK;
}

static mdg_status refuse_overlap(const job *j, const verdict *v)
{
    if (v->other)
        mdg_fail(j->err, MDG_E_CONFLICT,
                 "these meters differ by %zu from those published of '%s': %zu are the least",
                 v->audit.difference, v->other->measure, j->r->rules.least);
    else
        mdg_fail(j->err, MDG_E_CONFLICT,
                 "with earlier records, numbers of %zu of these meters could be worked out",
                 v->audit.difference);
    mdg_hint(j->err,
             "measure the same meters as then, or others; take a record that never left the city "
             "out of '%s'; or write one for the city's own use with --internal",
             j->files->ledger);
    mdg_place(j->err, "%s", j->o->spec.path);
    return MDG_E_CONFLICT;
}

/* The same treated meters as in an earlier record, against nearly the same comparison group: what
 * that one did follows from both effects, withheld or not. */
static bool follows_anyway(const ledger *old, const ledger_entry *treated)
{
    for (size_t i = 0; i < old->n; i++) {
        const mdg_release *a = &old->entry[i].release, *b = &treated->release;
        if (old->entry[i].arm == LEDGER_TREATED && ledger_comparable(&old->entry[i], treated) &&
            a->n == b->n && memcmp(a->id, b->id, a->n * sizeof *a->id) == 0)
            return true;
    }
    return false;
}

/* As it will be remembered: with the published groups only. Meters without any share a cell. */
static mdg_status remember_published(const job *j, ledger_entry *e)
{
    const mdg_release *all = &e->release;
    size_t *number = mdg_new(j->mem, size_t, all->groups),
           *by = mdg_new(j->mem, size_t, all->groups);
    uint32_t *renamed = mdg_new(j->mem, uint32_t, all->cells),
             *cell = mdg_new(j->mem, uint32_t, all->n);
    size_t *first = mdg_new(j->mem, size_t, all->cells + 2);
    size_t *of = mdg_new(j->mem, size_t, all->first[all->cells]);
    if (!number || !by || !renamed || !cell || !first || !of)
        return no_memory(j);
    size_t groups = 0, cells = 1, used = 0;
    for (size_t g = 0; g < all->groups; g++) {
        number[g] = groups;
        if (j->r->withheld[g] == MDG_WITHHELD_NOT)
            by[groups++] = all->by[g];
    }
    for (size_t c = 0; c < all->cells; c++) {
        size_t began = used;
        for (size_t i = all->first[c]; i < all->first[c + 1]; i++)
            if (j->r->withheld[all->of[i]] == MDG_WITHHELD_NOT)
                of[used++] = number[all->of[i]];
        renamed[c] = used > began ? (uint32_t)cells : 0;
        if (used > began)
            first[++cells] = used;
    }
    for (size_t i = 0; i < all->n; i++)
        cell[i] = renamed[all->cell[i]];
    e->release = (mdg_release){ .id = all->id,
                                .cell = cell,
                                .n = all->n,
                                .cells = cells,
                                .first = first,
                                .of = of,
                                .by = by,
                                .groups = groups };
    return MDG_OK;
}

static mdg_status append(const job *j, const ledger *old, const ledger_entry *new, size_t n)
{
    ledger *l = &j->r->ledger;
    l->entry = mdg_new(j->mem, ledger_entry, old->n + n);
    if (!l->entry)
        return no_memory(j);
    if (old->n > 0)
        memcpy(l->entry, old->entry, old->n * sizeof *l->entry);
    l->n = old->n;
    for (size_t k = 0; k < n; k++) {
        bool known = false;
        for (size_t i = 0; i < old->n; i++)
            known |= ledger_same(&old->entry[i], &new[k]);
        if (!known)
            l->entry[l->n++] = new[k];
    }
    return MDG_OK;
}

/* Groups that earlier releases forbid change what the record's own rules allow, and the other way
 * round: both are asked until neither withholds more. */
static mdg_status settle_groups(job *j, const ledger *old, const ledger_entry *treated)
{
    size_t groups = j->o->tally.n_groups, before, after = 0;
    do {
        before = after;
        MDG_TRY(audit_groups(j));
        verdict v;
        MDG_TRY(audit_releases(j, old, treated, j->r->withheld, &v));
        if (v.audit.refused)
            return refuse_overlap(j, &v);
        after = 1;
        for (size_t g = 0; g < groups; g++)
            after += j->r->withheld[g] != MDG_WITHHELD_NOT;
    } while (after != before);
    return MDG_OK;
}

/* The ledger knows meters by ids that the secret makes: one is nothing without the other. */
static mdg_status check_pair_of_files(const job *j, const ledger *old)
{
    assert(j->secret);
    if (j->secret->fresh ? old->n == 0 : old->there)
        return MDG_OK;
    mdg_fail(j->err, MDG_E_CONFLICT, "there is '%s' without '%s'",
             j->secret->fresh ? j->files->ledger : j->files->salt,
             j->secret->fresh ? j->files->salt : j->files->ledger);
    mdg_hint(j->err,
             "restore the other from a backup: without it nobody can tell what was published; "
             "if nothing ever was, remove this one");
    mdg_place(j->err, "%s", j->o->spec.path);
    return MDG_E_CONFLICT;
}

static mdg_status look_back(job *j)
{
    ledger old;
    MDG_TRY(ledger_read(j->files->ledger, j->mem, &old, j->err));
    MDG_TRY(check_pair_of_files(j, &old));
    ledger_entry entry[2];
    MDG_TRY(treated_entry(j, &entry[0]));
    MDG_TRY(settle_groups(j, &old, &entry[0]));
    size_t n = 1;
    if (j->o->spec.comparison) {
        verdict v;
        MDG_TRY(comparison_entry(j, &entry[1]));
        MDG_TRY(audit_releases(j, &old, &entry[1], NULL, &v));
        j->r->comparison_closed = v.audit.refused;
        if (v.audit.refused && follows_anyway(&old, &entry[0]))
            return refuse_overlap(j, &v);
        n = v.audit.refused ? 1 : 2;
    }
    MDG_TRY(remember_published(j, &entry[0]));
    return append(j, &old, entry, n);
}

/* ---- public -----------------------------------------------------------------------------------
 */

mdg_status release_make(const measure_outcome *o, const release_files *files, const salt *secret,
                        mdg_arena *mem, release *out, mdg_error *err)
{
    *out = (release){ .is_public = secret != NULL, .rules = spec_record_rules(&o->spec.record) };
    job j = { .o = o, .files = files, .secret = secret, .mem = mem, .r = out, .err = err };
    MDG_TRY(sum_groups(&j));
    if (o->spec.comparison && !o->opts.reference)
        sum_comparison(&j);
    MDG_TRY(check_arms(&j));
    if (out->is_public)
        MDG_TRY(look_back(&j));
    MDG_TRY(release_find_figures(o, secret, mem, out, err));
    out->grade = release_grade(o);
    if (!out->is_public)
        return MDG_OK;
    const measure_spec *s = &o->spec;
    const char *const tables[] = { s->readings, s->weather, s->meters, s->normal_weather };
    return salt_commit(secret, o->config_sha256, tables, sizeof tables / sizeof *tables,
                       out->commitment, err);
}

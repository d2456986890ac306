/* What a measure's results say of their grade. */
#include "measure/measure.h"

#include <string.h>

static mdg_plan plan_of(const measure_outcome *o)
{
    const measure_spec *s = &o->spec;
    if (!s->record.plan_id)
        return MDG_PLAN_NONE;
    int32_t begins = s->to.column ? o->inputs.first_from : s->to.day;
    return s->record.plan_logged < begins ? MDG_PLAN_STATED : MDG_PLAN_LATE;
}

mdg_grade release_grade(const measure_outcome *o)
{
    const spec_record *r = &o->spec.record;
    const intervals *v = &o->intervals;
    bool compared = o->spec.comparison && !o->opts.reference;
    mdg_grade_facts facts = {
        .design = compared ? MDG_DESIGN_COMPARISON : MDG_DESIGN_ADJUSTED,
        .placebos = v->method == MDG_INTERVAL_CALIBRATED &&
                    mdg_placebos_hold(v->survey.n, v->check.coverage, o->opts.level),
        .alike = compared && o->compared.balance.verdict != MDG_BALANCE_POOR,
        .calibrated = v->method == MDG_INTERVAL_CALIBRATED,
        .plan = plan_of(o),
        .randomised = r->roll_out && strcmp(r->roll_out, "randomised") == 0,
        /* Intervals take meters for what varies by itself. */
        .by_assignment = !spec_inclusion_units(&o->spec.inclusion),
        .short_baseline = o->spec.baseline_days<365, .concurrent = r->n_concurrent> 0,
        .modelled = r->modelled,
        .spillover = r->spillover,
    };
    return mdg_grade_of(&facts);
}

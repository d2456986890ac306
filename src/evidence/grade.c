/* The grade of an effect: one table of steps, taken in order. */
#include <madang/evidence.h>
#include <madang/placebo.h>

typedef struct rule {
    const char *code, *words;
    mdg_grade_effect effect;
    int value;
} rule;

static const rule rules[] = {
#define X(name, code, effect, value, words) { code, words, MDG_GRADE_##effect, value },
    MDG_GRADE_RULES(X)
#undef X
};

const char *mdg_grade_code(mdg_grade_rule r)
{
    return rules[r].code;
}

const char *mdg_grade_words(mdg_grade_rule r)
{
    return rules[r].words;
}

bool mdg_placebos_hold(size_t n, double coverage, double level)
{
    return n >= MDG_LEAST_PLACEBOS && coverage >= level - MDG_PLACEBO_SLACK;
}

/* Whether a step is taken. `grade` is the one so far: a rung is reached from the one below it. */
static bool applies(mdg_grade_rule r, const mdg_grade_facts *f, int grade)
{
    bool adjusted = f->design >= MDG_DESIGN_ADJUSTED, compared = f->design == MDG_DESIGN_COMPARISON;
    switch (r) {
    case MDG_GRADED_DEEMED:
        return f->design == MDG_DESIGN_DEEMED;
    case MDG_GRADED_BEFORE_AFTER:
        return f->design != MDG_DESIGN_DEEMED;
    case MDG_GRADED_PLACEBOS_MISSED:
        return adjusted && !f->placebos;
    case MDG_GRADED_ADJUSTED:
        return adjusted && f->placebos;
    case MDG_GRADED_NO_COMPARISON:
        return grade == 2 && !compared;
    case MDG_GRADED_UNLIKE:
        return compared && !f->alike;
    case MDG_GRADED_COMPARISON:
        return grade == 2 && compared && f->alike;
    case MDG_GRADED_UNCALIBRATED:
        return grade == 3 && !f->calibrated;
    case MDG_GRADED_NO_PLAN:
        return grade == 3 && f->plan == MDG_PLAN_NONE;
    case MDG_GRADED_PLAN_STATED:
        return grade == 3 && f->plan == MDG_PLAN_STATED;
    case MDG_GRADED_PLANNED:
        return grade == 3 && f->plan == MDG_PLAN_BEFORE && f->calibrated;
    case MDG_GRADED_ASSIGNMENT_MISSED:
        return grade >= 3 && f->randomised && !f->by_assignment;
    case MDG_GRADED_RANDOMISED:
        return grade >= 3 && f->randomised && f->by_assignment;
    case MDG_GRADED_PLAN_LATE:
        return f->plan == MDG_PLAN_LATE;
    case MDG_GRADED_SHORT_BASELINE:
        return f->short_baseline;
    case MDG_GRADED_CONCURRENT:
        return f->concurrent;
    case MDG_GRADED_MODELLED:
        return f->modelled;
    case MDG_GRADED_SPILLOVER:
        return compared && f->spillover;
    case MDG_GRADE_RULE_COUNT:
        break;
    }
    return false;
}

int mdg_grade_after(mdg_grade_rule r, int grade)
{
    int value = rules[r].value;
    switch (rules[r].effect) {
    case MDG_GRADE_RISE:
        return value;
    case MDG_GRADE_NOTE:
        return grade;
    case MDG_GRADE_CAP:
        return grade < value ? grade : value;
    case MDG_GRADE_DOWN:
        return grade > value ? grade - value : 0;
    }
    return grade;
}

mdg_grade mdg_grade_of(const mdg_grade_facts *facts)
{
    mdg_grade g = { 0 };
    for (size_t i = 0; i < MDG_GRADE_RULE_COUNT; i++) {
        if (!applies((mdg_grade_rule)i, facts, g.value))
            continue;
        g.value = mdg_grade_after((mdg_grade_rule)i, g.value);
        g.step[g.n++] = (mdg_grade_step){ (mdg_grade_rule)i, g.value };
    }
    return g;
}

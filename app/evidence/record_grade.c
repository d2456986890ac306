/* The grade of a record is computed, never typed in: it can be computed again. */
#include "evidence/record_grade.h"

#include "evidence/record_read.h"

#include <string.h>

/* MDG_GRADE_RULE_COUNT for a code that is not known. */
static mdg_grade_rule find(const char *code)
{
    int r = 0;
    while (r < MDG_GRADE_RULE_COUNT &&
           !(code && strcmp(mdg_grade_code((mdg_grade_rule)r), code) == 0))
        r++;
    return (mdg_grade_rule)r;
}

/* What a reason makes of the grade before it; `stated` where its code is not known. */
static int after(const char *code, int grade, int stated)
{
    mdg_grade_rule r = find(code);
    return r == MDG_GRADE_RULE_COUNT ? stated : mdg_grade_after(r, grade);
}

static mdg_status refuse(const char *path, const char *fact, mdg_error *err)
{
    mdg_fail(err, MDG_E_CONFLICT, "%s", fact);
    mdg_hint(err, "grades are computed by 'madang measure', not typed in: measure again");
    mdg_place(err, "%s", path);
    return MDG_E_CONFLICT;
}

mdg_status record_check_grade(const char *path, const json_t *json, mdg_error *err)
{
    const json_t *reasons = record_at(json, "grade/reasons");
    int grade = 0;
    bool follows = true;
    for (size_t i = 0; i < json_array_size(reasons); i++) {
        const json_t *reason = json_array_get(reasons, i);
        int stated = (int)json_number_value(json_object_get(reason, "grade"));
        grade = after(record_text(reason, "code"), grade, stated);
        follows &= grade == stated;
    }
    if (follows && grade == (int)json_number_value(record_at(json, "grade/value")))
        return MDG_OK;
    return refuse(path, "the grade does not follow from its reasons", err);
}

mdg_status record_check_reasons(const char *path, const json_t *json, mdg_error *err)
{
    const json_t *reasons = record_at(json, "grade/reasons");
    for (size_t i = 0; i < json_array_size(reasons); i++) {
        const json_t *reason = json_array_get(reasons, i);
        const char *words = record_text(reason, "words");
        mdg_grade_rule r = find(record_text(reason, "code"));
        if (r == MDG_GRADE_RULE_COUNT || !words || strcmp(words, mdg_grade_words(r)) != 0)
            return refuse(path, "a reason of the grade is none that 'madang measure' gives", err);
    }
    return MDG_OK;
}

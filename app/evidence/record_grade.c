/* The grade of a record is computed, never typed in: it can be computed again. */
#include "evidence/record_grade.h"

#include "evidence/record_read.h"

#include <string.h>

/* What a reason makes of the grade before it; `stated` where its code is not known. */
static int after(const char *code, int grade, int stated)
{
    for (int r = 0; code && r < MDG_GRADE_RULE_COUNT; r++)
        if (strcmp(mdg_grade_code((mdg_grade_rule)r), code) == 0)
            return mdg_grade_after((mdg_grade_rule)r, grade);
    return stated;
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
    mdg_fail(err, MDG_E_CONFLICT, "the grade does not follow from its reasons");
    mdg_hint(err, "grades are computed by 'madang measure', not typed in: measure again");
    mdg_place(err, "%s", path);
    return MDG_E_CONFLICT;
}

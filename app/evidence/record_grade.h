/* Whether the grade of a record is the one that its reasons give. */
#ifndef MADANG_APP_EVIDENCE_RECORD_GRADE_H
#define MADANG_APP_EVIDENCE_RECORD_GRADE_H

#include <jansson.h>
#include <madang/evidence.h>

/* Each reason has to lead from the grade before it to its own, and the last one's to be the
 * record's. Reasons that this version does not know, as a later one may give, lead anywhere. Takes
 * records that fit the schema. path for the message. fails MDG_E_CONFLICT */
mdg_status record_check_grade(const char *path, const json_t *json, mdg_error *err);

/* The same reasons in the words of this version, which alone computes grades: before signing. */
mdg_status record_check_reasons(const char *path, const json_t *json, mdg_error *err);

#endif

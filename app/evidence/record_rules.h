/* What a record shows of the rules of disclosure that it says it passed. */
#ifndef MADANG_APP_EVIDENCE_RECORD_RULES_H
#define MADANG_APP_EVIDENCE_RECORD_RULES_H

#include <jansson.h>
#include <madang/evidence.h>

/* Whether it may leave the city: it is not internal, all rules of disclosure for meters of its
 * sector were applied, none laxer than the standard, and all were passed; and no set of meters in
 * it is smaller than they allow. path for the messages. fails MDG_E_CONFLICT */
mdg_status record_check_disclosure(const char *path, const json_t *json, mdg_error *err);

/* Whether effects in percent are rounded as a program does that keeps the rule of rounding: the
 * step is coarse enough for the most meters that the bands allow, and values lie on it. Takes
 * records that fit the schema and passed the above. fails MDG_E_CONFLICT */
mdg_status record_check_rounding(const char *path, const json_t *json, mdg_error *err);

#endif

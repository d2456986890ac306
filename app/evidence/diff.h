/* What differs between two records, field by field. */
#ifndef MADANG_APP_EVIDENCE_DIFF_H
#define MADANG_APP_EVIDENCE_DIFF_H

#include "support/text.h"

#include <jansson.h>

/* A list, in the order of the fields of a and then of those that only b has, of
 * {"pointer", "a", "b", "difference", "percent"}: a or b is absent where only the other has the
 * field, difference (b less a) and percent (of |a|) stand where both are numbers, the latter unless
 * a is 0. 1 and 1.0 are the same. Items of arrays are compared by their place.
 * NULL when memory is full. */
json_t *diff_records(json_t *a, json_t *b);
/* Appends the list as lines that people read. */
void diff_print(const json_t *list, text *out);

#endif

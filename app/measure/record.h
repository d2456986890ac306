/* The evidence record, schema madang.evidence/1, with the fields that exist so far. */
#ifndef MADANG_APP_MEASURE_RECORD_H
#define MADANG_APP_MEASURE_RECORD_H

#include "measure/measure.h"

#include <jansson.h>

/* A new reference, or NULL when memory is full. Records are `internal` until disclosure rules are
 * applied: they carry exact counts. */
json_t *measure_record(const measure_outcome *o);

#endif

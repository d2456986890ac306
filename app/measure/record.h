/* The evidence record, schema madang.evidence/1: data/evidence-record.schema.json. */
#ifndef MADANG_APP_MEASURE_RECORD_H
#define MADANG_APP_MEASURE_RECORD_H

#include "measure/measure.h"

#include <jansson.h>

/* A new reference, or NULL when memory is full. The outcome is one with `recorded`. */
json_t *measure_record(const measure_outcome *o);

#endif

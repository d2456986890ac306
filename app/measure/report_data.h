/* What the report shows, as the JSON document that web/src/data.ts describes. */
#ifndef MADANG_APP_MEASURE_REPORT_DATA_H
#define MADANG_APP_MEASURE_REPORT_DATA_H

#include "measure/measure.h"

#include <jansson.h>

/* A new reference, or NULL when memory is full. */
json_t *measure_report_data(const measure_outcome *o, const measure_request *request);

#endif

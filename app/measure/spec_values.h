/* Values of a measure's keys that other files do not have. Each reads into a field of the
 * measure_spec `out`. */
#ifndef MADANG_APP_MEASURE_SPEC_VALUES_H
#define MADANG_APP_MEASURE_SPEC_VALUES_H

#include "measure/spec_table.h"

spec_value_fn spec_value_id;         /* char *: at most 64 of a-z, 0-9 and - */
spec_value_fn spec_value_path;       /* char *: resolved against the folder of the YAML file */
spec_value_fn spec_value_date;       /* measure_date: a day, or the name of a column */
spec_value_fn spec_value_decimal;    /* double: any; what uses it checks it */
spec_value_fn spec_value_days;       /* size_t: 1 to 3660 */
spec_value_fn spec_value_neighbours; /* size_t: 1 to 1000 */
spec_value_fn spec_value_year;       /* int: 1900 to 2200 */
spec_value_fn spec_value_groups;     /* groups and n_groups: a list of columns */
spec_value_fn spec_value_features;   /* unsigned: bits of measure_feature, from a list of names */

#endif

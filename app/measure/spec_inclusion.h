/* The keys tariff, income, assignment and investment of a measure: who pays what, and who gains. */
#ifndef MADANG_APP_MEASURE_SPEC_INCLUSION_H
#define MADANG_APP_MEASURE_SPEC_INCLUSION_H

#include "measure/spec_table.h"

#include <madang/inclusion.h>
#include <yaml.h>

enum { SPEC_INCLUSION_KEYS = 16 };

/* Columns are of the meters table; money is in the tariff's currency. */
typedef struct spec_inclusion {
    bool priced; /* tariff */
    char currency[SPEC_CURRENCY];
    mdg_tariff tariff;
    char *income; /* column: a year's; or NULL */
    /* meter: each by itself; or a column: meters with the same value were chosen together; NULL:
     * not said, and taken for each by itself */
    char *assignment;
    bool invested; /* investment */
    char *cost;    /* column, or NULL: `per_meter` */
    double per_meter;
    char *grant;    /* column: amounts paid by others, or NULL: `subsidy` */
    double subsidy; /* share of the cost, 0 to 1 */

    size_t lines[SPEC_INCLUSION_KEYS]; /* of the table's keys; 0: not given */
} spec_inclusion;

/* Reads the value of one of these keys into `out`. Texts live in the arena.
 * key    tariff, income, assignment or investment
 * fails  with the place: MDG_E_SCHEMA, MDG_E_PARSE, MDG_E_RANGE, MDG_E_CONFLICT */
mdg_status spec_inclusion_read(const spec_source *from, const char *key, const yaml_node_t *node,
                               spec_inclusion *out);
/* The column of those that were chosen together; NULL: each meter by itself. */
const char *spec_inclusion_units(const spec_inclusion *w);

#endif

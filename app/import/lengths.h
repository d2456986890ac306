/* How long one meter's readings last: given, by their step, or until the next. */
#ifndef MADANG_APP_IMPORT_LENGTHS_H
#define MADANG_APP_IMPORT_LENGTHS_H

#include "import/normalise.h"

typedef struct length_rule {
    int64_t step;      /* of readings whose end is not given */
    bool until_next;   /* these last until the next one, which closes them */
    bool end_included; /* a given end is the last day, not the day after it */
} length_rule;

/* From n readings in the order of their instants, without duplicates; what they do not tell is as
 * usual in the file.
 * scratch  n doubles */
length_rule length_rule_find(const raw_reading *raw, size_t n, const normalise_opts *opts,
                             double *scratch);

typedef struct meter_lengths {
    const char *meter;
    const normalise_opts *opts;
    length_rule rule;
    zone *z;
    account *a;
} meter_lengths;

/* Fills in seconds; none reaches beyond the next reading.
 * fails  MDG_E_PARSE for an end that is not after its start (or drops and counts it, when bad lines
 *        are skipped), MDG_E_CONFLICT for one that reaches more than a day into the next */
mdg_status lengths_take(const meter_lengths *m, raw_reading *raw, size_t *n, mdg_error *err);

#endif

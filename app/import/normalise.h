/* One meter's raw readings to canonical ones: instants, lengths, amounts. */
#ifndef MADANG_APP_IMPORT_NORMALISE_H
#define MADANG_APP_IMPORT_NORMALISE_H

#include "import/account.h"
#include "import/zone.h"

typedef enum reading_kind {
    KIND_INTERVAL, /* used in the step */
    KIND_REGISTER, /* cumulative */
    KIND_POWER,    /* average over the step, per hour */
    KIND_RATE,     /* the same for amounts that are no energy */
    KIND_COUNT,
} reading_kind;

typedef enum conflict_rule {
    CONFLICT_REFUSE,
    CONFLICT_FIRST,
    CONFLICT_LAST,
    CONFLICT_SUM
} conflict_rule;

typedef struct raw_reading {
    int64_t local;   /* clock time in seconds, or UTC when the zone is UTC */
    int64_t elapsed; /* seconds since then that really passed, whatever clocks showed */
    int64_t instant; /* filled in by normalise_meter, as is impossible */
    bool impossible; /* a clock time that was skipped */
    bool estimated;
    int64_t seconds; /* given length, or 0 */
    int64_t row;     /* in the order of the files */
    double value;    /* NaN is missing */
} raw_reading;

typedef struct reading {
    int64_t start;
    int32_t seconds;
    bool estimated;
    double value;
} reading;

typedef struct normalise_opts {
    reading_kind kind;
    conflict_rule conflict;
    bool zero_is_missing;
    int64_t step_seconds; /* for readings whose length is not given */
    bool until_next;      /* they last until the next one, which closes them */
    bool end_included;    /* a given length lacks the last day */
    double factor;        /* unit of the file to unit of the table */
} normalise_opts;

/* Turns n raw readings of one meter, sorted by time and row, into at most n readings; counts into
 * `a`. raw is changed.
 * scratch  2 n doubles
 * fails    MDG_E_CONFLICT for readings of the same time that differ, MDG_E_RANGE for values that
 *          cannot be */
mdg_status normalise_meter(const char *meter, raw_reading *raw, size_t n,
                           const normalise_opts *opts, zone *z, double *scratch, reading *out,
                           size_t *n_out, account *a, mdg_error *err);

#endif

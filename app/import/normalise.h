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

#define NO_END INT64_MIN

typedef struct raw_reading {
    int64_t local;   /* clock time in seconds, or UTC when the zone is UTC */
    int64_t elapsed; /* seconds since then that really passed, whatever clocks showed */
    int64_t until;   /* clock time of its end, or NO_END */
    int64_t seconds; /* given length, or 0 */
    int64_t row;     /* in the order of the files */
    double value;    /* NaN is missing */
    bool estimated;
    bool until_moved; /* an impossible day, moved to the first of the next month */
    /* filled in by normalise_meter */
    bool ambiguous, second; /* a clock time that occurs twice; its second pass */
    bool impossible;        /* a clock time that was skipped */
    bool counted;           /* elapsed counts from midnight */
    bool down;              /* in a part of the file with the newest first */
    int32_t run;
    int64_t instant;
} raw_reading;

typedef struct reading {
    int64_t start;
    int32_t seconds;
    bool estimated;
    double value;
} reading;

typedef enum bill_end { BILL_END_FOUND, BILL_END_EXCLUDED, BILL_END_INCLUDED } bill_end;

/* What the elapsed time of a reading is, in tables with a column each hour of the day. */
typedef enum day_columns {
    COLUMNS_NONE,    /* there is none */
    COLUMNS_CLOCK,   /* time by the clock: columns named by times, or 24, 48, 96 of them */
    COLUMNS_COUNTED, /* steps since midnight, with room for the longest day */
} day_columns;

typedef struct normalise_opts {
    reading_kind kind;
    conflict_rule conflict;
    bool zero_is_missing;
    int64_t step_seconds;  /* of all readings without an end; 0: found for each meter */
    int64_t usual_step;    /* of the file, for meters that do not tell */
    bill_end bill_end;     /* whether a bill's last day is in it; found for each meter */
    bool usually_included; /* in the file, for meters that do not tell */
    day_columns columns;
    bool skip_bad; /* count readings that end before they begin, instead of refusing them */
    double factor; /* unit of the file to unit of the table */
} normalise_opts;

/* Turns n raw readings of one meter, sorted by time, row and elapsed, into at most n readings;
 * counts into `a`. raw is changed. scratch  2 n doubles fails    MDG_E_CONFLICT for readings of the
 * same time that differ or that overlap by more than a day, MDG_E_PARSE for an end that is not
 * after its start */
mdg_status normalise_meter(const char *meter, raw_reading *raw, size_t n,
                           const normalise_opts *opts, zone *z, double *scratch, reading *out,
                           size_t *n_out, account *a, mdg_error *err);

/* "2022-10-30 01:00", for messages. */
void normalise_time_words(int64_t s, char out[40]);
static inline bool same_value(double a, double b)
{
    return (isnan(a) && isnan(b)) || (a <= b && a >= b);
}

#endif

/* What an import read, dropped and found, and why. */
#ifndef MADANG_APP_IMPORT_ACCOUNT_H
#define MADANG_APP_IMPORT_ACCOUNT_H

#include <jansson.h>
#include <madang/base.h>
#include <stdio.h>

typedef struct account {
    const char *table, *output, *quantity, *unit, *kind, *time_zone;
    int64_t step_seconds;
    int64_t rows_read, bad_lines, meters, written;
    int64_t first, last; /* instants: start of the first and end of the last reading */
    int64_t identical, conflicts, gaps, missing, negative, zeros, zeros_missing, extreme;
    int64_t ambiguous, impossible, resets, rollovers, unpaired;
    int64_t irregular, off_hour, leap_day, left_out, questionable, estimated, dates_moved;
    int64_t glitches, overlaps, counted_days;
    bool has_span;
} account;

json_t *account_json(const account *a);
void account_print(FILE *to, const account *a);

#endif

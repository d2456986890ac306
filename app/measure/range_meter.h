/* Inside a range: the meter whose readings have just streamed by. */
#ifndef MADANG_APP_MEASURE_RANGE_METER_H
#define MADANG_APP_MEASURE_RANGE_METER_H

#include "measure/listed.h"
#include "measure/range.h"

enum { RANGE_LONGEST_ID = 1024, RANGE_LONGEST_DAY = 28 * 3600 };

typedef struct range {
    const measure_inputs *in;
    const mdg_measure_opts *opts;
    range_worker *w;
    range_result *out;
    const range_plan *plan;
    listed *list;
    size_t n_list, at;            /* at: the next one not yet met in the readings */
    char meter[RANGE_LONGEST_ID]; /* the one whose readings stream by */
    bool any;
    listed current;
    bool wanted;
    mdg_temperature_cells bill_cells; /* of the meter being measured by bills */
} range;

/* Forgets the readings of the meter before. */
void range_clear(range_worker *w);
/* Takes a reading that is too long for a day; those outside the days looked at are left out. */
mdg_status range_take_bill(const measure_inputs *in, range_worker *w, int64_t start,
                           int32_t seconds, double value, bool estimated, mdg_error *err);
/* What was read of the meter becomes days, hours or bills, in the measure's unit. Bills stay as
 * they were read; readings of days and hours become those of calendar months, of which nine tenths
 * of the days must be there. */
mdg_status range_prepare_meter(range *r, const station *st, mdg_error *err);
/* Measures the prepared meter, as if installed in these days (indices of in->days).
 * shape  add it to the load shapes */
mdg_status range_measure_at(range *r, mdg_range installed, const station *st, bool shape,
                            mdg_meter_result *m, mdg_error *err);
/* Of the meter just measured: its sums times each factor of the plan that changes with time, and
 * its steps into the tally's where they are kept. */
void range_sum_steps(const range *r, mdg_range installed, mdg_co2e_sums sums[MEASURE_CO2E]);

/* Takes the placebos of a listed meter, and its units. */
mdg_status range_survey_listed(range *r, const listed *l, mdg_error *err);
/* Of one without readings: that it has none. */
mdg_status range_survey_unread(range *r, const listed *l, mdg_error *err);
/* Finds the non-routine events of the treated meter just measured; puts them into the tally, flags
 * the result, and writes what they are into `words` of `size` bytes. */
mdg_status range_find_events(range *r, const listed *l, mdg_meter_result *m, char *words,
                             size_t size, mdg_error *err);

#endif

/* The parts of a terminal summary: private to summary*.c. */
#ifndef MADANG_APP_MEASURE_SUMMARY_PARTS_H
#define MADANG_APP_MEASURE_SUMMARY_PARTS_H

#include "measure/summary.h"
#include "measure/summary_words.h"

/* What the parts read from and write to. Sentences are broken into lines by hand. */
typedef struct summary {
    const measure_outcome *o;
    const measure_request *q;
    show_language l;
    text *out;
} summary;

static inline const char *summary_word_of(const summary *s, summary_word w)
{
    return summary_word_in(s->l, w);
}

/* The bounds in the unit of the value: "lo to hi". */
void summary_interval(const summary *s, char out[112], const mdg_estimate *e, const char *unit);

/* Energy, CO2e and cost, and how sure they are. */
void summary_totals(const summary *s);
/* A table for each column of groups. */
void summary_groups(const summary *s);
/* Bills, burden, concentration, losers, differences. */
void summary_for_whom(const summary *s);
/* The comparison group. */
void summary_compared(const summary *s);
/* What the record may be used for. */
void summary_release(const summary *s);

#endif

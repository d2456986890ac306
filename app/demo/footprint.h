/* What the demo's controls cost the climate themselves: as the analyst knows it, and as it is. */
#ifndef MADANG_APP_DEMO_FOOTPRINT_H
#define MADANG_APP_DEMO_FOOTPRINT_H

#include <stddef.h>
#include <stdio.h>

/* The keys footprint, rebound and cost of the measure, for so many homes. */
void footprint_write(FILE *f, size_t homes);

/* kgCO2e a year by the true values, which lie within the written ranges.
 * saved_kg  avoided by what was really saved, before rebound and footprint */
double footprint_true_net(size_t homes, double saved_kg);

#endif

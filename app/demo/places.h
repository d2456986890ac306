/* Twelve cities that ran the same measure, and a thirteenth that thinks of it. */
#ifndef MADANG_APP_DEMO_PLACES_H
#define MADANG_APP_DEMO_PLACES_H

#include "demo/city.h"

enum { PLACES = 13, PLACES_MEASURED = 12 };

/* Place i, 0 to PLACES - 1; the last one has not run the measure yet. Climates are fixed; how much
 * of the heating the controls save varies about 11 %, drawn from the seed. */
city_place place_of(uint64_t seed, size_t i);

/* The city's climate as records give it: degree days to 18 deg C of the 365 days before the first
 * installation, in the mean of the stations. */
typedef struct place_climate {
    double hdd18_c, cdd18_c;
} place_climate;
place_climate place_climate_of(const city *c);

#endif

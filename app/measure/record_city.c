/* The city of a record, and its climate. */
#include "measure/json.h"
#include "measure/record_parts.h"

#include <string.h>

enum { YEAR = 365, FEWEST_DAYS = 329 };

/* Degree days of one station in the 365 days before the first installation; missing days count as
 * the mean of the others, of which nine tenths must be there. */
static bool degree_days(const mdg_temperature_cells *cells, size_t from, double *heating,
                        double *cooling)
{
    const double base_f = 18 * 1.8 + 32;
    size_t n = 0;
    *heating = *cooling = 0;
    for (size_t i = from; i < from + YEAR; i++) {
        double temp = cells->temp_f[i];
        if (isnan(temp))
            continue;
        *heating += mdg_hdd(temp, base_f) / 1.8;
        *cooling += mdg_cdd(temp, base_f) / 1.8;
        n++;
    }
    *heating *= (double)YEAR / (double)n;
    *cooling *= (double)YEAR / (double)n;
    return n >= FEWEST_DAYS;
}

/* The mean over stations; null with a baseline of under a year, or without weather. */
static json_t *climate_json(const measure_outcome *o)
{
    const measure_inputs *in = &o->inputs;
    int32_t first = in->first_from - YEAR;
    double hdd = 0, cdd = 0;
    size_t n = 0;
    for (size_t s = 0; s < in->n_stations && first >= in->days.first; s++) {
        double heating, cooling;
        if (!degree_days(&in->stations[s].cells, (size_t)(first - in->days.first), &heating,
                         &cooling))
            continue;
        hdd += heating;
        cdd += cooling;
        n++;
    }
    if (n == 0)
        return json_null();
    return json_pack("{s:o, s:o}", "hdd18_c", record_number(o, hdd / (double)n, 10), "cdd18_c",
                     record_number(o, cdd / (double)n, 10));
}

json_t *record_city(const measure_outcome *o)
{
    const char *key = o->spec.city;
    bool iso = key && strlen(key) > 3 && key[2] == '-';
    char country[3] = { iso ? key[0] : '\0', iso ? key[1] : '\0', '\0' };
    return json_pack("{s:o, s:o, s:o, s:o}", "key", json_text_or_null(key), "name",
                     json_text_or_null(o->spec.record.city), "country", json_text_or_null(country),
                     "climate", climate_json(o));
}

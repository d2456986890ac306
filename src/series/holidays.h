/* Holidays and closures by country, made at build time from data/holidays.csv. */
#ifndef MADANG_SERIES_HOLIDAYS_H
#define MADANG_SERIES_HOLIDAYS_H

#include <madang/series.h>

/* The days of one country, ascending, each once: twice its distance from 1 January 2000, and one
 * more if it is a closure. */
typedef struct holiday_table {
    const uint16_t *days;
    size_t n;
} holiday_table;

/* By country, in the order of the alphabet. */
extern const holiday_table holiday_tables[];
extern const char *const holiday_countries[];
extern const size_t holiday_countries_len;
extern const char holiday_countries_text[]; /* the same with commas between, for people */

#endif

/* Figures of speed. Each benchmark simulates its own input and prints lines `name value unit`. */
#ifndef MADANG_BENCH_H
#define MADANG_BENCH_H

#include <madang.h>

/* One line on standard output. */
void bench_print(const char *name, double value, const char *unit);

/* scale: of the work, 1 for the figure itself; smaller ones are for trying. */
mdg_status bench_daily_fit(double scale, mdg_error *err);
mdg_status bench_hourly_fit(double scale, mdg_error *err);
mdg_status bench_match(double scale, mdg_error *err);
mdg_status bench_events(double scale, mdg_error *err);
mdg_status bench_validate(double scale, mdg_error *err);
mdg_status bench_pool(double scale, mdg_error *err);
mdg_status bench_verify(double scale, mdg_error *err);
mdg_status bench_million_daily(double scale, mdg_error *err);
mdg_status bench_hourly_20k(double scale, mdg_error *err);
mdg_status bench_billing_million(double scale, mdg_error *err);

#endif

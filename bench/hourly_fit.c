/* One hourly meter-year: monthly models fitted, two years predicted, effect and band. */
#include "bench.h"

#include "cli/progress.h"
#include "demo/city.h"

enum { METERS = 40, ROUNDS = 5, DAYS = 730, YEAR_HOURS = 8760 };

typedef struct data {
    city city;
    mdg_days days;
    mdg_hours hours;
    mdg_hour_weather weather[CITY_STATIONS];
    double *use[METERS];
    mdg_measure_opts opts;
    mdg_measure_work work;
} data;

static mdg_status simulate(data *d, mdg_arena *mem, mdg_error *err)
{
    city_opts opts = CITY_OPTS;
    opts.homes = METERS;
    opts.others = 0;
    MDG_TRY(city_make(&opts, mem, &d->city, err));
    MDG_TRY(mdg_days_utc(d->city.first, DAYS, mem, &d->days, err));
    mdg_offset utc = { 0 };
    MDG_TRY(mdg_hours_make(&d->days, &utc, 1, mem, &d->hours, err));
    for (size_t s = 0; s < CITY_STATIONS; s++) {
        double *temp_f = mdg_new(mem, double, d->hours.n);
        if (!temp_f)
            return mdg_fail(err, MDG_E_MEMORY, "out of memory");
        for (size_t i = 0; i < d->hours.n; i++)
            temp_f[i] = d->city.hourly_c[s][i] * 1.8 + 32;
        MDG_TRY(mdg_hour_weather_make(temp_f, d->hours.n, mem, &d->weather[s], err));
    }
    double *used = mdg_new(mem, double, d->city.days);
    for (size_t i = 0; i < METERS; i++) {
        d->use[i] = mdg_new(mem, double, 24 * d->city.days);
        if (!used || !d->use[i])
            return mdg_fail(err, MDG_E_MEMORY, "out of memory");
        city_fuel fuel = i % CITY_FUELS ? CITY_ELECTRICITY : CITY_GAS;
        city_use(&d->city, i, fuel, NULL, used, NULL);
        city_use_hours(&d->city, i, fuel, used, d->use[i]);
    }
    d->opts = (mdg_measure_opts)MDG_MEASURE_OPTS;
    d->opts.model = MDG_MODEL_CALTRACK_HOURLY;
    return mdg_measure_work_make(DAYS, d->hours.n, &d->opts, mem, &d->work, err);
}

static mdg_status time_fits(data *d, double scale, mdg_error *err)
{
    size_t rounds = (size_t)(ROUNDS * scale) + 1;
    double began = clock_seconds();
    for (size_t k = 0; k < rounds; k++) {
        for (size_t i = 0; i < METERS; i++) {
            mdg_meter_hours in = { .meter = { .use = d->use[i],
                                              .baseline_to = YEAR_HOURS,
                                              .reporting_from = YEAR_HOURS,
                                              .reporting_to = 2 * YEAR_HOURS,
                                              .readings = d->hours.n },
                                   .hours = &d->hours,
                                   .weather = &d->weather[d->city.building[i].station],
                                   .days = DAYS };
            mdg_meter_result m;
            MDG_TRY(mdg_measure_hours(&in, &d->opts, &d->work, &m, err));
        }
    }
    bench_print("hourly_fit_ms", 1e3 * (clock_seconds() - began) / (double)(rounds * METERS), "ms");
    return MDG_OK;
}

mdg_status bench_hourly_fit(double scale, mdg_error *err)
{
    mdg_arena mem = { 0 };
    data d = { 0 };
    mdg_status s = simulate(&d, &mem, err);
    if (s == MDG_OK)
        s = time_fits(&d, scale, err);
    mdg_arena_free(&mem);
    return s;
}

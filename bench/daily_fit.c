/* One meter: sufficiency, all candidates, selection, prediction, effect and band. */
#include "bench.h"

#include "cli/progress.h"
#include "demo/city.h"

enum { METERS = 400, ROUNDS = 50, WINDOW = 365 };

typedef struct data {
    city city;
    double *use[METERS];
    uint8_t *kind;
    mdg_temperature_cells cells[CITY_STATIONS];
    mdg_measure_opts opts;
    mdg_measure_work work;
} data;

static mdg_status simulate(data *d, mdg_arena *mem, mdg_error *err)
{
    city_opts opts = CITY_OPTS;
    opts.homes = METERS;
    opts.others = 0;
    MDG_TRY(city_make(&opts, mem, &d->city, err));
    for (size_t i = 0; i < METERS; i++) {
        if (!(d->use[i] = mdg_new(mem, double, d->city.days)))
            return mdg_fail(err, MDG_E_MEMORY, "out of memory");
        city_use(&d->city, i, i % CITY_FUELS ? CITY_ELECTRICITY : CITY_GAS, d->use[i], NULL, NULL);
    }
    if (!(d->kind = mdg_new(mem, uint8_t, d->city.days)))
        return mdg_fail(err, MDG_E_MEMORY, "out of memory");
    for (size_t i = 0; i < d->city.days; i++) {
        int weekday = mdg_weekday(d->city.first + (int32_t)i);
        d->kind[i] = weekday < 5 ? MDG_DAY_WORK : weekday == 5 ? MDG_DAY_SATURDAY : MDG_DAY_SUNDAY;
    }
    return city_cells(&d->city, mem, d->cells, err);
}

/* Windows begin on different days, so that weather moments can rarely be shared between meters:
 * the dear case. */
static mdg_status fit(data *d, size_t meter, bool staggered, mdg_error *err)
{
    size_t from = staggered ? (meter * 7) % 60 : 0;
    mdg_meter_input in = { .use = d->use[meter],
                           .cells = &d->cells[d->city.building[meter].station],
                           .kind = d->kind,
                           .baseline_from = from,
                           .baseline_to = from + WINDOW,
                           .reporting_from = from + WINDOW,
                           .reporting_to = from + 2 * WINDOW,
                           .readings = d->city.days };
    mdg_meter_result m;
    return mdg_measure_meter(&in, &d->opts, &d->work, &m, err);
}

static mdg_status time_fits(data *d, bool staggered, const char *name, double scale, mdg_error *err)
{
    size_t rounds = (size_t)(ROUNDS * scale) + 1;
    double began = clock_seconds();
    for (size_t k = 0; k < rounds; k++)
        for (size_t i = 0; i < METERS; i++)
            MDG_TRY(fit(d, i, staggered, err));
    bench_print(name, 1e6 * (clock_seconds() - began) / (double)(rounds * METERS), "us");
    return MDG_OK;
}

static const struct {
    const char *name;
    mdg_model model;
    bool staggered;
} figures[] = {
    { "daily_fit_us", MDG_MODEL_CALTRACK_DAILY, false },
    { "daily_fit_staggered_us", MDG_MODEL_CALTRACK_DAILY, true },
    { "madang_daily_us", MDG_MODEL_MADANG_DAILY, false },
    { "madang_daily_staggered_us", MDG_MODEL_MADANG_DAILY, true },
};

mdg_status bench_daily_fit(double scale, mdg_error *err)
{
    mdg_arena mem = { 0 };
    data d = { 0 };
    mdg_status s = simulate(&d, &mem, err);
    for (size_t i = 0; i < sizeof figures / sizeof *figures && s == MDG_OK; i++) {
        d.opts = (mdg_measure_opts)MDG_MEASURE_OPTS;
        d.opts.model = figures[i].model;
        s = mdg_measure_work_make(d.city.days, 0, &d.opts, &mem, &d.work, err);
        if (s == MDG_OK)
            s = time_fits(&d, figures[i].staggered, figures[i].name, scale, err);
    }
    mdg_arena_free(&mem);
    return s;
}

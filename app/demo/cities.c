/* Many cities through the whole chain, pooled. */
#include "demo/cities.h"

#include "demo/imports.h"
#include "demo/path.h"
#include "demo/places.h"
#include "demo/raw_files.h"
#include "demo/signing.h"
#include "measure/measure.h"
#include "support/output.h"

#include <stdio.h>

typedef struct city_row {
    city_place place;
    place_climate climate;
    double truth;         /* percent saved by the treated homes */
    double use;           /* kWh a year of one of them, without the measure */
    mdg_estimate percent; /* measured */
    int grade;
} city_row;

typedef struct cities {
    const demo_request *request;
    mdg_arena mem; /* of paths */
    city_row row[PLACES];
} cities;

static bool talks(const cities *d)
{
    return !d->request->quiet && !d->request->json;
}

/* ---- one city ----------------------------------------------------------------------------- */

static uint64_t seed_of(const cities *d, size_t i)
{
    return d->request->seed * PLACES + i;
}

static mdg_status make(const cities *d, city_row *row, size_t i, mdg_arena *mem, city *c,
                       mdg_error *err)
{
    city_opts opts = CITY_OPTS;
    row->place = place_of(d->request->seed, i);
    opts.place = &row->place;
    opts.seed = seed_of(d, i);
    opts.homes = d->request->homes;
    opts.others = 0;
    opts.history = CITY_HISTORY;
    MDG_TRY(city_make(&opts, mem, c, err));
    row->climate = place_climate_of(c);
    return MDG_OK;
}

static void keep_truth(city_row *row, const city *c, const city_truth *truth)
{
    mdg_sum without = { 0 };
    for (size_t i = 0; i < c->n; i++)
        mdg_sum_add(&without, truth->without[CITY_FUELS * i + CITY_GAS]);
    row->truth = truth_percent(c, truth, CITY_GAS, NULL, NULL);
    row->use = mdg_sum_get(&without) / (double)c->treated;
}

static mdg_status measure_and_sign(cities *d, size_t i, const char *folder, mdg_error *err)
{
    city_row *row = &d->row[i];
    measure_request q = { .yaml = demo_path(folder, "measures/heating-controls.yaml", &d->mem),
                          .out = demo_path(folder, "results", &d->mem),
                          .language = d->request->language,
                          .command = "madang measure measures/heating-controls.yaml --out results",
                          .truth = { .savings = MDG_NAN, .percent = MDG_NAN },
                          .threads = d->request->threads,
                          .quiet = true };
    if (!q.yaml || !q.out)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory");
    measure_outcome o;
    mdg_status s = measure_run(&q, &o, err);
    if (s == MDG_OK) {
        demo_signature made;
        row->percent = o.percent;
        row->grade = o.release.grade.value;
        s = demo_sign(d->request->folder, row->place.key, o.record, seed_of(d, i), &d->mem, &made,
                      err);
    }
    measure_outcome_free(&o);
    return s;
}

static mdg_status run_city(cities *d, size_t i, mdg_arena *mem, mdg_error *err)
{
    city_row *row = &d->row[i];
    city c;
    city_truth truth;
    MDG_TRY(make(d, row, i, mem, &c, err));
    char *folder = demo_path(d->request->folder, row->place.key, &d->mem);
    if (!folder)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory");
    raw_request files = { .city = &c, .folder = folder, .gas_only = true, .quiet = true };
    MDG_TRY(raw_files_write(&files, mem, &truth, err));
    keep_truth(row, &c, &truth);
    imports_request tables = {
        .folder = folder, .gas_only = true, .threads = d->request->threads, .quiet = true
    };
    MDG_TRY(imports_run(&tables, mem, err));
    return measure_and_sign(d, i, folder, err);
}

static void show_city(const city_row *row)
{
    printf("  %-10s %6.0f   %5.1f %% (%.1f to %.1f %%)%*s%5.1f %%   %s   grade %d\n",
           row->place.name, row->climate.hdd18_c, row->percent.value, row->percent.lo,
           row->percent.hi, row->percent.hi < 10 ? 3 : 2, "", row->truth,
           row->percent.lo <= row->truth && row->truth <= row->percent.hi ? "inside " : "outside",
           row->grade);
    fflush(stdout);
}

static mdg_status run_cities(cities *d, mdg_error *err)
{
    if (talks(d))
        printf(
            "Twelve simulated cities of %zu homes, in %s. In each, some homes got the same\n"
            "heating controls, which save about a tenth of heating; so more of all gas is saved\n"
            "where winters are cold. Each city measures and signs by itself:\n\n"
            "  city       degree   measured                the truth            evidence\n"
            "               days\n",
            d->request->homes, d->request->folder);
    for (size_t i = 0; i < PLACES_MEASURED; i++) {
        mdg_arena mem = { 0 };
        mdg_status s = run_city(d, i, &mem, err);
        mdg_arena_free(&mem);
        if (s != MDG_OK)
            return s;
        if (talks(d))
            show_city(&d->row[i]);
    }
    return MDG_OK;
}

/* ---- the thirteenth ----------------------------------------------------------------------- */

/* What the controls would save there: known only to the simulation. */
static mdg_status know_the_last(cities *d, mdg_arena *mem, mdg_error *err)
{
    city_row *row = &d->row[PLACES - 1];
    city c;
    city_truth truth;
    MDG_TRY(make(d, row, PLACES - 1, mem, &c, err));
    MDG_TRY(truth_make(&c, mem, &truth, err));
    double *used = mdg_new(mem, double, c.days), *without = mdg_new(mem, double, c.days);
    if (!used || !without)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory");
    for (size_t i = 0; i < c.n; i++) {
        if (!c.building[i].treated)
            continue;
        city_use(&c, i, CITY_GAS, NULL, used, without);
        truth_add(&truth, &c, i, CITY_GAS, used, without);
    }
    keep_truth(row, &c, &truth);
    return MDG_OK;
}

mdg_status demo_cities(const demo_request *q, mdg_error *err)
{
    cities d = { .request = q };
    mdg_status s = run_cities(&d, err);
    if (s == MDG_OK)
        s = know_the_last(&d, &d.mem, err);
    mdg_arena_free(&d.mem);
    return s;
}

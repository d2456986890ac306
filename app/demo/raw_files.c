/* The simulated city's files. */
#include "demo/raw_files.h"

#include "cli/progress.h"
#include "demo/footprint.h"
#include "support/output.h"
#include "support/text.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { ELECTRICITY_YEAR = 2022, SECRET_STREAM = 90001 };

typedef struct raw {
    const city *city;
    const char *folder;
    gas_resolution gas;
    int fuels; /* CITY_GAS only, or all CITY_FUELS: the first so many are written */
    bool quiet;
    output_set outputs;
    FILE *readings[CITY_FUELS][RAW_YEARS];
    char (*dates)[11]; /* of all days */
    int *year;         /* of all days, from RAW_FIRST_YEAR */
    double *reading, *used, *without;
    double *hours; /* of GAS_HOURS */
    city_truth truth;
} raw;

const char *raw_fuel_name(city_fuel fuel)
{
    return fuel == CITY_GAS ? "gas" : "electricity";
}

bool raw_smart(const city *c, size_t building)
{
    if (building >= c->homes)
        return false;
    return building % (c->building[building].treated ? 3 : 20) == 0;
}

/* Whether a building's gas is in the files. */
static bool written(const raw *r, size_t building, city_fuel fuel)
{
    return fuel != CITY_GAS || r->gas != GAS_HOURS || raw_smart(r->city, building);
}

static mdg_status open_file(raw *r, const char *name, FILE **out, mdg_error *err)
{
    text path = { 0 };
    text_addf(&path, "%s/%s", r->folder, name);
    const char *temp;
    mdg_status s = text_status(&path, err);
    if (s == MDG_OK)
        s = output_add(&r->outputs, text_get(&path), &temp, err);
    if (s == MDG_OK && !(*out = fopen(temp, "wb")))
        s = mdg_fail(err, MDG_E_WRITE, "cannot write '%s': %s", text_get(&path), strerror(errno));
    text_free(&path);
    return s;
}

static mdg_status close_file(FILE **f, mdg_error *err)
{
    bool bad = ferror(*f);
    bad = fclose(*f) != 0 || bad;
    *f = NULL;
    return bad ? mdg_fail(err, MDG_E_WRITE, "cannot write the city's files: %s", strerror(errno))
               : MDG_OK;
}

/* ---- readings ----------------------------------------------------------------------------- */

/* A few rows are sent twice, as it happens. */
static bool sent_twice(size_t building, size_t day)
{
    return building % 97 == 3 && day % 200 == 11;
}

static void write_gas(raw *r, size_t building)
{
    if (r->gas == GAS_HOURS)
        city_use_hours(r->city, building, CITY_GAS, r->reading, r->hours);
    for (int year = 0; year < RAW_YEARS; year++) {
        FILE *f = r->readings[CITY_GAS][year];
        if (r->gas == GAS_HOURS)
            raw_gas_hours(r->city, building, r->hours, r->dates, RAW_FIRST_YEAR + year, f);
        else
            raw_gas_bills(r->city, building, r->used, r->dates, RAW_FIRST_YEAR + year, f);
    }
}

static void write_readings(raw *r, size_t building, city_fuel fuel)
{
    if (fuel == CITY_GAS && r->gas != GAS_DAYS) {
        write_gas(r, building);
        return;
    }
    char meter = fuel == CITY_GAS ? 'G' : 'E';
    for (size_t i = 0; i < r->city->days; i++) {
        if (isnan(r->reading[i]))
            continue;
        FILE *f = r->readings[fuel][r->year[i]];
        for (int k = sent_twice(building, i) ? 2 : 1; k > 0; k--)
            fprintf(f, "%c%05zu,%s,%.2f\n", meter, building + 1, r->dates[i], r->reading[i]);
    }
}

static mdg_status open_readings(raw *r, mdg_error *err)
{
    for (int fuel = 0; fuel < r->fuels; fuel++) {
        int first = fuel == CITY_GAS ? RAW_FIRST_YEAR : ELECTRICITY_YEAR;
        for (int year = first - RAW_FIRST_YEAR; year < RAW_YEARS; year++) {
            char name[64];
            snprintf(name, sizeof name, "raw/%s-%d.csv", raw_fuel_name((city_fuel)fuel),
                     RAW_FIRST_YEAR + year);
            MDG_TRY(open_file(r, name, &r->readings[fuel][year], err));
            fputs(raw_gas_header(fuel == CITY_GAS ? r->gas : GAS_DAYS), r->readings[fuel][year]);
        }
    }
    return MDG_OK;
}

static mdg_status write_all_readings(raw *r, mdg_error *err)
{
    MDG_TRY(open_readings(r, err));
    progress p;
    progress_start(&p, "simulating", "buildings", r->quiet);
    for (size_t b = 0; b < r->city->n; b++) {
        for (int fuel = 0; fuel < r->fuels; fuel++) {
            if (!written(r, b, (city_fuel)fuel))
                continue;
            city_use(r->city, b, (city_fuel)fuel, r->reading, r->used, r->without);
            write_readings(r, b, (city_fuel)fuel);
            truth_add(&r->truth, r->city, b, (city_fuel)fuel, r->used, r->without);
        }
        progress_show(&p, (double)b, (double)r->city->n, b);
    }
    progress_end(&p);
    for (int fuel = 0; fuel < r->fuels; fuel++)
        for (int year = 0; year < RAW_YEARS; year++)
            if (r->readings[fuel][year])
                MDG_TRY(close_file(&r->readings[fuel][year], err));
    return MDG_OK;
}

/* ---- the rest ----------------------------------------------------------------------------- */

static mdg_status write_weather(raw *r, mdg_error *err)
{
    FILE *f;
    MDG_TRY(open_file(r, "raw/weather.csv", &f, err));
    fputs("station,time,temp_c\n", f);
    for (size_t s = 0; s < CITY_STATIONS; s++)
        for (size_t i = 0; i < r->city->days; i++)
            for (size_t h = 0; h < 24; h++)
                fprintf(f, "%s,%s %02zu:00,%.1f\n", city_station_name(s), r->dates[i], h,
                        r->city->hourly_c[s][24 * i + h]);
    return close_file(&f, err);
}

static void write_meter(const raw *r, FILE *f, size_t i, city_fuel fuel)
{
    const city_building *b = &r->city->building[i];
    fprintf(f, "%c%05zu,%s,%s,%s,", fuel == CITY_GAS ? 'G' : 'E', i + 1, raw_fuel_name(fuel),
            b->type, b->district);
    if (b->quintile)
        fprintf(f, "Q%d,%.0f", b->quintile, b->income);
    else
        fputc(',', f);
    fprintf(f, ",%.0f,%s,%s,", b->area_m2, city_station_name(b->station),
            fuel == CITY_GAS && raw_smart(r->city, i) ? "yes" : "no");
    if (b->treated)
        fprintf(f, "controls-2023,%s,%s\n", r->dates[b->from - r->city->first],
                r->dates[b->to - r->city->first]);
    else
        fputs(",,\n", f);
}

static mdg_status write_meters(raw *r, mdg_error *err)
{
    FILE *f;
    MDG_TRY(open_file(r, "raw/meters.csv", &f, err));
    fputs("meter,fuel,type,district,income,income_krw,area_m2,station,smart,programme,started,"
          "finished\n",
          f);
    for (size_t i = 0; i < r->city->n; i++)
        for (int fuel = 0; fuel < r->fuels; fuel++)
            write_meter(r, f, i, (city_fuel)fuel);
    return close_file(&f, err);
}

static const struct {
    city_fuel fuel;
    const char *id, *title, *co2e, *tariff;
} measures[] = {
    { CITY_GAS, "heating-controls", "Smart heating controls in social housing",
      "co2e: {factor: 0.202, unit: kgCO2e/kWh, source: \"IPCC 2006, natural gas, 56.1 kg CO2 per "
      "GJ "
      "(net)\"}\n",
      "tariff: {currency: KRW, standing: 33, price: 78}   # a day, and a kWh\n"
      "investment: {per_meter: 350000, subsidy: 0.7}\n" },
    { CITY_ELECTRICITY, "heating-controls-electricity",
      "The same homes' electricity, which the controls should not change", "",
      "tariff:\n  currency: KRW\n  standing: 42\n  period: month\n"
      "  blocks: [{to: 200, price: 120}, {to: 400, price: 215}, {price: 307}]\n"
      "  seasons: [{months: [7, 8], blocks: [{to: 300, price: 120}, {to: 450, price: 215}, "
      "{price: 307}]}]\n" },
};

size_t raw_controls(const city *c, gas_resolution gas)
{
    size_t homes = 0;
    for (size_t i = 0; i < c->n; i++)
        homes += c->building[i].treated && (gas != GAS_HOURS || raw_smart(c, i));
    return homes;
}

static mdg_status write_measure(raw *r, size_t k, mdg_error *err)
{
    char name[96];
    snprintf(name, sizeof name, "measures/%s.yaml", measures[k].id);
    FILE *f;
    MDG_TRY(open_file(r, name, &f, err));
    const char *fuel = raw_fuel_name(measures[k].fuel);
    const char *smart =
        measures[k].fuel == CITY_GAS && r->gas == GAS_HOURS ? " and smart = 'yes'" : "";
    fprintf(f,
            "measure: %s\ntitle: %s\ntype: buildings.controls.heating\ncity: %s\n"
            "quantity: {fuel: %s, unit: kWh}\nreadings: ../tables/%s.parquet\n"
            "weather: ../tables/weather.parquet\nmeters: ../tables/meters.parquet\n"
            "treated: \"fuel = '%s' and programme = 'controls-2023'%s\"\n"
            "comparison: \"fuel = '%s' and type = 'home' and programme is null%s\"\n"
            "matching: {method: nearest, neighbours: 2}\n"
            "installation: {from: started, to: finished}   # columns of meters: each home's own\n"
            "baseline: {days: 365}\nreporting: {days: %d}\ntime_zone: Asia/Seoul\n"
            "model: %s\nlevel: 0.90\ngroups: [district, income]\n%s%sincome: income_krw   # a "
            "column, a year's\n"
            "record:\n  city: %s\n  sector: residential\n  implementer: %s Housing\n"
            "  dose: {number: 1, unit: controller per home}\n"
            "  eligibility: homes with gas heating, poorer ones first\n",
            measures[k].id, measures[k].title, r->city->place->key, fuel, fuel, fuel, smart, fuel,
            smart, CITY_REPORTING_DAYS,
            measures[k].fuel != CITY_GAS || r->gas == GAS_DAYS ? "caltrack-daily"
            : r->gas == GAS_HOURS                              ? "caltrack-hourly"
                                                               : "caltrack-billing",
            measures[k].co2e, measures[k].tariff, r->city->place->name, r->city->place->name);
    if (measures[k].fuel == CITY_GAS)
        footprint_write(f, raw_controls(r->city, r->gas));
    return close_file(&f, err);
}

/* A city of its own has its own secret; this one's is no secret, so that a seed gives the same
 * files. What another demo published from this folder is forgotten. */
static mdg_status write_secret(raw *r, mdg_error *err)
{
    FILE *f;
    MDG_TRY(open_file(r, "measures/madang.salt", &f, err));
    mdg_rng rng = mdg_rng_make(r->city->seed, SECRET_STREAM);
    for (int i = 0; i < 4; i++)
        fprintf(f, "%016llx", (unsigned long long)mdg_rng_u64(&rng));
    fputc('\n', f);
    fchmod(fileno(f), 0600);
    MDG_TRY(close_file(&f, err));
    MDG_TRY(open_file(r, "measures/releases.ledger", &f, err));
    fputs("madang releases 1\n", f);
    fchmod(fileno(f), 0600);
    return close_file(&f, err);
}

/* ---- public ------------------------------------------------------------------------------- */

static mdg_status prepare(raw *r, mdg_arena *mem, mdg_error *err)
{
    const city *c = r->city;
    r->dates = mdg_arena_alloc(mem, c->days, sizeof *r->dates);
    r->year = mdg_new(mem, int, c->days);
    r->reading = mdg_new(mem, double, c->days);
    r->used = mdg_new(mem, double, c->days);
    r->without = mdg_new(mem, double, c->days);
    r->hours = mdg_new(mem, double, r->gas == GAS_HOURS ? 24 * c->days : 0);
    if (!r->dates || !r->year || !r->reading || !r->used || !r->without || !r->hours)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory for the city's files");
    MDG_TRY(truth_make(c, mem, &r->truth, err));
    for (size_t i = 0; i < c->days; i++) {
        mdg_day_format(c->first + (int32_t)i, r->dates[i]);
        r->year[i] = mdg_day_to_date(c->first + (int32_t)i).year - RAW_FIRST_YEAR;
    }
    static const char *const folders[] = { "raw", "measures", "tables", "results" };
    mdg_status s = MDG_OK;
    for (size_t i = 0; i < sizeof folders / sizeof *folders && s == MDG_OK; i++) {
        text path = { 0 };
        text_addf(&path, "%s/%s", r->folder, folders[i]);
        s = text_status(&path, err);
        if (s == MDG_OK)
            s = output_make_folder(text_get(&path), err);
        text_free(&path);
    }
    return s;
}

static mdg_status write_files(raw *r, mdg_arena *mem, mdg_error *err)
{
    MDG_TRY(prepare(r, mem, err));
    MDG_TRY(write_all_readings(r, err));
    MDG_TRY(write_weather(r, err));
    MDG_TRY(write_meters(r, err));
    for (size_t k = 0; k < sizeof measures / sizeof *measures; k++)
        if ((int)measures[k].fuel < r->fuels)
            MDG_TRY(write_measure(r, k, err));
    MDG_TRY(write_secret(r, err));
    return output_commit(&r->outputs, err);
}

mdg_status raw_files_write(const raw_request *q, mdg_arena *mem, city_truth *truth, mdg_error *err)
{
    raw r = { .city = q->city,
              .folder = q->folder,
              .gas = q->gas,
              .fuels = q->gas_only ? 1 : CITY_FUELS,
              .quiet = q->quiet };
    mdg_status s = write_files(&r, mem, err);
    for (int fuel = 0; fuel < CITY_FUELS; fuel++)
        for (int year = 0; year < RAW_YEARS; year++)
            if (r.readings[fuel][year])
                fclose(r.readings[fuel][year]);
    output_discard(&r.outputs);
    if (s == MDG_OK)
        *truth = r.truth;
    return s;
}

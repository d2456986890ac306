/* The demo's files become tables, as `madang import` does it. */
#include "demo/imports.h"

#include "demo/path.h"
#include "demo/raw_files.h"
#include "import/readings.h"

#include <stdio.h>

typedef mdg_status import_fn(const import_request *q, account *out, mdg_error *err);

typedef struct demo_import {
    const char *table, *shown, *files[RAW_YEARS], *output, *columns, *options;
    import_fn *import;
    const char *quantity, *unit, *kind, *time_zone, *wide;
} demo_import;

#define GAS_IMPORT(how, more, shape)                                                     \
    {                                                                                    \
        .table = "readings", .shown = "raw/gas-*.csv",                                   \
        .files = { "raw/gas-2019.csv", "raw/gas-2020.csv", "raw/gas-2021.csv",           \
                   "raw/gas-2022.csv", "raw/gas-2023.csv", "raw/gas-2024.csv" },         \
        .output = "tables/gas.parquet", .columns = (how),                                \
        .options = more " --quantity gas --unit kWh --kind interval --tz Asia/Seoul",    \
        .import = import_readings, .quantity = "gas", .unit = "kWh", .kind = "interval", \
        .time_zone = "Asia/Seoul", .wide = (shape)                                       \
    }
static const demo_import gas_imports[] = {
    [GAS_DAYS] = GAS_IMPORT("meter=meter,start=date,value=kwh", "", NULL),
    [GAS_HOURS] = GAS_IMPORT("meter=meter,start=date", " --wide hours", "hours"),
    [GAS_BILLS] = GAS_IMPORT("meter=meter,start=from,end=to,value=kwh,estimated=read", "", NULL),
};

static const demo_import imports[] = {
    { "readings",
      "raw/electricity-*.csv",
      { "raw/electricity-2022.csv", "raw/electricity-2023.csv", "raw/electricity-2024.csv" },
      "tables/electricity.parquet",
      "meter=meter,start=date,value=kwh",
      " --quantity electricity --unit kWh --kind interval --tz Asia/Seoul",
      import_readings,
      "electricity",
      "kWh",
      "interval",
      "Asia/Seoul",
      NULL },
    { "weather",
      "raw/weather.csv",
      { "raw/weather.csv" },
      "tables/weather.parquet",
      "station=station,start=time,temp=temp_c",
      " --unit degC --tz Asia/Seoul",
      import_weather,
      NULL,
      "degC",
      NULL,
      "Asia/Seoul",
      NULL },
    { "meters",
      "raw/meters.csv",
      { "raw/meters.csv" },
      "tables/meters.parquet",
      "meter=meter,station=station",
      "",
      import_meters,
      NULL,
      NULL,
      NULL,
      NULL,
      NULL },
};

static void show_import(const demo_import *i, const account *a, show_language l)
{
    bool korean = l == SHOW_KOREAN;
    printf("$ madang import %s %s -o %s --columns %s%s\n", i->table, i->shown, i->output,
           i->columns, i->options);
    printf(korean ? "  %lld행 읽음" : "  %lld rows read", (long long)a->rows_read);
    if (a->identical > 0)
        printf(korean ? ", 계량기 %lld개; 두 번 보낸 %lld행은 버림"
                      : " of %lld meters; %lld sent twice, dropped",
               (long long)a->meters, (long long)a->identical);
    if (a->estimated > 0)
        printf(korean ? "; 추정 고지서 %lld건" : "; %lld bills on estimates",
               (long long)a->estimated);
    printf("\n");
}

static mdg_status import_one(const imports_request *r, const demo_import *i, mdg_arena *mem,
                             mdg_error *err)
{
    const char *files[RAW_YEARS] = { 0 };
    size_t n = 0;
    for (; n < RAW_YEARS && i->files[n]; n++)
        files[n] = demo_path(r->folder, i->files[n], mem);
    import_request q = { .files = files,
                         .n_files = n,
                         .output = demo_path(r->folder, i->output, mem),
                         .columns = i->columns,
                         .quantity = i->quantity,
                         .unit = i->unit,
                         .kind = i->kind,
                         .time_zone = i->time_zone,
                         .wide = i->wide,
                         .format = "auto",
                         .on_conflict = "refuse",
                         .bill_end = "auto",
                         .calorific_value = MDG_NAN,
                         .threads = r->threads,
                         .quiet = r->quiet };
    if (!q.output || !files[0])
        return mdg_fail(err, MDG_E_MEMORY, "out of memory");
    account a = { 0 };
    MDG_TRY(i->import(&q, &a, err));
    if (r->talks)
        show_import(i, &a, r->language);
    return MDG_OK;
}

mdg_status imports_run(const imports_request *r, mdg_arena *mem, mdg_error *err)
{
    MDG_TRY(import_one(r, &gas_imports[r->gas], mem, err));
    for (size_t k = 0; k < sizeof imports / sizeof *imports; k++)
        if (!r->gas_only || !imports[k].quantity)
            MDG_TRY(import_one(r, &imports[k], mem, err));
    return MDG_OK;
}

/* The per-meter table.  */
#include "measure/per_meter.h"

#include "store/writer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A number of a row, NaN for missing. */
typedef double number_fn(const mdg_meter_result *m);

static double model_intercept(const mdg_meter_result *m)
{
    return m->model.intercept;
}

static double beta_hdd(const mdg_meter_result *m)
{
    return isnan(m->model.heating_balance_point_f) ? MDG_NAN : m->model.beta_hdd;
}

static double beta_cdd(const mdg_meter_result *m)
{
    return isnan(m->model.cooling_balance_point_f) ? MDG_NAN : m->model.beta_cdd;
}

static double celsius(double f)
{
    return (f - 32) / 1.8;
}

static double heating_f(const mdg_meter_result *m)
{
    return m->model.heating_balance_point_f;
}

static double cooling_f(const mdg_meter_result *m)
{
    return m->model.cooling_balance_point_f;
}

static double heating_c(const mdg_meter_result *m)
{
    return celsius(m->model.heating_balance_point_f);
}

static double cooling_c(const mdg_meter_result *m)
{
    return celsius(m->model.cooling_balance_point_f);
}

#define FIELD(name, expression)                   \
    static double name(const mdg_meter_result *m) \
    {                                             \
        return expression;                        \
    }
FIELD(saturday, m->daily.calendar_terms > 0 ? m->daily.saturday : MDG_NAN)
FIELD(sunday, m->daily.calendar_terms > 0 ? m->daily.sunday : MDG_NAN)
FIELD(closure, m->daily.calendar_terms > 0 ? m->daily.closure : MDG_NAN)
FIELD(lag, m->daily.n > 0 ? m->daily.lag : MDG_NAN)
FIELD(r2_adj, m->model.r2_adj)
FIELD(cvrmse, m->metrics.cvrmse)
FIELD(nmbe, m->metrics.nmbe)
FIELD(autocorrelation, m->metrics.autocorrelation)
FIELD(observed, m->observed)
FIELD(counterfactual, m->counterfactual)
FIELD(savings, m->savings)
FIELD(savings_lo, m->lo)
FIELD(savings_hi, m->hi)
FIELD(fsu_band, m->band.fsu)
FIELD(ols_band, m->band.ols)
FIELD(normalised_savings, m->normalised.savings)
FIELD(normalised_savings_lo, m->normalised.lo)
FIELD(normalised_savings_hi, m->normalised.hi)
FIELD(normalised_base, m->normalised.base)
FIELD(normalised_heating, m->normalised.heating)
FIELD(normalised_cooling, m->normalised.cooling)

/* The columns after meter, status, groups, model, baseline_days and reporting_days. */
static const struct {
    const char *name;
    number_fn *get;
} numbers[] = {
    { "intercept", model_intercept },
    { "beta_hdd", beta_hdd },
    { "beta_cdd", beta_cdd },
    { "heating_balance_point_f", heating_f },
    { "cooling_balance_point_f", cooling_f },
    { "heating_balance_point_c", heating_c },
    { "cooling_balance_point_c", cooling_c },
    { "saturday", saturday },
    { "sunday", sunday },
    { "closure", closure },
    { "lag", lag },
    { "r2_adj", r2_adj },
    { "cvrmse", cvrmse },
    { "nmbe", nmbe },
    { "autocorrelation", autocorrelation },
    { "observed", observed },
    { "counterfactual", counterfactual },
    { "savings", savings },
    { "savings_lo", savings_lo },
    { "savings_hi", savings_hi },
    { "fsu_band", fsu_band },
    { "ols_band", ols_band },
    { "normalised_savings", normalised_savings },
    { "normalised_savings_lo", normalised_savings_lo },
    { "normalised_savings_hi", normalised_savings_hi },
    { "normalised_base", normalised_base },
    { "normalised_heating", normalised_heating },
    { "normalised_cooling", normalised_cooling },
};
enum { NUMBERS = sizeof numbers / sizeof *numbers };

enum { MAX_COLUMNS = 7 + MEASURE_MAX_GROUPS + NUMBERS };

typedef struct table {
    const measure_spec *spec;
    per_meter_source *source;
    void *context;
    const meter_row *rows;
    size_t n, at;
} table;

/* ---- cells -------------------------------------------------------------------------------- */

static void flags_text(unsigned flags, char *out, size_t size)
{
    size_t n = 0;
    out[0] = '\0';
    for (size_t f = 0; f < MDG_METER_FLAG_COUNT; f++)
        if (flags >> f & 1)
            n += (size_t)snprintf(out + n, size - n, "%s%s", n ? " " : "",
                                  mdg_meter_flag_code((mdg_meter_flag)f));
}

static void set_row(const table *t, duckdb_data_chunk c, idx_t row, const meter_row *r)
{
    const mdg_meter_result *m = &r->result;
    bool hourly = m->months > 0, modelled = hourly || !isnan(m->model.intercept);
    size_t a_day = hourly ? MDG_DAY_HOURS : 1;
    idx_t k = 0;
    writer_set_text(c, k++, row, r->meter);
    writer_set_text(c, k++, row, mdg_meter_status_code(m->status));
    for (size_t g = 0; g < t->spec->n_groups; g++)
        writer_set_text(c, k++, row, r->labels[g]);
    writer_set_text(c, k++, row, modelled ? tally_form_name(tally_form(m)) : NULL);
    writer_set_count(c, k++, row, m->baseline.valid / a_day);
    writer_set_count(c, k++, row, m->reporting_days / a_day);
    for (size_t i = 0; i < NUMBERS; i++)
        writer_set_number(c, k++, row, modelled ? numbers[i].get(m) : MDG_NAN);
    char flags[256];
    flags_text(m->flags, flags, sizeof flags);
    writer_set_text(c, k++, row, flags);
    writer_set_text(c, k, row, r->events);
}

/* ---- rows --------------------------------------------------------------------------------- */

static size_t list_columns(const measure_spec *spec, writer_column *c)
{
    size_t n = 0;
    c[n++] = (writer_column){ "meter", DUCKDB_TYPE_VARCHAR };
    c[n++] = (writer_column){ "status", DUCKDB_TYPE_VARCHAR };
    for (size_t g = 0; g < spec->n_groups; g++)
        c[n++] = (writer_column){ spec->groups[g], DUCKDB_TYPE_VARCHAR };
    c[n++] = (writer_column){ "model", DUCKDB_TYPE_VARCHAR };
    c[n++] = (writer_column){ "baseline_days", DUCKDB_TYPE_BIGINT };
    c[n++] = (writer_column){ "reporting_days", DUCKDB_TYPE_BIGINT };
    for (size_t i = 0; i < NUMBERS; i++)
        c[n++] = (writer_column){ numbers[i].name, DUCKDB_TYPE_DOUBLE };
    c[n++] = (writer_column){ "flags", DUCKDB_TYPE_VARCHAR };
    c[n++] = (writer_column){ "events", DUCKDB_TYPE_VARCHAR };
    return n;
}

static mdg_status fill(void *context, duckdb_data_chunk chunk, idx_t *n, mdg_error *err)
{
    table *t = context;
    idx_t limit = duckdb_vector_size(), row = 0;
    while (row < limit) {
        if (t->at == t->n) {
            t->at = 0;
            MDG_TRY(t->source(t->context, &t->rows, &t->n, err));
            if (t->n == 0)
                break;
        }
        set_row(t, chunk, row++, &t->rows[t->at++]);
    }
    *n = row;
    return MDG_OK;
}

mdg_status per_meter_write(const char *path, const measure_spec *spec, duckdb_connection con,
                           per_meter_source *source, void *context, mdg_error *err)
{
    table t = { .spec = spec, .source = source, .context = context };
    writer_column columns[MAX_COLUMNS];
    writer_source rows = { .name = "madang_meters",
                           .columns = columns,
                           .n_columns = list_columns(spec, columns),
                           .fill = fill,
                           .context = &t };
    return writer_copy(con, &rows, path, writer_options(path), err);
}

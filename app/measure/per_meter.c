/* The per-meter table. DuckDB pulls the rows from a table function and writes the file. */
#include "measure/per_meter.h"

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

#define FIELD(name, expression)                                                                    \
    static double name(const mdg_meter_result *m)                                                  \
    {                                                                                              \
        return expression;                                                                         \
    }
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
};
enum { NUMBERS = sizeof numbers / sizeof *numbers };

typedef struct writer {
    const measure_spec *spec;
    per_meter_source *source;
    void *context;
    const meter_row *rows;
    size_t n, at;
    bool ended;
    mdg_status status;
    mdg_error error;
} writer;

/* ---- cells -------------------------------------------------------------------------------- */

static void set_null(duckdb_vector v, idx_t row)
{
    duckdb_vector_ensure_validity_writable(v);
    duckdb_validity_set_row_invalid(duckdb_vector_get_validity(v), row);
}

static void set_text(duckdb_data_chunk c, idx_t column, idx_t row, const char *s)
{
    duckdb_vector v = duckdb_data_chunk_get_vector(c, column);
    if (s)
        duckdb_vector_assign_string_element(v, row, s);
    else
        set_null(v, row);
}

static void set_count(duckdb_data_chunk c, idx_t column, idx_t row, size_t n)
{
    duckdb_vector v = duckdb_data_chunk_get_vector(c, column);
    ((int64_t *)duckdb_vector_get_data(v))[row] = (int64_t)n;
}

static void set_number(duckdb_data_chunk c, idx_t column, idx_t row, double x)
{
    duckdb_vector v = duckdb_data_chunk_get_vector(c, column);
    ((double *)duckdb_vector_get_data(v))[row] = x;
    if (isnan(x))
        set_null(v, row);
}

static void flags_text(unsigned flags, char *out, size_t size)
{
    size_t n = 0;
    out[0] = '\0';
    for (size_t f = 0; f < MDG_METER_FLAG_COUNT; f++)
        if (flags >> f & 1)
            n += (size_t)snprintf(out + n, size - n, "%s%s", n ? " " : "",
                                  mdg_meter_flag_code((mdg_meter_flag)f));
}

static void set_row(const writer *w, duckdb_data_chunk c, idx_t row, const meter_row *r)
{
    const mdg_meter_result *m = &r->result;
    bool modelled = !isnan(m->model.intercept);
    idx_t k = 0;
    set_text(c, k++, row, r->meter);
    set_text(c, k++, row, mdg_meter_status_code(m->status));
    for (size_t g = 0; g < w->spec->n_groups; g++)
        set_text(c, k++, row, r->labels[g]);
    set_text(c, k++, row, modelled ? mdg_caltrack_form_name(m->model.form) : NULL);
    set_count(c, k++, row, m->baseline.valid);
    set_count(c, k++, row, m->reporting_days);
    for (size_t i = 0; i < NUMBERS; i++)
        set_number(c, k++, row, modelled ? numbers[i].get(m) : MDG_NAN);
    char flags[128];
    flags_text(m->flags, flags, sizeof flags);
    set_text(c, k, row, flags);
}

/* ---- the table function ------------------------------------------------------------------- */

static void add_column(duckdb_bind_info info, const char *name, duckdb_type type)
{
    duckdb_logical_type t = duckdb_create_logical_type(type);
    duckdb_bind_add_result_column(info, name, t);
    duckdb_destroy_logical_type(&t);
}

static void bind_columns(duckdb_bind_info info)
{
    const writer *w = duckdb_bind_get_extra_info(info);
    add_column(info, "meter", DUCKDB_TYPE_VARCHAR);
    add_column(info, "status", DUCKDB_TYPE_VARCHAR);
    for (size_t g = 0; g < w->spec->n_groups; g++)
        add_column(info, w->spec->groups[g], DUCKDB_TYPE_VARCHAR);
    add_column(info, "model", DUCKDB_TYPE_VARCHAR);
    add_column(info, "baseline_days", DUCKDB_TYPE_BIGINT);
    add_column(info, "reporting_days", DUCKDB_TYPE_BIGINT);
    for (size_t i = 0; i < NUMBERS; i++)
        add_column(info, numbers[i].name, DUCKDB_TYPE_DOUBLE);
    add_column(info, "flags", DUCKDB_TYPE_VARCHAR);
}

static void begin_scan(duckdb_init_info info)
{
    duckdb_init_set_max_threads(info, 1);
}

static void give_rows(duckdb_function_info info, duckdb_data_chunk chunk)
{
    writer *w = duckdb_function_get_extra_info(info);
    idx_t limit = duckdb_vector_size(), n = 0;
    while (n < limit && !w->ended) {
        if (w->at == w->n) {
            w->status = w->source(w->context, &w->rows, &w->n, &w->error);
            w->at = 0;
            w->ended = w->status != MDG_OK || w->n == 0;
            continue;
        }
        set_row(w, chunk, n++, &w->rows[w->at++]);
    }
    if (w->status != MDG_OK)
        duckdb_function_set_error(info, w->error.message);
    duckdb_data_chunk_set_size(chunk, n);
}

static mdg_status register_function(duckdb_connection con, writer *w, mdg_error *err)
{
    duckdb_table_function f = duckdb_create_table_function();
    duckdb_table_function_set_name(f, "madang_per_meter");
    duckdb_table_function_set_extra_info(f, w, NULL);
    duckdb_table_function_set_bind(f, bind_columns);
    duckdb_table_function_set_init(f, begin_scan);
    duckdb_table_function_set_function(f, give_rows);
    duckdb_state state = duckdb_register_table_function(con, f);
    duckdb_destroy_table_function(&f);
    return state == DuckDBSuccess
               ? MDG_OK
               : mdg_fail(err, MDG_E_INTERNAL, "the per-meter table cannot be set up");
}

static bool ends_with(const char *s, const char *end)
{
    size_t n = strlen(s), m = strlen(end);
    return n > m && strcmp(s + n - m, end) == 0;
}

mdg_status per_meter_check(const char *path, mdg_error *err)
{
    if (ends_with(path, ".csv") || ends_with(path, ".parquet"))
        return MDG_OK;
    mdg_fail(err, MDG_E_USAGE, "--per-meter cannot be '%s'", path);
    mdg_hint(err, "give a name that ends in .csv or .parquet");
    return MDG_E_USAGE;
}

mdg_status per_meter_write(const char *path, const measure_spec *spec, duckdb_connection con,
                           per_meter_source *source, void *context, mdg_error *err)
{
    writer w = { .spec = spec, .source = source, .context = context };
    MDG_TRY(register_function(con, &w, err));
    text sql = { 0 };
    text_add(&sql, "COPY (SELECT * FROM madang_per_meter()) TO ");
    text_add_sql_string(&sql, path);
    text_add(&sql, ends_with(path, ".csv") ? " (FORMAT csv, HEADER)"
                                           : " (FORMAT parquet, COMPRESSION zstd)");
    mdg_status s = text_status(&sql, err);
    if (s == MDG_OK)
        s = store_run(con, text_get(&sql), err);
    text_free(&sql);
    if (w.status != MDG_OK) {
        if (err)
            *err = w.error;
        return w.status;
    }
    return s;
}

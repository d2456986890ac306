/* The list of a range's meters. */
#include "measure/listed.h"

#include "measure/inclusion.h"

#include <string.h>

/* Spillover: no comparison meter shares a district, or what the column says, with a treated one. */
static void apart_sql(const measure_spec *s, text *sql)
{
    text_add(sql, " AND coalesce(");
    text_add_sql_name(sql, s->apart);
    text_add(sql, " NOT IN (SELECT ");
    text_add_sql_name(sql, s->apart);
    text_add(sql, " FROM read_parquet(");
    text_add_sql_string(sql, s->meters);
    text_addf(sql, ") WHERE coalesce((\n%s\n)::BOOLEAN, false) AND ",
              s->treated ? s->treated : "true");
    text_add_sql_name(sql, s->apart);
    text_add(sql, " IS NOT NULL), false)");
}

static void list_sql(const measure_inputs *in, size_t i, bool all, text *sql)
{
    const measure_spec *s = in->spec;
    text_add(sql, "SELECT meter::VARCHAR, ");
    text_add(sql, in->station_column ? "station::VARCHAR" : "NULL::VARCHAR");
    const measure_date *dates[] = { &s->from, &s->to };
    for (size_t d = 0; d < 2; d++) {
        if (dates[d]->column) {
            text_add(sql, ", (TRY_CAST(");
            text_add_sql_name(sql, dates[d]->column);
            text_add(sql, " AS DATE) - DATE '1970-01-01')::INTEGER");
        } else {
            text_addf(sql, ", %d::INTEGER", dates[d]->day);
        }
    }
    text_addf(sql, ", coalesce((\n%s\n)::BOOLEAN, false) AS madang_treated",
              s->treated ? s->treated : "true");
    /* Without a comparison, all who were not treated tell what happens without a measure. */
    text_addf(sql, ", coalesce((\n%s\n)::BOOLEAN, false)",
              s->comparison ? s->comparison
              : all         ? "NOT madang_treated"
                            : "false");
    if (s->apart)
        apart_sql(s, sql);
    text_add(sql, " AS madang_comparison");
    for (size_t g = 0; g < s->n_groups; g++) {
        text_add(sql, ", ");
        text_add_sql_name(sql, s->groups[g]);
        text_add(sql, "::VARCHAR");
    }
    inclusion_columns_sql(s, sql);
    text_add(sql, " FROM read_parquet(");
    text_add_sql_string(sql, s->meters);
    text_add(sql, ") WHERE ");
    measure_inputs_range_sql(in, i, sql);
    text_add(sql, " AND (madang_treated OR madang_comparison) ORDER BY meter");
}

static bool is_valid(duckdb_vector v, idx_t row)
{
    uint64_t *validity = duckdb_vector_get_validity(v);
    return !validity || duckdb_validity_row_is_valid(validity, row);
}

static const char *copy_cell(duckdb_data_chunk c, idx_t column, idx_t row, mdg_arena *mem)
{
    duckdb_vector v = duckdb_data_chunk_get_vector(c, column);
    if (!is_valid(v, row))
        return NULL;
    table_text b = table_string(&((const duckdb_string_t *)duckdb_vector_get_data(v))[row]);
    char *s = mdg_new(mem, char, b.length + 1);
    if (s)
        memcpy(s, b.data, b.length);
    return s;
}

static double number_cell(duckdb_data_chunk c, idx_t column, idx_t row)
{
    duckdb_vector v = duckdb_data_chunk_get_vector(c, column);
    return is_valid(v, row) ? ((const double *)duckdb_vector_get_data(v))[row] : MDG_NAN;
}

/* In the order of inclusion_columns_sql. */
static household_money take_money(duckdb_data_chunk c, idx_t column, idx_t row)
{
    duckdb_vector unit = duckdb_data_chunk_get_vector(c, column + 3);
    return (household_money){ .income = number_cell(c, column, row),
                              .cost = number_cell(c, column + 1, row),
                              .grant = number_cell(c, column + 2, row),
                              .unit = ((const uint64_t *)duckdb_vector_get_data(unit))[row] };
}

static listed take_listed(const measure_inputs *in, duckdb_data_chunk c, idx_t row, mdg_arena *mem)
{
    listed l = { .meter = copy_cell(c, 0, row, mem), .station = copy_cell(c, 1, row, mem) };
    duckdb_vector from = duckdb_data_chunk_get_vector(c, 2);
    duckdb_vector to = duckdb_data_chunk_get_vector(c, 3);
    l.dated = is_valid(from, row) && is_valid(to, row);
    if (l.dated) {
        l.from = ((const int32_t *)duckdb_vector_get_data(from))[row];
        l.to = ((const int32_t *)duckdb_vector_get_data(to))[row];
        l.dated = l.to >= l.from;
    }
    l.treated = ((const bool *)duckdb_vector_get_data(duckdb_data_chunk_get_vector(c, 4)))[row];
    l.comparison = ((const bool *)duckdb_vector_get_data(duckdb_data_chunk_get_vector(c, 5)))[row];
    for (size_t g = 0; g < in->spec->n_groups; g++)
        l.labels[g] = copy_cell(c, 6 + g, row, mem);
    l.money = take_money(c, 6 + in->spec->n_groups, row);
    return l;
}

static mdg_status check_listed(const measure_inputs *in, const listed *list, size_t n,
                               mdg_error *err)
{
    for (size_t i = 0; i < n; i++) {
        const listed *l = &list[i];
        if (!l->meter) {
            mdg_fail(err, MDG_E_SCHEMA, "'%s' has a row without a meter", in->spec->meters);
            mdg_hint(err, "correct the list of meters and import it again");
            return MDG_E_SCHEMA;
        }
        if (i > 0 && strcmp(l->meter, list[i - 1].meter) == 0) {
            mdg_fail(err, MDG_E_CONFLICT, "'%s' has the meter '%s' twice", in->spec->meters,
                     l->meter);
            mdg_hint(err, "keep one row a meter and import it again");
            return MDG_E_CONFLICT;
        }
        if (l->treated && l->comparison) {
            mdg_fail(err, MDG_E_CONFLICT, "the meter '%s' is both treated and comparison",
                     l->meter);
            mdg_hint(err, "make the two conditions exclude each other");
            return measure_spec_at(in->spec, "comparison", MDG_E_CONFLICT, err);
        }
    }
    return MDG_OK;
}

mdg_status listed_load(const measure_inputs *in, duckdb_connection con, size_t i, bool all,
                       mdg_arena *mem, listed **out, size_t *n, mdg_error *err)
{
    text sql = { 0 };
    list_sql(in, i, all, &sql);
    duckdb_result result;
    MDG_TRY(store_take_query(con, &sql, &result, err));
    listed *list = mdg_new(mem, listed, (size_t)duckdb_row_count(&result));
    *n = 0;
    for (duckdb_data_chunk c = duckdb_fetch_chunk(result); c; c = duckdb_fetch_chunk(result)) {
        for (idx_t row = 0; list && row < duckdb_data_chunk_get_size(c); row++)
            list[(*n)++] = take_listed(in, c, row, mem);
        duckdb_destroy_data_chunk(&c);
    }
    duckdb_destroy_result(&result);
    if (!list)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory");
    *out = list;
    return check_listed(in, list, *n, err);
}

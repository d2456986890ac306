/* The columns of the meters table that say for whom. */
#include "measure/inclusion.h"

#include <stdlib.h>

/* Amounts; `grant` may not be above `cost`. */
static void amount_sql(const char *column, text *sql)
{
    if (!column) {
        text_add(sql, "NULL::DOUBLE");
        return;
    }
    text_add(sql, "TRY_CAST(");
    text_add_sql_name(sql, column);
    text_add(sql, " AS DOUBLE)");
}

void inclusion_columns_sql(const measure_spec *spec, text *sql)
{
    const spec_inclusion *w = &spec->inclusion;
    const char *amounts[] = { w->income, w->cost, w->grant };
    for (size_t i = 0; i < sizeof amounts / sizeof *amounts; i++) {
        text_add(sql, ", ");
        amount_sql(amounts[i], sql);
    }
    text_add(sql, ", ");
    const char *units = spec_inclusion_units(w);
    if (!units) {
        text_add(sql, "0::UBIGINT");
        return;
    }
    /* Who has no value was chosen alone. */
    text_add(sql, "hash(coalesce(");
    text_add_sql_name(sql, units);
    text_add(sql, "::VARCHAR, 'meter ' || meter::VARCHAR))");
}

/* The first treated meter for which `bad` holds, with `what` of it as text; NULL when there is
 * none. To be freed. */
static mdg_status first_bad(const measure_spec *spec, duckdb_connection con, const char *column,
                            const char *bad, char **out, mdg_error *err)
{
    text sql = { 0 };
    text_add(&sql, "SELECT meter::VARCHAR || ''' has ''' || ");
    text_add_sql_name(&sql, column);
    text_add(&sql, "::VARCHAR FROM read_parquet(");
    text_add_sql_string(&sql, spec->meters);
    text_addf(&sql, ") WHERE coalesce((\n%s\n)::BOOLEAN, false) AND (%s) ORDER BY meter LIMIT 1",
              spec->treated ? spec->treated : "true", bad);
    return store_take_text(con, &sql, out, err);
}

/* Values must be amounts of 0 or more, or missing. */
static mdg_status check_amounts(const measure_spec *spec, duckdb_connection con, const char *key,
                                const char *column, mdg_error *err)
{
    text bad = { 0 };
    text_add_sql_name(&bad, column);
    text_add(&bad, " IS NOT NULL AND coalesce(NOT isfinite(TRY_CAST(");
    text_add_sql_name(&bad, column);
    text_add(&bad, " AS DOUBLE)) OR TRY_CAST(");
    text_add_sql_name(&bad, column);
    text_add(&bad, " AS DOUBLE) < 0, true)");
    char *found = NULL;
    mdg_status s = text_status(&bad, err);
    if (s == MDG_OK)
        s = first_bad(spec, con, column, text_get(&bad), &found, err);
    text_free(&bad);
    if (s == MDG_OK && found) {
        mdg_fail(err, MDG_E_RANGE, "the meter '%s' in '%s', which is no amount", found, column);
        mdg_hint(err, "%s takes numbers of 0 or more; leave the cell empty where it is not known",
                 key);
        s = measure_spec_at(spec, key, MDG_E_RANGE, err);
    }
    free(found);
    return s;
}

static mdg_status check_grants(const measure_spec *spec, duckdb_connection con, mdg_error *err)
{
    const spec_inclusion *w = &spec->inclusion;
    if (!w->grant)
        return MDG_OK;
    text bad = { 0 };
    amount_sql(w->grant, &bad);
    text_add(&bad, " > ");
    if (w->cost)
        amount_sql(w->cost, &bad);
    else
        text_addf(&bad, "%.17g", w->per_meter);
    char *found = NULL;
    mdg_status s = text_status(&bad, err);
    if (s == MDG_OK)
        s = first_bad(spec, con, w->grant, text_get(&bad), &found, err);
    text_free(&bad);
    if (s == MDG_OK && found) {
        mdg_fail(err, MDG_E_RANGE, "the meter '%s' in '%s', more than its cost", found, w->grant);
        mdg_hint(err, "a subsidy is an amount in the currency of the tariff, at most the cost");
        s = measure_spec_at(spec, "investment", MDG_E_RANGE, err);
    }
    free(found);
    return s;
}

mdg_status inclusion_check_columns(const measure_spec *spec, duckdb_connection con, mdg_error *err)
{
    const spec_inclusion *w = &spec->inclusion;
    const struct {
        const char *key, *column;
        bool amounts;
    } named[] = { { "income", w->income, true },
                  { "assignment", spec_inclusion_units(w), false },
                  { "investment", w->cost, true },
                  { "investment", w->grant, true } };
    for (size_t i = 0; i < sizeof named / sizeof *named; i++) {
        if (!named[i].column)
            continue;
        MDG_TRY(measure_inputs_column(spec, con, named[i].key, named[i].column, err));
        if (named[i].amounts)
            MDG_TRY(check_amounts(spec, con, named[i].key, named[i].column, err));
    }
    return check_grants(spec, con, err);
}

/* Effects from the literature. */
#include "pool/literature.h"

#include "import/source.h"
#include "store/tables.h"

#include <string.h>

enum { MEMORY_MB = 256, MAX_TEXT = 200 };

static const char *const roles[] = { "yi", "vi", "sei", "study", "cluster", NULL };

/* Columns of the query: two texts, then pairs of the number read and the text that it was. */
enum { STUDY, CLUSTER, NUMBERS, YI = 0, SPREAD, FIRST_MODERATOR };

typedef struct reading {
    const pool_request *q;
    store db;
    mapping columns;
    source from;
    bool sei; /* the spread is a standard error */
    mdg_arena *mem;
    pool_studies *out;
    mdg_error *err;
} reading;

/* ---- what is asked for ---------------------------------------------------------------------- */

static mdg_status refuse_columns(const char *fact, mdg_error *err)
{
    mdg_fail(err, MDG_E_USAGE, "%s", fact);
    mdg_hint(err, "such as --columns yi=effect,vi=variance, or sei=standard_error in place of vi; "
                  "study=NAME and cluster=NAME may be added");
    return MDG_E_USAGE;
}

static mdg_status read_roles(reading *r)
{
    const char *given = r->q->columns;
    if (!given)
        return refuse_columns("--columns is missing", r->err);
    MDG_TRY(mapping_parse(given, roles, false, r->mem, &r->columns, r->err));
    bool vi = mapping_column(&r->columns, "vi") != NULL;
    r->sei = mapping_column(&r->columns, "sei") != NULL;
    if (!mapping_column(&r->columns, "yi"))
        return refuse_columns("--columns does not name the column for 'yi'", r->err);
    if (vi == r->sei)
        return refuse_columns(vi ? "--columns names both 'vi' and 'sei'"
                                 : "--columns names neither 'vi' nor 'sei'",
                              r->err);
    return MDG_OK;
}

static mdg_status check_format(const source *s, mdg_error *err)
{
    if (s->found->id == FORMAT_CSV || s->found->id == FORMAT_PARQUET)
        return MDG_OK;
    mdg_fail(err, MDG_E_SCHEMA, "'%s' is no table of effects: it is %s", s->files[0],
             s->found->words);
    mdg_hint(err, "give a CSV file with a row an effect");
    return MDG_E_SCHEMA;
}

/* ---- the query ------------------------------------------------------------------------------ */

static const char *number_column(const reading *r, size_t i)
{
    if (i == YI)
        return mapping_column(&r->columns, "yi");
    if (i == SPREAD)
        return mapping_column(&r->columns, r->sei ? "sei" : "vi");
    return r->q->moderators[i - FIRST_MODERATOR];
}

static size_t number_columns(const reading *r)
{
    return FIRST_MODERATOR + r->q->n_moderators;
}

static mdg_status add_text_column(const reading *r, const char *role, text *sql)
{
    const char *column = mapping_column(&r->columns, role);
    char type[64];
    if (!column) {
        text_add(sql, "NULL::VARCHAR");
        return MDG_OK;
    }
    MDG_TRY(source_type(&r->from, r->db.con, column, type, r->err));
    text_add(sql, "trim(");
    text_add_sql_name(sql, column);
    text_add(sql, "::VARCHAR)");
    return MDG_OK;
}

static mdg_status build_query(const reading *r, text *sql)
{
    text_add(sql, "SELECT ");
    MDG_TRY(add_text_column(r, "study", sql));
    text_add(sql, ", ");
    MDG_TRY(add_text_column(r, "cluster", sql));
    for (size_t i = 0; i < number_columns(r); i++) {
        text_add(sql, ", ");
        MDG_TRY(source_number_sql(&r->from, r->db.con, number_column(r, i), sql, r->err));
        text_add(sql, ", ");
        text_add_sql_name(sql, number_column(r, i));
        text_add(sql, "::VARCHAR");
    }
    text_addf(sql, " FROM %s", r->from.from);
    return text_status(sql, r->err);
}

/* ---- rows ----------------------------------------------------------------------------------- */

static bool is_valid(duckdb_vector v, idx_t row)
{
    uint64_t *validity = duckdb_vector_get_validity(v);
    return !validity || duckdb_validity_row_is_valid(validity, row);
}

/* At most MAX_TEXT bytes of it; "" for none. */
static void cell_text(duckdb_data_chunk c, idx_t column, idx_t row, char out[MAX_TEXT + 1])
{
    duckdb_vector v = duckdb_data_chunk_get_vector(c, column);
    out[0] = '\0';
    if (!is_valid(v, row))
        return;
    table_text t = table_string(&((const duckdb_string_t *)duckdb_vector_get_data(v))[row]);
    size_t n = t.length < MAX_TEXT ? t.length : MAX_TEXT;
    /* Not in the middle of a character. */
    while (n > 0 && n < t.length && ((unsigned char)t.data[n] & 0xc0) == 0x80)
        n--;
    memcpy(out, t.data, n);
    out[n] = '\0';
}

static mdg_status refuse_cell(const reading *r, size_t row, const char *column, const char *shown,
                              const char *hint)
{
    if (*shown)
        mdg_fail(r->err, MDG_E_PARSE, "'%.60s' cannot be '%.80s'", column, shown);
    else
        mdg_fail(r->err, MDG_E_PARSE, "'%.60s' is empty", column);
    mdg_hint(r->err, "%s", hint);
    mdg_place(r->err, "%s, row %zu", r->q->effects, row);
    return MDG_E_PARSE;
}

static mdg_status read_numbers(const reading *r, duckdb_data_chunk c, idx_t row, pool_study *s)
{
    char shown[MAX_TEXT + 1];
    for (size_t i = 0; i < number_columns(r); i++) {
        duckdb_vector v = duckdb_data_chunk_get_vector(c, NUMBERS + 2 * i);
        double x = is_valid(v, row) ? ((const double *)duckdb_vector_get_data(v))[row] : MDG_NAN;
        cell_text(c, NUMBERS + 2 * i + 1, row, shown);
        if (!isfinite(x))
            return refuse_cell(
                r, s->row, number_column(r, i), shown,
                strchr(shown, ',')
                    ? "write a number with a decimal point and no separators of thousands"
                    : "give a number, or leave the row out");
        bool spread = i == SPREAD;
        double variance = r->sei ? x * x : x;
        if (spread && !(x > 0 && variance > 0 && isfinite(variance)))
            return refuse_cell(r, s->row, number_column(r, i), shown,
                               "it must be above 0: an effect without a doubt cannot be weighed");
        if (i == YI)
            s->y = x;
        else if (spread)
            s->v = variance;
        else
            s->x[i - FIRST_MODERATOR] = x;
    }
    return MDG_OK;
}

static mdg_status read_row(const reading *r, duckdb_data_chunk c, idx_t row)
{
    char study[MAX_TEXT + 1], cluster[MAX_TEXT + 1], number[32];
    pool_study s = { .file = r->q->effects, .row = r->out->n + 1, .grade = -1, .use_kwh = MDG_NAN };
    MDG_TRY(read_numbers(r, c, row, &s));
    cell_text(c, STUDY, row, study);
    cell_text(c, CLUSTER, row, cluster);
    if (mapping_column(&r->columns, "cluster") && !*cluster)
        return refuse_cell(r, s.row, mapping_column(&r->columns, "cluster"), cluster,
                           "say which city each effect is of");
    snprintf(number, sizeof number, "%zu", s.row);
    MDG_TRY(pool_plain_text(*study ? study : number, r->mem, &s.label, r->err));
    if (*cluster)
        MDG_TRY(pool_plain_text(cluster, r->mem, &s.city, r->err));
    return pool_studies_add(r->out, &s, r->mem, r->err);
}

static mdg_status read_rows(const reading *r, duckdb_result *result)
{
    mdg_status s = MDG_OK;
    for (duckdb_data_chunk c = duckdb_fetch_chunk(*result); c; c = duckdb_fetch_chunk(*result)) {
        for (idx_t i = 0; s == MDG_OK && i < duckdb_data_chunk_get_size(c); i++)
            s = read_row(r, c, i);
        duckdb_destroy_data_chunk(&c);
        if (s != MDG_OK)
            return s;
    }
    return store_result_error(result, r->err);
}

/* ---- the table ------------------------------------------------------------------------------ */

static mdg_status read_table(reading *r)
{
    text sql = { 0 };
    duckdb_result result;
    MDG_TRY(source_recognise(&r->from, r->db.con, r->err));
    MDG_TRY(check_format(&r->from, r->err));
    MDG_TRY(store_lock(&r->db, r->from.files, 1, r->err));
    MDG_TRY(source_open(&r->from, r->db.con, r->mem, r->err));
    mdg_status s = build_query(r, &sql);
    if (s == MDG_OK)
        s = store_stream(r->db.con, text_get(&sql), &result, r->err);
    text_free(&sql);
    MDG_TRY(s);
    s = read_rows(r, &result);
    duckdb_destroy_result(&result);
    MDG_TRY(s);
    s = source_rejects(&r->from, r->db.con, r->err);
    if (s == MDG_E_PARSE)
        mdg_hint(r->err, "each line needs as many fields as the header, in UTF-8: correct them");
    MDG_TRY(s);
    if (r->out->n > 0)
        return MDG_OK;
    mdg_fail(r->err, MDG_E_SHORT, "'%s' has no rows below its header", r->q->effects);
    mdg_hint(r->err, "give a row an effect");
    return MDG_E_SHORT;
}

mdg_status pool_literature_read(const pool_request *q, mdg_arena *mem, pool_studies *out,
                                mdg_error *err)
{
    reading r = { .q = q, .mem = mem, .out = out, .err = err };
    MDG_TRY(read_roles(&r));
    r.from = (source){ .files = &q->effects,
                       .n_files = 1,
                       .format = "auto",
                       .columns = &r.columns,
                       .table = "effects" };
    MDG_TRY(store_open(1, MEMORY_MB, NULL, &r.db, err));
    mdg_status s = read_table(&r);
    store_close(&r.db);
    return s;
}

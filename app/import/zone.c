/* Local times to instants. The rules are DuckDB's (ICU); they are sampled once an hour, which no
 * change of any zone escapes, and then used without DuckDB. */
#include "import/zone.h"

#include <stdio.h>
#include <stdlib.h>

enum { DAY = 86400 };

mdg_status zone_check(duckdb_connection con, const char *name, mdg_error *err)
{
    text sql = { 0 };
    text_add(&sql, "SELECT count(*) FROM pg_timezone_names() WHERE name = ");
    text_add_sql_string(&sql, name);
    int64_t n = 0;
    mdg_status s = store_take_int(con, &sql, &n, NULL, err);
    if (s == MDG_OK && n == 0) {
        char *near = NULL;
        text_add(&sql, "SELECT name FROM pg_timezone_names() ORDER BY levenshtein(lower(name), "
                       "lower(");
        text_add_sql_string(&sql, name);
        text_add(&sql, ")), name LIMIT 1");
        store_take_text(con, &sql, &near, NULL);
        s = mdg_fail(err, MDG_E_SCHEMA, "unknown time zone '%s'", name);
        mdg_hint(err, "did you mean '%s'?", near ? near : "UTC");
        free(near);
    }
    return s;
}

/* Rows (instant, offset) at which the offset differs from the hour before; the first row is the
 * start. */
static mdg_status query_changes(duckdb_connection con, const char *name, int64_t from, int64_t to,
                                duckdb_result *r, mdg_error *err)
{
    text sql = { 0 };
    text_addf(&sql, "WITH h AS (SELECT t, epoch_us(timezone(");
    text_add_sql_string(&sql, name);
    text_addf(&sql,
              ", to_timestamp(t)))::BIGINT // 1000000 - t AS o FROM range(%lld, %lld, 1800) x(t)), "
              "l AS (SELECT t, o, lag(o) OVER (ORDER BY t) AS p FROM h) SELECT t::BIGINT, "
              "o::BIGINT FROM l WHERE p IS NULL OR p <> o ORDER BY t",
              ((long long)from - 2 * DAY) / 1800 * 1800, (long long)to + 3 * DAY);
    return store_take_query(con, &sql, r, err);
}

mdg_status zone_load(duckdb_connection con, const char *name, int64_t from, int64_t to,
                     mdg_arena *mem, zone *out, mdg_error *err)
{
    MDG_TRY(zone_check(con, name, err));
    duckdb_result r;
    MDG_TRY(query_changes(con, name, from, to, &r, err));
    zone z = { .changes = mdg_new(mem, zone_change, (size_t)duckdb_row_count(&r)) };
    bool first = true;
    int32_t before = 0;
    for (duckdb_data_chunk c = duckdb_fetch_chunk(r); c; c = duckdb_fetch_chunk(r)) {
        const int64_t *t = duckdb_vector_get_data(duckdb_data_chunk_get_vector(c, 0));
        const int64_t *o = duckdb_vector_get_data(duckdb_data_chunk_get_vector(c, 1));
        for (idx_t i = 0; z.changes && i < duckdb_data_chunk_get_size(c); i++) {
            int32_t after = (int32_t)o[i];
            if (first)
                z.first_offset = after;
            else
                z.changes[z.n++] = (zone_change){ t[i], before, after };
            first = false;
            before = after;
        }
        duckdb_destroy_data_chunk(&c);
    }
    duckdb_destroy_result(&r);
    if (!z.changes)
        return mdg_fail(err, MDG_E_MEMORY, "out of memory");
    *out = z;
    return MDG_OK;
}

int64_t zone_instant(zone *z, int64_t local, bool second, zone_kind *kind)
{
    *kind = ZONE_PLAIN;
    if (z->utc)
        return local;
    /* The last change whose own local time, before it, is not after this one. */
    while (z->at > 0 && local < z->changes[z->at - 1].utc + z->changes[z->at - 1].before &&
           local < z->changes[z->at - 1].utc + z->changes[z->at - 1].after)
        z->at--;
    while (z->at < z->n && (local >= z->changes[z->at].utc + z->changes[z->at].before ||
                            local >= z->changes[z->at].utc + z->changes[z->at].after))
        z->at++;
    if (z->at == 0)
        return local - z->first_offset;
    const zone_change *c = &z->changes[z->at - 1];
    int64_t clock_before = c->utc + c->before, clock_after = c->utc + c->after;
    if (local >= clock_before && local < clock_after) {
        *kind = ZONE_IMPOSSIBLE;
        return local - c->before;
    }
    if (local < clock_before && local >= clock_after) {
        *kind = ZONE_AMBIGUOUS;
        return local - (second ? c->after : c->before);
    }
    return local - c->after;
}

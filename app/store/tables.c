/* The canonical tables' metadata. */
#include "store/tables.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

mdg_status table_check_path(const char *path, mdg_error *err)
{
    if (strstr(path, "://")) {
        mdg_fail(err, MDG_E_OPEN, "'%s' is an address on the network", path);
        mdg_hint(err, "copy the file to this machine first: madang works offline");
        return MDG_E_OPEN;
    }
    if (strpbrk(path, "*?[")) {
        mdg_fail(err, MDG_E_OPEN, "'%s' has one of the characters * ? [ in its name", path);
        mdg_hint(err, "rename the file, or name several files one by one");
        return MDG_E_OPEN;
    }
    struct stat st;
    if (stat(path, &st) != 0 || access(path, R_OK) != 0) {
        mdg_fail(err, MDG_E_OPEN, "cannot open '%s': %s", path, strerror(errno));
        mdg_hint(err, "check the name");
        return MDG_E_OPEN;
    }
    if (S_ISDIR(st.st_mode)) {
        mdg_fail(err, MDG_E_OPEN, "'%s' is a folder", path);
        mdg_hint(err, "name a file in it");
        return MDG_E_OPEN;
    }
    return MDG_OK;
}

static void take_pair(table_info *info, table_text key, table_text value)
{
    const struct {
        const char *key;
        char *field;
        size_t size;
    } fields[] = {
        { "madang.table", info->table, sizeof info->table },
        { "madang.quantity", info->quantity, sizeof info->quantity },
        { "madang.unit", info->unit, sizeof info->unit },
        { "madang.kind", info->kind, sizeof info->kind },
        { "madang.time_zone", info->time_zone, sizeof info->time_zone },
        { "madang.zero", info->zero, sizeof info->zero },
    };
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        if (strlen(fields[i].key) == key.length && memcmp(fields[i].key, key.data, key.length) == 0)
            snprintf(fields[i].field, fields[i].size, "%.*s", (int)value.length, value.data);
    if (key.length == strlen("madang.step_seconds") &&
        memcmp(key.data, "madang.step_seconds", key.length) == 0) {
        char number[24];
        snprintf(number, sizeof number, "%.*s", (int)value.length, value.data);
        info->step_seconds = strtoll(number, NULL, 10);
    }
}

static mdg_status read_pairs(duckdb_connection con, const char *path, table_info *info,
                             mdg_error *err)
{
    text sql = { 0 };
    text_add(&sql, "SELECT decode(key), decode(value) FROM parquet_kv_metadata(");
    text_add_sql_string(&sql, path);
    text_add(&sql, ") WHERE starts_with(decode(key), 'madang.')");
    duckdb_result r;
    MDG_TRY(store_take_query(con, &sql, &r, err));
    for (duckdb_data_chunk c = duckdb_fetch_chunk(r); c; c = duckdb_fetch_chunk(r)) {
        const duckdb_string_t *key = duckdb_vector_get_data(duckdb_data_chunk_get_vector(c, 0));
        const duckdb_string_t *value = duckdb_vector_get_data(duckdb_data_chunk_get_vector(c, 1));
        for (idx_t i = 0; i < duckdb_data_chunk_get_size(c); i++)
            take_pair(info, table_string(&key[i]), table_string(&value[i]));
        duckdb_destroy_data_chunk(&c);
    }
    duckdb_destroy_result(&r);
    return MDG_OK;
}

static mdg_status count_rows(duckdb_connection con, const char *path, int64_t *rows, mdg_error *err)
{
    text sql = { 0 };
    text_add(&sql, "SELECT num_rows FROM parquet_file_metadata(");
    text_add_sql_string(&sql, path);
    text_add(&sql, ")");
    return store_take_int(con, &sql, rows, NULL, err);
}

mdg_status table_info_read(duckdb_connection con, const char *path, const char *expected,
                           table_info *out, mdg_error *err)
{
    MDG_TRY(table_check_path(path, err));
    table_info info = { .rows = 0 };
    mdg_status s = read_pairs(con, path, &info, err);
    if (s == MDG_OK && strcmp(info.table, expected) == 0)
        s = count_rows(con, path, &info.rows, err);
    else if (s != MDG_E_MEMORY)
        s = MDG_E_SCHEMA;
    if (s != MDG_OK) {
        if (*info.table && strcmp(info.table, expected) != 0)
            mdg_fail(err, MDG_E_SCHEMA, "'%s' is a table of %s, not of %s", path, info.table,
                     expected);
        else
            mdg_fail(err, MDG_E_SCHEMA, "'%s' is no table of %s made by 'madang import'", path,
                     expected);
        mdg_hint(err, "make it with: madang import %s FILE... -o TABLE.parquet", expected);
        return s;
    }
    *out = info;
    return MDG_OK;
}

void table_info_sql(const table_info *info, text *sql)
{
    char step[24];
    snprintf(step, sizeof step, "%lld", (long long)info->step_seconds);
    const char *const pairs[][2] = {
        { "madang.table", info->table },       { "madang.version", "1" },
        { "madang.quantity", info->quantity }, { "madang.unit", info->unit },
        { "madang.kind", info->kind },         { "madang.time_zone", info->time_zone },
        { "madang.step_seconds", step },       { "madang.zero", info->zero },
    };
    text_add(sql, "KV_METADATA {");
    size_t n = sizeof pairs / sizeof *pairs - (*info->zero == '\0');
    for (size_t i = 0; i < n; i++) {
        text_add(sql, i ? ", " : "");
        text_add_sql_string(sql, pairs[i][0]);
        text_add(sql, ": ");
        text_add_sql_string(sql, pairs[i][1]);
    }
    text_add(sql, "}");
}

mdg_status table_columns(duckdb_connection con, const char *path, text *names, mdg_error *err)
{
    text sql = { 0 };
    text_add(&sql,
             "SELECT string_agg(column_name, ', ') FROM (DESCRIBE SELECT * FROM read_parquet(");
    text_add_sql_string(&sql, path);
    text_add(&sql, "))");
    char *list = NULL;
    mdg_status s = store_take_text(con, &sql, &list, err);
    if (s == MDG_OK && list)
        text_add(names, list);
    free(list);
    return s;
}

mdg_status table_has_column(duckdb_connection con, const char *path, const char *name, bool *has,
                            mdg_error *err)
{
    text sql = { 0 };
    text_add(&sql, "SELECT count(*) FROM (DESCRIBE SELECT * FROM read_parquet(");
    text_add_sql_string(&sql, path);
    text_add(&sql, ")) WHERE column_name = ");
    text_add_sql_string(&sql, name);
    int64_t n = 0;
    mdg_status s = store_take_int(con, &sql, &n, NULL, err);
    *has = n > 0;
    return s;
}

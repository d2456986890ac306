/* The catalogue of types of measures: rows and ids. */
#include "evidence/measure_type_table.h"

#include <string.h>

const mdg_measure_type *mdg_measure_types(size_t *count)
{
    *count = measure_type_table_len;
    return measure_type_table;
}

const mdg_measure_term *mdg_measure_sectors(size_t *count)
{
    *count = measure_sector_table_len;
    return measure_sector_table;
}

static const char *last_part(const char *id)
{
    const char *dot = strrchr(id, '.');
    return dot ? dot + 1 : id;
}

/* The id that was meant: a slip of the pen in the whole, or its last part alone. */
static const char *near_id(const char *id)
{
    const char *names[MEASURE_TYPES_MOST] = { 0 };
    size_t n = measure_type_table_len;
    for (size_t i = 0; i < n; i++)
        names[i] = measure_type_table[i].id;
    const char *near = mdg_near_name(id, names, n);
    if (near)
        return near;
    for (size_t i = 0; i < n; i++)
        names[i] = last_part(measure_type_table[i].id);
    near = mdg_near_name(last_part(id), names, n);
    for (size_t i = 0; near && i < n; i++)
        if (names[i] == near)
            return measure_type_table[i].id;
    return NULL;
}

mdg_status mdg_measure_type_find(const char *id, const mdg_measure_type **out, mdg_error *err)
{
    for (size_t i = 0; i < measure_type_table_len; i++) {
        if (strcmp(measure_type_table[i].id, id) != 0)
            continue;
        *out = &measure_type_table[i];
        return MDG_OK;
    }
    mdg_fail(err, MDG_E_SCHEMA, "unknown type of measure '%s'", id);
    const char *near = near_id(id);
    if (near)
        mdg_hint(err, "did you mean '%s'? 'madang types' lists them all", near);
    else
        mdg_hint(err, "'madang types' lists them; for what is not among them there is "
                      "buildings.other and so on");
    return MDG_E_SCHEMA;
}

mdg_status mdg_measure_sector_find(const char *code, const mdg_measure_term **out, mdg_error *err)
{
    for (size_t i = 0; i < measure_sector_table_len; i++) {
        if (strcmp(measure_sector_table[i].code, code) != 0)
            continue;
        *out = &measure_sector_table[i];
        return MDG_OK;
    }
    mdg_fail(err, MDG_E_SCHEMA, "unknown sector '%s'", code);
    mdg_hint(err, "one of %s", measure_sectors_text);
    return MDG_E_SCHEMA;
}

/* --columns role=NAME,...: which column of a file plays which part. */
#ifndef MADANG_APP_IMPORT_MAPPING_H
#define MADANG_APP_IMPORT_MAPPING_H

#include <madang/base.h>

enum { MAPPING_MAX = 32 };

typedef struct mapping_entry {
    char *role, *column;
} mapping_entry;

typedef struct mapping {
    mapping_entry entries[MAPPING_MAX];
    size_t n;
} mapping;

/* Reads "meter=MPRN,start=read at,value=kwh". A column name may be quoted with " when it has a
 * comma or an equals sign; "" in it is one ". roles  the allowed ones, NULL at the end; with
 * `extra`, other roles are taken as they are fails  MDG_E_USAGE with what is wrong */
mdg_status mapping_parse(const char *given, const char *const *roles, bool extra, mdg_arena *mem,
                         mapping *out, mdg_error *err);
/* The column of a role, or NULL. */
const char *mapping_column(const mapping *m, const char *role);

#endif

/* SQL predicates that users write: one boolean expression over the columns of a table. */
#ifndef MADANG_APP_STORE_PREDICATE_H
#define MADANG_APP_STORE_PREDICATE_H

#include "store/store.h"

/* Checks that `predicate` is one expression without subqueries, window functions or functions whose
 * result changes from run to run, and that it fits the table's columns.
 * from   SQL that stands behind FROM, such as read_parquet('...')
 * fails  MDG_E_PARSE, MDG_E_UNSUPPORTED, MDG_E_SCHEMA */
mdg_status predicate_check(duckdb_connection con, const char *predicate, const char *from,
                           mdg_error *err);

#endif

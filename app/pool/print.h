/* A pooling on the terminal: at most 100 columns. */
#ifndef MADANG_APP_POOL_PRINT_H
#define MADANG_APP_POOL_PRINT_H

#include "pool/words.h"

enum { POOL_COLUMNS = 100 };

/* All of it. */
void pool_print(const pool_outcome *o, show_language l, text *out);
/* The forest plot of one pool. */
void pool_print_forest(const pool_analysis *a, show_language l, text *out);

/* Appends s as it is cut and filled to `width` columns. */
void pool_cell(text *out, const char *s, size_t width);
/* "7.1 (6.2 to 8.0)"; bounds that are NaN are left out. */
void pool_value(char out[128], const mdg_estimate *e, pool_scale scale, show_language l);

#endif

/* The report: one HTML file that opens from disk with no network. */
#ifndef MADANG_APP_REPORT_REPORT_H
#define MADANG_APP_REPORT_REPORT_H

#include <jansson.h>
#include <madang/base.h>
#include <stdio.h>

/* Writes the page for the document that web/src/data.ts describes.
 * fails  MDG_E_WRITE, MDG_E_MEMORY */
mdg_status report_write(const json_t *data, FILE *out, mdg_error *err);
/* A page by itself: the file appears whole, or not at all.
 * inputs  n files that it must not replace; those that are NULL are none
 * fails   MDG_E_USAGE when it is one of them, else as output_add; MDG_E_WRITE, MDG_E_MEMORY */
mdg_status report_publish(const json_t *data, const char *path, const char *const *inputs, size_t n,
                          mdg_error *err);
/* Whether that may be: before the work of making it. */
mdg_status report_check(const char *path, const char *const *inputs, size_t n, mdg_error *err);
/* The same as report_write, into a file at `temp`, which is to become `path`. */
mdg_status report_write_file(const json_t *data, const char *temp, const char *path,
                             mdg_error *err);

#endif

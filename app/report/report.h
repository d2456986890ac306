/* The report: one HTML file that opens from disk with no network. */
#ifndef MADANG_APP_REPORT_REPORT_H
#define MADANG_APP_REPORT_REPORT_H

#include <jansson.h>
#include <madang/base.h>
#include <stdio.h>

/* Writes the page for the document that web/src/data.ts describes.
 * fails  MDG_E_WRITE, MDG_E_MEMORY */
mdg_status report_write(const json_t *data, FILE *out, mdg_error *err);
/* The same into a file at `temp`, which is to become `path`. */
mdg_status report_write_file(const json_t *data, const char *temp, const char *path,
                             mdg_error *err);

#endif

/* Verifying many files in parallel, with their results in order. */
#ifndef MADANG_APP_EVIDENCE_VERIFY_FILES_H
#define MADANG_APP_EVIDENCE_VERIFY_FILES_H

#include "evidence/verify.h"

/* Paths, in the order in which they are verified. */
typedef struct file_list {
    char **at;
    size_t n, capacity;
} file_list;

/* Adds a file as it is named; of a folder, and of folders in it, the envelopes (*.dsse.json) and
 * the records (*.record.json and ID.json), by name. fails  MDG_E_OPEN, MDG_E_SHORT when a folder
 * holds none, MDG_E_MEMORY */
mdg_status file_list_add(file_list *list, const char *path, mdg_error *err);
void file_list_free(file_list *list);

/* Called with each result in order, on the caller's thread. */
typedef mdg_status verify_take_fn(void *context, const char *path, const verified *result,
                                  mdg_error *err);
/* fails  with what `take` fails with; MDG_E_MEMORY, MDG_E_INTERNAL. That a file is refused is a
 *        result, not a failure. */
mdg_status verify_files(const file_list *list, const verify_rules *rules, size_t threads,
                        verify_take_fn *take, void *context, mdg_error *err);

#endif

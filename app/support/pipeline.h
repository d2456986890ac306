/* Work in parallel, results in order: threads produce items 0, 1, 2, ..., the caller takes them in
 * that order. At most `window` items are in the making or waiting, so memory stays bounded. */
#ifndef MADANG_APP_SUPPORT_PIPELINE_H
#define MADANG_APP_SUPPORT_PIPELINE_H

#include <madang/base.h>

typedef struct pipeline pipeline;

/* Makes item `item` in slot `slot` (0..window-1), which no one else uses now. */
typedef mdg_status pipeline_fn(void *context, size_t item, size_t slot, size_t worker,
                               mdg_error *err);

/* Starts `threads` workers (fewer when the system has no more, one at least). */
mdg_status pipeline_start(size_t items, size_t threads, size_t window, pipeline_fn *produce,
                          void *context, pipeline **out, mdg_error *err);
/* Waits for the next item in order; *done when there is none left. The slot stays the caller's
 * until the next call. Fails with what the item failed with. */
mdg_status pipeline_next(pipeline *p, size_t *slot, bool *done, mdg_error *err);
/* Stops the workers and frees; NULL is allowed. */
void pipeline_stop(pipeline *p);

#endif

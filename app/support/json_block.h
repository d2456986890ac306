/* Memory for documents of JSON that a thread reads, looks at and drops, one after the other: a
 * block that is used again for each, instead of thousands of pieces of the heap. */
#ifndef MADANG_APP_SUPPORT_JSON_BLOCK_H
#define MADANG_APP_SUPPORT_JSON_BLOCK_H

#include <madang/base.h>

typedef struct json_block {
    unsigned char *data;
    size_t used;
} json_block;

/* Tells jansson of blocks: before the first of them, while one thread uses jansson. Documents that
 * are there already stay what they are, and threads without a block keep to the heap. */
void json_block_prepare(void);

/* fails  MDG_E_MEMORY */
mdg_status json_block_make(json_block *b, mdg_error *err);
void json_block_free(json_block *b);

/* From here to the end this thread's documents lie in the block, as far as it reaches; they have to
 * be dropped by this thread before the end. What json_dumps gives lies in it too: no free() on it.
 */
void json_block_begin(json_block *b);
void json_block_end(void);

#endif

/* Memory for documents of JSON. */
#include "support/json_block.h"

#include <jansson.h>
#include <stdalign.h>
#include <stdlib.h>

/* A record of 16 KB takes a twelfth of it; pages that are never used cost nothing. */
enum { BLOCK = 1 << 20 };

static _Thread_local json_block *current;

static void *take(size_t size)
{
    json_block *b = current;
    size_t align = alignof(max_align_t);
    if (!b || size >= BLOCK - b->used)
        return malloc(size);
    void *given = b->data + b->used;
    size_t padded = (size + align - 1) / align * align;
    b->used = padded < BLOCK - b->used ? b->used + padded : BLOCK;
    return given;
}

static void give_back(void *p)
{
    if (!current || (uintptr_t)p - (uintptr_t)current->data >= BLOCK)
        free(p);
}

void json_block_prepare(void)
{
    json_set_alloc_funcs(take, give_back);
}

mdg_status json_block_make(json_block *b, mdg_error *err)
{
    *b = (json_block){ .data = malloc(BLOCK) };
    return b->data ? MDG_OK : mdg_fail(err, MDG_E_MEMORY, "out of memory for records");
}

void json_block_free(json_block *b)
{
    free(b->data);
    *b = (json_block){ 0 };
}

void json_block_begin(json_block *b)
{
    b->used = 0;
    current = b;
}

void json_block_end(void)
{
    current = NULL;
}

/* Memory that is freed as a whole: a chain of blocks, each twice the last. */
#include <madang/base.h>

#include <stdalign.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_BLOCK = 16 * 1024, LEAST_ITEMS = 16, ALIGN = alignof(max_align_t) };

struct mdg_arena_block {
    mdg_arena_block *before;
    size_t size;
    max_align_t data[];
};

static mdg_arena_block *add_block(mdg_arena *a, size_t need)
{
    size_t size = a->block ? a->block->size : FIRST_BLOCK / 2;
    size = size > SIZE_MAX / 4 ? need : size * 2;
    if (size < need)
        size = need;
    if (size > SIZE_MAX - sizeof(mdg_arena_block))
        return NULL;
    mdg_arena_block *b = malloc(sizeof *b + size);
    if (!b)
        return NULL;
    b->before = a->block;
    b->size = size;
    a->block = b;
    a->used = 0;
    return b;
}

void *mdg_arena_alloc(mdg_arena *a, size_t count, size_t size)
{
    if (a->fail_after > 0 && --a->fail_after == 0)
        return NULL;
    if (size != 0 && count > (SIZE_MAX - ALIGN) / size)
        return NULL;
    size_t need = (count * size + ALIGN - 1) / ALIGN * ALIGN;
    mdg_arena_block *b = a->block;
    if (!b || b->size - a->used < need)
        b = add_block(a, need);
    if (!b)
        return NULL;
    char *p = (char *)b->data + a->used;
    a->used += need;
    memset(p, 0, need);
    return p;
}

void *mdg_arena_grow(mdg_arena *a, void *items, size_t n, size_t more, size_t *capacity,
                     size_t size)
{
    if (items && more <= *capacity - n)
        return items;
    if (more > SIZE_MAX / 2 - n)
        return NULL;
    size_t room = 2 * (n + more) > LEAST_ITEMS ? 2 * (n + more) : LEAST_ITEMS;
    void *larger = mdg_arena_alloc(a, room, size);
    if (!larger)
        return NULL;
    if (items)
        memcpy(larger, items, n * size);
    *capacity = room;
    return larger;
}

char *mdg_arena_strdup(mdg_arena *a, const char *s)
{
    size_t n = strlen(s) + 1;
    char *copy = mdg_new(a, char, n);
    if (copy)
        memcpy(copy, s, n);
    return copy;
}

mdg_arena_mark mdg_arena_position(const mdg_arena *a)
{
    return (mdg_arena_mark){ .block = a->block, .used = a->used };
}

void mdg_arena_reset(mdg_arena *a, mdg_arena_mark mark)
{
    while (a->block != mark.block) {
        mdg_arena_block *before = a->block->before;
        free(a->block);
        a->block = before;
    }
    a->used = mark.used;
}

void mdg_arena_free(mdg_arena *a)
{
    mdg_arena_reset(a, (mdg_arena_mark){ 0 });
}

/* Envelopes: any bytes give an envelope or a refusal with its reason; one that is read prints as
 * the same envelope. */
#include "evidence/dsse.h"
#include "fuzz.h"

#include <assert.h>
#include <string.h>

static void check_same(const envelope *e, mdg_arena *mem)
{
    text file = { 0 };
    envelope back;
    assert(dsse_print(e, &file, NULL) == MDG_OK);
    bytes raw = { (const unsigned char *)file.chars, file.length };
    assert(dsse_parse("e.json", raw, mem, &back, NULL) == MDG_OK);
    assert(back.payload.n == e->payload.n);
    assert(memcmp(back.payload.data, e->payload.data, e->payload.n) == 0);
    assert(memcmp(back.signature, e->signature, sizeof e->signature) == 0);
    assert(strcmp(back.key_id, e->key_id) == 0);
    text_free(&file);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    mdg_arena mem = { 0 };
    mdg_error err = { 0 };
    envelope e;
    mdg_status s = dsse_parse("e.json", (bytes){ data, n }, &mem, &e, &err);
    if (s == MDG_OK)
        check_same(&e, &mem);
    else
        assert(*err.message && *err.hint && strncmp(err.place, "e.json", 6) == 0);
    mdg_arena_free(&mem);
    return 0;
}

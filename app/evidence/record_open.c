/* A record for looking at. */
#include "evidence/record_open.h"

#include "evidence/dsse.h"
#include "evidence/verify.h"

#include <string.h>

mdg_status record_open(const char *path, mdg_arena *mem, opened *out, mdg_error *err)
{
    bytes file;
    opened o = { .key_id = "" };
    MDG_TRY(bytes_read(path, "a record or its envelope", DSSE_MAX, mem, &file, err));
    if (verify_is_envelope(path, file)) {
        envelope e;
        MDG_TRY(dsse_parse(path, file, mem, &e, err));
        memcpy(o.key_id, e.key_id, KEY_ID);
        file = e.payload;
    }
    schema *rules;
    MDG_TRY(schema_of_records(&rules, err));
    mdg_status s = record_parse(path, file, rules, &o.unknown, &o.record, err);
    schema_free(rules);
    if (s != MDG_OK)
        return s;
    record_id(file, o.id);
    *out = o;
    return MDG_OK;
}

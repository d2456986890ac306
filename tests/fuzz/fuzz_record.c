/* Records: any bytes give a record or a refusal with its reason; what reads one can take it. */
#include "evidence/diff.h"
#include "evidence/show.h"
#include "fuzz.h"

#include <assert.h>
#include <string.h>

static void look_at(opened *o)
{
    text out = { 0 };
    for (int language = 0; language < SHOW_LANGUAGES; language++)
        show_record(o, (show_language)language, &out);
    for (size_t i = 0; i < out.length; i++)
        assert((unsigned char)out.chars[i] >= 0x20 || out.chars[i] == '\n');
    json_t *list = diff_records(o->record.json, o->record.json);
    assert(json_array_size(list) == 0);
    json_decref(list);
    text_free(&out);
}

/* Compiled once, for all inputs. */
static schema *rules;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    mdg_error err = { 0 };
    if (!rules && schema_of_records(&rules, &err) != MDG_OK)
        return 0;
    opened o = { .key_id = "" };
    mdg_status s = record_parse("r.json", (bytes){ data, n }, rules, &o.unknown, &o.record, &err);
    if (s == MDG_OK) {
        record_id(o.record.raw, o.id);
        mdg_status strict = schema_check(rules, o.record.json, NULL, NULL);
        assert(strict == (o.unknown.n > 0 ? MDG_E_SCHEMA : MDG_OK));
        look_at(&o);
    } else {
        assert(*err.message && *err.hint && strncmp(err.place, "r.json", 6) == 0);
    }
    record_free(&o.record);
    return 0;
}

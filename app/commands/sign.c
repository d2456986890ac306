/* madang sign */
#include "evidence/sign.h"
#include "commands/commands.h"
#include "support/json_text.h"

typedef struct sign_options {
    cli_common common;
    const char *key, *pass_file, *out;
} sign_options;

#define AT(member) offsetof(sign_options, member)
static const option options[] = {
    { "key", 'k', OPTION_TEXT, AT(key), "FILE", "secret key, made by 'madang key new'" },
    { "passphrase-file", 0, OPTION_TEXT, AT(pass_file), "FILE",
      "the key's passphrase is its first line (default: the terminal asks)" },
    { "out", 'o', OPTION_TEXT, AT(out), "DIR", "folder of the envelope (default: the record's)" },
};

static mdg_status print(const char *path, const sign_outcome *done, const cli_common *o,
                        mdg_error *err)
{
    if (o->json)
        return json_text_print(json_pack("{s:s, s:s, s:s, s:s}", "record", path, "id", done->id,
                                         "keyid", done->key_id, "envelope", done->envelope),
                               err);
    if (!o->quiet)
        printf("signed %s\n  id        %s\n  key id    %s\n  envelope  %s\n", path, done->id,
               done->key_id, done->envelope);
    return MDG_OK;
}

static mdg_status run(void *given, const char **args, size_t n, mdg_error *err)
{
    (void)n;
    const sign_options *o = given;
    if (!o->key) {
        mdg_fail(err, MDG_E_USAGE, "--key is missing");
        mdg_hint(err, "name the secret key; 'madang key new FILE' makes one");
        return MDG_E_USAGE;
    }
    sign_request q = {
        .record = args[0], .key = o->key, .pass_file = o->pass_file, .folder = o->out
    };
    mdg_arena mem = { 0 };
    sign_outcome done;
    mdg_status s = sign_record(&q, &mem, &done, err);
    if (s == MDG_OK)
        s = print(args[0], &done, &o->common, err);
    mdg_arena_free(&mem);
    return s;
}

const command command_sign = {
    .name = "sign",
    .arguments = "RECORD.json",
    .summary = "sign a record, so that others can see that it is yours and unchanged",
    .details =
        "Writes the envelope ID.dsse.json, which holds the record as it is and the signature; ID "
        "is "
        "the\n"
        "SHA-256 of the record's bytes. Records that are internal, that did not pass the rules of\n"
        "disclosure, or that hold fields that the schema does not know, are not signed.",
    .example = "madang sign heating-controls.record.json --key goyang.key",
    .min_args = 1,
    .max_args = 1,
    .options = options,
    .n_options = sizeof options / sizeof *options,
    .options_size = sizeof(sign_options),
    .run = run,
};

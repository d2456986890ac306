/* madang verify */
#include "commands/commands.h"
#include "evidence/verify_files.h"
#include "measure/json.h"
#include "support/json_text.h"
#include "support/plain.h"

#include <stdlib.h>
#include <string.h>

typedef struct verify_options {
    cli_common common;
    cli_list keys;
    bool unsigned_too;
} verify_options;

#define AT(member) offsetof(verify_options, member)
static const option options[] = {
    { "key", 'k', OPTION_LIST, AT(keys), "FILE|DIR",
      "public key that you trust, or a folder of them; as often as needed" },
    { "unsigned", 0, OPTION_FLAG, AT(unsigned_too), NULL,
      "look at records without a signature too, also internal ones" },
};

/* What has been printed, or put aside for JSON. */
typedef struct tally {
    const verify_options *options;
    json_t *list; /* NULL without --json */
    size_t files, good, without;
    mdg_error last; /* of the last file that was refused */
} tally;

/* ---- results -------------------------------------------------------------------------------- */

static json_t *steps_json(const verified *v)
{
    static const char *const words[] = { "skipped", "good", "bad" };
    json_t *steps = json_object();
    for (verify_step k = 0; k < VERIFY_STEPS; k++)
        json_object_set_new(steps, verify_step_name(k), json_string(words[v->step[k]]));
    return steps;
}

static json_t *notes_json(const verified *v)
{
    json_t *list = json_array();
    for (size_t i = 0; i < v->unknown.n && i < SCHEMA_NOTES; i++)
        json_array_append_new(list, json_string(v->unknown.pointer[i]));
    return list;
}

static json_t *result_json(const char *path, const verified *v)
{
    return json_pack("{s:o, s:b, s:b, s:b, s:o, s:o, s:o, s:o, s:o, s:o, s:i, s:o, s:o}", "file",
                     json_of_path(path), "good", v->error.status == MDG_OK, "signed", v->is_signed,
                     "internal", v->internal, "id", json_text_or_null(v->id), "keyid",
                     json_text_or_null(v->key_id), "city", json_text_or_null(v->city), "measure",
                     json_text_or_null(v->measure), "checks", steps_json(v), "unknown_fields",
                     notes_json(v), "unknown_count", (int)v->unknown.n, "error",
                     json_text_or_null(v->error.message), "hint", json_text_or_null(v->error.hint));
}

static void print_result(const char *path, const verified *v)
{
    printf("%s  ", v->is_signed ? "good     " : "unsigned ");
    plain_print(stdout, path);
    printf("\n  %s  %s\n", *v->city ? v->city : "(no city)", v->measure);
    if (v->internal)
        printf("  internal: not for publication\n");
    for (size_t i = 0; i < v->unknown.n && i < SCHEMA_NOTES; i++)
        printf("  note: the field '%s' is not known to this version\n", v->unknown.pointer[i]);
    if (v->unknown.n > SCHEMA_NOTES)
        printf("  note: and %zu more\n", v->unknown.n - SCHEMA_NOTES);
}

static mdg_status take(void *context, const char *path, const verified *v, mdg_error *err)
{
    tally *t = context;
    bool good = v->error.status == MDG_OK;
    t->files++;
    t->good += good;
    t->without += good && !v->is_signed;
    if (!good)
        t->last = v->error;
    if (t->list) {
        if (json_array_append_new(t->list, result_json(path, v)) != 0)
            return mdg_fail(err, MDG_E_MEMORY, "out of memory for results");
    } else if (good && !t->options->common.quiet) {
        print_result(path, v);
    }
    return MDG_OK;
}

/* Those that were refused go where errors go, in their order among the results. */
static mdg_status take_and_complain(void *context, const char *path, const verified *v,
                                    mdg_error *err)
{
    if (v->error.status != MDG_OK) {
        fflush(stdout);
        cli_print_error(stderr, &v->error);
    }
    return take(context, path, v, err);
}

/* ---- the command ---------------------------------------------------------------------------- */

static mdg_status conclude(const tally *t, size_t files, mdg_error *err)
{
    size_t refused = t->files - t->good;
    if (t->list) {
        MDG_TRY(json_text_print(json_pack("{s:O, s:i, s:i, s:i}", "records", t->list, "good",
                                          (int)t->good, "unsigned", (int)t->without, "refused",
                                          (int)refused),
                                err));
    } else if (files > 1 && !t->options->common.quiet) {
        printf("%zu files: %zu good, %zu of them unsigned, %zu refused\n", t->files, t->good,
               t->without, refused);
    }
    if (refused == 0)
        return MDG_OK;
    if (files == 1) {
        if (err)
            *err = t->last;
        return t->last.status;
    }
    mdg_fail(err, MDG_E_CONFLICT, "%zu of %zu files %s refused", refused, t->files,
             refused == 1 ? "is" : "are");
    mdg_hint(err, "do not rely on them");
    return MDG_E_CONFLICT;
}

static mdg_status verify(const verify_options *o, const file_list *files, const ring *trusted,
                         mdg_error *err)
{
    tally t = { .options = o, .list = o->common.json ? json_array() : NULL };
    verify_rules rules = { .trusted = trusted, .unsigned_too = o->unsigned_too };
    mdg_status s = verify_files(files, &rules, o->common.threads,
                                files->n > 1 ? take_and_complain : take, &t, err);
    if (s == MDG_OK)
        s = conclude(&t, files->n, err);
    json_decref(t.list);
    return s;
}

static mdg_status run(void *given, const char **args, size_t n, mdg_error *err)
{
    const verify_options *o = given;
    ring trusted = { 0 };
    file_list files = { 0 };
    mdg_status s = MDG_OK;
    for (size_t i = 0; s == MDG_OK && i < o->keys.n; i++)
        s = ring_add(&trusted, o->keys.at[i], err);
    for (size_t i = 0; s == MDG_OK && i < n; i++)
        s = file_list_add(&files, args[i], err);
    if (s == MDG_OK)
        s = verify(o, &files, &trusted, err);
    file_list_free(&files);
    ring_free(&trusted);
    return s;
}

const command command_verify = {
    .name = "verify",
    .arguments = "FILE|DIR...",
    .summary = "are records unchanged, signed by a key you trust, and complete?",
    .details =
        "Takes envelopes (ID.dsse.json), records with their envelope beside them, and folders of "
        "both.\n"
        "Checks the id, the key, the signature, the schema and the rules of disclosure, in this "
        "order,\n"
        "and refuses what does not pass. docs/signing.md tells how to come by keys to trust.",
    .example = "madang verify evidence --key keys",
    .min_args = 1,
    .max_args = 100000,
    .options = options,
    .n_options = sizeof options / sizeof *options,
    .options_size = sizeof(verify_options),
    .run = run,
};

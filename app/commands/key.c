/* madang key new, madang key show */
#include "evidence/key.h"
#include "commands/commands.h"
#include "support/json_text.h"

#include <string.h>

/* ---- new ------------------------------------------------------------------------------------ */

typedef struct new_options {
    cli_common common;
    const char *city, *pass_file;
    bool ask;
} new_options;

#define NEW_AT(member) offsetof(new_options, member)
static const option new_list[] = {
    { "city", 0, OPTION_TEXT, NEW_AT(city), "KEY",
      "bind the key to one city's records, such as KR-GOY" },
    { "passphrase-file", 0, OPTION_TEXT, NEW_AT(pass_file), "FILE",
      "lock the secret key with the passphrase in the first line of FILE" },
    { "ask", 0, OPTION_FLAG, NEW_AT(ask), NULL,
      "lock the secret key with a passphrase that the terminal asks for" },
};

static mdg_status print_key(const char *file, const char *what, const public_key *key, bool json,
                            mdg_error *err)
{
    char digits[45];
    key_base64(key, digits);
    if (json)
        return json_text_print(json_pack("{s:s, s:s, s:s, s:s, s:s*}", "file", file, "what", what,
                                         "keyid", key->id, "ed25519", digits, "city",
                                         *key->city ? key->city : NULL),
                               err);
    printf("%s: %s key\n  key id   %s\n  ed25519  %s\n", file, what, key->id, digits);
    if (*key->city)
        printf("  city     %s\n", key->city);
    return MDG_OK;
}

static mdg_status run_new(void *given, const char **args, size_t n, mdg_error *err)
{
    (void)n;
    const new_options *o = given;
    public_key key;
    if (o->ask && o->pass_file) {
        mdg_fail(err, MDG_E_USAGE, "--ask and --passphrase-file exclude each other");
        mdg_hint(err, "a passphrase comes from one of the two");
        return MDG_E_USAGE;
    }
    key_request q = { .file = args[0], .city = o->city, .pass_file = o->pass_file, .ask = o->ask };
    MDG_TRY(key_new(&q, &key, err));
    const char *what = o->ask || o->pass_file ? "secret, under a passphrase" : "secret";
    if (o->common.json || !o->common.quiet)
        MDG_TRY(print_key(args[0], what, &key, o->common.json, err));
    if (!o->common.json && !o->common.quiet)
        printf(
            "\nkeep %s secret, and a copy of it where it cannot be lost; give %s.pub to those who "
            "are to\nverify your records, by a way on which nobody can exchange it\n",
            args[0], args[0]);
    return MDG_OK;
}

const command command_key_new = {
    .name = "key new",
    .arguments = "FILE",
    .summary = "a key pair for signing records: FILE, secret, and FILE.pub",
    .details = "Draws an Ed25519 key. FILE can be read by you only; files that exist are never "
               "replaced.\n"
               "Passphrases come from a file or from the terminal, never from the command line.",
    .example = "madang key new goyang.key --city KR-GOY --ask",
    .min_args = 1,
    .max_args = 1,
    .options = new_list,
    .n_options = sizeof new_list / sizeof *new_list,
    .options_size = sizeof(new_options),
    .run = run_new,
};

/* ---- show ----------------------------------------------------------------------------------- */

static mdg_status run_show(void *given, const char **args, size_t n, mdg_error *err)
{
    (void)n;
    const cli_common *o = given;
    public_key key;
    const char *what;
    MDG_TRY(key_describe(args[0], &key, &what, err));
    return print_key(args[0], what, &key, o->json, err);
}

const command command_key_show = {
    .name = "key show",
    .arguments = "FILE",
    .summary = "what key is in a file; of a secret one, its public half",
    .details = "Needs no passphrase, and prints nothing that is secret.",
    .example = "madang key show goyang.key.pub",
    .min_args = 1,
    .max_args = 1,
    .options_size = sizeof(cli_common),
    .run = run_show,
};

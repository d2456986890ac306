/* Dispatch, option parsing and error printing, all from the command tables. */
#include "cli/cli.h"

#include "cli/help.h"
#include "support/plain.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const option common_options[] = {
    { "json", 0, OPTION_FLAG, offsetof(cli_common, json), NULL,
      "machine-readable standard output" },
    { "quiet", 'q', OPTION_FLAG, offsetof(cli_common, quiet), NULL, "no progress and no summary" },
    { "threads", 't', OPTION_COUNT, offsetof(cli_common, threads), "N",
      "threads to work with (default: all)" },
};

const option *cli_common_options(size_t *n)
{
    *n = sizeof common_options / sizeof *common_options;
    return common_options;
}

static const option *find_in(const option *list, size_t n, const char *name, size_t length)
{
    for (size_t i = 0; i < n; i++)
        if (strlen(list[i].name) == length && strncmp(list[i].name, name, length) == 0)
            return &list[i];
    return NULL;
}

static const option *find_letter(const option *list, size_t n, char letter)
{
    for (size_t i = 0; i < n; i++)
        if (list[i].letter == letter)
            return &list[i];
    return NULL;
}

/* The option that an argument names: "--name", "--name=value" or "-x". */
static const option *find_option(const command *c, const char *arg, const char **value)
{
    size_t n_common;
    const option *common = cli_common_options(&n_common);
    const option *o = NULL;
    *value = NULL;
    if (arg[1] == '-') {
        size_t length = strcspn(arg + 2, "=");
        o = find_in(c->options, c->n_options, arg + 2, length);
        if (!o)
            o = find_in(common, n_common, arg + 2, length);
        if (arg[2 + length] == '=')
            *value = arg + 3 + length;
    } else if (arg[2] == '\0') {
        o = find_letter(c->options, c->n_options, arg[1]);
        if (!o)
            o = find_letter(common, n_common, arg[1]);
    }
    return o;
}

static bool is_choice(const char *values, const char *text)
{
    size_t n = strlen(text);
    for (const char *p = values; n > 0; p++) {
        size_t length = strcspn(p, "|");
        if (length == n && strncmp(p, text, n) == 0)
            return true;
        p += length;
        if (*p == '\0')
            break;
    }
    return false;
}

static mdg_status bad_value(const option *o, const char *text, const char *wanted, mdg_error *err)
{
    mdg_fail(err, MDG_E_USAGE, "--%s cannot be '%s'", o->name, text);
    mdg_hint(err, "give %s", wanted);
    return MDG_E_USAGE;
}

static mdg_status store_value(const option *o, const char *text, void *field, mdg_error *err)
{
    char *end = NULL;
    errno = 0;
    switch (o->kind) {
    case OPTION_FLAG:
        *(bool *)field = true;
        return MDG_OK;
    case OPTION_TEXT:
        if (*text == '\0')
            return bad_value(o, text, o->values, err);
        *(const char **)field = text;
        return MDG_OK;
    case OPTION_LIST: {
        cli_list *list = field;
        if (*text == '\0')
            return bad_value(o, text, o->values, err);
        if (list->n == CLI_LIST_MAX)
            return bad_value(o, text, "it at most 64 times", err);
        list->at[list->n++] = text;
        return MDG_OK;
    }
    case OPTION_CHOICE:
        if (!is_choice(o->values, text))
            return bad_value(o, text, o->values, err);
        *(const char **)field = text;
        return MDG_OK;
    case OPTION_COUNT: {
        unsigned long long v = strtoull(text, &end, 10);
        if (errno || *end || *text < '0' || *text > '9' || v < 1 || v > 1000000000ULL)
            return bad_value(o, text, "a whole number from 1 to 1000000000", err);
        *(size_t *)field = (size_t)v;
        return MDG_OK;
    }
    case OPTION_SEED: {
        unsigned long long v = strtoull(text, &end, 10);
        if (errno || *end || *text < '0' || *text > '9')
            return bad_value(o, text, "a whole number from 0 to 18446744073709551615", err);
        *(uint64_t *)field = v;
        return MDG_OK;
    }
    case OPTION_NUMBER: {
        double v = strtod(text, &end);
        if (*end || end == text || !isfinite(v))
            return bad_value(o, text, "a number such as 0.9", err);
        *(double *)field = v;
        return MDG_OK;
    }
    }
    return mdg_fail(err, MDG_E_INTERNAL, "option --%s has no kind", o->name);
}

/* Options and arguments may be mixed; after "--" all are arguments. */
static mdg_status parse(const command *c, int argc, char **argv, void *options, const char **args,
                        size_t *n_args, mdg_error *err)
{
    bool only_args = false;
    for (int i = 0; i < argc; i++) {
        const char *arg = argv[i];
        if (only_args || arg[0] != '-' || arg[1] == '\0') {
            args[(*n_args)++] = arg;
            continue;
        }
        if (strcmp(arg, "--") == 0) {
            only_args = true;
            continue;
        }
        const char *value;
        const option *o = find_option(c, arg, &value);
        if (!o) {
            /* Without its value, which may be a secret that was given by mistake. */
            mdg_fail(err, MDG_E_USAGE, "unknown option '%.*s'", (int)strcspn(arg, "="), arg);
            mdg_hint(err, "'madang %s --help' lists the options", c->name);
            return MDG_E_USAGE;
        }
        if (o->kind == OPTION_FLAG && value)
            return bad_value(o, value, "no value: it is a switch", err);
        if (o->kind != OPTION_FLAG && !value) {
            if (i + 1 == argc) {
                mdg_fail(err, MDG_E_USAGE, "--%s needs a value", o->name);
                mdg_hint(err, "give %s", o->values);
                return MDG_E_USAGE;
            }
            value = argv[++i];
        }
        MDG_TRY(store_value(o, value, (char *)options + o->offset, err));
    }
    return MDG_OK;
}

static mdg_status check_count(const command *c, size_t n, mdg_error *err)
{
    if (n >= c->min_args && n <= c->max_args)
        return MDG_OK;
    if (n < c->min_args)
        mdg_fail(err, MDG_E_USAGE, "'madang %s' needs %s", c->name, c->arguments);
    else
        mdg_fail(err, MDG_E_USAGE, "'madang %s' takes %zu argument%s, not %zu", c->name,
                 c->max_args, c->max_args == 1 ? "" : "s", n);
    mdg_hint(err, "such as: %s", c->example);
    return MDG_E_USAGE;
}

static mdg_status run_with(const command *c, int argc, char **argv, void *options,
                           const char **args, mdg_error *err)
{
    cli_common *common = options;
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    if (c->defaults)
        memcpy(options, c->defaults, c->options_size);
    common->threads = cores > 0 ? (size_t)cores : 1;
    size_t n_args = 0;
    MDG_TRY(parse(c, argc, argv, options, args, &n_args, err));
    MDG_TRY(check_count(c, n_args, err));
    MDG_TRY(c->run(options, args, n_args, err));
    return cli_finish_output(err);
}

static mdg_status run_command(const command *c, int argc, char **argv, mdg_error *err)
{
    void *options = calloc(1, c->options_size);
    const char **args = calloc((size_t)argc + 1, sizeof *args);
    mdg_status s = options && args ? run_with(c, argc, argv, options, args, err)
                                   : mdg_fail(err, MDG_E_MEMORY, "out of memory");
    free(options);
    free(args);
    return s;
}

/* Commands of two words come before those of one; *words tells how many argv words were used. */
static const command *find_command(const command *const *commands, size_t n, int argc, char **argv,
                                   int *words)
{
    for (size_t i = 0; i < n; i++) {
        const char *space = strchr(commands[i]->name, ' ');
        size_t first = space ? (size_t)(space - commands[i]->name) : strlen(commands[i]->name);
        if (strlen(argv[1]) != first || strncmp(argv[1], commands[i]->name, first) != 0)
            continue;
        if (space && (argc < 3 || strcmp(argv[2], space + 1) != 0))
            continue;
        *words = space ? 2 : 1;
        return commands[i];
    }
    return NULL;
}

/* Of a command of two words. */
static bool is_first_word(const command *const *commands, size_t n, const char *word)
{
    size_t length = strlen(word);
    for (size_t i = 0; i < n; i++)
        if (strncmp(commands[i]->name, word, length) == 0 && commands[i]->name[length] == ' ')
            return true;
    return false;
}

static bool wants_help(int argc, char **argv)
{
    for (int i = 0; i < argc && strcmp(argv[i], "--") != 0; i++)
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0)
            return true;
    return false;
}

static mdg_status dispatch(const command *const *commands, size_t n, int argc, char **argv,
                           mdg_error *err)
{
    if (argc < 2) {
        help_overview(stdout, commands, n);
        return cli_finish_output(err);
    }
    int words = 0;
    const command *c = find_command(commands, n, argc, argv, &words);
    if (c) {
        if (!wants_help(argc - 1 - words, argv + 1 + words))
            return run_command(c, argc - 1 - words, argv + 1 + words, err);
        help_command(stdout, c);
        return cli_finish_output(err);
    }
    if (help_builtin(stdout, commands, n, argc - 1, argv + 1))
        return cli_finish_output(err);
    bool two = argc > 2 && is_first_word(commands, n, argv[1]);
    mdg_fail(err, MDG_E_USAGE, "there is no command '%s%s%s'", argv[1], two ? " " : "",
             two ? argv[2] : "");
    mdg_hint(err, "'madang --help' lists the commands");
    return MDG_E_USAGE;
}

int cli_main(const command *const *commands, size_t n, int argc, char **argv)
{
    /* A reader that goes away shows as a failed write, which cli_finish_output judges. */
    signal(SIGPIPE, SIG_IGN);
    mdg_error err = { 0 };
    mdg_status s = dispatch(commands, n, argc, argv, &err);
    if (s != MDG_OK)
        cli_print_error(stderr, &err);
    return mdg_status_exit(s);
}

bool cli_colour(FILE *stream)
{
    const char *no = getenv("NO_COLOR");
    return isatty(fileno(stream)) && !(no && *no);
}

void cli_print_error(FILE *to, const mdg_error *err)
{
    bool colour = cli_colour(to);
    fputs("madang: ", to);
    plain_print(to, err->place);
    fputs(*err->place ? ": " : "", to);
    fputs(colour ? "\033[1m" : "", to);
    plain_print(to, err->message);
    fputs(colour ? "\033[0m\n" : "\n", to);
    if (!*err->hint)
        return;
    fputs("  ", to);
    plain_print(to, err->hint);
    fputs("\n", to);
}

mdg_status cli_finish_output(mdg_error *err)
{
    if (fflush(stdout) == 0 && !ferror(stdout))
        return MDG_OK;
    if (errno == EPIPE)
        return MDG_OK;
    return mdg_fail(err, MDG_E_WRITE, "cannot write standard output: %s", strerror(errno));
}

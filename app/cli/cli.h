/* The command line: one table a command, from which parsing, help, manual page and shell completion
 * are made. */
#ifndef MADANG_APP_CLI_CLI_H
#define MADANG_APP_CLI_CLI_H

#include <madang/base.h>
#include <stdio.h>

/* Options that every command has; first member of each command's own option struct. */
typedef struct cli_common {
    bool json;      /* machine-readable standard output */
    bool quiet;     /* no progress, no summary */
    size_t threads; /* >= 1 */
} cli_common;

enum { CLI_LIST_MAX = 64 };

typedef struct cli_list {
    const char *at[CLI_LIST_MAX];
    size_t n;
} cli_list;

typedef enum option_kind {
    OPTION_FLAG,   /* bool */
    OPTION_TEXT,   /* const char * */
    OPTION_COUNT,  /* size_t, 1..1e9 */
    OPTION_NUMBER, /* double, finite */
    OPTION_SEED,   /* uint64_t */
    OPTION_CHOICE, /* const char *, one of `values`, separated by | */
    OPTION_LIST,   /* cli_list: texts, one each time the option is given */
} option_kind;

typedef struct option {
    const char *name; /* without the dashes */
    char letter;      /* short form, or 0 */
    option_kind kind;
    size_t offset;      /* of the field in the command's option struct */
    const char *values; /* placeholder such as FILE, or the choices a|b|c; NULL for a flag */
    const char *help;
} option;

typedef struct command command;
/* `options` is the command's own struct, filled; `args` are the n positional arguments. Returns a
 * status; an error is printed by the caller. */
typedef mdg_status command_fn(void *options, const char **args, size_t n, mdg_error *err);

struct command {
    const char *name;      /* "measure", or two words: "import readings" */
    const char *arguments; /* "FILE...", for the usage line; "" for none */
    const char *summary;   /* one line */
    const char *details;   /* a paragraph or more, may be NULL */
    const char *example;   /* at least one command that works */
    size_t min_args, max_args;
    const option *options;
    size_t n_options;
    size_t options_size;  /* sizeof the command's struct */
    const void *defaults; /* such a struct with the defaults, or NULL for zeros */
    command_fn *run;
};

/* Runs the command that argv names; returns the exit status of the process. */
int cli_main(const command *const *commands, size_t n, int argc, char **argv);

/* Prints an error as people read it: place, fact, then what to do. */
void cli_print_error(FILE *to, const mdg_error *err);
/* True when colours may be used on this stream: a terminal, and NO_COLOR is not set. */
bool cli_colour(FILE *stream);
/* Flushes standard output and checks it. A reader that went away (| head) is not an error. */
mdg_status cli_finish_output(mdg_error *err);

#endif

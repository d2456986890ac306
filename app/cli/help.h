/* Help texts, manual page and shell completion, made from the command tables. */
#ifndef MADANG_APP_CLI_HELP_H
#define MADANG_APP_CLI_HELP_H

#include "cli/cli.h"

void help_overview(FILE *to, const command *const *commands, size_t n);
void help_command(FILE *to, const command *c);
/* The calls that every program has: --help, --version, help [COMMAND], help --man, help
 * --completion. False when argv is none of them. */
bool help_builtin(FILE *to, const command *const *commands, size_t n, int argc, char **argv);

/* The options that every command has. */
const option *cli_common_options(size_t *n);

#endif

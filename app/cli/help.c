/* Help texts, manual page and shell completion, made from the command tables. */
#include "cli/help.h"

#include <string.h>

void help_overview(FILE *to, const command *const *commands, size_t n)
{
    fputs("madang measures what a smart-city measure did for energy and CO2.\n\n"
          "usage: madang COMMAND [options] FILE...\n\n",
          to);
    for (size_t i = 0; i < n; i++)
        fprintf(to, "  %-18s %s\n", commands[i]->name, commands[i]->summary);
    fputs("\n'madang COMMAND --help' tells more, with an example. 'madang help --man' prints the "
          "manual\npage, 'madang help --completion' a completion script for bash.\n\n"
          "start with: madang demo\n",
          to);
}

static void print_options(FILE *to, const option *list, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const char *values = list[i].values ? list[i].values : "";
        if (list[i].letter)
            fprintf(to, "  -%c, ", list[i].letter);
        else
            fputs("      ", to);
        int used = fprintf(to, "--%s%s%s", list[i].name, *values ? " " : "", values);
        if (used > 26)
            fprintf(to, "\n%33s", "");
        fprintf(to, "%*s %s\n", used > 26 ? 0 : 26 - used, "", list[i].help);
    }
}

void help_command(FILE *to, const command *c)
{
    size_t n_common;
    const option *common = cli_common_options(&n_common);
    fprintf(to, "madang %s: %s\n\nusage: madang %s [options]%s%s\n\n", c->name, c->summary, c->name,
            *c->arguments ? " " : "", c->arguments);
    if (c->details)
        fprintf(to, "%s\n\n", c->details);
    fputs("options:\n", to);
    print_options(to, c->options, c->n_options);
    print_options(to, common, n_common);
    fprintf(to, "\nexample:\n  %s\n", c->example);
}

/* In a manual page a line must not start with a dot or a quote, and dashes are escaped. */
static void man_text(FILE *to, const char *s)
{
    bool line_start = true;
    for (; *s; s++) {
        if (line_start && (*s == '.' || *s == '\''))
            fputs("\\&", to);
        if (*s == '-' || *s == '\\')
            fputc('\\', to);
        fputc(*s, to);
        line_start = *s == '\n';
    }
}

static void man_options(FILE *to, const option *list, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        fputs(".TP\n.B ", to);
        man_text(to, "--");
        man_text(to, list[i].name);
        if (list[i].values) {
            fputs("\n.I ", to);
            man_text(to, list[i].values);
        }
        fputc('\n', to);
        man_text(to, list[i].help);
        fputc('\n', to);
    }
}

static void help_man(FILE *to, const command *const *commands, size_t n)
{
    fprintf(to,
            ".TH MADANG 1 \"\" \"madang %s\" \"User Commands\"\n.SH NAME\nmadang \\- measure what "
            "a smart\\-city measure did for energy and CO2\n.SH SYNOPSIS\n.B madang\n.I "
            "COMMAND\n[options]\n.IR FILE ...\n.SH COMMANDS\n",
            MDG_VERSION);
    for (size_t i = 0; i < n; i++) {
        fputs(".SS madang ", to);
        man_text(to, commands[i]->name);
        fputc(' ', to);
        man_text(to, commands[i]->arguments);
        fputc('\n', to);
        man_text(to, commands[i]->summary);
        fputs(".\n", to);
        if (commands[i]->details) {
            fputs(".PP\n", to);
            man_text(to, commands[i]->details);
            fputc('\n', to);
        }
        man_options(to, commands[i]->options, commands[i]->n_options);
        fputs(".PP\nExample:\n.PP\n.nf\n", to);
        man_text(to, commands[i]->example);
        fputs("\n.fi\n", to);
    }
    size_t n_common;
    const option *common = cli_common_options(&n_common);
    fputs(".SH OPTIONS OF EVERY COMMAND\n", to);
    man_options(to, common, n_common);
    fputs(".SH EXIT STATUS\n0 done, 2 usage, 3 data refused, 4 internal.\n", to);
}

static void completion_words(FILE *to, const command *c)
{
    for (size_t i = 0; i < c->n_options; i++)
        fprintf(to, " --%s", c->options[i].name);
    size_t n_common;
    const option *common = cli_common_options(&n_common);
    for (size_t i = 0; i < n_common; i++)
        fprintf(to, " --%s", common[i].name);
}

static void help_completion(FILE *to, const command *const *commands, size_t n)
{
    fputs("_madang() {\n    local word=\"${COMP_WORDS[COMP_CWORD]}\" words\n"
          "    case \"${COMP_WORDS[1]} ${COMP_WORDS[2]}\" in\n",
          to);
    for (size_t i = 0; i < n; i++) {
        fprintf(to, "    \"%s%s\"*) words=\"", commands[i]->name,
                strchr(commands[i]->name, ' ') ? "" : " ");
        completion_words(to, commands[i]);
        fputs("\" ;;\n", to);
    }
    fputs("    *) words=\"", to);
    for (size_t i = 0; i < n; i++)
        fprintf(to, "%s%s", i ? " " : "", commands[i]->name);
    fputs("\" ;;\n    esac\n    COMPREPLY=($(compgen -f -W \"$words\" -- \"$word\"))\n}\n"
          "complete -o filenames -F _madang madang\n",
          to);
}

/* help COMMAND and help import readings, as well as --man and --completion. */
static bool help_topic(FILE *to, const command *const *commands, size_t n, int argc, char **argv)
{
    if (argc == 0 || strcmp(argv[0], "--help") == 0) {
        help_overview(to, commands, n);
        return true;
    }
    if (strcmp(argv[0], "--man") == 0) {
        help_man(to, commands, n);
        return true;
    }
    if (strcmp(argv[0], "--completion") == 0) {
        help_completion(to, commands, n);
        return true;
    }
    bool found = false;
    for (size_t i = 0; i < n; i++) {
        size_t first = strcspn(commands[i]->name, " ");
        const char *second = commands[i]->name[first] ? commands[i]->name + first + 1 : NULL;
        if (strlen(argv[0]) != first || strncmp(argv[0], commands[i]->name, first) != 0 ||
            (argc > 1 && (!second || strcmp(second, argv[1]) != 0)))
            continue;
        if (found)
            fputc('\n', to);
        help_command(to, commands[i]);
        found = true;
    }
    return found;
}

bool help_builtin(FILE *to, const command *const *commands, size_t n, int argc, char **argv)
{
    if (strcmp(argv[0], "--version") == 0) {
        fprintf(to, "madang %s\n", MDG_VERSION);
        return true;
    }
    if (strcmp(argv[0], "--help") == 0 || strcmp(argv[0], "-h") == 0)
        return help_topic(to, commands, n, 0, NULL);
    if (strcmp(argv[0], "help") == 0)
        return help_topic(to, commands, n, argc - 1, argv + 1);
    /* "madang import --help" lists all of import's commands. */
    if (argc == 2 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0))
        return help_topic(to, commands, n, 1, argv);
    return false;
}

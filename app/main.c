/* The program: a table of commands. */
#include "commands/commands.h"

static const command *const commands[] = {
    &command_demo,           &command_import_readings,
    &command_import_weather, &command_import_meters,
    &command_import_factors, &command_import,
    &command_measure,        &command_validate,
    &command_key_new,        &command_key_show,
    &command_sign,           &command_verify,
    &command_show,           &command_diff,
    &command_pool,           &command_types,
};

int main(int argc, char **argv)
{
    return cli_main(commands, sizeof commands / sizeof *commands, argc, argv);
}

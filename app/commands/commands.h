/* The commands of the program, one file each. */
#ifndef MADANG_APP_COMMANDS_COMMANDS_H
#define MADANG_APP_COMMANDS_COMMANDS_H

#include "cli/cli.h"

extern const command command_demo;
extern const command command_import_readings;
extern const command command_import_weather;
extern const command command_import_meters;
extern const command command_import_factors;
extern const command command_import;
extern const command command_measure;
extern const command command_validate;

#endif

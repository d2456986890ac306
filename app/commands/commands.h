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
extern const command command_key_new;
extern const command command_key_show;
extern const command command_sign;
extern const command command_verify;
extern const command command_show;
extern const command command_diff;
extern const command command_pool;
extern const command command_types;

#endif

/* cli.h - the commands of a quarter. */
#ifndef QUARTER_CLI_H
#define QUARTER_CLI_H

#include "http/route.h"

extern const struct command quarter_commands[];

#endif

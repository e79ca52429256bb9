/* cli.h - the command `shanyraq stat`. */
#ifndef CALC_CLI_H
#define CALC_CLI_H

#include "http/route.h"

/* Ends with name NULL. */
extern const struct command calc_commands[];

#endif

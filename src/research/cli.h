/* cli.h - the survey's commands. */
#ifndef RESEARCH_CLI_H
#define RESEARCH_CLI_H

#include "http/route.h"

extern const struct command research_commands[];

#endif

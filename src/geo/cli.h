/* cli.h - the sub-commands of geo. */
#ifndef GEO_CLI_H
#define GEO_CLI_H

#include "http/route.h"

/* `shanyraq pack build|show`; ends with name NULL. */
extern const struct command geo_commands[];

#endif

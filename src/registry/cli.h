/* cli.h - `shanyraq import pack`. */
#ifndef REGISTRY_CLI_H
#define REGISTRY_CLI_H

#include "http/route.h"

extern const struct command registry_commands[];

/* Loads the packs that are part of the program (packs/), each in its own transaction. */
int registry_load_embedded_packs(struct ctx *cx);

#endif

/* ethnomap.h - the ethnomap of the region and the passports of its places. */
#ifndef ETHNOMAP_ETHNOMAP_H
#define ETHNOMAP_ETHNOMAP_H

#include "module.h"

extern const struct module ethnomap_module;

#endif

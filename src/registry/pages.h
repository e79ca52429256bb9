/* pages.h - the registry's pages. */
#ifndef REGISTRY_PAGES_H
#define REGISTRY_PAGES_H

#include "http/route.h"

extern const struct route registry_routes[];
extern const struct nav_item registry_nav[];

#endif

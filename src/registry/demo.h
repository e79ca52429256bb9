/* demo.h - the registry's part of the demonstration region. */
#ifndef REGISTRY_DEMO_H
#define REGISTRY_DEMO_H

#include "base/ctx.h"

/* Writes it; inside db_tx, after the region's packs. */
int registry_demo(struct ctx *cx);

#endif

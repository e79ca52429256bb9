/* demo.h - the demonstration's visits. */
#ifndef VISITS_DEMO_H
#define VISITS_DEMO_H

#include "base/ctx.h"

/* Writes them; inside db_tx, after the registry's demonstration. */
int visits_demo(struct ctx *cx);

#endif

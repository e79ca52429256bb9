/* demo.h - the demonstration's proposals (demo/proposals.csv). */
#ifndef PROPOSALS_DEMO_H
#define PROPOSALS_DEMO_H

#include "base/ctx.h"

/* Writes them; inside db_tx, after the registry's demonstration. */
int proposals_demo(struct ctx *cx);

#endif

/* demo.h - the demonstration's closed quarters. */
#ifndef QUARTER_DEMO_H
#define QUARTER_DEMO_H

#include "base/ctx.h"

/* Closes every quarter of the demonstration's survey but the last, which is left for the user; signs them. */
int quarter_demo(struct ctx *cx);

#endif

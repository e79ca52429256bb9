/* demo.h - the survey's part of the demonstration: eight quarters of made-up answers. */
#ifndef RESEARCH_DEMO_H
#define RESEARCH_DEMO_H

#include "base/buf.h"
#include "base/ctx.h"
#include "research/frame.h"
#include "research/questionnaire.h"

int research_demo(struct ctx *cx);

/* The answers of a demonstration quarter as a CSV file, the same on every machine. ERR_NOT_FOUND for another
 * quarter. */
int research_demo_csv(struct ctx *cx, const char *quarter, const struct frame *f,
                      const struct questionnaire *q, struct buf *out);

#endif

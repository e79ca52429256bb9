/* export.h - the answers of a quarter as a file for researchers, or the empty file to be filled. */
#ifndef RESEARCH_EXPORT_H
#define RESEARCH_EXPORT_H

#include "base/buf.h"
#include "base/ctx.h"

/* CSV with the columns of an import: stratum, psu, unit, weight, the questions that are not sensitive.
 * Without a round, or with none loaded, the headings alone (then with all questions, as a template). *rows:
 * interviews. The caller audits. */
int research_export(struct ctx *cx, const char *quarter, struct buf *out, int64_t *rows);

#endif

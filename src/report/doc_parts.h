/* doc_parts.h - small helpers that the renderers share. */
#ifndef REPORT_DOC_PARTS_H
#define REPORT_DOC_PARTS_H

#include "report/doc.h"

/* A label with its %d's filled in; the text of a heading; "Table 3. Caption"; the
 * source line, NULL if there is no source. */
const char *doc_fill(struct arena *a, const char *pattern, int first, int second);
const char *doc_heading_text(struct arena *a, const struct block *b);
const char *doc_caption(struct arena *a, const char *pattern, int number, const char *caption);
const char *doc_source(const struct doc *d, const char *source);

#endif

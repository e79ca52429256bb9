/* docx_parts.h - the parts of a DOCX that do not depend on the text: styles, numbering, relations. */
#ifndef REPORT_DOCX_PARTS_H
#define REPORT_DOCX_PARTS_H

#include "report/doc.h"

/* A relation of the main part: a picture or an outside link. */
struct docx_relation {
    const char *id, *target;
    bool link;
};

void docx_content_types(struct buf *b);
void docx_root_relations(struct buf *b);
void docx_relations(struct buf *b, const struct docx_relation *r, size_t n);
void docx_core(struct buf *b, const struct doc *d);
void docx_app(struct buf *b, const struct doc *d);
void docx_settings(struct buf *b, const struct doc *d);
void docx_styles(struct buf *b, const struct doc *d);
void docx_numbering(struct buf *b, size_t ordered_lists);
void docx_header(struct buf *b, const struct doc *d);
void docx_footer(struct buf *b, const struct doc *d);

/* The root element's namespaces. */
extern const char DOCX_NAMESPACES[];
/* The width of the text in points; margins as in the PDF. */
extern const double DOCX_WIDTH;

#endif

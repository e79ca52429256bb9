/* guide.h - the user guide: pages in Kazakh, Russian and English from docs/guide, a part of the program. */
#ifndef GUIDE_GUIDE_H
#define GUIDE_GUIDE_H

#include "module.h"

extern const struct module guide_module;

/* The pages in their order, by address: "start", "map" ...; ends with NULL. */
extern const char *const GUIDE_PAGES[];

/* The Markdown of a page with the program's own words put in: {{Close the quarter}} becomes the text that stands on the
 * button in this language, bold. *n: length. ERR_NOT_FOUND: no such page. */
int guide_text(struct ctx *cx, const char *page, const char **text, size_t *n);

#endif

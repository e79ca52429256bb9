/* figures_page.h - /import: a file is given, looked at, and then written. */
#ifndef REGISTRY_FIGURES_PAGE_H
#define REGISTRY_FIGURES_PAGE_H

#include "http/form.h"
#include "http/view.h"
#include "registry/figures.h"
#include "registry/figures_import_sql.h"

struct import_page {
    struct import_recent_list recent;
    struct indicator_list_list indicators; /* what the file may name */
    struct community_list_list communities;
};
struct import_values {
    const struct file_part *file;
    const char *source;
};
struct import_write_values { bool good_only; };

/* One file before it is written, or what became of it. */
struct import_look {
    struct import_by_id_row import;
    struct figures figures;
    struct import_summary {
        const char *kind, *columns;
        int64_t rows, good, bad, problems;
        bool composition, broken, readable;
        const char *why; /* not readable: the reason */
    } summary;
    struct { struct figure_row *rows; size_t n; } first; /* of the good rows */
};
extern const struct form import_form, import_write_form;
extern const struct view import_view, import_look_view;

int import_get(struct request *rq);
int import_post(struct request *rq);
int import_look_get(struct request *rq);
int import_write_post(struct request *rq);
int import_drop_post(struct request *rq);
int import_template_get(struct request *rq);

#endif

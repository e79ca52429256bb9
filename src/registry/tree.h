/* tree.h - the dated tree of places as pages and as rows for export. */
#ifndef REGISTRY_TREE_H
#define REGISTRY_TREE_H

#include "http/request.h"
#include "http/view.h"
#include "registry/registry.h"
#include "registry/tree_sql.h"

/* A place of the tree on a day. */
struct tree_place {
    int64_t id, level;
    const char *kind, *kato; /* the code of that day */
    bool code_approximate;   /* it follows the rule of the classifier; no source names it for that day */
    const char *name_kk, *name_ru, *name_en, *valid_from, *valid_to;
    bool approximate;        /* valid_from or valid_to is known to the year only */
    struct opt_int parent_id;
    const char *parent_kato;
    int64_t units, okrugs, settlements; /* that belong to it on that day */
    struct opt_num lon, lat;
    const char *point_status;
};
struct tree_rows {
    struct tree_place *rows;
    size_t n;
};
extern const struct row_desc TREE_PLACE_DESC;

/* The whole tree of a region on a day, parents before children; 0: the republic and its regions, with how much of
 * each of them this database holds. */
int tree_read(struct ctx *cx, int64_t region_id, const char *on_date, struct tree_rows *out);

/* Which region's rows hold what lies below a region's code ("510000000" and "610000000" both give 61). */
int64_t tree_region_of_code(const char *kato);

struct tree_page {
    const char *on_date;
    struct tree_place place;
    struct place_path path;
    struct tree_rows children;
    struct tree_changes_list changes;
    const char *const *dates; /* of the changes, each once; for stepping through time */
    size_t n_dates;
    bool before_recode; /* the day lies before a change of codes: those of small places are today's */
};

extern const struct view tree_view;
int tree_get(struct request *rq);       /* /territories: the asker's region */
int tree_place_get(struct request *rq); /* /territories/{id} */
int tree_export_command(struct ctx *cx, int argc, char **argv);

#endif

/* pages.h - models of the pages of the ethnomap and the passports. */
#ifndef ETHNOMAP_PAGES_H
#define ETHNOMAP_PAGES_H

#include "ethnomap/model.h"
#include "html/html.h"
#include "http/route.h"

struct map_page {
    struct map_model map;
    struct map_changes_list changes;
    struct map_question { /* what the page answers, and the address of its tiles */
        const char *on_date, *period, *period_text, *tiles, *query;
    } question;
    const char *sort;              /* "name", "value", "-value" */
    const char *link;              /* "indicator=..&period=..&date=.." of this question */
    const char *bounds, *texts;    /* for the script */
    const char *credit;            /* where the figures come from, and of which day */
    const char *borders;           /* whose lines they are, in the words of their licence (English) */
    const char *paper;             /* print view: "a4", "a3" */
    struct html picture;           /* print view: the map as SVG */
    bool past, attention;          /* borders of another day; settlements under attention are marked */
};

extern const struct view map_view, map_print_view;

int ethnomap_get(struct request *rq);
int ethnomap_print_get(struct request *rq);
int ethnomap_picture_get(struct request *rq);
int ethnomap_export_get(struct request *rq);

/* The same question with another value of one thing: "/map?indicator=P1&sort=name". */
const char *map_link(struct request *rq, const struct map_page *m, const char *path, const char *name, const char *value);

/* The addresses of a map's tiles, with the stamps of what they show. m NULL: a map without the layer of units. */
int ethnomap_addresses(struct request *rq, const char *on_date, const struct map_model *m, struct map_question *out);
/* What the map's script says, as JSON. */
const char *ethnomap_texts(struct ctx *cx);

int place_get(struct request *rq);
int place_figure_post(struct request *rq);

#endif

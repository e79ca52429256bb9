/* stats_pages.h - model of the page of statistics. */
#ifndef MEDIATION_STATS_PAGES_H
#define MEDIATION_STATS_PAGES_H

#include "mediation/stats.h"

struct statistics_year {
    int year;
};
struct statistics_page {
    bool everyday; /* of the two families the one without offences */
    int64_t threshold;
    struct stats_periods periods;
    struct {
        struct statistics_year *rows;
        size_t n;
    } years;
    struct stats_table table; /* of the chosen year; units 0: no year is over */
    struct stats_cells cells;
};

/* "2024-H1" in words. */
const char *stats_period_name(struct ctx *cx, const char *period);

#endif

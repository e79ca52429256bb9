/* neighbours.h - a table of neighbours, as the methods that need one read it: one row a pair. */
#ifndef CALC_NEIGHBOURS_H
#define CALC_NEIGHBOURS_H

#include "calc/method.h"
#include "stat/spatial.h"

#include <math.h>

/* The options of a method with neighbours, and the table they come from: put them into its fields and sources. */
#define CALC_NEIGHBOUR_FIELDS                                                                      \
    {"from", CALC_LABELS, "A place, by its name", .required = true, .table = "neighbours"},             \
    {"to", CALC_LABELS, "Its neighbour, by its name", .required = true, .table = "neighbours"},         \
    {"weights", CALC_COLUMN, "Weight of each pair; without it 1", .min = 0, .max = INFINITY, .open = true, .table = "neighbours"}, \
    {"symmetric", CALC_BOOL, "Each pair holds both ways", .fallback = "false"},                    \
    {"style", CALC_CHOICE, "row: weights of a place add up to 1; binary: as they are", .fallback = "\"row\"", \
     .choices = "row|binary"}
#define CALC_NEIGHBOUR_SOURCE {"neighbours", "one row a pair of neighbours", true}

/* Weights between n places called name[]. CALC_WRONG: a name that is no place, a pair twice, a place
 * that is its own neighbour; told with its line. */
int calc_neighbours(struct calc *c, const struct calc_values *o, size_t n, const char *const *name,
                    struct spatial_weights *out);

#endif

/* neighbours.h - who is whose neighbour, as the methods that need it read it: a table with one row a pair, or a
 * matrix of weights. */
#ifndef CALC_NEIGHBOURS_H
#define CALC_NEIGHBOURS_H

#include "calc/method.h"
#include "stat/spatial.h"

#include <math.h>

/* The options of a method with neighbours, and the table they come from: put them into its fields and sources. */
#define CALC_NEIGHBOUR_FIELDS                                                                      \
    {"from", CALC_LABELS, "A place, by its name", .table = "neighbours"},                          \
    {"to", CALC_LABELS, "Its neighbour, by its name", .table = "neighbours"},                      \
    {"weights", CALC_COLUMN, "Weight of each pair; without it 1", .min = 0, .max = INFINITY, .open = true, .table = "neighbours"}, \
    {"symmetric", CALC_BOOL, "Each pair holds both ways", .fallback = "false"},                    \
    {"matrix", CALC_MATRIX, "In place of from and to: weights of the neighbours in columns for the place in the row, 0 for others; " \
     "in the order of the places, or with their names above the columns", .min = 0, .max = INFINITY},  \
    {"style", CALC_CHOICE, "row: weights of a place add up to 1; binary: as they are", .fallback = "\"row\"", \
     .choices = "row|binary"}
#define CALC_NEIGHBOUR_SOURCE {"neighbours", "one row a pair of neighbours", false}, {"weights", "a matrix of weights", false}

/* Weights between n places called name[]. CALC_WRONG: a name that is no place, a pair twice, a place
 * that is its own neighbour; told with its line. A matrix takes memory for the square of n. */
int calc_neighbours(struct calc *c, const struct calc_values *o, size_t n, const char *const *name,
                    struct spatial_weights *out);

#endif

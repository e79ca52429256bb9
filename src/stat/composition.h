/* composition.h - how mixed places are, and how unevenly groups are spread over them.
 *
 * For counts from a census or register only; never for predicted ethnicity. An index describes
 * places, never a group or person. Natural logarithms; 0 log 0 = 0; counts may be weighted. */
#ifndef STAT_COMPOSITION_H
#define STAT_COMPOSITION_H

#include <stddef.h>
#include <stdint.h>

#include "stat/stat.h"

struct arena;

enum { COMPOSITION_MIN_PERSONS = 50 };

/* One place with counts of k groups. Refused (NaN) below min_persons (a setting; 0: no rule). */
struct composition {
    enum stat_status status;
    enum stat_reason reason;
    double persons;
    size_t groups;         /* present */
    double fractional;     /* 1 - sum p^2: chance that two persons differ (Gini-Simpson, ELF) */
    double simpson;        /* sum p^2 */
    double shannon;        /* -sum p log p */
    double hill1, hill2;   /* exp(shannon), 1/simpson: effective number of groups (Hill 1973, eq. 1) */
};
struct composition composition_of(const double *count, size_t k, double min_persons);

/* Hill number of any order q >= 0. */
double composition_hill(const double *count, size_t k, double q);

/* Chao 1984 lower bound of the number of groups, from those seen once and twice (bias-corrected). */
double composition_chao1(const double *count, size_t k);

/* Expected number of groups among m persons drawn (Hurlbert 1971, eq. 14). */
double composition_rarefied(const double *count, size_t k, double m);

/* k groups over n units, counts[unit * k + group]. */
struct segregation {
    enum stat_status status;
    enum stat_reason reason;
    double entropy;      /* E of all together */
    double m;            /* mutual information M */
    double h;            /* Theil's H = M/E (Theil, Finizza 1971; Reardon, Firebaugh 2002, eq. 5) */
    double d;            /* multigroup dissimilarity (Sakoda 1981) */
    double interaction;  /* I = sum p (1 - p) */
    double r;            /* relative diversity (Reardon, Firebaugh 2002, table 2) */
    double *local;       /* by group: divergence from all; sum share * local = M (Mora, Ruiz-Castillo 2011) */
    double *share;       /* by group */
    double between_m, between_h; /* between clusters of units; NaN without clusters */
    double within_m, within_h;   /* inside them; between + within = whole, exactly */
};
/* cluster (of every unit, 0 .. n_clusters-1) may be NULL. */
struct segregation segregation_of(struct arena *a, size_t n, size_t k, const double *counts,
                                  const int32_t *cluster, size_t n_clusters);

/* M, H and D expected if persons chose units by chance (unit sizes and group shares fixed): what
 * small units add by themselves (Carrington, Troske 1997, JBES 15:402). Means over replicates. */
struct segregation_chance {
    double m, h, d;
};
struct segregation_chance segregation_by_chance(struct arena *a, size_t n, size_t k,
                                                const double *counts, int replicates, uint64_t seed);

/* Two groups x, y over n units (Duncan, Duncan 1955): half the sum of |x/X - y/Y|. */
double segregation_dissimilarity(size_t n, const double *x, const double *y);

/* Chance that a member of x meets a y in the unit (x = y: isolation); total: all persons of the
 * unit (Lieberson 1981; Massey, Denton 1988, eqs. 5, 6). */
double segregation_exposure(size_t n, const double *x, const double *y, const double *total);

#endif

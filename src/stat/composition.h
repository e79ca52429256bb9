/* composition.h - how mixed places are, and how unevenly groups are spread over them.
 *
 * For counts from a census or register only; never for predicted ethnicity. An index describes
 * places, never a group or person. Natural logarithms; 0 log 0 = 0; counts may be weighted. */
#ifndef STAT_COMPOSITION_H
#define STAT_COMPOSITION_H

#include <stddef.h>
#include <stdint.h>

#include "stat/parallel.h"
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

/* Hill number of any order q >= 0; INFINITY: 1/largest share. */
double composition_hill(const double *count, size_t k, double q);

/* 1 - sum n_g (n_g - 1)/(N (N - 1)): chance that two different persons differ, without the bias that few
 * persons bring (Simpson 1949, Nature 163:688); NaN below 2 persons. */
double composition_simpson_unbiased(const double *count, size_t k);

/* Chao 1984 lower bound of the number of groups, from those seen once and twice (bias-corrected). */
double composition_chao1(const double *count, size_t k);

/* What a sample tells of groups that nobody was drawn from. Counts are whole numbers of persons. */
struct composition_unseen {
    double seen, once, twice;        /* groups seen, seen by one person, by two */
    double chao1, chao1_se;          /* as vegan's estimateR: delta method */
    double chao1_low, chao1_high;    /* by the logarithm of the unseen (Chao 1987, Biometrics 43:783) */
    double coverage_turing;          /* share of the population in seen groups: 1 - f1/N (Good 1953) */
    double coverage;                 /* Chao, Jost 2012 (Ecology 93:2533) */
    double shannon;                  /* of all groups: Chao, Shen 2003 (Environ. Ecol. Stat. 10:429) */
};
struct composition_unseen composition_unseen(const double *count, size_t k, double level);

/* Expected number of groups among m persons drawn (Hurlbert 1971, eq. 14); and its standard error (Heck,
 * van Belle, Simberloff 1975, Ecology 56:1459), time growing with the square of the groups. */
double composition_rarefied(const double *count, size_t k, double m);
double composition_rarefied_se(const double *count, size_t k, double m);

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
    double *unit, *unit_share; /* by unit: sum p log(p / p of all); sum unit_share * unit = M */
    double between_m, between_h; /* between clusters of units; NaN without clusters */
    double within_m, within_h;   /* inside them; between + within = whole, exactly */
    /* By cluster (NULL without): within_m = sum cluster_share * cluster_m, and with the entropy E_c
     * of each, within_h = sum cluster_share * E_c/E * cluster_h. An empty cluster has NaN and share 0. */
    double *cluster_m, *cluster_h, *cluster_share, *cluster_entropy;
};
/* cluster (of every unit, 0 .. n_clusters-1) may be NULL. */
struct segregation segregation_of(struct arena *a, size_t n, size_t k, const double *counts,
                                  const int32_t *cluster, size_t n_clusters);

/* What small units add by themselves: M, H, D and R expected if persons lived in units by chance (Carrington,
 * Troske 1997, JBES 15:402), means over replicates; and the indices without it. */
enum segregation_margins {
    SEGREGATION_SIZES_FIXED, /* unit sizes fixed, groups drawn by their shares (Carrington, Troske) */
    SEGREGATION_BOTH_FIXED,  /* sizes and groups fixed: persons change places (as mutual_expected of R's
                                segregation with fixed_margins) */
};
enum { SEGREGATION_M, SEGREGATION_H, SEGREGATION_D, SEGREGATION_R, SEGREGATION_INDICES };
struct segregation_chance {
    enum stat_status status;
    enum stat_reason reason; /* EMPTY, INVALID (no replicate, a count that is not a whole number), STOPPED */
    double m, h, d, r;       /* expected by chance */
    double observed[SEGREGATION_INDICES], sd[SEGREGATION_INDICES];     /* of the map; of chance */
    double difference[SEGREGATION_INDICES]; /* observed - expected */
    double relative[SEGREGATION_INDICES];   /* (observed - expected)/(1 - expected), NaN for M, which is not
                                               bounded by 1 (Carrington, Troske) */
    double p[SEGREGATION_INDICES]; /* share of replicates as uneven as the map, which counts among them */
};
/* Each replicate has its own stream: threads do not change the result. */
struct segregation_chance segregation_by_chance(struct arena *a, const struct stat_run *run, size_t n,
                                                size_t k, const double *counts, int replicates, uint64_t seed,
                                                enum segregation_margins margins);

/* Two groups x, y over n units (Duncan, Duncan 1955): half the sum of |x/X - y/Y|. */
double segregation_dissimilarity(size_t n, const double *x, const double *y);

/* Chance that a member of x meets a y in the unit (x = y: isolation); total: all persons of the
 * unit (Lieberson 1981; Massey, Denton 1988, eqs. 5, 6). */
double segregation_exposure(size_t n, const double *x, const double *y, const double *total);

/* The same on average if all persons lived in units by chance, the sizes of units and of both groups fixed:
 * Of N persons in U units that are not empty: exposure Y (N - U)/(N (N - 1)), isolation (x and y the same
 * array) U/N + (X - 1)(N - U)/(N (N - 1)). NaN where x is empty or N is 1. */
double segregation_exposure_by_chance(size_t n, const double *x, const double *y, const double *total);

/* Isolation of x without what the size of the group brings: (isolation - X/N)/(1 - X/N), the correlation
 * ratio (Massey, Denton 1988; White 1986). */
double segregation_correlation_ratio(size_t n, const double *x, const double *total);

#endif

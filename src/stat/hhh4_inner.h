/* hhh4_inner.h - shared by the hhh4_*.c files only: the layout of the unknowns, one pass over the data, and
 * the arrowhead matrix.
 *
 * Unknowns: `k` shared ones (columns of all units, weights' coefficients, -log psi of NegBin1), then `l` of
 * every unit (its random intercepts first, its own columns, its -log psi of NegBinM). In the matrix of second
 * derivatives the unknowns of two units never meet. */
#ifndef STAT_HHH4_INNER_H
#define STAT_HHH4_INNER_H

#include "stat/hhh4.h"

enum { HHH4_CHUNKS = 32 };

/* -log psi above this is the Poisson distribution: psi = 1e-8. */
#define HHH4_POISSON_LIMIT 18.4

/* Sums over a count's own terms of the negative binomial, by y below `n`: log, first, second derivative. */
struct hhh4_table {
    double size;
    size_t n;
    double *log, *first, *second;
};

struct hhh4_scratch {
    double *part[HHH4_PARTS], *scale, *d1, *d2, *ds, *dss, *d1s, *z;
    double *value;              /* [feature * rows]: its factor, 1 of an intercept */
    double *dmu;                /* [feature * rows]: derivative of the mean */
    double *sum, *dsum, *ddsum; /* neighbours' sums and their derivatives by the weights' coefficients */
    double *info, *grad, *expand, *product;
    struct hhh4_table table;
};

struct hhh4_chunk {
    double log_likelihood;
    double *grad, *info;
    bool impossible;
};

/* What the units' lists are from the side of the target, and the sums that normalise a source. */
struct hhh4_sources {
    size_t *start;
    uint32_t *from;
    double *value;
    double *norm; /* [source * (1 + nd + nd(nd+1)/2)] */
};

struct hhh4_work {
    const struct hhh4_model *m;
    size_t from, to, rows, known;
    size_t k, l, q;             /* shared, of a unit, random ones among them */
    size_t *target[HHH4_PARTS]; /* of every column: unknown, k + .. where it is the unit's */
    size_t random[HHH4_PARTS];  /* unknown of the random intercept; SIZE_MAX: none */
    size_t nd, d_at, psi;       /* weights' coefficients; -log psi, SIZE_MAX: Poisson */
    size_t lag[HHH4_PARTS], features;
    double *y;    /* counts as doubles, [unit * n_periods + t], t < to */
    size_t *most; /* largest count of a unit in the rows */
    double *ne;   /* neighbours' sums where weights are given, by cell */
    struct hhh4_sources in;
    double *common[HHH4_PARTS]; /* exp of what all units share and changes in time; NULL: none */
    bool *pinned;               /* [unit * l]: not there */
    double *extent;        /* by unknown (shared, then of a unit): largest value of its column */
    double *reach;         /* the same, at most 1 */
    double log_factorials;
    struct hhh4_table table; /* of NegBin1 */
    const double *theta;     /* where the pass is */
    struct stat_run run;     /* threads of a pass */
    const struct stat_run *watch;
    size_t n_chunks;
    struct hhh4_chunk chunk[HHH4_CHUNKS];
    struct hhh4_scratch *scratch; /* by thread */
    /* the result of a pass: log-likelihood without penalty, gradient, minus the second derivatives */
    double log_likelihood;
    double *grad;   /* k + n * l */
    double *shared; /* k x k */
    double *border; /* [unit][l x k] */
    double *own;    /* [unit][l x l] */
};

/* Rows from .. to-1; counts of the first `known` periods are read, later ones are 0. INVALID where the model
 * makes no sense. */
enum stat_reason hhh4_work_new(struct arena *a, const struct hhh4_model *m, size_t from, size_t to,
                               size_t known, const struct stat_run *run, struct hhh4_work *w);

/* Log-likelihood, gradient and information at theta; false where a mean is impossible. */
bool hhh4_pass(struct hhh4_work *w, const double *theta);

/* What the parts add to the mean of one unit in periods t0 .. t1-1 (below to), [part][t - t0]; weights' sums
 * by hhh4_prepare() first. */
void hhh4_parts(struct hhh4_work *w, const double *theta, size_t unit, size_t t0, size_t t1,
                struct hhh4_scratch *s);
void hhh4_prepare(struct hhh4_work *w, const double *theta);
/* How much a step changes a logarithm at most: of a part of the mean, of a weight's coefficient, of psi; any
 * value up to HHH4_LEAP where it is no more than that. */
#define HHH4_LEAP 3.0
double hhh4_change(struct hhh4_work *w, const double *step);
/* exp(eta) times the offset of one part of one unit, [t - t0]; 0 where the part is not there. */
void hhh4_factor(const struct hhh4_work *w, const double *theta, int part, size_t unit, size_t t0, size_t t1,
                 double *out);

/* --- weights (hhh4_links.c) --- */
size_t hhh4_weights_coefs(const struct hhh4_weights *w);
void hhh4_sources_new(struct arena *a, struct hhh4_work *w);
void hhh4_sources_norm(struct hhh4_work *w, const double *coef);
/* Weight of the e-th source of a target, first derivatives, second ones (lower half). */
void hhh4_source_weight(const struct hhh4_work *w, const double *coef, size_t e, double *weight, double *d,
                        double *dd);

/* --- the arrowhead (hhh4_arrow.c) --- */
struct hhh4_arrow {
    size_t n, k, l, q;
    double *own;   /* Cholesky factors of the units' blocks */
    double *cross; /* block^-1 border, l x k a unit */
    double *schur; /* Cholesky factor of what the shared ones keep */
    double log_det;
};
void hhh4_arrow_new(struct arena *a, const struct hhh4_work *w, struct hhh4_arrow *f);
/* Factor of information + penalty (q x q for every unit; NULL: none) + ridge times the diagonal. */
bool hhh4_arrow_factor(const struct hhh4_work *w, const double *penalty, double ridge, struct hhh4_arrow *f);
/* x: k + n l, becomes the solution. */
void hhh4_arrow_solve(const struct hhh4_arrow *f, double *x);
/* inverse (k x k) of the shared part; a unit's block of the inverse, l x l, from it. */
void hhh4_arrow_shared(const struct hhh4_arrow *f, double *inverse);
void hhh4_arrow_block(const struct hhh4_arrow *f, const double *shared_inverse, size_t unit, double *block);

/* --- climbing (hhh4_fit.c) --- */
/* -1/2 sum u' penalty u. */
double hhh4_penalty(const struct hhh4_work *w, const double *theta, const double *penalty);
enum stat_reason hhh4_climb(struct arena *a, struct hhh4_work *w, struct hhh4_arrow *f, const double *penalty,
                            double *theta, int *iterations);

/* --- variances (hhh4_random.c) --- */
struct hhh4_spread {
    size_t n;    /* parameters: q, or q (q + 1)/2 */
    double s[6]; /* logarithms of the Cholesky factor's diagonal, then what is below it */
    double sigma[9], inverse[9];
    double log_marginal, se[3];
    bool at_bound;
    int rounds;
};
void hhh4_spread_set(const struct hhh4_work *w, struct hhh4_spread *v);
enum stat_reason hhh4_climb_both(struct arena *a, struct hhh4_work *w, struct hhh4_arrow *f,
                                 struct hhh4_spread *v, double *theta, int *iterations);

#endif

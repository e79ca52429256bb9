/* protect.h - disclosure control of tables of counts: which cells may be shown.
 *
 * Primary rule: a count from 1 to threshold - 1 is hidden (a zero too, if so set). Secondary rule:
 * further cells are hidden until nobody who knows every shown cell and that rows and columns add up
 * can work out a hidden cell, nor squeeze it into fewer than min_width + 1 values. An attacker is modelled
 * by linear programming, exactly, cell by cell (Hundepool et al. 2012, "Statistical Disclosure
 * Control", ch. 4; Fischetti, Salazar 2001 Math. Programming 90:283). Cells to hide are picked by
 * the cheapest rectangle (after the hypercube method of Kelly, Golden, Assad 1992, Networks 22:397), whose
 * four corners can all move together by min_width: that alone proves the protection of a large table.
 * A pattern that did not pass is never returned as shown: more is hidden, in the end everything.
 *
 * Deterministic: ties go to the lower row and column. Nothing here decides what a threshold means
 * in law; it is a setting and is shown to the reader. */
#ifndef STAT_PROTECT_H
#define STAT_PROTECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct stat_run;
struct protected_count; /* base/fields.h */

enum { PROTECT_THRESHOLD = 10 };

struct protect_rules {
    int64_t threshold; /* 0: PROTECT_THRESHOLD */
    int64_t
        min_width; /* narrowest interval left to an attacker; 0: threshold - 1, what the rule tells anyway */
    bool hide_zeros;   /* a zero counts as small; false: zeros are shown unless needed to hide others */
    size_t lp_cells;   /* hidden cells up to which linear programming audits; 0: 400 */
    bool cheapest;     /* seek the pattern that costs least, exactly up to 1,000 cells (protect_suppress.h); up to
                        * 20,000 a good one, audited whatever lp_cells */
    size_t max_nodes;  /* of that search; 0: its usual */
    const struct stat_run *run; /* may stop it; the plain pattern stays then */
};

/* Why a cell is as it is. */
enum protect_cell {
    PROTECT_SHOWN,
    PROTECT_PRIMARY,   /* small */
    PROTECT_SECONDARY, /* hidden to hide another */
    PROTECT_ABSENT,    /* not published at all (input: an unpublished margin) */
};

/* The helper most pages need. Hides the small among n counts of which total_published says whether
 * readers also see their sum (then at least two are hidden, wide enough). False: the sum itself would
 * give a hidden count away and must not be shown; everything is hidden then. */
bool protect_counts(struct arena *a, const int64_t *values, size_t n, bool total_published,
                    int64_t threshold, struct protected_count *out);

/* The band a count lies in: 0-9, 10-19, ... for threshold 10. Bands of sums and of their parts, published at different times
 * beside exact totals, leave every small count at least as uncertain as "fewer than the threshold": use them where a
 * figure appears in several overlapping publications (quarters and years) that no single table can protect together. */
struct protect_band {
    int64_t low, high;
};
struct protect_band protect_band(int64_t count, int64_t threshold);

/* A two-way table with margins: values has (rows + 1) x (cols + 1) elements, row by row; the last
 * row and column are the totals. */
struct protect_table {
    size_t rows, cols;
    const int64_t *values;
    const uint8_t *absent; /* (rows + 1) x (cols + 1), 1: readers never see this cell; NULL: all seen */
    const uint8_t *fixed;  /* 1: published before, cannot be hidden any more; NULL: none */
};

struct protect_bounds {
    double low, high; /* what an attacker can say; high INFINITY: nothing */
};

struct protect_result {
    bool safe;                     /* false: fixed cells give a hidden one away; nothing may be shown */
    bool audited;                  /* by linear programming (else by the rectangles) */
    uint8_t *cell;                 /* enum protect_cell, (rows + 1) x (cols + 1) */
    size_t n_primary, n_secondary;
    double narrowest;              /* width of the tightest interval around a hidden cell */
    struct protect_bounds *bounds; /* what an attacker can say of each cell; NULL where not audited */
    bool optimal;                  /* no pattern costs less: count + 1 for each cell, ten tables more for each total */
    double cost, bound;            /* of the secondary cells; bound NAN: not sought */
};

/* ERR_INVALID-like input (totals that do not add up) gives safe = false and everything hidden. */
struct protect_result protect_table(struct arena *a, const struct protect_table *t,
                                    const struct protect_rules *rules);

/* A hierarchy (settlements in districts in a region): parent[i] < 0 is a top; every inner value is
 * the sum of its children. All values are readable unless hidden. cell[n] receives enum protect_cell.
 * False: no safe pattern but everything hidden (which cell then says). */
bool protect_tree(struct arena *a, const int64_t *values, const int32_t *parent, size_t n,
                  const struct protect_rules *rules, uint8_t *cell);

/* Differencing: sums over sets of the same units, published one after the other. members lists the
 * units of every set (ascending), set s from start[s] to start[s + 1]. Is there a set whose published
 * value, less that of a subset of it (or of a union of up to two disjoint subsets of it), is a
 * small count? *first and *second (NULL allowed) tell which pair; true: it must not be published. */
bool protect_differencing(struct arena *a, const int64_t *value, const size_t *start,
                          const uint32_t *members, size_t n_sets, int64_t threshold,
                          size_t *first, size_t *second);

/* The attacker: bounds of every hidden cell of a table given the pattern. bounds has as many
 * elements as the table; shown cells get their value twice. False: the solver failed. */
bool protect_audit(struct arena *a, const struct protect_table *t, const uint8_t *cell, double least,
                   struct protect_bounds *bounds);

#endif

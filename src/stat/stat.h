/* stat.h - what every statistical result says about itself: may it be shown, and if not, why.
 *
 * src/stat is pure: plain arrays in, structs out, memory from the caller's arena; no database, no
 * clock, no network, no hidden state. Same input and same seed: the same bits.
 * A refused result holds NaN in place of its figures, so that it cannot be printed by mistake. */
#ifndef STAT_STAT_H
#define STAT_STAT_H

enum stat_status {
    STAT_OK,      /* may be shown, always together with its interval */
    STAT_FLAG,    /* may be shown with a warning (reason says which) */
    STAT_REFUSED, /* must not be shown; figures are NaN */
};

enum stat_reason {
    STAT_REASON_NONE,
    STAT_REASON_EMPTY,           /* no observation with a positive weight */
    STAT_REASON_FEW_RESPONDENTS, /* fewer respondents than the setting */
    STAT_REASON_FEW_DF,          /* fewer design degrees of freedom than the setting */
    STAT_REASON_CV_HIGH,         /* coefficient of variation above the ceiling */
    STAT_REASON_CV_FLAG,         /* coefficient of variation in the band that needs a warning */
    STAT_REASON_SINGLE_PSU,      /* a stratum with one cluster, and the policy is to refuse */
    STAT_REASON_BAD_WEIGHT,      /* a weight is negative or not a number */
    STAT_REASON_BAD_FPC,         /* population smaller than the sample, or varying in a stratum */
    STAT_REASON_NOT_NESTED,      /* a cluster lies in two strata */
    STAT_REASON_NO_MARGIN,       /* a respondent belongs to no cell of a margin, or a cell is empty */
    STAT_REASON_NOT_CONVERGED,   /* an iteration did not settle */
    STAT_REASON_FEW_EVENTS,      /* too few events for any forecast */
    STAT_REASON_FEW_PERIODS,     /* too few periods for any forecast */
    STAT_REASON_NOT_BETTER,      /* the method did not beat the simplest baseline in the past */
    STAT_REASON_FEW_CLUSTERS,    /* a margin of the table has too few clusters for a test */
    STAT_REASON_SINGULAR,        /* the equations have no unique solution */
    STAT_REASON_INVALID,         /* arguments that do not make sense together */
    STAT_REASON_STOPPED,         /* the caller stopped a long computation */
    STAT_REASON_NOT_PROTECTED,   /* what must be shown gives a hidden cell away */
    STAT_REASON_INFEASIBLE,      /* no solution meets all conditions */
    STAT_REASON_AT_BOUND,        /* an estimate ran to the end of what is allowed */
    STAT_REASON_NOT_DISTINGUISHED, /* the figures do not tell the places apart */
    STAT_REASON_NOT_TWO_CLUSTERS, /* balanced half samples of strata with more or fewer than two clusters */
    STAT_REASON_MODEL,           /* a small area whose figure is the model's rather than its own */
    STAT_REASON_COUNT
};

/* A stable short name ("few_respondents") for JSON and logs. */
const char *stat_reason_code(enum stat_reason r);

/* One English sentence for the reader; a message id for translation. */
const char *stat_reason_text(enum stat_reason r);

#endif

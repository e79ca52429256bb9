/* stat.c - the names and sentences of the reasons. */
#include "stat/stat.h"

#include <stddef.h>

/* Marks a sentence for the translators; the caller translates. */
#define N_(s) s

static const struct {
    const char *code, *text;
} reasons[STAT_REASON_COUNT] = {
    [STAT_REASON_NONE] = {"none", ""},
    [STAT_REASON_EMPTY] = {"empty", N_("There are no answers here.")},
    [STAT_REASON_FEW_RESPONDENTS] = {"few_respondents", N_("Too few respondents for a figure.")},
    [STAT_REASON_FEW_DF] = {"few_df", N_("The sample was drawn in too few places for a figure.")},
    [STAT_REASON_CV_HIGH] = {"cv_high", N_("The figure is too uncertain to be shown.")},
    [STAT_REASON_CV_FLAG] = {"cv_flag", N_("The figure is uncertain: use it with care.")},
    [STAT_REASON_SINGLE_PSU] = {"single_psu", N_("A stratum has only one cluster.")},
    [STAT_REASON_BAD_WEIGHT] = {"bad_weight", N_("A weight is negative or not a number.")},
    [STAT_REASON_BAD_FPC] = {"bad_fpc",
                             N_("A population size is smaller than its sample or not the same "
                                "within a stratum.")},
    [STAT_REASON_NOT_NESTED] = {"not_nested", N_("A cluster lies in two strata.")},
    [STAT_REASON_NO_MARGIN] = {"no_margin",
                               N_("A cell of a population margin has no respondents, or a "
                                  "respondent has no cell.")},
    [STAT_REASON_NOT_CONVERGED] = {"not_converged", N_("The computation did not settle.")},
    [STAT_REASON_FEW_EVENTS] = {"few_events", N_("Too few events to say anything.")},
    [STAT_REASON_FEW_PERIODS] = {"few_periods", N_("Too few periods to say anything.")},
    [STAT_REASON_NOT_BETTER] = {"not_better",
                                N_("In past periods the forecast was not better than the "
                                   "simplest rule.")},
    [STAT_REASON_FEW_CLUSTERS] = {"few_clusters",
                                  N_("A row or column of the table comes from too few clusters "
                                     "for a test.")},
    [STAT_REASON_SINGULAR] = {"singular", N_("The equations have no unique solution.")},
    [STAT_REASON_INVALID] = {"invalid", N_("The input does not make sense.")},
    [STAT_REASON_STOPPED] = {"stopped", N_("The computation was stopped.")},
    [STAT_REASON_NOT_PROTECTED] = {"not_protected",
                                   N_("What has to be shown gives a hidden figure away.")},
    [STAT_REASON_INFEASIBLE] = {"infeasible", N_("No solution meets all conditions.")},
    [STAT_REASON_AT_BOUND] = {"at_bound", N_("An estimate stands at the end of its range.")},
    [STAT_REASON_NOT_DISTINGUISHED] = {"not_distinguished",
                                       N_("The figures do not tell the places apart: take them in turn.")},
    [STAT_REASON_NOT_TWO_CLUSTERS] = {"not_two_clusters",
                                      N_("Balanced half samples need two clusters in every stratum.")},
    [STAT_REASON_MODEL] = {"model", N_("The area has little data of its own: the figure is mostly the model's.")},
};

const char *stat_reason_code(enum stat_reason r)
{
    return (unsigned)r < STAT_REASON_COUNT ? reasons[r].code : "unknown";
}

const char *stat_reason_text(enum stat_reason r)
{
    return (unsigned)r < STAT_REASON_COUNT ? reasons[r].text : "";
}

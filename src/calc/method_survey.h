/* method_survey.h - what the survey methods share: the options of a sample and of rules, and how estimates are written. */
#ifndef CALC_METHOD_SURVEY_H
#define CALC_METHOD_SURVEY_H

#include "calc/method.h"
#include "stat/survey.h"
#include "stat/survey_replicate.h"
#include "stat/survey_trim.h"

#include <math.h>

extern const struct calc_field survey_stage_fields[], survey_trim_fields[], survey_calibration_fields[],
    survey_rules_fields[], survey_domain_fields[], survey_replicate_fields[];

#define SURVEY_INTERVALS "auto|t|logit|beta|wilson|arcsine|likelihood|normal|likelihood_exact"
#define SURVEY_SINGLE "fail|adjust|average|certainty|remove"

/* The sample itself, as first fields of a method. */
#define SURVEY_DESIGN_FIELDS                                                                                               \
    {"strata", CALC_CODES, "Strata of the first stage", .required = false},                                                \
    {"cluster", CALC_CODES, "Clusters of the first stage (PSU); absent: every row is one", .required = false},             \
    {"fpc", CALC_COLUMN, "Clusters in the population of the row's stratum, or (all at most 1) the share sampled",          \
     .min = 0, .max = INFINITY, .open = true},                                                                             \
    {"stages", CALC_OBJECTS, "The stages after the first", .fields = survey_stage_fields, .most = SURVEY_MAX_STAGES - 1},  \
    {"weight", CALC_COLUMN, "Design weights; absent: from fpc, else 1", .min = 0, .max = INFINITY},                        \
    {"nest", CALC_BOOL, "The same cluster codes may mean other clusters in another stratum", .fallback = "false"},         \
    {"single", CALC_CHOICE, "A stratum with one cluster: refuse; count from the centre of all; as the mean of the "        \
     "others; as sampled for certain; leave out", .fallback = "\"fail\"", .choices = SURVEY_SINGLE},                       \
    {"trim", CALC_OBJECT, "Cut extreme weights first", .fields = survey_trim_fields},                                      \
    {"calibrate", CALC_OBJECTS, "Then calibrate, one after the other", .fields = survey_calibration_fields}

#define SURVEY_DOMAIN_FIELD \
    {"domain", CALC_OBJECT, "Only these rows; the others stay in the design", .fields = survey_domain_fields}
#define SURVEY_LEVEL_FIELD \
    {"level", CALC_NUM, "Level of the intervals", .fallback = "0.95", .min = 0, .max = 1, .open = true}
#define SURVEY_RULES_FIELD \
    {"rules", CALC_OBJECT, "When a figure is refused or flagged; absent: never", .fields = survey_rules_fields}
#define SURVEY_REPLICATES_FIELD \
    {"replicates", CALC_OBJECT, "Errors from replicates in place of linearisation", .fields = survey_replicate_fields}

/* The design that the options describe, trimmed and calibrated. OK; CALC_WRONG or what calc_refuse_all() gives. *told
 * (NULL allowed): what trimming did. *out is NULL where refused. */
int survey_read_design(struct calc *c, const struct calc_values *o, struct survey_design **out,
                       struct survey_trimmed *told);

/* What survey_design_new() says of a row, as a fault of the option it comes from. */
int survey_bad_design(struct calc *c, const struct calc_values *o, enum stat_reason why, size_t row);

struct survey_rules survey_read_rules(const struct calc_values *o); /* level, interval (if a field), rules */

/* NULL: everybody. */
int survey_read_domain(struct calc *c, const struct calc_values *o, size_t n, bool **out);

/* NULL: none asked for. */
int survey_read_replicates(struct calc *c, const struct calc_values *o, const struct survey_design *d,
                           struct survey_replicates **out);

/* The cells of one estimate, in the table's current row. */
void survey_put_estimate(struct calc_table *t, const struct survey_estimate *e);

/* The rows of a group: domain and group == g. */
bool *survey_group_domain(struct calc *c, const bool *domain, const int32_t *group, int32_t g, size_t n);

extern const struct calc_field survey_fields_design[], survey_fields_total[], survey_fields_mean[],
    survey_fields_proportion[], survey_fields_ratio[], survey_fields_quantile[], survey_fields_variance[],
    survey_fields_covariance[], survey_fields_shares[], survey_fields_table[], survey_fields_test[],
    survey_fields_mixture[], survey_fields_interval[], survey_fields_regression[], survey_fields_weights[],
    survey_fields_replicates[], survey_fields_hadamard[], survey_fields_change[], survey_fields_size[],
    survey_fields_power[], survey_fields_clusters[], survey_fields_allocation[];
extern const struct calc_source survey_sources_change[], survey_sources_regression[], survey_sources_none[];

int survey_run_design(struct calc *c, const struct calc_values *o);
int survey_run_total(struct calc *c, const struct calc_values *o);
int survey_run_mean(struct calc *c, const struct calc_values *o);
int survey_run_proportion(struct calc *c, const struct calc_values *o);
int survey_run_ratio(struct calc *c, const struct calc_values *o);
int survey_run_quantile(struct calc *c, const struct calc_values *o);
int survey_run_variance(struct calc *c, const struct calc_values *o);
int survey_run_covariance(struct calc *c, const struct calc_values *o);
int survey_run_shares(struct calc *c, const struct calc_values *o);
int survey_run_table(struct calc *c, const struct calc_values *o);
int survey_run_test(struct calc *c, const struct calc_values *o);
int survey_run_mixture(struct calc *c, const struct calc_values *o);
int survey_run_interval(struct calc *c, const struct calc_values *o);
int survey_run_regression(struct calc *c, const struct calc_values *o);
int survey_run_weights(struct calc *c, const struct calc_values *o);
int survey_run_replicates(struct calc *c, const struct calc_values *o);
int survey_run_hadamard(struct calc *c, const struct calc_values *o);
int survey_run_change(struct calc *c, const struct calc_values *o);
int survey_run_size(struct calc *c, const struct calc_values *o);
int survey_run_power(struct calc *c, const struct calc_values *o);
int survey_run_clusters(struct calc *c, const struct calc_values *o);
int survey_run_allocation(struct calc *c, const struct calc_values *o);

#endif

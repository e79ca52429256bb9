# needs: survey
# The same as case_survey_test.c by R's survey.
source("bench/stat/bench.R")
suppressPackageStartupMessages(library(survey))
people <- bench$read("people")
people$group <- factor(people$group)
design <- svydesign(ids = ~cluster, strata = ~stratum, weights = ~weight, data = people)
test <- bench$work("Rao-Scott 8 x 3", svychisq(~group + answer, design, statistic = "F"))
bench$values("test", c(test$statistic, test$parameter, test$p.value))
fit <- bench$work("logistic regression", svyglm(yes ~ x + group, design, family = quasibinomial))
bench$values("coefficients", coef(fit))
bench$values("their errors", SE(fit))
bench$done()

# needs: survey
# The same as case_survey_rake.c by R's survey; an epsilon below 1 is relative to the sum of the weights there.
source("bench/stat/bench.R")
suppressPackageStartupMessages(library(survey))
people <- bench$read("people")
totals <- lapply(c("district", "age", "group", "kind"), bench$read)
design <- svydesign(ids = ~cluster, strata = ~stratum, weights = ~weight, data = people)
raked <- bench$work("raking to 4 margins", rake(design, list(~district, ~age, ~group, ~kind), totals,
                                                control = list(maxit = 100, epsilon = 1e-10)))
mean <- bench$work("mean with its error", svymean(~y, raked))
bench$values("weights", weights(raked)[1:1000])
bench$values("mean", coef(mean))
bench$values("standard error", SE(mean))
bench$done()

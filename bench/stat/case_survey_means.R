# needs: survey
# The same as case_survey_means.c by R's survey.
source("bench/stat/bench.R")
suppressPackageStartupMessages(library(survey))
people <- bench$read("people")
design <- bench$work("design", svydesign(ids = ~cluster, strata = ~stratum, weights = ~weight, data = people))
means <- bench$work("means of 200 districts", svyby(~y, ~district, design, svymean))
bench$values("mean", coef(means))
bench$values("standard error", SE(means))
bench$done()

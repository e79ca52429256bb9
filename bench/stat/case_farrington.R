# needs: surveillance
# The same as case_farrington.c by R's surveillance.
source("bench/stat/bench.R")
suppressPackageStartupMessages(library(surveillance))
weeks <- 5 * 52 + 3 + 1
counts <- matrix(bench$read("weeks")$y, nrow = weeks)
series <- sts(observed = counts, start = c(2020, 1), frequency = 52)
control <- list(range = weeks, b = 5, w = 3, noPeriods = 10, weightsThreshold = 2.58, pastWeeksNotIncluded = 26,
                pThresholdTrend = 1, thresholdMethod = "nbPlugin", alpha = 0.01, trend = TRUE, limit54 = c(0, 4),
                glmWarnings = FALSE)
result <- bench$work("verdicts", suppressWarnings(farringtonFlexible(series, control)))
bench$values("threshold", upperbound(result))
bench$values("mean", result@control$expected)
bench$values("overdispersion", result@control$phiVector)
bench$done()

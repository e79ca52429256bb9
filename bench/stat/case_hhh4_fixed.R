# needs: surveillance
# The same as case_hhh4_fixed.c by R's surveillance.
source("bench/stat/bench.R")
suppressPackageStartupMessages(library(surveillance))
counts <- bench$read("counts")
pairs <- bench$read("pairs")
units <- max(counts$unit)
y <- matrix(counts$y, ncol = units)
share <- matrix(counts$share, ncol = units)
near <- matrix(0, units, units)
near[cbind(pairs$from, pairs$to)] <- 1
fit <- bench$work("fit", hhh4(sts(y, start = c(2000, 1), frequency = 52), list(
    ar = list(f = ~ 1), ne = list(f = ~ 1, weights = near / rowSums(near)),
    end = list(f = addSeason2formula(~ 1, period = 52), offset = share),
    family = "NegBin1")))
stopifnot(fit$convergence)
bench$values("log-likelihood", fit$loglikelihood)
bench$values("coefficients", fixef(fit))
bench$done()

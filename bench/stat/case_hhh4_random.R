# needs: surveillance
# The same as case_hhh4_random.c by R's surveillance.
source("bench/stat/bench.R")
suppressPackageStartupMessages(library(surveillance))
counts <- bench$read("counts")
pairs <- bench$read("pairs")
units <- max(counts$unit)
y <- matrix(counts$y, ncol = units)
share <- matrix(counts$share, ncol = units)
near <- matrix(0, units, units)
near[cbind(pairs$from, pairs$to)] <- 1
set.seed(1) # R draws where random intercepts start
fit <- bench$work("fit", hhh4(sts(y, start = c(2000, 1), frequency = 52), list(
    ar = list(f = ~ -1 + ri()), ne = list(f = ~ -1 + ri(), weights = near / rowSums(near)),
    end = list(f = addSeason2formula(~ -1 + ri(), period = 52), offset = share),
    family = "NegBin1")))
stopifnot(fit$convergence)
bench$values("log-likelihood", fit$loglikelihood)
bench$values("coefficients", fixef(fit)[c("ar.ri(iid)", "ne.ri(iid)", "end.ri(iid)", "end.sin(2 * pi * t/52)",
                                            "end.cos(2 * pi * t/52)", "overdisp")])
bench$values("variances", diag(fit$Sigma))
bench$done()

# needs: surveillance
# The same as case_scores.c by R's surveillance.
source("bench/stat/bench.R")
suppressPackageStartupMessages(library(surveillance))
f <- bench$read("forecasts")
s <- bench$work("scores", scores(f$y, f$mean, f$size))
some <- seq_len(min(nrow(f), 20000))
bench$values("log score", s[some, "logs"])
bench$values("RPS", s[some, "rps"])
bench$values("Dawid-Sebastiani", s[some, "dss"])
bench$values("squared error", s[some, "ses"])
bench$done()

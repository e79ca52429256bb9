# The same as case_scan.c in R itself, by whole matrices (no package of Debian has this scan).
source("bench/stat/bench.R")
places <- bench$read("places")
n <- nrow(places)
counts <- matrix(bench$read("counts")$cases, nrow = n, byrow = TRUE)
weeks <- ncol(counts); nearest <- 50; length <- 8; replicates <- floor(999 * n / 6300)

# Cases of the last 1 .. length weeks of each place.
recent <- function(x) {
    x <- x[, weeks:(weeks - length + 1)]
    for (l in 2:length) x[, l] <- x[, l] + x[, l - 1]
    x
}
# The largest ratio of every centre.
scan <- function(cases, expected, near, total, logs) {
    best <- matrix(0, n, length)
    inside <- matrix(0, n, length)
    for (k in seq_len(nearest)) {
        inside <- inside + cases[near[, k], ]
        e <- expected[[k]]
        llr <- inside * (log(pmax(inside, 1)) - logs[[k]]) +
            (total - inside) * log1p((e - inside) / (total - e))
        llr[inside <= e] <- 0
        best <- pmax(best, llr)
    }
    do.call(pmax, as.data.frame(best))
}
result <- bench$work("scan with replicates", {
    near <- t(vapply(seq_len(n), function(i) {
        d <- (places$x - places$x[i])^2 + (places$y - places$y[i])^2
        order(d)[seq_len(nearest)]
    }, integer(nearest)))
    total <- sum(counts)
    p <- rep(places$population / sum(places$population) / weeks, weeks)
    one <- recent(matrix(total * p, n))
    expected <- vector("list", nearest)
    e <- matrix(0, n, length)
    for (k in seq_len(nearest)) expected[[k]] <- e <- e + one[near[, k], ]
    logs <- lapply(expected, log)
    by_centre <- scan(recent(counts), expected, near, total, logs)
    set.seed(1)
    largest <- vapply(seq_len(replicates), function(r)
        max(scan(recent(matrix(rmultinom(1, total, p), n)), expected, near, total, logs)), 0)
    list(by_centre = by_centre, mean = mean(largest))
})
bench$values("largest ratio of each centre", result$by_centre)
bench$values("mean of the replicates' largest", result$mean)
bench$done()

# needs: spdep
# The same as case_lisa.c by R's spdep.
source("bench/stat/bench.R")
suppressPackageStartupMessages(library(spdep))
places <- bench$read("places")
links <- bench$read("links")
neighbours <- split(links$to + 1L, factor(links$from, levels = places$place))
neighbours <- lapply(neighbours, sort)
names(neighbours) <- NULL
class(neighbours) <- "nb"
attr(neighbours, "region.id") <- as.character(places$place)
weights <- nb2listw(neighbours, style = "W")
set.seed(1)
local <- bench$work("local Moran's I", localmoran(places$value, weights))
bench$values("I", local[, "Ii"])
bench$values("z given the place's value", local[, "Z.Ii"])
drawn <- bench$work("with 999 conditional permutations", localmoran_perm(places$value, weights, nsim = 999))
p <- pmin(2 * drawn[, "Pr(folded) Sim"], 1)
bench$values("mean p of permutation", mean(p))
bench$values("share of places with p up to 0.1", mean(p <= 0.1))
global <- bench$work("Moran's I with 999 permutations", {
    moran.mc(places$value, weights, nsim = 999)
    moran.test(places$value, weights)
})
bench$values("Moran's I", global$estimate[[1]])
bench$values("its variance", global$estimate[[3]])
bench$done()

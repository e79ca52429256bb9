# bench.R - what the R side of every case of `make bench-stat` shares; sourced with the arguments
# FOLDER RESULT. The counterpart of bench.h: the same names of work and of results.
bench <- local({
    arguments <- commandArgs(trailingOnly = TRUE)
    folder <- arguments[1]
    out <- file(arguments[2], "w")
    list(
        # A CSV file of the generator.
        read = function(name) read.csv(file.path(folder, paste0(name, ".csv"))),
        # Runs one piece of work by the clock and gives its value.
        work = function(name, expression) {
            gc()
            before <- proc.time()
            value <- force(expression)
            took <- proc.time() - before
            cat(sprintf("work\t%s\t%.6f\t%.6f\n", name, took[["user.self"]] + took[["sys.self"]],
                        took[["elapsed"]]), file = out)
            value
        },
        # Results to be compared.
        values = function(name, x) {
            x <- as.numeric(x)
            text <- ifelse(is.nan(x) | is.na(x), "nan", sprintf("%.17g", x))
            cat(paste(c("values", name, "0", length(x), text), collapse = "\t"), "\n", sep = "", file = out)
        },
        done = function() {
            status <- readLines("/proc/self/status")
            cat("peak\t", gsub("[^0-9]", "", grep("^VmHWM", status, value = TRUE)), "\n", sep = "", file = out)
            close(out)
        }
    )
})

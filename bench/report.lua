-- For wrk: one line of figures. A status other than 200 counts as a failure.
done = function(summary, latency)
    io.write(string.format("FIGURES %.0f %.2f %.2f %d\n", summary.requests / (summary.duration / 1e6),
        latency:percentile(50) / 1000, latency:percentile(99) / 1000, summary.errors.status))
end

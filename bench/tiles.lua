-- For wrk: other tiles with every request, so that few are asked twice (uncached) or the same few (TILES=cached).
local cached = os.getenv("TILES") == "cached"
local layer = os.getenv("LAYER") or "units"
local query = os.getenv("QUERY") or ""
local n = 0
request = function()
    n = n + 1
    local k = cached and n % 16 or n
    local z = cached and 7 or 14
    local x = cached and 87 + k % 4 or 11220 + k % 512
    local y = cached and 46 + math.floor(k / 4) % 4 or 5930 + math.floor(k / 512) % 512
    return wrk.format("GET", string.format("/tiles/%s/%d/%d/%d%s", layer, z, x, y, query))
end
done = function(summary, latency)
    io.write(string.format("FIGURES %.0f %.2f %.2f %d\n", summary.requests / (summary.duration / 1e6),
        latency:percentile(50) / 1000, latency:percentile(99) / 1000, summary.errors.status))
end

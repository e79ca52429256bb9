#!/bin/sh
# Every fuzz target reads its corpus and seeded mutations of it, with the sanitizers. More: FUZZ_RUNS=100000.
cd "$(dirname "$0")/.." || exit 1
runs=${FUZZ_RUNS:-3000} n=0 failed=0
log=$(mktemp)
trap 'rm -f "$log"' EXIT
for source in $(find src tools -name 'fuzz_*.c' | sort); do
    name=$(basename "$source" .c)
    corpus=tests/corpus/${name#fuzz_}
    n=$((n + 1))
    if [ ! -d "$corpus" ]; then
        echo "not ok $n - $name has a corpus in $corpus"; failed=1
    elif timeout 600 "build/asan/fuzz/$name" "$corpus" -runs="$runs" >"$log" 2>&1; then
        echo "ok $n - $name: $(find "$corpus" -type f | wc -l) inputs and $runs mutations without a fault"
    else
        echo "not ok $n - $name reads its corpus and $runs mutations without a fault"; failed=1
        tail -40 "$log" | sed 's/^/# /'
    fi
done
[ $n -gt 0 ] || { echo "not ok 1 - there are fuzz targets"; n=1 failed=1; }
echo "1..$n"
exit $failed

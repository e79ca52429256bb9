#!/bin/sh
# `shanyraq stat` as somebody at a terminal uses it: exit statuses, one line a fault, files written whole or not at all,
# progress, Ctrl-C. What documents may hold is the matter of src/calc/test_frame.c.
. "$(dirname "$0")/lib.sh"
cd "$top" || exit 2
examples=docs/examples/stat

wants 0 '"lower": 0.6186721228956016' "a document is answered" stat $examples/count.interval.json
wants 0 '^Beket,3,0.6186721228956016' "its table as CSV" stat --csv $examples/count.interval.json
"$program" stat - <$examples/space.fdr.json >"$work/out" 2>"$work/err"
[ $? = 2 ] && grep -q 'values_of_p.csv' "$work/err"
ok $? "a document from standard input looks for its files in the current folder"
wants 0 'survey.mean' "--list names the methods" stat --list
wants 0 '"method":"survey.mean"' "as JSON, too" stat --list --json
wants 0 '"const":"survey.mean"' "--schema describes one" stat --schema survey.mean
wants 2 'survey.mea' "an unknown method of --schema is named" stat --schema survey.mea
wants 2 'document' "no document: one line, status 2" stat
wants 2 '\-\-fly' "an unknown option: one line, status 2" stat --fly $examples/count.interval.json
wants 2 'nowhere.json' "a document that is not there" stat nowhere.json
wants 0 'usage: shanyraq stat' "--help explains it" stat --help

cat >"$work/faults.json" <<'EOT'
{"method": "count.interval", "data": "faults.csv", "options": {"y": "y", "level": 95, "nix": true}}
EOT
printf 'y\n3\n-1\nmany\n' >"$work/faults.csv"
"$program" stat "$work/faults.json" --out "$work/answer.json" >"$work/out" 2>"$work/err"
status=$?
[ $status = 2 ] && [ "$(wc -l <"$work/err")" = 4 ] && grep -q 'options.nix' "$work/err" && grep -q 'options.level' "$work/err" &&
    grep -q 'faults.csv, line 3, column "y": -1' "$work/err" && grep -q 'faults.csv, line 4, column "y": "many"' "$work/err"
ok $? "every fault has its line: the option's path, or file, line and column"
[ ! -e "$work/answer.json" ]
ok $? "and no answer is written"
"$program" --lang kk stat "$work/faults.json" 2>"$work/err"
grep -q '4-жол' "$work/err"
ok $? "in the user's language"

"$program" stat $examples/count.interval.json --out "$work/answer.json" && cmp -s "$work/answer.json" $examples/count.interval.answer.json
ok $? "--out writes the same bytes"
"$program" stat $examples/count.interval.json --out "$work/none/answer.json" >"$work/out" 2>"$work/err"
[ $? = 1 ] && [ "$(wc -l <"$work/err")" = 1 ]
ok $? "a file that cannot be written: one line, status 1"
if [ -w /dev/full ]; then
    "$program" stat $examples/count.interval.json >/dev/full 2>"$work/err"
    [ $? = 1 ] && [ "$(wc -l <"$work/err")" = 1 ]
    ok $? "standard output that is full: one line, status 1"
else
    skip "standard output that is full" "there is no /dev/full"
fi

"$program" stat $examples/survey.regression.json 2>"$work/err" | head -n 1 >"$work/out"
[ ! -s "$work/err" ] && [ "$(cat "$work/out")" = "{" ]
ok $? "a reader who stops early is no fault"

# Long work: ten million permutations.
sed "s,\"permutations\": 999,\"permutations\": 10000000,; s,places.csv,$top/$examples/places.csv,; s,area_neighbours.csv,$top/$examples/area_neighbours.csv," \
    $examples/space.moran.json >"$work/long.json"
grep -q 10000000 "$work/long.json"
ok $? "there is long work to stop"
for signal in INT TERM; do
    "$program" stat "$work/long.json" --out "$work/long.answer.json" >"$work/out" 2>"$work/err" &
    job=$!
    sleep 1
    kill -$signal $job 2>/dev/null
    begin=$(date +%s%N)
    wait $job
    status=$?
    milliseconds=$((($(date +%s%N) - begin) / 1000000))
    [ $status = 130 ] && [ "$(wc -l <"$work/err")" = 1 ] && grep -q 'Stopped; nothing was written' "$work/err" && [ $milliseconds -lt 1000 ]
    ok $? "SIG$signal stops it at once: status 130, one line"
    [ ! -e "$work/long.answer.json" ] && [ -z "$(find "$work" -name '*long.answer*')" ]
    ok $? "and leaves nothing behind"
done
if command -v script >/dev/null; then
    timeout 2 script -qec "$program stat $work/long.json" /dev/null >"$work/out" 2>/dev/null
    grep -q '[0-9] %' "$work/out"
    ok $? "on a terminal it tells how far it is"
else
    skip "on a terminal it tells how far it is" "there is no script(1)"
fi
finish

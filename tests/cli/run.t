#!/bin/sh
# ./run, the one command of a newcomer: serves the demonstration and prints its address and accounts; a second start is
# quick and keeps what was changed.
. "$(dirname "$0")/lib.sh"
cd "$top" || exit 2

# runs OPTIONS...: starts ./run in the background and waits for its address; $seconds it took.
runs() {
    begin=$(date +%s%N)
    env SHANYRAQ_LANG=en ./run "$@" >"$work/out" 2>"$work/err" &
    server=$!
    url=
    for _ in $(seq 1200); do
        url=$(sed -n 's/.*\(http:[^ ]*\).*/\1/p' "$work/out")
        [ -z "$url" ] || break
        kill -0 $server 2>/dev/null || break
        sleep 0.05
    done
    milliseconds=$((($(date +%s%N) - begin) / 1000000))
    [ -n "$url" ]
}

runs --listen 127.0.0.1:0 --data "$work/data"
ok $? "./run prints its address"
grep -q "Shanyraq-2025" "$work/out" && [ "$(grep -c '^  [a-z]* ' "$work/out")" -ge 12 ]
ok $? "and the accounts of the demonstration with their password"
[ "$(curl -s -m 20 -o /dev/null -w '%{http_code}' "$url/signin")" = 200 ]
ok $? "the sign-in page is served there"
stop
ok $? "it stops as a service does"
sqlite3 "$work/data/shanyraq.db" "UPDATE account SET name = 'kept' WHERE login = 'head'"

best=999999
for _ in 1 2 3; do
    runs --listen 127.0.0.1:0 --data "$work/data" || break
    stop
    [ $milliseconds -ge $best ] || best=$milliseconds
done
[ $best -lt 3000 ]
ok $? "a second start takes less than 3 seconds"
echo "# $best ms"
[ "$(sqlite3 "$work/data/shanyraq.db" "SELECT name FROM account WHERE login = 'head'")" = kept ]
ok $? "and keeps the data"

./run --port 1 >"$work/out" 2>"$work/err"
[ $? = 2 ] && [ "$(wc -l <"$work/err")" = 1 ]
ok $? "a wrong option is one line and status 2"
./run --data >"$work/out" 2>"$work/err"
[ $? = 2 ] && [ "$(wc -l <"$work/err")" = 1 ]
ok $? "so is a missing value"
./setup extra >"$work/out" 2>"$work/err"
[ $? = 2 ] && [ "$(wc -l <"$work/err")" = 1 ]
ok $? "setup refuses what it does not know"
finish

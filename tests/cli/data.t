#!/bin/sh
# The life of a data folder: made, filled, served, copied, restored; and what may be wrong with it: a newer version, a
# full disk, a broken file, a second server, a quarter that is not over. Wrong: a sentence, status 1, nothing half-done.
. "$(dirname "$0")/lib.sh"
data=$work/data
sql() { sqlite3 -batch "$data/shanyraq.db" "$1"; }

wants 0 "ready" "init makes the data folder" init --data "$data"
[ "$(stat -c %a "$data")" = 700 ] && [ "$(stat -c %a "$data/shanyraq.db")" = 600 ]
ok $? "nobody but its owner can read it"
wants 0 "administrator" "demo loads the demonstration and prints its accounts" demo --data "$data"
for role in head clerk mediator branch researcher interviewer press member akimat prosecutor secretariat; do
    grep -q "^  $role " "$work/out" || echo "$role is missing" >>"$work/err"
done
[ ! -s "$work/err" ]
ok $? "one account for each role"
sql "SELECT count(*) FROM territory" >"$work/places"
wants 0 "loaded already" "demo may be repeated" demo --data "$data"
sql "SELECT count(*) FROM territory" | cmp -s - "$work/places"
ok $? "and adds nothing then"
wants 0 "unbroken" "doctor finds it sound" doctor --data "$data"

# --- a database of data of its own
wants 0 "ready" "another folder" init --data "$work/own"
wants 0 "Password" "with an account of its own" user add ayan --name Ayan --role administrator --data "$work/own"
wants 1 "empty" "is not mixed with the demonstration" demo --data "$work/own"
wants 0 "" "demo --if-empty leaves it as it is" demo --if-empty --data "$work/own"
"$program" user list --data "$work/own" >"$work/out" 2>&1
[ "$(grep -c . "$work/out")" = 1 ]
ok $? "with its one account"

# --- served
start "$data"
ok $? "serve begins and prints its address"
[ "$(curl -s -m 20 -o /dev/null -w '%{http_code}' "$url/healthz")" = 200 ]
ok $? "and answers"
curl -s -m 20 "$url/signin?lang=en" -L -H 'Accept-Language: en' >"$work/out"
grep -q 'data-today="2025-10-06"' "$work/out" && grep -q "Its today is 06.10.2025" "$work/out"
ok $? "the demonstration stands on its own day, and says so"
wants 1 "in use" "a second server of the folder is refused" serve --data "$data" --listen 127.0.0.1:0
wants 1 "" "two servers cannot have one port" serve --data "$work/own" --listen "${url#http://}"
wants 0 "BLAKE2b" "a backup is made while it serves" backup --data "$data" --out "$work/copy.db"
wants 1 "in use" "a restore is refused while it serves" restore "$work/copy.db" --data "$data"
stop
ok $? "SIGTERM ends the server in order"

# --- restored
sql "UPDATE account SET name = 'changed' WHERE login = 'head'"
wants 0 "restored" "restore puts the copy back" restore "$work/copy.db" --data "$data"
[ "$(sql "SELECT count(*) FROM account WHERE name = 'changed'")" = 0 ]
ok $? "with what stood there then"
head -c 100000 "$work/copy.db" >"$work/half.db"
wants 1 "" "a copy that was cut in half is refused" restore "$work/half.db" --data "$data"
wants 1 "not a database" "and a file that is none" restore "$0" --data "$data"
wants 1 "" "and one that is not there" restore "$work/none.db" --data "$data"
wants 0 "unbroken" "the database is as it was" doctor --data "$data"

# --- the calendar of a demonstration goes on from the day when it was loaded; that of one's own data is the machine's
cp -R "$data" "$work/later"
sqlite3 "$work/later/shanyraq.db" "UPDATE demo_part SET loaded_us = loaded_us - 10 * 86400000000 WHERE name = 'clock'"
for which in later own; do
    start "$work/$which"
    curl -s -m 20 "$url/signin" >"$work/out.$which"
    stop
done
grep -q 'data-today="2025-10-16"' "$work/out.later"
ok $? "ten days after its loading the demonstration's today is ten days later"
grep -q "data-today=\"$(TZ=Asia/Almaty date +%F)\"" "$work/out.own" && ! grep -q demo-band "$work/out.own"
ok $? "other data has the machine's"
wants 0 "clock says $(date +%d.%m.%Y)|clock says $(TZ=Asia/Almaty date +%d.%m.%Y)" "doctor looks at the machine's clock" doctor --data "$data"

# --- what is exported can be imported again, from either kind of file
for kind in csv xlsx; do
    for what in "" --composition; do
        # shellcheck disable=SC2086
        "$program" export figures "$work/figures.$kind" $what --data "$data" >"$work/out" 2>"$work/err"
        rows=$(sed -n 's/.*: \([0-9]*\) figures.*/\1/p' "$work/out")
        wants 0 "^${rows:-none} rows are good, 0 are wrong" "import figures reads what export figures $what wrote as $kind" \
            import figures "$work/figures.$kind" --check --data "$data"
    done
done
wants 0 "" "places are exported" export territories "$work/places.xlsx" --data "$data"

# --- a quarter that is not over, and one that is none
wants 1 "over|begun|ended|not yet|end" "a quarter that is not over cannot be closed" quarter close 2099-Q4 --data "$data"
wants 2 "2025-Q5" "a quarter that does not exist is named" quarter close 2025-Q5 --data "$data"

# --- a newer version
cp -R "$data" "$work/newer"
sqlite3 "$work/newer/shanyraq.db" "INSERT INTO schema_version (version, name, checksum, applied_us) VALUES (9999, 'later', 'x', 1)"
cp "$work/newer/shanyraq.db" "$work/newer.before"
for command in "migrate" "init" "demo" "serve --listen 127.0.0.1:0" "quarter list" "user list"; do
    # shellcheck disable=SC2086
    wants 1 "newer" "$command refuses a database of a newer version" $command --data "$work/newer"
done
cmp -s "$work/newer/shanyraq.db" "$work/newer.before"
ok $? "and changes nothing in it"

# --- a full disk: no file may grow over 6 MB (in blocks of 512 bytes), writing fails as on a full disk
room='trap "" XFSZ; ulimit -f 12288; exec "$0" "$@"'
sh -c "$room" "$program" init --data "$work/full" >"$work/out" 2>&1
sh -c "$room" "$program" demo --data "$work/full" >"$work/out" 2>"$work/err"
[ $? = 1 ] && [ "$(wc -l <"$work/err")" = 1 ] && grep -qi "full\|space\|room\|disk\|large" "$work/err"
ok $? "a full disk is told in one line, status 1"
wants 0 "unbroken" "the database is sound after it" doctor --data "$work/full"
wants 0 "loaded" "with room again the demonstration is completed" demo --data "$work/full"
[ "$(sqlite3 "$work/full/shanyraq.db" "SELECT count(*) FROM territory")" = "$(cat "$work/places")" ]
ok $? "and is the same as elsewhere"

# --- a broken file
cp -R "$data" "$work/broken"
head -c 4096 /dev/zero | tr '\0' x | dd of="$work/broken/shanyraq.db" bs=1 conv=notrunc status=none
wants 1 "" "a broken database is refused" serve --data "$work/broken" --listen 127.0.0.1:0
grep -qi "database" "$work/err"
ok $? "in words"
finish

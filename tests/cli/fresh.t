#!/bin/sh
# Pages that are kept in memory are never behind the data: changed by another program on the same database, by a
# command, by a page; with SQLite, and with PostgreSQL where SHANYRAQ_TEST_PG says where it is.
. "$(dirname "$0")/lib.sh"

sign_in() { # ACCOUNT
    curl -s -m 20 -c "$work/$1" -o /dev/null -d "login=$1&password=Shanyraq-2025" "$url/signin"
}
page() { # ACCOUNT PATH [CURL OPTIONS...]: the body to $work/out
    who=$1 path=$2
    shift 2
    curl -s -m 60 -b "$work/$who" -o "$work/out" "$@" "$url$path"
}
shows() { grep -q -- "$1" "$work/out"; }
hides() { ! shows "$1"; }

cases() { # NAME CONNINFO: "" is SQLite; sql() changes the database beside the server
    engine=$1 conninfo=$2 data=$work/$1
    wants 0 "" "$engine: a data folder" init --data "$data" ${conninfo:+--db "$conninfo"}
    wants 0 "" "$engine: with the demonstration" demo --data "$data" ${conninfo:+--db "$conninfo"}
    start "$data" --lang en ${conninfo:+--db "$conninfo"}
    ok $? "$engine: served"
    sign_in head; sign_in clerk; sign_in branch

    page head /institution && page head /institution && shows '<h1>' && hides 'Changed-Beside'
    ok $? "$engine: a page, twice"
    sql "UPDATE organisation SET name_en = 'Changed-Beside', name_kk = 'Changed-Beside', name_ru = 'Changed-Beside'"
    page head /institution && shows 'Changed-Beside'
    ok $? "$engine: what another program changed stands in the next answer"

    page head /quarter && page head /quarter && cp "$work/out" "$work/quarters"
    wants 0 "" "$engine: a command closes a quarter beside the server" quarter close 2025-Q3 --data "$data" \
        --out "$work/report-$engine" ${conninfo:+--db "$conninfo"}
    page head /quarter && shows '<h1>' && ! cmp -s "$work/out" "$work/quarters"
    ok $? "$engine: the next answer shows it"

    page head /mediators && page head /mediators && hides 'Newcomer-77'
    page clerk /mediators/new
    token=$(sed -n 's/.*name="csrf" value="\([^"]*\)".*/\1/p' "$work/out" | head -1)
    place=$(sed -n 's/.*<option value="\([0-9A-Z]\{13\}\)".*/\1/p' "$work/out" | head -1)
    page clerk /mediators/new -w '%{http_code}' --data-urlencode "csrf=$token" -d "name=Newcomer-77&kind=professional" \
        -d "basis=No+1&languages=kk&capacity=3&valid_from=2025-01-01&place_id=$place" >"$work/status"
    [ "$(cat "$work/status")" = 303 ]
    ok $? "$engine: a form is sent"
    page head /mediators && shows 'Newcomer-77'
    ok $? "$engine: another account's next page shows it"

    [ -n "$token" ] && for path in /organisations /quarter/2025-Q2 /mediators /attention; do
        page clerk "$path"; page head "$path"
        hides "$token" || echo "$path" >>"$work/leaks"
    done
    [ ! -e "$work/leaks" ]
    ok $? "$engine: no page of one session carries the token of another"
    sed 's/\tlang\t.*/\tlang\tru/' "$work/head" >"$work/head-ru"
    page head /territories && shows '<html lang="kk"' && page head-ru /territories && shows '<html lang="ru"' && shows 'Источник' &&
        page head /territories && shows 'Дереккөздер' && hides 'Источник'
    ok $? "$engine: each language has its own page"
    stop
    ok $? "$engine: the server ends in order"
}

sql() { sqlite3 -batch -cmd '.timeout 10000' "$work/SQLite/shanyraq.db" "$1"; }
cases SQLite ""
if [ -n "${SHANYRAQ_TEST_PG:-}" ]; then
    base=fresh_$$
    psql -q "$SHANYRAQ_TEST_PG" -c "CREATE DATABASE $base" >/dev/null
    address=$(echo "$SHANYRAQ_TEST_PG" | sed "s/dbname=[^ ]*/dbname=$base/")
    sql() { psql -q "$address" -c "$1" >/dev/null; }
    cases PostgreSQL "$address"
    psql -q "$SHANYRAQ_TEST_PG" -c "DROP DATABASE $base" >/dev/null
else
    skip "PostgreSQL: fresh pages" "SHANYRAQ_TEST_PG is not set"
fi
finish

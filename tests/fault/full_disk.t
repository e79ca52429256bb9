#!/bin/sh
# The disk runs full while a quarter is closed and its report is written, at several places of the work: one sentence,
# status 1, nothing half-done, the database sound; with room again the quarter closes as if nothing had been. Then the same
# under the server. The disk is a small file system in memory, seen by this test only.
if [ "${1:-}" != inside ]; then
    for how in "unshare -m" "unshare -rm"; do
        $how sh -c 'mount -t tmpfs none /mnt' 2>/dev/null && exec $how sh "$0" inside
    done
    echo "1..0 # SKIP this machine lets the test mount nothing"
    exit 0
fi
. "$(dirname "$0")/../cli/lib.sh"
disk=$work/disk data=$work/disk/data
mkdir "$disk"
trap '[ -z "$server" ] || kill "$server"; cd /; umount -l "$disk"; leave' EXIT
mount -t tmpfs -o size=512m none "$disk" || exit 2
# room KB: so much is free from now on
room() { mount -o remount,size=$(($(df -k --output=used "$disk" | tail -1) + $1))k "$disk"; }
full="full|space|room"

wants 0 "ready" "a data folder" init --data "$data"
wants 0 "loaded" "with the demonstration" demo --data "$data"
failures=0
for kb in 0 40 200 600 1500 3000; do
    room $kb
    "$program" quarter close 2025-Q3 --data "$data" --out "$disk/out" >"$work/out" 2>"$work/err"
    status=$?
    [ $status != 0 ] || break
    failures=$((failures + 1))
    [ $status = 1 ] && [ "$(wc -l <"$work/err")" = 1 ] && grep -Eqi "$full" "$work/err"
    ok $? "$kb KB free: one sentence, status 1"
    room 250000
    wants 0 "unbroken" "$kb KB free: the database is sound" doctor --data "$data"
    "$program" quarter list --data "$data" >"$work/out" 2>"$work/err"
    ! grep -Eq "2025-Q3 .*(closed|signed)" "$work/out"
    ok $? "$kb KB free: the quarter is not closed"
done
[ $failures -ge 3 ]
ok $? "the disk was full at several places of the work ($failures)"
room 250000
wants 0 "is closed" "with room again the quarter closes" quarter close 2025-Q3 --data "$data" --out "$disk/out"
[ "$(find "$disk/out" -type f -size +1k | wc -l)" = 13 ]
ok $? "with all files of its report"
(cd "$disk/out" && sha256sum ./*) >"$work/sums"
rm -r "$disk/out"
room 100
"$program" quarter close 2025-Q3 --data "$data" --out "$disk/out" >"$work/out" 2>"$work/err"
[ $? = 1 ] && grep -Eqi "$full" "$work/err"
ok $? "files that find no room are told"
room 250000
wants 0 "is closed" "closing again" quarter close 2025-Q3 --data "$data" --out "$disk/out"
(cd "$disk/out" && sha256sum -c --quiet "$work/sums") >"$work/out" 2>&1
ok $? "writes the same bytes"

# --- under the server: the page says so, and everybody else goes on
start "$data"
ok $? "the server begins"
ask() { curl -s -m 30 -b "$work/jar" -c "$work/jar" -H 'Accept-Language: en' "$@"; }
ask -o /dev/null -d 'login=head&password=Shanyraq-2025' "$url/signin"
room 40
token=$(ask "$url/quarter/2025-Q2?lang=en" -L | sed -n 's/.*name="csrf" value="\([^"]*\)".*/\1/p' | head -1)
answer=$(ask -o "$work/out" -w '%{http_code}' -d "csrf=$token&once=full-1&reason=again" "$url/quarter/2025-Q2/reopen")
for _ in $(seq 100); do # refused at once, or the work ends with it
    ask -H 'Accept: application/json' "$url/quarter/2025-Q2" >>"$work/out"
    grep -q "The disk is full" "$work/out" && break
    sleep 0.1
done
echo "# answered $answer"
grep -q "The disk is full" "$work/out"
ok $? "a full disk is told on the page"
[ "$(ask -o /dev/null -w '%{http_code}' "$url/disputes")" = 200 ]
ok $? "pages are read on"
room 250000
[ "$(ask -o "$work/out" -w '%{http_code}' -d "csrf=$token&login=head&password=Shanyraq-2025" "$url/signin")" = 303 ]
ok $? "with room again it writes again"
stop
ok $? "and ends in order"
room 250000
wants 0 "unbroken" "with a sound database" doctor --data "$data"
finish

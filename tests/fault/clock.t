#!/bin/sh
# The clock of the machine jumps under a running server: an hour and a year, back and forth. Sessions, identifiers, the audit
# chain and long work bear it. The clock is libfaketime's, so the program without sanitizers is used.
. "$(dirname "$0")/../cli/lib.sh"
faketime=$(ls /usr/lib/*/faketime/libfaketimeMT.so.1 2>/dev/null | head -1)
if [ -z "$faketime" ]; then
    echo "1..0 # SKIP libfaketime is not installed"
    exit 0
fi
program=${SHANYRAQ:-$top/build/shanyraq}
data=$work/data
wants 0 "ready" "a data folder" init --data "$data"
wants 0 "loaded" "with the demonstration" demo --data "$data"

# jump SECONDS: the clock of the server differs by so much from now on. The steady clock goes on.
jump() { echo "$1" >"$work/offset.new" && mv "$work/offset.new" "$work/offset"; }
jump +0
cat >"$work/faked" <<PROGRAM
#!/bin/sh
export LD_PRELOAD=$faketime FAKETIME_TIMESTAMP_FILE=$work/offset FAKETIME_NO_CACHE=1 FAKETIME_DONT_FAKE_MONOTONIC=1
exec "$program" "\$@"
PROGRAM
chmod +x "$work/faked"
real=$program program=$work/faked
start "$data"
ok $? "the server begins"
program=$real

ask() { curl -s -m 30 -H 'Accept-Language: en' "$@"; }
signed_in() { [ "$(ask -b "$work/$1" -o /dev/null -w '%{http_code}' "$url/disputes")" = 200 ]; }
sign_in() { ask -c "$work/$1" -o /dev/null -w '%{http_code}' -d 'login=clerk&password=Shanyraq-2025' "$url/signin" | grep -q 303; }
place=
# file NAME: files a dispute by the session NAME; its address in $work/filed.
file() {
    page=$(ask -b "$work/$1" "$url/disputes/new")
    token=$(echo "$page" | sed -n 's/.*name="csrf" value="\([^"]*\)".*/\1/p' | head -1)
    once=$(echo "$page" | sed -n 's/.*name="once" value="\([^"]*\)".*/\1/p' | head -1)
    [ -n "$place" ] || place=$(echo "$page" | sed -n 's/.*<option value="\([^"]*\)"><\/option>.*/\1/p' | head -1)
    ask -b "$work/$1" -o /dev/null -w '%{redirect_url}\n' --data-urlencode "csrf=$token" --data-urlencode "once=$once" \
        --data-urlencode "place=$place" -d 'occurred_on=2024-06-20&kind=water&channel=phone&summary=Clock&resonance=unknown' \
        -d 'parties=2&party_1_side=first&party_1_name=A&party_2_side=second&party_2_name=B' "$url/disputes/new" | sed 's/?.*//' >"$work/one"
    grep -q '/disputes/[0-9A-Z]\{13\}$' "$work/one" && cat "$work/one" >>"$work/filed"
}
# work: a quarter is reopened and closed again by the server within half a minute.
work() {
    ask -c "$work/head" -o /dev/null -d 'login=head&password=Shanyraq-2025' "$url/signin"
    token=$(ask -b "$work/head" "$url/quarter/2024-Q2" | sed -n 's/.*name="csrf" value="\([^"]*\)".*/\1/p' | head -1)
    before=$(sqlite3 "$data/shanyraq.db" "SELECT count(*) FROM job WHERE state = 'done'")
    ask -b "$work/head" -o "$work/out" -d "csrf=$token&once=work-$1&reason=clock" "$url/quarter/2024-Q2/reopen"
    for _ in $(seq 300); do
        [ "$(sqlite3 "$data/shanyraq.db" "SELECT count(*) FROM job WHERE state = 'done'")" -gt "$before" ] && return 0
        sleep 0.1
    done
    sqlite3 "$data/shanyraq.db" "SELECT * FROM job" >"$work/out"
    return 1
}

sign_in first && signed_in first && file first
ok $? "somebody signs in and files a dispute"
hour=3600 year=31536000 turn=0
for offset in +$hour -$hour +$year -$year +0; do
    jump "$offset"
    sleep 0.2
    turn=$((turn + 1))
    case $offset in
    *$hour) signed_in first ; ok $? "$offset s: who was signed in stays so" ;;
    *) sign_in "session$turn" && signed_in "session$turn" ; ok $? "$offset s: one can sign in" ;;
    esac
    session=first
    [ ! -f "$work/session$turn" ] || session=session$turn
    file "$session"
    ok $? "$offset s: a dispute is filed"
    work "$turn"
    ok $? "$offset s: long work is done"
done
sleep 10.5 # who asks is remembered for ten seconds
sign_in last
jump -$year
sleep 10.5
! signed_in last
ok $? "a session does not last a year longer because the clock was set back"
jump +0
sleep 0.2
sign_in last
[ "$(sort "$work/filed" | uniq | wc -l)" = 6 ]
ok $? "six disputes with six identifiers"
while read -r address; do
    [ "$(ask -b "$work/last" -o /dev/null -w '%{http_code}' "$address")" = 200 ] || echo "$address"
done <"$work/filed" >"$work/out"
[ ! -s "$work/out" ]
ok $? "each can be read"
stop
ok $? "the server ends in order"
wants 0 "unbroken" "the audit chain is unbroken" doctor --data "$data"
[ "$(sqlite3 "$data/shanyraq.db" "SELECT count(*), max(seq) FROM audit_entry WHERE region_id = 61" | tr '|' '\n' | uniq | wc -l)" = 1 ]
ok $? "its numbers have no hole, in the order in which things happened"
finish

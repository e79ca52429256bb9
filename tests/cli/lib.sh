# lib.sh - for shell tests of the command line: `. "$(dirname "$0")/lib.sh"`. A folder of its own in $work, removed at
# the end; the program as $program, with the sanitizers where built; TAP by ok, wants and finish.
top=$(cd "$(dirname "$0")/../.." && pwd)
program=${SHANYRAQ_ASAN:-$top/build/shanyraq}
work=$(mktemp -d "${TMPDIR:-/tmp}/shanyraq-cli-XXXXXX") || exit 2
n=0 failed=0 server=
unset SHANYRAQ_DATA SHANYRAQ_DB SHANYRAQ_CONFIG SHANYRAQ_REGION SHANYRAQ_LISTEN
SHANYRAQ_LANG=en
export SHANYRAQ_LANG
LSAN_OPTIONS=${LSAN_OPTIONS:-suppressions=$top/tests/lsan.supp:print_suppressions=0}
export LSAN_OPTIONS
leave() { [ -z "$server" ] || kill "$server" 2>/dev/null; rm -rf "$work"; }
trap leave EXIT
trap 'exit 130' INT TERM HUP

# ok STATUS NAME: passes where STATUS is 0; else shows $work/out and $work/err.
ok() {
    n=$((n + 1))
    if [ "$1" = 0 ]; then echo "ok $n - $2"; else
        echo "not ok $n - $2"; failed=1
        tail -n 15 "$work/out" "$work/err" 2>/dev/null | sed 's/^/# /'
    fi
}

# wants STATUS TEXT NAME ARGUMENTS...: the program ends with STATUS and says TEXT (an extended regular expression). A
# wrong command line (status 2) is told in exactly one line.
wants() {
    want=$1 text=$2 name=$3
    shift 3
    "$program" "$@" >"$work/out" 2>"$work/err"
    got=$?
    [ $got = "$want" ] && { [ -z "$text" ] || cat "$work/out" "$work/err" | grep -Eq -- "$text"; } &&
        { [ "$want" != 2 ] || [ "$(cat "$work/out" "$work/err" | wc -l)" = 1 ]; }
    right=$?
    [ $right = 0 ] || echo "# status $got, wanted $want and: $text"
    ok $right "$name"
}

skip() { n=$((n + 1)); echo "ok $n - $1 # SKIP $2"; }
finish() { echo "1..$n"; exit $failed; }

# start DATA [OPTION...]: serves DATA on a free port; $url and $server.
start() {
    folder=$1
    shift
    : >"$work/serve"
    "$program" serve --data "$folder" --listen 127.0.0.1:0 "$@" >"$work/serve" 2>"$work/log" &
    server=$!
    for _ in $(seq 200); do
        url=$(sed -n 's/.*\(http:[^ ]*\).*/\1/p' "$work/serve")
        [ -z "$url" ] || return 0
        kill -0 "$server" 2>/dev/null || break
        sleep 0.1
    done
    cat "$work/log" | sed 's/^/# /'
    return 1
}
# stop: ends the server as a service manager does; its status.
stop() { kill "$server"; wait "$server"; status=$?; server=; return $status; }

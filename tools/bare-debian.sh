#!/bin/sh
# bare-debian.sh [FOLDER] - does `./run` work on a fresh Debian 12? Makes a minimal root by debootstrap in FOLDER (else a new
# one under /tmp), puts the committed tree there, runs ./run, asks for its first page, closes a quarter, looks at the result,
# and starts a second time. Needs root and the network; how packages are reached (apt, npm, certificates, proxies) is taken
# from this machine. The folder is removed at the end unless it was named.
set -eu
cd "$(dirname "$0")/.."
[ "$(id -u)" = 0 ] && command -v debootstrap >/dev/null || { echo "bare-debian: needs root and debootstrap" >&2; exit 2; }
root=${1:-$(mktemp -d /tmp/bare-debian-XXXXXX)} named=${1:-} pid=
port=$((20000 + $$ % 10000)) url=http://127.0.0.1:$port

leave() {
    [ -z "$pid" ] || { kill "$pid" 2>/dev/null; wait "$pid" 2>/dev/null; }
    umount -l "$root/proc" "$root/dev" 2>/dev/null
    [ -n "$named" ] || rm -rf --one-file-system "$root"
}
trap leave EXIT
trap 'exit 130' INT TERM HUP

[ -x "$root/bin/sh" ] || debootstrap --variant=minbase bookworm "$root" ${DEBIAN_MIRROR:+"$DEBIAN_MIRROR"} >/dev/null
rm -f "$root/etc/apt/sources.list"
cp -a /etc/apt/. "$root/etc/apt/"
for path in /usr/share/keyrings /usr/local/share/ca-certificates; do
    mkdir -p "$root$path" && cp -a "$path/." "$root$path/"
done
mkdir -p "$root/etc/ssl/certs" && cp -L /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/"
cp /etc/resolv.conf /etc/hosts "$root/etc/"
[ ! -f "$HOME/.npmrc" ] || cp "$HOME/.npmrc" "$root/root/.npmrc"
mount --bind /proc "$root/proc"
mount --bind /dev "$root/dev"
rm -rf "$root/srv/shanyraq" "$root/srv/data" "$root/srv/report" && mkdir -p "$root/srv/shanyraq"
git archive HEAD | tar -x -C "$root/srv/shanyraq"

# The variables that say how hosts are reached, and nothing else of this shell.
settings=$(env | grep -iE '^(npm_config_|node_extra_ca_certs|ssl_cert|curl_ca|https?_proxy|no_proxy)' | grep -v ' ' || true)
into="chroot $root env -i $(echo $settings) HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin"

serve() { # until the first page is there; prints the seconds
    begun=$(date +%s)
    $into sh -c "cd /srv/shanyraq && exec ./run --listen 127.0.0.1:$port --data /srv/data" >"$root/srv/log" 2>&1 &
    pid=$!
    until curl -sf -o /dev/null "$url/"; do
        kill -0 "$pid" 2>/dev/null || { tail -20 "$root/srv/log" >&2; echo "bare-debian: ./run ended" >&2; exit 1; }
        sleep 0.2
    done
    echo "bare-debian: $1: the first page after $(($(date +%s) - begun)) s"
}

serve "nothing installed"
program=/srv/shanyraq/build/shanyraq
$into $program quarter close 2025-Q3 --data /srv/data --out /srv/report
$into $program doctor --data /srv/data
[ "$(find "$root/srv/report" -type f -size +1k | wc -l)" = 13 ] || { echo "bare-debian: the report is not whole" >&2; exit 1; }
kill "$pid"
wait "$pid" || { echo "bare-debian: the server did not end in order" >&2; exit 1; }
serve "a second time"
echo "bare-debian: all is well"

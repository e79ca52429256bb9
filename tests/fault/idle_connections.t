#!/bin/sh
# Ten thousand connections that ask nothing; fewer where the limit of open files forbids it.
ulimit -n "$(ulimit -Hn)" 2>/dev/null
here=$(dirname "$0")
exec "$here/../with-demo" node "$here/idle_connections.mjs" "$(ulimit -n)"

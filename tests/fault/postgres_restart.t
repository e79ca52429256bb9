#!/bin/sh
# PostgreSQL breaks down and comes back under a running server; a database server of its own, so that no other test feels it.
here=$(dirname "$0")
exec "$here/../with-postgres" "$here/../with-demo" --postgres node "$here/postgres_restart.mjs"

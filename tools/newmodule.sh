#!/bin/sh
# newmodule.sh NAME: a new feature folder src/NAME from docs/examples/module, and its migration. Called by
# `make new-module NAME=visits`. The line in src/modules.c is yours: it decides what the module may use.
set -eu
cd "$(dirname "$0")/.."

name=${1:-}
case $name in
"") echo "newmodule.sh: a name is needed: make new-module NAME=visits" >&2; exit 2 ;;
*[!a-z]*) echo "newmodule.sh: \"$name\" is not a name: small Latin letters only" >&2; exit 2 ;;
esac
[ ! -e "src/$name" ] || { echo "newmodule.sh: src/$name exists already" >&2; exit 1; }

last=$(ls migrations | sed -n 's/^0*\([0-9][0-9]*\)_.*\.sql$/\1/p' | sort -n | tail -1)
number=$(printf '%04d' $((last + 1)))
upper=$(echo "$name" | tr a-z A-Z)

mkdir "src/$name"
for from in docs/examples/module/*; do
    file=$(basename "$from" | sed "s/notes/$name/")
    to=src/$name/$file
    [ "$file" != migration.sql ] || to=migrations/${number}_$name.sql
    sed -e '/^#ifdef EXAMPLE_MIGRATION/,/^#endif/d' -e '/base\/fs\.h/d' -e "s/notes/$name/g" -e "s/NOTES/$upper/g" "$from" >"$to"
    echo "made $to"
done
cat <<END
Now, in src/modules.c:   #include "$name/$name.h"   and   &${name}_module,
Then make, and build/shanyraq migrate. The texts on the page are the example's still.
END

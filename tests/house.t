#!/bin/sh
# The rules of the house that a program can check: layering, headers, sizes, SQL and names outside of code,
# translations, and what a checkout holds.
cd "$(dirname "$0")/.." || exit 1
n=0 failed=0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# holds NAME FILE: passes where the file is empty; else its lines say what is wrong.
holds() {
    n=$((n + 1))
    if [ -s "$2" ]; then
        echo "not ok $n - $1"; failed=1
        head -40 "$2" | sed 's/^/# /'
    else
        echo "ok $n - $1"
    fi
}

tools/layers.sh >"$work/layers" 2>&1
holds "the kernel knows no feature, features only those above them, a library one file" "$work/layers"

# That check itself: wrong lines in a copy are found.
mkdir "$work/copy" && cp -R src tools "$work/copy"
echo '#include "registry/registry.h"' >>"$work/copy/src/stat/rng.c"
echo '#include <sqlite3.h>' >>"$work/copy/src/registry/place.c"
sed -i '1a <%include "quarter/quarter.h"%>' "$work/copy/src/registry/institution.html"
found=$("$work/copy/tools/layers.sh" | grep -c 'stat/rng.c.*registry\|place.c.*sqlite3\|institution.html.*quarter')
[ "$found" = 3 ] || echo "$found of 3 were found" >"$work/found"
holds "and a wrong line in a copy of the code is found" "$work/found"

# shellcheck disable=SC2046
flags="-std=c17 -D_GNU_SOURCE -Isrc -Ibuild/gen -Itests -Wall -Wno-pragma-once-outside-header -Wno-unused-function"
find src tests -name '*.h' | sort | xargs -P 2 -n 24 gcc -fsyntax-only $flags -x c >"$work/headers" 2>&1
grep -E 'error|warning' "$work/headers" >"$work/headers.wrong"
holds "every header compiles alone" "$work/headers.wrong"

# Lengths: told from the house's wish on, refused from the limit on.
find src tools tests -name '*.[ch]' ! -path '*/golden*' | sort | xargs awk '
    FNR == 1 { if (last) print count, last, ""; last = FILENAME; count = 0 }
    { count++ }
    /^\{/ { start = FNR; name = before }
    /^\}/ { if (start && FNR - start > 60) print FNR - start, FILENAME ":" start, "function " name; start = 0 }
    { before = $0 }
    END { print count, last, "" }' >"$work/lengths"
awk '$3 == "function" ? $1 > 100 : $2 ~ /\.h$/ ? $1 > 400 : $1 > 900' "$work/lengths" >"$work/long"
holds "no function over 100 lines, no file over 900, no header over 400" "$work/long"
awk '$3 == "function" || $1 > ($2 ~ /\.h$/ ? 200 : 800)' "$work/lengths" | sort -rn | sed 's/^/# long: /'

# Columns are letters, not bytes.
find src tools tests -name '*.[ch]' | sort | xargs perl -CSDA -ne '
    chomp; print "$ARGV:$.: ", length, "\n" if length > 130; close ARGV if eof' >"$work/columns"
awk '$2 > 200' "$work/columns" >"$work/wide"
holds "no line is wider than 200 columns" "$work/wide"
cut -d: -f1 "$work/columns" | uniq -c | sort -rn | head -8 | awk '{ print "# wide: " $1 " lines over 130 columns in " $2 }'

grep -rnE '"[^"]*(SELECT [a-z*]|INSERT INTO|UPDATE [a-z_]+ SET|DELETE FROM|CREATE TABLE)' src --include='*.c' |
    grep -v '^src/db/\|/test_\|/fuzz_' >"$work/sql"
holds "SQL stands in .sql files" "$work/sql"

# Bodies, laws and institutions are dated records, in every language.
grep -rnE 'Assembly|Ассамбле|House of Friendship|Дом(а|ом|е)? дружбы|Достық үйі|Public Accord|Қоғамдық келісім|Общественно(е|го) согласи|Law on |Закон РК|Закона? Республики|Заңы|№ ?[0-9]+-' \
    src --include='*.[ch]' --include='*.html' --include='*.ts' --include='*.sql' --include='*.po' |
    grep -v '/test_' >"$work/names"
holds "no name of a body or a law is in code, pages or translations" "$work/names"

# Without a git checkout (an archive of the sources) the folder's files count.
if git rev-parse --is-inside-work-tree >/dev/null 2>&1; then git ls-files; else
    find . -type f ! -path './build/*' ! -path '*/node_modules/*' | sed 's,^\./,,'
fi >"$work/files"
grep -v '\.pack$\|^web/package-lock.json$' "$work/files" | xargs -d '\n' \
    grep -nIE '(^|[^A-Za-z0-9_.{}-])/(home|root|Users|work|mnt)/[a-z]' 2>/dev/null >"$work/paths"
holds "no path of somebody's machine is in a file" "$work/paths"
grep -v '\.pack$' "$work/files" | xargs -d '\n' -I{} find {} -size +2000k >"$work/big" 2>/dev/null
holds "no file but a region pack is larger than 2 MB" "$work/big"
xargs -d '\n' grep -lI '	$\| $' <"$work/files" 2>/dev/null | grep '\.\([ch]\|sql\|html\|sh\|ts\|mjs\|css\|md\|t\)$' |
    grep -v golden >"$work/trailing"
holds "no line ends in a space" "$work/trailing"

I18N_STRICT=1 build/tools/i18nc "$work/texts.c" src 2>&1 | grep -v 'warning: nothing uses' >"$work/texts"
holds "every text is there in Kazakh and Russian" "$work/texts"
build/tools/i18nc "$work/texts.c" src 2>&1 | grep 'warning: nothing uses' | sed 's/^/# /' | head -20

# What the audit log is told in code has a sentence for people in some feature's table of words.
grep -rhoE 'audit_(append|record)\([^;]*' src --include='*.c' --exclude='test_*' | grep -oE '"[a-z_]+\.[a-z_]+"' | sort -u >"$work/actions"
grep -rhoE '\{"[a-z_]+\.[a-z_]+", N_\(' src --include='*.c' | grep -oE '"[a-z_]+\.[a-z_]+"' | sort -u >"$work/told"
comm -23 "$work/actions" "$work/told" >"$work/mute"
holds "every action of the audit log has a sentence" "$work/mute"

# Every statement the program knows is prepared on both engines by the tests of db; here: each is used.
for script in run test setup .ci/run tests/with-demo tests/with-postgres tests/e2e/run tools/*.sh $(find tests -name '*.t') bench/run; do
    [ ! -e "$script" ] || sh -n "$script" || echo "$script"
done >"$work/scripts" 2>&1
holds "every shell script is plain sh" "$work/scripts"
(cd web && node_modules/.bin/tsc --noEmit) >"$work/tsc" 2>&1
holds "the browser's part has no error of types" "$work/tsc"

echo "1..$n"
exit $failed

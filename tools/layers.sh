#!/bin/sh
# layers.sh: prints every #include that breaks the layering, one a line, and exits 1 if there is one.
#
# The rule: base <- the kernel folders (table KERNEL: what each may include) <- features <- program, main, modules.
# A feature includes only features above it in src/modules.c, and of those only <feature>.h, their queries
# (*_sql.h) and the headers of table PUBLIC. A library is included by the files of table LIBRARY only.
# Test programs and fuzz targets may include what they like.
cd "$(dirname "$0")/.." || exit 2

# --- tables: the one place to change
KERNEL='base:
i18n: base
db: base
stat: base
report: base
geo: base i18n
calc: base i18n stat
html: base i18n http
http: base i18n html db/db.h'

# Headers of a feature, beside <feature>.h and its queries, that the features below it may use.
PUBLIC='access/keys.h access/permission.h registry/bodies.h registry/labels.h registry/lists.h registry/words.h'

# A file whose place in the order is that of another module than its folder's: <file>=<module of modules.c>.
PLACED='access/demo_scope.c=access_scope'

LIBRARY='cairo report/draw.c
cmark guide/markdown.c
expat.h base/xml.c
ft2build.h report/draw.c
geos_c.h geo/geometry.c
glpk.h stat/lp.c
lapacke.h stat/mat.c
cblas.h stat/mat.c
jansson.h base/json_read.c
libpq-fe.h db/db_postgres.c
microhttpd.h http/server.c
pango report/draw.c
Rmath.h stat/dist.c
sodium.h base/crypto.c
sqlite3.h db/db_sqlite.c
unicode/ db/collate.c i18n/i18n_collate.c
utf8proc.h base/str_fold.c
xlsxwriter.h report/doc_xlsx.c
zip.h base/zip.c
zlib.h base/deflate.c'

order=$(sed -n 's/^ *&\([a-z_]*\)_module,.*/\1/p' src/modules.c)
{
    find src -name '*.[ch]' ! -name 'test_*' ! -name 'fuzz_*' -exec grep -H '^ *# *include' {} +
    # Templates include as C does.
    find src -name '*.html' -exec grep -H '^<%include' {} + | sed 's/<%include *\(".*"\)%>/#include \1/'
} | sed 's,^src/,,' | KERNEL="$KERNEL" PUBLIC="$PUBLIC" PLACED="$PLACED" LIBRARY="$LIBRARY" ORDER="$order" awk '
BEGIN {
    n = split(ENVIRON["KERNEL"], line, "\n")
    for (i = 1; i <= n; i++) {
        split(line[i], half, ":")
        kernel[half[1]] = " " half[1] " " half[2] " "
    }
    n = split(ENVIRON["ORDER"], word, /[ \n]+/)
    for (i = 1; i <= n; i++)
        place[word[i]] = i
    n = split(ENVIRON["PLACED"], word, /[ \n]+/)
    for (i = 1; i <= n; i++) {
        split(word[i], half, "=")
        placed[half[1]] = place[half[2]]
    }
    n = split(ENVIRON["LIBRARY"], line, "\n")
    for (i = 1; i <= n; i++) {
        split(line[i], half, " ")
        library[half[1]] = " " substr(line[i], length(half[1]) + 2) " "
    }
    public = " " ENVIRON["PUBLIC"] " "
}
function wrong(why) { print "src/" file ": " header ": " why; bad = 1 }
{
    file = substr($0, 1, index($0, ":") - 1)
    header = $0
    sub(/^[^"<]*["<]/, "", header)
    system_header = $0 ~ /include *</ && $0 !~ /<%include/
    sub(/[">].*$/, "", header)
    from = file ~ "/" ? substr(file, 1, index(file, "/") - 1) : ""
    if (system_header) {
        for (l in library)
            if (index(header, l) == 1 && !index(library[l], " " file " "))
                wrong("only" library[l] "may know this library")
        next
    }
    if (from == "" || from == "program")
        next
    to = header ~ "/" ? substr(header, 1, index(header, "/") - 1) : ""
    if (to == from)
        next
    if (from in kernel) {
        if (!index(kernel[from], " " to " ") && !index(kernel[from], " " header " ") && file !~ /\/cli\.[ch]$/)
            wrong(from "/ may include only" kernel[from])
        next
    }
    if (to in kernel || to == "") # "": module.h, and what templates take from the C library
        next
    at = file in placed ? placed[file] : place[from]
    if (!at)
        wrong("the module of " from "/ is not in modules.c")
    else if (!place[to] || place[to] >= at)
        wrong(to " does not stand above " from " in modules.c")
    if (header != to "/" to ".h" && header !~ /_sql\.h$/ && !index(public, " " header " "))
        wrong("not a header for other features")
}
END { exit bad }'

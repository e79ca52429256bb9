#!/bin/sh
# country.sh DATA [REGIONS] [ANSWERS]: makes a country in the folder DATA out of the demonstration region: REGIONS
# regions (20) of 315 and more settlements each, and ANSWERS answers (1,000,000) of the third quarter of 2025 spread
# over them. Prints how long the rows of answers took, as every figure of it goes through the program's own import.
#
# A region is a copy of the demonstration under another number. Its answers are those of the demonstration, repeated
# with clusters of their own, in an order that depends on the number of the region only: the same country every time.
set -eu
program=$(cd "$(dirname "$0")/.." && pwd)/build/shanyraq
data=$1 regions=${2:-20} answers=${3:-1000000}
quarter=2025-Q3 file=$1/answers.csv
db=$data/shanyraq.db

"$program" init --data "$data" >/dev/null
"$program" demo --data "$data" >/dev/null
"$program" export answers $quarter "$data/one.csv" --data "$data" >/dev/null

# The journal and what belongs to one region's people stay behind; so do the answers, which are imported below.
tables=$(sqlite3 "$db" "SELECT m.name FROM sqlite_master m WHERE m.type = 'table' AND EXISTS (SELECT 1 FROM
    pragma_table_info(m.name) WHERE name = 'region_id') AND m.name NOT IN ('audit_entry', 'audit_head', 'job', 'session',
    'response', 'answer', 'survey_import') AND m.name NOT LIKE 'quarter_%'")
{
    echo "PRAGMA foreign_keys = OFF; PRAGMA synchronous = OFF; BEGIN;"
    for number in $(seq $((regions - 1))); do
        echo "INSERT INTO region SELECT $number, kato, name_kk, name_ru, name_en, demo FROM region WHERE id = 61;"
        for table in $tables; do
            columns=$(sqlite3 "$db" "SELECT group_concat(name) FROM pragma_table_info('$table') WHERE name <> 'region_id'")
            echo "INSERT INTO $table (region_id, $columns) SELECT $number, $columns FROM $table WHERE region_id = 61;"
        done
    done
    echo "COMMIT;"
} | sqlite3 -batch -bail "$db" >/dev/null

# rows REGION: the answers of one region as a file.
rows() {
    awk -F, -v OFS=, -v wanted=$((answers / regions)) -v region="$1" '
        { sub(/^[^,]*,[^,]*,[^,]*,[^,]*/, $1 OFS $2 OFS $3) } # weights are computed from the frame
        NR == 1 { print; next }
        { line[n++] = $0 }
        END {
            for (i = 0; i < wanted; i++) {
                $0 = line[(i * 7919 + region * 104729) % n]
                $2 = $2 "-" int(i / n)
                print
            }
        }' "$data/one.csv"
}

begin=$(date +%s%N)
for number in $(seq 0 $((regions - 1))); do
    region=$((number ? number : 61))
    rows $region >"$file"
    "$program" import answers $quarter "$file" --region $region --data "$data" >/dev/null
done
end=$(date +%s%N)
echo "$(((end - begin) / 1000000))"
rm -f "$file"

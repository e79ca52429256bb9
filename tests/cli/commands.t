#!/bin/sh
# Every sub-command that --help lists: has a --help of its own, refuses what it does not know in one line with status 2,
# and says what is missing where there is no database; nothing of this makes a file.
. "$(dirname "$0")/lib.sh"
cd "$work" || exit 2

"$program" --help | sed -n '/^Commands/,/^$/s/^  \([a-z]\{1,\}\( [a-z]\{1,\}\)\{0,1\}\)  .*/\1/p' >commands
[ "$(wc -l <commands)" -ge 12 ]
ok $? "--help lists the commands"
for name in serve init migrate demo import export quarter user backup restore doctor; do
    grep -q "^$name" commands || echo "$name"
done >missing
[ ! -s missing ]
ok $? "all that the manual names are there"

# A wrong line is told as such before anything is opened: the same with a database, without one, and with one that no
# server answers for. Commands that need no database at all are among them.
"$program" init --data "$work/data" >/dev/null 2>&1
while read -r command; do
    # shellcheck disable=SC2086
    wants 0 "usage: shanyraq $command" "$command --help prints how to use it" $command --help
    for where in "--data $work/data" "--data $work/nowhere" "--data $work/nowhere --db postgresql://127.0.0.1:1/none"; do
        # shellcheck disable=SC2086
        wants 2 "no-such-option" "$command refuses an option that it does not know (${where##*/})" $command --no-such-option $where
    done
    # shellcheck disable=SC2086
    wants 2 "lang.*tlh" "$command refuses a wrong value" $command --lang tlh --data "$work/nowhere"
    for lang in kk ru; do
        # shellcheck disable=SC2086
        "$program" --lang $lang $command --no-such-option --data "$work/nowhere" >out 2>err
        [ $? = 2 ] && [ "$(wc -l <err)" = 1 ] && LC_ALL=C grep -q "$(printf '\320')" err
        ok $? "$command: in the language $lang too"
    done
done <commands

# What each command takes besides: too much, too little, or nothing that makes sense.
while IFS='|' read -r line text; do
    # shellcheck disable=SC2086
    wants 2 "$text" "wrong: $line" $line --data "$work/nowhere"
done <<'LINES'
serve --workers many|many
serve --workers 1000|1000
serve --listen nonsense|nonsense
serve --listen 127.0.0.1:port|port
init extra|extra
migrate extra|extra
demo extra|extra
backup --out|value is missing
restore|backup file
restore one two|backup file
doctor extra|extra
config extra|extra
user|add, list
user frobnicate|add, list
user list extra|extra
user add|login
user add ayan|--name
user add ayan --name Ayan --language de|de
user passwd|login
user grant ayan|role
user grant ayan clerk --from yesterday|--from.*yesterday
user grant ayan clerk --to 2025-02-30|--to.*2025-02-30
user grant ayan clerk --body !|identifier
user disable|login
quarter close|one quarter
quarter close 2025-Q5|2025-Q5
quarter close 2025-Q3 2025-Q4|one quarter
quarter sign 2025-Q3|--name
quarter sign summer --name Ayan|summer
quarter list extra|extra
import pack|pack file
import figures|one file
import figures one.csv two.csv|one file
import answers 2025-Q3|quarter and a file
import answers spring answers.csv|spring
import answers 2025-Q3 answers.csv --sheet|value is missing
export figures|file
export figures figures.doc|figures.doc
export territories|file
export territories tree.doc|tree.doc
export territories tree.csv 2025-13-01|2025-13-01
export answers 2025-Q3|quarter and a file
export answers 2025-Q0 answers.csv|2025-Q0
pack build --from .|--out
pack build --from . --out x.pack --region 6|region
pack show|one pack
LINES
wants 2 'no command "close"' "a word that is no command" close
wants 2 'no command "quarter open"' "a second word that is none" quarter open 2025-Q3
for command in "demo" "migrate" "quarter list" "quarter close 2025-Q3" "quarter sign 2025-Q3 --name Ayan" "backup" "user list" \
    "user grant ayan clerk" "import figures none.csv" "import answers 2025-Q3 none.csv" "import pack none.pack" \
    "export figures none.csv" "export territories none.csv" "export answers 2025-Q3 none.csv"; do
    # shellcheck disable=SC2086
    wants 1 "shanyraq init" "$command without a database says how to make one" $command --data "$work/nowhere"
done
[ "$(find "$work" -name '*.db')" = "$work/data/shanyraq.db" ]
ok $? "no database was made by asking"
finish

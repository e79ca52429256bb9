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

"$program" init --data "$work/data" >/dev/null 2>&1
while read -r command; do
    # shellcheck disable=SC2086
    wants 0 "usage: shanyraq $command" "$command --help prints how to use it" $command --help
    # shellcheck disable=SC2086
    wants 2 "" "$command refuses an option that it does not know" $command --no-such-option --data "$work/data"
    for lang in kk ru; do
        # shellcheck disable=SC2086
        "$program" --lang $lang $command --no-such-option --data "$work/data" >out 2>err
        [ $? = 2 ] && [ "$(wc -l <err)" = 1 ] && LC_ALL=C grep -q "$(printf '\320')" err
        ok $? "$command: in the language $lang too"
    done
done <commands
wants 2 'no command "close"' "a word that is no command" close
wants 2 'no command "quarter open"' "a second word that is none" quarter open 2025-Q3
for command in "demo" "migrate" "quarter list" "backup" "user list"; do
    # shellcheck disable=SC2086
    wants 1 "shanyraq init" "$command without a database says how to make one" $command --data "$work/nowhere"
done
[ "$(find "$work" -name '*.db')" = "$work/data/shanyraq.db" ]
ok $? "no database was made by asking"
finish

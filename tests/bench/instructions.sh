#!/usr/bin/env bash
# Counts the instructions of the main paths, which do not drift with the machine's load as times do.
#
#     cargo build --release --locked && tests/bench/instructions.sh > tests/bench/instructions.tsv
#
# Needs valgrind. A contact's count is the difference between two dry runs, so that what a run costs once is not in it.
set -euo pipefail
cd "$(dirname "$0")/../.."
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
export BP_IMPORT_STATE_DIR=$folder
program=target/release/bp-import

count() {
    valgrind --tool=callgrind --callgrind-out-file=/dev/null "$program" "$@" 2>&1 >/dev/null |
        sed -n 's/.*Collected : \([0-9]*\).*/\1/p'
}

few=2000 many=12000
for rows in $few $many; do
    cargo bench --quiet --locked --bench stages -- --contacts $rows >"$folder/$rows.csv"
done
for rows in $few $many; do
    declare "run_$rows=$(count -n -q "$folder/$rows.csv")"
done

printf 'path\tinstructions\n'
printf 'a contact of a dry run\t%s\n' $(((run_12000 - run_2000) / (many - few)))
printf 'a dry run without contacts\t%s\n' $((run_2000 - (run_12000 - run_2000) / (many - few) * few))
printf 'add --dry-run\t%s\n' "$(count add -n -q --phone '+91 98765 43210' --name Asha)"
printf -- '--version\t%s\n' "$(count --version)"

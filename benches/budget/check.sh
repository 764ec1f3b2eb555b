#!/usr/bin/env bash
# Counts the instructions of one call and of one scrape under callgrind and compares them with budgets.txt: time is noise
# on a shared machine, instructions are not.
#
# Usage: check.sh            fail where a count is over its budget by more than its tolerance
#        check.sh --update   write what was counted into budgets.txt
set -euo pipefail
cd "$(dirname "$0")"

readonly budgets=budgets.txt

complain() {
    printf '%s\n' "$*" >&2
    exit 1
}

update=''
case ${1-} in
    '') ;;
    --update) update=yes ;;
    *) complain "usage: check.sh [--update]" ;;
esac

command -v valgrind >/dev/null || complain "valgrind is missing: apt-get install valgrind"
[[ $(uname -m) == x86_64 ]] || complain "the budgets are those of x86_64, this is $(uname -m)"

# No instructions of this very processor's: the same code everywhere.
target=${CARGO_TARGET_DIR:-target}
RUSTFLAGS='' CARGO_TARGET_DIR=$target cargo build --release --locked --quiet
readonly binary=$target/release/auth-metrics-budget audit=$target/release/auth-metrics-audit-budget
[[ -x $binary && -x $audit ]] || complain "$binary and $audit were not built"

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# instructions WORK TIMES: what the work takes, without what prepares it: a clock is calibrated in no fixed number of them.
# Trails have a program of their own; a line is the work of the thread of its sink.
instructions() {
    local log=$scratch/$1.$2 program=$binary worked='auth_metrics_budget::worked*'
    case $1 in
        noted | captured) program=$audit worked='auth_metrics_audit_budget::worked*' ;;
        trail_*) program=$audit worked='auth_metrics_audit::trail::worker::Worker::run*' ;;
    esac
    valgrind --tool=callgrind --collect-atstart=no --toggle-collect="$worked" \
        --callgrind-out-file="$log.out" "$program" "$1" "$2" >"$log" 2>&1 \
        || { cat "$log" >&2; complain "valgrind failed on $1 $2"; }
    awk '$1 == "summary:" || $1 == "totals:" { print $2; exit }' "$log.out"
}

# What is counted, how often in the shorter and in the longer run, by how many per cent it may be over its budget, and what
# one of it is. Names are hashed with a seed of the process, so their place and the price of finding them differs.
readonly works='
bare      1000 21000  2  the body alone
limit     1000 21000  2  the same with the cells and the clock of the limit
cached    1000 21000  2  the same with handles of prometheus, cached by hand
constant  1000 21000  2  one awaited call, constant service
plain     1000 21000  2  one plain call, constant service
dynamic   1000 21000 10  one awaited call, one of 1,000 services
traced    1000 21000  3  one awaited call, constant service, whose trace may be an exemplar
observed  1000 21000  5  one awaited call, each an event for an observer
identified 1000 21000 5  the same with subject, peer, session and a trace
scrape       2    12  5  one scrape of 300 pairs as text
exemplars    2    12  5  the same as OpenMetrics, with a trace for each reason
registry     2     7  5  one gather of 300 pairs by a registry
feed_known     1000 11000 5  the engine takes in a known user who succeeds
feed_stranger  1000 11000 5  a stranger whose first attempt fails
feed_flood     1000 11000 5  the same while tables are full, and each makes another one leave
feed_convicted 1000 11000 5  a convicted source that goes on
assess_known     1000 11000 3  the engine answers about a known user
assess_stranger  1000 11000 3  about a stranger
assess_convicted 1000 11000 3  about a convicted source
assess_campaign  1000 11000 3  about a stranger while a campaign is on
noted     1000 21000  5  one plain call with subject, peer and session, each an event for an observer
captured  1000 21000  5  the same with a trail as the observer
trail_ecs      1000 6000 3  the file of a trail takes in a line of ECS, chained
trail_ratchet  1000 6000 3  the same, sealed
trail_ocsf     1000 6000 3  a line of OCSF, chained
'

# Of what is counted in per cent of what: the two are built and run by the same compiler, so that this travels.
readonly ratios='
over-limit  constant limit   2  one awaited call in per cent of the limit
over-cached constant cached  2  one awaited call in per cent of prometheus by hand
over-noted  captured noted   1  a call under a trail in per cent of one under an observer that does nothing
over-text   exemplars scrape 3  a scrape with traces in per cent of the text
over-known  assess_convicted assess_known 2  an answer about a convicted source in per cent of a known user: its time tells nobody apart
'

failed='' unknown='' written=''
declare -A counted

# judge WORK COUNT TOLERANCE WHAT: compares a count with its budget.
judge() {
    local work=$1 each=$2 tolerance=$3 what=$4 budget change
    counted[$work]=$each
    written+="$work $each"$'\n'
    budget=$(awk -v work="$work" '$1 == work { print $2 }' "$budgets" 2>/dev/null || true)
    if [[ -z $budget ]]; then
        [[ -n $update ]] || unknown+=" $work"
        printf '%-11s %12d %12s %8s   %s\n' "$work" "$each" none '' "$what"
        return
    fi
    change=$(awk -v each="$each" -v budget="$budget" 'BEGIN { printf "%+.1f%%", (each / budget - 1) * 100 }')
    printf '%-11s %12d %12d %8s   %s\n' "$work" "$each" "$budget" "$change" "$what"
    if ((each * 100 > budget * (100 + tolerance))); then
        failed+=" $work"
    elif ((each * 100 < budget * (100 - tolerance))); then
        printf '            it needs less than it may: benches/budget/check.sh --update keeps it so\n'
    fi
}

printf '%-11s %12s %12s %8s   %s\n' work counted budget change 'what it is'
while read -r work few many tolerance what; do
    [[ -n $work ]] || continue
    short=$(instructions "$work" "$few")
    long=$(instructions "$work" "$many")
    [[ $short =~ ^[0-9]+$ && $long =~ ^[0-9]+$ ]] || complain "callgrind gave no total for $work"
    judge "$work" $(((long - short) / (many - few))) "$tolerance" "$what"
done <<<"$works"
while read -r work one other tolerance what; do
    [[ -n $work ]] || continue
    judge "$work" $((counted[$one] * 100 / counted[$other])) "$tolerance" "$what"
done <<<"$ratios"

if [[ -n $update ]]; then
    {
        printf '# Instructions of one piece of work, x86-64, and ratios in per cent. Written by check.sh --update; say in the commit why one rises.\n'
        printf '%s' "$written"
    } >"$budgets"
    printf 'written to benches/budget/%s\n' "$budgets"
elif [[ -n $unknown ]]; then
    complain "no budget for:$unknown
Write one: benches/budget/check.sh --update"
elif [[ -n $failed ]]; then
    complain "over budget:$failed
Make it cheaper; or, if it is worth its price, run benches/budget/check.sh --update and say why in the commit."
fi

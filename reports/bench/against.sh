#!/bin/sh
# Measures two commits in turn on this machine: sh reports/bench/against.sh BASE [FOLDER]
# Both are built in FOLDER (default: a temporary one); each measurement of one is followed by that of the
# other, so that what the machine does in between hits both. Results: FOLDER/results/*.json, and a table.
set -eu
base=$1
folder=${2:-$(mktemp -d)}
root=$(git -C "$(dirname -- "$0")" rev-parse --show-toplevel)
mkdir -p "$folder/results"
for name in base now; do
    commit=$base
    [ "$name" = base ] || commit=HEAD
    [ -d "$folder/$name" ] || {
        mkdir "$folder/$name"
        git -C "$root" archive "$commit" | tar -x -C "$folder/$name"
    }
    "$folder/$name/diagonal" --help >/dev/null # builds it
done

# name of the result, checkout, options
measure() {
    out=$folder/results/$1.json
    checkout=$2
    shift 2
    rm -f "$out"
    "$folder/$checkout/diagonal" bench --quiet --json "$out" "$@" >/dev/null
}

for scalings in none both; do
    for length in 1024 256; do
        gpt2="--scalings $scalings --block-size $length --steps 5"
        # shellcheck disable=SC2086
        {
            measure "$scalings-$length-base" base $gpt2
            measure "$scalings-$length-f32" now $gpt2
            measure "$scalings-$length-bf16" now $gpt2 --precision bf16
        }
    done
done
transformer='--network template-transformer --scalings none,both --steps 30'
# Its steps are short, and the machine's speed changes meanwhile: four times in turn.
for round in 1 2 3 4; do
    # shellcheck disable=SC2086
    {
        measure "transformer-base-$round" base $transformer
        measure "transformer-f32-$round" now $transformer
    }
done

# The median step and the peak of every result, one line each.
for file in "$folder"/results/*.json; do
    printf '%-24s' "$(basename "$file" .json)"
    sed -n 's/.*"scalings" : "\([a-z]*\)".*/ \1/p; s/.*"step_seconds" : \([0-9.]*\).*/ \1 s/p; s/.*"peak_resident_bytes" : \([0-9]*\).*/ \1 B/p' "$file" |
        tr -d '\n'
    echo
done

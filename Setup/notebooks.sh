#!/bin/sh
# Runs notebooks whole on the fetched model and text, and names every file that was written.
# Usage: Setup/notebooks.sh FOLDER PLOTS NOTEBOOK...
#   FOLDER takes the executed notebooks; PLOTS is their parameter `plots`. PARE_OPTIONS holds
#   options for each run, such as "--precision bf16".
set -eu

folder=$1 plots=$2
shift 2
cache=${PARE_CACHE:-$HOME/.cache/pare}

mkdir -p "$folder" "$plots"
touch "$folder/.started"
for notebook in "$@"; do
  echo "running $notebook" >&2
  # shellcheck disable=SC2086 # PARE_OPTIONS is a list of words.
  .build/release/pare run "$notebook" -o "$folder/$(basename "$notebook")" ${PARE_OPTIONS:-} \
    --set "plots=$plots" --set "model=$cache/smollm2-135m.gguf" --set "text=$cache/boolq.txt"
done

echo "written:"
find "$folder" "$plots" "$cache" -path "$cache/oracle" -prune -o \
  -type f -newer "$folder/.started" -print | sort -u | sed 's/^/  /'

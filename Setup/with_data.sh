#!/bin/sh
# Runs a command with PARE_MODEL, PARE_TEXT and PARE_PYTHON set to the model, the text and a Python
# that holds PyTorch. What cannot be had is left unset and said; the tests that need it are skipped.
# Usage: Setup/with_data.sh [--tests] COMMAND...
#   --tests sets PARE_GEMMA_GGUF and PARE_LLAMA_CPP too, which only tests read.
set -eu

tests=""
if [ "${1:-}" = --tests ]; then
  tests=yes
  shift
fi

here=$(dirname "$0")
cache=${PARE_CACHE:-$HOME/.cache/pare}

if python3 "$here/data.py"; then
  export PARE_MODEL="$cache/smollm2-135m.gguf" PARE_TEXT="$cache/boolq.txt"
else
  unset PARE_MODEL PARE_TEXT
  echo "data: the tests that need the model or the text will be skipped." >&2
fi

if [ -n "$tests" ]; then
  python3 "$here/test_data.py" ||
    echo "data: the tests that need the missing file or folder will be skipped." >&2
  export PARE_GEMMA_GGUF="$cache/gemma3-270m.gguf" PARE_LLAMA_CPP="$cache/llama.cpp"
fi

PARE_PYTHON=$(sh "$here/oracle.sh")
if [ -n "$PARE_PYTHON" ]; then export PARE_PYTHON; else unset PARE_PYTHON; fi

exec "$@"

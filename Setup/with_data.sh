#!/bin/sh
# Runs a command with PARE_MODEL, PARE_TEXT and PARE_PYTHON set to the model, the text and a Python
# that holds PyTorch. What cannot be had is left unset and said; the tests that need it are skipped.
# Usage: Setup/with_data.sh COMMAND...
set -eu

here=$(dirname "$0")
cache=${PARE_CACHE:-$HOME/.cache/pare}

if python3 "$here/data.py"; then
  export PARE_MODEL="$cache/smollm2-135m.gguf" PARE_TEXT="$cache/boolq.txt"
else
  unset PARE_MODEL PARE_TEXT
  echo "data: the tests that need the model or the text will be skipped." >&2
fi

PARE_PYTHON=$(sh "$here/oracle.sh")
if [ -n "$PARE_PYTHON" ]; then export PARE_PYTHON; else unset PARE_PYTHON; fi

exec "$@"

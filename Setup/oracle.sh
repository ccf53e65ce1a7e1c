#!/bin/sh
# Finds or makes a Python that holds PyTorch and transformers, which the tests compare with, and
# prints its path. Where there is none it prints nothing on standard output, says so on standard
# error and still ends with 0: the tests that need it are skipped and name it.
# Usage: PARE_PYTHON=$(Setup/oracle.sh)
#
# Only PyTorch's CPU build will do, the CUDA build is never downloaded. Where pip does not find it,
# PIP_EXTRA_INDEX_URL or PIP_FIND_LINKS can name the place that has it.
set -eu

modules="torch, transformers, tokenizers, safetensors, gguf, nbformat, numpy"
cache=${PARE_CACHE:-$HOME/.cache/pare}
case $cache in "~"/*) cache=$HOME/${cache#"~"/} ;; esac
venv=$cache/oracle

holds_all() {
  "$1" -c "import $modules" >/dev/null 2>&1
}

install() {
  "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --retries 2 \
    --only-binary :all: "$@" >/dev/null 2>&1
}

# What some want beside that: Benchmarks reads a GGUF by transformers, which needs accelerate, and the
# Jupyter kernel is tested with Jupyter's own clients.
add_extras() {
  for package in accelerate jupyter_client nbclient jupyter_kernel_test; do
    "$venv/bin/python" -c "import $package" 2>/dev/null || install "$package" ||
      echo "oracle: pip cannot install $package: what needs it is skipped." >&2
  done
}

for python in "${PARE_PYTHON:-}" python3 "$venv/bin/python"; do
  if [ -n "$python" ] && holds_all "$python"; then
    if [ "$python" = "$venv/bin/python" ]; then add_extras; fi
    "$python" -c 'import sys; print(sys.executable)'
    exit 0
  fi
done

skip() {
  rm -rf "$venv"
  echo "oracle: $1: the tests that compare with PyTorch and transformers will be skipped." >&2
  exit 0
}

trap 'rm -rf "$venv"; exit 130' INT TERM
echo "oracle: making $venv (PyTorch's CPU build, some 200 MB)" >&2
mkdir -p "$cache"
python3 -m venv --clear "$venv" >/dev/null 2>&1 || skip "python3 cannot make a virtual environment"
install "torch==2.13.0+cpu" || skip "pip finds no CPU build of torch 2.13.0"
install "transformers>=5,<6" tokenizers safetensors gguf nbformat numpy ||
  skip "pip cannot install transformers 5 and what goes with it"
add_extras
holds_all "$venv/bin/python" || skip "what pip installed does not import"
echo "$venv/bin/python"

#!/bin/sh
# Runs Tests/Browser in a headless Chromium on JupyterLab, with the kernel installed in a folder of its own.
# Chromium and its driver come from Debian's packages where they are missing, JupyterLab and Selenium
# from PyPI into the cache folder.
# Usage: Setup/browser.sh SCREENSHOT
set -eu

screenshot=$1
cache=${PARE_CACHE:-$HOME/.cache/pare}
venv=$cache/browser

if ! command -v chromium >/dev/null 2>&1 || ! command -v chromedriver >/dev/null 2>&1; then
  sh "$(dirname "$0")/packages.sh" chromium chromium-driver
fi
if ! "$venv/bin/python" -c "import jupyterlab, selenium" 2>/dev/null; then
  echo "browser: making $venv" >&2
  python3 -m venv --clear "$venv"
  "$venv/bin/python" -m pip install --quiet --disable-pip-version-check jupyterlab selenium
fi

data=$(mktemp -d)
trap 'rm -rf "$data"' EXIT
export JUPYTER_DATA_DIR="$data/data" JUPYTER_RUNTIME_DIR="$data/runtime"
.build/release/pare kernel install --user >&2
"$venv/bin/python" Tests/Browser/jupyterlab.py "$cache/smollm2-135m.gguf" "$cache/boolq.txt" "$screenshot"
echo "written: $screenshot"

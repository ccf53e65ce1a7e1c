#!/bin/sh
# Installs the system packages that Pare builds on, or others that are named, and only those that are
# missing.
# Usage: Setup/packages.sh [PACKAGE...]
set -eu

packages="libreadline-dev libpng-dev libcairo2-dev libfontconfig-dev fonts-dejavu-core
  fonts-dejavu-extra fonts-liberation libdnnl-dev libzmq3-dev libssl-dev libpcre2-dev
  zlib1g-dev pocl-opencl-icd libclblast1 python3-venv python3-pip valgrind binutils
  poppler-utils"
[ $# -eq 0 ] || packages=$*

fail() {
  echo "packages: $1" >&2
  exit 1
}

command -v swift >/dev/null 2>&1 || fail "swift is not on the PATH: Pare needs Swift 6.3 or newer."

if ! command -v dpkg-query >/dev/null 2>&1 || ! command -v apt-get >/dev/null 2>&1; then
  echo "packages: this is no Debian: install what these hold by hand:" $packages >&2
  exit 0
fi

missing=""
for package in $packages; do
  # shellcheck disable=SC2016 # dpkg-query, not the shell, fills ${Status} in.
  case "$(dpkg-query -W -f='${Status}' "$package" 2>/dev/null || true)" in
    "install ok installed") ;;
    *) missing="$missing $package" ;;
  esac
done
[ -n "$missing" ] || exit 0

if [ "$(id -u)" -eq 0 ]; then
  as_root=""
elif command -v sudo >/dev/null 2>&1; then
  # Without a terminal nobody can type a password: fail at once instead of waiting.
  if [ -t 0 ]; then as_root="sudo"; else as_root="sudo -n"; fi
else
  fail "missing$missing, and neither root nor sudo is at hand: have them installed with apt-get."
fi

install() {
  # shellcheck disable=SC2086 # Words are wanted: a command and a list of packages.
  $as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq --no-install-recommends $missing
}

echo "packages: installing$missing" >&2
# The package lists are fetched only where what is there does not do.
if ! install >/dev/null 2>&1; then
  $as_root apt-get update -qq || fail "apt-get update failed: is there a network, and may you sudo?"
  install >/dev/null || fail "apt-get could not install$missing."
fi

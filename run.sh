#!/usr/bin/env bash
# Sets up Counterlife in .venv beside this file, once, and then runs the given command in it.
# A second call starts at once; a changed requirements.lock or pyproject.toml, a moved folder or an interrupted set-up starts over.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
venv=$root/.venv

say() { printf 'run.sh: %s\n' "$*" >&2; }

usage() {
  cat <<'TEXT'
usage: ./run.sh COMMAND [ARGUMENT...]

  ./run.sh counterlife run article    live 310,000 synthetic people and write a report
  ./run.sh counterlife --help         everything else
  ./run.sh pytest                     run the tests
TEXT
}

# The first Python from 3.11 to 3.14 that can make a virtual environment.
find_python() {
  local name
  for name in python3 python3.14 python3.13 python3.12 python3.11; do
    if "$name" -c 'import sys, ensurepip, venv; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 14))' >/dev/null 2>&1; then
      command -v "$name"
      return
    fi
  done
  say "no usable Python found. Counterlife needs Python 3.11, 3.12, 3.13 or 3.14 with its venv module."
  say "Install one (on Debian or Ubuntu: apt-get install python3 python3-venv) and give the same command again."
  return 1
}

# What the environment was made for; it is written into the environment as the last step of the set-up.
wanted() { printf '%s\n' "$venv"; cat "$root/requirements.lock" "$root/pyproject.toml"; }

ready() { [ -x "$venv/bin/python" ] && [ -f "$venv/made-for" ] && wanted | cmp -s - "$venv/made-for"; }

install() { "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-input "$@"; }

set_up() {
  local python
  python=$(find_python)
  say "setting up in $venv with $("$python" --version 2>&1), once; this takes about a minute"
  rm -rf "$venv"
  if ! "$python" -m venv "$venv"; then
    say "the environment could not be made in $venv. Is the folder writable, and is there room for about 1.3 GB?"
    return 1
  fi
  if ! install --require-hashes -r "$root/requirements.lock"; then
    say "the packages could not be installed; pip's own message is above. Usual reasons: no network, or a full disk (about 1.3 GB is needed)."
    say "Nothing half done is kept: give the same command again."
    return 1
  fi
  install --no-deps --no-build-isolation --editable "$root"
  wanted >"$venv/made-for"
}

if [ $# -eq 0 ]; then
  usage >&2
  exit 2
fi
case $1 in -h | --help) usage; exit 0 ;; esac

if ! ready; then
  if command -v flock >/dev/null 2>&1; then
    exec 9>"$root/.venv.lock"
    flock 9 # two first calls at once: the second waits and finds everything made
  fi
  if ! ready; then set_up; fi
  exec 9>&-
fi

export VIRTUAL_ENV=$venv PATH="$venv/bin:$PATH"
unset PYTHONHOME
exec "$@"

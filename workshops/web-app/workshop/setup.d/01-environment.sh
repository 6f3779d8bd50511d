#!/usr/bin/env bash
# Makes a Python environment of the workshop's own in ~/.venv. Nothing is downloaded: it has no
# packages, and no pip to fetch any.

if ! command -v python3 > /dev/null; then
  echo "This workshop needs python3, which is not on this computer. Install it, then start anew." >&2
  exit 1
fi

if ! python3 -c 'import sys; sys.exit(sys.version_info < (3, 8))'; then
  echo "This workshop needs Python 3.8 or newer; here is $(python3 --version)." >&2
  exit 1
fi

python3 -m venv --without-pip "$HOME/.venv"

#!/bin/bash
# Installs what is missing of tests/packages.txt: tests/packages.sh [build]
# build: only the first part of the list, what building needs. As root, or with sudo.
# Where there is no apt, or nothing is missing, it does nothing; the exit status is apt's.
set -euo pipefail
part=${1:-all}
list=$(dirname "${BASH_SOURCE[0]}")/packages.txt
if ! command -v dpkg-query >/dev/null; then exit 0; fi

missing=()
while read -r package; do
  case $package in
    '# tests:'*) if [ "$part" = build ]; then break; fi ;;
    '' | '#'*) ;;
    *)
      # A command of that name from elsewhere does as well (npm comes with some builds of Node).
      if command -v "$package" >/dev/null; then continue; fi
      status=$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null || true)
      [ "$status" = installed ] || missing+=("$package")
      ;;
  esac
done <"$list"
if [ ${#missing[@]} -eq 0 ]; then exit 0; fi

echo "== packages: ${missing[*]}"
as_root=()
if [ "$(id -u)" != 0 ]; then
  # Nobody can type a password where there is no terminal.
  if [ -t 0 ]; then as_root=(sudo); else as_root=(sudo -n); fi
fi
export DEBIAN_FRONTEND=noninteractive
if ! { "${as_root[@]}" apt-get update -q &&
  "${as_root[@]}" apt-get install -y -q --no-install-recommends "${missing[@]}"; }; then
  echo "could not install: ${missing[*]}" >&2
  exit 1
fi

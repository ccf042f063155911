#!/bin/sh
# tests/bench/run.sh BUILD_DIR [ROUNDS]: measures everything and prints a Markdown table.
# Needs nginx, wrk, openssl and taskset; two cores, one for the servers, one for the clients.
# BUILD_DIR: meson setup -Dbench=true -Doptimization=2 BUILD_DIR && ninja -C BUILD_DIR
exec python3 "$(dirname "$0")/run.py" "$@"

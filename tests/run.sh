#!/bin/bash
# Builds everything and runs all tests: tests/run.sh [MESON TEST ARGUMENTS]
# The last line is "N passed, N failed, N skipped"; the exit status is 0 only if nothing failed.
# ARK_TEST_BUILD: the build folder (default: build-test in the source tree; kept between runs).
# ARK_SHARED: the shared corpus (default: ../shared); tests that need it are skipped without it.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
build=${ARK_TEST_BUILD:-$root/build-test}
export CCACHE_SLOPPINESS=${CCACHE_SLOPPINESS:-pch_defines,time_macros}

# Without them the build may still work, or says itself what it lacks.
"$root/tests/packages.sh" || true

echo "== build: $build"
if [ ! -f "$build/build.ninja" ]; then
  meson setup "$build" "$root"
fi
if ! ninja -C "$build"; then
  echo "the build failed" >&2
  echo "0 passed, 1 failed, 0 skipped"
  exit 1
fi

# Tests of exactness are skipped, by name, where there are no vocabularies.
if bash "$root/tests/vocabularies.sh" "$build/vocabularies"; then
  export BPE_RANKS=${BPE_RANKS:-$build/vocabularies}
fi

echo "== tests"
rm -f "$build/meson-logs/testlog.json" "$build/meson-logs/testlog.junit.xml"
# Its exit status says less than the counts below.
meson test -C "$build" --no-rebuild --print-errorlogs "$@" || true
python3 "$root/tests/count.py" "$build"

#!/bin/bash
# From a fresh machine to a batch of questions asked, judged and priced: examples/quickstart.sh
# Installs what is missing (Debian packages of tests/packages.txt), builds, and runs the suite of
# examples/suite. With a vendor's key in the environment (OPENAI_API_KEY, ANTHROPIC_API_KEY,
# DEEPSEEK_API_KEY, ARK_API_KEY) it asks that vendor; without any it asks `ark sim` on loopback.
# Writes to ./quickstart-out (QUICKSTART_OUT) and build-quickstart (QUICKSTART_BUILD), and the
# vocabularies that `ark tokens` counts with to the user's folder for data (~/.local/share/ark).
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
build=${QUICKSTART_BUILD:-$root/build-quickstart}
out=${QUICKSTART_OUT:-$PWD/quickstart-out}
suite=$root/examples/suite/suite.yaml
mkdir -p "$out"

build_ark() {
  echo "== building (log: $out/build.log)"
  {
    [ -f "$build/build.ninja" ] ||
      meson setup "$build" "$root" -Dtests=false  # -O1: -O2 takes longer to build
    ninja -C "$build" cli/ark
  } >"$out/build.log" 2>&1 || {
    tail -n 30 "$out/build.log" >&2
    exit 1
  }
}

# For `ark tokens count`; nothing below needs them.
install_vocabularies() {
  local name
  if ! bash "$root/tests/vocabularies.sh" "$out/vocabularies"; then
    echo "   ark tokens counts with files that you have: ark tokens install o200k_base.tiktoken"
    return 0
  fi
  echo "== ark tokens install"
  for name in o200k_base cl100k_base; do
    "$ark" tokens install "$out/vocabularies/$name.tiktoken"
  done
  "$ark" tokens install "$out/vocabularies/o200k_base.tiktoken" --name o200k_harmony
}

# Settings that point the vendors to the simulator go to this process only.
start_simulator() {
  echo "== no vendor key in the environment: asking a simulator on this machine"
  # It ends when this script does: its standard input is held open here.
  exec {hold}> >(exec "$ark" sim --json --until-eof --fallible --seed 7 --latency 5ms..40ms \
    --key quickstart >"$out/simulator.json" 2>"$out/simulator.log")
  simulator=$!
  trap 'exec {hold}>&-; wait "$simulator" 2>/dev/null || true' EXIT
  for _ in $(seq 100); do
    [ ! -s "$out/simulator.json" ] || break
    sleep 0.05
  done
  local origin
  origin=$(sed -n 's/.*"origin":"\([^"]*\)".*/\1/p' "$out/simulator.json")
  [ -n "$origin" ] || {
    cat "$out/simulator.log" >&2
    exit 1
  }
  local vendor
  for vendor in OPENAI ANTHROPIC DEEPSEEK; do
    export "ARK_${vendor}_BASE_URL=$origin/v1" "ARK_${vendor}_KEY=quickstart"
  done
  export ARK_VOLCENGINE_ARK_BASE_URL=$origin/api/v3 ARK_VOLCENGINE_ARK_KEY=quickstart
  models=()
}

# Only vendors that there is a key for are asked.
choose_models() {
  models=(-m auto)
  [ -z "${OPENAI_API_KEY:-}" ] || models+=(-m openai/gpt-5-mini)
  [ -z "${ANTHROPIC_API_KEY:-}" ] || models+=(-m anthropic/claude-haiku-4-5)
  [ -z "${DEEPSEEK_API_KEY:-}" ] || models+=(-m deepseek/deepseek-v4-flash)
  [ -z "${ARK_API_KEY:-}" ] || models+=(-m volcengine-ark/deepseek-v4-flash-260425)
  echo "== asking vendors: ${models[*]}"
}

"$root/tests/packages.sh" build
build_ark
ark=$build/cli/ark
install_vocabularies
if [ -n "${OPENAI_API_KEY:-}${ANTHROPIC_API_KEY:-}${DEEPSEEK_API_KEY:-}${ARK_API_KEY:-}" ]; then
  choose_models
  results=$out/results
  fresh=()
else
  start_simulator
  results=$out/results-simulated
  fresh=(--fresh) # the simulator costs nothing
fi

export ARK_LEDGER=$out/ledger.db
echo "== ark eval run examples/suite/suite.yaml"
status=0
"$ark" eval run "$suite" "${models[@]}" "${fresh[@]}" --output "$results.jsonl" \
  --junit "$results.xml" || status=$?
echo "== ark ledger report --by model"
"$ark" ledger report --by model
cat <<TEXT
== where everything is
  the command        $ark
  the suite          $suite
  answers, judged    $results.jsonl (and .xml for CI)
  the ledger         $out/ledger.db    (ark ledger list --ledger $out/ledger.db)
TEXT
case $status in
  0) echo "all answers were right" ;;
  1) echo "some answers were wrong: the suite is there to find that (exit status 1)" ;;
  *) exit "$status" ;;
esac

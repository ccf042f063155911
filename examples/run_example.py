#!/usr/bin/env python3
"""Runs an example against `ark sim`: run_example.py ARK PROGRAM. Fails if it fails or is silent."""
import json
import os
import subprocess
import sys
import tempfile

ark, program = sys.argv[1:3]
sim = subprocess.Popen([ark, "sim", "--json", "--until-eof", "--key", "example-key"],
                       stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
try:
    at = json.loads(sim.stdout.readline())
    with tempfile.TemporaryDirectory() as folder:
        for model in ("openai/gpt-5-mini", "anthropic/claude-haiku-4-5"):
            environment = dict(os.environ, ARK_OPENAI_BASE_URL=at["openai"],
                               ARK_OPENAI_KEY="example-key", ARK_ANTHROPIC_BASE_URL=at["anthropic"],
                               ARK_ANTHROPIC_KEY="example-key", ARK_EXAMPLE_MODEL=model,
                               ARK_EXAMPLE_LEDGER=os.path.join(folder, "ledger.db"))
            done = subprocess.run([program], env=environment, capture_output=True, text=True,
                                  timeout=30)
            sys.stdout.write(done.stdout)
            sys.stderr.write(done.stderr)
            if done.returncode != 0 or not done.stdout.strip():
                sys.exit(f"{os.path.basename(program)} with {model}: exit {done.returncode}")
finally:
    sim.stdin.close()
    sim.wait(timeout=10)

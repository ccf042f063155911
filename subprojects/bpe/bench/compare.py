"""Measures bpe against npm tiktoken: runs of both in turn, and the ratio of processor times.

    python3 bench/compare.py BPE_BENCH RANKS TEXT [RUNS [NPM]]

BPE_BENCH: the program bpe-bench; RANKS: a folder with o200k_base.bpe and cl100k_base.bpe; TEXT: made by
make_corpus.py; RUNS: how many of each engine (5); NPM: a folder where npm tiktoken is installed (the current one).
Prints a line for each encoding: the least, the median and the greatest of each figure.
"""

import json
import os
import statistics
import subprocess
import sys

PEER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "peer.js")


def run(*words, folder=None):
    done = subprocess.run(words, stdout=subprocess.PIPE, text=True, check=True, cwd=folder)
    return json.loads(done.stdout)


def spread(values):
    return f"{min(values):.1f} {statistics.median(values):.1f} {max(values):.1f}"


def compare(bench, ranks, text, runs, npm, name):
    figures = {}
    for _ in range(runs):
        ours = run(bench, os.path.join(ranks, name + ".bpe"), text, "5")
        peer = run("node", PEER, name, text, "3", folder=npm)
        if ours["tokens"] != peer["tokens"] or not ours["same"]:
            sys.exit(f"{name}: {ours['tokens']} tokens, {peer['tokens']} of the peer")
        row = {
            "encode ratio": ours["encode_mb_s"] / peer["encode_mb_s"],
            "count ratio": ours["count_mb_s"] / peer["encode_mb_s"],
            "encode MB/s": ours["encode_mb_s"],
            "peer MB/s": peer["encode_mb_s"],
            "open ms": ours["load_ms"],
            "word ms": max(ours[key] for key in ours if key.startswith("word_")),
        }
        for key, value in row.items():
            figures.setdefault(key, []).append(value)
    print(name + ": " + "; ".join(f"{key} {spread(values)}" for key, values in figures.items()))


def main():
    bench, ranks, text = map(os.path.abspath, sys.argv[1:4])
    runs = int(sys.argv[4]) if len(sys.argv) > 4 else 5
    npm = sys.argv[5] if len(sys.argv) > 5 else "."
    for name in ("o200k_base", "cl100k_base"):
        compare(bench, ranks, text, runs, npm, name)


if __name__ == "__main__":
    main()

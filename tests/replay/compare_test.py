#!/usr/bin/env python3
"""compare_test.py ARK EXCEPTIONS: runs `ark replay --json` over the shared corpus ($ARK_SHARED, or
../shared beside the source tree), with --vendor over what the row of a provider's name does not
read (no such row, or a provider with several), and lets the corpus's own independent reader judge
(compare.py and expected.jsonl there). Fails on any row that differs and is not in EXCEPTIONS (file,
kinds, reason), on an exception that is no longer needed, on a crash, on a line that is missing,
when suspiciously few rows were judged, and when more recordings stay unread than MOST_UNREAD.
Exit 77: no corpus."""
import collections
import importlib.util
import json
import os
import subprocess
import sys
import tempfile


def load_rows(path):
    with open(path, encoding="utf-8") as lines:
        return {row["file"]: row for row in map(json.loads, lines)}


def load_exceptions(path):
    rows = {}
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            if line.strip() and not line.startswith("#"):
                file, kinds, reason = line.rstrip("\n").split("\t")
                assert reason.strip(), "%s: an exception needs a reason" % file
                rows[file] = set(kinds.split(","))
    return rows


def load_compare(corpus):
    spec = importlib.util.spec_from_file_location("compare", os.path.join(corpus, "compare.py"))
    module = importlib.util.module_from_spec(spec)
    sys.dont_write_bytecode = True
    spec.loader.exec_module(module)
    return module


def judge(program, expected, compare):
    """-> ({(vendor, op): Counter}, {file: [(kind, expected, ours)]})"""
    counts, differing = collections.defaultdict(collections.Counter), {}
    for file, want in expected.items():
        got = program[file]
        key = (got["vendor"] or "(no row)", want["op"])
        if got["outcome"] == "unsupported" or want["kind"] == "skip":
            counts[key]["unsupported" if got["outcome"] == "unsupported" else "not judged"] += 1
            continue
        # Our buckets are disjoint by design, so the reader is not asked to guess the convention.
        wrong = [d for d in compare.diff(got, want, "disjoint") if not d[0].endswith("~")]
        counts[key]["differ" if wrong else "agree"] += 1
        if wrong:
            differing[file] = wrong
    return counts, differing


def run_replay(ark, folder, *options):
    """-> {file: row}"""
    run = subprocess.run([ark, "replay", "--json", *options, folder], capture_output=True,
                         check=False)
    if run.returncode != 0:
        sys.exit("ark replay ended with %d: %s" %
                 (run.returncode, run.stderr.decode(errors="replace")[-2000:]))
    return {row["file"]: row for row in map(json.loads, run.stdout.decode().splitlines())}


LEAST_AGREE = 5262
LEAST_STRANGERS = 40
# All that no row reads, of every operation: lower it when a row learns more. README.md lists them.
MOST_UNREAD = 138

# Two rows of a provider's with the same path below their base URLs: replay cannot tell them apart.
SAME_PATH_ROWS = (("azure.com/openai/v1/", "azure-v1"),)


def row_for(recording, unread):
    """The row for the recording's path, where the one that replay chose is not it: another one of
    its provider's, or the one for any server of the family. None: leave it as it is."""
    path = recording["url"].split("?")[0]
    for part, row in SAME_PATH_ROWS:
        if part in path and path.endswith(("/chat/completions", "/embeddings")):
            return row
    if not unread:
        return None
    if path.endswith(("/chat/completions", "/embeddings")):
        return "custom"
    # Not those of a vendor, which may be of another shape.
    if path.endswith("/v1/completions") and recording["provider"] == "local-openai-compatible":
        return "custom-completions"
    if path.endswith("/responses"):
        return "custom-responses"
    return "anthropic" if path.endswith("/messages") else None


def run_strangers(ark, corpus, program):
    """Recordings that no row of their provider's name reads, or another one than theirs, through
    the row for their path."""
    rows = {}
    providers = {row.split("-")[0] for _, row in SAME_PATH_ROWS}
    with tempfile.TemporaryDirectory() as folder:
        for file, result in program.items():
            unread = result["outcome"] == "unsupported"
            if not unread and file.split("/")[-2] not in providers:
                continue
            with open(os.path.join(corpus, file), encoding="utf-8") as text:
                recording = json.load(text)
            row = row_for(recording, unread)
            if not row:
                continue
            copy = os.path.join(folder, row, file)
            os.makedirs(os.path.dirname(copy), exist_ok=True)
            with open(copy, "w", encoding="utf-8") as text:
                json.dump(recording, text)
        for row in sorted(os.listdir(folder)):
            rows.update(run_replay(ark, os.path.join(folder, row), "--vendor", row))
    return rows


def print_groups(title, pairs):
    """-> how many pairs there are; prints their counts, a line for each first half."""
    groups = collections.defaultdict(collections.Counter)
    for first, second in pairs:
        groups[first][second] += 1
    for first, counts in sorted(groups.items()):
        print("%s%s: %s" % (title, first, ", ".join("%s %d" % c for c in sorted(counts.items()))))
    return sum(sum(counts.values()) for counts in groups.values())


def main():
    ark, exceptions_file = sys.argv[1:3]
    source = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
    shared = os.environ.get("ARK_SHARED") or os.path.join(source, "..", "shared")
    corpus = os.path.join(shared, "recordings")
    if not os.path.isdir(corpus):
        print("skipped: no shared corpus")
        return 77
    program = run_replay(ark, corpus)
    expected = load_rows(os.path.join(corpus, "expected.jsonl"))
    strangers = run_strangers(ark, corpus, program)
    program.update(strangers)
    print("%d recordings through the row for their path" % len(strangers))
    missing = sorted(set(expected) - set(program))
    if missing:
        print("no line for %d recordings, the first: %s" % (len(missing), missing[0]))
        return 1
    counts, differing = judge(program, expected, load_compare(corpus))
    exceptions = load_exceptions(exceptions_file)
    for key, count in sorted(counts.items()):
        if count["agree"] or count["differ"]:
            print("%-18s %-12s" % key, dict(count))
    bad = 0
    for file, wrong in sorted(differing.items()):
        if {kind for kind, _, _ in wrong} <= exceptions.get(file, set()):
            continue
        bad += 1
        for kind, want, got in wrong:
            print("%s: %s\n  expected %.300r\n  got      %.300r" % (file, kind, want, got))
    for file in sorted(set(exceptions) - set(differing)):
        bad += 1
        print("%s: is an exception and agrees: take it out of the list" % file)
    print_groups("read as ", ((got["vendor"], expected[file]["provider"])
                              for file, got in strangers.items()
                              if got["outcome"] != "unsupported"))
    unread = print_groups("unread: ", ((want["provider"], want["op"])
                                       for file, want in expected.items()
                                       if program[file]["outcome"] == "unsupported"))
    if unread > MOST_UNREAD:
        bad += 1
        print("%d recordings are read by no row, at most %d were" % (unread, MOST_UNREAD))
    agree = sum(count["agree"] for count in counts.values())
    print("%d agree, %d differ (%d excepted), %d unread" %
          (agree, len(differing), len(exceptions), unread))
    return 1 if bad or agree < LEAST_AGREE or len(strangers) < LEAST_STRANGERS else 0


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
"""jobs_test.py ARK: what `ark replay --json` lists of models, files, batches and token counts in
the shared corpus ($ARK_SHARED, or ../shared beside the source tree) against the recorded JSON, read
here in plain Python: all ids in their order, how many bytes a file has, how many tokens there are.
Fails on a difference, on a good answer that becomes an error, when more than MOST_UNREAD are not
read, and when fewer than LEAST were compared. Exit 77: no corpus."""
import base64
import collections
import json
import os
import subprocess
import sys
from urllib.parse import unquote, urlsplit

# Lower the one and raise the other when a row learns more.
MOST_UNREAD = 24
LEAST = {"models": 39, "files": 81, "batch": 32, "tokens": 30}
LISTS = ("data", "results", "models", "result", "files", "batches", "operations")
IDS, NAMES = ("batch_id", "custom_id", "batch_request_id", "id"), ("name",)
# Vendors whose ids are called names; elsewhere a name is something else.
NAMING = ("cohere", "cloudflare", "ollama", "pollinations", "gemini", "vertex")
# Vendors whose names are paths ("files/x"): the last segment counts.
PATHS = ("gemini", "vertex")


def body_of(recording):
    encoded = recording.get("response_body_base64")
    return base64.b64decode(encoded) if encoded else recording["response_body"].encode()


def id_of(item, provider):
    """None: it has none."""
    if isinstance(item, str):
        return item
    members = NAMES if provider in NAMING else IDS
    return next((item[m] for m in members if isinstance(item.get(m), str)), None)


def tokens_of(answer):
    for member in ("input_tokens", "inputTokens", "totalTokens"):
        if member in answer:
            return answer[member]
    return len(answer["tokens"])


def items_of(recording):
    """What replay should list."""
    body, path = body_of(recording), urlsplit(recording["url"]).path
    provider = recording["provider"]
    if path.endswith("/content"):
        return ["%d bytes" % len(body)]
    if recording["method"] == "DELETE":
        return [unquote(path.rsplit("/", 1)[1])]
    if path.endswith("/results") and provider == "anthropic":
        return [id_of(json.loads(line), provider) for line in body.splitlines() if line.strip()]
    answer = json.loads(body)
    if recording["op"] == "tokens":
        return [str(tokens_of(answer))]
    if answer is None:
        return []
    if isinstance(answer, dict):
        answer = answer.get("file", answer)
        answer = next((answer[m] for m in LISTS if isinstance(answer.get(m), list)), [answer])
    return [i for i in (id_of(item, provider) for item in answer) if i is not None]


def same(want, got, provider):
    if provider in PATHS:
        want, got = ([i.rsplit("/", 1)[-1] for i in ids] for ids in (want, got))
    return want == got


def read_corpus(corpus):
    """-> {file: recording} of the good answers to judge"""
    recordings = {}
    with open(os.path.join(corpus, "index.jsonl"), encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            # What is made in the background: media_test.py.
            is_task = "/operations/" in row["url"]
            if row["op"] in LEAST and 200 <= row["status"] < 300 and not is_task:
                path = os.path.join(corpus, row["file"])
                with open(path, encoding="utf-8") as text:
                    recordings[path] = json.load(text)
    return recordings


def run_replay(ark, files):
    """-> [row]"""
    run = subprocess.run([ark, "replay", "--json", *files], capture_output=True, check=False)
    if run.returncode != 0:
        sys.exit("ark replay ended with %d: %s" %
                 (run.returncode, run.stderr.decode(errors="replace")[-2000:]))
    return [json.loads(line) for line in run.stdout.decode().splitlines()]


def main():
    source = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
    shared = os.environ.get("ARK_SHARED") or os.path.join(source, "..", "shared")
    corpus = os.path.join(shared, "recordings")
    if not os.path.isdir(corpus):
        print("skipped: no shared corpus")
        return 77
    recordings = read_corpus(corpus)
    compared, items, unread, bad = (collections.Counter() for _ in range(4))
    for row in run_replay(sys.argv[1], sorted(recordings)):
        recording = recordings[row["file"]]
        op, provider = recording["op"], recording["provider"]
        if row["outcome"] == "unsupported":
            unread["%s %s" % (op, provider)] += 1
            continue
        want = items_of(recording) if row["outcome"] == "reply" else None
        if want is not None and same(want, row.get("items", []), provider):
            compared[op] += 1
            items[op] += len(want)
            continue
        bad[op] += 1
        print("%s: %s %s\n  expected %.300r\n  got      %.300r" %
              (row["file"], op, provider, want, row["error"] or row.get("items", [])))
    for op, least in LEAST.items():
        print("%-6s %d answers agree, %d items; %d differ" % (op, compared[op], items[op], bad[op]))
        if compared[op] < least:
            bad[op] += 1
            print("%s: at least %d must be compared" % (op, least))
    print("unread: " + ", ".join("%s %d" % each for each in sorted(unread.items())))
    if unread.total() > MOST_UNREAD:
        bad["unread"] += 1
        print("%d answers are read by no row, at most %d were" % (unread.total(), MOST_UNREAD))
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())

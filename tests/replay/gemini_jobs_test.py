#!/usr/bin/env python3
"""gemini_jobs_test.py ARK: runs `ark replay --json` over the shared corpus's recordings of gemini's
and vertex's models, files, batches, caches and token counts ($ARK_SHARED, or ../shared beside the
source tree) and compares its items with what the raw JSON says, read here without the library. What
is below another interface (operations of videos, stores for searching) must stay unread.
Exit 77: no corpus."""
import collections
import json
import os
import re
import subprocess
import sys

PROVIDERS = ("gemini", "vertex")
OPERATIONS = ("models", "files", "batch", "cache", "tokens")
LEAST_READ = 64


def names(body, key):
    return [item["name"] for item in body.get(key, [])]


# (method, path, items): the first that fits; the path may be matched by groups.
RULES = [
    ("POST", r"/models/[^/]+:countTokens", lambda body, m: [str(body["totalTokens"])]),
    ("GET", r"/models", lambda body, m: [n.removeprefix("models/") for n in names(body, "models")]),
    ("GET", r"/models/([^/:]+)", lambda body, m: [m[1]]),
    ("POST", r"/models/[^/]+:batchGenerateContent", lambda body, m: [body["name"]]),
    ("POST|PUT", r"/upload/v1beta/files", lambda body, m: [body["file"]["name"]]),
    ("GET", r"/files", lambda body, m: names(body, "files")),
    ("GET", r"/files/[^/:]+", lambda body, m: [body["name"]]),
    ("POST", r"/cachedContents", lambda body, m: [body["name"]]),
    ("GET", r"/cachedContents", lambda body, m: names(body, "cachedContents")),
    ("GET|PATCH", r"/cachedContents/[^/:]+", lambda body, m: [body["name"]]),
    ("DELETE", r"/(?:files|cachedContents)/([^/:]+)", lambda body, m: [m[1]]),
]
BASE = r"https://[^/]+(?:/v1beta1?(?:/projects/[^/]+/locations/[^/]+/publishers/google)?)?"


def expected_items(recording):
    """The items that its answer has; None: of another interface."""
    url = recording["url"].split("?")[0]
    for methods, path, items in RULES:
        match = re.fullmatch(BASE + path, url)
        if match and re.fullmatch(methods, recording["method"]):
            return items(json.loads(recording["response_body"]), match)
    return None


def main():
    source = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
    shared = os.environ.get("ARK_SHARED") or os.path.join(source, "..", "shared")
    corpus = os.path.join(shared, "recordings")
    if not os.path.isdir(corpus):
        print("skipped: no shared corpus")
        return 77
    with open(os.path.join(corpus, "index.jsonl"), encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    files = [os.path.join(corpus, row["file"]) for row in rows
             if row["provider"] in PROVIDERS and row["op"] in OPERATIONS
             and "/operations/" not in row["url"]]  # videos: media_test.py
    run = subprocess.run([sys.argv[1], "replay", "--json", *files], capture_output=True, check=True)
    counts, wrong = collections.Counter(), []
    for line in run.stdout.decode().splitlines():
        got = json.loads(line)
        with open(os.path.join(corpus, got["file"]), encoding="utf-8") as text:
            recording = json.load(text)
        if recording["status"] >= 300:
            agree = got["outcome"] == "error"
        else:
            want = expected_items(recording)
            agree = got["outcome"] == "unsupported" if want is None else (
                got["outcome"] == "reply" and got["items"] == want)
        counts[got["outcome"] if agree else "wrong"] += 1
        if not agree:
            wrong.append((got["file"], got["outcome"], got.get("items"), got.get("error")))
    print(dict(counts))
    for row in wrong:
        print("differs:", *row)
    if counts["reply"] + counts["error"] < LEAST_READ:
        print("only %d were read" % (counts["reply"] + counts["error"]))
        return 1
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
"""media_test.py ARK: runs `ark replay --json` over the shared corpus's recorded images, videos,
audio and moderation ($ARK_SHARED, or ../shared beside the source tree), reads the same recordings
as plain JSON, with nothing of the library's, and compares: how many images there are, each one's
URL or number of bytes; the ids of tasks and the URLs of what came of them; what was said; how many
bytes are spoken; which inputs are flagged; all tokens.
Fails on any difference, and when suspiciously few answers were judged. Exit 77: no corpus."""
import base64
import json
import os
import subprocess
import sys

LEAST_JUDGED = 66
OPERATIONS = ("images", "audio", "moderation")
# Parts of URLs: what a vendor makes in the background has other operations' names in the corpus.
TASKS = ("/operations/", "/predictions")


def pictures(answer):
    """-> a text for each image, as the program says it."""
    found = []
    for each in answer.get("data", answer.get("images")):
        packed = each if isinstance(each, str) else each.get("b64_json")
        found.append("%d bytes" % len(base64.b64decode(packed)) if packed else each["url"])
    return found


def verdicts(answer):
    return ["flagged" if each.get("flagged", any(each["categories"].values())) else "passed"
            for each in answer["results"]]


def task(answer):
    """-> the id of a task that goes on, or the URLs of what came of it; None: no task."""
    if "polling_url" in answer:
        return [answer["polling_url"]]
    if answer.get("status") == "Pending":
        return []
    if "output" in answer:
        return answer["output"]
    if "response" in answer:
        made = answer["response"]["generateVideoResponse"]["generatedSamples"]
        return [each["video"]["uri"] for each in made]
    if "name" in answer or answer.get("status") in ("starting", "processing"):
        return [answer.get("name") or answer["id"]]
    return None


def want(path, answer):
    """What the program should say of an answer: a part of its row. None: not an answer to judge."""
    if path.endswith(":predict"):
        return None
    if (of_task := task(answer)) is not None:
        return {"items": of_task} if of_task else {"outcome": "reply"}
    if path.endswith("/moderations"):
        return {"items": verdicts(answer)}
    if "/image" in path:
        return {"items": pictures(answer)}
    if path.endswith("/speech"):
        return {"items": ["%d bytes" % len(base64.b64decode(answer["audio_data"]))]}
    return {"text": answer["text"]}


def check(recording, row):
    """-> complaints; None if the recording is no answer that can be judged."""
    path = recording["url"].split("?")[0]
    if recording["status"] >= 300 or row["outcome"] == "unsupported":
        return None
    answer = json.loads(recording["response_body"])
    expected = want(path, answer)
    if expected is None:
        return None
    wrong = ["%s: %r, should be %r" % (name, row.get(name), value)
             for name, value in expected.items() if row.get(name) != value]
    # Mistral's moderation counts more than its parts, and the reply's notes say so.
    total = (answer.get("usage") or {}).get("total_tokens", 0)
    said = row["usage"].get("total", 0)
    if total != said and not any(str(total) in note for note in row["notes"]):
        wrong.append("tokens: %r, should be %r" % (said, total))
    return wrong


def replay(ark, files):
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
    with open(os.path.join(corpus, "index.jsonl"), encoding="utf-8") as lines:
        files = [os.path.join(corpus, row["file"]) for row in map(json.loads, lines)
                 if row["op"] in OPERATIONS or any(part in row["url"] for part in TASKS)]
    rows = replay(sys.argv[1], files)
    judged, failed = 0, 0
    for row in rows:
        with open(row["file"], encoding="utf-8") as text:
            recording = json.load(text)
        wrong = check(recording, row)
        judged += wrong is not None
        for complaint in wrong or []:
            failed += 1
            print("%s: %s" % (row["file"], complaint))
    print("%d answers of %d recordings judged, %d differences" % (judged, len(rows), failed))
    if len(rows) != len(files) or judged < LEAST_JUDGED:
        print("too few")
        return 1
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
"""table.py [--check]: writes the table of vendors in README.md from the rows; --check only says
whether it is up to date (exit 1 if not). What a row says of itself is all there is to say."""
import pathlib
import re
import sys

FOLDER = pathlib.Path(__file__).resolve().parent
README = FOLDER.parent.parent / "README.md"
HEAD = ("| vendor | family | operations | key | verified by | facts read |\n"
        "|---|---|---|---|---|---|\n")
TABLE = re.compile(r"\| vendor \|.*\n(?:\|.*\n)*")


def field(row, name):
    found = re.search(r'^%s:((?:\s*"[^"]*")+)' % name, row, re.M)
    return "".join(re.findall(r'"([^"]*)"', found[1])) if found else ""


def operations(row):
    able = re.findall(r'"(\w+)"', " ".join(re.findall(r"^capability:(.*)$", row, re.M)))
    names = {"chat": "chat", "complete": "completions", "agent": "agents", "embed": "embeddings",
             "rerank": "rerank", "count": "token count", "models": "models", "files": "files",
             "batch": "batch", "image": "images", "video": "videos", "speech": "speech",
             "transcription": "transcription", "moderation": "moderation"}
    return ", ".join(names[word] for word in names if word in able)


def line(path):
    row = path.read_text()
    verified = field(row, "verified").replace("; no live call", "")
    cells = [field(row, "name"), field(row, "dialect"), operations(row),
             "`%s`" % field(row, "key_variable").replace("|", "` or `").replace("+", "`, `"),
             verified, field(row, "doc_date")]
    return "| " + " | ".join(cells) + " |\n"


def main():
    table = HEAD + "".join(line(path) for path in sorted(FOLDER.glob("*.textproto")))
    text = README.read_text()
    made = TABLE.sub(lambda _: table, text, count=1)
    if "--check" in sys.argv[1:]:
        return 0 if made == text else "the vendors in README.md are not those of the rows: run " \
            "adapters/vendor/table.py"
    README.write_text(made)
    return 0


if __name__ == "__main__":
    sys.exit(main())

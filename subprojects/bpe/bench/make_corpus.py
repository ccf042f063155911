"""Writes a text of English, Chinese and code, a third of the bytes each.

    python3 bench/make_corpus.py OUT MEGABYTES DATA... -- CODE...

DATA: folders of .json, .jsonl and .md files whose strings are taken; CODE: folders of source files. Where there is
too little Chinese, its sentences are drawn again in another order. Same input, same output.
"""

import json
import pathlib
import random
import sys

CODE = {".cpp", ".hpp", ".py", ".js", ".ts", ".c", ".h", ".rs", ".go", ".java"}


# Rows made to try tokenizers (long runs, random characters) are no text of the kind that is measured.
MADE_UP = {"nocjkspace", "randuni", "longword", "repeat", "control", "punct", "casing", "scripts", "emoji", "special"}


def strings(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict) and value.get("category") in MADE_UP:
        return
    elif isinstance(value, list):
        for item in value:
            yield from strings(item)
    elif isinstance(value, dict):
        for item in value.values():
            yield from strings(item)


def texts(path):
    text = path.read_text(errors="ignore")
    if path.suffix == ".md":
        yield from text.split("\n\n")
        return
    for part in text.splitlines() if path.suffix == ".jsonl" else [text]:
        try:
            yield from strings(json.loads(part))
        except (ValueError, RecursionError):
            continue


def collect(folders):
    english, chinese = set(), set()
    for folder in folders:
        for path in sorted(pathlib.Path(folder).rglob("*")):
            if path.suffix not in {".json", ".jsonl", ".md"} or "sealed" in path.parts:
                continue
            for text in map(str.strip, texts(path)):
                han = sum("\u4e00" <= c <= "\u9fff" for c in text)
                if len(text) < 30:
                    continue
                if han > 0.4 * len(text):
                    chinese.update(s + "。" for s in text.split("。") if len(s) > 10)
                elif han == 0 and text.count(" ") > len(text) / 10 and \
                        sum(c.isalpha() or c == " " for c in text) > 0.85 * len(text):
                    english.add(text)
    return sorted(english), sorted(chinese)


def code(folders):
    out = []
    for folder in folders:
        out += [p for p in sorted(pathlib.Path(folder).rglob("*")) if p.suffix in CODE]
    return [p.read_text(errors="ignore") for p in out]


def fill(parts, size, draw):
    out, have = [], 0
    while have < size:
        order = list(parts)
        draw.shuffle(order)
        for part in order:
            out.append(part)
            have += len(part.encode())
            if have >= size:
                break
    return "\n".join(out)


def main():
    split = sys.argv.index("--")
    size = int(float(sys.argv[2]) * 1e6 / 3)
    draw = random.Random(5)
    english, chinese = collect(sys.argv[3:split])
    blocks = []
    for parts in (english, chinese, code(sys.argv[split + 1:])):
        text = fill(parts, size, draw)
        blocks += [text[i:i + 4000] for i in range(0, len(text), 4000)]
        print(len(parts), "parts,", sum(map(len, parts)), "characters to draw from", file=sys.stderr)
    draw.shuffle(blocks)
    pathlib.Path(sys.argv[1]).write_text("".join(blocks))


if __name__ == "__main__":
    main()

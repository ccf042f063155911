"""Compares the hand-written splits with the expressions that they stand for, run by python's `regex`.

    python3 split_oracle.py SPLIT_DUMP [TEXTS [SEED]]
"""

import random
import subprocess
import sys
import unicodedata

try:
    import regex
except ImportError:
    print("skipped: no python module regex")
    sys.exit(77)

KINDS = {"gpt2": 1, "cl100k": 2, "qwen2": 3, "o200k": 4, "tekken": 5, "kimi": 6, "deepseek_v3": 7, "qwen3_5": 9}
DEEPSEEK = [
    r"\p{N}{1,3}",
    "[一-龥\u3040-ゟ゠-ヿ]+",
    "[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+|[^\r\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+"
    "| ?[\\p{P}\\p{S}]+[\r\n]*|\\s*[\r\n]+|\\s+(?!\\S)|\\s+",
]
# \s is White_Space, which python's is not: U+001C to U+001F are not in it.
SPACE = r"\p{White_Space}"
PARTS = ["the", "The", "THE", "a", "A", "aB", "Ab", "'s", "'S", "'t", "'re", "'RE", "'Ve", "'m", "'ll", "'lL", "'d", "'",
         "'x", "'\u017f", "'\u017F\u017F", "\u212a", " ", "  ", "\n", "\r", "\r\n", "\t", "\u00a0", "\u0085", "\u2028",
         "\u3000", "\ufeff", "\u200b", "\u180e", "\x1c", "\x00", "\x01", "\x7f", "\x80", "1", "12", "1234", "½", "٣",
         "Ⅷ", "²", ".", "...", "!", "/", "//", "\\", "#", "-", "_", "$", "€", "中", "中文", "々", "〇", "⺀", "龥", "\u9fa6",
         "\u9fff", "か", "カ", "ー", "한", "é", "e\u0301", "\u0301", "\u0903", "\u20dd", "Ж", "ж", "ǅ", "ʰ", "ª", "ß", "İ",
         "ı", "\U0001f600", "\U0001f468\u200d\U0001f469", "\ufe0f", "\U0001f3fd", "\U00020000", "\U00010400",
         "\U00010428", "\ue000", "\ufffd", "\ufffe", "\U000e0001"]


def agreed(char):
    """Whether every Unicode from python's own on has the character: `regex` and the library may differ in theirs."""
    return char == "\ufffe" or unicodedata.category(char) != "Cn"


def text(draw):
    out = []
    for _ in range(draw.randrange(1, 24)):
        if draw.random() < 0.15:
            code = draw.choice([draw.randrange(0x250), draw.randrange(0x3400), draw.randrange(0x20000)])
            if not 0xD800 <= code <= 0xDFFF and agreed(chr(code)):
                out.append(chr(code))
        else:
            out.append(draw.choice(PARTS))
    return "".join(out)


def compiled(pattern):
    pattern = pattern.replace(r"[^\s", "[^" + SPACE).replace(r"\s", SPACE).replace(r"\S", r"\P{White_Space}")
    return regex.compile(pattern, regex.V1)


def isolate(pattern, pieces):
    out = []
    for piece in pieces:
        at = 0
        for match in pattern.finditer(piece):
            if match.start() > at:
                out.append(piece[at:match.start()])
            if match.group():
                out.append(match.group())
            at = match.end()
        if at < len(piece):
            out.append(piece[at:])
    return out


def main():
    dump = sys.argv[1]
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 2000
    draw = random.Random(int(sys.argv[3]) if len(sys.argv) > 3 else 1)
    texts = [text(draw) for _ in range(count)]
    blob = b"".join(b"%08x" % len(t.encode()) + t.encode() for t in texts)
    wrong = 0
    for name, kind in KINDS.items():
        told = subprocess.run([dump, "pattern", str(kind)], capture_output=True, check=True).stdout.decode()
        patterns = [compiled(p) for p in (DEEPSEEK if name == "deepseek_v3" else [told])]
        lines = subprocess.run([dump, str(kind)], input=blob, capture_output=True, check=True).stdout.decode()
        for one, line in zip(texts, lines.splitlines()):
            pieces = [one]
            for pattern in patterns:
                pieces = isolate(pattern, pieces)
            want = [len(p.encode()) for p in pieces]
            if want != [int(n) for n in line.split()]:
                wrong += 1
                if wrong <= 10:
                    print(f"{name}: {ascii(one)}\n  regex {want}\n  ours  {line}")
    print(f"{len(texts)} texts, {len(KINDS)} splits, {wrong} differences")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()

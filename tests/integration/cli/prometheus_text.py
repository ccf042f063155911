"""Prometheus' text format 0.0.4, read strictly: a line that is not of it is an error."""
import math
import re

NAME = re.compile(r"[a-zA-Z_:][a-zA-Z0-9_:]*")
LABEL = re.compile(r'([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\[\\"n])*)"')
TYPES = {"counter", "gauge", "histogram", "summary", "untyped"}
ESCAPES = {"\\\\": "\\", '\\"': '"', "\\n": "\n"}


def labels_of(text, line):
    out = {}
    while text:
        found = LABEL.match(text)
        assert found, line
        assert found[1] not in out, line
        out[found[1]] = re.sub(r"\\.", lambda m: ESCAPES[m[0]], found[2])
        text = text[found.end():]
        assert not text or text.startswith(","), line
        text = text[1:]
    return out


def parse(text):
    """{name: {frozenset of labels: value as text}}"""
    assert text == "" or text.endswith("\n")
    types, helped, samples = {}, set(), {}
    current = None
    for line in text.split("\n")[:-1]:
        if line.startswith("# HELP "):
            name = line.split(" ", 3)[2]
            assert NAME.fullmatch(name) and name not in helped, line
            helped.add(name)
            continue
        if line.startswith("# TYPE "):
            _, _, name, kind = line.split(" ")
            assert NAME.fullmatch(name) and name not in types and kind in TYPES, line
            types[name] = kind
            current = name
            continue
        found = re.fullmatch(r"([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\S+)", line)
        assert found, line
        name, labels, value = found[1], labels_of(found[2] or "", line), found[3]
        # A family's samples stand together, behind its TYPE.
        assert current and re.fullmatch(current + r"(_bucket|_sum|_count)?", name), line
        assert not math.isnan(float(value)) and float(value) >= 0, line
        key = frozenset(labels.items())
        assert key not in samples.setdefault(name, {}), line
        samples[name][key] = value
    return samples

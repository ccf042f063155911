#!/usr/bin/env python3
"""Writes src/unicode_*.cpp from what this Python knows: make_unicode.py FOLDER

The committed files are of Python 3.11 (Unicode 14), the version that templates are compared with.
"""
import pathlib
import sys
import unicodedata

LAST = 0x10FFFF
BITS = dict(alpha=1, decimal=2, digit=4, numeric=8, space=16, upper=32, lower=64, title=128,
            cased=256, case_ignorable=512, printable=1024, id_start=2048, id_part=4096)


def is_case_ignorable(char):
    # Python drops these before it looks for what makes a final sigma.
    return unicodedata.category(char) in ("Mn", "Me", "Cf", "Lm", "Sk") or char in "'.:··՟״‘’․‧︓﹒﹕＇．："


def properties(point):
    char = chr(point)
    found = 0
    for name, value in (("alpha", char.isalpha()), ("decimal", char.isdecimal()),
                        ("digit", char.isdigit()), ("numeric", char.isnumeric()),
                        ("space", char.isspace()), ("upper", char.isupper()),
                        ("lower", char.islower()), ("title", unicodedata.category(char) == "Lt"),
                        ("cased", char.isupper() or char.islower() or
                         unicodedata.category(char) == "Lt"),
                        ("case_ignorable", is_case_ignorable(char)),
                        ("printable", char.isprintable()), ("id_start", char.isidentifier()),
                        ("id_part", ("a" + char).isidentifier())):
        found |= BITS[name] if value else 0
    return found


def runs():
    out, before = [], None
    for point in range(LAST + 1):
        now = properties(point)
        if now != before:
            out.append((point, now))
        before = now
    return out


def maps(function):
    single, several = [], []
    for point in range(LAST + 1):
        if 0xD800 <= point <= 0xDFFF:
            continue
        to = function(chr(point))
        if len(to) > 1:
            several.append((point, [ord(c) for c in to] + [0] * (3 - len(to))))
        elif to != chr(point):
            single.append((point, ord(to) - point))
    ranges = []
    for point, delta in single:
        if ranges:
            first, last, known, step = ranges[-1]
            gap = point - last
            if known == delta and gap in (1, 2) and (step == gap or first == last):
                ranges[-1] = (first, point, delta, gap)
                continue
        ranges.append((point, point, delta, 1))
    return ranges, several


def rows(items):
    lines, line = [], " "
    for item in items:
        if len(line) + len(item) + 2 > 100:
            lines.append(line)
            line = " "
        line += " " + item + ","
    return lines + [line]


HEAD = ["// Written by tools/make_unicode.py (Unicode %s)." % unicodedata.unidata_version,
        "// clang-format off", '#include "unicode_data.hpp"', "", "namespace jinja::unicode::data {",
        "namespace {", ""]


def write(path, body):
    path.write_text("\n".join(HEAD + body + ["", "}  // namespace jinja::unicode::data"]) + "\n",
                    encoding="utf-8")


def main(folder):
    folder = pathlib.Path(folder)
    write(folder / "unicode_runs.cpp",
          ["constexpr run all_runs[] = {"] + rows("{%d,%d}" % r for r in runs()) +
          ["};", "", "}  // namespace", "",
           "std::span<const run> runs() noexcept { return all_runs; }"])
    body, names = [], ("upper", "lower", "title", "fold")
    for name, function in zip(names, (str.upper, str.lower, str.title, str.casefold)):
        single, several = maps(function)
        body += ["constexpr mapping %s_mappings[] = {" % name]
        body += rows("{%d,%d,%d,%d}" % r for r in single) + ["};"]
        body += ["constexpr expansion %s_expansions[] = {" % name]
        body += rows("{%d,{%d,%d,%d}}" % (p, *to) for p, to in several) + ["};", ""]
    body += ["}  // namespace", ""]
    for kind in ("mapping", "expansion"):
        body += ["std::span<const %s> %ss(table which) noexcept {" % (kind, kind), "  switch (which) {"]
        for name in names:
            body += ["    case table::%s:" % name, "      return %s_%ss;" % (name, kind)]
        body += ["  }", "  return {};", "}"]
    write(folder / "unicode_cases.cpp", body)


if __name__ == "__main__":
    main(sys.argv[1])

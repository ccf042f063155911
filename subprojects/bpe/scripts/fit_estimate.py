"""Fits the coefficients of src/estimate_data.hpp.

    python3 scripts/fit_estimate.py DEV.jsonl VENDORS_DEV.jsonl > src/estimate_data.hpp

Rows: {"text", "category", VOCABULARY: {"count"}}. Even rows are fitted, odd ones are held out; texts of under 8 characters are left
out. Tokens = sum of rate * characters of each script class. The interval of a class holds 90 % of the fitted texts in
which it leads, over all vocabularies.
"""

import json
import sys

CLASSES = ["latin", "cjk", "code", "space", "other"]
VOCABULARIES = ["o200k_base", "cl100k_base", "qwen3", "deepseek_v4", "llama3_2", "gemma3"]
# Texts as people and programs write them; what only tries tokenizers (random characters, runs) is left out.
ORDINARY = {"english", "chinese", "code", "mixed", "url_json", "numbers", "scripts", "emoji"}
RATE = 0.90


def class_of(char):
    """As script_class in src/estimate.cpp."""
    code = ord(char)
    if code < 0x80:
        return 0 if char.isalpha() else 3 if char in " \t\r\n\v\f" else 2
    if 0xC0 <= code < 0x250:
        return 0
    cjk = [(0x1100, 0x11FF), (0x2E80, 0x9FFF), (0xAC00, 0xD7AF), (0xF900, 0xFAFF), (0xFF00, 0xFFEF), (0x20000, 0x3FFFF)]
    return 1 if any(low <= code <= high for low, high in cjk) else 4


def features(text):
    out = [0.0] * len(CLASSES)
    for char in text:
        out[class_of(char)] += 1
    return out


def solve(matrix, right):
    n = len(right)
    rows = [row[:] + [value] for row, value in zip(matrix, right)]
    for i in range(n):
        pivot = max(range(i, n), key=lambda r: abs(rows[r][i]))
        rows[i], rows[pivot] = rows[pivot], rows[i]
        for r in range(n):
            if r != i and rows[i][i] != 0:
                factor = rows[r][i] / rows[i][i]
                rows[r] = [a - factor * b for a, b in zip(rows[r], rows[i])]
    return [rows[i][n] / rows[i][i] for i in range(n)]


def fit(samples):
    """Least squares of the relative error, with weights that make it one of absolute relative errors."""
    size = len(CLASSES)
    rates = [0.25, 0.8, 0.5, 0.3, 1.0]
    for _ in range(60):
        matrix = [[1e-9 * (i == j) for j in range(size)] for i in range(size)]
        right = [0.0] * size
        for chars, count in samples:
            guess = sum(r * c for r, c in zip(rates, chars))
            weight = 1 / (count * max(abs(guess - count), 0.02 * count))
            for i in range(size):
                right[i] += weight * chars[i] * count
                for j in range(size):
                    matrix[i][j] += weight * chars[i] * chars[j]
        rates = [max(rate, 0.01) for rate in solve(matrix, right)]
    return rates


def leader(chars):
    """The class with most characters; white space counts as code."""
    rest = chars[:2] + [chars[2] + (chars[3] if not any(chars[:3] + chars[4:]) else 0), 0.0] + chars[4:]
    return rest.index(max(rest))


def load(paths):
    """(row number, characters by class, count) of every vocabulary, vocabularies weighted by what they have."""
    out = []
    for path in paths:
        for number, line in enumerate(open(path)):
            row = json.loads(line)
            if len(row["text"]) < 8 or row["category"] not in ORDINARY:
                continue
            chars = features(row["text"])
            for name in VOCABULARIES:
                if row.get(name, {}).get("count"):
                    out.append((number, chars, row[name]["count"]))
    return out


def quantile(values, part):
    return values[min(len(values) - 1, max(0, round(part * (len(values) - 1))))]


def main():
    data = load(sys.argv[1:3])
    fitted = [(chars, count) for number, chars, count in data if number % 2 == 0]
    rates = fit(fitted)
    ratios = [[] for _ in CLASSES]
    for chars, count in fitted:
        ratios[leader(chars)].append(count / sum(r * c for r, c in zip(rates, chars)))
    print("""#pragma once

// Made by scripts/fit_estimate.py from tokens/dev.jsonl (o200k_base, cl100k_base) and tokens/vendors_dev.jsonl
// (qwen3, deepseek_v4, llama3_2, gemma3), even rows
// of the ordinary categories, November 2026; do not edit.

#include <array>

namespace bpe {

struct class_fit {
  double rate;  ///< Tokens for a character.
  double low;   ///< The interval, where the class leads, as parts of the estimate.
  double high;
};

/// In the order of script_class.
inline constexpr std::array<class_fit, 5> class_fits = {{""")
    for name, rate, values in zip(CLASSES, rates, ratios):
        values.sort()
        values = values or sorted(ratios[2])  # white space leads nowhere
        low, high = quantile(values, (1 - RATE) / 2), quantile(values, (1 + RATE) / 2)
        print(f"    {{{rate:.4f}, {low:.3f}, {high:.3f}}},  // {name}")
    print("""}};

}  // namespace bpe""")
    held = [0, 0]
    for number, chars, count in data:
        if number % 2 == 1:
            values = ratios[leader(chars)]
            ratio = count / sum(r * c for r, c in zip(rates, chars))
            held[0] += 1
            held[1] += quantile(values, (1 - RATE) / 2) <= ratio <= quantile(values, (1 + RATE) / 2)
    print(f"held out: {held[1] / held[0]:.3f} of {held[0]} within the interval", file=sys.stderr)


if __name__ == "__main__":
    main()

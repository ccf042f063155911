"""The checks: each takes the tree and yields (path, line, what is wrong)."""
import math
import re

import rules
import source
import sizes_of_vendors

_INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.MULTILINE)


def line_of(text, at):
    return text.count("\n", 0, at) + 1


def includes(text):
    for match in _INCLUDE.finditer(text):
        yield line_of(text, match.start()), match[2]


def level_of(module):
    for level, modules in enumerate(rules.LAYERS):
        if module in modules:
            return level
    return None


def place_of(path):
    """("module", name) of a file of the library, ("outside", folder), or None."""
    parts = path.split("/")
    if path.startswith("libark/src/") and len(parts) > 3:
        return "module", parts[2]
    for folder in sorted(rules.OUTSIDE, key=len, reverse=True):
        if path.startswith(folder + "/"):
            return "outside", folder
    return None


def layers(tree):
    for path in tree.cpp("libark/src/", "adapters/", "cli/", "examples/"):
        kind_and_name = place_of(path)
        if kind_and_name is None or kind_and_name[1] == "pch":
            continue
        kind, name = kind_and_name
        level = level_of(name) if kind == "module" else None
        if kind == "module" and level is None:
            yield path, 1, f"the module {name} has no layer (tests/tidy/rules.py)"
            continue
        for line, header in includes(tree.text(path)):
            target = header.split("/")[0] if "/" in header else None
            if kind == "module":
                problem = module_edge(name, level, header, target)
            else:
                problem = outside_edge(name, target)
            if problem:
                yield path, line, problem


def module_edge(name, level, header, target):
    if header.startswith(("adapters/", "cli/", "tests/")) or target == "dialects":
        return f"the library must not include {header}"
    other = level_of(target)
    if other is None or target == name or other < level:
        return None
    if target in rules.EXTRA_EDGES.get(name, []):
        return None
    return f"{name} (layer {level}) must not include {header} (layer {other})"


def outside_edge(name, target):
    allowed = rules.OUTSIDE[name]
    if target in rules.CLOSED_TO.get(name, []):
        return f"{name} must not see {target}"
    if level_of(target) is not None and "*" not in allowed and target not in allowed:
        return f"{name} must not include the library's {target}"
    return None


def heavy_headers(tree):
    for path in tree.cpp("libark/", "adapters/", "cli/", "examples/"):
        if path.startswith(("libark/src/pch/", "adapters/pch/")):
            continue
        for line, header in includes(tree.text(path)):
            for pattern, allowed in rules.HEAVY:
                if re.match(pattern, header):
                    if not path.startswith(tuple(allowed)):
                        where = ", ".join(allowed)
                        yield path, line, f"{header} is heavy and allowed in {where} only"
                    break


def public_headers(tree):
    for path in tree.cpp(rules.PUBLIC_HEADERS):
        if path in rules.PUBLIC_EXCEPTIONS:
            continue
        for line, header in includes(tree.text(path)):
            standard = re.fullmatch(r"[a-z_0-9]+", header)
            if not (standard or header.startswith("ark/") or header in rules.PUBLIC_INCLUDES):
                yield path, line, f"a public header must not include {header}"


def vendor_rows(tree):
    return tree.matching("adapters/vendor/", ends=(".textproto",))


def vendor_names(tree):
    names = set()
    for path in vendor_rows(tree):
        for match in re.finditer(r'^\s*name:\s*"([^"]+)"', tree.text(path), re.MULTILINE):
            names.update(match[1].split("-"))
    names -= rules.COMMON_WORDS
    if not names:
        yield "adapters/vendor", 1, "there is no vendor row to take names from"
        return
    pattern = re.compile(r"(?<![a-z])(" + "|".join(sorted(names)) + r")(?![a-z])", re.IGNORECASE)
    for path in tree.matching("libark/src/", "libark/include/", ends=(".cpp", ".hpp", ".proto")):
        text = source.without_comments(tree.text(path))
        for match in pattern.finditer(text):
            yield path, line_of(text, match.start()), f"the library names a vendor: {match[0]}"


def vendor_facts(tree):
    paths = tree.matching("tests/", ends=(".cpp", ".hpp", ".py", ".sh"))
    tests = "\n".join(tree.text(p) for p in paths if not p.startswith("tests/tidy/"))
    for path in vendor_rows(tree):
        text = tree.text(path)
        name = re.search(r'^\s*name:\s*"([^"]+)"', text, re.MULTILINE)
        if name is None:
            yield path, 1, "a vendor row without a name"
            continue
        if not re.search(r'^\s*doc_url:\s*"https?://', text, re.MULTILINE) and name[1] != "custom":
            yield path, 1, "a vendor row without a link to its documents (doc_url)"
        if f'"{name[1]}"' not in tests and f"'{name[1]}'" not in tests:
            yield path, 1, f'no test names the vendor "{name[1]}"'


def function_lengths(tree):
    lengths = []
    for path in tree.cpp("libark/", "adapters/", "cli/", "examples/", "tests/"):
        try:
            found = source.functions(tree.text(path))
        except ValueError as problem:
            yield path, 1, f"cannot be read: {problem}"
            continue
        for name, line, length in found:
            if not path.startswith("tests/"):
                lengths.append(length)
            if length > rules.MOST_FUNCTION_LINES:
                yield path, line, (f"{name} has {length} lines, "
                                   f"the limit is {rules.MOST_FUNCTION_LINES}")
    lines = sum(tree.text(p).count("\n") for p in tree.matching("libark/src/", ends=(".cpp",)))
    # A matcher that finds nothing must not pass: real code has a function in every 50 lines.
    if len(lengths) < lines / 50:
        yield "tests/tidy", 1, f"only {len(lengths)} functions were found in {lines} lines"
    if lengths:
        p95 = sorted(lengths)[math.ceil(len(lengths) * 0.95) - 1]
        if p95 > rules.MOST_FUNCTION_LINES_P95:
            yield "libark", 1, f"95 % of functions should have at most 40 lines; it is {p95}"


def sizes(tree):
    ends = (".cpp", ".hpp", ".py", ".sh", ".proto")
    for path in tree.matching("", ends=ends):
        lines = tree.text(path).split("\n")
        if len(lines) - 1 > rules.MOST_FILE_LINES:
            yield path, 1, f"{len(lines) - 1} lines, the limit is {rules.MOST_FILE_LINES}"
        # A raw string is data: its lines are as long as what they quote.
        free = source.raw_string_lines(tree.text(path)) if path.endswith((".cpp", ".hpp")) else ()
        for number, line in enumerate(lines, 1):
            if len(line) > rules.MOST_COLUMNS and number not in free:
                yield path, number, f"{len(line)} columns, the limit is {rules.MOST_COLUMNS}"


def vendor_lines(tree):
    """What a vendor may cost; tidy.py --lines prints what it does."""
    for family, paths in sizes_of_vendors.families(tree).items():
        lines = sum(sizes_of_vendors.code_lines(tree, path) for path in paths)
        limit, why = rules.family_limit(family)
        if lines > limit:
            yield paths[0], 1, (f"family {family} has {lines} code lines, the limit is {limit}: "
                                f"{why}")
    for path, lines in sizes_of_vendors.rows(tree).items():
        if lines > rules.MOST_ROW_LINES:
            yield path, 1, f"a row of {lines} lines, the limit is {rules.MOST_ROW_LINES}"


def tests_exist(tree):
    tests = {p.split("/")[-1].removesuffix("_test.cpp"): p
             for p in tree.matching("tests/unit/", "tests/integration/", ends=("_test.cpp",))}
    for path in tree.matching("libark/src/", "adapters/", "cli/", ends=(".cpp",)):
        if path in rules.COVERED_BY:
            if not tree.matching(rules.COVERED_BY[path]):
                yield path, 1, f"{rules.COVERED_BY[path]}, which should cover it, does not exist"
            continue
        if path.split("/")[-1].removesuffix(".cpp") not in tests:
            yield path, 1, "has no test file (tests/unit/MODULE/NAME_test.cpp)"


def sources_listed(tree):
    for path in tree.matching("libark/src/", "adapters/", "cli/", "tests/", ends=(".cpp",)):
        folder, name = path.rsplit("/", 1)
        lists = ""
        while folder:
            build = f"{folder}/meson.build"
            lists += tree.text(build) if build in tree.paths else ""
            folder = folder.rpartition("/")[0]
        stem = name.removesuffix("_fuzz.cpp").removesuffix(".cpp")
        if not re.search(rf"\b{re.escape(name)}'|'{re.escape(stem)}'", lists):
            yield path, 1, "is in no meson.build: it is never built"


def readmes(tree):
    folders = set(rules.README_FOLDERS)
    folders |= {"/".join(p.split("/")[:3]) for p in tree.cpp("libark/src/") if "/pch/" not in p}
    for folder in sorted(folders):
        if not [p for p in tree.matching(folder + "/") if not p.endswith("meson.build")]:
            continue
        path = f"{folder}/README.md"
        if path not in tree.paths:
            yield path, 1, "is missing"
        elif tree.text(path).count("\n") > rules.MOST_README_LINES:
            yield path, 1, f"has more than {rules.MOST_README_LINES} lines"


def words(tree):
    machine = re.compile(rules.MACHINE_PATHS)
    forbidden = re.compile(rules.FORBIDDEN_WORDS, re.MULTILINE)
    todo = re.compile(r"\bTODO\b(?!\((" + "|".join(rules.TODO_KINDS) + r")\): )")
    for path in tree.paths:
        if path.startswith("tests/tidy/"):
            continue  # the patterns themselves
        text = tree.text(path)
        for pattern, problem in ((machine, "a path of some machine"),
                                 (forbidden, "a forbidden word"),
                                 (todo, "a TODO without its kind")):
            for match in pattern.finditer(text):
                yield path, line_of(text, match.start()), f"{problem}: {match[0].strip()}"


def forbidden_code(tree):
    for path in tree.cpp("libark/", "adapters/", "cli/", "examples/", "tests/"):
        code = source.code_only(tree.text(path))
        for match in re.finditer(r"\[\s*=\s*[\],]", code):
            yield path, line_of(code, match.start()), "a lambda captures [=]: name what it takes"
        if path.endswith(".hpp"):
            for match in re.finditer(r"^using\s+namespace\b", code, re.MULTILINE):
                yield path, line_of(code, match.start()), "using namespace in a header"
            if "/pch/" not in path and not code.lstrip().startswith("#pragma once"):
                yield path, 1, "does not begin with #pragma once"
        if not path.startswith(("libark/", "adapters/")):
            continue
        for pattern, problem, allowed in rules.FORBIDDEN_CALLS:
            if allowed and path.startswith(tuple(allowed)):
                continue
            for match in re.finditer(pattern, code):
                yield path, line_of(code, match.start()), problem


def documented(tree):
    for path in tree.cpp(rules.PUBLIC_HEADERS):
        yield from ((path, line, what) for line, what in undocumented(tree.text(path)))


_DECLARATION = re.compile(
    r"^\s*(?:template\s*<.*>\s*)?(?:class|struct|enum class|enum|concept)\s+"
    r"(?:ARK_API\s+)?(\w+)[^;]*\{?$")
_FUNCTION = re.compile(r"^\s*(?!friend|return|explicit|if\b|for\b|while\b|switch\b|using\b|[:}])"
                       r"[\w:<>,&*\s\[\]]+?[\s&*](\w+)\([^;]*")


def undocumented(text):
    """Types and functions of a header that no comment speaks of. A comment above a block of lines
    without an empty line in it speaks of the whole block."""
    lines = text.split("\n")
    code = source.code_only(text).split("\n")
    spoken, hidden, inside = False, 0, 0
    types = {m[1] for m in map(_DECLARATION.match, code) if m}
    for number, (line, bare) in enumerate(zip(lines, code), 1):
        if not line.strip():
            spoken = False
        if "///" in line:
            spoken = True
        if not hidden and re.match(r"\s*private:|namespace (\w+::)*detail\b", bare):
            hidden = inside if "private" in bare else inside + 1
        visible = not hidden
        declaration = _DECLARATION.match(bare)
        function = _FUNCTION.match(bare) if "(" in bare and inside <= 2 else None
        if visible and declaration and not spoken:
            yield number, f"{declaration[1]} has no comment"
        elif visible and function and not spoken and function[1] not in types:
            yield number, f"{function[1]}() has no comment"
        inside += bare.count("{") - bare.count("}")
        if hidden and inside < hidden:
            hidden = 0
        if declaration and bare.rstrip().endswith("{"):
            spoken = False  # what is said of a type is not said of its members


def dependencies(tree):
    """Nothing is built upon that is not in the bill of materials, and nothing is downloaded."""
    for wrap in sorted((tree.root / "subprojects").glob("*.wrap")):
        yield f"subprojects/{wrap.name}", 1, "is a download of meson's"
    for path in tree.paths:
        if not path.endswith("meson.build"):
            continue
        text = re.sub(r"#.*", "", tree.text(path))
        for found in re.finditer(r"\bdependency\(\s*'([^']+)'", text):
            if found[1] not in rules.DEPENDENCIES:
                yield path, line_of(text, found.start()), \
                    f"{found[1]} is not in the bill of materials (tests/tidy/rules.py)"
        for found in re.finditer(rules.DOWNLOADS, text):
            yield path, line_of(text, found.start()), f"{found[0]} downloads while building"


_THREAT = re.compile(r"\b[TPLS]\d\d\b")
_SHOWN = re.compile(r"\b([ui])/([\w/]+(?:\.py)?)::(\w+)")


def threats(tree):
    """A row of the table of threats names tests that exist, and the first of them its ids."""
    table = "libark/doc/security.md"
    for number, row in enumerate(tree.text(table).split("\n") if table in tree.paths else [], 1):
        cells = row.split("|")
        if len(cells) != 5 or not _THREAT.search(cells[1]):
            continue
        shown = _SHOWN.findall(cells[3])
        if not shown and "later, because" not in cells[3] and "the same" not in cells[3]:
            yield table, number, "names neither a test nor a reason"
        for suite, name, test in shown:
            path = {"u": "tests/unit/", "i": "tests/integration/"}[suite] + name
            path += "" if path.endswith(".py") else ".cpp"
            known = tree.text(path) if path in tree.paths else ""
            found = re.search(rf"(?:^//.*\n)*^(?:TEST\w*\(\w+, {test}\)|    def {test}\().*",
                              known, re.MULTILINE)
            if not found:
                yield table, number, f"{path} has no test {test}"
                continue
            for threat in _THREAT.findall(cells[1]) if test == shown[0][2] else []:
                if not re.search(rf"(?<![A-Z0-9]){threat}(?![0-9])", found[0]):
                    yield table, number, f"{test} does not name {threat}"


ALL = [layers, heavy_headers, public_headers, vendor_names, vendor_facts, function_lengths, sizes,
       vendor_lines, tests_exist, sources_listed, readmes, words, forbidden_code, documented,
       dependencies, threats]

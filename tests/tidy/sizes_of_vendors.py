"""What a vendor costs in lines: each wire family, each row, beside the peers (tidy.py --lines)."""
import json
import re
import statistics
import subprocess

import rules
import source


def code_lines(tree, path):
    """Lines that are neither empty nor only a comment."""
    text = tree.text(path)
    text = source.without_comments(text) if path.endswith((".cpp", ".hpp")) else \
        re.sub(r"^\s*#.*", "", text, flags=re.MULTILINE)
    return sum(1 for line in text.split("\n") if line.strip())


def families(tree):
    """{family: [paths]}: a folder of adapters/dialect, or the files with one first word in it."""
    found = {}
    for path in tree.cpp("adapters/dialect/"):
        head, _, rest = path.removeprefix("adapters/dialect/").partition("/")
        found.setdefault(head if rest else re.split(r"[_.]", head)[0], []).append(path)
    return found


def rows(tree):
    """{path: lines} of the vendors' rows."""
    return {path: code_lines(tree, path)
            for path in tree.matching("adapters/vendor/", ends=(".textproto",))}


def bill_of_materials():
    """CycloneDX 1.5: what the library and its tests are built upon, with the versions at hand."""
    components = []
    for name, (package, licence) in sorted(rules.DEPENDENCIES.items()):
        asked = subprocess.run(["dpkg-query", "-W", "-f=${Version}", package], text=True,
                               capture_output=True, check=False)
        version = asked.stdout if asked.returncode == 0 else ""
        components.append({"type": "library", "name": package, "version": version,
                           "purl": f"pkg:deb/debian/{package}" + (f"@{version}" if version else ""),
                           "licenses": [{"license": {"name": licence}}]})
    return json.dumps({"bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1,
                       "components": components}, indent=1)


def table(tree):
    """Yields the lines of the table that tidy.py --lines prints."""
    yield f"{'family':20}{'chat':>7}{'embed':>7}{'all':>7}{'limit':>7}   code lines, no comments"
    for family, paths in sorted(families(tree).items()):
        embed = sum(code_lines(tree, p) for p in paths if "_embed" in p)
        whole = sum(code_lines(tree, p) for p in paths)
        yield f"{family:20}{whole - embed:7}{embed:7}{whole:7}{rules.family_limit(family)[0]:7}"
    lines = rows(tree)
    if lines:
        longest = max(lines, key=lines.get)
        yield (f"{len(lines)} rows: median {statistics.median(lines.values()):g}, most "
               f"{lines[longest]} ({longest.split('/')[-1]}), limit {rules.MOST_ROW_LINES}")
    yield f"\nPeers, {rules.PEERS_SOURCE}"
    yield f"{'project':24}{'compatible vendor':>19}{'one quirk more':>16}   native wire"
    for project, row, quirk, native in rules.PEERS:
        yield f"{project:24}{row:>19}{quirk:>16}   {native}"

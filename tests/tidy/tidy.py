#!/usr/bin/env python3
"""Style as a test: tidy.py [ROOT] prints path:line: what is wrong, and fails if anything is.

tidy.py --bom prints the bill of materials (CycloneDX).
tidy.py --lines [ROOT] prints instead what each wire family and vendor row costs in lines.
"""
import pathlib
import subprocess
import sys

import checks
import sizes_of_vendors
import source


def main(root):
    tree = source.tree(root)
    problems = []
    for check in checks.ALL:
        found = list(check(tree))
        problems += [f"{path}:{line}: {what} [{check.__name__}]" for path, line, what in found]
    # Help and manual pages come from the commands; the command's own script compares them.
    compare = tree.root / "cli" / "doc" / "check.py"
    if compare.exists() and subprocess.run([sys.executable, str(compare)], check=False).returncode:
        problems.append("cli/doc:1: is not what the commands say")
    for problem in problems:
        print(problem)
    print(f"{len(problems)} problems in {len(tree.paths)} files, {len(checks.ALL)} checks")
    return 1 if problems else 0


if __name__ == "__main__":
    here = pathlib.Path(__file__).resolve().parent
    arguments = [a for a in sys.argv[1:] if a not in ("--lines", "--bom")]
    where = arguments[0] if arguments else here.parents[1]
    if "--lines" in sys.argv[1:]:
        print("\n".join(sizes_of_vendors.table(source.tree(where))))
        sys.exit(0)
    if "--bom" in sys.argv[1:]:
        print(sizes_of_vendors.bill_of_materials())
        sys.exit(0)
    sys.exit(main(where))

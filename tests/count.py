#!/usr/bin/env python3
"""Counts what `meson test` did: count.py BUILD... [--extra PASSED FAILED]

Each case of a GoogleTest binary counts, and each other test program is one. Names every failure,
and every skip with its reason. The last line is "N passed, N failed, N skipped"; the exit status
is 0 only if something passed and nothing failed.
"""
import json
import pathlib
import sys
import xml.etree.ElementTree as xml


class counts:
    def __init__(self):
        self.passed, self.failed, self.skipped = 0, [], []

    def add(self, name, outcome, reason=""):
        if outcome == "passed":
            self.passed += 1
        elif outcome == "skipped":
            self.skipped.append((name, reason or "no reason given"))
        else:
            self.failed.append((name, reason))


def reason_of(text):
    """The words after the file and line that GoogleTest puts first."""
    lines = [line.strip() for line in (text or "").splitlines() if line.strip()]
    spoken = [line for line in lines if ".cpp:" not in line]
    return " ".join(spoken or lines)[:200]


def gtest_cases(log):
    """{suite name: [(case, outcome, reason)]} of the GoogleTest binaries that came to their end."""
    found = {}
    if not log.exists():
        return found
    for suite in xml.parse(log).getroot().iter("testsuite"):
        cases = []
        for case in suite.iter("testcase"):
            name = f"{case.get('classname', '')}.{case.get('name', '')}"
            skipped = case.find("skipped")
            if case.find("failure") is not None or case.find("error") is not None:
                cases.append((name, "failed", ""))
            elif skipped is not None or case.get("result") == "skipped":
                text = "" if skipped is None else skipped.get("message") or skipped.text
                cases.append((name, "skipped", reason_of(text)))
            else:
                cases.append((name, "passed", ""))
        found[suite.get("name", "")] = cases
    return found


def suite_cases(cases_by_suite, program):
    """The cases of one program: meson names its suites "PROJECT.PROGRAM.SUITE"."""
    found = []
    for suite, cases in cases_by_suite.items():
        if suite.partition(".")[2].startswith(program + "."):
            found += cases
    return found


def skip_reason(entry):
    said = (entry.get("stdout") or "") + (entry.get("stderr") or "")
    spoken = [line for line in said.splitlines() if "skip" in line.lower()]
    return (spoken or said.splitlines() or [""])[-1].strip()


def read(build, out):
    logs = pathlib.Path(build) / "meson-logs"
    if not (logs / "testlog.json").exists():
        out.add(f"{build}", "failed", "no test ran")
        return
    cases_by_suite = gtest_cases(logs / "testlog.junit.xml")
    for line in (logs / "testlog.json").read_text(encoding="utf-8").splitlines():
        entry = json.loads(line)
        program = entry["name"].split(" / ")[-1]
        cases = suite_cases(cases_by_suite, entry["name"])
        result = entry["result"]
        for case, outcome, reason in cases:
            out.add(f"{program} {case}", outcome, reason)
        if cases and (result in ("OK", "SKIP") or any(c[1] == "failed" for c in cases)):
            continue
        # No cases, or a crash after them: the program itself is what passed or failed.
        if result in ("OK", "EXPECTEDFAIL"):
            out.add(program, "passed")
        elif result == "SKIP":
            out.add(program, "skipped", skip_reason(entry))
        else:
            out.add(program, "failed", result.lower())


def main(arguments):
    out = counts()
    if "--extra" in arguments:
        at = arguments.index("--extra")
        out.passed += int(arguments[at + 1])
        out.failed += [("section of .ci/run", "see above")] * int(arguments[at + 2])
        del arguments[at:at + 3]
    for build in arguments:
        read(build, out)
    for name, reason in out.skipped:
        print(f"skipped: {name}: {reason}")
    for name, reason in out.failed:
        print(f"failed: {name} {reason}".rstrip())
    print(f"{out.passed} passed, {len(out.failed)} failed, {len(out.skipped)} skipped")
    return 1 if out.failed or out.passed == 0 else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

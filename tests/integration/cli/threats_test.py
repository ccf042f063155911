"""Threats to the ark binary. The ids are those of the table in libark/doc/security.md."""
import csv
import json
import os
import pty
import subprocess

from harness import ARK, Case, main

MODEL = "openai/gpt-5-mini"


def on_a_terminal(case, *arguments, both=False, **more):
    """What a terminal gets from standard output, or from both streams, and the exit code."""
    master, slave = pty.openpty()
    process = case.home.start(*arguments, stdin=subprocess.DEVNULL, stdout=slave,
                              stderr=slave if both else subprocess.DEVNULL, **more)
    os.close(slave)
    seen = b""
    try:
        while piece := os.read(master, 65536):
            seen += piece
    except OSError:  # EIO: the other side is closed
        pass
    os.close(master)
    return seen, process.wait(30)


class Terminal(Case):
    def shown(self, *arguments):
        """What a terminal on standard output gets."""
        seen, code = on_a_terminal(self, *arguments)
        self.assertEqual(code, 0, seen)
        return seen

    def test_answers_cannot_steer_it(self):  # S12
        self.sim()
        nasty = "a\x1b]52;c;aGk=\x07b\x1b[2Jc\x9b31md\x1b]8;;http://x\x1b\\e"
        for more in ([], ["--no-stream"]):
            seen = self.shown("chat", "-m", MODEL, *more, nasty)
            self.assertIn(b"]52;c;aGk=b", seen)
            for byte in (b"\x1b", b"\x07", "\x9b".encode()):
                self.assertNotIn(byte, seen)
        self.assertIn(b"\x1b]52", self.shown("chat", "--raw", "-m", MODEL, nasty))


class OneTerminal(Case):
    """Both streams are one terminal: what comes next begins a line of its own."""

    def shown(self, *arguments):
        seen, _ = on_a_terminal(self, *arguments, both=True, env={"NO_COLOR": "1"})
        return seen.decode().replace("\r\n", "\n")

    def test_error_behind_half_an_answer(self):
        self.sim("--fault", "error-in-stream=3")
        self.assertRegex(self.shown("chat", "-m", MODEL, "a b c d e f g h"), r"[^\n]\nerror: ")

    def test_summary_behind_the_answer(self):
        self.sim()
        self.assertRegex(self.shown("chat", "-v", "-m", MODEL, "a b c"),
                         r"[^\n]\nopenai/gpt-5-mini, ")

    def test_reasoning_before_the_answer(self):
        self.sim()
        seen = self.shown("chat", "-v", "-m", "anthropic/claude-sonnet-4-5", "--reasoning", "high",
                          "What is 12*7?")
        self.assertRegex(seen, r"answer directly\.\n84\nnote: ")


class Ledger(Case):
    def test_csv_comes_back_as_it_went(self):  # L14, L16
        self.sim()
        tags = {"note": 'say "hi", twice\nand\r\nagain; \u8c46\u5305',
                "'); DROP TABLE intent;--": "x"}
        arguments = [part for name, value in tags.items() for part in ("--tag", f"{name}={value}")]
        self.ok(self.home.run("chat", "-m", MODEL, "--task", 'a,"b"\nc', *arguments, "hi"))
        done = subprocess.run([ARK, "ledger", "list", "--csv"], env=self.home.env, check=True,
                              capture_output=True)
        head, *rows = csv.reader(done.stdout.decode().splitlines(keepends=True))
        self.assertEqual(len(rows), 1)
        entry = dict(zip(head, rows[0], strict=True))
        self.assertEqual(entry["task"], 'a,"b"\nc')
        self.assertEqual(json.loads(entry["tags"]), tags)


class Loading(Case):
    def test_no_library_is_taken_from_where_it_runs(self):  # S18
        for name in ("libark.so.0", "libfmt.so.9", "libssl.so.3", "libsqlite3.so.0",
                     "ossl-modules/legacy.so", "openssl.cnf"):
            self.home.write(name, "not what it seems")
        self.sim("--tls")
        done = self.ok(self.home.run("chat", "-m", MODEL, "hi", env={"LD_DEBUG": "files"}))
        # glibc's own account of what dlopen() was asked for, wherever it would have looked.
        self.assertIn("calling init", done.err, "LD_DEBUG says nothing")
        loaded = [line for line in done.err.splitlines() if "dynamically loaded" in line]
        self.assertEqual(loaded, [])


if __name__ == "__main__":
    main()

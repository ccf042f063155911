"""Prompts and replies that somebody asked to keep."""
import json
import os
import pathlib

from harness import SECRET, Case, main

MODEL = "openai/gpt-5-mini"
PROMPT = "Repeat: my card is 6222020200112230"


class Contents(Case):
    def setUp(self):
        super().setUp()
        self.sim()

    def kept_files(self):
        folder = pathlib.Path(self.home.file(".local", "state", "ark", "contents"))
        return [p for p in folder.rglob("*") if p.is_file()]

    def ask(self):
        done = self.home.run("chat", "-m", MODEL, PROMPT)
        self.assertEqual(done.code, 0, done)
        return self.home.ledger()[0]["call_id"]

    def show(self, call):
        done = self.home.run("contents", "show", call, "--json")
        self.assertEqual(done.code, 0, done)
        return json.loads(done.out)

    def test_nothing_is_kept_unless_asked(self):
        call = self.ask()
        self.assertEqual(self.kept_files(), [])
        self.assertEqual(self.home.run("contents", "show", call).code, 2)

    def test_redacted(self):
        self.home.run("config", "set", "contents.form", "redacted")
        call = self.ask()
        kept = self.show(call)
        self.assertIn("my card is [bank_card]", kept["prompt"])
        self.assertIn("my card is [bank_card]", kept["reply"])
        text = self.kept_files()[0].read_text()
        self.assertNotIn("6222020200112230", text)
        self.assertNotIn(SECRET, text)
        self.assertEqual(os.stat(self.kept_files()[0]).st_mode & 0o777, 0o600)

    def test_sealed_with_a_key_of_its_own(self):
        self.home.run("config", "set", "contents.form", "sealed")
        call = self.ask()
        self.assertNotIn(b"card", self.kept_files()[0].read_bytes())
        self.assertIn("6222020200112230", self.show(call)["prompt"])
        key = pathlib.Path(self.home.file(".config", "ark", "contents.key"))
        self.assertEqual(os.stat(key).st_mode & 0o777, 0o600)
        key.write_text("A" * 43 + "=\n")
        self.assertEqual(self.home.run("contents", "show", call).code, 2)

    def test_what_is_older_is_removed(self):
        self.home.run("config", "set", "contents.form", "redacted")
        call = self.ask()
        self.assertIn("0 calls", self.home.run("contents", "remove", "--before", "1d").out)
        self.assertIn("1 calls", self.home.run("contents", "remove", "--before", "2099-01-01").out)
        gone = self.home.run("contents", "show", call)
        self.assertEqual(gone.code, 2)
        self.assertIn("its time is over", gone.err)


if __name__ == "__main__":
    main()

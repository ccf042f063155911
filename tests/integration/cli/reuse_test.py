"""Kept answers, from outside: `ark chat --reuse`, `ark cache`, processes that share a file."""
import concurrent.futures
import json
import os
import sqlite3
import stat

from harness import SECRET, Case, main

MODEL = "openai/gpt-5-mini"


class Reuse(Case):
    def setUp(self):
        super().setUp()
        self.sim()

    def chat(self, *arguments, **more):
        done = self.ok(self.home.run("chat", "--json", "-m", MODEL, "--reuse", "on", *arguments,
                                     **more))
        return json.loads(done.out)

    def file(self):
        return self.home.file(".cache", "ark", "replies.sqlite")

    def test_the_same_call_is_paid_once(self):
        first = self.chat("hello", "--tenant", "a")
        second = self.chat("hello", "--tenant", "a")
        self.assertEqual((first["reused"], second["reused"]), ("", "cache"))
        self.assertEqual(first["text"], second["text"])
        self.assertEqual(second["cost"]["status"], "exact")
        self.assertEqual(second["cost"]["value"], "0")
        self.assertEqual(second["usage"]["total"], 0)
        self.assertEqual(self.chat("hello", "--tenant", "b")["reused"], "", "another tenant")
        entries = self.home.ledger()
        self.assertEqual([e["state"] for e in entries], ["settled"] * 3)
        costs = sorted(float(e["cost"]["value"]) for e in entries)
        self.assertEqual(costs[0], 0)
        self.assertGreater(costs[1], 0)
        stats = json.loads(self.ok(self.home.run("cache", "stats", "--json")).out)
        self.assertEqual((stats["entries"], stats["hits"]), (2, 1))
        self.assertEqual(stats["saved"], [{"value": first["cost"]["value"], "currency": "USD"}])

    def test_a_stream_prints_the_kept_answer(self):
        whole = self.chat("hello")
        done = self.ok(self.home.run("chat", "-m", MODEL, "--reuse", "on", "hello"))
        self.assertEqual(done.out, whole["text"] + "\n")
        self.assertIn("a kept answer", done.err)

    def test_only_needs_no_vendor_and_no_key(self):
        arguments = ("chat", "-m", MODEL, "--reuse", "only", "hello")
        none = self.home.run(*arguments)
        self.assertNotEqual(none.code, 0)
        self.assertIn("no answer to this call is kept", none.err)
        self.chat("hello")
        del self.home.env["ARK_OPENAI_KEY"]
        self.ok(self.home.run(*arguments))

    def test_nothing_is_kept_unless_asked(self):
        self.ok(self.home.run("chat", "-m", MODEL, "hello"))
        self.assertFalse(os.path.exists(self.file()))
        self.home.write(".config/ark/config.yaml", "response_cache: {enabled: true}\n")
        self.ok(self.home.run("chat", "-m", MODEL, "hello"))
        self.assertEqual(json.loads(self.ok(self.home.run("chat", "--json", "-m", MODEL, "hello"))
                                    .out)["reused"], "cache")

    def test_the_file_is_private_and_has_neither_prompts_nor_keys(self):
        self.chat("a prompt of which nothing is kept", "-s", "zebra rules")
        self.assertEqual(stat.S_IMODE(os.stat(self.file()).st_mode), 0o600)
        self.assertEqual(stat.S_IMODE(os.stat(os.path.dirname(self.file())).st_mode), 0o700)
        with open(self.file(), "rb") as data:
            content = data.read()
        self.assertNotIn(SECRET.encode(), content)
        self.assertNotIn(b"zebra rules", content)

    def test_a_damaged_file_is_a_note_and_the_call_goes_on(self):
        self.chat("hello")
        self.home.write(".cache/ark/replies.sqlite", "this is no database" * 500)
        done = self.ok(self.home.run("chat", "-m", MODEL, "--reuse", "on", "hello"))
        self.assertTrue(done.out)
        self.assertIn("it is damaged: `ark cache clear`", done.err)
        self.ok(self.home.run("cache", "clear"))
        self.chat("hello")
        self.assertEqual(self.chat("hello")["reused"], "cache")

    def test_a_full_cache_lets_the_longest_unused_go(self):
        self.home.write(".config/ark/config.yaml", "response_cache: {max_bytes: 1048576}\n")
        for i in range(3):
            self.chat(f"question {i}")
        with sqlite3.connect(self.file()) as db:
            db.execute("INSERT INTO entry(key, kept_s, used, value) "
                       "VALUES('big', 0, -1, zeroblob(2000000))")
        db.close()
        self.chat("question 3")
        self.assertLess(os.path.getsize(self.file()), 3_500_000)
        self.assertEqual(self.chat("question 3")["reused"], "cache")
        stats = json.loads(self.ok(self.home.run("cache", "stats", "--json")).out)
        self.assertLessEqual(stats["bytes"], 1048576)

    def test_processes_share_one_file(self):
        def one(i):
            return self.chat(f"question {i % 4}")
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            replies = list(pool.map(one, range(24)))
        self.assertGreaterEqual(sum(r["reused"] == "cache" for r in replies), 4)
        for r in replies:
            self.assertFalse([n for n in r["notes"] if "response cache" in n], r["notes"])
        self.assertEqual(len(self.home.ledger("--limit", "100")), 24)
        stats = json.loads(self.ok(self.home.run("cache", "stats", "--json")).out)
        self.assertEqual(stats["entries"], 4)


class Why(Case):
    def test_says_where_two_calls_differ_without_a_network(self):
        rules = "Follow the rules. " * 300
        lines = [json.dumps({"messages": [{"role": "system", "content": f"{t} {rules}"},
                                          {"role": "user", "content": "hi"}]})
                 for t in ("09:00", "10:00")]
        path = self.home.write("calls.jsonl", "\n".join(lines) + "\n")
        done = self.ok(self.home.run("cache", "why", "--json", "-m", MODEL, path + ":1",
                                     path + ":2"))
        found = json.loads(done.out)
        self.assertTrue(found["prompts_differ"])
        self.assertEqual(found["offset"], 0)
        self.assertEqual(found["request_path"], "$.messages[0].content")
        self.assertGreater(found["estimated_tokens"]["lost"], 1000)
        self.assertGreater(float(found["extra_cost"]["value"]), 0)


if __name__ == "__main__":
    main()

"""`ark tokens` with real vocabularies: every string of the shared corpus, exactly; and its start.
BPE_RANKS is a folder of NAME.tiktoken or NAME.json (tests/run.sh makes one)."""
import json
import os
import resource
import statistics
import subprocess
import unittest

from harness import Case, main

RANKS = os.environ.get("BPE_RANKS", "")
ROOT = os.path.join(os.path.dirname(__file__), "..", "..", "..")
SHARED = os.environ.get("ARK_SHARED") or os.path.join(ROOT, "..", "shared")


class Tokens(Case):
    def install(self, name):
        for ending in (".tiktoken", ".json"):
            path = os.path.join(RANKS, name + ending)
            if RANKS and os.path.exists(path):
                done = self.ok(self.home.run("tokens", "install", path, "--name", name, "--json"))
                self.assertEqual(json.loads(done.out)["name"], name)
                self.assertEqual(done.err, "")
                return
        self.skipTest(f"skipped: no {name} in the folder that BPE_RANKS names")

    def sanitized(self):
        return any(name.endswith("SAN_OPTIONS") for name in self.home.env)

    def rows(self, file, name):
        path = os.path.join(SHARED, "tokens", file)
        if not os.path.exists(path):
            self.skipTest("skipped: no shared corpus")
        with open(path, encoding="utf-8") as lines:
            rows = [json.loads(line) for line in lines]
        return [row for row in rows if "ids" in row.get(name, {})]

    def answers(self, verb, name, rows):
        file = self.home.write("rows.jsonl", "".join(json.dumps(row) + "\n" for row in rows))
        done = self.ok(self.home.run("tokens", verb, "--encoding", name, "--jsonl", file))
        self.assertEqual(done.err, "")
        return [json.loads(line) for line in done.out.split("\n") if line]

    def exact(self, name, file, least):
        rows = self.rows(file, name)
        self.assertGreaterEqual(len(rows), least)
        self.install(name)
        texts = [{"id": row["id"], "text": row["text"]} for row in rows]
        self.assertEqual(self.answers("count", name, texts),
                         [{"id": row["id"], "count": row[name]["count"]} for row in rows])
        ids = self.answers("encode", name, texts)
        self.assertEqual(ids, [{"id": row["id"], "ids": row[name]["ids"]} for row in rows])
        return texts, self.answers("decode", name, ids)

    def test_o200k_base(self):
        texts, decoded = self.exact("o200k_base", "dev.jsonl", 3020)
        self.assertEqual(decoded, texts)

    def test_cl100k_base(self):
        texts, decoded = self.exact("cl100k_base", "dev.jsonl", 3020)
        self.assertEqual(decoded, texts)

    def test_qwen3(self):
        self.exact("qwen3", "vendors_dev.jsonl", 599)

    def test_deepseek_v4(self):
        self.exact("deepseek_v4", "vendors_dev.jsonl", 600)

    def test_llama3_2(self):
        self.exact("llama3_2", "vendors_dev.jsonl", 600)

    def test_gemma3(self):
        self.exact("gemma3", "vendors_dev.jsonl", 600)

    def test_models_are_counted_by_their_vocabularies(self):
        self.install("o200k_base")
        for model, ids in (("openai/gpt-4o", "24912 2375"), ("o3-mini", "24912 2375")):
            self.assertEqual(
                self.ok(self.home.run("tokens", "encode", "-m", model, "hello world")).out,
                ids + "\n")
        self.install("cl100k_base")
        self.assertEqual(self.ok(self.home.run("tokens", "encode", "-m", "openai/gpt-4",
                                               "hello world")).out, "15339 1917\n")

    def test_a_file_that_was_cut_is_told_with_its_place(self):
        self.install("cl100k_base")
        with open(os.path.join(RANKS, "cl100k_base.tiktoken"), "rb") as whole:
            ranks = whole.read()
        half = self.home.write("cl100k_base.tiktoken", ranks[:len(ranks) // 2])
        done = self.ok(self.home.run("tokens", "install", half), 2)
        self.assertRegex(done.err, r"cl100k_base\.tiktoken: .*(line \d+|cut short)")
        # What is installed is as it was.
        self.assertEqual(self.ok(self.home.run("tokens", "count", "--encoding", "cl100k_base",
                                               "hello world")).out, "2\n")

    def test_another_file_of_a_known_name_is_noted(self):
        self.install("cl100k_base")
        with open(os.path.join(RANKS, "cl100k_base.tiktoken"), "rb") as whole:
            ranks = whole.read().splitlines()
        ranks[-1], ranks[-2] = (ranks[-2].split()[0] + b" " + ranks[-1].split()[1],
                                ranks[-1].split()[0] + b" " + ranks[-2].split()[1])
        other = self.home.write("cl100k_base.tiktoken", b"\n".join(ranks) + b"\n")
        done = self.ok(self.home.run("tokens", "install", other))
        self.assertIn("not the cl100k_base that is known", done.err)

    def test_rows_are_streamed(self):
        self.install("cl100k_base")
        row = json.dumps({"id": 1, "text": "so many words " * 100}) + "\n"
        count = 60_000_000 // len(row)
        file = self.home.write("rows.jsonl", row * count)

        def little_memory():  # a third of the file; the vocabulary is mapped and does not count
            resource.setrlimit(resource.RLIMIT_DATA, (20 << 20, 20 << 20))

        process = self.home.start("tokens", "count", "--encoding", "cl100k_base", "--jsonl", file,
                                  stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                  preexec_fn=None if self.sanitized() else little_memory)
        out, err = process.communicate()
        self.assertEqual((process.returncode, err), (0, b""))
        self.assertEqual(out, b'{"id":1,"count":301}\n' * count)

    def test_start_up_is_a_matter_of_milliseconds(self):
        self.install("o200k_base")

        def cpu_ms(*arguments):
            times = []
            for _ in range(11):
                before = resource.getrusage(resource.RUSAGE_CHILDREN)
                self.ok(self.home.run(*arguments))
                after = resource.getrusage(resource.RUSAGE_CHILDREN)
                times.append((after.ru_utime - before.ru_utime) * 1000 +
                             (after.ru_stime - before.ru_stime) * 1000)
            return statistics.median(times)

        counting = cpu_ms("tokens", "count", "--encoding", "o200k_base", "hello world")
        without = cpu_ms("tokens", "list", "--help")
        print(f"ark tokens count: {counting:.1f} ms of processor time, {counting - without:.1f} ms "
              "more than help")
        # Opening takes 3 to 4; others build, and sanitizers multiply: this catches a rank file that
        # is read again at each start (hundreds).
        if not self.sanitized():
            self.assertLess(counting - without, 60)


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""`ark eval run` from outside: exit codes, results, and a run that is killed and goes on."""
import collections
import json
import os
import signal
import sys
import time
import unittest
import xml.etree.ElementTree as xml

from ark_process import ark_home, simulator

ARK = sys.argv[1]
MODELS = "[openai/gpt-5-mini, anthropic/claude-haiku-4-5]"


def suite(cases, models=MODELS, extra=""):
    lines = "".join(f'  - {{id: case-{i}, vars: {{n: "{i}"}}, '
                    f'expect: [{{type: equals, value: "{i + 1}"}}]}}\n' for i in range(cases))
    return ("name: test\nprompts: [{id: p, messages: [{role: user, "
            'content: "What is {{n}}+1?"}]}]\n' + f"models: {models}\n{extra}cases:\n{lines}")


class eval_run(unittest.TestCase):
    def setUp(self):
        self.home = ark_home(ARK)
        self.addCleanup(self.home.close)

    def simulate(self, *arguments):
        sim = simulator(self.home, *arguments)
        self.addCleanup(sim.close)
        return sim

    def rows(self, path):
        with open(path, encoding="utf-8") as lines:
            return [json.loads(line) for line in lines][1:]

    def test_all_right_is_zero_and_everything_adds_up(self):
        sim = self.simulate()
        path = self.home.file("s.yaml", suite(10))
        done = self.home.run("eval", "run", path, "--json", "--junit", self.home.file("r.xml"))
        self.assertEqual(done.returncode, 0, done.stderr)
        told = json.loads(done.stdout)
        self.assertEqual((told["rows"], told["passed"]), (20, 20))
        self.assertEqual(told["unknown_costs"], 0)
        root = xml.parse(self.home.file("r.xml")).getroot()
        self.assertEqual(root.get("tests"), "20")
        report = json.loads(self.home.run("ledger", "list", "--json").stdout)
        entries = report if isinstance(report, list) else report["entries"]
        billed = sum(r["tokens"]["total"] for r in sim.journal() if r["billed"])
        counted = sum(e["usage"]["input"] + e["usage"]["output"] + e["usage"].get("reasoning", 0)
                      for e in entries)
        self.assertEqual(billed, counted)

    def test_a_wrong_answer_is_one_and_a_failed_call_three(self):
        self.simulate("--fault", "status=400@prompt=3+1")
        wrong = self.home.file("w.yaml", suite(2).replace('value: "1"', 'value: "wrong"'))
        self.assertEqual(self.home.run("eval", "run", wrong).returncode, 1)
        failing = self.home.file("f.yaml", suite(5))
        done = self.home.run("eval", "run", failing)
        self.assertEqual(done.returncode, 3, done.stdout)
        statuses = collections.Counter(r["status"] for r in self.rows(failing + ".results.jsonl"))
        self.assertEqual(statuses, {"pass": 8, "error": 2})

    def test_errors_are_asked_again_and_answers_are_not(self):
        sim = self.simulate("--fault", "status=400@nth=1")
        path = self.home.file("s.yaml", suite(3))
        self.assertEqual(self.home.run("eval", "run", path, "--concurrency", "1").returncode, 3)
        self.assertEqual(self.home.run("eval", "run", path).returncode, 0)
        self.assertEqual(len(sim.journal()), 7)
        self.assertEqual(self.home.run("eval", "run", path).returncode, 0)
        self.assertEqual(len(sim.journal()), 7, "all is there: nothing is asked")

    def test_malformed_suites_are_two_with_file_and_line(self):
        for text, part in ((suite(1).replace("models:", "modles:"), ":3:"),
                           (suite(1).replace("equals", "eqals"), "did you mean"),
                           ("{", "s.yaml"), (suite(1) + "x" * (5 << 20), "s.yaml")):
            path = self.home.file("s.yaml", text)
            done = self.home.run("eval", "run", path)
            self.assertEqual(done.returncode, 2, done.stderr[:500])
            self.assertIn(part, done.stderr)
        self.assertEqual(self.home.run("eval", "run", "/no/such.yaml").returncode, 2)

    def test_models_that_nobody_has_are_found_before_anything_is_asked(self):
        sim = self.simulate()
        for models in ("[openai/gpt-5-mini, nosuchvendor/x]", "[openai/gpt-5-mini, gpt-nowhere]"):
            path = self.home.file("s.yaml", suite(1, models))
            done = self.home.run("eval", "run", path)
            self.assertEqual(done.returncode, 2, done.stderr)
            self.assertIn("s.yaml:3: models[1]: no model is called", done.stderr)
        done = self.home.run("eval", "run", self.home.file("s.yaml", suite(1)), "-m", "nobody/x")
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertIn("--model: no model", done.stderr)
        self.assertEqual(sim.journal(), [])
        # A known vendor may have it, whatever the catalogue knows.
        path = self.home.file("new.yaml", suite(1, "[openai/gpt-of-tomorrow, auto]"))
        self.assertEqual(self.home.run("eval", "run", path).returncode, 0)

    def test_results_of_a_changed_suite_are_kept_apart(self):
        self.simulate()
        path = self.home.file("s.yaml", suite(1))
        self.assertEqual(self.home.run("eval", "run", path).returncode, 0)
        self.home.file("s.yaml", suite(2))
        done = self.home.run("eval", "run", path)
        self.assertEqual(done.returncode, 2)
        self.assertIn("--fresh", done.stderr)
        self.assertEqual(self.home.run("eval", "run", path, "--fresh").returncode, 0)

    def kill_in_the_middle(self, how):
        sim = self.simulate("--latency", "20ms..60ms")
        path = self.home.file("s.yaml", suite(100))
        results = path + ".results.jsonl"
        run = self.home.start("eval", "run", path, "--concurrency", "6")
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            if os.path.exists(results):
                with open(results, "rb") as file:
                    if file.read().count(b"\n") > 40:
                        break
            time.sleep(0.01)
        run.send_signal(how)
        run.communicate(timeout=20)
        with open(results, "rb") as file:
            written = file.read()
        kept = written[:written.rfind(b"\n") + 1].count(b"\n") - 1
        self.assertGreater(kept, 30)
        self.assertLess(kept, 200)
        return sim, path, results, kept, run.returncode

    def judge_resumed(self, sim, path, results, kept):
        first = {(r["model"], r["prompt"]) for r in sim.journal()}
        begun = len(sim.journal())
        done = self.home.run("eval", "run", path, "--concurrency", "6")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn(f"{kept} of 200 answers are kept", done.stderr)
        rows = self.rows(results)
        self.assertEqual(len({(r["model"], r["case"]) for r in rows}), 200)
        self.assertEqual(len(rows), 200, "no question has two rows")
        asked = collections.Counter((r["model"], r["prompt"]) for r in sim.journal())
        twice = [q for q, n in asked.items() if n > 1]
        self.assertEqual(len(asked), 200)
        self.assertLessEqual(len(twice), 6, "only what was in flight is asked twice")
        self.assertEqual(len(sim.journal()) - begun, 200 - kept)
        self.assertTrue(set(twice) <= first)

    def test_a_killed_run_goes_on_without_paying_twice(self):
        sim, path, results, kept, code = self.kill_in_the_middle(signal.SIGKILL)
        self.assertEqual(code, -signal.SIGKILL)
        with open(results, "ab") as file:
            file.write(b'{"prompt":"p","model":"openai/gpt')  # torn by the crash
        self.judge_resumed(sim, path, results, kept)

    def test_an_interrupted_run_goes_on_too(self):
        sim, path, results, kept, code = self.kill_in_the_middle(signal.SIGINT)
        self.assertEqual(code, 130)
        self.judge_resumed(sim, path, results, kept)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])

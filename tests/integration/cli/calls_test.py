"""The ark binary against `ark sim`: calls, failures, interruption, and what the ledger says."""
import decimal
import json
import os
import re
import signal
import socket
import subprocess
import textwrap
import threading
import time
import urllib.request

from harness import ARK, SECRET, Case, Sim, main

MODEL = "openai/gpt-5-mini"
OTHER = "anthropic/claude-sonnet-4-5"
PNG = bytes.fromhex("89504e470d0a1a0a0000000d4948445200000001000000010806000000"
                    "1f15c4890000000d49444154789c6360606060000000050001"
                    "a5f645400000000049454e44ae426082")


class Chat(Case):
    def setUp(self):
        super().setUp()
        self.sim()

    def test_streamed_whole_and_as_json_are_the_same(self):
        for model in (MODEL, OTHER):
            streamed = self.ok(self.home.run("chat", "-m", model, "hello", "there"))
            whole = self.ok(self.home.run("chat", "-m", model, "--no-stream", "hello there"))
            as_json = self.ok(self.home.run("chat", "-m", model, "--json", stdin="hello there"))
            self.assertEqual(streamed.out, whole.out)
            reply = json.loads(as_json.out)
            self.assertEqual(reply["text"] + "\n", whole.out)
            self.assertEqual(reply["cost"]["status"], "exact")
            self.assertGreater(reply["usage"]["total"], 0)
        entries = self.home.ledger()
        self.assertEqual(len(entries), 6)
        self.assertEqual({e["state"] for e in entries}, {"settled"})

    def test_auto_says_why(self):
        reply = json.loads(self.ok(self.home.run("chat", "--json", "hello")).out)
        self.assertIn("cheapest", reply["route"]["reason"])

    def test_standard_input_stands_where_the_dash_is(self):
        done = self.ok(self.home.run("chat", "-m", MODEL, "-", "please", stdin="the diff"))
        self.assertIn("the diff please", done.out)
        # The simulator repeats the first line only; it counts all.
        tokens = []
        for text in ("", "the diff of ten words and a few more of them"):
            done = self.ok(self.home.run("chat", "--json", "-m", MODEL, "Review:", "-", stdin=text))
            tokens.append(json.loads(done.out)["usage"]["input"])
        self.assertGreater(tokens[1], tokens[0] + 5)

    def test_tags_reach_the_ledger_and_secrets_do_not(self):
        self.ok(self.home.run("chat", "-m", MODEL, "--task", "greet", "--run", "r1", "--tag",
                              "team=x", "hi"))
        entry = self.home.ledger()[0]
        self.assertEqual((entry["task"], entry["run"], entry["tags"]["team"]), ("greet", "r1", "x"))
        for folder, _, files in os.walk(self.home.path):
            for name in files:
                with open(os.path.join(folder, name), "rb") as data:
                    self.assertNotIn(SECRET.encode(), data.read(), name)

    def test_the_ledger_tells_the_prompt_and_its_inputs(self):
        folder = os.path.dirname(self.home.write("prompts/greet.prompt", textwrap.dedent("""\
            ---
            model: %s
            inputs:
              name: string
              tone?: string
            defaults: {tone: warm}
            ---
            {%% user %%}Greet {{ name }} in a {{ tone }} way.{%% enduser %%}
            """) % MODEL))
        hashes = []
        for name in ("Ada", "Ada", "Grace"):
            given = ("-p", "greet", "-d", folder, "--var", "name=" + name)
            shown = json.loads(self.ok(self.home.run("prompt", "render", "greet", *given[2:],
                                                     "--json")).out)
            self.ok(self.home.run("chat", *given))
            hashes.append(shown["inputs_hash"])
        self.assertRegex(hashes[0], "^[0-9a-f]{64}$")
        entries = self.home.ledger()
        self.assertEqual(sorted(e["inputs_hash"] for e in entries), sorted(hashes))
        self.assertEqual({(e["prompt_id"], e["prompt_version"]) for e in entries},
                         {("greet", shown["version"])})
        self.assertEqual(len(set(hashes)), 2)

    def test_a_budget_refuses_with_exit_code_1(self):
        call = ("chat", "-m", MODEL, "--max-tokens", "100", "hello")
        self.ok(self.home.run(*call))
        most = self.home.ledger()[0]["quote"]["high"]
        self.ok(self.home.run("budget", "set", "small", most, "USD", "--per", "day", "--warn", "1"))
        small = json.loads(self.ok(self.home.run("budget", "show", "small", "--json")).out)
        self.assertGreater(decimal.Decimal(small["spent"]), 0, "what the day holds already")
        refused = self.home.run(*call)
        self.assertEqual(refused.code, 1, refused.err)
        self.assertIn('the budget "small"', refused.err)
        self.assertEqual(len(self.home.ledger()), 1)
        self.ok(self.home.run("budget", "remove", "small"))
        self.ok(self.home.run(*call))

    def test_usage_line_with_v(self):
        done = self.ok(self.home.run("chat", "-v", "-m", MODEL, "hi"))
        self.assertRegex(done.err, r"openai/gpt-5-mini, \d+ in, \d+ out, [\d.]+ USD")
        self.assertEqual(self.ok(self.home.run("chat", "-m", MODEL, "hi")).err, "")

    def test_image(self):
        path = self.home.write("dot.png", PNG)
        self.ok(self.home.run("chat", "-m", MODEL, "--image", path, "What is this?"))
        self.ok(self.home.run("chat", "-m", OTHER, "--image", path, "What is this?"))

    def test_tools(self):
        path = self.home.write("tool.json", json.dumps(
            {"name": "get_weather", "description": "The weather of a city",
             "parameters": {"type": "object", "properties": {"city": {"type": "string"}},
                            "required": ["city"]}}))
        for model in (MODEL, OTHER):
            done = self.ok(self.home.run("chat", "--json", "-m", model, "--tool", path,
                                         "--tool-choice", "required", "Weather in Paris?"))
            call = json.loads(done.out)["tool_calls"][0]
            self.assertEqual(call["name"], "get_weather")
            self.assertIn("city", json.loads(call["arguments"]))
            text = self.ok(self.home.run("chat", "-m", model, "--tool", path, "--tool-choice",
                                         "required", "Weather in Paris?")).out
            self.assertIn("tool_call get_weather {", text)

    def test_structured_output(self):
        schema = ('{"type":"object","properties":{"name":{"type":"string"},"age":'
                  '{"type":"integer"}},"required":["name","age"],"additionalProperties":false}')
        for model in (MODEL, OTHER):
            done = self.ok(self.home.run("chat", "-m", model, "--schema", schema, "Ada, 36"))
            self.assertEqual(set(json.loads(done.out)), {"name", "age"})

    def test_an_ordinary_schema_is_not_refused(self):
        done = self.ok(self.home.run("chat", "--json", "-m", MODEL, "--schema",
                                     '{"type":"object","properties":{"name":{"type":"string"}}}',
                                     "Ada, 36"))
        self.assertIn("does not enforce", " ".join(json.loads(done.out)["notes"]))

    def test_embeddings(self):
        done = self.ok(self.home.run("embed", "-m", "openai/text-embedding-3-small", "--lines",
                                     stdin="one\ntwo\n\nthree\n"))
        vectors = [json.loads(line) for line in done.out.splitlines()]
        self.assertEqual(len(vectors), 3)
        self.assertEqual(len({len(v) for v in vectors}), 1)

    def test_line_of_ten_megabytes(self):
        done = self.home.run("chat", "-m", MODEL, "--no-stream", stdin=b"x" * (10 << 20))
        self.assertIn(done.code, (0, 3), done)
        self.assertNotIn("internal", done.err)
        self.assertNotIn("sending", [e["state"] for e in self.home.ledger()])

    def test_text_that_is_not_utf8(self):  # P07
        self.assertIn("UTF-8", self.ok(self.home.run("chat", stdin=b"\xff\xfe"), 2).err)


class Bill(Case):
    def test_the_simulator_bills_what_the_ledger_says(self):
        sim = self.sim()
        for model in (MODEL, OTHER):
            self.ok(self.home.run("chat", "-m", model, "What is 12*7?"))
        self.ok(self.home.run("chat", "-m", "openai/gpt-of-tomorrow", "hi"))
        with urllib.request.urlopen(sim.address + "/__journal", timeout=10) as answer:
            journal = json.load(answer)
        paid = [decimal.Decimal(e["cost"]["value"]) for e in self.home.ledger()
                if e["cost"]["status"] == "exact"]
        self.assertEqual(len(paid), 2)
        self.assertEqual(decimal.Decimal(journal["billed"]["costs"]["USD"]), sum(paid))
        self.assertEqual(journal["billed"]["unknown_costs"], 1)
        self.assertEqual(journal["requests"][2]["cost"], "unknown")


def openai_answer(text, finish="stop"):
    return {"id": "x", "object": "chat.completion", "model": "gpt-5-mini",
            "choices": [{"index": 0, "finish_reason": finish,
                         "message": {"role": "assistant", "content": text}}],
            "usage": {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2}}


def anthropic_answer(text, reason):
    return {"id": "x", "type": "message", "role": "assistant", "model": "claude-sonnet-4-5",
            "content": [{"type": "text", "text": text}], "stop_reason": reason,
            "usage": {"input_tokens": 1, "output_tokens": 1}}


class Answers(Case):
    SCHEMA = ('{"type":"object","properties":{"age":{"type":"integer"}},"required":["age"],'
              '"additionalProperties":false}')

    def test_schema_that_is_broken_is_told(self):
        for text, why in (('{"age":"old"}', "/age is not of type"), ('{}', 'lacks "age"'),
                          ("old", "is not JSON")):
            self.vendor(openai_answer(text))
            for more in ([], ["--json"]):
                done = self.ok(self.home.run("chat", "--no-stream", "-m", MODEL, "--schema",
                                             self.SCHEMA, "Ada", *more), 1)
                shown = json.loads(done.out)["text"] if more else done.out.strip()
                self.assertEqual(shown, text)
                self.assertIn(why, done.err)
        self.vendor(openai_answer('{"age":36}'))
        done = self.ok(self.home.run("chat", "--no-stream", "-m", MODEL, "--schema", self.SCHEMA,
                                     "Ada"))
        self.assertEqual(done.err, "")

    def test_ends_that_are_no_end_are_noted(self):
        for reason, note in (("refusal", "declined"), ("pause_turn", "paused before the end"),
                             ("max_tokens", "cut at the token limit"), ("end_turn", "")):
            self.vendor(anthropic_answer("well", reason))
            done = self.ok(self.home.run("chat", "--no-stream", "-m", OTHER, "hi"))
            told = [line for line in done.err.splitlines() if "max_tokens was set" not in line]
            self.assertEqual(len(told), 1 if note else 0, done)
            self.assertIn(note, done.err)

    def test_what_is_piped_in_comes_behind_the_text(self):
        vendor = self.vendor(openai_answer("ok"))

        def asked(*words, **more):
            self.ok(self.home.run("chat", "--no-stream", "-m", MODEL, *words, **more))
            content = vendor.asked.pop()["messages"][-1]["content"]
            return content if isinstance(content, str) else content[0]["text"]

        self.assertEqual(asked("Summarize", stdin="PIPED\n"), "Summarize\n\nPIPED\n")
        self.assertEqual(asked("Summarize", stdin=""), "Summarize")
        self.assertEqual(asked("-", "is it", stdin="PIPED"), "PIPED is it")

    def test_a_base_model_through_its_chat_template(self):
        vendor = self.vendor({"id": "x", "object": "text_completion", "model": "base",
                              "choices": [{"index": 0, "text": "Hello.", "finish_reason": "stop"}],
                              "usage": {"prompt_tokens": 9, "completion_tokens": 2,
                                        "total_tokens": 11}})
        template = self.home.write("model/chat_template.jinja", textwrap.dedent("""\
            {%- for m in messages %}
            {{- '<|' + m.role + '|>' + m.content + eos_token }}
            {%- endfor %}
            {%- if add_generation_prompt %}{{ '<|assistant|>' }}{% endif %}"""))
        self.home.write("model/tokenizer_config.json", '{"eos_token": {"content": "<|end|>"}}')
        call = ("chat", "--no-stream", "-m", "custom-completions/base", "-s", "Be kind.",
                "I say <|system|> and <|end|>")
        done = self.ok(self.home.run(*call, "--chat-template", template))
        self.assertEqual(done.out, "Hello.\n")
        self.assertIn("2 control tokens", done.err)
        asked = vendor.asked.pop()
        text = "<|system|>Be kind.<|end|><|user|>I say < |system|> and < |end|><|end|><|assistant|>"
        self.assertEqual(asked["prompt"], text)
        self.assertEqual(asked["stop"], ["<|end|>"])
        # Without the template there is no way to say it, and the error tells one.
        self.assertIn("--chat-template", self.ok(self.home.run(*call), 2).err)
        self.home.write("prompts/kind.prompt", "{% system %}Be kind.{% endsystem %}"
                        "{% user %}I say {{ what }}{% enduser %}")
        render = ("prompt", "render", "kind", "-d", self.home.file("prompts"), "--var", "what=hi",
                  "--chat-template", template)
        self.assertEqual(self.ok(self.home.run(*render)).out,
                         "<|system|>Be kind.<|end|><|user|>I say hi<|end|><|assistant|>")
        self.assertEqual(self.ok(self.home.run(*render, "--template-var", "eos_token=.")).out,
                         "<|system|>Be kind..<|user|>I say hi.<|assistant|>")
        self.ok(self.home.run(*render, "--template-var", "x"), 2)
        missing = self.home.run("chat", "--chat-template", "nowhere.jinja", "hi")
        self.assertIn("nowhere.jinja", self.ok(missing, 2).err)

    def test_a_vendors_own_parameters(self):
        vendor = self.vendor(openai_answer("ok"))
        self.ok(self.home.run("chat", "--no-stream", "-m", MODEL, "--param", "logit_bias={\"5\":1}",
                              "--param", "verbosity=low", "hi"))
        asked = vendor.asked.pop()
        self.assertEqual((asked["logit_bias"], asked["verbosity"]), ({"5": 1}, "low"))
        self.assertIn("name=value", self.ok(self.home.run("chat", "--param", "x", "hi"), 2).err)
        # A vendor that cannot seal is not asked.
        self.ok(self.home.run("chat", "-m", MODEL, "--end-to-end", "hi"), 2)
        self.assertEqual(vendor.asked, [])

    def test_rerank_from_the_command_line_to_the_ledger(self):
        vendor = self.vendor({"id": "x", "results": [{"index": 2, "relevance_score": 0.75},
                                                     {"index": 0, "relevance_score": -0.5}],
                              "meta": {"billed_units": {"search_units": 1}}})
        done = self.ok(self.home.run("rerank", "-m", "cohere/rerank-v3.5", "--top", "2", "q",
                                     stdin="one\ntwo\n\nthree\n"))
        self.assertEqual(done.out, "0.75\tthree\n-0.5\tone\n")
        self.assertEqual(vendor.asked.pop(), {"model": "rerank-v3.5", "query": "q", "top_n": 2,
                                              "documents": ["one", "two", "three"]})
        done = self.ok(self.home.run("rerank", "-m", "cohere/rerank-v3.5", "--json", "q", "a", "b",
                                     "c"))
        reply = json.loads(done.out)
        self.assertEqual(reply["results"][0], {"index": 2, "score": 0.75})
        self.assertEqual(reply["usage"]["query"], 1)
        entries = self.home.ledger()
        self.assertEqual([e["operation"] for e in entries], ["rerank", "rerank"])
        self.assertEqual({e["state"] for e in entries}, {"settled"})
        # A ranking of documents that were not sent is an error, and on record.
        self.ok(self.home.run("rerank", "-m", "cohere/rerank-v3.5", "q", "a"), 3)
        self.assertEqual(len(self.home.ledger()), 3)

    def test_text_alone_waits_for_nobody(self):
        vendor = self.vendor(openai_answer("ok"))
        arguments = ("chat", "--no-stream", "-m", MODEL, "hi")
        for stdin in (subprocess.DEVNULL, "closed"):
            closed = {"preexec_fn": lambda: os.close(0)} if stdin == "closed" else {"stdin": stdin}
            process = self.home.start(*arguments, stdout=subprocess.DEVNULL,
                                      stderr=subprocess.DEVNULL, **closed)
            self.assertEqual(process.wait(20), 0)
            self.assertIn(vendor.asked.pop()["messages"][-1]["content"],
                          ("hi", [{"type": "text", "text": "hi"}]))

    def test_a_pipe_that_nobody_closes_is_told(self):
        self.vendor(openai_answer("ok"))
        process = self.home.start("chat", "--no-stream", "-m", MODEL, "hi", stdin=subprocess.PIPE,
                                  stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        self.addCleanup(process.stderr.close)
        self.assertIn(b"close it or give < /dev/null", process.stderr.readline())
        process.stdin.close()
        self.assertEqual(process.wait(20), 0)


class Failures(Case):
    def states(self):
        return [e["state"] for e in self.home.ledger()]

    def test_wrong_key(self):
        self.sim("--key", "another")
        done = self.ok(self.home.run("chat", "--json", "-m", MODEL, "hi"), 3)
        error = json.loads(done.out)["error"]
        self.assertEqual((error["code"], error["http_status"]), ("auth", 401))
        self.assertNotIn(SECRET, done.out + done.err)
        self.assertEqual(self.states(), ["void"])

    def test_unknown_models(self):
        self.sim("--model", "gpt-5-mini")
        self.ok(self.home.run("chat", "-m", "nobody/nothing", "hi"), 2)
        done = self.ok(self.home.run("chat", "--json", "-m", "openai/gpt-5", "hi"), 3)
        self.assertEqual(json.loads(done.out)["error"]["code"], "not_found")
        self.assertEqual(self.states(), ["void"])

    def test_retried_once_and_both_are_in_the_ledger(self):
        self.sim("--fault", "status=429,retry-after=0@nth=1")
        self.ok(self.home.run("chat", "-m", MODEL, "hi"))
        self.assertEqual(sorted(self.states()), ["settled", "void"])

    def test_cut_stream_is_an_error_not_an_answer(self):  # P16
        self.sim("--fault", "cut-after=700@stream")
        done = self.ok(self.home.run("chat", "-m", MODEL, "a b c d e f g h i j k l m n o p"), 3)
        self.assertNotEqual(done.err, "")
        self.assertEqual(self.states(), ["ambiguous"])

    def test_error_inside_a_stream(self):
        self.sim("--fault", "error-in-stream=3")
        self.ok(self.home.run("chat", "-m", MODEL, "a b c d e f g h"), 3)
        self.assertNotIn("sending", self.states())

    def test_redirects_are_not_followed(self):  # T02, T05
        seen = []
        trap = socket.socket()
        trap.bind(("127.0.0.1", 0))
        trap.listen()
        self.addCleanup(trap.close)

        def watch():
            try:
                seen.append(trap.accept())
            except OSError:
                pass
        threading.Thread(target=watch, daemon=True).start()
        self.sim("--fault", f"redirect=http://127.0.0.1:{trap.getsockname()[1]}/v1/x")
        self.ok(self.home.run("chat", "-m", MODEL, "hi"), 3)
        self.assertEqual(seen, [])

    def test_huge_answers_are_bounded(self):  # T28
        self.sim("--fault", "huge=1G")
        done = self.ok(self.home.run("chat", "--json", "-m", MODEL, "hi"), 3)
        self.assertEqual(json.loads(done.out)["error"]["code"], "too_large")

    def test_proxy_that_fails(self):  # T18
        self.sim()
        with socket.socket() as closed:
            closed.bind(("127.0.0.1", 0))
            port = closed.getsockname()[1]
        done = self.ok(self.home.run("chat", "-m", MODEL, "hi",
                                     env={"ARK_PROXY": f"http://me:hunter2@127.0.0.1:{port}",
                                          "ARK_MAX_ATTEMPTS": "1"}), 3)
        self.assertIn("proxy", done.err)
        self.assertNotIn("hunter2", done.out + done.err)
        self.assertEqual(self.states(), ["void"])

    def test_proxy_that_is_not_for_this_host(self):
        self.sim()
        dead = "http://127.0.0.1:9"
        self.ok(self.home.run("chat", "-m", MODEL, "hi", env={"HTTPS_PROXY": dead}))
        self.ok(self.home.run("chat", "-m", MODEL, "hi", env={"HTTP_PROXY": dead}))
        self.ok(self.home.run("chat", "-m", MODEL, "hi",
                              env={"ARK_PROXY": dead, "NO_PROXY": "127.0.0.1"}))

    def test_certificate_that_nobody_knows(self):  # T15
        sim = self.sim("--tls")
        self.ok(self.home.run("chat", "-m", MODEL, "known authority"))
        self.ok(self.home.run("doctor", "--net"))
        del self.home.env["ARK_CA_FILE"]
        self.ok(self.home.run("doctor", "--net", env={"SSL_CERT_FILE": sim.env["ARK_CA_FILE"]}))
        done = self.ok(self.home.run("chat", "--json", "-m", MODEL, "hi",
                                     env={"ARK_MAX_ATTEMPTS": "1"}), 3)
        self.assertEqual(json.loads(done.out)["error"]["code"], "tls")
        self.assertEqual(sorted(self.states()), ["settled", "void"])
        self.ok(self.home.run("doctor", "--net"), 1)
        done = self.home.run("chat", "-m", MODEL, "hi", env={
            "ARK_CA_FILE": sim.env["ARK_CA_FILE"], "ARK_MAX_ATTEMPTS": "1",
            "ARK_OPENAI_BASE_URL": sim.env["ARK_OPENAI_BASE_URL"].replace(".0.1:", ".0.2:")})
        self.ok(done, 3)

    def test_key_stays_with_its_address(self):  # T12
        self.sim()
        for name in [n for n in self.home.env if n.endswith("_KEY")]:
            del self.home.env[name]
        self.home.env["OPENAI_API_KEY"] = SECRET
        done = self.ok(self.home.run("chat", "-m", MODEL, "hi"), 2)
        self.assertIn("bound to", done.err)
        self.assertEqual(self.home.ledger(), [])


class Interruption(Case):
    def interrupted(self, *arguments, wait_for_output, number=signal.SIGINT):
        # Whoever runs the tests may ignore SIGHUP (nohup), and what is ignored is inherited.
        process = self.home.start(*arguments, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                  stderr=subprocess.PIPE,
                                  preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_DFL))
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.stderr.close)
        if wait_for_output:
            self.assertTrue(process.stdout.read(1))
        else:
            deadline = time.monotonic() + 20
            while not self.home.ledger() and time.monotonic() < deadline:
                time.sleep(0.1)
        begin = time.monotonic()
        process.send_signal(number)
        code = process.wait(20)
        self.assertLess(time.monotonic() - begin, 5)
        return code

    def test_stream(self):
        self.sim("--latency", "10ms+300ms")
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            code = self.interrupted("chat", "-m", MODEL, "a b c d e f g h i j k l m n o p q r s t",
                                    wait_for_output=True, number=number)
            self.assertEqual(code, 130)
        entries = self.home.ledger()
        self.assertEqual([e["state"] for e in entries], ["ambiguous"] * 3)
        self.assertIsNone(entries[0]["cost"]["value"])
        self.assertIsNotNone(entries[0]["cost"]["high"])

    def test_while_waiting_for_a_whole_answer(self):
        self.sim("--fault", "delay=60s")
        code = self.interrupted("chat", "--no-stream", "-m", MODEL, "hi", wait_for_output=False)
        self.assertEqual(code, 130)
        self.assertEqual([e["state"] for e in self.home.ledger()], ["ambiguous"])

    def test_reader_that_goes_away(self):
        self.sim("--latency", "10ms+300ms")
        process = self.home.start("chat", "-m", MODEL, " ".join("abcdefghijklmnopqrstuvwxyz" * 4),
                                  stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                  stderr=subprocess.PIPE)
        self.assertTrue(process.stdout.read(1))
        process.stdout.close()
        begin = time.monotonic()
        err = process.stderr.read()
        process.stderr.close()
        self.assertEqual(process.wait(30), 0, err)
        self.assertEqual(err, b"")
        self.assertLess(time.monotonic() - begin, 5)
        self.assertEqual([e["state"] for e in self.home.ledger()], ["ambiguous"])

    def test_full_disk_is_told(self):
        self.sim()
        with open("/dev/full", "wb") as full:
            process = self.home.start("chat", "-m", MODEL, "a b c", stdin=subprocess.DEVNULL,
                                      stdout=full, stderr=subprocess.PIPE)
            err = process.stderr.read()
            process.stderr.close()
        self.assertEqual(process.wait(30), 3, err)
        self.assertIn(b"No space left", err)
        self.assertNotIn("sending", [e["state"] for e in self.home.ledger()])


class Service(Case):
    """A service that is no model of a vendor: a file of YAML beside the settings, nothing else."""

    def test_it_is_one_more_model(self):
        vendor = self.vendor({"result": {"label": "fraud", "score": 0.93}})
        address = vendor.env["ARK_ANTHROPIC_BASE_URL"]
        folder = self.home.write("rows/scores.yaml", f"""
name: scores
base_url: {address}
path: /score
no_key: true
private_network: true
body: '{{"transaction": "{{{{prompt}}}}"}}'
text: /result/label
currency: EUR
price_source: contract
price_date: 2026-11-01
model:
  - {{id: fraud-2, price_per_call: "0.0004"}}
""")
        self.home.write(".config/ark/config.yaml",
                        f"vendor_directories: [{os.path.dirname(folder)}]\n")
        run = ["chat", "-m", "scores/fraud-2", "paid \"cash\" twice"]
        self.assertEqual(self.ok(self.home.run(*run)).out, "fraud\n")
        reply = json.loads(self.ok(self.home.run(*run, "--json")).out)
        self.assertEqual((reply["text"], reply["cost"]["status"]), ("fraud", "exact"))
        self.assertEqual(vendor.asked, [{"transaction": "paid \"cash\" twice"}] * 2)
        entries = self.home.ledger()
        self.assertEqual([(e["state"], e["cost"]["currency"], e["cost"]["value"]) for e in entries],
                         [("settled", "EUR", "0.0004")] * 2)
        listed = self.ok(self.home.run("models", "list", "--vendor", "scores")).out
        self.assertIn("scores/fraud-2", listed)


class AddAVendor(Case):
    """adapters/README.md, "Add a vendor in ten minutes", every command as it stands there."""

    def test_in_ten_minutes(self):
        vendor = self.vendor({"id": "1", "object": "chat.completion", "model": "some-model-1",
                              "choices": [{"index": 0, "finish_reason": "stop",
                                           "message": {"role": "assistant", "content": "hi"}}],
                              "usage": {"prompt_tokens": 3, "completion_tokens": 1,
                                        "total_tokens": 4}})
        guide = os.path.join(os.path.dirname(os.path.abspath(__file__)),
                             "..", "..", "..", "adapters", "README.md")
        with open(guide, encoding="utf-8") as text:
            blocks = re.findall(r"```sh\n(.*?)```", text.read(), re.S)
        self.assertEqual(len(blocks), 3)
        commands = textwrap.dedent("\n".join("   " + line.removeprefix("   ") for block in blocks
                                              for line in block.splitlines()))
        # What differs: the vendor answers on loopback, which a row must allow.
        self.assertEqual(commands.count("https://api.acme.example"), 1)
        commands = commands.replace("https://api.acme.example",
                                    vendor.env["ARK_OPENAI_BASE_URL"].removesuffix("/v1"))
        commands = commands.replace('dialect: "openai_chat"',
                                    'dialect: "openai_chat"\nprivate_network: true')
        run = subprocess.run(["sh", "-euc", commands], capture_output=True, cwd=self.home.path,
                             timeout=60, check=False,
                             env={**self.home.env, "ACME_API_KEY": SECRET,
                                  "PATH": os.path.dirname(ARK) + ":" + os.environ["PATH"]})
        self.assertEqual(run.returncode, 0, run.stderr.decode())
        self.assertIn(b"named by the caller", run.stdout + run.stderr)
        self.assertIn(b"hi\n", run.stdout)
        self.assertEqual(len(vendor.asked), 1)
        self.assertEqual(vendor.asked[0]["max_completion_tokens"], 20)
        self.assertEqual([e["vendor"] for e in self.home.ledger()], ["acme"])


class OwnNetwork(Case):
    """formats.md, "Servers of your own network", every command as it stands there."""

    def test_an_appliance_and_its_gateway(self):
        gateway = self.vendor([{"text": "answered", "code": 0, "sessionId": "s"}])
        appliance = Sim(self.home, "--tls")  # with a root certificate of its own
        self.addCleanup(appliance.close)
        guide = os.path.join(os.path.dirname(os.path.abspath(__file__)),
                             "..", "..", "..", "libark", "doc", "formats.md")
        with open(guide, encoding="utf-8") as text:
            commands, = re.findall(r"```sh\n(.*?)```", text.read(), re.S)
        # What differs: where the servers are, and the certificate's file.
        for written, here in (("https://linseer.corp.example/v1",
                               appliance.env["ARK_OPENAI_BASE_URL"]),
                              ("https://gateway.corp.example",
                               gateway.env["ARK_ANTHROPIC_BASE_URL"]),
                              ("/etc/ssl/corp-root.pem", appliance.env["ARK_CA_FILE"])):
            self.assertEqual(commands.count(written), 1)
            commands = commands.replace(written, here)
        run = subprocess.run(["sh", "-euc", commands], capture_output=True, cwd=self.home.path,
                             timeout=60, check=False,
                             env={**self.home.env, "LINSEER_TOKEN": SECRET,
                                  "PATH": os.path.dirname(ARK) + ":" + os.environ["PATH"]})
        self.assertEqual(run.returncode, 0, run.stderr.decode())
        self.assertIn(b"hello", run.stdout)
        self.assertIn(b"answered\n", run.stdout)
        self.assertEqual(gateway.asked, [{"question": "hello", "model": "linseer-code-34b",
                                          "profileModel": "linseer-code-34b",
                                          "productLine": "H3C", "templateName": "Chat"}])
        self.assertEqual(gateway.headers[0]["x-site-token"], SECRET)
        self.assertIsNone(gateway.headers[0]["authorization"])
        self.assertEqual({e["vendor"] for e in self.home.ledger()}, {"linseer", "linseer-gateway"})


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""The ark command against servers that nobody here wrote: recorded traffic, an npm mock, nginx."""
import base64
import json
import os
import re
import shutil
import ssl
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.error
import urllib.parse
import urllib.request

import npm
from ark_process import ark_home, simulator

ARK = sys.argv[1]
HERE = os.path.dirname(os.path.abspath(__file__))
SHARED = os.environ.get("ARK_SHARED") or os.path.join(HERE, "..", "..", "..", "..", "shared")
RECORDINGS = os.path.join(SHARED, "recordings")
PNG = ("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGA"
       "WjR9awAAAABJRU5ErkJggg==")
AIMOCK = "@copilotkit/aimock@1.43.0"


def need(program):
    path = shutil.which(program) or shutil.which(program, path="/usr/sbin:/usr/local/sbin")
    if not path:
        raise unittest.SkipTest(f"skipped: no {program}")
    return path


def free_port():
    import socket
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class double(unittest.TestCase):
    def setUp(self):
        self.home = ark_home(ARK)
        self.addCleanup(self.home.close)

    def spawn(self, command, **more):
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                                   text=True, **more)

        def end():
            process.terminate()
            process.communicate(timeout=10)
        self.addCleanup(end)
        return process

    def certificate(self):
        """ca.pem, and tls.pem and tls.key for "localhost", in the home."""
        openssl = need("openssl")
        at = self.home.file

        def run(*arguments):
            subprocess.run([openssl, *arguments], check=True, capture_output=True)
        run("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
            "-days", "2", "-subj", "/CN=test authority", "-keyout", at("ca.key"),
            "-out", at("ca.pem"))
        run("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj",
            "/CN=localhost", "-keyout", at("tls.key"), "-out", at("tls.csr"))
        extensions = at("tls.ext", "subjectAltName=DNS:localhost\n")
        run("x509", "-req", "-in", at("tls.csr"), "-CA", at("ca.pem"), "-CAkey", at("ca.key"),
            "-CAcreateserial", "-days", "2", "-extfile", extensions, "-out", at("tls.pem"))

    def chat(self, *arguments):
        return self.home.run("chat", *arguments)


class recorded_traffic(double):
    """The text of the answer must be what an independent reader found in the recording."""

    def setUp(self):
        super().setUp()
        self.node = need("node")
        if not os.path.isdir(RECORDINGS):
            self.skipTest("skipped: no shared corpus")

    # Row: provider and operation of the recordings, and a path of which the first group stands in
    # the base URL, the second is the model.
    COMPLETIONS = r"(.*)/chat/completions$"
    FAMILIES = {
        "openai": ("openai", "chat", COMPLETIONS),
        "anthropic": ("anthropic", "chat", r"(.*)/messages$"),
        "deepseek": ("deepseek", "chat", COMPLETIONS),
        "mistral": ("mistral", "chat", COMPLETIONS),
        "openrouter": ("openrouter", "chat", COMPLETIONS),
        "openai-responses": ("openai", "responses", r"(.*)/responses$"),
        "azure": ("azure", "chat", r"()/openai/deployments/([^/]+)/chat/completions$"),
        "gemini": ("gemini", "chat", r"(.*)/models/([^:/]+):\w+enerateContent$"),
        "vertex": ("vertex", "chat", r"(.*)/publishers/google/models/([^:/]+):\w+enerateContent$"),
        # Recorded with a colon in the path as it is or as %3A: only what has none.
        "bedrock": ("bedrock", "chat", r"(.*)/model/([^:/]+)/converse[a-z-]*$"),
        "bedrock-invoke": ("bedrock", "chat", r"(.*)/model/(anthropic[^:/]+)/invoke[a-z-]*$"),
        "cohere": ("cohere", "chat", r"()/v2/chat$"),
        "ollama": ("ollama", "chat", r"()/api/chat$"),
        "ollama-generate": ("ollama", "chat", r"()/api/generate$"),
    }

    def chosen(self, row, streamed, count):
        """Recordings of plain chats with a text and no tool call, spread over their sources, with
        what their paths have."""
        provider, operation, path = self.FAMILIES[row]
        found = {}
        with open(os.path.join(RECORDINGS, "expected.jsonl"), encoding="utf-8") as lines:
            for line in lines:
                e = json.loads(line)
                if (e["provider"], e["op"], e["kind"]) != (provider, operation, "reply"):
                    continue
                reading = e["readings"][0]
                wanted = (e["stream"] == streamed and e["fidelity"] == "exact"
                          and not e["notes"] and reading.get("text")
                          and not e["tool_calls"])
                if not wanted or e["file"].split("/")[0] in found:
                    continue
                with open(os.path.join(RECORDINGS, e["file"]), encoding="utf-8") as file:
                    recorded = json.load(file)
                parts = re.match(path, urllib.parse.urlparse(recorded["url"]).path)
                if parts:
                    found[e["file"].split("/")[0]] = (e, parts)
        return list(found.values())[:count]

    def judge(self, row, streamed, fragment):
        chosen = self.chosen(row, streamed, 4)
        self.assertTrue(chosen, "no recording fits")
        for e, parts in chosen:
            with self.subTest(file=e["file"]), tempfile.TemporaryDirectory() as folder:
                os.symlink(os.path.abspath(os.path.join(RECORDINGS, e["file"])),
                           os.path.join(folder, "one.json"))
                server = self.spawn([self.node, os.path.join(RECORDINGS, "replay_server.js"),
                                     "--dir", folder] + (["--fragment"] if fragment else []))
                port = json.loads(server.stdout.readline())["listening"]
                self.home.point(row, f"http://127.0.0.1:{port}{parts[1]}")
                model = urllib.parse.unquote(parts[2]) if parts.lastindex > 1 else e["model"]
                name = f"{row}/{model or 'a-model'}"
                if streamed:
                    done = self.chat("-m", name, "hello")
                    text = done.stdout.rstrip("\n")
                else:
                    done = self.chat("-m", name, "--json", "hello")
                    text = json.loads(done.stdout).get("text", "").rstrip("\n")
                self.assertEqual(done.returncode, 0, done.stderr)
                readings = [r["text"].rstrip("\n") for r in e["readings"]]
                self.assertIn(text, readings)

    def test_whole_answers(self):
        for row in self.FAMILIES:
            with self.subTest(row=row):
                self.judge(row, False, False)

    def test_fragmented_streams(self):
        for row in self.FAMILIES:
            with self.subTest(row=row):
                self.judge(row, True, True)


class aimock(double):
    FIXTURES = {"fixtures": [
        {"match": {"userMessage": "hello"}, "response": {"content": "Hello from a mock, é."}},
        {"match": {"userMessage": "weather"},
         "response": {"toolCalls": [{"name": "get_weather", "arguments": {"city": "Paris"}}]}},
        {"match": {"userMessage": "fail"},
         "response": {"error": {"message": "no", "type": "invalid_request_error"}, "status": 400}},
        {"match": {"inputText": "hello"}, "response": {"embedding": [0.25, -0.5, 0.125]}},
        {"match": {"userMessage": "a cat", "endpoint": "image"},
         "response": {"image": {"b64Json": PNG}}},
        {"match": {"userMessage": "say it", "endpoint": "speech"},
         "response": {"audio": "SUQzAAAA", "format": "mp3"}},
        {"match": {"endpoint": "transcription"},
         "response": {"transcription": {"text": "What was said, é.", "language": "de"}}},
        {"match": {"endpoint": "translation"},
         "response": {"transcription": {"text": "And in English.", "language": "en"}}}]}

    @classmethod
    def setUpClass(cls):
        program = need("npm")
        need("node")
        where = npm.folder("npm")
        cls.program = os.path.join(where, "node_modules", ".bin", "llmock")
        npm.install(program, where, cls.program, AIMOCK)

    def setUp(self):
        super().setUp()
        port = free_port()
        fixtures = self.home.file("fixtures.json", json.dumps(self.FIXTURES))
        self.spawn([self.program, "-p", str(port), "-f", fixtures, "--log-level", "silent",
                    "--strict", "--validate-on-load"])
        self.origin = f"http://127.0.0.1:{port}"
        for _ in range(200):
            try:
                urllib.request.urlopen(self.origin + "/health", timeout=1).close()
                break
            except urllib.error.HTTPError:
                break
            except OSError:
                time.sleep(0.05)
        for vendor, path in self.PATHS.items():
            self.home.point(vendor, self.origin + path)
        # A key ID:SECRET is one that signs.
        self.home.point("bedrock-invoke", self.origin, "AKIAEXAMPLE:secret")

    PATHS = {"openai": "/v1", "openai-responses": "/v1", "anthropic": "/v1",
             "volcengine-ark": "/api/v3", "byteplus-modelark": "/api/v3",
             "volcengine-ark-responses": "/api/v3", "byteplus-modelark-responses": "/api/v3",
             "volcengine-ark-bots": "/api/v3", "volcengine-ark-batch": "/api/v3",
             "byteplus-modelark-batch": "/api/v3", "volcengine-ark-context": "/api/v3",
             "byteplus-modelark-context": "/api/v3", "openrouter": "/api/v1",
             "gemini": "/v1beta", "gemini-interactions": "/v1beta",
             "vertex": "/v1/projects/p/locations/l", "bedrock": "", "azure": "", "cohere": "",
             "ollama": "", "ollama-generate": ""}
    MODELS = ("openai/gpt-5-mini", "openai-responses/gpt-5-mini", "anthropic/claude-haiku-4-5",
              "volcengine-ark/deepseek-v4-flash-260425", "byteplus-modelark/seed-2-0-mini",
              "volcengine-ark-responses/doubao-seed-1-8", "volcengine-ark-bots/bot-1",
              "byteplus-modelark-responses/seed-2-0-mini", "volcengine-ark-context/ep-1",
              "byteplus-modelark-context/ep-1",
              "openrouter/openai/gpt-5-mini", "gemini/gemini-2.5-flash",
              "gemini-interactions/gemini-2.5-flash", "vertex/gemini-2.5-flash",
              "bedrock/anthropic.claude-haiku-4-5-20251001-v1:0",
              "bedrock-invoke/anthropic.claude-haiku-4-5-20251001-v1:0", "azure/gpt-5-mini",
              "cohere/command-a-03-2025", "ollama/llama3.2")
    EMBEDDINGS = ("openai/text-embedding-3-small", "azure/text-embedding-3-small",
                  "volcengine-ark/doubao-embedding", "byteplus-modelark/skylark-embedding",
                  "volcengine-ark-batch/ep-1", "byteplus-modelark-batch/ep-1",
                  "gemini/gemini-embedding-001", "cohere/embed-v4.0", "ollama/nomic-embed-text")

    # Calls of a batch are whole. The mock streams an interaction that was not asked to; it sends
    # the chunks of an invocation without the {"bytes": ...} that is recorded around them.
    BATCH = ("volcengine-ark-batch/ep-1", "byteplus-modelark-batch/ep-1")
    ONLY_STREAMED = ("gemini-interactions/gemini-2.5-flash",)
    ONLY_WHOLE = ("bedrock-invoke/anthropic.claude-haiku-4-5-20251001-v1:0", *BATCH)

    def ways(self, models):
        """Each model, whole and streamed."""
        return [(model, how) for model in models for how in (["--json"], [])
                if model not in (self.ONLY_STREAMED if how else self.ONLY_WHOLE)]

    def test_whole_and_streamed_answers(self):
        for model, how in self.ways((*self.MODELS, *self.BATCH, "ollama-generate/llama3.2")):
            with self.subTest(model=model, how=how):
                done = self.chat("-m", model, *how, "hello")
                self.assertEqual(done.returncode, 0, done.stderr)
                text = json.loads(done.stdout)["text"] if how else done.stdout.strip()
                self.assertEqual(text, "Hello from a mock, é.")

    def test_tool_calls(self):
        tool = json.dumps({"name": "get_weather", "description": "The weather.",
                           "parameters": {"type": "object",
                                          "properties": {"city": {"type": "string"}}}})
        for model, how in self.ways((*self.MODELS, *self.BATCH)):
            with self.subTest(model=model, how=how):
                done = self.chat("-m", model, *how, "--tool", tool, "weather")
                self.assertEqual(done.returncode, 0, done.stderr)
                if how:
                    call = json.loads(done.stdout)["tool_calls"][0]
                    self.assertEqual(call["name"], "get_weather")
                    self.assertIn("Paris", json.dumps(call["arguments"]))
                else:
                    self.assertRegex(done.stdout,
                                     r'^tool_call get_weather \{"city": ?"Paris"\}')

    def test_errors(self):
        for model in self.MODELS:
            with self.subTest(model=model):
                done = self.chat("-m", model, "fail")
                self.assertEqual(done.returncode, 3, done.stderr)
                self.assertIn("error", done.stderr)

    def test_embeddings(self):
        for model in self.EMBEDDINGS:
            with self.subTest(model=model):
                done = self.home.run("embed", "-m", model, "hello")
                self.assertEqual(done.returncode, 0, done.stderr)
                self.assertEqual(json.loads(done.stdout), [0.25, -0.5, 0.125])

    def test_what_no_fixture_matches_is_an_error(self):
        for model in self.MODELS:
            with self.subTest(model=model):
                done = self.chat("-m", model, "nobody knows this")
                self.assertEqual(done.returncode, 3, done.stdout)

    def test_the_list_of_models(self):
        done = self.home.run("models", "refresh", "openai", "--json")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(json.loads(done.stdout)[0]["vendor"], "openai")

    def test_files(self):
        path = self.home.file("calls.jsonl", '{"custom_id": "a", "prompt": "hello"}\n')
        done = self.home.run("files", "upload", "openai", path, "--purpose", "batch", "--json")
        self.assertEqual(done.returncode, 0, done.stderr)
        made = json.loads(done.stdout)
        done = self.home.run("files", "get", "openai", made["id"])
        self.assertEqual((done.returncode, done.stdout),
                         (0, '{"custom_id": "a", "prompt": "hello"}\n'), done.stderr)

    def answered(self, *arguments):
        done = self.home.run(*arguments)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def test_images(self):
        made, given = self.home.file("made.png"), self.home.file("given.png")
        with open(given, "wb") as out:
            out.write(base64.b64decode(PNG))
        for model, *more in (("openai/gpt-image-1",), ("openai/gpt-image-1", "--image", given),
                             ("byteplus-modelark/seedream-4-0",)):
            with self.subTest(model=model, more=more):
                self.answered("image", "-m", model, *more, "-o", made, "a cat")
                with open(made, "rb") as read:
                    self.assertEqual(base64.b64encode(read.read()).decode(), PNG)
                os.remove(made)

    def test_sound(self):
        made = self.home.file("talk.mp3")
        self.answered("speech", "-m", "openai/tts-1", "-o", made, "say it")
        with open(made, "rb") as read:
            self.assertEqual(read.read(), b"ID3\0\0\0")
        said = self.answered("transcribe", "-m", "openai/whisper-1", made)
        self.assertEqual(said, "What was said, é.\n")
        said = self.answered("transcribe", "-m", "openai/whisper-1", "--translate", made)
        self.assertEqual(said, "And in English.\n")

    def test_a_batch(self):
        calls = self.home.file("calls.jsonl", "".join(
            json.dumps({"custom_id": each, "prompt": "hello"}) + "\n" for each in "ab"))
        made = json.loads(self.answered("batch", "submit", "--json", "-m", "openai/gpt-5-mini",
                                        calls))
        for _ in range(20):  # it goes a step further each time that it is asked
            if json.loads(self.answered("batch", "status", "--json", "openai",
                                        made["id"]))["status"] == "completed":
                break
        results = [json.loads(line) for line in
                   self.answered("batch", "fetch", "openai", made["id"]).splitlines()]
        self.assertEqual([(each["custom_id"], each["reply"]["text"]) for each in results],
                         [(each, "Mock batch completion") for each in "ab"])


class nginx_with_tls(double):
    """nginx ends TLS in front of the simulator, with a certificate that openssl made."""

    def setUp(self):
        super().setUp()
        nginx = need("nginx")
        self.certificate()
        self.sim = simulator(self.home, "--key", "test-key")
        self.addCleanup(self.sim.close)
        self.port = free_port()
        folder = self.home.path
        config = self.home.file("nginx.conf", f"""
            daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log; worker_processes 1;
            events {{ worker_connections 256; }}
            http {{
              access_log {folder}/access.log;
              client_body_temp_path {folder}/t1; proxy_temp_path {folder}/t2;
              fastcgi_temp_path {folder}/t3; uwsgi_temp_path {folder}/t4;
              scgi_temp_path {folder}/t5;
              gzip on; gzip_types application/json text/event-stream; gzip_min_length 1;
              gzip_proxied any;
              server {{
                listen 127.0.0.1:{self.port} ssl;
                ssl_certificate {folder}/tls.pem; ssl_certificate_key {folder}/tls.key;
                location / {{ proxy_pass {self.sim.at["origin"]}; proxy_buffering off; }}
              }}
            }}""")
        self.spawn([nginx, "-p", folder, "-e", f"{folder}/error.log", "-c", config])
        trusted = ssl.create_default_context(cafile=self.home.file("ca.pem"))
        for _ in range(200):
            try:
                urllib.request.urlopen(f"https://localhost:{self.port}/__journal", context=trusted,
                                       timeout=1).close()
                break
            except OSError:
                time.sleep(0.05)
        for vendor in ("openai", "anthropic"):
            self.home.point(vendor, f"https://localhost:{self.port}/v1")
        self.home.environment["ARK_CA_FILE"] = self.home.file("ca.pem")

    def test_answers_through_it(self):
        for model in ("openai/gpt-5-mini", "anthropic/claude-haiku-4-5"):
            for how in (["--json"], []):
                with self.subTest(model=model, how=how):
                    done = self.chat("-m", model, *how, "What is 12*7?")
                    self.assertEqual(done.returncode, 0, done.stderr)
                    self.assertIn("84", done.stdout)
        self.assertEqual(len([r for r in self.sim.journal() if r["billed"]]), 4)

    def test_an_unknown_authority_and_another_host_are_refused(self):
        del self.home.environment["ARK_CA_FILE"]
        done = self.chat("-m", "openai/gpt-5-mini", "hello")
        self.assertEqual(done.returncode, 3)
        self.assertIn("certificate", done.stderr)
        self.home.environment["ARK_CA_FILE"] = self.home.file("ca.pem")
        self.home.point("openai", f"https://127.0.0.1:{self.port}/v1")
        done = self.chat("-m", "openai/gpt-5-mini", "hello")
        self.assertEqual(done.returncode, 3)
        self.assertIn("certificate", done.stderr)
        self.assertEqual(self.sim.journal(), [], "nothing was sent")

    def test_a_dead_upstream_is_an_error_of_the_vendor(self):
        self.sim.process.stdin.close()
        self.sim.process.wait(timeout=10)
        self.sim.close = lambda: None
        done = self.chat("-m", "openai/gpt-5-mini", "hello")
        self.assertEqual(done.returncode, 3)
        self.assertIn("502", done.stderr)


def python_with_websockets():
    """Debian's python3 has the package; another one, first in PATH, may not."""
    for python in (sys.executable, "/usr/bin/python3"):
        if os.path.exists(python) and subprocess.run(
                [python, "-c", "import websockets"], capture_output=True).returncode == 0:
            return python
    raise unittest.SkipTest("skipped: no python3-websockets")


class websockets_server(double):
    """A signed WebSocket: Spark's shape of messages, spoken by the `websockets` package."""

    ID, SECRET = "key-id-0001", "secret-of-the-test"

    def begin(self, tls=False):
        python = python_with_websockets()
        certificate = []
        if tls:
            self.certificate()
            self.home.environment["ARK_CA_FILE"] = self.home.file("ca.pem")
            certificate = [self.home.file("tls.pem"), self.home.file("tls.key")]
        server = self.spawn([python, os.path.join(HERE, "spark_server.py"), self.ID, self.SECRET,
                             *certificate])
        port = json.loads(server.stdout.readline())["listening"]
        url = f"wss://localhost:{port}" if tls else f"ws://127.0.0.1:{port}"
        os.makedirs(self.home.file("rows"), exist_ok=True)
        self.home.file("rows/own-spark.textproto", f"""
            name: "own-spark"
            title: "A spark of one's own"
            dialect: "spark_ws"
            base_url: "{url}"
            auth: DATED_TARGET
            private_network: true
            key_variable: "OWN_SPARK"
            quirk {{ set_default {{ parameter: "app_id" value: "\\"app-1\\"" }} }}
            """)
        os.makedirs(self.home.file(".config/ark"), exist_ok=True)
        self.home.file(".config/ark/config.yaml",
                       f"vendor_directories: [{self.home.file('rows')}]\n")
        self.home.environment["ARK_OWN_SPARK_KEY"] = f"{self.ID}:{self.SECRET}"

    def ask(self, what, *how):
        return self.chat("-m", "own-spark/4.0Ultra", *how, what)

    def answers(self):
        """The server says back what it was sent, behind a ping and in fragments."""
        for how in (["--json"], ["--no-stream"], []):
            with self.subTest(how=how):
                done = self.ask("say äöü " + "x" * 70000, *how)
                self.assertEqual(done.returncode, 0, done.stderr)
                text = json.loads(done.stdout)["text"] if "--json" in how else done.stdout.strip()
                self.assertEqual(text, "app-1 4.0Ultra say äöü " + "x" * 70000)

    def test_answers_over_ws(self):
        self.begin()
        self.answers()

    def test_answers_over_wss(self):
        self.begin(tls=True)
        self.answers()

    def test_a_server_that_closes_early(self):
        self.begin()
        for what, sentence in (("close", "without the vendor's end mark"),
                               ("fail", "with the code 1011"),
                               ("vanish", "closed before the end")):
            for how in (["--no-stream"], []):
                with self.subTest(what=what, how=how):
                    done = self.ask(what, *how)
                    self.assertEqual(done.returncode, 3, done.stderr)
                    self.assertIn(sentence, done.stderr)

    def test_an_error_frame(self):
        self.begin()
        done = self.ask("error")
        self.assertEqual(done.returncode, 3, done.stderr)
        self.assertIn("policy refused", done.stderr)
        self.assertIn("blocked", done.stderr)

    def test_a_refused_handshake(self):
        self.begin()
        self.home.environment["ARK_OWN_SPARK_KEY"] = f"{self.ID}:another-secret"
        done = self.ask("hello")
        self.assertEqual(done.returncode, 3, done.stderr)
        self.assertIn("HTTP 401", done.stderr)
        self.assertIn("HMAC signature does not match", done.stderr)
        self.assertIn("clocks differ", done.stderr)
        self.assertNotIn("another-secret", done.stderr)
        self.assertNotIn("authorization=", done.stderr)


def run():
    ran = unittest.main(argv=sys.argv[:1] + sys.argv[2:], verbosity=2, exit=False).result
    if ran.wasSuccessful() and len(ran.skipped) >= max(ran.testsRun, 1):
        print(ran.skipped[0][1])
        sys.exit(77)  # what meson calls a skip
    sys.exit(0 if ran.wasSuccessful() else 1)


if __name__ == "__main__":
    run()

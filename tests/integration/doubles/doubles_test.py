#!/usr/bin/env python3
"""The ark command against servers that nobody here wrote: recorded traffic, an npm mock, nginx."""
import json
import os
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

from ark_process import ark_home, simulator

ARK = sys.argv[1]
HERE = os.path.dirname(os.path.abspath(__file__))
SHARED = os.environ.get("ARK_SHARED") or os.path.join(HERE, "..", "..", "..", "..", "shared")
RECORDINGS = os.path.join(SHARED, "recordings")
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

    def chat(self, *arguments):
        return self.home.run("chat", *arguments)


class recorded_traffic(double):
    """The text of the answer must be what an independent reader found in the recording."""

    def setUp(self):
        super().setUp()
        self.node = need("node")
        if not os.path.isdir(RECORDINGS):
            self.skipTest("skipped: no shared corpus")

    def chosen(self, provider, streamed, count):
        """Recordings of plain chats with a text and no tool call, spread over their sources."""
        found = {}
        with open(os.path.join(RECORDINGS, "expected.jsonl"), encoding="utf-8") as lines:
            for line in lines:
                e = json.loads(line)
                if (e["provider"], e["op"], e["kind"]) != (provider, "chat", "reply"):
                    continue
                reading = e["readings"][0]
                wanted = (e["stream"] == streamed and e["fidelity"] == "exact"
                          and not e["notes"] and reading.get("text")
                          and not reading.get("tool_calls"))
                if wanted:
                    found.setdefault(e["file"].split("/")[0], e)
        return list(found.values())[:count]

    def judge(self, provider, streamed, fragment):
        for e in self.chosen(provider, streamed, 6):
            with self.subTest(file=e["file"]), tempfile.TemporaryDirectory() as folder:
                os.symlink(os.path.abspath(os.path.join(RECORDINGS, e["file"])),
                           os.path.join(folder, "one.json"))
                with open(os.path.join(folder, "one.json"), encoding="utf-8") as file:
                    path = urllib.parse.urlparse(json.load(file)["url"]).path
                server = self.spawn([self.node, os.path.join(RECORDINGS, "replay_server.js"),
                                     "--dir", folder] + (["--fragment"] if fragment else []))
                port = json.loads(server.stdout.readline())["listening"]
                prefix = path.removesuffix("/chat/completions").removesuffix("/messages")
                self.home.point(provider, f"http://127.0.0.1:{port}{prefix}")
                model = f"{provider}/{e['model']}"
                if streamed:
                    done = self.chat("-m", model, "hello")
                    text = done.stdout.rstrip("\n")
                else:
                    done = self.chat("-m", model, "--json", "hello")
                    text = json.loads(done.stdout).get("text", "").rstrip("\n")
                self.assertEqual(done.returncode, 0, done.stderr)
                readings = [r["text"].rstrip("\n") for r in e["readings"]]
                self.assertIn(text, readings)

    def test_whole_answers_of_openai(self):
        self.judge("openai", False, False)

    def test_whole_answers_of_anthropic(self):
        self.judge("anthropic", False, False)

    def test_fragmented_streams_of_openai(self):
        self.judge("openai", True, True)

    def test_fragmented_streams_of_anthropic(self):
        self.judge("anthropic", True, True)

    def test_fragmented_streams_of_deepseek(self):
        self.judge("deepseek", True, True)


class aimock(double):
    FIXTURES = {"fixtures": [
        {"match": {"userMessage": "hello"}, "response": {"content": "Hello from a mock, é."}},
        {"match": {"userMessage": "weather"},
         "response": {"toolCalls": [{"name": "get_weather", "arguments": {"city": "Paris"}}]}},
        {"match": {"userMessage": "fail"},
         "response": {"error": {"message": "no", "type": "invalid_request_error"}, "status": 400}}]}

    @classmethod
    def setUpClass(cls):
        npm = need("npm")
        need("node")
        cls.folder = os.environ.get("ARK_NPM_CACHE") or \
            os.path.join(tempfile.gettempdir(), "ark-npm")
        cls.program = os.path.join(cls.folder, "node_modules", ".bin", "llmock")
        if os.path.exists(cls.program):
            return
        os.makedirs(cls.folder, exist_ok=True)
        try:
            done = subprocess.run([npm, "install", "--no-save", "--no-audit", "--no-fund",
                                   "--ignore-scripts", "--prefix", cls.folder, AIMOCK],
                                  capture_output=True, text=True, timeout=120)
        except subprocess.TimeoutExpired:
            raise unittest.SkipTest("skipped: the npm registry does not answer")
        if done.returncode != 0 or not os.path.exists(cls.program):
            raise unittest.SkipTest(f"skipped: npm cannot install {AIMOCK}")

    def setUp(self):
        super().setUp()
        port = free_port()
        fixtures = self.home.file("fixtures.json", json.dumps(self.FIXTURES))
        self.spawn([self.program, "-p", str(port), "-f", fixtures, "--log-level", "silent"])
        self.origin = f"http://127.0.0.1:{port}"
        for _ in range(200):
            try:
                urllib.request.urlopen(self.origin + "/health", timeout=1).close()
                break
            except urllib.error.HTTPError:
                break
            except OSError:
                time.sleep(0.05)
        self.home.point("openai", self.origin + "/v1")
        self.home.point("anthropic", self.origin + "/v1")
        self.home.point("volcengine-ark", self.origin + "/api/v3")

    MODELS = ("openai/gpt-5-mini", "anthropic/claude-haiku-4-5",
              "volcengine-ark/deepseek-v4-flash-260425")

    def test_whole_and_streamed_answers(self):
        for model in self.MODELS:
            with self.subTest(model=model):
                whole = self.chat("-m", model, "--json", "hello")
                self.assertEqual(whole.returncode, 0, whole.stderr)
                self.assertEqual(json.loads(whole.stdout)["text"], "Hello from a mock, é.")
                streamed = self.chat("-m", model, "hello")
                self.assertEqual(streamed.returncode, 0, streamed.stderr)
                self.assertEqual(streamed.stdout.strip(), "Hello from a mock, é.")

    def test_tool_calls(self):
        tool = json.dumps({"name": "get_weather", "description": "The weather.",
                           "parameters": {"type": "object",
                                          "properties": {"city": {"type": "string"}}}})
        for model in self.MODELS:
            with self.subTest(model=model):
                done = self.chat("-m", model, "--json", "--tool", tool, "weather")
                self.assertEqual(done.returncode, 0, done.stderr)
                call = json.loads(done.stdout)["tool_calls"][0]
                self.assertEqual(call["name"], "get_weather")
                self.assertIn("Paris", json.dumps(call["arguments"]))

    def test_errors(self):
        for model in self.MODELS:
            with self.subTest(model=model):
                done = self.chat("-m", model, "fail")
                self.assertEqual(done.returncode, 3, done.stderr)
                self.assertIn("error", done.stderr)


class nginx_with_tls(double):
    """nginx ends TLS in front of the simulator, with a certificate that openssl made."""

    def certificate(self):
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


if __name__ == "__main__":
    ran = unittest.main(argv=sys.argv[:1] + sys.argv[2:], verbosity=2, exit=False).result
    if ran.wasSuccessful() and len(ran.skipped) >= max(ran.testsRun, 1):
        print(ran.skipped[0][1])
        sys.exit(77)  # what meson calls a skip
    sys.exit(0 if ran.wasSuccessful() else 1)

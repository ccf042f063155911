"""A home of its own for the ark binary, and a simulator for it to talk to."""
import http.server
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import unittest

ARK = os.environ.get("ARK_BINARY", "ark")
SECRET = "sk-integration-7f3a9c-secret"


class Home:
    """A temporary HOME; nothing of the caller's environment but PATH goes in."""

    def __init__(self):
        self.path = tempfile.mkdtemp(prefix="ark-cli-")
        self.env = {"HOME": self.path, "PATH": os.environ.get("PATH", "/usr/bin:/bin")}
        for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS", "LSAN_OPTIONS"):
            if name in os.environ:
                self.env[name] = os.environ[name]

    def close(self):
        shutil.rmtree(self.path, ignore_errors=True)

    def file(self, *names):
        return os.path.join(self.path, *names)

    def write(self, name, text, mode=0o600):
        path = self.file(name)
        os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
        data = text if isinstance(text, bytes) else text.encode()
        with open(path, "wb") as out:
            out.write(data)
        os.chmod(path, mode)
        return path

    def read(self, path):
        with open(self.file(path), encoding="utf-8") as text:
            return text.read()

    def run(self, *arguments, stdin=b"", env=None, timeout=60, cwd=None):
        if isinstance(stdin, str):
            stdin = stdin.encode()
        done = subprocess.run([ARK, *arguments], input=stdin, capture_output=True, timeout=timeout,
                              env={**self.env, **(env or {})}, cwd=cwd or self.path)
        return Done(done.returncode, done.stdout.decode("utf-8", "replace"),
                    done.stderr.decode("utf-8", "replace"))

    def start(self, *arguments, env=None, **more):
        return subprocess.Popen([ARK, *arguments], env={**self.env, **(env or {})}, cwd=self.path,
                                **more)

    def ledger(self, *arguments):
        """The entries of the ledger, as `ark ledger list --json` prints them."""
        done = self.run("ledger", "list", "--json", *arguments)
        text = done.out.strip()
        if not text:
            return []
        if text.startswith("["):
            return json.loads(text)
        return [json.loads(line) for line in text.splitlines()]


class Vendor:
    """A server that answers every call with one body, and keeps what it was asked. What is to
    happen while its answer is awaited is called before it."""

    def __init__(self, body, meanwhile=None):
        self.asked = []
        self.headers = []
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):  # noqa: N802
                outer.headers.append(self.headers)
                outer.asked.append(json.loads(self.rfile.read(int(self.headers["content-length"]))))
                if meanwhile:
                    meanwhile()
                data = json.dumps(body).encode()
                self.send_response(200)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()
        address = f"http://127.0.0.1:{self.server.server_port}"
        self.env = {"ARK_OPENAI_BASE_URL": address + "/v1", "ARK_OPENAI_KEY": SECRET,
                    "ARK_ANTHROPIC_BASE_URL": address, "ARK_ANTHROPIC_KEY": SECRET,
                    "ARK_COHERE_BASE_URL": address, "ARK_COHERE_KEY": SECRET,
                    "ARK_CUSTOM_COMPLETIONS_BASE_URL": address + "/v1"}

    def close(self):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


class Done:
    def __init__(self, code, out, err):
        self.code, self.out, self.err = code, out, err

    def __repr__(self):
        return f"exit {self.code}\nstdout: {self.out[:2000]}\nstderr: {self.err[:2000]}"


class Sim:
    """`ark sim` on a free port, and the variables that point ark to it."""

    def __init__(self, home, *arguments):
        self.process = subprocess.Popen([ARK, "sim", "--until-eof", *arguments], env=home.env,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.STDOUT, text=True)
        self.lines = []
        self.env = {}
        for line in self.process.stdout:
            self.lines.append(line)
            found = re.match(r"\s*export (\w+)=(\S+)", line)
            if found:
                self.env[found[1]] = found[2]
            if "__journal" in line:
                break
        url = self.env.get("ARK_OPENAI_BASE_URL", "")
        self.address = re.sub(r"/v1$", "", url)
        for name in list(self.env):
            if name.endswith("_KEY"):
                self.env[name] = SECRET

    def close(self):
        self.process.stdin.close()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process.stdout.close()


class Case(unittest.TestCase):
    def setUp(self):
        self.home = Home()
        self.addCleanup(self.home.close)

    def sim(self, *arguments):
        made = Sim(self.home, *arguments)
        self.addCleanup(made.close)
        self.home.env.update(made.env)
        return made

    def vendor(self, body):
        made = Vendor(body)
        self.addCleanup(made.close)
        self.home.env.update(made.env)
        return made

    def ok(self, done, code=0):
        self.assertEqual(done.code, code, repr(done))
        return done


def main():
    program = unittest.main(module="__main__", argv=sys.argv[:1] + ["-v"], exit=False)
    sys.exit(0 if program.result.wasSuccessful() else 1)

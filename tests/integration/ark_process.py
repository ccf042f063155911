"""The ark command from outside: runs it with a home of its own, and the simulator beside it."""
import json
import os
import subprocess
import tempfile
import urllib.request

VENDORS = {"openai": "openai", "anthropic": "anthropic", "deepseek": "openai",
           "volcengine-ark": "volcengine"}


class ark_home:
    """A folder that stands for a user's home, removed at the end."""

    def __init__(self, ark):
        self.ark = ark
        self.folder = tempfile.TemporaryDirectory(prefix="ark-test-")
        self.path = self.folder.name
        # No key, setting or proxy of the machine that runs the tests may leak in.
        self.environment = {k: v for k, v in os.environ.items()
                            if k in ("PATH", "LD_LIBRARY_PATH", "LANG", "TMPDIR")
                            or k.startswith(("ASAN_", "UBSAN_", "TSAN_", "LSAN_"))}
        self.environment.update(HOME=self.path, NO_COLOR="1")

    def point(self, vendor, base_url, key="test-key"):
        name = vendor.upper().replace("-", "_")
        self.environment[f"ARK_{name}_BASE_URL"] = base_url
        self.environment[f"ARK_{name}_KEY"] = key

    def file(self, name, text=None):
        path = os.path.join(self.path, name)
        if text is not None:
            with open(path, "w", encoding="utf-8") as out:
                out.write(text)
        return path

    def run(self, *arguments, stdin="", timeout=60):
        return subprocess.run([self.ark, *arguments], env=self.environment, input=stdin,
                              capture_output=True, text=True, timeout=timeout)

    def start(self, *arguments):
        return subprocess.Popen([self.ark, *arguments], env=self.environment,
                                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, text=True)

    def close(self):
        self.folder.cleanup()


class simulator:
    """`ark sim` as a process of its own; it ends when this test does, however that ends."""

    def __init__(self, home, *arguments):
        self.process = subprocess.Popen([home.ark, "sim", "--json", "--until-eof", *arguments],
                                        env=home.environment, stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True)
        self.at = json.loads(self.process.stdout.readline())
        for vendor, dialect in VENDORS.items():
            home.point(vendor, self.at[dialect])
        if self.at["ca_file"]:
            home.environment["ARK_CA_FILE"] = self.at["ca_file"]

    def journal(self):
        with urllib.request.urlopen(self.at["journal"], timeout=10) as answer:
            return json.load(answer)["requests"]

    def close(self):
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait(timeout=10)

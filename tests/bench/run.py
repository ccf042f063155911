"""Runs the bench: interleaved rounds, medians of the ratios within a round. See run.sh."""

import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
SERVER_CORE, CLIENT_CORE = "0", "1"
EVENTS = 316


def pinned(core, command, **options):
    return subprocess.Popen(["taskset", "-c", core, *command], **options)


class Bench:
    def __init__(self, build, rounds):
        self.bin = os.path.join(build, "tests", "bench")
        self.ark = os.path.join(build, "cli", "ark")
        self.rounds = rounds
        self.dir = tempfile.mkdtemp(prefix="ark-bench-")
        self.children = []
        self.figures = {}  # (row, peer) -> [value of each round]

    def start(self):
        self.server = pinned(SERVER_CORE, [f"{self.bin}/bench-server"], stdout=subprocess.PIPE)
        self.children.append(self.server)
        os.mkdir(f"{self.dir}/ledger", 0o700)
        self.port = int(self.server.stdout.readline())
        subprocess.run([f"{self.bin}/bench-server", "--files", self.dir], check=True)
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
             "-nodes", "-keyout", f"{self.dir}/server.key", "-out", f"{self.dir}/server.pem",
             "-days", "2", "-subj", "/CN=localhost", "-addext",
             "subjectAltName=DNS:localhost,IP:127.0.0.1"],
            check=True, stderr=subprocess.DEVNULL)
        self.nginx_port, self.tls_port = 18080, 18443
        with open(f"{HERE}/nginx.conf.in") as source, open(f"{self.dir}/nginx.conf", "w") as out:
            text = source.read().replace("@dir@", self.dir).replace("@port@", str(self.nginx_port))
            out.write(text.replace("@tls_port@", str(self.tls_port)))
        os.chmod(self.dir, 0o755)
        os.chmod(f"{self.dir}/server.key", 0o644)
        self.children.append(
            pinned(SERVER_CORE, ["nginx", "-p", self.dir, "-c", f"{self.dir}/nginx.conf"]))
        time.sleep(1)

    def stop(self):
        for child in self.children:
            child.terminate()
            child.wait()
        shutil.rmtree(self.dir, ignore_errors=True)

    def client(self, peer, path, port, count, concurrency):
        command = [f"{self.bin}/bench-client", peer, path, str(port), str(count), str(concurrency)]
        if peer == "ledger":
            # A folder of its own: the ledger refuses one that others may read.
            command.append(f"{self.dir}/ledger/{time.monotonic_ns()}.db")
        out = subprocess.run(["taskset", "-c", CLIENT_CORE, *command], check=True, text=True,
                             capture_output=True).stdout
        return {name: float(value) for name, value in re.findall(r"(\w+)=([-\d.]+)", out)}

    def wrk(self, concurrency, seconds=3):
        script = f"{self.dir}/post.lua"
        with open(script, "w") as out:
            out.write('wrk.method="POST"\nwrk.headers["Content-Type"]="application/json"\n'
                      'wrk.body=[[{"model":"gpt-4o-mini","messages":[{"role":"user",'
                      '"content":"Write a haiku about rain."}]}]]\n')
        out = subprocess.run(
            ["taskset", "-c", CLIENT_CORE, "wrk", "-t1", f"-c{concurrency}", f"-d{seconds}s",
             "-s", script, f"http://127.0.0.1:{self.nginx_port}/chat"],
            check=True, text=True, capture_output=True).stdout
        return float(re.search(r"Requests/sec:\s+([\d.]+)", out).group(1))

    def note(self, row, peer, value):
        self.figures.setdefault((row, peer), []).append(value)

    def calls(self):
        for concurrency, count in ((1, 8000), (64, 30000)):
            row = f"CPU a call, {concurrency}"
            for peer in ("hand", "net", "ark", "curl"):
                got = self.client(peer, "/chat", self.nginx_port, count, concurrency)
                self.note(row, peer, got["cpu_us"])
                if concurrency == 64:
                    self.note("calls/s at 64", peer, 1e6 / got["wall_us"])
                    self.note("connections per 1,000 calls at 64", peer,
                              (got["connections"] - 64) * 1000 / count)
            pair = self.client("ledger", "/chat", self.nginx_port, count, concurrency)
            self.note(row, "ledger adds", pair["with_us"] - pair["without_us"])
        self.note("calls/s at 64", "wrk", self.wrk(64))

    def streams(self):
        for framing, path, port in (("one body", "/stream", self.nginx_port),
                                    ("chunk per event", "/stream-chunks", self.port)):
            for concurrency, count in ((1, 400), (64, 1500)):
                for peer in ("hand", "net", "ark"):
                    got = self.client(peer, path, port, count, concurrency)
                    self.note(f"CPU ns a chunk, {framing}, {concurrency}", peer,
                              got["cpu_us"] * 1000 / EVENTS)

    def delays(self):
        for peer in ("hand", "net", "ark"):
            got = self.client(peer, "/stamps", self.port, 5, 1)
            self.note("event delay p50, us", peer, got["delay_us"])

    def slow_streams(self):
        out = subprocess.run(
            ["taskset", "-c", CLIENT_CORE, f"{self.bin}/bench-slow", str(self.port), "1000"],
            check=True, text=True, capture_output=True).stdout
        for name, value in re.findall(r"(\w+)=(\d+)", out):
            self.note(name, "ark", int(value))

    def cold_start(self):
        once = f"{self.bin}/bench-once"
        cases = {
            "cold start, one call over http": [once, f"http://127.0.0.1:{self.nginx_port}/chat"],
            "cold start, one call over TLS": [once, f"https://localhost:{self.tls_port}/chat",
                                              f"{self.dir}/server.pem"],
        }
        if os.path.exists(self.ark):
            cases["cold start, ark --version"] = [self.ark, "--version"]
        for row, command in cases.items():
            times = []
            for _ in range(20):
                begun = time.perf_counter()
                subprocess.run(["taskset", "-c", CLIENT_CORE, *command], check=True,
                               stdout=subprocess.DEVNULL)
                times.append((time.perf_counter() - begun) * 1000)
            self.note(row, "ark", statistics.median(times))
        begun = []
        for _ in range(20):
            start = time.perf_counter()
            subprocess.run(["taskset", "-c", CLIENT_CORE, "true"], check=True)
            begun.append((time.perf_counter() - start) * 1000)
        self.note("starting any process", "ark", statistics.median(begun))

    def run(self):
        for index in range(self.rounds):
            print(f"round {index + 1} of {self.rounds}", file=sys.stderr, flush=True)
            self.calls()
            self.streams()
            self.delays()
            self.slow_streams()
            self.cold_start()

    # ---- the table

    def median(self, row, peer):
        return statistics.median(self.figures[(row, peer)])

    def ratio(self, row, peer, other):
        pairs = zip(self.figures[(row, peer)], self.figures[(row, other)])
        return statistics.median(a / b for a, b in pairs)

    def table(self):
        rows = []

        def at_most(name, value, limit, aim, unit="", detail=""):
            verdict = "ok, aim met" if value <= aim else "ok" if value <= limit else "NOT MET"
            rows.append((name, f"<= {limit}{unit}", f"<= {aim}{unit}", f"{value:.2f}{unit}",
                         verdict, detail))

        def at_least(name, value, limit, aim, unit="", detail=""):
            verdict = "ok, aim met" if value >= aim else "ok" if value >= limit else "NOT MET"
            rows.append((name, f">= {limit}{unit}", f">= {aim}{unit}", f"{value:.2f}{unit}",
                         verdict, detail))

        for concurrency, limit, aim in ((1, 3, 1.8), (64, 4, 2.2)):
            row = f"CPU a call, {concurrency}"
            detail = ", ".join(f"{p} {self.median(row, p):.1f} us"
                               for p in ("hand", "net", "ark", "curl"))
            at_most(f"client {row}, x by hand", self.ratio(row, "ark", "hand"), limit, aim, "x",
                    detail)
            added = self.median(row, "ledger adds")
            at_most(f"the ledger adds to a call, {concurrency}", added, 15, 6, " us")
        row = "calls/s at 64"
        detail = ", ".join(f"{p} {self.median(row, p):.0f}/s"
                           for p in ("wrk", "hand", "ark", "curl"))
        at_least(f"{row}, x wrk", self.ratio(row, "ark", "wrk"), 0.35, 0.55, "x", detail)
        for framing in ("one body", "chunk per event"):
            for concurrency in (1, 64):
                row = f"CPU ns a chunk, {framing}, {concurrency}"
                detail = ", ".join(f"{p} {self.median(row, p):.0f} ns"
                                   for p in ("hand", "net", "ark"))
                at_most(f"{row}, x by hand", self.ratio(row, "ark", "hand"), 3, 1.5, "x", detail)
        row = "connections per 1,000 calls at 64"
        at_most(f"{row} beyond the first 64", self.median(row, "ark"), 2, 1)
        row = "event delay p50, us"
        detail = ", ".join(f"{p} {self.median(row, p):.0f} us" for p in ("hand", "net", "ark"))
        at_most("event delay p50, x by hand", self.ratio(row, "ark", "hand"), 1.5, 1.2, "x", detail)
        at_most("memory, 1,000 open slow streams", self.median("memory_kb", "ark") / 1024, 40, 15,
                " MB")
        at_most("threads with 1,000 streams", self.median("threads", "ark"), 1, 1)
        for row, limit, aim in (("cold start, ark --version", 10, 3),
                                ("cold start, one call over http", 20, 6),
                                ("cold start, one call over TLS", 25, 10)):
            if (row, "ark") in self.figures:
                at_most(row, self.median(row, "ark"), limit, aim, " ms")
        print("| | must reach | aim | figure | | medians |\n|---|---|---|---|---|---|")
        for row in rows:
            print("| " + " | ".join(row) + " |")
        print(f"\nStarting any process (taskset true) takes "
              f"{self.median('starting any process', 'ark'):.2f} ms of the cold starts.")


def main():
    if len(sys.argv) < 2:
        sys.exit("usage: run.sh BUILD_DIR [ROUNDS]")
    bench = Bench(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 4)
    try:
        bench.start()
        bench.run()
        bench.table()
    finally:
        bench.stop()


if __name__ == "__main__":
    main()

"""What the tests of this folder share: the worker, a ledger in a file or in a PostgreSQL server of
the test's own (ARK_BUDGET_STORE=postgres), and a look into either."""
import ctypes
import glob
import os
import pwd
import shutil
import signal
import sqlite3
import subprocess
import tempfile
import time
import unittest

WORKER = os.environ["ARK_BUDGET_WORKER"]
ON_SERVER = os.environ.get("ARK_BUDGET_STORE") == "postgres"

# In 1e-15 of the unit.
UNIT = 10**15


def die_with_the_test():
    ctypes.CDLL(None).prctl(1, signal.SIGQUIT)  # PR_SET_PDEATHSIG


class FileLedger:
    HELD = "sum(iif(state IN ('open','doubt','lost'), held_micro * 1000000000 + held_femto, 0))"
    SPENT = "sum(spent_micro * 1000000000 + spent_femto)"
    WINDOW = ("SELECT spent_micro * 1000000000 + spent_femto, "
              "reserved_micro * 1000000000 + reserved_femto FROM budget_window")
    RESERVED = f"SELECT {SPENT}, {HELD} FROM reservation"
    RESERVATION_KEY = "seq"

    def __init__(self, folder):
        self.name = os.path.join(folder, "state", "ledger.sqlite")

    def rows(self, sql):
        with sqlite3.connect(f"file:{self.name}?mode=ro", uri=True, timeout=30) as db:
            found = db.execute(sql).fetchall()
        db.close()
        return found

    def check(self, test):
        test.assertEqual(self.rows("PRAGMA integrity_check"), [("ok",)])

    def close(self):
        pass


class ServerLedger:
    """A server on a Unix socket, run by a user that is not root; its sums are checked too."""
    WINDOW = ("SELECT (sum(spent) * 1000000000000000)::bigint, "
              "(sum(reserved) * 1000000000000000)::bigint FROM budget_shard HAVING count(*) > 0")
    RESERVED = ("SELECT (sum(spent) * 1000000000000000)::bigint, (coalesce(sum(held) FILTER (WHERE "
                "state NOT IN ('freed', 'uncounted')), 0) * 1000000000000000)::bigint "
                "FROM reservation")
    RESERVATION_KEY = "attempt_id"

    def __init__(self, folder):
        programs = sorted(glob.glob("/usr/lib/postgresql/*/bin"))
        if not programs:
            raise unittest.SkipTest("postgresql is not installed")
        self.folder = folder
        self.user = None
        if os.geteuid() == 0:
            known = {user.pw_name for user in pwd.getpwall()}
            self.user = "postgres" if "postgres" in known else "nobody"
            shutil.chown(folder, self.user)
        data = os.path.join(folder, "data")
        self.log = open(os.path.join(folder, "log"), "ab")
        subprocess.run([f"{programs[-1]}/initdb", "-D", data, "-U", "ark", "-A", "trust", "-E",
                        "UTF8", "--locale=C", "--no-sync"], check=True, **self.how())
        self.server = subprocess.Popen(
            [f"{programs[-1]}/postgres", "-D", data, "-c", "listen_addresses=", "-c",
             f"unix_socket_directories={folder}", "-c", "max_connections=400", "-c",
             "shared_buffers=64MB"], preexec_fn=die_with_the_test, **self.how())
        self.name = f"host={folder} dbname=postgres user=ark"
        for _ in range(600):
            if subprocess.run(self.psql("SELECT 1"), capture_output=True).returncode == 0:
                return
            time.sleep(0.1)
        raise RuntimeError(f"PostgreSQL does not start: see {folder}/log")

    def how(self):
        return {"user": self.user, "group": None if self.user is None else
                pwd.getpwnam(self.user).pw_gid, "extra_groups": None if self.user is None else [],
                "stdout": self.log, "stderr": self.log, "cwd": "/"}

    def psql(self, sql):
        return ["psql", "-XqAt", "-F", "\x1f", "-d", self.name + " options='-c search_path=ark'",
                "-v", "ON_ERROR_STOP=1", "-c", sql]

    def rows(self, sql):
        done = subprocess.run(self.psql(sql), capture_output=True, text=True, timeout=60)
        if done.returncode != 0:
            raise RuntimeError(done.stderr)
        as_number = lambda text: int(text) if text.lstrip("-").isdigit() else text
        return [tuple(as_number(cell) for cell in line.split("\x1f"))
                for line in done.stdout.splitlines()]

    def check(self, test):
        """The roll-ups are what the rows add up to."""
        test.assertEqual(
            self.rows("SELECT sum(attempts), sum(settled), sum(open), sum(cost) FROM spending "
                      "WHERE dimension = ''"),
            self.rows("SELECT count(*), count(*) FILTER (WHERE state = 'settled'), count(*) FILTER "
                      "(WHERE state = 'sending'), sum(cost) FILTER (WHERE cost_status IN ('exact', "
                      "'void'))::numeric(38, 15) FROM attempt"))

    def close(self):
        self.server.send_signal(signal.SIGINT)
        self.server.wait()
        self.log.close()


class BudgetTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory(prefix="ark-budget-")
        self.addCleanup(self.folder.cleanup)
        self.ledger = (ServerLedger if ON_SERVER else FileLedger)(self.folder.name)
        self.addCleanup(self.ledger.close)
        self.path = self.ledger.name
        self.rows = self.ledger.rows

    def worker(self, *arguments):
        done = subprocess.run([WORKER, *arguments], capture_output=True, text=True, timeout=120)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def window(self):
        """(spent, reserved) of the budget, in one snapshot."""
        found = self.rows(self.ledger.WINDOW)
        return found[0] if found else (0, 0)

    def expect_consistent(self):
        """The window is what the reservations add up to, and those what the entries say."""
        spent, reserved = self.window()
        self.assertEqual(self.rows(self.ledger.RESERVED), [(spent, reserved)])
        settled = self.rows(
            "SELECT coalesce(sum(cost_micro * 1000000000 + cost_femto), 0) FROM outcome "
            "JOIN intent USING (seq) WHERE state = 'settled' AND tags = '{\"team\":\"a\"}'")
        self.assertEqual(settled, [(spent,)])
        held = self.rows(
            "SELECT coalesce(sum(quote_micro * 1000000000 + quote_femto), 0) FROM intent i "
            "LEFT JOIN outcome o USING (seq) JOIN reservation r USING "
            f"({self.ledger.RESERVATION_KEY}) "
            "WHERE (o.seq IS NULL OR o.state = 'ambiguous') AND r.state <> 'freed'")
        self.assertEqual(held, [(reserved,)])
        self.assertEqual(self.rows("SELECT count(*) FROM correction"), [(0,)])
        self.ledger.check(self)

"""Eight processes that share a budget, killed (SIGKILL) at any moment and begun again: nothing
that was acknowledged is lost, nothing is there twice, the budget is never passed and adds up."""
import os
import random
import selectors
import signal
import subprocess
import time
import unittest

from budget_ledger import ON_SERVER, UNIT, WORKER, BudgetTest

KILLS = int(os.environ.get("ARK_LEDGER_KILLS", "100" if ON_SERVER else "60"))
PROCESSES = 8
# A machine is dead after a minute of silence: what its attempts hold is gone for this test.
LIMIT = f"{KILLS * 0.03:.2f}" if ON_SERVER else "1.00"


class Worker:
    def __init__(self, path):
        self.process = subprocess.Popen([WORKER, "crash", path], stdout=subprocess.PIPE)
        longest = 0.8 if ON_SERVER else 0.4  # it takes longer to connect
        self.die_at = time.monotonic() + random.uniform(0.02, longest)


class BudgetKillTest(BudgetTest):
    def setUp(self):
        super().setUp()
        self.told = selectors.DefaultSelector()
        self.begun, self.ended = {}, {}
        self.kills = 0

    def start(self):
        w = Worker(self.path)
        os.set_blocking(w.process.stdout.fileno(), False)
        self.told.register(w.process.stdout, selectors.EVENT_READ, [w, b""])
        return w

    def hear(self, key):
        """Takes what a worker has told; False when it has told all."""
        data = key.fileobj.read()
        if data is None:
            return True
        lines = (key.data[1] + data).split(b"\n")
        key.data[1] = lines.pop()
        for line in lines:
            what, number, cost = line.split()
            (self.begun if what == b"i" else self.ended)[int(number)] = int(cost)
        return data != b""

    def bury(self, worker, expected):
        self.assertEqual(worker.process.wait(), expected)
        key = self.told.get_key(worker.process.stdout)
        while self.hear(key):
            pass
        self.told.unregister(worker.process.stdout)
        worker.process.stdout.close()

    def look(self):
        spent, reserved = self.window()
        self.assertLessEqual(spent + reserved, round(float(LIMIT) * 100) * UNIT // 100)

    def check_acknowledged(self):
        there = dict(self.rows("SELECT attempt_id, quote_micro FROM intent"))
        self.assertEqual(self.rows("SELECT count(*) FROM intent"), [(len(there),)], "one twice")
        lost = [n for n in self.begun if there.get(n) != self.begun[n]]
        self.assertEqual(lost, [])
        settled = dict(self.rows("SELECT attempt_id, cost_micro FROM intent JOIN outcome USING "
                                 "(seq) WHERE state = 'settled'"))
        lost = [n for n in self.ended if settled.get(n) != self.ended[n]]
        self.assertEqual(lost, [])
        # At most what was on its way when the signal came is there beyond what was acknowledged.
        self.assertLessEqual(len(there), len(self.begun) + self.kills)
        self.assertLessEqual(len(settled), len(self.ended) + self.kills)

    def test_killed_at_any_moment(self):
        self.worker("set", self.path, LIMIT)
        workers = [self.start() for _ in range(PROCESSES)]
        while self.kills < KILLS:
            for key, _ in self.told.select(timeout=0.005):
                self.hear(key)
            now = time.monotonic()
            for i, w in enumerate(workers):
                if w.die_at > now:
                    self.assertIsNone(w.process.poll())
                    continue
                w.process.send_signal(signal.SIGKILL)
                self.bury(w, -signal.SIGKILL)
                self.kills += 1
                workers[i] = self.start()
            self.look()
        for w in workers:
            w.process.send_signal(signal.SIGKILL)
            self.bury(w, -signal.SIGKILL)
            self.kills += 1
        self.worker("sweep", self.path)
        self.check_acknowledged()
        self.expect_consistent()
        self.assertEqual(
            self.rows("SELECT count(*) FROM intent LEFT JOIN outcome USING (seq) "
                      "WHERE outcome.state IS NULL"), [(0,)], "left open")
        # When the leases are over nothing is held any more, and the doubt stays.
        time.sleep(1.1)
        self.worker("sweep", self.path)
        self.expect_consistent()
        self.assertEqual(self.window()[1], 0)
        lost = self.rows("SELECT count(*) FROM outcome WHERE finish = 'lost' AND "
                         "state = 'ambiguous'")[0][0]
        self.assertGreater(lost, 0)
        print(f"{self.kills} kills, {len(self.begun)} attempts begun, {len(self.ended)} ended, "
              f"{lost} in doubt, spent {self.window()[0] / UNIT:.6f}")


if __name__ == "__main__":
    unittest.main()

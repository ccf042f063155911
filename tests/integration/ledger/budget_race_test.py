"""64 processes with 16 threads each against one budget of 1.00: never above it, and it is used."""
import os
import subprocess
import time
import unittest

from budget_ledger import ON_SERVER, UNIT, WORKER, BudgetTest

# Long for a busy machine: a process ends when it was refused so often that nothing fits any more. A
# server's answer takes longer.
PROCESSES, THREADS, SECONDS = int(os.environ.get("ARK_BUDGET_RACERS", "64")), 16, 90
REFUSALS = 300 if ON_SERVER else 1000


class BudgetRaceTest(BudgetTest):
    def test_one_budget_for_many(self):
        self.worker("set", self.path, "1.00")
        racers = [
            subprocess.Popen([WORKER, "race", self.path, str(THREADS), str(SECONDS),
                              str(REFUSALS)],
                             stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            for _ in range(PROCESSES)
        ]
        looks = 0
        while any(r.poll() is None for r in racers):
            spent, reserved = self.window()
            self.assertLessEqual(spent + reserved, UNIT)
            looks += 1
            time.sleep(0.02)
        refused = 0
        for r in racers:
            out, err = r.communicate()
            self.assertEqual(r.returncode, 0, err)
            refused += int(out)
        spent, reserved = self.window()
        attempts = self.rows("SELECT count(*) FROM intent")[0][0]
        print(f"{attempts} attempts, {refused} refused, spent {spent / UNIT:.6f}, {looks} looks")
        self.assertEqual(reserved, 0)
        self.assertLessEqual(spent, UNIT)
        self.assertGreaterEqual(spent, UNIT * 95 // 100)
        self.assertGreater(refused, 0)
        self.expect_consistent()


if __name__ == "__main__":
    unittest.main()

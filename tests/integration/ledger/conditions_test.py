"""A full disk, a folder that cannot be written, a clock that jumps, a file from a newer version, a
damaged file: what the ark command says, and that nothing is lost. The ids are those of the table in
libark/doc/security.md."""
import glob
import os
import resource
import sqlite3
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "cli"))
from harness import ARK, Case, Vendor, main  # noqa: E402

MODEL = "openai/gpt-5-mini"
ANSWER = {"id": "x", "object": "chat.completion", "model": "gpt-5-mini", "choices": [
    {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "hello"}}],
    "usage": {"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 15}}
NOBODY = 65534
DAY_S = 86_400


class LedgerCase(Case):
    def setUp(self):
        super().setUp()
        os.makedirs(self.home.file("books"), mode=0o700)
        self.path = self.home.file("books", "ledger.sqlite")
        self.home.env["ARK_LEDGER"] = self.path
        self.asked = self.vendor(ANSWER)

    def chat(self, *more, **how):
        return self.home.run("chat", "-m", MODEL, "--no-stream", *more, "hi", **how)

    def rows(self, sql):
        with sqlite3.connect(self.path) as db:
            found = db.execute(sql).fetchall()
            db.commit()
        db.close()
        return found

    def meanwhile(self, act):
        """From now on the vendor does that before it answers."""
        made = Vendor(ANSWER, act)
        self.addCleanup(made.close)
        self.home.env.update(made.env)
        return made

    def bytes(self):
        with open(self.path, "rb") as file:
            return file.read()

    def refused(self, done, *words, asked=None):
        """An error that says what to do, and nothing was sent."""
        self.assertEqual(done.code, 3, repr(done))
        for word in words:
            self.assertIn(word, done.err)
        before = len(self.asked.asked) if asked is None else asked
        self.assertEqual(len(self.asked.asked), before, "it was sent")

    def good(self, attempts):
        self.assertEqual(len(self.home.ledger("--limit", "0")), attempts)
        self.ok(self.home.run("ledger", "verify", "--pages"))


class FullDisk(LedgerCase):
    """The disk is one of 1 MB, or the process may write no longer files: both are ENOSPC's kin."""

    def tearDown(self):
        if os.path.ismount(self.home.file("books")):
            subprocess.run(["umount", self.home.file("books")], check=True)
        super().tearDown()

    def small_disk(self):
        made = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m,mode=700", "tmpfs",
                               self.home.file("books")], capture_output=True, check=False)
        if made.returncode != 0:
            self.skipTest("a disk of 1 MB takes the right to mount one")

    def fill(self):
        with open(self.home.file("books", "filler"), "wb", buffering=0) as file:
            try:
                while True:
                    file.write(b"x" * 4096)
            except OSError:
                pass

    def free(self):
        os.unlink(self.home.file("books", "filler"))

    def test_nothing_is_sent_and_nothing_is_lost(self):  # L10
        self.small_disk()
        self.ok(self.chat())
        self.fill()
        self.refused(self.chat(), "the disk is full: free some space", asked=1)
        self.free()
        self.ok(self.chat())
        self.good(2)

    def test_a_disk_that_was_full_at_first(self):  # L10
        self.small_disk()
        self.fill()
        self.refused(self.chat(), "the disk is full: free some space", asked=0)
        self.free()
        self.ok(self.chat())
        self.good(1)

    def test_an_answer_that_was_paid_for_is_given(self):  # L10
        self.small_disk()
        self.ok(self.chat())
        self.meanwhile(self.fill)
        done = self.ok(self.chat())
        self.assertIn("hello", done.out)
        self.assertIn("the ledger has not recorded this attempt's outcome yet", done.err)
        self.assertIn("the disk is full: free some space", done.err)
        self.free()
        # Its process is gone and cannot tell any more: the attempt is there, up to its worst case.
        entries = self.home.ledger()
        self.assertEqual([e["state"] for e in entries], ["ambiguous", "settled"])
        self.assertGreater(float(entries[0]["cost"]["high"]), 0)
        self.good(2)

    def test_a_limit_of_the_process(self):  # L10
        self.ok(self.chat())
        limited = {"preexec_fn": lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (1, 1)),
                   "restore_signals": False}
        before = self.bytes()
        done = subprocess.run([ARK, "chat", "-m", MODEL, "--no-stream", "hi"], env=self.home.env,
                              capture_output=True, text=True, check=False, **limited)
        self.assertEqual(done.returncode, 3, done.stderr)
        self.assertIn("disk full, quota", done.stderr)
        self.assertEqual(len(self.asked.asked), 1, "nothing was sent")
        self.assertEqual(self.bytes(), before)
        self.ok(self.chat())
        self.good(2)


class ReadOnly(LedgerCase):
    """Root may write everywhere, so that the command is run as nobody then."""

    def setUp(self):
        super().setUp()
        self.who = {}
        if os.geteuid() == 0:
            self.who = {"user": NOBODY, "group": NOBODY, "extra_groups": []}
            for folder, _, files in os.walk(self.home.path):
                for name in [folder, *(os.path.join(folder, f) for f in files)]:
                    os.chown(name, NOBODY, NOBODY)
        self.addCleanup(lambda: os.chmod(self.home.file("books"), 0o700))

    def run_ark(self, *arguments):
        done = subprocess.run([ARK, *arguments], env=self.home.env, cwd=self.home.path,
                              capture_output=True, text=True, check=False, **self.who)
        done.code, done.out, done.err = done.returncode, done.stdout, done.stderr
        return done

    def chat(self, *more, **_):
        return self.run_ark("chat", "-m", MODEL, "--no-stream", *more, "hi")

    def test_a_folder_that_may_not_be_written(self):  # L11
        os.chmod(self.home.file("books"), 0o500)
        self.refused(self.chat(), self.path, "Permission denied", asked=0)
        self.assertEqual(os.listdir(self.home.file("books")), [])
        # Who wants to go on without a record says so.
        self.ok(self.chat("--no-ledger"))
        self.assertEqual(len(self.asked.asked), 1)

    def test_a_ledger_in_a_folder_that_may_not_be_written_any_more(self):  # L11
        self.ok(self.chat())
        self.rows("PRAGMA wal_checkpoint(TRUNCATE)")
        for name in glob.glob(self.path + "-[ws]*"):
            os.unlink(name)
        before = self.bytes()
        os.chmod(self.home.file("books"), 0o500)
        self.refused(self.chat(), "may not be written: change its mode, or name another ledger",
                     asked=1)
        self.assertEqual(self.bytes(), before)
        listed = self.run_ark("ledger", "list")
        self.assertEqual(listed.returncode, 0, listed.stderr)
        self.assertIn("gpt-5-mini", listed.stdout)
        os.chmod(self.home.file("books"), 0o700)
        self.ok(self.chat())
        self.good(2)

    def test_a_file_that_may_not_be_written(self):  # L11
        self.ok(self.chat())
        os.chmod(self.path, 0o444)
        self.refused(self.chat(), "it is read-only: chmod u+w it, or name another", asked=1)
        os.chmod(self.path, 0o600)
        self.ok(self.chat())
        self.good(2)

    def test_a_file_of_another_user(self):  # L11
        if not self.who:
            self.skipTest("it takes root to give a file away")
        self.ok(self.chat())
        os.chown(self.path, 12345, 12345)
        self.refused(self.chat(), "it belongs to another user", asked=1)


class JumpingClock(LedgerCase):
    def setUp(self):
        super().setUp()
        self.home.env["LD_PRELOAD"] = os.environ["ARK_JUMPING_CLOCK"]
        self.home.env["JUMPING_CLOCK"] = self.home.file("clock")
        if "ASAN_OPTIONS" in os.environ:
            self.home.env["ASAN_OPTIONS"] += ":verify_asan_link_order=0"
        self.jump(0)

    def jump(self, seconds):
        self.home.write("clock", str(seconds))

    def test_each_attempt_is_there_once_with_the_time_that_it_was_told(self):
        for days in (0, 400, -30, 0, 3650, 1):
            self.jump(days * DAY_S)
            self.ok(self.chat())
        self.jump(0)
        self.good(6)
        entries = self.home.ledger("--limit", "0")
        self.assertEqual([e["sequence"] for e in entries], [6, 5, 4, 3, 2, 1])
        self.assertEqual({e["state"] for e in entries}, {"settled"})
        self.assertEqual(self.rows("SELECT sum(attempts), count(DISTINCT day) FROM rollup WHERE "
                                   "dimension = 0"), [(6, 5)])

    def test_a_jump_while_the_answer_is_awaited(self):
        for jump in (-400 * DAY_S, 400 * DAY_S):
            self.jump(0)
            self.meanwhile(lambda by=jump: self.jump(by))
            self.ok(self.chat())
        self.good(2)
        for latency, state in self.rows("SELECT latency_us, state FROM outcome"):
            self.assertEqual(state, "settled")
            self.assertTrue(0 <= latency < 60_000_000, latency)

    def test_a_budget_of_a_day_is_not_passed_by_setting_the_clock(self):
        self.ok(self.home.run("budget", "set", "day", "0.0001", "USD", "--per", "day"))
        kept = []
        for days in (0, 1, 0, 1, 0, 1):
            self.jump(days * DAY_S)
            for _ in range(3):
                kept.append(self.chat("--max-tokens", "16").code)
        self.assertIn(1, kept, "the budget refuses at last")
        spent = self.rows("SELECT max(spent_micro * 1000000000 + spent_femto + reserved_micro * "
                          "1000000000 + reserved_femto) FROM budget_window")[0][0]
        self.assertLessEqual(spent, 100_000_000_000)
        self.jump(0)
        self.good(kept.count(0))


class NewerFile(LedgerCase):
    def test_it_is_refused_and_left_alone(self):
        self.ok(self.chat())
        self.rows("INSERT INTO schema_version VALUES(99, 0, 'of the future')")
        self.rows("PRAGMA wal_checkpoint(TRUNCATE)")
        before = self.bytes()
        self.refused(self.chat(), "schema version 99", "use a newer libark, or name another ledger",
                     asked=1)
        for command in (["ledger", "list"], ["ledger", "verify"], ["budget", "list"]):
            done = self.home.run(*command)
            self.assertEqual(done.code, 3, repr(done))
            self.assertIn("use a newer libark", done.err)
        self.assertEqual(self.bytes(), before)
        self.rows("DELETE FROM schema_version WHERE version = 99")
        self.ok(self.chat())
        self.good(2)


class DamagedFile(LedgerCase):
    def test_it_is_refused_and_saved(self):  # L12
        for _ in range(3):
            self.ok(self.chat("--tag", "what=" + "x" * 3000))
        self.rows("PRAGMA wal_checkpoint(TRUNCATE)")
        root = self.rows("SELECT rootpage FROM sqlite_schema WHERE name = 'intent'")[0][0]
        with open(self.path, "r+b") as file:
            file.seek((root - 1) * 4096)
            file.write(b"\xff" * 64)
        before = self.bytes()
        self.refused(self.chat(), "nothing more is recorded in it",
                     "ark ledger salvage --to NEWFILE", asked=3)
        new = self.home.file("books", "saved.sqlite")
        done = self.ok(self.home.run("ledger", "salvage", "--to", new))
        self.assertIn("3 of 3 attempts, 3 of 3 outcomes", done.out)
        self.assertIn("nothing was lost", done.out)
        self.assertEqual(self.bytes(), before)
        # A value, too: what was saved is told apart from what can be trusted.
        with open(self.path, "wb") as file:
            file.write(before.replace(b'{"what":"xxx', b'{"what":"xxy', 1))
        second = self.home.file("books", "second.sqlite")
        done = self.ok(self.home.run("ledger", "salvage", "--to", second), 1)
        self.assertIn("3 of 3 attempts (1 do not fit their check)", done.out)
        self.ok(self.home.run("ledger", "salvage", "--to", second), 2)
        self.home.env["ARK_LEDGER"] = self.path = new
        self.ok(self.home.run("ledger", "verify"))
        self.ok(self.chat())


if __name__ == "__main__":
    main()

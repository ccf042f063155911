"""`ark doctor VENDOR`: against the simulator, and against servers with something wrong."""
import email.utils
import http.server
import json
import os
import pty
import select
import threading
import time

import harness
from harness import SECRET, Case, main

REPLY = {"id": "c1", "object": "chat.completion", "model": "gpt-5-mini",
         "choices": [{"index": 0, "message": {"role": "assistant", "content": "ok"},
                      "finish_reason": "stop"}],
         "usage": {"prompt_tokens": 9, "completion_tokens": 1, "total_tokens": 10}}


class Odd:
    """OpenAI's interface with a clock of its own; answers as it is told."""

    def __init__(self, ahead_s=0, status=200, reply=None, dated=True):
        self.asked = []
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def send(self, code, kind, data):
                self.send_response_only(code)
                if dated:
                    date = email.utils.formatdate(time.time() + ahead_s, usegmt=True)
                    self.send_header("date", date)
                self.send_header("content-type", kind)
                self.send_header("content-length", str(len(data)))
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(data)

            def do_HEAD(self):  # noqa: N802
                self.send(404, "text/plain", b"")

            def do_GET(self):  # noqa: N802
                outer.asked.append(self.path)
                self.send(200, "application/json", b'{"data": [{"id": "its-own-model"}]}')

            def do_POST(self):  # noqa: N802
                body = json.loads(self.rfile.read(int(self.headers["content-length"])))
                outer.asked.append(body)
                if status != 200:
                    answer = {"error": {"message": "no such key", "code": "invalid_api_key"}}
                else:
                    answer = reply or {**REPLY, "model": body["model"]}
                if status != 200 or not body.get("stream"):
                    return self.send(status, "application/json", json.dumps(answer).encode())
                said = answer["choices"][0]["message"]["content"]
                chunk = {**answer, "object": "chat.completion.chunk", "choices": [
                    {"index": 0, "delta": {"content": said}, "finish_reason": "stop"}]}
                data = f"data: {json.dumps(chunk)}\n\ndata: [DONE]\n\n".encode()
                return self.send(200, "text/event-stream", data)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


class Doctor(Case):
    def odd(self, vendor="OPENAI", **how):
        made = Odd(**how)
        self.addCleanup(made.close)
        self.home.env.update({
            f"ARK_{vendor}_BASE_URL": f"http://127.0.0.1:{made.server.server_port}/v1",
            f"ARK_{vendor}_KEY": SECRET})
        return made

    def checks(self, *arguments, code=0):
        done = self.ok(self.home.run("doctor", "--json", *arguments), code)
        self.assertNotIn(SECRET, done.out + done.err)
        return {each["what"]: each for each in json.loads(done.out)["checks"]}

    def assert_all_good(self, checks, but=()):
        for what, each in checks.items():
            if what not in but:
                self.assertEqual(each["state"], "ok", each)


class AgainstTheSimulator(Doctor):
    def test_whole_and_streamed_calls_are_made_and_recorded(self):
        self.sim()
        for vendor in ("openai", "anthropic"):
            with self.subTest(vendor=vendor):
                before = len(self.home.ledger())
                checks = self.checks(vendor, "--yes")
                # The simulator's answers are the same each time, so they have no date.
                self.assert_all_good(checks, but=("clock",))
                for what in ("row", "base URL", "key", "verified", "network", "tls", "call",
                             "stream", "call usage", "call model", "call request id", "call cost",
                             "stream usage", "stream cost"):
                    self.assertIn(what, checks)
                self.assertIn("ARK_" + vendor.upper() + "_KEY", checks["key"]["detail"])
                entries = self.home.ledger()
                self.assertEqual(len(entries) - before, 2)
                self.assertEqual({e["task"] for e in entries}, {"doctor"})

    def test_the_price_is_said_first(self):
        self.sim()
        done = self.ok(self.home.run("doctor", "openai", "--yes", "-m", "gpt-5-mini"))
        self.assertRegex(done.err, r"2 short calls to openai/gpt-5-mini \(at most 0\.\d+ USD\)")
        self.assertIn("call", done.out)

    def test_deep_is_one_call_more(self):
        self.sim()
        checks = self.checks("openai", "--yes", "--deep")
        self.assertIn("tool call", checks)
        self.assertEqual(len(self.home.ledger()), 3)

    def test_without_a_terminal_nothing_is_called(self):
        self.sim()
        checks = self.checks("openai")
        self.assertEqual(checks["call"]["state"], "warning")
        self.assertIn("--yes", checks["call"]["detail"])
        self.assertIn("USD", checks["call"]["detail"])
        self.assertNotIn("stream", checks)
        self.assertEqual(self.home.ledger(), [])


class WithSomethingWrong(Doctor):
    def test_a_wrong_clock(self):
        for ahead, words in ((3630, "60 min behind"), (-7300, "2 h ahead of")):
            with self.subTest(ahead=ahead):
                self.odd(ahead_s=ahead)
                checks = self.checks("openai", code=1)
                self.assertEqual(checks["clock"]["state"], "problem")
                self.assertIn(words, checks["clock"]["detail"])

    def test_a_clock_that_is_right_enough_or_not_said(self):
        self.odd(ahead_s=30)
        self.assertEqual(self.checks("openai")["clock"]["state"], "ok")
        self.odd(dated=False)
        self.assertEqual(self.checks("openai")["clock"]["state"], "warning")

    def test_a_refused_key_ends_it(self):
        server = self.odd(status=401)
        checks = self.checks("openai", "--yes", code=1)
        self.assertEqual(checks["call"]["state"], "problem")
        self.assertIn("no such key", checks["call"]["detail"])
        self.assertNotIn("stream", checks)
        self.assertEqual(len(server.asked), 1)

    def test_what_the_vendor_does_not_do(self):
        self.odd(reply={**REPLY, "model": "another", "usage": {
            "prompt_tokens": 9, "completion_tokens": 1, "total_tokens": 30}})
        checks = self.checks("openai", "--yes")
        for what in ("call usage", "call model", "call request id", "stream usage"):
            self.assertEqual(checks[what]["state"], "warning", checks[what])
        self.assertIn("30", checks["call usage"]["detail"])

    def test_nobody_answers(self):
        self.home.env.update({"ARK_OPENAI_BASE_URL": "http://127.0.0.1:9/v1",
                              "ARK_OPENAI_KEY": SECRET})
        checks = self.checks("openai", "--yes", code=1)
        self.assertEqual(checks["network"]["state"], "problem")
        self.assertNotIn("call", checks)

    def test_the_vendors_list_names_a_model_where_no_price_does(self):
        server = self.odd(vendor="CUSTOM")
        checks = self.checks("custom")
        self.assertIn("custom/its-own-model (price unknown)", checks["call"]["detail"])
        self.assertEqual(server.asked, ["/v1/models"])
        self.checks("custom", "--yes")
        self.assertEqual(server.asked[-1]["model"], "its-own-model")


class OnATerminal(Doctor):
    def answer(self, text):
        """Runs it on a terminal of its own, and types `text` when it is asked."""
        ours, theirs = pty.openpty()
        process = self.home.start("doctor", "openai", "-m", "gpt-5-mini", stdin=theirs,
                                  stdout=theirs, stderr=theirs, env={"TERM": "dumb"})
        os.close(theirs)
        shown = b""
        end = time.monotonic() + 30
        while time.monotonic() < end:
            if not select.select([ours], [], [], 0.1)[0]:
                continue
            try:
                more = os.read(ours, 65536)
            except OSError:  # how Linux says that the other side is closed
                break
            if not more:
                break
            shown += more
            if text and b"[y/N]" in shown:
                os.write(ours, text.encode())
                text = None
        os.close(ours)
        return process.wait(10), shown.decode()

    def test_it_asks(self):
        server = self.odd()
        code, shown = self.answer("n\n")
        self.assertEqual(code, 0, shown)
        self.assertIn("2 short calls to openai/gpt-5-mini (at most 0.", shown)
        self.assertIn("not made", shown)
        self.assertEqual(server.asked, [])
        code, shown = self.answer("y\n")
        self.assertEqual(code, 0, shown)
        self.assertEqual(len(server.asked), 2)
        self.assertEqual([bool(each.get("stream")) for each in server.asked], [False, True])


if __name__ == "__main__":
    assert harness.ARK
    main()

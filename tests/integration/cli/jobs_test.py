"""Files, batches and lists of models: the ark binary against a vendor that keeps them."""
import decimal
import email
import email.policy
import http.server
import json
import re
import threading

from harness import SECRET, Case, main

MODEL = "openai/gpt-5-mini"


class Keeper:
    """A small vendor after OpenAI's documents; it runs a batch when it is told to."""

    def __init__(self):
        self.files, self.batches, self.asked = {}, {}, []
        self.page = 100
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def handle_any(self):
                body = self.rfile.read(int(self.headers.get("content-length") or 0))
                outer.asked.append((self.command, self.path, dict(self.headers), body))
                if self.headers.get("authorization") != "Bearer " + SECRET:
                    status, answer = 401, {"error": {"message": "no key"}}
                else:
                    status, answer = outer.answer(self.command, self.path, self.headers, body)
                data = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
                self.send_response(status)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            do_GET = do_POST = do_DELETE = handle_any

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()
        self.env = {"ARK_OPENAI_BASE_URL": f"http://127.0.0.1:{self.server.server_port}/v1",
                    "ARK_OPENAI_KEY": SECRET}

    def close(self):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    def answer(self, method, path, headers, body):
        path, _, query = path.partition("?")
        parts = path.removeprefix("/v1/").split("/")
        if path == "/v1/models":
            return 200, {"data": [{"id": "gpt-5-mini"}, {"id": "brand-new-9"}]}
        if parts[0] == "files":
            return self.file(method, parts[1:], query, headers, body)
        if parts[0] == "batches":
            return self.batch(method, parts[1:], body)
        return 404, {"error": {"message": "no such path " + path}}

    def file(self, method, rest, query, headers, body):
        if method == "POST":
            return 200, self.keep(self.form(headers, body))
        if not rest:
            return 200, self.listed(query)
        found = self.files.get(rest[0])
        if found is None:
            return 404, {"error": {"message": "No such File object: " + rest[0]}}
        if method == "DELETE":
            del self.files[rest[0]]
            return 200, {"id": rest[0], "object": "file", "deleted": True}
        return 200, found["content"] if len(rest) > 1 else found["shown"]

    def listed(self, query):
        names = list(self.files)
        after = re.search(r"after=([^&]+)", query)
        begin = names.index(after[1]) + 1 if after else 0
        page = names[begin:begin + self.page]
        return {"data": [self.files[n]["shown"] for n in page], "has_more": begin + len(page) <
                len(names), "last_id": page[-1] if page else None}

    def form(self, headers, body):
        message = email.message_from_bytes(
            b"Content-Type: " + headers["content-type"].encode() + b"\r\n\r\n" + body,
            policy=email.policy.HTTP)
        return {part.get_param("name", header="content-disposition"): part
                for part in message.iter_parts()}

    def keep(self, form):
        content = form["file"].get_payload(decode=True)
        name = f"file-{len(self.files) + 1}"
        self.files[name] = {"content": content, "shown": {
            "id": name, "object": "file", "bytes": len(content), "created_at": 1700000000,
            "filename": form["file"].get_filename(), "status": "processed",
            "purpose": form["purpose"].get_content().strip()}}
        return self.files[name]["shown"]

    def batch(self, method, rest, body):
        if method == "POST" and not rest:
            asked = json.loads(body)
            lines = self.files[asked["input_file_id"]]["content"].decode().splitlines()
            name = f"batch_{len(self.batches) + 1}"
            self.batches[name] = {
                "id": name, "status": "validating", "created_at": 1700000001, "errors": None,
                "output_file_id": None, "error_file_id": None, "endpoint": asked["endpoint"],
                "request_counts": {"total": len(lines), "completed": 0, "failed": 0},
                "lines": [json.loads(line) for line in lines]}
        elif not rest:
            return 200, {"data": [self.shown(b) for b in self.batches.values()], "has_more": False}
        else:
            name = rest[0]
            if name not in self.batches:
                return 404, {"error": {"message": "No batch found with id " + name}}
            if len(rest) > 1:
                self.batches[name]["status"] = "cancelling"
        return 200, self.shown(self.batches[name])

    @staticmethod
    def shown(batch):
        return {k: v for k, v in batch.items() if k != "lines"}

    def run_batch(self, name, failing=()):
        """As the vendor does in its night: answers each line, in another order."""
        batch, good, bad = self.batches[name], [], []
        for line in reversed(batch["lines"]):
            mine = line["custom_id"].split("_", 1)[1]
            if mine in failing:
                bad.append({"custom_id": line["custom_id"], "error": None, "response": {
                    "status_code": 400, "body": {"error": {"message": "too long", "code":
                                                           "context_length_exceeded"}}}})
                continue
            good.append({"custom_id": line["custom_id"], "error": None, "response": {
                "status_code": 200, "body": {
                    "id": "c-" + mine, "model": "gpt-5-mini-2025-08-07",
                    "choices": [{"index": 0, "finish_reason": "stop", "message": {
                        "role": "assistant", "content": "answer " + mine}}],
                    "usage": {"prompt_tokens": 1000, "completion_tokens": 500,
                              "total_tokens": 1500}}}})
        for key, lines in (("output_file_id", good), ("error_file_id", bad)):
            if lines:
                name = f"file-{len(self.files) + 1}"
                text = "".join(json.dumps(x) + "\n" for x in lines)
                self.files[name] = {"content": text.encode()}
                batch[key] = name
        batch.update(status="completed", completed_at=1700000099, request_counts={
            "total": len(batch["lines"]), "completed": len(good), "failed": len(bad)})


class Jobs(Case):
    def setUp(self):
        super().setUp()
        self.keeper = Keeper()
        self.addCleanup(self.keeper.close)
        self.home.env.update(self.keeper.env)

    def submit(self, lines, *more):
        path = self.home.write("calls.jsonl", "".join(json.dumps(x) + "\n" for x in lines))
        return self.home.run("batch", "submit", path, *more)

    def test_a_batch_from_the_first_line_to_the_bill(self):
        done = self.ok(self.submit(
            [{"custom_id": "a", "prompt": "one"}, {"custom_id": "b", "max_tokens": 5, "messages": [
                {"role": "system", "content": "be brief"}, {"role": "user", "content": "two"}]},
             {"custom_id": "c", "method": "POST", "url": "/v1/chat/completions",
              "body": {"model": MODEL, "messages": [{"role": "user", "content": "three"}]}}],
            "-m", MODEL, "--task", "night"))
        name = done.out.strip()
        self.assertIn("ark batch fetch openai " + name, done.err)
        sent = self.keeper.batches[name]["lines"]
        self.assertEqual([x["url"] for x in sent], ["/v1/chat/completions"] * 3)
        self.assertEqual(sent[1]["body"]["max_completion_tokens"], 5)
        self.assertEqual(sent[2]["body"]["messages"], [{"role": "user", "content": "three"}])
        self.assertEqual(self.keeper.batches[name]["endpoint"], "/v1/chat/completions")
        entries = self.home.ledger()
        self.assertEqual([(e["operation"], e["task"], e["state"]) for e in entries],
                         [("batch", "night", "sending")] * 3)

        early = self.ok(self.home.run("batch", "fetch", "openai", name), 3)
        self.assertIn("no results yet", early.err)
        shown = json.loads(self.ok(self.home.run("batch", "status", "openai", name, "--json")).out)
        self.assertEqual((shown["status"], shown["total"]), ("queued", 3))

        self.keeper.run_batch(name, failing=("b",))
        path = self.home.file("results.jsonl")
        self.ok(self.home.run("batch", "fetch", "openai", name, "-o", path), 1)
        results = {r["custom_id"]: r for r in map(json.loads, self.home.read(path).splitlines())}
        self.assertEqual(results["a"]["reply"]["text"], "answer a")
        self.assertEqual(results["b"]["error"]["code"], "context_length")
        entries = self.home.ledger()
        self.assertEqual(sorted(e["state"] for e in entries), ["settled", "settled", "void"])
        whole = decimal.Decimal(results["a"]["reply"]["cost"]["value"])
        # gpt-5-mini: 0.25 and 2 USD a million, half of it in a batch.
        self.assertEqual(whole, decimal.Decimal("0.000625"))
        again = self.ok(self.home.run("batch", "fetch", "openai", name), 1)
        self.assertEqual(len(again.out.splitlines()), 3)
        self.assertEqual(self.home.ledger(), entries, "asking again changes nothing")

    def test_a_refused_batch_costs_nothing_and_a_bad_line_is_named(self):
        self.keeper.answer = lambda *_: (400, {"error": {"message": "no batches for you"}})
        self.ok(self.submit([{"prompt": "x"}], "-m", MODEL), 3)
        self.assertEqual([e["state"] for e in self.home.ledger()], ["void"])
        for line, part in (({"prompt": "x", "colour": "red"}, "calls.jsonl:1: colour"),
                           ({"messages": [{"role": "robot", "content": "x"}]}, "robot"),
                           ({"custom_id": "a b", "prompt": "x"}, "custom id"),
                           ({"temperature": 1}, "no prompt")):
            done = self.submit([line], "-m", MODEL)
            self.assertEqual(done.code, 2, repr(done))
            self.assertIn(part, done.err)
        self.assertEqual(len(self.home.ledger()), 1)

    def test_a_batch_can_be_cancelled_and_listed(self):
        name = self.ok(self.submit([{"prompt": "x"}], "-m", MODEL)).out.strip()
        shown = json.loads(self.ok(self.home.run("batch", "cancel", "openai", name, "--json")).out)
        self.assertEqual(shown["status"], "cancelling")
        self.assertIn(name, self.ok(self.home.run("batch", "list", "openai")).out)
        self.assertIn("No batch found",
                      self.ok(self.home.run("batch", "status", "openai", "nosuch"), 3).err)

    def test_files_there_and_back(self):
        data = bytes(range(256)) * 40
        path = self.home.write("blob.bin", data)
        ids = [self.ok(self.home.run("files", "upload", "openai", path)).out.strip()
               for _ in range(5)]
        self.keeper.page = 2
        listed = json.loads(self.ok(self.home.run("files", "list", "openai", "--json")).out)
        self.assertEqual([f["id"] for f in listed], ids, "all pages")
        self.assertEqual(listed[0]["bytes"], 10240)
        self.assertEqual(listed[0]["created"], "2023-11-14T22:13:20Z")
        self.ok(self.home.run("files", "get", "openai", ids[0], "-o", self.home.file("back.bin")))
        with open(self.home.file("back.bin"), "rb") as back:
            self.assertEqual(back.read(), data)
        self.ok(self.home.run("files", "remove", "openai", ids[0]))
        gone = self.ok(self.home.run("files", "show", "openai", ids[0]), 3)
        self.assertIn("No such File", gone.err)
        self.assertEqual(self.home.ledger(), [], "files cost nothing")

    def test_models_that_the_catalogue_lacks(self):
        done = self.ok(self.home.run("models", "refresh", "openai"))
        self.assertIn("+ brand-new-9", done.out)
        self.assertIn("1 models are in the catalogue", done.out)
        found = json.loads(self.ok(self.home.run("models", "refresh", "--json")).out)
        self.assertEqual([(f["vendor"], f["new"]) for f in found], [("openai", ["brand-new-9"])])
        self.ok(self.home.run("models", "refresh", "nosuch"), 2)

    def test_the_key_is_in_its_header_only(self):
        self.home.run("models", "refresh", "openai")
        self.submit([{"prompt": "x"}], "-m", MODEL)
        for _, path, headers, body in self.keeper.asked:
            self.assertEqual(headers["authorization"], "Bearer " + SECRET)
            self.assertNotIn(SECRET, path)
            self.assertNotIn(SECRET.encode(), body)


class Caches(Case):
    """Prompts that a vendor keeps, after Gemini's documents."""

    def setUp(self):
        super().setUp()
        self.kept, self.asked = {}, []
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def handle_any(self):
                body = self.rfile.read(int(self.headers.get("content-length") or 0))
                outer.asked.append((self.command, self.path, body))
                answer = json.dumps(outer.answer(self.command, self.path, body)).encode()
                self.send_response(200)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            do_GET = do_POST = do_DELETE = handle_any

            def log_message(self, *_):
                pass

        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        self.addCleanup(thread.join)
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        base = f"http://127.0.0.1:{server.server_port}/v1beta"
        self.home.env.update({"ARK_GEMINI_BASE_URL": base, "ARK_GEMINI_KEY": SECRET})

    def answer(self, method, path, body):
        if method == "POST":
            name = f"cachedContents/c{len(self.kept) + 1}"
            self.kept[name] = {"name": name, "model": json.loads(body)["model"],
                               "createTime": "2026-11-28T10:00:00Z",
                               "expireTime": "2026-11-28T12:00:00Z",
                               "usageMetadata": {"totalTokenCount": 4000}}
            return self.kept[name]
        if method == "DELETE":
            del self.kept[path.removeprefix("/v1beta/").split("?")[0]]
            return {}
        return {"cachedContents": list(self.kept.values())} if self.kept else {}

    def test_a_cache_from_its_making_to_its_end(self):
        model = "gemini/gemini-3.5-flash"
        path = self.home.write("book.txt", "Call me Ishmael.")
        made = self.ok(self.home.run("cache", "create", "-m", model, "-s", "brief", "--document",
                                     path, "--ttl", "7200", "--task", "whale"))
        self.assertEqual(made.out, "cachedContents/c1\n")
        sent = json.loads(self.asked[0][2])
        self.assertEqual((sent["ttl"], sent["model"]), ("7200s", "models/gemini-3.5-flash"))
        entry = self.home.ledger()[0]
        self.assertEqual((entry["operation"], entry["task"], entry["state"]),
                         ("cache", "whale", "settled"))
        done = self.ok(self.home.run("cache", "create", "-m", model, "--json", "x"))
        shown = json.loads(done.out)
        self.assertEqual((shown["tokens"], shown["cost"]["status"]), (4000, "exact"))
        listed = json.loads(self.ok(self.home.run("cache", "list", "gemini", "--json")).out)
        self.assertEqual([(c["id"], c["expires"]) for c in listed],
                         [(f"cachedContents/c{n}", "2026-11-28T12:00:00Z") for n in (1, 2)])
        self.assertIn("4000", self.ok(self.home.run("cache", "list", "gemini")).out)
        for name in ("c1", "cachedContents/c2"):
            self.ok(self.home.run("cache", "delete", "gemini", name))
        done = self.ok(self.home.run("cache", "list", "gemini"))
        self.assertIn("keeps no caches", done.err)
        self.assertEqual(len(self.home.ledger()), 2, "what is asked for is free")
        refused = self.home.run("cache", "create", "-m", model, "--max-cost", "0.0000001", "x" * 99)
        self.assertIn("max_cost", self.ok(refused, 1).err)


if __name__ == "__main__":
    main()

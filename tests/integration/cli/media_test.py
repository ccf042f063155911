"""Images, speech, transcription and token counts from the command line to the ledger."""
import base64
import decimal
import http.server
import json
import threading

from harness import SECRET, Case, main

PNG = bytes.fromhex("89504e470d0a1a0a0000000d4948445200000001000000010806000000"
                    "1f15c4890000000d49444154789c6360606060000000050001"
                    "a5f645400000000049454e44ae426082")


class Studio:
    """Answers each path with one body, and keeps what it was asked."""

    def __init__(self, answers):
        self.asked = []
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):  # noqa: N802
                self.do_POST()

            def do_POST(self):  # noqa: N802
                body = self.rfile.read(int(self.headers.get("content-length") or 0))
                outer.asked.append((self.path, dict(self.headers), body))
                kind, data = answers.get(self.path, ("application/json", b'{"error":{}}'))
                if isinstance(data, list):  # one after the other
                    data = data.pop(0)
                self.send_response(200 if self.path in answers else 404)
                self.send_header("content-type", kind)
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
                    "ARK_ANTHROPIC_BASE_URL": address + "/v1", "ARK_ANTHROPIC_KEY": SECRET,
                    "ARK_VOLCENGINE_ARK_BASE_URL": address + "/v1",
                    "ARK_VOLCENGINE_ARK_KEY": SECRET}

    def close(self):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


def as_json(value):
    return "application/json", json.dumps(value).encode()


class Media(Case):
    def studio(self, **answers):
        made = Studio({"/v1/" + path.replace("__", "/"): body for path, body in answers.items()})
        self.addCleanup(made.close)
        self.home.env.update(made.env)
        return made

    def bytes_of(self, name):
        with open(self.home.file(name), "rb") as data:
            return data.read()

    def test_images_into_files_and_their_price_by_size(self):
        encoded = base64.b64encode(PNG).decode()
        studio = self.studio(images__generations=as_json(
            {"created": 1, "data": [{"b64_json": encoded}, {"b64_json": encoded}]}))
        done = self.ok(self.home.run("image", "-m", "openai/dall-e-2", "-n", "2", "--size",
                                     "512x512", "a cat", "-o", self.home.file("cat.png")))
        self.assertEqual(done.out.split(),
                         [self.home.file("cat-1.png"), self.home.file("cat-2.png")])
        self.assertEqual(self.bytes_of("cat-2.png"), PNG)
        asked = json.loads(studio.asked[0][2])
        self.assertEqual((asked["prompt"], asked["n"], asked["size"]), ("a cat", 2, "512x512"))
        entry = self.home.ledger()[0]
        self.assertEqual((entry["operation"], entry["state"]), ("image", "settled"))
        self.assertEqual(decimal.Decimal(entry["cost"]["value"]), decimal.Decimal("0.036"))
        # What the vendor keeps is not fetched: its place is printed.
        self.studio(images__generations=as_json({"data": [{"url": "https://e.test/cat.png"}]}))
        done = self.ok(self.home.run("image", "-m", "openai/dall-e-2", "x", "-o", "cat.png"))
        self.assertEqual(done.out, "https://e.test/cat.png\n")

    def test_an_image_is_changed(self):
        studio = self.studio(images__edits=as_json(
            {"data": [{"b64_json": base64.b64encode(PNG).decode()}],
             "usage": {"input_tokens": 50, "output_tokens": 100, "total_tokens": 150}}))
        path = self.home.write("old.png", PNG)
        self.ok(self.home.run("image", "-m", "openai/gpt-image-1", "--image", path, "by day",
                              "-o", self.home.file("new.png")))
        kind, body = studio.asked[0][1]["content-type"], studio.asked[0][2]
        self.assertTrue(kind.startswith("multipart/form-data"), kind)
        self.assertIn(PNG, body)
        self.assertIn(b"by day", body)

    TASKS = "contents__generations__tasks"

    def test_a_video_is_begun_once_and_asked_for_until_it_is_there(self):
        made = {"id": "cgt-1", "model": "doubao-seedance-1-0-pro-250528", "status": "succeeded",
                "content": {"video_url": "https://e.test/v.mp4"}, "duration": 5,
                "usage": {"completion_tokens": 100000, "total_tokens": 100000}}
        running = {"id": "cgt-1", "status": "running"}
        studio = self.studio(**{
            self.TASKS: as_json({"id": "cgt-1"}),
            self.TASKS + "__cgt-1": ("application/json",
                                     [json.dumps(each).encode() for each in (running, made)])})
        path = self.home.write("day.png", PNG)
        done = self.ok(self.home.run("video", "-m",
                                     "volcengine-ark/doubao-seedance-1-0-pro-250528", "--image",
                                     path, "--duration", "5", "--resolution", "720p", "night falls",
                                     "-o", self.home.file("v.mp4")))
        self.assertEqual(done.out, "https://e.test/v.mp4\n")
        self.assertEqual(done.err, "", "no progress off a terminal")
        self.assertEqual(len(studio.asked), 3)
        asked = json.loads(studio.asked[0][2])
        self.assertEqual(asked["content"][1]["role"], "first_frame")
        self.assertEqual((asked["duration"], asked["resolution"]), (5, "720p"))
        for _, headers, body in studio.asked[1:]:
            self.assertEqual(headers["authorization"], "Bearer " + SECRET)
            self.assertEqual(body, b"")
        entries = self.home.ledger()
        self.assertEqual(len(entries), 1)
        self.assertEqual((entries[0]["operation"], entries[0]["state"]), ("video", "settled"))
        # 15 CNY a million tokens.
        self.assertEqual(decimal.Decimal(entries[0]["cost"]["value"]), decimal.Decimal("1.5"))

    def test_a_task_that_nobody_waited_for_is_asked_for_later(self):
        running = json.dumps({"id": "cgt-1", "status": "running"}).encode()
        made = json.dumps({"status": "succeeded", "content": {"video_url": "u"}}).encode()
        studio = self.studio(**{
            self.TASKS: as_json({"id": "cgt-1"}),
            self.TASKS + "__cgt-1": ("application/json", [running] * 3 + [made])})
        model = "volcengine-ark/doubao-seedance-1-0-pro-250528"
        late = self.home.run("video", "-m", model, "x", "-o", "v.mp4", "--timeout", "2")
        self.assertNotEqual(late.code, 0)
        self.assertIn("cgt-1", late.err)
        self.assertEqual(self.home.ledger()[0]["state"], "ambiguous")
        done = self.ok(self.home.run("video", "-m", model, "--task-id", "cgt-1", "--json"))
        self.assertEqual(json.loads(done.out)["videos"][0]["url"], "u")
        self.assertEqual(len(self.home.ledger()), 1, "asking is free")
        begun = [path for path, _, body in studio.asked if body]
        self.assertEqual(len(begun), 1)

    def test_speech_and_its_price_by_the_character(self):
        self.studio(audio__speech=("audio/mpeg", b"ID3\x00sound"))
        self.ok(self.home.run("speech", "-m", "openai/tts-1", "--voice", "alloy", "-o",
                              self.home.file("a.mp3"), "gr\u00fc\u00df"))
        self.assertEqual(self.bytes_of("a.mp3"), b"ID3\x00sound")
        entry = self.home.ledger()[0]
        self.assertEqual(entry["operation"], "speech")
        self.assertEqual(entry["usage"]["units"], {"input_chars": 4})
        # 15 USD a million characters.
        self.assertEqual(decimal.Decimal(entry["cost"]["value"]), decimal.Decimal("0.00006"))

    def test_a_transcription(self):
        studio = self.studio(audio__transcriptions=as_json(
            {"text": "Hello there.", "language": "english", "duration": 2.5, "segments": [
                {"start": 0.0, "end": 2.5, "text": " Hello there."}],
             "usage": {"type": "duration", "seconds": 3}}))
        path = self.home.write("talk.mp3", b"ID3\x00\x01\x02")
        done = self.ok(self.home.run("transcribe", "-m", "openai/whisper-1", path))
        self.assertEqual(done.out, "Hello there.\n")
        self.assertIn(b'filename="talk.mp3"', studio.asked[0][2])
        done = self.ok(self.home.run("transcribe", "-m", "openai/whisper-1", "--timestamps", path))
        self.assertEqual(done.out.split("\t")[:2], ["0.00", "2.50"])
        self.assertEqual(self.home.ledger()[0]["operation"], "transcription")

    def test_a_moderation_is_the_exit_code_and_costs_nothing(self):
        def verdict(flagged):
            return {"flagged": flagged, "categories": {"violence": flagged, "hate": False},
                    "category_scores": {"violence": 0.91 if flagged else 0.02, "hate": 0.01}}

        asked = ("moderate", "-m", "openai/omni-moderation-latest")
        studio = self.studio(moderations=as_json(
            {"id": "m", "model": "omni-moderation-latest", "results": [verdict(False),
                                                                       verdict(True)]}))
        done = self.ok(self.home.run(*asked, "be kind", "I will hurt you"), 1)
        self.assertEqual(done.out, "ok\nflagged\tviolence 0.91\n")
        self.assertEqual(json.loads(studio.asked[0][2])["input"], ["be kind", "I will hurt you"])
        entry = self.home.ledger()[0]
        self.assertEqual((entry["operation"], entry["state"]), ("moderation", "settled"))
        self.assertEqual((entry["cost"]["status"], decimal.Decimal(entry["cost"]["value"])),
                         ("exact", 0))
        studio = self.studio(moderations=as_json(
            {"id": "m", "model": "omni-moderation-latest", "results": [verdict(False)]}))
        path = self.home.write("cat.png", PNG)
        shown = json.loads(self.ok(self.home.run(*asked, "--image", path, "--json")).out)
        self.assertEqual((shown["flagged"], shown["results"][0]["scores"]["hate"]), (False, 0.01))
        self.assertEqual(json.loads(studio.asked[0][2])["input"][0]["type"], "image_url")

    def test_a_count_is_free_and_not_on_record(self):
        studio = self.studio(messages__count_tokens=as_json({"input_tokens": 14}))
        done = self.ok(self.home.run("count", "-m", "anthropic/claude-haiku-4-5", "-s", "brief",
                                     "hello"))
        self.assertEqual(done.out, "14\n")
        asked = json.loads(studio.asked[0][2])
        self.assertNotIn("max_tokens", asked)
        self.assertEqual(self.home.ledger(), [])


if __name__ == "__main__":
    main()

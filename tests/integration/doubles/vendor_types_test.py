#!/usr/bin/env python3
"""Requests against the types of the vendors' own libraries for TypeScript: each body is written
down as a value of the type that the library's call takes, and the compiler judges it: members that
do not exist, words that are not allowed, what is missing."""
import json
import os
import re
import subprocess
import tempfile

import npm
from asked import CALLS, asking
from doubles_test import need, run

# Anthropic's is the last one of the version of its interface that the row speaks, 2023-06-01.
PACKAGES = ("typescript@5.9.3", "openai@6.49.0", "@anthropic-ai/sdk@0.137.0", "ollama@0.6.4")
IMPORTS = """
import type { ChatCompletionCreateParams } from "openai/resources/chat/completions/completions";
import type { ResponseCreateParams } from "openai/resources/responses/responses";
import type { EmbeddingCreateParams } from "openai/resources/embeddings";
import type { MessageCreateParams, MessageCountTokensParams }
  from "@anthropic-ai/sdk/resources/messages/messages";
import type { ChatRequest, EmbedRequest, GenerateRequest } from "ollama";
"""
OPTIONS = ("--noEmit", "--strict", "--skipLibCheck", "--target", "es2022", "--module", "nodenext",
           "--moduleResolution", "nodenext", "--pretty", "false")


class vendor_types(asking):
    @classmethod
    def setUpClass(cls):
        program, cls.node = need("npm"), need("node")
        cls.folder = npm.folder("npm-types")
        cls.compiler = os.path.join(cls.folder, "node_modules", "typescript", "bin", "tsc")
        npm.install(program, cls.folder, cls.compiler, *PACKAGES)

    def setUp(self):
        super().setUp()
        for vendor in ("openai", "openai-responses", "anthropic", "ollama", "ollama-generate"):
            self.home.point(vendor, self.listener.origin)

    def complaints(self, values):
        """What the compiler says of [(type, JSON text)]."""
        with tempfile.TemporaryDirectory(dir=self.folder) as folder:
            source = os.path.join(folder, "bodies.mts")
            with open(source, "w", encoding="utf-8") as out:
                out.write(IMPORTS)
                for i, (kind, body) in enumerate(values):
                    out.write(f"export const body{i}: {kind} = {body};\n")
            done = subprocess.run([self.node, self.compiler, *OPTIONS, source], text=True,
                                  capture_output=True, timeout=200, cwd=self.folder)
        return done.stdout

    def judge(self, kind, *commands):
        bodies = [self.sent(*each)[3].decode() for each in commands]
        said = self.complaints([(kind, each) for each in bodies])
        wrong = "\n".join(bodies[i] for i in sorted(self.judged(said)))
        self.assertEqual(said, "", wrong)

    @staticmethod
    def judged(said):
        """Which values the compiler complains of."""
        first = IMPORTS.count("\n") + 1
        return {int(each) - first for each in re.findall(r"bodies\.mts\((\d+),", said)}

    def chats(self, model, but=()):
        for name, arguments in CALLS.items():
            if name in but:
                continue
            for how in (["--json"], []):
                yield ["chat", "-m", model, *how, *arguments]

    def test_chat_completions(self):
        self.judge("ChatCompletionCreateParams", *self.chats("openai/gpt-5-mini"),
                   ["chat", "-m", "openai/gpt-4o", "--json", "--logprobs", "3", "hello"])

    def test_responses(self):
        # The type wants a `detail` of images; recorded requests without one were answered.
        self.judge("ResponseCreateParams", *self.chats("openai-responses/gpt-5-mini", ("image",)))

    def test_messages(self):
        model = "anthropic/claude-haiku-4-5"
        self.judge("MessageCreateParams", *self.chats(model))
        self.judge("MessageCountTokensParams", ["count", "-m", model, "hi"])

    def test_ollama(self):
        # Its interface takes no documents, and does not say which tool to call.
        without = ("document", "named tool", "needed tool")
        self.judge("ChatRequest & {stream?: boolean}", *self.chats("ollama/llama3.2", without))
        self.judge("GenerateRequest", ["chat", "-m", "ollama-generate/llama3.2", "hello"])

    def test_embeddings(self):
        self.judge("EmbeddingCreateParams",
                   ["embed", "-m", "openai/text-embedding-3-small", "hello", "you"],
                   ["embed", "-m", "openai/text-embedding-3-small", "--dimensions", "8", "hello"])
        self.judge("EmbedRequest", ["embed", "-m", "ollama/nomic-embed-text", "hello"])

    def test_the_compiler_does_judge(self):
        good = {"model": "m", "messages": [{"role": "user", "content": "hi"}]}
        wrong = ({**good, "no_such": 1}, {"model": "m"}, {**good, "reasoning_effort": "lots"},
                 {**good, "messages": [{"role": "user", "content": [{"type": "txt"}]}]})
        said = self.complaints([("ChatCompletionCreateParams", json.dumps(each))
                                for each in (good, *wrong)])
        self.assertEqual(self.judged(said), {1, 2, 3, 4}, said)


if __name__ == "__main__":
    run()

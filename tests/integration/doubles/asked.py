"""Requests that the ark command sends, for tests that judge them by what a vendor publishes."""
import base64
import http.server
import json
import threading

from doubles_test import double

PNG = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGA"
                       "WjR9awAAAABJRU5ErkJggg==")
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
TOOL = {"name": "get_weather", "description": "The weather.",
        "parameters": {"type": "object", "properties": {"city": {"type": "string"}},
                       "required": ["city"]}}
SCHEMA = {"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"],
          "additionalProperties": False}
CALLS = {
    "text": ["hello"],
    "system": ["-s", "Be brief.", "hello"],
    "limits": ["--max-tokens", "20", "--temperature", "0.5", "hello"],
    "image": ["--image", "IMAGE", "What is this?"],
    "document": ["--document", "PDF", "What is this?"],
    "tool": ["--tool", json.dumps(TOOL), "weather"],
    "named tool": ["--tool", json.dumps(TOOL), "--tool-choice", "get_weather", "weather"],
    "needed tool": ["--tool", json.dumps(TOOL), "--tool-choice", "required", "weather"],
    "schema": ["--schema", json.dumps(SCHEMA), "a number"],
    "reasoning": ["--reasoning", "low", "--max-tokens", "4000", "hello"],
}


class listener:
    """Keeps every request and refuses it."""

    def __init__(self):
        self.asked = []
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):  # noqa: N802
                body = self.rfile.read(int(self.headers["content-length"]))
                outer.asked.append((self.command, self.path, dict(self.headers), body))
                data = b'{"message": "no"}'
                self.send_response(400)
                self.send_header("content-type", "application/json")
                self.send_header("x-amzn-errortype", "ValidationException")
                self.send_header("content-length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.origin = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


class asking(double):
    def setUp(self):
        super().setUp()
        self.listener = listener()
        self.addCleanup(self.listener.close)
        self.files = {"IMAGE": self.write("a.png", PNG), "PDF": self.write("report.pdf", PDF)}

    def write(self, name, data):
        path = self.home.file(name)
        with open(path, "wb") as out:
            out.write(data)
        return path

    def sent(self, *arguments):
        """The one request: method, path, headers, body."""
        before = len(self.listener.asked)
        done = self.home.run(*(self.files.get(each, each) for each in arguments))
        self.assertEqual(len(self.listener.asked), before + 1, done.stderr)
        return self.listener.asked[-1]

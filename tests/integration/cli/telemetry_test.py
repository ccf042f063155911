"""Spans and metrics of real calls against `ark sim`, as a collector on loopback receives them."""
import collections
import decimal
import gzip
import http.server
import json
import re
import socket
import threading
import time

import otlp_schema
import prometheus_text
from harness import SECRET, Case, main

MODEL = "openai/gpt-5-mini"
PARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
BY_CONVENTION = {"gen_ai.client.token.usage": ("{token}", "histogram"),
                 "gen_ai.client.operation.duration": ("s", "histogram"),
                 "gen_ai.client.operation.time_to_first_chunk": ("s", "histogram"),
                 "gen_ai.client.operation.time_per_output_chunk": ("s", "histogram")}


def tokens_of(entry):
    """All tokens of an entry of the ledger: its buckets are disjoint."""
    other = ("units", "vendor_total", "vendor_cost", "service_tier")
    return sum(n for name, n in entry["usage"].items() if name not in other)


class Collector:
    """Takes OTLP; answers by a script, then 200. What is not OTLP is kept as a mistake."""

    def __init__(self, script=()):
        self.script = collections.deque(script)
        self.requests = []  # (time, path, headers, parsed)
        self.mistakes = []
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):  # noqa: N802
                body = self.rfile.read(int(self.headers["content-length"]))
                outer.take(self.path, dict(self.headers.items()), body)
                status, headers, answer = outer.script.popleft() if outer.script else (200, {}, {})
                data = json.dumps(answer).encode()
                self.send_response(status)
                for name, value in {"content-type": "application/json", **headers}.items():
                    self.send_header(name, value)
                self.send_header("content-length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    def take(self, path, headers, body):
        headers = {name.lower(): value for name, value in headers.items()}
        try:
            if headers.get("content-type") != "application/json":
                raise otlp_schema.NotOtlp(f"content-type {headers.get('content-type')}")
            if headers.get("content-encoding") == "gzip":
                body = gzip.decompress(body)
            parsed = otlp_schema.checked(path, body)
        except (otlp_schema.NotOtlp, KeyError, ValueError) as e:
            self.mistakes.append(repr(e))
            parsed = None
        self.requests.append((time.monotonic(), path, headers, parsed))

    def of(self, path):
        return [r for r in self.requests if r[1] == path]

    def spans(self):
        return [span for _, _, _, parsed in self.of("/v1/traces")
                for resource in parsed["resourceSpans"]
                for scope in resource["scopeSpans"] for span in scope["spans"]]

    def metrics(self):
        """Of the last export, by name."""
        parsed = self.of("/v1/metrics")[-1][3]
        return {m["name"]: m for resource in parsed["resourceMetrics"]
                for scope in resource["scopeMetrics"] for m in scope["metrics"]}

    def close(self):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


class Telemetry(Case):
    def collector(self, *script, **more):
        made = Collector(script)
        self.addCleanup(made.close)
        self.configure(made.url, **more)
        return made

    def configure(self, url, **more):
        lines = [f"  {name}: {json.dumps(value)}" for name, value in more.items()]
        self.home.write(".config/ark/config.yaml",
                        "\n".join(["telemetry:", "  enabled: true", f"  endpoint: {url}", *lines])
                        + "\n")

    def chat(self, *arguments, env=None, code=0):
        return self.ok(self.home.run("chat", "-m", MODEL, *arguments, env=env), code)

    def test_nothing_is_sent_unless_it_is_enabled(self):
        self.sim()
        seen = Collector()
        self.addCleanup(seen.close)
        self.chat("hello", env={"OTEL_EXPORTER_OTLP_ENDPOINT": seen.url})
        self.assertEqual(seen.requests, [])

    def test_a_call_is_a_span_with_its_attempt_below(self):
        self.sim()
        seen = self.collector()
        self.chat("--task", "greet", "--tag", "team=x", "a-very-secret-prompt",
                  env={"TRACEPARENT": PARENT})
        self.assertEqual(seen.mistakes, [])
        attempt, call = sorted(seen.spans(), key=lambda s: not s["name"].startswith("attempt"))
        entry = self.home.ledger()[0]
        self.assertEqual(call["name"], "chat gpt-5-mini")
        self.assertEqual(call["kind"], 3)
        self.assertEqual(call["traceId"], PARENT[3:35])
        self.assertEqual(call["parentSpanId"], PARENT[36:52])
        self.assertEqual(attempt["traceId"], call["traceId"])
        self.assertEqual(attempt["parentSpanId"], call["spanId"])
        self.assertLessEqual(int(call["startTimeUnixNano"]), int(attempt["startTimeUnixNano"]))
        told = otlp_schema.plain(call["attributes"])
        self.assertEqual(told["gen_ai.operation.name"], "chat")
        self.assertEqual(told["gen_ai.provider.name"], "openai")
        self.assertEqual(told["gen_ai.request.model"], "gpt-5-mini")
        self.assertEqual(told["gen_ai.response.finish_reasons"], ["stop"])
        self.assertIs(told["gen_ai.request.stream"], True)
        self.assertEqual(told["server.address"], "127.0.0.1")
        self.assertGreater(told["gen_ai.response.time_to_first_chunk"], 0)
        self.assertEqual(told["gen_ai.usage.input_tokens"] + told["gen_ai.usage.output_tokens"],
                         tokens_of(entry))
        self.assertEqual(told["ark.cost.status"], "exact")
        self.assertEqual(decimal.Decimal(told["ark.cost.value"]),
                         decimal.Decimal(entry["cost"]["value"]))
        self.assertEqual(told["ark.call.id"], entry["call_id"])
        self.assertEqual((told["ark.task"], told["ark.tag.team"]), ("greet", "x"))
        everything = json.dumps([r[3] for r in seen.requests])
        self.assertNotIn("a-very-secret-prompt", everything)
        self.assertNotIn(SECRET, everything)

    def test_without_a_parent_the_trace_is_the_ledgers_call(self):
        self.sim()
        seen = self.collector()
        self.chat("hello")
        self.assertEqual({s["traceId"] for s in seen.spans()}, {self.home.ledger()[0]["call_id"]})

    def test_metrics_have_the_conventions_names_and_the_ledgers_sums(self):
        self.sim("--latency", "1ms+20ms")
        seen = self.collector()
        self.chat("hello there")
        self.assertEqual(seen.mistakes, [])
        metrics = seen.metrics()
        for name, (unit, kind) in BY_CONVENTION.items():
            self.assertEqual(metrics[name]["unit"], unit)
            self.assertIn(kind, metrics[name])
        points = metrics["gen_ai.client.token.usage"]["histogram"]["dataPoints"]
        by_type = {otlp_schema.plain(p["attributes"])["gen_ai.token.type"]: p["sum"]
                   for p in points}
        entry = self.home.ledger()[0]
        self.assertEqual(sum(by_type.values()), tokens_of(entry))
        cost, = metrics["ark.client.cost"]["sum"]["dataPoints"]
        self.assertEqual(cost["asDouble"], float(entry["cost"]["value"]))
        self.assertEqual(otlp_schema.plain(cost["attributes"])["ark.cost.currency"], "USD")

    def test_each_attempt_of_a_retried_call_is_a_span(self):
        self.sim("--fault", "status=429@first=1")
        seen = self.collector()
        self.chat("hello")
        self.assertEqual(seen.mistakes, [])
        attempts = [s for s in seen.spans() if s["name"].startswith("attempt")]
        self.assertEqual(len(attempts), 2)
        first = otlp_schema.plain(attempts[0]["attributes"])
        self.assertEqual(attempts[0]["status"]["code"], 2)
        self.assertEqual(first["error.type"], "rate_limit")
        self.assertEqual(first["http.response.status_code"], 429)
        self.assertEqual(first["ark.attempt.state"], "void")
        self.assertEqual(otlp_schema.plain(attempts[1]["attributes"])["http.request.resend_count"],
                         1)
        states = {otlp_schema.plain(p["attributes"])["ark.attempt.state"]: p["asInt"]
                  for p in seen.metrics()["ark.client.attempts"]["sum"]["dataPoints"]}
        self.assertEqual(states, {"void": "1", "settled": "1"})

    def test_503_is_sent_again_after_retry_after(self):
        self.sim()
        seen = self.collector((503, {"retry-after": "1"}, {}), metrics=False)
        done = self.chat("hello")
        first, second = seen.of("/v1/traces")
        self.assertGreaterEqual(second[0] - first[0], 0.99)
        self.assertEqual(first[3], second[3])
        self.assertEqual(done.err, "")

    def test_a_partial_success_is_told_and_not_sent_again(self):
        self.sim()
        seen = self.collector((200, {}, {"partialSuccess": {"rejectedSpans": "1",
                                                            "errorMessage": "too old"}}),
                              metrics=False)
        done = self.chat("hello")
        self.assertEqual(len(seen.of("/v1/traces")), 1)
        self.assertIn("did not take 1", done.err)
        self.assertIn("too old", done.err)

    def test_a_refusal_is_final_and_told(self):
        self.sim()
        seen = self.collector((400, {}, {}), metrics=False)
        done = self.chat("hello")
        self.assertEqual(len(seen.of("/v1/traces")), 1)
        self.assertIn("2 spans were dropped: the collector answered with status 400", done.err)

    def test_a_collector_that_is_down_changes_nothing_for_calls(self):
        self.sim()
        plain = self.chat("hello")
        with socket.socket() as taken:  # bound and not listening: connections are refused
            taken.bind(("127.0.0.1", 0))
            self.configure(f"http://127.0.0.1:{taken.getsockname()[1]}")
            begun = time.monotonic()
            done = self.chat("hello")
            self.assertLess(time.monotonic() - begun, 1.5)
        self.assertEqual(done.out, plain.out)
        self.assertRegex(done.err, r"2 spans were dropped: the collector cannot be reached")
        self.assertEqual([e["state"] for e in self.home.ledger()], ["settled", "settled"])

    def test_a_silent_collector_is_waited_for_no_longer_than_allowed(self):
        self.sim()
        with socket.socket() as silent:
            silent.bind(("127.0.0.1", 0))
            silent.listen(8)
            self.configure(f"http://127.0.0.1:{silent.getsockname()[1]}", close_timeout_ms=300)
            begun = time.monotonic()
            done = self.chat("hello")
            self.assertLess(time.monotonic() - begun, 2)
        self.assertIn("spans were dropped", done.err)

    def test_gzip_headers_and_resource(self):
        self.sim()
        seen = self.collector(gzip=True, headers=["x-api-key=collector-key=1"],
                              resource_attributes=["deployment.environment.name=test"])
        self.chat("hello", env={"OTEL_SERVICE_NAME": "nightly"})
        self.assertEqual(seen.mistakes, [])
        _, _, headers, parsed = seen.of("/v1/traces")[0]
        self.assertEqual(headers["content-encoding"], "gzip")
        self.assertEqual(headers["x-api-key"], "collector-key=1")
        resource = otlp_schema.plain(parsed["resourceSpans"][0]["resource"]["attributes"])
        self.assertEqual(resource["service.name"], "nightly")
        self.assertEqual(resource["deployment.environment.name"], "test")

    def test_prompts_are_in_spans_when_asked_for(self):
        self.sim()
        seen = self.collector(capture_messages=True)
        done = self.chat("--system", "be brief", "hello you")
        call, = [s for s in seen.spans() if s["name"].startswith("chat")]
        told = otlp_schema.plain(call["attributes"])
        self.assertEqual(json.loads(told["gen_ai.input.messages"]),
                         [{"role": "user", "parts": [{"type": "text", "content": "hello you"}]}])
        self.assertEqual(json.loads(told["gen_ai.system_instructions"]),
                         [{"type": "text", "content": "be brief"}])
        reply, = json.loads(told["gen_ai.output.messages"])
        self.assertEqual(reply["parts"][0]["content"].strip(), done.out.strip())
        self.assertEqual(reply["finish_reason"], "stop")

    def test_embeddings_have_the_conventions_name(self):
        self.sim()
        seen = self.collector()
        self.ok(self.home.run("embed", "-m", "openai/text-embedding-3-small", "a text"))
        self.assertIn("embeddings text-embedding-3-small", [s["name"] for s in seen.spans()])
        self.assertEqual(seen.mistakes, [])

    def test_a_vendor_has_the_conventions_name_of_its_row(self):
        sim = self.sim()
        seen = self.collector(metrics=False)
        self.ok(self.home.run("chat", "-m", "mistral/mistral-small-latest", "hello", env={
            "ARK_MISTRAL_BASE_URL": sim.env["ARK_OPENAI_BASE_URL"], "ARK_MISTRAL_KEY": SECRET}))
        call, = [s for s in seen.spans() if s["name"].startswith("chat")]
        told = otlp_schema.plain(call["attributes"])
        self.assertEqual(told["gen_ai.provider.name"], "mistral_ai")
        self.assertEqual(told["ark.vendor"], "mistral")

    def test_a_projects_file_cannot_send_telemetry_elsewhere(self):
        self.sim()
        self.home.write("ark.yaml",
                        "telemetry: {enabled: true, endpoint: \"http://127.0.0.1:1\"}\n")
        done = self.home.run("chat", "-m", MODEL, "hello")
        self.assertEqual(done.code, 2)
        self.assertIn("a project's file may not set this", done.err)


class Prometheus(Case):
    def test_the_ledgers_metrics_are_of_the_format_and_exact(self):
        self.sim()
        for text in ("hello", "hello again and again"):
            self.ok(self.home.run("chat", "-m", MODEL, text))
        self.ok(self.home.run("chat", "-m", "anthropic/claude-sonnet-4-5", "hello"))
        samples = prometheus_text.parse(self.ok(self.home.run("ledger", "metrics")).out)
        entries = self.home.ledger()
        paid = collections.defaultdict(decimal.Decimal)
        for entry in entries:
            paid[entry["vendor"], entry["model"], "USD"] += decimal.Decimal(entry["cost"]["value"])
        told = {tuple(dict(labels)[n] for n in ("vendor", "model", "currency")):
                decimal.Decimal(value) for labels, value in samples["ark_cost_total"].items()}
        self.assertEqual(told, dict(paid))
        tokens = sum(int(v) for v in samples["ark_tokens_total"].values())
        self.assertEqual(tokens, sum(map(tokens_of, entries)))
        settled = [int(v) for labels, v in samples["ark_attempts_total"].items()
                   if ("state", "settled") in labels]
        self.assertEqual(sum(settled), 3)

    def test_an_empty_ledger_is_a_page_without_samples(self):
        self.assertEqual(prometheus_text.parse(self.ok(self.home.run("ledger", "metrics")).out), {})


class Checks(Case):
    """The checks themselves must see mistakes."""

    SPAN = {"traceId": "0" * 31 + "1", "spanId": "0" * 15 + "1", "name": "a",
            "startTimeUnixNano": "1", "endTimeUnixNano": "2"}

    def taken(self, **changes):
        span = {k: v for k, v in {**self.SPAN, **changes}.items() if v is not None}
        body = {"resourceSpans": [{"scopeSpans": [{"spans": [span]}]}]}
        return otlp_schema.checked("/v1/traces", json.dumps(body).encode())

    def test_the_schema_refuses_what_is_not_otlp(self):
        self.taken()
        for wrong in ({"traceId": "AAAAAAAAAAAAAAAAAAAAAA=="}, {"traceId": "0" * 32},
                      {"spanId": "A" * 16}, {"startTimeUnixNano": 1}, {"kind": "SPAN_KIND_CLIENT"},
                      {"trace_id": "0" * 31 + "1"}, {"endTimeUnixNano": "0"}, {"name": None},
                      {"attributes": [{"key": "a", "value": {"intValue": 1}}]},
                      {"attributes": [{"key": "a", "value": {}}]},
                      {"attributes": [{"key": "a", "value": {"stringValue": "x"}}] * 2}):
            with self.assertRaises(otlp_schema.NotOtlp, msg=str(wrong)):
                self.taken(**wrong)

    def test_the_parser_refuses_what_is_not_the_text_format(self):
        head = "# HELP a x\n# TYPE a counter\n"
        self.assertEqual(len(prometheus_text.parse(head + 'a{b="c\\n\\"\\\\"} 1\n')["a"]), 1)
        for wrong in ('a{b="c} 1\n', 'a{b="c"}1\n', 'a 1', 'b 1\n', 'a{b="\\x"} 1\n', "a 1\na 2\n",
                      'a{b="1",b="2"} 1\n', "a NaN\n"):
            with self.assertRaises(AssertionError, msg=wrong):
                prometheus_text.parse(head + wrong)


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""Writes seeds for the fuzzers from the shared recordings: make_corpus.py SHARED OUT.

Nothing of it is committed: the recordings are there while the project is developed, and without
them the fuzzers start from the few seeds written below.
"""
import base64
import hashlib
import json
import pathlib
import sqlite3
import struct
import sys
import zlib

def event_message(kind, payload):
    """A binary message: its type and its payload."""
    headers = b"".join(bytes([len(name)]) + name + b"\x07" + struct.pack(">H", len(value)) + value
                       for name, value in ((b":message-type", b"event"), (b":event-type", kind)))
    head = struct.pack(">II", 16 + len(headers) + len(payload), len(headers))
    body = head + struct.pack(">I", zlib.crc32(head)) + headers + payload
    return body + struct.pack(">I", zlib.crc32(body))


def invoke_chunks(*events):
    """A stream of InvokeModel's with these events of a maker's own."""
    return b"\x07" + b"".join(
        event_message(b"chunk", b'{"bytes":"%s"}' % base64.b64encode(each)) for each in events)


METRICS = b'"amazon-bedrock-invocationMetrics":{"inputTokenCount":4,"outputTokenCount":7}'


def small_ledger():
    """Rows as an intent, an outcome and a correction have them, without their checks."""
    fate = ["settled", 1, 2, "exact", "USD", 1, 2, None, None, None, None, "p"] + [5] * 13 + [
        '{"query":1}', 9, None, None, None, None, "m", "stop", 200, "req-1", None,
        '[["input",1,"2",1000000,"0.002"]]', None, None, None, 7, None, 1, 99]
    rows = [[1, 2, 1, "call", "openai", "m", "chat", None, None, None, None, '{"a":"b"}', "exact",
             "USD", "p", 1, 2, None, None, None, None, 5, None, None, None, 1, 1, 99],
            fate, [1, 2, "resolved", 3, *fate]]
    db = sqlite3.connect(":memory:")
    for table, row in enumerate(rows):
        db.execute(f"CREATE TABLE t{table}(seq INTEGER PRIMARY KEY, " +
                   ",".join(f"c{i}" for i in range(len(row))) + ")")
        db.execute(f"INSERT INTO t{table} VALUES(1" + ",?" * len(row) + ")", row)
    db.commit()
    return db.serialize()


SEEDS = {
    # The first byte's lowest bit: mustache; behind a zero byte comes a partial.
    "handlebars": [
        b"\0{{#each b as |x i|}}{{@index}}{{x}}{{../a}}{{/each}}{{> q p=a}}\0{{json this}}\n",
        b"\0  {{#if (lookup c 'p')}}\n{{else if d}}\n{{~role p~}}{{/if}}{{media url=a}}",
        b"\0{{section \"x\"}}\\{{a}}{{!-- --}}system:\n{{r}}\nuser[name=x]:\n{{history}}",
        b"\1{{#b}}{{.}}{{^e}}{{{a}}}{{/e}}{{/b}}\n  {{> q}}\n{{=<% %>=}}<%a%>\0{{a}}\nx\n",
        b"\1{{<q}}{{$m}}\n  one\n{{/m}}{{/q}}\0x\n  {{$m}}\n    two\n  {{/m}}\n"],
    "prompt_file": [
        b"\0---\nmodel: m\ninputs: {a: string, b(array): any, x?: any}\ndefaults: {x: {y: 1}}\n"
        b"tests: [{inputs: {a: q}, contains: [q]}]\nbudget: {max_tokens: 50}\n---\n"
        b"{% system %}{% include 'p' %}{% endsystem %}{% section 's' max_tokens=3 cut='middle' %}"
        b"{{ a | untrusted }}{% endsection %}{% history b %}{% image x.y %}",
        b"\0---\ninput: {schema: {a?: string}, default: {a: q}}\nconfig: {topK: 1}\n---\n"
        b"{{role \"system\"}}{{a}}{{history}}{{#each b}}{{this}}{{/each}}",
        b"\1---\nname: n\nmodel: {id: m, options: {temperature: 1}}\ninputs:\n  - {name: a, kind: "
        b"string}\ntemplate: {format: {kind: mustache}}\n---\nsystem:\n{{a}}\nuser:\n"
        b"{{#x}}{{y}}{{/x}}"],
    "salvage": [small_ledger(), bytes.fromhex("377f0682002de218") + bytes(600)],
    "sse": [b"data: a\n\n", b"event: x\r\nid: 1\r\ndata: {}\r\n\r\n",
            b"\xef\xbb\xbfretry: 5\r: c\rdata\r\r"],
    "http1_body": [b"5\r\nhello\r\n0\r\n\r\n",
                   b"a;x=y\r\n0123456789\r\n0\r\nA: b\r\n\r\n"],
    "csv": [b'x\xef\xbb\xbfa,"b\r\n""c"\r\n\r\nd,\r,e', b"x'=1,+2,@a\n"],
    "vendor_report": [
        b'x{"data":[{"start_time":1,"end_time":86401,"results":[{"amount":{"value":0.06,'
        b'"currency":"usd"},"line_item":"gpt-4o, input"},{"input_tokens":5,'
        b'"input_cached_tokens":1}]}],"has_more":true}',
        b'x{"data":[{"starting_at":"2026-11-21T00:00:00Z","ending_at":"2026-11-22T00:00:00Z",'
        b'"results":[{"amount":"12.5","currency":"USD"},{"uncached_input_tokens":7}]}]}',
        b'x{"Result":{"List":[{"ExpenseDate":"2026-11-21","PayableAmount":"0.01"}],"Total":2}}',
        b"xd,u,m,a,c,i\n2026-11-21,,m,1e-3,USD,5\n", b"xExpenseDate,PayableAmount\n2026-11-21,1\n"],
    "spool": [b"i" + bytes(200), b"o" + bytes(400), b"ARKSPOOL" + bytes(7) + b"\x01" + bytes(64)],
    "repeated_frame": [b'{"id":"a","choices":[{"delta":{"content":"x","r":null}}],"p":"ab"}\n'
                       b'{"id":"a","choices":[{"delta":{"content":"y","r":null}}],"p":"c"}',
                       b'{"content" : "a\\n","pad":1}\n{"content" : "b","pad":1}'],
    "url": [b"https://api.example.com/v1", b"http://[::1]:8080/", b"http://0x7f.1/",
            b"http://u:p@h:1"],
    "websocket": [b"\x07\x81\x05Hello", b"\x07\x01\x03Hel\x89\x00\x80\x02lo",
                  b"\x07\x82\x7e\x01\x00" + bytes(256), b"\x07\x88\x05\x03\xf3why"],
    "spark": [b'\x07{"header":{"code":0,"sid":"s","status":0},"payload":{"choices":{"text":['
              b'{"content":"a","reasoning_content":"b","index":0,"function_call":{"name":"f",'
              b'"arguments":"{}"}}]}}}\n{"header":{"status":2},"payload":{"usage":{"text":'
              b'{"prompt_tokens":1,"completion_tokens":2,"total_tokens":3}}}}',
              b'\x07{"header":{"code":10013,"message":"no","sid":"s"}}'],
    # One of each maker's bodies; the recorded ones are taken every few files only.
    "bedrock_converse": [
        invoke_chunks(b'{"generation":"a","prompt_token_count":5,"generation_token_count":1}',
                      b'{"generation":"b","stop_reason":"stop",%s}' % METRICS),
        invoke_chunks(b'{"outputText":"a","index":0,"completionReason":"FINISH",%s}' % METRICS),
        invoke_chunks(b'{"outputs":[{"text":"a","stop_reason":"stop"}],%s}' % METRICS),
        invoke_chunks(b'{"index":0,"is_finished":false,"text":"a"}',
                      b'{"finish_reason":"COMPLETE","is_finished":true,%s}' % METRICS),
        invoke_chunks(b'{"completion":"a","stop_reason":"stop_sequence",%s}' % METRICS),
        invoke_chunks(b'{"contentBlockDelta":{"delta":{"text":"a"},"contentBlockIndex":0}}',
                      b'{"messageStop":{"stopReason":"end_turn"}}',
                      b'{"metadata":{"usage":{"inputTokens":3,"outputTokens":1}},%s}' % METRICS),
        invoke_chunks(b'{"id":"c","choices":[{"index":0,"delta":{"content":"<reasoning>r'
                      b'</reasoning>"}}]}',
                      b'{"choices":[{"index":0,"delta":{"content":"a"},"finish_reason":"stop"}],'
                      b'%s}' % METRICS),
        b'\x07{"results":[{"outputText":"a","tokenCount":2.0,"completionReason":"LENGTH"}]}',
        b'\x07{"completions":[{"data":{"text":"a"},"finishReason":{"reason":"endoftext"}}]}',
        b'\x07{"choices":[{"message":{"content":"<reasoning>r</reasoning>a"},"stop_reason":'
        b'"stop"}]}'],
    # Families that nobody recorded.
    "dashscope": [
        b'\x07id:1\nevent:result\n:HTTP_STATUS/200\ndata:{"output":{"choices":[{"finish_reason":'
        b'"null","message":{"content":[{"text":"a"}],"reasoning_content":"h","tool_calls":[{'
        b'"index":0,"id":"c","function":{"name":"f","arguments":"{}"}}]}}]},"request_id":"r",'
        b'"usage":{"input_tokens":3,"output_tokens":1,"image_tokens":2}}\n\n'
        b'data:{"output":{"text":"ab","finish_reason":"stop"}}\n\n',
        b'\x07event:error\n:HTTP_STATUS/400\ndata:{"code":"Arrearage","message":"m"}\n\n'],
    "qianfan_v1": [
        b'\x07data: {"id":"i","is_end":false,"result":"a"}\n\n'
        b'data: {"id":"i","is_end":true,"result":"","finish_reason":"function_call",'
        b'"function_call":{"name":"f","thoughts":"t","arguments":"{}"},"need_clear_history":true,'
        b'"ban_round":1,"usage":{"prompt_tokens":3,"completion_tokens":1,"total_tokens":4}}\n\n',
        b'\x07{"error_code":110,"error_msg":"m","id":"i"}'],
    "sensenova": [
        b'\x07data:{"data":{"id":"c","choices":[{"index":0,"delta":"a","finish_reason":"stop"}],'
        b'"usage":{"prompt_tokens":3,"completion_tokens":1}},"status":{"code":0}}\n\n'
        b'data:[DONE]\n\n',
        b'\x07data:{"status":{"code":18,"message":"m"}}\n\n'],
    "skywork": [
        b'\x07data: {"type":1,"card_type":"markdown","arguments":[{"messages":[{"text":"a"},{'
        b'"text":"s"}]}]}\n\ndata: {"type":1,"arguments":[{"messages":[{"text":"ab"}]}]}\n\n'
        b'data: {"type":2}\n\n',
        b'\x07{"code":400007,"code_msg":"m"}\n'],
    "inflection": [
        b'\x07{"created":1.5,"idx":0,"text":"a"}\ndata: {"idx":1,"text":"b"}\n\n'
        b'data: [DONE]\n\n',
        b'\x07{"detail":[{"loc":["body"],"msg":"m","type":"t"}]}\n'],
    "tencent": [
        b'\x07data:{"Id":"i","Choices":[{"FinishReason":"stop","Delta":{"Content":"a","ToolCalls":['
        b'{"Index":0,"Id":"c","Function":{"Name":"f","Arguments":"{}"}}]}}],"Usage":{'
        b'"PromptTokens":3,"CompletionTokens":1,"TotalTokens":4}}\n\n',
        b'\x07{"Response":{"Error":{"Code":"AuthFailure","Message":"m"},"RequestId":"q"}}'],
    # The first byte is the verb: results of a batch, and their file; one batch, a list, a cache.
    "gemini_jobs": [
        b'\x0d{"name":"batches/b","metadata":{"state":"BATCH_STATE_SUCCEEDED"},"response":{'
        b'"inlinedResponses":{"inlinedResponses":[{"metadata":{"key":"a"},"response":{}},{"error":'
        b'{"code":3,"message":"m"}}]}}}',
        b'\x0d{"name":"batches/b","response":{"responsesFile":"files/r"}}',
        b'\x92{"key":"a","response":{}}\n{"key":"b","status":{"code":5}}\n',
        b'\x0a{"name":"batches/b","error":{"code":3,"message":"m"},"metadata":{"batchStats":{'
        b'"requestCount":"2"},"createTime":"2026-07-21T16:05:49.689379878Z"}}',
        b'\x03{"files":[{"name":"files/a","sizeBytes":"1"}],"nextPageToken":"t"}',
        b'\x0e{"name":"cachedContents/c","model":"models/m","usageMetadata":{"totalTokenCount":'
        b'1}}'],
    "openai_media": [
        b'\x07{"output_format":"png","data":[{"b64_json":"YWJj","revised_prompt":"p"},{"url":"u"}],'
        b'"usage":{"input_tokens":9,"input_tokens_details":{"image_tokens":2},"output_tokens":7}}',
        b'\x07{"images":["YWJj"],"request":{"data":{"format":"webp"}}}',
        b'\x07{"data":[{"url":"u"},{"error":{"message":"m"}}],"usage":{"generated_images":1}}',
        b'\x07{"text":"t","duration":3.5,"segments":[{"start":0,"end":1,"text":"t","speaker":"A"}],'
        b'"usage":{"type":"duration","seconds":4}}',
        b'\x07{"predictions":[{"bytesBase64Encoded":"YWJj","mimeType":"image/png"}]}',
        b'\x07{"audio_data":"SUQz"}', b'\x07{"image":"YWJj","finish_reason":"SUCCESS"}',
        b'\x07{"results":[{"flagged":true,"categories":{"a":true},"category_scores":{"a":0.5}}]}',
        b'\x07{"id":"a","polling_url":"https://a.test/b"}', b'\x07{"id":"a","status":"Pending"}',
        b'\x07{"status":"Ready","result":{"sample":"u"}}', b'\x07{"id":"a","status":"completed"}',
        b'\x07{"id":"a","status":"succeeded","content":{"video_url":"u"},"output":["u"],'
        b'"usage":{"completion_tokens":9,"total_tokens":9}}',
        b'\x07{"output":{"task_status":"PENDING","task_id":"a"}}',
        b'\x07{"output":{"task_status":"SUCCEEDED","video_url":"u","results":[{"url":"u"}]},'
        b'"usage":{"video_duration":5}}',
        b'\x07{"name":"models/a/operations/b"}',
        b'\x07{"done":true,"response":{"generateVideoResponse":{"generatedSamples":[{"video":'
        b'{"uri":"u"}}]}}}',
        b'\x07{"task_id":"a","status":"Success","file_id":"f"}',
        b'\x07{"file":{"download_url":"u"}}', b'\x07{"id":"a","task_status":"PROCESSING"}',
        b'\x07{"task_status":"SUCCESS","video_result":[{"url":"u"}]}',
        b'\x07{"status":"Succeed","results":{"videos":[{"url":"u"}]}}'],
    "json": [b'{"a":[1,2.5e3,"\\ud83d"],"choices":[{"delta":{"content":"x"}}]}',
             b"[99999999999999999999]"],
}
# Which family reads a provider's recordings, and what they are asked for: jobs_fuzz.cpp's numbers.
JOB_FAMILIES = {"anthropic": 1, "xai": 2, "mistral": 3, "cohere": 4, "cloudflare": 5, "ollama": 6,
                "perplexity": 7, "pollinations": 8}
JOB_VERBS = {"models": (0, 1), "files": (3, 4), "batch": (9, 10, 13)}
MOST_BYTES = 8192  # of one seed: small seeds mutate better
MOST_SEEDS = 300   # for one target


def body_of(recording, name):
    encoded = recording.get(name + "_base64")
    if encoded is not None:
        return base64.b64decode(encoded)
    text = recording.get(name)
    return text.encode() if isinstance(text, str) else b""


def chunked(body):
    out = b""
    for at in range(0, len(body), 700):
        piece = body[at:at + 700]
        out += b"%x\r\n%s\r\n" % (len(piece), piece)
    return out + b"0\r\n\r\n"


def seeds_of(recording):
    body = body_of(recording, "response_body")[:MOST_BYTES]
    headers = {k.lower(): v for k, v in recording.get("response_headers", {}).items()}
    for verb in JOB_VERBS.get(recording["op"], ()):
        family = JOB_FAMILIES.get(recording["provider"], 0)
        yield "jobs", bytes((family, verb, verb == 13)) + body
    if b"data:" in body[:400] or "event-stream" in str(headers.get("content-type", "")):
        yield "sse", body
        yield "http1_body", chunked(body[:3000])
        for frame in body.split(b"\n\n")[:3]:
            yield "json", frame.removeprefix(b"data: ")
        yield "frames", body
    elif "amazon.eventstream" in str(headers.get("content-type", "")):
        yield "event_stream", body
        yield "bedrock_converse", body
    elif b"}\n{" in body:
        yield "ndjson", body
        yield "ollama", body
    elif body[:1] in (b"{", b"["):
        yield "json", body
    yield "url", recording.get("url", "").encode()


class writer:
    def __init__(self, out):
        self.out, self.seen = out, {}

    def add(self, target, data):
        seen = self.seen.setdefault(target, set())
        name = hashlib.sha1(data).hexdigest()[:16]
        if not data or name in seen or len(seen) >= MOST_SEEDS:
            return
        seen.add(name)
        folder = self.out / target
        folder.mkdir(parents=True, exist_ok=True)
        # The readers that are cut take their first byte as the seed of the cutting.
        cut = target in ("sse", "http1_body", "frames")
        (folder / name).write_bytes((b"\x07" if cut else b"") + data)


def main(shared, out):
    write = writer(pathlib.Path(out))
    for target, seeds in SEEDS.items():
        for seed in seeds:
            write.add(target, seed)
    root = pathlib.Path(shared) / "recordings"
    if not root.is_dir():
        print("skipped: no shared corpus; only the built-in seeds were written")
    else:
        # Every few files, so that all vendors have a share.
        for path in sorted(root.rglob("*-*.json"))[::7]:
            for target, data in seeds_of(json.loads(path.read_bytes())):
                write.add(target, data)
    for target, seen in sorted(write.seen.items()):
        print(f"{target}: {len(seen)} seeds")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(sys.argv[1], sys.argv[2])

#!/usr/bin/env python3
"""A WebSocket server with Spark's shape of messages: spark_server.py ID SECRET [CERTIFICATE KEY].

Uses the `websockets` package for the protocol and computes the signature anew, so that neither is
the library's own. Prints {"listening": PORT}; ends with its parent's pipe or a signal.
"""
import asyncio
import base64
import email.utils
import hashlib
import hmac
import http
import json
import ssl
import sys
import time
import urllib.parse

import websockets

ID, SECRET = sys.argv[1:3]


def is_signed(path, host):
    parts = urllib.parse.urlsplit(path)
    query = dict(urllib.parse.parse_qsl(parts.query))
    if query.keys() != {"authorization", "date", "host"} or query["host"] != host:
        return False
    when = email.utils.parsedate_to_datetime(query["date"]).timestamp()
    origin = f"host: {host}\ndate: {query['date']}\nGET {parts.path} HTTP/1.1"
    digest = hmac.new(SECRET.encode(), origin.encode(), hashlib.sha256).digest()
    expected = (f'api_key="{ID}", algorithm="hmac-sha256", headers="host date request-line", '
                f'signature="{base64.b64encode(digest).decode()}"')
    given = base64.b64decode(query["authorization"]).decode()
    return abs(when - time.time()) <= 300 and hmac.compare_digest(given, expected)


async def check(path, headers):
    if is_signed(path, headers["Host"]):
        return None
    # Quotes what it refuses, as servers do: the client must not show it.
    body = json.dumps({"message": "HMAC signature does not match: " + path}).encode()
    return http.HTTPStatus.UNAUTHORIZED, [("Content-Type", "application/json")], body


def frame(status, text, usage=None):
    payload = {"choices": {"status": status, "seq": status,
                           "text": [{"content": text, "role": "assistant", "index": 0}]}}
    if usage:
        payload["usage"] = {"text": usage}
    return json.dumps({"header": {"code": 0, "message": "Success", "sid": "cht1",
                                  "status": status}, "payload": payload}, ensure_ascii=False)


async def serve(socket):
    asked = json.loads(await socket.recv())
    text = asked["payload"]["message"]["text"][-1]["content"]
    await socket.send(frame(0, asked["header"]["app_id"] + " "))
    if text == "close":
        return
    if text == "fail":
        return await socket.close(1011, "no engine")
    if text == "vanish":
        return socket.transport.abort()
    if text == "error":
        return await socket.send(json.dumps(
            {"header": {"code": 10013, "message": "blocked", "sid": "cht1", "status": 2}}))
    await (await socket.ping())  # goes on when the pong has come
    middle = frame(1, asked["parameter"]["chat"]["domain"] + " ")
    await socket.send([middle[:10], middle[10:11], middle[11:]])
    await socket.send(frame(1, text))
    await socket.send(frame(2, "", {"question_tokens": 1, "prompt_tokens": 2,
                                    "completion_tokens": 3, "total_tokens": 5}))


async def main():
    tls = None
    if len(sys.argv) > 3:
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(sys.argv[3], sys.argv[4])
    async with websockets.serve(serve, "127.0.0.1", 0, ssl=tls, process_request=check) as server:
        print(json.dumps({"listening": server.sockets[0].getsockname()[1]}), flush=True)
        await asyncio.Future()


asyncio.run(main())

#!/usr/bin/env python3
"""Bedrock's requests against botocore, the vendor's own library for Python: are they valid by its
description of the service, would it send the same, and would it sign them the same way?

Debian 12 has botocore 1.29.27, which is older than the service: where Python has none that knows
it, a newer one comes from PyPI.
"""
import base64
import importlib
import json
import os
import subprocess
import sys
import tempfile
import unittest
import urllib.parse

from asked import CALLS, PNG, asking
from doubles_test import run

BOTOCORE = "botocore==1.43.11"
KEY, SECRET = "AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
MODEL = "anthropic.claude-haiku-4-5-20251001-v1:0"


def knows_the_service():
    try:
        import botocore.session
        botocore.session.get_session().get_service_model("bedrock-runtime")
        return True
    except Exception:  # noqa: BLE001: none there, too old, or broken
        return False


def find_botocore():
    folder = os.environ.get("ARK_PIP_CACHE") or os.path.join(tempfile.gettempdir(), "ark-pip")
    if not knows_the_service():
        sys.path.insert(0, folder)
        forget_botocore()
    if knows_the_service():
        return
    try:
        done = subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", "--upgrade",
                               "--retries", "1", "--target", folder, BOTOCORE],
                              capture_output=True, timeout=120)
    except subprocess.TimeoutExpired:
        raise unittest.SkipTest("skipped: the registry of Python packages does not answer")
    if done.returncode != 0:
        raise unittest.SkipTest(f"skipped: pip cannot install {BOTOCORE}")
    forget_botocore()
    if not knows_the_service():
        raise unittest.SkipTest("skipped: this botocore does not know bedrock-runtime")


def forget_botocore():
    importlib.invalidate_caches()
    for name in [each for each in sys.modules if each.split(".")[0] == "botocore"]:
        del sys.modules[name]


def from_wire(shape, value):
    """JSON as the caller of botocore would give it: bytes where the shape is a blob."""
    if shape.type_name == "blob":
        return base64.b64decode(value, validate=True)
    if shape.type_name == "structure" and not getattr(shape, "is_document_type", False):
        return {name: from_wire(shape.members[name], each) if name in shape.members else each
                for name, each in value.items()}
    if shape.type_name == "list":
        return [from_wire(shape.member, each) for each in value]
    if shape.type_name == "map":
        return {name: from_wire(shape.value, each) for name, each in value.items()}
    return value


def enum_mistakes(shape, value, where=""):
    """botocore itself does not look at these."""
    if shape.type_name == "structure" and not getattr(shape, "is_document_type", False):
        for name, each in value.items():
            yield from enum_mistakes(shape.members[name], each, f"{where}.{name}")
    elif shape.type_name == "list":
        for each in value:
            yield from enum_mistakes(shape.member, each, where + "[]")
    elif getattr(shape, "enum", None) and value not in shape.enum:
        yield f"{where} is {value}, none of {shape.enum}"


class botocore_model(asking):
    @classmethod
    def setUpClass(cls):
        find_botocore()
        import botocore.session
        cls.service = botocore.session.get_session().get_service_model("bedrock-runtime")

    def setUp(self):
        super().setUp()
        for vendor in ("bedrock", "bedrock-invoke"):
            self.home.point(vendor, self.listener.origin, f"{KEY}:{SECRET}:a-session-token")

    def check(self, operation, asked, model=MODEL):
        """Valid by the service's model, and what botocore would make of the same parameters."""
        from botocore.serialize import create_serializer
        from botocore.validate import ParamValidator
        method, path, _, body = asked
        shape = self.service.operation_model(operation).input_shape
        parameters = {**from_wire(shape, json.loads(body)), "modelId": model}
        report = ParamValidator().validate(parameters, shape)
        self.assertFalse(report.has_errors(), report.generate_report())
        self.assertEqual(list(enum_mistakes(shape, parameters)), [])
        wanted = create_serializer("rest-json").serialize_to_request(
            parameters, self.service.operation_model(operation))
        self.assertEqual(json.loads(wanted["body"]), json.loads(body))
        self.assertEqual(method, wanted["method"])
        self.assertEqual(path, wanted["url_path"])
        return parameters

    def test_converse(self):
        for name, arguments in CALLS.items():
            for operation, how in (("Converse", ["--json"]), ("ConverseStream", [])):
                with self.subTest(call=name, operation=operation):
                    asked = self.sent("chat", "-m", f"bedrock/{MODEL}", *how, *arguments)
                    got = self.check(operation, asked)
                    self.assertEqual(got["messages"][0]["role"], "user")

    def test_bytes_arrive_as_they_were(self):
        asked = self.sent("chat", "-m", f"bedrock/{MODEL}", "--image", "IMAGE", "hello")
        blocks = self.check("ConverseStream", asked)["messages"][0]["content"]
        images = [each["image"] for each in blocks if "image" in each]
        self.assertEqual([(each["format"], each["source"]["bytes"]) for each in images],
                         [("png", PNG)])

    def test_models_with_slashes_and_colons_in_their_names(self):
        for model in ("arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.meta.llama3:1",
                      "us.amazon.nova-lite-v1:0"):
            with self.subTest(model=model):
                self.check("Converse",
                           self.sent("chat", "-m", f"bedrock/{model}", "--json", "hello"), model)

    def test_token_counts(self):
        self.check("CountTokens", self.sent("count", "-m", f"bedrock/{MODEL}", "hello"))

    def test_paths_of_invocations(self):
        from botocore.serialize import create_serializer
        for operation, how in (("InvokeModel", ["--json"]), ("InvokeModelWithResponseStream", [])):
            with self.subTest(operation=operation):
                method, path, _, body = self.sent("chat", "-m", f"bedrock-invoke/{MODEL}", *how,
                                                  "hello")
                wanted = create_serializer("rest-json").serialize_to_request(
                    {"modelId": MODEL, "body": body}, self.service.operation_model(operation))
                self.assertEqual((method, path), (wanted["method"], wanted["url_path"]))

    def test_signatures(self):
        """The same time, scope and headers give the same signature."""
        from botocore.auth import SigV4Auth
        from botocore.awsrequest import AWSRequest
        from botocore.credentials import Credentials
        for vendor in ("bedrock", "bedrock-invoke"):
            with self.subTest(vendor=vendor):
                method, path, headers, body = self.sent("chat", "-m", f"{vendor}/{MODEL}", "hello")
                headers = {name.lower(): value for name, value in headers.items()}
                said = dict(each.strip().split("=", 1) for each in
                            headers["authorization"].removeprefix("AWS4-HMAC-SHA256 ").split(","))
                _, _, region, service, _ = said["Credential"].split("/")
                signer = SigV4Auth(Credentials(KEY, SECRET, "a-session-token"), service, region)
                request = AWSRequest(
                    method, self.listener.origin + path, data=body,
                    headers={each: headers[each] for each in said["SignedHeaders"].split(";")})
                request.context["timestamp"] = headers["x-amz-date"]
                to_sign = signer.string_to_sign(request, signer.canonical_request(request))
                self.assertEqual(said["Signature"], signer.signature(to_sign, request))
                self.assertEqual(service, "bedrock")
                self.assertEqual(headers["x-amz-security-token"], "a-session-token")
                for each in ("host", "x-amz-date", "x-amz-security-token"):
                    self.assertIn(each, said["SignedHeaders"].split(";"))
                self.assertEqual(urllib.parse.unquote(path).split("/")[2], MODEL)


if __name__ == "__main__":
    run()

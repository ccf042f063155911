"""OTLP/JSON, checked strictly and without any OpenTelemetry code.

The tables are written after opentelemetry-proto 1.x (common, resource, trace, metrics) and its
specification's JSON rules: names in lowerCamelCase, ids in lower-case hexadecimal, 64-bit integers
as decimal strings, enums as integers. A field that is not in the table is an error, as is a wrong
type.
"""
import json
import math
import re


class NotOtlp(Exception):
    pass


def fail(path, what):
    raise NotOtlp(f"{path}: {what}")


def text(path, value):
    if not isinstance(value, str):
        fail(path, f"a string is expected, not {value!r}")


def some_text(path, value):
    text(path, value)
    if not value:
        fail(path, "is empty")


def boolean(path, value):
    if not isinstance(value, bool):
        fail(path, f"a boolean is expected, not {value!r}")


def number(path, value):
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        fail(path, f"a number is expected, not {value!r}")


def int64(path, value):
    if not isinstance(value, str) or not re.fullmatch(r"-?(0|[1-9]\d*)", value):
        fail(path, f"a decimal string is expected, not {value!r}")
    if not -2**63 <= int(value) < 2**63:
        fail(path, "is no int64")


def fixed64(path, value):
    int64(path, value)
    if int(value) < 0:
        fail(path, "is negative")


def uint32(path, value):
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 2**32:
        fail(path, f"an unsigned integer is expected, not {value!r}")


def enum(*values):
    def check(path, value):
        uint32(path, value)
        if value not in values:
            fail(path, f"is not one of {values}")
    return check


def hexadecimal(size):
    def check(path, value):
        text(path, value)
        if not re.fullmatch(f"[0-9a-f]{{{size}}}", value) or set(value) == {"0"}:
            fail(path, f"{size} lower-case hexadecimal digits are expected, not {value!r}")
    return check


def each(check):
    def check_all(path, value):
        if not isinstance(value, list):
            fail(path, "a list is expected")
        for i, item in enumerate(value):
            check(f"{path}[{i}]", item)
    return check_all


def message(fields, required=(), one_of=(), also=None):
    def check(path, value):
        if not isinstance(value, dict):
            fail(path, "an object is expected")
        for name, item in value.items():
            if name not in fields:
                fail(path, f"has no field {name!r}")
            fields[name](f"{path}.{name}", item)
        for name in required:
            if name not in value:
                fail(path, f"lacks {name!r}")
        if one_of and sum(name in value for name in one_of) != 1:
            fail(path, f"has not exactly one of {one_of}")
        if also:
            also(path, value)
    return check


def any_value(path, value):
    fields = {"stringValue": text, "boolValue": boolean, "intValue": int64, "doubleValue": number,
              "arrayValue": message({"values": each(any_value)}),
              "kvlistValue": message({"values": each(key_value)}), "bytesValue": text}
    message(fields, one_of=tuple(fields))(path, value)


def key_value(path, value):
    message({"key": some_text, "value": any_value}, required=("key", "value"))(path, value)


def attributes(path, value):
    each(key_value)(path, value)
    keys = [item["key"] for item in value]
    if len(keys) != len(set(keys)):
        fail(path, "has a key twice")


def span_times(path, span):
    if int(span["endTimeUnixNano"]) < int(span["startTimeUnixNano"]):
        fail(path, "ends before it begins")


def point_times(path, point):
    if int(point["timeUnixNano"]) < int(point["startTimeUnixNano"]):
        fail(path, "ends before it begins")


def buckets(path, point):
    point_times(path, point)
    counts, bounds = point["bucketCounts"], point["explicitBounds"]
    if len(counts) != len(bounds) + 1:
        fail(path, "one bucket more than bounds is expected")
    if bounds != sorted(set(bounds)):
        fail(path, "bounds do not rise")
    if sum(map(int, counts)) != int(point["count"]):
        fail(path, "the buckets' sum is not the count")


RESOURCE = message({"attributes": attributes, "droppedAttributesCount": uint32})
SCOPE = message({"name": text, "version": text, "attributes": attributes,
                 "droppedAttributesCount": uint32})
STATUS = message({"message": text, "code": enum(0, 1, 2)})
SPAN = message(
    {"traceId": hexadecimal(32), "spanId": hexadecimal(16), "traceState": text,
     "parentSpanId": hexadecimal(16), "flags": uint32, "name": some_text,
     "kind": enum(0, 1, 2, 3, 4, 5), "startTimeUnixNano": fixed64, "endTimeUnixNano": fixed64,
     "attributes": attributes, "droppedAttributesCount": uint32, "status": STATUS},
    required=("traceId", "spanId", "name", "startTimeUnixNano", "endTimeUnixNano"), also=span_times)
TRACES = message({"resourceSpans": each(message(
    {"resource": RESOURCE, "schemaUrl": text, "scopeSpans": each(message(
        {"scope": SCOPE, "spans": each(SPAN), "schemaUrl": text}))}))}, required=("resourceSpans",))

POINT = {"attributes": attributes, "startTimeUnixNano": fixed64, "timeUnixNano": fixed64,
         "flags": uint32}
NUMBER_POINT = message({**POINT, "asDouble": number, "asInt": int64},
                       required=("timeUnixNano",), one_of=("asDouble", "asInt"), also=point_times)
HISTOGRAM_POINT = message(
    {**POINT, "count": fixed64, "sum": number, "bucketCounts": each(fixed64),
     "explicitBounds": each(number), "min": number, "max": number},
    required=("count", "bucketCounts", "explicitBounds", "timeUnixNano"), also=buckets)
SUM = message({"dataPoints": each(NUMBER_POINT), "aggregationTemporality": enum(1, 2),
               "isMonotonic": boolean}, required=("dataPoints", "aggregationTemporality"))
HISTOGRAM = message({"dataPoints": each(HISTOGRAM_POINT), "aggregationTemporality": enum(1, 2)},
                    required=("dataPoints", "aggregationTemporality"))
GAUGE = message({"dataPoints": each(NUMBER_POINT)}, required=("dataPoints",))
METRIC = message({"name": some_text, "description": text, "unit": text, "sum": SUM,
                  "histogram": HISTOGRAM, "gauge": GAUGE},
                 required=("name",), one_of=("sum", "histogram", "gauge"))
METRICS = message({"resourceMetrics": each(message(
    {"resource": RESOURCE, "schemaUrl": text, "scopeMetrics": each(message(
        {"scope": SCOPE, "metrics": each(METRIC), "schemaUrl": text}))}))},
    required=("resourceMetrics",))
REQUESTS = {"/v1/traces": TRACES, "/v1/metrics": METRICS}


def no_twice(pairs):
    names = [name for name, _ in pairs]
    if len(names) != len(set(names)):
        raise NotOtlp(f"a member comes twice: {names}")
    return dict(pairs)


def checked(path, body):
    """The request as Python has it; NotOtlp says what is wrong with it."""
    parsed = json.loads(body.decode("utf-8", "strict"), object_pairs_hook=no_twice)
    REQUESTS[path](path, parsed)
    return parsed


def value_of(value):
    (kind, inner), = value.items()
    if kind == "intValue":
        return int(inner)
    if kind == "arrayValue":
        return [value_of(item) for item in inner["values"]]
    return inner


def plain(attribute_list):
    return {item["key"]: value_of(item["value"]) for item in attribute_list}

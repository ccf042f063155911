#!/usr/bin/env python3
"""Renders random templates with Debian's python3-jinja2 and with this library, and compares.

    differential.py PROGRAM [--cases N] [--seed S] [--keep FILE]

PROGRAM is `jinja-cases`. Run it by the Python that has jinja2 (Debian: /usr/bin/python3). Ends with 1
if there is a difference that KNOWN does not name.
"""
import argparse
import json
import random
import re
import signal
import subprocess
import sys
import tempfile

try:
    import jinja2
    import jinja2.ext
    from jinja2.sandbox import ImmutableSandboxedEnvironment, SandboxedEnvironment
except ImportError:
    print(f"skipped: {sys.executable} has no jinja2 (Debian: python3-jinja2)")
    sys.exit(77)

UNDEFINED = {"default": jinja2.Undefined, "strict": jinja2.StrictUndefined,
             "chainable": jinja2.ChainableUndefined}
# What differs on purpose, by a word of the template: the reason.
KNOWN = {
    "|random": "rendering is pure, so the first item is taken",
    "|pprint": "only the layout of plain data is followed",
}
# Python's own limits: not compared.
LIMITS = ("RecursionError", "MemoryError")

TEXTS = ["", "a", "Hello World", "héllo wörld", "日本語 text", "  pad  ", "x,y,z", "a-b_c", "3", "-4.50",
         "<b>&\"'</b>", "line1\nline2\n\nline4", "ß", "ΑΣ", "tab\tend", "{{ x }}", "it's", "UPPER", "1e3"]
NAMES = ["s", "t", "n", "f", "l", "m", "d", "e", "u", "b", "o"]


def context(r):
    return {
        "s": r.choice(TEXTS), "t": r.choice(TEXTS), "n": r.choice([0, 1, 2, 7, -3, 10 ** 20, 255]),
        "f": r.choice([0.0, 1.5, -2.25, 1e16, 1e-5, 3.14159, 1e300, 100.0]),
        "l": r.choice([[], [1, 2, 3], ["b", "A", "c"], [3, 1, 2, 1], [1.5, 2], [[1, 2], [3]], [None, 0]]),
        "m": [{"k": r.choice("abAB"), "v": r.randint(0, 3), "w": {"z": r.randint(0, 2)}}
              for _ in range(r.randint(0, 4))],
        "d": r.choice([{}, {"a": 1, "b": 2}, {"b": [1], "a": "x", "C": None}, {"1": True}]),
        "e": None, "b": r.choice([True, False]), "o": {"items": 3, "x": {"y": [10, {"q": "deep"}]}},
    }


class grammar:
    def __init__(self, r):
        self.r = r
        self.depth = 0
        self.deepest = r.choice([1, 2, 2, 3, 4])

    def pick(self, *options):
        return self.r.choice(options)

    def literal(self):
        r = self.r
        return r.choice([str(r.randint(-3, 12)), repr(r.choice([0.5, 2.0, 1.25])), "true", "none", "false",
                         json.dumps(r.choice(["", "a", "é", "x y", "A,b", "%s-%d", "{}:{}"]), ensure_ascii=False),
                         "'it'", "[1, 'a', none]", "{'k': 1, 'j': [2]}", "(1, 2)", "()", "[]", "range(3)"])

    def name(self):
        return self.r.choice(NAMES + ["missing", "loop"] if self.r.random() < 0.1 else NAMES)

    def expr(self):
        self.depth += 1
        try:
            if self.depth > self.deepest:
                return self.pick(self.literal, self.name)()
            return self.r.choices(
                [self.literal, self.name, self.binary, self.filtered, self.tested, self.path, self.method,
                 self.condition, self.unary, self.compared, self.sliced, self.concat],
                [4, 6, 2, 6, 2, 3, 4, 1, 1, 2, 2, 2])[0]()
        finally:
            self.depth -= 1

    def binary(self):
        op = self.pick("+", "-", "*", "/", "//", "%", "and", "or") if self.r.random() < 0.95 else "**"
        right = self.r.randint(0, 4) if op == "**" else self.expr()
        return f"({self.expr()} {op} {right})"

    def unary(self):
        return self.pick("-", "+", "not ") + f"({self.expr()})"

    def concat(self):
        return f"({self.expr()} ~ {self.expr()})"

    def compared(self):
        return f"({self.expr()} {self.pick('==', '!=', '<', '<=', '>', '>=', 'in', 'not in')} {self.expr()})"

    def condition(self):
        return f"({self.expr()} if {self.expr()}" + (f" else {self.expr()})" if self.r.random() < .7 else ")")

    def path(self):
        return self.pick("o.x.y[0]", "o.x.y[1].q", "o.items", "m[0].k", "m[0]['v']", "d.a", "d['b']", "l[0]",
                         "l[-1]", "s[0]", "o.no", "o.no.more", "l.0", "d.missing", "m[0].w.z")

    def sliced(self):
        bound = lambda: self.pick("", "0", "1", "-1", "2", "-3", "n")
        step = self.pick("", "", ":2", ":-1", ":1")
        return f"{self.pick('s', 't', 'l', 'range(5)', '(1,2,3)')}[{bound()}:{bound()}{step}]"

    def filtered(self):
        e = self.expr()
        return f"({e})|" + self.filter()

    def filter(self):
        x = self.expr
        return self.r.choice([
            lambda: self.pick("abs", "capitalize", "count", "escape", "first", "float", "int", "last", "length",
                              "list", "lower", "max", "min", "reverse|list", "string", "sum", "title", "trim",
                              "unique|list", "upper", "urlencode", "wordcount", "sort", "striptags", "tojson",
                              "items|list", "dictsort", "e", "safe", "forceescape", "filesizeformat", "round",
                              "reverse", "xmlattr", "urlize"),
            lambda: f"default({x()})", lambda: f"default({x()}, true)", lambda: f"join({x()})",
            lambda: "join('-')", lambda: "batch(2)|list", lambda: "batch(2, 'x')|list", lambda: "slice(2)|list",
            lambda: f"center({self.r.randint(0, 12)})", lambda: f"indent({self.r.randint(0, 4)})",
            lambda: "indent(2, true)", lambda: "indent(2, first=false, blank=true)",
            lambda: f"replace({x()}, {x()})", lambda: "replace('a', 'b', 1)", lambda: "round(1)",
            lambda: "round(1, 'floor')", lambda: "round(0, 'ceil')", lambda: "round(-1)",
            lambda: "sort(reverse=true)", lambda: "sort(attribute='k')", lambda: "sort(attribute='v,k')",
            lambda: "sort(case_sensitive=true)", lambda: "map('upper')|list", lambda: "map(attribute='k')|list",
            lambda: "map(attribute='w.z')|join(',')", lambda: "map(attribute='no', default='D')|list",
            lambda: "select('string')|list", lambda: "select|list", lambda: "reject('odd')|list",
            lambda: "selectattr('v')|list", lambda: "selectattr('v', 'gt', 1)|list",
            lambda: "rejectattr('k', 'eq', 'a')|list", lambda: "groupby('k')|list",
            lambda: "groupby('v')|map('first')|list", lambda: "truncate(7)", lambda: "truncate(5, true)",
            lambda: "truncate(6, false, '..', 0)", lambda: "wordwrap(5)", lambda: "dictsort(by='value')",
            lambda: "dictsort(true)", lambda: "tojson(indent=2)", lambda: f"format({x()})", lambda: "int(9, 16)",
            lambda: "float(1.5)", lambda: "unique(attribute='k')|list", lambda: "max(attribute='v')",
            lambda: "min(case_sensitive=true)", lambda: "sum(attribute='v')", lambda: "sum(start=10)",
            lambda: "attr('k')", lambda: "trim('ab ')", lambda: "filesizeformat(true)",
            lambda: "map('int')|sum", lambda: "map('default', 'x')|list", lambda: "length + 1"])()

    def tested(self):
        t = self.pick("defined", "undefined", "none", "string", "number", "integer", "float", "mapping", "sequence",
                      "iterable", "boolean", "true", "false", "even", "odd", "lower", "upper", "callable",
                      "divisibleby 3", "divisibleby(2)", "eq 1", "ne('a')", "gt 0", "le(2)", "in [1, 'a']",
                      "sameas none", "filter", "test", "escaped")
        return f"({self.expr()} is {self.pick('', '', 'not ')}{t})"

    def method(self):
        x = self.expr
        text = self.r.choice([
            lambda: self.pick("upper", "lower", "strip", "title", "split", "isdigit", "isalpha", "splitlines",
                              "capitalize", "swapcase", "lstrip", "rstrip", "isspace", "isupper", "casefold") + "()",
            lambda: f"split({x()})", lambda: "split(',', 1)", lambda: "rsplit(' ', 1)", lambda: f"startswith({x()})",
            lambda: "endswith('a')", lambda: "replace('a', 'bb')", lambda: f"join({x()})", lambda: "find('o')",
            lambda: "count('l')", lambda: "zfill(5)", lambda: "center(9, '*')", lambda: "ljust(6)",
            lambda: f"format({x()}, {x()})", lambda: "partition('-')", lambda: "removeprefix('a')",
            lambda: "index('z')", lambda: "rfind('l')", lambda: "expandtabs(4)", lambda: "strip('xa')"])
        dictionary = lambda: self.pick("keys()|list", "values()|list", "items()|list", "get('a')",
                                       "get('q', 5)", "items()", "copy()")
        other = lambda: self.pick("index(1)", "count(1)", "copy()", "bit_length()", "is_integer()")
        which = self.r.random()
        if which < .65:
            return f"({self.pick('s', 't', x())}).{text()}"
        if which < .85:
            return f"{self.pick('d', 'o')}.{dictionary()}"
        return f"({x()}).{other()}"

    def statement(self):
        self.depth += 1
        try:
            if self.depth > 3:
                return "{{ " + self.expr() + " }}"
            return self.r.choice([self.output, self.output, self.text, self.loop, self.branch, self.set, self.macro,
                                  self.block_set, self.with_, self.filter_block, self.namespace, self.comment,
                                  self.call, self.raw])()
        finally:
            self.depth -= 1

    def body(self):
        return "".join(self.statement() for _ in range(self.r.randint(1, 3)))

    def open(self):
        return "{%" + self.pick("", "", "", "-", "+")

    def close(self):
        return self.pick("", "", "", "-") + "%}"

    def tag(self, inside):
        return f"{self.open()} {inside} {self.close()}"

    def output(self):
        return "{{" + self.pick("", "", "-") + " " + self.expr() + " " + self.pick("", "", "-") + "}}"

    def text(self):
        return self.pick("text", " a b ", "\n", "  \n  ", "<p>", "é", "\t")

    def comment(self):
        return self.pick("{# c #}", "{#- c -#}", "  {# c #}\n")

    def raw(self):
        return self.pick("{% raw %}{{ x }}{% endraw %}", " {%- raw -%} {% if %} {%- endraw -%} ")

    def loop(self):
        target = self.pick("x", "x", "k, v", "s")
        over = {"k, v": self.pick("d.items()", "d|dictsort", "[(1,2),(3,4)]", "m")}.get(target, self.expr())
        test = f" if {self.expr()}" if self.r.random() < .2 else ""
        inner = self.pick("{{ loop.index }}", "{{ loop.last }},", "{{ x }}", "{{ loop.cycle('a', 'b') }}",
                          "{{ loop.revindex0 }}", "{{ loop.length }}", "{{ loop.changed(x) }}", "{{ v }}",
                          "{{ loop.nextitem }}", "{% if loop.first %}F{% endif %}", "{% break %}",
                          "{% if loop.index > 1 %}{% continue %}{% endif %}")
        other = self.tag("else") + self.body() if self.r.random() < .3 else ""
        return self.tag(f"for {target} in {over}{test}") + inner + self.body() + other + self.tag("endfor")

    def branch(self):
        out = self.tag("if " + self.expr()) + self.body()
        if self.r.random() < .4:
            out += self.tag("elif " + self.expr()) + self.body()
        if self.r.random() < .5:
            out += self.tag("else") + self.body()
        return out + self.tag("endif")

    def set(self):
        return self.tag(self.pick(f"set s = {self.expr()}", f"set q = {self.expr()}", f"set l, t = {self.expr()}, 1",
                                  f"set q = {self.expr()}, {self.expr()}")) + "{{ q }}"

    def block_set(self):
        return self.tag("set q" + self.pick("", " | upper", " | trim | replace('a', 'b')")) + self.body() + \
            self.tag("endset") + "[{{ q }}]"

    def namespace(self):
        return self.tag(f"set ns = namespace(c={self.expr()})") + "{% for x in l %}" + \
            self.tag(f"set ns.c = {self.pick('ns.c + 1', 'x', 'loop.index')}") + "{% endfor %}{{ ns.c }}"

    def macro(self):
        return self.tag(self.pick("macro f(a, b=2)", "macro f(a='x')", "macro f()")) + self.body() + \
            self.pick("{{ a }}{{ b }}", "{{ varargs }}", "{{ kwargs }}", "{{ a }}", "{{ caller() }}") + \
            self.tag("endmacro") + "{{ f(" + self.pick("", "1", "1, 2", "a=3", "1, 2, 3", "b=1, z=2", self.expr()) + ") }}"

    def call(self):
        return "{% macro g(h) %}<{{ h }}{{ caller(h) }}>{% endmacro %}" + self.tag(self.pick("call(y) g(1)", "call g('z')")) + \
            self.pick("{{ y }}", "") + self.body() + self.tag("endcall")

    def with_(self):
        return self.tag(f"with s = {self.expr()}, w = {self.expr()}") + "{{ w }}" + self.body() + self.tag("endwith")

    def filter_block(self):
        return self.tag("filter " + self.pick("upper", "trim", "replace('a', 'e')|title", "indent(2)")) + self.body() + \
            self.tag("endfilter")


def make_case(seed):
    r = random.Random(seed)
    g = grammar(r)
    env = {"profile": "plain", "trim_blocks": r.random() < .4, "lstrip_blocks": r.random() < .4,
           "keep_trailing_newline": r.random() < .2, "autoescape": r.random() < .15,
           "undefined": r.choice(["default"] * 4 + ["strict", "chainable"]),
           "sandbox": r.choice(["none", "sandboxed", "immutable"]), "extensions": ["loopcontrols", "do"]}
    return {"id": str(seed), "env": env, "template": "".join(g.statement() for _ in range(r.randint(1, 4))),
            "context": context(r)}


def is_folded(want):
    """Python evaluates constant expressions while it parses: one that is undefined fails there, whether or
    not it would have been rendered. Not compared."""
    error = want.get("error", {})
    return error.get("phase") == "parse" and error.get("class") == "UndefinedError"


class too_slow(Exception):
    pass


def expected(case):
    def stop(*_):
        raise too_slow()
    env = case["env"]
    kinds = {"none": jinja2.Environment, "sandboxed": SandboxedEnvironment,
             "immutable": ImmutableSandboxedEnvironment}
    signal.signal(signal.SIGALRM, stop)
    signal.alarm(5)
    phase = "parse"
    try:
        made = kinds[env["sandbox"]](
            trim_blocks=env["trim_blocks"], lstrip_blocks=env["lstrip_blocks"], autoescape=env["autoescape"],
            keep_trailing_newline=env["keep_trailing_newline"], undefined=UNDEFINED[env["undefined"]],
            extensions=[jinja2.ext.loopcontrols, jinja2.ext.do])
        template = made.from_string(case["template"])
        phase = "render"
        return {"output": template.render(json.loads(json.dumps(case["context"])))}
    except too_slow:
        return None
    except Exception as why:  # whatever it is, it is the answer
        return {"error": {"phase": phase, "class": type(why).__name__, "message": str(why)[:200]}}
    finally:
        signal.alarm(0)


def prints_a_method(case, want):
    """Python prints a method that is not called with its address, and this library does not; its length
    and its characters tell it too."""
    return "output" in want and (bool(re.search(r"0x[0-9a-f]{8,}", want["output"].lower()))
                                 or bool(re.search(r"\bo\.items\b(?!\()", case["template"])))


def is_alike(want, got):
    if "output" in want:
        return got.get("output") == want["output"]
    error = got.get("error")
    if error is None:
        return False
    return error["phase"] == want["error"]["phase"] and error["class"] == want["error"]["class"]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--cases", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep")
    parser.add_argument("--show", type=int, default=20)
    o = parser.parse_args()
    cases = [make_case(o.seed * 10_000_000 + i) for i in range(o.cases)]
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl", encoding="utf-8") as file:
        for case in cases:
            file.write(json.dumps(case) + "\n")
        file.flush()
        done = subprocess.run([o.program, file.name], capture_output=True, text=True, check=False, errors="surrogatepass")
    if done.returncode != 0:
        print(f"{o.program} ended with {done.returncode}: {done.stderr[:500]}")
        return 1
    answers = [json.loads(line) for line in done.stdout.split("\n") if line]
    if len(answers) != len(cases):
        print(f"{len(answers)} answers to {len(cases)} cases")
        return 1
    different, left_out, outputs, kept = 0, 0, 0, []
    for case, got in zip(cases, answers):
        want = expected(case)
        if want is None or any(word in case["template"] for word in KNOWN) or \
                want.get("error", {}).get("class") in LIMITS or is_folded(want):
            left_out += 1
            continue
        outputs += "output" in want
        if is_alike(want, got) or prints_a_method(case, want):
            continue
        different += 1
        kept.append({**case, "expect": want, "got": got})
        if different <= o.show:
            print(f"--- seed {case['id']} {case['env']}\n{case['template']!r}\n{json.dumps(case['context'])}\n"
                  f"expected {json.dumps(want)}\ngot      {json.dumps(got)}")
    if o.keep:
        with open(o.keep, "w", encoding="utf-8") as file:
            for each in kept:
                file.write(json.dumps(each) + "\n")
    print(f"{len(cases)} cases, {outputs} with output, {left_out} left out, {different} differ")
    return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main())

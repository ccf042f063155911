#!/usr/bin/env python3
"""Renders the templates of a folder with jinja-bench and with python3-jinja2, in turns, and prints
the ratios: compare.py JINJA_BENCH [FOLDER]. Without a folder: bench/templates, whose contexts are made
here. Ends with 1 where a limit is passed or the outputs differ.

The yardstick is Jinja2's immutable sandbox, as chat templates use it. Limits: render 5 times as fast,
10 for chat templates; parse 200 times.
"""
import json
import pathlib
import subprocess
import sys
import tempfile
import time

import jinja2.ext
from jinja2.sandbox import ImmutableSandboxedEnvironment

HERE = pathlib.Path(__file__).parent


def messages(turns):
    out = [{"role": "system", "content": "You are a helpful assistant that answers briefly."}]
    for i in range(turns):
        out.append({"role": "user", "content": f"Question {i}: how many miles are {i * 7} kilometres, and why? "
                                               "Answer in one sentence, with the figure first."})
        out.append({"role": "assistant", "content": f"About {i * 4.35:.1f} miles, as a kilometre has 0.6214 of them."})
    return out


TOOLS = [{"type": "function", "function": {"name": f"lookup_{i}", "description": "Looks something up.", "parameters": {
    "type": "object", "properties": {"q": {"type": "string", "description": "What"}}, "required": ["q"]}}}
    for i in range(3)]
CONTEXTS = {
    "small": {"name": "Ada", "items": ["one", "two", "three"], "city": "Berlin"},
    "chatml.chat": {"messages": messages(25)[1:], "add_generation_prompt": True},
    "reasoning.chat": {"messages": messages(25)[:-1], "tools": TOOLS, "add_generation_prompt": True,
                       "enable_thinking": False},
    "tools.chat": {"messages": messages(25)[:-1], "tools": TOOLS, "add_generation_prompt": True,
                   "bos_token": "<s>", "date_string": "26 Jul 2026"},
    "fewshot": {"examples": [{"question": f"What is {i} + {i + 1}?", "choices": [str(2 * i + d) for d in range(4)],
                              "answer": 1} for i in range(200)], "question": "What is 2 + 2?"},
}


class generation(jinja2.ext.Extension):
    tags = {"generation"}

    def parse(self, parser):
        line = next(parser.stream).lineno
        body = parser.parse_statements(["name:endgeneration"], drop_needle=True)
        return jinja2.nodes.Scope(body).set_lineno(line)


def tojson(x, ensure_ascii=False, indent=None, separators=None, sort_keys=False):
    return json.dumps(x, ensure_ascii=ensure_ascii, indent=indent, separators=separators, sort_keys=sort_keys)


def environment(chat):
    if not chat:
        return ImmutableSandboxedEnvironment()
    env = ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True,
                                        extensions=[jinja2.ext.loopcontrols, generation])
    env.filters["tojson"] = tojson
    env.globals["strftime_now"] = lambda fmt: "2026-03-14"
    env.globals["raise_exception"] = lambda message: None
    return env


def median_us(run):
    all_, many = [], 1
    while len(all_) < 9:
        begin = time.process_time()
        for _ in range(many):
            run()
        took = time.process_time() - begin
        if took < 0.005 and not all_:
            many *= 2
            continue
        all_.append(took / many * 1e6)
    return sorted(all_)[len(all_) // 2]


def python(folder):
    out = {}
    for path in sorted(folder.glob("*.jinja")):
        chat = path.stem.endswith(".chat")
        source = path.read_text(encoding="utf-8")
        context = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
        env = environment(chat)

        def parse():
            fresh = environment(chat)
            fresh.from_string(source)
        template = env.from_string(source)
        text = template.render(context)
        base = median_us(lambda: environment(chat))
        total = 0
        for byte in text.encode("utf-8"):
            total = (total * 31 + byte) & 0xFFFFFFFF
        out[path.stem] = (max(median_us(parse) - base, 0.1), median_us(lambda: template.render(context)),
                          len(text.encode("utf-8")), total)
    return out


def ours(program, folder):
    done = subprocess.run([program, str(folder)], capture_output=True, text=True, check=True)
    out = {}
    for line in done.stdout.splitlines():
        name, parse, render, size, checksum = line.split()
        out[name] = (float(parse), float(render), int(size), int(checksum))
    return out


def least(rounds):
    """Of several rounds the least time of each: a machine with other work only ever adds to it."""
    return {name: (min(r[name][0] for r in rounds), min(r[name][1] for r in rounds), *first[2:])
            for name, first in rounds[0].items()}


def main():
    program = sys.argv[1]
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(sys.argv[2]) if len(sys.argv) > 2 else pathlib.Path(temporary)
        if len(sys.argv) < 3:
            for path in (HERE / "templates").glob("*.jinja"):
                (folder / path.name).write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
                (folder / path.with_suffix(".json").name).write_text(json.dumps(CONTEXTS[path.stem]), encoding="utf-8")
        rounds = [(ours(program, folder), python(folder)) for _ in range(4)]
    own, theirs = (least([r[side] for r in rounds]) for side in (0, 1))
    good = len(theirs) > 0 and own.keys() == theirs.keys()
    print(f"{'template':22} {'parse us':>10} {'jinja2':>10} {'ratio':>7}   {'render us':>10} {'jinja2':>10} {'ratio':>7}")
    for name, (parse, render, size, checksum) in own.items():
        want = theirs[name]
        wanted = 10 if name.endswith(".chat") and name != "chatml.chat" else 5
        same = (size, checksum) == want[2:]
        kept = want[0] / parse >= 200 and want[1] / render >= wanted and same
        good = good and kept
        print(f"{name:22} {parse:10.1f} {want[0]:10.1f} {want[0] / parse:7.0f}   {render:10.1f} {want[1]:10.1f} "
              f"{want[1] / render:7.1f}   {'kept' if kept else 'PASSED' if same else 'DIFFERENT OUTPUT'}")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())

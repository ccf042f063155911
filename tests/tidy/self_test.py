#!/usr/bin/env python3
"""The checks must see what they are for: each is shown a clean tree and one planted violation."""
import pathlib
import sys
import tempfile
import unittest

import checks
import rules
import sizes_of_vendors
import source

CLEAN = {
    "libark/include/ark/thing.hpp": "#pragma once\n#include <string>\n\n/// A thing.\n"
                                    "class thing {\n public:\n  /// Its name.\n"
                                    "  std::string name() const;\n};\n",
    "libark/src/wire/a.hpp": "#pragma once\n#include \"base/b.hpp\"\n",
    "libark/src/wire/a.cpp": "#include \"wire/a.hpp\"\n// OpenAI does so.\nint f() { return 1; }\n",
    "libark/src/wire/README.md": "# wire\n",
    "libark/src/wire/meson.build": "core_sources += files('a.cpp')\n",
    "tests/unit/wire/a_test.cpp": "TEST(a, b) { use(\"openai\"); }\n",
    "tests/unit/wire/meson.build": "unit_sources = files('a_test.cpp')\n",
    "adapters/vendor/openai.textproto": 'name: "openai"\ndoc_url: "https://example.com/"\n',
    "adapters/vendor/README.md": "# vendor\n",
}

LONG = "int g() {\n" + "  work();\n" * 69 + "}\n"
JUST_RIGHT = "int g() {\n" + "  work();\n" * 68 + "}\n"

# check, planted file, its text, part of what must be said
PLANTED = [
    ("layers", "libark/src/wire/a.cpp", '#include "net/x.hpp"\n', "must not include net/x.hpp"),
    ("layers", "libark/src/wire/a.cpp", '#include "model/x.hpp"\n', "must not include model/x.hpp"),
    ("layers", "libark/src/wire/a.cpp", '#include "adapters/x.hpp"\n', "must not include adapters"),
    ("layers", "libark/src/novel/a.cpp", "int x;\n", "has no layer"),
    ("layers", "adapters/dialect/a.cpp", '#include "net/x.hpp"\n', "must not see net"),
    ("layers", "examples/a.cpp", '#include "base/b.hpp"\n', "must not include"),
    ("heavy_headers", "libark/src/wire/a.cpp", "#include <boost/asio/ip/tcp.hpp>\n", "is heavy"),
    ("heavy_headers", "cli/a.cpp", "#include <sqlite3.h>\n", "is heavy"),
    ("heavy_headers", "libark/src/wire/a.cpp", '#include "x.pb.h"\n', "is heavy"),
    ("heavy_headers", "libark/src/base/a.cpp", "#include <openssl/ssl.h>\n", "is heavy"),
    ("public_headers", "libark/include/ark/x.hpp", "#include <boost/json.hpp>\n", "boost/json"),
    ("vendor_names", "libark/src/wire/a.cpp", 'auto v = "OpenAI";\n', "names a vendor"),
    ("vendor_names", "libark/src/wire/a.cpp", "bool is_openai_like();\n", "names a vendor"),
    ("vendor_facts", "adapters/vendor/x.textproto", 'name: "x"\ndoc_url: "https://e/"\n',
     "no test"),
    ("vendor_facts", "adapters/vendor/openai.textproto", 'name: "openai"\n', "doc_url"),
    # S17
    ("dependencies", "libark/src/wire/meson.build", "x = dependency('left-pad')\n",
     "left-pad is not in the bill"),
    ("dependencies", "subprojects/x.wrap", "[wrap-file]\n", "download"),
    ("dependencies", "libark/src/wire/meson.build", "run_command('curl', 'x')\n", "downloads"),
    ("dependencies", "libark/src/wire/meson.build", "x = subproject('left-pad')\n", "downloads"),
    ("threats", "libark/doc/security.md", "| T01 | a threat | u/wire/a_test::c |\n", "no test c"),
    ("threats", "libark/doc/security.md", "| T01 | a threat | u/wire/a_test::b |\n",
     "does not name T01"),
    ("threats", "libark/doc/security.md", "| T01 | a threat | |\n", "neither a test"),
    ("function_lengths", "libark/src/wire/a.cpp", LONG, "g has 71 lines"),
    ("function_lengths", "libark/src/wire/a.cpp", "namespace n {\nclass c {\n void h() const {\n"
     + "x();\n" * 70 + "}\n};\n}\n", "h has 72 lines"),
    ("function_lengths", "libark/src/wire/a.cpp", "int f() { {\n", "do not balance"),
    ("function_lengths", "libark/src/wire/a.cpp", "int x;\n" * 500, "functions were found"),
    ("sizes", "libark/src/wire/a.cpp", "\n" * 601, "601 lines"),
    ("sizes", "libark/src/wire/a.cpp", "//" + "x" * 99 + "\n", "101 columns"),
    ("vendor_lines", "adapters/dialect/x/x_a.cpp", "f();\n" * (rules.MOST_FAMILY_LINES + 1),
     "family x has"),
    ("vendor_lines", "adapters/dialect/y_a.cpp", "f();\n" * (rules.MOST_FAMILY_LINES + 1),
     "family y has"),
    ("vendor_lines", "adapters/vendor/openai.textproto", 'name: "openai"\n' * 35, "a row of 35"),
    ("tests_exist", "libark/src/wire/other.cpp", "int x;\n", "has no test file"),
    ("sources_listed", "libark/src/wire/other.cpp", "int x;\n", "never built"),
    ("readmes", "libark/src/base/b.hpp", "#pragma once\n", "is missing"),
    ("readmes", "libark/src/wire/README.md", "line\n" * 41, "more than 40"),
    ("words", "README.md", "see /" + "home/someone/x\n", "path of some machine"),
    ("words", "a.py", "# TO" + "DO: later\n", "without its kind"),
    ("words", "a.py", "# FIX" + "ME\n", "forbidden word"),
    ("forbidden_code", "cli/a.cpp", "auto f = [=] { return x; };\n", "captures [=]"),
    ("forbidden_code", "cli/a.hpp", "#pragma once\nusing namespace std;\n", "using namespace"),
    ("forbidden_code", "cli/a.hpp", "int x;\n", "#pragma once"),
    ("forbidden_code", "libark/src/wire/a.cpp", "void f() { std::cout << 1; }\n", "never prints"),
    ("forbidden_code", "libark/src/wire/a.cpp", "void f() { getenv(x); }\n", "environment"),
    ("forbidden_code", "libark/src/wire/a.cpp", "void f() { std::abort(); }\n", "never ends"),
    ("forbidden_code", "libark/src/wire/a.cpp", "std::thread t;\n", "no threads"),
    ("documented", "libark/include/ark/x.hpp", "#pragma once\n\nclass y {\n};\n",
     "y has no comment"),
    ("documented", "libark/include/ark/x.hpp", "#pragma once\n\n/// Y.\nclass y {\n public:\n"
     "  int z() const;\n};\n", "z() has no comment"),
]

# text, the functions in it
FUNCTIONS = [
    ("int a() { return 1; }", ["a"]),
    ("struct s { int x{1}; s() : x{2}, y(3) { go(); } int b() const noexcept { return {}; } };",
     ["s", "b"]),
    ("namespace { const char* t = \"}{\"; // }\nvoid c() { if (x) { y(); } } }", ["c"]),
    ("template <class T> struct p { T operator()(int) { return '}'; } };", ["operator"]),
    ("enum class e { a, b };\nauto d() -> int { return [] { return 1; }(); }", ["d"]),
    ('extern "C" int m(int) { return 0; }\nconstexpr int v[] = {1, 2};', ["m"]),
    ("TEST(x, y) {\n  const std::string s = R\"({{{)\";\n}", ["TEST"]),
    ("bool operator==(a, b) { return true; }", ["operator=="]),
]


def problems(check, files):
    with tempfile.TemporaryDirectory() as folder:
        for path, text in files.items():
            file = pathlib.Path(folder) / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
        return list(getattr(checks, check)(source.tree(folder)))


class tidy_test(unittest.TestCase):
    def test_a_clean_tree_has_no_problem(self):
        for check in checks.ALL:
            with self.subTest(check.__name__):
                self.assertEqual(problems(check.__name__, CLEAN), [])
        found = problems("function_lengths", {**CLEAN, "libark/src/wire/a.cpp": JUST_RIGHT})
        self.assertEqual([p for p in found if "the limit is" in p[2]], [])

    def test_each_planted_violation_is_seen(self):
        for check, path, text, said in PLANTED:
            with self.subTest(check=check, said=said):
                found = problems(check, {**CLEAN, path: text})
                self.assertTrue([p for p in found if said in p[2]], found)

    def test_every_check_has_a_planted_violation(self):
        self.assertEqual({c.__name__ for c in checks.ALL}, {p[0] for p in PLANTED})

    def test_functions_are_found(self):
        for text, names in FUNCTIONS:
            with self.subTest(text):
                self.assertEqual([name for name, _, _ in source.functions(text)], names)

    def test_a_raw_string_may_be_long(self):
        text = 'auto a = R"(' + "x" * 120 + '\n' + "y" * 120 + ')";\n'
        self.assertEqual(problems("sizes", {"tests/unit/wire/a.cpp": text}), [])

    def test_comments_and_empty_lines_cost_a_vendor_nothing(self):
        files = {"adapters/dialect/x/x.cpp": "// why\n\nint a;  // b\n/* c\nd */\n",
                 "adapters/dialect/x/x_embed.cpp": "int b;\n",
                 "adapters/vendor/x.textproto": '# why\n\nname: "x"  # y\n'}
        with tempfile.TemporaryDirectory() as folder:
            for path, text in files.items():
                file = pathlib.Path(folder) / path
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(text, encoding="utf-8")
            tree = source.tree(folder)
            self.assertEqual(list(sizes_of_vendors.rows(tree).values()), [1])
            printed = "\n".join(sizes_of_vendors.table(tree))
        self.assertRegex(printed, r"x +1 +1 +2 +900")
        self.assertIn("aichat", printed)

    def test_lines_are_counted_from_the_signature_to_the_brace(self):
        self.assertEqual(source.functions("\n\nint a(int b,\n      int c) {\n  x();\n}\n"),
                         [("a", 3, 4)])


if __name__ == "__main__":
    sys.exit(unittest.main())

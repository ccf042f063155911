"""The tables that the checks read: change the rules here."""

# Modules by layer, from below. A module includes its own headers and those of lower layers.
LAYERS = [
    ["base"],
    ["wire", "model", "policy", "os"],
    ["dialect", "catalog", "net", "files", "sign", "guard", "json_schema"],
    ["tokens"],
    ["prompt"],
    ["prompt_store"],
    ["telemetry"],
    ["client"],
    ["ledger", "eval", "replay", "billing", "reuse"],
    ["ledger_pg"],
]
# Edges inside a layer or beside the layers, each with its reason.
EXTRA_EDGES = {
    "catalog": ["files"],  # services are written in YAML
    "reuse": ["ledger"],  # the owner of SQLite's handles
}
# Folders outside libark/src: what of the library they may include; "*" is all of it.
OUTSIDE = {
    "adapters/dialect": ["base", "wire", "model", "dialect"],
    "adapters/billing": ["base", "files", "billing"],
    "adapters/job": ["base", "wire", "model", "dialect"],
    "adapters/media": ["base", "wire", "model", "dialect"],
    "adapters": ["*"],  # standard.cpp: the list of dialects and the standard client
    "cli": ["*"],
    "examples": [],
}
# Modules that only these folders may see, though a layer would allow them.
CLOSED_TO = {"adapters/dialect": ["client", "net", "os", "ledger"],
             "adapters/job": ["client", "net", "os", "ledger"],
             "adapters/media": ["client", "net", "os", "ledger"]}

# Headers that cost, and the path prefixes that may include them. tests/ may include any.
HEAVY = [
    (r"boost/(asio|beast)", ["libark/src/net/", "libark/include/ark/asio.hpp", "examples/",
                             "libark/src/client/asio"]),
    (r"openssl/ssl", ["libark/src/net/"]),
    (r"openssl/", ["libark/src/", "cli/key_store.cpp"]),
    (r"simdjson", ["libark/src/base/", "libark/src/files/"]),
    (r"yaml-cpp/", ["libark/src/files/"]),
    (r".*\.pb\.h$", ["libark/src/catalog/", "libark/src/files/", "libark/src/eval/",
                   "libark/src/prompt/", "libark/src/billing/", "cli/"]),
    (r"google/protobuf/", ["libark/src/catalog/", "libark/src/files/", "libark/src/eval/",
                   "libark/src/prompt/", "libark/src/billing/", "cli/"]),
    (r"sqlite3\.h", ["libark/src/ledger/"]),
    (r"CLI/", ["cli/command.cpp", "cli/globals.hpp", "cli/options.cpp"]),
    (r"re2/", ["libark/src/eval/", "libark/src/guard/", "libark/src/json_schema/"]),
    (r"zlib\.h", ["libark/src/net/", "libark/src/wire/event_stream.cpp",
                    "libark/src/wire/gzip.cpp"]),
    (r"libpq", ["libark/src/ledger_pg/"]),
    (r"bpe/", ["libark/src/tokens/"]),
]
PUBLIC_HEADERS = "libark/include/ark/"
# Public headers may include std, ark/ and these; asio.hpp is the one that is asked for by name.
PUBLIC_INCLUDES = ["boost/system/result.hpp"]
PUBLIC_EXCEPTIONS = ["libark/include/ark/asio.hpp"]

# What the library must not do, by pattern, and where it may (the reason is the folder's job).
FORBIDDEN_CALLS = [
    (r"\bstd::(cout|cerr|clog)\b|\b(std::)?f?printf\s*\(|\bputs\s*\(",
     "the library never prints", []),
    (r"\bstd::(abort|exit|_Exit|quick_exit|terminate)\s*\(|(?<![\w.>:])(::)?_?exit\s*\(",
     "the library never ends the program", []),
    (r"\bgetenv\s*\(", "the environment is read in os only", ["libark/src/os/"]),
    (r"\bstd::j?thread\b", "the library starts no threads but the ledger's committer",
     ["libark/src/ledger/", "libark/src/ledger_pg/"]),
    (r"(system|steady)_clock::now\s*\(|\brandom_device\b", "clock and chance come from os",
     ["libark/src/os/", "libark/src/net/"]),
    (r"\bcatch\s*\(\s*\.\.\.\s*\)\s*\{\s*\}", "an error is swallowed", []),
]

MOST_COLUMNS = 100
MOST_FILE_LINES = 600
MOST_FUNCTION_LINES = 70
MOST_FUNCTION_LINES_P95 = 40
MOST_README_LINES = 40

# Code lines of a vendor row, and of a wire family with all its operations (tidy.py --lines). A
# family's limit is a ratchet: about a tenth above what it has, so that growth is a decision.
MOST_ROW_LINES = 34
MOST_FAMILY_LINES = 900
LARGER_FAMILIES = {
    "anthropic": (1150, "thinking by budget or effort, vendor's tools, bodies for other hosts"),
    "bedrock": (1500, "parts for two families, and embeddings of several models"),
    "cohere": (1300, "two versions of the interface, of different forms"),
    "dashscope": (1150, "two endpoints of different forms, streams cumulative or not"),
    "gemini": (1550, "two platforms, signatures kept in their place, errors told by text, sources"),
    "openai": (2100, "most rows' family: each of their quirks is here and not in 50 adapters"),
    "openai_responses": (1250, "items of many kinds, and two readings: their pieces and the whole"),
}


def family_limit(family):
    """(lines, why) that a family may have."""
    return LARGER_FAMILIES.get(family, (MOST_FAMILY_LINES, "all families without a reason"))


# The bill of materials: what meson.build may depend on, its Debian package and licence. Everything
# comes from Debian's signed archive; nothing is downloaded while configuring or building.
DEPENDENCIES = {
    "threads": ("libc6-dev", "LGPL-2.1-or-later"),
    "boost": ("libboost1.81-dev", "BSL-1.0"),
    "openssl": ("libssl-dev", "Apache-2.0"),
    "protobuf": ("libprotobuf-dev", "BSD-3-Clause"),
    "sqlite3": ("libsqlite3-dev", "blessing"),
    "fmt": ("libfmt-dev", "MIT"),
    "simdjson": ("libsimdjson-dev", "Apache-2.0"),
    "yaml-cpp": ("libyaml-cpp-dev", "MIT"),
    "zlib": ("zlib1g-dev", "Zlib"),
    "re2": ("libre2-dev", "BSD-3-Clause"),
    "CLI11": ("libcli11-dev", "BSD-3-Clause"),
    "libpq": ("libpq-dev", "PostgreSQL"),
    # of tests and benches only
    "gtest": ("libgtest-dev", "BSD-3-Clause"),
    "benchmark": ("libbenchmark-dev", "Apache-2.0"),
    "libcurl": ("libcurl4-openssl-dev", "curl"),
}
# Subprojects are this tree's own.
DOWNLOADS = (r"\b(curl|wget|git clone|pip3? install|npm (ci|i|install))\b|"
             r"subproject\s*\((?!'(jinja|bpe)'[,)])")

# What a vendor costs elsewhere: lines of an OpenAI-compatible vendor, of one with a quirk more, of
# a native wire. Counted in their own files, comments included, tests where they are in the file.
PEERS_SOURCE = "measured July and August 2026 (style guide, section 2.2), all lines of their files:"
PEERS = [
    ("aichat (Rust)", "1", "-", "gemini 136, cohere 255, claude 353, openai 408, bedrock 643"),
    ("litellm (Python)", "3-12", "250", "thousands"),
    ("one-api (Go)", "6-14", "27-36",
     "tencent 523, anthropic 567, gemini 651, ali 745, openai 889"),
    ("rust-genai", "7-9", "122-200", "cohere 742, bedrock 1536, gemini 1882, openai 1989"),
    ("any-llm (Python)", "8-14", "25-206", "cohere 601, gemini 1353 (on vendors' own SDKs)"),
    ("pydantic-ai", "95-146", "281", "bedrock 676 and a profile"),
    ("rig (Rust, with tests)", "155-189", "397", "anthropic 10.9k, gemini 14.2k, openai 19k"),
    ("vercel/ai (TypeScript)", "347-372", "1316-1635", "cohere 1705, anthropic 11.5k, openai 16k"),
    ("ai-sdk-cpp (C++)", "none", "-", "anthropic 838, openai 869"),
]

# Files without a test file of their own name, and the test that covers them: sockets need a server,
# and what only puts parts together is tested by what it makes.
COVERED_BY = {
    "cli/chat_template_file.cpp": "tests/integration/cli/calls_test.py",
    "cli/contents.cpp": "tests/integration/cli/contents_test.py",
    "cli/main.cpp": "tests/integration/",
    "cli/eval.cpp": "tests/integration/eval/eval_test.py",
    "cli/sim.cpp": "tests/integration/eval/eval_test.py",
    "adapters/standard.cpp": "tests/integration/client/client_test.cpp",
    "libark/src/client/client.cpp": "tests/integration/client/client_test.cpp",
    "libark/src/client/batch.cpp": "tests/unit/client/jobs_test.cpp",
    "libark/src/prompt/body.cpp": "tests/unit/prompt/prompt_template_test.cpp",
    "libark/src/prompt/chat_context.cpp": "tests/unit/prompt/chat_template_test.cpp",
    "libark/src/prompt/check.cpp": "tests/unit/prompt/prompt_template_test.cpp",
    "libark/src/prompt/dotprompt.cpp": "tests/unit/prompt/prompt_template_test.cpp",
    "libark/src/prompt/examples.cpp": "tests/unit/prompt/prompt_template_test.cpp",
    "libark/src/prompt/foreign.cpp": "tests/unit/prompt/prompt_template_test.cpp",
    "libark/src/prompt/handlebars_body.cpp": "tests/unit/prompt/prompt_template_test.cpp",
    "libark/src/prompt/inputs.cpp": "tests/unit/prompt/prompt_template_test.cpp",
    "libark/src/prompt/jinja_body.cpp": "tests/unit/prompt/prompt_template_test.cpp",
    "libark/src/prompt/layout.cpp": "tests/unit/prompt/prompt_template_test.cpp",
    "libark/src/prompt/prompty.cpp": "tests/unit/prompt/prompt_template_test.cpp",
    "libark/src/prompt/tags.cpp": "tests/unit/prompt/prompt_template_test.cpp",
    "libark/src/prompt/to_call.cpp": "tests/unit/prompt/prompt_template_test.cpp",
    "libark/src/prompt/tokenizer_config.cpp": "tests/unit/prompt/chat_template_test.cpp",
    "libark/src/prompt/version.cpp": "tests/unit/prompt/prompt_template_test.cpp",
    "libark/src/prompt_store/kept_versions.cpp": "tests/unit/prompt_store/prompt_library_test.cpp",
    "libark/src/prompt_store/prompt_folder.cpp": "tests/unit/prompt_store/prompt_library_test.cpp",
    "cli/prompt_diff.cpp": "tests/unit/cli/prompt_render_test.cpp",
    "cli/prompt_list.cpp": "tests/unit/cli/prompt_render_test.cpp",
    "cli/prompt_source.cpp": "tests/unit/cli/prompt_render_test.cpp",
    "libark/src/prompt/handlebars_expression.cpp": "tests/unit/prompt/handlebars_test.cpp",
    "libark/src/prompt/handlebars_helpers.cpp": "tests/unit/prompt/handlebars_marks_test.cpp",
    "libark/src/prompt/handlebars_inherit.cpp": "tests/unit/prompt/handlebars_mustache_test.cpp",
    "libark/src/prompt/handlebars_parse.cpp": "tests/unit/prompt/handlebars_test.cpp",
    "libark/src/prompt/handlebars_paths.cpp": "tests/unit/prompt/handlebars_test.cpp",
    "libark/src/prompt/handlebars_render.cpp": "tests/unit/prompt/handlebars_test.cpp",
    "libark/src/prompt/handlebars_scan.cpp": "tests/unit/prompt/handlebars_test.cpp",
    "libark/src/prompt/handlebars_values.cpp": "tests/unit/prompt/handlebars_test.cpp",
    "libark/src/ledger_pg/pg_batch.cpp":
        "tests/integration/ledger_pg/store_test.cpp",
    "libark/src/ledger_pg/pg_budget.cpp":
        "tests/integration/ledger_pg/budget_test.cpp",
    "libark/src/ledger_pg/pg_budget_set.cpp":
        "tests/integration/ledger_pg/budget_test.cpp",
    "libark/src/ledger_pg/pg_budget_settle.cpp":
        "tests/integration/ledger_pg/budget_test.cpp",
    "libark/src/ledger_pg/pg_sweep.cpp":
        "tests/integration/ledger_pg/budget_test.cpp",
    "libark/src/ledger_pg/pg_committer.cpp":
        "tests/integration/ledger_pg/server_test.cpp",
    "libark/src/ledger_pg/pg_connection.cpp":
        "tests/integration/ledger_pg/server_test.cpp",
    "libark/src/ledger_pg/pg_copy.cpp":
        "tests/integration/ledger_pg/copy_test.cpp",
    "libark/src/ledger_pg/pg_cursor.cpp":
        "tests/integration/ledger_pg/verify_test.cpp",
    "libark/src/ledger_pg/pg_library.cpp":
        "tests/integration/ledger_pg/server_test.cpp",
    "libark/src/ledger_pg/pg_query.cpp":
        "tests/integration/ledger_pg/store_test.cpp",
    "libark/src/ledger_pg/pg_figures.cpp":
        "tests/integration/ledger_pg/rollup_test.cpp",
    "libark/src/ledger_pg/pg_rollup.cpp":
        "tests/integration/ledger_pg/rollup_test.cpp",
    "libark/src/ledger_pg/pg_rollup_step.cpp":
        "tests/integration/ledger_pg/rollup_test.cpp",
    "libark/src/ledger_pg/pg_schema.cpp":
        "tests/integration/ledger_pg/server_test.cpp",
    "libark/src/ledger_pg/pg_store.cpp":
        "tests/integration/ledger_pg/store_test.cpp",
    "libark/src/ledger_pg/pg_verify.cpp":
        "tests/integration/ledger_pg/verify_test.cpp",
    "libark/src/ledger_pg/pg_verify_rows.cpp":
        "tests/integration/ledger_pg/verify_test.cpp",
    "libark/src/ledger_pg/pg_writer.cpp":
        "tests/integration/ledger_pg/restart_test.cpp",
    "libark/src/ledger_pg/pg_writer_late.cpp":
        "tests/integration/ledger_pg/store_test.cpp",
    "libark/src/ledger/salvage_chain.cpp": "tests/unit/ledger/salvage_test.cpp",
    "libark/src/ledger/salvage_copy.cpp": "tests/unit/ledger/salvage_test.cpp",
    "libark/src/ledger/salvage_spools.cpp": "tests/unit/ledger/salvage_test.cpp",
    "libark/src/net/connection.cpp": "tests/integration/net/transport_test.cpp",
    "libark/src/net/connector.cpp": "tests/integration/net/transport_test.cpp",
    "libark/src/net/tls_none.cpp": "tests/integration/net/transport_test.cpp",
}
# Folders that must have a README.md of at most MOST_README_LINES lines (those that exist).
README_FOLDERS = ["adapters/billing", "adapters/dialect", "adapters/job", "adapters/media",
                  "adapters/vendor", "adapters/model", "cli", "examples",
                  "tests/fuzz", "tests/tidy"]

# Paths of a machine, and words that have no place in a finished text.
# ("/home/u" and "/home/user" are everybody's.)
MACHINE_PATHS = (r"(?<![\w.$}])/(home|root|Users|work|workspace|mnt|scratch)/(?!u\b|user\b)[\w.]"
                 r"|/tmp/[a-z]/")
FORBIDDEN_WORDS = (r"\b(FIXME|XXX|HACK|WIP|lorem ipsum|not (yet )?implemented)\b"
                   r"|^(<{7}|>{7}) ")
TODO_KINDS = ["security", "performance", "vendor"]
# Words of vendors' names that are words of their own.
COMMON_WORDS = {"custom", "agents", "ark", "batch", "bots", "global", "cn", "compatible",
                "complete", "completions", "context", "gateway", "generate", "native", "run",
                "spark", "together", "v1", "writer", "ws", "x1"}

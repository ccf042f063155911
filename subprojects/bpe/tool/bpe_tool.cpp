// bpe-tool: counts, encodes and decodes rows of JSON, and compiles vocabularies.

#include <fstream>
#include <iostream>
#include <string>
#include <string_view>
#include <vector>

#include "bpe/jsonl.hpp"

namespace {

constexpr std::string_view usage_text =
    "usage: bpe-tool install [--name NAME] [--pattern REGEX] SOURCE TARGET\n"
    "       bpe-tool count|encode [--name NAME] [--special as_text|allow|refuse|literal] "
    "VOCABULARY [FILE]\n"
    "       bpe-tool decode [--name NAME] VOCABULARY [FILE]\n"
    "\n"
    "SOURCE is a .tiktoken rank file or a tokenizer.json; TARGET is the compiled vocabulary.\n"
    "VOCABULARY is any of the three; a rank file's encoding is told by its name or by --name.\n"
    "FILE (standard input if there is none) has a row in each line: {\"id\",\"text\"}; for decode "
    "{\"id\",\"ids\"}.\n";

struct arguments {
  std::vector<std::string> words;
  bpe::tiktoken_options options;
  bpe::special specials = bpe::special::as_text;
};

bool set_special(std::string_view name, bpe::special& out) {
  if (name == "as_text") out = bpe::special::as_text;
  if (name == "allow") out = bpe::special::allow;
  if (name == "refuse") out = bpe::special::refuse;
  if (name == "literal") out = bpe::special::literal;
  return name == "as_text" || name == "allow" || name == "refuse" || name == "literal";
}

bool parse(int argc, char** argv, arguments& out) {
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    if (!word.starts_with("--")) {
      out.words.emplace_back(word);
      continue;
    }
    if (++i == argc) return false;
    if (word == "--name") {
      out.options.name = argv[i];
    } else if (word == "--pattern") {
      out.options.pattern = argv[i];
    } else if (word != "--special" || !set_special(argv[i], out.specials)) {
      return false;
    }
  }
  return true;
}

int fail(const bpe::error& failure) {
  std::cerr << "bpe-tool: " << failure.message << "\n";
  return 1;
}

/// The name of a file without folders and extension.
std::string stem(const std::string& path) {
  const std::string name = path.substr(path.find_last_of('/') + 1);
  return name.substr(0, name.find('.'));
}

/// Writes what `row` makes of each line of `in`, which is called `name`.
template <class Row>
int each_line(std::istream& in, const std::string& name, Row row) {
  std::string line;
  std::size_t number = 0;
  int status = 0;
  while (std::getline(in, line)) {
    ++number;
    if (line.empty()) continue;
    const auto out = row(line);
    if (out) {
      std::cout << *out << '\n';
    } else {
      std::cerr << "bpe-tool: line " << number << ": " << out.failure().message << "\n";
      status = 1;
    }
  }
  std::cout.flush();
  if (in.bad()) return fail({bpe::errc::io, "cannot read " + name});
  if (!std::cout) return fail({bpe::errc::io, "cannot write to standard output"});
  return status;
}

int install(const arguments& args) {
  if (args.words.size() != 3) return 2;
  const auto vocab = bpe::read_vocabulary(args.words[1], args.options);
  if (!vocab) return fail(vocab.failure());
  const auto written = bpe::install(*vocab, args.words[2]);
  if (!written) return fail(written.failure());
  std::cout << args.words[2] << ": " << vocab->name() << ", " << vocab->size() << " ids, "
            << *written << " bytes\n";
  return 0;
}

int rows(const arguments& args) {
  if (args.words.size() != 2 && args.words.size() != 3) return 2;
  const auto vocab = bpe::read_vocabulary(args.words[1], args.options);
  if (!vocab) return fail(vocab.failure());
  const bool named = args.words.size() == 3;
  const std::string name = named ? args.words[2] : "standard input";
  std::ifstream file;
  if (named) file.open(name);
  if (!file) return fail({bpe::errc::io, "cannot open " + name});
  std::istream& in = named ? file : std::cin;
  bpe::encoder with(*vocab);
  if (args.words[0] == "decode") {
    return each_line(in, name,
                     [&](std::string_view line) { return bpe::decode_row(*vocab, line); });
  }
  const auto run = args.words[0] == "count" ? bpe::count_row : bpe::encode_row;
  return each_line(in, name, [&](std::string_view line) { return run(with, line, args.specials); });
}

}  // namespace

int main(int argc, char** argv) {
  std::ios::sync_with_stdio(false);
  arguments args;
  int status = 2;
  if (parse(argc, argv, args) && args.words.size() > 1) {
    if (args.options.name.empty()) args.options.name = stem(args.words[1]);
    const std::string& command = args.words[0];
    if (command == "install") status = install(args);
    if (command == "count" || command == "encode" || command == "decode") status = rows(args);
  }
  if (status == 2) std::cerr << usage_text;
  return status;
}

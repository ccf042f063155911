#include <ark/tokens.hpp>

#include <array>
#include <utility>

#include "base/json.hpp"
#include "base/text.hpp"
#include "os/os.hpp"
#include "sign/digest.hpp"
#include "tokens/folder.hpp"
#include "tokens/tokenizer_state.hpp"

namespace ark {
namespace tokens {

bool is_name(std::string_view name) noexcept {
  constexpr std::size_t longest = 64;
  if (name.empty() || name.size() > longest) return false;
  for (const char c : name)
    if (!text::is_alpha(c) && !text::is_digit(c) && c != '.' && c != '_' && c != '-') return false;
  return text::is_alpha(name[0]) || text::is_digit(name[0]);
}

std::string_view known_sha256(std::string_view name) noexcept {
  constexpr std::string_view o200k =
      "446a9538cb6c348e3516120d7c08b09f57c36495e2acfffe59a5bf8b0cfb1a2d";
  constexpr std::string_view p50k =
      "94b5ca7dff4d00767bc256fdd1b27e5b17361d7b8a5f968547f9f23eb70d2069";
  constexpr std::array<std::pair<std::string_view, std::string_view>, 6> known = {
      {{"o200k_base", o200k},
       {"o200k_harmony", o200k},
       {"cl100k_base", "223921b76ee99bde995b7ff738513eef100fb51d18c93597a113bcffe865b2a7"},
       {"p50k_base", p50k},
       {"p50k_edit", p50k},
       {"r50k_base", "306cd27f03c1a714eca7108e03d66b7dc042abe8c258b44c199a7ed9838dd930"}}};
  for (const auto& [encoding, sum] : known)
    if (encoding == name) return sum;
  return {};
}

namespace {

constexpr std::size_t longest_source = std::size_t{1} << 30;

enum class source_kind { ranks, json, compiled };

/// As bpe::read_vocabulary tells them apart: JSON is an object, and a rank file's lines begin with
/// base64, which has no "{" and no NUL.
source_kind kind_of(std::string_view bytes) {
  const auto first = bytes.find_first_not_of(" \t\r\n");
  if (first != bytes.npos && bytes[first] == '{') return source_kind::json;
  constexpr std::size_t head = 64;
  return bytes.substr(0, head).find('\0') == bytes.npos ? source_kind::ranks
                                                        : source_kind::compiled;
}

std::string base_name(const std::string& path) { return path.substr(path.rfind('/') + 1); }

std::string without_ending(std::string name) {
  for (const std::string_view ending : {".tiktoken", ".json", ".model", ".txt", ".bpe"})
    if (name.size() > ending.size() && name.ends_with(ending))
      return name.substr(0, name.size() - ending.size());
  return name;
}

/// The name to install under. "tokenizer.json" says nothing: there is one in each model's folder.
result<std::string> name_for(const vocabulary_source& from) {
  std::string name = from.name.empty() ? without_ending(base_name(from.file)) : from.name;
  if (from.name.empty() && (name == "tokenizer" || name == "vocab"))
    return error{.code = errc::invalid_request,
                 .message = from.file +
                            " does not say whose it is: give the vocabulary a name "
                            "(--name qwen3)"};
  if (is_name(name)) return name;
  return error{.code = errc::invalid_request,
               .message = "\"" + name +
                          "\" is no name of a vocabulary: letters, digits and . _ - only, at most "
                          "64 (--name NAME)"};
}

std::string facts_of(const vocabulary_info& info) {
  std::string out;
  json::writer w{out};
  w.begin_object().key("name").string(info.name).key("source").string(info.source);
  w.key("source_sha256").string(info.source_sha256).key("special_tokens");
  w.string(info.specials == special_tokens::allow ? "allow" : "text").end_object();
  return out + "\n";
}

result<bpe::vocabulary> read_source(const vocabulary_source& from, const std::string& name,
                                    std::string_view bytes) {
  const bool has_options = !from.pattern.empty() || !from.special_tokens.empty();
  if (has_options && kind_of(bytes) != source_kind::ranks)
    return error{.code = errc::invalid_request,
                 .message = from.file +
                            " has its own split expression and special tokens: those "
                            "are given for rank files (.tiktoken) only"};
  auto vocab = bpe::read_vocabulary(
      from.file, {.name = name, .pattern = from.pattern, .special_tokens = from.special_tokens});
  if (!vocab) return failure_of(vocab.failure());
  return std::move(vocab).value();
}

vocabulary_info facts_for(const vocabulary_source& from, const std::string& name,
                          std::string_view bytes) {
  vocabulary_info out{.name = name};
  const auto kind = kind_of(bytes);
  // What was installed elsewhere may have its facts beside it.
  if (kind == source_kind::compiled) read_facts(without_ending(from.file) + ".json", out);
  if (kind == source_kind::json) out.specials = special_tokens::allow;
  if (!out.source.empty()) return out;
  out.source = base_name(from.file);
  out.source_sha256 = sign::sha256_hex(bytes);
  return out;
}

void note_differences(vocabulary_info& info, source_kind kind) {
  const auto known = known_sha256(info.name);
  if (kind != source_kind::ranks || known.empty() || known == info.source_sha256) return;
  info.notes.push_back("the file is not the " + info.name + " that is known (SHA-256 " +
                       std::string(known.substr(0, 12)) + "..., this one " +
                       info.source_sha256.substr(0, 12) + "...): counts may differ");
}

}  // namespace
}  // namespace tokens

result<vocabulary_info> vocabularies::install(const vocabulary_source& from) const {
  const auto name = tokens::name_for(from);
  if (!name) return name.error();
  const auto bytes = os::read_file(from.file, tokens::longest_source);
  if (!bytes) return bytes.error();
  const auto vocab = tokens::read_source(from, *name, *bytes);
  if (!vocab) return vocab.error();
  if (auto made = os::make_private_directory(folder_); !made) return made.error();
  const auto written = bpe::install(*vocab, tokens::compiled_file(folder_, *name));
  if (!written) return tokens::failure_of(written.failure());
  const auto facts = tokens::facts_for(from, *name, *bytes);
  constexpr unsigned readable = 0644;
  const auto kept =
      os::write_file(tokens::facts_file(folder_, *name), tokens::facts_of(facts), readable);
  if (!kept) return kept.error();
  auto out = tokens::describe(folder_, *name);
  tokens::note_differences(out, tokens::kind_of(*bytes));
  return out;
}

}  // namespace ark

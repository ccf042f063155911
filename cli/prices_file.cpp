#include "cli/prices_file.hpp"

#include <google/protobuf/text_format.h>
#include <google/protobuf/util/json_util.h>
#include <algorithm>
#include <filesystem>

#include "base/limits.hpp"
#include "base/text.hpp"
#include "catalog/row_text.hpp"
#include "cli/mistake.hpp"
#include "os/os.hpp"
#include "sign/digest.hpp"
#include "sign/ed25519.hpp"

namespace ark::cli {
namespace {

constexpr std::size_t price_file_bytes_max = 64U << 20;

result<price_file> made(const std::string& name, schema::ModelFile rows) {
  auto list = catalog::make_list(rows);
  if (!list) return config_mistake(name + ": " + list.error().message);
  return price_file{.name = name, .rows = std::move(rows), .list = std::move(*list)};
}

result<std::vector<price_file>> read_json(const std::string& name, const std::string& text) {
  google::protobuf::util::JsonParseOptions strict;
  strict.ignore_unknown_fields = false;
  schema::ModelFiles several;
  auto status = google::protobuf::util::JsonStringToMessage(text, &several, strict);
  if (!status.ok()) {
    several.Clear();
    status = google::protobuf::util::JsonStringToMessage(text, several.add_file(), strict);
  }
  if (!status.ok())
    return config_mistake(name + ": is no price list in JSON: " + std::string(status.message()));
  std::vector<price_file> out;
  for (schema::ModelFile& rows : *several.mutable_file()) {
    auto one = made(name, std::move(rows));
    if (!one) return one.error();
    out.push_back(std::move(*one));
  }
  return out;
}

result<std::vector<price_file>> read_text(const std::string& name, const std::string& text) {
  schema::ModelFile rows;
  // The catalogue's own reader tells the line of what is wrong.
  if (const auto checked = catalog::parse_list(text, name); !checked) return checked.error();
  if (const auto read = catalog::parse_row_text(text, name, rows, nullptr); !read)
    return read.error();
  auto one = made(name, std::move(rows));
  if (!one) return one.error();
  return std::vector<price_file>{std::move(*one)};
}

result<std::vector<price_file>> read_one(const std::string& name, const price_proof& proof) {
  const auto text = os::read_file(name, price_file_bytes_max);
  if (!text) return text.error();
  if (auto proved = check_proof(*text, proof); !proved) {
    error e = proved.error();
    e.message = name + ": " + e.message;
    return e;
  }
  return name.ends_with(".json") ? read_json(name, *text) : read_text(name, *text);
}

bool has_proof(const price_proof& proof) {
  return !proof.sha256.empty() || !proof.signature_file.empty();
}

}  // namespace

result<void> check_proof(std::string_view bytes, const price_proof& proof) {
  if (proof.signature_file.empty() != proof.public_key_file.empty())
    return usage_mistake("--signature and --public-key go together");
  if (!proof.sha256.empty()) {
    const std::string wanted = text::lower(proof.sha256);
    const bool is_hash =
        wanted.size() == 64 &&
        std::all_of(wanted.begin(), wanted.end(), [](char c) { return text::hex_value(c) >= 0; });
    if (!is_hash) return config_mistake("--sha256 is no SHA-256: write its 64 hexadecimal digits");
    if (const std::string found = sign::sha256_hex(bytes); found != wanted)
      return error{.code = errc::auth,
                   .message = "its SHA-256 is " + found + ", not the one that was given"};
  }
  if (proof.signature_file.empty()) return {};
  const auto signature = os::read_file(proof.signature_file, 10'000);
  if (!signature) return signature.error();
  const auto key = os::read_file(proof.public_key_file, 100'000);
  if (!key) return key.error();
  return sign::check_ed25519(bytes, *signature, *key);
}

result<std::vector<price_file>> read_price_files(const std::string& path,
                                                 const price_proof& proof) {
  std::error_code failed;
  if (!std::filesystem::is_directory(path, failed)) return read_one(path, proof);
  if (has_proof(proof))
    return usage_mistake("a hash or a signature is of one file: name it, not its directory");
  std::vector<price_file> out;
  for (const char* ending : {".json", ".textproto"}) {
    const auto names = catalog::row_files(path, ending);
    if (!names) return names.error();
    for (const std::string& name : *names) {
      auto some = read_one(name, proof);
      if (!some) return some.error();
      std::move(some->begin(), some->end(), std::back_inserter(out));
    }
  }
  if (out.empty()) return config_mistake(path + ": has no price lists (*.textproto, *.json)");
  return out;
}

std::string price_file_text(const schema::ModelFile& rows) {
  std::string text;
  google::protobuf::TextFormat::PrintToString(rows, &text);
  return text;
}

}  // namespace ark::cli

// The JSON reader and writer: no crash, and what is accepted survives being written again.
#include "base/json.hpp"
#include "base/json_reader.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace {

/// Asks for fields as the decoders do.
void look(ark::json::element root) {
  ark::json::element found;
  for (const char* path :
       {"choices.0.delta.content", "usage.prompt_tokens", "error.message", "a"}) {
    if (!ark::json::find_path(root, path, found)) continue;
    (void)ark::json::as_text(found);
    (void)ark::json::as_integer(found);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static ark::json::reader kept;  // as a stream keeps one for all its frames
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto root = kept.parse(text);
  ark::fuzz::require(ark::json::is_valid(text) == root.has_value(), "a kept reader says the same");
  if (root) look(*root);
  const auto compact = ark::json::compact(text);
  ark::fuzz::require(compact.has_value() == root.has_value(), "valid text can be made compact");
  if (compact) ark::fuzz::require(ark::json::is_valid(*compact), "compact text is valid");
  std::string quoted;
  ark::json::append_string(quoted, text);
  ark::fuzz::require(ark::json::is_valid(quoted), "any bytes can be quoted");
  return 0;
}

// Two lines, each a frame: what is told of the second without a parser is what a parser reads.
#include "base/json.hpp"
#include "base/json_reader.hpp"
#include "base/text.hpp"
#include "dialect/repeated_frame.hpp"
#include "tests/fuzz/fuzz.hpp"

#include <vector>

namespace {

using ark::json::element;

constexpr std::string_view member = "content";
constexpr std::string_view padding[] = {"pad", "p"};

/// A value with its members in their order, the strings that may differ left out.
struct shape {
  std::string rest;
  std::vector<std::string> told;
  void add(element e) {
    simdjson::dom::object object;
    simdjson::dom::array array;
    if (e.get(object) == simdjson::SUCCESS) {
      rest += '{';
      for (const auto [key, value] : object) take(key, value);
      rest += '}';
    } else if (e.get(array) == simdjson::SUCCESS) {
      rest += '[';
      for (const element each : array) add(each);
      rest += ']';
    } else {
      rest += simdjson::minify(e) + ',';
    }
  }
  void take(std::string_view key, element value) {
    ark::json::append_string(rest, key);
    if (value.is_string() && key == member)
      told.emplace_back(ark::json::as_text(value));
    else if (!value.is_string() || (key != padding[0] && key != padding[1]))
      add(value);
  }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view all(reinterpret_cast<const char*>(data), size);
  const auto cut = all.find('\n');
  if (cut == all.npos || !ark::text::is_utf8(all)) return 0;
  ark::json::reader first, second;
  const auto known = first.parse(all.substr(0, cut));
  if (!known || !known->is_object()) return 0;
  ark::dialect::repeated_frame frame;
  frame.learn(all.substr(0, cut), member, padding);
  const auto told = frame.text_of(all.substr(cut + 1));
  if (!told) return 0;
  const auto read = second.parse(all.substr(cut + 1));
  ark::fuzz::require(read.has_value(), "the second frame is JSON");
  shape learned, again;
  learned.add(*known);
  again.add(*read);
  ark::fuzz::require(learned.rest == again.rest, "the frames differ in nothing else");
  ark::fuzz::require(again.told == std::vector{std::string(*told)}, "the text is the member's");
  return 0;
}

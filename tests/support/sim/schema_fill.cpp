#include "sim/schema_fill.hpp"

#include "sim/brain.hpp"
#include "sim/chat_request.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

namespace ark::testing {

namespace {

namespace bj = boost::json;
constexpr int depth_max = 32;

class filler {
 public:
  filler(const bj::object& root, std::string_view prompt)
      : root_(root), prompt_(prompt), low_(lowered(prompt)) {}

  bj::value value(const bj::object& schema, std::string_view name, int depth) {
    if (depth > depth_max) {
      failed_ = true;
      return nullptr;
    }
    if (const auto ref = text_of(schema, "$ref"); !ref.empty()) return referred(ref, name, depth);
    if (const auto* constant = schema.if_contains("const")) return *constant;
    if (const auto* list = array_of(schema, "enum"); list && !list->empty()) return chosen(*list);
    for (const std::string_view word : {"anyOf", "oneOf"})
      if (const auto* options = array_of(schema, word); options && !options->empty())
        if (const auto* first = options->front().if_object()) return value(*first, name, depth + 1);
    if (const auto* parts = array_of(schema, "allOf")) return merged(schema, *parts, name, depth);
    return typed(schema, type_of(schema), name, depth);
  }
  bool failed() const noexcept { return failed_; }

 private:
  static std::string_view type_of(const bj::object& schema) {
    if (const auto* list = array_of(schema, "type"))
      for (const auto& item : *list)
        if (item.is_string() && item.get_string() != "null") return item.get_string();
    if (const auto word = text_of(schema, "type"); !word.empty()) return word;
    return schema.contains("properties") ? "object" : schema.contains("items") ? "array" : "string";
  }

  bj::value referred(std::string_view ref, std::string_view name, int depth) {
    boost::system::error_code problem;
    const bj::value root(root_);
    const auto* target =
        ref.substr(0, 1) == "#" ? root.find_pointer(ref.substr(1), problem) : nullptr;
    if (!target || !target->is_object()) {
      failed_ = true;
      return nullptr;
    }
    return value(target->get_object(), name, depth + 1);
  }

  bj::value chosen(const bj::array& list) const {
    for (const auto& item : list)
      if (item.is_string() && low_.find(lowered(item.get_string())) != std::string::npos &&
          !(item.get_string() == "positive" || item.get_string() == "negative"))
        return item;
    for (const auto& item : list)
      if (item.is_string() && item.get_string() == sentiment_of(prompt_)) return item;
    return list.front();
  }

  bj::value merged(const bj::object& schema, const bj::array& parts, std::string_view name,
                   int depth) {
    bj::object out;
    if (schema.contains("properties")) out = object(schema, depth);
    bj::value last = nullptr;
    for (const auto& part : parts) {
      if (!part.is_object()) continue;
      last = value(part.get_object(), name, depth + 1);
      if (!last.is_object()) continue;
      for (const auto& member : last.get_object()) out[member.key()] = member.value();
    }
    return out.empty() ? last : bj::value(out);
  }

  bj::object object(const bj::object& schema, int depth) {
    bj::object out;
    if (const auto* properties = object_of(schema, "properties"))
      for (const auto& member : *properties)
        if (member.value().is_object())
          out[member.key()] = value(member.value().get_object(), member.key(), depth + 1);
    return out;
  }

  bj::array array(const bj::object& schema, std::string_view name, int depth) {
    bj::array out;
    const auto* items = object_of(schema, "items");
    const auto* least = schema.if_contains("minItems");
    const std::int64_t count =
        least && least->is_int64() ? std::min<std::int64_t>(least->get_int64(), 100) : 1;
    for (std::int64_t i = 0; i < std::max<std::int64_t>(count, 1); ++i)
      out.push_back(items ? value(*items, name, depth + 1) : bj::value("item"));
    return out;
  }

  bj::value number(const bj::object& schema, bool integral, std::string_view name) const {
    double x = 1;
    const std::string said = said_value(prompt_, name);
    const std::string text = said.empty() ? know(prompt_).text : said;
    const auto digits = text.find_first_of("-0123456789");
    if (digits != std::string::npos)
      std::from_chars(text.data() + digits, text.data() + text.size(), x);
    if (const auto* low = schema.if_contains("minimum"); low && low->is_number())
      x = std::max(x, low->to_number<double>());
    if (const auto* high = schema.if_contains("maximum"); high && high->is_number())
      x = std::min(x, high->to_number<double>());
    return integral ? bj::value(static_cast<std::int64_t>(x)) : bj::value(x);
  }

  bj::value text(const bj::object& schema, std::string_view name) const {
    std::string out = said_value(prompt_, name);
    const auto places = places_in(prompt_);
    const bool place = name == "city" || name == "location" || name == "place";
    if (out.empty() && place && !places.empty()) out = places.front();
    if (out.empty() && name == "sentiment") out = sentiment_of(prompt_);
    if (out.empty()) out = know(prompt_).text;
    if (const auto* least = schema.if_contains("minLength"); least && least->is_int64())
      while (static_cast<std::int64_t>(out.size()) <
             std::min<std::int64_t>(least->get_int64(), 4096))
        out += '.';
    return bj::value(out);
  }

  bj::value typed(const bj::object& schema, std::string_view type, std::string_view name,
                  int depth) {
    if (type == "object") return object(schema, depth);
    if (type == "array") return array(schema, name, depth);
    if (type == "integer" || type == "number") return number(schema, type == "integer", name);
    if (type == "boolean") return low_.find("not ") == std::string::npos;
    if (type == "null") return nullptr;
    return text(schema, name);
  }

  const bj::object& root_;
  std::string_view prompt_;
  std::string low_;
  bool failed_ = false;
};

}  // namespace

result<bj::value> fill_schema(const bj::object& schema, std::string_view prompt) {
  filler fill(schema, prompt);
  bj::value out = fill.value(schema, "", 0);
  if (fill.failed())
    return error{.code = errc::invalid_request,
                 .message = "the schema nests too deep or has a $ref that leads nowhere"};
  return out;
}

}  // namespace ark::testing

#include "json_compare.hpp"

#include <algorithm>

namespace ark::test::requests {
namespace {

namespace json = boost::json;

/// `parts` as a text if they are one text part and nothing else.
const json::string* only_text(const json::value& parts) {
  if (!parts.is_array() || parts.get_array().size() != 1) return nullptr;
  const json::value& part = parts.get_array().front();
  if (!part.is_object() || part.get_object().size() != 2) return nullptr;
  const auto* type = part.get_object().if_contains("type");
  const auto* text = part.get_object().if_contains("text");
  const bool is_text = type != nullptr && type->is_string() && type->get_string() == "text";
  return is_text && text != nullptr ? text->if_string() : nullptr;
}

json::value canonical(const json::value& value);

json::value canonical_member(std::string_view name, const json::value& value) {
  if (name == "content" || name == "system")
    if (const auto* text = only_text(value)) return *text;
  if (name == "arguments" && value.is_string()) {
    boost::system::error_code failed;
    auto parsed = json::parse(value.get_string(), failed);
    if (!failed) return canonical(parsed);
  }
  return canonical(value);
}

json::value canonical(const json::value& value) {
  if (const auto* list = value.if_array()) {
    json::array made;
    for (const json::value& item : *list) made.push_back(canonical(item));
    return made;
  }
  const auto* object = value.if_object();
  if (object == nullptr) return value;
  json::object made;
  for (const auto& [name, member] : *object)
    if (!member.is_null()) made[name] = canonical_member(name, member);
  return made;
}

bool same_number(const json::value& a, const json::value& b) {
  if (a.is_double() || b.is_double()) return a.to_number<double>() == b.to_number<double>();
  return a == b;  // integers, whatever their sign's type
}

/// Deep equality with numbers by value.
bool same(const json::value& a, const json::value& b) {
  if (a.is_number() && b.is_number()) return same_number(a, b);
  if (a.kind() != b.kind()) return false;
  if (const auto* list = a.if_array())
    return std::equal(list->begin(), list->end(), b.get_array().begin(), b.get_array().end(), same);
  const auto* object = a.if_object();
  if (object == nullptr) return a == b;
  if (object->size() != b.get_object().size()) return false;
  return std::all_of(object->begin(), object->end(), [&b](const auto& member) {
    const auto* other = b.get_object().if_contains(member.key());
    return other != nullptr && same(member.value(), *other);
  });
}

std::string told(const json::value& value) {
  constexpr std::size_t longest = 24, longest_object = 64;
  const std::string whole = json::serialize(value);
  if (value.is_number()) return "number";
  if (value.is_object()) return whole.size() <= longest_object ? whole : "object";
  if (whole.size() <= longest) return whole;
  return value.is_array() ? "list" : "text";
}

class comparison {
 public:
  std::vector<std::string> found;

  void values(const std::string& path, const json::value& recorded, const json::value& sent) {
    if (same(recorded, sent)) return;
    if (recorded.is_object() && sent.is_object())
      return objects(path, recorded.get_object(), sent.get_object());
    const bool lists = recorded.is_array() && sent.is_array();
    if (lists && recorded.get_array().size() == sent.get_array().size()) {
      for (std::size_t i = 0; i < sent.get_array().size(); ++i)
        values(path + "[]", recorded.get_array()[i], sent.get_array()[i]);
      return;
    }
    if (lists) return say("~ " + path + " of another length");
    say("~ " + path + ' ' + told(recorded) + " > " + told(sent));
  }

 private:
  void objects(const std::string& path, const json::object& recorded, const json::object& sent) {
    const std::string prefix = path.empty() ? "" : path + '.';
    std::vector<std::string_view> renamed;
    for (const auto& [name, value] : recorded) {
      if (const auto* other = sent.if_contains(name)) {
        values(prefix + std::string(name), value, *other);
        continue;
      }
      const auto at = std::find_if(sent.begin(), sent.end(), [&](const auto& member) {
        // Booleans are alike too easily.
        return !value.is_bool() && !recorded.contains(member.key()) &&
               same(value, member.value()) &&
               std::find(renamed.begin(), renamed.end(), member.key()) == renamed.end();
      });
      if (at == sent.end()) {
        say("- " + prefix + std::string(name) + ' ' + told(value));
        continue;
      }
      renamed.emplace_back(at->key());
      say("> " + prefix + std::string(name) + ' ' + std::string(at->key()));
    }
    for (const auto& [name, value] : sent)
      if (!recorded.contains(name) &&
          std::find(renamed.begin(), renamed.end(), name) == renamed.end())
        say("+ " + prefix + std::string(name) + ' ' + told(value));
  }

  void say(std::string change) {
    if (std::find(found.begin(), found.end(), change) == found.end())
      found.push_back(std::move(change));
  }
};

}  // namespace

std::vector<std::string> differences(const json::value& recorded, const json::value& sent) {
  comparison all;
  all.values("", canonical(recorded), canonical(sent));
  return std::move(all.found);
}

}  // namespace ark::test::requests

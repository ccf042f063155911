#include "cli/batch_file.hpp"

#include <array>
#include <boost/json.hpp>
#include <optional>

#include "cli/call_options.hpp"
#include "cli/mistake.hpp"
#include "wire/base64.hpp"

namespace ark::cli {
namespace {

namespace bj = boost::json;

/// Reads one line; the first thing that is wrong is kept.
class line_reader {
 public:
  explicit line_reader(std::string place) : place_(std::move(place)) {}

  void line(const bj::object& o, batch_item& into, std::string& model);
  const std::optional<error>& failure() const noexcept { return failure_; }

 private:
  void body(const bj::object& o, call& into, std::string& model);
  bool numbers(std::string_view name, const bj::value& v, call& into);
  bool words(std::string_view name, const bj::value& v, call& into);
  void messages(const bj::value& v, call& into);
  void one_message(const bj::value& v, call& into);
  void content(const bj::value& v, message& into);
  void part(const bj::value& v, message& into);
  void image(const bj::object& part, message& into);
  void tool_calls(const bj::value& v, message& into);
  void tool_choice(const bj::value& v, call& into);
  void format(const bj::value& v, call& into);
  void effort(const bj::value& v, call& into);

  std::string text(std::string_view name, const bj::value& v);
  std::int64_t integer(std::string_view name, const bj::value& v);
  double number(std::string_view name, const bj::value& v);
  const bj::object& object(std::string_view name, const bj::value& v);
  const bj::array& array(std::string_view name, const bj::value& v);
  void wrong(std::string_view name, std::string_view what) {
    if (!failure_)
      failure_ = config_mistake(place_ + ": " + std::string(name) + ": " + std::string(what));
  }

  std::string place_;
  std::optional<error> failure_;
};

std::string line_reader::text(std::string_view name, const bj::value& v) {
  if (v.is_string()) return std::string(v.get_string());
  wrong(name, "must be a text");
  return {};
}

std::int64_t line_reader::integer(std::string_view name, const bj::value& v) {
  if (v.is_int64()) return v.get_int64();
  wrong(name, "must be a whole number");
  return 0;
}

double line_reader::number(std::string_view name, const bj::value& v) {
  if (v.is_double()) return v.get_double();
  return static_cast<double>(integer(name, v));
}

const bj::object& line_reader::object(std::string_view name, const bj::value& v) {
  static const bj::object none;
  if (v.is_object()) return v.get_object();
  wrong(name, "must be an object");
  return none;
}

const bj::array& line_reader::array(std::string_view name, const bj::value& v) {
  static const bj::array none;
  if (v.is_array()) return v.get_array();
  wrong(name, "must be a list");
  return none;
}

void line_reader::line(const bj::object& o, batch_item& into, std::string& model) {
  const auto* inner = o.if_contains("body");
  bj::object rest;
  for (const auto& [name, value] : o) {
    if (name == "custom_id")
      into.custom_id = text(name, value);
    else if (inner == nullptr)
      rest[name] = value;
    else if (name != "body" && name != "method" && name != "url")
      wrong(name, "is not known beside body");
  }
  body(inner != nullptr ? object("body", *inner) : rest, into.call, model);
  if (into.call.messages.empty()) wrong("messages", "there are none, and no prompt");
}

void line_reader::body(const bj::object& o, call& into, std::string& model) {
  for (const auto& [name, value] : o) {
    if (value.is_null() || numbers(name, value, into) || words(name, value, into)) continue;
    if (name == "model")
      model = text(name, value);
    else if (name == "prompt")
      into.messages.push_back(user(text(name, value)));
    else if (name == "messages")
      messages(value, into);
    else if (name == "tool_choice")
      tool_choice(value, into);
    else if (name == "response_format")
      format(value, into);
    else if (name == "extra")
      for (const auto& [parameter, given] : object(name, value))
        into.extra[std::string(parameter)] = bj::serialize(given);
    else
      wrong(name, "is not known; vendor parameters go into extra");
  }
}

bool line_reader::numbers(std::string_view name, const bj::value& v, call& into) {
  if (name == "max_tokens" || name == "max_completion_tokens")
    into.max_tokens = integer(name, v);
  else if (name == "seed")
    into.seed = integer(name, v);
  else if (name == "temperature")
    into.temperature = number(name, v);
  else if (name == "top_p")
    into.top_p = number(name, v);
  else if (name == "parallel_tool_calls" && v.is_bool())
    into.parallel_tool_calls = v.get_bool();
  else
    return false;
  return true;
}

bool line_reader::words(std::string_view name, const bj::value& v, call& into) {
  if (name == "service_tier") {
    into.service_tier = text(name, v);
  } else if (name == "user") {
    into.end_user = text(name, v);
  } else if (name == "stop" && v.is_array()) {
    for (const auto& each : v.get_array()) into.stop.push_back(text(name, each));
  } else if (name == "stop") {
    into.stop = {text(name, v)};
  } else if (name == "reasoning_effort") {
    effort(v, into);
  } else if (name == "tools") {
    auto tools = tools_of(bj::serialize(v), place_ + ": tools");
    if (tools)
      into.tools = std::move(*tools);
    else if (!failure_)
      failure_ = tools.error();
  } else {
    return false;
  }
  return true;
}

void line_reader::effort(const bj::value& v, call& into) {
  const std::string word = text("reasoning_effort", v);
  using enum reasoning_effort;
  for (const auto each : {none, minimal, low, medium, high, xhigh, max})
    if (to_string(each) == word) into.reasoning = each;
  if (into.reasoning == unset) wrong("reasoning_effort", "is none that is known: " + word);
}

void line_reader::messages(const bj::value& v, call& into) {
  for (const auto& each : array("messages", v)) one_message(each, into);
}

void line_reader::one_message(const bj::value& v, call& into) {
  message made;
  std::string who, tool_call_id;
  for (const auto& [name, value] : object("messages[]", v)) {
    if (value.is_null()) continue;
    if (name == "role")
      who = text(name, value);
    else if (name == "content")
      content(value, made);
    else if (name == "name")
      made.name = text(name, value);
    else if (name == "tool_calls")
      tool_calls(value, made);
    else if (name == "tool_call_id")
      tool_call_id = text(name, value);
    else
      wrong("messages[]." + std::string(name), "is not known");
  }
  if (who == "tool") {
    into.messages.push_back(tool(std::move(tool_call_id), made.text()));
    return;
  }
  bool known = false;
  for (const auto each : {role::system, role::developer, role::user, role::assistant}) {
    if (who != to_string(each)) continue;
    made.role = each;
    known = true;
  }
  if (!known) wrong("messages[].role", "is none that is known: " + who);
  into.messages.push_back(std::move(made));
}

void line_reader::content(const bj::value& v, message& into) {
  if (v.is_string()) {
    into.parts.emplace_back(text_part{std::string(v.get_string())});
    return;
  }
  for (const auto& each : array("messages[].content", v)) part(each, into);
}

void line_reader::part(const bj::value& v, message& into) {
  const auto& o = object("messages[].content[]", v);
  const auto* type = o.if_contains("type");
  const auto* words = o.if_contains("text");
  if (type != nullptr && *type == "text" && words != nullptr)
    into.parts.emplace_back(text_part{text("text", *words)});
  else if (type != nullptr && *type == "image_url")
    image(o, into);
  else
    wrong("messages[].content[]", "must be of type text or image_url");
}

void line_reader::image(const bj::object& part, message& into) {
  const auto* inner = part.if_contains("image_url");
  const auto* url =
      inner != nullptr && inner->is_object() ? inner->get_object().if_contains("url") : inner;
  if (url == nullptr) return wrong("image_url", "has no url");
  const std::string given = text("image_url", *url);
  constexpr std::string_view scheme = "data:", mark = ";base64,";
  const auto comma = given.find(mark);
  if (!given.starts_with(scheme) || comma == given.npos) {
    into.parts.emplace_back(image_url(given));
    return;
  }
  auto bytes = wire::base64_decode(std::string_view(given).substr(comma + mark.size()));
  if (!bytes) return wrong("image_url", "the data is not base64");
  into.parts.emplace_back(
      image_bytes(std::move(*bytes), given.substr(scheme.size(), comma - scheme.size())));
}

void line_reader::tool_calls(const bj::value& v, message& into) {
  for (const auto& each : array("tool_calls", v)) {
    tool_call_part made;
    const auto& o = object("tool_calls[]", each);
    if (const auto* id = o.if_contains("id")) made.id = text("tool_calls[].id", *id);
    const auto* function = o.if_contains("function");
    if (function == nullptr) return wrong("tool_calls[]", "has no function");
    for (const auto& [name, value] : object("tool_calls[].function", *function)) {
      if (name == "name") made.name = text(name, value);
      if (name == "arguments") made.arguments = text(name, value);
    }
    into.parts.emplace_back(std::move(made));
  }
}

void line_reader::tool_choice(const bj::value& v, call& into) {
  using enum tool_choice_mode;
  if (v == "auto") return;
  if (v == "none" || v == "required") {
    into.tool_choice.mode = v == "none" ? none : required;
    return;
  }
  const auto* function = v.is_object() ? v.get_object().if_contains("function") : nullptr;
  const auto* name = function != nullptr && function->is_object()
                         ? function->get_object().if_contains("name")
                         : nullptr;
  if (name == nullptr) return wrong("tool_choice", "must be auto, none, required or a function");
  into.tool_choice = {.mode = named, .name = text("tool_choice", *name)};
}

void line_reader::format(const bj::value& v, call& into) {
  const auto& o = object("response_format", v);
  const auto* type = o.if_contains("type");
  if (type == nullptr) return wrong("response_format", "has no type");
  if (*type == "text") return;
  if (*type == "json_object") {
    into.response_format.kind = response_format_kind::json_object;
    return;
  }
  const auto* schema = o.if_contains("json_schema");
  if (*type != "json_schema" || schema == nullptr || !schema->is_object())
    return wrong("response_format", "must be text, json_object or json_schema with its schema");
  auto& made = into.response_format;
  made.kind = response_format_kind::json_schema;
  made.strict = false;
  for (const auto& [name, value] : schema->get_object()) {
    if (name == "name") made.name = text(name, value);
    if (name == "schema") made.schema = bj::serialize(value);
    if (name == "strict" && value.is_bool()) made.strict = value.get_bool();
  }
}

}  // namespace

result<batch_lines_file> read_batch_file(std::string_view text, const std::string& file) {
  batch_lines_file out;
  std::size_t number = 0;
  while (!text.empty()) {
    const auto end = text.find('\n');
    const std::string_view one = text.substr(0, end);
    text.remove_prefix(end == text.npos ? text.size() : end + 1);
    ++number;
    if (one.find_first_not_of(" \t\r") == one.npos) continue;
    const std::string place = file + ":" + std::to_string(number);
    boost::system::error_code failed;
    const auto value = bj::parse(one, failed);
    if (failed) return config_mistake(place + ": " + failed.message());
    if (!value.is_object()) return config_mistake(place + ": a call is a JSON object");
    batch_item item{.custom_id = std::to_string(number), .call = {}};
    std::string model;
    line_reader reader(place);
    reader.line(value.get_object(), item, model);
    if (reader.failure()) return *reader.failure();
    if (!model.empty() && !out.model.empty() && model != out.model)
      return config_mistake(place + ": model: a batch has one; before it was " + out.model);
    if (!model.empty()) out.model = model;
    out.items.push_back(std::move(item));
  }
  if (out.items.empty()) return config_mistake(file + ": there is no call in it");
  return out;
}

}  // namespace ark::cli

#include "read_request.hpp"
#include "wire/base64.hpp"

namespace ark::test::requests {

void request_reader::beyond(std::string_view path, std::string_view name,
                            const json::value& value) {
  constexpr std::size_t most_of_a_word = 30;
  std::string what(path);
  if (!what.empty()) what += '.';
  what += name;
  const bool is_word = name == "type" || name == "role";
  if (is_word && value.is_string() && value.get_string().size() <= most_of_a_word)
    what += '=' + std::string(value.get_string());
  beyond(std::move(what));
}

void request_reader::extra(std::string_view name, const json::value& value) {
  read_.asked.extra[std::string(name)] = json::serialize(value);
}

std::string request_reader::text(std::string_view path, const json::value& value) {
  if (value.is_string()) return std::string(value.get_string());
  beyond(std::string(path) + " is not a text");
  return {};
}

std::optional<std::int64_t> request_reader::integer(std::string_view path,
                                                    const json::value& value) {
  boost::system::error_code failed;
  const auto read = value.to_number<std::int64_t>(failed);
  if (!failed) return read;
  beyond(std::string(path) + " is not an integer");
  return std::nullopt;
}

std::optional<double> request_reader::number(std::string_view path, const json::value& value) {
  boost::system::error_code failed;
  const auto read = value.to_number<double>(failed);
  if (!failed) return read;
  beyond(std::string(path) + " is not a number");
  return std::nullopt;
}

std::optional<bool> request_reader::boolean(std::string_view path, const json::value& value) {
  if (value.is_bool()) return value.get_bool();
  beyond(std::string(path) + " is not a boolean");
  return std::nullopt;
}

const json::object* request_reader::object(std::string_view path, const json::value& value) {
  if (value.is_object()) return &value.get_object();
  beyond(std::string(path) + " is not an object");
  return nullptr;
}

const json::array* request_reader::array(std::string_view path, const json::value& value) {
  if (value.is_array()) return &value.get_array();
  beyond(std::string(path) + " is not a list");
  return nullptr;
}

std::vector<std::string> request_reader::texts(std::string_view path, const json::value& value) {
  if (value.is_string()) return {std::string(value.get_string())};
  std::vector<std::string> all;
  if (const auto* list = array(path, value))
    for (const json::value& item : *list) all.push_back(text(path, item));
  return all;
}

image_part request_reader::image(std::string_view path, std::string url) {
  constexpr std::string_view scheme = "data:", mark = ";base64,";
  const auto at = url.find(mark);
  if (!url.starts_with(scheme) || at == std::string::npos) return {.url = std::move(url)};
  return image_of_base64(path, url.substr(scheme.size(), at - scheme.size()),
                         std::string_view(url).substr(at + mark.size()));
}

image_part request_reader::image_of_base64(std::string_view path, std::string media_type,
                                           std::string_view base64) {
  auto bytes = wire::base64_decode(base64);
  if (!bytes || bytes->empty()) {
    beyond(std::string(path) + " is not base64");
    return {};
  }
  return {.bytes = std::move(*bytes), .media_type = std::move(media_type)};
}

cache_mark request_reader::cache(std::string_view path, const json::value& value) {
  const auto* mark = value.if_object();
  const auto* type = mark != nullptr ? mark->if_contains("type") : nullptr;
  const auto* ttl = mark != nullptr ? mark->if_contains("ttl") : nullptr;
  const bool known = type != nullptr && (*type == "ephemeral" || *type == "default") &&
                     mark->size() == (ttl != nullptr ? 2U : 1U);
  if (known && (ttl == nullptr || *ttl == "5m")) return cache_mark::five_minutes;
  if (known && *ttl == "1h") return cache_mark::one_hour;
  beyond(std::string(path) + ".cache_control of another form");
  return cache_mark::none;
}

std::optional<reasoning_effort> effort_of(std::string_view word) {
  using enum reasoning_effort;
  for (const auto effort : {none, minimal, low, medium, high, xhigh, max})
    if (word == to_string(effort)) return effort;
  return std::nullopt;
}

}  // namespace ark::test::requests

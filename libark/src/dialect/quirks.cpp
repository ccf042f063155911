#include "dialect/quirks.hpp"

#include "base/json_reader.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace ark::dialect {
namespace {

std::string percent_encoded(std::string_view text) {
  constexpr std::string_view unreserved =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
  constexpr std::string_view hex = "0123456789ABCDEF";
  std::string made;
  for (const char c : text) {
    if (unreserved.find(c) != std::string_view::npos) {
      made += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    made += {'%', hex[byte >> 4], hex[byte & 15]};
  }
  return made;
}

}  // namespace

quirk_view::quirk_view(const vendor& v) : row_(&v) {
  for (const quirk_item& item : v.quirks) {
    if (std::holds_alternative<quirk::rename>(item)) has_rename_ = true;
    if (std::holds_alternative<quirk::drop>(item)) has_drop_ = true;
    if (std::holds_alternative<quirk::clamp>(item)) has_clamp_ = true;
    if (std::holds_alternative<quirk::flatten_content>(item)) flatten_content = true;
    if (std::holds_alternative<quirk::developer_as_system>(item)) developer_as_system = true;
    if (std::holds_alternative<quirk::reasoning_additive>(item)) reasoning_additive = true;
    if (std::holds_alternative<quirk::stream_without_terminal>(item))
      stream_without_terminal = true;
    if (std::holds_alternative<quirk::no_stream_options>(item)) no_stream_options = true;
    if (std::holds_alternative<quirk::embedding_bytes>(item)) embedding_bytes = true;
    if (std::holds_alternative<quirk::no_null_content>(item)) no_null_content = true;
    if (std::holds_alternative<quirk::plain_media>(item)) plain_media = true;
    if (std::holds_alternative<quirk::cache_marks>(item)) cache_marks = true;
    if (std::holds_alternative<quirk::logprobs_count>(item)) logprobs_count = true;
    if (std::holds_alternative<quirk::strict_any_schema>(item)) strict_any_schema = true;
    if (std::holds_alternative<quirk::audio_url>(item)) audio_url = true;
    if (auto* q = std::get_if<quirk::reasoning_field>(&item)) reasoning_field = q;
    if (auto* q = std::get_if<quirk::think_tags>(&item)) think_tags = q;
    if (auto* q = std::get_if<quirk::reasoning_replay>(&item)) reasoning_replay = q;
    if (auto* q = std::get_if<quirk::usage_path>(&item)) usage_path = q;
    if (auto* q = std::get_if<quirk::cached_path>(&item)) cached_path = q;
    if (auto* q = std::get_if<quirk::vendor_cost>(&item)) vendor_cost = q;
    if (auto* q = std::get_if<quirk::json_schema_as>(&item)) json_schema_as = q;
    if (auto* q = std::get_if<quirk::reasoning_as>(&item)) reasoning_as = q;
    if (auto* q = std::get_if<quirk::error_inside>(&item)) error_inside = q;
    if (auto* q = std::get_if<quirk::terminal_event>(&item)) terminal_event = q;
    if (auto* q = std::get_if<quirk::embed_parts>(&item)) embed_parts = q;
  }
}

std::string_view quirk_view::wire_name(std::string_view parameter) const noexcept {
  if (has_rename_)
    for (const quirk_item& item : row_->quirks)
      if (auto* q = std::get_if<quirk::rename>(&item); q && q->from == parameter) return q->to;
  return parameter;
}

bool quirk_view::drops(std::string_view parameter) const noexcept {
  if (has_drop_)
    for (const quirk_item& item : row_->quirks)
      if (auto* q = std::get_if<quirk::drop>(&item); q && q->parameter == parameter) return true;
  return false;
}

bool quirk_view::takes(std::string_view parameter,
                       std::span<const std::string_view> family) const noexcept {
  const auto& own = row_->parameters;
  if (own.empty()) return std::find(family.begin(), family.end(), parameter) != family.end();
  if (own.front() == "*") return true;
  return std::find(own.begin(), own.end(), parameter) != own.end();
}

double quirk_view::clamped(std::string_view parameter, double value) const noexcept {
  if (!has_clamp_) return value;
  for (const quirk_item& item : row_->quirks) {
    auto* q = std::get_if<quirk::clamp>(&item);
    if (q == nullptr || q->parameter != parameter) continue;
    if (q->low && value < *q->low) value = *q->low;
    if (q->high && value > *q->high) value = *q->high;
  }
  return value;
}

std::optional<finish_reason> quirk_view::finish(std::string_view vendor_word) const noexcept {
  for (const quirk_item& item : row_->quirks)
    if (auto* q = std::get_if<quirk::finish_map>(&item); q && q->vendor_word == vendor_word)
      return q->meaning;
  return std::nullopt;
}

const quirk::error_code* quirk_view::error(std::string_view vendor_code) const noexcept {
  if (vendor_code.empty()) return nullptr;
  for (const quirk_item& item : row_->quirks)
    if (auto* q = std::get_if<quirk::error_code>(&item); q && q->vendor_code == vendor_code)
      return q;
  return nullptr;
}

void quirk_view::add_headers(wire::header_list& headers) const {
  for (const quirk_item& item : row_->quirks)
    if (auto* q = std::get_if<quirk::add_header>(&item)) headers.push_back({q->name, q->value});
}

void quirk_view::add_tool_headers(std::string_view tools, wire::header_list& headers) const {
  json::reader reader;
  simdjson::dom::array items;
  const auto root = reader.parse(tools);
  if (!root || root->get(items)) return;
  for (const quirk_item& item : row_->quirks) {
    auto* q = std::get_if<quirk::tool_header>(&item);
    if (q == nullptr) continue;
    const bool named = std::any_of(items.begin(), items.end(), [q](json::element tool) {
      return json::text_at(tool, "type") == q->tool;
    });
    if (named) headers.push_back({q->name, q->value});
  }
}

std::string quirk_view::target(std::string_view path, std::string_view model) const {
  constexpr std::string_view hole = "{model}";
  std::string made(path);
  if (const auto at = made.find(hole); at != std::string::npos)
    made.replace(at, hole.size(), percent_encoded(model));
  for (const quirk_item& item : row_->quirks) {
    auto* q = std::get_if<quirk::add_query>(&item);
    if (q == nullptr) continue;
    made += made.find('?') == std::string::npos ? '?' : '&';
    made += q->name;
    made += '=';
    made += q->value;
  }
  return made;
}

bool quirk_view::replays_reasoning(const std::vector<message>& messages,
                                   std::size_t index) const noexcept {
  if (reasoning_replay == nullptr) return false;
  switch (reasoning_replay->rule) {
    case quirk::replay_rule::never:
      return false;
    case quirk::replay_rule::always:
      return true;
    case quirk::replay_rule::tool_turn:
      break;
  }
  // A turn is what follows the last word of the user: calls and their results.
  const auto rest = messages.begin() + static_cast<std::ptrdiff_t>(index);
  return std::none_of(rest, messages.end(), [](const message& m) { return m.role == role::user; });
}

bool parameter_gate::would_take(std::string_view name) const noexcept {
  return !quirks_.drops(name) && quirks_.takes(name, family_);
}

bool parameter_gate::begin(std::string_view name) {
  if (refusal_) return false;
  if (quirks_.drops(name)) {
    notes_.push_back("parameter \"" + std::string(name) + "\" was left out: vendor \"" +
                     quirks_.row().name + "\" does not know it");
    return false;
  }
  if (!quirks_.takes(name, family_)) {
    refuse({.code = errc::invalid_request,
            .message = "vendor \"" + quirks_.row().name + "\" does not take the parameter \"" +
                       std::string(name) + "\": leave it out, or choose another vendor"});
    return false;
  }
  const std::string_view wire = quirks_.wire_name(name);
  if (seen(wire)) {
    refuse({.code = errc::invalid_request,
            .message = "the parameter \"" + std::string(wire) + "\" is given twice"});
    return false;
  }
  seen_.emplace_back(wire);
  out_.key(wire);
  return true;
}

bool parameter_gate::seen(std::string_view wire_name) const noexcept {
  return std::find(seen_.begin(), seen_.end(), wire_name) != seen_.end();
}

double parameter_gate::clamp(std::string_view name, double value) {
  const double moved = quirks_.clamped(name, value);
  if (moved != value) {
    char digits[32];
    const auto end = std::to_chars(digits, digits + sizeof digits, moved).ptr;
    notes_.push_back("parameter \"" + std::string(name) + "\" was moved to " +
                     std::string(digits, end) + ", the limit of vendor \"" + quirks_.row().name +
                     "\"");
  }
  return moved;
}

void parameter_gate::integer(std::string_view name, std::int64_t value) {
  if (!begin(name)) return;
  const auto moved = clamp(name, static_cast<double>(value));
  const auto sent = moved == static_cast<double>(value) ? value : static_cast<std::int64_t>(moved);
  integers_.emplace_back(quirks_.wire_name(name), sent);
  out_.number(sent);
}

void parameter_gate::keep_if_integer(std::string_view wire_name, std::string_view json) {
  std::int64_t value = 0;
  const auto read = std::from_chars(json.data(), json.data() + json.size(), value);
  if (read.ec == std::errc{} && read.ptr == json.data() + json.size())
    integers_.emplace_back(wire_name, value);
}

std::optional<std::int64_t> parameter_gate::largest_of(
    std::span<const std::string_view> names) const {
  std::optional<std::int64_t> largest;
  for (const auto& [wire, value] : integers_)
    for (const std::string_view name : names)
      if (wire == name || wire == quirks_.wire_name(name))
        largest = std::max(largest.value_or(value), value);
  return largest;
}

void parameter_gate::number(std::string_view name, double value) {
  if (!std::isfinite(value))
    refuse({.code = errc::invalid_request,
            .message = "the parameter \"" + std::string(name) + "\" is not a finite number"});
  if (begin(name)) out_.number(clamp(name, value));
}

void parameter_gate::text(std::string_view name, std::string_view value) {
  if (begin(name)) out_.string(value);
}

void parameter_gate::boolean(std::string_view name, bool value) {
  if (begin(name)) out_.boolean(value);
}

void parameter_gate::extras(const std::map<std::string, std::string>& values,
                            std::span<const std::string_view> reserved) {
  for (const auto& [name, value] : values) {
    if (std::find(reserved.begin(), reserved.end(), name) != reserved.end())
      return refuse({.code = errc::invalid_request,
                     .message = "the parameter \"" + name +
                                "\" is written by the library: use the call's own field"});
    if (!json::is_valid(value))
      return refuse({.code = errc::invalid_request,
                     .message = "the value of the parameter \"" + name +
                                "\" is not JSON: write text in quotes"});
    if (!begin(name)) continue;
    keep_if_integer(quirks_.wire_name(name), value);
    out_.raw(value);
  }
}

void parameter_gate::refuse(ark::error why) {
  if (!refusal_) refusal_ = std::move(why);
}

result<void> parameter_gate::finish() {
  for (const quirk_item& item : quirks_.row().quirks) {
    auto* q = std::get_if<quirk::set_default>(&item);
    if (q == nullptr || seen(quirks_.wire_name(q->parameter))) continue;
    const std::string_view wire = quirks_.wire_name(q->parameter);
    seen_.emplace_back(wire);
    keep_if_integer(wire, q->value);
    out_.key(wire).raw(q->value);
  }
  return outcome();
}

result<void> parameter_gate::outcome() const {
  if (refusal_) return *refusal_;
  return {};
}

namespace {

constexpr std::string_view white = " \t\r\n";

/// How many bytes at the end of `text` may be the beginning of `tag`.
std::size_t partial_tag(std::string_view text, std::string_view tag) {
  for (std::size_t n = std::min(text.size(), tag.size() - 1); n > 0; --n)
    if (text.substr(text.size() - n) == tag.substr(0, n)) return n;
  return 0;
}

}  // namespace

void think_splitter::feed(std::string_view delta, reply_builder& out) {
  if (place_ == place::after) return out.text(delta);
  held_ += delta;
  if (place_ == place::before) before(out);
  if (place_ == place::inside) inside(out);
  if (place_ == place::after_tag) after_tag(out);
}

void think_splitter::before(reply_builder& out) {
  const auto start = std::string_view(held_).find_first_not_of(white);
  if (start == std::string_view::npos) return;
  const std::string_view rest = std::string_view(held_).substr(start);
  if (rest.size() < open_.size() && open_.starts_with(rest)) return;
  if (rest.starts_with(open_)) {
    held_.erase(0, start + open_.size());
    place_ = place::inside;
  } else {
    place_ = place::after;
    out.text(held_);
    held_.clear();
  }
}

void think_splitter::inside(reply_builder& out) {
  const auto close = held_.find(close_);
  if (close == std::string::npos) {
    const std::size_t keep = partial_tag(held_, close_);
    out.reasoning(std::string_view(held_).substr(0, held_.size() - keep));
    held_.erase(0, held_.size() - keep);
    return;
  }
  out.reasoning(std::string_view(held_).substr(0, close));
  held_.erase(0, close + close_.size());
  place_ = place::after_tag;
}

/// The blank lines between the closing tag and the answer belong to neither.
void think_splitter::after_tag(reply_builder& out) {
  const auto start = held_.find_first_not_of(white);
  if (start == std::string::npos) return held_.clear();
  place_ = place::after;
  out.text(std::string_view(held_).substr(start));
  held_.clear();
}

void think_splitter::finish(reply_builder& out) {
  if (place_ == place::before) out.text(held_);
  if (place_ == place::inside) out.reasoning(held_);
  held_.clear();
  place_ = place::after;
}

std::optional<money> money_of(double value, const quirk::vendor_cost& q) {
  // 1e6 of a currency unit for one reply is nonsense, and keeps the digits within the buffer.
  if (!std::isfinite(value) || value < 0 || q.per <= 0 || value > 1e6 * static_cast<double>(q.per))
    return std::nullopt;
  char digits[512];
  auto end = std::to_chars(digits, digits + sizeof digits, value, std::chars_format::fixed);
  std::string_view text(digits, static_cast<std::size_t>(end.ptr - digits));
  const auto dot = text.find('.');
  if (dot != std::string_view::npos && text.size() - dot - 1 > amount::decimals) {
    end = std::to_chars(digits, digits + sizeof digits, value, std::chars_format::fixed,
                        amount::decimals);
    text = std::string_view(digits, static_cast<std::size_t>(end.ptr - digits));
  }
  auto parsed = amount::parse(text);
  if (!parsed) return std::nullopt;
  if (q.per == 1) return money{*parsed, q.currency};
  return money{amount::from_raw(parsed->raw() / q.per), q.currency};
}

}  // namespace ark::dialect

#include "prompt/handlebars_values.hpp"

#include <jinja/environment.hpp>

#include <charconv>
#include <cmath>

#include "base/json.hpp"

namespace ark::prompt::handlebars {

namespace jk = jinja;

bool is_true(const jk::value& v) noexcept {
  switch (v.kind()) {
    case jk::kind::missing:
    case jk::kind::undefined:
    case jk::kind::none:
      return false;
    case jk::kind::boolean:
    case jk::kind::integer:
      return v.integer() != 0;
    case jk::kind::floating:
      return v.floating() != 0 && !std::isnan(v.floating());
    case jk::kind::string:
      return v.bytes() != 0;
    case jk::kind::big:
    case jk::kind::tuple:
    case jk::kind::list:
    case jk::kind::dict:
    case jk::kind::object:
      break;
  }
  return true;
}

bool is_empty(const jk::value& v) noexcept {
  if (v.is_sequence()) return v.items().size == 0;
  if (v.is(jk::kind::integer)) return false;
  if (v.is(jk::kind::floating)) return std::isnan(v.floating());
  return !is_true(v);
}

bool is_same(const jk::value& a, const jk::value& b) {
  const auto class_of = [](const jk::value& v) {
    if (v.is_missing() || v.is_undefined()) return jk::kind::missing;
    if (v.is_number() && !v.is(jk::kind::boolean)) return jk::kind::integer;
    return v.kind();
  };
  if (class_of(a) != class_of(b)) return false;
  if (class_of(a) == jk::kind::missing) return true;
  if (a.is_sequence()) return &a.items() == &b.items();
  if (a.is(jk::kind::dict)) return &a.entries() == &b.entries();
  if (a.is(jk::kind::object)) return a.same(b);
  return jk::equal(a, b);
}

namespace {
/// JavaScript's length of a text.
std::int64_t utf16_length(std::string_view text) {
  std::int64_t out = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte & 0xC0u) != 0x80u) out += byte >= 0xF0 ? 2 : 1;
  }
  return out;
}
}  // namespace

jk::value member_of(const jk::value& v, std::string_view name) {
  if (v.is(jk::kind::dict)) {
    const jk::value* found = v.entries().find(name);
    return found == nullptr ? jk::value() : *found;
  }
  if (v.is_none()) return v;
  if (v.is_string() && name == "length") return jk::value::of(utf16_length(v.text()));
  if (!v.is_sequence()) return {};
  const auto size = v.items().size;
  if (name == "length") return jk::value::of(static_cast<std::int64_t>(size));
  std::uint32_t at = 0;
  const auto [end, problem] = std::from_chars(name.data(), name.data() + name.size(), at);
  if (problem != std::errc() || end != name.data() + name.size() || at >= size) return {};
  return v.items()[at];
}

void origins::add(const jk::value& text) noexcept {
  if (const auto* rich = text.rich())
    for (const auto& part : rich->parts) add(part.origin);
}

namespace {

std::string printed_real(double d) {
  if (std::isnan(d)) return "NaN";
  if (std::isinf(d)) return d < 0 ? "-Infinity" : "Infinity";
  if (d == 0) return "0";
  constexpr double largest_plain = 1e21, smallest_plain = 1e-6;
  const bool is_plain = std::abs(d) < largest_plain && std::abs(d) >= smallest_plain;
  char buffer[64];
  const auto done =
      std::to_chars(buffer, buffer + sizeof buffer, d,
                    is_plain ? std::chars_format::fixed : std::chars_format::scientific);
  std::string out(buffer, done.ptr);
  // JavaScript writes 1e-7, C++ 1e-07.
  if (!is_plain && out[out.size() - 2] == '0') out.erase(out.size() - 2, 1);
  return out;
}

std::string printed_big(const jk::value& v) {
  jk::arena memory;
  jk::dict* context = jk::make_dict(memory);
  context->set(memory, jk::value::of("x"), v);
  jk::environment plain;
  const auto compiled = plain.compile("{{ x }}");
  if (!compiled) return "NaN";
  const auto text = compiled->render(jk::value::of(context));
  return text ? *text : "NaN";
}

}  // namespace

std::string printed(const jk::value& v) {
  if (v.is(jk::kind::boolean)) return v.boolean() ? "true" : "false";
  if (v.is(jk::kind::integer)) return std::to_string(v.integer());
  if (v.is(jk::kind::floating)) return printed_real(v.floating());
  if (v.is(jk::kind::big)) return printed_big(v);
  return {};
}

void json_text::line(int depth) {
  if (indent_ == 0) return;
  text += '\n';
  text.append(indent_ * static_cast<std::size_t>(depth), ' ');
}

bool json_text::write_list(const jk::list& items, std::size_t most, int depth) {
  if (items.size == 0) {
    text += "[]";
    return true;
  }
  char before = '[';
  for (const jk::value& each : items) {
    text += before;
    before = ',';
    line(depth + 1);
    if (!write(each, most, depth + 1)) return false;
  }
  line(depth);
  text += ']';
  return true;
}

bool json_text::write_dict(const jk::dict& entries, std::size_t most, int depth) {
  char before = '{';
  std::uint32_t at = 0;
  while (const auto* e = entries.next(at)) {
    if (e->item.is_missing() || e->item.is_undefined()) continue;
    text += before;
    before = ',';
    line(depth + 1);
    json::append_string(text, e->key.is_string() ? e->key.text() : printed(e->key));
    from.add(e->key);
    text += indent_ == 0 ? ":" : ": ";
    if (!write(e->item, most, depth + 1)) return false;
  }
  if (before == '{') {
    text += "{}";
    return true;
  }
  line(depth);
  text += '}';
  return true;
}

bool json_text::write(const jk::value& v, std::size_t most, int depth) {
  constexpr int deepest = 500;
  if (depth > deepest || text.size() > most) return false;
  if (v.is_string()) {
    if (v.bytes() > most) return false;
    json::append_string(text, v.text());
    from.add(v);
    return true;
  }
  if (v.is_sequence()) return write_list(v.items(), most, depth);
  if (v.is(jk::kind::dict)) return write_dict(v.entries(), most, depth);
  const bool is_finite = !v.is(jk::kind::floating) || std::isfinite(v.floating());
  const std::string plain = is_finite ? printed(v) : std::string();
  text += plain.empty() ? "null" : plain;
  return true;
}

}  // namespace ark::prompt::handlebars

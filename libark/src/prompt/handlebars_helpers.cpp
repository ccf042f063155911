#include <algorithm>

#include "prompt/handlebars_machine.hpp"

namespace ark::prompt::handlebars {

namespace jk = jinja;

const jk::value* machine::block_parameter(std::string_view name) const {
  for (std::size_t i = parameters_.size(); i > parameters_from_; --i)
    if (parameters_[i - 1].first == name) return &parameters_[i - 1].second;
  return nullptr;
}

namespace {
/// Bytes that are walked for the price of a step.
constexpr std::size_t bytes_of_a_step = 64;
}  // namespace

jk::value machine::member(const jk::value& v, std::string_view name) {
  step(1 + (name.size() + v.bytes()) / bytes_of_a_step);
  return member_of(v, name);
}

jk::value machine::value_of(const expression& e) {
  step();
  switch (e.what) {
    case expression::kind::literal:
      return e.literal;
    case expression::kind::call:
      return value_of_call(e);
    case expression::kind::path:
      break;
  }
  if (body_->how == dialect::mustache) return value_on_stack(e);
  return e.is_data ? value_of_data(e) : value_of_path(e);
}

jk::value machine::value_of_path(const expression& e) {
  if (e.up >= contexts_.size()) return {};
  jk::value v = contexts_[contexts_.size() - 1 - e.up];
  std::size_t from = 0;
  if (e.is_parameter) {
    if (const auto* found = block_parameter(e.segments[0]); found != nullptr) {
      v = *found;
      from = 1;
    }
  }
  for (; from < e.segments.size(); ++from) v = member(v, e.segments[from]);
  return v;
}

/// `@name`: of a loop's turn, the root, or what the caller gave.
jk::value machine::value_of_data(const expression& e) {
  const std::string_view name = e.segments[0];
  jk::value v;
  if (name == "root") {
    v = contexts_[0];
  } else {
    const bool has_turn = e.up < turns_.size();
    const turn* t = has_turn ? &turns_[turns_.size() - 1 - e.up] : nullptr;
    if (has_turn && name == "key") {
      v = t->key;
    } else if (has_turn && name == "index") {
      v = t->index;
    } else if (has_turn && (name == "first" || name == "last")) {
      v = jk::value::of(name == "first" ? t->is_first : t->is_last);
    } else {
      v = member(with_.data, name);
    }
  }
  for (std::size_t i = 1; i < e.segments.size(); ++i) v = member(v, e.segments[i]);
  return v;
}

/// Mustache: the first name is looked up from the innermost context outwards, the others in it.
jk::value machine::value_on_stack(const expression& e) {
  if (e.segments.empty()) return contexts_.back();
  jk::value v;
  for (std::size_t i = contexts_.size(); i > 0 && v.is_missing(); --i) {
    step();
    if (contexts_[i - 1].is(jk::kind::dict)) v = member(contexts_[i - 1], e.segments[0]);
  }
  for (std::size_t i = 1; i < e.segments.size(); ++i)
    v = v.is(jk::kind::dict) ? member(v, e.segments[i]) : jk::value();
  return v;
}

jk::value machine::value_of_call(const expression& e) {
  if (e.run == helper::lookup) {
    const jk::value v = value_of(e.parameters[0]), key = value_of(e.parameters[1]);
    if (key.is_string()) return member(v, key.text());
    return key.is_number() ? member(v, printed(key)) : jk::value();
  }
  if (e.run != helper::json) return {};
  const json_text made = json_of(e);
  const auto text = memory_.copy(made.text);
  if (made.from.all() == 0) return jk::value::of(text);
  auto* part =
      memory_.make<jk::text_part>(static_cast<std::uint32_t>(text.size()), made.from.all());
  auto* rich = memory_.make<jk::rich_text>(text.data(), std::span<const jk::text_part>(part, 1));
  return jk::value::rich(rich, static_cast<std::uint32_t>(text.size()));
}

jk::value machine::named(const expression& call, std::string_view name) {
  const auto found = std::ranges::find(call.named, name, [](const auto& n) { return n.first; });
  return found == call.named.end() ? jk::value() : value_of(found->second);
}

/// Of `if`, `unless`, `ifEquals`, `unlessEquals`.
bool machine::condition(const expression& call) {
  const jk::value v = value_of(call.parameters[0]);
  if (call.run == helper::if_equals || call.run == helper::unless_equals) {
    step(v.bytes() / bytes_of_a_step);
    return is_same(v, value_of(call.parameters[1])) == (call.run == helper::if_equals);
  }
  const bool counts_zero = is_true(named(call, "includeZero"));
  const bool holds = counts_zero ? !is_empty(v) : is_true(v) && !is_empty(v);
  return holds == (call.run == helper::if_);
}

std::string machine::plain_text(const jk::value& v, std::size_t at, origins& from) {
  if (v.is_sequence() || v.is(jk::kind::dict) || v.is(jk::kind::object))
    fail(at, "a text was expected here, not a list or a dict");
  if (!v.is_string()) return printed(v);
  step(v.bytes() / bytes_of_a_step);
  from.add(v);
  return std::string(v.text());
}

void machine::give_mark(const expression& call) {
  mark made;
  origins from;
  if (call.run == helper::history) {
    made.kind = mark_kind::history;
  } else if (call.run == helper::media) {
    made.kind = mark_kind::media;
    for (const auto& [name, value] : call.named) {
      const jk::value v = value_of(value);
      if (v.is_missing() || v.is_undefined() || v.is_none()) continue;
      made.attributes.emplace_back(name, plain_text(v, value.at, from));
    }
    const auto url =
        std::ranges::find(made.attributes, "url", [](const auto& a) { return a.first; });
    if (url == made.attributes.end() || url->second.empty())
      fail(call.at, "media needs an url: {{media url=..}}");
  } else {
    made.kind = call.run == helper::role ? mark_kind::role : mark_kind::open_section;
    made.name = plain_text(value_of(call.parameters[0]), call.at, from);
    const auto is_good = [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
             c == '_' || c == '-' || c == '.';
    };
    if (made.name.empty() || !std::ranges::all_of(made.name, is_good))
      fail(call.at, "the name of a role or a section has letters, digits, _ - . only");
  }
  made.origin = from.all();
  step(8);
  out_({.mark = &made});
}

json_text machine::json_of(const expression& call) {
  const jk::value wanted = named(call, "indent");
  constexpr std::int64_t widest = 10;
  std::size_t indent = 0;
  if (wanted.is(jk::kind::integer))
    indent = static_cast<std::size_t>(std::clamp<std::int64_t>(wanted.integer(), 0, widest));
  json_text made(indent);
  const jk::value v = value_of(call.parameters[0]);
  if (v.is_missing() || v.is_undefined()) return made;
  const std::size_t most = std::min(with_.limits.output_bytes, with_.limits.memory_bytes);
  if (!made.write(v, most))
    throw failure{call.at, "the JSON text of this is too long, or too deep", errc::too_large};
  step(made.text.size() / bytes_of_a_step);
  return made;
}

void machine::give_json(const expression& call) {
  const json_text made = json_of(call);
  write(made.text, made.from.all(), false);
}

void machine::give(const jk::value& v, std::size_t at, bool is_escaped, int depth) {
  constexpr int deepest_list = 100;
  if (v.is_string()) return give_text(v, is_escaped);
  if (v.is(jk::kind::dict) || v.is(jk::kind::object) || depth > deepest_list) {
    fail(at, body_->how == dialect::handlebars
                 ? "a dict cannot be printed: write {{json ..}}, or name what is in it"
                 : "a dict cannot be printed: name what is in it");
  }
  if (!v.is_sequence()) return write(printed(v), 0, false);
  const char* before = "";
  for (const jk::value& item : v.items()) {
    step();
    write(before, 0, false);
    before = ",";
    give(item, at, is_escaped, depth + 1);
  }
}

void machine::give_text(const jk::value& v, bool is_escaped) {
  const std::string_view text = v.text();
  const auto send_part = [&](std::string_view part, std::uint32_t origin) {
    if (is_escaped) return give_escaped(part, origin);
    write(part, origin, false);
  };
  if (v.rich() == nullptr) return send_part(text, 0);
  std::size_t from = 0;
  for (const auto& part : v.rich()->parts) {
    send_part(text.substr(from, part.end - from), part.origin);
    from = part.end;
  }
}

void machine::give_escaped(std::string_view text, std::uint32_t origin) {
  while (!text.empty()) {
    const std::size_t plain = std::min(text.find_first_of("&<>\""), text.size());
    write(text.substr(0, plain), origin, false);
    if (plain == text.size()) return;
    step();
    const char c = text[plain];
    write(c == '&' ? "&amp;" : c == '<' ? "&lt;" : c == '>' ? "&gt;" : "&quot;", origin, false);
    text.remove_prefix(plain + 1);
  }
}

void machine::write(std::string_view text, std::uint32_t origin, bool is_template) {
  if (text.empty()) return;
  if (!indents_.empty()) return write_indented(text, origin, is_template);
  send(text, origin);
  if (text.back() == '\n') due_ = 0;
}

/// Mustache indents the lines of a partial's own text, Handlebars all that it gave.
void machine::write_indented(std::string_view text, std::uint32_t origin, bool is_template) {
  const bool is_mustache = body_->how == dialect::mustache;
  for (std::size_t from = 0; from < text.size();) {
    const bool is_whole = is_mustache && !is_template;
    const std::size_t end =
        is_whole ? text.size() : std::min(text.find('\n', from), text.size() - 1) + 1;
    const auto line = text.substr(from, end - from);
    const bool is_empty_line = is_mustache && (line == "\n" || line == "\r\n");
    for (; due_ < indents_.size() && !is_empty_line; ++due_) send(indents_[due_], 0);
    send(line, origin);
    due_ = line.back() == '\n' && !is_whole ? 0 : indents_.size();
    step();
    from = end;
  }
}

void machine::send(std::string_view text, std::uint32_t origin) {
  written_ += text.size();
  if (written_ > with_.limits.output_bytes)
    throw failure{0,
                  "the rendering gives more than " + std::to_string(with_.limits.output_bytes) +
                      " bytes: the limit",
                  errc::too_large};
  if (!text.empty()) out_({.text = text, .origin = origin});
}

}  // namespace ark::prompt::handlebars

#include "prompt/tags.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/json.hpp"
#include "prompt/body.hpp"

namespace ark::prompt {

namespace {

using jinja::arguments;
using jinja::failure_kind;
using jinja::rendering;
using jinja::value;

constexpr std::string_view roles[] = {"system", "developer", "user", "assistant", "tool"};
constexpr std::string_view media[] = {"image", "audio", "document", "video"};

/// A mark while its template runs. It lies in the rendering's arena, which runs no destructors.
class told_mark final : public jinja::object {
 public:
  told_mark(mark_kind kind, std::string_view name, const jinja::dict* attributes,
            std::uint32_t origin)
      : kind_(kind), name_(name), attributes_(attributes), origin_(origin) {}
  std::string_view type_name() const noexcept override { return "mark"; }
  bool is_mark() const noexcept override { return true; }

  mark said() const {
    mark out{.kind = kind_, .name = std::string(name_), .origin = origin_};
    std::uint32_t at = 0;
    while (const auto* each = attributes_ == nullptr ? nullptr : attributes_->next(at))
      out.attributes.emplace_back(each->key.text(), each->item.text());
    return out;
  }

 private:
  mark_kind kind_;
  std::string_view name_;
  const jinja::dict* attributes_;
  std::uint32_t origin_;
};

/// JSON, and the first origin of what is in it.
struct json_text {
  std::string text{};
  std::uint32_t origin = 0;
};

void append(rendering& r, json_text& out, const value& v, int depth);

void append_list(rendering& r, json_text& out, const value& v, int depth) {
  out.text += '[';
  for (const value& each : v.items()) {
    if (out.text.back() != '[') out.text += ',';
    append(r, out, each, depth + 1);
  }
  out.text += ']';
}

void append_mapping(rendering& r, json_text& out, const value& v, int depth) {
  out.text += '{';
  std::uint32_t at = 0;
  while (const auto* each = v.entries().next(at)) {
    if (!each->key.is_string()) r.fail(failure_kind::type, "the keys of a mapping must be texts");
    if (out.text.back() != '{') out.text += ',';
    append(r, out, each->key, depth + 1);
    out.text += ':';
    append(r, out, each->item, depth + 1);
  }
  out.text += '}';
}

void append(rendering& r, json_text& out, const value& v, int depth) {
  constexpr int deepest = 100;
  if (depth > deepest) r.fail(failure_kind::value, "what a tag is given is nested too deep");
  r.step();
  if (v.is_sequence()) return append_list(r, out, v, depth);
  if (v.is_string()) {
    if (out.origin == 0) out.origin = jinja::origin_of(v);
    return json::append_string(out.text, v.text());
  }
  if (v.is(jinja::kind::dict)) return append_mapping(r, out, v, depth);
  if (v.is_none())
    out.text += "null";
  else if (v.is(jinja::kind::boolean))
    out.text += v.boolean() ? "true" : "false";
  else if (v.is(jinja::kind::integer))
    out.text += std::to_string(v.integer());
  else if (v.is(jinja::kind::floating))
    out.text += fmt::format("{}", v.floating());
  else
    r.fail(failure_kind::type, "a tag takes texts, numbers, lists and mappings");
}

/// A text as it is, anything else as JSON that comes from where its texts come from.
value text_of(rendering& r, const value& v) {
  if (v.is_string()) return v;
  if (v.is_undefined()) r.fail(failure_kind::undefined, "what a tag is given is undefined");
  json_text out;
  append(r, out, v, 0);
  return jinja::mark(r.memory(), value::of(r.memory().copy(out.text)), out.origin);
}

struct tag_arguments {
  value first{};  ///< the positional one; missing if there is none
  jinja::dict* named = nullptr;
  std::uint32_t origin = 0;
};

/// `takes`: the names that the tag knows, the first of which may stand without its name.
tag_arguments read_arguments(rendering& r, std::string_view tag, const arguments& given,
                             std::initializer_list<std::string_view> takes) {
  tag_arguments out{.named = jinja::make_dict(r.memory())};
  const auto keep = [&](std::string_view name, const value& v) {
    const value text = text_of(r, v);
    if (out.origin == 0) out.origin = jinja::origin_of(text);
    if (name == *takes.begin()) out.first = text;
    out.named->set(r.memory(), value::of(name), text);
  };
  if (given.positional.size() > 1 || (takes.size() == 0 && !given.positional.empty()))
    r.fail(failure_kind::type, fmt::format("the tag {} has too many arguments", tag));
  if (!given.positional.empty()) keep(*takes.begin(), given.positional[0]);
  for (const auto& each : given.named) {
    if (std::find(takes.begin(), takes.end(), each.name) == takes.end())
      r.fail(failure_kind::type, fmt::format("the tag {} has no argument {}; it takes {}", tag,
                                             each.name, fmt::join(takes, ", ")));
    if (!each.item.is_none()) keep(each.name, each.item);
  }
  return out;
}

value marked_place(rendering& r, mark_kind kind, std::string_view name, const tag_arguments& with) {
  return value::of(r.memory().make<told_mark>(kind, name, with.named, with.origin));
}

void need(rendering& r, std::string_view tag, const tag_arguments& given, std::string_view what) {
  if (given.first.is_missing())
    r.fail(failure_kind::type, fmt::format("the tag {} needs its argument {}", tag, what));
}

/// A role that an input gives may not be one that instructs.
value open_message(rendering& r, const arguments& given) {
  auto with = read_arguments(r, "message", given, {"role", "name", "id", "cache"});
  need(r, "message", with, "role");
  const std::string_view role = with.first.text();
  if (std::find(std::begin(roles), std::end(roles), role) == std::end(roles))
    r.fail(failure_kind::value,
           jinja::origin_of(with.first) != 0
               ? "the role that an input gives is none: user and assistant are"
               : fmt::format("\"{}\" is no role; use {}", role, fmt::join(roles, ", ")));
  if (jinja::origin_of(with.first) != 0 && role != "user" && role != "assistant")
    r.fail(failure_kind::security,
           fmt::format("an input gives the role {}: it may give user and assistant only", role));
  with.origin = jinja::origin_of(with.first);
  return marked_place(r, mark_kind::open_message, role, with);
}

value close(rendering& r, mark_kind kind) { return marked_place(r, kind, {}, {}); }

void add_messages(jinja::environment& to) {
  const auto end = [](rendering& r, const arguments&) {
    return close(r, mark_kind::close_message);
  };
  to.add_tag("message", open_message, end);
  for (const std::string_view role : roles) {
    to.add_tag(
        role,
        [role](rendering& r, const arguments& given) {
          auto with = read_arguments(r, role, given, {"name", "id", "cache"});
          with.origin = 0;  // the role is the tag's, whoever gives the name
          return marked_place(r, mark_kind::open_message, role, with);
        },
        end);
  }
}

void add_parts(jinja::environment& to) {
  for (const std::string_view kind : media)
    to.add_tag(kind, [kind](rendering& r, const arguments& given) {
      auto with = read_arguments(r, kind, given,
                                 {"url", "media_type", "detail", "name", "file_id", "citations"});
      if (with.named->find(value::of("file_id")) == nullptr) need(r, kind, with, "url");
      with.origin = jinja::origin_of(with.first);  // what names the file
      return marked_place(r, mark_kind::media, kind, with);
    });
  to.add_tag("history", [](rendering& r, const arguments& given) {
    return marked_place(r, mark_kind::history, {},
                        read_arguments(r, "history", given, {"messages"}));
  });
  to.add_tag(
      "section",
      [](rendering& r, const arguments& given) {
        const auto with =
            read_arguments(r, "section", given, {"name", "priority", "max_tokens", "cut"});
        need(r, "section", with, "name");
        return marked_place(r, mark_kind::open_section, with.first.text(), with);
      },
      [](rendering& r, const arguments&) { return close(r, mark_kind::close_section); });
}

/// The fence is not in the value: whoever wrote it could not know it.
value untrusted(rendering& r, const value& subject, const arguments&) {
  const auto& settings = *static_cast<const render_settings*>(r.caller());
  const value text = text_of(r, subject);
  if (settings.fence.empty())
    r.fail(failure_kind::runtime, "there is no random text to fence values with");
  if (text.text().find(settings.fence) != std::string_view::npos)
    r.fail(failure_kind::security, "an untrusted value holds the fence that was drawn for it");
  const std::uint32_t origin = jinja::origin_of(text);
  const std::string open = "<untrusted-" + settings.fence + ">\n",
                    end = "\n</untrusted-" + settings.fence + ">";
  return jinja::joined(r.memory(),
                       {value::of(r.memory().copy(open)),
                        origin == 0 ? jinja::mark(r.memory(), text, mixed_origin) : text,
                        value::of(r.memory().copy(end))});
}

}  // namespace

std::vector<jinja::tag> tag_names() {
  std::vector<jinja::tag> out = {{"message", true}, {"history", false}, {"section", true}};
  for (const std::string_view each : roles) out.push_back({std::string(each), true});
  for (const std::string_view each : media) out.push_back({std::string(each), false});
  return out;
}

void add_tags(jinja::environment& to) {
  add_messages(to);
  add_parts(to);
  to.add_filter("untrusted", untrusted);
}

mark mark_of(const jinja::object& told) { return static_cast<const told_mark&>(told).said(); }

}  // namespace ark::prompt
